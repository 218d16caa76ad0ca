//! Certificate requests: what they say, another reader of them, and what is none.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Key, authority, day, employee, root, subject};
use pki::cms::{DATA, SIGNED_DATA};
use pki::issue::Issuer;
use pki::request::{self, CertificationRequest, RequestError, Wanted, WriteError, answer};
use pki::{Certificate, KeyUsage, Role, VerifyError, oid, pem, tlv};
use proptest::prelude::*;

fn head() -> Wanted {
    let subject = subject().to_name().unwrap();
    Wanted::new(subject, &[oid::EMAIL_PROTECTION], &[Role::Head], Some("umit@example.kz".to_owned()))
}

fn made(number: u8) -> CertificationRequest {
    let key = Key::new(number);
    request::make(&head(), &key.public(), &key).unwrap()
}

/// A request of those attributes, whose signature fits nothing.
fn of_attributes(attributes: &[u8]) -> Vec<u8> {
    let key = Key::new(2).public().to_spki_der().unwrap();
    let name = subject().to_name().unwrap();
    let info = tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 0], name.der(), &key, attributes]);
    let algorithm = tlv::algorithm_null(&oid::GOST512_SIGNATURE);
    tlv::element(tlv::SEQUENCE, &[&info, &algorithm, &tlv::element(tlv::BIT_STRING, &[&[0; 129]])])
}

fn extension_request() -> Vec<u8> {
    let none = tlv::element(tlv::SET, &[&tlv::element(tlv::SEQUENCE, &[])]);
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::EXTENSION_REQUEST), &none])
}

#[test]
fn a_request_reads_back_as_it_was_made() {
    let request = made(2);
    assert_eq!(request.verify(), Ok(()));
    assert_eq!(
        request.subject().to_dn_string(),
        "CN=ҮЛГІЛІ ҮМІТ,SURNAME=ҮЛГІЛІ,SERIALNUMBER=IIN000000000001,C=KZ,O=ЖШС \\\"Үлгі\\\",\
         OU=BIN000000000002,GIVENNAME=ҮЛГІҰЛЫ,E=umit@example.kz"
    );
    assert_eq!(request.holder().roles, [Role::Organisation, Role::Head]);
    assert_eq!(request.extended_key_usage()[0], oid::EMAIL_PROTECTION);
    assert_eq!(request.email(), Some("umit@example.kz"));
    assert!(request.key_usage().unwrap().signs_documents());
    assert!(!request.asks_to_be_an_authority());
    assert_eq!(request.public_key(), &Key::new(2).public());
    assert_eq!(CertificationRequest::from_pem_or_der(request.to_pem().as_bytes()).unwrap(), request);
    let older = request.to_pem().replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    assert_eq!(CertificationRequest::from_pem_or_der(older.as_bytes()).unwrap(), request);
}

#[test]
fn an_independent_reader_sees_the_same_request() {
    use x509_cert::der::{Decode as _, Encode as _};
    let request = made(3);
    let other = x509_cert::request::CertReq::from_der(request.der()).unwrap();
    assert_eq!(other.to_der().unwrap(), request.der(), "it is DER");
    assert_eq!(other.info.subject.to_der().unwrap(), request.subject().der());
    assert_eq!(other.info.public_key.to_der().unwrap(), request.spki_der());
    let attribute = other.info.attributes.iter().next().unwrap();
    assert_eq!(attribute.oid.to_string(), "1.2.840.113549.1.9.14");
    assert_eq!((other.info.attributes.len(), attribute.values.len()), (1, 1));
}

#[test]
fn a_person_and_a_login_key_ask_for_what_they_are() {
    let key = Key::new(4);
    let wanted = Wanted::new(subject().to_name().unwrap(), &[oid::CLIENT_AUTH], &[], None);
    let request = request::make(&wanted, &key.public(), &key).unwrap();
    assert_eq!(request.extended_key_usage(), [oid::CLIENT_AUTH, Role::Person.oid()]);
    assert!(request.key_usage().unwrap().contains(KeyUsage::DIGITAL_SIGNATURE));
    assert_eq!(request.email(), None);
}

#[test]
fn a_certificate_is_asked_for_again_with_its_own_subject_and_roles() {
    let root = root(&Key::new(1));
    let present = employee(&root, &Key::new(1), &Key::new(2));
    let wanted = Wanted::again(&present);
    let key = Key::new(5);
    let request = request::make(&wanted, &key.public(), &key).unwrap();
    assert_eq!(request.subject(), present.subject());
    assert_eq!(request.extended_key_usage(), present.extended_key_usage());
    assert_eq!(request.key_usage(), present.key_usage());
}

#[test]
fn nobody_asks_with_another_key_than_the_one_he_has() {
    let refused = request::make(&head(), &Key::new(3).public(), &Key::new(2));
    assert_eq!(refused.unwrap_err(), WriteError::Verify(VerifyError::Mismatch));
    let wanted = Wanted { email: Some("үміт@example.kz".to_owned()), ..head() };
    assert_eq!(request::make(&wanted, &Key::new(2).public(), &Key::new(2)).unwrap_err(), WriteError::Email);
}

