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

    /// Signs a message, in the same form. There are tokens that digest themselves and take nothing else
    /// (CKM_SHA256_RSA_PKCS alone), so whoever has the message gives the message.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let digest = self.algorithm().digest_algorithm().ok_or(SignerError::Unsupported("this algorithm"))?;
        self.sign_digest(&digest.digest(message))
    }
}

/// A key at work that has no certificate yet: like [`Signer`], but a root has none before it has signed it, and whoever
/// [asks for one](crate::request) has none before it is issued.
pub trait BareSigner {
    /// The algorithm of the signatures it makes.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// Signs a finished digest of that algorithm.
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError>;
    /// Signs a message, for keys that digest themselves: as [`Signer::sign`].
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let digest = self.algorithm().digest_algorithm().ok_or(SignerError::Unsupported("this algorithm"))?;
        self.sign_digest(&digest.digest(message))
    }
}

impl<S: Signer + ?Sized> BareSigner for S {
    fn algorithm(&self) -> SignatureAlgorithm {
        Signer::algorithm(self)
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        Signer::sign_digest(self, digest)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Signer::sign(self, message)
    }
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
    /// The token's library did not answer in time and was ended.
    #[error("the token stopped answering")]
    NotResponding,
    /// The process of the token's library ended by itself.
    #[error("the token's library crashed")]
    Crashed,
    /// No was said at the reader's own pad.
    #[error("it was refused at the reader")]
    RefusedAtReader,
    /// The token wants its PIN with each signature, and took it no longer.
    #[error("the token did not take the PIN again")]
    WrongPin,
    /// Too many wrong PINs.
    #[error("the PIN is locked")]
    PinLocked,
    /// The token has no PIN yet.
    #[error("no PIN was set")]
    PinNotSet,
    /// The PIN must be changed first, with the vendor's program.
    #[error("the PIN has expired")]
    PinExpired,
    /// The token takes nothing more.
    #[error("the token has no room, or may not be written to")]
    NoRoom,
    /// The token's library cannot be loaded, or said what no library may say; the text is for the log.
    #[error("the token's library cannot be used: {0}")]
    BadLibrary(String),
    /// What the token gave is no signature of this key over this digest.
    #[error("the token's signature does not fit the key")]
    WrongSignature,
    /// The system gave no random numbers.
    #[error("the system gives no random numbers")]
    Entropy,
    /// The key store failed; the text is for the log.
    #[error("the key store failed: {0}")]
    Store(String),
}

impl SignerError {
    /// The stable name of this error, for catalogues of texts and for scripts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "unsupported-algorithm",
            Self::Gone => "token-gone",
            Self::NotResponding => "token-not-responding",
            Self::Crashed => "token-crashed",
            Self::RefusedAtReader => "refused-at-reader",
            Self::WrongPin => "wrong-pin",
            Self::PinLocked => "pin-locked",
            Self::PinNotSet => "pin-not-set",
            Self::PinExpired => "pin-expired",
            Self::NoRoom => "token-no-room",
            Self::BadLibrary(_) => "token-library-unusable",
            Self::WrongSignature => "token-wrong-signature",
            Self::Entropy => "no-random-bytes",
            Self::DigestLength { .. } | Self::Store(_) => "signing-failed",
        }
    }
}
