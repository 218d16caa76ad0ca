//! Owner and mode.

use super::Privacy;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// What group and others may do.
const OTHERS: u32 = 0o077;

/// Who may use a file or folder; a link is followed.
///
/// # Errors
/// As the system says.
pub fn of(path: &Path) -> io::Result<Privacy> {
    let file = fs::metadata(path)?;
    let me = rustix::process::geteuid();
    Ok(if file.uid() != me.as_raw() && !me.is_root() {
        Privacy::Foreign
    } else if file.mode() & OTHERS != 0 {
        Privacy::Open
    } else {
        Privacy::Private
    })
}

/// Closes it to others. What its owner may do stays.
///
/// # Errors
/// As the system says.
pub fn close(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.mode() & 0o7777;
    fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_file_is_closed_and_its_owners_rights_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, b"").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o544)).unwrap();
        assert_eq!(of(&path).unwrap(), Privacy::Open);
        close(&path).unwrap();
        assert_eq!(of(&path).unwrap(), Privacy::Private);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o500);
        assert!(of(&folder.path().join("none")).is_err());
    }
}
