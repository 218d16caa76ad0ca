//! PKCS#12 key files (RFC 7292), as the NCA writes them and as others do.
//!
//! The NCA's files (kz-crypto 7.1) mix definite and indefinite lengths and protect the key with triple DES and the
//! certificate with 40-bit RC2; common readers refuse them. [`open`] takes those, plain DER, and what OpenSSL, Java and
//! Windows write today: any order and number of bags, PBES2, MACs with SHA-2, PBMAC1. What it does not know inside, it
//! passes over and says so; what it cannot bear (size, depth, rounds), it refuses before it works.
//!
//! [`write_nca`] makes a file of the NCA's layout, octet by octet; [`write_modern`] one that is protected as is usual
//! today, for programs other than the country's.

mod asn1;
mod attributes;
mod cipher;
mod emit;
mod hash;
#[cfg(test)]
mod hostile_tests;
mod kdf;
mod mac;
#[cfg(test)]
mod mac_tests;
mod oids;
mod open;
#[cfg(test)]
mod open_tests;
mod pbe;
mod pbkdf2;
mod protection;
#[cfg(test)]
pub(crate) mod test_files;
mod write;
mod write_error;
mod write_modern;
#[cfg(test)]
mod write_modern_tests;
#[cfg(test)]
mod write_tests;

pub(crate) use asn1::EncryptedPrivateKeyInfo;
pub(crate) use open::begins_cut_off;
pub use open::{MOST_OCTETS, inspect, looks_like_pkcs12, open, open_with_key_password};
pub use protection::{Weakness, weaknesses};
pub(crate) use write::write_key_alone;
pub use write::write_nca;
pub use write_error::WriteError;
pub use write_modern::{Bundle, Iterations, write_modern};

pub use crate::{Contents, Entry, OpenError};
