//! Systems whose tray is not served yet.

use super::Wish;
use super::face::Face;
use tokio::sync::mpsc;

/// The icon, which is nowhere.
#[derive(Debug)]
pub(super) struct Icon;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShowError {
    /// Nobody answered in time.
    #[error("the tray does not answer")]
    NoAnswer,
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] platform::Unsupported),
}

impl Icon {
    pub(super) async fn show(_: Face, _: mpsc::Sender<Wish>) -> Result<Self, ShowError> {
        Err(platform::Unsupported { concern: "an icon in the tray" }.into())
    }

    pub(super) async fn change(&self, _: Face) {}

    pub(super) async fn lost(&mut self) {
        std::future::pending().await
    }

    pub(super) fn is_lost(&self) -> bool {
        false
    }

    pub(super) async fn hide(self) {}
}
