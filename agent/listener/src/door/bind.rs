//! The two loopback addresses, and who has the port when they are taken.

use crate::leaf::LeafError;
use platform::peer::{Peers, PortHolder};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::{TcpListener, TcpSocket};

/// Connections that the system may hold before we take them: every tab of a browser that was just started.
const BACKLOG: u32 = 256;

/// With port 0 the system chooses one for IPv4 that somebody may have for IPv6; then another is tried.
const ATTEMPTS: usize = 16;

/// Why a listener did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program has the port.
    #[error("port {port} is taken")]
    PortTaken {
        /// Which port.
        port: u16,
        /// Who has it, as far as the system says.
        holder: Option<PortHolder>,
    },
    /// This user has no home folder.
    #[error("this user has no home folder")]
    NoHome,
    /// There is no local certificate.
    #[error(transparent)]
    Leaf(#[from] LeafError),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The open doors. Both have the same port.
#[derive(Debug)]
pub(crate) struct Doors {
    pub(crate) v4: TcpListener,
    /// `None` where the system has no IPv6.
    pub(crate) v6: Option<TcpListener>,
    pub(crate) port: u16,
}

/// Opens 127.0.0.1 and ::1, and nothing else.
pub(crate) fn open(port: u16, peers: &dyn Peers) -> Result<Doors, StartError> {
    let mut attempt = 1;
    loop {
        let v4 = bind(TcpSocket::new_v4()?, IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        let v4 = v4.map_err(|error| explain(error, port, peers))?;
        let chosen = v4.local_addr()?.port();
        // A system without IPv6 fails here, one where it is switched off at the address.
        let v6 = TcpSocket::new_v6().map_err(|_| io::Error::from(ErrorKind::AddrNotAvailable));
        match v6.and_then(|socket| bind(socket, IpAddr::V6(Ipv6Addr::LOCALHOST), chosen)) {
            Ok(v6) => return Ok(Doors { v4, v6: Some(v6), port: chosen }),
            Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
                tracing::info!("no IPv6 on this computer; listening on 127.0.0.1 only");
                return Ok(Doors { v4, v6: None, port: chosen });
            }
            Err(error) if port == 0 && error.kind() == ErrorKind::AddrInUse && attempt < ATTEMPTS => attempt += 1,
            // Whoever had ::1 would get what browsers send to `localhost`: half a port is not enough.
            Err(error) => return Err(explain(error, chosen, peers)),
        }
    }
}

fn bind(socket: TcpSocket, ip: IpAddr, port: u16) -> io::Result<TcpListener> {
    // On Unix a port whose former connections still linger can be bound again at once, as after a restart; a port that
    // somebody listens on cannot. Elsewhere the option would let two programs share it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(ip, port))?;
    socket.listen(BACKLOG)
}

fn explain(error: io::Error, port: u16, peers: &dyn Peers) -> StartError {
    if error.kind() != ErrorKind::AddrInUse {
        return error.into();
    }
    let holder = peers.holder_of_port(port).unwrap_or_else(|error| {
        tracing::warn!(%error, "who has the port cannot be told");
        None
    });
    StartError::PortTaken { port, holder }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::peer::{Owner, SystemPeers};

    #[tokio::test]
    async fn only_loopback_is_bound_and_both_addresses_have_one_port() {
        let doors = open(0, &SystemPeers::default()).unwrap();
        assert_eq!(doors.v4.local_addr().unwrap(), SocketAddr::new(Ipv4Addr::LOCALHOST.into(), doors.port));
        let Some(v6) = doors.v6 else {
            return println!("NOT RUN: this computer has no ::1");
        };
        assert_eq!(v6.local_addr().unwrap(), SocketAddr::new(Ipv6Addr::LOCALHOST.into(), doors.port));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_taken_port_names_the_program_that_has_it_on_either_address() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let taken = match std::net::TcpListener::bind(address) {
                Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
                    println!("NOT RUN: {address} is not an address of this computer");
                    continue;
                }
                taken => taken.unwrap(),
            };
            let port = taken.local_addr().unwrap().port();
            let Err(StartError::PortTaken { port: named, holder: Some(holder) }) = open(port, &SystemPeers::default())
            else {
                panic!("{address} is free")
            };
            assert_eq!(named, port);
            assert_eq!(holder.owner, Owner::ThisUser);
            assert_eq!(holder.program.unwrap().pid, Some(std::process::id()));
        }
    }
}
