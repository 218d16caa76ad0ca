//! What an object says of itself: the attributes of PKCS#11 v2.40, and those of TC26's GOST keys.

use cryptoki_sys::*;
use pki::{
    ObjectIdentifier, PublicKey, oid,
    tlv::{self, element},
};

use crate::{
    card::{Answer, Body, Class, Object},
    config::{Algorithm, CardConfig, PointOrder},
    numbers::{self, CKK_GOSTR3410_512, CKM_GOSTR3410_512, CKM_GOSTR3410_512_KEY_PAIR_GEN},
};

/// The algorithm of a key; `None` for curves that are not known here.
pub(crate) fn algorithm(key: &PublicKey) -> Option<Algorithm> {
    match key {
        PublicKey::Gost512(_) => Some(Algorithm::Gost512),
        PublicKey::Gost256(_) => Some(Algorithm::Gost256),
        PublicKey::Gost2004(_) => Some(Algorithm::Gost2004),
        PublicKey::Rsa { .. } => Some(Algorithm::Rsa),
        PublicKey::Ec { curve, .. } if [oid::P256, oid::P384].contains(curve) => Some(Algorithm::Ec),
        _ => None,
    }
}

/// CKA_KEY_TYPE.
pub(crate) fn key_type(algorithm: Algorithm) -> CK_KEY_TYPE {
    match algorithm {
        Algorithm::Rsa => CKK_RSA,
        Algorithm::Ec => CKK_EC,
        Algorithm::Gost512 => CKK_GOSTR3410_512,
        Algorithm::Gost256 | Algorithm::Gost2004 => CKK_GOSTR3410,
    }
}

/// The mechanisms that sign with such a key.
pub(crate) fn signing(algorithm: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match algorithm {
        Algorithm::Rsa => &[CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS],
        Algorithm::Ec => &[CKM_ECDSA],
        Algorithm::Gost512 => &[CKM_GOSTR3410_512],
        Algorithm::Gost256 | Algorithm::Gost2004 => &[CKM_GOSTR3410],
    }
}

/// The mechanism that makes such a key.
pub(crate) fn generating(algorithm: Algorithm) -> CK_MECHANISM_TYPE {
    match algorithm {
        Algorithm::Rsa => CKM_RSA_PKCS_KEY_PAIR_GEN,
        Algorithm::Ec => CKM_EC_KEY_PAIR_GEN,
        Algorithm::Gost512 => CKM_GOSTR3410_512_KEY_PAIR_GEN,
        Algorithm::Gost256 | Algorithm::Gost2004 => CKM_GOSTR3410_KEY_PAIR_GEN,
    }
}

/// CK_ULONG as an attribute's value.
pub(crate) fn ulong(number: CK_ULONG) -> Vec<u8> {
    number.to_ne_bytes().to_vec()
}

fn flag(is: bool) -> Vec<u8> {
    vec![u8::from(is)]
}

impl Object {
    /// CKA_PRIVATE: whether it shows only after login.
    pub(crate) fn is_private(&self, card: &CardConfig) -> bool {
        match self.record.class {
            Class::Private => true,
            Class::Public => card.hide_public_keys,
            Class::Certificate => card.hide_certificates,
        }
    }

    /// The value of an attribute.
    ///
    /// CKR_ATTRIBUTE_SENSITIVE and CKR_ATTRIBUTE_TYPE_INVALID as C_GetAttributeValue has them.
    pub(crate) fn attribute(&self, wanted: CK_ATTRIBUTE_TYPE, card: &CardConfig) -> Answer<Vec<u8>> {
        let record = &self.record;
        match wanted {
            CKA_TOKEN | CKA_MODIFIABLE | CKA_DESTROYABLE => return Ok(flag(true)),
            CKA_COPYABLE => return Ok(flag(false)),
            CKA_PRIVATE => return Ok(flag(self.is_private(card))),
            CKA_LABEL => return Ok(record.label.clone().into_bytes()),
            CKA_ID => return Ok(record.id.clone()),
            _ => {}
        }
        match &self.body {
            Body::Private(_, public) => self.of_private(wanted, public, card),
            Body::Public(public) => self.of_public(wanted, public, card),
            Body::Certificate(certificate) => Ok(match wanted {
                CKA_CLASS => ulong(CKO_CERTIFICATE),
                CKA_CERTIFICATE_TYPE => ulong(CKC_X_509),
                CKA_CERTIFICATE_CATEGORY => ulong(CK_CERTIFICATE_CATEGORY_UNSPECIFIED),
                CKA_TRUSTED => flag(false),
                CKA_VALUE => certificate.der().to_vec(),
                CKA_SUBJECT => certificate.subject().der().to_vec(),
                CKA_ISSUER => certificate.issuer().der().to_vec(),
                CKA_SERIAL_NUMBER => element(tlv::INTEGER, &[certificate.serial().bytes()]),
                CKA_PUBLIC_KEY_INFO => certificate.spki_der().to_vec(),
                CKA_URL | CKA_START_DATE | CKA_END_DATE => Vec::new(),
                _ => return Err(CKR_ATTRIBUTE_TYPE_INVALID),
            }),
        }
    }

