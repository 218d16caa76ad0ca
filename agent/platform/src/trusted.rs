//! Whether only the person and the administrator can have put a program where it is.
//!
//! What is loaded into a process is as good as that process. A library is therefore loaded only from a place where nobody
//! else could have laid it or exchanged it: every link is followed first, and then the file and each folder above it is
//! looked at, from the root down. Once a folder is known to be closed to others, what it holds cannot be exchanged by
//! them while the rest is looked at.
//!
//! On Unix this is judged by owner and mode. POSIX access lists are covered, because a system with them shows the most
//! that a list gives to anybody as the rights of the group, and no group may write, not even root's; the access lists of
//! macOS are not, as no mode shows them. On Windows
//! nothing is known of who may write (that stands in security descriptors, which are not read here): there it is only
//! checked that the file is an ordinary one and lies on this computer.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// What a relative path means differs from process to process.
    #[error("{} is not an absolute path", .0.display())]
    Relative(PathBuf),
    /// There is nothing.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// A folder, a pipe, a device.
    #[error("{} is not an ordinary file", .0.display())]
    NotAFile(PathBuf),
    /// It lies on another computer.
    #[error("{} lies on another computer", .0.display())]
    Elsewhere(PathBuf),
    /// The file, or a folder above it, belongs to a third person.
    #[error("{} belongs to another user", .0.display())]
    OwnedByOthers(PathBuf),
    /// The file, or a folder above it, can be changed by a third person.
    #[error("others may write to {}", .0.display())]
    WritableByOthers(PathBuf),
    /// The system does not let it be looked at.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl Distrust {
    /// The stable name of this reason, for catalogues of texts and for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Relative(_) => "relative",
            Self::Missing(_) => "missing",
            Self::NotAFile(_) => "not-a-file",
            Self::Elsewhere(_) => "elsewhere",
            Self::OwnedByOthers(_) => "owned-by-others",
            Self::WritableByOthers(_) => "writable-by-others",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// What the reason is about: the file itself, or the folder above it that is open to others.
    #[must_use]
    pub fn about(&self) -> &Path {
        match self {
            Self::Relative(path)
            | Self::Missing(path)
            | Self::NotAFile(path)
            | Self::Elsewhere(path)
            | Self::OwnedByOthers(path)
            | Self::WritableByOthers(path)
            | Self::Unreadable { path, .. } => path,
        }
    }

    /// Whether this person may take others' right to write away without harm: from the file, or from a folder of their own.
    /// A folder of somebody else's, or one that is shared on purpose (`/tmp`, also root's), is to be left as it is.
    #[must_use]
    pub fn can_be_closed(&self) -> bool {
        let Self::WritableByOthers(path) = self else { return false };
        fs::symlink_metadata(path).is_ok_and(|seen| seen.is_file() || is_own_folder(&seen))
    }
}

#[cfg(unix)]
fn is_own_folder(seen: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    seen.uid() == rustix::process::geteuid().as_raw() && seen.mode() & STICKY == 0
}

#[cfg(not(unix))]
fn is_own_folder(_: &fs::Metadata) -> bool {
    false
}

/// Where a file really lies, all links followed, when nobody but this person and root can have put it there.
///
/// # Errors
/// [`Distrust`].
pub fn resolve(path: &Path) -> Result<PathBuf, Distrust> {
    if !path.is_absolute() {
        return Err(Distrust::Relative(path.to_owned()));
    }
    let resolved = path.canonicalize().map_err(|error| cannot_reach(path, error))?;
    judge(&resolved, Path::new(""))?;
    Ok(plain(resolved))
}

fn cannot_reach(path: &Path, error: io::Error) -> Distrust {
    match error.kind() {
        // The second when something above it is a file.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Distrust::Missing(path.to_owned()),
        _ => Distrust::Unreadable { path: path.to_owned(), error },
    }
}

