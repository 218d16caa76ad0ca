//! Decisions without branches.

use core::hint::black_box;
use core::ops::Not;

/// All bits set for "yes", none for "no".
///
/// Computed from what it decides about, and passed through [`black_box`], so that the compiler does not learn that
/// there are only two cases and make a branch of them.
#[derive(Clone, Copy)]
pub(crate) struct Mask(u64);

impl Mask {
    pub(crate) fn from_bit(bit: bool) -> Self {
        Self(black_box(u64::from(bit).wrapping_neg()))
    }

    /// Whether two numbers below 2^63 are equal.
    pub(crate) fn equal(a: u64, b: u64) -> Self {
        // Only 0 − 1 has the top bit set.
        let bit = (a ^ b).wrapping_sub(1) >> 63;
        Self(black_box(bit.wrapping_neg()))
    }

    /// `value` for "yes", zero for "no".
    pub(crate) fn keep(self, value: u64) -> u64 {
        self.0 & value
    }

    /// `yes` for "yes", `no` for "no".
    pub(crate) fn select(self, yes: u64, no: u64) -> u64 {
        no ^ (self.0 & (yes ^ no))
    }
}

impl Not for Mask {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}
