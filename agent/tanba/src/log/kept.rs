//! The log's file, and the one before it: `tanba.log` and `tanba.log.1`, a mebibyte each at most.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The most octets in one of the two files.
const MOST: u64 = 1024 * 1024;
/// The longest line, in octets; of a longer one the beginning is kept.
const LONGEST: usize = 8 * 1024;
/// The file that is written.
const NAME: &str = "tanba.log";
/// The one before it.
const FORMER: &str = "tanba.log.1";

/// The file that lines go to, one with each write.
///
/// It never fails: a full disk is no reason to answer no site. What could not be written is lost, and the next line tries
/// anew.
pub(super) struct Kept {
    folder: PathBuf,
    file: Option<(File, u64)>,
    most: u64,
}

impl Kept {
    /// The log of this state folder. Nothing is made before the first line.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: None, most: MOST }
    }

    fn put(&mut self, line: &[u8]) -> io::Result<()> {
        let long = line.get(..LONGEST);
        let (line, end): (&[u8], &[u8]) = match long {
            Some(beginning) => (beginning, b"\n"),
            None => (line, b""),
        };
        let length = (line.len() + end.len()) as u64;
        let (mut file, mut size) = match self.file.take() {
            Some(open) => open,
            None => self.open()?,
        };
        if size > 0 && size.saturating_add(length) > self.most {
            drop(file);
            fs::rename(self.folder.join(NAME), self.folder.join(FORMER))?;
            (file, size) = self.open()?;
        }
        file.write_all(line)?;
        file.write_all(end)?;
        self.file = Some((file, size + length));
        Ok(())
    }

    fn open(&self) -> io::Result<(File, u64)> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.folder.join(NAME))?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }
}

impl Write for Kept {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // What standard error is told is not lost with it.
        let _ = self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All that is kept, the oldest first; nothing where there is no log.
///
/// # Errors
/// As the system says.
pub(super) fn read(folder: &Path) -> io::Result<String> {
    let mut text = String::new();
    for name in [FORMER, NAME] {
        match platform::files::read_bounded(&folder.join(name), MOST + LONGEST as u64) {
            Ok(octets) => text.push_str(&String::from_utf8_lossy(&octets)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// Empties it: it names the sites that asked, as the journal does.
///
/// # Errors
/// As the system says. Whoever writes it goes on in the empty file.
pub(super) fn forget(folder: &Path) -> io::Result<()> {
    let there = |done: io::Result<()>| {
        done.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    };
    there(fs::remove_file(folder.join(FORMER)))?;
    there(OpenOptions::new().write(true).truncate(true).open(folder.join(NAME)).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_are_kept_of_a_bounded_size_and_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept { most: 100, ..Kept::in_folder(folder.path()) };
        for number in 0..50 {
            writeln!(&mut io::LineWriter::new(&mut kept), "this is line {number:03}").unwrap();
        }
        let text = read(folder.path()).unwrap();
        assert!(text.ends_with("this is line 049\n") && text.starts_with("this is line 0"), "{text}");
        assert!(text.len() <= 200 && text.lines().count() >= 6, "{text}");
        for name in [NAME, FORMER] {
            let data = fs::metadata(folder.path().join(name)).unwrap();
            assert!(data.len() <= 100);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(data.permissions().mode() & 0o777, 0o600);
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_new_start_goes_on_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        Kept::in_folder(folder.path()).write_all(b"one\n").unwrap();
        Kept::in_folder(folder.path()).write_all(b"two\n").unwrap();
        assert_eq!(read(folder.path()).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_line_without_end_is_cut_and_a_folder_that_is_gone_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::in_folder(folder.path());
        kept.write_all(&vec![b'a'; LONGEST * 4]).unwrap();
        assert_eq!(read(folder.path()).unwrap().len(), LONGEST + 1);
        let gone = folder.path().join("gone");
        Kept::in_folder(&gone).write_all(b"one\n").unwrap();
        assert_eq!(read(&gone).unwrap(), "");
    }
}
