//! A key file under another password, or in another layout.
//!
//! The new file is written beside the place it is for, read again from there, opened with its password and compared with
//! the old one, key by key; only then does it get its name. Whatever goes wrong before that leaves the old file as it was,
//! and nothing else than, when the power went, a file whose name ends in `.part`.

use crate::{
    key_file::KeyFileError,
    new_file::{Part, write_new},
    window::Sentence,
};
use keystore::{Entropy, Password, Relayout, ResealError, Resealed, StoreError, hold_the_same, pkcs12::MOST_OCTETS};
use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// Where the new file is.
    pub path: PathBuf,
    /// Where the old one was kept.
    pub kept: Option<PathBuf>,
    /// What the new file holds.
    pub resealed: Resealed,
}

/// Why it was not done. The old file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file could not be read.
    #[error("the key file cannot be read: {0}")]
    Read(io::Error),
    /// It could not be written anew.
    #[error(transparent)]
    Reseal(#[from] ResealError),
    /// The new file could not be written, or is not what was written.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Write(PathBuf, io::Error),
    /// Something has the name already, and nothing is written over.
    #[error("{} is there already", .0.display())]
    Occupied(PathBuf),
}

/// Gives a key file another password. With `keep` the old file stays beside it, with `.bak` behind its name.
///
/// # Errors
/// [`Fault`].
pub fn change_password(
    file: &Path,
    old: &Password,
    new: &Password,
    keep: Keep,
    entropy: &dyn Entropy,
) -> Result<Done, Fault> {
    // A link would be replaced by the file, and what it led to would keep the old password.
    let place = std::fs::canonicalize(file).map_err(Fault::Read)?;
    let kept = (keep == Keep::Beside).then(|| kept_at(&place));
    if let Some(kept) = kept.as_ref().filter(|kept| is_taken(kept)) {
        return Err(Fault::Occupied(kept.clone()));
    }
    let octets = read(&place)?;
    let resealed = keystore::reseal(&octets, old, new, Relayout::Keep, entropy)?;
    let part = written(&place, &resealed, new, |file, octets| file.write_all(octets))?;
    if let Some(kept) = &kept {
        write_new(kept, &octets).map_err(|error| occupied(kept, error))?;
    }
    part.replace(&place).map_err(|error| Fault::Write(place.clone(), error))?;
    Ok(Done { path: place, kept, resealed })
}

/// Where [`Keep::Beside`] leaves the old file.
#[must_use]
pub fn kept_at(file: &Path) -> PathBuf {
    // The one that a link leads to is written anew.
    with_ending(&std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()), ".bak")
}

/// Whether the old file stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The new one takes its place.
    Nothing,
    /// It gets `.bak` behind its name.
    Beside,
}

/// Writes a key file anew to another place; the old one stays.
///
/// # Errors
/// [`Fault`].
pub fn rewrap(
    file: &Path,
    to: &Path,
    old: &Password,
    new: &Password,
    relayout: Relayout,
    entropy: &dyn Entropy,
) -> Result<Done, Fault> {
    if is_taken(to) {
        return Err(Fault::Occupied(to.to_owned()));
    }
    let resealed = keystore::reseal(&read(file)?, old, new, relayout, entropy)?;
    let part = written(to, &resealed, new, |file, octets| file.write_all(octets))?;
    part.settle(to).map_err(|error| occupied(to, error))?;
    Ok(Done { path: to.to_owned(), kept: None, resealed })
}

/// The octets of a key file.
///
/// # Errors
/// [`Fault::Read`].
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    // A pipe would wait for somebody at its other end.
    if !std::fs::metadata(file).map_err(Fault::Read)?.is_file() {
        return Err(Fault::Read(io::ErrorKind::InvalidInput.into()));
    }
    platform::files::read_bounded(file, MOST_OCTETS as u64).map_err(Fault::Read)
}

/// The new file under a name that it will not keep, read again and compared.
fn written(
    place: &Path,
    resealed: &Resealed,
    password: &Password,
    write: impl FnOnce(&mut File, &[u8]) -> io::Result<()>,
) -> Result<Part, Fault> {
    let fault = |error| Fault::Write(place.to_owned(), error);
    let (part, mut file) = Part::beside(place).map_err(fault)?;
    write(&mut file, &resealed.octets).and_then(|()| file.sync_all()).map_err(fault)?;
    drop(file);
    // What the disk has, not what was meant to go there: a full or broken one need not have said so.
    let on_disk = platform::files::read_bounded(part.path(), MOST_OCTETS as u64).map_err(fault)?;
    let opened = keystore::open(&on_disk, password).map_err(ResealError::Open)?;
    if !hold_the_same(&opened, &resealed.contents) {
        return Err(ResealError::Differs.into());
    }
    Ok(part)
}

