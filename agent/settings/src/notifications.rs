//! What Tanba says without being asked.

use serde::{Deserialize, Serialize};

/// What Tanba says on its own, at the edge of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notifications {
    /// That a remembered key ends soon, or was revoked.
    pub expiry: bool,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { expiry: true }
    }
}
