//! ГОСТ 34.310 signatures over the curves of the NCA's keys, and the GOST hashes.
//!
//! - [`gost512`]: ГОСТ 34.310-2015 with 512 bits, the keys issued today, over digests by [`hash::streebog512`];
//! - [`gost2004`]: ГОСТ 34.310-2004, the keys issued until 2024, over digests by [`hash::gost34311`];
//! - [`gost256`]: ГОСТ 34.310-2015 with 256 bits, over digests by [`hash::streebog256`]. The NCA's registry has it, but
//!   no key of it was met: it is made by the published curve, and nothing of the NCA's was there to hold it against.
//!
//! All are one implementation of the signature of ГОСТ Р 34.10-2012 (RFC 7091) in the NCA's encoding: signatures are
//! `r_LE ‖ s_LE`, public keys `x_LE ‖ y_LE`, and the number `e` of a digest is its bytes read little-endian.
//!
//! ```
//! use gost::{gost512, hash};
//! # fn random(buffer: &mut [u8]) -> Result<(), std::convert::Infallible> { buffer.fill(7); Ok(()) }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = gost512::SecretKey::generate(random)?;
//! let mut entropy = [0; 32];
//! random(&mut entropy)?;
//!
//! let digest = hash::streebog512("Құжат".as_bytes());
//! let signature = key.sign_digest(&digest, &entropy);
//! key.public_key().verify_digest(&digest, &signature)?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is constant time
//!
//! [`SecretKey::public_key`](key::SecretKey::public_key) and
//! [`SecretKey::sign_digest`](key::SecretKey::sign_digest), from the private key to the public key or the signature: no
//! branch and no address depends on the private key or on a nonce.
//!
//! - The field folds carries back by multiplication, and inverts by safegcd with a fixed number of steps.
//! - Points are added by formulas that are complete on the generator's group, without a case for doubling, the neutral
//!   element or opposite points.
//! - `k·G` does the same additions for every `k`: signed windows of a fixed width, each looked up by reading its whole
//!   row of the table, whose result for a zero digit is computed and dropped by a mask.
//! - Numbers modulo `q` are in `crypto-bigint`'s Montgomery form.
//! - The nonce comes from HMAC-SHA-512, which has no tables, rather than from a GOST hash, which does.
//!
//! What does show: that a candidate for a nonce was thrown away for not being below `q` (one in 2^128 or fewer; every
//! other one with 256 bits of 2015, where it says nothing of the next), and the length of everything. Reading keys in compares in constant time and shows whether they are valid. Verification is in
//! variable time, and so are the hashes: documents, digests, signatures and public keys are not secret.
//!
//! Compiled code was held to it by hand (no command here repeats it): both functions were run on each curve under
//! valgrind's memcheck with the private key and the entropy marked as undefined, which makes it report every branch and
//! every address that depends on them. It reported that `k` is tested for being below `q`, and `r` and `s` for not being
//! zero, and nothing else (x86-64, Rust 1.95).
//!
//! Secrets are wiped after use, as far as Rust lets one: copies that the compiler makes in registers and on the stack
//! are beyond reach.
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(test)]
extern crate std;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("the limbs of this crate are 64 bits, as are those of crypto-bigint on 64-bit machines only");

mod comb;
mod curve;
mod equation;
mod error;
mod field;
mod gost34311;
pub mod hash;
pub mod key;
mod mask;
mod nonce;
mod point;
mod streebog;
#[cfg(test)]
mod tests;
mod vartime;

pub use error::{BadSignature, GenerateError, KeyError};

/// ГОСТ 34.310-2015 with 512 bits: id-tc26-gost-3410-12-512-paramSetA, the NCA's 1.2.398.3.10.1.1.2.2.1.
///
/// Digests are of [`hash::streebog512`].
pub mod gost512 {
    /// A private key of 64 bytes.
    pub type SecretKey = crate::key::SecretKey<crate::equation::Tc26Gost512A, 8>;
    /// A public key of 128 bytes.
    pub type PublicKey = crate::key::PublicKey<crate::equation::Tc26Gost512A, 8>;
}

/// ГОСТ 34.310-2015 with 256 bits: id-tc26-gost-3410-2012-256-paramSetA, by all accounts the NCA's
/// 1.2.398.3.10.1.1.2.1.1 (kz-crypto 3: never met in data).
///
/// Digests are of [`hash::streebog256`].
pub mod gost256 {
    /// A private key of 32 bytes.
    pub type SecretKey = crate::key::SecretKey<crate::equation::Tc26Gost256A, 4>;
    /// A public key of 64 bytes.
    pub type PublicKey = crate::key::PublicKey<crate::equation::Tc26Gost256A, 4>;
}

/// ГОСТ 34.310-2004: id-GostR3410-2001-CryptoPro-A-ParamSet, the NCA's 1.2.398.3.10.1.1.1.1.1.
///
/// Digests are of [`hash::gost34311`]. Keys of this kind are no longer issued.
pub mod gost2004 {
    /// A private key of 32 bytes.
    pub type SecretKey = crate::key::SecretKey<crate::equation::CryptoProA, 4>;
    /// A public key of 64 bytes.
    pub type PublicKey = crate::key::PublicKey<crate::equation::CryptoProA, 4>;
}
