//! Which tokens are plugged in, as a process of its own tells it.
//!
//! Vendors' libraries are loaded by nobody here: `tanba-signer watch` asks them, through their hosts, and says what it
//! sees on its standard output. It runs while a page is connected and a little longer, so that a page gets its answer at
//! once; what it says is read as a stranger's words, and all that it could lie about is which kinds of storage a page
//! offers.
//!
//! - [`Tokens`]: what the walk of a request holds.
//! - `warden`: the one task that starts the watcher, listens to it and lets it go.

mod warden;

use crate::setup::{Patience, SignerCommand};
use crate::stop::Stop;
use order::TokenSeen;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use warden::Warden;

/// The list at one moment; `None`: nobody has looked yet.
type Known = Option<Arc<[TokenSeen]>>;

/// The way to the list.
#[derive(Clone)]
pub(crate) struct Tokens {
    shared: Arc<Shared>,
}

/// What the warden and everybody else look at.
struct Shared {
    known: watch::Sender<Known>,
    /// How many sockets are open.
    sockets: watch::Sender<usize>,
    /// Rung when somebody came who may ask, or asks.
    bell: Notify,
    /// How long the first answer may take.
    first: Duration,
}

impl Tokens {
    /// Begins to serve the list; without a command it is empty for ever. The task ends when `stop` says so.
    pub(crate) fn open(
        command: Option<SignerCommand>,
        patience: Patience,
        stop: Stop,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let known = if command.is_some() { None } else { Some(Arc::default()) };
        let shared = Arc::new(Shared {
            known: watch::Sender::new(known),
            sockets: watch::Sender::new(0),
            bell: Notify::new(),
            first: patience.watcher_first,
        });
        let warden = command.map(|command| Warden::new(command, patience, Arc::clone(&shared)));
        let work = async move {
            if let Some(warden) = warden {
                warden.work(stop).await;
            }
        };
        (Self { shared }, tokio::spawn(work))
    }

    /// What is plugged in, as soon as it is known. Whoever cannot be waited for has nothing.
    pub(crate) async fn known(&self) -> Arc<[TokenSeen]> {
        self.wanted();
        let mut known = self.shared.known.subscribe();
        let list = match tokio::time::timeout(self.shared.first, known.wait_for(Option::is_some)).await {
            Ok(Ok(list)) => list.clone(),
            // It takes too long, or the listener stops.
            Ok(Err(_)) | Err(_) => None,
        };
        list.unwrap_or_default()
    }

    /// Somebody asked: a watcher that found no library may look again.
    fn wanted(&self) {
        self.shared.bell.notify_one();
    }

    /// Counts an open socket until what comes back is dropped.
    pub(crate) fn visit(&self) -> Visit {
        self.shared.sockets.send_modify(|sockets| *sockets += 1);
        self.shared.bell.notify_one();
        Visit { shared: Arc::clone(&self.shared) }
    }
}

/// An open socket, whose page may ask.
pub(crate) struct Visit {
    shared: Arc<Shared>,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.shared.sockets.send_modify(|sockets| *sockets = sockets.saturating_sub(1));
    }
}
