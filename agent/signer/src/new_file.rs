//! A file that comes to be whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file beside the one that it will be. It goes unless it was settled.
pub(crate) struct Part {
    path: PathBuf,
    is_kept: bool,
}

impl Part {
    /// A new, empty file beside `path`, which nobody else reads yet.
    pub(crate) fn beside(path: &Path) -> io::Result<(Self, File)> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let path = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok((Self { path, is_kept: false }, file))
    }

    /// Where it is now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it the name `path`, in the place of what has that name; the name is on disk then too.
    pub(crate) fn replace(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.is_kept = true;
        settle_folder(path)
    }

    /// Gives it the name `path` unless something has that name already.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], else as the system says.
    pub(crate) fn settle(mut self, path: &Path) -> io::Result<()> {
        // Some file systems have no links.
        match fs::hard_link(&self.path, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                File::create_new(path)?;
                fs::rename(&self.path, path).inspect_err(|_| drop(fs::remove_file(path)))?;
                self.is_kept = true;
            }
            linked => linked?,
        }
        settle_folder(path)
    }
}

/// Writes a file where nothing is, whole or not at all, and has it on disk when it is done.
///
/// # Errors
/// As [`Part::settle`].
pub(crate) fn write_new(path: &Path, octets: &[u8]) -> io::Result<()> {
    let (part, mut file) = Part::beside(path)?;
    file.write_all(octets)?;
    file.sync_all()?;
    part.settle(path)
}

/// The name is on disk only when its folder is. Windows cannot open one, and does not need to.
fn settle_folder(of: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = of.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = of;
    Ok(())
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nothing more can be done about it.
            let _ = fs::remove_file(&self.path);
        }
    }
}
