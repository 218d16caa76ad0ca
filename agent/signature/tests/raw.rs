//! Bare signature values.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::ffi::{OsStr, OsString};

use common::{Recorded, person};
use nca_material::Oracle;
use pki::{DigestAlgorithm, SignatureAlgorithm, VerifyError};
use signature::cms::to_base64;
use signature::raw::{Content, SignError, sign, verify};

#[test]
fn data_and_its_digest_are_signed_alike() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let digest = DigestAlgorithm::Streebog512.digest(b"data");
    for content in [Content::Data(b"data"), Content::Digest(&digest)] {
        let value = sign(&*signer, content).unwrap();
        assert_eq!(value.len(), 128);
        for read in [Content::Data(b"data"), Content::Digest(&digest)] {
            assert_eq!(verify(&person.certificate, SignatureAlgorithm::Gost512, read, &value), Ok(()));
        }
        let other = Content::Data(b"other");
        let mismatch = Err(VerifyError::Mismatch);
        assert_eq!(verify(&person.certificate, SignatureAlgorithm::Gost512, other, &value), mismatch);
        let head = nca.head().unwrap().certificate;
        assert_eq!(verify(&head, SignatureAlgorithm::Gost512, content, &value), mismatch);
    }
}

#[test]
fn a_digest_of_another_length_and_a_value_that_does_not_verify_are_errors() {
    let (_, person) = person();
    let length = SignError::DigestLength { expected: 64, found: 3 };
    assert_eq!(sign(&*person.signer().unwrap(), Content::Digest(&[1, 2, 3])), Err(length));
    let faulty = Recorded {
        certificate: person.certificate.clone(),
        algorithm: SignatureAlgorithm::Gost512,
        signature: vec![7; 128],
    };
    assert_eq!(sign(&faulty, Content::Data(b"")), Err(SignError::SelfCheck(VerifyError::Mismatch)));
    let unknown = Recorded { algorithm: SignatureAlgorithm::Other(pki::oid::RSA), ..faulty };
    assert_eq!(sign(&unknown, Content::Data(b"")), Err(SignError::Algorithm));
}

#[test]
fn the_independent_verifier_accepts_them() {
    let Some(oracle) = Oracle::find() else { return };
    let (_, person) = person();
    let value = sign(&*person.signer().unwrap(), Content::Data("мәтін".as_bytes())).unwrap();
    let certificate = oracle.write("signer.cer", person.certificate.der());
    let data = oracle.write("data", "мәтін".as_bytes());
    let signature = to_base64(&value);
    let arguments = |data: &std::path::Path| {
        let options: [(&str, &OsStr); 3] =
            [("--cert", certificate.as_os_str()), ("--data", data.as_os_str()), ("--signature", signature.as_ref())];
        let options = options.into_iter().flat_map(|(name, value)| [name.into(), value.to_owned()]);
        [OsString::from("raw"), "--json".into()].into_iter().chain(options).collect::<Vec<_>>()
    };
    let (code, report) = oracle.run(arguments(&data));
    assert_eq!(code, 0, "{report:#}");
    let other = oracle.write("other", b"other");
    assert_eq!(oracle.run(arguments(&other)).0, 1);
}
