//! Who may enter Tanba's folders, and whose what lies in them is.

use crate::doctor::{Detail, Finding, Fix, Kind, World, kinds};
use platform::privacy::{self, Privacy};
use std::io;
use std::path::Path;

/// More files than this are not looked at: their folder tells enough.
const MOST_FILES: usize = 500;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let places = &world.places;
    let mut found = Vec::new();
    for folder in [places.config(), places.data(), places.state(), places.runtime()] {
        match privacy::of(folder) {
            // Tanba makes it when it is started first.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let what = Detail::Cause(error.to_string());
                found.push(at(kinds::FOLDERS_UNREADABLE, folder).with("what", what));
            }
            Ok(Privacy::Foreign) => found.push(at(kinds::FOLDERS_FOREIGN, folder)),
            Ok(Privacy::Open) => {
                found.push(at(kinds::FOLDERS_OPEN, folder).fixed_by(Fix::Tighten(folder.to_owned())));
            }
            Ok(Privacy::Private) => found.extend(foreign_in(folder)),
        }
    }
    if found.is_empty() { vec![Finding::of(kinds::FOLDERS_PRIVATE)] } else { found }
}

/// The first file of another user: what was done once as root.
fn foreign_in(folder: &Path) -> Option<Finding> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_FILES);
    let mut foreign =
        entries.map(|entry| entry.path()).filter(|path| matches!(privacy::of(path), Ok(Privacy::Foreign)));
    foreign.next().map(|path| at(kinds::FOLDERS_FOREIGN, &path))
}

fn at(kind: Kind, path: &Path) -> Finding {
    Finding::of(kind).with("path", Detail::Path(path.to_owned()))
}
