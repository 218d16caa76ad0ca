//! Keys on tokens and smart cards, through the vendors' PKCS#11 libraries.
//!
//! Nothing here loads such a library: that is done by `tanba-signer token-host`, one process for each, with which this
//! module speaks (the room `pkcs11`).
//!
//! - [`Seen`], [`Snapshot`]: what is plugged in.
//! - [`Library`], [`TokenRule`]: which library is asked, and what its tokens are called.
//! - [`TokenFault`]: why a token did not do what was asked, as a person can be told it.

mod fault;
mod library;
mod seen;

pub use fault::TokenFault;
pub use library::{Library, TokenRule};
pub use pkcs11::wire::{TokenId, Tries};
pub use seen::{LibraryFault, Pin, PinPlace, Seen, Snapshot};
