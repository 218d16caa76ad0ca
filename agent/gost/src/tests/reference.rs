//! The curves and the signature in the plainest way: affine integers of any size, the standard's equations as printed.

use std::vec::Vec;

use num_bigint::BigUint;

/// A point; `None` is the neutral element.
pub(super) type Point = Option<(BigUint, BigUint)>;

pub(super) struct Reference {
    pub(super) p: BigUint,
    pub(super) a: BigUint,
    pub(super) b: BigUint,
    pub(super) q: BigUint,
    pub(super) g: Point,
    /// How many times as many points as `q` the curve has.
    pub(super) cofactor: u32,
    /// Bytes of a number.
    pub(super) size: usize,
}

pub(super) fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

fn hex(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap()
}

impl Reference {
    /// The numbers of RFC 7836, A.1.
    pub(super) fn gost512() -> Self {
        let p = hex(concat!(
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7"
        ));
        Self {
            a: &p - 3u32,
            p,
            b: hex(concat!(
                "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265",
                "EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760"
            )),
            q: hex(concat!(
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275"
            )),
            g: Some((
                number(3),
                hex(concat!(
                    "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921",
                    "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4"
                )),
            )),
            cofactor: 1,
            size: 64,
        }
    }

    /// The numbers of RFC 4357, 11.4.
    pub(super) fn gost2004() -> Self {
        let p = hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97");
        Self {
            a: &p - 3u32,
            p,
            b: number(166),
            q: hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893"),
            g: Some((number(1), hex("8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14"))),
            cofactor: 1,
            size: 32,
        }
    }

    /// The numbers of RFC 7836, A.2.
    pub(super) fn gost256() -> Self {
        Self {
            p: hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97"),
            a: hex("C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335"),
            b: hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513"),
            q: hex("400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67"),
            g: Some((
                hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28"),
                hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C"),
            )),
            cofactor: 4,
            size: 32,
        }
    }

    /// `a − b mod p`
    pub(super) fn difference(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + &self.p - b % &self.p) % &self.p
    }

    pub(super) fn inverse(modulus: &BigUint, value: &BigUint) -> BigUint {
        value.modinv(modulus).unwrap_or_default()
    }

    /// `x³ + ax + b mod p`
    pub(super) fn right_side(&self, x: &BigUint) -> BigUint {
        (x * x * x + &self.a * x + &self.b) % &self.p
    }

    pub(super) fn add(&self, a: &Point, b: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (a, b) else {
            return a.clone().or_else(|| b.clone());
        };
        let slope = if x1 != x2 {
            let run = self.difference(x2, x1);
            self.difference(y2, y1) * Self::inverse(&self.p, &run)
        } else if y1 == y2 && *y1 != number(0) {
            let rise = x1 * x1 * 3u32 + &self.a;
            rise * Self::inverse(&self.p, &(y1 * 2u32))
        } else {
            return None;
        };
        let x = self.difference(&(&slope * &slope), &(x1 + x2));
        let y = self.difference(&(slope * self.difference(x1, &x)), y1);
        Some((x, y))
    }

    /// The point with this `x` and an even `y`, if there is one.
    pub(super) fn lift(&self, x: &BigUint) -> Point {
        let square = self.right_side(x);
        // p ≡ 3 (mod 4)
        let y = square.modpow(&((&self.p + 1u32) / 4u32), &self.p);
        let y = if y.bit(0) { &self.p - y } else { y };
        (&y * &y % &self.p == square).then(|| (x.clone(), y))
    }

    pub(super) fn negative(&self, point: &Point) -> Point {
        let (x, y) = point.as_ref()?;
        Some((x.clone(), &self.p - y))
    }

    pub(super) fn mul(&self, scalar: &BigUint, point: &Point) -> Point {
        (0..scalar.bits()).rev().fold(None, |sum, i| {
            let double = self.add(&sum, &sum);
            match scalar.bit(i) {
                true => self.add(&double, point),
                false => double,
            }
        })
    }

    pub(super) fn e(&self, digest: &[u8]) -> BigUint {
        let e = BigUint::from_bytes_le(digest) % &self.q;
        if e == number(0) { number(1) } else { e }
    }

    /// GOST R 34.10-2012, 6.1, with the given nonce, as `r_LE ‖ s_LE`.
    pub(super) fn sign(&self, d: &BigUint, digest: &[u8], k: &BigUint) -> Vec<u8> {
        let r = self.mul(k, &self.g).unwrap().0 % &self.q;
        let s = (&r * d + k * self.e(digest)) % &self.q;
        [self.bytes(&r), self.bytes(&s)].concat()
    }

    /// GOST R 34.10-2012, 6.2.
    pub(super) fn verify(&self, public: &Point, digest: &[u8], signature: &[u8]) -> bool {
        let (r, s) = signature.split_at(self.size);
        let (r, s) = (BigUint::from_bytes_le(r), BigUint::from_bytes_le(s));
        let in_range = |n: &BigUint| *n != number(0) && *n < self.q;
        let v = Self::inverse(&self.q, &self.e(digest));
        let z1 = s.clone() * &v % &self.q;
        let z2 = (&self.q - &r % &self.q) * v % &self.q;
        let sum = self.add(&self.mul(&z1, &self.g), &self.mul(&z2, public));
        in_range(&r) && in_range(&s) && sum.is_some_and(|(x, _)| x % &self.q == r)
    }

    /// Little-endian.
    pub(super) fn bytes(&self, value: &BigUint) -> Vec<u8> {
        let mut bytes = value.to_bytes_le();
        assert!(bytes.len() <= self.size);
        bytes.resize(self.size, 0);
        bytes
    }

    /// `x_LE ‖ y_LE`
    pub(super) fn point_bytes(&self, point: &Point) -> Vec<u8> {
        let (x, y) = point.as_ref().unwrap();
        [self.bytes(x), self.bytes(y)].concat()
    }
}

#[test]
fn the_reference_curves_are_what_the_arithmetic_assumes() {
    for curve in [Reference::gost512(), Reference::gost2004(), Reference::gost256()] {
        let (x, y) = curve.g.as_ref().unwrap();
        assert_eq!(y * y % &curve.p, curve.right_side(x), "G is on the curve");
        assert_eq!(curve.mul(&curve.q, &curve.g), None, "its order divides q");
        let two = number(2);
        for n in [&curve.p, &curve.q] {
            assert_eq!(two.modpow(&(n - 1u32), n), number(1), "a prime, by Fermat");
        }
        // The number of points is within 2√p of p + 1 (Hasse), and only one multiple of q is.
        let (points, middle) = (&curve.q * curve.cofactor, &curve.p + 1u32);
        let trace = if points < middle { middle - points } else { points - middle };
        assert!(trace.bits() <= curve.p.bits() / 2 + 1);
        assert!(curve.q < curve.p);
    }
}
