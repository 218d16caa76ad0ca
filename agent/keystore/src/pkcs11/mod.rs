//! Keys on tokens and smart cards, through the vendors' PKCS#11 libraries.
//!
//! Nothing here loads such a library: that is done by `tanba-signer token-host`, one process for each, with which this
//! module speaks (the room `pkcs11`).
//!
//! - [`Seen`], [`Snapshot`]: what is plugged in.
//! - [`Library`], [`TokenRule`]: which library is asked, and what its tokens are called.
//! - [`Catalogue`]: which libraries there are in the world; [`find`]: which of them are on this computer, and fit to be
//!   loaded.
//! - [`TokenFault`]: why a token did not do what was asked, as a person can be told it.

mod catalogue;
mod fault;
mod find;
mod library;
mod own_file;
mod p11_kit;
mod schema;
mod seen;

pub use catalogue::{Catalogue, CatalogueError, Entry, KnownToken, Origin, PinRules, administrators_file};
pub use fault::TokenFault;
pub use find::{Absent, Inventory, Off, Refused, check, find};
pub use library::{Library, TokenRule};
pub use own_file::{Added, OwnFile, OwnFileError};
pub use p11_kit::P11Kit;
pub use pkcs11::wire::{TokenId, Tries};
pub use schema::TOKEN_STORAGES;
pub use seen::{LibraryFault, Pin, PinPlace, Seen, Snapshot};
