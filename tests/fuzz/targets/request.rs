//! Certificate requests, what authorities send back, and revocation statements: kept as they came, read as another
//! reader does, and nobody has a key that no seed has.
#![no_main]

use std::sync::LazyLock;

use der::{Decode, Encode};
use fuzz::{Known, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::PublicKey;
use pki::request::{CertificationRequest, answer, message::Message, revocation::Statement};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("request", proofs::request));

fuzz_target!(|data: &[u8]| {
    if let Ok(found) = answer::certificates(data) {
        assert!(!found.is_empty() && found.len() <= 64);
        for certificate in &found {
            assert!(answer::of_key(&found, certificate.public_key()).contains(&certificate));
        }
    }
    if let Ok(statement) = Statement::from_der(data) {
        assert_eq!(Statement::from_der(&statement.to_der()).as_ref(), Ok(&statement), "written another statement");
    }
    if let Ok(message) = Message::from_der(data) {
        assert_eq!(Message::from_der(&message.to_der()).as_ref(), Ok(&message), "written another message");
    }
    let Ok(request) = CertificationRequest::from_pem_or_der(data) else {
        assert!(CertificationRequest::from_der(data).is_err());
        return;
    };
    KNOWN.assert_all(&proofs::request(data));
    let der = request.der();
    assert_eq!(CertificationRequest::from_pem_or_der(request.to_pem().as_bytes()).as_ref(), Ok(&request));
    if data.first() == Some(&0x30) {
        assert_eq!(der, data);
    }
    let _ = (request.holder(), request.key_usage(), request.email(), format!("{request:?}"));
    let key = PublicKey::from_spki_der(request.spki_der());
    assert_eq!(key.as_ref(), Ok(request.public_key()));
    if let Ok(other) = x509_cert::request::CertReq::from_der(der)
        && other.to_der().as_deref() == Ok(der)
    {
        assert_eq!(other.info.subject.to_der().as_deref(), Ok(request.subject().der()));
        assert_eq!(other.info.public_key.to_der().as_deref(), Ok(request.spki_der()));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
