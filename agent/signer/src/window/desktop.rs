//! What the desktop is asked beside the toolkit: whether it wants more contrast, and a file of the person's choice.

use std::path::{Path, PathBuf};

/// The longest ending of a file that a page can ask for.
const LONGEST_EXTENSION: usize = 16;

/// What came of asking for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Picked {
    /// This one.
    File(PathBuf),
    /// The person chose none.
    Nothing,
    /// This desktop has nothing to choose files with: the path has to be typed.
    NoChooser,
}

/// What a file chooser says.
#[derive(Clone, Debug)]
pub(super) struct ChooserWords {
    pub(super) title: String,
    pub(super) key_files: String,
    pub(super) all_files: String,
}

/// What kind of file is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A key file.
    Key,
    /// A place for a file that is yet to be made; this one is proposed.
    New(PathBuf),
    /// A file that a page wants to know of.
    Any {
        /// Its ending.
        extension: Option<String>,
        /// Where to begin.
        folder: Option<PathBuf>,
    },
}

impl Wanted {
    /// What a page wants, as far as it can be had: an ending of letters and digits, a folder of this computer.
    pub(super) fn any(extension: &str, folder: &Path) -> Self {
        let is_ending = (1..=LONGEST_EXTENSION).contains(&extension.len())
            && extension.bytes().all(|octet| octet.is_ascii_alphanumeric());
        // Two strokes begin the name of another computer on Windows, which would be told who the person is.
        let strokes = folder.as_os_str().as_encoded_bytes().iter().take_while(|octet| b"/\\".contains(octet)).count();
        let is_here = folder.is_absolute() && strokes <= 1;
        Self::Any { extension: is_ending.then(|| extension.to_owned()), folder: is_here.then(|| folder.to_owned()) }
    }
}

/// Asks for a file. Blocks until the person chose: not for the toolkit's thread.
pub(super) fn pick_file(wanted: &Wanted, words: &ChooserWords) -> Picked {
    if !has_chooser() {
        return Picked::NoChooser;
    }
    let mut dialog = rfd::FileDialog::new().set_title(&words.title);
    match wanted {
        Wanted::New(proposed) => {
            if let Some(folder) = proposed.parent() {
                dialog = dialog.set_directory(folder);
            }
            let name = proposed.file_name().unwrap_or_default().to_string_lossy();
            let picked = dialog.set_file_name(name).add_filter(&words.key_files, &["p12"]).save_file();
            return picked.map_or(Picked::Nothing, Picked::File);
        }
        Wanted::Key => {
            dialog = dialog.add_filter(&words.key_files, &["p12", "P12", "pfx", "PFX", "jks", "JKS"]);
        }
        Wanted::Any { extension, folder } => {
            if let Some(extension) = extension {
                let (lower, upper) = (extension.to_ascii_lowercase(), extension.to_ascii_uppercase());
                dialog = dialog.add_filter(format!("*.{lower}"), &[lower, upper]);
            }
            if let Some(folder) = folder.as_ref().filter(|folder| folder.is_dir()) {
                dialog = dialog.set_directory(folder);
            }
        }
    }
    let picked = dialog.add_filter(&words.all_files, &["*"]).pick_file();
    picked.map_or(Picked::Nothing, Picked::File)
}

/// What came of asking a person for a file of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one.
    File(PathBuf),
    /// They chose none.
    Nothing,
    /// This desktop has nothing to choose files with.
    NoChooser,
}

/// Asks for a key file. Blocks until the person chose: not for the toolkit's thread.
#[must_use]
pub fn pick_key_file(title: &str, texts: &texts::Texts) -> Choice {
    pick(&Wanted::Key, title, texts)
}

/// Asks for any file. Blocks until the person chose: not for the toolkit's thread.
#[must_use]
pub fn pick_any_file(title: &str, texts: &texts::Texts) -> Choice {
    pick(&Wanted::Any { extension: None, folder: None }, title, texts)
}

fn pick(wanted: &Wanted, title: &str, texts: &texts::Texts) -> Choice {
    let words = ChooserWords {
        title: title.to_owned(),
        key_files: texts.text("window-key-files"),
        all_files: texts.text("window-all-files"),
    };
    match pick_file(wanted, &words) {
        Picked::File(path) => Choice::File(path),
        Picked::Nothing => Choice::Nothing,
        Picked::NoChooser => Choice::NoChooser,
    }
}

