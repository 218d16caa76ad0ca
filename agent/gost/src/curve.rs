//! What keys and signatures need to know of a curve besides its equation.

use core::marker::PhantomData;

use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{U256, U512, Uint, const_monty_params};

use crate::comb::Row;
use crate::equation::{CryptoProA, Equation, Tc26Gost256A, Tc26Gost512A};

/// A curve that keys can be of: one of those whose names this crate's `gost512`, `gost256` and `gost2004` give.
pub trait Curve<const N: usize>: Equation<N> {
    /// The order `q` of the generator, a prime between `2^(64N − 2)` and `p`.
    type Order: ConstMontyParams<N>;
    /// How many times as many points the curve has.
    const COFACTOR: u32;
    /// `8N` bytes: a private key, a digest.
    type Bytes: ByteArray;
    /// `16N` bytes: a public key, a signature.
    type Pair: ByteArray;
    /// The multiples of the generator.
    #[doc(hidden)]
    const TABLE: &'static [Row<N>];
}

/// A number modulo the order of a curve's generator, with constant-time arithmetic.
pub(crate) type Scalar<C, const N: usize> = ConstMontyForm<<C as Curve<N>>::Order, N>;

/// The order `q` of the curve's generator.
pub(crate) struct Order<C, const N: usize>(PhantomData<C>);

impl<C: Curve<N>, const N: usize> Order<C, N> {
    pub(crate) const VALUE: Uint<N> = *Scalar::<C, N>::MODULUS.as_ref();
    /// Bits of `64N` that a number below `q` does not have.
    pub(crate) const UNUSED_BITS: u32 = Self::VALUE.leading_zeros();
}

/// A byte array of one of the lengths that keys and signatures have.
pub trait ByteArray: Copy + AsRef<[u8]> + AsMut<[u8]> + zeroize::Zeroize {
    /// All bytes zero.
    const ZERO: Self;
}

impl ByteArray for [u8; 32] {
    const ZERO: Self = [0; 32];
}

impl ByteArray for [u8; 64] {
    const ZERO: Self = [0; 64];
}

impl ByteArray for [u8; 128] {
    const ZERO: Self = [0; 128];
}

const_monty_params!(
    OrderOfTc26Gost512A,
    U512,
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
     27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    "The order of the generator of [`Tc26Gost512A`]."
);

const_monty_params!(
    OrderOfCryptoProA,
    U256,
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893",
    "The order of the generator of [`CryptoProA`]."
);

const_monty_params!(
    OrderOfTc26Gost256A,
    U256,
    "400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67",
    "The order of the generator of [`Tc26Gost256A`]."
);

impl Curve<8> for Tc26Gost512A {
    type Order = OrderOfTc26Gost512A;
    const COFACTOR: u32 = 1;
    type Bytes = [u8; 64];
    type Pair = [u8; 128];
    const TABLE: &'static [Row<8>] = &tables::TC26_GOST_512_A;
}

impl Curve<4> for CryptoProA {
    type Order = OrderOfCryptoProA;
    const COFACTOR: u32 = 1;
    type Bytes = [u8; 32];
    type Pair = [u8; 64];
    const TABLE: &'static [Row<4>] = &tables::CRYPTO_PRO_A;
}

impl Curve<4> for Tc26Gost256A {
    type Order = OrderOfTc26Gost256A;
    const COFACTOR: u32 = 4;
    type Bytes = [u8; 32];
    type Pair = [u8; 64];
    const TABLE: &'static [Row<4>] = &tables::TC26_GOST_256_A;
}

/// Made by `build.rs`.
mod tables {
    use super::Row;

    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}
