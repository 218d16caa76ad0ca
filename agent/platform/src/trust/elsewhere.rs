//! Systems that are not served yet.

use super::{Leaf, Store, TrustError, TrustStores, Vouching};
use crate::Unsupported;
use std::path::Path;

/// The stores of the current user.
#[derive(Clone, Debug)]
pub struct SystemTrust;

const UNSUPPORTED: Unsupported = Unsupported { concern: "changing what browsers trust" };

impl SystemTrust {
    /// The stores of the current user.
    ///
    /// # Errors
    /// None yet.
    pub fn of_user() -> Result<Self, TrustError> {
        Ok(Self)
    }

    /// The certificates that are believed when they vouch for web sites.
    ///
    /// # Errors
    /// [`TrustError::Unsupported`].
    pub fn vouching(&self) -> Result<Vec<Vouching>, TrustError> {
        Err(UNSUPPORTED.into())
    }

    /// Whether a store asks for a password of its own.
    ///
    /// # Errors
    /// [`TrustError::Unsupported`].
    pub fn is_locked(&self, _: &Path) -> Result<bool, TrustError> {
        Err(UNSUPPORTED.into())
    }

    /// Takes one of them out of its store.
    ///
    /// # Errors
    /// [`TrustError::Unsupported`].
    pub fn take_out(&self, _: &Vouching) -> Result<(), TrustError> {
        Err(UNSUPPORTED.into())
    }
}

impl TrustStores for SystemTrust {
    fn status(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Err(UNSUPPORTED.into())
    }

    fn install(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Err(UNSUPPORTED.into())
    }

    fn remove(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Err(UNSUPPORTED.into())
    }
}
