//! A private key at work: for its certificate, or for an authority that issues one.

use std::sync::Arc;

use pki::{BareSigner, Certificate, PublicKey, SignatureAlgorithm, Signer, SignerError};

use crate::{Entropy, PrivateKey, Requester};

/// Why a key is not fit to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotSign {
    /// The key has no certificate.
    #[error("the key has no certificate")]
    NoCertificate,
    /// The certificate is of another key (d·G ≠ Q, or another modulus).
    #[error("the private key does not belong to the certificate")]
    KeyDoesNotMatchCertificate,
    /// Keys of this algorithm, curve or size are shown, but do not sign.
    #[error("signing with such {0} keys is not supported")]
    Unsupported(&'static str),
}

impl CannotSign {
    /// The stable name of this error, for catalogues of texts and for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoCertificate => "no-certificate",
            Self::KeyDoesNotMatchCertificate => "key-does-not-match",
            Self::Unsupported(_) => "unsupported-algorithm",
        }
    }
}

/// A signer of this key, after it was checked against the certificate; with its own algorithm where none is given.
pub(crate) fn of(
    key: &PrivateKey,
    certificate: &Certificate,
    algorithm: Option<SignatureAlgorithm>,
    entropy: Arc<dyn Entropy>,
) -> Result<Box<dyn Signer>, CannotSign> {
    let unsupported = CannotSign::Unsupported(key.algorithm_name());
    let public_key = key.public_key().ok_or(unsupported)?;
    if public_key != *certificate.public_key() {
        return Err(CannotSign::KeyDoesNotMatchCertificate);
    }
    let algorithm = algorithm.or(key.signature_algorithm()).ok_or(unsupported)?;
    if !key.signs_with(algorithm) {
        return Err(unsupported);
    }
    let alone = KeyAlone { key: key.clone(), public_key, algorithm, entropy };
    Ok(Box::new(KeySigner { alone, certificate: certificate.clone() }))
}

/// The key alone, for a request.
pub(crate) fn without_certificate(
    key: &PrivateKey,
    entropy: Arc<dyn Entropy>,
) -> Result<Box<dyn Requester>, CannotSign> {
    let unsupported = CannotSign::Unsupported(key.algorithm_name());
    let public_key = key.public_key().ok_or(unsupported)?;
    let algorithm = key.signature_algorithm().ok_or(unsupported)?;
    Ok(Box::new(KeyAlone { key: key.clone(), public_key, algorithm, entropy }))
}

/// A key with all that its signatures take.
struct KeyAlone {
    key: PrivateKey,
    public_key: PublicKey,
    algorithm: SignatureAlgorithm,
    entropy: Arc<dyn Entropy>,
}

impl BareSigner for KeyAlone {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign_digest(digest, self.algorithm, &*self.entropy)
    }
}

impl Requester for KeyAlone {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

/// The same with its certificate.
struct KeySigner {
    alone: KeyAlone,
    certificate: Certificate,
}

impl Signer for KeySigner {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.alone.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.alone.sign_digest(digest)
    }
}

/// A key that issues certificates ([`pki::issue`]): it needs no certificate of its own, for a root has none before it
/// signed it.
pub struct IssuingKey<'a> {
    key: &'a PrivateKey,
    algorithm: SignatureAlgorithm,
    entropy: &'a dyn Entropy,
}

impl<'a> IssuingKey<'a> {
    /// A key that signs, with the source of random bytes for its nonces.
    ///
    /// # Errors
    /// [`CannotSign::Unsupported`].
    pub fn new(key: &'a PrivateKey, entropy: &'a dyn Entropy) -> Result<Self, CannotSign> {
        let algorithm = key.signature_algorithm().ok_or(CannotSign::Unsupported(key.algorithm_name()))?;
        Ok(Self { key, algorithm, entropy })
    }
}

impl BareSigner for IssuingKey<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign_digest(digest, self.algorithm, self.entropy)
    }
}
