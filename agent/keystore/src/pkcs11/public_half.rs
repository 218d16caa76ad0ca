//! Public keys as PKCS#11 has them, and as a certificate has them.

use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use const_oid::ObjectIdentifier;
use gost::{gost256, gost512, gost2004};
use pkcs11::{numbers, wire::PublicHalf};
use pki::{PublicKey, oid, tlv};

/// Curve id-tc26-gost-3410-2012-512-paramSetA: the NCA's set A of 512 bits (kz-crypto 3).
pub(super) const TC26_512_A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.2.1");
/// Curve id-tc26-gost-3410-2012-256-paramSetA: the set A of 256 bits.
pub(super) const TC26_256_A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.1");
/// The names of the curve of the 2004 set A: CryptoPro-A, its twin for key agreement, and TC26's 256 bit set B.
const CRYPTOPRO_A: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.2.643.2.2.35.1"),
    ObjectIdentifier::new_unwrap("1.2.643.2.2.36.0"),
    ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.2"),
];

/// The most octets of an RSA modulus: 16384 bits, the most that any token has.
const LONGEST_MODULUS: usize = 2048;

/// The public key, where it is one that is known here and lies on its curve.
pub(super) fn read(half: &PublicHalf) -> Option<PublicKey> {
    match half {
        PublicHalf::Rsa { modulus, exponent } => {
            let (modulus, exponent) = (digits(modulus)?, digits(exponent)?);
            let fits = modulus.len() <= LONGEST_MODULUS && exponent.len() <= modulus.len();
            fits.then_some(PublicKey::Rsa { modulus, exponent })
        }
        PublicHalf::Ec { parameters, point } => ec(curve(parameters)?, point),
        PublicHalf::Gost { key_type, parameters, value } => gost(*key_type, curve(parameters)?, unwrapped(value)),
        PublicHalf::Other { .. } => None,
    }
}

/// The algorithm in words, as [`PrivateKey::algorithm_name`](crate::PrivateKey::algorithm_name) has them.
pub(super) fn algorithm_name(key: Option<&PublicKey>) -> &'static str {
    match key {
        Some(PublicKey::Gost512(_)) => "GOST 34.310-2015",
        Some(PublicKey::Gost256(_)) => "GOST 34.310-2015, 256 bit",
        Some(PublicKey::Gost2004(_)) => "GOST 34.310-2004",
        Some(PublicKey::Rsa { .. }) => "RSA",
        Some(PublicKey::Ec { .. }) => "EC",
        _ => "other",
    }
}

/// A number without leading zeros; zero is none.
fn digits(number: &[u8]) -> Option<Vec<u8>> {
    let first = number.iter().position(|digit| *digit != 0)?;
    number.get(first..).map(<[u8]>::to_vec)
}

fn curve(parameters: &[u8]) -> Option<ObjectIdentifier> {
    tlv::whole(parameters, tlv::OID).ok()?.oid().ok()
}

/// CKA_EC_POINT is a point in an OCTET STRING (PKCS#11 v2.40 §2.3.3), but there are tokens that leave out the one or the
/// other envelope, or both. Lengths tell them apart.
fn ec(curve: ObjectIdentifier, point: &[u8]) -> Option<PublicKey> {
    let (coordinate, parameters): (usize, &'static dyn VerificationAlgorithm) = match curve {
        oid::P256 => (32, &signature::ECDSA_P256_SHA256_ASN1),
        oid::P384 => (48, &signature::ECDSA_P384_SHA384_ASN1),
        _ => return None,
    };
    let bare =
        if point.len() > 1 + 2 * coordinate { tlv::whole(point, tlv::OCTET_STRING).ok()?.value() } else { point };
    let point = match (bare.first(), bare.len()) {
        (Some(4), length) if length == 1 + 2 * coordinate => bare.to_vec(),
        (_, length) if length == 2 * coordinate => [&[4], bare].concat(),
        _ => return None,
    };
    // The parser checks that it lies on the curve.
    ParsedPublicKey::new(parameters, &point).ok()?;
    Some(PublicKey::Ec { curve, point })
}

/// Without the OCTET STRING that some modules put around a GOST key as well.
fn unwrapped(value: &[u8]) -> &[u8] {
    match value.len() {
        64 | 128 => value,
        _ => tlv::whole(value, tlv::OCTET_STRING).map_or(value, |octets| octets.value()),
    }
}

