//! `tokens.toml` as it is written: ours, the administrator's and the person's have the same members.
//!
//! What is bounded or has a form of its own is a type that checks itself while it is read, so that the line of what is
//! wrong can be named.

use super::{KnownToken, PinRules, TokenRule};
use serde::Deserialize;
use std::path::PathBuf;

/// The names of NCALayer's storages that are tokens (`ncalayer-protocol.md` 4.5).
pub const TOKEN_STORAGES: [&str; 6] =
    ["AKKaztokenStore", "AKKZIDCardStore", "AKEToken72KStore", "AKEToken5110Store", "AKJaCartaStore", "AKAKEYStore"];

/// The most tables, paths of a table and rules of a table.
const MOST: usize = 256;
/// The longest text, in characters: longer than any field of CK_TOKEN_INFO or of a reader's name.
const LONGEST_TEXT: usize = 1000;
/// The longest path, in octets.
const LONGEST_PATH: usize = 4096;
/// The longest PIN that a rule speaks of.
const LONGEST_PIN: u8 = 255;

/// The systems that a file has paths for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Linux,
    Windows,
    MacOs,
}

impl System {
    /// This one; what is neither Windows nor macOS has its libraries where Linux has them.
    pub(super) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// A whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default, rename = "library")]
    pub(super) driver: Bounded<Table>,
}

/// `[[library]]`. A member that nobody knows is an error: a misspelt `off` would leave something on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) vendor: Option<Name>,
    path: Option<LibraryPath>,
    #[serde(default)]
    linux: Bounded<LibraryPath>,
    #[serde(default)]
    windows: Bounded<LibraryPath>,
    #[serde(default)]
    macos: Bounded<LibraryPath>,
    #[serde(default)]
    pub(super) off: bool,
    #[serde(default)]
    pub(super) generic: bool,
    #[serde(default)]
    pub(super) note: Text,
    #[serde(default)]
    #[allow(dead_code, reason = "for whoever reads the file")]
    source: Text,
    #[serde(default)]
    token: Bounded<TokenTable>,
}

impl Table {
    /// The libraries that it names for a system; `path` is of the system that the file lies on.
    pub(super) fn paths(&self, system: System) -> Vec<PathBuf> {
        let own = match system {
            System::Linux => &self.linux,
            System::Windows => &self.windows,
            System::MacOs => &self.macos,
        };
        self.path.iter().chain(&own.0).map(|path| PathBuf::from(&path.0)).collect()
    }

    /// Whether it names a library for any system.
    pub(super) fn names_paths(&self) -> bool {
        [System::Linux, System::Windows, System::MacOs].into_iter().any(|system| !self.paths(system).is_empty())
    }

    pub(super) fn tokens(&self) -> Vec<KnownToken> {
        self.token.0.iter().map(TokenTable::known).collect()
    }
}

/// `[[library.token]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenTable {
    #[serde(default)]
    manufacturer: Text,
    #[serde(default)]
    model: Text,
    #[serde(default)]
    label: Text,
    #[serde(default)]
    reader: Text,
    storage: Option<Storage>,
    factory_pin: Option<FactoryPin>,
    pin_tries: Option<u8>,
    pin_length: Option<PinLength>,
}

impl TokenTable {
    fn known(&self) -> KnownToken {
        KnownToken {
            rule: TokenRule {
                manufacturer: self.manufacturer.0.clone(),
                model: self.model.0.clone(),
                label: self.label.0.clone(),
                reader: self.reader.0.clone(),
                storage: self.storage.as_ref().map(|storage| storage.0.clone()),
            },
            pin: PinRules {
                factory: self.factory_pin.as_ref().map(|pin| pin.0.clone()),
                tries: self.pin_tries,
                length: self.pin_length.map(|length| (length.0, length.1)),
            },
        }
    }
}

/// A list of at most [`MOST`].
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<T>", bound = "T: Deserialize<'de>")]
pub(super) struct Bounded<T>(pub(super) Vec<T>);

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> TryFrom<Vec<T>> for Bounded<T> {
    type Error = String;
    fn try_from(list: Vec<T>) -> Result<Self, String> {
        if list.len() <= MOST { Ok(Self(list)) } else { Err(format!("more than {MOST} of them")) }
    }
}

/// A text of bounded length that rewrites no terminal.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Text(pub(super) String);

impl TryFrom<String> for Text {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.chars().count() > LONGEST_TEXT {
            return Err(format!("longer than {LONGEST_TEXT} characters"));
        }
        if text.chars().any(char::is_control) {
            return Err("a control character in a text".to_owned());
        }
        Ok(Self(text))
    }
}

/// A text that is not empty.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Name(pub(super) String);

impl TryFrom<String> for Name {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let Text(text) = Text::try_from(text)?;
        let text = text.trim();
        if text.is_empty() { Err("an empty name".to_owned()) } else { Ok(Self(text.to_owned())) }
    }
}

/// An absolute path of either kind of system.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct LibraryPath(String);

impl TryFrom<String> for LibraryPath {
    type Error = String;
    fn try_from(path: String) -> Result<Self, String> {
        if path.len() > LONGEST_PATH || path.chars().any(char::is_control) {
            return Err(format!("a path of more than {LONGEST_PATH} octets, or with a control character"));
        }
        let has_drive = matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
        if path.starts_with('/') || has_drive {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is not the absolute path of a library on this computer"))
        }
    }
}

/// One of [`TOKEN_STORAGES`].
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Storage(String);

impl TryFrom<String> for Storage {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        if TOKEN_STORAGES.contains(&name.as_str()) {
            Ok(Self(name))
        } else {
            Err(format!("{name:?} is none of NCALayer's storages: {}", TOKEN_STORAGES.join(", ")))
        }
    }
}

/// The PIN that a maker gives to every token.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct FactoryPin(String);

impl TryFrom<String> for FactoryPin {
    type Error = String;
    fn try_from(pin: String) -> Result<Self, String> {
        let is_pin = !pin.is_empty()
            && pin.len() <= usize::from(LONGEST_PIN)
            && pin.bytes().all(|octet| octet.is_ascii_graphic());
        // Without the text: somebody may have written their own PIN here.
        if is_pin { Ok(Self(pin)) } else { Err("a factory PIN is of letters, digits and signs of ASCII".to_owned()) }
    }
}

impl std::fmt::Debug for FactoryPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactoryPin(..)")
    }
}

/// The fewest and the most characters of a PIN.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "(u8, u8)")]
struct PinLength(u8, u8);

impl TryFrom<(u8, u8)> for PinLength {
    type Error = String;
    fn try_from((fewest, most): (u8, u8)) -> Result<Self, String> {
        if fewest <= most {
            Ok(Self(fewest, most))
        } else {
            Err("a PIN length is [the fewest, the most] characters".to_owned())
        }
    }
}
