//! Keys on tokens and smart cards, through the vendors' PKCS#11 libraries.
//!
//! Nothing here loads such a library: that is done by `tanba-signer token-host`, one process for each, with which this
//! module speaks (the room `pkcs11`).
//!
//! - [`Fleet`]: all libraries, asked side by side; [`Watching`] looks again and again.
//! - [`Token`]: one of their tokens, as a [`KeyStore`](crate::KeyStore).
//! - [`Seen`], [`Snapshot`]: what is plugged in.
//! - [`HostCommand`], [`Limits`]: how hosts are started, and how long they may take.
//! - [`Library`], [`TokenRule`]: which library is asked, and what its tokens are called.
//! - [`Catalogue`]: which libraries there are in the world; [`find`]: which of them are on this computer, and fit to be
//!   loaded.
//! - [`TokenFault`]: why a token did not do what was asked, as a person can be told it.

mod ask;
mod catalogue;
mod environment;
mod fault;
mod find;
mod fleet;
mod found;
mod host_log;
mod layout;
mod library;
mod limits;
mod login;
mod memory;
mod new_key;
mod own_file;
mod p11_kit;
mod process;
mod public_half;
mod schema;
mod seen;
mod signing;
mod token;
mod watch;

pub use catalogue::{Catalogue, CatalogueError, Entry, KnownToken, Origin, PinRules, administrators_file};
pub use fault::TokenFault;
pub use find::{Absent, Inventory, Off, Refused, check, find};
pub use fleet::Fleet;
pub use library::{Library, TokenRule};
pub use limits::Limits;
pub use own_file::{Added, OwnFile, OwnFileError};
pub use p11_kit::P11Kit;
pub use pkcs11::wire::{TokenId, Tries};
pub use process::HostCommand;
pub use schema::TOKEN_STORAGES;
pub use seen::{LibraryFault, Pin, PinPlace, Seen, Snapshot};
pub use token::Token;
pub use watch::Watching;
