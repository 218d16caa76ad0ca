//! One octet changed, everywhere: what the NCA's tools signed is good, and no longer is.
//!
//! What is asked is what a person is told: the signature holds, its certificate is that of an authority that is believed,
//! and the time stamp, if there was one, holds likewise.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use nca_material::fixture;
use pki::Certificate;
use pki::trust::{Anchors, find_path};
use signature::cms::{External, Report, decode_any, verify};

/// Everything that is told of the file is good, and it has that many time stamps.
fn holds(report: &Report, anchors: &Anchors, stamps: usize) -> bool {
    let certificates = &report.certificates;
    report.is_good()
        && report.signers.iter().map(|signer| signer.stamps.len()).sum::<usize>() == stamps
        && report.signers.iter().all(|signer| {
            let believed = |certificate| find_path(certificate, certificates, anchors).is_ok();
            signer.certificate.as_ref().is_some_and(believed)
                && signer
                    .stamps
                    .iter()
                    .all(|stamp| stamp.verdict.as_ref().is_ok_and(|stamp| stamp.path(anchors).is_ok()))
        })
}

fn cms(name: &str) -> Option<Vec<u8>> {
    Some(decode_any(&fixture(&format!("cms/{name}"))?).unwrap())
}

/// The places where a changed octet is not noticed by anything that is told.
fn unnoticed(name: &str, content: Option<&[u8]>, stamps: usize) -> Option<Vec<usize>> {
    let mut anchors = Anchors::production().with_nca_test();
    anchors.add_test(&Certificate::from_pem_or_der(&fixture("ca/nca_rsa_test_2019.crt")?).unwrap());
    unnoticed_by(&cms(name)?, content, |report| holds(report, &anchors, stamps))
}

/// The places where a changed octet is not noticed by `is_good`.
fn unnoticed_by(good: &[u8], content: Option<&[u8]>, is_good: impl Fn(&Report) -> bool) -> Option<Vec<usize>> {
    let external = content.map(External::Content);
    let ask = |der: &[u8]| verify(der, external).is_ok_and(|report| is_good(&report));
    assert!(ask(good), "{:?}", verify(good, external));
    let is_unnoticed = |position: &usize| {
        [1 << (position % 8), 0xff].iter().any(|change| {
            let mut der = good.to_vec();
            der[*position] ^= change;
            // A longer form of a length is the same CMS again, and so is what is normalised to it.
            let normalised = decode_any(&der).ok().filter(|normalised| *normalised != good && *normalised != der);
            ask(&der) || normalised.is_some_and(|der| ask(&der))
        })
    };
    Some((0..good.len()).filter(is_unnoticed).collect())
}

#[test]
fn every_octet_of_an_attached_gost_512_file_counts() {
    let Some(unnoticed) = unnoticed("gost512-attached-production-timestamp.der", None, 1) else { return };
    assert_eq!(unnoticed, Vec::<usize>::new());
}

#[test]
fn every_octet_of_a_detached_gost_512_file_counts() {
    let Some(document) = fixture("cms/gost512-document.txt") else { return };
    assert_eq!(unnoticed("gost512-detached-production-timestamp.der", Some(&document), 1), Some(vec![]));
    for position in 0..document.len() {
        let mut other = document.clone();
        other[position] ^= 1;
        let der = fixture("cms/gost512-detached-production-timestamp.der").unwrap();
        assert!(!verify(&der, Some(External::Content(&other))).unwrap().is_good(), "byte {position} of the document");
    }
}

#[test]
fn every_octet_of_a_gost_2004_file_counts() {
    let Some(unnoticed) = unnoticed("gost2004.cms", None, 0) else { return };
    assert_eq!(unnoticed, Vec::<usize>::new());
}

#[test]
fn every_octet_of_an_rsa_file_counts() {
    let Some(unnoticed) = unnoticed("rsa.cms", None, 0) else { return };
    assert_eq!(unnoticed, Vec::<usize>::new());
}

/// The verdict over the signature alone leaves out what the signature is not over.
#[test]
fn the_signature_alone_leaves_out_unsigned_attributes_and_nothing_else() {
    let Some(der) = cms("gost512-attached-production-timestamp.der") else { return };
    let unsigned = common::parts::elements(&common::parts::signers(&der)[0]).pop().unwrap();
    // The last of the file: `[1]` around an Attribute, its type, and the SET with the time stamp.
    let attribute = common::parts::elements(&unsigned).remove(0);
    let [kind, values] = &common::parts::elements(&attribute)[..] else { panic!("an Attribute") };
    let value = common::parts::elements(values).remove(0);
    let kind = der.len() - values.len() - kind.len() + 2..der.len() - values.len();
    let value = der.len() - value.len()..der.len();
    let expected: Vec<usize> = kind.chain(value).collect();
    assert_eq!(unnoticed_by(&der, None, Report::is_good).unwrap(), expected);
}

/// Without signingCertificateV2 the certificate is the one that its issuer signed, and nothing else says so.
#[test]
fn the_signature_alone_leaves_out_what_a_certificate_says_where_no_attribute_names_it() {
    let Some(der) = cms("gost2004.cms") else { return };
    let report = verify(&der, None).unwrap();
    let certificate = report.signers[0].certificate.clone().unwrap();
    let start = der.windows(certificate.der().len()).position(|window| window == certificate.der()).unwrap();
    let unnoticed = unnoticed_by(&der, None, Report::is_good).unwrap();
    let inside: Vec<usize> = unnoticed.iter().map(|position| position.wrapping_sub(start)).collect();
    assert!(inside.iter().all(|position| *position < certificate.der().len()), "{inside:?}");
    // Issuer, serial number and point are held against the signature.
    let (_, point) = certificate.spki_der().split_last_chunk::<64>().unwrap();
    let find = |part: &[u8]| certificate.der().windows(part.len()).position(|window| window == part).unwrap();
    for part in [certificate.issuer().der(), certificate.serial().bytes(), point.as_slice()] {
        let place = find(part);
        assert!(inside.iter().all(|position| !(place..place + part.len()).contains(position)), "{inside:?}");
    }
}
