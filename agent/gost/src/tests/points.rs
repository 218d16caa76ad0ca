use std::vec::Vec;

use crypto_bigint::Uint;
use num_bigint::BigUint;
use proptest::prelude::*;

use super::reference::{Point, Reference, number};
use crate::comb;
use crate::curve::{Curve, Order};
use crate::equation::{CryptoProA, Tc26Gost256A, Tc26Gost512A};
use crate::field::Fe;
use crate::point::{Affine, Projective};
use crate::vartime::Jacobian;

fn uint<const N: usize>(curve: &Reference, value: &BigUint) -> Uint<N> {
    Uint::from_le_slice(&curve.bytes(value))
}

fn affine<C: Curve<N>, const N: usize>(curve: &Reference, point: &Point) -> Affine<C, N> {
    let (x, y) = point.as_ref().unwrap();
    let [x, y] = [x, y].map(|n| Fe::from_limbs(uint(curve, n).to_words()));
    Affine { x, y }
}

fn projective_point<C: Curve<N>, const N: usize>(point: Projective<C, N>) -> Point {
    let Affine { x, y } = point.to_affine();
    let [x, y] = [x, y].map(|c| BigUint::from_bytes_le(c.canonical().to_le_bytes().as_ref()));
    (!point.z.is_zero_vartime()).then_some((x, y))
}

/// Scalars whose digits are all alike, change sign, or are zero; and the ends of the range.
fn odd_scalars(curve: &Reference) -> Vec<BigUint> {
    let bits = 8 * curve.size as u32;
    let ones = number(2).pow(bits) - 1u32;
    let mut scalars: Vec<_> = (0..70).map(number).collect();
    // Every position in a window and in a row.
    scalars.extend((0..bits).step_by(17).map(|i| number(2).pow(i)));
    // The same window over and over: of all ones, of alternating bits, of the largest digits.
    scalars.extend([1, 3, 5, 31, 33, 63, 65].map(|n| &ones / number(n)));
    scalars.extend((1..40).map(|n| &curve.q - number(n)));
    scalars.extend([0, 1, 2].map(|n| &curve.q + number(n)));
    scalars.push(ones);
    scalars
}

fn check_mul_generator<C: Curve<N>, const N: usize>(curve: &Reference, scalar: &BigUint) {
    let product = comb::mul::<C, N>(C::TABLE, &uint(curve, scalar));
    assert_eq!(projective_point(product), curve.mul(scalar, &curve.g), "{scalar}·G");
}

/// `z₁·G + z₂·Q` by what a verifier asks of it, its `x`; given also `[z₁·G, Q, z₂·Q]`.
fn check_double_mul<C: Curve<N>, const N: usize>(
    curve: &Reference,
    [z1, z2]: [&BigUint; 2],
    [z1_g, q, z2_q]: [&Point; 3],
) {
    let [scalar1, scalar2] = [z1, z2].map(|z| uint(curve, z));
    let sum = Jacobian::<C, N>::double_mul(C::TABLE, &scalar1, &scalar2, &affine(curve, q));
    let x = |x: &BigUint| Fe::from_limbs(uint(curve, x).to_words());
    match curve.add(z1_g, z2_q) {
        Some((expected, _)) => {
            assert!(sum.has_x(x(&expected)), "{z1}·G + {z2}·Q");
            assert!(!sum.has_x(x(&((expected + 1u32) % &curve.p))));
        }
        None => assert!(!sum.has_x(Fe::ZERO) && !sum.has_x(Fe::ONE)),
    }
}

fn check_exceptional_sums<C: Curve<N>, const N: usize>(curve: &Reference) {
    let generator = affine::<C, N>(curve, &curve.g);
    let identity = Projective::<C, N>::IDENTITY;
    let negative = affine::<C, N>(curve, &curve.negative(&curve.g));
    let g = identity.add_affine(&generator);
    assert_eq!(projective_point(g), curve.g);
    assert_eq!(projective_point(identity.double()), None);
    assert_eq!(projective_point(g.add_affine(&negative)), None);
    let twice = curve.add(&curve.g, &curve.g);
    assert_eq!(projective_point(g.double()), twice);
    assert_eq!(projective_point(g.add_affine(&generator)), twice);
    // The neutral element reached by a sum, in whatever coordinates, is neutral still.
    let neutral = g.double().add_affine(&negative).add_affine(&negative);
    assert_eq!(projective_point(neutral.add_affine(&generator)), curve.g);
}

fn check_table<C: Curve<N>, const N: usize>(curve: &Reference) {
    let mut base = curve.g.clone();
    assert_eq!(C::TABLE.len(), (64 * N + 1).div_ceil(12));
    for row in C::TABLE {
        let mut multiple = None;
        for [x, y] in row {
            multiple = curve.add(&multiple, &base);
            let entry = [x, y].map(|c| BigUint::from_bytes_le(Uint::from_words(*c).to_le_bytes().as_ref()));
            assert_eq!(Some(entry.into()), multiple);
        }
        base = curve.mul(&number(1 << 12), &base);
    }
}

