//! `/proc/net/tcp` and `/proc/net/tcp6`: the kernel's table of sockets, one line each (proc(5)).

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

/// `st` of a listening socket.
pub(super) const LISTEN: u8 = 0x0a;

/// One socket of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Socket {
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    pub(super) state: u8,
    pub(super) uid: u32,
    /// Zero for a socket that no process has any more.
    pub(super) inode: u64,
}

/// The first socket that `wanted` accepts, of both families.
///
/// An IPv6 socket that speaks IPv4 (as Java opens them) stands in `tcp6` under `::ffff:a.b.c.d`; it is given here under
/// its IPv4 address.
pub(super) fn find(proc: &Path, wanted: impl Fn(&Socket) -> bool) -> io::Result<Option<Socket>> {
    for table in ["net/tcp", "net/tcp6"] {
        let file = match File::open(proc.join(table)) {
            Ok(file) => file,
            // A kernel without IPv6 has no such table.
            Err(error) if error.kind() == ErrorKind::NotFound && table == "net/tcp6" => continue,
            Err(error) => return Err(error),
        };
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        let mut line = String::with_capacity(256);
        while reader.read_line(&mut line)? != 0 {
            if let Some(socket) = parse(&line).filter(&wanted) {
                return Ok(Some(socket));
            }
            line.clear();
        }
    }
    Ok(None)
}

/// One line of the table; the heading and anything else give `None`.
fn parse(line: &str) -> Option<Socket> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let local = address(fields.next()?)?;
    let remote = address(fields.next()?)?;
    let state = u8::from_str_radix(fields.next()?, 16).ok()?;
    // tx_queue:rx_queue, tr:tm->when and retrnsmt stand between.
    let uid = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Socket { local, remote, state, uid, inode })
}

/// `0100007F:350B`: each 32-bit word of the address is printed as a number of this machine, though its octets lie in
/// network order; the port is an ordinary number.
fn address(field: &str) -> Option<SocketAddr> {
    let (ip, port) = field.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |digits: &str| u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes);
    let ip = match ip.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(ip)?)),
        32 => {
            let mut octets = [0; 16];
            for (place, start) in octets.chunks_exact_mut(4).zip((0..32).step_by(8)) {
                place.copy_from_slice(&word(ip.get(start..start + 8)?)?);
            }
            Ipv6Addr::from(octets).to_canonical()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    const HEADING: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    #[test]
    fn a_line_of_the_table_is_read_to_the_letter() {
        let line = "   3: 0100007F:D4B2 0100007F:350B 01 00000000:00000000 02:000AD0F7 00000000  1000        0 845123 2 \
                    0000000000000000 20 4 30 10 -1";
        assert_eq!(
            parse(line),
            Some(Socket {
                local: "127.0.0.1:54450".parse().unwrap(),
                remote: "127.0.0.1:13579".parse().unwrap(),
                state: 1,
                uid: 1000,
                inode: 845_123,
            })
        );
        assert_eq!(parse(HEADING), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn both_kinds_of_ipv6_address_are_read() {
        assert_eq!(address("00000000000000000000000001000000:350B"), Some("[::1]:13579".parse().unwrap()));
        assert_eq!(address("0000000000000000FFFF00000100007F:350B"), Some("127.0.0.1:13579".parse().unwrap()));
        assert_eq!(address("0100007F"), None);
        assert_eq!(address("01007F:350B"), None);
        assert_eq!(address("0000000000000000FFFF00000100007é:350B"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(line in ".{0,200}") {
            let _ = parse(&line);
        }
    }
}
