//! Which time zone this computer is in, and how far from UTC it believes that to be.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::of_system;
#[cfg(target_os = "linux")]
pub use linux::of_system;

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its name: `Asia/Almaty`.
    pub name: String,
    /// Minutes east of UTC, from now on and for good.
    pub minutes: i32,
}