fn gost(key_type: u64, curve: ObjectIdentifier, value: &[u8]) -> Option<PublicKey> {
    let orders = || [value.to_vec(), halves_reversed(value), value.iter().rev().copied().collect()];
    match (key_type, curve) {
        (numbers::KEY_GOSTR3410_512, TC26_512_A | oid::GOST512_SET_A) => orders().into_iter().find_map(|octets| {
            gost512::PublicKey::from_le_bytes(octets.as_slice().try_into().ok()?).ok().map(PublicKey::Gost512)
        }),
        (numbers::KEY_GOSTR3410, TC26_256_A | oid::GOST256_SET_A) => orders().into_iter().find_map(|octets| {
            gost256::PublicKey::from_le_bytes(octets.as_slice().try_into().ok()?).ok().map(PublicKey::Gost256)
        }),
        (numbers::KEY_GOSTR3410, curve) if curve == oid::GOST2004_SET_A || CRYPTOPRO_A.contains(&curve) => {
            orders().into_iter().find_map(|octets| {
                gost2004::PublicKey::from_le_bytes(octets.as_slice().try_into().ok()?).ok().map(PublicKey::Gost2004)
            })
        }
        _ => None,
    }
}

/// `x ‖ y` with each of them in the other order.
pub(super) fn halves_reversed(value: &[u8]) -> Vec<u8> {
    let (first, second) = value.split_at(value.len() / 2);
    first.iter().rev().chain(second.iter().rev()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewKey, OsEntropy, PrivateKey};
    use serde_bytes::ByteBuf;

    fn made(kind: NewKey) -> PublicKey {
        PrivateKey::generate(kind, &OsEntropy).unwrap().public_key().unwrap()
    }

    fn octets(key: &PublicKey) -> Vec<u8> {
        tlv::whole(&key.subject_public_key().unwrap(), tlv::OCTET_STRING).unwrap().value().to_vec()
    }

    fn half(key_type: u64, curve: ObjectIdentifier, value: &[u8]) -> PublicHalf {
        PublicHalf::Gost { key_type, parameters: ByteBuf::from(tlv::oid(&curve)), value: ByteBuf::from(value) }
    }

    #[test]
    fn a_gost_key_is_read_in_any_order_under_russian_and_kazakh_names() {
        let cases = [
            (NewKey::Gost512, numbers::KEY_GOSTR3410_512, [TC26_512_A, oid::GOST512_SET_A]),
            (NewKey::Gost256, numbers::KEY_GOSTR3410, [TC26_256_A, oid::GOST256_SET_A]),
            (NewKey::Gost2004, numbers::KEY_GOSTR3410, [CRYPTOPRO_A[0], oid::GOST2004_SET_A]),
        ];
        for (kind, key_type, names) in cases {
            let key = made(kind);
            let little = octets(&key);
            for curve in names {
                let wrapped = tlv::element(tlv::OCTET_STRING, &[&little]);
                for value in [little.clone(), halves_reversed(&little), wrapped] {
                    assert_eq!(read(&half(key_type, curve, &value)).as_ref(), Some(&key), "{kind:?} {curve}");
                }
            }
        }
    }

    #[test]
    fn a_point_off_its_curve_is_no_key() {
        let mut value = octets(&made(NewKey::Gost512));
        value[0] ^= 1;
        assert_eq!(read(&half(numbers::KEY_GOSTR3410_512, TC26_512_A, &value)), None);
        assert_eq!(read(&half(numbers::KEY_GOSTR3410_512, TC26_512_A, &value[1..])), None);
        assert_eq!(read(&half(numbers::KEY_GOSTR3410_512, TC26_256_A, &value)), None, "the curve of shorter keys");
        let PublicKey::Ec { curve, mut point } = made(NewKey::P256) else { panic!("an EC key") };
        point[40] ^= 1;
        let parameters = ByteBuf::from(tlv::oid(&curve));
        assert_eq!(read(&PublicHalf::Ec { parameters, point: ByteBuf::from(point) }), None);
    }

    #[test]
    fn an_ec_point_is_read_with_and_without_its_envelopes() {
        for kind in [NewKey::P256, NewKey::P384] {
            let key = made(kind);
            let PublicKey::Ec { curve, point } = &key else { panic!("an EC key") };
            for value in [tlv::element(tlv::OCTET_STRING, &[point]), point.clone(), point[1..].to_vec()] {
                let parameters = ByteBuf::from(tlv::oid(curve));
                assert_eq!(read(&PublicHalf::Ec { parameters, point: ByteBuf::from(value) }).as_ref(), Some(&key));
            }
        }
    }

    #[test]
    fn an_rsa_key_is_read_without_leading_zeros() {
        let rsa = |modulus: &[u8], exponent: &[u8]| {
            read(&PublicHalf::Rsa { modulus: ByteBuf::from(modulus), exponent: ByteBuf::from(exponent) })
        };
        let expected = PublicKey::Rsa { modulus: vec![0xc1; 256], exponent: vec![1, 0, 1] };
        assert_eq!(rsa(&[&[0][..], &[0xc1; 256]].concat(), &[0, 1, 0, 1]), Some(expected));
        assert_eq!(rsa(&[], &[]), None);
        assert_eq!(rsa(&[0; 256], &[1, 0, 1]), None);
        assert_eq!(rsa(&[1; 5000], &[1, 0, 1]), None);
    }
}
