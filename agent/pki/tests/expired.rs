//! Lists that are newer than a certificate's end: an authority need not keep expired certificates on them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Key, day, employee, root};
use pki::BareSigner as _;
use pki::crl::{Crl, Verified};
use pki::revocation::{Freshness, Reason, Revocation};
use pki::status::{Evidence, Status, Why, judge};
use pki::{Certificate, DigestAlgorithm, ObjectIdentifier, SignatureAlgorithm, Timestamp, oid, tlv};

/// The certificates of `common::employee` end on day 365.
const END: i64 = 365;

fn extension(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tlv::OCTET_STRING, &[value])])
}

fn generalized(moment: Timestamp) -> Vec<u8> {
    let digits: String = moment.iso8601().to_string().chars().filter(|c| c.is_ascii_digit() || *c == 'Z').collect();
    tlv::element(tlv::GENERALIZED_TIME, &[digits.as_bytes()])
}

struct List {
    number: u8,
    base: Option<u8>,
    made: i64,
    /// expiredCertsOnCRL.
    expired_since: Option<Timestamp>,
    /// Serial number, CRLReason.
    entry: Option<(Vec<u8>, u8)>,
}

impl List {
    fn made(made: i64) -> Self {
        Self { number: 1, base: None, made, expired_since: None, entry: None }
    }

    fn since(self, moment: Timestamp) -> Self {
        Self { expired_since: Some(moment), ..self }
    }

    fn with(self, certificate: &Certificate, reason: u8) -> Self {
        Self { entry: Some((certificate.serial().bytes().to_vec(), reason)), ..self }
    }

    fn changes(self) -> Self {
        Self { number: 2, base: Some(1), ..self }
    }

    fn sign(&self, authority: &Certificate, key: &Key) -> Vec<u8> {
        let number = |number: u8| [tlv::INTEGER, 1, number];
        let mut extensions = extension(oid::CRL_NUMBER, &number(self.number));
        extensions.extend(self.base.iter().flat_map(|base| extension(oid::DELTA_CRL_INDICATOR, &number(*base))));
        let since = self.expired_since.map(generalized);
        extensions.extend(since.iter().flat_map(|since| extension(oid::EXPIRED_CERTS_ON_CRL, since)));
        let entry = self.entry.as_ref().map(|(serial, reason)| {
            let reason = tlv::element(tlv::SEQUENCE, &[&extension(oid::CRL_REASON, &[0x0a, 1, *reason])]);
            let serial = tlv::element(tlv::INTEGER, &[serial]);
            let entry = tlv::element(tlv::SEQUENCE, &[&serial, &day(10).to_der(), &reason]);
            tlv::element(tlv::SEQUENCE, &[&entry])
        });
        let tbs = tlv::element(
            tlv::SEQUENCE,
            &[
                &[tlv::INTEGER, 1, 1],
                &SignatureAlgorithm::Gost512.to_der(),
                authority.subject().der(),
                &day(self.made).to_der(),
                &day(self.made + 1000).to_der(),
                &entry.unwrap_or_default(),
                &tlv::element(tlv::context(0), &[&tlv::element(tlv::SEQUENCE, &[&extensions])]),
            ],
        );
        let signature = key.sign_digest(&DigestAlgorithm::Streebog512.digest(&tbs)).unwrap();
        let signature = tlv::element(tlv::BIT_STRING, &[&[0], &signature]);
        tlv::element(tlv::SEQUENCE, &[&tbs, &SignatureAlgorithm::Gost512.to_der(), &signature])
    }
}

struct Case {
    key: Key,
    authority: Certificate,
    person: Certificate,
}

impl Case {
    fn new() -> Self {
        let key = Key::new(1);
        let authority = root(&key);
        let person = employee(&authority, &key, &Key::new(2));
        assert_eq!(person.not_after(), day(END));
        Self { key, authority, person }
    }

    fn status(&self, lists: &[List]) -> Status {
        let ders: Vec<Vec<u8>> = lists.iter().map(|list| list.sign(&self.authority, &self.key)).collect();
        let lists: Vec<Verified<'_>> =
            ders.iter().map(|der| Crl::from_der(der).unwrap().verify((&self.authority).into()).unwrap()).collect();
        let evidence = Evidence { ocsp: &[], lists: &lists };
        let judgement = judge(&self.person, (&self.authority).into(), &evidence, Freshness::at(day(500)));
        assert_eq!(judgement.set_aside, [], "{judgement:?}");
        judgement.status
    }
}

#[test]
fn a_list_from_before_the_end_says_that_a_certificate_was_not_revoked() {
    let case = Case::new();
    assert_eq!(case.status(&[List::made(END - 1)]), Status::Good);
    assert_eq!(case.status(&[List::made(END)]), Status::Good);
}

#[test]
fn a_list_from_after_the_end_says_nothing_about_a_certificate_that_it_does_not_have() {
    let case = Case::new();
    assert_eq!(case.status(&[List::made(END + 1)]), Status::Unknown(Why::Expired));
    // What it has counts.
    let revocation = Revocation { since: day(10), invalid_since: None, reason: Some(Reason::Superseded) };
    assert_eq!(case.status(&[List::made(END + 1).with(&case.person, 4)]), Status::Revoked(revocation));
}

#[test]
fn a_list_that_keeps_expired_certificates_from_then_on_says_it_all_the_same() {
    let case = Case::new();
    assert_eq!(case.status(&[List::made(END + 1).since(day(0))]), Status::Good);
    assert_eq!(case.status(&[List::made(END + 1).since(day(END))]), Status::Good);
    let later = List::made(END + 1).since(day(END).plus_seconds(1));
    assert_eq!(case.status(&[later]), Status::Unknown(Why::Expired));
}

#[test]
fn changes_from_after_the_end_do_not_release_a_certificate() {
    let case = Case::new();
    let held = || List::made(END - 1).with(&case.person, 6);
    // removeFromCRL is what becomes of an entry when the certificate expires as well.
    let removed = |made| List::made(made).changes().with(&case.person, 8);
    assert_eq!(case.status(&[held(), removed(END)]), Status::Good);
    assert_eq!(case.status(&[held(), removed(END + 1)]), Status::Unknown(Why::Expired));
    assert_eq!(case.status(&[held(), removed(END + 1).since(day(0))]), Status::Good);
    // Changes that do not have it take nothing from what the list said.
    assert_eq!(case.status(&[List::made(END - 1), List::made(END + 1).changes()]), Status::Good);
    assert!(matches!(case.status(&[held(), List::made(END + 1).changes()]), Status::Revoked(_)));
}
