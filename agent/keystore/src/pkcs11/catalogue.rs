//! Which libraries there are in the world, and what is known of their tokens.
//!
//! Tanba's own `data/tokens.toml` comes first; an administrator's file and a person's add to it and may switch libraries
//! off. The later a file, the sooner its rules are asked.

use super::{
    TokenId, TokenRule,
    schema::{File, System},
};
use crate::Password;
use std::io;
use std::path::{Path, PathBuf};

/// The longest file that is read: ten times our own.
const LONGEST_FILE: u64 = 64 * 1024;

const BUILT_IN: &str = include_str!("../../data/tokens.toml");
/// What our own file is called where it is wrong.
const BUILT_IN_NAME: &str = "data/tokens.toml";

/// Everything that the files say.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The person's entries, then the administrator's, then ours; each file's in its own order.
    entries: Vec<Entry>,
}

/// What a file says of a vendor's libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The vendor, for people; empty where only paths are switched off.
    pub vendor: String,
    /// Where the libraries may be on this system. None: it is known that the token exists, and no library of it.
    pub paths: Vec<PathBuf>,
    /// Its libraries are not to be asked; without paths: none of the vendor's.
    pub is_off: bool,
    /// It reads other vendors' tokens as well, and is asked after theirs.
    pub is_generic: bool,
    /// What people may want to know.
    pub note: String,
    /// What its tokens are.
    pub tokens: Vec<KnownToken>,
    /// Who says so.
    pub origin: Origin,
}

/// Who named a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Tanba itself.
    BuiltIn,
    /// A `tokens.toml` of the administrator or of the person, or a module file of p11-kit.
    File(PathBuf),
}

/// A kind of token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    /// Which one it is.
    pub rule: TokenRule,
    /// What is known of its PIN.
    pub pin: PinRules,
}

/// What is known of the PIN of a kind of token, beside what the token itself tells.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PinRules {
    /// The PIN that it has when it is new. It is there to be compared with what a person typed, so that they can be told
    /// to change it; nothing ever tries it.
    pub factory: Option<String>,
    /// How many wrong ones lock it.
    pub tries: Option<u8>,
    /// The fewest and the most characters.
    pub length: Option<(u8, u8)>,
}

/// Without the PIN: whoever never changed it has it as their own.
impl std::fmt::Debug for PinRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinRules").field("tries", &self.tries).field("length", &self.length).finish_non_exhaustive()
    }
}

/// Why a catalogue cannot be used. As long as one file is wrong nothing of it counts: it may be what switches a library
/// off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// It does not say what such a file says.
    #[error("{}, line {line}: {what}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The line, from one.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// It cannot be read.
    #[error("{}: {what}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        what: String,
    },
}

impl Catalogue {
    /// What Tanba knows by itself.
    ///
    /// # Errors
    /// [`CatalogueError`] never happens with the file that is compiled in: a test reads it.
    pub fn built_in() -> Result<Self, CatalogueError> {
        Ok(Self { entries: parse(BUILT_IN, Path::new(BUILT_IN_NAME), &Origin::BuiltIn)? })
    }

