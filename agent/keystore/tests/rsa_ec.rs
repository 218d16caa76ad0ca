//! RSA and EC keys that OpenSSL made sign, and OpenSSL verifies; keys whose numbers do not fit are broken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path, sync::Arc};

use nca_material::openssl;
use pki::{Certificate, DigestAlgorithm, PublicKey, SignatureAlgorithm, tlv};
use tanba_keystore::{BrokenKey, CannotSign, NewKey, OsEntropy, PrivateKey};
use tempfile::TempDir;

/// Runs OpenSSL in a folder; `None` where it is not here.
fn run(folder: &Path, arguments: &str) -> Option<()> {
    let arguments: Vec<String> = arguments
        .split(' ')
        .map(|word| {
            word.strip_prefix('@').map_or(word.to_owned(), |file| folder.join(file).to_str().unwrap().to_owned())
        })
        .collect();
    let output = openssl(&arguments)?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// A key of OpenSSL's with its certificate.
struct Made {
    folder: TempDir,
    pkcs8: Vec<u8>,
    certificate: Certificate,
}

impl Made {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        run(at, &format!("genpkey -out @key.pem -algorithm {options}"))?;
        run(at, "pkcs8 -topk8 -nocrypt -in @key.pem -outform DER -out @key.p8");
        run(at, "req -x509 -key @key.pem -subj /CN=TEST -days 9 -out @certificate.pem");
        run(at, "pkey -in @key.pem -pubout -out @public.pem");
        let certificate = Certificate::from_pem_or_der(&fs::read(at.join("certificate.pem")).unwrap()).unwrap();
        Some(Self { pkcs8: fs::read(at.join("key.p8")).unwrap(), folder, certificate })
    }

    /// Signs a document with that key and has OpenSSL verify it.
    fn check(&self, key: &PrivateKey, algorithm: SignatureAlgorithm) {
        let signer = key.signer_with_algorithm(&self.certificate, algorithm, Arc::new(OsEntropy)).unwrap();
        assert_eq!(signer.algorithm(), algorithm);
        let digest = algorithm.digest_algorithm().unwrap();
        let signature = signer.sign_digest(&digest.digest("құжат".as_bytes())).unwrap();
        let at = self.folder.path();
        fs::write(at.join("document"), "құжат").unwrap();
        fs::write(at.join("signature"), signature).unwrap();
        let name = match digest {
            DigestAlgorithm::Sha256 => "sha256",
            DigestAlgorithm::Sha384 => "sha384",
            _ => "sha512",
        };
        run(at, &format!("dgst -{name} -verify @public.pem -signature @signature @document"));
        let wrong = signer.sign_digest(&digest.digest(b"")[1..]);
        assert!(wrong.is_err());
    }

    fn key(&self) -> PrivateKey {
        PrivateKey::from_pkcs8(&self.pkcs8).unwrap()
    }

    fn refused(&self, key: &PrivateKey) -> Option<CannotSign> {
        key.signer(&self.certificate, Arc::new(OsEntropy)).err()
    }
}

const RSA: [SignatureAlgorithm; 3] =
    [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha384, SignatureAlgorithm::RsaSha512];

#[test]
fn rsa_keys_of_every_size_sign_with_every_digest() {
    for bits in [2048, 3072, 4096] {
        let Some(made) = Made::new(&format!("RSA -pkeyopt rsa_keygen_bits:{bits}")) else { return };
        let key = made.key();
        assert_eq!(key.signature_algorithm(), Some(SignatureAlgorithm::RsaSha256));
        assert!(key.belongs_to(&made.certificate));
        assert_eq!(*key.to_pkcs8(), made.pkcs8);
        for algorithm in RSA {
            made.check(&key, algorithm);
        }
        let weak = key.signer_with_algorithm(&made.certificate, SignatureAlgorithm::RsaSha1, Arc::new(OsEntropy));
        assert_eq!(weak.err(), Some(CannotSign::Unsupported("RSA")), "nothing new is signed over SHA-1");
    }
}

#[test]
fn ec_keys_sign_with_and_without_their_public_half() {
    for (curve, algorithm) in [("P-256", SignatureAlgorithm::EcdsaSha256), ("P-384", SignatureAlgorithm::EcdsaSha384)] {
        let Some(made) = Made::new(&format!("EC -pkeyopt ec_paramgen_curve:{curve}")) else { return };
        let alone = without_public(&made.pkcs8);
        assert!(alone.len() < made.pkcs8.len());
        for pkcs8 in [&made.pkcs8, &alone] {
            let key = PrivateKey::from_pkcs8(pkcs8).unwrap();
            assert_eq!(key.signature_algorithm(), Some(algorithm));
            assert_eq!(key.public_key().as_ref(), Some(made.certificate.public_key()));
            made.check(&key, algorithm);
        }
    }
}