fn check_order<C: Curve<N>, const N: usize>(curve: &Reference) {
    assert_eq!(Order::<C, N>::VALUE, uint(curve, &curve.q));
    let generator = Affine::<C, N>::GENERATOR;
    assert!(generator.is_on_curve_vartime());
}

#[test]
fn the_curves_are_those_of_the_standards() {
    check_order::<Tc26Gost512A, 8>(&Reference::gost512());
    check_order::<CryptoProA, 4>(&Reference::gost2004());
    check_order::<Tc26Gost256A, 4>(&Reference::gost256());
}

#[test]
fn the_tables_hold_the_multiples_of_the_generators() {
    check_table::<Tc26Gost512A, 8>(&Reference::gost512());
    check_table::<CryptoProA, 4>(&Reference::gost2004());
    check_table::<Tc26Gost256A, 4>(&Reference::gost256());
}

#[test]
fn sums_are_right_where_incomplete_formulas_fail() {
    check_exceptional_sums::<Tc26Gost512A, 8>(&Reference::gost512());
    check_exceptional_sums::<CryptoProA, 4>(&Reference::gost2004());
    check_exceptional_sums::<Tc26Gost256A, 4>(&Reference::gost256());
}

#[test]
fn multiples_of_the_generator_are_right_at_the_edges() {
    let (curve512, curve2004, curve256) = (Reference::gost512(), Reference::gost2004(), Reference::gost256());
    for scalar in odd_scalars(&curve512) {
        check_mul_generator::<Tc26Gost512A, 8>(&curve512, &scalar);
    }
    for scalar in odd_scalars(&curve2004) {
        check_mul_generator::<CryptoProA, 4>(&curve2004, &scalar);
    }
    for scalar in odd_scalars(&curve256) {
        check_mul_generator::<Tc26Gost256A, 4>(&curve256, &scalar);
    }
}

/// Where one of the two scalars is zero, or the sum meets itself, its opposite or the neutral element on the way.
fn check_double_mul_edges<C: Curve<N>, const N: usize>(curve: &Reference) {
    let q = &curve.q;
    let scalars = [number(0), number(1), number(2), number(16), q / 2u32, q - 1u32];
    let points =
        [curve.g.clone(), curve.negative(&curve.g), curve.mul(&number(2), &curve.g), curve.mul(&(q / 3u32), &curve.g)];
    let of_g = scalars.each_ref().map(|z1| curve.mul(z1, &curve.g));
    for point in &points {
        for z2 in &scalars {
            let z2_q = curve.mul(z2, point);
            for (z1, z1_g) in scalars.iter().zip(&of_g) {
                check_double_mul::<C, N>(curve, [z1, z2], [z1_g, point, &z2_q]);
            }
        }
    }
}

#[test]
fn sums_of_two_multiples_are_right_at_the_edges() {
    check_double_mul_edges::<Tc26Gost512A, 8>(&Reference::gost512());
    check_double_mul_edges::<CryptoProA, 4>(&Reference::gost2004());
    check_double_mul_edges::<Tc26Gost256A, 4>(&Reference::gost256());
}

fn below(limit: &BigUint, bytes: &[u8]) -> BigUint {
    BigUint::from_bytes_le(bytes) % limit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn multiples_on_the_512_bit_curve_agree_with_the_reference(a in any::<[[u8; 32]; 2]>(), b in any::<[[u8; 32]; 2]>()) {
        let curve = Reference::gost512();
        let (a, b) = (below(&curve.q, &a.concat()), below(&curve.q, &b.concat()));
        check_mul_generator::<Tc26Gost512A, 8>(&curve, &a);
        let point = curve.mul(&(&a ^ &b), &curve.g);
        let (a_g, b_q) = (curve.mul(&a, &curve.g), curve.mul(&b, &point));
        check_double_mul::<Tc26Gost512A, 8>(&curve, [&a, &b], [&a_g, &point, &b_q]);
    }

    #[test]
    fn multiples_on_the_256_bit_curve_of_2004_agree_with_the_reference(a in any::<[u8; 32]>(), b in any::<[u8; 32]>()) {
        let curve = Reference::gost2004();
        let (a, b) = (below(&curve.q, &a), below(&curve.q, &b));
        check_mul_generator::<CryptoProA, 4>(&curve, &a);
        let point = curve.mul(&(&a ^ &b), &curve.g);
        let (a_g, b_q) = (curve.mul(&a, &curve.g), curve.mul(&b, &point));
        check_double_mul::<CryptoProA, 4>(&curve, [&a, &b], [&a_g, &point, &b_q]);
    }

    #[test]
    fn multiples_on_the_256_bit_curve_of_2015_agree_with_the_reference(a in any::<[u8; 32]>(), b in any::<[u8; 32]>()) {
        let curve = Reference::gost256();
        let (a, b) = (below(&curve.q, &a), below(&curve.q, &b));
        check_mul_generator::<Tc26Gost256A, 4>(&curve, &a);
        let point = curve.mul(&(&a ^ &b), &curve.g);
        let (a_g, b_q) = (curve.mul(&a, &curve.g), curve.mul(&b, &point));
        check_double_mul::<Tc26Gost256A, 4>(&curve, [&a, &b], [&a_g, &point, &b_q]);
    }
}
