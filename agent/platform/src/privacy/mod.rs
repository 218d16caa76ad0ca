//! Whether others could read, or change, what is the person's own.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use elsewhere::{close, of};
#[cfg(unix)]
pub use unix::{close, of};

/// Whose a file or folder is, and who else may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Its owner's alone.
    Private,
    /// Others may read it, enter it, or write to it.
    Open,
    /// It belongs to another user.
    Foreign,
}
