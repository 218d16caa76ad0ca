//! Private keys and PKCS#8, in the forms of NCA key files (kz-crypto 6.2).

use std::{fmt, sync::Arc};

use const_oid::ObjectIdentifier;
use der::{
    AnyRef, Decode, Reader, SliceReader, Tag, Tagged,
    asn1::{OctetStringRef, UintRef},
};
use gost::{gost256, gost512, gost2004};
use pki::{
    Certificate, PublicKey, SignatureAlgorithm, Signer, SignerError, oid,
    tlv::{self, element},
};
use zeroize::Zeroizing;

use crate::{
    CannotSign, Entropy, EntropyError,
    rsa_ec::{self, EcKey, RsaKey},
};

/// A private key outside of a token.
///
/// It wipes itself with its last clone (a clone is another handle on the same key, not another copy of it), and can be
/// neither printed, compared nor serialised.
#[derive(Clone)]
pub struct PrivateKey(Arc<Secret>);

enum Secret {
    Gost512(gost512::SecretKey),
    Gost256(gost256::SecretKey),
    Gost2004(gost2004::SecretKey),
    /// Kept as the PKCS#8 that it came as, besides; so are the two below.
    Rsa(Zeroizing<Vec<u8>>, RsaKey),
    Ec(Zeroizing<Vec<u8>>, EcKey),
    /// An algorithm that is not known here, or a GOST curve that is not.
    Other(Zeroizing<Vec<u8>>),
}

/// The kinds of keys that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NewKey {
    /// GOST 34.310-2015, 512 bit, set A: the only kind the NCA issues today.
    Gost512,
    /// GOST 34.310-2015, 256 bit, set A.
    Gost256,
    /// GOST 34.310-2004, set A.
    Gost2004,
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
    /// EC on P-256.
    P256,
    /// EC on P-384.
    P384,
}

/// The PKCS#8 structure is broken, or the numbers in it are no private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the private key is broken")]
pub struct BrokenKey;

impl From<der::Error> for BrokenKey {
    fn from(_: der::Error) -> Self {
        Self
    }
}

impl From<gost::KeyError> for BrokenKey {
    fn from(_: gost::KeyError) -> Self {
        Self
    }
}

impl PrivateKey {
    /// Makes a new GOST 34.310-2015 key (512 bit, set A), the only kind the NCA issues today.
    ///
    /// # Errors
    /// [`EntropyError`].
    pub fn generate_gost512(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Self::generate(NewKey::Gost512, entropy)
    }

    /// Makes a new key. GOST keys come out of `entropy`; RSA and EC keys out of AWS-LC's own random bytes, as their
    /// signatures do.
    ///
    /// # Errors
    /// [`EntropyError`].
    pub fn generate(kind: NewKey, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let fill = |buffer: &mut [u8]| entropy.fill(buffer);
        let read = |pkcs8: Zeroizing<Vec<u8>>| Self::from_pkcs8(&pkcs8).map_err(|_| EntropyError);
        let secret = match kind {
            NewKey::Gost512 => Secret::Gost512(gost512::SecretKey::generate(fill).map_err(|_| EntropyError)?),
            NewKey::Gost256 => Secret::Gost256(gost256::SecretKey::generate(fill).map_err(|_| EntropyError)?),
            NewKey::Gost2004 => Secret::Gost2004(gost2004::SecretKey::generate(fill).map_err(|_| EntropyError)?),
            NewKey::Rsa2048 => return read(rsa_ec::generate_rsa(2048)?),
            NewKey::Rsa3072 => return read(rsa_ec::generate_rsa(3072)?),
            NewKey::Rsa4096 => return read(rsa_ec::generate_rsa(4096)?),
            NewKey::P256 => return read(rsa_ec::generate_ec(oid::P256)?),
            NewKey::P384 => return read(rsa_ec::generate_ec(oid::P384)?),
        };
        Ok(Self(Arc::new(secret)))
    }

