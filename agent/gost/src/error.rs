//! What can be wrong with keys and signatures.

use core::error::Error;
use core::fmt::{Display, Formatter, Result};

/// Why bytes are not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The private key is not a number `d` with `0 < d < q`.
    ScalarOutOfRange,
    /// A coordinate of the public key is not below `p`.
    CoordinateOutOfRange,
    /// The coordinates of the public key are not those of a point of the curve.
    NotOnCurve,
    /// The point of the public key is on the curve, but no multiple of the generator.
    NotInGroup,
}

impl Display for KeyError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::ScalarOutOfRange => "the private key is zero or not below the order of the curve",
            Self::CoordinateOutOfRange => "a coordinate of the public key exceeds the field",
            Self::NotOnCurve => "the public key is not a point of the curve",
            Self::NotInGroup => "the public key is a point outside of the generator's group",
        })
    }
}

impl Error for KeyError {}

/// Why no key was generated. `E` is the error of the source of randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError<E> {
    /// The source of randomness failed.
    Source(E),
    /// The source gave, again and again, numbers that are no keys. From a working source this does not happen: one
    /// number in 2^128 is none, or every other one.
    NotRandom,
}

impl<E: Display> Display for GenerateError<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Source(error) => write!(f, "the source of randomness failed: {error}"),
            Self::NotRandom => f.write_str("the source of randomness does not give random bytes"),
        }
    }
}

impl<E: Error + 'static> Error for GenerateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::NotRandom => None,
        }
    }
}

/// The signature is not this key's over this digest. There is nothing to say of why: a forged signature, another
/// document and another key look the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

impl Display for BadSignature {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("the signature does not match the digest and the key")
    }
}

impl Error for BadSignature {}
