//! Points by complete formulas: the arithmetic of signing.
//!
//! Homogeneous projective coordinates, `(X : Y : Z)` for `(X/Z, Y/Z)`, with the formulas of J. Renes, C. Costello and
//! L. Batina, *Complete addition formulas for prime order elliptic curves* (EUROCRYPT 2016), equation 1 in the order of
//! their algorithms. The sum comes out wrong for two points whose difference has order 2, and for no others (section 3
//! there). All points here are multiples of the generator, a group of odd order, in which no difference has order 2, on
//! the curve with cofactor 4 as well: doubling, the neutral element and opposite points come out of the same sequence of
//! operations as anything else, so that there is nothing to branch on.

use zeroize::Zeroize;

use crate::equation::{Coefficient, Equation};
use crate::field::Fe;
use crate::mask::Mask;

/// A point other than the neutral element.
#[derive(Clone, Copy)]
pub(crate) struct Affine<C, const N: usize> {
    pub(crate) x: Fe<C, N>,
    pub(crate) y: Fe<C, N>,
}

/// Any point; the neutral element is `(0 : 1 : 0)`.
#[derive(Clone, Copy)]
pub(crate) struct Projective<C, const N: usize> {
    pub(crate) x: Fe<C, N>,
    pub(crate) y: Fe<C, N>,
    pub(crate) z: Fe<C, N>,
}

/// The products that the sum of two points is made of.
struct Products<C, const N: usize> {
    /// `X1·X2`
    xx: Fe<C, N>,
    /// `Y1·Y2`
    yy: Fe<C, N>,
    /// `Z1·Z2`
    zz: Fe<C, N>,
    /// `X1·Y2 + X2·Y1`
    xy: Fe<C, N>,
    /// `Y1·Z2 + Y2·Z1`
    yz: Fe<C, N>,
    /// `X1·Z2 + X2·Z1`
    xz: Fe<C, N>,
}

impl<C: Equation<N>, const N: usize> Affine<C, N> {
    pub(crate) const GENERATOR: Self = {
        let [x, y] = C::GENERATOR;
        Self { x: Fe::from_limbs(x), y: Fe::from_limbs(y) }
    };

    /// Whether `y² = x³ + ax + b`. Variable time.
    pub(crate) fn is_on_curve_vartime(&self) -> bool {
        let right = self.x.square() * self.x + mul_a(self.x) + Fe::B;
        (self.y.square() - right).is_zero_vartime()
    }
}

impl<C: Equation<N>, const N: usize> Projective<C, N> {
    pub(crate) const IDENTITY: Self = Self { x: Fe::ZERO, y: Fe::ONE, z: Fe::ZERO };

    /// `other` has `Z = 1`. `self` may be any multiple of the generator, the neutral element too.
    pub(crate) fn add_affine(&self, other: &Affine<C, N>) -> Self {
        let (a, b) = (self, other);
        let (xx, yy) = (a.x * b.x, a.y * b.y);
        Products {
            // Karatsuba's trick: one multiplication for two products.
            xy: (a.x + a.y) * (b.x + b.y) - (xx + yy),
            yz: b.y * a.z + a.y,
            xz: b.x * a.z + a.x,
            xx,
            yy,
            zz: a.z,
        }
        .sum()
    }

    /// The sum with itself.
    pub(crate) fn double(&self) -> Self {
        Products {
            xx: self.x.square(),
            yy: self.y.square(),
            zz: self.z.square(),
            xy: (self.x * self.y).double(),
            yz: (self.y * self.z).double(),
            xz: (self.x * self.z).double(),
        }
        .sum()
    }

    /// The affine coordinates; `(0, 0)` for the neutral element, which has none.
    pub(crate) fn to_affine(self) -> Affine<C, N> {
        let mut inverse = self.z.invert();
        let point = Affine { x: self.x * inverse, y: self.y * inverse };
        inverse.zeroize();
        point
    }

    /// Takes over `other`'s value if the mask says so.
    pub(crate) fn assign_if(&mut self, mask: Mask, other: &Self) {
        self.x.assign_if(mask, &other.x);
        self.y.assign_if(mask, &other.y);
        self.z.assign_if(mask, &other.z);
    }
}

impl<C: Equation<N>, const N: usize> Products<C, N> {
    /// The second half, which sums and doublings have in common.
    fn sum(self) -> Projective<C, N> {
        // a·xz + 3b·zz, 3·xx + a·zz and a·xx + 3b·xz − a²·zz.
        let (linear, slope, cubic) = match C::A {
            Coefficient::MinusThree => {
                let zz3 = self.zz.mul_small(3);
                let linear = (mul_b(self.zz) - self.xz).mul_small(3);
                let slope = self.xx.mul_small(3) - zz3;
                (linear, slope, (mul_b(self.xz) - zz3 - self.xx).mul_small(3))
            }
            Coefficient::Number(_) => {
                let a_zz = mul_a(self.zz);
                let linear = mul_a(self.xz) + mul_b(self.zz).mul_small(3);
                let slope = self.xx.mul_small(3) + a_zz;
                (linear, slope, mul_a(self.xx - a_zz) + mul_b(self.xz).mul_small(3))
            }
        };
        let (minus, plus) = (self.yy - linear, self.yy + linear);
        Projective {
            x: minus * self.xy - cubic * self.yz,
            y: plus * minus + cubic * slope,
            z: plus * self.yz + slope * self.xy,
        }
    }
}

/// The product with the curve's `a`.
pub(crate) fn mul_a<C: Equation<N>, const N: usize>(value: Fe<C, N>) -> Fe<C, N> {
    match C::A {
        Coefficient::MinusThree => -value.mul_small(3),
        Coefficient::Number(a) => value * Fe::from_limbs(a),
    }
}

/// The product with the curve's `b`, which is a small number on one of the curves.
fn mul_b<C: Equation<N>, const N: usize>(value: Fe<C, N>) -> Fe<C, N> {
    match small(&C::B) {
        Some(b) => value.mul_small(b),
        None => value * Fe::B,
    }
}

fn small(limbs: &[u64]) -> Option<u32> {
    let (low, high) = limbs.split_first()?;
    high.iter().all(|limb| *limb == 0).then_some(u32::try_from(*low).ok())?
}

impl<C, const N: usize> Zeroize for Affine<C, N> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
    }
}

impl<C, const N: usize> Zeroize for Projective<C, N> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
        self.z.zeroize();
    }
}
