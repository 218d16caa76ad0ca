//! Keys and signatures of RSA and EC that OpenSSL made.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;

use nca_material::openssl;
use pki::trust::{Anchors, ChainError, find_path};
use pki::{Certificate, PublicKey, SignatureAlgorithm, VerifyError};
use tempfile::TempDir;

/// A key that OpenSSL made, in a folder of its own.
struct Key {
    folder: TempDir,
    public: PublicKey,
}

impl Key {
    /// `None` where OpenSSL is not here.
    fn new(options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (key, public) = (folder.path().join("key.pem"), folder.path().join("public.der"));
        run(&[&["genpkey", "-out", key.to_str().unwrap(), "-algorithm"], options].concat())?;
        run(&["pkey", "-in", key.to_str().unwrap(), "-pubout", "-outform", "DER", "-out", public.to_str().unwrap()]);
        let spki = fs::read(public).unwrap();
        let public = PublicKey::from_spki_der(&spki).unwrap();
        assert_eq!(public.to_spki_der().unwrap(), spki);
        Some(Self { folder, public })
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn sign(&self, digest: &str, document: &[u8]) -> Vec<u8> {
        fs::write(self.at("document"), document).unwrap();
        let (key, out) = (self.at("key.pem"), self.at("signature"));
        run(&["dgst", digest, "-sign", &key, "-out", &out, &self.at("document")]);
        fs::read(out).unwrap()
    }
}

fn run(arguments: &[&str]) -> Option<()> {
    let output = openssl(arguments)?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// Verifies with its own digest, key and algorithm, and with no other.
fn check(key: &Key, stranger: &PublicKey, digest: &str, algorithm: SignatureAlgorithm) {
    let document = "Құжат".as_bytes();
    let hash = algorithm.digest_algorithm().unwrap().digest(document);
    let signature = key.sign(digest, document);
    assert_eq!(key.public.verify(&hash, &signature, algorithm), Ok(()), "{algorithm:?}");
    assert_eq!(stranger.verify(&hash, &signature, algorithm), Err(VerifyError::Mismatch));
    let mut other = hash.clone();
    other[3] ^= 4;
    assert_eq!(key.public.verify(&other, &signature, algorithm), Err(VerifyError::Mismatch));
    let length = VerifyError::DigestLength { expected: hash.len(), found: hash.len() - 1 };
    assert_eq!(key.public.verify(&hash[1..], &signature, algorithm), Err(length));
    for place in [2, signature.len() / 2, signature.len() - 1] {
        let mut other = signature.clone();
        other[place] ^= 1;
        assert_eq!(key.public.verify(&hash, &other, algorithm), Err(VerifyError::Mismatch));
    }
    // ECDSA has one encoding of each signature, and RSA one length.
    assert!(key.public.verify(&hash, &[&signature[..], &[0]].concat(), algorithm).is_err());
    assert!(key.public.verify(&hash, &signature[1..], algorithm).is_err());
}

#[test]
fn rsa_signatures_of_openssl_verify_with_every_size_and_digest() {
    let sizes = ["rsa_keygen_bits:2048", "rsa_keygen_bits:3072", "rsa_keygen_bits:4096"];
    let Some(stranger) = Key::new(&["RSA", "-pkeyopt", sizes[0]]) else { return };
    for size in sizes {
        let key = Key::new(&["RSA", "-pkeyopt", size]).unwrap();
        let algorithms = [
            ("-sha1", SignatureAlgorithm::RsaSha1),
            ("-sha256", SignatureAlgorithm::RsaSha256),
            ("-sha384", SignatureAlgorithm::RsaSha384),
            ("-sha512", SignatureAlgorithm::RsaSha512),
        ];
        for (digest, algorithm) in algorithms {
            assert_eq!(algorithm.is_weak(), digest == "-sha1");
            if size == sizes[0] {
                check(&key, &stranger.public, digest, algorithm);
            }
            let hash = algorithm.digest_algorithm().unwrap().digest(b"text");
            let signature = key.sign(digest, b"text");
            assert_eq!(key.public.verify(&hash, &signature, algorithm), Ok(()));
        }
        // A digest is named in the signature: of the same length, another is another.
        let hash = SignatureAlgorithm::RsaSha256.digest_algorithm().unwrap().digest(b"text");
        let streebog = pki::DigestAlgorithm::Streebog256.digest(b"text");
        let signature = key.sign("-sha256", b"text");
        assert_eq!(key.public.verify(&streebog, &signature, SignatureAlgorithm::RsaSha256), Err(VerifyError::Mismatch));
        assert!(key.public.verify(&hash, &signature, SignatureAlgorithm::RsaSha512).is_err());
    }
}

#[test]
fn a_short_rsa_key_is_not_accepted() {
    let Some(key) = Key::new(&["RSA", "-pkeyopt", "rsa_keygen_bits:1024"]) else { return };
    for (digest, algorithm) in [("-sha1", SignatureAlgorithm::RsaSha1), ("-sha256", SignatureAlgorithm::RsaSha256)] {
        let hash = algorithm.digest_algorithm().unwrap().digest(b"text");
        let verified = key.public.verify(&hash, &key.sign(digest, b"text"), algorithm);
        assert_eq!(verified, Err(VerifyError::KeySize(1024)));
    }
}

#[test]
fn ec_signatures_of_openssl_verify_on_both_curves_with_every_digest() {
    for (curve, own) in [("P-256", SignatureAlgorithm::EcdsaSha256), ("P-384", SignatureAlgorithm::EcdsaSha384)] {
        let options = ["EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")];
        let (Some(key), Some(stranger)) = (Key::new(&options), Key::new(&options)) else { return };
        assert_eq!(key.public.signature_algorithm(), Some(own));
        for (digest, algorithm) in [
            ("-sha256", SignatureAlgorithm::EcdsaSha256),
            ("-sha384", SignatureAlgorithm::EcdsaSha384),
            ("-sha512", SignatureAlgorithm::EcdsaSha512),
        ] {
            check(&key, &stranger.public, digest, algorithm);
        }
    }
}

#[test]
fn a_certificate_signed_over_sha_1_is_not_believed() {
    let Some(key) = Key::new(&["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]) else { return };
    let made = |digest: &str| {
        let out = key.at("certificate.pem");
        run(&["req", "-x509", "-key", &key.at("key.pem"), digest, "-subj", "/CN=TEST", "-days", "9", "-out", &out]);
        Certificate::from_pem_or_der(&fs::read(out).unwrap()).unwrap()
    };
    let (strong, weak) = (made("-sha256"), made("-sha1"));
    let mut anchors = Anchors::none();
    anchors.add_test(&strong);
    assert!(find_path(&strong, &[], &anchors).is_ok());
    assert_eq!(weak.verify_signature(strong.public_key()), Ok(()), "it is computed where one asks for it");
    let error = find_path(&weak, &[], &anchors).unwrap_err();
    let expected = VerifyError::Weak(SignatureAlgorithm::RsaSha1.oid());
    assert!(matches!(error, ChainError::Signature { error, .. } if error == expected), "{error}");
}
