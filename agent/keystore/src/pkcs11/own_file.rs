//! A person's own `tokens.toml`, changed without touching what else they wrote into it.
//!
//! A table is added at the end, and taken out by its lines. Whatever comes of that is read again and compared with what
//! was wanted before it is written: a file that is put together in an unusual way is left to its owner.

use super::catalogue::{CatalogueError, Entry, Origin, header_lines, parse_numbered, read};
use std::io;
use std::path::{Path, PathBuf};

/// A person's file, as it is on disk.
#[derive(Debug)]
pub struct OwnFile {
    path: PathBuf,
    text: String,
    /// Each with the number of its `[[library]]`.
    entries: Vec<(usize, Entry)>,
}

/// A library to be added.
#[derive(Clone, Copy, Debug)]
pub struct Added<'a> {
    /// The vendor.
    pub vendor: &'a str,
    /// The library, absolute.
    pub driver: &'a Path,
    /// NCALayer's name of the storage that its tokens are.
    pub storage: Option<&'a str>,
}

/// Why the file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OwnFileError {
    /// It cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// It is written so that a program would spoil it.
    #[error("{} has to be changed by hand", .0.display())]
    ByHand(PathBuf),
    /// A path that TOML cannot hold.
    #[error("{} is not a text in UTF-8", .0.display())]
    NotText(PathBuf),
    /// It cannot be written.
    #[error("{}: {error}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl OwnFile {
    /// Reads it; an absent file is an empty one.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn load(path: &Path) -> Result<Self, CatalogueError> {
        let text = read(path)?.unwrap_or_default();
        let entries = entries_of(&text, path)?;
        Ok(Self { path: path.to_owned(), text, entries })
    }

    /// Whether the file names this library, under whatever name.
    #[must_use]
    pub fn has(&self, library: &Path) -> bool {
        self.entries.iter().any(|(_, entry)| names(entry, library))
    }

    /// Writes a library down.
    ///
    /// # Errors
    /// [`OwnFileError`]; the file then is as it was.
    pub fn add(&mut self, added: Added<'_>) -> Result<(), OwnFileError> {
        let library = added.driver.to_str().ok_or_else(|| OwnFileError::NotText(added.driver.to_owned()))?;
        let mut text = self.text.clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("[[library]]\nvendor = {}\npath = {}\n", quoted(added.vendor), quoted(library)));
        if let Some(storage) = added.storage {
            text.push_str(&format!("\n[[library.token]]\nstorage = {}\n", quoted(storage)));
        }
        self.replace(text, |before, after| {
            let is_it = |entry: &Entry| names(entry, added.driver) && entry.vendor == added.vendor;
            matches!(after.split_last(), Some((last, others)) if is_it(last) && others == before)
        })
    }

    /// Takes a library out, with its rules. `false`: the file does not name it.
    ///
    /// # Errors
    /// [`OwnFileError`]; [`OwnFileError::ByHand`] also for a table that names other libraries too.
    pub fn remove(&mut self, library: &Path) -> Result<bool, OwnFileError> {
        let Some(at) = self.entries.iter().position(|(_, entry)| names(entry, library)) else { return Ok(false) };
        let by_hand = || OwnFileError::ByHand(self.path.clone());
        let (number, entry) = self.entries.get(at).ok_or_else(by_hand)?;
        if entry.paths.len() != 1 {
            return Err(by_hand());
        }
        let text = without_table(&self.text, *number).ok_or_else(by_hand)?;
        self.replace(text, |before, after| {
            let rest = before.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, entry)| entry);
            rest.eq(after)
        })?;
        Ok(true)
    }

    /// Writes a new text, if it says what it should.
    fn replace(&mut self, text: String, is_right: impl Fn(&[Entry], &[Entry]) -> bool) -> Result<(), OwnFileError> {
        let by_hand = |_| OwnFileError::ByHand(self.path.clone());
        let entries = entries_of(&text, &self.path).map_err(by_hand)?;
        let plain = |entries: &[(usize, Entry)]| entries.iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>();
        if !is_right(&plain(&self.entries), &plain(&entries)) {
            return Err(OwnFileError::ByHand(self.path.clone()));
        }
        platform::files::write_private(&self.path, text.as_bytes())
            .map_err(|error| OwnFileError::Unwritable { path: self.path.clone(), error })?;
        self.text = text;
        self.entries = entries;
        Ok(())
    }
}

fn entries_of(text: &str, path: &Path) -> Result<Vec<(usize, Entry)>, CatalogueError> {
    parse_numbered(text, path, &Origin::File(path.to_owned()))
}

