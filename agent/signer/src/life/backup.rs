//! Backups of key files: copies that are known to open, and the way back.

use super::{
    blocked::sha256,
    reseal::{Fault, is_taken, occupied, read},
};
use crate::new_file::Part;
use keystore::{Entropy, Layout, Password, Relayout, ResealError, pkcs12::Iterations};
use pki::{Certificate, Timestamp};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// The longest name of an owner within a file's name, in characters.
const LONGEST_NAME: usize = 60;

/// How a backup is written.
pub enum Kind<'a> {
    /// Under a password of its own, protected as is usual today.
    Anew {
        /// The backup's password.
        password: &'a Password,
        /// Rounds of key derivation.
        iterations: Iterations,
    },
    /// The file as it is, with the password it has.
    AsItIs,
}

/// A copy that opened.
#[derive(Debug)]
pub struct Copied {
    /// Where it is.
    pub path: PathBuf,
    /// The certificates of its keys.
    pub certificates: Vec<Certificate>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Makes a backup of a key file in a folder, under a name of owner and day, or at exactly this path. Over nothing is
/// written.
///
/// # Errors
/// [`Fault`].
pub fn back_up(
    file: &Path,
    password: &Password,
    to: &Path,
    kind: &Kind<'_>,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> Result<Copied, Fault> {
    let octets = read(file)?;
    let (copy, opens_with) = match kind {
        Kind::AsItIs => (octets.into(), password),
        Kind::Anew { password: new, iterations } => {
            let relayout = Relayout::Into(Layout::Modern(*iterations));
            (keystore::reseal(&octets, password, new, relayout, entropy)?.octets, *new)
        }
    };
    let certificates = certificates_of(&copy, opens_with)?;
    let ending = match keystore::Format::of(&copy) {
        Ok(keystore::Format::Jks) => "jks",
        _ => "p12",
    };
    let path = if to.is_dir() { to.join(name_of(certificates.first(), now, ending)) } else { to.to_owned() };
    put(&copy, &path, opens_with)?;
    Ok(Copied { sha256: sha256(&copy), path, certificates })
}

/// Puts a backup back: copies it to a place where nothing is yet, and checks that the copy opens.
///
/// # Errors
/// [`Fault`].
pub fn restore(backup: &Path, password: &Password, to: &Path) -> Result<Copied, Fault> {
    let octets = read(backup)?;
    let certificates = certificates_of(&octets, password)?;
    put(&octets, to, password)?;
    Ok(Copied { sha256: sha256(&octets), path: to.to_owned(), certificates })
}

fn certificates_of(octets: &[u8], password: &Password) -> Result<Vec<Certificate>, Fault> {
    let contents = keystore::open(octets, password).map_err(ResealError::Open)?;
    if contents.entries.is_empty() {
        return Err(ResealError::Open(keystore::OpenError::NoKey).into());
    }
    Ok(contents.entries.into_iter().filter_map(|entry| entry.certificate).collect())
}

/// Writes a copy where nothing is, and opens what the disk has before it gets its name.
fn put(octets: &[u8], path: &Path, password: &Password) -> Result<(), Fault> {
    if is_taken(path) {
        return Err(Fault::Occupied(path.to_owned()));
    }
    let fault = |error| Fault::Write(path.to_owned(), error);
    let (part, mut file) = Part::beside(path).map_err(fault)?;
    file.write_all(octets).and_then(|()| file.sync_all()).map_err(fault)?;
    drop(file);
    let on_disk = platform::files::read_bounded(part.path(), octets.len() as u64).map_err(fault)?;
    if on_disk != octets || keystore::open(&on_disk, password).is_err() {
        return Err(ResealError::Differs.into());
    }
    part.settle(path).map_err(|error| occupied(path, error))
}

/// `ИВАНОВ-ИВАН_2026-11-27_1f2e3d4c.p12`: owner, day, the beginning of the serial number, for a person has several keys.
#[must_use]
pub fn name_of(certificate: Option<&Certificate>, now: Timestamp, ending: &str) -> String {
    let now = now.local().to_string();
    // DD.MM.YYYY, as a person in Kazakhstan reads it; in a name that is sorted the year comes first.
    let date: Vec<&str> = now.split([' ', '.']).take(3).collect();
    let day = match date.as_slice() {
        [day, month, year] => format!("{year}-{month}-{day}"),
        _ => now.clone(),
    };
    match certificate {
        None => format!("key_{day}.{ending}"),
        Some(certificate) => {
            let serial: String = certificate.serial().to_hex().chars().take(8).collect();
            format!("{}_{day}_{serial}.{ending}", file_name(&certificate.holder().name))
        }
    }
}

/// A name as a part of a file's name: letters and digits of any alphabet, and nothing that a system or a shell acts on.
#[must_use]
pub fn file_name(name: &str) -> String {
    let mut safe = String::new();
    for c in name.chars().take(LONGEST_NAME) {
        if c.is_alphanumeric() {
            safe.push(c);
        } else if !safe.is_empty() && !safe.ends_with('-') {
            safe.push('-');
        }
    }
    let safe = safe.trim_end_matches('-');
    if safe.is_empty() { "key".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{OsEntropy, demo};

    /// 2026-11-23T12:00:00Z
    const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

    fn password(text: &str) -> Password {
        Password::new(text.to_owned()).unwrap()
    }

    fn key_file(folder: &Path) -> PathBuf {
        let file = folder.join("GOST512.p12");
        std::fs::write(&file, &*demo::make(NOW, &password("own")).unwrap().key_file).unwrap();
        file
    }

    #[test]
    fn a_backup_is_named_by_owner_and_day_and_opens_with_its_own_password() {
        let folder = tempfile::tempdir().unwrap();
        let file = key_file(folder.path());
        let to = folder.path().join("usb");
        std::fs::create_dir(&to).unwrap();
        let (own, new) = (password("own"), password("of the backup"));
        let kind = Kind::Anew { password: &new, iterations: Iterations::new(1000).unwrap() };
        let made = back_up(&file, &own, &to, &kind, NOW, &OsEntropy).unwrap();
        let name = made.path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.starts_with("ТЕСТ-ТАҢБА_2026-11-23_") && name.ends_with(".p12"), "{name}");
        let octets = std::fs::read(&made.path).unwrap();
        assert!(keystore::open(&octets, &new).is_ok() && keystore::open(&octets, &own).is_err());
        assert_eq!(keystore::weaknesses(&octets).unwrap().len(), 1, "only the few rounds of this test");
        assert!(matches!(back_up(&file, &own, &to, &kind, NOW, &OsEntropy), Err(Fault::Occupied(_))));

        let back = folder.path().join("back.p12");
        let restored = restore(&made.path, &new, &back).unwrap();
        assert_eq!(restored.certificates, made.certificates);
        assert_eq!(std::fs::read(&back).unwrap(), octets);
        assert!(matches!(restore(&made.path, &new, &back), Err(Fault::Occupied(_))));
    }

    #[test]
    fn a_copy_as_it_is_has_the_same_octets_and_a_wrong_password_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = key_file(folder.path());
        let to = folder.path().join("copy.p12");
        let refused = back_up(&file, &password("wrong"), &to, &Kind::AsItIs, NOW, &OsEntropy).unwrap_err();
        assert!(refused.as_store_error().unwrap().is_wrong_password());
        assert!(!to.exists());
        back_up(&file, &password("own"), &to, &Kind::AsItIs, NOW, &OsEntropy).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), std::fs::read(&file).unwrap());
    }

    #[test]
    fn a_name_from_a_certificate_leads_nowhere_else() {
        assert_eq!(file_name("ИВАНОВ ИВАН"), "ИВАНОВ-ИВАН");
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("a\u{202e}b\nc\0"), "a-b-c");
        assert_eq!(file_name("..."), "key");
        assert_eq!(file_name(&"Ж".repeat(500)).chars().count(), LONGEST_NAME);
    }
}
