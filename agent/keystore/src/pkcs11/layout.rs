//! How a key is asked to sign, and in which order of octets its module speaks GOST.
//!
//! PKCS#11 says of a GOST signature that it has so many octets, and modules do as they like: `r ‖ s` or `s ‖ r`, with
//! either end first, over a digest that is read from either end. Certificates want `r_LE ‖ s_LE` over the digest as the
//! hash gave it (kz-crypto 2).

use pkcs11::numbers;
use pki::{PublicKey, SignatureAlgorithm, oid, tlv};
use serde::{Deserialize, Serialize};

use super::public_half::halves_reversed;

/// What is handed to C_Sign, and with which mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// CKM_RSA_PKCS over a DigestInfo.
    DigestInfo,
    /// CKM_SHA256_RSA_PKCS over the message.
    Message,
    /// CKM_ECDSA over a digest; a coordinate has so many octets.
    Ecdsa(usize),
    /// CKM_GOSTR3410 or CKM_GOSTR3410_512 over a digest.
    Gost(u64),
}

/// How a token with these mechanisms signs with this key; `None`: it does not, or not in a way known here.
pub(super) fn plan(key: &PublicKey, mechanisms: &[u64]) -> Option<Plan> {
    // A token that lists nothing says nothing.
    let has = |mechanism: u64| mechanisms.is_empty() || mechanisms.contains(&mechanism);
    let plan = match key {
        PublicKey::Rsa { .. } if has(numbers::RSA_PKCS) => Plan::DigestInfo,
        PublicKey::Rsa { .. } if has(numbers::SHA256_RSA_PKCS) => Plan::Message,
        PublicKey::Ec { curve: oid::P256, .. } if has(numbers::ECDSA) => Plan::Ecdsa(32),
        PublicKey::Ec { curve: oid::P384, .. } if has(numbers::ECDSA) => Plan::Ecdsa(48),
        PublicKey::Gost512(_) if has(numbers::GOSTR3410_512) => Plan::Gost(numbers::GOSTR3410_512),
        PublicKey::Gost256(_) | PublicKey::Gost2004(_) if has(numbers::GOSTR3410) => Plan::Gost(numbers::GOSTR3410),
        _ => return None,
    };
    Some(plan)
}

/// The DER of a DigestInfo (RFC 8017 §9.2); `None` for an algorithm without a digest that is known here.
pub(super) fn digest_info(algorithm: SignatureAlgorithm, digest: &[u8]) -> Option<Vec<u8>> {
    let identifier = tlv::algorithm_null(&algorithm.digest_algorithm()?.oid());
    Some(tlv::element(tlv::SEQUENCE, &[&identifier, &tlv::element(tlv::OCTET_STRING, &[digest])]))
}

/// `r ‖ s`, each big-endian, as the SEQUENCE of X.509 (RFC 3279 §2.2.3).
pub(super) fn ecdsa_to_der(signature: &[u8], coordinate: usize) -> Option<Vec<u8>> {
    let (r, s) = signature.split_at_checked(coordinate).filter(|(_, s)| s.len() == coordinate)?;
    let integer = |number: &[u8]| {
        let first = number.iter().position(|digit| *digit != 0).unwrap_or(number.len().saturating_sub(1));
        let digits = number.get(first..).unwrap_or_default();
        let sign: &[u8] = if digits.first().is_some_and(|digit| digit & 0x80 != 0) { &[0] } else { &[] };
        tlv::element(tlv::INTEGER, &[sign, digits])
    };
    Some(tlv::element(tlv::SEQUENCE, &[&integer(r), &integer(s)]))
}

/// The order of octets in which a module speaks GOST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OctetOrder {
    digest: Digest,
    signature: Numbers,
}

/// From which end a module reads a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Digest {
    /// As the hash gave it, which is a number little-endian.
    AsItIs,
    Reversed,
}

/// How a module writes the two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Numbers {
    /// r_BE ‖ s_BE.
    RsBig,
    /// s_BE ‖ r_BE.
    SrBig,
    /// r_LE ‖ s_LE.
    RsLittle,
    /// s_LE ‖ r_LE.
    SrLittle,
}

impl Numbers {
    const ALL: [Self; 4] = [Self::RsBig, Self::SrBig, Self::RsLittle, Self::SrLittle];

    /// From this order to r_LE ‖ s_LE, and back: each is its own inverse.
    fn turn(self, signature: &[u8]) -> Vec<u8> {
        match self {
            Self::RsBig => halves_reversed(signature),
            Self::SrBig => signature.iter().rev().copied().collect(),
            Self::RsLittle => signature.to_vec(),
            Self::SrLittle => {
                let (first, second) = signature.split_at(signature.len() / 2);
                [second, first].concat()
            }
        }
    }
}

impl OctetOrder {
    /// The digest as the module wants it.
    pub(super) fn digest(self, digest: &[u8]) -> Vec<u8> {
        match self.digest {
            Digest::AsItIs => digest.to_vec(),
            Digest::Reversed => digest.iter().rev().copied().collect(),
        }
    }

    /// A signature of the module as r_LE ‖ s_LE.
    pub(super) fn signature(self, signature: &[u8]) -> Vec<u8> {
        self.signature.turn(signature)
    }
}

/// What is signed to find out about a module: it says what it is, to whoever might ever ask what was signed.
const TEST_SENTENCE: &str = "Tanba signs this sentence to learn in which order of octets this token writes its signatures. It means nothing else.";

