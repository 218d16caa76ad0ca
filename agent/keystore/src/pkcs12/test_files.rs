//! Key files of every shape, made for the tests of this module.

use std::sync::atomic::{AtomicU64, Ordering};

use const_oid::ObjectIdentifier;
use pki::{
    Certificate, Timestamp,
    issue::{Issuer, Template, Urls, issue},
    name::NameBuilder,
    oid,
    tlv::{self, element},
};
use sha2::{Digest, Sha256};

use super::{
    cipher::Cipher,
    hash::Hash,
    kdf::{self, Purpose},
    oids, pbe,
};
use crate::{Entropy, EntropyError, IssuingKey, Password, PrivateKey};

pub(super) const SALT: [u8; 20] = [0x5a; 20];
pub(super) const ROUNDS: u64 = 3;

/// Reproducible "random" bytes.
pub(super) struct Counting(AtomicU64);

impl Counting {
    pub(super) fn from(start: u64) -> Self {
        Self(AtomicU64::new(start))
    }
}

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in buffer.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// A key with a self-signed certificate; another for every `number`.
pub(crate) fn key(number: u64) -> (PrivateKey, Certificate) {
    key_from(number, Timestamp::from_utc(2026, 1, 1, 0, 0, 0).unwrap())
}

/// The same key with the certificate that came a year later.
pub(super) fn renewed(number: u64) -> (PrivateKey, Certificate) {
    key_from(number, Timestamp::from_utc(2027, 1, 1, 0, 0, 0).unwrap())
}

fn key_from(number: u64, from: Timestamp) -> (PrivateKey, Certificate) {
    let entropy = Counting::from(number << 32);
    let key = PrivateKey::generate_gost512(&entropy).unwrap();
    let name = NameBuilder::new().with(oid::COMMON_NAME, &format!("TEST {number}")).build().unwrap();
    let template = Template::root(name, from, from.plus_days(30), Urls::default());
    let issuer = IssuingKey::new(&key, &entropy).unwrap();
    let certificate = issue(&template, Issuer::Itself(&issuer), &key.public_key().unwrap()).unwrap();
    (key, certificate)
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tlv::SEQUENCE, parts)
}

pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(tlv::OCTET_STRING, &[content])
}

pub(super) fn explicit(content: &[u8]) -> Vec<u8> {
    element(tlv::context(0), &[content])
}

pub(super) fn number(value: u64) -> Vec<u8> {
    let digits = value.to_be_bytes();
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(7);
    let sign: &[u8] = if digits[first] & 0x80 != 0 { &[0] } else { &[] };
    element(tlv::INTEGER, &[sign, &digits[first..]])
}

pub(super) fn algorithm(oid: &str, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(&ObjectIdentifier::new_unwrap(oid)), parameters])
}

/// How something is enciphered: its AlgorithmIdentifier, and the ciphertext.
pub(super) type Seal = dyn Fn(&[u8]) -> (Vec<u8>, Vec<u8>);
pub(super) type Sealer<'a> = &'a dyn Fn(&[u8]) -> (Vec<u8>, Vec<u8>);

/// A scheme of RFC 7292 appendix C, with the password in its form of B.1.
pub(super) fn pbe(number_of: u8, cipher: Cipher, bmp: &[u8]) -> impl Fn(&[u8]) -> (Vec<u8>, Vec<u8>) + use<> {
    let bmp = bmp.to_vec();
    move |plain| {
        let parameters = sequence(&[&octets(&SALT), &number(ROUNDS)]);
        let sealed = pbe::seal(cipher, &bmp, &SALT, ROUNDS as u32, plain).unwrap();
        (algorithm(&format!("1.2.840.113549.1.12.1.{number_of}"), &parameters), sealed.to_vec())
    }
}

pub(super) fn triple_des(text: &str) -> impl Fn(&[u8]) -> (Vec<u8>, Vec<u8>) + use<> {
    pbe(3, Cipher::TripleDes3, &password(text).to_bmp_string())
}

/// PBES2; `prf` `None` leaves the default, HMAC-SHA-1, out as DER demands.
pub(super) fn pbes2(
    text: &str,
    prf: Option<(Hash, &str)>,
    cipher: Cipher,
    cipher_oid: &str,
) -> impl Fn(&[u8]) -> (Vec<u8>, Vec<u8>) + use<> {
    let (text, cipher_oid) = (text.to_owned(), cipher_oid.to_owned());
    let prf = prf.map(|(hash, oid)| (hash, algorithm(oid, &[tlv::NULL, 0])));
    move |plain| {
        let iv = vec![0xa5; cipher.block_len()];
        let mut key = vec![0; cipher.key_len()];
        prf.as_ref().map_or(Hash::Sha1, |prf| prf.0).pbkdf2(text.as_bytes(), &SALT, ROUNDS as u32, &mut key);
        let prf = prf.as_ref().map(|prf| prf.1.clone()).unwrap_or_default();
        let kdf = algorithm("1.2.840.113549.1.5.12", &sequence(&[&octets(&SALT), &number(ROUNDS), &prf]));
        let parameters = sequence(&[&kdf, &algorithm(&cipher_oid, &octets(&iv))]);
        (algorithm("1.2.840.113549.1.5.13", &parameters), cipher.encrypt(&key, &iv, plain).unwrap().to_vec())
    }
}

