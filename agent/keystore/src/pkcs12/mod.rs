//! PKCS#12.
#![allow(dead_code)]

mod asn1;
mod cipher;
mod error;
mod hash;
mod kdf;
mod pbe;
mod work;

pub use error::OpenError;
