//! OpenSSL's GOST engine, which calls the same curves by their Russian names, verifies what is signed here and the other
//! way round. Its signatures are those of RFC 4491: `s_BE ‖ r_BE`, the bytes of ours from the last to the first.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;

use gost::{gost256, gost512, gost2004, hash};
use nca_material::openssl;

/// Runs OpenSSL; words that begin with `@` are files of the folder. Whether it succeeded.
fn run(folder: &Path, arguments: &str) -> bool {
    let file = |word: &str| match word.strip_prefix('@') {
        Some(name) => folder.join(name).to_str().unwrap().to_owned(),
        None => word.to_owned(),
    };
    openssl(arguments.split(' ').map(file)).is_some_and(|output| output.status.success())
}

/// Whether the engine is here; says so, if it is not.
fn has_engine() -> bool {
    let found = openssl(["engine", "gost"]).is_some_and(|output| output.status.success());
    if !found {
        println!("NOT RUN: OpenSSL's gost engine is not here");
    }
    found
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

macro_rules! check {
    ($module:ident, $algorithm:literal, $set:literal, $octets:literal, $hash:path) => {{
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let (key, public) = ("-out @key.pem", "-in @key.pem -pubout -outform DER -out @public.der");
        assert!(run(at, &format!("genpkey -engine gost -algorithm {} -pkeyopt paramset:{} {key}", $algorithm, $set)));
        assert!(run(at, &format!("pkey -engine gost {public}")));
        let spki = fs::read(at.join("public.der")).unwrap();
        let (header, point) = spki.split_at(spki.len() - 2 * $octets);
        let theirs = $module::PublicKey::from_le_bytes(point.try_into().unwrap()).unwrap();

        for number in 0..8_u8 {
            let digest = $hash(&[number]);
            fs::write(at.join("digest"), digest).unwrap();
            assert!(run(at, "pkeyutl -sign -engine gost -inkey @key.pem -in @digest -out @signature"));
            let signature = reversed(&fs::read(at.join("signature")).unwrap());
            let signature: [u8; 2 * $octets] = signature.try_into().unwrap();
            assert_eq!(theirs.verify_digest(&digest, &signature), Ok(()));
            assert!(theirs.verify_digest(&$hash(b"other"), &signature).is_err());

            let mut secret = [number + 1; $octets];
            secret[$octets - 1] &= 0x3f;
            let ours = $module::SecretKey::from_le_bytes(&secret).unwrap();
            let signature = ours.sign_digest(&digest, &[number; 32]);
            fs::write(at.join("ours.der"), [header, &ours.public_key().to_le_bytes()].concat()).unwrap();
            fs::write(at.join("signature"), reversed(&signature)).unwrap();
            let verify = "pkeyutl -verify -engine gost -pubin -keyform DER -inkey @ours.der -sigfile @signature";
            assert!(run(at, &format!("{verify} -in @digest")));
            fs::write(at.join("digest"), $hash(b"other")).unwrap();
            assert!(!run(at, &format!("{verify} -in @digest")));
        }
    }};
}

#[test]
fn signatures_of_512_bits_agree_with_openssls_engine() {
    if has_engine() {
        check!(gost512, "gost2012_512", "A", 64, hash::streebog512);
    }
}

#[test]
fn signatures_of_256_bits_agree_with_openssls_engine() {
    if has_engine() {
        check!(gost256, "gost2012_256", "TCA", 32, hash::streebog256);
    }
}

#[test]
fn signatures_of_2004_agree_with_openssls_engine() {
    if has_engine() {
        check!(gost2004, "gost2001", "A", 32, hash::gost34311);
    }
}
