//! Who is at the other end, as the system and the browser say.

use order::{Origin, Program};
use platform::peer::{Connection, Owner, PeerError, Peers, ProgramKind};
use std::sync::Arc;
use tokio::sync::OnceCell;

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
    peers: Arc<dyn Peers>,
    /// What the first look found.
    first: OnceCell<Option<Program>>,
}

impl Caller {
    pub(super) fn new(origin: Origin, connection: Connection, peers: Arc<dyn Peers>) -> Self {
        Self { origin, connection, peers, first: OnceCell::new() }
    }

    /// The calling program, looked up anew for each request, because a socket can change hands. A program that is not
    /// the one of the first look is not known: nobody vouches for who speaks. Most sockets never ask, and cost nothing.
    pub(crate) async fn program(&self) -> Option<Program> {
        let now = self.look().await;
        let first = self.first.get_or_init(|| async { now.clone() }).await;
        if *first == now {
            return now;
        }
        tracing::warn!(origin = %self.origin.as_record(), "a socket has changed hands");
        None
    }

    async fn look(&self) -> Option<Program> {
        let (peers, connection) = (Arc::clone(&self.peers), self.connection);
        let found = tokio::task::spawn_blocking(move || peers.program(&connection)).await;
        match found {
            Ok(Ok(program)) => Some(Program {
                path: program.path.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default(),
                is_known_browser: program.kind == ProgramKind::Browser,
                name: program.name,
            }),
            Ok(Err(error)) => {
                tracing::info!(%error, origin = %self.origin.as_record(), "the calling program is not known");
                None
            }
            Err(error) => {
                tracing::error!(%error, "looking for the calling program ended badly");
                None
            }
        }
    }
}
