//! Where keys live.
//!
//! - [`KeyStore`], [`UnlockedStore`]: what every place of keys can do; [`KeyFile`] is the first of them, tokens follow.
//! - [`pkcs12`]: the key files themselves, read from bytes and written to bytes.
//! - [`PrivateKey`], [`Password`]: the secrets. Both wipe themselves; neither can be printed, compared or serialised.
//! - [`IssuingKey`], [`demo`]: a key that issues certificates, and one ready-made use of it.
//! - [`Entropy`]: where random bytes come from.
//!
//! Nothing above this crate knows a key file from a token, or sees a private number.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod demo;
mod entropy;
mod key_file;
mod password;
pub mod pkcs12;
mod private_key;
mod rsa_ec;
mod signer;
mod store;

pub use entropy::{Entropy, EntropyError, OsEntropy};
pub use key_file::KeyFile;
pub use password::{Password, PasswordError};
pub use private_key::{BrokenKey, NewKey, PrivateKey};
pub use signer::{CannotSign, IssuingKey};
pub use store::{Generated, Import, KeyId, KeyStore, ListedKey, Listing, StoreError, UnlockedStore};
