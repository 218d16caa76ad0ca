//! Public keys: SubjectPublicKeyInfo of the NCA's algorithms (kz-crypto 6.1) and of EC, and verifying with them.

use const_oid::ObjectIdentifier;
use gost::{gost256, gost512, gost2004};
use sha1::Digest as _;

use crate::algorithm::SignatureAlgorithm;
use crate::tlv::{self, DerError, Tlv};
use crate::{oid, rsa_ec};

/// A public key as a certificate carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// GOST R 34.10-2015, 512 bit, set A.
    Gost512(gost512::PublicKey),
    /// GOST R 34.10-2015, 256 bit, set A: by the published curve, never met in data (kz-crypto 3).
    Gost256(gost256::PublicKey),
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
    #[error("signature algorithm {0} is not one for this kind of key")]
    KeyMismatch(ObjectIdentifier),
    /// An RSA key of a size that is not used: shorter ones can be factored.
    #[error("an RSA key of {0} bits is not accepted")]
    KeySize(usize),
    /// The key is none: a point off its curve, an exponent that is even.
    #[error("the public key is not valid")]
    Key,
    /// The signature may fit and proves nothing. From [`crate::trust`]: [`PublicKey::verify`] computes such signatures.
    #[error("signature algorithm {0} is too weak to be believed")]
    Weak(ObjectIdentifier),
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
            oid::GOST512_KEY | oid::GOST256_KEY | oid::GOST2004_KEY => {
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
                    oid::GOST256_SET_A if algorithm == oid::GOST256_KEY => {
                        let bytes = octets.value().try_into().map_err(|_| wrong)?;
                        gost256::PublicKey::from_le_bytes(bytes).map(Self::Gost256).map_err(|_| wrong)
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

    /// The DER of the SubjectPublicKeyInfo: for GOST keys in the NCA's form (kz-crypto 6.1), for RSA and EC in that of
    /// RFC 3279 and RFC 5480. `None` for keys that are not known here.
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        let sets = |curve, hash| tlv::element(tlv::SEQUENCE, &[&tlv::oid(&curve), &tlv::oid(&hash)]);
        let parameters = match self {
            Self::Gost512(_) => sets(oid::GOST512_SET_A, oid::STREEBOG512),
            // As of 512 bits: no such key was met.
            Self::Gost256(_) => sets(oid::GOST256_SET_A, oid::STREEBOG256),
            Self::Gost2004(_) => sets(oid::GOST2004_SET_A, oid::GOST34311_TEST),
            Self::Rsa { .. } => tlv::element(tlv::NULL, &[]),
            Self::Ec { curve, .. } => tlv::oid(curve),
            Self::Other(_) => return None,
        };
        let identifier = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&self.algorithm_oid()), &parameters]);
        let key = tlv::element(tlv::BIT_STRING, &[&[0], &self.bit_string_content()?]);
        Some(tlv::element(tlv::SEQUENCE, &[&identifier, &key]))
    }

    /// SHA-1 over the BIT STRING's content without the unused-bits octet: the NCA's subjectKeyIdentifier since 2022
    /// (kz-crypto 8.1), and everybody's (RFC 5280 §4.2.1.2). `None` for keys that are not known here. For making
    /// identifiers only: those in certificates are compared as they stand.
    pub fn key_identifier(&self) -> Option<[u8; 20]> {
        Some(sha1::Sha1::digest(self.bit_string_content()?).into())
    }

    fn bit_string_content(&self) -> Option<Vec<u8>> {
        match self {
            Self::Gost512(key) => Some(tlv::element(tlv::OCTET_STRING, &[&key.to_le_bytes()])),
            Self::Gost256(key) => Some(tlv::element(tlv::OCTET_STRING, &[&key.to_le_bytes()])),
            Self::Gost2004(key) => Some(tlv::element(tlv::OCTET_STRING, &[&key.to_le_bytes()])),
            Self::Rsa { modulus, exponent } => Some(rsa_public_key(modulus, exponent)),
            Self::Ec { point, .. } => Some(point.clone()),
            Self::Other(_) => None,
        }
    }

    /// The content of subjectPublicKey's BIT STRING without the unused-bits octet: what OCSP hashes (RFC 6960 §4.1.1).
    /// `None` for keys that are not known here.
    pub fn subject_public_key(&self) -> Option<Vec<u8>> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let number = |digits: &[u8]| {
                    let sign: &[u8] = if digits.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
                    tlv::element(tlv::INTEGER, &[sign, digits])
                };
                Some(tlv::element(tlv::SEQUENCE, &[&number(modulus), &number(exponent)]))
            }
            Self::Ec { point, .. } => Some(point.clone()),
            _ => self.bit_string_content(),
        }
    }

    /// The key algorithm. For [`PublicKey::Other`] what it holds.
    pub const fn algorithm_oid(&self) -> ObjectIdentifier {
        match self {
            Self::Gost512(_) => oid::GOST512_KEY,
            Self::Gost256(_) => oid::GOST256_KEY,
            Self::Gost2004(_) => oid::GOST2004_KEY,
            Self::Rsa { .. } => oid::RSA,
            Self::Ec { .. } => oid::EC,
            Self::Other(oid) => *oid,
        }
    }

    /// The algorithm with which the NCA's holders of such a key sign (RSA with SHA-256), for EC the one of the curve's own
    /// strength; `None` for keys and curves that are not known here.
    pub const fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        match self {
            Self::Gost512(_) => Some(SignatureAlgorithm::Gost512),
            Self::Gost256(_) => Some(SignatureAlgorithm::Gost256),
            Self::Gost2004(_) => Some(SignatureAlgorithm::Gost2004),
            Self::Rsa { .. } => Some(SignatureAlgorithm::RsaSha256),
            Self::Ec { curve: oid::P256, .. } => Some(SignatureAlgorithm::EcdsaSha256),
            Self::Ec { curve: oid::P384, .. } => Some(SignatureAlgorithm::EcdsaSha384),
            Self::Ec { .. } | Self::Other(_) => None,
        }
    }

    /// The name that Kalkan's Java provider gives to such keys, for the wire (kz-crypto 5.2).
    pub const fn kalkan_name(&self) -> &'static str {
        match self {
            Self::Gost512(_) => "ECGOST3410-2015-512",
            Self::Gost256(_) => "ECGOST3410-2015-256",
            Self::Gost2004(_) => "ECGOST34310",
            Self::Rsa { .. } => "RSA",
            Self::Ec { .. } => "EC",
            Self::Other(_) => "",
        }
    }

    /// Checks a signature over a digest.
    ///
    /// `digest` is the finished hash of `algorithm`; `signature` is as in certificates and CMS: `r_LE ‖ s_LE` for GOST
    /// (kz-crypto 2), the number of RSASSA-PKCS1-v1_5, the SEQUENCE of ECDSA.
    ///
    /// RSA with SHA-1 is computed like the others, for old documents: [`SignatureAlgorithm::is_weak`] says that it
    /// proves little.
    pub fn verify(&self, digest: &[u8], signature: &[u8], algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
        match (self, algorithm) {
            (Self::Gost512(key), SignatureAlgorithm::Gost512) => {
                let (digest, signature) = sized(digest, signature)?;
                key.verify_digest(digest, signature).map_err(|_| VerifyError::Mismatch)
            }
            (Self::Gost256(key), SignatureAlgorithm::Gost256) => {
                let (digest, signature) = sized(digest, signature)?;
                key.verify_digest(digest, signature).map_err(|_| VerifyError::Mismatch)
            }
            (Self::Gost2004(key), SignatureAlgorithm::Gost2004) => {
                let (digest, signature) = sized(digest, signature)?;
                key.verify_digest(digest, signature).map_err(|_| VerifyError::Mismatch)
            }
            (Self::Other(oid), _) => Err(VerifyError::Unsupported(*oid)),
            (Self::Rsa { .. } | Self::Ec { .. }, SignatureAlgorithm::Other(oid)) => Err(VerifyError::Unsupported(oid)),
            (Self::Rsa { modulus, exponent }, _) => {
                rsa_ec::verify_rsa(modulus, &rsa_public_key(modulus, exponent), digest, signature, algorithm)
            }
            (Self::Ec { curve, point }, _) => rsa_ec::verify_ec(*curve, point, digest, signature, algorithm),
            (Self::Gost512(_) | Self::Gost256(_) | Self::Gost2004(_), _) => {
                Err(VerifyError::KeyMismatch(algorithm.oid()))
            }
        }
    }
}

