//! The independent verifier of the shared material judges what is made here.
//!
//! Where the material is absent this says so and passes; where it is present and the verifier cannot run, it fails:
//! a check that quietly does not happen is worse than one that is known to be missing. `TANBA_PYTHON` names a Python
//! that has the verifier's requirements; `python3` otherwise.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::ffi::OsString;
use std::path::Path;

use common::{golden, golden_time, person};
use nca_material::Oracle;
use pki::Certificate;
use pki::tsp::Token;
use serde_json::Value;
use signature::cms::amend::{SameCertificate, ValidationData, add_signer, add_stamps, add_validation_data};
use signature::cms::stream::{sign_attached, sign_detached};
use signature::cms::{Content, External, TextForm, encode, sign, to_base64, to_pem};
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

#[test]
fn what_goes_by_passes_the_independent_verifier() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, citizen) = person();
    let ca = [nca.root(), nca.authority()];
    let document = "Құжат мәтіні ".as_bytes().repeat(4000);
    let content = oracle.write("document", &document);
    let signer = citizen.signer().unwrap();
    let mut attached = Vec::new();
    sign_attached(&*signer, &mut std::io::Cursor::new(&document), &mut attached, golden_time()).unwrap();
    let detached = sign_detached(&*signer, &mut document.as_slice(), golden_time()).unwrap();
    for (name, bytes, more) in [
        ("attached.der", attached.clone(), &[][..]),
        ("attached.lines", encode(&attached, TextForm::Base64Lines), &[]),
        ("detached.der", detached, &["--content", content.to_str().unwrap()]),
    ] {
        let (code, report) = judged(&oracle, &oracle.write(name, &bytes), &ca, more);
        assert_eq!((code, &report["problems"]), (0, &serde_json::json!([])), "{name}: {report:#}");
    }
}

#[test]
fn several_signers_and_time_stamps_pass_the_independent_verifier() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, citizen) = person();
    let head = nca.head().unwrap();
    let token = |name: &str| Token::from_der(&golden(name)).unwrap();
    let golden_ca = Certificate::from_der(&golden("ca.cer")).unwrap();
    let ca = [nca.root(), nca.authority(), &golden_ca];
    let document = golden("document.txt");
    let content = oracle.write("document", &document);
    let content = ["--content", content.to_str().unwrap()];
    let add = |der: &[u8], issued: &Issued, external| {
        add_signer(der, &*issued.signer().unwrap(), external, SameCertificate::Refuse, nca.now()).unwrap()
    };
    let both = golden("two-signers.der");
    let stamped = add_stamps(&both, &[(0, &token("two-signers-0.stamp")), (1, &token("two-signers-1.stamp"))]).unwrap();
    let four = add(&add(&stamped, &citizen, None), &head, None);
    let twice = add_stamps(&golden("stamped.der"), &[(0, &token("attached-second.stamp"))]).unwrap();
    let detached = add(&golden("detached.der"), &citizen, Some(External::Content(&document)));
    for (name, der, more, stamps) in [
        ("both.der", &stamped, &[][..], vec![1, 1]),
        ("four.der", &four, &[], vec![0, 0, 1, 1]),
        ("twice.der", &twice, &[], vec![2]),
        ("detached.der", &detached, &content, vec![0, 0]),
    ] {
        let (code, report) = judged(&oracle, &oracle.write(name, der), &ca, more);
        assert_eq!((code, &report["problems"]), (0, &serde_json::json!([])), "{name}: {report:#}");
        assert_eq!(report["encoding"], "DER", "{name}: {report:#}");
        let signers = report["signers"].as_array().unwrap();
        let mut counts: Vec<_> = signers.iter().map(|signer| signer["timestamps"].as_array().unwrap().len()).collect();
        counts.sort_unstable();
        assert_eq!(counts, stamps, "{name}: {report:#}");
    }
    // A stamp in the wrong signature is found by it as well.
    let mut spoiled = twice;
    let last = spoiled.len() - 1;
    spoiled[last] ^= 1;
    let (code, report) = judged(&oracle, &oracle.write("spoiled.der", &spoiled), &ca, &[]);
    assert_eq!(code, 1, "{report:#}");
}

#[test]
fn validation_data_leaves_the_signatures_good_for_the_independent_verifier() {
    let Some(oracle) = Oracle::find() else { return };
    let fixture = |name: &str| nca_material::fixture(name).unwrap();
    let der = fixture("cms/gost512-attached-production-timestamp.der");
    let (crl, ocsp) = (fixture("crl/nca_gost2022_test.crl"), fixture("ocsp/gost512-revoked.der"));
    let chain = ["ca/nca_gost2022_test.cer", "ca/root_test_gost_2022.cer", "ca/prod_tsa_gost_2025_2028.cer"]
        .map(|name| Certificate::from_pem_or_der(&fixture(name)).unwrap());
    let trusted: Vec<_> = chain.iter().collect();
    let with = |ocsp_responses: &[&[u8]]| {
        let data = ValidationData { certificates: &chain, ocsp_responses, crls: &[&crl] };
        add_validation_data(&der, &data).unwrap()
    };
    let (code, report) = judged(&oracle, &oracle.write("crl.der", &with(&[])), &trusted, &[]);
    assert_eq!((code, &report["problems"]), (0, &serde_json::json!([])), "{report:#}");
    assert_eq!((&report["crls"], &report["encoding"]), (&1.into(), &"DER".into()), "{report:#}");
    // It counts kinds of certificates for the version, and does not know that kinds of revocation information count too
    // (RFC 5652 §5.1): that is all it finds.
    let (code, report) = judged(&oracle, &oracle.write("ocsp.der", &with(&[&ocsp])), &trusted, &[]);
    let problems: Vec<_> = report["problems"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!((code, problems.len(), &report["crls"]), (1, 1, &2.into()), "{report:#}");
    assert!(problems[0].contains("version is 5"), "{problems:?}");
}
