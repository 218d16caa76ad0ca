//! Settings that follow their files.

use crate::{Loaded, Places, Settings};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Settings that follow their files: whoever asks has what the files say now. Nothing runs meanwhile: two files are looked
/// at (not read) with each question, and read when they have changed.
#[derive(Debug)]
pub struct Live {
    places: Places,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    seen: [Option<Stamp>; 2],
    loaded: Arc<Loaded>,
}

/// What changes of a file when somebody writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    octets: u64,
    /// A file that is written whole is another one each time, even within the clock's grain.
    identity: u64,
}

impl Live {
    /// Settings that hold until a file of these places changes.
    #[must_use]
    pub fn new(places: Places, settings: impl Into<Loaded>) -> Self {
        let held = Held { seen: seen(&places), loaded: Arc::new(settings.into()) };
        Self { places, held: Mutex::new(held) }
    }

    /// What holds now. While a file cannot be read, or is wrong, what held before goes on; the log says so once.
    #[must_use]
    pub fn now(&self) -> Arc<Loaded> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen(&self.places);
        if held.seen != seen {
            held.seen = seen;
            match Settings::load(&self.places) {
                Ok(loaded) => held.loaded = Arc::new(loaded),
                Err(error) => tracing::warn!(%error, "the settings that held before go on"),
            }
        }
        Arc::clone(&held.loaded)
    }
}

fn seen(places: &Places) -> [Option<Stamp>; 2] {
    [Some(places.settings_file()), places.administrators_settings_file()].map(|file| file.as_deref().and_then(stamp))
}

fn stamp(file: &Path) -> Option<Stamp> {
    let seen = fs::metadata(file).ok()?;
    #[cfg(unix)]
    let identity = std::os::unix::fs::MetadataExt::ino(&seen);
    #[cfg(not(unix))]
    let identity = 0;
    Some(Stamp { modified: seen.modified().ok(), octets: seen.len(), identity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, edit};

    #[test]
    fn a_change_holds_for_the_next_question_and_a_slip_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        let live = Live::new(places.clone(), Settings::load(&places).unwrap());
        let language = || live.now().settings.language;
        assert_eq!(language(), None);
        edit::set(&places, "language", "kk").unwrap();
        assert_eq!(language(), Some(Language::Kk));
        edit::set(&places, "language", "ru").unwrap();
        assert_eq!(language(), Some(Language::Ru));
        std::fs::write(places.settings_file(), "language = 'klingon'").unwrap();
        assert_eq!(language(), Some(Language::Ru));
        std::fs::remove_file(places.settings_file()).unwrap();
        assert_eq!(language(), None);
        assert!(Arc::ptr_eq(&live.now(), &live.now()), "what did not change is not read again");
    }
}
