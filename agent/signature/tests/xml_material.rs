//! XML that the NCA's own tools signed, where it is at hand (kz-crypto 17.5).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::shared;
use pki::{DigestAlgorithm, SignatureAlgorithm};
use signature::cms::Check;
use signature::xmldsig::{Options, Problem, Report, verify};

const NAMES: [&str; 4] = ["gost512-enveloped.xml", "gost512-by-id.xml", "gost2004-enveloped.xml", "rsa-enveloped.xml"];

fn read(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(shared()?.join("fixtures/nca/xml").join(name)).unwrap())
}

fn verified(bytes: &[u8]) -> Report {
    verify(bytes, &Options::default()).unwrap()
}

/// Good, or, while RSA is not computed by `pki`, good in all but that.
fn is_good(report: &Report) -> bool {
    let [signature] = report.signatures.as_slice() else { return false };
    let unchecked = [Problem::NotChecked(pki::oid::RSA_SHA256)];
    let not_yet = signature.problems == unchecked && signature.references.iter().all(|r| r.digest == Check::Good);
    report.is_good() || (signature.signature_algorithm == Some(SignatureAlgorithm::RsaSha256) && not_yet)
}

#[test]
fn files_of_kalkan_are_good() {
    for name in NAMES {
        let Some(bytes) = read(name) else { return };
        let report = verified(&bytes);
        assert!(is_good(&report), "{name}: {report:#?}");
    }
}

#[test]
fn the_report_says_what_kalkan_signed() {
    let expected = [
        (&["root"][..], true, DigestAlgorithm::Streebog512, SignatureAlgorithm::Gost512),
        (&["root", "a"], false, DigestAlgorithm::Streebog512, SignatureAlgorithm::Gost512),
        (&["root"][..], true, DigestAlgorithm::Gost34311, SignatureAlgorithm::Gost2004),
        (&["root"][..], true, DigestAlgorithm::Sha256, SignatureAlgorithm::RsaSha256),
    ];
    for (name, (path, whole, digest, algorithm)) in NAMES.into_iter().zip(expected) {
        let Some(bytes) = read(name) else { return };
        let report = verified(&bytes);
        let signature = &report.signatures[0];
        let [reference] = signature.references.as_slice() else { panic!("{name}") };
        assert_eq!((reference.digest_algorithm, signature.signature_algorithm), (Some(digest), Some(algorithm)));
        assert_eq!(reference.covers.as_ref().unwrap().path, format!("/{}", path.join("/")));
        assert_eq!((reference.covers.as_ref().unwrap().is_document(), signature.covers_document()), (whole, whole));
        assert_eq!(signature.certificates.len(), 1);
        assert_eq!(&bytes[signature.place.clone()][..14], b"<ds:Signature ");
        assert!(report.remarks.is_empty() && signature.remarks.is_empty(), "{report:#?}");
    }
}

/// Whether a document in which this octet was changed may still be good, and why.
fn may_be_good(before: &[u8], place: usize, changed: &[u8]) -> bool {
    let text = std::str::from_utf8(before).unwrap();
    let declaration = text.find("?>").map_or(0, |end| end + 2);
    let certificate = text.find("<ds:X509Certificate>").unwrap()..text.find("</ds:X509Certificate>").unwrap();
    if text.starts_with("<?xml") && place < declaration {
        // `UTF-8` in other letters.
        return before[place].eq_ignore_ascii_case(&changed[place]);
    }
    // Beside the element that is signed by its identifier, and beside the signature.
    let report = verified(before);
    let covers = report.signatures[0].references[0].covers.clone().unwrap();
    if covers.element.is_some_and(|element| !element.contains(&place)) && !report.signatures[0].place.contains(&place) {
        return true;
    }
    // Another certificate with the same key, which has to be believed first: the caller sees it.
    certificate.contains(&place)
        && before[place] != b'<'
        && verified(changed).signatures[0].certificate != report.signatures[0].certificate
}

/// Every octet of a file changed in three ways: a lowest bit, a next one, the case of a letter.
fn octet_by_octet(name: &str) {
    let Some(bytes) = read(name) else { return };
    let mut uncovered = 0;
    for place in 0..bytes.len() {
        for mask in [0x01, 0x02, 0x20] {
            let mut changed = bytes.clone();
            changed[place] ^= mask;
            let Ok(report) = verify(&changed, &Options::default()) else { continue };
            if report.is_good() {
                let around = String::from_utf8_lossy(&changed[place.saturating_sub(20)..(place + 20).min(bytes.len())]);
                assert!(may_be_good(&bytes, place, &changed), "{name}: octet {place}, mask {mask:#x}: {around}");
                uncovered += 1;
            }
        }
    }
    println!("{name}: {uncovered} changes of {} are to what is not covered", bytes.len() * 3);
}

#[test]
fn whatever_octet_of_an_enveloped_file_is_changed_is_noticed_but_for_what_no_signature_covers() {
    octet_by_octet("gost512-enveloped.xml");
}

#[test]
fn whatever_octet_of_a_file_signed_by_id_is_changed_is_noticed_but_for_what_no_signature_covers() {
    octet_by_octet("gost512-by-id.xml");
}

#[test]
fn whatever_octet_of_a_2004_file_is_changed_is_noticed_but_for_what_no_signature_covers() {
    octet_by_octet("gost2004-enveloped.xml");
}

#[test]
fn whatever_octet_of_an_rsa_file_is_changed_is_noticed_but_for_what_no_signature_covers() {
    octet_by_octet("rsa-enveloped.xml");
}
