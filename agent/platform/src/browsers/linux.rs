//! Linux: folders under `/etc` and in the home folder.

use super::BrowserFile;
use std::fs;
use std::path::{Path, PathBuf};

/// Where each browser of the Chromium family looks for what its administrator made mandatory.
const POLICIES: [(&str, &str); 5] = [
    ("Chrome", "/etc/opt/chrome/policies/managed"),
    ("Chromium", "/etc/chromium/policies/managed"),
    ("Chromium", "/etc/chromium-browser/policies/managed"),
    ("Edge", "/etc/opt/edge/policies/managed"),
    ("Brave", "/etc/brave/policies/managed"),
];

/// Where browsers look for the programs that extensions may talk to: for everybody on this computer.
const MANIFESTS: [(&str, &str); 5] = [
    ("Chrome", "/etc/opt/chrome/native-messaging-hosts"),
    ("Chromium", "/etc/chromium/native-messaging-hosts"),
    ("Edge", "/etc/opt/edge/native-messaging-hosts"),
    ("Firefox", "/usr/lib/mozilla/native-messaging-hosts"),
    ("Firefox", "/usr/lib64/mozilla/native-messaging-hosts"),
];

/// The same of one person, below their home folder.
const OWN_MANIFESTS: [(&str, &str); 7] = [
    ("Chrome", ".config/google-chrome/NativeMessagingHosts"),
    ("Chromium", ".config/chromium/NativeMessagingHosts"),
    ("Chromium", "snap/chromium/common/chromium/NativeMessagingHosts"),
    ("Edge", ".config/microsoft-edge/NativeMessagingHosts"),
    ("Brave", ".config/BraveSoftware/Brave-Browser/NativeMessagingHosts"),
    ("Firefox", ".mozilla/native-messaging-hosts"),
    ("Firefox", ".config/mozilla/native-messaging-hosts"),
];

/// More files than this no folder of these has.
const MOST_FILES: usize = 64;

/// A longer file is none of these.
const LONGEST: u64 = 1024 * 1024;

/// What an administrator lays down for the Chromium family.
#[must_use]
pub fn managed_policies() -> Vec<BrowserFile> {
    POLICIES.iter().flat_map(|(browser, folder)| files_in(browser, Path::new(folder))).collect()
}

/// The manifests of native messaging that this user's browsers read.
#[must_use]
pub fn native_messaging(home: &Path) -> Vec<BrowserFile> {
    let own = OWN_MANIFESTS.iter().map(|(browser, folder)| (*browser, home.join(folder)));
    let of_all = MANIFESTS.iter().map(|(browser, folder)| (*browser, PathBuf::from(folder)));
    own.chain(of_all).flat_map(|(browser, folder)| files_in(browser, &folder)).collect()
}

/// The JSON files of a folder, in the order of their names; none where there is no folder.
fn files_in(browser: &'static str, folder: &Path) -> Vec<BrowserFile> {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = listed.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    paths.truncate(MOST_FILES);
    let read = |path: PathBuf| {
        // A link is followed, as the browser does; what is no file then is not waited for.
        let content = fs::canonicalize(&path).and_then(|real| crate::files::read_ordinary(&real, LONGEST));
        BrowserFile { browser, path, content }
    };
    paths.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_found_where_browsers_look_and_a_pipe_is_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".mozilla/native-messaging-hosts");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.json"), b"{}").unwrap();
        fs::write(folder.join("notes.txt"), b"").unwrap();
        fs::create_dir(folder.join("b.json")).unwrap();
        let found = native_messaging(home.path());
        let own: Vec<_> = found.iter().filter(|file| file.path.starts_with(home.path())).collect();
        assert_eq!(own.len(), 2);
        assert_eq!((own[0].browser, own[0].content.as_deref().unwrap()), ("Firefox", &b"{}"[..]));
        assert!(own[1].content.is_err());
    }
}
