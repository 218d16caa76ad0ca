//! Why a token did not do what was asked.

use pkcs11::wire::{Fault, FaultKind, Tries};
use pki::SignerError;

use super::{host_log::printable, process::Unanswered};
use crate::StoreError;

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
    /// Fewer tries are left than the person was told: nothing was sent, and they must be asked again.
    #[error("the tries of the PIN have changed")]
    TriesChanged {
        /// How many wrong ones are left.
        tries: Tries,
    },
    /// Too many wrong PINs.
    #[error("the PIN is locked")]
    PinLocked,
    /// The token has no PIN yet.
    #[error("no PIN was set")]
    PinNotSet,
    /// The token does not take the new PIN: too short, too long, too simple.
    #[error("the new PIN was refused")]
    NewPinRefused,
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
            Self::TriesChanged { .. } => "pin-tries-changed",
            Self::PinLocked => "pin-locked",
            Self::PinNotSet => "pin-not-set",
            Self::NewPinRefused => "new-pin-refused",
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

/// What a library said, for the log and for whoever helps: the names in it are a stranger's.
pub(super) fn in_words(fault: &Fault) -> String {
    let function: String = printable(&fault.function).chars().take(200).collect();
    format!("{function} gave {:#x}", fault.code)
}

impl From<&Fault> for TokenFault {
    fn from(fault: &Fault) -> Self {
        match fault.kind {
            FaultKind::WrongPin => Self::WrongPin { tries: Tries::Unsaid },
            FaultKind::PinLocked => Self::PinLocked,
            FaultKind::PinNotSet => Self::PinNotSet,
            FaultKind::PinExpired => Self::PinExpired,
            FaultKind::RefusedAtReader => Self::RefusedAtReader,
            // Who was logged in and is not any more has met a token that was away, or a library that began anew.
            FaultKind::TokenGone | FaultKind::NotLoggedIn | FaultKind::NoSuchKey => Self::Gone,
            FaultKind::Unsupported => Self::Unsupported,
            FaultKind::NoRoom => Self::NoRoom,
            FaultKind::BadLibrary => Self::BadLibrary(in_words(fault)),
            FaultKind::Other => Self::Failed(in_words(fault)),
        }
    }
}

impl From<Unanswered> for TokenFault {
    fn from(refused: Unanswered) -> Self {
        match refused {
            Unanswered::ByHost(fault) => fault,
            Unanswered::ByLibrary(fault) => Self::from(&fault),
        }
    }
}

impl From<Unanswered> for StoreError {
    fn from(refused: Unanswered) -> Self {
        match refused {
            Unanswered::ByLibrary(Fault { kind: FaultKind::NoSuchKey, .. }) => Self::NoSuchKey,
            other => Self::Token(other.into()),
        }
    }
}

impl From<TokenFault> for SignerError {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::WrongPin { .. } => Self::WrongPin,
            TokenFault::PinLocked => Self::PinLocked,
            TokenFault::RefusedAtReader => Self::RefusedAtReader,
            TokenFault::Gone => Self::Gone,
            TokenFault::NotResponding => Self::NotResponding,
            TokenFault::Crashed => Self::Crashed,
            TokenFault::Unsupported => Self::Unsupported("this token"),
            TokenFault::WrongSignature => Self::WrongSignature,
            TokenFault::PinNotSet => Self::PinNotSet,
            TokenFault::PinExpired => Self::PinExpired,
            TokenFault::NoRoom => Self::NoRoom,
            TokenFault::BadLibrary(why) => Self::BadLibrary(why),
            TokenFault::TriesChanged { .. } | TokenFault::NewPinRefused | TokenFault::Failed(_) => {
                Self::Store(fault.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_keeps_its_name_when_it_comes_while_signing() {
        let faults = [
            TokenFault::WrongPin { tries: Tries::Low },
            TokenFault::PinLocked,
            TokenFault::PinNotSet,
            TokenFault::PinExpired,
            TokenFault::RefusedAtReader,
            TokenFault::Gone,
            TokenFault::NotResponding,
            TokenFault::Crashed,
            TokenFault::BadLibrary("dlopen".to_owned()),
            TokenFault::NoRoom,
            TokenFault::WrongSignature,
        ];
        for fault in faults {
            assert_eq!(SignerError::from(fault.clone()).code(), fault.code(), "{fault}");
        }
    }
}
