//! Where keys live.
//!
//! - [`KeyStore`], [`UnlockedStore`]: what every place of keys can do: a [`KeyFile`], a token ([`pkcs11`]).
//! - [`open`], [`inspect`]: key files of either format from bytes; [`Contents`] is what is in them.
//! - [`pkcs12`], [`jks`]: the formats themselves, the first read and written, the second read.
//! - [`reseal`]: a key file under another password or in another layout, with all that it held; [`weaknesses`]: what is
//!   weak about its protection.
//! - [`PrivateKey`], [`Password`]: the secrets. Both wipe themselves; neither can be printed, compared or serialised.
//! - [`IssuingKey`], [`demo`]: a key that issues certificates, and one ready-made use of it.
//! - [`Entropy`]: where random bytes come from.
//!
//! Nothing above this crate knows a key file from a token, or sees a private number.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod contents;
pub mod demo;
mod entropy;
mod format;
pub mod jks;
mod key_file;
mod open_error;
mod pair;
mod password;
pub mod pkcs11;
pub mod pkcs12;
mod private_key;
mod reseal;
mod rsa_ec;
mod signer;
mod store;
mod work;

pub use contents::{Contents, Entry, Skipped};
pub use entropy::{Entropy, EntropyError, OsEntropy};
pub use format::{Format, inspect, looks_like_key_file, open, open_with_key_password};
pub use key_file::{KeyFile, Layout};
pub use open_error::OpenError;
pub use password::{Password, PasswordError};
pub use private_key::{BrokenKey, NewKey, PrivateKey};
pub use reseal::{Relayout, ResealError, Resealed, hold_the_same, reseal, weaknesses};
pub use signer::{CannotSign, IssuingKey};
pub use store::{Generated, Import, KeyId, KeyStore, ListedKey, Listing, Opened, Requester, StoreError, UnlockedStore};