    fn of_private(&self, wanted: CK_ATTRIBUTE_TYPE, public: &PublicKey, card: &CardConfig) -> Answer<Vec<u8>> {
        let is_rsa = matches!(public, PublicKey::Rsa { .. });
        Ok(match wanted {
            CKA_CLASS => ulong(CKO_PRIVATE_KEY),
            CKA_SIGN | CKA_SENSITIVE | CKA_ALWAYS_SENSITIVE | CKA_NEVER_EXTRACTABLE => flag(true),
            CKA_EXTRACTABLE | CKA_DECRYPT | CKA_SIGN_RECOVER | CKA_UNWRAP | CKA_WRAP_WITH_TRUSTED => flag(false),
            CKA_ALWAYS_AUTHENTICATE => flag(card.always_authenticate),
            CKA_SUBJECT => Vec::new(),
            CKA_PRIVATE_EXPONENT | CKA_PRIME_1 | CKA_PRIME_2 | CKA_EXPONENT_1 | CKA_EXPONENT_2 | CKA_COEFFICIENT
                if is_rsa =>
            {
                return Err(CKR_ATTRIBUTE_SENSITIVE);
            }
            CKA_VALUE if !is_rsa => return Err(CKR_ATTRIBUTE_SENSITIVE),
            CKA_MODULUS | CKA_PUBLIC_EXPONENT | CKA_EC_PARAMS | CKA_GOSTR3410_PARAMS | CKA_GOSTR3411_PARAMS => {
                numbers_of(wanted, public, card)?
            }
            _ => self.of_key(wanted, public)?,
        })
    }

    fn of_public(&self, wanted: CK_ATTRIBUTE_TYPE, public: &PublicKey, card: &CardConfig) -> Answer<Vec<u8>> {
        Ok(match wanted {
            CKA_CLASS => ulong(CKO_PUBLIC_KEY),
            CKA_VERIFY => flag(true),
            CKA_ENCRYPT | CKA_VERIFY_RECOVER | CKA_WRAP | CKA_TRUSTED => flag(false),
            CKA_SUBJECT => Vec::new(),
            _ => numbers_of(wanted, public, card).or_else(|_| self.of_key(wanted, public))?,
        })
    }

    fn of_key(&self, wanted: CK_ATTRIBUTE_TYPE, public: &PublicKey) -> Answer<Vec<u8>> {
        let algorithm = algorithm(public).ok_or(CKR_DEVICE_ERROR)?;
        Ok(match wanted {
            CKA_KEY_TYPE => ulong(key_type(algorithm)),
            CKA_DERIVE => flag(false),
            CKA_LOCAL => flag(self.record.local),
            CKA_KEY_GEN_MECHANISM if self.record.local => ulong(generating(algorithm)),
            CKA_KEY_GEN_MECHANISM => ulong(CK_UNAVAILABLE_INFORMATION),
            CKA_ALLOWED_MECHANISMS => signing(algorithm).iter().flat_map(|mechanism| ulong(*mechanism)).collect(),
            CKA_START_DATE | CKA_END_DATE => Vec::new(),
            CKA_PUBLIC_KEY_INFO => public.to_spki_der().ok_or(CKR_DEVICE_ERROR)?,
            _ => return Err(CKR_ATTRIBUTE_TYPE_INVALID),
        })
    }
}

/// The numbers of a public key.
fn numbers_of(wanted: CK_ATTRIBUTE_TYPE, public: &PublicKey, card: &CardConfig) -> Answer<Vec<u8>> {
    let oid = |oid: ObjectIdentifier| tlv::oid(&oid);
    let gost = algorithm(public).and_then(|algorithm| numbers::parameters(algorithm, card.parameters));
    Ok(match (wanted, public) {
        (CKA_MODULUS, PublicKey::Rsa { modulus, .. }) => modulus.clone(),
        (CKA_PUBLIC_EXPONENT, PublicKey::Rsa { exponent, .. }) => exponent.clone(),
        (CKA_MODULUS_BITS, PublicKey::Rsa { modulus, .. }) => {
            let unused = modulus.first().map_or(0, |first| u64::from(first.leading_zeros()));
            ulong(8 * modulus.len() as CK_ULONG - unused)
        }
        (CKA_EC_PARAMS, PublicKey::Ec { curve, .. }) => oid(*curve),
        (CKA_EC_POINT, PublicKey::Ec { point, .. }) if card.ec_point_bare => point.clone(),
        (CKA_EC_POINT, PublicKey::Ec { point, .. }) => element(tlv::OCTET_STRING, &[point]),
        (CKA_VALUE, PublicKey::Gost512(key)) => point(&key.to_le_bytes(), card.point_order),
        (CKA_VALUE, PublicKey::Gost256(key)) => point(&key.to_le_bytes(), card.point_order),
        (CKA_VALUE, PublicKey::Gost2004(key)) => point(&key.to_le_bytes(), card.point_order),
        (CKA_GOSTR3410_PARAMS, _) => oid(gost.ok_or(CKR_ATTRIBUTE_TYPE_INVALID)?.0),
        (CKA_GOSTR3411_PARAMS, _) => oid(gost.ok_or(CKR_ATTRIBUTE_TYPE_INVALID)?.1),
        _ => return Err(CKR_ATTRIBUTE_TYPE_INVALID),
    })
}

/// `x_LE ‖ y_LE` in another order.
fn point(xy_le: &[u8], order: PointOrder) -> Vec<u8> {
    let (x, y) = xy_le.split_at(xy_le.len() / 2);
    match order {
        PointOrder::XyLe => xy_le.to_vec(),
        PointOrder::XyBe => x.iter().rev().chain(y.iter().rev()).copied().collect(),
        PointOrder::YxBe => xy_le.iter().rev().copied().collect(),
    }
}
