//! Tokens' faults in words, with the next step.

use crate::window::Sentence;
use keystore::{CannotSign, StoreError};
use pki::SignerError;

/// What a token, opened or to be opened, did not do.
#[must_use]
pub(crate) fn sentence(error: &StoreError) -> Sentence {
    Sentence::new(match error {
        StoreError::Token(fault) => by_code(fault.code()).unwrap_or("error-token-failed"),
        StoreError::Sign(error) => by_code(error.code()).unwrap_or("error-token-failed"),
        StoreError::NoSuchKey => "error-token-no-such-key",
        StoreError::CannotSign(CannotSign::NoCertificate) => "error-token-no-key",
        StoreError::CannotSign(CannotSign::KeyDoesNotMatchCertificate) => "error-token-wrong-signature",
        StoreError::CannotSign(_) => "error-token-unsupported",
        StoreError::Occupied => "error-token-no-room",
        _ => "error-token-failed",
    })
}

/// What a key that is in use did not do, where that is something only a token may say.
#[must_use]
pub(crate) fn of_signer(error: &SignerError) -> Option<Sentence> {
    by_code(error.code()).map(Sentence::new)
}

/// The same for a command, which sends nothing anywhere.
#[must_use]
pub(crate) fn in_command(sentence: Sentence) -> Sentence {
    let id = match sentence.id {
        "error-refused-at-reader" => "command-refused-at-reader",
        "error-token-gone" => "command-token-gone",
        "error-token-not-responding" => "command-token-not-responding",
        "error-token-crashed" => "command-token-crashed",
        "error-token-failed" => "command-token-failed",
        "error-token-unsupported" => "command-token-unsupported",
        "error-token-wrong-signature" => "command-token-wrong-signature",
        _ => return sentence,
    };
    Sentence::new(id)
}

fn by_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "wrong-pin" => "error-wrong-pin",
        "pin-tries-changed" => "error-pin-tries-changed",
        "pin-locked" => "error-pin-locked",
        "pin-not-set" => "error-pin-not-set",
        "pin-expired" => "error-pin-expired",
        "refused-at-reader" => "error-refused-at-reader",
        "token-gone" => "error-token-gone",
        "token-not-responding" => "error-token-not-responding",
        "token-crashed" => "error-token-crashed",
        "token-library-unusable" => "error-token-library-unusable",
        "token-unsupported" => "error-token-unsupported",
        "token-no-room" => "error-token-no-room",
        "token-wrong-signature" => "error-token-wrong-signature",
        "token-failed" => "error-token-failed",
        _ => return None,
    })
}
