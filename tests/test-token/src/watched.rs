//! A file that may change under our eyes: it is read again only when it did.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::de::DeserializeOwned;

/// A TOML file and what it said last.
pub(crate) struct Watched<T> {
    path: PathBuf,
    last: Option<(Stamp, T)>,
}

/// What tells one state of a file from another. Files are replaced by renaming, so that a new one has other numbers even
/// within one tick of the clock.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    changed: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl<T: DeserializeOwned + Clone> Watched<T> {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, last: None }
    }

    pub(crate) fn get(&mut self) -> io::Result<T> {
        let stamp = stamp(&self.path)?;
        if let Some((_, value)) = self.last.as_ref().filter(|(last, _)| *last == stamp) {
            return Ok(value.clone());
        }
        let value: T = read(&self.path)?;
        self.last = Some((stamp, value.clone()));
        Ok(value)
    }
}

/// Reads a TOML file.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    parse(&fs::read_to_string(path)?)
}

/// Reads TOML.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> io::Result<T> {
    toml::from_str(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Ok(Stamp { changed: metadata.modified().ok(), length: metadata.len(), inode })
}
