//! Keys that were lost or stolen: they sign nothing here any more, whoever has the file and the password.
//!
//! The list is public data, and small. It is the one list that is not set aside when it cannot be understood: then nothing
//! signs until somebody looked at it, for a key that its owner gave up must not come back by a broken file.

use pki::{Certificate, DigestAlgorithm, Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// The name of the list in the data folder.
pub const FILE: &str = "blocked.json";
/// The name of the file that whoever changes the list holds meanwhile.
const LOCK: &str = "blocked.lock";
/// The longest list that is read, in octets.
const LONGEST: u64 = 1024 * 1024;
/// The form of the list.
const VERSION: u32 = 1;
/// The most keys of the list. None is dropped for another.
const MOST: usize = 1000;
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// Why a key was blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The file or the token is gone
    Lost,
    /// Somebody took it
    Stolen,
    /// Somebody may have a copy of it, or knows its password
    Copied,
    /// Something else: its owner wants it so
    Other,
}

/// One blocked key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedKey {
    /// The SHA-256 of its certificate, in hexadecimal.
    pub certificate: String,
    /// The SHA-256 of its public key (SubjectPublicKeyInfo), in hexadecimal: a further certificate of the same key makes
    /// it no better.
    pub key: String,
    /// The certificate's serial number, in hexadecimal.
    pub serial: String,
    /// Whose it is.
    pub name: String,
    /// When it was blocked, in seconds since 1970.
    pub since: i64,
    /// Why.
    pub why: Why,
}

/// The blocked keys.
#[derive(Clone, Debug, Default)]
pub struct Blocked {
    at: PathBuf,
    keys: Vec<BlockedKey>,
}

/// Why the list could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BlockedError {
    /// The file system said no.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Io(PathBuf, io::Error),
    /// The list is not what was written.
    #[error("{path} cannot be understood ({cause}); nothing signs until it is put right or removed", path = .0.display(), cause = .1)]
    Malformed(PathBuf, String),
    /// There are too many.
    #[error("{path} has {MOST} keys, and no room for another", path = .0.display())]
    Full(PathBuf),
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    version: u32,
    keys: Vec<BlockedKey>,
}

impl Blocked {
    /// The list of a data folder; one that is not there is empty.
    ///
    /// # Errors
    /// [`BlockedError`].
    pub fn load(data: &Path) -> Result<Self, BlockedError> {
        let at = data.join(FILE);
        let text = match platform::files::read_ordinary(&at, LONGEST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self { at, keys: Vec::new() }),
            Err(error) => return Err(BlockedError::Io(at, error)),
        };
        match serde_json::from_slice::<OnDisk>(&text) {
            Ok(list) if list.version == VERSION => Ok(Self { at, keys: list.keys }),
            Ok(list) => Err(BlockedError::Malformed(at, format!("version {}", list.version))),
            Err(error) => Err(BlockedError::Malformed(at, error.to_string())),
        }
    }

    /// The blocked keys, the last one first.
    #[must_use]
    pub fn keys(&self) -> &[BlockedKey] {
        &self.keys
    }

    /// Why and since when the key of this certificate is blocked.
    #[must_use]
    pub fn find(&self, certificate: &Certificate) -> Option<&BlockedKey> {
        if self.keys.is_empty() {
            return None;
        }
        let (own, key) = (sha256(certificate.der()), sha256(certificate.spki_der()));
        self.keys.iter().find(|blocked| blocked.certificate == own || blocked.key == key)
    }

    /// Whether the key of this certificate signs nothing.
    #[must_use]
    pub fn has(&self, certificate: &Certificate) -> bool {
        self.find(certificate).is_some()
    }

    /// Blocks the key of this certificate, and writes the list, as it is on the disk now. Says whether it was not blocked before.
    ///
    /// # Errors
    /// [`BlockedError`].
    pub fn block(&mut self, certificate: &Certificate, why: Why, now: Timestamp) -> Result<bool, BlockedError> {
        let own = sha256(certificate.der());
        let _lock = self.take()?;
        if self.keys.iter().any(|blocked| blocked.certificate == own) {
            return Ok(false);
        }
        if self.keys.len() >= MOST {
            return Err(BlockedError::Full(self.at.clone()));
        }
        let blocked = BlockedKey {
            certificate: own,
            key: sha256(certificate.spki_der()),
            serial: certificate.serial().to_hex(),
            name: certificate.holder().name.chars().take(LONGEST_NAME).collect(),
            since: now.as_unix(),
            why,
        };
        self.keys.insert(0, blocked);
        self.save().inspect_err(|_| drop(self.keys.remove(0)))?;
        Ok(true)
    }

    /// The blocked keys that a person means by a serial number: hexadecimal in any spelling, its first eight digits at
    /// least.
    #[must_use]
    pub fn by_serial(&self, serial: &str) -> Vec<&BlockedKey> {
        self.keys.iter().filter(|blocked| super::standing::is_serial(&blocked.serial, serial)).collect()
    }

    /// Lets the keys of these certificates sign again, and writes the list, as it is on the disk now.
    ///
    /// # Errors
    /// [`BlockedError`]; they stay blocked then.
    pub fn unblock(&mut self, certificates: &[String]) -> Result<(), BlockedError> {
        let _lock = self.take()?;
        let before = self.keys.clone();
        self.keys.retain(|blocked| !certificates.contains(&blocked.certificate));
        self.save().inspect_err(|_| self.keys = before)
    }

    /// Reads the list again, and keeps everybody else from changing it until what comes back is dropped: between reading
    /// and writing a person may have sat before a question, and another process may have blocked a key.
    fn take(&mut self) -> Result<File, BlockedError> {
        let at = self.at.with_file_name(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&at).and_then(|file| file.lock().map(|()| file));
        let file = file.map_err(|error| BlockedError::Io(at, error))?;
        self.keys = Self::load(self.at.parent().unwrap_or(Path::new("")))?.keys;
        Ok(file)
    }

    fn save(&self) -> Result<(), BlockedError> {
        let list = OnDisk { version: VERSION, keys: self.keys.clone() };
        let text = serde_json::to_vec_pretty(&list)
            .map_err(|error| BlockedError::Malformed(self.at.clone(), error.to_string()))?;
        platform::files::write_private(&self.at, &text).map_err(|error| BlockedError::Io(self.at.clone(), error))
    }
}

