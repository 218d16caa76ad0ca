//! Systems that are not served yet.

use super::{Connection, Owner, PeerError, Peers, PortHolder, PortHolders, Sighting};
use crate::Unsupported;
use std::time::Instant;

/// The system's own knowledge of sockets.
#[derive(Clone, Debug, Default)]
pub struct SystemPeers;

const UNSUPPORTED: Unsupported = Unsupported { concern: "knowing who is at the other end of a connection" };

impl Peers for SystemPeers {
    fn owner(&self, _: &Connection) -> Result<Owner, PeerError> {
        Err(UNSUPPORTED.into())
    }

    fn program(&self, _: &Connection, _: Instant) -> Result<Sighting, PeerError> {
        Err(UNSUPPORTED.into())
    }

    fn holder_of_port(&self, _: u16) -> Result<Option<PortHolder>, PeerError> {
        Err(UNSUPPORTED.into())
    }
}

impl SystemPeers {
    /// Who listens on a local port, of each family.
    ///
    /// # Errors
    /// [`PeerError::Unsupported`].
    pub fn holders_of_port(&self, _: u16) -> Result<PortHolders, PeerError> {
        Err(UNSUPPORTED.into())
    }
}
