//! Watchers of tokens that see what the test says.

use super::{World, relay, soon};
use order::wire::{self, FromWatcher};
use order::{StorageName, TokenSeen};
use std::time::Duration;
use tanba_listener::{Setup, SignerCommand};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The place where every watcher that the listener starts asks what to see.
pub struct Watchers {
    listener: TcpListener,
}

impl Watchers {
    /// A world whose listener has a watcher to start, made a little differently.
    pub async fn world(change: impl FnOnce(&mut Setup)) -> (World, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let arguments = vec![listener.local_addr().unwrap().to_string().into()];
        let world = World::with(|setup| {
            setup.watcher = Some(SignerCommand { program: relay(), arguments });
            change(setup);
        })
        .await;
        (world, Self { listener })
    }

    /// The next watcher that is started, before its first word.
    pub async fn silent(&self) -> Watcher {
        let (pipe, _) = soon("a watcher", self.listener.accept()).await.unwrap();
        Watcher { pipe }
    }

    /// The next watcher that is started, ready.
    pub async fn next(&self) -> Watcher {
        let mut watcher = self.silent().await;
        watcher.say(&FromWatcher::Ready { version: wire::VERSION }).await;
        watcher
    }

    /// No watcher is started for so long.
    pub async fn none(&self, moment: Duration) {
        let started = tokio::time::timeout(moment, self.listener.accept()).await;
        assert!(started.is_err(), "a watcher was started");
    }
}

/// A running watcher.
pub struct Watcher {
    pipe: TcpStream,
}

impl Watcher {
    pub async fn say(&mut self, word: &FromWatcher) {
        self.octets(&wire::encode(word).unwrap()).await;
    }

    pub async fn sees(&mut self, tokens: Vec<TokenSeen>) {
        self.say(&FromWatcher::Tokens(tokens)).await;
    }

    /// Says what may be no word at all. The listener may have had enough in the middle of it.
    pub async fn octets(&mut self, octets: &[u8]) {
        let _ = self.pipe.write_all(octets).await;
    }

    /// It is told to leave, or is ended.
    pub async fn is_let_go(&mut self) {
        let mut rest = Vec::new();
        // An ended one resets the connection.
        let _ = soon("the watcher's end", self.pipe.read_to_end(&mut rest)).await;
        assert!(rest.is_empty(), "nothing is ever said to a watcher");
    }

    /// It is not told to leave for so long.
    pub async fn stays(&mut self, moment: Duration) {
        let left = tokio::time::timeout(moment, self.pipe.read_u8()).await;
        assert!(left.is_err(), "the watcher is let go");
    }
}

/// A token of this kind.
pub fn token(storage: StorageName, label: &str) -> TokenSeen {
    TokenSeen::new(Some(storage), label, "Reader 0")
}
