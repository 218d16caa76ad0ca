//! Systems that are not served yet.

use super::{Message, NotificationError, Notifications};
use crate::Unsupported;

/// The notifications of this session's desktop.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNotifications;

impl Notifications for SystemNotifications {
    fn show(&self, _: &Message<'_>) -> Result<(), NotificationError> {
        Err(Unsupported { concern: "showing notifications" }.into())
    }
}
