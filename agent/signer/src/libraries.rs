//! Which libraries of tokens are asked here: Tanba's own list, the administrator's file, the person's, and p11-kit's.

use crate::window::Sentence;
use keystore::pkcs11::{self, Catalogue, CatalogueError, Inventory, P11Kit};
use platform::trusted::Distrust;
use settings::Places;

/// What all files say.
///
/// # Errors
/// [`CatalogueError`] for a file that is wrong; until it is put right no library is asked.
pub fn catalogue(places: &Places) -> Result<Catalogue, CatalogueError> {
    Catalogue::load(pkcs11::administrators_file().as_deref(), &places.tokens_file())
}

/// What of it is on this computer. Nothing is loaded.
///
/// # Errors
/// As [`catalogue`].
pub fn find(places: &Places) -> Result<Inventory, CatalogueError> {
    Ok(pkcs11::find(&catalogue(places)?, &P11Kit::of_system()))
}

/// What is wrong with a file, for the person.
#[must_use]
pub fn sentence(error: &CatalogueError) -> Sentence {
    match error {
        CatalogueError::Malformed { file, line, what } => Sentence::new("tokens-file-wrong")
            .text("file", file.display().to_string())
            .text("line", line.to_string())
            .text("what", what.clone()),
        CatalogueError::Unreadable { file, what } => {
            Sentence::new("tokens-file-unreadable").text("file", file.display().to_string()).text("what", what.clone())
        }
    }
}

/// Why a library is not loaded, for the person, with the next step.
#[must_use]
pub fn distrust(why: &Distrust) -> Sentence {
    let path = why.about().display().to_string();
    let sentence = Sentence::new(match why {
        Distrust::Missing(_) => "library-missing",
        Distrust::NotAFile(_) => "library-not-a-file",
        Distrust::Elsewhere(_) => "library-elsewhere",
        Distrust::OwnedByOthers(_) => "library-owned-by-others",
        Distrust::WritableByOthers(_) => "library-writable-by-others",
        Distrust::Unreadable { error, .. } => {
            return Sentence::new("library-unreadable").text("path", path).text("what", error.to_string());
        }
        // Of what a person types an absolute path is made, and no file is read that has a relative one.
        _ => "library-not-absolute",
    });
    sentence.text("path", path)
}