    /// Reads a PrivateKeyInfo (RFC 5208; RFC 5958 with its additional fields), DER.
    ///
    /// # Errors
    /// [`BrokenKey`]. An algorithm that is not known here is no error: such a key can be shown, but does not sign.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BrokenKey> {
        let info = PrivateKeyInfo::read(der)?;
        let kept = || Zeroizing::new(der.to_vec());
        let secret = match info.algorithm {
            oid::GOST512_KEY if info.curve()? == oid::GOST512_SET_A => {
                Secret::Gost512(gost512::SecretKey::from_le_bytes(&*scalar(info.private_key)?)?)
            }
            oid::GOST256_KEY if info.curve()? == oid::GOST256_SET_A => {
                Secret::Gost256(gost256::SecretKey::from_le_bytes(&*scalar(info.private_key)?)?)
            }
            oid::GOST2004_KEY if info.curve()? == oid::GOST2004_SET_A => {
                Secret::Gost2004(gost2004::SecretKey::from_le_bytes(&*scalar(info.private_key)?)?)
            }
            oid::RSA => Secret::Rsa(kept(), RsaKey::read(info.private_key)?),
            oid::EC => Secret::Ec(kept(), EcKey::read(info.private_key, info.named_curve())?),
            _ => Secret::Other(kept()),
        };
        Ok(Self(Arc::new(secret)))
    }

    /// The PrivateKeyInfo, DER; for GOST keys octet by octet that of kz-crypto 6.2.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        match &*self.0 {
            Secret::Gost512(key) => {
                let d = Zeroizing::new(element(tlv::OCTET_STRING, &[&*key.to_le_bytes()]));
                gost_pkcs8(oid::GOST512_KEY, oid::GOST512_SET_A, oid::STREEBOG512, &d)
            }
            Secret::Gost256(key) => {
                // As of 512 bits: which form such a key has with the NCA is not known (kz-crypto 20).
                let d = Zeroizing::new(element(tlv::OCTET_STRING, &[&*key.to_le_bytes()]));
                gost_pkcs8(oid::GOST256_KEY, oid::GOST256_SET_A, oid::STREEBOG256, &d)
            }
            Secret::Gost2004(key) => {
                let mut digits = key.to_le_bytes();
                digits.reverse();
                // INTEGER: no leading zeros, but one where the first bit would be a sign.
                let significant = digits.iter().position(|digit| *digit != 0).unwrap_or_default();
                let significant = digits.get(significant..).unwrap_or_default();
                let sign: &[u8] = if significant.first().is_some_and(|digit| digit & 0x80 != 0) { &[0] } else { &[] };
                let d = Zeroizing::new(element(tlv::INTEGER, &[sign, significant]));
                gost_pkcs8(oid::GOST2004_KEY, oid::GOST2004_SET_A, oid::GOST34311_TEST, &d)
            }
            Secret::Rsa(pkcs8, _) | Secret::Ec(pkcs8, _) | Secret::Other(pkcs8) => pkcs8.clone(),
        }
    }

    /// The public key: computed (`Q = d·G`) for GOST and EC, for RSA the one that the private numbers were checked
    /// against, `None` where there is none.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match &*self.0 {
            Secret::Gost512(key) => Some(PublicKey::Gost512(key.public_key())),
            Secret::Gost256(key) => Some(PublicKey::Gost256(key.public_key())),
            Secret::Gost2004(key) => Some(PublicKey::Gost2004(key.public_key())),
            Secret::Rsa(_, key) => Some(key.public().clone()),
            Secret::Ec(_, key) => key.public().cloned(),
            Secret::Other(_) => None,
        }
    }

    /// Whether the certificate is of this key; a key whose public half is not known belongs to none.
    #[must_use]
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        self.public_key().is_some_and(|public| public == *certificate.public_key())
    }

    /// With what this key signs; `None` for the algorithms whose keys are only shown.
    #[must_use]
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        match &*self.0 {
            Secret::Gost512(_) => Some(SignatureAlgorithm::Gost512),
            Secret::Gost256(_) => Some(SignatureAlgorithm::Gost256),
            Secret::Gost2004(_) => Some(SignatureAlgorithm::Gost2004),
            Secret::Rsa(_, key) if key.signs() => key.public().signature_algorithm(),
            Secret::Ec(_, key) if key.signs() => key.public()?.signature_algorithm(),
            Secret::Rsa(..) | Secret::Ec(..) | Secret::Other(_) => None,
        }
    }

    /// Whether this key signs with that algorithm: its own, or, for RSA, SHA-384 and SHA-512 as well.
    #[must_use]
    pub fn signs_with(&self, algorithm: SignatureAlgorithm) -> bool {
        match (self.signature_algorithm(), algorithm) {
            (Some(SignatureAlgorithm::RsaSha256), SignatureAlgorithm::RsaSha384 | SignatureAlgorithm::RsaSha512) => {
                true
            }
            (own, algorithm) => own == Some(algorithm),
        }
    }

    /// This key with its certificate, ready to sign; nonces are hedged with bytes from `entropy`.
    ///
    /// # Errors
    /// [`CannotSign`]; before anything else the key is checked against the certificate (kz-crypto 6.2: d·G = Q).
    pub fn signer(&self, certificate: &Certificate, entropy: Arc<dyn Entropy>) -> Result<Box<dyn Signer>, CannotSign> {
        crate::signer::of(self, certificate, None, entropy)
    }

    /// The same with an algorithm other than the key's own, [where it can](PrivateKey::signs_with).
    ///
    /// # Errors
    /// As [`PrivateKey::signer`].
    pub fn signer_with_algorithm(
        &self,
        certificate: &Certificate,
        algorithm: SignatureAlgorithm,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Box<dyn Signer>, CannotSign> {
        crate::signer::of(self, certificate, Some(algorithm), entropy)
    }

    /// The algorithm in words.
    #[must_use]
    pub fn algorithm_name(&self) -> &'static str {
        match &*self.0 {
            Secret::Gost512(_) => "GOST 34.310-2015",
            Secret::Gost256(_) => "GOST 34.310-2015, 256 bit",
            Secret::Gost2004(_) => "GOST 34.310-2004",
            Secret::Rsa(..) => "RSA",
            Secret::Ec(..) => "EC",
            Secret::Other(_) => "other",
        }
    }

    /// Signs a finished digest of `algorithm`, in the form of X.509 and CMS: `r_LE ‖ s_LE` for GOST (kz-crypto 2).
    ///
    /// # Errors
    /// [`SignerError`].
    pub(crate) fn sign_digest(
        &self,
        digest: &[u8],
        algorithm: SignatureAlgorithm,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SignerError> {
        if !self.signs_with(algorithm) {
            return Err(SignerError::Unsupported(self.algorithm_name()));
        }
        let fresh = || {
            let mut fresh = Zeroizing::new([0; 32]);
            entropy.fill(&mut *fresh).map_err(|EntropyError| SignerError::Entropy)?;
            Ok::<_, SignerError>(fresh)
        };
        match &*self.0 {
            Secret::Gost512(key) => Ok(key.sign_digest(sized(digest)?, &*fresh()?).to_vec()),
            Secret::Gost256(key) => Ok(key.sign_digest(sized(digest)?, &*fresh()?).to_vec()),
            Secret::Gost2004(key) => Ok(key.sign_digest(sized(digest)?, &*fresh()?).to_vec()),
            Secret::Rsa(_, key) => key.sign(digest, algorithm),
            Secret::Ec(_, key) => key.sign(digest, algorithm),
            Secret::Other(_) => Err(SignerError::Unsupported(self.algorithm_name())),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm_name())
    }
}