/// The DER of an RSAPublicKey (RFC 8017 A.1.1).
fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer = |digits: &[u8]| {
        let sign: &[u8] = if digits.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
        tlv::element(tlv::INTEGER, &[sign, digits])
    };
    tlv::element(tlv::SEQUENCE, &[&integer(modulus), &integer(exponent)])
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gost512() -> gost512::SecretKey {
        gost512::SecretKey::from_le_bytes(&[3; 64]).unwrap()
    }

    fn gost2004() -> gost2004::SecretKey {
        gost2004::SecretKey::from_le_bytes(&[3; 32]).unwrap()
    }

    #[test]
    fn a_gost_key_has_the_prefix_of_the_ncas_certificates() {
        // kz-crypto 6.1.
        let key = PublicKey::Gost512(gost512().public_key());
        let spki = key.to_spki_der().unwrap();
        assert_eq!(spki.len(), 175);
        let prefix = "3081ac302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a01030303818400048180";
        assert_eq!(hex::encode(&spki[..47]), prefix);
        assert_eq!(PublicKey::from_spki_der(&spki).unwrap(), key);

        let key = PublicKey::Gost2004(gost2004().public_key());
        let spki = key.to_spki_der().unwrap();
        assert_eq!(spki.len(), 110);
        let prefix = "306c302506092a830e030a010101013018060a2a830e030a0101010101060a2a830e030a01030101000343000440";
        assert_eq!(hex::encode(&spki[..46]), prefix);
        assert_eq!(PublicKey::from_spki_der(&spki).unwrap(), key);
    }

    #[test]
    fn a_signature_verifies_with_its_own_digest_key_and_algorithm_only() {
        let (digest, key) = ([7; 64], PublicKey::Gost512(gost512().public_key()));
        let signature = gost512().sign_digest(&digest, &[0; 32]);
        let algorithm = SignatureAlgorithm::Gost512;
        assert_eq!(key.verify(&digest, &signature, algorithm), Ok(()));
        assert_eq!(key.verify(&[8; 64], &signature, algorithm), Err(VerifyError::Mismatch));
        assert_eq!(
            key.verify(&digest[..32], &signature, algorithm),
            Err(VerifyError::DigestLength { expected: 64, found: 32 })
        );
        assert_eq!(
            key.verify(&digest, &signature[1..], algorithm),
            Err(VerifyError::SignatureLength { expected: 128, found: 127 })
        );
        assert!(matches!(
            key.verify(&digest, &signature, SignatureAlgorithm::RsaSha256),
            Err(VerifyError::KeyMismatch(_))
        ));

        let key = PublicKey::Gost2004(gost2004().public_key());
        let signature = gost2004().sign_digest(&[7; 32], &[0; 32]);
        assert_eq!(key.verify(&[7; 32], &signature, SignatureAlgorithm::Gost2004), Ok(()));
        assert!(matches!(
            key.verify(&digest, &signature, SignatureAlgorithm::Gost512),
            Err(VerifyError::KeyMismatch(_))
        ));
    }

    #[test]
    fn a_256_bit_key_of_2015_has_the_form_of_the_others() {
        let secret = gost256::SecretKey::from_le_bytes(&[3; 32]).unwrap();
        let key = PublicKey::Gost256(secret.public_key());
        let spki = key.to_spki_der().unwrap();
        let prefix = "306a302306092a830e030a010102013016060a2a830e030a010102010106082a830e030a0103020343000440";
        assert_eq!(hex::encode(&spki[..44]), prefix);
        assert_eq!(PublicKey::from_spki_der(&spki).unwrap(), key);
        let signature = secret.sign_digest(&[7; 32], &[0; 32]);
        assert_eq!(key.verify(&[7; 32], &signature, SignatureAlgorithm::Gost256), Ok(()));
        assert_eq!(key.verify(&[8; 32], &signature, SignatureAlgorithm::Gost256), Err(VerifyError::Mismatch));
        // A key of the same length and another curve.
        let other = PublicKey::Gost2004(gost2004().public_key());
        assert!(matches!(
            other.verify(&[7; 32], &signature, SignatureAlgorithm::Gost256),
            Err(VerifyError::KeyMismatch(_))
        ));
    }

    #[test]
    fn keys_that_are_none_and_curves_that_are_not_known_verify_nothing() {
        let rsa = |modulus| PublicKey::Rsa { modulus, exponent: vec![1, 0, 1] };
        let verified = |key: PublicKey, signature: &[u8], algorithm| key.verify(&[0; 32], signature, algorithm);
        let (sha256, ecdsa) = (SignatureAlgorithm::RsaSha256, SignatureAlgorithm::EcdsaSha256);
        assert_eq!(verified(rsa(vec![0xc1; 256]), &[0; 256], sha256), Err(VerifyError::Mismatch));
        assert_eq!(verified(rsa(vec![0xc0; 256]), &[0; 256], sha256), Err(VerifyError::Key), "an even modulus");
        assert_eq!(verified(rsa(vec![0xc1; 128]), &[0; 128], sha256), Err(VerifyError::KeySize(1024)));
        assert_eq!(verified(rsa(vec![0x7f; 256]), &[0; 256], sha256), Err(VerifyError::KeySize(2047)));
        assert_eq!(verified(rsa(vec![0xc1; 1025]), &[0; 1025], sha256), Err(VerifyError::KeySize(8200)));
        assert_eq!(verified(rsa(Vec::new()), &[], sha256), Err(VerifyError::KeySize(0)));
        assert_eq!(verified(rsa(vec![0xc1; 256]), &[0; 256], ecdsa), Err(VerifyError::KeyMismatch(ecdsa.oid())));
        let ec = |curve, point| PublicKey::Ec { curve, point };
        assert_eq!(verified(ec(oid::P256, vec![4; 65]), &[0; 70], ecdsa), Err(VerifyError::Key));
        assert_eq!(verified(ec(oid::P256, vec![0]), &[0; 70], ecdsa), Err(VerifyError::Key), "the neutral element");
        assert_eq!(verified(ec(oid::P256, vec![4; 65]), &[], sha256), Err(VerifyError::KeyMismatch(sha256.oid())));
        let other = ObjectIdentifier::new_unwrap("1.3.132.0.10");
        assert_eq!(verified(ec(other, vec![4; 65]), &[0; 70], ecdsa), Err(VerifyError::Unsupported(other)));
    }

    #[test]
    fn a_point_off_the_curve_is_no_key() {
        let mut spki = PublicKey::Gost512(gost512().public_key()).to_spki_der().unwrap();
        spki[100] ^= 1;
        assert!(PublicKey::from_spki_der(&spki).is_err());
        spki[47..].fill(0xff);
        assert!(PublicKey::from_spki_der(&spki).is_err());
    }

    #[test]
    fn an_unknown_parameter_set_is_named() {
        let mut spki = PublicKey::Gost2004(gost2004().public_key()).to_spki_der().unwrap();
        // The last arc of the curve: set A becomes set B.
        let place = spki.windows(12).position(|bytes| bytes.starts_with(&[0x06, 0x0a]) && bytes[11] == 1).unwrap() + 11;
        spki[place] = 2;
        let expected = ObjectIdentifier::new_unwrap("1.2.398.3.10.1.1.1.1.2");
        assert_eq!(PublicKey::from_spki_der(&spki).unwrap(), PublicKey::Other(expected));
        let verified = PublicKey::Other(expected).verify(&[0; 32], &[0; 64], SignatureAlgorithm::Gost2004);
        assert_eq!(verified, Err(VerifyError::Unsupported(expected)));
    }

    proptest! {
        #[test]
        fn no_key_signature_or_digest_brings_the_verifier_down(
            modulus in prop::collection::vec(any::<u8>(), 0..600),
            exponent in prop::collection::vec(any::<u8>(), 0..9),
            signature in prop::collection::vec(any::<u8>(), 0..600),
            digest in prop::collection::vec(any::<u8>(), 0..70),
        ) {
            let point = modulus.iter().copied().take(100).collect::<Vec<_>>();
            let keys = [
                PublicKey::Rsa { modulus, exponent },
                PublicKey::Ec { curve: oid::P256, point: point.clone() },
                PublicKey::Ec { curve: oid::P384, point },
                PublicKey::Gost512(gost512().public_key()),
            ];
            for key in keys {
                for algorithm in SignatureAlgorithm::KNOWN {
                    prop_assert!(key.verify(&digest, &signature, algorithm).is_err());
                }
                if let Some(spki) = key.to_spki_der() {
                    let _ = PublicKey::from_spki_der(&spki);
                }
            }
        }
    }
}
