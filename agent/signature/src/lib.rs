//! What is produced: CAdES, XMLDSig, PAdES and bare signature values; made and verified side by side.
//!
//! Whatever is made here is read back by the verifier of the same format before it leaves: a second path over the
//! bytes, so that a fault in the making is an error and not a signature.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod cms;
pub mod pades;
pub mod raw;
pub mod xmldsig;
