//! The key files of the NCA's SDK (kz-crypto 17.2).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::PathBuf};

use pki::{PublicKey, SignatureAlgorithm};
use tanba_keystore::{
    Password, PrivateKey,
    pkcs12::{self, OpenError},
};

fn key_files() -> Vec<(PathBuf, &'static str)> {
    let Some(folder) = nca_material::shared() else { return Vec::new() };
    let mut files: Vec<_> = fs::read_dir(folder.join("fixtures/nca/keys"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "p12"))
        .map(|path| {
            let password = if path.to_str().unwrap().contains("Aa123456") { "Aa123456" } else { "Qwerty12" };
            (path, password)
        })
        .collect();
    files.sort();
    assert_eq!(files.len(), 9);
    files
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

#[test]
fn every_key_file_of_the_nca_opens_and_shows_its_certificate() {
    for (path, text) in key_files() {
        let bytes = fs::read(&path).unwrap();
        assert!(pkcs12::looks_like_pkcs12(&bytes));
        pkcs12::inspect(&bytes).unwrap();
        let contents = pkcs12::open(&bytes, &password(text)).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!((contents.entries.len(), contents.certificates.len(), contents.skipped), (1, 0, 0), "{path:?}");

        let entry = &contents.entries[0];
        let certificate = entry.certificate.as_ref().unwrap();
        assert!(entry.key.belongs_to(certificate));
        assert_eq!(entry.local_key_id.as_deref(), certificate.subject_key_identifier());
        assert_eq!(entry.alias, hex(certificate.subject_key_identifier().unwrap()));
        assert!(certificate.holder().name.starts_with("ТЕСТ"));
        let name = path.file_name().unwrap().to_str().unwrap();
        match certificate.public_key() {
            PublicKey::Gost512(_) => assert!(name.starts_with("gost512-")),
            PublicKey::Gost2004(_) => assert!(name.starts_with("gost2004-")),
            PublicKey::Rsa { .. } => assert!(name.starts_with("rsa-")),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_key_of_the_nca_signs_and_its_certificate_verifies() {
    for (path, text) in key_files() {
        let contents = pkcs12::open(&fs::read(&path).unwrap(), &password(text)).unwrap();
        let signer = contents.entries[0].signer().unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let algorithm = signer.algorithm();
        let digest = algorithm.digest_algorithm().unwrap().digest("құжат".as_bytes());
        let signature = signer.sign_digest(&digest).unwrap();
        signer.certificate().public_key().verify(&digest, &signature, algorithm).unwrap();
        // Nonces are hedged; PKCS#1 v1.5 has none.
        let repeats = signature == signer.sign_digest(&digest).unwrap();
        assert_eq!(repeats, algorithm == SignatureAlgorithm::RsaSha256);
        assert!(signer.sign_digest(&digest[1..]).is_err());
    }
}

#[test]
fn a_wrong_password_of_an_nca_file_is_its_own_error() {
    for (path, text) in key_files() {
        let bytes = fs::read(&path).unwrap();
        for wrong in ["", "wrong", &text.to_lowercase(), &format!("{text} "), "Қупия-сөз", "𝄞"] {
            assert_eq!(pkcs12::open(&bytes, &password(wrong)).unwrap_err(), OpenError::WrongPassword);
        }
    }
}

#[test]
fn an_nca_file_that_is_cut_off_is_its_own_error() {
    for (path, text) in key_files() {
        let bytes = fs::read(&path).unwrap();
        for len in 1..bytes.len() {
            assert_eq!(pkcs12::open(&bytes[..len], &password(text)).unwrap_err(), OpenError::Truncated, "{len}");
            assert_eq!(pkcs12::inspect(&bytes[..len]), Err(OpenError::Truncated), "{len}");
        }
    }
}

#[test]
fn the_private_keys_of_the_vectors_are_read_and_written_as_they_stand() {
    let Some(folder) = nca_material::shared() else { return };
    let text = fs::read(folder.join("fixtures/nca/gost-vectors.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 8);
    for vector in vectors {
        let key = PrivateKey::from_pkcs8(&bytes(&vector["private_key_info_hex"])).unwrap();
        assert_eq!(*key.to_pkcs8(), bytes(&vector["private_key_info_hex"]));
        let public = key.public_key().unwrap();
        assert_eq!(public.to_spki_der().unwrap(), bytes(&vector["spki_hex"]));
        assert_eq!(public.key_identifier().unwrap().to_vec(), bytes(&vector["ski_sha1_bitstring_content"]));
    }
}

fn bytes(hex: &serde_json::Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
