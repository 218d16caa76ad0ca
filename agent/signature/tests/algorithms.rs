//! Every algorithm that keys have: what is made here passes other programs, and what they make passes here.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::golden_time;
use nca_material::{Oracle, openssl};
use pki::{SignatureAlgorithm, Signer};
use signature::cms::{Content, External, Remark, sign, verify};
use test_nca::{Issued, NewKey, TestNca};

const DOCUMENT: &[u8] = "Құжат мәтіні: қол қойылатын".as_bytes();

fn nca(kind: NewKey) -> TestNca {
    TestNca::of(kind, golden_time()).unwrap()
}

/// Each kind with the signers it has.
fn signers(kind: NewKey, person: &Issued) -> Vec<Box<dyn Signer>> {
    match kind {
        NewKey::Rsa2048 => {
            [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha384, SignatureAlgorithm::RsaSha512]
                .map(|algorithm| person.signer_with_algorithm(algorithm).unwrap())
                .into()
        }
        _ => vec![person.signer().unwrap()],
    }
}

#[test]
fn what_is_made_with_any_key_is_good_and_is_bad_once_it_is_spoiled() {
    for kind in [
        NewKey::Gost512,
        NewKey::Gost256,
        NewKey::Gost2004,
        NewKey::Rsa2048,
        NewKey::Rsa3072,
        NewKey::Rsa4096,
        NewKey::P256,
        NewKey::P384,
    ] {
        let person = nca(kind).person().unwrap();
        for signer in signers(kind, &person) {
            let digest = signer.algorithm().digest_algorithm().unwrap().digest(DOCUMENT);
            let made = |content| sign(&*signer, content, golden_time()).unwrap();
            for (der, external) in [
                (made(Content::Attached(DOCUMENT)), None),
                (made(Content::Detached(DOCUMENT)), Some(External::Content(DOCUMENT))),
                (made(Content::DetachedDigest(&digest)), Some(External::Digest(&digest))),
            ] {
                let report = verify(&der, external).unwrap();
                assert!(report.is_good(), "{kind:?}: {report:?}");
                assert_eq!(report.signers[0].signature_algorithm, signer.algorithm());
                assert_eq!(report.signers[0].signature_algorithm_oid, signer.algorithm().oid());
                assert_eq!(report.signers[0].remarks, []);
                let mut spoiled = der.clone();
                *spoiled.last_mut().unwrap() ^= 1;
                assert!(!verify(&spoiled, external).unwrap().is_good());
            }
        }
    }
}

#[test]
fn ecdsa_is_named_without_parameters_and_the_others_with_null() {
    for kind in [NewKey::Gost2004, NewKey::Rsa2048, NewKey::P256] {
        let person = nca(kind).person().unwrap();
        let der = sign(&*person.signer().unwrap(), Content::Attached(DOCUMENT), golden_time()).unwrap();
        let oid = pki::tlv::oid(&person.signer().unwrap().algorithm().oid());
        let place = der.windows(oid.len()).rposition(|window| window == oid).unwrap() + oid.len();
        let after = &der[place..place + 2];
        assert_eq!(after == [0x05, 0x00], kind != NewKey::P256);
        assert_eq!(after[0] == 0x04, kind == NewKey::P256);
    }
}

#[test]
fn the_independent_verifier_accepts_what_is_made_with_each_key() {
    let Some(oracle) = Oracle::find() else { return };
    let content = oracle.write("document", DOCUMENT);
    for kind in [NewKey::Gost2004, NewKey::Rsa2048, NewKey::P256, NewKey::P384] {
        let nca = nca(kind);
        let person = nca.person().unwrap();
        let root = oracle.write("root.cer", nca.root().der());
        let authority = oracle.write("nca.cer", nca.authority().der());
        for (index, signer) in signers(kind, &person).into_iter().enumerate() {
            let contents = [Content::Attached(DOCUMENT), Content::Detached(DOCUMENT)];
            // The verifier takes its second: the detached form once for each key.
            for content_of in contents.into_iter().take(if index == 0 { 2 } else { 1 }) {
                let made = oracle.write("made.der", &sign(&*signer, content_of, golden_time()).unwrap());
                let mut arguments = vec!["cms".into(), made.into_os_string(), "--json".into()];
                if content_of == Content::Detached(DOCUMENT) {
                    arguments.extend(["--content".into(), content.clone().into_os_string()]);
                }
                arguments.extend(["--ca".into(), root.clone().into_os_string(), authority.clone().into_os_string()]);
                let (code, report) = oracle.run(arguments);
                assert_eq!(code, 0, "{kind:?}: {report:#}");
                assert_eq!(report["problems"], serde_json::json!([]), "{kind:?}: {report:#}");
            }
        }
    }
}

