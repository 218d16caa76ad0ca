//! Why a key could not be used, in words.

use crate::applications::ApplicationsError;
use crate::life::{blocked::BlockedError, reseal};
use crate::services::SiteError;
use crate::stamping::StampFault;
use crate::token_fault;
use crate::{
    key_file::KeyFileError,
    window::{Problem, Sentence},
};
use keystore::{StoreError, pkcs11::TokenFault};
use pki::SignerError;
use std::io;

/// Why a key could not be used; said in the window.
#[derive(Debug, thiserror::Error)]
pub(in crate::carry_out) enum KeyFault {
    /// The file could not be opened.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The token could not be opened.
    #[error(transparent)]
    Token(StoreError),
    /// No PIN was typed. None is sent then: a token would count it.
    #[error("no PIN was typed")]
    NoPin,
    /// The file or the token no longer holds the key that the person chose.
    #[error("the key that was chosen is no longer there")]
    Changed,
    /// The key does not fit what is asked, by what is known of it now.
    #[error("the key that was chosen does not fit")]
    Unfit,
    /// The open key did not sign.
    #[error(transparent)]
    Signer(SignerError),
    /// The signature could not be made, or did not pass its own check.
    #[error("signing failed: {0}")]
    Signing(String),
    /// Its owner blocked the key while this window was open.
    #[error("the key is blocked")]
    Blocked,
    /// A key that its owner gives up could not be blocked.
    #[error("the key was not blocked: {0}")]
    NotBlocked(BlockedError),
    /// The certificate is revoked.
    #[error("the certificate is revoked")]
    Revoked,
    /// The certificate that was brought is revoked.
    #[error("the certificate that was brought is revoked")]
    RevokedAlready,
    /// The CMS has a signature of this certificate already.
    #[error("the CMS has a signature of this certificate already")]
    AlreadySigned,
    /// The page's digest is not of this key's algorithm.
    #[error("the digest has another length than this key signs")]
    DigestLength,
    /// There is no time stamp.
    #[error(transparent)]
    Stamp(StampFault),
    /// The site did not take what was sent.
    #[error(transparent)]
    Site(SiteError),
    /// Something was sent to the site, and no answer says that it was taken.
    #[error("it is not known whether the site took what was sent: {0}")]
    Sent(SiteError),
    /// The file of the signature could not be written.
    #[error("the file cannot be written: {0}")]
    NotWritten(std::io::Error),
    /// The new key file could not be made.
    #[error("the key file cannot be made: {0}")]
    NotMade(StoreError),
    /// The certificate could not be put to its key.
    #[error("the certificate cannot be put in: {0}")]
    NotPutIn(StoreError),
    /// What waits could not be written down.
    #[error("the request cannot be written down: {0}")]
    NotKept(ApplicationsError),
    /// A key file could not be written anew, or copied.
    #[error(transparent)]
    Resealing(reseal::Fault),
    /// The new password is the one that the file has.
    #[error("the new password is the old one")]
    SamePassword,
    /// A key file could not be remembered.
    #[error("the key file cannot be remembered: {0}")]
    NotListed(String),
    /// The password of a new file is empty.
    #[error("no password was typed")]
    NoPassword,
    /// A no came meanwhile.
    #[error("a no came meanwhile")]
    Stopped,
}

impl KeyFault {
    /// The token is not plugged in.
    pub(in crate::carry_out) fn gone() -> Self {
        Self::Token(TokenFault::Gone.into())
    }

    /// The sentence for the person.
    pub(in crate::carry_out) fn sentence(&self) -> Sentence {
        match self {
            Self::File(error) => error.sentence(),
            Self::Token(error) => token_fault::sentence(error),
            Self::NoPin => Sentence::new("window-missing-pin"),
            Self::Changed => Sentence::new("error-key-file-changed"),
            Self::Unfit => Sentence::new("error-key-does-not-fit"),
            Self::Signer(error) => {
                token_fault::of_signer(error).unwrap_or_else(|| Sentence::new("error-signing-failed"))
            }
            Self::Signing(_) | Self::Stopped => Sentence::new("error-signing-failed"),
            Self::Blocked => Sentence::new("error-key-blocked"),
            Self::NotBlocked(error) => Sentence::new("error-not-blocked").with("what", error.to_string()),
            Self::Revoked => Sentence::new("error-key-revoked"),
            Self::RevokedAlready => Sentence::new("error-certificate-revoked"),
            Self::AlreadySigned => Sentence::new("error-already-signed"),
            Self::DigestLength => Sentence::new("error-digest-length"),
            Self::Stamp(fault) => fault.sentence(),
            Self::Site(error) | Self::Sent(error) => error.sentence(),
            Self::NotMade(StoreError::Occupied) => Sentence::new("error-new-file-there"),
            Self::NotMade(StoreError::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
                Sentence::new("error-new-file-there")
            }
            Self::NotMade(StoreError::Io(_)) | Self::NotKept(_) => Sentence::new("error-not-written"),
            Self::NotMade(_) => Sentence::new("error-new-key-failed"),
            Self::NotPutIn(StoreError::NoSuchKey) => Sentence::new("error-certificate-not-of-key"),
            Self::NotPutIn(StoreError::Occupied | StoreError::ReadOnly) => Sentence::new("error-certificate-no-place"),
            Self::NotPutIn(_) => Sentence::new("error-certificate-not-put-in"),
            // It opened a moment ago.
            Self::Resealing(fault) if is_of_password(fault) => Sentence::new("error-key-file-changed"),
            Self::Resealing(fault) => fault.sentence(),
            Self::SamePassword => Sentence::new("life-password-same"),
            Self::NotListed(what) => Sentence::new("own-add-not-listed").with("what", what),
            Self::NoPassword => Sentence::new("window-missing-password"),
            Self::NotWritten(_) => Sentence::new("error-not-written"),
        }
    }

    pub(in crate::carry_out) fn problem(&self) -> Problem {
        tracing::info!(cause = %self, "a key could not be used");
        match self {
            Self::File(error) if error.is_wrong_password() => Problem::WrongPassword,
            Self::File(_) | Self::NotMade(_) | Self::NotPutIn(_) => Problem::CannotOpen(self.sentence()),
            Self::Token(StoreError::Token(TokenFault::WrongPin { tries })) => Problem::WrongPin(*tries),
            // The fields are empty again, and the next try begins there.
            Self::Token(_) | Self::NoPin | Self::SamePassword | Self::Resealing(_) => Problem::Token(self.sentence()),
            Self::Signer(error) if token_fault::of_signer(error).is_some() => Problem::Token(self.sentence()),
            _ => Problem::CannotSign(self.sentence()),
        }
    }
}

fn is_of_password(fault: &reseal::Fault) -> bool {
    fault.as_store_error().is_some_and(|error| error.is_wrong_password())
}
