//! The independent verifier of the shared material judges what is made here.
//!
//! Where the material is absent this says so and passes; where it is present and the verifier cannot run, it fails:
//! a check that quietly does not happen is worse than one that is known to be missing. `TANBA_PYTHON` names a Python
//! that has the verifier's requirements; `python3` otherwise.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::ffi::OsString;
use std::path::Path;

use common::{golden_time, person};
use nca_material::Oracle;
use pki::Certificate;
use serde_json::Value;
use signature::cms::{Content, sign, to_base64, to_pem};
use test_nca::Issued;

/// Exit code and report of the verifier over one CMS, with these authorities.
fn judged(oracle: &Oracle, file: &Path, ca: &[&Certificate], more: &[&str]) -> (i32, Value) {
    let mut arguments: Vec<OsString> = vec!["cms".into(), file.into(), "--json".into()];
    arguments.extend(more.iter().map(Into::into));
    arguments.push("--ca".into());
    for (index, certificate) in ca.iter().enumerate() {
        arguments.push(oracle.write(&format!("ca{index}.cer"), certificate.der()).into());
    }
    oracle.run(arguments)
}

#[test]
fn what_is_made_here_passes_the_independent_verifier() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, citizen) = person();
    let document = "Құжат мәтіні".as_bytes();
    let content = oracle.write("document", document);
    let content = content.to_str().unwrap();
    let ca = [nca.root(), nca.authority()];
    let made = |issued: &Issued, content| sign(&*issued.signer().unwrap(), content, golden_time()).unwrap();
    let attached = made(&citizen, Content::Attached(document));
    let digest = pki::DigestAlgorithm::Streebog512.digest(document);
    for (name, bytes, more) in [
        ("attached.der", attached.clone(), &[][..]),
        ("attached.pem", to_pem(&attached).into_bytes(), &[]),
        ("attached.txt", to_base64(&attached).into_bytes(), &[]),
        ("detached.der", made(&citizen, Content::Detached(document)), &["--content", content]),
        ("by-digest.der", made(&citizen, Content::DetachedDigest(&digest)), &["--content", content]),
        ("head.der", made(&nca.head().unwrap(), Content::Attached(document)), &[]),
        ("employee.der", made(&nca.employee().unwrap(), Content::Attached(document)), &[]),
    ] {
        let (code, report) = judged(&oracle, &oracle.write(name, &bytes), &ca, more);
        assert_eq!(code, 0, "{name}: {report:#}");
        assert_eq!(report["problems"], serde_json::json!([]), "{name}: {report:#}");
    }
}

#[test]
fn the_independent_verifier_refuses_what_is_spoiled() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, citizen) = person();
    let mut made = sign(&*citizen.signer().unwrap(), Content::Attached(b"text"), golden_time()).unwrap();
    *made.last_mut().unwrap() ^= 1;
    let (code, report) = judged(&oracle, &oracle.write("spoiled.der", &made), &[nca.root(), nca.authority()], &[]);
    assert_eq!(code, 1, "{report:#}");
}
