//! Why there is no time stamp.

use const_oid::ObjectIdentifier;

use super::response::{Failure, ResponseStatus};
use crate::cms::CmsError;
use crate::key::VerifyError;
use crate::time::Validity;
use crate::tlv::DerError;
use crate::trust::ChainError;

/// Why there is no time stamp, or none to rely on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TspError {
    /// More octets than a time stamp can have.
    #[error("a time stamp of {0} bytes is too large")]
    TooLarge(usize),
    /// The request or the response is not one.
    #[error("not a time-stamp message: {0}")]
    Der(#[from] DerError),
    /// The token is no SignedData.
    #[error("the time stamp is no CMS: {0}")]
    Cms(#[from] CmsError),
    /// The signed statement is none. Places are counted from its own beginning.
    #[error("the statement of the time stamp: {0}")]
    Info(DerError),
    /// The service did not give a time stamp.
    #[error("the time-stamp service answered {status}{}", .failure.map(|failure| format!(": {failure}")).unwrap_or_default())]
    Refused {
        /// Its status.
        status: ResponseStatus,
        /// Its reason, when it gave one that is known.
        failure: Option<Failure>,
        /// Its words: for the log, and from a stranger.
        text: Option<String>,
    },
    /// The service granted a time stamp and sent none.
    #[error("the time-stamp service granted a time stamp and sent none")]
    NoToken,
    /// Signed data, but not a time stamp.
    #[error("content type {0} is not a time stamp")]
    ContentType(ObjectIdentifier),
    /// SignedData that contradicts itself or RFC 3161 §2.4.2.
    #[error("the time stamp is malformed: {0}")]
    Malformed(&'static str),
    /// A signed attribute is missing, stands twice, has several values or is not of its type.
    #[error("the time stamp's signed attribute {0} is missing or malformed")]
    Attribute(ObjectIdentifier),
    /// The service's certificate is neither inside nor given.
    #[error("the certificate of the time-stamp service is not here")]
    CertificateMissing,
    /// signingCertificate or signingCertificateV2 means another certificate.
    #[error("the time stamp was signed for another certificate")]
    SigningCertificate,
    /// The statement is not the signed one.
    #[error("the statement is not the signed one")]
    DigestMismatch,
    /// A digest algorithm is not known here.
    #[error("not checked: digest algorithm {0} is not known")]
    UnknownDigest(ObjectIdentifier),
    /// The signature algorithm does not fit the digest algorithm.
    #[error("signature algorithm {0} does not fit the digest algorithm")]
    AlgorithmMismatch(ObjectIdentifier),
    /// The signature is not that of the service's certificate.
    #[error("the time stamp: {0}")]
    Signature(VerifyError),
    /// The certificate is not one for time stamps and nothing else (RFC 3161 §2.3).
    #[error("the certificate is not one for time stamps")]
    Purpose,
    /// A critical extension of the statement that is not known here.
    #[error("the time stamp has an unknown critical extension {0}")]
    UnknownCritical(ObjectIdentifier),
    /// The data is not what was stamped.
    #[error("the time stamp is for other data")]
    Imprint,
    /// The digest that was given is not one of the algorithm.
    #[error("the digest has {found} bytes instead of {expected}")]
    ImprintLength {
        /// Octets of a digest of the algorithm.
        expected: usize,
        /// Octets that were given.
        found: usize,
    },
    /// The answer is one to another request: its nonce is missing or another.
    #[error("the time stamp answers another request")]
    Nonce,
    /// Another policy than the one that was asked for.
    #[error("the time stamp is of policy {found} instead of {asked}")]
    Policy {
        /// The policy that was asked for.
        asked: ObjectIdentifier,
        /// The token's.
        found: ObjectIdentifier,
    },
    /// The service's certificate, or one above it, was not valid at the moment that the stamp names.
    #[error("the certificate of the time-stamp service was not valid at that time ({0:?})")]
    NotValidThen(Validity),
    /// There is no path to an authority that is believed.
    #[error("the time-stamp service is not believed: {0}")]
    Chain(#[from] ChainError),
}
