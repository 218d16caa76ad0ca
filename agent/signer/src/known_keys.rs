//! The key files that the person used, remembered by path.
//!
//! A key file keeps even its certificate under the password, so that a window could show nothing but file names before
//! the password is typed. What is remembered is therefore the path and the certificates: public data. The password and
//! the key never are.

use crate::known_tokens::{self, KnownTokens};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use pki::Certificate;
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The longest list that is read, in octets: a few hundred files with their certificates.
const LONGEST_LIST: u64 = 4 * 1024 * 1024;
/// The form of the list.
const VERSION: u32 = 1;
/// The most files that are remembered; the oldest is forgotten first.
const MOST_FILES: usize = 200;

/// One remembered key file.
#[derive(Clone, Debug)]
pub struct KnownFile {
    /// Where it is, absolute.
    pub path: PathBuf,
    /// The certificates of its keys, as they were when it was last opened.
    pub certificates: Vec<Certificate>,
}

/// The list on disk.
#[derive(Debug)]
pub struct KnownKeys {
    at: PathBuf,
    files: Vec<KnownFile>,
}

/// Why the list could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KnownKeysError {
    /// The file system said no.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Io(PathBuf, io::Error),
    /// The list is not what was written.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Malformed(PathBuf, String),
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    version: u32,
    files: Vec<FileOnDisk>,
}

#[derive(Serialize, Deserialize)]
struct FileOnDisk {
    path: PathBuf,
    certificates: Vec<String>,
}

impl KnownKeys {
    /// Reads the list; one that is not there yet is empty. One that cannot be understood is set aside under another name
    /// and not lost: it costs the person a choice of files, and must not cost them the signature.
    ///
    /// # Errors
    /// [`KnownKeysError`] when the file cannot be read or set aside. A single certificate that no longer parses is left
    /// out and is no error.
    pub fn load(at: &Path) -> Result<Self, KnownKeysError> {
        let empty = Self { at: at.to_owned(), files: Vec::new() };
        let text = match platform::files::read_bounded(at, LONGEST_LIST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(empty),
            Err(error) => return Err(KnownKeysError::Io(at.to_owned(), error)),
        };
        let list = match serde_json::from_slice::<OnDisk>(&text) {
            Ok(list) if list.version == VERSION => list,
            _ => {
                let aside = at.with_extension("damaged.json");
                tracing::error!(aside = %aside.display(), "the list of keys cannot be understood and was set aside");
                std::fs::rename(at, &aside).map_err(|error| KnownKeysError::Io(aside, error))?;
                return Ok(empty);
            }
        };
        let files = list
            .files
            .into_iter()
            .take(MOST_FILES)
            .map(|file| KnownFile {
                path: file.path,
                certificates: file
                    .certificates
                    .iter()
                    .filter_map(|text| Certificate::from_der(&STANDARD.decode(text).ok()?).ok())
                    .collect(),
            })
            .collect();
        Ok(Self { files, ..empty })
    }

    /// The files, the one used last first.
    #[must_use]
    pub fn files(&self) -> &[KnownFile] {
        &self.files
    }

    /// The list of tokens' keys that lies beside this one.
    ///
    /// # Errors
    /// [`KnownKeysError`].
    pub fn of_tokens(&self) -> Result<KnownTokens, KnownKeysError> {
        KnownTokens::load(&self.at.with_file_name(known_tokens::FILE))
    }

    /// Remembers a file and what it held, as the one used last, and writes the list.
    ///
    /// # Errors
    /// [`KnownKeysError::Io`].
    pub fn remember(&mut self, path: &Path, certificates: Vec<Certificate>) -> Result<(), KnownKeysError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.files.retain(|file| file.path != path);
        self.files.insert(0, KnownFile { path, certificates });
        self.files.truncate(MOST_FILES);
        self.save()
    }

    /// Forgets a file; the file itself stays where it is. Says whether it was known.
    ///
    /// # Errors
    /// [`KnownKeysError::Io`].
    pub fn forget(&mut self, path: &Path) -> Result<bool, KnownKeysError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let before = self.files.len();
        self.files.retain(|file| file.path != path);
        let known = self.files.len() != before;
        if known {
            self.save()?;
        }
        Ok(known)
    }

    fn save(&self) -> Result<(), KnownKeysError> {
        let list = OnDisk {
            version: VERSION,
            files: self
                .files
                .iter()
                .map(|file| FileOnDisk {
                    path: file.path.clone(),
                    certificates: file.certificates.iter().map(|one| STANDARD.encode(one.der())).collect(),
                })
                .collect(),
        };
        let text = serde_json::to_vec_pretty(&list)
            .map_err(|error| KnownKeysError::Malformed(self.at.clone(), error.to_string()))?;
        platform::files::write_private(&self.at, &text).map_err(|error| KnownKeysError::Io(self.at.clone(), error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_not_there_is_empty() {
        let dir = tempfile::tempdir().unwrap();
        assert!(KnownKeys::load(&dir.path().join("keys.json")).unwrap().files().is_empty());
    }

    #[test]
    fn the_file_used_last_comes_first_and_is_listed_once() {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("keys.json");
        let mut keys = KnownKeys::load(&at).unwrap();
        for name in ["/a.p12", "/b.p12", "/a.p12"] {
            keys.remember(Path::new(name), Vec::new()).unwrap();
        }
        let again = KnownKeys::load(&at).unwrap();
        let paths: Vec<_> = again.files().iter().map(|file| file.path.clone()).collect();
        assert_eq!(paths, [PathBuf::from("/a.p12"), PathBuf::from("/b.p12")]);
    }

    #[test]
    fn a_forgotten_file_is_gone_and_forgetting_a_stranger_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("keys.json");
        let mut keys = KnownKeys::load(&at).unwrap();
        keys.remember(Path::new("/a.p12"), Vec::new()).unwrap();
        assert!(keys.forget(Path::new("/a.p12")).unwrap());
        assert!(!keys.forget(Path::new("/a.p12")).unwrap());
        assert!(KnownKeys::load(&at).unwrap().files().is_empty());
    }

    #[test]
    fn a_list_that_cannot_be_understood_is_set_aside_and_not_lost() {
        for damaged in ["{", "{\"version\":2,\"files\":[]}"] {
            let dir = tempfile::tempdir().unwrap();
            let at = dir.path().join("keys.json");
            std::fs::write(&at, damaged).unwrap();
            assert!(KnownKeys::load(&at).unwrap().files().is_empty());
            assert_eq!(std::fs::read_to_string(dir.path().join("keys.damaged.json")).unwrap(), damaged);
        }
    }
}
