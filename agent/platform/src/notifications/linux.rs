//! The desktop's service for notifications (Desktop Notifications Specification 1.2), over the session's bus.

use super::{Message, NotificationError, Notifications, Urgency};
use std::collections::HashMap;
use std::sync::mpsc;
use std::time::Duration;
use zbus::zvariant::Value;

const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

/// A service that does not answer in this time shows nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a message stays: as long as the desktop likes.
const AS_LONG_AS_IT_LIKES: i32 = -1;

/// The notifications of this session's desktop.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNotifications;

impl Notifications for SystemNotifications {
    fn show(&self, message: &Message<'_>) -> Result<(), NotificationError> {
        let Message { title, text, urgency } = *message;
        let (title, text) = (title.to_owned(), text.to_owned());
        let (sender, shown) = mpsc::channel();
        // In a thread of its own, so that its silence costs no more than our patience.
        std::thread::Builder::new()
            .name("notification".to_owned())
            .spawn(move || {
                let result = pollster::block_on(notify(&title, &text, urgency));
                // Nobody waits any more when it took too long.
                let _ = sender.send(result);
            })
            .map_err(|error| NotificationError::NotShown(error.to_string()))?;
        match shown.recv_timeout(PATIENCE) {
            Ok(result) => result.map_err(|error| NotificationError::NotShown(error.to_string())),
            Err(_) => Err(NotificationError::NotShown("it does not answer".to_owned())),
        }
    }
}

async fn notify(title: &str, text: &str, urgency: Urgency) -> zbus::Result<()> {
    let bus = zbus::Connection::session().await?;
    let call = |method: &'static str| (Some(SERVICE), OBJECT, Some(SERVICE), method);
    let (to, at, interface, method) = call("GetCapabilities");
    let capabilities: Vec<String> = bus.call_method(to, at, interface, method, &()).await?.body().deserialize()?;
    let has_markup = capabilities.iter().any(|capability| capability == "body-markup");
    // A name in a certificate is a stranger's text: it must neither vanish nor become a link.
    let text = if has_markup { escaped(text) } else { text.to_owned() };
    let hints: HashMap<&str, Value<'_>> = HashMap::from([
        ("urgency", Value::U8(if urgency == Urgency::Critical { 2 } else { 1 })),
        ("desktop-entry", Value::from("tanba")),
    ]);
    let actions: &[&str] = &[];
    let arguments = ("Tanba", 0_u32, "", title, text.as_str(), actions, hints, AS_LONG_AS_IT_LIKES);
    let (to, at, interface, method) = call("Notify");
    bus.call_method(to, at, interface, method, &arguments).await?;
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_in_a_name_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<a href=\"x\">ИВАНОВ</a> & Co"), "&lt;a href=\"x\"&gt;ИВАНОВ&lt;/a&gt; &amp; Co");
    }
}
