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
