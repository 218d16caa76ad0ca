//! Who is at the other end, as the system and the browser say.

use crate::policy::{Bucket, Rate};
use order::{Origin, Program};
use platform::peer::{Connection, FRESH, Owner, PeerError, Peers, ProgramKind, Sighting};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

/// Whether a connection is this user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is.
    Ours,
    /// It is another user's.
    Foreign,
    /// The system does not say, so it is treated as another's.
    Unknown,
}

/// Whose connection this is. Reads a table of the kernel's: quick, but nothing to do twice.
pub(super) fn standing(peers: &dyn Peers, connection: &Connection) -> Standing {
    match peers.owner(connection) {
        Ok(Owner::ThisUser) => Standing::Ours,
        Ok(Owner::AnotherUser(user)) => {
            // Not a warning: the other user could write our log full of them.
            tracing::debug!(user, "a connection of another user of this machine is refused");
            Standing::Foreign
        }
        // It hung up before we looked: nobody is there to be refused.
        Err(PeerError::Gone) => Standing::Unknown,
        Err(error) => {
            tracing::warn!(%error, "a connection whose user is not known is refused");
            Standing::Unknown
        }
    }
}

/// The other end of one socket.
pub(crate) struct Caller {
    /// The origin that the browser named in the handshake.
    pub(crate) origin: Origin,
    connection: Connection,
    /// When the connection was there already.
    since: Instant,
    peers: Arc<dyn Peers>,
    /// How many look for programs at once.
    lookups: Arc<Semaphore>,
    seen: tokio::sync::Mutex<Seen>,
    knocks: Mutex<Bucket>,
}

/// What was found at the other end.
#[derive(Default)]
struct Seen {
    /// What the first look found.
    first: Option<Option<Program>>,
    /// What the last look found, and when.
    last: Option<(Option<Program>, Instant)>,
}

impl Caller {
    pub(super) fn new(origin: Origin, connection: Connection, peers: Arc<dyn Peers>, lookups: Arc<Semaphore>) -> Self {
        Self {
            origin,
            connection,
            since: Instant::now(),
            peers,
            lookups,
            seen: tokio::sync::Mutex::default(),
            knocks: Mutex::default(),
        }
    }

    /// Whether one more request of this socket is worth looking at. Costs nothing; whoever waits for answers is never too
    /// fast.
    pub(crate) fn may_knock(&self, now: Instant) -> bool {
        self.knocks.lock().unwrap_or_else(PoisonError::into_inner).take(Rate::KNOCKING, now)
    }

    /// The calling program, looked up anew after a moment, because a socket can change hands. A program that is not the
    /// one of the first look is not known: nobody vouches for who speaks. Most sockets never ask, and cost nothing.
    pub(crate) async fn program(&self) -> Option<Program> {
        let mut seen = self.seen.lock().await;
        if let Some((program, at)) = &seen.last
            && at.elapsed() < FRESH
        {
            return program.clone();
        }
        // What could not be found out is no program that another one could be told from; it is asked about again.
        let (now, at) = self.look().await?;
        let first = seen.first.get_or_insert_with(|| now.clone());
        let program = if *first == now {
            now
        } else {
            tracing::warn!(origin = %self.origin.as_record(), "a socket has changed hands");
            None
        };
        seen.last = Some((program.clone(), at));
        program
    }

    /// The program, or that it does not let itself be looked at, and when that was so. `None` where it could not be found
    /// out.
    async fn look(&self) -> Option<(Option<Program>, Instant)> {
        // The semaphore is never closed. The turn goes with the look: who leaves before it ends does not end it.
        let turn = Arc::clone(&self.lookups).acquire_owned().await;
        let (peers, connection, since) = (Arc::clone(&self.peers), self.connection, self.since);
        let looking = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            peers.program(&connection, since)
        });
        let found = looking.await;
        let cause: &dyn std::fmt::Display = match &found {
            Ok(Ok(Sighting { program, at })) => {
                let path = program.path.as_ref().map(|path| path.to_string_lossy().into_owned());
                let is_known_browser = program.kind == ProgramKind::Browser;
                let program = Program { path: path.unwrap_or_default(), is_known_browser, name: program.name.clone() };
                return Some((Some(program), *at));
            }
            Ok(Err(PeerError::Hidden)) => return Some((None, Instant::now())),
            Ok(Err(error)) => error,
            Err(error) => error,
        };
        tracing::info!(%cause, origin = %self.origin.as_record(), "the calling program is not known");
        None
    }
}
