//! The NCA's own certificates, where they are at hand (kz-crypto 9, 17, 18).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{certificate, nca};
use pki::trust::{Anchors, Environment, Provenance, Standing, find_path, judge};
use pki::{Certificate, Name, SignatureAlgorithm, Timestamp, Validity, VerifyError, ber, tlv};

const GOST_CHAINS: [(&str, &str); 6] = [
    ("root_test_gost_2022.cer", "root_test_gost_2022.cer"),
    ("nca_gost2022_test.cer", "root_test_gost_2022.cer"),
    ("prod_root_gost_2015_2025.crt", "prod_root_gost_2015_2025.crt"),
    ("prod_nca_gost_2015_2025.crt", "prod_root_gost_2015_2025.crt"),
    ("root_gost_test_2018.crt", "root_gost_test_2018.crt"),
    ("nca_gost_test_2019.crt", "root_gost_test_2018.crt"),
];

#[test]
fn every_authority_of_the_nca_parses() {
    let Some(nca) = nca() else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(nca.join("ca")).unwrap() {
        let path = entry.unwrap().path();
        let found = certificate(path.clone());
        let again = Certificate::from_pem_or_der(found.to_pem().as_bytes()).unwrap();
        assert_eq!(found, again);
        assert_eq!(Name::from_der(found.subject().der()).unwrap(), *found.subject());
        assert!(!found.subject().to_dn_string().is_empty());
        count += 1;
    }
    assert_eq!(count, 11);
}

#[test]
fn gost_authorities_verify_under_their_issuers_and_under_nobody_else() {
    let Some(nca) = nca() else { return };
    for (subject, issuer) in GOST_CHAINS {
        let subject = certificate(nca.join("ca").join(subject));
        let issuer = certificate(nca.join("ca").join(issuer));
        assert_eq!(subject.verify_signature(issuer.public_key()), Ok(()), "{subject:?}");
        assert_eq!(subject.issuer(), issuer.subject());
        for (other, _) in GOST_CHAINS {
            let other = certificate(nca.join("ca").join(other));
            if other.public_key() != issuer.public_key() {
                assert!(subject.verify_signature(other.public_key()).is_err());
            }
        }
    }
}

const RSA_CHAINS: [(&str, &str); 4] = [
    ("root_rsa_test_2018.crt", "root_rsa_test_2018.crt"),
    ("nca_rsa_test_2019.crt", "root_rsa_test_2018.crt"),
    ("prod_root_rsa_2015_2025.crt", "prod_root_rsa_2015_2025.crt"),
    ("prod_nca_rsa_2015_2025.crt", "prod_root_rsa_2015_2025.crt"),
];

#[test]
fn rsa_authorities_verify_under_their_issuers_and_under_nobody_else() {
    let Some(nca) = nca() else { return };
    let of = |file| certificate(nca.join("ca").join(file));
    for (subject, issuer) in RSA_CHAINS.map(|(subject, issuer)| (of(subject), of(issuer))) {
        assert_eq!(subject.signature_algorithm(), SignatureAlgorithm::RsaSha256);
        assert_eq!(subject.verify_signature(issuer.public_key()), Ok(()), "{subject:?}");
        assert_eq!(subject.spki_der(), subject.public_key().to_spki_der().unwrap());
        for other in RSA_CHAINS.map(|(other, _)| of(other)) {
            if other.public_key() != issuer.public_key() {
                assert!(subject.verify_signature(other.public_key()).is_err());
            }
        }
        let gost = of("root_test_gost_2022.cer");
        let mismatch = VerifyError::KeyMismatch(SignatureAlgorithm::RsaSha256.oid());
        assert_eq!(subject.verify_signature(gost.public_key()), Err(mismatch));
    }
    let mut anchors = Anchors::none();
    anchors.add_test(&of("root_rsa_test_2018.crt"));
    assert!(find_path(&of("nca_rsa_test_2019.crt"), &[], &anchors).is_ok());
}

#[test]
fn embedded_anchors_are_those_of_the_certificates() {
    let Some(nca) = nca() else { return };
    let embedded = Anchors::production().with_nca_test();
    for (file, environment) in [
        ("prod_root_gost_2015_2025.crt", Environment::Production),
        ("prod_nca_gost_2015_2025.crt", Environment::Production),
        ("root_test_gost_2022.cer", Environment::Test),
        ("nca_gost2022_test.cer", Environment::Test),
        ("root_gost_test_2018.crt", Environment::Test),
        ("nca_gost_test_2019.crt", Environment::Test),
        ("prod_root_rsa_2015_2025.crt", Environment::Production),
        ("prod_nca_rsa_2015_2025.crt", Environment::Production),
        ("root_rsa_test_2018.crt", Environment::Test),
        ("nca_rsa_test_2019.crt", Environment::Test),
    ] {
        let certificate = certificate(nca.join("ca").join(file));
        let expected = pki::trust::Anchor::from_certificate(&certificate, environment);
        assert!(embedded.iter().any(|anchor| *anchor == expected), "{file}");
    }
}

