//! The hashes that key files use, and HMAC with them.

use const_oid::ObjectIdentifier;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A hash of a MAC or of PBKDF2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

pub(super) const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const HMAC_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_SHA_224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.8");
pub(super) const HMAC_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const HMAC_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.10");
const HMAC_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.11");

impl Hash {
    pub(super) fn by_digest_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            SHA_1 => Some(Self::Sha1),
            SHA_224 => Some(Self::Sha224),
            SHA_256 => Some(Self::Sha256),
            SHA_384 => Some(Self::Sha384),
            SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(super) fn by_hmac_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            HMAC_SHA_1 => Some(Self::Sha1),
            HMAC_SHA_224 => Some(Self::Sha224),
            HMAC_SHA_256 => Some(Self::Sha256),
            HMAC_SHA_384 => Some(Self::Sha384),
            HMAC_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The digest's length in octets.
    pub(super) fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// What a block of it costs, in blocks of SHA-256: the longer hashes have blocks of twice the length, and no
    /// instructions of their own.
    pub(super) fn block_cost(self) -> u64 {
        match self {
            Self::Sha1 | Self::Sha224 | Self::Sha256 => 1,
            Self::Sha384 | Self::Sha512 => 2,
        }
    }

    /// PBKDF2 (RFC 8018 5.2) with HMAC over this hash, filling `key`.
    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        match self {
            Self::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, iterations, key),
            Self::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(password, salt, iterations, key),
            Self::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, iterations, key),
            Self::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(password, salt, iterations, key),
            Self::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, iterations, key),
        }
    }

    /// HMAC(`key`, `content`).
    pub(super) fn hmac(self, key: &[u8], content: &[u8]) -> Vec<u8> {
        fn mac<M: Mac + KeyInit>(key: &[u8], content: &[u8]) -> Vec<u8> {
            <M as KeyInit>::new_from_slice(key)
                .map(|mac| mac.chain_update(content).finalize().into_bytes().to_vec())
                .unwrap_or_default()
        }
        match self {
            Self::Sha1 => mac::<Hmac<Sha1>>(key, content),
            Self::Sha224 => mac::<Hmac<Sha224>>(key, content),
            Self::Sha256 => mac::<Hmac<Sha256>>(key, content),
            Self::Sha384 => mac::<Hmac<Sha384>>(key, content),
            Self::Sha512 => mac::<Hmac<Sha512>>(key, content),
        }
    }

    /// Whether `expected` is HMAC(`key`, `content`); the comparison takes the same time wherever they differ.
    pub(super) fn hmac_is(self, key: &[u8], content: &[u8], expected: &[u8]) -> bool {
        fn check<M: Mac + KeyInit>(key: &[u8], content: &[u8], expected: &[u8]) -> bool {
            // HMAC takes a key of any length.
            <M as KeyInit>::new_from_slice(key)
                .is_ok_and(|mac| mac.chain_update(content).verify_slice(expected).is_ok())
        }
        match self {
            Self::Sha1 => check::<Hmac<Sha1>>(key, content, expected),
            Self::Sha224 => check::<Hmac<Sha224>>(key, content, expected),
            Self::Sha256 => check::<Hmac<Sha256>>(key, content, expected),
            Self::Sha384 => check::<Hmac<Sha384>>(key, content, expected),
            Self::Sha512 => check::<Hmac<Sha512>>(key, content, expected),
        }
    }
}
