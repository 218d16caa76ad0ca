//! A word to the person at the edge of the screen, when no window is open.
//!
//! On Linux through the desktop's own service (`org.freedesktop.Notifications`). That brings a D-Bus client, which the
//! listener is to have no use for: this concern is a feature of the crate, and only the signer turns it on.

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;

use crate::Unsupported;

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub use elsewhere::SystemNotifications;
#[cfg(target_os = "linux")]
pub use linux::SystemNotifications;
#[cfg(target_os = "macos")]
pub use macos::SystemNotifications;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The first line.
    pub title: &'a str,
    /// What it is about, and the next step. Plain text, whatever the desktop makes of markup.
    pub text: &'a str,
    /// How much it presses.
    pub urgency: Urgency,
}

/// How much a message presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It can be read later.
    Normal,
    /// It stays on the screen until somebody has seen it, where the desktop does that.
    Critical,
}

/// Why a message was not shown.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// This session has no service for it, or none that answers.
    #[error("the desktop shows no notifications: {0}")]
    NotShown(String),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// Whoever shows messages.
pub trait Notifications {
    /// Shows one message.
    ///
    /// # Errors
    /// [`NotificationError`]; then nobody has seen it.
    fn show(&self, message: &Message<'_>) -> Result<(), NotificationError>;
}
