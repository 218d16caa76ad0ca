//! Key stores as a person meets them: opened with a typed password, their faults in words with the next step.

use crate::{
    token_fault,
    window::{Reason, Sentence},
};
use keystore::{CannotSign, KeyFile, KeyStore, Password, StoreError, UnlockedStore, pkcs12::OpenError};
use order::StorageName;
use platform::files::open_chosen;
use std::{
    io::{self, Read as _},
    path::Path,
};

/// So many octets tell what kind of file it is.
const HEAD: u64 = 64;

/// Why a key could not be used.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct KeyFileError(#[from] StoreError);

impl KeyFileError {
    /// The store opened, but none of its keys has a certificate.
    #[must_use]
    pub fn no_certificate() -> Self {
        Self(CannotSign::NoCertificate.into())
    }

    /// Whether another password may help.
    #[must_use]
    pub fn is_wrong_password(&self) -> bool {
        self.0.is_wrong_password()
    }

    /// Whether it is a token that did not do something.
    #[must_use]
    pub fn is_of_token(&self) -> bool {
        matches!(self.0, StoreError::Token(_))
    }

    /// The sentence for the person, with the next step.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        Sentence::new(match &self.0 {
            StoreError::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "error-file-missing",
                io::ErrorKind::PermissionDenied => "error-file-forbidden",
                _ => "error-file-unreadable",
            },
            StoreError::Open(error) => match error {
                OpenError::WrongPassword => "error-wrong-password",
                OpenError::NotPkcs12 | OpenError::NotAKeyFile | OpenError::TooLarge { .. } => "error-not-a-key-file",
                OpenError::Truncated => "error-file-truncated",
                OpenError::UnsupportedAlgorithm(_) | OpenError::UnsupportedFormat(_) => "error-file-protection",
                OpenError::KeyPasswordDiffers { .. } => "error-key-password-differs",
                OpenError::NoKey => "error-no-key",
                OpenError::KeyDoesNotMatchCertificate => "error-key-mismatch",
                _ => "error-file-damaged",
            },
            StoreError::CannotSign(error) => match error {
                CannotSign::NoCertificate => "error-no-certificate",
                CannotSign::KeyDoesNotMatchCertificate => "error-key-mismatch",
                _ => "error-algorithm-not-yet",
            },
            StoreError::NoSuchKey => "error-no-key",
            // Only commands open tokens in this way.
            StoreError::Token(_) => return token_fault::in_command(token_fault::sentence(&self.0)),
            _ => "error-signing-failed",
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

/// Why no key of this file can be used, as far as that shows from outside.
#[must_use]
pub fn reason_against(path: &Path) -> Option<Reason> {
    if !path.is_file() {
        return Some(Reason::FileMissing);
    }
    let mut head = Vec::new();
    let read = open_chosen(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let is_another =
        || matches!(keystore::Format::of(&head), Err(OpenError::NotAKeyFile | OpenError::UnsupportedFormat(_)));
    (read.is_err() || is_another()).then_some(Reason::FileUnreadable)
}

/// The storage that pages call it by. A file that cannot be read is said to be missing elsewhere.
#[must_use]
pub fn storage(path: &Path) -> StorageName {
    let mut head = [0; 4];
    let begins = open_chosen(path).and_then(|mut file| file.read_exact(&mut head)).is_ok();
    if begins && matches!(keystore::Format::of(&head), Ok(keystore::Format::Jks)) {
        StorageName::Jks
    } else {
        StorageName::Pkcs12
    }
}

/// Opens a key file.
///
/// # Errors
/// [`KeyFileError`].
pub fn open(path: &Path, password: &Password) -> Result<Box<dyn UnlockedStore>, KeyFileError> {
    KeyFile::at(path).unlock(password).map_err(KeyFileError)
}
