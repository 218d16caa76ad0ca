//! Signing, once the key is open.

use super::keys::KeyFault;
use order::{Cms, Content, Document, KeyInfo, Outcome, SignTask, Signed};
use pki::{Certificate, Signer, Timestamp};
use serde_bytes::ByteBuf;
use signature::cms;

/// Signs every document of a task with one key, until `is_stopped`. Each signature is verified before it is returned.
pub(super) fn sign(
    task: &SignTask,
    form: Cms,
    alias: &str,
    signer: &dyn Signer,
    now: Timestamp,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Outcome, KeyFault> {
    let mut signatures = Vec::with_capacity(task.documents.len());
    for document in &task.documents {
        if is_stopped() {
            return Ok(Outcome::Cancelled);
        }
        let content = match (document, form.content) {
            (Document::Digest(digest), _) => cms::Content::DetachedDigest(digest),
            (document, Content::Attached) => cms::Content::Attached(document.octets()),
            (document, Content::Detached) => cms::Content::Detached(document.octets()),
        };
        let signature = cms::sign(signer, content, now).map_err(|error| KeyFault::Signing(error.to_string()))?;
        signatures.push(ByteBuf::from(signature));
    }
    let certificate = signer.certificate();
    Ok(Outcome::Signed(Signed {
        signatures,
        key: Box::new(key_info(alias, certificate)),
        signer_name: certificate.holder().name.clone(),
        digests: Vec::new(),
        files: Vec::new(),
        uploaded: None,
    }))
}

/// What `getKeyInfo` tells a page of a certificate.
#[must_use]
pub fn key_info(alias: &str, certificate: &Certificate) -> KeyInfo {
    KeyInfo {
        alias: alias.to_owned(),
        key_id: certificate.subject_key_identifier().unwrap_or_default().to_vec(),
        algorithm: certificate.public_key().kalkan_name().to_owned(),
        subject_cn: certificate.subject().common_name().unwrap_or_default().to_owned(),
        subject_dn: certificate.subject().to_dn_string(),
        issuer_cn: certificate.issuer().common_name().unwrap_or_default().to_owned(),
        issuer_dn: certificate.issuer().to_dn_string(),
        serial_number: certificate.serial().bytes().to_vec(),
        not_before_ms: certificate.not_before().millis(),
        not_after_ms: certificate.not_after().millis(),
        authority_key_id: certificate.authority_key_identifier().unwrap_or_default().to_vec(),
        certificate: certificate.der().to_vec(),
    }
}
