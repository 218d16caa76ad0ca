//! Where a new file is to go.

use super::{CommandError, Context};
use std::path::Path;
use texts::Value;

/// Refuses a place in a folder that is not there, before anybody types a password for it.
pub(super) fn refuse_missing_folder(context: &Context, path: &Path) -> Result<(), CommandError> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => {
            let folder = folder.display().to_string();
            Err(CommandError::Failed(context.say("sign-no-folder", &[("path", Value::Text(&folder))])))
        }
    }
}
