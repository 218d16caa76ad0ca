//! Arithmetic modulo a prime `p = 2^(64N) − c` with a small `c`.
//!
//! Both curves live over such a prime (`2^512 − 569` and `2^256 − 617`), and `2^(64N) ≡ c (mod p)` makes one
//! multiplication by a small number of a reduction. Most of the speed over a general Montgomery form comes from this.
//!
//! An element is held as *any* integer below `2^(64N)` of its class: `v`, or also `v + p` when `v < c`. Only
//! [`Fe::canonical`] brings it below `p`. No function here branches on a value or uses it as an index, but those whose
//! name ends in `_vartime`: a carry is folded back by multiplying with it, and trip counts depend on `N` alone.

#![expect(clippy::indexing_slicing, reason = "arrays of N limbs, under loops bounded by N")]

use core::marker::PhantomData;
use core::ops::{Add, Mul, Neg, Sub};

use crypto_bigint::{Odd, Uint};
use zeroize::Zeroize;

use crate::equation::Equation;
use crate::mask::Mask;

/// An element of the field of curve `C`; `N` limbs, least significant first.
#[derive(Clone, Copy)]
pub(crate) struct Fe<C, const N: usize> {
    limbs: [u64; N],
    curve: PhantomData<C>,
}

/// Runs `$body` for `$i` = 0, 1, … `$n` − 1 as straight-line code.
///
/// The triangular loops of a squaring take longer than a multiplication when the compiler leaves the outer one rolled.
macro_rules! unrolled {
    ($i:ident < $n:ident, $body:block) => {
        const { assert!($n <= 8) };
        unrolled!(@ $i, $n, $body, 0 1 2 3 4 5 6 7)
    };
    (@ $i:ident, $n:ident, $body:block, $($value:literal)*) => {
        $({
            let $i = $value;
            if $i < $n $body
        })*
    };
}

impl<C: Equation<N>, const N: usize> Fe<C, N> {
    pub(crate) const ZERO: Self = Self::from_limbs(Uint::ZERO.to_words());
    pub(crate) const ONE: Self = Self::from_limbs(Uint::ONE.to_words());
    pub(crate) const B: Self = Self::from_limbs(C::B);

    /// `p`, the order of the field.
    pub(crate) const MODULUS: Odd<Uint<N>> = Uint::MAX
        .wrapping_sub(&Uint::from_u64(C::PRIME_COMPLEMENT - 1))
        .to_odd()
        .expect_copied("a prime above 2 is odd");

    /// Limbs least significant first. Any value is taken and stands for its residue.
    pub(crate) const fn from_limbs(limbs: [u64; N]) -> Self {
        Self { limbs, curve: PhantomData }
    }

    /// The representative below `p`.
    pub(crate) fn canonical(&self) -> Uint<N> {
        // v ≥ p exactly when v + c leaves the N limbs, and then v − p is what stays in them.
        let (shifted, carry) = add_small(self.limbs, C::PRIME_COMPLEMENT);
        let reduced = Mask::from_bit(carry);
        let mut out = self.limbs;
        for (limb, shifted) in out.iter_mut().zip(shifted) {
            *limb = reduced.select(shifted, *limb);
        }
        Uint::from_words(out)
    }

    pub(crate) fn double(self) -> Self {
        self + self
    }

    /// The product with a number below 2^32.
    pub(crate) fn mul_small(self, factor: u32) -> Self {
        let mut out = self.limbs;
        let mut carry = 0;
        for limb in &mut out {
            (*limb, carry) = limb.carrying_mul(u64::from(factor), carry);
        }
        Self::fold(out, carry)
    }

    pub(crate) fn square(&self) -> Self {
        // The products of different limbs once, doubled, and the squares of the limbs.
        let a = &self.limbs;
        let mut wide = [[0; N]; 2];
        unrolled!(i < N, {
            let mut carry = 0;
            for j in i + 1..N {
                let limb = &mut wide[(i + j) / N][(i + j) % N];
                (*limb, carry) = a[i].carrying_mul_add(a[j], *limb, carry);
            }
            wide[1][i] = carry;
        });
        let (mut shifted_out, mut carry) = (0, false);
        let mut double_and_add = |limb: &mut u64, addend| {
            let doubled = *limb << 1 | shifted_out;
            shifted_out = *limb >> 63;
            (*limb, carry) = doubled.carrying_add(addend, carry);
        };
        unrolled!(i < N, {
            let (low, high) = a[i].carrying_mul(a[i], 0);
            double_and_add(&mut wide[2 * i / N][2 * i % N], low);
            double_and_add(&mut wide[(2 * i + 1) / N][(2 * i + 1) % N], high);
        });
        let [low, high] = wide;
        Self::reduce(low, &high)
    }

