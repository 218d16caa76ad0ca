//! Bytes from strangers: whatever they are, they are read to an end.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Key, employee, nca, root};
use pki::BareSigner;
use pki::crl::Crl;
use pki::locations::{Locations, may_fetch};
use pki::revocation::Freshness;
use pki::{Certificate, DigestAlgorithm, ocsp, tlv, tsp};
use proptest::prelude::*;
use std::sync::LazyLock;

static ISSUER: LazyLock<Certificate> = LazyLock::new(|| root(&Key::new(1)));

/// Everything that reads a service's answers.
fn read(bytes: &[u8], issuer: &Certificate) {
    let _ = tsp::Request::from_der(bytes);
    let _ = tsp::Response::from_der(bytes).and_then(tsp::Response::into_token);
    if let Ok(token) = tsp::Token::from_der(bytes) {
        let _ = token.verify(b"data");
    }
    let _ = ocsp::Request::from_der(bytes);
    if let Ok(response) = ocsp::Response::from_der(bytes) {
        let (serial, freshness) = (issuer.serial(), Freshness::at(issuer.not_before()));
        let _ = response.verify(&ocsp::Question { serial, issuer: issuer.into(), nonce: None, freshness });
    }
    if let Ok(list) = Crl::from_der(bytes).and_then(|list| list.verify(issuer.into())) {
        let _ = list.find(issuer.serial());
    }
    if let Ok(certificate) = Certificate::from_der(bytes) {
        let _ = Locations::of(&certificate);
    }
}

/// A list whose entries are these octets.
fn list(entries: &[u8]) -> Vec<u8> {
    let algorithm = Key::new(1).algorithm();
    let tbs = tlv::element(
        tlv::SEQUENCE,
        &[
            &[tlv::INTEGER, 1, 1],
            &algorithm.to_der(),
            ISSUER.subject().der(),
            &common::day(0).to_der(),
            &common::day(1).to_der(),
            &tlv::element(tlv::SEQUENCE, &[entries]),
        ],
    );
    let signature = Key::new(1).sign_digest(&DigestAlgorithm::Streebog512.digest(&tbs)).unwrap();
    let signature = tlv::element(tlv::BIT_STRING, &[&[0], &signature]);
    tlv::element(tlv::SEQUENCE, &[&tbs, &algorithm.to_der(), &signature])
}

fn messages() -> Vec<Vec<u8>> {
    let Some(nca) = nca() else { return Vec::new() };
    let read = |name: &str| std::fs::read(nca.join(name)).unwrap();
    let response = read("tsp/response.der");
    // The token without what is around it: after the headers and the status.
    let token = response[9..].to_vec();
    let names = ["ocsp/gost512-revoked.der", "crl/nca_rsa_test.crl", "ca/prod_nca_gost_2015_2025.crt"];
    names.map(read).into_iter().chain([response, token]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes, &ISSUER);
        // And as the content of what is expected.
        read(&tlv::element(tlv::SEQUENCE, &[&bytes]), &ISSUER);
    }

    #[test]
    fn entries_that_an_authority_signed_may_be_anything(
        entries in proptest::collection::vec(any::<u8>(), 0..60),
        serial in proptest::collection::vec(any::<u8>(), 0..20),
        rest in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let entry = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::INTEGER, &[&serial]), &rest]);
        for entries in [entries, entry] {
            let list = list(&entries);
            let verified = Crl::from_der(&list).unwrap().verify((&*ISSUER).into()).unwrap();
            let _ = verified.find(ISSUER.serial());
            if let Some(serial) = pki::Serial::from_bytes(&serial) {
                let _ = verified.find(&serial);
            }
        }
    }

    #[test]
    fn any_url_is_judged(url in "(http|https)?(://)?[a-z.:@/#\\\\?\u{0}\u{430} ]{0,20}(pki|root)?(.gov.kz)?[a-z.:@/#?]{0,20}") {
        if may_fetch(&url) {
            let rest = url.split_once("://").unwrap().1;
            let host: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
            prop_assert!(host == "pki.gov.kz" || host == "root.gov.kz" || host.ends_with(".pki.gov.kz") || host.ends_with(".root.gov.kz"));
        }
    }
}

#[test]
fn spoiled_messages_are_read_to_an_end() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for message in messages() {
        let places = proptest::collection::vec((0..message.len(), any::<u8>()), 1..4);
        runner
            .run(&places, |places| {
                let mut spoiled = message.clone();
                for (place, octet) in places {
                    spoiled[place] = octet;
                }
                read(&spoiled, &ISSUER);
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn a_message_may_be_long_and_costs_no_more_than_its_length() {
    let key = Key::new(1);
    let (issuer, started) = (root(&key), std::time::Instant::now());
    let many = |element: &[u8], octets: usize| tlv::element(tlv::SEQUENCE, &[&element.repeat(octets / element.len())]);
    // Empty elements, many extensions, many certificates of one name, far more than any real message has.
    read(&many(&[0x30, 0], tsp::Token::MAX_LEN), &issuer);
    read(&many(&[0x30, 0], 4 << 20), &issuer);
    let leaf = employee(&issuer, &key, &Key::new(2));
    read(&many(leaf.der(), 200_000), &issuer);
    for length in [tsp::Response::MAX_LEN, ocsp::Response::MAX_LEN] {
        read(&vec![0x30; length + 1], &issuer);
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}
