//! Having a browser trust exactly one certificate: the agent's own leaf, never an authority.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) mod nss;

use crate::Unsupported;
use std::io;
use std::path::PathBuf;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::SystemTrust;
#[cfg(target_os = "linux")]
pub use linux::SystemTrust;

/// The certificate in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The name it is kept under. A store may know a certificate by its subject only, so two leaves must differ in both.
    pub nickname: &'a str,
    /// The certificate, DER.
    pub der: &'a [u8],
}

/// One store of certificates and how the leaf stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Where it is.
    pub path: PathBuf,
    /// Whose it is: `Chromium`, `Firefox`.
    pub browser: &'static str,
    /// How the leaf stands in it.
    pub standing: Standing,
}

/// A certificate in a store that is believed when it vouches for web sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouching {
    /// Where the store is.
    pub path: PathBuf,
    /// Whose it is.
    pub browser: &'static str,
    /// The name that the certificate is kept under.
    pub nickname: String,
    /// The certificate, DER.
    pub der: Vec<u8>,
}

/// How the leaf stands in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The leaf is there and trusted.
    Trusted,
    /// The leaf is there without trust.
    Untrusted,
    /// The leaf is not there.
    Absent,
    /// The store asks for a password of its own (Firefox's primary password), which only its program may take.
    Locked,
    /// The store cannot be used; the cause, for the log and the report.
    Unusable(String),
}

/// Why no store can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The system's tool for these stores is not installed.
    #[error("{tool} is not installed")]
    ToolMissing {
        /// Its name.
        tool: &'static str,
    },
    /// This user has no home folder.
    #[error("this user has no home folder")]
    NoHome,
    /// A store cannot be made or looked at.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// The stores that this user's browsers believe.
///
/// Each method looks at every store and tells of every one; a store that fails does not hinder the next.
pub trait TrustStores: Send + Sync {
    /// How the leaf stands.
    ///
    /// # Errors
    /// [`TrustError`] when no store can be looked at.
    fn status(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError>;

    /// Has exactly this leaf trusted for web servers everywhere, and tells how it stands now.
    ///
    /// # Errors
    /// [`TrustError`] when no store can be looked at.
    fn install(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError>;

    /// Takes exactly this leaf out of every store, and tells how it stands now.
    ///
    /// # Errors
    /// [`TrustError`] when no store can be looked at.
    fn remove(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError>;
}
