//! Key stores as a person meets them: opened with a typed password, their faults in words with the next step.

use crate::window::Sentence;
use keystore::{KeyFile, KeyStore, Password, StoreError, UnlockedStore};
use std::{io, path::Path};

/// Why a key could not be used.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct KeyFileError(#[from] StoreError);

impl KeyFileError {
    /// The store opened, but none of its keys has a certificate.
    #[must_use]
    pub fn no_certificate() -> Self {
        Self(keystore::CannotSign::NoCertificate.into())
    }

    /// Whether another password may help.
    #[must_use]
    pub fn is_wrong_password(&self) -> bool {
        self.0.is_wrong_password()
    }

    /// The sentence for the person, with the next step.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        Sentence::new(match (&self.0, self.0.code()) {
            (StoreError::Io(error), _) => match error.kind() {
                io::ErrorKind::NotFound => "error-file-missing",
                io::ErrorKind::PermissionDenied => "error-file-forbidden",
                _ => "error-file-unreadable",
            },
            (_, "wrong-password") => "error-wrong-password",
            (_, "not-pkcs12" | "too-large") => "error-not-a-key-file",
            (_, "truncated") => "error-file-truncated",
            (_, "unsupported-algorithm") => "error-algorithm-not-yet",
            (_, "no-key" | "no-such-key") => "error-no-key",
            (_, "no-certificate") => "error-no-certificate",
            (_, "key-does-not-match") => "error-key-mismatch",
            (_, "signing-failed" | "no-random-bytes") => "error-signing-failed",
            _ => "error-file-damaged",
        })
    }
}

/// Whether a file looks like a key file at all; its password is not needed for that.
///
/// # Errors
/// [`KeyFileError`] with what is wrong with it.
pub fn check(path: &Path) -> Result<(), KeyFileError> {
    KeyFile::at(path).list().map(|_| ()).map_err(KeyFileError)
}

/// Opens a key file.
///
/// # Errors
/// [`KeyFileError`].
pub fn open(path: &Path, password: &Password) -> Result<Box<dyn UnlockedStore>, KeyFileError> {
    KeyFile::at(path).unlock(password).map_err(KeyFileError)
}
