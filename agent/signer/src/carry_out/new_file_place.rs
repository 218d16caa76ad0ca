//! Where a new file is made when the person names no other place.

use super::keys::KeyFault;
use keystore::StoreError;
use settings::Places;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The most letters of a name that stand in the file's.
const LONGEST_NAME: usize = 40;
/// The most files of one name and day.
const MOST: u32 = 99;
/// The longest list of the desktop's folders that is read.
const LONGEST_LIST: u64 = 64 * 1024;

/// A file that is not there yet, named after the key: `GOST512_ТЕСТОВ_2026-11-27.p12`.
pub(super) fn default(places: &Places, algorithm: &str, name: &str, date: &str) -> PathBuf {
    // The date has signs that a name is kept free of.
    let name = [Some(algorithm.to_owned()), Some(plain(name)), Some(date.to_owned())];
    not_there(&folder(places), name.into_iter().flatten(), "p12")
}

/// A file that is not there yet, named after that: `REVOCATION_ТЕСТОВ_1a2b3c4d.cms`.
pub(crate) fn free(places: &Places, names: &[&str], ending: &str) -> PathBuf {
    not_there(&folder(places), names.iter().map(|name| plain(name)), ending)
}

/// A file that is not there yet, beside another one and named like it.
pub(super) fn beside(other: &Path, ending: &str) -> PathBuf {
    let name = other.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    not_there(other.parent().unwrap_or(Path::new("")), std::iter::once(name), ending)
}

fn not_there(folder: &Path, names: impl Iterator<Item = String>, ending: &str) -> PathBuf {
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let named = |number: u32| {
        let mut parts = names.clone();
        parts.extend((number > 1).then(|| number.to_string()));
        folder.join(format!("{}.{ending}", parts.join("_")))
    };
    // Where all of them are there, making it says so.
    (1..MOST).map(named).find(|path| path.symlink_metadata().is_err()).unwrap_or_else(|| named(MOST))
}

/// A file that is not there yet, in the person's folder of documents, named like that.
pub(super) fn proposed(places: &Places, name: &str) -> PathBuf {
    beside(&folder(places).join(name), "p12")
}

/// The same path, where a new file can be made there.
///
/// # Errors
/// [`KeyFault::NotMade`].
pub(super) fn free_for_new(path: PathBuf) -> Result<PathBuf, KeyFault> {
    if path.symlink_metadata().is_ok() {
        return Err(KeyFault::NotMade(StoreError::Occupied));
    }
    if !path.parent().is_some_and(Path::is_dir) {
        return Err(KeyFault::NotMade(StoreError::Io(std::io::ErrorKind::NotFound.into())));
    }
    Ok(path)
}

/// A path that the person typed or chose, whole, and with an ending that other programs find key files by.
pub(super) fn meant(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let is_key_file =
        path.extension().is_some_and(|ending| ["p12", "pfx"].iter().any(|own| ending.eq_ignore_ascii_case(own)));
    match path.file_name() {
        Some(name) if !is_key_file => {
            let mut name = name.to_owned();
            name.push(".p12");
            path.with_file_name(name)
        }
        _ => path,
    }
}

/// The letters and digits of a name that a page gave.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).take(LONGEST_NAME).collect()
}

/// The person's folder of documents; where everything is kept in one folder, that one.
fn folder(places: &Places) -> PathBuf {
    if let Some(root) = places.root() {
        return root.to_owned();
    }
    let Some(home) = std::env::home_dir() else { return places.data().to_owned() };
    let documents = named_by_desktop(&home).unwrap_or_else(|| home.join("Documents"));
    if documents.is_dir() { documents } else { home }
}

/// What `xdg-user-dirs` calls the folder of documents, which has a name in the person's language.
fn named_by_desktop(home: &Path) -> Option<PathBuf> {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return None;
    }
    let config = std::env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
    let list = config.join("user-dirs.dirs");
    if fs::metadata(&list).ok()?.len() > LONGEST_LIST {
        return None;
    }
    in_list(&fs::read_to_string(&list).ok()?, home)
}

fn in_list(list: &str, home: &Path) -> Option<PathBuf> {
    let line = list.lines().find_map(|line| line.trim().strip_prefix("XDG_DOCUMENTS_DIR="))?;
    let path = line.trim().strip_prefix('"')?.strip_suffix('"')?;
    match path.strip_prefix("$HOME/") {
        Some(below) => Some(home.join(below)),
        None => Some(PathBuf::from(path)).filter(|path| path.is_absolute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_already_is_never_the_one_that_is_offered() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::under(dir.path());
        let first = default(&places, "GOST512", "ТЕСТОВ", "2026-11-27");
        assert_eq!(first, dir.path().join("GOST512_ТЕСТОВ_2026-11-27.p12"));
        fs::write(&first, "x").unwrap();
        let second = default(&places, "GOST512", "ТЕСТОВ", "2026-11-27");
        assert_eq!(second, dir.path().join("GOST512_ТЕСТОВ_2026-11-27_2.p12"));
    }

    #[test]
    fn what_lies_beside_a_key_is_named_like_it() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("a.b.p12");
        assert_eq!(beside(&key, "csr"), dir.path().join("a.b.csr"));
        fs::write(dir.path().join("a.b.csr"), "x").unwrap();
        assert_eq!(beside(&key, "csr"), dir.path().join("a.b_2.csr"));
        let places = Places::under(dir.path());
        assert_eq!(free(&places, &["REVOCATION", "ТЕСТОВ/../А", ""], "cms"), dir.path().join("REVOCATION_ТЕСТОВА.cms"));
    }

    #[test]
    fn a_pages_name_leads_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::under(dir.path());
        let hostile = default(&places, "GOST512", "../../etc/\u{0}:evil", "2026-11-27");
        assert_eq!(hostile, dir.path().join("GOST512_etcevil_2026-11-27.p12"));
        let nobody = default(&places, "RSA2048", "…", "2026-11-27");
        assert_eq!(nobody, dir.path().join("RSA2048_2026-11-27.p12"));
        let long = default(&places, "GOST512", &"Ж".repeat(256), "2026-11-27");
        assert!(long.file_name().unwrap().len() < 120);
    }

    #[test]
    fn the_desktops_list_names_the_folder_of_documents() {
        let home = Path::new("/srv/n");
        let list = "# a\nXDG_DESKTOP_DIR=\"$HOME/Стол\"\nXDG_DOCUMENTS_DIR=\"$HOME/Документы\"\n";
        assert_eq!(in_list(list, home), Some(home.join("Документы")));
        assert_eq!(in_list("XDG_DOCUMENTS_DIR=\"relative\"", home), None);
        assert_eq!(in_list("XDG_DOCUMENTS_DIR=$HOME", home), None);
    }

    #[test]
    fn a_typed_name_gets_the_ending_of_key_files() {
        assert_eq!(meant(Path::new("/srv/a")), Path::new("/srv/a.p12"));
        assert_eq!(meant(Path::new("/srv/a.b")), Path::new("/srv/a.b.p12"));
        assert_eq!(meant(Path::new("/srv/a.P12")), Path::new("/srv/a.P12"));
    }
}
