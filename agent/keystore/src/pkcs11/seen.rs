//! What is plugged in.

use std::{path::PathBuf, sync::Arc};

use pkcs11::wire::{TokenId, Tries};

use super::TokenFault;
use crate::ListedKey;

/// Everything that is plugged in at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The tokens, in an order that does not change from one look to the next.
    pub tokens: Vec<Seen>,
    /// The libraries that could not be asked.
    pub faults: Vec<LibraryFault>,
    /// Whether every library has answered or failed at least once. Before that, a token that is plugged in may be missing.
    pub is_settled: bool,
}

/// A token that is plugged in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which one.
    pub id: TokenId,
    /// The reader's name.
    pub reader: String,
    /// The vendor, as the catalogue of libraries has it.
    pub vendor: String,
    /// The library that shows it.
    pub driver: PathBuf,
    /// What NCALayer calls the storage (`AKKaztokenStore`); `None` for a token that no entry of the catalogue names.
    pub storage: Option<String>,
    /// Its PIN.
    pub pin: Pin,
    /// The keys that show without the PIN, with their certificates; no more than a window can list.
    pub keys: Arc<Vec<ListedKey>>,
    /// Whether its library was asked since somebody watches. What was seen before that may have been taken out while nobody
    /// looked.
    pub is_current: bool,
}

/// A token's PIN, as far as the token tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Where it is typed.
    pub place: PinPlace,
    /// Whether there is one: a token that was never given out has none, and its keys cannot be used.
    pub is_set: bool,
    /// How many wrong ones are left.
    pub tries: Tries,
    /// The fewest and the most octets.
    pub length: (u64, u64),
}

/// Where a PIN is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinPlace {
    /// In our window.
    Window,
    /// At the reader, which has a pad of its own; nobody else learns it.
    Reader,
}

/// A library that could not be asked.
#[derive(Clone, Debug)]
pub struct LibraryFault {
    /// The vendor, as the catalogue has it.
    pub vendor: String,
    /// The library.
    pub path: PathBuf,
    /// Why.
    pub fault: TokenFault,
}
