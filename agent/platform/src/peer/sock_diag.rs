//! One socket of the kernel's table, asked for by its two ends (sock_diag(7)).
//!
//! `/proc/net/tcp` has to be read from its beginning, and the kernel writes every line of it anew: with two thousand
//! sockets open that takes seven milliseconds, for each connection that comes, and nothing else is served meanwhile. The
//! kernel finds a socket by its ends in the time of one look into its own index.

use super::proc_net::Socket;
use rustix::io::Errno;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recvfrom, sendto, socket_with};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

/// `SOCK_DIAG_BY_FAMILY`, `NLMSG_ERROR`, `NLM_F_REQUEST`, `IPPROTO_TCP`.
const BY_FAMILY: u16 = 20;
const ERROR: u16 = 2;
const REQUEST: u16 = 1;
const TCP: u8 = 6;

/// `AF_INET`, `AF_INET6`.
const INET: u8 = 2;
const INET6: u8 = 10;

/// The octets of `nlmsghdr`, `inet_diag_req_v2` and `inet_diag_msg`.
const HEADER: usize = 16;
const ASKED: usize = 56;
const TOLD: usize = 72;

/// Our number for the question; the answer has it too.
const SEQUENCE: u32 = 1;

/// Whether a socket was ever found. Before that, "no such socket" may mean that the kernel has no such service.
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// The socket whose own end is `local` and whose other end is `remote`; `None` when there is none. An error means that
/// the kernel cannot be asked, and the table has to be read.
pub(super) fn find(local: SocketAddr, remote: SocketAddr) -> Result<Option<Socket>, Errno> {
    let netlink = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, Some(SOCK_DIAG))?;
    sendto(
        &netlink,
        &question(local, remote).ok_or(Errno::AFNOSUPPORT)?,
        SendFlags::empty(),
        &SocketAddrNetlink::new(0, 0),
    )?;
    let mut answer = [0; 512];
    // The kernel has answered by the time that the question is sent.
    let (_, length, from) = recvfrom(&netlink, &mut answer, RecvFlags::DONTWAIT)?;
    let from = from.ok_or(Errno::BADMSG).and_then(SocketAddrNetlink::try_from)?;
    if from.pid() != 0 {
        return Err(Errno::BADMSG);
    }
    let told = answer.get(..length).ok_or(Errno::BADMSG)?;
    match read(told).ok_or(Errno::BADMSG)? {
        Ok(socket) => {
            IS_THERE.store(true, Ordering::Relaxed);
            // Where no connection has these ends, the kernel gives the socket that would take one.
            Ok(Some(socket).filter(|socket| socket.local == local && socket.remote == remote))
        }
        Err(Errno::NOENT) if IS_THERE.load(Ordering::Relaxed) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `nlmsghdr` and `inet_diag_req_v2`. Numbers are in this machine's order, ports and addresses in the network's.
fn question(local: SocketAddr, remote: SocketAddr) -> Option<Vec<u8>> {
    let (family, source, destination) = match (local.ip(), remote.ip()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => (INET, widened(source), widened(destination)),
        (IpAddr::V6(source), IpAddr::V6(destination)) => (INET6, source.octets(), destination.octets()),
        _ => return None,
    };
    let length = u32::try_from(HEADER + ASKED).ok()?;
    let mut question = Vec::with_capacity(HEADER + ASKED);
    question.extend(length.to_ne_bytes());
    question.extend(BY_FAMILY.to_ne_bytes());
    question.extend(REQUEST.to_ne_bytes());
    question.extend(SEQUENCE.to_ne_bytes());
    question.extend([0; 4]);
    question.extend([family, TCP, 0, 0]);
    // In any state.
    question.extend([0xff; 4]);
    question.extend(local.port().to_be_bytes());
    question.extend(remote.port().to_be_bytes());
    question.extend(source);
    question.extend(destination);
    // Any interface, no cookie.
    question.extend([0; 4]);
    question.extend([0xff; 8]);
    Some(question)
}

/// An IPv4 address in the place of an IPv6 one.
fn widened(address: Ipv4Addr) -> [u8; 16] {
    let mut wide = [0; 16];
    for (place, octet) in wide.iter_mut().zip(address.octets()) {
        *place = octet;
    }
    wide
}

/// The first message of an answer: a socket (`inet_diag_msg`), or what is wrong. `None` for what is neither.
fn read(answer: &[u8]) -> Option<Result<Socket, Errno>> {
    let (header, rest) = answer.split_first_chunk::<HEADER>()?;
    if number(header, 8)? != SEQUENCE {
        return None;
    }
    match u16::from_ne_bytes([*header.get(4)?, *header.get(5)?]) {
        ERROR => {
            let code = i32::from_ne_bytes(*rest.first_chunk()?);
            Some(Err(Errno::from_raw_os_error(code.checked_neg()?)))
        }
        BY_FAMILY => {
            let told = rest.first_chunk::<TOLD>()?;
            let [family, state, ..] = *told;
            Some(Ok(Socket {
                local: SocketAddr::new(address(told, family, 8)?, port(told, 4)?),
                remote: SocketAddr::new(address(told, family, 24)?, port(told, 6)?),
                state,
                uid: number(told, 64)?,
                inode: number(told, 68)?.into(),
            }))
        }
        _ => None,
    }
}

fn number(octets: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*octets.get(at..)?.first_chunk()?))
}

