//! Public keys: SubjectPublicKeyInfo of the NCA's algorithms (kz-crypto 6.1), and verifying with them.

use const_oid::ObjectIdentifier;
use gost::{gost512, gost2004};
use sha1::Digest as _;

use crate::algorithm::SignatureAlgorithm;
use crate::oid;
use crate::tlv::{self, DerError, Tlv};

/// A public key as a certificate carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// GOST R 34.10-2015, 512 bit, set A.
    Gost512(gost512::PublicKey),
    /// GOST 34.310-2004, set A.
    Gost2004(gost2004::PublicKey),
    /// RSA.
    Rsa {
        /// Big-endian, without a sign octet.
        modulus: Vec<u8>,
        /// Big-endian, without a sign octet.
        exponent: Vec<u8>,
    },
    /// An elliptic curve of X9.62.
    Ec {
        /// The named curve.
        curve: ObjectIdentifier,
        /// The point, as encoded (SEC 1 §2.3.3).
        point: Vec<u8>,
    },
    /// Not known here: the algorithm, or, where only the curve of a GOST key is not known, that curve.
    Other(ObjectIdentifier),
}

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// It was computed, and it does not fit.
    #[error("the signature does not fit the data and the key")]
    Mismatch,
    /// The signature has a length that this key cannot make.
    #[error("the signature has {found} bytes instead of {expected}")]
    SignatureLength {
        /// Octets that a signature of this key has.
        expected: usize,
        /// Octets that were given.
        found: usize,
    },
    /// The digest is not one of this algorithm.
    #[error("the digest has {found} bytes instead of {expected}")]
    DigestLength {
        /// Octets of a digest of the algorithm.
        expected: usize,
        /// Octets that were given.
        found: usize,
    },
    /// The signature algorithm is one for other keys.
    #[error("signature algorithm {algorithm} does not fit a key of algorithm {key}")]
    KeyMismatch {
        /// The signature algorithm.
        algorithm: ObjectIdentifier,
        /// The key's algorithm.
        key: ObjectIdentifier,
    },
    /// Not checked: this version cannot. Never to be taken for a valid signature.
    #[error("not checked: algorithm {0} comes in a later version")]
    Unsupported(ObjectIdentifier),
}