/// A path as a person types it: with blanks around, in quotes, under `~`, or as a file manager copies it.
pub(super) fn typed_path(typed: &str) -> Option<PathBuf> {
    let bare = typed.trim().trim_matches(['"', '\'']);
    let bare = bare.strip_prefix("file://").unwrap_or(bare);
    if bare.is_empty() {
        return None;
    }
    let path = PathBuf::from(bare);
    let home = || std::env::home_dir();
    Some(match path.strip_prefix("~") {
        Ok(below) => home().map_or_else(|| path.clone(), |home| home.join(below)),
        // What is not a whole path is meant from the person's own folder, not from wherever the agent was started.
        Err(_) if path.is_relative() => home().map_or_else(|| path.clone(), |home| home.join(&path)),
        Err(_) => path,
    })
}

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use portal::{has_chooser, wants_more_contrast};

#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use std::time::Duration;
    use zbus::zvariant::OwnedValue;

    const SERVICE: &str = "org.freedesktop.portal.Desktop";
    const OBJECT: &str = "/org/freedesktop/portal/desktop";

    /// A portal that does not answer in this time is none.
    const PATIENCE: Duration = Duration::from_secs(2);

    /// Whether the portal's file chooser or `zenity` is there; without either `rfd` gives what it also gives when the
    /// person chooses nothing.
    pub(in crate::window) fn has_chooser() -> bool {
        let zenity = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file()));
        let portal = || {
            let arguments = ("org.freedesktop.portal.FileChooser", "version");
            call("org.freedesktop.DBus.Properties", "Get", arguments)
                .and_then(|version| u32::try_from(version).ok())
                .is_some()
        };
        zenity || portal()
    }

    /// Whether the desktop is set to high contrast (`org.freedesktop.appearance`, `contrast` = 1).
    pub(in crate::window) fn wants_more_contrast() -> bool {
        let settings = "org.freedesktop.portal.Settings";
        let arguments = ("org.freedesktop.appearance", "contrast");
        // Portals before 1.15 know only `Read`, which wraps the value once more.
        call(settings, "ReadOne", arguments)
            .or_else(|| call(settings, "Read", arguments))
            .and_then(|value| value.downcast_ref::<u32>().ok())
            .is_some_and(|contrast| contrast == 1)
    }

    /// One question to the portal, in a thread of its own so that its silence costs no more than our patience.
    fn call(
        interface: &'static str,
        method: &'static str,
        arguments: (&'static str, &'static str),
    ) -> Option<OwnedValue> {
        let (sender, answer) = std::sync::mpsc::channel();
        std::thread::Builder::new()
            .name("portal".to_owned())
            .spawn(move || {
                let value = pollster::block_on(async {
                    let bus = zbus::Connection::session().await.ok()?;
                    let reply =
                        bus.call_method(Some(SERVICE), OBJECT, Some(interface), method, &arguments).await.ok()?;
                    reply.body().deserialize::<OwnedValue>().ok()
                });
                // Nobody waits any more when it took too long.
                let _ = sender.send(value);
            })
            .ok()?;
        answer.recv_timeout(PATIENCE).ok().flatten()
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn has_chooser() -> bool {
    true
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn wants_more_contrast() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_path_is_taken_as_it_was_meant() {
        assert_eq!(typed_path("  \"/keys/GOST512.p12\" "), Some(PathBuf::from("/keys/GOST512.p12")));
        assert_eq!(typed_path("file:///keys/a.p12"), Some(PathBuf::from("/keys/a.p12")));
        assert_eq!(typed_path("   "), None);
        assert_eq!(typed_path("''"), None);
    }

    #[test]
    fn a_page_chooses_neither_a_strange_ending_nor_another_computer() {
        let any = |extension: Option<&str>, folder: Option<&str>| Wanted::Any {
            extension: extension.map(str::to_owned),
            folder: folder.map(PathBuf::from),
        };
        assert_eq!(Wanted::any("xml", Path::new("/home")), any(Some("xml"), Some("/home")));
        assert_eq!(Wanted::any("", Path::new("")), any(None, None));
        assert_eq!(Wanted::any("x*;rm", Path::new("docs")), any(None, None));
        assert_eq!(Wanted::any("a23456789012345678", Path::new("//evil/share")), any(None, None));
    }

    #[test]
    fn a_path_that_is_not_whole_starts_in_the_persons_folder() {
        let Some(home) = std::env::home_dir() else {
            return;
        };
        assert_eq!(typed_path("~/a.p12"), Some(home.join("a.p12")));
        assert_eq!(typed_path("keys/a.p12"), Some(home.join("keys/a.p12")));
    }
}
