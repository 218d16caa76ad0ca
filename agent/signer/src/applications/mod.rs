//! Requests for certificates that wait for an answer.
//!
//! Between asking and getting lie days, and the authority knows nothing of files: what is written down here is which key
//! a certificate will belong to, and where that key is. One file for each request, in a folder of its own. What they hold
//! is what was asked for, so they are readable by their owner only; the key and its password are nowhere in them.

mod on_disk;
mod place;

pub use place::Place;

use pki::{DigestAlgorithm, PublicKey, Timestamp, request::CertificationRequest};
use settings::Places;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The most requests that are looked at.
const MOST: usize = 500;
/// The longest file of one, in octets.
const LONGEST: u64 = 256 * 1024;
/// Digits of the name of a request.
const ID_DIGITS: usize = 12;

/// A request that waits.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its name here: the beginning of the SHA-256 of its key.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// Under what number the authority filed it, and when.
    pub filed: Option<Filed>,
    /// The holder's name, for display.
    pub subject: String,
    /// The key's algorithm, as the NCALayer wire names it.
    pub algorithm: String,
    /// Where the key is.
    pub place: Place,
    /// The request itself.
    pub request: CertificationRequest,
}

/// What the authority said when it took a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The number.
    pub number: String,
    /// The date, `YYYY-MM-DD`.
    pub date: String,
}

impl Application {
    /// Of a request that was made just now, with its key at that place.
    #[must_use]
    pub fn new(request: CertificationRequest, place: Place, now: Timestamp) -> Self {
        Self {
            id: id_of(&fingerprint(request.spki_der())),
            created: now,
            filed: None,
            subject: request.holder().name.clone(),
            algorithm: request.public_key().kalkan_name().to_owned(),
            place,
            request,
        }
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo.
    #[must_use]
    pub fn public_key_sha256(&self) -> Vec<u8> {
        fingerprint(self.request.spki_der())
    }
}

/// The folder of them.
#[derive(Clone, Debug)]
pub struct Applications {
    folder: PathBuf,
}

/// Why the folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationsError {
    /// The file system said no.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Io(PathBuf, io::Error),
    /// There are too many requests for another one.
    #[error("more than {MOST} requests wait")]
    TooMany,
}

/// What the folder holds.
#[derive(Debug, Default)]
pub struct Found {
    /// The requests, the oldest first.
    pub waiting: Vec<Application>,
    /// Where files are now that could not be read or understood and were set aside, as far as that was possible.
    pub aside: Vec<PathBuf>,
}

/// What a file of a request is.
enum Read {
    Application(Box<Application>),
    /// It is not there any more.
    Gone,
    /// Not what was written, or nobody can read it.
    Damaged,
}

impl Applications {
    /// The person's own.
    #[must_use]
    pub fn of(places: &Places) -> Self {
        Self::at(&places.data().join("applications"))
    }

    /// In that folder, which need not be there yet.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// All that wait. A file that cannot be read or understood is set aside under another name: it costs the person a look at it,
    /// and must not cost them the other requests.
    ///
    /// # Errors
    /// [`ApplicationsError::Io`] when the folder cannot be read.
    pub fn list(&self) -> Result<Found, ApplicationsError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::default()),
            Err(error) => return Err(self.fault(error)),
        };
        let mut paths: Vec<_> =
            entries.flatten().map(|entry| entry.path()).filter(|path| id_in(path).is_some()).collect();
        paths.sort();
        let mut found = Found::default();
        for path in paths.into_iter().take(MOST) {
            match self.read(&path) {
                Read::Application(application) => found.waiting.push(*application),
                Read::Gone => {}
                Read::Damaged => {
                    let aside = path.with_extension("damaged");
                    // One that cannot even be renamed stays, and is told of: the others are what the person came for.
                    match fs::rename(&path, &aside) {
                        Ok(()) => {
                            tracing::error!(aside = %aside.display(), "a request cannot be understood and was set aside");
                            found.aside.push(aside);
                        }
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                        Err(error) => {
                            tracing::error!(path = %path.display(), %error, "a request can be neither understood nor set aside");
                            found.aside.push(path);
                        }
                    }
                }
            }
        }
        found.waiting.sort_by_key(|application| application.created);
        Ok(found)
    }

    /// Those whose name begins so.
    ///
    /// # Errors
    /// As [`Applications::list`].
    pub fn named(&self, beginning: &str) -> Result<Vec<Application>, ApplicationsError> {
        let beginning = beginning.to_ascii_lowercase();
        Ok(self.list()?.waiting.into_iter().filter(|one| one.id.starts_with(&beginning)).collect())
    }

    /// The one for that key.
    ///
    /// # Errors
    /// As [`Applications::list`].
    pub fn of_key(&self, key: &PublicKey) -> Result<Option<Application>, ApplicationsError> {
        Ok(self.list()?.waiting.into_iter().find(|one| one.request.public_key() == key))
    }

    /// Writes one down, in the place of what was written of it before.
    ///
    /// # Errors
    /// [`ApplicationsError`].
    pub fn keep(&self, application: &Application) -> Result<(), ApplicationsError> {
        platform::files::create_private_dir(&self.folder).map_err(|error| self.fault(error))?;
        let path = self.path_of(&application.id);
        let others = fs::read_dir(&self.folder).map_err(|error| self.fault(error))?;
        if !path.exists() && others.flatten().filter(|entry| id_in(&entry.path()).is_some()).count() >= MOST {
            return Err(ApplicationsError::TooMany);
        }
        let text = on_disk::write(application).map_err(|error| ApplicationsError::Io(path.clone(), error.into()))?;
        platform::files::write_private(&path, &text).map_err(|error| ApplicationsError::Io(path, error))
    }

    /// Forgets one; its key stays where it is.
    ///
    /// # Errors
    /// [`ApplicationsError::Io`].
    pub fn forget(&self, application: &Application) -> Result<(), ApplicationsError> {
        let path = self.path_of(&application.id);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ApplicationsError::Io(path, error)),
            _ => Ok(()),
        }
    }

    fn read(&self, path: &Path) -> Read {
        match platform::files::read_ordinary(path, LONGEST) {
            Ok(text) => match on_disk::read(&text).filter(|application| id_in(path) == Some(&application.id)) {
                Some(application) => Read::Application(Box::new(application)),
                None => Read::Damaged,
            },
            // Somebody else forgot it just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Read::Gone,
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "a request cannot be read");
                Read::Damaged
            }
        }
    }

    fn path_of(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn fault(&self, error: io::Error) -> ApplicationsError {
        ApplicationsError::Io(self.folder.clone(), error)
    }
}

/// The name in a file's name, where it is one of ours.
fn id_in(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    (name.len() == ID_DIGITS && name.bytes().all(|octet| octet.is_ascii_hexdigit())).then_some(name)
}

fn id_of(fingerprint: &[u8]) -> String {
    hex::encode(fingerprint).chars().take(ID_DIGITS).collect()
}

fn fingerprint(spki: &[u8]) -> Vec<u8> {
    DigestAlgorithm::Sha256.digest(spki)
}

#[cfg(test)]
mod tests;
