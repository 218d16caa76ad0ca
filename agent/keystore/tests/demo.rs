//! The demo key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use pki::{DigestAlgorithm, Timestamp, Validity, oid};
use tanba_keystore::{Password, demo, pkcs12};

#[test]
fn a_demo_key_opens_signs_and_is_marked_as_a_test() {
    let now = Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap();
    let password = Password::new("Tanba-2026".to_owned()).unwrap();
    let made = demo::make(now, &password).unwrap();

    assert!(made.authority.subject().common_name().unwrap().contains("TANBA DEMO TEST"));
    made.authority.verify_signature(made.authority.public_key()).unwrap();
    made.certificate.verify_signature(made.authority.public_key()).unwrap();
    assert_eq!(made.certificate.validity_at(now), Validity::Current);
    assert_eq!(made.certificate.validity_at(now.plus_days(366)), Validity::Expired);
    assert!(made.certificate.holder().name.starts_with("ТЕСТ"));
    for purpose in [oid::CLIENT_AUTH, oid::EMAIL_PROTECTION, oid::ROLE_PERSON] {
        assert!(made.certificate.extended_key_usage().contains(&purpose));
    }

    let contents = pkcs12::open(&made.key_file, &password).unwrap();
    let signer = contents.entries[0].signer().unwrap();
    assert_eq!(signer.certificate(), &made.certificate);
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let signature = signer.sign_digest(&digest).unwrap();
    made.certificate.public_key().verify(&digest, &signature, signer.algorithm()).unwrap();
}

#[test]
fn two_demo_keys_share_nothing() {
    let now = Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap();
    let password = Password::new("Tanba-2026".to_owned()).unwrap();
    let (first, second) = (demo::make(now, &password).unwrap(), demo::make(now, &password).unwrap());
    assert_ne!(first.authority.public_key(), second.authority.public_key());
    assert_ne!(first.certificate.public_key(), second.certificate.public_key());
}
