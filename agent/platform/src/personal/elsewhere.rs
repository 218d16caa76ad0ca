//! Systems that are not served yet.

use super::{PersonalStores, Put};
use crate::Unsupported;
use crate::trust::TrustError;
use std::path::Path;

/// The stores of the current user.
#[derive(Clone, Debug)]
pub struct SystemStore;

const UNSUPPORTED: Unsupported = Unsupported { concern: "putting certificates into the system's own store" };

impl SystemStore {
    /// The stores of the current user.
    ///
    /// # Errors
    /// None yet.
    pub fn of_user() -> Result<Self, TrustError> {
        Ok(Self)
    }
}

impl PersonalStores for SystemStore {
    fn put_certificate(&self, _: &str, _: &[u8]) -> Result<Vec<Put>, TrustError> {
        Err(UNSUPPORTED.into())
    }

    fn put_keys(&self, _: &Path, _: &str) -> Result<Vec<Put>, TrustError> {
        Err(UNSUPPORTED.into())
    }
}
