//! Paths that pages name. A page must not have the signer touch anything but an ordinary file of this computer: opening
//! another computer's share would hand over the person's name and a hash of their password, and a device may block or
//! answer anything.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// The longest path that is looked at.
const LONGEST: usize = 4096;

/// An absolute path on this computer, as far as its text says. Nothing was asked of the file system yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalPath(PathBuf);

impl LocalPath {
    /// Reads a page's text; `None` when it is no absolute path, or leads to another computer or a device.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_local = if cfg!(windows) { is_local_on_windows(text) } else { is_local_elsewhere(text) };
        (text.len() <= LONGEST && is_local).then(|| Self(PathBuf::from(text)))
    }

    pub(crate) fn as_path(&self) -> &Path {
        &self.0
    }

    /// Whether a page may have something written there: not where programs look for their settings, and the system for
    /// what it starts by itself.
    pub(crate) fn may_be_written(&self) -> bool {
        let starts_by_itself = |name: &str| {
            cfg!(windows) && ["startup", "start menu"].iter().any(|folder| name.eq_ignore_ascii_case(folder))
        };
        self.0.components().all(|part| match part {
            Component::Normal(name) => {
                let name = name.to_string_lossy();
                !name.starts_with('.') && !starts_by_itself(&name)
            }
            _ => true,
        })
    }

    /// The folder that this is in, after all links, when it may be written to as well.
    pub(crate) fn real_parent(path: &Path) -> io::Result<PathBuf> {
        let real = fs::canonicalize(path.parent().unwrap_or(path))?;
        let text = real.to_string_lossy();
        let plain = text.strip_prefix(r"\\?\").unwrap_or(&text);
        match Self::parse(plain) {
            Some(folder) if folder.may_be_written() => Ok(real),
            _ => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
        }
    }

    /// The content of the ordinary file that stands there. Links are followed, and what they lead to must be such a file
    /// too.
    ///
    /// # Errors
    /// [`io::ErrorKind::FileTooLarge`] when there is more than `most`, else as the system says.
    pub(crate) fn read(&self, most: u64) -> io::Result<Vec<u8>> {
        platform::files::read_ordinary(&self.ordinary()?, most)
    }

    /// Where the ordinary file is after all links.
    fn ordinary(&self) -> io::Result<PathBuf> {
        let real = fs::canonicalize(&self.0)?;
        let text = real.to_string_lossy();
        // So Windows writes the path of a drive in full.
        let plain = text.strip_prefix(r"\\?\").unwrap_or(&text);
        // Before it is opened: opening a pipe waits for somebody at its other end.
        if Self::parse(plain).is_some() && fs::metadata(&real)?.is_file() {
            Ok(real)
        } else {
            Err(io::Error::from(io::ErrorKind::InvalidInput))
        }
    }
}

/// `/home/name/contract.pdf`, without `..`, and not below where devices and the kernel's own files are.
fn is_local_elsewhere(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('/') else { return false };
    let mut parts = rest.split('/').filter(|part| !part.is_empty() && *part != ".").peekable();
    !text.contains('\0')
        && parts.peek().is_some_and(|first| !["dev", "proc", "sys"].contains(first))
        && parts.all(|part| part != "..")
}

/// `C:\Users\name\contract.pdf`, with either slash. Names of devices are devices in every folder there, and behind a
/// colon stand streams that no folder lists.
fn is_local_on_windows(text: &str) -> bool {
    let mut letters = text.chars();
    let drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    let Some(rest) = letters.as_str().strip_prefix(':').filter(|_| drive) else { return false };
    if !rest.starts_with(['\\', '/']) {
        return false;
    }
    let parts: Vec<&str> = rest.split(['\\', '/']).filter(|part| !part.is_empty() && *part != ".").collect();
    !parts.is_empty() && parts.iter().all(|part| is_plain_on_windows(part))
}

fn is_plain_on_windows(part: &str) -> bool {
    const DEVICES: [&str; 7] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |port: &str| stem.strip_prefix(port).is_some_and(|rest| rest.chars().count() == 1);
    let is_device = DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT");
    let odd = |c: char| c.is_control() || ":*?\"<>|".contains(c);
    !(is_device || part.contains(odd) || part.ends_with([' ', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_leads_up_away_or_to_a_device(text in "(/|[cC]:|\\\\|[a-z]{1,4}|\\.{1,2}|dev|proc|nul|\\?|\u{0}| ){0,8}") {
            let parts = |separators: &[char]| text.split(separators).map(str::to_owned).collect::<Vec<_>>();
            if is_local_elsewhere(&text) {
                let parts = parts(&['/']);
                prop_assert!(text.starts_with('/') && !text.contains('\0') && parts.iter().all(|part| part != ".."));
                let first = parts.iter().find(|part| !part.is_empty() && *part != ".");
                prop_assert!(first.is_some_and(|first| !["dev", "proc", "sys"].contains(&first.as_str())));
                // Nothing that the system itself makes of it leads elsewhere.
                prop_assert!(!Path::new(&text).starts_with("/dev") && !Path::new(&text).starts_with("/proc"));
            }
            if is_local_on_windows(&text) {
                prop_assert!(text.get(1..2) == Some(":") && !text.contains(['?', '\0']));
                let leads_away = |part: &String| part == ".." || part.eq_ignore_ascii_case("nul");
                prop_assert!(!parts(&['/', '\\']).iter().skip(1).any(leads_away));
            }
        }
    }

    #[test]
    fn an_ordinary_absolute_path_is_local() {
        for text in ["/home/name/Келісім шарт.pdf", "/tmp//a", "/srv/./a", "/devices/a"] {
            assert!(is_local_elsewhere(text), "{text}");
        }
        for text in ["C:\\Users\\name\\Шарт.pdf", "d:/a.p12", "C:\\a.b.c", "C:\\.hidden", "C:\\console.txt"] {
            assert!(is_local_on_windows(text), "{text}");
        }
    }

    #[test]
    fn other_computers_devices_and_ways_around_are_not() {
        for text in [
            "",
            "a.txt",
            "./a",
            "~/a",
            "/",
            "/dev/sda",
            "//dev/null",
            "/./proc/self/environ",
            "/sys",
            "/srv/../proc/1/mem",
            "/a\0b",
            "file:///etc/passwd",
        ] {
            assert!(!is_local_elsewhere(text), "{text}");
        }
        for text in [
            "",
            "a.txt",
            "\\a",
            "C:",
            "C:a.txt",
            "C:\\",
            "\\\\server\\share\\a",
            "//server/share/a",
            "\\\\?\\C:\\a",
            "\\\\.\\PhysicalDrive0",
            "C:\\a\\..\\b",
            "C:\\nul",
            "C:\\a\\COM1.txt",
            "C:\\aux .txt",
            "C:\\a.txt:stream",
            "C:\\a. ",
            "C:\\a\0b",
            "1:\\a",
        ] {
            assert!(!is_local_on_windows(text), "{text}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn nothing_is_written_where_settings_lie() {
        let may = |path: &str| LocalPath::parse(path).map(|path| path.may_be_written());
        if cfg!(windows) {
            assert_eq!(may("C:\\Users\\n\\Start Menu\\Programs\\Startup"), Some(false));
        } else {
            assert_eq!(may("/srv/n/.config/autostart"), Some(false));
            assert_eq!(may("/srv/n/.ssh"), Some(false));
            assert_eq!(may("/srv/n/./Documents/a.b"), Some(true));
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_ordinary_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let read = |name: &str| LocalPath::parse(at(name).to_str().unwrap()).unwrap().read(10);
        fs::write(at("a"), "text").unwrap();
        for (target, name) in [(at("a"), "good"), ("/dev/zero".into(), "device"), (folder.path().into(), "folder")] {
            std::os::unix::fs::symlink(target, at(name)).unwrap();
        }
        assert_eq!(read("a").unwrap(), b"text");
        assert_eq!(read("good").unwrap(), b"text");
        assert!(read("device").is_err() && read("folder").is_err() && read("missing").is_err());
        fs::write(at("long"), "longer than ten").unwrap();
        assert_eq!(read("long").unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
