//! The request that has the NCA revoke a certificate.
//!
//! It is a RevokeRequest of RFC 5272 §6.11, signed by the very key that is to be revoked, as the content of a SignedData.
//! Which form the NCA's portal wants is not known; whoever no longer has the key goes there without one.

use super::blocked::Why;
use pki::{Certificate, Signer, Timestamp, revocation::Reason, tlv};
use signature::cms::{self, SignError};

/// ENUMERATED.
const ENUMERATED: u8 = 0x0a;

/// The reason as an authority knows it.
#[must_use]
pub fn reason(why: Why) -> Reason {
    match why {
        // Who finds a lost key can use it.
        Why::Lost | Why::Stolen | Why::Copied => Reason::KeyCompromise,
        Why::Other => Reason::Unspecified,
    }
}

/// A request to revoke the signer's own certificate, signed and verified; DER.
///
/// # Errors
/// [`SignError`].
pub fn request(signer: &dyn Signer, why: Why, now: Timestamp) -> Result<Vec<u8>, SignError> {
    let statement = statement(signer.certificate(), reason(why), now);
    cms::sign(signer, cms::Content::Attached(&statement), now)
}

/// `SEQUENCE { issuerName Name, serialNumber INTEGER, reason CRLReason, invalidityDate GeneralizedTime }`.
fn statement(certificate: &Certificate, reason: Reason, invalid_since: Timestamp) -> Vec<u8> {
    let serial = tlv::element(tlv::INTEGER, &[certificate.serial().bytes()]);
    let reason = tlv::element(ENUMERATED, &[&[reason.number()]]);
    let since = invalid_since.to_generalized_time();
    tlv::element(tlv::SEQUENCE, &[certificate.issuer().der(), &serial, &reason, &since])
}
