//! Whose connection this is, which program made it, and which program holds a port.
//!
//! Loopback is shared by all users of a machine, and an `Origin` header is as good as the program that sends it. So the
//! listener asks the system, not the caller.

mod browsers;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod proc_net;
#[cfg(target_os = "linux")]
mod sock_diag;
#[cfg(target_os = "linux")]
mod walk;

use crate::Unsupported;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[cfg(not(target_os = "linux"))]
pub use elsewhere::SystemPeers;
#[cfg(target_os = "linux")]
pub use linux::SystemPeers;

/// One TCP connection over loopback, as the accepting side sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Connection {
    /// The address that was connected to.
    pub ours: SocketAddr,
    /// The address that the caller's socket has.
    pub theirs: SocketAddr,
}

/// To whom a socket belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The user this process runs as.
    ThisUser,
    /// Another user of this machine, by the system's number.
    AnotherUser(u32),
}

/// A running program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its process id; `None` where the system shows only that it is one of several.
    pub pid: Option<u32>,
    /// Its executable; `None` for a process that does not let itself be looked at.
    pub path: Option<PathBuf>,
    /// The name a person knows: a browser's own, or the executable's file name.
    pub name: String,
    /// What Tanba knows it as.
    pub kind: ProgramKind,
}

/// What Tanba knows a program as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// A browser, by its name and by standing where only an administrator installs programs.
    Browser,
    /// NCALayer, the program whose wire Tanba speaks.
    NcaLayer,
    /// Tanba.
    Tanba,
    /// Anything else, and whatever only calls itself a browser.
    Other,
}

/// Who holds a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortHolder {
    /// Whose program it is.
    pub owner: Owner,
    /// The program, where this user may know it.
    pub program: Option<Program>,
}

/// Who holds a port on each of the two loopback addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortHolders {
    /// On 127.0.0.1.
    pub v4: Option<PortHolder>,
    /// On ::1.
    pub v6: Option<PortHolder>,
    /// Whether this computer has ::1 at all.
    pub has_v6: bool,
}

/// How long it is believed who has which socket. Sockets change hands seldom, and a look may have to walk through all
/// processes.
pub const FRESH: Duration = Duration::from_secs(1);

/// A program, and when it was seen to have a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The program.
    pub program: Program,
    /// When the system was asked.
    pub at: Instant,
}

/// Why a caller is not known.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// The caller's socket is closed already, or was never there.
    #[error("the caller's socket is not there any more")]
    Gone,
    /// The system does not let this user see which program it is.
    #[error("the system does not say which program this is")]
    Hidden,
    /// The system's tables cannot be read.
    #[error("the system's tables of sockets cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// What the system knows about the other end of a loopback connection.
pub trait Peers: Send + Sync {
    /// To whom the caller's socket belongs.
    ///
    /// # Errors
    /// [`PeerError`]; a caller that is not known is not this user.
    fn owner(&self, connection: &Connection) -> Result<Owner, PeerError>;

    /// Which program has the caller's socket, as it was a moment ago ([`FRESH`]). Where several have it, the least trusted of
    /// them. `since` is a time at which the connection was there; nothing older is an answer.
    ///
    /// # Errors
    /// [`PeerError`].
    fn program(&self, connection: &Connection, since: Instant) -> Result<Sighting, PeerError>;

    /// Who listens on a local port; `None` when nobody does.
    ///
    /// # Errors
    /// [`PeerError`].
    fn holder_of_port(&self, port: u16) -> Result<Option<PortHolder>, PeerError>;
}
