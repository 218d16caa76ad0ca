//! Where the key of a request is.

use keystore::{KeyFile, KeyStore, pkcs11::TokenId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where a key waits for its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In a key file, by its absolute path.
    File(PathBuf),
    /// On a token.
    Token {
        /// Which one.
        token: TokenId,
        /// The key's own name there (CKA_ID), hexadecimal.
        key: String,
    },
}

/// Why a place cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The key is on a token.
    #[error("the key is on the token {0}")]
    OnToken(String),
}

impl Place {
    /// The key store there.
    ///
    /// # Errors
    /// [`PlaceError::OnToken`]: whoever has tokens at hand opens those.
    pub fn store(&self) -> Result<Box<dyn KeyStore>, PlaceError> {
        match self {
            Self::File(path) => Ok(Box::new(KeyFile::at(path))),
            Self::Token { .. } => Err(PlaceError::OnToken(self.label())),
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Token { token, .. } if token.label.is_empty() => token.serial.clone(),
            Self::Token { token, .. } => format!("{} ({})", token.label, token.serial),
        }
    }
}