/// Whether an entry adds a library, under whatever name.
fn names(entry: &Entry, library: &Path) -> bool {
    let real = library.canonicalize().ok();
    let is_it = |path: &PathBuf| path == library || (real.is_some() && path.canonicalize().ok() == real);
    !entry.is_off && entry.paths.iter().any(is_it)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The text without a `[[library]]` and the tables that belong to it. The comments and blank lines before the next table
/// are that one's, and stay.
fn without_table(text: &str, number: usize) -> Option<String> {
    let (head, _) = header_lines(text).nth(number)?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_foreign_table = |line: &str| {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        line.starts_with('[') && !line.starts_with("[[library.") && !line.starts_with("[library.")
    };
    let next = lines.iter().enumerate().skip(head + 1).find(|(_, line)| is_foreign_table(line));
    let mut end = next.map_or(lines.len(), |(line, _)| line);
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    while end > head + 1 && lines.get(end - 1).is_some_and(|line| says_nothing(line)) {
        end -= 1;
    }
    let (before, after) = (lines.get(..head)?.concat(), lines.get(end..)?.concat());
    // Of the blank lines on both sides those on one side are enough.
    Some(if after.is_empty() && before.ends_with("\n\n") {
        format!("{}\n", before.trim_end_matches(['\n', '\r']))
    } else if before.ends_with("\n\n") || before.is_empty() {
        before + after.trim_start_matches(['\n', '\r'])
    } else {
        before + &after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Desk(tempfile::TempDir);

    impl Desk {
        fn of(text: &str) -> (Self, OwnFile) {
            let desk = Self(tempfile::tempdir().unwrap());
            std::fs::write(desk.path(), text).unwrap();
            let file = OwnFile::load(&desk.path()).unwrap();
            (desk, file)
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("tokens.toml")
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.path()).unwrap()
        }
    }

    fn added(library: &str) -> Added<'_> {
        Added { vendor: "KAZTOKEN", driver: Path::new(library), storage: Some("AKKaztokenStore") }
    }

    const WRITTEN: &str = "\
# Mine. [[library]]
[[library]] # of work
vendor = \"Work\"   # not private
path = \"/opt/work.so\"

  [[library.token]]
  label = \"[[library]]\"

# Never this one:
[[library]]
path = \"/usr/lib/libeToken.so\"
off = true
# The end.
";

    #[test]
    fn what_is_added_and_removed_leaves_the_rest_as_it_was() {
        let (desk, mut file) = Desk::of(WRITTEN);
        file.add(added("/opt/kaz \"token\" \\1.so")).unwrap();
        assert!(desk.text().starts_with(WRITTEN), "{}", desk.text());
        assert!(file.has(Path::new("/opt/kaz \"token\" \\1.so")));
        let mut again = OwnFile::load(&desk.path()).unwrap();
        assert!(again.remove(Path::new("/opt/kaz \"token\" \\1.so")).unwrap());
        assert_eq!(desk.text(), WRITTEN);
        assert!(!again.remove(Path::new("/opt/kaz.so")).unwrap());
    }

    #[test]
    fn a_table_in_the_middle_goes_with_its_rules_and_without_the_next_ones_comment() {
        let (desk, mut file) = Desk::of(WRITTEN);
        assert!(file.remove(Path::new("/opt/work.so")).unwrap());
        let rest = "# Mine. [[library]]\n\n# Never this one:\n[[library]]\npath = \"/usr/lib/libeToken.so\"\noff = true\n# The end.\n";
        assert_eq!(desk.text(), rest);
    }

    #[test]
    fn a_first_library_makes_the_file_which_its_owner_alone_reads() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.toml");
        let mut file = OwnFile::load(&path).unwrap();
        file.add(Added { storage: None, ..added("/opt/x.so") }).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[[library]]\nvendor = \"KAZTOKEN\"\npath = \"/opt/x.so\"\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(file.remove(Path::new("/opt/x.so")).unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn a_file_that_a_program_would_spoil_is_left_to_its_owner() {
        for text in [
            "library = [{ vendor = \"x\", path = \"/opt/x.so\" }]\n",
            "[[library]]\nvendor = \"x\"\nlinux = [\"/opt/x.so\", \"/opt/y.so\"]\n",
            // A line of a text that looks like the head of a table.
            "[[library]]\nvendor = \"y\"\nsource = \"\"\"\\\n[[library]] # \\\n\"\"\"\n[[library]]\nvendor = \"x\"\npath = \"/opt/x.so\"\n",
        ] {
            let (desk, mut file) = Desk::of(text);
            let error = file.remove(Path::new("/opt/x.so")).unwrap_err();
            assert!(matches!(error, OwnFileError::ByHand(_)), "{text}: {error}");
            assert_eq!(desk.text(), text);
        }
        let inline = "library = [{ vendor = \"x\" }]\n";
        let (desk, mut file) = Desk::of(inline);
        assert!(matches!(file.add(added("/opt/x.so")), Err(OwnFileError::ByHand(_))));
        assert_eq!(desk.text(), inline);
    }

    #[test]
    fn a_file_that_is_wrong_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.toml");
        std::fs::write(&path, "[[library]]\nvendor = ").unwrap();
        assert!(matches!(OwnFile::load(&path), Err(CatalogueError::Malformed { line: 2, .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_library_is_known_under_any_of_its_names() {
        let (_desk, mut file) = Desk::of("");
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link.so");
        std::os::unix::fs::symlink("/bin/sh", &link).unwrap();
        file.add(added("/bin/sh")).unwrap();
        assert!(file.has(&link));
        assert!(file.remove(&link).unwrap());
    }
}