    /// That, with the administrator's file and the person's, as far as they are there.
    ///
    /// # Errors
    /// [`CatalogueError`] for the first file that is wrong, or that is the administrator's and could have been written by
    /// somebody else.
    pub fn load(administrators: Option<&Path>, persons: &Path) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::built_in()?;
        if let Some(file) = administrators.filter(|file| file.exists()) {
            // What it names is looked at as well, but a vendor's name or a storage would be believed.
            platform::trusted::resolve(file).map_err(|why| unreadable(file, &why))?;
            catalogue = catalogue.with(file)?;
        }
        catalogue.with(persons)
    }

    /// With a further file, which may be absent.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn with(mut self, file: &Path) -> Result<Self, CatalogueError> {
        if let Some(text) = read(file)? {
            let mut entries = parse(&text, file, &Origin::File(file.to_owned()))?;
            entries.append(&mut self.entries);
            self.entries = entries;
        }
        Ok(self)
    }

    /// The entries, those that come first first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that names a library of this file name, wherever it lies: what p11-kit or a person finds in another folder
    /// is still that vendor's.
    #[must_use]
    pub fn entry_of(&self, library: &Path) -> Option<&Entry> {
        let name = library.file_name()?;
        self.entries
            .iter()
            .find(|entry| !entry.vendor.is_empty() && entry.paths.iter().any(|path| path.file_name() == Some(name)))
    }

    /// The vendor as the first file that names it writes it.
    #[must_use]
    pub fn vendor(&self, name: &str) -> Option<&str> {
        self.of_vendor(name).next().map(|entry| entry.vendor.as_str())
    }

    /// What a vendor's tokens are, those of the entry itself first.
    #[must_use]
    pub fn rules_of(&self, entry: &Entry) -> Vec<TokenRule> {
        let mut rules: Vec<TokenRule> = Vec::new();
        let others = self.of_vendor(&entry.vendor).flat_map(|other| &other.tokens);
        for token in entry.tokens.iter().chain(others) {
            if !rules.contains(&token.rule) {
                rules.push(token.rule.clone());
            }
        }
        rules
    }

    /// What is known of the PIN of a vendor's token in a reader.
    #[must_use]
    pub fn pin_rules(&self, vendor: &str, token: &TokenId, reader: &str) -> Option<&PinRules> {
        // In one file the first rule that fits counts. Where it says nothing of the PIN, as an administrator's that names a
        // storage, the next file is asked.
        self.of_vendor(vendor)
            .filter_map(|entry| entry.tokens.iter().find(|known| known.rule.fits(token, reader)))
            .map(|known| &known.pin)
            .find(|pin| **pin != PinRules::default())
    }

    /// Whether a PIN that a vendor's token in a reader took is the one that every such token comes with, so that the person
    /// can be told to change it. Only to be asked about a PIN that was accepted: nothing here tries one.
    #[must_use]
    pub fn is_factory_pin(&self, vendor: &str, token: &TokenId, reader: &str, typed: &Password) -> bool {
        let factory = self.pin_rules(vendor, token, reader).and_then(|rules| rules.factory.as_deref());
        factory.is_some_and(|factory| factory == typed.expose())
    }

    /// The entry that switches a library off, by its path as it was named or as it really is, or by its vendor.
    #[must_use]
    pub fn switched_off(&self, vendor: &str, paths: &[&Path]) -> Option<&Entry> {
        self.entries.iter().filter(|entry| entry.is_off).find(|entry| {
            if entry.paths.is_empty() {
                !entry.vendor.is_empty() && same(&entry.vendor, vendor)
            } else {
                entry.paths.iter().any(|off| {
                    paths.iter().any(|path| off == path)
                        || off.canonicalize().is_ok_and(|off| paths.iter().any(|path| off == **path))
                })
            }
        })
    }

    fn of_vendor(&self, name: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| !entry.is_off && !name.is_empty() && same(&entry.vendor, name))
    }
}

/// Names of vendors are the same in any case of letters.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The file in which an administrator adds libraries for everybody; not necessarily there.
#[must_use]
pub fn administrators_file() -> Option<PathBuf> {
    platform::files::administrators("tokens.toml")
}

/// The text of a file of bounded size; none when there is no file.
pub(super) fn read(file: &Path) -> Result<Option<String>, CatalogueError> {
    match platform::files::read_bounded(file, LONGEST_FILE) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(unreadable(file, &"not a text in UTF-8")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(file, &error)),
    }
}

fn unreadable(file: &Path, what: &dyn std::fmt::Display) -> CatalogueError {
    CatalogueError::Unreadable { file: file.to_owned(), what: what.to_string() }
}

/// The entries that a text has.
fn parse(text: &str, file: &Path, origin: &Origin) -> Result<Vec<Entry>, CatalogueError> {
    Ok(parse_numbered(text, file, origin)?.into_iter().map(|(_, entry)| entry).collect())
}

/// The entries that a text has, each with the number of its `[[library]]`, from zero.
pub(super) fn parse_numbered(text: &str, file: &Path, origin: &Origin) -> Result<Vec<(usize, Entry)>, CatalogueError> {
    parse_for(text, file, origin, System::HERE)
}

fn parse_for(text: &str, file: &Path, origin: &Origin, system: System) -> Result<Vec<(usize, Entry)>, CatalogueError> {
    let malformed =
        |line: usize, what: &str| CatalogueError::Malformed { file: file.to_owned(), line, what: what.to_owned() };
    let read: File = toml::from_str(text)
        .map_err(|error| malformed(error.span().map_or(1, |span| line_of(text, span.start)), error.message()))?;
    let mut entries = Vec::new();
    for (number, table) in read.driver.0.iter().enumerate() {
        let paths = table.paths(system);
        let vendor = table.vendor.as_ref().map(|vendor| vendor.0.clone()).unwrap_or_default();
        if vendor.is_empty() && !(table.off && table.names_paths()) {
            let line = header_lines(text).nth(number).map_or(1, |(line, _)| line + 1);
            return Err(malformed(line, "a [[library]] needs a `vendor`, or a `path` and `off = true`"));
        }
        if table.off && table.names_paths() && paths.is_empty() {
            // Libraries of another system are switched off: without a path it would be all of the vendor's here.
            continue;
        }
        let entry = Entry {
            vendor,
            paths,
            is_off: table.off,
            is_generic: table.generic,
            note: table.note.0.clone(),
            tokens: table.tokens(),
            origin: origin.clone(),
        };
        entries.push((number, entry));
    }
    Ok(entries)
}

/// The line of an octet, from one.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|octet| *octet == b'\n').count() + 1
}

/// The lines that look like the head of a `[[library]]`, from zero. One inside of a text of several lines looks so too:
/// whoever changes anything by this compares afterwards.
pub(super) fn header_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| {
        let line: String = line.split('#').next().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        line == "[[library]]"
    })
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
