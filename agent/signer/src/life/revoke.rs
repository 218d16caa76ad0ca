//! The request that has the NCA revoke a certificate: the holder's [`Statement`], signed by the very key that is to be
//! revoked, in a [`Message`] that no signature of a document can be taken for. Whoever no longer has the key goes to the NCA without one.

use super::blocked::Why;
use pki::{
    Signer, Timestamp,
    request::{
        message::{Message, PKI_DATA},
        revocation::Statement,
    },
    revocation::Reason,
};
use signature::cms::{self, SignError};

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
    let message = Message::Revocation(Statement::about(signer.certificate(), reason(why))).to_der();
    cms::sign_as(PKI_DATA, signer, cms::Content::Attached(&message), now)
}
