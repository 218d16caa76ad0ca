//! Who can sign: a key with its certificate, wherever the key lives.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;

/// A private key in use, together with its certificate: a key file, a token, a test key.
///
/// Implementations live where keys live (`keystore`); formats are made over this trait only.
pub trait Signer {
    /// The certificate of the key.
    fn certificate(&self) -> &Certificate;

    /// The algorithm of the signatures this signer makes. Its digest algorithm is always known.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a finished digest of [`Signer::algorithm`]'s digest algorithm. The signature has the form of X.509 and
    /// CMS: `r_LE ‖ s_LE` for GOST (kz-crypto 2).
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why no signature was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The digest is not one of the signer's algorithm.
    #[error("the digest has {found} bytes instead of {expected}")]
    DigestLength {
        /// Octets that the algorithm's digest has.
        expected: usize,
        /// Octets that were given.
        found: usize,
    },
    /// This version cannot sign with such a key.
    #[error("signing with {0} comes in a later version")]
    Unsupported(&'static str),
    /// The token was taken out, or locked itself.
    #[error("the key is no longer there")]
    Gone,
    /// The system gave no random numbers.
    #[error("the system gives no random numbers")]
    Entropy,
    /// The key store failed; the text is for the log.
    #[error("the key store failed: {0}")]
    Store(String),
}