/// What a key on the list is named by: the SHA-256 of its certificate, in hexadecimal.
#[must_use]
pub fn fingerprint(certificate: &Certificate) -> String {
    sha256(certificate.der())
}

/// A SHA-256 in hexadecimal.
pub(crate) fn sha256(octets: &[u8]) -> String {
    hex::encode(DigestAlgorithm::Sha256.digest(octets))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{Password, demo};

    const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

    fn certificate() -> Certificate {
        demo::make(NOW, &Password::new("x".to_owned()).unwrap()).unwrap().certificate
    }

    #[test]
    fn a_blocked_key_is_found_by_its_certificate_and_stays_blocked_in_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let (lost, other) = (certificate(), certificate());
        let mut list = Blocked::load(folder.path()).unwrap();
        assert!(!list.has(&lost));
        assert!(list.block(&lost, Why::Stolen, NOW).unwrap());
        assert!(!list.block(&lost, Why::Lost, NOW).unwrap(), "once is enough");
        let again = Blocked::load(folder.path()).unwrap();
        assert_eq!(again.find(&lost).unwrap().why, Why::Stolen);
        assert!(!again.has(&other));
    }

    #[test]
    fn whoever_changes_the_list_loses_nothing_that_others_wrote_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let certificates: Vec<_> = (0..8).map(|_| certificate()).collect();
        // Everybody has read the list before anybody writes it.
        let mut before = Blocked::load(folder.path()).unwrap();
        before.block(&certificates[0], Why::Lost, NOW).unwrap();
        let mut asked = Blocked::load(folder.path()).unwrap();
        std::thread::scope(|threads| {
            for certificate in &certificates[1..] {
                let mut list = before.clone();
                threads.spawn(move || assert!(list.block(certificate, Why::Lost, NOW).unwrap()));
            }
        });
        asked.unblock(&[sha256(certificates[0].der())]).unwrap();
        let after = Blocked::load(folder.path()).unwrap();
        assert_eq!(after.keys().len(), 7);
        assert!(certificates[1..].iter().all(|certificate| after.has(certificate)) && !after.has(&certificates[0]));
        // What another process blocked is blocked, and not once more.
        assert!(!before.block(&certificates[3], Why::Lost, NOW).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_list_that_is_a_link_or_no_file_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/null", folder.path().join(FILE)).unwrap();
        assert!(matches!(Blocked::load(folder.path()), Err(BlockedError::Io(..))));
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(FILE)).unwrap();
        assert!(matches!(Blocked::load(folder.path()), Err(BlockedError::Io(..))));
    }

    #[test]
    fn unblocking_takes_out_exactly_what_was_named() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (certificate(), certificate());
        let mut list = Blocked::load(folder.path()).unwrap();
        list.block(&one, Why::Lost, NOW).unwrap();
        list.block(&other, Why::Lost, NOW).unwrap();
        let serial = one.serial().to_hex();
        let named: Vec<String> =
            list.by_serial(&serial.to_uppercase()).iter().map(|key| key.certificate.clone()).collect();
        assert_eq!(named.len(), 1);
        list.unblock(&named).unwrap();
        let again = Blocked::load(folder.path()).unwrap();
        assert!(!again.has(&one) && again.has(&other));
        assert!(again.by_serial("12").is_empty(), "two digits name nothing");
    }

    #[test]
    fn a_list_that_cannot_be_understood_is_an_error_and_not_an_empty_one() {
        for damaged in ["{", "{\"version\":2,\"keys\":[]}"] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), damaged).unwrap();
            assert!(matches!(Blocked::load(folder.path()), Err(BlockedError::Malformed(..))));
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_list_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        Blocked::load(folder.path()).unwrap().block(&certificate(), Why::Lost, NOW).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
