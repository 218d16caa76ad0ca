//! Why a list says nothing.

use const_oid::ObjectIdentifier;

use super::number::CrlNumber;
use crate::key::VerifyError;
use crate::time::Timestamp;
use crate::tlv::DerError;

/// Why a list says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// More octets than a list can have.
    #[error("a revocation list of {0} bytes is too large")]
    TooLarge(usize),
    /// Not a list.
    #[error("not a revocation list: {0}")]
    Der(#[from] DerError),
    /// The algorithm inside and outside of the signed part differ (RFC 5280 §5.1.1.2).
    #[error("the signed part names another signature algorithm than the revocation list")]
    AlgorithmDiffers,
    /// An extension stands twice.
    #[error("extension {0} stands twice")]
    DuplicateExtension(ObjectIdentifier),
    /// A critical extension of the list or of an entry that is not known here (RFC 5280 §5.2, §5.3).
    #[error("the revocation list has an unknown critical extension {0}")]
    UnknownCritical(ObjectIdentifier),
    /// A list about other authorities' certificates, or about attribute certificates.
    #[error("the revocation list is not about certificates of its own issuer")]
    Foreign,
    /// The list is another authority's.
    #[error("the revocation list is of another authority")]
    Issuer,
    /// The authority may not sign lists.
    #[error("the authority may not sign revocation lists")]
    Purpose,
    /// The signature is not the authority's.
    #[error("the revocation list: {0}")]
    Signature(VerifyError),
    /// The signature may fit and proves nothing: two lists with one digest can be made.
    #[error("signature algorithm {0} is too weak for a revocation list")]
    Weak(ObjectIdentifier),
    /// It comes from the future: somebody's clock is wrong.
    #[error("the revocation list is from the future ({})", .0.iso8601())]
    FromTheFuture(Timestamp),
    /// There is a newer one.
    #[error("the revocation list held until {}", .0.iso8601())]
    Stale(Timestamp),
    /// It does not say until when it holds (RFC 5280 §5.1.2.5 has it say so).
    #[error("the revocation list does not say until when it holds")]
    NoNextUpdate,
    /// It is not about this certificate.
    #[error("the revocation list is not about this certificate")]
    Scope,
    /// Its changes are to another list than the one that is here (RFC 5280 §5.2.4).
    #[error("the changes since list {base} do not continue the revocation list that is here")]
    Base {
        /// The number of the list that it starts from.
        base: CrlNumber,
    },
    /// An entry takes back what is not there: only changes can do that.
    #[error("a complete revocation list cannot take a revocation back")]
    Removal,
}