#[test]
fn the_production_time_stamp_authority_rests_on_the_recovered_key() {
    let Some(nca) = nca() else { return };
    let stamper = certificate(nca.join("ca/prod_tsa_gost_2025_2028.cer"));
    let anchors = Anchors::production();
    let Standing::Production(anchor) = judge(&stamper, &[], &anchors) else { panic!("not believed") };
    assert_eq!(anchor.provenance(), Provenance::KeyOnly);
    assert_eq!(stamper.authority_key_identifier(), anchor.key_identifier());
    assert_eq!(anchor.name(), stamper.issuer());
}

#[test]
fn nothing_of_the_test_authorities_is_believed_in_production() {
    let Some(nca) = nca() else { return };
    let issuing = certificate(nca.join("ca/nca_gost2022_test.cer"));
    let root = certificate(nca.join("ca/root_test_gost_2022.cer"));
    assert_eq!(judge(&issuing, &[root], &Anchors::production()), Standing::Unknown);
    let anchors = Anchors::production().with_nca_test();
    assert!(matches!(judge(&issuing, &[], &anchors), Standing::Test(_)));
}

#[test]
fn expired_authorities_of_2015_are_believed_for_their_time() {
    let Some(nca) = nca() else { return };
    let issuing = certificate(nca.join("ca/prod_nca_gost_2015_2025.crt"));
    let anchors = Anchors::production();
    let path = find_path(&issuing, &[], &anchors).unwrap();
    assert_eq!(path.validity_at(Timestamp::from_utc(2020, 1, 1, 0, 0, 0).unwrap()), Validity::Current);
    assert_eq!(path.validity_at(Timestamp::from_utc(2026, 1, 1, 0, 0, 0).unwrap()), Validity::Expired);
}

/// Signer certificates out of the signed files: the first certificate of `SignedData.certificates`.
fn signer_of(cms: &[u8]) -> Certificate {
    let limits = ber::Limits::KEY_FILE;
    let der = ber::to_der(cms, &limits).unwrap();
    let mut content_info = tlv::whole(&der, tlv::SEQUENCE).unwrap().children();
    content_info.expect(tlv::OID).unwrap();
    let tagged = content_info.expect(tlv::context(0)).unwrap();
    let mut signed_data = tagged.children().expect(tlv::SEQUENCE).unwrap().children();
    signed_data.expect(tlv::INTEGER).unwrap();
    signed_data.expect(tlv::SET).unwrap();
    signed_data.expect(tlv::SEQUENCE).unwrap();
    let certificates = signed_data.expect(tlv::context(0)).unwrap();
    Certificate::from_der(certificates.children().read().unwrap().raw()).unwrap()
}

#[test]
fn a_person_of_the_test_nca_is_read_and_believed_as_a_test() {
    let Some(nca) = nca() else { return };
    let cms = std::fs::read(nca.join("cms/gost512-detached-production-timestamp.der")).unwrap();
    let leaf = signer_of(&cms);
    assert_eq!(leaf.holder().name, "ТЕСТОВ ТЕСТ");
    assert_eq!(leaf.holder().iin.unwrap().as_str(), "123456789011");
    assert_eq!(leaf.holder().roles, [pki::Role::Person]);
    assert_eq!(leaf.public_key().kalkan_name(), "ECGOST3410-2015-512");
    assert_eq!(leaf.serial().to_hex(), "6c425659bd2fc6dc587b871aede1857727cf8451");
    assert_eq!(
        leaf.subject().to_dn_string(),
        "CN=ТЕСТОВ ТЕСТ,SURNAME=ТЕСТОВ,SERIALNUMBER=IIN123456789011,C=KZ,GIVENNAME=ТЕСТОВИЧ"
    );
    assert_eq!(leaf.spki_der(), leaf.public_key().to_spki_der().unwrap());

    let anchors = Anchors::production().with_nca_test();
    assert!(matches!(judge(&leaf, &[], &anchors), Standing::Test(anchor) if anchor.label().ends_with("TEST 2022")));
    // The whole chain: leaf, issuing authority, root.
    let mut root_only = Anchors::none();
    root_only.add_test(&certificate(nca.join("ca/root_test_gost_2022.cer")));
    let intermediates = [certificate(nca.join("ca/nca_gost2022_test.cer"))];
    assert_eq!(find_path(&leaf, &intermediates, &root_only).unwrap().certificates.len(), 2);
}

#[test]
fn a_legal_entity_of_2004_is_read_and_believed_as_a_test() {
    let Some(nca) = nca() else { return };
    let text = std::fs::read(nca.join("cms/gost2004.cms")).unwrap();
    let leaf = signer_of(&pki::pem::decode_base64(&text).unwrap());
    assert_eq!(leaf.holder().bin.unwrap().as_str(), "123456789021");
    assert_eq!(leaf.holder().roles, [pki::Role::Organisation, pki::Role::Head]);
    assert_eq!(leaf.public_key().kalkan_name(), "ECGOST34310");
    assert_eq!(leaf.spki_der(), leaf.public_key().to_spki_der().unwrap());
    let anchors = Anchors::production().with_nca_test();
    assert!(matches!(judge(&leaf, &[], &anchors), Standing::Test(_)));
}
