//! Systems that are not served yet.

use super::{Autostart, AutostartError, Standing, Start};
use crate::Unsupported;
use std::path::PathBuf;

/// What this user's system starts at login.
#[derive(Clone, Debug)]
pub struct SystemAutostart;

const UNSUPPORTED: Unsupported = Unsupported { concern: "starting at login" };

impl SystemAutostart {
    /// Of the current user.
    ///
    /// # Errors
    /// None yet.
    pub fn of_user() -> Result<Self, AutostartError> {
        Ok(Self)
    }
}

impl Autostart for SystemAutostart {
    fn place(&self, _: Start<'_>) -> Result<PathBuf, AutostartError> {
        Err(UNSUPPORTED.into())
    }

    fn standing(&self, _: Start<'_>) -> Result<Standing, AutostartError> {
        Err(UNSUPPORTED.into())
    }

    fn turn_on(&self, _: Start<'_>, _: &str) -> Result<(), AutostartError> {
        Err(UNSUPPORTED.into())
    }

    fn turn_off(&self, _: Start<'_>) -> Result<(), AutostartError> {
        Err(UNSUPPORTED.into())
    }
}
