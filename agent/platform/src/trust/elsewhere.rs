//! Systems that are not served yet.

use super::{Leaf, Store, TrustError, TrustStores};
use crate::Unsupported;

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
