//! Why no key file was made.

use super::cipher::CipherError;
use crate::EntropyError;

/// Why no key file was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The certificate is of another key (d·G ≠ Q).
    #[error("the private key does not belong to the certificate")]
    KeyDoesNotMatchCertificate,
    /// The key's public half is not known here, so that nothing can name it.
    #[error("keys of this algorithm cannot be written")]
    Unsupported,
    /// No random bytes for the salts.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A cipher refused its input; a fault of this program.
    #[error("the key file could not be enciphered")]
    Cipher,
}

impl From<CipherError> for WriteError {
    fn from(_: CipherError) -> Self {
        Self::Cipher
    }
}
