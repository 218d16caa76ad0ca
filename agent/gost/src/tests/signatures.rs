use core::convert::Infallible;
use std::format;
use std::vec::Vec;

use num_bigint::BigUint;
use proptest::prelude::*;

use super::reference::{Point, Reference, number};
use crate::curve::{ByteArray, Curve};
use crate::equation::{CryptoProA, Tc26Gost256A, Tc26Gost512A};
use crate::key::{PublicKey, SecretKey};
use crate::{BadSignature, GenerateError, KeyError};

pub(super) fn array<A: ByteArray>(bytes: &[u8]) -> A {
    let mut array = A::ZERO;
    array.as_mut().copy_from_slice(bytes);
    array
}

fn secret<C: Curve<N>, const N: usize>(curve: &Reference, d: &BigUint) -> SecretKey<C, N> {
    SecretKey::from_le_bytes(&array(&curve.bytes(d))).unwrap()
}

/// A digest or a number of the curve's length out of 64 bytes.
fn cut<'a>(curve: &Reference, bytes: &'a [u8]) -> &'a [u8] {
    &bytes[..curve.size]
}

/// Signing and verifying agree with the standard's equations, in both directions.
fn check_signatures<C: Curve<N>, const N: usize>(
    curve: &Reference,
    [d, k, digest]: [&[u8]; 3],
    entropy: [u8; 32],
    flip: usize,
) {
    let number_of = |bytes: &[u8]| BigUint::from_bytes_le(cut(curve, bytes)) % (&curve.q - 1u32) + 1u32;
    let (d, k, digest) = (number_of(d), number_of(k), cut(curve, digest));
    let digest_array: C::Bytes = array(digest);
    let key = secret::<C, N>(curve, &d);
    let point = curve.mul(&d, &curve.g);
    let public = key.public_key();
    assert_eq!(public.to_le_bytes().as_ref(), curve.point_bytes(&point));
    assert_eq!(PublicKey::from_le_bytes(&public.to_le_bytes()), Ok(public));
    assert_eq!((*key.to_le_bytes()).as_ref(), curve.bytes(&d));

    let theirs = curve.sign(&d, digest, &k);
    assert_eq!(key.sign_with(&digest_array, &secret(curve, &k)).unwrap().as_ref(), theirs);
    assert_eq!(public.verify_digest(&digest_array, &array(&theirs)), Ok(()));

    let ours = key.sign_digest(&digest_array, &entropy);
    assert!(curve.verify(&point, digest, ours.as_ref()));
    assert_eq!(public.verify_digest(&digest_array, &ours), Ok(()));

    let mut other = ours;
    let bit = flip % (16 * curve.size);
    other.as_mut()[bit / 8] ^= 1 << (bit % 8);
    assert_eq!(public.verify_digest(&digest_array, &other), Err(BadSignature));
    let mut other = digest_array;
    let bit = flip % (8 * curve.size);
    other.as_mut()[bit / 8] ^= 1 << (bit % 8);
    assert_eq!(public.verify_digest(&other, &ours), Err(BadSignature));
    let another_key = secret::<C, N>(curve, &(d % (&curve.q - 1u32) + 1u32)).public_key();
    assert_eq!(another_key.verify_digest(&digest_array, &ours), Err(BadSignature));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn signatures_over_the_512_bit_curve_follow_the_standard(
        numbers in any::<[[[u8; 32]; 2]; 3]>(), entropy in any::<[u8; 32]>(), flip in any::<usize>()
    ) {
        let numbers = numbers.map(|n| n.concat());
        check_signatures::<Tc26Gost512A, 8>(&Reference::gost512(), numbers.each_ref().map(|n| &n[..]), entropy, flip);
    }

    #[test]
    fn signatures_over_the_256_bit_curve_of_2004_follow_the_standard(
        numbers in any::<[[u8; 32]; 3]>(), entropy in any::<[u8; 32]>(), flip in any::<usize>()
    ) {
        check_signatures::<CryptoProA, 4>(&Reference::gost2004(), numbers.each_ref().map(|n| &n[..]), entropy, flip);
    }

    #[test]
    fn signatures_over_the_256_bit_curve_of_2015_follow_the_standard(
        numbers in any::<[[u8; 32]; 3]>(), entropy in any::<[u8; 32]>(), flip in any::<usize>()
    ) {
        check_signatures::<Tc26Gost256A, 4>(&Reference::gost256(), numbers.each_ref().map(|n| &n[..]), entropy, flip);
    }
}

