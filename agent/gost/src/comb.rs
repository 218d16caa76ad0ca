//! Multiples of the generator in constant time, with a table that `build.rs` makes.
//!
//! A scalar is cut into signed windows of six bits, `k = Σ dᵢ·2^(6i)` with `−32 ≤ dᵢ ≤ 32`. Row `j` of the table holds
//! `1…32` times `2^(12j)·G` and serves windows `2j` and `2j + 1`: the odd windows are added up, the sum is doubled six
//! times, the even windows are added. For 512 bits that is 86 additions and 6 doublings, with half of the table that a
//! row for each window would take: 172 KiB, and 44 KiB for 256 bits.
//!
//! Every look-up reads the whole row. A zero digit costs the same addition as any other, whose result is dropped.

use crypto_bigint::Uint;
use zeroize::Zeroize;

use crate::equation::Equation;
use crate::field::Fe;
use crate::mask::Mask;
use crate::point::{Affine, Projective};

/// Bits of a window.
pub(crate) const WIDTH: usize = 6;
/// The largest digit, and so the number of multiples in a row.
pub(crate) const MULTIPLES: usize = 1 << (WIDTH - 1);

/// `x` and `y` of `1…32` times one point, least significant limb first.
pub(crate) type Row<const N: usize> = [[[u64; N]; 2]; MULTIPLES];

/// `scalar·G` in constant time, by the table of `G`.
pub(crate) fn mul<C: Equation<N>, const N: usize>(table: &[Row<N>], scalar: &Uint<N>) -> Projective<C, N> {
    let mut sum = Projective::IDENTITY;
    let (mut multiple, mut next) = (Affine::GENERATOR, sum);
    for odd in [1, 0] {
        for (j, row) in table.iter().enumerate() {
            let digit = Digit::of(scalar, 2 * j + odd);
            multiple = digit.times(row);
            next = sum.add_affine(&multiple);
            sum.assign_if(!Mask::equal(digit.magnitude, 0), &next);
        }
        if odd == 1 {
            for _ in 0..WIDTH {
                sum = sum.double();
            }
        }
    }
    multiple.zeroize();
    next.zeroize();
    sum
}

/// A signed digit of a scalar.
#[derive(Clone, Copy)]
pub(crate) struct Digit {
    pub(crate) magnitude: u64,
    pub(crate) negative: bool,
}

impl Digit {
    /// Digit `index` of the scalar, in constant time (Booth's recoding).
    ///
    /// A window whose top bit is set stands for itself less 64, which the window above makes good: it counts the bit
    /// below its own as one.
    pub(crate) fn of<const N: usize>(scalar: &Uint<N>, index: usize) -> Self {
        const ALL: u64 = (1 << (WIDTH + 1)) - 1;
        let window = ALL
            & match (WIDTH * index).checked_sub(1) {
                Some(position) => bits(scalar, position),
                None => bits(scalar, 0) << 1,
            };
        let negative = window >> WIDTH;
        let positive = window ^ (ALL & negative.wrapping_neg());
        Self { magnitude: (positive >> 1) + (positive & 1), negative: negative == 1 }
    }

    /// The digit's multiple out of a row, all of which is read. What comes out for zero is no point.
    fn times<C: Equation<N>, const N: usize>(self, row: &Row<N>) -> Affine<C, N> {
        let mut found = [[0; N]; 2];
        for (m, multiple) in (1..).zip(row) {
            let mask = Mask::equal(m, self.magnitude);
            for (found, candidate) in found.iter_mut().zip(multiple) {
                for (limb, candidate) in found.iter_mut().zip(candidate) {
                    *limb |= mask.keep(*candidate);
                }
            }
        }
        let [x, y] = found.map(Fe::from_limbs);
        let mut point = Affine { x, y };
        point.y.assign_if(Mask::from_bit(self.negative), &-y);
        point
    }
}

/// Sixty-four bits of `scalar` from `position` on, with zeros above its end. What is read depends on `position` alone.
pub(crate) fn bits<const N: usize>(scalar: &Uint<N>, position: usize) -> u64 {
    let limb = |i: usize| scalar.as_words().get(i).copied().unwrap_or(0);
    let (index, shift) = (position / 64, position % 64);
    // Two shifts, because a shift by 64 is none.
    (limb(index) >> shift) | (limb(index + 1) << 1 << (63 - shift))
}