/// Looks at a path without links, below a folder that is known to be good.
#[cfg(unix)]
fn judge(resolved: &Path, good: &Path) -> Result<(), Distrust> {
    use std::os::unix::fs::MetadataExt as _;
    let person = rustix::process::geteuid().as_raw();
    let mut so_far = PathBuf::new();
    for component in resolved.components() {
        so_far.push(component);
        if good.starts_with(&so_far) {
            continue;
        }
        let seen = fs::symlink_metadata(&so_far).map_err(|error| cannot_reach(&so_far, error))?;
        // A link that was laid here after all others were followed is no ordinary file either.
        let is_kind = if so_far == resolved { seen.is_file() } else { seen.is_dir() };
        if !is_kind {
            return Err(Distrust::NotAFile(so_far));
        }
        judge_owner(&so_far, (seen.uid(), seen.mode()), person)?;
    }
    Ok(())
}

/// Whether owner and mode leave it to root and this person alone. The group does not matter: with an access list its rights
/// are the most that anybody on the list has, whoever the group is. The sticky bit of `/tmp` helps nothing: it keeps others
/// from taking away what is there, and not from laying down what is not.
#[cfg(unix)]
fn judge_owner(path: &Path, (owner, mode): (u32, u32), person: u32) -> Result<(), Distrust> {
    const ROOT: u32 = 0;
    if owner != ROOT && owner != person {
        return Err(Distrust::OwnedByOthers(path.to_owned()));
    }
    if mode & 0o022 != 0 {
        return Err(Distrust::WritableByOthers(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn judge(resolved: &Path, _: &Path) -> Result<(), Distrust> {
    use std::path::{Component, Prefix};
    // A share's content is as good as the network that it comes through.
    if let Some(Component::Prefix(prefix)) = resolved.components().next()
        && matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..) | Prefix::DeviceNS(_))
    {
        return Err(Distrust::Elsewhere(resolved.to_owned()));
    }
    let seen = fs::symlink_metadata(resolved).map_err(|error| cannot_reach(resolved, error))?;
    if seen.is_file() { Ok(()) } else { Err(Distrust::NotAFile(resolved.to_owned())) }
}

/// Windows writes a path without links as `\\?\C:\...`, which people do not know and old libraries, when they look for
/// their own place, do not understand.
fn plain(path: PathBuf) -> PathBuf {
    #[cfg(windows)]
    if let Some(rest) = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"))
        && rest.as_bytes().get(1) == Some(&b':')
    {
        return PathBuf::from(rest);
    }
    path
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    const PERSON: u32 = 1000;

    fn judged(owner: u32, mode: u32) -> &'static str {
        judge_owner(Path::new("/x"), (owner, mode), PERSON).map_or_else(|why| why.code(), |()| "good")
    }

    #[test]
    fn root_and_the_person_may_own_it_and_nobody_else() {
        assert_eq!(judged(0, 0o755), "good");
        assert_eq!(judged(PERSON, 0o700), "good");
        assert_eq!(judged(1001, 0o755), "owned-by-others");
        assert_eq!(judged(65534, 0o755), "owned-by-others");
    }

    #[test]
    fn no_group_and_no_other_may_write() {
        assert_eq!(judged(0, 0o2755), "good");
        assert_eq!(judged(0, 0o775), "writable-by-others");
        assert_eq!(judged(PERSON, 0o770), "writable-by-others");
        assert_eq!(judged(0, 0o777), "writable-by-others");
        assert_eq!(judged(0, 0o1777), "writable-by-others", "as /tmp is");
    }

    /// What `setfacl -m u:12345:rwx` writes.
    #[test]
    #[cfg(target_os = "linux")]
    fn whoever_an_access_list_lets_write_counts_though_the_group_is_roots() {
        let (_guard, top) = folder();
        let library = file(&top.join("x.so"), 0o644);
        below(&library, &top).unwrap();
        let nobody = u32::MAX;
        let entries: [(u16, u16, u32); 5] =
            [(1, 7, nobody), (2, 7, 12345), (4, 5, nobody), (0x10, 7, nobody), (0x20, 5, nobody)];
        let mut list = 2_u32.to_le_bytes().to_vec();
        for (tag, rights, id) in entries {
            list.extend(tag.to_le_bytes().into_iter().chain(rights.to_le_bytes()).chain(id.to_le_bytes()));
        }
        let flags = rustix::fs::XattrFlags::empty();
        if let Err(error) = rustix::fs::setxattr(&top, "system.posix_acl_access", &list, flags) {
            return println!("NOT RUN: this file system has no access lists ({error})");
        }
        let why = below(&library, &top).unwrap_err();
        assert_eq!((why.code(), why.about()), ("writable-by-others", top.as_path()));
    }

    /// A folder of this person alone, and the folder that counts as good above it.
    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        (folder, path)
    }

    fn file(path: &Path, mode: u32) -> PathBuf {
        fs::write(path, b"library").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_owned()
    }

    fn below(path: &Path, good: &Path) -> Result<(), Distrust> {
        judge(&path.canonicalize().unwrap(), good.parent().unwrap())
    }

    #[test]
    fn a_file_is_as_good_as_the_worst_folder_above_it() {
        let (_guard, top) = folder();
        let inner = top.join("a/b");
        fs::create_dir_all(&inner).unwrap();
        let library = file(&inner.join("x.so"), 0o644);
        below(&library, &top).unwrap();
        for (bad, mode) in [(&top, 0o777), (&top, 0o1777), (&inner, 0o757), (&library, 0o666)] {
            let before = fs::metadata(bad).unwrap().permissions();
            fs::set_permissions(bad, fs::Permissions::from_mode(mode)).unwrap();
            let why = below(&library, &top).unwrap_err();
            assert_eq!((why.code(), why.about()), ("writable-by-others", bad.as_path()));
            fs::set_permissions(bad, before).unwrap();
        }
        below(&library, &top).unwrap();
    }

    #[test]
    fn others_may_be_shut_out_of_ones_own_file_and_folder_and_of_no_shared_one() {
        let (_guard, top) = folder();
        let library = file(&top.join("x.so"), 0o666);
        assert!(below(&library, &top).unwrap_err().can_be_closed());
        fs::set_permissions(&top, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Distrust::WritableByOthers(top.clone()).can_be_closed());
        fs::set_permissions(&top, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(!Distrust::WritableByOthers(top).can_be_closed());
        assert!(!Distrust::WritableByOthers("/tmp".into()).can_be_closed());
        assert!(!Distrust::Missing(library).can_be_closed());
    }

    #[test]
    fn a_link_is_judged_by_where_it_leads() {
        let (_guard, top) = folder();
        let open = top.join("open");
        fs::create_dir(&open).unwrap();
        file(&open.join("x.so"), 0o644);
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        symlink(open.join("x.so"), top.join("file.so")).unwrap();
        symlink(&open, top.join("folder")).unwrap();
        for link in [top.join("file.so"), top.join("folder/x.so")] {
            let why = below(&link, &top).unwrap_err();
            assert_eq!((why.code(), why.about()), ("writable-by-others", open.as_path()));
        }
        // And a link in an open folder leads to what is good: nobody asks the link again.
        let good = file(&top.join("good.so"), 0o644);
        symlink(&good, open.join("link.so")).unwrap();
        below(&open.join("link.so"), &top).unwrap();
    }

    #[test]
    fn what_somebody_else_owns_is_refused() {
        let (_guard, top) = folder();
        let library = file(&top.join("x.so"), 0o644);
        // Only root can give a file away.
        let stranger = rustix::process::Uid::from_raw(12345);
        if rustix::fs::chown(&library, Some(stranger), None).is_ok() {
            assert_eq!(below(&library, &top).unwrap_err().code(), "owned-by-others");
        }
    }

    #[test]
    fn what_is_no_file_of_an_absolute_path_is_refused() {
        let (_guard, top) = folder();
        symlink(top.join("loop"), top.join("loop")).unwrap();
        symlink(top.join("nothing"), top.join("dangling")).unwrap();
        let library = file(&top.join("x.so"), 0o644);
        for (path, code) in [
            (Path::new("lib/x.so").to_owned(), "relative"),
            (top.join("nothing"), "missing"),
            (top.join("dangling"), "missing"),
            (library.join("below"), "missing"),
            (top.join("loop"), "unreadable"),
            ("/dev/null".into(), "not-a-file"),
            ("/".into(), "not-a-file"),
        ] {
            let why = resolve(&path).unwrap_err();
            assert_eq!(why.code(), code, "{}: {why}", path.display());
        }
        assert_eq!(below(&top, &top).unwrap_err().code(), "not-a-file");
    }

    #[test]
    fn the_systems_own_programs_are_trusted_and_named_without_links() {
        let shell = resolve(Path::new("/bin/sh")).unwrap();
        assert_eq!(shell, Path::new("/bin/sh").canonicalize().unwrap());
    }
}