    /// The inverse; zero for zero. Constant time (Bernstein and Yang's safegcd, by `crypto-bigint`).
    pub(crate) fn invert(&self) -> Self {
        let inverse = Uint::from_words(self.limbs).invert_odd_mod(&Self::MODULUS);
        Self::from_limbs(inverse.unwrap_or(Uint::ZERO).to_words())
    }

    /// For public values only.
    pub(crate) fn is_zero_vartime(&self) -> bool {
        self.canonical().is_zero_vartime()
    }

    /// Takes over `other`'s value if the mask says so.
    pub(crate) fn assign_if(&mut self, mask: Mask, other: &Self) {
        for (mine, theirs) in self.limbs.iter_mut().zip(&other.limbs) {
            *mine = mask.select(*theirs, *mine);
        }
    }

    /// `low + 2^(64N)·high`.
    fn reduce(mut low: [u64; N], high: &[u64; N]) -> Self {
        let mut carry = 0;
        for (limb, high) in low.iter_mut().zip(high) {
            (*limb, carry) = high.carrying_mul_add(C::PRIME_COMPLEMENT, *limb, carry);
        }
        Self::fold(low, carry)
    }

    /// `limbs + 2^(64N)·top`, for a `top` below 2^32.
    #[inline(always)]
    fn fold(limbs: [u64; N], top: u64) -> Self {
        let (mut limbs, carry) = add_small(limbs, top * C::PRIME_COMPLEMENT);
        // After a carry the limbs are below top·c, so that one more c does not overflow the lowest.
        limbs[0] = limbs[0].wrapping_add(u64::from(carry) * C::PRIME_COMPLEMENT);
        Self::from_limbs(limbs)
    }
}

impl<C: Equation<N>, const N: usize> Add for Fe<C, N> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let mut out = self.limbs;
        let mut carry = false;
        for (limb, other) in out.iter_mut().zip(other.limbs) {
            (*limb, carry) = limb.carrying_add(other, carry);
        }
        Self::fold(out, u64::from(carry))
    }
}

impl<C: Equation<N>, const N: usize> Sub for Fe<C, N> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let mut out = self.limbs;
        let mut borrow = false;
        for (limb, other) in out.iter_mut().zip(other.limbs) {
            (*limb, borrow) = limb.borrowing_sub(other, borrow);
        }
        // The borrow added 2^(64N) ≡ c, which is taken off again. That borrows once more only from a value below c;
        // the lowest limb is then just under 2^64, and the last c comes off it alone.
        (out[0], borrow) = out[0].overflowing_sub(u64::from(borrow) * C::PRIME_COMPLEMENT);
        for limb in &mut out[1..] {
            (*limb, borrow) = limb.borrowing_sub(0, borrow);
        }
        out[0] = out[0].wrapping_sub(u64::from(borrow) * C::PRIME_COMPLEMENT);
        Self::from_limbs(out)
    }
}

impl<C: Equation<N>, const N: usize> Neg for Fe<C, N> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl<C: Equation<N>, const N: usize> Mul for Fe<C, N> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        // Row by row. Each row retires one limb of the product, so that the running sum never has more than N limbs and
        // stays in registers.
        let (a, b) = (&self.limbs, &other.limbs);
        let (mut low, mut high) = ([0; N], [0; N]);
        for i in 0..N {
            let mut carry;
            (low[i], carry) = a[i].carrying_mul(b[0], high[0]);
            for j in 1..N {
                (high[j - 1], carry) = a[i].carrying_mul_add(b[j], high[j], carry);
            }
            high[N - 1] = carry;
        }
        Self::reduce(low, &high)
    }
}

#[inline(always)]
fn add_small<const N: usize>(mut limbs: [u64; N], addend: u64) -> ([u64; N], bool) {
    let mut carry;
    (limbs[0], carry) = limbs[0].overflowing_add(addend);
    for limb in &mut limbs[1..] {
        (*limb, carry) = limb.carrying_add(0, carry);
    }
    (limbs, carry)
}

impl<C, const N: usize> Zeroize for Fe<C, N> {
    fn zeroize(&mut self) {
        self.limbs.zeroize();
    }
}
