//! The Notification Centre, through the system's own script runner: a program of its own would have to be signed and
//! bundled for it.

use super::{Message, NotificationError, Notifications};
use std::process::{Command, Stdio};

/// The texts are arguments and never a part of the script.
const SCRIPT: [&str; 3] =
    ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];

/// The notifications of this session's desktop.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNotifications;

impl Notifications for SystemNotifications {
    fn show(&self, message: &Message<'_>) -> Result<(), NotificationError> {
        let mut command = Command::new("/usr/bin/osascript");
        for line in SCRIPT {
            command.args(["-e", line]);
        }
        command.args(["--", message.title, message.text]).stdin(Stdio::null()).stdout(Stdio::null());
        let output = command.output().map_err(|error| NotificationError::NotShown(error.to_string()))?;
        if output.status.success() {
            return Ok(());
        }
        Err(NotificationError::NotShown(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}