fn port(octets: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*octets.get(at..)?.first_chunk()?))
}

/// An IPv6 socket that speaks IPv4 is given under its IPv4 address, as the table's reader gives it.
fn address(octets: &[u8], family: u8, at: usize) -> Option<IpAddr> {
    let octets = octets.get(at..)?;
    match family {
        INET => Some(Ipv4Addr::from(*octets.first_chunk::<4>()?).into()),
        INET6 => Some(Ipv6Addr::from(*octets.first_chunk::<16>()?).to_canonical()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::proc_net;
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;

    /// What the table says of the same socket.
    fn in_table(local: SocketAddr, remote: SocketAddr) -> Socket {
        proc_net::find(Path::new("/proc"), |socket| socket.local == local && socket.remote == remote).unwrap().unwrap()
    }

    #[test]
    fn the_kernel_says_of_a_socket_what_its_table_says() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                println!("NOT RUN: {address} is not an address of this computer");
                continue;
            };
            let caller = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (local, remote) = (caller.local_addr().unwrap(), caller.peer_addr().unwrap());
            let found = match find(local, remote) {
                Ok(found) => found,
                Err(error) => return println!("NOT RUN: this kernel cannot be asked for a socket: {error}"),
            };
            assert_eq!(found, Some(in_table(local, remote)));
            assert_ne!(found.unwrap().inode, 0);
        }
    }

    #[test]
    fn where_nobody_is_connected_the_listening_socket_is_not_taken_for_a_caller() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = listener.local_addr().unwrap();
        let caller = TcpStream::connect(ours).unwrap();
        if let Err(error) = find(caller.local_addr().unwrap(), ours) {
            return println!("NOT RUN: this kernel cannot be asked for a socket: {error}");
        }
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(find(ours, nobody), Ok(None));
        assert_eq!(find(nobody, nobody), Ok(None));
    }

    #[test]
    fn no_answer_that_is_cut_short_or_another_s_is_read() {
        let mut answer = [0; HEADER + TOLD];
        answer[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
        answer[8..12].copy_from_slice(&SEQUENCE.to_ne_bytes());
        answer[HEADER] = INET;
        assert!(matches!(read(&answer), Some(Ok(_))));
        for cut in 0..answer.len() {
            assert_eq!(read(&answer[..cut]), None, "cut at {cut}");
        }
        answer[8] ^= 1;
        assert_eq!(read(&answer), None);
    }
}
