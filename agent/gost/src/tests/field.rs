use std::vec::Vec;

use crypto_bigint::Uint;
use num_bigint::BigUint;
use proptest::prelude::*;

use super::reference::Reference;
use crate::equation::{CryptoProA, Equation, Tc26Gost512A};
use crate::field::Fe;

/// Limbs that are ordinary, or such that carries run far.
fn limbs<const N: usize>() -> impl Strategy<Value = [u64; N]> {
    let limb = prop_oneof![
        2 => any::<u64>(),
        1 => 0..2000u64,
        2 => (u64::MAX - 2000)..=u64::MAX,
        2 => Just(u64::MAX),
        1 => Just(0),
    ];
    prop::collection::vec(limb, N).prop_map(|limbs| limbs.try_into().unwrap())
}

fn big(limbs: &[u64]) -> BigUint {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    BigUint::from_bytes_le(&bytes)
}

fn value<C: Equation<N>, const N: usize>(element: Fe<C, N>) -> BigUint {
    big(element.canonical().as_words())
}

/// Every operation against integers modulo `p`, for any representation of the operands.
fn check<C: Equation<N>, const N: usize>(curve: &Reference, a: [u64; N], b: [u64; N], small: u32) {
    let p = &curve.p;
    let (x, y) = (Fe::<C, N>::from_limbs(a), Fe::<C, N>::from_limbs(b));
    let (a, b) = (big(&a), big(&b));
    assert_eq!(value(x), &a % p);
    assert_eq!(value(x + y), (&a + &b) % p);
    assert_eq!(value(x - y), curve.difference(&a, &b));
    assert_eq!(value(-x), curve.difference(&BigUint::ZERO, &a));
    assert_eq!(value(x.double()), &a * 2u32 % p);
    assert_eq!(value(x * y), &a * &b % p);
    assert_eq!(value(x.square()), &a * &a % p);
    assert_eq!(value(x.mul_small(small)), &a * small % p);
    assert_eq!(value(x.invert()), Reference::inverse(p, &a));
    assert_eq!((x - y).is_zero_vartime(), &a % p == &b % p);
}

proptest! {
    #[test]
    fn field_operations_of_the_512_bit_curve_agree_with_integers(
        a in limbs::<8>(), b in limbs::<8>(), small in any::<u32>()
    ) {
        check::<Tc26Gost512A, 8>(&Reference::gost512(), a, b, small);
    }

    #[test]
    fn field_operations_of_the_256_bit_curve_agree_with_integers(
        a in limbs::<4>(), b in limbs::<4>(), small in any::<u32>()
    ) {
        check::<CryptoProA, 4>(&Reference::gost2004(), a, b, small);
    }
}

fn check_edges<C: Equation<N>, const N: usize>(curve: &Reference) {
    let near_the_top = |below: u64| Uint::<N>::MAX.wrapping_sub(&Uint::from_u64(below));
    let c = C::PRIME_COMPLEMENT;
    let edges =
        [0, 1, 2, c - 1, c, c + 1].into_iter().flat_map(|n| [Uint::from_u64(n), near_the_top(n)]).map(|n| n.to_words());
    for a in edges.clone() {
        for b in edges.clone() {
            check::<C, N>(curve, a, b, u32::MAX);
        }
    }
}

#[test]
fn field_operations_hold_around_zero_and_the_prime() {
    check_edges::<Tc26Gost512A, 8>(&Reference::gost512());
    check_edges::<CryptoProA, 4>(&Reference::gost2004());
}

#[test]
fn the_modulus_is_the_prime() {
    assert_eq!(big(Fe::<Tc26Gost512A, 8>::MODULUS.as_words()), Reference::gost512().p);
    assert_eq!(big(Fe::<CryptoProA, 4>::MODULUS.as_words()), Reference::gost2004().p);
}
