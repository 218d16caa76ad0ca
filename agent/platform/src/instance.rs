//! One listener per folder of data.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// The longest record that is read from somebody else's lock file.
const LONGEST_RECORD: u64 = 128;

/// The proof that this process is the only one; given back when dropped, or when the process ends in any way.
#[derive(Debug)]
pub struct Instance {
    file: File,
}

/// Who holds the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id, when it has written it down.
    pub pid: Option<u32>,
    /// The port it listens on, when it has written it down.
    pub port: Option<u16>,
}

/// Why this process is not the only one.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// Another one runs.
    #[error("another instance is running (pid {})", .0.pid.map_or_else(|| "unknown".to_owned(), |pid| pid.to_string()))]
    Held(Holder),
    /// The lock file cannot be opened.
    #[error("the lock file cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl Instance {
    /// Takes the lock at `path`; its folder must be there.
    ///
    /// # Errors
    /// [`InstanceError::Held`] while another process has it.
    pub fn acquire(path: &Path) -> Result<Self, InstanceError> {
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self::holding(file)?),
            Err(TryLockError::WouldBlock) => Err(InstanceError::Held(Holder::read(&mut file))),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The same, but waits until whoever has the lock lets it go.
    ///
    /// # Errors
    /// As the system says.
    pub fn wait(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
        file.lock()?;
        Self::holding(file)
    }

    fn holding(file: File) -> io::Result<Self> {
        let mut instance = Self { file };
        instance.record(None)?;
        Ok(instance)
    }

    /// Writes down, for the message of whoever comes second, which port this process listens on.
    ///
    /// # Errors
    /// As the system says.
    pub fn record(&mut self, port: Option<u16>) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        let port = port.map(|port| format!("{port}\n")).unwrap_or_default();
        self.file.write_all(format!("{}\n{port}", std::process::id()).as_bytes())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Holder {
    /// What whoever had the lock last wrote down; it may be gone by now. The lock itself is not touched.
    #[must_use]
    pub fn recorded(path: &Path) -> Option<Self> {
        File::open(path).ok().map(|mut file| Self::read(&mut file))
    }

    fn read(file: &mut File) -> Self {
        let mut record = String::new();
        // An unreadable record only makes the message shorter.
        let _ = file.take(LONGEST_RECORD).read_to_string(&mut record);
        let mut lines = record.lines();
        Self {
            pid: lines.next().and_then(|line| line.parse().ok()),
            port: lines.next().and_then(|line| line.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_learns_who_was_first_and_takes_over_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tanba.lock");
        let mut first = Instance::acquire(&path).unwrap();
        first.record(Some(13579)).unwrap();
        let Err(InstanceError::Held(holder)) = Instance::acquire(&path) else { panic!("taken twice") };
        assert_eq!(holder, Holder { pid: Some(std::process::id()), port: Some(13579) });
        assert_eq!(Holder::recorded(&path), Some(holder));
        assert_eq!(Holder::recorded(&folder.path().join("none")), None);
        drop(first);
        Instance::acquire(&path).unwrap();
    }

    #[test]
    fn rubbish_in_the_lock_file_does_not_hinder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tanba.lock");
        std::fs::write(&path, [0xff; 4096]).unwrap();
        let held = Instance::acquire(&path).unwrap();
        std::fs::write(&path, [0xff; 4096]).unwrap();
        assert!(matches!(Instance::acquire(&path), Err(InstanceError::Held(Holder { pid: None, port: None }))));
        drop(held);
    }
}
