//! What an administrator lays down for browsers, and which programs browsers were told of: small JSON files in folders
//! that each browser reads. Their octets are a stranger's.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::io;
use std::path::PathBuf;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{managed_policies, native_messaging};
#[cfg(target_os = "linux")]
pub use linux::{managed_policies, native_messaging};

/// A file that a browser reads.
#[derive(Debug)]
pub struct BrowserFile {
    /// Whose it is: `Chrome`, `Firefox`.
    pub browser: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub content: io::Result<Vec<u8>>,
}
