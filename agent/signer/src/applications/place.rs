//! Where the key of a request is.

use crate::tokens::name_of;
use keystore::pkcs11::TokenId;
use std::path::PathBuf;

/// Where a key waits for its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl Place {
    /// What a person calls it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Token { token, .. } => name_of(token),
        }
    }
}
