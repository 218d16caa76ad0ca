//! Files that the NCA's own tools signed, where they are at hand (kz-crypto 17.4).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::shared;
use pki::trust::{Anchors, find_path};
use pki::{Certificate, SignatureAlgorithm, Timestamp, Validity, oid};
use signature::cms::{Check, External, Form, Problem, Remark, Report, decode_any, verify};

fn read(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(shared()?.join("fixtures/nca/cms").join(name)).unwrap())
}

fn verified(name: &str, external: Option<External<'_>>) -> Option<Report> {
    Some(verify(&decode_any(&read(name)?).unwrap(), external).unwrap())
}

#[test]
fn gost_512_files_of_kalkan_are_good() {
    let Some(document) = read("gost512-document.txt") else { return };
    let attached = verified("gost512-attached-production-timestamp.der", None).unwrap();
    assert!(attached.is_good(), "{attached:?}");
    assert_eq!(attached.form, Form::Attached);
    let content = Some(External::Content(&document));
    let detached = verified("gost512-detached-production-timestamp.der", content).unwrap();
    assert!(detached.is_good(), "{detached:?}");
    assert_eq!(detached.form, Form::Detached);
    for report in [attached, detached] {
        let signer = &report.signers[0];
        assert_eq!(signer.signed_attributes.len(), 4);
        assert_eq!(signer.unsigned_attributes.len(), 1);
        assert_eq!(signer.signing_certificate, Check::Good);
        assert_eq!(signer.signing_time.unwrap().date().to_string(), "20.07.2026");
        assert!(signer.remarks.is_empty());
    }
}

#[test]
fn a_gost_2004_file_is_good() {
    let Some(report) = verified("gost2004.cms", None) else { return };
    assert!(report.is_good(), "{report:?}");
    let signer = &report.signers[0];
    assert_eq!(signer.remarks, [Remark::NoSigningCertificate]);
    assert_eq!(signer.digest_algorithm_oid, oid::GOST34311);
    assert!(signer.signing_time.unwrap() > Timestamp::from_utc(2020, 1, 1, 0, 0, 0).unwrap());
}

#[test]
fn an_rsa_file_is_good() {
    let Some(report) = verified("rsa.cms", None) else { return };
    assert!(report.is_good(), "{report:?}");
    let signer = &report.signers[0];
    assert_eq!((signer.digest, signer.signature), (Check::Good, Check::Good));
    assert_eq!(signer.signature_algorithm, SignatureAlgorithm::RsaSha256);
    assert_eq!(signer.remarks, [Remark::NoSigningCertificate]);

    // In the signer's own time the path was in order: the certificate ended in 2021, the authority in 2024.
    let shared = shared().unwrap();
    let ca = |name: &str| std::fs::read(shared.join("fixtures/nca/ca").join(name)).unwrap();
    let mut anchors = Anchors::none();
    anchors.add_test(&Certificate::from_pem_or_der(&ca("root_rsa_test_2018.crt")).unwrap());
    let intermediates = [Certificate::from_pem_or_der(&ca("nca_rsa_test_2019.crt")).unwrap()];
    let path = find_path(signer.certificate.as_ref().unwrap(), &intermediates, &anchors).unwrap();
    assert_eq!(path.validity_at(signer.signing_time.unwrap()), Validity::Current);
    assert_eq!(path.validity_at(Timestamp::from_utc(2026, 1, 1, 0, 0, 0).unwrap()), Validity::Expired);
}

#[test]
fn a_detached_file_with_another_document_is_bad() {
    let other = Some(External::Content(b"another document"));
    let Some(report) = verified("gost512-detached-production-timestamp.der", other) else { return };
    assert!(!report.is_good());
    assert_eq!(report.signers[0].problems, [Problem::DigestMismatch]);
}
