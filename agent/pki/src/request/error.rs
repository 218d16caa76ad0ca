//! Why a request is none, or was not made.

use crate::certificate::CertificateError;
use crate::key::VerifyError;
use crate::pem::PemError;
use crate::signer::SignerError;
use crate::tlv::DerError;

/// Why bytes are not a certificate request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// More than [`super::CertificationRequest::MAX_LEN`] octets.
    #[error("a certificate request of {0} bytes is too large")]
    TooLarge(usize),
    /// The DER is not that of a request.
    #[error("not a certificate request: {0}")]
    Der(#[from] DerError),
    /// The PEM armour is broken.
    #[error("not a PEM certificate request: {0}")]
    Pem(#[from] PemError),
    /// The extensions that are asked for cannot be read.
    #[error("the extensions that are asked for cannot be read: {0}")]
    Extensions(CertificateError),
    /// An attribute that may stand once stands twice.
    #[error("an attribute stands twice")]
    AttributeRepeated,
    /// More attributes than are looked at.
    #[error("more than {0} attributes")]
    TooManyAttributes(usize),
}

/// Why no request was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A key of an algorithm that is not known here.
    #[error("certificates are asked for with keys of known algorithms only")]
    Key,
    /// An address has a character that its type has not.
    #[error("an e-mail address in a certificate has ASCII characters only")]
    Email,
    /// The key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// What was made does not read back.
    #[error("what was made is no certificate request: {0}")]
    Unreadable(#[from] RequestError),
    /// The signature does not fit the key that it asks for.
    #[error("the key that signed is not the one that a certificate is asked for: {0}")]
    Verify(#[from] VerifyError),
}
