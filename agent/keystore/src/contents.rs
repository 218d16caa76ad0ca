//! What an opened key file holds, whatever its format.

use std::{fmt, sync::Arc};

use const_oid::ObjectIdentifier;
use pki::{Certificate, Signer};

use crate::{CannotSign, Entropy, OsEntropy, PrivateKey};

/// What an opened key file holds.
#[derive(Debug)]
pub struct Contents {
    /// The private keys, in the order of the file.
    pub entries: Vec<Entry>,
    /// Certificates that belong to none of the keys, each once: a chain, or a file of certificates only.
    pub certificates: Vec<Certificate>,
    /// What was passed over, in the order of the file.
    pub skipped: Vec<Skipped>,
}

/// A private key of a key file.
#[derive(Debug)]
pub struct Entry {
    /// The file's name for it. PKCS#12: friendlyName, else localKeyId in hexadecimal, else its place in the file from 1;
    /// in the NCA's files both are the subject key identifier in hexadecimal (kz-crypto 8.1). JKS: the alias.
    pub alias: String,
    /// The localKeyId attribute, as it stands; JKS has none.
    pub local_key_id: Option<Vec<u8>>,
    /// The certificate with this key's public key, where the file has it.
    pub certificate: Option<Certificate>,
    /// The key.
    pub key: PrivateKey,
}

/// Something in a key file that is no key and no certificate, or cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Skipped {
    /// A crlBag.
    RevocationList,
    /// A secretBag: a symmetric key or a password.
    Secret,
    /// A bag of a kind that is not known.
    Bag(ObjectIdentifier),
    /// A part that is enciphered for somebody's public key, or of a kind that is not known.
    Part(ObjectIdentifier),
    /// A certificate that is not X.509, or cannot be read.
    Certificate,
    /// The key of this alias has another password than the file.
    LockedKey(String),
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RevocationList => f.write_str("a revocation list"),
            Self::Secret => f.write_str("a secret that is no private key"),
            Self::Bag(kind) => write!(f, "a bag of an unknown kind, {kind}"),
            Self::Part(kind) => write!(f, "a part that no password opens, {kind}"),
            Self::Certificate => f.write_str("a certificate that cannot be read"),
            Self::LockedKey(alias) => write!(f, "the key {alias:?}, which has a password of its own"),
        }
    }
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
