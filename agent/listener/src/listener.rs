//! The listener as a whole: opened, served, stopped.

use crate::desk::{Desk, DeskSetup};
use crate::door::budget::Budget;
use crate::door::{self, Doors, Hall, StartError};
use crate::journal::{self, Journal};
use crate::leaf::Shelf;
use crate::leaf::keeper::{self, Served};
use crate::policy::{self, Policy};
use crate::seldom::Seldom;
use crate::setup::Setup;
use crate::stop;
use crate::tokens::Tokens;
use crate::tray::{self, Outlook, Tray};
use crate::walk::Walk;
use ncalayer::Limits;
use rustls::ServerConfig;
use settings::Live;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// TLS sessions that can be resumed; a page that opens a socket for each call saves a signature of ours each time.
const SESSIONS: usize = 256;

/// Looks for calling programs that go on at once. Each walks through all processes in a thread of its own, and threads
/// are few.
const LOOKUPS: usize = 2;

/// A listener whose doors are open, and who does not answer yet.
#[derive(Debug)]
pub struct Listener {
    setup: Setup,
    /// From now on what the files say.
    settings: Arc<Live>,
    doors: Doors,
    shelf: Shelf,
    served: Arc<Served>,
    tls: ServerConfig,
}

impl Listener {
    /// Opens the doors, with the leaf of these places.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn open(setup: Setup) -> Result<Self, StartError> {
        // The port first: it is what most often is not to be had.
        let doors = door::open(setup.port, &*setup.peers)?;
        let shelf = Shelf::of(&setup.places);
        let opened = shelf.open(setup.clock.now())?;
        let served = Arc::new(Served::new(&opened.leaf));
        let tls = tls(&served)?;
        let settings = Arc::new(Live::new(setup.places.clone(), setup.settings.clone()));
        Ok(Self { setup, settings, doors, shelf, served, tls })
    }

    /// The port, of both addresses.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.doors.port
    }

    /// The address of the local page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("https://127.0.0.1:{}/", self.doors.port)
    }

    /// The icon in the desktop's tray, for this listener: shown by whoever drives [`Tray::show`].
    #[must_use]
    pub fn tray(&self, deeds: tray::Deeds) -> Tray {
        let setup = &self.setup;
        Tray::new(
            setup.board.clone(),
            Arc::clone(&self.settings),
            Outlook { shelf: self.shelf.clone(), stores: Arc::clone(&setup.trust) },
            deeds,
            setup.patience.tray_round,
        )
    }

    /// The settings as they are at any time.
    #[must_use]
    pub fn settings(&self) -> Arc<Live> {
        Arc::clone(&self.settings)
    }

    /// Serves until `until` ends; then closes the sockets, takes an open window off the screen and lets the signer go.
    pub async fn serve(self, until: impl Future<Output = ()>) {
        let Self { setup, settings, doors, shelf, served, tls } = self;
        let (stopping, stopped) = stop::channel();
        let desk_setup = DeskSetup {
            signer: setup.signer,
            board: setup.board.clone(),
            patience: setup.patience,
            idle: setup.settings.signer.idle(),
            waiting: usize::try_from(setup.settings.limits.waiting_requests).unwrap_or(usize::MAX),
        };
        let (desk, clerk) = Desk::open(desk_setup, stopped.clone());
        let (tokens, watching) = Tokens::open(setup.watcher, setup.patience, stopped.clone());
        let limits = &setup.settings.limits;
        let frame_bytes = limits.frame_bytes();
        let walk = Arc::new(Walk::new(
            Limits::STANDARD,
            Policy::new(policy::file(&setup.places), setup.board, Arc::clone(&settings)),
            desk,
            tokens,
            Journal::new(journal::head::Files::of(&setup.places)),
            Arc::clone(&setup.clock),
        ));
        let hall = Arc::new(Hall {
            port: doors.port,
            frame_bytes,
            connections: usize::try_from(setup.settings.limits.connections).unwrap_or(usize::MAX),
            // Whatever was set, the longest message passes.
            budget: Budget::new(limits.memory_bytes().max(limits.least_memory_mebibytes() * 1024 * 1024)),
            patience: setup.patience,
            peers: setup.peers,
            tls: TlsAcceptor::from(Arc::new(tls)),
            walk: Arc::clone(&walk),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            refused: Seldom::default(),
            settings,
        });
        let serving = tokio::spawn(door::serve(doors, hall, stopped));
        let keeping = tokio::spawn(keeper::keep(shelf, served, setup.clock, setup.trust, setup.patience.leaf_round));
        until.await;
        tracing::info!("stopping");
        keeping.abort();
        stopping.say();
        for ended in [serving.await, clerk.await, watching.await] {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of the listener ended badly");
            }
        }
        walk.finish(setup.patience.closing).await;
    }
}

fn tls(served: &Arc<Served>) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let resolver = Arc::clone(served) as Arc<dyn rustls::server::ResolvesServerCert>;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.session_storage = rustls::server::ServerSessionMemoryCache::new(SESSIONS);
    // No ALPN: whoever offers a list takes HTTP/1.1 when we choose nothing, and nobody is refused for a list without it.
    Ok(config)
}

/// The language of sentences that no page chose.
#[must_use]
pub fn language(settings: &settings::Settings) -> texts::Locale {
    settings
        .language
        .and_then(|language| texts::Locale::from_code(language.code()))
        .unwrap_or_else(texts::Locale::of_system)
}
