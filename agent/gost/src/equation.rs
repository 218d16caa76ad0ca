//! The numbers of the three curves.

use core::fmt::Debug;

use crypto_bigint::{U256, U512};

/// A curve `y² = x³ + ax + b` over the field of `p = 2^(64N) − c`, and a generator of a group of prime order on it.
///
/// The arithmetic relies on that order being odd and on a `c` of few bits, and checks none of it at run time: the curves
/// of this file are all there are, and the tests check them.
pub trait Equation<const N: usize>: Copy + Eq + Debug + Send + Sync + 'static {
    /// `c` of `p = 2^(64N) − c`.
    const PRIME_COMPLEMENT: u64;
    /// `a`.
    const A: Coefficient<N>;
    /// `b`, least significant limb first.
    const B: [u64; N];
    /// `x` and `y` of the generator, least significant limb first.
    const GENERATOR: [[u64; N]; 2];
}

/// The `a` of a curve. Where it is −3, products with it are cheap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coefficient<const N: usize> {
    /// −3.
    MinusThree,
    /// Any number below `p`, least significant limb first.
    Number([u64; N]),
}

/// id-tc26-gost-3410-12-512-paramSetA (RFC 7836, A.1), which the NCA calls 1.2.398.3.10.1.1.2.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tc26Gost512A;

impl Equation<8> for Tc26Gost512A {
    const PRIME_COMPLEMENT: u64 = 569;
    const A: Coefficient<8> = Coefficient::MinusThree;
    const B: [u64; 8] = U512::from_be_hex(
        "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265\
         EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
    )
    .to_words();
    const GENERATOR: [[u64; 8]; 2] = [
        U512::from_u64(3).to_words(),
        U512::from_be_hex(
            "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921\
             DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
        )
        .to_words(),
    ];
}

/// id-GostR3410-2001-CryptoPro-A-ParamSet (RFC 4357, 11.4), which the NCA calls 1.2.398.3.10.1.1.1.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CryptoProA;

impl Equation<4> for CryptoProA {
    const PRIME_COMPLEMENT: u64 = 617;
    const A: Coefficient<4> = Coefficient::MinusThree;
    const B: [u64; 4] = U256::from_u64(166).to_words();
    const GENERATOR: [[u64; 4]; 2] = [
        U256::ONE.to_words(),
        U256::from_be_hex("8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14").to_words(),
    ];
}

/// id-tc26-gost-3410-2012-256-paramSetA (RFC 7836, A.2), which the NCA is said to call 1.2.398.3.10.1.1.2.1.1.
///
/// It has four times as many points as its generator has multiples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tc26Gost256A;

impl Equation<4> for Tc26Gost256A {
    const PRIME_COMPLEMENT: u64 = 617;
    const A: Coefficient<4> = Coefficient::Number(
        U256::from_be_hex("C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335").to_words(),
    );
    const B: [u64; 4] =
        U256::from_be_hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513").to_words();
    const GENERATOR: [[u64; 4]; 2] = [
        U256::from_be_hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28").to_words(),
        U256::from_be_hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C").to_words(),
    ];
}