#[test]
fn a_request_that_was_changed_proves_nothing() {
    let request = made(2);
    for place in (0..request.der().len()).step_by(7) {
        let mut changed = request.der().to_vec();
        changed[place] ^= 1;
        let proves = CertificationRequest::from_der(&changed).is_ok_and(|read| read.verify().is_ok());
        assert!(!proves, "octet {place}");
    }
}

#[test]
fn what_is_no_request_is_refused_with_its_reason() {
    let der = made(2).der().to_vec();
    for end in 0..der.len() {
        assert!(CertificationRequest::from_der(&der[..end]).is_err());
    }
    assert!(CertificationRequest::from_der(&[&der[..], &[0]].concat()).is_err());
    let long = vec![0x30; CertificationRequest::MAX_LEN + 1];
    assert!(matches!(CertificationRequest::from_der(&long), Err(RequestError::TooLarge(_))));
    let attributes = |list: &[Vec<u8>]| of_attributes(&tlv::element(tlv::context(0), &[&list.concat()]));
    let read = |list: &[Vec<u8>]| CertificationRequest::from_der(&attributes(list)).map(|_| ());
    assert_eq!(read(&[extension_request()]), Ok(()));
    assert_eq!(read(&[extension_request(), extension_request()]), Err(RequestError::AttributeRepeated));
    let other = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::COMMON_NAME), &tlv::element(tlv::SET, &[])]);
    assert_eq!(read(&vec![other.clone(); 16]), Ok(()));
    assert_eq!(read(&vec![other; 17]), Err(RequestError::TooManyAttributes(16)));
    // No attributes at all: some programs write it so.
    assert!(CertificationRequest::from_der(&of_attributes(&[])).is_ok());
}

/// A SignedData with certificates and nothing else (RFC 5652 §5.2).
fn bundle(certificates: &[&Certificate]) -> Vec<u8> {
    let inside: Vec<u8> = certificates.iter().flat_map(|one| one.der().to_vec()).collect();
    let signed_data = tlv::element(
        tlv::SEQUENCE,
        &[
            &[tlv::INTEGER, 1, 1],
            &tlv::element(tlv::SET, &[]),
            &tlv::element(tlv::SEQUENCE, &[&tlv::oid(&DATA)]),
            &tlv::element(tlv::context(0), &[&inside]),
            &tlv::element(tlv::SET, &[]),
        ],
    );
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&SIGNED_DATA), &tlv::element(tlv::context(0), &[&signed_data])])
}

#[test]
fn the_certificate_of_a_key_is_found_in_every_form_of_an_answer() {
    let (root_key, issuing_key, key) = (Key::new(1), Key::new(2), Key::new(3));
    let root = root(&root_key);
    let issuing = authority("ISSUING", &root, &root_key, &issuing_key);
    let own = employee(&issuing, &issuing_key, &key);
    let all = bundle(&[&root, &issuing, &own]);
    let text = |bytes: &[u8]| pem::encode("X", bytes).lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let forms = [
        own.der().to_vec(),
        own.to_pem().into_bytes(),
        text(own.der()).into_bytes(),
        [root.to_pem(), "\r\nсертификат:\r\n".to_owned(), own.to_pem()].concat().into_bytes(),
        all.clone(),
        pem::encode("PKCS7", &all).into_bytes(),
        [&b"\xef\xbb\xbf"[..], text(&all).as_bytes()].concat(),
        [root.to_pem(), pem::encode("PKCS7", &bundle(&[&own]))].concat().into_bytes(),
    ];
    for (number, form) in forms.iter().enumerate() {
        let found = answer::certificates(form).unwrap_or_else(|error| panic!("{number}: {error}"));
        assert_eq!(answer::of_key(&found, &key.public()), [&own], "{number}");
        assert_eq!(answer::of_key(&found, &Key::new(9).public()), [&own; 0]);
    }
    // Of two certificates of one key, the later one first.
    let template = pki::issue::Template::employee(subject().to_name().unwrap(), day(9), day(365), Default::default());
    let issuer = Issuer::Authority { certificate: &issuing, signer: &issuing_key };
    let later = pki::issue::issue(&template, issuer, &key.public()).unwrap();
    let both = [own.clone(), later.clone()];
    assert_eq!(answer::of_key(&both, &key.public()), [&later, &own]);
}

#[test]
fn what_holds_no_certificate_is_said_to_hold_none() {
    for bytes in [&b""[..], b"<html>502 Bad Gateway</html>", &bundle(&[]), made(2).der(), b"\x30\x00", b"MAA="] {
        assert!(answer::certificates(bytes).is_err(), "{bytes:02x?}");
    }
    let own = root(&Key::new(1));
    assert!(answer::certificates(own.to_pem().repeat(65).as_bytes()).is_err());
    assert!(matches!(answer::certificates(&vec![b'A'; answer::MAX_LEN + 1]), Err(answer::AnswerError::TooLarge(_))));
}

proptest! {
    #[test]
    fn no_octets_bring_the_readers_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = CertificationRequest::from_pem_or_der(&bytes);
        let _ = CertificationRequest::from_der(&of_attributes(&tlv::element(tlv::context(0), &[&bytes])));
        let _ = answer::certificates(&bytes);
        let _ = answer::certificates(&tlv::element(tlv::SEQUENCE, &[&bytes]));
    }
}
