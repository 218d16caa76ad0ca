//! The keys that a token can make.

use const_oid::ObjectIdentifier;
use pkcs11::{
    numbers,
    wire::{Fault, FaultKind, KeyKind},
};
use pki::{oid, tlv};
use serde_bytes::ByteBuf;

use super::public_half::{TC26_256_A, TC26_512_A};
use crate::NewKey;

/// Hash id-tc26-gost3411-12-512.
const TC26_STREEBOG512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
/// Hash id-tc26-gost3411-12-256.
const TC26_STREEBOG256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");

/// What to ask a token with these mechanisms for, the likeliest first: a GOST curve has a Russian name and a Kazakh one,
/// and which of them a module knows is found out by asking. Empty: it does not make such keys.
pub(super) fn kinds(new: NewKey, mechanisms: &[u64]) -> Vec<KeyKind> {
    // A token that lists nothing says nothing.
    let has = |mechanism: u64| mechanisms.is_empty() || mechanisms.contains(&mechanism);
    let rsa = |bits| if has(numbers::RSA_PKCS_KEY_PAIR_GEN) { vec![KeyKind::Rsa { bits }] } else { Vec::new() };
    let ec = |curve| {
        let parameters = ByteBuf::from(tlv::oid(&curve));
        if has(numbers::EC_KEY_PAIR_GEN) { vec![KeyKind::Ec { parameters }] } else { Vec::new() }
    };
    let gost = |key_type, mechanism, names: [(ObjectIdentifier, ObjectIdentifier); 2]| {
        let named = names.into_iter().map(|(curve, hash)| KeyKind::Gost {
            key_type,
            mechanism,
            parameters: ByteBuf::from(tlv::oid(&curve)),
            digest_parameters: ByteBuf::from(tlv::oid(&hash)),
        });
        if has(mechanism) { named.collect() } else { Vec::new() }
    };
    match new {
        NewKey::Rsa2048 => rsa(2048),
        NewKey::Rsa3072 => rsa(3072),
        NewKey::Rsa4096 => rsa(4096),
        NewKey::P256 => ec(oid::P256),
        NewKey::P384 => ec(oid::P384),
        NewKey::Gost512 => gost(
            numbers::KEY_GOSTR3410_512,
            numbers::GOSTR3410_512_KEY_PAIR_GEN,
            [(TC26_512_A, TC26_STREEBOG512), (oid::GOST512_SET_A, oid::STREEBOG512)],
        ),
        NewKey::Gost256 => gost(
            numbers::KEY_GOSTR3410,
            numbers::GOSTR3410_KEY_PAIR_GEN,
            [(TC26_256_A, TC26_STREEBOG256), (oid::GOST256_SET_A, oid::STREEBOG256)],
        ),
        // Not issued any more.
        NewKey::Gost2004 => Vec::new(),
    }
}

/// Whether a token that gave this may know the curve under its other name.
pub(super) fn is_about_the_name(fault: &Fault) -> bool {
    // CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_TEMPLATE_INCONSISTENT,
    // CKR_DOMAIN_PARAMS_INVALID.
    fault.kind == FaultKind::Unsupported || matches!(fault.code, 0x12 | 0x13 | 0x71 | 0xD1 | 0x130)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_asked_for_what_it_makes_and_by_both_names_of_a_curve() {
        let rutoken = [numbers::RSA_PKCS_KEY_PAIR_GEN, numbers::GOSTR3410_512_KEY_PAIR_GEN];
        assert_eq!(kinds(NewKey::Rsa2048, &rutoken), [KeyKind::Rsa { bits: 2048 }]);
        assert_eq!(kinds(NewKey::Gost512, &rutoken).len(), 2);
        assert!(kinds(NewKey::Gost256, &rutoken).is_empty());
        assert!(kinds(NewKey::P256, &rutoken).is_empty());
        assert!(kinds(NewKey::Gost2004, &[]).is_empty());
        assert_eq!(kinds(NewKey::P384, &[]).len(), 1);
    }
}
