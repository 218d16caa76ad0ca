//! Folders and files that only their owner reads, written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Makes a folder (and what is missing above it) that only its owner enters. A folder that exists is closed to others
/// when they could enter it.
///
/// # Errors
/// As the system says; also when the path is there and is no folder.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = fs::metadata(path)?.permissions();
        if permissions.mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

/// Writes a file that only its owner reads. Whoever opens it, at whatever moment the power goes, finds the old content
/// or the new, never a part.
///
/// # Errors
/// As the system says; the old content then stands.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, content, |_| Ok(()))
}

/// The same for what must not be lost: what lies on the disk is read back, and takes the place of the old content only when
/// it is wanted.
///
/// # Errors
/// As the system says, and as `wanted` does; the old content then stands.
pub fn replace_private<E: From<io::Error>>(
    path: &Path,
    content: &[u8],
    wanted: impl FnOnce(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    replace(path, content, |unfinished| wanted(&Zeroizing::new(read_bounded(unfinished, content.len() as u64)?)))
}

fn replace<E: From<io::Error>>(
    path: &Path,
    content: &[u8],
    check: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (mut file, unfinished) = create_unfinished(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    drop(file);
    let replaced = written.map_err(E::from).and_then(|()| {
        check(&unfinished)?;
        Ok(fs::rename(&unfinished, path)?)
    });
    if let Err(error) = replaced {
        // The error that matters is the first one; what is left behind is only litter.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    // The name itself is on disk only when its folder is. Windows cannot open one, and does not need to.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// A new, empty file beside `path`, under a name that nobody else has at this moment.
fn create_unfinished(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut attempt: u32 = 0;
    loop {
        let mut unfinished = std::ffi::OsString::from(".");
        unfinished.push(name);
        unfinished.push(format!(".{}.{attempt}", std::process::id()));
        let unfinished = path.with_file_name(unfinished);
        match options.open(&unfinished) {
            Ok(file) => return Ok((file, unfinished)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 64 => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Where an administrator lays down what holds for everybody on this computer; not necessarily there.
#[must_use]
pub fn administrators(name: &str) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        // Not the folder of common data: there any user may make a folder that is not there yet.
        PathBuf::from(std::env::var_os("ProgramFiles")?).join("Tanba")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Tanba")
    } else {
        PathBuf::from("/etc/tanba")
    };
    Some(folder.join(name))
}

/// The content of a file of at most `limit` octets.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] when there is more, else as the system says.
pub fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all_of(&File::open(path)?, limit)
}

/// The same of an ordinary file at a path without links. What is no such file is not read and waited for, whatever was
/// put in its place since somebody looked.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for a pipe, a device, a folder, a link; else as [`read_bounded`].
pub fn read_ordinary(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all_of(&ordinary(path, Links::Refused)?, limit)
}

/// The same where a person chose the path: links lead where they lead, and what they lead to is an ordinary file.
///
/// # Errors
/// As [`read_ordinary`], but for links.
pub fn read_chosen(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all_of(&open_chosen(path)?, limit)
}

/// The same, open, for whoever reads only its beginning.
///
/// # Errors
/// As [`read_chosen`].
pub fn open_chosen(path: &Path) -> io::Result<File> {
    ordinary(path, Links::Followed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Followed,
    Refused,
}

/// Opens first and looks then, so that nothing can be put in its place in between.
fn ordinary(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        // Opening a pipe would wait for somebody at its other end.
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        flags.set(OFlags::NOFOLLOW, links == Links::Refused);
        let flags = i32::try_from(flags.bits()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
    }
    #[cfg(not(unix))]
    let _ = links;
    let file = match options.open(path) {
        #[cfg(unix)]
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        file => file?,
    };
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::from(io::ErrorKind::InvalidInput)) }
}

fn all_of(file: &File, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    // One octet more than allowed tells a full file from a larger one, whatever its size was said to be.
    file.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit} octets")));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        write_private(&path, b"first").unwrap();
        write_private(&path, b"second").unwrap();
        assert_eq!(read_bounded(&path, 6).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_wanted_when_it_is_read_back_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_private(&path, b"only copy").unwrap();
        let refused = replace_private(&path, b"new", |on_disk| {
            assert_eq!(on_disk, b"new");
            Err(io::Error::from(io::ErrorKind::InvalidData))
        });
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(fs::read(&path).unwrap(), b"only copy");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_is_neither_read_nor_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), b"text").unwrap();
        std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        assert_eq!(read_ordinary(&at("file"), 4).unwrap(), b"text");
        assert_eq!(read_ordinary(&at("file"), 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        for other in [at("link"), at("pipe"), folder.path().to_owned(), "/dev/zero".into()] {
            let error = read_ordinary(&other, 4).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{}", other.display());
        }
        assert_eq!(read_chosen(&at("link"), 4).unwrap(), b"text");
        std::os::unix::fs::symlink(at("pipe"), at("link to the pipe")).unwrap();
        for other in [at("link to the pipe"), at("pipe"), folder.path().to_owned(), "/dev/zero".into()] {
            let error = read_chosen(&other, 4).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{}", other.display());
        }
        assert_eq!(read_ordinary(&at("nothing"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        write_private(&path, b"second").unwrap();
        assert_eq!(read_bounded(&path, 5).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn writing_into_a_missing_folder_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_private(&folder.path().join("none/state"), b"x").is_err());
        assert!(write_private(Path::new("/"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_what_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_private_dir(&inner).unwrap();
        write_private(&inner.join("state"), b"x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("a")), 0o700);
        assert_eq!(mode(&inner), 0o700);
        assert_eq!(mode(&inner.join("state")), 0o600);

        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        create_private_dir(&inner).unwrap();
        assert_eq!(mode(&inner), 0o700);
    }
}
