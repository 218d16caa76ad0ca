//! Where keys live.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod entropy;
mod password;
pub mod pkcs12;
mod private_key;
mod signer;

pub use entropy::{Entropy, EntropyError, OsEntropy};
pub use password::{Password, PasswordError};
pub use private_key::{BrokenKey, PrivateKey};
pub use signer::CannotSign;