/// An EC key in PKCS#8 with nothing but version and number in its ECPrivateKey.
fn without_public(pkcs8: &[u8]) -> Vec<u8> {
    let mut outer = tlv::whole(pkcs8, tlv::SEQUENCE).unwrap().children();
    let (version, algorithm) = (outer.read().unwrap(), outer.read().unwrap());
    let key = outer.read().unwrap();
    let mut fields = tlv::Reader::at(key.value(), 0).read().unwrap().children();
    let (one, number) = (fields.read().unwrap(), fields.read().unwrap());
    let key = tlv::element(tlv::SEQUENCE, &[one.raw(), number.raw()]);
    let key = tlv::element(tlv::OCTET_STRING, &[&key]);
    tlv::element(tlv::SEQUENCE, &[version.raw(), algorithm.raw(), &key])
}

#[test]
fn an_rsa_key_whose_numbers_do_not_fit_is_broken() {
    let Some(made) = Made::new("RSA -pkeyopt rsa_keygen_bits:2048") else { return };
    let mut outer = tlv::whole(&made.pkcs8, tlv::SEQUENCE).unwrap().children();
    outer.read().unwrap();
    outer.read().unwrap();
    let key = outer.read().unwrap();
    let mut numbers = tlv::Reader::at(key.value(), key.value_offset()).read().unwrap().children();
    numbers.read().unwrap();
    // n, e, d, p, q, dP, dQ, qInv: a fault in any of them would give the key away with the first signature.
    for name in ["n", "e", "d", "p", "q", "dP", "dQ", "qInv"] {
        let number = numbers.read().unwrap();
        let mut spoiled = made.pkcs8.clone();
        spoiled[number.value_offset() + number.value().len() - 1] ^= 2;
        assert_eq!(PrivateKey::from_pkcs8(&spoiled).err(), Some(BrokenKey), "{name}");
    }
}

#[test]
fn an_ec_key_with_the_public_half_of_another_is_broken() {
    let (Some(made), Some(other)) =
        (Made::new("EC -pkeyopt ec_paramgen_curve:P-256"), Made::new("EC -pkeyopt ec_paramgen_curve:P-256"))
    else {
        return;
    };
    let point = made.pkcs8.len() - 64;
    let mixed = [&made.pkcs8[..point], &other.pkcs8[point..]].concat();
    assert_eq!(PrivateKey::from_pkcs8(&mixed).err(), Some(BrokenKey));
    let alone = without_public(&made.pkcs8);
    let number = alone.len() - 32;
    for fill in [0, 0xff] {
        let spoiled = [&alone[..number], &[fill; 32]].concat();
        assert_eq!(PrivateKey::from_pkcs8(&spoiled).err(), Some(BrokenKey), "zero, or not below the order");
    }
}

#[test]
fn a_key_does_not_sign_for_the_certificate_of_another() {
    for options in ["RSA -pkeyopt rsa_keygen_bits:2048", "EC -pkeyopt ec_paramgen_curve:P-256"] {
        let (Some(made), Some(other)) = (Made::new(options), Made::new(options)) else { return };
        assert_eq!(made.refused(&other.key()), Some(CannotSign::KeyDoesNotMatchCertificate));
        assert_eq!(made.refused(&made.key()), None);
    }
}

#[test]
fn short_keys_and_other_curves_are_shown_and_do_not_sign() {
    for (options, name) in
        [("RSA -pkeyopt rsa_keygen_bits:1024", "RSA"), ("EC -pkeyopt ec_paramgen_curve:secp256k1", "EC")]
    {
        let Some(made) = Made::new(options) else { return };
        let key = made.key();
        assert!(key.belongs_to(&made.certificate));
        assert_eq!((key.algorithm_name(), key.signature_algorithm()), (name, None));
        assert_eq!(made.refused(&key), Some(CannotSign::Unsupported(name)));
    }
}

#[test]
fn a_new_key_of_every_kind_reads_back_and_is_another_each_time() {
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
        let key = PrivateKey::generate(kind, &OsEntropy).unwrap();
        let again = PrivateKey::from_pkcs8(&key.to_pkcs8()).unwrap();
        let public = key.public_key().unwrap();
        assert_eq!(again.public_key().unwrap(), public);
        assert_eq!(key.signature_algorithm(), public.signature_algorithm());
        assert_ne!(PrivateKey::generate(kind, &OsEntropy).unwrap().public_key().unwrap(), public);
        let (PublicKey::Rsa { .. } | PublicKey::Ec { .. }) = public else { continue };
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key.p8"), &*key.to_pkcs8()).unwrap();
        if run(folder.path(), "pkey -inform DER -in @key.p8 -check -noout").is_none() {
            return;
        }
        run(folder.path(), "pkey -inform DER -in @key.p8 -pubout -outform DER -out @public.der");
        assert_eq!(fs::read(folder.path().join("public.der")).unwrap(), public.to_spki_der().unwrap());
    }
}
