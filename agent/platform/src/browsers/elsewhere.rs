//! Systems that are not served yet: nothing is known to be there.

use super::BrowserFile;
use std::path::Path;

/// What an administrator lays down for the Chromium family.
#[must_use]
pub fn managed_policies() -> Vec<BrowserFile> {
    Vec::new()
}

/// The manifests of native messaging that this user's browsers read.
#[must_use]
pub fn native_messaging(_: &Path) -> Vec<BrowserFile> {
    Vec::new()
}
