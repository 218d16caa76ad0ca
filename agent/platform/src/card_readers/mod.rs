//! Whether the system's service for card readers is there: most libraries of tokens reach theirs through it.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::service;
#[cfg(target_os = "linux")]
pub use linux::service;

/// How the service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// It can be asked.
    There,
    /// It does not run, and nothing starts it when it is asked.
    Absent,
}
