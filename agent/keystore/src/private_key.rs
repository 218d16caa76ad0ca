//! Private keys and PKCS#8, in the forms of NCA key files (kz-crypto 6.2).

use std::{fmt, sync::Arc};

use const_oid::ObjectIdentifier;
use der::{
    AnyRef, Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{BitStringRef, OctetStringRef, UintRef},
};
use gost::{gost512, gost2004};
use pki::{
    Certificate, PublicKey, SignatureAlgorithm, Signer, SignerError, oid,
    tlv::{self, element},
};
use zeroize::Zeroizing;

use crate::{CannotSign, Entropy, EntropyError};

/// A private key outside of a token.
///
/// It wipes itself with its last clone (a clone is another handle on the same key, not another copy of it), and can be
/// neither printed, compared nor serialised.
#[derive(Clone)]
pub struct PrivateKey(Arc<Secret>);

enum Secret {
    Gost512(gost512::SecretKey),
    Gost2004(gost2004::SecretKey),
    /// Kept as PKCS#8, with the public half that stands in it; so are the two below.
    Rsa(Zeroizing<Vec<u8>>, PublicKey),
    Ec(Zeroizing<Vec<u8>>, Option<PublicKey>),
    /// An algorithm that is not known here, or a GOST curve that is not.
    Other(Zeroizing<Vec<u8>>),
}

/// The PKCS#8 structure is broken, or the number in it is no private key of its curve.
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
        let key = gost512::SecretKey::generate(|buffer| entropy.fill(buffer)).map_err(|_| EntropyError)?;
        Ok(Self(Arc::new(Secret::Gost512(key))))
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
            oid::GOST2004_KEY if info.curve()? == oid::GOST2004_SET_A => {
                Secret::Gost2004(gost2004::SecretKey::from_le_bytes(&*scalar(info.private_key)?)?)
            }
            oid::RSA => Secret::Rsa(kept(), rsa_public(info.private_key)?),
            oid::EC => Secret::Ec(kept(), ec_public(&info)?),
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

    /// The public key: computed (`Q = d·G`) for GOST, read from the key's own structure for RSA and EC, `None` where
    /// neither is possible.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match &*self.0 {
            Secret::Gost512(key) => Some(PublicKey::Gost512(key.public_key())),
            Secret::Gost2004(key) => Some(PublicKey::Gost2004(key.public_key())),
            Secret::Rsa(_, public) => Some(public.clone()),
            Secret::Ec(_, public) => public.clone(),
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
            Secret::Gost2004(_) => Some(SignatureAlgorithm::Gost2004),
            Secret::Rsa(..) | Secret::Ec(..) | Secret::Other(_) => None,
        }
    }

    /// This key with its certificate, ready to sign; nonces are hedged with bytes from `entropy`.
    ///
    /// # Errors
    /// [`CannotSign`]; before anything else the key is checked against the certificate (kz-crypto 6.2: d·G = Q).
    pub fn signer(&self, certificate: &Certificate, entropy: Arc<dyn Entropy>) -> Result<Box<dyn Signer>, CannotSign> {
        crate::signer::of(self, certificate, entropy)
    }

    /// The algorithm in words.
    #[must_use]
    pub fn algorithm_name(&self) -> &'static str {
        match &*self.0 {
            Secret::Gost512(_) => "GOST 34.310-2015",
            Secret::Gost2004(_) => "GOST 34.310-2004",
            Secret::Rsa(..) => "RSA",
            Secret::Ec(..) => "EC",
            Secret::Other(_) => "other",
        }
    }

    /// Signs a finished digest: `r_LE ‖ s_LE` (kz-crypto 2).
    ///
    /// # Errors
    /// [`SignerError`].
    pub(crate) fn sign_digest(&self, digest: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, SignerError> {
        let mut fresh = Zeroizing::new([0; 32]);
        entropy.fill(&mut *fresh).map_err(|EntropyError| SignerError::Entropy)?;
        match &*self.0 {
            Secret::Gost512(key) => Ok(key.sign_digest(sized(digest)?, &fresh).to_vec()),
            Secret::Gost2004(key) => Ok(key.sign_digest(sized(digest)?, &fresh).to_vec()),
            Secret::Rsa(..) | Secret::Ec(..) | Secret::Other(_) => Err(SignerError::Unsupported(self.algorithm_name())),
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

/// Modulus and exponent of an RSAPrivateKey (RFC 8017 A.1.2).
fn rsa_public(der: &[u8]) -> Result<PublicKey, BrokenKey> {
    let key = AnyRef::from_der(der)?;
    key.tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(key.value())?;
    u8::decode(&mut fields)?;
    let modulus = UintRef::decode(&mut fields)?.as_bytes().to_vec();
    let exponent = UintRef::decode(&mut fields)?.as_bytes().to_vec();
    Ok(PublicKey::Rsa { modulus, exponent })
}

/// The point of an ECPrivateKey (RFC 5915 section 3), where the writer put it in.
fn ec_public(info: &PrivateKeyInfo<'_>) -> Result<Option<PublicKey>, BrokenKey> {
    let Some(curve) = info.parameters.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok()) else {
        return Ok(None);
    };
    let key = AnyRef::from_der(info.private_key)?;
    key.tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(key.value())?;
    while !fields.is_finished() {
        let field = AnyRef::decode(&mut fields)?;
        if field.tag() == (Tag::ContextSpecific { constructed: true, number: TagNumber(1) }) {
            let point = BitStringRef::from_der(field.value())?.as_bytes().ok_or(BrokenKey)?.to_vec();
            return Ok(Some(PublicKey::Ec { curve, point }));
        }
    }
    Ok(None)
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