fn sized<const N: usize>(digest: &[u8]) -> Result<&[u8; N], SignerError> {
    digest.try_into().map_err(|_| SignerError::DigestLength { expected: N, found: digest.len() })
}

/// RFC 5208 section 5, as far as it is used.
struct PrivateKeyInfo<'a> {
    algorithm: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
    private_key: &'a [u8],
}

impl<'a> PrivateKeyInfo<'a> {
    fn read(der: &'a [u8]) -> Result<Self, BrokenKey> {
        let mut outer = SliceReader::new(der)?;
        let info = outer.sequence(|fields| {
            let version = u8::decode(fields)?;
            let (algorithm, parameters) = fields.sequence(|algorithm| {
                Ok::<_, der::Error>((ObjectIdentifier::decode(algorithm)?, Option::<AnyRef<'a>>::decode(algorithm)?))
            })?;
            let private_key = <&OctetStringRef>::decode(fields)?.as_bytes();
            // [0] attributes and, in version 2, [1] the public key.
            while !fields.is_finished() {
                AnyRef::decode(fields)?;
            }
            if version > 1 { Err(BrokenKey) } else { Ok(Self { algorithm, parameters, private_key }) }
        })?;
        outer.finish()?;
        Ok(info)
    }

    /// GOST parameters are `SEQUENCE { curve, hash }` (kz-crypto 6.1); the second is a label only.
    fn curve(&self) -> Result<ObjectIdentifier, BrokenKey> {
        let parameters = self.parameters.ok_or(BrokenKey)?;
        parameters.tag().assert_eq(Tag::Sequence)?;
        Ok(ObjectIdentifier::decode(&mut SliceReader::new(parameters.value())?)?)
    }

    /// EC parameters that are a name (RFC 5480 §2.1.1); nothing else is known here.
    fn named_curve(&self) -> Option<ObjectIdentifier> {
        self.parameters.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok())
    }
}

/// The private number, little-endian. GOST-2015 files hold an OCTET STRING, little-endian; GOST-2004 files an INTEGER,
/// big-endian (kz-crypto 6.2). The type says which, so both are read for either algorithm.
fn scalar<const N: usize>(der: &[u8]) -> Result<Zeroizing<[u8; N]>, BrokenKey> {
    let number = AnyRef::from_der(der)?;
    let mut d = Zeroizing::new([0; N]);
    if number.tag() == Tag::OctetString {
        if number.value().len() != N {
            return Err(BrokenKey);
        }
        d.copy_from_slice(number.value());
        return Ok(d);
    }
    let digits = number.decode_as::<UintRef<'_>>()?.as_bytes();
    if digits.len() > N {
        return Err(BrokenKey);
    }
    d.iter_mut().zip(digits.iter().rev()).for_each(|(to, digit)| *to = *digit);
    Ok(d)
}

fn gost_pkcs8(
    algorithm: ObjectIdentifier,
    curve: ObjectIdentifier,
    hash: ObjectIdentifier,
    d: &[u8],
) -> Zeroizing<Vec<u8>> {
    let parameters = element(tlv::SEQUENCE, &[&tlv::oid(&curve), &tlv::oid(&hash)]);
    let algorithm = element(tlv::SEQUENCE, &[&tlv::oid(&algorithm), &parameters]);
    let version = element(tlv::INTEGER, &[&[0]]);
    let private_key = Zeroizing::new(element(tlv::OCTET_STRING, &[d]));
    Zeroizing::new(element(tlv::SEQUENCE, &[&version, &algorithm, &private_key]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsEntropy;
    use proptest::prelude::*;

    /// The constant prefixes of kz-crypto 6.2.
    const GOST512: &str =
        "306c020100302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a01030304420440";
    const GOST2004: &str =
        "304e020100302506092a830e030a010101013018060a2a830e030a0101010101060a2a830e030a010301010004220220";

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// A GOST-2004 key whose number has these digits, big-endian, and no others.
    fn gost2004(digits: &[u8]) -> Result<PrivateKey, BrokenKey> {
        let integer = element(tlv::INTEGER, &[digits]);
        let pkcs8 = gost_pkcs8(oid::GOST2004_KEY, oid::GOST2004_SET_A, oid::GOST34311_TEST, &integer);
        PrivateKey::from_pkcs8(&pkcs8)
    }

    #[test]
    fn a_new_key_has_the_ncas_form() {
        let key = PrivateKey::generate_gost512(&OsEntropy).unwrap();
        let pkcs8 = key.to_pkcs8();
        assert_eq!(pkcs8.len(), 110);
        assert!(pkcs8.starts_with(&bytes(GOST512)));
        assert_eq!(PrivateKey::from_pkcs8(&pkcs8).unwrap().public_key(), key.public_key());
        assert_eq!(*gost2004(&[0x7f; 32]).unwrap().to_pkcs8(), [bytes(GOST2004), vec![0x7f; 32]].concat());
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = gost2004(&[0x7f; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(GOST 34.310-2004)");
    }

    #[test]
    fn a_number_outside_of_the_curves_order_is_broken() {
        for digits in [&[0][..], &[0x80], &[], &[0x7f; 33], &bytes(&format!("00{}", "f".repeat(64)))] {
            assert_eq!(gost2004(digits).err(), Some(BrokenKey), "{digits:02x?}");
        }
    }

    #[test]
    fn both_forms_of_the_number_are_read_for_both_curves() {
        // 1 as INTEGER big-endian and as OCTET STRING little-endian.
        let mut octets = [0; 64];
        octets[0] = 1;
        let one = |d: &[u8]| {
            let pkcs8 = gost_pkcs8(oid::GOST512_KEY, oid::GOST512_SET_A, oid::STREEBOG512, d);
            PrivateKey::from_pkcs8(&pkcs8).unwrap().public_key()
        };
        assert_eq!(one(&element(tlv::INTEGER, &[&[1]])), one(&element(tlv::OCTET_STRING, &[&octets])));
    }

    #[test]
    fn additional_fields_of_the_newer_form_are_passed_over() {
        let key = gost2004(&[0x7f; 32]).unwrap();
        let pkcs8 = key.to_pkcs8();
        let public = element(tlv::context_primitive(1), &[&[0, 1, 2]]);
        let newer = element(tlv::SEQUENCE, &[&[2, 1, 1], &pkcs8[5..], &element(tlv::context(0), &[]), &public]);
        assert_eq!(PrivateKey::from_pkcs8(&newer).unwrap().public_key(), key.public_key());
        let of_tomorrow = element(tlv::SEQUENCE, &[&[2, 1, 2], &pkcs8[5..]]);
        assert_eq!(PrivateKey::from_pkcs8(&of_tomorrow).err(), Some(BrokenKey));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_octet_by_octet(
            digits in proptest::collection::vec(any::<u8>(), 1..32),
            first in 1_u8..=0xfe,
        ) {
            let digits = [&[first], &digits[..]].concat();
            let sign: &[u8] = if digits[0] & 0x80 != 0 { &[0] } else { &[] };
            let key = gost2004(&[sign, &digits].concat()).unwrap();
            let pkcs8 = key.to_pkcs8();
            let integer = element(tlv::INTEGER, &[sign, &digits]);
            prop_assert!(pkcs8.ends_with(&integer));
            prop_assert_eq!(&*PrivateKey::from_pkcs8(&pkcs8).unwrap().to_pkcs8(), &*pkcs8);
        }

        #[test]
        fn no_octets_bring_the_reader_down(octets in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = PrivateKey::from_pkcs8(&octets);
            let _ = PrivateKey::from_pkcs8(&element(tlv::SEQUENCE, &[&[2, 1, 0], &octets]));
            for algorithm in [oid::GOST512_KEY, oid::GOST2004_KEY, oid::RSA, oid::EC] {
                let _ = PrivateKey::from_pkcs8(&gost_pkcs8(algorithm, oid::GOST512_SET_A, oid::STREEBOG512, &octets));
            }
        }
    }
}
