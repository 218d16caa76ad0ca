//! The head of the chain: which row is the last, kept in a file outside the database.

use super::row::Hash;
use platform::files;
use settings::Places;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The longest file with a head that is read: a number and a hash in hexadecimal.
const LONGEST: u64 = 256;

const HEAD: &str = "journal.head";

/// Where the journal lies.
///
/// The head stands in the folder of what must not be lost, the database in the folder of what has happened: a cleaner
/// that empties the one, or a backup that brings back an old one, is seen by the other. Both belong to the same user, so
/// this stops no program that runs as the owner.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(super) database: PathBuf,
    pub(super) head: PathBuf,
    /// Where the first builds of Tanba kept the head: beside the database.
    former_head: PathBuf,
    /// Held by whoever writes, so that head and database are never seen between one and the other.
    pub(super) lock: PathBuf,
}

impl Files {
    /// The journal of these places.
    pub(crate) fn of(places: &Places) -> Self {
        Self::at(places.state(), places.data())
    }

    fn at(state: &Path, data: &Path) -> Self {
        Self {
            database: state.join("journal.db"),
            head: data.join(HEAD),
            former_head: state.join(HEAD),
            lock: state.join("journal.lock"),
        }
    }

    /// The head that the file has; `None` where there is none, or none that can be read.
    pub(super) fn load_head(&self) -> Option<Head> {
        Head::load(if self.head.exists() { &self.head } else { &self.former_head })
    }

    /// Moves the head.
    pub(super) fn save_head(&self, head: &Head) -> io::Result<()> {
        head.save(&self.head)?;
        if self.former_head != self.head && self.former_head.exists() {
            std::fs::remove_file(&self.former_head)?;
        }
        Ok(())
    }

    /// All of it in one folder.
    #[cfg(test)]
    pub(crate) fn under(folder: &Path) -> Self {
        Self::at(folder, folder)
    }
}

/// A place in the chain: a row's number and its hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u64,
    pub(super) hash: Hash,
}

impl Head {
    /// Before the first row.
    pub(super) const BEGINNING: Self = Self { number: 0, hash: super::row::BEGINNING };

    /// Reads the file; `None` where there is none, or none that can be read.
    pub(super) fn load(file: &Path) -> Option<Self> {
        let content = files::read_bounded(file, LONGEST).ok()?;
        Self::read(std::str::from_utf8(&content).ok()?.trim_end())
    }

    pub(super) fn save(&self, file: &Path) -> io::Result<()> {
        files::write_private(file, format!("{}\n", self.write()).as_bytes())
    }

    /// Reads `NUMBER HASH`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (number, hash) = text.split_once(' ')?;
        let mut octets = Hash::default();
        hex::decode_to_slice(hash, &mut octets).ok()?;
        Some(Self { number: number.parse().ok()?, hash: octets })
    }

    /// `NUMBER HASH`, the hash in hexadecimal.
    pub(super) fn write(&self) -> String {
        format!("{} {}", self.number, hex::encode(self.hash))
    }
}

/// The turn of one who writes, or of one who looks at head and database at once. Given back when dropped, or when the
/// process ends in any way.
#[derive(Debug)]
pub(super) struct Turn {
    _file: File,
}

impl Turn {
    /// Waits for the turn to write.
    pub(super) fn to_write(lock: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(lock)?;
        file.lock()?;
        Ok(Self { _file: file })
    }

    /// Waits until nobody writes; `None` where nobody ever did. Makes no file.
    pub(super) fn to_look(lock: &Path) -> io::Result<Option<Self>> {
        match File::open(lock) {
            Ok(file) => {
                file.lock_shared()?;
                Ok(Some(Self { _file: file }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
