//! What is only told, and which file a page wants to know of.

use super::Outcome;
use super::errand::{End, Errand};
use crate::local_path::LocalPath;
use crate::unseen::visible;
use crate::window::{Argument, Learns, Sentence};
use order::{FileQuery, Notice};
use std::path::Path;

/// `showSettings`, `showBundleManager`, `installBundle`.
pub(super) fn tell(errand: &mut Errand<'_, '_>, notice: &Notice) -> Result<Outcome, End> {
    let with = |id, places: &[(&'static str, &str)]| {
        let argument = |(place, text): &(&'static str, &str)| (*place, Argument::Text(visible(text)));
        Sentence { id, arguments: places.iter().map(argument).collect() }
    };
    let shown = |path: &Path| path.display().to_string();
    let places = errand.room.places;
    let sentences = match notice {
        Notice::Settings => vec![
            with("notice-settings", &[("path", &shown(&places.settings_file()))]),
            with("notice-data", &[("data", &shown(places.data())), ("state", &shown(places.state()))]),
        ],
        Notice::Modules(modules) => vec![
            with("notice-modules", &[("modules", &modules.join(", "))]),
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
