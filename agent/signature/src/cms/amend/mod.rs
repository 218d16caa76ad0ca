//! Adding to a CMS that is there: a signer, time stamps, what a later verification needs.
//!
//! What was there stays as it is, octet for octet: the content, every SignerInfo with its unsigned attributes (a time
//! stamp goes into one, beside the others), every certificate. Only lengths around them change, the version where
//! RFC 5652 §5.1 demands it, and the place of an element in a SET OF that had the order of DER and keeps it.
//!
//! * [`add_signer`]: one more signature over the same content
//! * [`stamp_data`], [`add_stamps`]: CAdES-T
//! * [`add_validation_data`], [`revocation_values`]: CAdES-LT
//!
//! All of these hold the whole CMS in memory; [`super::MAX_LEN`] is the limit. Where the content is longer, it can stand
//! outside meanwhile: [`verify_stream_for`](super::stream::verify_stream_for) gives the CMS without it and its digests,
//! and [`put_back`](super::stream::put_back) puts it in again.

mod co_sign;
pub(super) mod parts;
mod stamp;
mod validation_data;

pub use co_sign::{SameCertificate, add_signer};
pub use stamp::{add_stamps, stamp_data};
pub use validation_data::{RevocationValues, ValidationData, add_validation_data, revocation_values};

use const_oid::ObjectIdentifier;
use pki::DigestAlgorithm;
use pki::cms::{self, CmsError, MAX_LEN, SignedData};
use pki::tlv::DerError;
use pki::tsp::TspError;

use super::make::SignError;
use super::report::Problem;
use super::{ARCHIVE_TIME_STAMP_V2, LONG_TERM_VALIDATION};

/// Why nothing was added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmendError {
    /// What should be added to is no DER CMS.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// A signature that is there is not good: who adds theirs would seem to vouch for it.
    #[error("what is signed already does not verify: {0}")]
    NotGood(Problem),
    /// The content is no document: who signs it asks an authority for something, and decides that before, not beside others.
    #[error("content of the type {0} is no document, and takes no further signature")]
    NoDocument(ObjectIdentifier),
    /// The holder of this certificate signed already.
    #[error("signature {} is by the same certificate", .0 + 1)]
    AlreadySigned(usize),
    /// The content is not here, only digests of it, and none by the algorithm of the new signer.
    #[error("the content is needed: its digest by {} is not known", .0.oid())]
    DigestMissing(DigestAlgorithm),
    /// There is no signature with that index.
    #[error("there is no signature {}", .0 + 1)]
    NoSuchSigner(usize),
    /// An archive time stamp covers all that is there, so that nothing can be added without breaking it.
    #[error("an archive time stamp covers the whole: nothing can be added")]
    Archived,
    /// The token is not a time stamp of that signature.
    #[error("signature {}: {error}", .signer + 1)]
    Stamp {
        /// Index of the signature.
        signer: usize,
        /// What is wrong.
        error: TspError,
    },
    /// The signature was not made, or is not good.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What should be an OCSP response is none, or not a successful one.
    #[error("OCSP response {}: {error}", .index + 1)]
    Ocsp {
        /// Index among those that were given.
        index: usize,
        /// What is wrong.
        error: DerError,
    },
    /// What should be a CRL is none.
    #[error("CRL {}: {error}", .index + 1)]
    Crl {
        /// Index among those that were given.
        index: usize,
        /// What is wrong.
        error: DerError,
    },
    /// What was put together is not what it should be: a fault of this program.
    #[error("what was put together is not what it should be")]
    SelfCheck,
}

/// An archive time stamp of the second version is over certificates, CRLs and unsigned attributes as they stand
/// (TS 101 733 §6.4.1). The third version lists what it covers and bears additions (EN 319 122-1 §5.5.3).
fn refuse_archived(signed_data: &SignedData<'_>) -> Result<(), AmendError> {
    for signer in &signed_data.signers {
        let attributes = signer.unsigned_attributes.map(cms::attributes).transpose()?.unwrap_or_default();
        if attributes.iter().any(|(oid, ..)| [ARCHIVE_TIME_STAMP_V2, LONG_TERM_VALIDATION].contains(oid)) {
            return Err(AmendError::Archived);
        }
    }
    Ok(())
}

/// Refuses what nobody would read again.
fn within_limits(der: Vec<u8>) -> Result<Vec<u8>, AmendError> {
    if der.len() > MAX_LEN { Err(CmsError::TooLarge(der.len()).into()) } else { Ok(der) }
}
