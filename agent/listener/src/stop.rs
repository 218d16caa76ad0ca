//! The word that the listener stops, for everyone who has to hear it.

use tokio::sync::watch;

/// Says it.
pub(crate) struct Stopping(watch::Sender<bool>);

/// Hears it, however late it is looked at.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

pub(crate) fn channel() -> (Stopping, Stop) {
    let (say, hear) = watch::channel(false);
    (Stopping(say), Stop(hear))
}

impl Stopping {
    pub(crate) fn say(self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Returns once the listener stops; at once when it has. Whoever could have said so being gone means the same.
    pub(crate) async fn said(&mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}