impl PublicKey {
    /// From the DER of a SubjectPublicKeyInfo.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, DerError> {
        Self::from_tlv(tlv::whole(der, tlv::SEQUENCE)?)
    }

    pub(crate) fn from_tlv(spki: Tlv<'_>) -> Result<Self, DerError> {
        let mut fields = spki.expect(tlv::SEQUENCE)?.children();
        let identifier = fields.expect(tlv::SEQUENCE)?;
        let key = fields.expect(tlv::BIT_STRING)?;
        fields.finish()?;
        let mut identifier = identifier.children();
        let algorithm = identifier.read()?.oid()?;
        match algorithm {
            oid::GOST512_KEY | oid::GOST2004_KEY => {
                // SEQUENCE { curve, hash or hash parameters }; the second is a label only and was seen constant.
                let curve = identifier.expect(tlv::SEQUENCE)?.children().read()?.oid()?;
                let octets = tlv::Reader::at(key.whole_bits()?, key.value_offset() + 1).expect(tlv::OCTET_STRING)?;
                if octets.raw().len() != key.whole_bits()?.len() {
                    return Err(key.wrong("GOST public key"));
                }
                let wrong = octets.wrong("point of the curve");
                match curve {
                    oid::GOST512_SET_A if algorithm == oid::GOST512_KEY => {
                        let bytes = octets.value().try_into().map_err(|_| wrong)?;
                        gost512::PublicKey::from_le_bytes(bytes).map(Self::Gost512).map_err(|_| wrong)
                    }
                    oid::GOST2004_SET_A if algorithm == oid::GOST2004_KEY => {
                        let bytes = octets.value().try_into().map_err(|_| wrong)?;
                        gost2004::PublicKey::from_le_bytes(bytes).map(Self::Gost2004).map_err(|_| wrong)
                    }
                    _ => Ok(Self::Other(curve)),
                }
            }
            oid::RSA => {
                let mut numbers =
                    tlv::Reader::at(key.whole_bits()?, key.value_offset() + 1).expect(tlv::SEQUENCE)?.children();
                let modulus = positive(numbers.read()?)?;
                let exponent = positive(numbers.read()?)?;
                numbers.finish()?;
                Ok(Self::Rsa { modulus, exponent })
            }
            oid::EC => match identifier.read()? {
                curve if curve.tag() == tlv::OID => {
                    Ok(Self::Ec { curve: curve.oid()?, point: key.whole_bits()?.to_vec() })
                }
                // Explicit curve parameters invite forged curves (RFC 5480 §2.1.1 forbids them).
                _ => Ok(Self::Other(algorithm)),
            },
            other => Ok(Self::Other(other)),
        }
    }

    /// The DER of the SubjectPublicKeyInfo in the NCA's form (kz-crypto 6.1); `None` for keys that are not GOST.
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        let (parameters, hash) = match self {
            Self::Gost512(_) => (oid::GOST512_SET_A, oid::STREEBOG512),
            Self::Gost2004(_) => (oid::GOST2004_SET_A, oid::GOST34311_TEST),
            _ => return None,
        };
        let parameters = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&parameters), &tlv::oid(&hash)]);
        let identifier = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&self.algorithm_oid()), &parameters]);
        let key = tlv::element(tlv::BIT_STRING, &[&[0], &self.bit_string_content()?]);
        Some(tlv::element(tlv::SEQUENCE, &[&identifier, &key]))
    }

    /// SHA-1 over the BIT STRING's content without the unused-bits octet: the NCA's subjectKeyIdentifier since 2022
    /// (kz-crypto 8.1). `None` for keys that are not GOST. For making identifiers only: those in certificates are
    /// compared as they stand.
    pub fn key_identifier(&self) -> Option<[u8; 20]> {
        Some(sha1::Sha1::digest(self.bit_string_content()?).into())
    }

    fn bit_string_content(&self) -> Option<Vec<u8>> {
        match self {
            Self::Gost512(key) => Some(tlv::element(tlv::OCTET_STRING, &[&key.to_le_bytes()])),
            Self::Gost2004(key) => Some(tlv::element(tlv::OCTET_STRING, &[&key.to_le_bytes()])),
            _ => None,
        }
    }

    /// The key algorithm. For [`PublicKey::Other`] what it holds.
    pub const fn algorithm_oid(&self) -> ObjectIdentifier {
        match self {
            Self::Gost512(_) => oid::GOST512_KEY,
            Self::Gost2004(_) => oid::GOST2004_KEY,
            Self::Rsa { .. } => oid::RSA,
            Self::Ec { .. } => oid::EC,
            Self::Other(oid) => *oid,
        }
    }

    /// The algorithm with which the NCA's holders of such a key sign; `None` for keys that are not known here.
    pub const fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        match self {
            Self::Gost512(_) => Some(SignatureAlgorithm::Gost512),
            Self::Gost2004(_) => Some(SignatureAlgorithm::Gost2004),
            Self::Rsa { .. } => Some(SignatureAlgorithm::RsaSha256),
            Self::Ec { .. } => Some(SignatureAlgorithm::EcdsaSha256),
            Self::Other(_) => None,
        }
    }

    /// The name that Kalkan's Java provider gives to such keys, for the wire (kz-crypto 5.2).
    pub const fn kalkan_name(&self) -> &'static str {
        match self {
            Self::Gost512(_) => "ECGOST3410-2015-512",
            Self::Gost2004(_) => "ECGOST34310",
            Self::Rsa { .. } => "RSA",
            Self::Ec { .. } => "EC",
            Self::Other(_) => "",
        }
    }

    /// Checks a signature over a digest.
    ///
    /// `digest` is the finished hash of `algorithm`; `signature` is as in certificates and CMS: `r_LE ‖ s_LE` for GOST
    /// (kz-crypto 2). RSA and EC are [`VerifyError::Unsupported`] in this version.
    pub fn verify(&self, digest: &[u8], signature: &[u8], algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
        match (self, algorithm) {
            (Self::Gost512(key), SignatureAlgorithm::Gost512) => {
                let (digest, signature) = sized(digest, signature)?;
                key.verify_digest(digest, signature).map_err(|_| VerifyError::Mismatch)
            }
            (Self::Gost2004(key), SignatureAlgorithm::Gost2004) => {
                let (digest, signature) = sized(digest, signature)?;
                key.verify_digest(digest, signature).map_err(|_| VerifyError::Mismatch)
            }
            (Self::Gost512(_) | Self::Gost2004(_), _)
            | (_, SignatureAlgorithm::Gost512 | SignatureAlgorithm::Gost2004) => {
                Err(VerifyError::KeyMismatch { algorithm: algorithm.oid(), key: self.algorithm_oid() })
            }
            _ => Err(VerifyError::Unsupported(algorithm.oid())),
        }
    }
}

fn sized<'a, const DIGEST: usize, const SIGNATURE: usize>(
    digest: &'a [u8],
    signature: &'a [u8],
) -> Result<(&'a [u8; DIGEST], &'a [u8; SIGNATURE]), VerifyError> {
    Ok((
        digest.try_into().map_err(|_| VerifyError::DigestLength { expected: DIGEST, found: digest.len() })?,
        signature
            .try_into()
            .map_err(|_| VerifyError::SignatureLength { expected: SIGNATURE, found: signature.len() })?,
    ))
}

/// A positive INTEGER without its sign octet.
fn positive(number: Tlv<'_>) -> Result<Vec<u8>, DerError> {
    match number.integer()? {
        [0, rest @ ..] if !rest.is_empty() => Ok(rest.to_vec()),
        [first, ..] if first & 0x80 != 0 => Err(number.wrong("positive INTEGER")),
        [0] => Err(number.wrong("positive INTEGER")),
        digits => Ok(digits.to_vec()),
    }
}
