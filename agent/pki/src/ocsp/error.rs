//! Why an OCSP response answers nothing.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::key::VerifyError;
use crate::time::{Timestamp, Validity};
use crate::tlv::DerError;

/// OCSPResponseStatus, where it is not "successful" (RFC 6960 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStatus {
    /// The responder did not understand the request.
    MalformedRequest,
    /// Something is out of order at the responder.
    InternalError,
    /// The responder is busy.
    TryLater,
    /// The responder wants signed requests.
    SigRequired,
    /// The responder does not answer this asker, or not about this certificate.
    Unauthorized,
}

impl fmt::Display for ResponseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SigRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        })
    }
}

/// Why an OCSP response answers nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// More octets than a response can have.
    #[error("an OCSP message of {0} bytes is too large")]
    TooLarge(usize),
    /// Not an OCSP message.
    #[error("not an OCSP message: {0}")]
    Der(#[from] DerError),
    /// The responder did not answer.
    #[error("the OCSP responder answered {0}")]
    Refused(ResponseStatus),
    /// A response of a kind that is not known here.
    #[error("OCSP response type {0} is not known")]
    Type(ObjectIdentifier),
    /// A critical extension that is not known here.
    #[error("the OCSP message has an unknown critical extension {0}")]
    UnknownCritical(ObjectIdentifier),
    /// Nothing is said about the certificate that was asked about.
    #[error("the OCSP response is about another certificate")]
    OtherCertificate,
    /// Several things are said about it.
    #[error("the OCSP response speaks of the certificate more than once")]
    Ambiguous,
    /// The answer is one to another request: its nonce is missing or another.
    #[error("the OCSP response answers another request")]
    Nonce,
    /// The responder is neither the certificate's issuer nor appointed by it.
    #[error("the OCSP responder was not appointed by the issuer of the certificate")]
    Responder,
    /// The responder's certificate was not valid when it answered.
    #[error("the certificate of the OCSP responder was not valid when it answered ({0:?})")]
    ResponderValidity(Validity),
    /// The signature is not the responder's.
    #[error("the OCSP response: {0}")]
    Signature(VerifyError),
    /// The signature may fit and proves nothing: two responses with one digest can be made.
    #[error("signature algorithm {0} is too weak for an OCSP response")]
    Weak(ObjectIdentifier),
    /// It comes from the future: somebody's clock is wrong.
    #[error("the OCSP response is from the future ({})", .0.iso8601())]
    FromTheFuture(Timestamp),
    /// It no longer holds.
    #[error("the OCSP response held until {}", .0.iso8601())]
    Stale(Timestamp),
    /// Its times contradict each other.
    #[error("the times of the OCSP response contradict each other")]
    Times,
    /// The key of the issuer is of a kind that no question can be asked about.
    #[error("no question can be asked about certificates of this issuer")]
    IssuerKey,
}
