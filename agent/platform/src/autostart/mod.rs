//! Starting Tanba when the person logs in: one entry for each data folder, and only this person's.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod entry;
#[cfg(target_os = "linux")]
mod linux;

use crate::Unsupported;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(not(target_os = "linux"))]
pub use elsewhere::SystemAutostart;
#[cfg(target_os = "linux")]
pub use linux::SystemAutostart;

/// What is to be started: `PROGRAM run`, for that folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start<'a> {
    /// The program `tanba`, with its full path.
    pub program: &'a Path,
    /// The data folder that was named, with its full path; `None` for the person's own one.
    pub folder: Option<&'a Path>,
}

/// How the entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    Off,
    /// Exactly this is started at login.
    On,
    /// There is one, and the desktop, or the person in its settings, has switched it off.
    Disabled,
    /// It starts a program that is not there.
    Gone(PathBuf),
    /// It starts another program, or this one for something else.
    Elsewhere(PathBuf),
    /// It is there, and starts nothing that can be understood.
    Unreadable,
}

/// Why it could not be looked at or changed.
#[derive(Debug, thiserror::Error)]
pub enum AutostartError {
    /// This user has no home folder.
    #[error("this user has no home folder")]
    NoHome,
    /// An entry cannot name this path: it is no text, or has control characters in it.
    #[error("an entry cannot name {}", .0.display())]
    Path(PathBuf),
    /// A file cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// What this user's system starts at login.
pub trait Autostart {
    /// Where the entry is, or would be.
    ///
    /// # Errors
    /// [`AutostartError`].
    fn place(&self, start: Start<'_>) -> Result<PathBuf, AutostartError>;

    /// How the entry stands.
    ///
    /// # Errors
    /// [`AutostartError`] when it cannot be looked at.
    fn standing(&self, start: Start<'_>) -> Result<Standing, AutostartError>;

    /// Has exactly this started at login, whatever was there before. `why` is what the desktop's list says of it.
    ///
    /// # Errors
    /// [`AutostartError`]; what was there is there still.
    fn turn_on(&self, start: Start<'_>, why: &str) -> Result<(), AutostartError>;

    /// Has it not started; nothing is done where there is no entry.
    ///
    /// # Errors
    /// [`AutostartError`].
    fn turn_off(&self, start: Start<'_>) -> Result<(), AutostartError>;
}
