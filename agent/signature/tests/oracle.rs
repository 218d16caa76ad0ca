//! The independent verifier of the shared material judges what is made here.
//!
//! Where the material is absent this says so and passes; where it is present and the verifier cannot run, it fails:
//! a check that quietly does not happen is worse than one that is known to be missing. `TANBA_PYTHON` names a Python
//! that has the verifier's requirements; `python3` otherwise.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{golden_time, person, shared};
use pki::Certificate;
use serde_json::Value;
use signature::cms::{Content, sign, to_base64, to_pem};
use test_nca::Issued;

struct Oracle {
    shared: std::path::PathBuf,
    folder: tempfile::TempDir,
}

impl Oracle {
    fn new() -> Option<Self> {
        Some(Self { shared: shared()?, folder: tempfile::tempdir().unwrap() })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Exit code and report.
    fn cms(&self, file: &Path, ca: &[&Certificate], more: &[&str]) -> (i32, Value) {
        let python = std::env::var_os("TANBA_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(&python);
        command.current_dir(self.folder.path()).env("PYTHONPATH", self.shared.join("oracle"));
        command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args(["-m", "nca_oracle", "cms"])
            .arg(file)
            .arg("--json")
            .args(more);
        command.arg("--ca");
        for (index, certificate) in ca.iter().enumerate() {
            command.arg(self.write(&format!("ca{index}.cer"), certificate.der()));
        }
        let output = command.output().unwrap_or_else(|error| panic!("{python:?} does not start: {error}"));
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!(
                "the independent verifier does not run with {python:?}; set TANBA_PYTHON to a Python that has its \
                 requirements:\n{}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        (output.status.code().unwrap(), report)
    }
}

#[test]
fn what_is_made_here_passes_the_independent_verifier() {
    let Some(oracle) = Oracle::new() else { return };
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
        let (code, report) = oracle.cms(&oracle.write(name, &bytes), &ca, more);
        assert_eq!(code, 0, "{name}: {report:#}");
        assert_eq!(report["problems"], serde_json::json!([]), "{name}: {report:#}");
    }
}

#[test]
fn the_independent_verifier_refuses_what_is_spoiled() {
    let Some(oracle) = Oracle::new() else { return };
    let (nca, citizen) = person();
    let mut made = sign(&*citizen.signer().unwrap(), Content::Attached(b"text"), golden_time()).unwrap();
    *made.last_mut().unwrap() ^= 1;
    let (code, report) = oracle.cms(&oracle.write("spoiled.der", &made), &[nca.root(), nca.authority()], &[]);
    assert_eq!(code, 1, "{report:#}");
}
