//! What is only told, and which file a page wants to know of.

use super::Outcome;
use super::errand::{End, Errand};
use crate::local_path::LocalPath;
use crate::unseen::visible;
use crate::window::{Learns, Sentence};
use order::{FileQuery, Notice};
use std::path::PathBuf;

/// `showSettings`, `showBundleManager`, `installBundle`.
pub(super) fn tell(errand: &mut Errand<'_, '_>, notice: &Notice) -> Result<Outcome, End> {
    let shown = |path: PathBuf| visible(&path.display().to_string());
    let sentences = match notice {
        Notice::Settings => vec![
            Sentence::new("notice-settings").text("path", shown(errand.room.places.settings_file())),
            Sentence::new("notice-data")
                .text("data", shown(errand.room.places.data().to_owned()))
                .text("state", shown(errand.room.places.state().to_owned())),
        ],
        Notice::Modules(modules) => vec![
            Sentence::new("notice-modules").text("modules", visible(&modules.join(", "))),
            Sentence::new("notice-nothing-to-install"),
        ],
    };
    errand.tell(sentences)?;
    Ok(Outcome::Told)
}

/// `showFileChooser`, `browseKeyStore`.
pub(super) fn choose_file(errand: &mut Errand<'_, '_>, query: &FileQuery) -> Result<Outcome, End> {
    // Another computer's folder would be visited by the chooser alone.
    let folder = LocalPath::parse(&query.folder).map(|path| path.as_path().to_owned()).unwrap_or_default();
    let is_ending = query.extension.len() <= 16 && query.extension.chars().all(char::is_alphanumeric);
    let extension = if is_ending && query.extension != "ALL" { query.extension.as_str() } else { "" };
    let chosen = errand.choose_file(Learns::Path, extension, folder)?;
    Ok(Outcome::FileChosen(chosen.to_string_lossy().into_owned()))
}
