//! A token that digests by itself (CKM_SHA256_RSA_PKCS and nothing else) signs every form but a bare digest.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::person;
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError};
use signature::{cms, raw, xmldsig};

struct MessageOnly(Box<dyn Signer>);

impl Signer for MessageOnly {
    fn certificate(&self) -> &Certificate {
        self.0.certificate()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }

    fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
        Err(SignerError::Unsupported("a digest alone"))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign(message)
    }
}

#[test]
fn every_form_gives_the_signer_its_message() {
    let (nca, person) = person();
    let signer = MessageOnly(person.signer().unwrap());
    // Each of them verifies what it made before it gives it out.
    let attached = cms::sign(&signer, cms::Content::Attached(b"text"), nca.now()).unwrap();
    assert!(!attached.is_empty());
    let digest = signer.algorithm().digest_algorithm().unwrap().digest(b"text");
    assert!(cms::sign(&signer, cms::Content::DetachedDigest(&digest), nca.now()).is_ok(), "the attributes are signed");
    assert!(cms::sign_for_pdf(&signer, &digest).is_ok());
    let form = xmldsig::Form::enveloped(xmldsig::Layout::Lines);
    assert!(xmldsig::sign(&signer, b"<a/>", &form).is_ok());
    assert!(raw::sign(&signer, raw::Content::Data(b"text")).is_ok());
    let bare = raw::sign(&signer, raw::Content::Digest(&digest));
    assert!(matches!(bare, Err(raw::SignError::Signer(SignerError::Unsupported(_)))));
}
