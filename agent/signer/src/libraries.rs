//! Which libraries of tokens are asked here: Tanba's own list, the administrator's file, the person's, and p11-kit's.

use crate::window::Sentence;
use keystore::{
    Password,
    pkcs11::{self, Catalogue, CatalogueError, Fleet, HostCommand, Inventory, Library, P11Kit, Seen, TokenFault},
};
use platform::trusted::Distrust;
use settings::Places;
use std::{cell::RefCell, io};

/// What all files say.
///
/// # Errors
/// [`CatalogueError`] for a file that is wrong; until it is put right no library is asked.
pub fn catalogue(places: &Places) -> Result<Catalogue, CatalogueError> {
    Catalogue::load(pkcs11::administrators_file().as_deref(), &places.tokens_file())
}

/// Whether a PIN that this token took is the one that every token of its kind comes with. Never to be asked of a PIN that
/// was not accepted.
#[must_use]
pub fn is_factory_pin(places: &Places, seen: &Seen, accepted: &Password) -> bool {
    // While a file is wrong no library is asked, and no token takes a PIN.
    catalogue(places).is_ok_and(|known| known.is_factory_pin(&seen.vendor, &seen.id, &seen.reader, accepted))
}

/// What of it is on this computer. Nothing is loaded.
///
/// # Errors
/// As [`catalogue`].
pub fn find(places: &Places) -> Result<Inventory, CatalogueError> {
    Ok(pkcs11::find(&catalogue(places)?, &P11Kit::of_system()))
}

/// Which libraries to ask, for a process that has nobody to tell what is wrong: while a file is wrong there are none. The log
/// says what is wrong, once for as long as it stays the same. `tanba tokens list` tells the person.
#[derive(Debug, Default)]
pub struct Inquiry {
    told: RefCell<Vec<String>>,
}

impl Inquiry {
    /// The libraries to ask now.
    pub fn to_ask(&self, places: &Places) -> Vec<Library> {
        let (libraries, wrong) = match find(places) {
            Ok(Inventory { libraries, refused, .. }) => {
                let of =
                    |one: &pkcs11::Refused| format!("a library of tokens is not loaded: {:?}: {}", one.vendor, one.why);
                (libraries, refused.iter().map(of).collect())
            }
            Err(error) => (Vec::new(), vec![format!("no token is asked: {error}")]),
        };
        if *self.told.borrow() != wrong {
            for what in &wrong {
                tracing::warn!("{what}");
            }
            self.told.replace(wrong);
        }
        libraries
    }
}

/// Libraries in the order they are asked in, each to be loaded by a host that is this very program.
///
/// # Errors
/// When the system does not say where this program is.
pub fn fleet(places: &Places, libraries: Vec<Library>) -> io::Result<Fleet> {
    let host = HostCommand { program: std::env::current_exe()?, arguments: vec!["token-host".into()] };
    Ok(Fleet::new(libraries, host, Some(places.data().join("token-layouts.json"))))
}

/// Why a library brings no tokens, for the person, with the next step.
#[must_use]
pub fn fault(fault: &TokenFault) -> Sentence {
    match fault {
        TokenFault::NotResponding => Sentence::new("library-not-responding"),
        TokenFault::Crashed => Sentence::new("library-crashed"),
        TokenFault::BadLibrary(what) => sentence_of("library-unusable", &[("what", what)]),
        other => sentence_of("library-failed", &[("what", &other.to_string())]),
    }
}

/// What is wrong with a file, for the person.
#[must_use]
pub fn sentence(error: &CatalogueError) -> Sentence {
    match error {
        CatalogueError::Malformed { file, line, what } => {
            let (file, line) = (file.display().to_string(), line.to_string());
            sentence_of("tokens-file-wrong", &[("file", &file), ("line", &line), ("what", what)])
        }
        CatalogueError::Unreadable { file, what } => {
            sentence_of("tokens-file-unreadable", &[("file", &file.display().to_string()), ("what", what)])
        }
    }
}

/// Why a library is not loaded, for the person, with the next step.
#[must_use]
pub fn distrust(why: &Distrust) -> Sentence {
    let path = why.about().display().to_string();
    let id = match why {
        Distrust::Missing(_) => "library-missing",
        Distrust::NotAFile(_) => "library-not-a-file",
        Distrust::Elsewhere(_) => "library-elsewhere",
        Distrust::OwnedByOthers(_) => "library-owned-by-others",
        Distrust::WritableByOthers(_) if why.can_be_closed() => "library-writable-by-others",
        Distrust::WritableByOthers(_) => "library-place-of-others",
        Distrust::Unreadable { error, .. } => {
            return sentence_of("library-unreadable", &[("path", &path), ("what", &error.to_string())]);
        }
        // Of what a person types an absolute path is made, and no file is read that has a relative one.
        _ => "library-not-absolute",
    };
    sentence_of(id, &[("path", &path)])
}

/// A sentence with texts in its places.
pub(crate) fn sentence_of(id: &'static str, places: &[(&'static str, &str)]) -> Sentence {
    places.iter().fold(Sentence::new(id), |sentence, (place, text)| sentence.with(place, *text))
}
