//! The hashes that GOST signatures are over, as streaming types ([`Digest`]) and as functions.
//!
//! A digest is returned in the byte order of its own standard, which is the one that certificates, CMS and XML carry,
//! and the one that the keys' `sign_digest` and `verify_digest` take.
//!
//! Not for secrets: all three look up tables by what they hash.

pub use digest::{self, Digest};

pub use crate::gost34311::Gost34311;
pub use crate::streebog::{Streebog256, Streebog512};

/// Streebog with 512 bits (ГОСТ Р 34.11-2012, RFC 6986): the hash of GOST-2015 keys.
pub fn streebog512(message: &[u8]) -> [u8; 64] {
    Streebog512::digest(message).into()
}

/// Streebog with 256 bits (ГОСТ Р 34.11-2012, RFC 6986).
pub fn streebog256(message: &[u8]) -> [u8; 32] {
    Streebog256::digest(message).into()
}

/// ГОСТ 34.311-95 (ГОСТ Р 34.11-94, RFC 5831) with the *test* S-box and a zero start vector: the hash of GOST-2004 keys.
pub fn gost34311(message: &[u8]) -> [u8; 32] {
    Gost34311::digest(message).into()
}
