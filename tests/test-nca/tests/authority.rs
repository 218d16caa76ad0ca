//! What the miniature NCA issues.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use keystore::{NewKey, Password, pkcs12};
use pki::{
    KeyUsage, PublicKey, Role, Timestamp, Validity, oid,
    trust::{Anchors, Standing, judge},
};
use tanba_test_nca::{Holding, PASSWORD, Person, SeededEntropy, TestNca};

fn now() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap()
}

fn password() -> Password {
    Password::new(PASSWORD.to_owned()).unwrap()
}

#[test]
fn every_holder_chains_to_the_root_and_signs() {
    for kind in [NewKey::Gost512, NewKey::Gost256, NewKey::Gost2004, NewKey::Rsa2048, NewKey::P256, NewKey::P384] {
        let nca = TestNca::of(kind, now()).unwrap();
        assert_eq!(nca.kind(), kind);
        check_holders(&nca);
    }
}

fn check_holders(nca: &TestNca) {
    let mut anchors = Anchors::none();
    anchors.add_test(nca.root());
    let intermediates = [nca.authority().clone()];
    let right_to_sign = Holding::signing(Person::RightToSign);
    let holders = [
        (nca.person().unwrap(), vec![Role::Person]),
        (nca.auth().unwrap(), vec![Role::Person]),
        (nca.head().unwrap(), vec![Role::Organisation, Role::Head]),
        (nca.employee().unwrap(), vec![Role::Organisation, Role::Employee]),
        (nca.issue(&right_to_sign, now(), now().plus_days(1)).unwrap(), vec![Role::Organisation, Role::RightToSign]),
    ];
    for (issued, roles) in &holders {
        let certificate = &issued.certificate;
        assert!(matches!(judge(certificate, &intermediates, &anchors), Standing::Test(_)));
        assert!(matches!(judge(certificate, &intermediates, &Anchors::production()), Standing::Unknown));
        assert_eq!(certificate.validity_at(now()), Validity::Current);
        let holder = certificate.holder();
        assert_eq!(&holder.roles, roles);
        assert!(holder.name.starts_with("ТЕСТ "));
        assert!(holder.iin.unwrap().as_str().starts_with("00000000000"));
        assert_eq!(holder.bin.is_some(), roles.contains(&Role::Organisation));

        let contents = pkcs12::open(&issued.key_file(&password()).unwrap(), &password()).unwrap();
        let signer = contents.entries[0].signer().unwrap();
        assert_eq!(signer.certificate(), certificate);
        // The whole family has one algorithm.
        assert_eq!(certificate.signature_algorithm(), signer.algorithm());
        let digest = signer.algorithm().digest_algorithm().unwrap().digest(b"document");
        for signature in [signer.sign_digest(&digest), issued.signer().unwrap().sign_digest(&digest)] {
            certificate.public_key().verify(&digest, &signature.unwrap(), signer.algorithm()).unwrap();
        }
    }
}

#[test]
fn signing_and_logging_in_are_told_apart_by_their_purposes() {
    let nca = TestNca::new(now()).unwrap();
    let purposes = |issued: tanba_test_nca::Issued| issued.certificate.extended_key_usage().to_vec();
    assert_eq!(purposes(nca.person().unwrap()), [oid::EMAIL_PROTECTION, oid::ROLE_PERSON]);
    assert_eq!(purposes(nca.auth().unwrap()), [oid::CLIENT_AUTH, oid::ROLE_PERSON]);
    assert_eq!(nca.expired().unwrap().certificate.validity_at(now()), Validity::Expired);
    assert_eq!(nca.not_yet().unwrap().certificate.validity_at(now()), Validity::NotYet);
}

#[test]
fn keys_of_the_older_kinds_have_the_usages_that_the_nca_gave_them() {
    for kind in [NewKey::Gost512, NewKey::Gost2004, NewKey::Rsa2048] {
        let nca = TestNca::of(kind, now()).unwrap();
        let (signing, authentication) = (nca.person().unwrap().certificate, nca.auth().unwrap().certificate);
        let (signs, logs_in) = (signing.key_usage().unwrap(), authentication.key_usage().unwrap());
        assert!(signs.contains(KeyUsage::DIGITAL_SIGNATURE) && signs.contains(KeyUsage::NON_REPUDIATION));
        assert_eq!(signs.contains(KeyUsage::KEY_AGREEMENT), kind == NewKey::Gost512);
        let rsa = matches!(authentication.public_key(), PublicKey::Rsa { .. });
        assert_eq!(logs_in.contains(KeyUsage::KEY_ENCIPHERMENT), rsa);
        assert_eq!(logs_in.contains(KeyUsage::NON_REPUDIATION), !rsa);
    }
}

#[test]
fn the_same_seed_gives_the_same_files_and_no_seed_gives_others() {
    let file = |nca: TestNca| nca.person().unwrap().key_file(&password()).unwrap();
    assert_eq!(file(TestNca::seeded(now(), 7).unwrap()), file(TestNca::seeded(now(), 7).unwrap()));
    assert_ne!(file(TestNca::seeded(now(), 7).unwrap()), file(TestNca::seeded(now(), 8).unwrap()));
    let legacy = || TestNca::of_with_entropy(NewKey::Gost2004, now(), Arc::new(SeededEntropy::new(7))).unwrap();
    assert_eq!(file(legacy()), file(legacy()));
    assert_ne!(file(TestNca::new(now()).unwrap()), file(TestNca::new(now()).unwrap()));
}

#[test]
fn another_authority_of_the_same_name_is_another() {
    let (nca, stranger) = (TestNca::new(now()).unwrap(), TestNca::new(now()).unwrap());
    let mut anchors = Anchors::none();
    anchors.add_test(nca.root());
    let person = stranger.person().unwrap().certificate;
    assert_eq!(person.issuer(), nca.authority().subject());
    let intermediates = [nca.authority().clone(), stranger.authority().clone()];
    assert!(matches!(judge(&person, &intermediates, &anchors), Standing::Unknown));
}

#[test]
fn the_services_stand_where_they_were_said_to_be() {
    let nca = TestNca::new(now()).unwrap().with_services("http://127.0.0.1:8080");
    let der = nca.person().unwrap().certificate.der().to_vec();
    let has = |text: &[u8]| der.windows(text.len()).any(|window| window == text);
    assert!(has(b"http://127.0.0.1:8080/ocsp/") && has(b"http://127.0.0.1:8080/crl/nca.crl"));
    assert!(!has(b"pki.gov.kz"), "nothing of a test asks the real services");
}