/// Something has this name, and be it a link to nowhere.
pub(super) fn is_taken(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

pub(super) fn occupied(path: &Path, error: io::Error) -> Fault {
    if error.kind() == io::ErrorKind::AlreadyExists {
        Fault::Occupied(path.to_owned())
    } else {
        Fault::Write(path.to_owned(), error)
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

impl Fault {
    /// The same as a fault of a key store, whose words there are already; `None` for what only writing anew can meet.
    #[must_use]
    pub fn as_store_error(&self) -> Option<StoreError> {
        match self {
            Self::Read(error) => Some(io::Error::from(error.kind()).into()),
            Self::Reseal(ResealError::Open(error)) => Some(error.clone().into()),
            _ => None,
        }
    }

    /// What a person reads of it, with the next step.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        if let Some(error) = self.as_store_error() {
            return KeyFileError::from(error).sentence();
        }
        let path = |id, path: &Path| Sentence::new(id).with("path", path.display().to_string());
        match self {
            Self::Occupied(there) => path("life-occupied", there),
            Self::Write(..) | Self::Read(_) => Sentence::new("error-not-written"),
            Self::Reseal(error) => match error {
                ResealError::ReadOnly => Sentence::new("life-jks"),
                ResealError::SeveralKeys(count) => Sentence::new("life-several-keys").count("count", *count as u64),
                ResealError::NotUnderstood(what) => Sentence::new("life-not-understood").with("what", what.to_string()),
                ResealError::FurtherCertificates(count) => {
                    Sentence::new("life-further-certificates").count("count", *count as u64)
                }
                error => Sentence::new("life-not-made").with("what", error.to_string()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{OpenError, OsEntropy, demo};
    use pki::Timestamp;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned()).unwrap()
    }

    struct Place {
        folder: tempfile::TempDir,
        file: PathBuf,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("GOST512.p12");
            let made = demo::make(Timestamp::from_unix(1_795_435_200), &password("old")).unwrap();
            std::fs::write(&file, &*made.key_file).unwrap();
            Self { folder, file }
        }

        fn names(&self) -> Vec<String> {
            let names = std::fs::read_dir(self.folder.path()).unwrap();
            let mut names: Vec<_> = names.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }

        fn octets(&self) -> Vec<u8> {
            std::fs::read(&self.file).unwrap()
        }
    }

    #[test]
    fn the_new_password_opens_the_file_and_nothing_else_is_left_behind() {
        let place = Place::new();
        change_password(&place.file, &password("old"), &password("new"), Keep::Nothing, &OsEntropy).unwrap();
        assert!(keystore::open(&place.octets(), &password("new")).is_ok());
        assert_eq!(keystore::open(&place.octets(), &password("old")).unwrap_err(), OpenError::WrongPassword);
        assert_eq!(place.names(), ["GOST512.p12"]);
    }

    #[test]
    fn the_old_file_is_kept_only_when_asked_and_over_nothing() {
        let place = Place::new();
        let before = place.octets();
        let done = change_password(&place.file, &password("old"), &password("new"), Keep::Beside, &OsEntropy).unwrap();
        assert_eq!(std::fs::read(done.kept.unwrap()).unwrap(), before);
        let between = place.octets();
        let again = change_password(&place.file, &password("new"), &password("third"), Keep::Beside, &OsEntropy);
        assert!(matches!(again, Err(Fault::Occupied(path)) if path.ends_with("GOST512.p12.bak")));
        assert_eq!(place.octets(), between);
    }

    #[test]
    fn a_wrong_password_changes_nothing() {
        let place = Place::new();
        let before = place.octets();
        let refused =
            change_password(&place.file, &password("wrong"), &password("new"), Keep::Nothing, &OsEntropy).unwrap_err();
        assert!(refused.as_store_error().unwrap().is_wrong_password());
        assert_eq!((place.octets(), place.names()), (before, vec!["GOST512.p12".to_owned()]));
    }

    #[test]
    fn a_write_that_fails_or_lies_leaves_the_original_alone() {
        type Write = fn(&mut File, &[u8]) -> io::Result<()>;
        let writes: [Write; 3] = [
            |_, _| Err(io::ErrorKind::StorageFull.into()),
            // A part only, and no word of it.
            |file, octets| file.write_all(&octets[..octets.len() / 2]),
            |file, octets| {
                let mut changed = octets.to_vec();
                changed[octets.len() / 2] ^= 1;
                file.write_all(&changed)
            },
        ];
        for write in writes {
            let place = Place::new();
            let before = place.octets();
            let new = password("new");
            let resealed = keystore::reseal(&before, &password("old"), &new, Relayout::Keep, &OsEntropy).unwrap();
            assert!(written(&place.file, &resealed, &new, write).is_err());
            assert_eq!((place.octets(), place.names()), (before, vec!["GOST512.p12".to_owned()]));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_what_it_leads_to_gets_the_new_password() {
        let place = Place::new();
        let link = place.folder.path().join("link.p12");
        std::os::unix::fs::symlink(&place.file, &link).unwrap();
        change_password(&link, &password("old"), &password("new"), Keep::Nothing, &OsEntropy).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(keystore::open(&place.octets(), &password("new")).is_ok());
    }

    #[test]
    fn a_file_in_another_layout_goes_beside_and_over_nothing() {
        let place = Place::new();
        let before = place.octets();
        let to = place.folder.path().join("new.p12");
        let (old, layout) = (password("old"), Relayout::Into(keystore::Layout::Nca));
        rewrap(&place.file, &to, &old, &old, layout, &OsEntropy).unwrap();
        assert_eq!(place.octets(), before);
        assert!(matches!(rewrap(&place.file, &to, &old, &old, layout, &OsEntropy), Err(Fault::Occupied(_))));
        assert_eq!(place.names(), ["GOST512.p12", "new.p12"]);
    }
}
