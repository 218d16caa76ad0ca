//! Certificates made here: their profile, and what breaks them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Key, authority, day, employee, root, subject};
use pki::issue::{IssueError, Issuer, Template, Urls, issue, serial_from_key_identifier};
use pki::{Certificate, KeyUsage, NameBuilder, Role, Validity, oid};

fn urls() -> Urls {
    Urls {
        ocsp: Some("http://127.0.0.1:1/ocsp/".to_owned()),
        ca_certificate: Some("http://127.0.0.1:1/ca.cer".to_owned()),
        crl: Some("http://127.0.0.1:1/ca.crl".to_owned()),
        delta_crl: Some("http://127.0.0.1:1/ca_d.crl".to_owned()),
        cps: Some("http://127.0.0.1:1/cps".to_owned()),
    }
}

#[test]
fn an_employee_reads_back_as_issued() {
    let (root_key, key) = (Key::new(1), Key::new(2));
    let root = root(&root_key);
    let template = Template::employee(subject().to_name().unwrap(), day(0), day(365), urls());
    let issuer = Issuer::Authority { certificate: &root, signer: &root_key };
    let certificate = issue(&template, issuer, &key.public()).unwrap();

    let holder = certificate.holder();
    assert_eq!(holder.name, "ҮЛГІЛІ ҮМІТ");
    assert_eq!(holder.surname.as_deref(), Some("ҮЛГІЛІ"));
    assert_eq!(holder.given.as_deref(), Some("ҮЛГІҰЛЫ"));
    assert_eq!(holder.iin.unwrap().as_str(), "000000000001");
    assert_eq!(holder.bin.unwrap().as_str(), "000000000002");
    assert_eq!(holder.organisation.as_deref(), Some("ЖШС \"Үлгі\""));
    assert_eq!(holder.email.as_deref(), Some("umit@example.kz"));
    assert_eq!(holder.roles, [Role::Organisation, Role::Employee]);
    assert_eq!(
        certificate.subject().to_dn_string(),
        "CN=ҮЛГІЛІ ҮМІТ,SURNAME=ҮЛГІЛІ,SERIALNUMBER=IIN000000000001,C=KZ,O=ЖШС \\\"Үлгі\\\",\
         OU=BIN000000000002,GIVENNAME=ҮЛГІҰЛЫ,E=umit@example.kz"
    );
    assert_eq!(certificate.extended_key_usage()[0], oid::EMAIL_PROTECTION);
    assert_eq!(certificate.policies(), [oid::POLICY_NCA]);
    assert_eq!(certificate.key_storage(), Some(oid::STORAGE_PKCS12));
    assert!(certificate.key_usage().unwrap().signs_documents());
    assert!(certificate.key_usage().unwrap().contains(KeyUsage::KEY_AGREEMENT));
    assert!(!certificate.basic_constraints_ca());
    assert_eq!(certificate.authority_key_identifier(), root.subject_key_identifier());
    assert_eq!(certificate.subject_key_identifier(), key.public().key_identifier().as_ref().map(|id| &id[..]));
    assert_eq!(certificate.public_key(), &key.public());
    assert_eq!(certificate.validity_at(day(-1)), Validity::NotYet);
    assert_eq!(certificate.validity_at(day(365)), Validity::Current);
    assert_eq!(certificate.validity_at(day(366)), Validity::Expired);
    assert_eq!(Certificate::from_pem_or_der(certificate.to_pem().as_bytes()).unwrap(), certificate);
}

#[test]
fn an_independent_reader_sees_the_same_certificate() {
    use x509_cert::der::{Decode as _, Encode as _};
    let key = Key::new(1);
    let root = root(&key);
    let employee = employee(&root, &key, &Key::new(2));
    for certificate in [&root, &employee] {
        let theirs = x509_cert::Certificate::from_der(certificate.der()).unwrap();
        assert_eq!(theirs.to_der().unwrap(), certificate.der());
        let tbs = theirs.tbs_certificate();
        assert_eq!(tbs.to_der().unwrap(), certificate.tbs());
        assert_eq!(tbs.serial_number().as_bytes(), certificate.serial().bytes());
        assert_eq!(tbs.subject().to_der().unwrap(), certificate.subject().der());
        assert_eq!(tbs.subject_public_key_info().to_der().unwrap(), certificate.spki_der());
    }
}

#[test]
fn a_serial_number_begins_between_10_and_7f() {
    // kz-crypto 8.1: SKI e842… gives serial 68…
    for (first, expected) in [(0xe8, 0x68), (0x00, 0x10), (0x0f, 0x1f), (0x8f, 0x1f), (0x7f, 0x7f), (0x30, 0x30)] {
        let mut identifier = [0x42; 20];
        identifier[0] = first;
        let serial = serial_from_key_identifier(&identifier);
        assert_eq!(serial.bytes()[0], expected);
        assert_eq!(serial.bytes()[1..], identifier[1..]);
    }
}

#[test]
fn only_a_root_issues_itself() {
    let key = Key::new(1);
    let person = Template::person(subject().to_name().unwrap(), day(0), day(1), Urls::default());
    assert_eq!(issue(&person, Issuer::Itself(&key), &key.public()).unwrap_err(), IssueError::SelfIssued);
    let root = root(&key);
    let second = Template::root(common::authority_name("X"), day(0), day(1), Urls::default());
    let issuer = Issuer::Authority { certificate: &root, signer: &key };
    assert_eq!(issue(&second, issuer, &key.public()).unwrap_err(), IssueError::SelfIssued);
}

#[test]
fn a_key_that_is_not_the_issuers_makes_no_certificate() {
    let root = root(&Key::new(1));
    let template = Template::person(subject().to_name().unwrap(), day(0), day(1), Urls::default());
    let issuer = Issuer::Authority { certificate: &root, signer: &Key::new(9) };
    assert!(matches!(issue(&template, issuer, &Key::new(2).public()), Err(IssueError::Verify(_))));
}

#[test]
fn a_name_that_its_string_type_cannot_hold_is_refused() {
    let name = NameBuilder::new().with(oid::COUNTRY, "ҚЗ").build();
    assert!(name.is_err());
}

#[test]
fn flipping_any_byte_of_a_certificate_breaks_it() {
    let (root_key, key) = (Key::new(1), Key::new(2));
    let root = root(&root_key);
    let issuing = authority("ISSUING", &root, &root_key, &Key::new(3));
    let good = employee(&issuing, &Key::new(3), &key);
    let issuer = issuing.public_key();
    assert_eq!(good.verify_signature(issuer), Ok(()));
    for position in 0..good.der().len() {
        let mut der = good.der().to_vec();
        der[position] ^= 1 << (position % 8);
        if let Ok(certificate) = Certificate::from_der(&der) {
            assert!(certificate.verify_signature(issuer).is_err(), "byte {position}");
        }
    }
}

#[test]
fn a_certificate_is_exactly_its_bytes() {
    let der = root(&Key::new(1)).der().to_vec();
    for end in 0..der.len() {
        assert!(Certificate::from_der(&der[..end]).is_err(), "cut at {end}");
    }
    assert!(Certificate::from_der(&[&der[..], &[0]].concat()).is_err());
    assert!(Certificate::from_der(&vec![0x30; 65 * 1024]).is_err());
}
