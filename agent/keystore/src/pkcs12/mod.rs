//! PKCS#12 key files (RFC 7292), as the NCA writes them and as others do.
//!
//! The NCA's files (kz-crypto 7.1) mix definite and indefinite lengths and protect the key with triple DES and the
//! certificate with 40-bit RC2; common readers refuse them. [`open`] takes those, plain DER, and what OpenSSL, Java and
//! Windows write today: any order and number of bags, PBES2, MACs with SHA-2. What it does not know inside, it passes
//! over; what it cannot bear (size, depth, rounds), it refuses before it works.
//!
//! [`write_nca`] makes a file of the NCA's layout, octet by octet.

mod asn1;
mod cipher;
mod error;
mod hash;
#[cfg(test)]
mod hostile_tests;
mod kdf;
mod oids;
mod open;
#[cfg(test)]
mod open_tests;
mod pair;
mod pbe;
#[cfg(test)]
mod test_files;
mod work;
mod write;
#[cfg(test)]
mod write_tests;

use std::sync::Arc;

use pki::{Certificate, Signer};

pub use error::OpenError;
pub use open::{MOST_OCTETS, inspect, looks_like_pkcs12, open};
pub(crate) use write::write_key_alone;
pub use write::{WriteError, write_nca};

use crate::{CannotSign, Entropy, OsEntropy, PrivateKey};

/// What an opened key file holds.
#[derive(Debug)]
pub struct Contents {
    /// The private keys, in the order of the file.
    pub entries: Vec<Entry>,
    /// Certificates that belong to none of the keys: a chain, or a file of certificates only.
    pub certificates: Vec<Certificate>,
    /// How many things were passed over: bags of kinds that are not known here, certificates that cannot be read.
    pub skipped: usize,
}

/// A private key of a key file.
#[derive(Debug)]
pub struct Entry {
    /// The file's name for it: friendlyName, else localKeyId in hexadecimal, else its place in the file from 1. In the
    /// NCA's files both are the subject key identifier in hexadecimal (kz-crypto 8.1).
    pub alias: String,
    /// The localKeyId attribute, as it stands.
    pub local_key_id: Option<Vec<u8>>,
    /// The certificate with this key's public key, where the file has it.
    pub certificate: Option<Certificate>,
    /// The key.
    pub key: PrivateKey,
}

impl Entry {
    /// The key and its certificate, ready to sign; nonces are hedged with the operating system's random bytes.
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn signer(&self) -> Result<Box<dyn Signer>, CannotSign> {
        let certificate = self.certificate.as_ref().ok_or(CannotSign::NoCertificate)?;
        self.signer_with(certificate, Arc::new(OsEntropy))
    }

    /// The same with a certificate from elsewhere, and with random bytes from `entropy`.
    ///
    /// # Errors
    /// [`CannotSign`]; before anything else the key is checked against the certificate (kz-crypto 6.2: d·G = Q).
    pub fn signer_with(
        &self,
        certificate: &Certificate,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Box<dyn Signer>, CannotSign> {
        self.key.signer(certificate, entropy)
    }
}
