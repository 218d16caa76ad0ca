//! A socket after the handshake, on the whole listener: whatever a client sends, what comes back are frames, each lawful and
//! each text of the dialect, and the next client is greeted.
//!
//! The first octet says where the rest is cut in two before it is sent: a listener reads what has come.
#![no_main]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use listener::{Listener, Setup, SignerCommand};
use platform::peer::{Connection, Owner, PeerError, Peers, PortHolder, Program, ProgramKind, Sighting};
use settings::{Places, Settings};

const GREETING: &str = r#"{"result":{"version":"1.4"}}"#;

/// What a healthy listener never takes.
const LONG: Duration = Duration::from_secs(9);

/// Everybody is a browser of this user: what the system would say is no matter of the frames.
struct Everybody;

impl Peers for Everybody {
    fn owner(&self, _: &Connection) -> Result<Owner, PeerError> {
        Ok(Owner::ThisUser)
    }

    fn program(&self, _: &Connection, _: Instant) -> Result<Sighting, PeerError> {
        let path = Some(PathBuf::from("/usr/bin/browser"));
        let program = Program { pid: None, path, name: "browser".to_owned(), kind: ProgramKind::Browser };
        Ok(Sighting { program, at: Instant::now() })
    }

    fn holder_of_port(&self, _: u16) -> Result<Option<PortHolder>, PeerError> {
        Ok(None)
    }
}

/// The port of a listener that serves as long as this process lives. Nobody is there to decide: its signer cannot be
/// started, and every request that needs one fails.
static PORT: LazyLock<u16> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("tanba-fuzz-session-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let (opened, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let places = Places::under(&folder);
            places.create().unwrap();
            let signer = SignerCommand { program: PathBuf::from("/nobody"), arguments: Vec::new() };
            let mut setup = Setup::new(places, Settings::default(), 0, signer).unwrap();
            setup.peers = Arc::new(Everybody);
            let listener = Listener::open(setup).unwrap();
            opened.send(listener.port()).unwrap();
            listener.serve(std::future::pending()).await;
        });
    });
    port.recv().unwrap()
});

fn open() -> TcpStream {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, *PORT)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Origin: https://example.kz\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        *PORT
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// A close code that an endpoint may send (RFC 6455 §7.4).
fn is_close_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// What a server sent: unmasked frames, none in pieces, texts that are JSON or a heartbeat, nothing behind a close.
fn check(octets: &[u8]) {
    let mut rest = octets;
    let mut is_first = true;
    let mut is_closed = false;
    while let [first, second, behind @ ..] = rest {
        assert!(!is_closed, "a frame behind the close frame");
        let (length, behind) = match second {
            126 => (usize::from(u16::from_be_bytes(*behind.first_chunk().unwrap())), &behind[2..]),
            127 => (u64::from_be_bytes(*behind.first_chunk().unwrap()) as usize, &behind[8..]),
            short => (usize::from(*short), behind),
        };
        assert!(second & 0x80 == 0, "a server masks nothing");
        let payload = behind.get(..length).expect("a frame is whole");
        match first {
            0x81 => {
                let text = std::str::from_utf8(payload).expect("text");
                assert!(!is_first || text == GREETING, "greeted with {text}");
                let is_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
                assert!(is_json || text == "--heartbeat--", "not of the dialect: {text}");
            }
            0x88 => {
                is_closed = true;
                if !payload.is_empty() {
                    let code = u16::from_be_bytes(*payload.first_chunk().expect("a code has two octets"));
                    assert!(is_close_code(code), "closed with {code}");
                    std::str::from_utf8(&payload[2..]).expect("a reason is text");
                }
            }
            0x8a => {}
            other => panic!("a frame that begins with {other:#x}"),
        }
        is_first = false;
        rest = &behind[length..];
    }
    assert!(rest.is_empty() && !is_first);
}

fuzz_target!(|data: &[u8]| {
    let (cut, data) = data.split_first().map_or((0, data), |(cut, data)| (usize::from(*cut), data));
    let mut stream = open();
    let (one, two) = data.split_at(cut.min(data.len()));
    // It may have closed on the first part already.
    let _ = stream.write_all(one).and_then(|()| stream.write_all(two)).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        // What was on its way when it closed.
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return,
        Err(error) => panic!("{error}"),
    }
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("the handshake is answered");
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    check(&answer[head + 4..]);
});
