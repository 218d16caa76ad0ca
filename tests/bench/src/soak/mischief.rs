//! What strangers do to a door that anybody on the machine can knock at. None of it may cost the others anything.

use super::requests;
use crate::{
    Fault,
    websocket::{self, Scheme, Socket, frame},
};
use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Connections of each kind that never get further.
const SLOW: usize = 40;

/// Octets of a message in many pieces, and of one that is long and lawful.
const PIECES: usize = 200;
const LONG: usize = 1024 * 1024;

/// Opcodes with and without FIN (RFC 6455 §5.2).
const TEXT: u8 = 0x81;
const TEXT_BEGINS: u8 = 0x01;
const GOES_ON: u8 = 0x00;
const PING: u8 = 0x89;

/// The close frame's first octet, and what it says (§7.4.1).
const CLOSE: u8 = 0x88;
const NOT_UTF8: u16 = 1007;
const TOO_LARGE: u16 = 1009;
const PROTOCOL: u16 = 1002;

type Trick = fn(&Scheme, u16) -> Result<(), Fault>;

/// Each in a thread of its own, and the pause between two times.
const TRICKS: [(Trick, Duration); 10] = [
    (slow_heads, Duration::from_millis(100)),
    (half_a_tls, Duration::from_millis(100)),
    (too_long_a_frame, Duration::from_millis(200)),
    (many_pieces, Duration::from_millis(200)),
    (no_text, Duration::from_millis(200)),
    (come_and_go, Duration::from_millis(20)),
    (long_and_lawful, Duration::from_secs(2)),
    (requests::refused, Duration::from_secs(2)),
    (requests::withdrawn, Duration::from_secs(5)),
    (requests::hash, Duration::from_secs(5)),
];

pub(super) struct Mischief {
    is_over: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    threads: Vec<JoinHandle<Vec<String>>>,
}

impl Mischief {
    pub(super) fn begin(scheme: &Scheme, port: u16) -> Self {
        let (is_over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = TRICKS
            .map(|(trick, pause)| {
                let (is_over, done, scheme) = (Arc::clone(&is_over), Arc::clone(&done), scheme.clone());
                thread::spawn(move || {
                    let mut faults = Vec::new();
                    while !is_over.load(Ordering::Relaxed) && faults.len() < 3 {
                        match trick(&scheme, port) {
                            Ok(()) => done.fetch_add(1, Ordering::Relaxed),
                            Err(fault) => {
                                faults.push(format!("mischief was not met as it should be: {fault}"));
                                0
                            }
                        };
                        thread::sleep(pause);
                    }
                    faults
                })
            })
            .into();
        Self { is_over, done, threads }
    }

    /// Ends it; gives how often something was tried, and what was not answered as it should be.
    pub(super) fn end(self) -> (u64, Vec<String>) {
        self.is_over.store(true, Ordering::Relaxed);
        let faults = self.threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect();
        (self.done.load(Ordering::Relaxed), faults)
    }
}

fn tcp(port: u16) -> Result<TcpStream, Fault> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

/// Heads of requests that never end, an octet at a time (slowloris).
fn slow_heads(_: &Scheme, port: u16) -> Result<(), Fault> {
    let mut slow = (0..SLOW).map(|_| tcp(port)).collect::<Result<Vec<_>, _>>()?;
    for octet in "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ".bytes().take(24) {
        for stream in &mut slow {
            // It may have been closed on it by now; that is well.
            let _ = stream.write_all(&[octet]);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The beginning of a TLS record, and silence.
fn half_a_tls(_: &Scheme, port: u16) -> Result<(), Fault> {
    let mut half = (0..SLOW).map(|_| tcp(port)).collect::<Result<Vec<_>, _>>()?;
    for stream in &mut half {
        let _ = stream.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    }
    thread::sleep(Duration::from_secs(3));
    Ok(())
}

/// A frame that says it has a terabyte.
fn too_long_a_frame(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    let mut head = vec![TEXT, 0xff];
    head.extend_from_slice(&(1u64 << 40).to_be_bytes());
    head.extend_from_slice(&[0; 4]);
    socket.write_all(&head)?;
    socket.flush()?;
    expect_close(&mut socket, &[TOO_LARGE])
}

/// A message in many pieces, with pings between them; then a piece of no message.
fn many_pieces(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    socket.write_all(&frame(TEXT_BEGINS, b"{"))?;
    for _ in 0..PIECES {
        socket.write_all(&frame(GOES_ON, b" "))?;
    }
    socket.write_all(&frame(PING, b""))?;
    socket.write_all(&frame(TEXT, b"{}"))?;
    socket.flush()?;
    expect_close(&mut socket, &[PROTOCOL])
}

/// A text frame that is not UTF-8.
fn no_text(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    socket.write_all(&frame(TEXT, &[0xff, 0xfe, 0xc0, 0x80]))?;
    socket.flush()?;
    expect_close(&mut socket, &[NOT_UTF8])
}

/// A page that opens a socket and leaves without a word.
fn come_and_go(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    websocket::open(scheme, port).map(drop)
}

/// A document of some size for a module that is not there.
fn long_and_lawful(scheme: &Scheme, port: u16) -> Result<(), Fault> {
    let mut socket = websocket::open(scheme, port)?;
    let request = format!(r#"{{"module":"no.such.module","data":"{}"}}"#, "A".repeat(LONG));
    let answer = socket.call(&request)?;
    if answer.contains("MODULE_NOT_FOUND") { Ok(()) } else { Err(format!("answered {answer}").into()) }
}

/// Reads up to the close frame, which must say one of these. A close that was lost because the agent had to break off
/// over what was still being sent is a close as well.
fn expect_close(socket: &mut Socket, codes: &[u16]) -> Result<(), Fault> {
    let mut octets = Vec::new();
    let mut block = [0; 1024];
    loop {
        if let Some(place) = octets.iter().position(|octet| *octet == CLOSE)
            && let Some(&[high, low]) = octets.get(place + 2..place + 4)
        {
            let code = u16::from_be_bytes([high, low]);
            return if codes.contains(&code) { Ok(()) } else { Err(format!("closed with {code}").into()) };
        }
        match socket.read(&mut block) {
            Ok(0) => return Err(format!("ended without a close frame: {octets:02x?}").into()),
            Ok(read) => octets.extend_from_slice(block.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
