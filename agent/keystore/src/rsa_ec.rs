//! RSA and EC keys at work, by AWS-LC: it blinds, it checks a result of the Chinese remainder theorem before it gives it
//! out, its nonces are hedged with the key and the digest, and what it frees it wipes.
//!
//! Its random bytes are its own, from the operating system and the processor: [`Entropy`](crate::Entropy) has no part in
//! these signatures.

use aws_lc_rs::{
    digest::{self, Digest},
    encoding::{AsDer, EcPrivateKeyRfc5915Der, Pkcs8V1Der},
    rsa,
    signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _, RsaEncoding},
};
use const_oid::ObjectIdentifier;
use der::{
    AnyRef, Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{BitStringRef, OctetStringRef, UintRef},
};
use pki::{
    PublicKey, SignatureAlgorithm, SignerError, oid,
    tlv::{self, element},
};
use zeroize::Zeroizing;

use crate::{BrokenKey, EntropyError};

/// Bits of the modulus of an RSA key that signs.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// An RSA key.
pub(crate) struct RsaKey {
    public: PublicKey,
    modulus_len: usize,
    /// `None`: a size, or a number of primes, that is shown only.
    pair: Option<rsa::KeyPair>,
}

impl RsaKey {
    /// From an RSAPrivateKey (RFC 8017 A.1.2). All its numbers are checked against each other.
    pub(crate) fn read(der: &[u8]) -> Result<Self, BrokenKey> {
        let key = AnyRef::from_der(der)?;
        key.tag().assert_eq(Tag::Sequence)?;
        let mut fields = SliceReader::new(key.value())?;
        let version = u8::decode(&mut fields)?;
        let modulus = UintRef::decode(&mut fields)?.as_bytes().to_vec();
        let exponent = UintRef::decode(&mut fields)?.as_bytes().to_vec();
        let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
        let bits = (8 * modulus.len()).saturating_sub(unused);
        let pair = match version {
            0 if RSA_BITS.contains(&bits) => Some(rsa::KeyPair::from_der(der).map_err(|_| BrokenKey)?),
            _ => None,
        };
        Ok(Self { modulus_len: modulus.len(), public: PublicKey::Rsa { modulus, exponent }, pair })
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn signs(&self) -> bool {
        self.pair.is_some()
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1) over a finished digest.
    pub(crate) fn sign(&self, digest: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, SignerError> {
        let (encoding, digest): (&'static dyn RsaEncoding, _) = match algorithm {
            SignatureAlgorithm::RsaSha256 => (&signature::RSA_PKCS1_SHA256, import(digest, &digest::SHA256)?),
            SignatureAlgorithm::RsaSha384 => (&signature::RSA_PKCS1_SHA384, import(digest, &digest::SHA384)?),
            SignatureAlgorithm::RsaSha512 => (&signature::RSA_PKCS1_SHA512, import(digest, &digest::SHA512)?),
            _ => return Err(SignerError::Unsupported("RSA")),
        };
        let pair = self.pair.as_ref().ok_or(SignerError::Unsupported("RSA"))?;
        let mut out = vec![0; self.modulus_len];
        pair.sign_digest(encoding, &digest, &mut out).map_err(|_| failed("RSA"))?;
        Ok(out)
    }
}

/// An EC key.
pub(crate) struct EcKey {
    public: Option<PublicKey>,
    /// `None`: a curve that is not known here.
    pair: Option<EcdsaKeyPair>,
}

impl EcKey {
    /// From an ECPrivateKey (RFC 5915 §3), with or without the public point: it is computed on a curve that is known.
    /// `curve` is what the structure around it says.
    pub(crate) fn read(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<Self, BrokenKey> {
        let inside = EcPrivateKey::read(der)?;
        let curve = match (curve, inside.curve) {
            (Some(outer), Some(inner)) if outer != inner => return Err(BrokenKey),
            (outer, inner) => outer.or(inner),
        };
        let Some(algorithm) = curve.and_then(signing) else {
            let public = curve.zip(inside.point).map(|(curve, point)| PublicKey::Ec { curve, point });
            return Ok(Self { public, pair: None });
        };
        let pair = EcdsaKeyPair::from_private_key_der(algorithm, der).map_err(|_| BrokenKey)?;
        let point = pair.public_key().as_ref().to_vec();
        Ok(Self { public: curve.map(|curve| PublicKey::Ec { curve, point }), pair: Some(pair) })
    }

    pub(crate) fn public(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    pub(crate) fn signs(&self) -> bool {
        self.pair.is_some()
    }

    /// ECDSA over a finished digest, as the SEQUENCE of RFC 3279 §2.2.3.
    pub(crate) fn sign(&self, digest: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, SignerError> {
        // The digest of the curve's own strength, which the pair was made for.
        let named = match (&self.public, algorithm) {
            (Some(PublicKey::Ec { curve: oid::P256, .. }), SignatureAlgorithm::EcdsaSha256) => &digest::SHA256,
            (Some(PublicKey::Ec { curve: oid::P384, .. }), SignatureAlgorithm::EcdsaSha384) => &digest::SHA384,
            _ => return Err(SignerError::Unsupported("EC")),
        };
        let pair = self.pair.as_ref().ok_or(SignerError::Unsupported("EC"))?;
        let made = pair.sign_digest(&import(digest, named)?).map_err(|_| failed("EC"))?;
        Ok(made.as_ref().to_vec())
    }
}

/// The algorithm of a curve that is known.
fn signing(curve: ObjectIdentifier) -> Option<&'static EcdsaSigningAlgorithm> {
    match curve {
        oid::P256 => Some(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
        oid::P384 => Some(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
        _ => None,
    }
}

/// The public fields of an ECPrivateKey.
#[derive(Default)]
struct EcPrivateKey {
    curve: Option<ObjectIdentifier>,
    point: Option<Vec<u8>>,
}

impl EcPrivateKey {
    fn read(der: &[u8]) -> Result<Self, BrokenKey> {
        let key = AnyRef::from_der(der)?;
        key.tag().assert_eq(Tag::Sequence)?;
        let mut fields = SliceReader::new(key.value())?;
        u8::decode(&mut fields)?;
        <&OctetStringRef>::decode(&mut fields)?;
        let mut found = Self::default();
        while !fields.is_finished() {
            let field = AnyRef::decode(&mut fields)?;
            match field.tag() {
                Tag::ContextSpecific { constructed: true, number: TagNumber(0) } => {
                    found.curve = ObjectIdentifier::from_der(field.value()).ok();
                }
                Tag::ContextSpecific { constructed: true, number: TagNumber(1) } => {
                    let point = BitStringRef::from_der(field.value())?.as_bytes().ok_or(BrokenKey)?;
                    found.point = Some(point.to_vec());
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

/// A new RSA key, as PKCS#8.
pub(crate) fn generate_rsa(bits: usize) -> Result<Zeroizing<Vec<u8>>, EntropyError> {
    let size = match bits {
        2048 => rsa::KeySize::Rsa2048,
        3072 => rsa::KeySize::Rsa3072,
        _ => rsa::KeySize::Rsa4096,
    };
    let pair = rsa::KeyPair::generate(size).map_err(|_| EntropyError)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| EntropyError)?;
    Ok(Zeroizing::new(pkcs8.as_ref().to_vec()))
}

/// A new EC key on a curve that is known, as PKCS#8.
pub(crate) fn generate_ec(curve: ObjectIdentifier) -> Result<Zeroizing<Vec<u8>>, EntropyError> {
    let algorithm = signing(curve).ok_or(EntropyError)?;
    let pair = EcdsaKeyPair::generate(algorithm).map_err(|_| EntropyError)?;
    let private: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().map_err(|_| EntropyError)?;
    let identifier = element(tlv::SEQUENCE, &[&tlv::oid(&oid::EC), &tlv::oid(&curve)]);
    let octets = Zeroizing::new(element(tlv::OCTET_STRING, &[private.as_ref()]));
    Ok(Zeroizing::new(element(tlv::SEQUENCE, &[&element(tlv::INTEGER, &[&[0]]), &identifier, &octets])))
}

fn import(digest: &[u8], algorithm: &'static digest::Algorithm) -> Result<Digest, SignerError> {
    Digest::import_less_safe(digest, algorithm)
        .map_err(|_| SignerError::DigestLength { expected: algorithm.output_len(), found: digest.len() })
}

/// AWS-LC says no more than that: a fault was caught, or there is no memory.
fn failed(name: &str) -> SignerError {
    SignerError::Store(format!("AWS-LC made no {name} signature"))
}
