//! Digest and signature algorithms by their object identifiers (kz-crypto 1).

use const_oid::ObjectIdentifier;
use sha2::Digest as _;

use crate::{oid, tlv};

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// GOST R 34.11-2015, 512 bit.
    Streebog512,
    /// GOST R 34.11-2015, 256 bit.
    Streebog256,
    /// GOST 34.311-95 with the test S-box, starting value zero (kz-crypto 4).
    Gost34311,
    /// SHA-1: identifiers and old signatures.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    const ALL: [Self; 7] =
        [Self::Streebog512, Self::Streebog256, Self::Gost34311, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Streebog512 => oid::STREEBOG512,
            Self::Streebog256 => oid::STREEBOG256,
            Self::Gost34311 => oid::GOST34311,
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The algorithm of that object identifier, when it is known here.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == *oid)
    }

    /// Two documents with the same digest can be made: a signature over it is not proof of what was signed.
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Sha1)
    }

    /// Octets of a digest.
    pub const fn output_len(self) -> usize {
        match self {
            Self::Streebog512 | Self::Sha512 => 64,
            Self::Sha384 => 48,
            Self::Streebog256 | Self::Gost34311 | Self::Sha256 => 32,
            Self::Sha1 => 20,
        }
    }

    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finish()
    }

    /// A hasher that takes the data in pieces.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Streebog512 => State::Streebog512(gost::hash::Streebog512::new()),
            Self::Streebog256 => State::Streebog256(gost::hash::Streebog256::new()),
            Self::Gost34311 => State::Gost34311(gost::hash::Gost34311::new()),
            Self::Sha1 => State::Sha1(sha1::Sha1::new()),
            Self::Sha256 => State::Sha256(sha2::Sha256::new()),
            Self::Sha384 => State::Sha384(sha2::Sha384::new()),
            Self::Sha512 => State::Sha512(sha2::Sha512::new()),
        })
    }
}

/// A running digest.
#[derive(Clone)]
pub struct Hasher(State);

// One hasher lives at a time, on the stack; boxing the bigger states would buy nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone)]
enum State {
    Streebog512(gost::hash::Streebog512),
    Streebog256(gost::hash::Streebog256),
    Gost34311(gost::hash::Gost34311),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Streebog512(state) => state.update(data),
            State::Streebog256(state) => state.update(data),
            State::Gost34311(state) => state.update(data),
            State::Sha1(state) => state.update(data),
            State::Sha256(state) => state.update(data),
            State::Sha384(state) => state.update(data),
            State::Sha512(state) => state.update(data),
        }
    }

    /// The digest of everything taken.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Streebog512(state) => state.finalize().to_vec(),
            State::Streebog256(state) => state.finalize().to_vec(),
            State::Gost34311(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha384(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
        }
    }
}

/// A signature algorithm: a key algorithm with a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// GOST R 34.10-2015, 512 bit, with Streebog-512.
    Gost512,
    /// GOST R 34.10-2015, 256 bit, with Streebog-256.
    Gost256,
    /// GOST 34.310-2004 with GOST 34.311-95.
    Gost2004,
    /// RSA PKCS#1 v1.5 with SHA-1.
    RsaSha1,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// Not known here.
    Other(ObjectIdentifier),
}

impl SignatureAlgorithm {
    pub(crate) const KNOWN: [Self; 10] = [
        Self::Gost512,
        Self::Gost256,
        Self::Gost2004,
        Self::RsaSha1,
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
    ];

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Gost512 => oid::GOST512_SIGNATURE,
            Self::Gost256 => oid::GOST256_SIGNATURE,
            Self::Gost2004 => oid::GOST2004_SIGNATURE,
            Self::RsaSha1 => oid::RSA_SHA1,
            Self::RsaSha256 => oid::RSA_SHA256,
            Self::RsaSha384 => oid::RSA_SHA384,
            Self::RsaSha512 => oid::RSA_SHA512,
            Self::EcdsaSha256 => oid::ECDSA_SHA256,
            Self::EcdsaSha384 => oid::ECDSA_SHA384,
            Self::EcdsaSha512 => oid::ECDSA_SHA512,
            Self::Other(oid) => oid,
        }
    }

    /// The algorithm of that object identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Self {
        Self::KNOWN.into_iter().find(|algorithm| algorithm.oid() == *oid).unwrap_or(Self::Other(*oid))
    }

    /// The DER of its AlgorithmIdentifier: with parameters NULL (kz-crypto 6.1, RFC 4055 §5), but for ECDSA, which has
    /// none (RFC 5758 §3.2).
    pub fn to_der(self) -> Vec<u8> {
        match self {
            Self::EcdsaSha256 | Self::EcdsaSha384 | Self::EcdsaSha512 => {
                tlv::element(tlv::SEQUENCE, &[&tlv::oid(&self.oid())])
            }
            _ => tlv::algorithm_null(&self.oid()),
        }
    }

    /// Whether its digest is [weak](DigestAlgorithm::is_weak).
    pub const fn is_weak(self) -> bool {
        match self.digest_algorithm() {
            Some(digest) => digest.is_weak(),
            None => false,
        }
    }

    /// The digest it signs; `None` for an algorithm that is not known here.
    pub const fn digest_algorithm(self) -> Option<DigestAlgorithm> {
        match self {
            Self::Gost512 => Some(DigestAlgorithm::Streebog512),
            Self::Gost256 => Some(DigestAlgorithm::Streebog256),
            Self::Gost2004 => Some(DigestAlgorithm::Gost34311),
            Self::RsaSha1 => Some(DigestAlgorithm::Sha1),
            Self::RsaSha256 | Self::EcdsaSha256 => Some(DigestAlgorithm::Sha256),
            Self::RsaSha384 | Self::EcdsaSha384 => Some(DigestAlgorithm::Sha384),
            Self::RsaSha512 | Self::EcdsaSha512 => Some(DigestAlgorithm::Sha512),
            Self::Other(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_are_found_by_their_identifiers() {
        for algorithm in DigestAlgorithm::ALL {
            assert_eq!(DigestAlgorithm::from_oid(&algorithm.oid()), Some(algorithm));
            assert_eq!(algorithm.digest(b"").len(), algorithm.output_len());
        }
        for algorithm in SignatureAlgorithm::KNOWN {
            assert_eq!(SignatureAlgorithm::from_oid(&algorithm.oid()), algorithm);
            assert!(algorithm.digest_algorithm().is_some());
        }
        let unknown = SignatureAlgorithm::from_oid(&oid::RSA);
        assert_eq!(unknown, SignatureAlgorithm::Other(oid::RSA));
        assert_eq!(unknown.digest_algorithm(), None);
    }

    #[test]
    fn the_2004_hash_uses_the_test_s_box() {
        // kz-crypto 4: known answers of GOST 34.311-95.
        assert_eq!(
            hex::encode(DigestAlgorithm::Gost34311.digest(b"This is message, length=32 bytes")),
            "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa"
        );
        assert_eq!(
            hex::encode(DigestAlgorithm::Gost34311.digest(b"")),
            "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d"
        );
    }

    #[test]
    fn pieces_make_the_same_digest_as_the_whole() {
        let data: Vec<u8> = (0..1000_u32).map(|number| number as u8).collect();
        for algorithm in DigestAlgorithm::ALL {
            let mut hasher = algorithm.hasher();
            for piece in data.chunks(37) {
                hasher.update(piece);
            }
            assert_eq!(hasher.finish(), algorithm.digest(&data), "{algorithm:?}");
        }
    }
}