pub(super) fn bag(kind: &ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(kind), &explicit(value), attributes])
}

pub(super) fn shrouded(key: &PrivateKey, sealer: Sealer<'_>, attributes: &[u8]) -> Vec<u8> {
    let (algorithm, sealed) = sealer(&key.to_pkcs8());
    bag(&oids::SHROUDED_KEY_BAG, &sequence(&[&algorithm, &octets(&sealed)]), attributes)
}

pub(super) fn certificate(certificate: &[u8], attributes: &[u8]) -> Vec<u8> {
    let value = sequence(&[&tlv::oid(&oids::X509_CERTIFICATE), &explicit(&octets(certificate))]);
    bag(&oids::CERT_BAG, &value, attributes)
}

pub(super) fn named(id: &[u8], name: &str) -> Vec<u8> {
    let attribute = |kind, value: &[u8]| sequence(&[&tlv::oid(kind), &element(tlv::SET, &[value])]);
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    // Not in the order of DER, as some writers do.
    let friendly_name = attribute(&oids::FRIENDLY_NAME, &element(tlv::BMP_STRING, &[&name]));
    element(tlv::SET, &[&friendly_name, &attribute(&oids::LOCAL_KEY_ID, &octets(id))])
}

/// A part of the AuthenticatedSafe in the clear.
pub(super) fn plain_part(bags: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&sequence(&[&bags.concat()])))])
}

/// A part of the AuthenticatedSafe under the password.
pub(super) fn sealed_part(bags: &[Vec<u8>], sealer: Sealer<'_>) -> Vec<u8> {
    let (algorithm, sealed) = sealer(&sequence(&[&bags.concat()]));
    let content = element(tlv::context_primitive(0), &[&sealed]);
    let info = sequence(&[&tlv::oid(&oids::DATA), &algorithm, &content]);
    sequence(&[&tlv::oid(&oids::ENCRYPTED_DATA), &explicit(&sequence(&[&number(0), &info]))])
}

/// A file without a MAC.
pub(super) fn bare_file(parts: &[Vec<u8>]) -> Vec<u8> {
    let safe = sequence(&[&parts.concat()]);
    sequence(&[&number(3), &sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&safe))])])
}

/// A file with a MAC, the password in its form of B.1.
pub(super) fn file_with(parts: &[Vec<u8>], hash: Hash, hash_oid: &str, bmp: &[u8]) -> Vec<u8> {
    let safe = sequence(&[&parts.concat()]);
    let mut key = vec![0; hash.output_len()];
    kdf::derive(hash, Purpose::MacKey, bmp, &SALT, ROUNDS as u32, &mut key);
    let digest = sequence(&[&algorithm(hash_oid, &[tlv::NULL, 0]), &octets(&hash.hmac(&key, &safe))]);
    let mac = sequence(&[&digest, &octets(&SALT), &number(ROUNDS)]);
    sequence(&[&number(3), &sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&safe))]), &mac])
}

/// A file with the usual MAC.
pub(super) fn file(parts: &[Vec<u8>], text: &str) -> Vec<u8> {
    file_with(parts, Hash::Sha1, "1.3.14.3.2.26", &password(text).to_bmp_string())
}

/// A file with PBMAC1 (RFC 9579), HMAC-SHA-256 in both uses.
pub(super) fn file_with_pbmac1(parts: &[Vec<u8>], text: &str) -> Vec<u8> {
    let safe = sequence(&[&parts.concat()]);
    let mut key = vec![0; 32];
    Hash::Sha256.pbkdf2(text.as_bytes(), &SALT, ROUNDS as u32, &mut key);
    let hmac = algorithm("1.2.840.113549.2.9", &[tlv::NULL, 0]);
    let derivation = sequence(&[&octets(&SALT), &number(ROUNDS), &number(32), &hmac]);
    let parameters = sequence(&[&algorithm("1.2.840.113549.1.5.12", &derivation), &hmac]);
    let digest =
        sequence(&[&algorithm("1.2.840.113549.1.5.14", &parameters), &octets(&Hash::Sha256.hmac(&key, &safe))]);
    let mac = sequence(&[&digest, &octets(b"NOT USED"), &number(1)]);
    sequence(&[&number(3), &sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&safe))]), &mac])
}
