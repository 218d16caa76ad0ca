//! Why a token did not do what was asked.

use pkcs11::wire::Tries;

/// Why a token, or its library, did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// Another PIN may help.
    #[error("the PIN is wrong")]
    WrongPin {
        /// How many wrong ones are left after this.
        tries: Tries,
    },
    /// Too many wrong PINs.
    #[error("the PIN is locked")]
    PinLocked,
    /// The token has no PIN yet.
    #[error("no PIN was set")]
    PinNotSet,
    /// The PIN must be changed first, with the vendor's program.
    #[error("the PIN has expired")]
    PinExpired,
    /// No was said at the reader's own pad.
    #[error("it was refused at the reader")]
    RefusedAtReader,
    /// It was taken out, or another one is in its place.
    #[error("the token is no longer there")]
    Gone,
    /// The library did not answer in time and was ended.
    #[error("the token's library stopped answering")]
    NotResponding,
    /// The library's process ended by itself.
    #[error("the token's library crashed")]
    Crashed,
    /// The library cannot be loaded, or said what no library may say.
    #[error("the token's library cannot be used: {0}")]
    BadLibrary(String),
    /// The token cannot do that.
    #[error("the token cannot do that")]
    Unsupported,
    /// The token takes nothing more.
    #[error("the token has no room, or may not be written to")]
    NoRoom,
    /// The signature that the token gave fits neither the document nor the certificate.
    #[error("the token's signature does not fit its certificate")]
    WrongSignature,
    /// The library said something else.
    #[error("the token's library failed: {0}")]
    Failed(String),
}

impl TokenFault {
    /// The stable name of this error, for catalogues of texts and for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPin { .. } => "wrong-pin",
            Self::PinLocked => "pin-locked",
            Self::PinNotSet => "pin-not-set",
            Self::PinExpired => "pin-expired",
            Self::RefusedAtReader => "refused-at-reader",
            Self::Gone => "token-gone",
            Self::NotResponding => "token-not-responding",
            Self::Crashed => "token-crashed",
            Self::BadLibrary(_) => "token-library-unusable",
            Self::Unsupported => "token-unsupported",
            Self::NoRoom => "token-no-room",
            Self::WrongSignature => "token-wrong-signature",
            Self::Failed(_) => "token-failed",
        }
    }
}
