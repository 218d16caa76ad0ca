//! The verifying side: `z₁·G + z₂·Q` in variable time, for public values only.
//!
//! Jacobian coordinates, `(X : Y : Z)` for `(X/Z², Y/Z³)`, whose doubling is much cheaper than the complete formulas'.
//! Its exceptional cases are branched on. Being other formulas than those of signing, they also check these.

#![expect(clippy::indexing_slicing, reason = "digits of bounded size, positions below the number of digits")]

use crypto_bigint::Uint;

use crate::comb::{self, Digit, Row};
use crate::equation::{Coefficient, Equation};
use crate::field::Fe;
use crate::point::{Affine, mul_a};

/// Any point; `Z = 0` for the neutral element.
#[derive(Clone, Copy)]
pub(crate) struct Jacobian<C, const N: usize> {
    x: Fe<C, N>,
    y: Fe<C, N>,
    z: Fe<C, N>,
}

impl<C: Equation<N>, const N: usize> Jacobian<C, N> {
    const IDENTITY: Self = Self { x: Fe::ONE, y: Fe::ONE, z: Fe::ZERO };

    /// `generator_scalar·G + scalar·point`, by the table of `G`.
    pub(crate) fn double_mul(
        table: &[Row<N>],
        generator_scalar: &Uint<N>,
        scalar: &Uint<N>,
        point: &Affine<C, N>,
    ) -> Self {
        let odd_multiples = Self::odd_multiples(point);
        let digits = NonAdjacentForm::of(scalar);
        let mut sum = Self::IDENTITY;
        for position in (0..=64 * N).rev() {
            sum = sum.double();
            match digits.0[position] {
                0 => {}
                digit => {
                    let multiple = &odd_multiples[usize::from(digit.unsigned_abs() / 2)];
                    sum = sum.add(&multiple.negated_if(digit < 0));
                }
            }
            // The table's rows serve two windows each. The doublings that the odd ones still need are under way here.
            match position {
                comb::WIDTH => sum = sum.add_windows(table, generator_scalar, 1),
                0 => sum = sum.add_windows(table, generator_scalar, 0),
                _ => {}
            }
        }
        sum
    }

    /// Whether the point is the neutral element.
    pub(crate) fn is_identity(&self) -> bool {
        self.z.is_zero_vartime()
    }

    /// Whether the point has this affine `x`.
    pub(crate) fn has_x(&self, x: Fe<C, N>) -> bool {
        !self.z.is_zero_vartime() && (self.x - x * self.z.square()).is_zero_vartime()
    }

    /// Adds the rows' multiples for the even windows, or for the odd ones.
    fn add_windows(mut self, table: &[Row<N>], scalar: &Uint<N>, odd: usize) -> Self {
        for (j, row) in table.iter().enumerate() {
            let digit = Digit::of(scalar, 2 * j + odd);
            if let Some(multiple) = (digit.magnitude as usize).checked_sub(1).and_then(|m| row.get(m)) {
                let [x, y] = multiple.map(Fe::from_limbs);
                let y = if digit.negative { -y } else { y };
                self = self.add_affine(&Affine { x, y });
            }
        }
        self
    }

    /// `1, 3, 5, … 15` times the point.
    fn odd_multiples(point: &Affine<C, N>) -> [Self; NonAdjacentForm::MULTIPLES] {
        let mut multiple = Self { x: point.x, y: point.y, z: Fe::ONE };
        let twice = multiple.double();
        let mut multiples = [multiple; NonAdjacentForm::MULTIPLES];
        for place in &mut multiples[1..] {
            multiple = multiple.add(&twice);
            *place = multiple;
        }
        multiples
    }

    fn negated_if(self, negative: bool) -> Self {
        match negative {
            true => Self { y: -self.y, ..self },
            false => self,
        }
    }

    /// `2·self`.
    fn double(&self) -> Self {
        let (yy, zz) = (self.y.square(), self.z.square());
        let xyy4 = (self.x * yy).mul_small(4);
        // 3x² + az⁴
        let slope = match C::A {
            Coefficient::MinusThree => ((self.x - zz) * (self.x + zz)).mul_small(3),
            Coefficient::Number(_) => self.x.square().mul_small(3) + mul_a(zz.square()),
        };
        let x = slope.square() - xyy4.double();
        Self { x, y: slope * (xyy4 - x) - yy.square().mul_small(8), z: (self.y * self.z).double() }
    }

    fn add(&self, other: &Self) -> Self {
        if self.z.is_zero_vartime() {
            return *other;
        }
        if other.z.is_zero_vartime() {
            return *self;
        }
        let (zz1, zz2) = (self.z.square(), other.z.square());
        self.add_scaled(
            [self.x * zz2, self.y * (other.z * zz2)],
            [other.x * zz1, other.y * (self.z * zz1)],
            self.z * other.z,
        )
    }

    fn add_affine(&self, other: &Affine<C, N>) -> Self {
        if self.z.is_zero_vartime() {
            return Self { x: other.x, y: other.y, z: Fe::ONE };
        }
        let zz = self.z.square();
        self.add_scaled([self.x, self.y], [other.x * zz, other.y * (self.z * zz)], self.z)
    }

    /// The sum of `self` and another point, given the coordinates of both for the same `z`.
    fn add_scaled(&self, [x1, y1]: [Fe<C, N>; 2], [x2, y2]: [Fe<C, N>; 2], z: Fe<C, N>) -> Self {
        let (run, rise) = (x2 - x1, y2 - y1);
        if run.is_zero_vartime() {
            return match rise.is_zero_vartime() {
                true => self.double(),
                false => Self::IDENTITY,
            };
        }
        let run2 = run.square();
        let run3 = run * run2;
        let x1_run2 = x1 * run2;
        let x = rise.square() - run3 - x1_run2.double();
        Self { x, y: rise * (x1_run2 - x) - y1 * run3, z: z * run }
    }
}

/// The width-5 non-adjacent form of a scalar: odd digits from −15 to 15, at least four zeros after each.
struct NonAdjacentForm([i8; 64 * 8 + 1]);

impl NonAdjacentForm {
    const WIDTH: usize = 5;
    const MULTIPLES: usize = 1 << (Self::WIDTH - 2);

    fn of<const N: usize>(scalar: &Uint<N>) -> Self {
        const { assert!(N <= 8) };
        let mut digits = [0; 64 * 8 + 1];
        let (mut position, mut carry) = (0, 0);
        // One position more than the scalar has bits: the last carry.
        while position <= 64 * N {
            let rest = comb::bits(scalar, position);
            if rest & 1 == carry {
                position += 1;
                continue;
            }
            let window = (rest & ((1 << Self::WIDTH) - 1)) + carry;
            carry = window >> (Self::WIDTH - 1);
            digits[position] = window as i8 - ((carry as i8) << Self::WIDTH);
            position += Self::WIDTH;
        }
        Self(digits)
    }
}
