//! The system's own store of a person's certificates and keys, which browsers log in with.
//!
//! On Linux that is each browser's database (NSS). None of these stores knows GOST: what is put there has to be of RSA or
//! EC. A certificate put there is trusted for nothing.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use crate::trust::TrustError;
use std::path::{Path, PathBuf};

#[cfg(not(target_os = "linux"))]
pub use elsewhere::SystemStore;
#[cfg(target_os = "linux")]
pub use linux::SystemStore;

/// What became of it in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Where the store is.
    pub path: PathBuf,
    /// Whose it is: `Chromium`, `Firefox`.
    pub browser: &'static str,
    /// Nothing when it is there now; else what the store said.
    pub problem: Option<String>,
}

/// The stores of one person.
pub trait PersonalStores {
    /// Puts a certificate (DER) there under this name.
    ///
    /// # Errors
    /// [`TrustError`] when no store can be used at all.
    fn put_certificate(&self, name: &str, der: &[u8]) -> Result<Vec<Put>, TrustError>;

    /// Puts the keys of a PKCS#12 file there, with their certificates. The password goes to the system's tool through a
    /// pipe: it is in no argument, in no environment, and on no disk.
    ///
    /// # Errors
    /// [`TrustError`] when no store can be used at all.
    fn put_keys(&self, file: &Path, password: &str) -> Result<Vec<Put>, TrustError>;
}