/// Has the module sign a test digest, read from either end, and looks which of the four orders gives a signature of this
/// key. `None`: none of them, so whatever signed is not this key.
pub(super) fn discover<E>(
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
    mut sign: impl FnMut(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Option<OctetOrder>, E> {
    let Some(digest_algorithm) = algorithm.digest_algorithm() else { return Ok(None) };
    let digest = digest_algorithm.digest(TEST_SENTENCE.as_bytes());
    for read_from in [Digest::AsItIs, Digest::Reversed] {
        let order = |signature| OctetOrder { digest: read_from, signature };
        let made = sign(&order(Numbers::RsBig).digest(&digest))?;
        let fits = |numbers: &Numbers| key.verify(&digest, &numbers.turn(&made), algorithm).is_ok();
        if let Some(numbers) = Numbers::ALL.into_iter().find(fits) {
            return Ok(Some(order(numbers)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewKey, OsEntropy, PrivateKey};
    use proptest::prelude::*;
    use std::convert::Infallible;

    /// A module that signs with `key` and speaks in that order.
    fn module(key: &PrivateKey, order: OctetOrder) -> impl Fn(&[u8]) -> Result<Vec<u8>, Infallible> {
        move |digest: &[u8]| {
            let algorithm = key.signature_algorithm().unwrap();
            // Both turns are their own inverse.
            let signature = key.sign_digest(&order.digest(digest), algorithm, &OsEntropy).unwrap();
            Ok(order.signature(&signature))
        }
    }

    fn orders() -> impl Iterator<Item = OctetOrder> {
        [Digest::AsItIs, Digest::Reversed]
            .into_iter()
            .flat_map(|digest| Numbers::ALL.map(|signature| OctetOrder { digest, signature }))
    }

    #[test]
    fn whatever_order_a_module_speaks_in_is_found_with_two_signatures_at_most() {
        for kind in [NewKey::Gost512, NewKey::Gost256, NewKey::Gost2004] {
            let key = PrivateKey::generate(kind, &OsEntropy).unwrap();
            let (public, algorithm) = (key.public_key().unwrap(), key.signature_algorithm().unwrap());
            for order in orders() {
                let mut asked = 0;
                let module = module(&key, order);
                let found = discover(&public, algorithm, |digest| {
                    asked += 1;
                    module(digest)
                });
                assert_eq!(found, Ok(Some(order)), "{kind:?}");
                assert!(asked <= 2);
            }
        }
    }

    #[test]
    fn a_module_that_signs_with_another_key_is_found_out() {
        let [key, other] = [(); 2].map(|()| PrivateKey::generate(NewKey::Gost512, &OsEntropy).unwrap());
        for order in orders() {
            let found = discover(&key.public_key().unwrap(), SignatureAlgorithm::Gost512, module(&other, order));
            assert_eq!(found, Ok(None));
        }
        let silent = |_: &[u8]| Ok::<_, Infallible>(Vec::new());
        assert_eq!(discover(&key.public_key().unwrap(), SignatureAlgorithm::Gost512, silent), Ok(None));
    }

    #[test]
    fn rsa_prefers_the_digest_and_takes_the_message_where_it_must() {
        let rsa = PublicKey::Rsa { modulus: vec![0xc1; 256], exponent: vec![1, 0, 1] };
        assert_eq!(plan(&rsa, &[numbers::SHA256_RSA_PKCS, numbers::RSA_PKCS]), Some(Plan::DigestInfo));
        assert_eq!(plan(&rsa, &[numbers::SHA256_RSA_PKCS]), Some(Plan::Message));
        assert_eq!(plan(&rsa, &[numbers::ECDSA]), None);
        assert_eq!(plan(&rsa, &[]), Some(Plan::DigestInfo));
        let unknown = PublicKey::Ec { curve: oid::EC, point: Vec::new() };
        assert_eq!(plan(&unknown, &[numbers::ECDSA]), None);
    }

    proptest! {
        #[test]
        fn every_order_turned_twice_is_what_it_was(half in prop::collection::vec(any::<u8>(), 0..70)) {
            let signature = [half.clone(), half.iter().map(|octet| octet.wrapping_add(1)).collect()].concat();
            for order in orders() {
                prop_assert_eq!(&order.signature(&order.signature(&signature)), &signature);
                prop_assert_eq!(&order.digest(&order.digest(&half)), &half);
            }
        }

        #[test]
        fn the_four_orders_are_the_four_arrangements_of_two_numbers(r in any::<[u8; 32]>(), s in any::<[u8; 32]>()) {
            let reversed = |number: [u8; 32]| { let mut number = number; number.reverse(); number };
            let expected = [reversed(r), reversed(s)].concat();
            prop_assert_eq!(&Numbers::RsBig.turn(&[r, s].concat()), &expected);
            prop_assert_eq!(&Numbers::SrBig.turn(&[s, r].concat()), &expected);
            prop_assert_eq!(&Numbers::RsLittle.turn(&[reversed(r), reversed(s)].concat()), &expected);
            prop_assert_eq!(&Numbers::SrLittle.turn(&[reversed(s), reversed(r)].concat()), &expected);
        }

        #[test]
        fn nothing_a_module_gives_brings_the_turning_down(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            for order in orders() {
                prop_assert_eq!(order.signature(&octets).len(), octets.len());
            }
            for coordinate in [0, 32, 48] {
                let _ = ecdsa_to_der(&octets, coordinate);
            }
        }
    }

    #[test]
    fn r_and_s_of_ecdsa_become_the_integers_of_x509() {
        let der = ecdsa_to_der(&[0, 0, 1, 0x80, 0, 0], 3).unwrap();
        assert_eq!(der, [0x30, 9, 2, 1, 1, 2, 4, 0, 0x80, 0, 0]);
        assert_eq!(ecdsa_to_der(&[0; 6], 3).unwrap(), [0x30, 6, 2, 1, 0, 2, 1, 0]);
        assert_eq!(ecdsa_to_der(&[0; 7], 3), None);
        assert_eq!(ecdsa_to_der(&[0; 2], 3), None);
    }
}
