//! What a listener is made of, and why it could not be made.

use crate::board::Board;
use crate::door::StartError;
use platform::peer::{Peers, SystemPeers};
use platform::trust::{SystemTrust, TrustError, TrustStores};
use settings::{Places, Settings};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// A program that the listener starts: the one that carries orders out, or the one that watches tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerCommand {
    /// Its executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// What time it is. Injected, because a leaf ends in a year and a test does not last that long.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> OffsetDateTime;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// How long the listener waits, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From a connection to its complete request head, TLS handshake and all.
    pub handshake: Duration,
    /// From the first frame of a long message to its last octet.
    pub message: Duration,
    /// For a peer to take what is sent to it.
    pub sending: Duration,
    /// For a peer to answer a close frame, and to stop sending what is not read any more.
    pub closing: Duration,
    /// From starting the signer to its first word.
    pub signer_start: Duration,
    /// For the signer to take a withdrawn order off the screen, which stays there for a moment so that the person can
    /// still block the site, and to end when it is not needed.
    pub signer_yield: Duration,
    /// For the watcher of tokens to say for the first time what is plugged in: pages that ask before that wait so long.
    pub watcher_first: Duration,
    /// How long the watcher stays when no page is connected.
    pub watcher_linger: Duration,
    /// After a watcher that failed, before the next one.
    pub watcher_pause: Duration,
    /// After a watcher that found no library to ask, before the next one.
    pub watcher_rest: Duration,
    /// Between two looks at the leaf's end.
    pub leaf_round: Duration,
    /// Between two looks of the tray whether the settings, the clock on the wall or the bus are others: the only waking of an
    /// idle listener.
    pub tray_round: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            message: Duration::from_secs(60),
            sending: Duration::from_secs(30),
            closing: Duration::from_secs(2),
            signer_start: Duration::from_secs(15),
            signer_yield: Duration::from_secs(10),
            watcher_first: Duration::from_millis(1500),
            watcher_linger: Duration::from_secs(10),
            watcher_pause: Duration::from_secs(1),
            watcher_rest: Duration::from_secs(60),
            leaf_round: Duration::from_secs(24 * 60 * 60),
            tray_round: Duration::from_secs(60),
        }
    }
}

/// Everything a listener is made of. [`Setup::new`] takes the system's own parts; a test puts others in their place.
#[derive(Clone)]
pub struct Setup {
    /// Where files lie; the folders must be there.
    pub places: Places,
    /// What the person set.
    pub settings: Settings,
    /// The port; 0 lets the system choose one.
    pub port: u16,
    /// The program that carries orders out.
    pub signer: SignerCommand,
    /// The program that says which tokens are plugged in; `None`: none ever is.
    pub watcher: Option<SignerCommand>,
    /// Who is at the other end of a connection.
    pub peers: Arc<dyn Peers>,
    /// Which certificates the browsers trust.
    pub trust: Arc<dyn TrustStores>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How long to wait.
    pub patience: Patience,
    /// How Tanba stands, for whoever shows it.
    pub board: Board,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("places", &self.places)
            .field("port", &self.port)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

impl Setup {
    /// A listener of this system and this user, to whom no token is ever plugged in: whoever knows the watcher adds it.
    ///
    /// # Errors
    /// [`StartError::NoHome`].
    pub fn new(places: Places, settings: Settings, port: u16, signer: SignerCommand) -> Result<Self, StartError> {
        let trust = SystemTrust::of_user().map_err(|error| match error {
            TrustError::Io(error) => StartError::Io(error),
            _ => StartError::NoHome,
        })?;
        Ok(Self {
            places,
            settings,
            port,
            signer,
            watcher: None,
            peers: Arc::new(SystemPeers::default()),
            trust: Arc::new(trust),
            clock: Arc::new(SystemClock),
            patience: Patience::default(),
            board: Board::default(),
        })
    }
}