/// Runs a check on each curve.
macro_rules! on_all_curves {
    ($(#[$attribute:meta])* fn $name:ident => $check:ident) => {
        $(#[$attribute])*
        #[test]
        fn $name() {
            $check::<Tc26Gost512A, 8>(&Reference::gost512());
            $check::<CryptoProA, 4>(&Reference::gost2004());
            $check::<Tc26Gost256A, 4>(&Reference::gost256());
        }
    };
}

fn check_scalar_range<C: Curve<N>, const N: usize>(curve: &Reference) {
    let parse = |d: &BigUint| SecretKey::<C, N>::from_le_bytes(&array(&curve.bytes(d)));
    let all_ones = number(2).pow(8 * curve.size as u32) - 1u32;
    for d in [number(0), curve.q.clone(), &curve.q + 1u32, all_ones] {
        assert_eq!(parse(&d).err(), Some(KeyError::ScalarOutOfRange));
        let mut bytes = curve.bytes(&d);
        bytes.reverse();
        let big_endian = SecretKey::<C, N>::from_be_bytes(&array(&bytes));
        assert_eq!(big_endian.err(), Some(KeyError::ScalarOutOfRange));
    }
    for d in [number(1), &curve.q - 1u32] {
        assert!(parse(&d).is_ok());
    }
}
on_all_curves!(fn a_private_key_is_neither_zero_nor_the_order_or_more => check_scalar_range);

fn check_endianness<C: Curve<N>, const N: usize>(curve: &Reference) {
    let d = &curve.q / 7u32;
    let mut bytes = curve.bytes(&d);
    let little = SecretKey::<C, N>::from_le_bytes(&array(&bytes)).unwrap();
    bytes.reverse();
    let big = SecretKey::<C, N>::from_be_bytes(&array(&bytes)).unwrap();
    assert_eq!(little.public_key(), big.public_key());
    assert_eq!((*big.to_le_bytes()).as_ref(), curve.bytes(&d));
}
on_all_curves!(fn a_private_key_is_read_in_either_byte_order => check_endianness);

fn check_public_keys<C: Curve<N>, const N: usize>(curve: &Reference) {
    let (x, y) = curve.g.clone().unwrap();
    let parse =
        |x: &BigUint, y: &BigUint| PublicKey::<C, N>::from_le_bytes(&array(&[curve.bytes(x), curve.bytes(y)].concat()));
    assert!(parse(&x, &y).is_ok());
    assert!(parse(&x, &(&curve.p - &y)).is_ok());
    for (x, y) in [(x.clone(), &y + 1u32), (&x + 1u32, y.clone()), (y.clone(), x.clone()), (number(0), number(0))] {
        assert_eq!(parse(&x, &y), Err(KeyError::NotOnCurve));
    }
    // The same point, its coordinate not reduced; near zero, so that it fits into the bytes.
    let (x, y) = (1..).find_map(|x| curve.lift(&number(x))).unwrap();
    for (x, y) in [(&x + &curve.p, y.clone()), (curve.p.clone(), y.clone()), (x.clone(), curve.p.clone())] {
        assert_eq!(parse(&x, &y), Err(KeyError::CoordinateOutOfRange));
    }
}
on_all_curves!(fn a_public_key_off_the_curve_or_not_reduced_is_refused => check_public_keys);

fn check_points_outside<C: Curve<N>, const N: usize>(curve: &Reference) {
    let parse = |point: &Point| PublicKey::<C, N>::from_le_bytes(&array(&curve.point_bytes(point)));
    let key = secret::<C, N>(curve, &number(12345));
    let digest: C::Bytes = array(&curve.bytes(&number(678)));
    let signature = key.sign_digest(&digest, &[0; 32]);
    let mut outside = 0;
    for point in (1..60u32).filter_map(|x| curve.lift(&number(x))).map(Some) {
        match curve.mul(&curve.q, &point) {
            None => assert!(parse(&point).is_ok()),
            Some(torsion) => {
                outside += 1;
                assert_eq!(parse(&point), Err(KeyError::NotInGroup));
                assert_eq!(parse(&Some(torsion.clone())), Err(KeyError::NotInGroup));
                // A key with such a part would be another key for the same signatures, now and then.
                let moved = curve.add(&curve.mul(&number(12345), &curve.g), &Some(torsion));
                assert_eq!(parse(&moved), Err(KeyError::NotInGroup));
            }
        }
    }
    assert_eq!(outside > 10, curve.cofactor != 1);
    assert_eq!(key.public_key().verify_digest(&digest, &signature), Ok(()));
}
on_all_curves!(fn a_public_key_outside_of_the_generators_group_is_refused => check_points_outside);

fn check_signature_range<C: Curve<N>, const N: usize>(curve: &Reference) {
    let key = secret::<C, N>(curve, &number(12345));
    let digest: C::Bytes = array(&curve.bytes(&number(678)));
    let signature = key.sign_digest(&digest, &[0; 32]);
    let (r, s) = signature.as_ref().split_at(curve.size);
    let (r, s) = (BigUint::from_bytes_le(r), BigUint::from_bytes_le(s));
    let verify = |r: &BigUint, s: &BigUint| {
        let signature = array(&[curve.bytes(r), curve.bytes(s)].concat());
        key.public_key().verify_digest(&digest, &signature)
    };
    assert_eq!(verify(&r, &s), Ok(()));
    assert_eq!(verify(&s, &r), Err(BadSignature));
    let all_ones = number(2).pow(8 * curve.size as u32) - 1u32;
    for bad in [number(0), curve.q.clone(), &curve.q + 1u32, all_ones] {
        assert_eq!(verify(&bad, &s), Err(BadSignature));
        assert_eq!(verify(&r, &bad), Err(BadSignature));
        assert_eq!(verify(&bad, &bad), Err(BadSignature));
    }
}
on_all_curves!(fn a_signature_with_a_number_out_of_range_is_refused => check_signature_range);

fn check_zero_digest<C: Curve<N>, const N: usize>(curve: &Reference) {
    let (d, k) = (&curve.q / 5u32, &curve.q / 11u32);
    let key = secret::<C, N>(curve, &d);
    let one: C::Bytes = array(&curve.bytes(&number(1)));
    let of_one = key.sign_with(&one, &secret(curve, &k)).unwrap();
    assert_eq!(of_one.as_ref(), curve.sign(&d, one.as_ref(), &k));
    // Zero modulo q, in both its forms; and q + 1, which is one.
    for digest in [number(0), curve.q.clone(), &curve.q + 1u32] {
        let digest: C::Bytes = array(&curve.bytes(&digest));
        let signature = key.sign_with(&digest, &secret(curve, &k)).unwrap();
        assert_eq!(signature.as_ref(), of_one.as_ref());
        assert_eq!(key.public_key().verify_digest(&digest, &of_one), Ok(()));
        let hedged = key.sign_digest(&digest, &[9; 32]);
        assert_eq!(key.public_key().verify_digest(&one, &hedged), Ok(()));
    }
}
on_all_curves!(fn a_digest_that_is_zero_counts_as_one => check_zero_digest);

fn check_zero_s<C: Curve<N>, const N: usize>(curve: &Reference) {
    // d = −k·e/r makes s zero.
    let k = &curve.q / 3u32;
    let digest = curve.bytes(&number(77));
    let r = curve.mul(&k, &curve.g).unwrap().0 % &curve.q;
    let d = &curve.q - &k * number(77) * Reference::inverse(&curve.q, &r) % &curve.q;
    let key = secret::<C, N>(curve, &d);
    assert!(key.sign_with(&array(&digest), &secret(curve, &k)).is_none());
}
on_all_curves!(fn a_nonce_that_makes_s_zero_is_not_used => check_zero_s);

fn check_hedging<C: Curve<N>, const N: usize>(curve: &Reference) {
    let key = secret::<C, N>(curve, &(&curve.q / 9u32));
    let other_key = secret::<C, N>(curve, &(&curve.q / 10u32));
    let [digest, other_digest] = [1, 2].map(|n| array::<C::Bytes>(&curve.bytes(&number(n))));
    let r = |signature: C::Pair| cut(curve, signature.as_ref()).to_vec();
    let first = key.sign_digest(&digest, &[1; 32]);
    assert_eq!(first.as_ref(), key.sign_digest(&digest, &[1; 32]).as_ref());
    // r depends on the nonce alone: no two of these may share it.
    let mut all: Vec<_> = [
        first,
        key.sign_digest(&digest, &[0; 32]),
        key.sign_digest(&digest, &[2; 32]),
        key.sign_digest(&other_digest, &[1; 32]),
        other_key.sign_digest(&digest, &[1; 32]),
    ]
    .map(r)
    .into();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 5);
}
on_all_curves!(fn nonces_differ_by_key_digest_and_entropy_and_by_nothing_else => check_hedging);

/// Where `r` is not the point's `x` itself: an `x` from `q` to `p`, one in 2^256 (2^128) where the cofactor is 1. No nonce
/// is known that leads there, but a public key that makes such a point of chosen numbers is.
fn check_wrapped_r<C: Curve<N>, const N: usize>(curve: &Reference) {
    let (p, q) = (&curve.p, &curve.q);
    let in_group = |point: &Point| curve.mul(q, point).is_none();
    // The highest x of all that r may stand for.
    let wraps = p / q;
    let point = (1..)
        .find_map(|r| curve.lift(&(q * &wraps + number(r))).filter(|point| in_group(&Some(point.clone()))))
        .unwrap();
    let r = &point.0 - q * wraps;
    // point = z₁·G + z₂·Q, so Q = (point − z₁·G)/z₂; z₂ = −r/e and z₁ = s/e.
    let (z1, z2) = (q / 3u32, q / 7u32);
    let rest = curve.add(&Some(point), &curve.negative(&curve.mul(&z1, &curve.g)));
    let public = curve.mul(&Reference::inverse(q, &z2), &rest);
    let e = (q - &r) * Reference::inverse(q, &z2) % q;
    let s = z1 * &e % q;
    let digest = curve.bytes(&e);
    let signature = [curve.bytes(&r), curve.bytes(&s)].concat();
    assert!(curve.verify(&public, &digest, &signature));
    let key = PublicKey::<C, N>::from_le_bytes(&array(&curve.point_bytes(&public))).unwrap();
    assert_eq!(key.verify_digest(&array(&digest), &array(&signature)), Ok(()));
}
on_all_curves!(fn an_x_above_the_order_is_compared_modulo_the_order => check_wrapped_r);

fn check_generation<C: Curve<N>, const N: usize>(curve: &Reference) {
    // Not below q, zero, then a key.
    let mut draws = [0xff, 0, 0xa2].into_iter();
    let key = SecretKey::<C, N>::generate(|out| {
        out.fill(draws.next().unwrap());
        Ok::<_, Infallible>(())
    })
    .unwrap();
    let mut expected = std::vec![0xa2; curve.size];
    // Bits that q does not have are not drawn.
    expected[curve.size - 1] &= if curve.cofactor == 1 { 0xff } else { 0x7f };
    assert_eq!((*key.to_le_bytes()).as_ref(), expected);
    assert_eq!((*key.to_le_bytes()).as_ref().len(), curve.size);

    let failing = SecretKey::<C, N>::generate(|_| Err("no entropy"));
    assert_eq!(failing.err(), Some(GenerateError::Source("no entropy")));
    let stuck = SecretKey::<C, N>::generate(|out| {
        out.fill(0);
        Ok::<_, Infallible>(())
    });
    assert_eq!(stuck.err(), Some(GenerateError::NotRandom));
}
on_all_curves!(fn generation_skips_what_is_no_key_and_reports_a_broken_source => check_generation);

fn check_debug<C: Curve<N>, const N: usize>(curve: &Reference) {
    let public = secret::<C, N>(curve, &number(1)).public_key();
    let hex = hex::encode(public.to_le_bytes());
    assert_eq!(format!("{public:?}"), format!("PublicKey({hex})"));
}
on_all_curves!(fn a_public_key_prints_as_its_bytes => check_debug);