/// Runs OpenSSL: whether it succeeded, or `None` where it is not here.
fn ran(arguments: &[&str]) -> Option<bool> {
    let output = openssl(arguments)?;
    if !output.status.success() {
        println!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Some(output.status.success())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path: PathBuf = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn openssl_accepts_what_is_made_with_rsa_and_ec_keys() {
    let folder = tempfile::tempdir().unwrap();
    let time = golden_time().as_unix().to_string();
    for kind in [NewKey::Rsa2048, NewKey::Rsa3072, NewKey::P256, NewKey::P384] {
        let nca = nca(kind);
        let authorities = [nca.root(), nca.authority()].map(|certificate| certificate.to_pem()).concat();
        let authorities = write(folder.path(), "ca.pem", authorities.as_bytes());
        let document = write(folder.path(), "document", DOCUMENT);
        let out = folder.path().join("out").to_str().unwrap().to_owned();
        for signer in signers(kind, &nca.person().unwrap()) {
            let made = |content| sign(&*signer, content, golden_time()).unwrap();
            let attached = write(folder.path(), "attached.der", &made(Content::Attached(DOCUMENT)));
            let detached = write(folder.path(), "detached.der", &made(Content::Detached(DOCUMENT)));
            let common = ["-inform", "DER", "-binary", "-CAfile", &authorities, "-attime", &time];
            // With -cades, signingCertificateV2 as well.
            let command = |file| [&["cms", "-verify", "-cades", "-out", &out, "-in", file], &common[..]].concat();
            let Some(accepted) = ran(&command(&attached)) else { return };
            assert!(accepted, "{kind:?}");
            assert_eq!(fs::read(&out).unwrap(), DOCUMENT);
            assert_eq!(ran(&[&command(&detached)[..], &["-content", &document]].concat()), Some(true), "{kind:?}");
            let other = write(folder.path(), "other", b"another document");
            assert_eq!(ran(&[&command(&detached)[..], &["-content", &other]].concat()), Some(false), "{kind:?}");
        }
    }
}

#[test]
fn what_openssl_makes_is_good_and_a_weak_digest_is_remarked() {
    let folder = tempfile::tempdir().unwrap();
    let document = write(folder.path(), "document", DOCUMENT);
    let out = folder.path().join("made.der").to_str().unwrap().to_owned();
    for kind in [NewKey::Rsa2048, NewKey::P256, NewKey::P384] {
        let person = nca(kind).person().unwrap();
        let key = write(folder.path(), "key.der", &person.key.to_pkcs8());
        let certificate = write(folder.path(), "certificate.pem", person.certificate.to_pem().as_bytes());
        let digests: &[&str] = match kind {
            NewKey::Rsa2048 => &["sha1", "sha256", "sha384", "sha512"],
            _ => &["sha256", "sha384", "sha512"],
        };
        for digest in digests {
            let signed = ["-signer", &certificate, "-inkey", &key, "-keyform", "DER", "-md", digest];
            let shape = ["-in", &document, "-out", &out, "-outform", "DER", "-binary", "-nodetach"];
            let Some(made) = ran(&[&["cms", "-sign"], &signed[..], &shape].concat()) else { return };
            assert!(made);
            let report = verify(&fs::read(&out).unwrap(), None).unwrap();
            assert!(report.is_good(), "{kind:?} {digest}: {report:?}");
            let weak = Remark::WeakDigest(pki::oid::SHA1);
            assert_eq!(report.signers[0].remarks.contains(&weak), *digest == "sha1");
            assert_eq!(weak.code(), "weak-digest");
            assert!(weak.to_string().starts_with("weak digest"));
        }
    }
}
