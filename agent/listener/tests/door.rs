//! The door: who is let in, who is not, and what they hear.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use futures_util::{SinkExt as _, StreamExt as _};
use order::{Origin, Outcome};
use platform::peer::{Connection, Owner, PeerError, Peers, PortHolder, Sighting};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tanba_listener::Clock;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use world::{Page, SHORT, World, soon};

const MODULE_NOT_FOUND: &str = r#"{"success":false,"errorCode":"MODULE_NOT_FOUND"}"#;

#[tokio::test]
async fn the_greeting_is_in_the_same_segment_as_the_handshakes_answer() {
    let world = World::new().await;
    let mut plain = world.tcp().await;
    plain.write_all(world.handshake(&[]).as_bytes()).await.unwrap();
    // One read of a socket gives what had arrived together; TLS gives one record at a time.
    let mut answer = [0; 4096];
    let read = soon("the answer", plain.read(&mut answer)).await.unwrap();
    assert_greeted(&answer[..read]);

    let mut secure = world.tls().await;
    secure.write_all(world.handshake(&[]).as_bytes()).await.unwrap();
    let read = soon("the answer", secure.read(&mut answer)).await.unwrap();
    assert_greeted(&answer[..read]);
}

fn assert_greeted(answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    assert!(text.starts_with("HTTP/1.1 101 "), "{text}");
    assert!(text.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{text}");
    let frame = &answer[answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4..];
    assert_eq!(frame[..2], [0x81, 28], "an unmasked text frame");
    assert_eq!(&frame[2..], br#"{"result":{"version":"1.4"}}"#);
}

#[tokio::test]
async fn both_addresses_and_all_our_names_lead_in_by_any_path() {
    let world = World::new().await;
    for (address, host) in
        [("127.0.0.1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("::1", "localhost")]
    {
        if address == "::1" && !world::has_ipv6() {
            println!("NOT RUN: this computer has no ::1");
            continue;
        }
        let host = format!("{host}:{}", world.port);
        let head = world::handshake(&host, &[]).replace("GET / ", "GET /any/path?at=all ");
        let plain = tokio::net::TcpStream::connect((address, world.port)).await.unwrap();
        Page::open(plain, &head).await;
        let secure = tokio::net::TcpStream::connect((address, world.port)).await.unwrap();
        Page::open(world::tls(secure).await.unwrap(), &head).await;
    }
}

#[tokio::test]
async fn a_foreign_host_is_refused_before_the_upgrade() {
    let world = World::new().await;
    for host in ["evil.kz", "evil.kz:13579", "127.0.0.1:1", "127.0.0.1"] {
        let answer = world.http(&world::handshake(host, &[("Origin", "https://evil.kz")])).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{host}: {answer}");
        assert!(answer.contains(&format!("127.0.0.1:{}", world.port)), "{answer}");
        assert!(!answer.contains("1.4"), "{answer}");
    }
}

#[tokio::test]
async fn what_a_page_sends_with_its_handshake_is_not_lost() {
    let world = World::new().await;
    let mut stream = world.tcp().await;
    let mut octets = world.handshake(&[]).into_bytes();
    let heartbeat = b"--heartbeat--";
    octets.extend_from_slice(&[0x81, 0x80 | u8::try_from(heartbeat.len()).unwrap(), 0, 0, 0, 0]);
    octets.extend_from_slice(heartbeat);
    stream.write_all(&octets).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(heartbeat) {
        assert_ne!(soon("the heartbeat", stream.read_buf(&mut answer)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_unknown_module_is_answered_and_rubbish_is_not() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    for silent in ["{}", "rubbish", "[1,2]", "", "{\"module\":"] {
        page.say(silent).await;
    }
    page.hears_nothing().await;
    page.say(r#"{"module":"no.such.Module"}"#).await;
    assert_eq!(page.hear().await, MODULE_NOT_FOUND);
}

#[tokio::test]
async fn a_binary_frame_is_not_answered_and_the_socket_stays() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.socket.send(Message::Binary(vec![0, 1, 2].into())).await.unwrap();
    page.hears_nothing().await;
    page.say(r#"{"module":"no.such.Module"}"#).await;
    assert_eq!(page.hear().await, MODULE_NOT_FOUND);
}

#[tokio::test]
async fn a_frame_over_the_limit_closes_the_socket_with_the_reason() {
    let world = World::with(|setup| setup.settings.limits.frame_mebibytes = 1).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&format!("{{\"module\":\"{}\"}}", "x".repeat(1024 * 1024 - 13))).await;
    assert_eq!(page.hear().await, MODULE_NOT_FOUND);
    // The peer is still sending when it is told.
    let _ = page.socket.send(Message::text("x".repeat(8 * 1024 * 1024))).await;
    assert_eq!(page.hears_close().await.code, CloseCode::Size);
    // In pieces it is too large all the same.
    let mut page = world.page("https://egov.kz").await;
    let mut piece = vec![0x01, 0xff, 0, 0, 0, 0, 0, 0x0c, 0, 0, 0, 0, 0, 0];
    piece.extend(vec![b'x'; 0xc0000]);
    page.socket.get_mut().write_all(&piece).await.unwrap();
    piece[0] = 0x80;
    page.socket.get_mut().write_all(&piece).await.unwrap();
    assert_eq!(page.hears_close().await.code, CloseCode::Size);
}

#[tokio::test]
async fn what_is_no_websocket_frame_closes_the_socket_with_the_reason() {
    let world = World::new().await;
    for (octets, code) in [
        // Unmasked; a reserved opcode; a reserved bit; a continuation of nothing; text that is not UTF-8.
        (&[0x81, 1, b'x'][..], CloseCode::Protocol),
        (&[0x83, 0x80, 0, 0, 0, 0], CloseCode::Protocol),
        (&[0xc1, 0x80, 0, 0, 0, 0], CloseCode::Protocol),
        (&[0x80, 0x80, 0, 0, 0, 0], CloseCode::Protocol),
        (&[0x81, 0x81, 0, 0, 0, 0, 0xff], CloseCode::Invalid),
    ] {
        let mut page = world.page("https://egov.kz").await;
        page.socket.get_mut().write_all(octets).await.unwrap();
        assert_eq!(page.hears_close().await.code, code, "{octets:?}");
    }
    assert_eq!(world.page("https://egov.kz").await.call("{\"module\":\"x\"}").await["success"], false);
}

#[tokio::test]
async fn a_page_that_closes_its_socket_hears_the_close_answered() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.socket.close(None).await.unwrap();
    assert!(matches!(soon("the close", page.socket.next()).await, Some(Ok(Message::Close(_))) | None));
}

#[tokio::test]
async fn rubbish_instead_of_a_handshake_hurts_nobody() {
    let world = World::with(|setup| setup.patience.handshake = std::time::Duration::from_secs(2)).await;
    let tls_rubbish: Vec<u8> = [0x16, 0x03, 0x01, 0x40, 0x00].into_iter().chain([0xaa; 500]).collect();
    for rubbish in [&b"\x00\x01\x02\x03\r\n\r\n"[..], &tls_rubbish, b"GET\r\n\r\n", b"\r\n\r\n\r\n\r\n", &[0x80; 3000]]
    {
        let mut stream = world.tcp().await;
        stream.write_all(rubbish).await.unwrap();
        let mut answer = Vec::new();
        // An answer or a reset; in any case an end.
        let _ = soon("the end", stream.read_to_end(&mut answer)).await;
        assert!(!answer.starts_with(b"HTTP/1.1 101"), "{rubbish:?}");
    }
    world.page("https://egov.kz").await;
}

#[tokio::test]
async fn who_is_slow_with_the_handshake_is_let_go() {
    let world = World::with(|setup| setup.patience.handshake = SHORT).await;
    let half = &world.handshake(&[])[..40];
    for begin in [b"".as_slice(), b"\x16", b"\x16\x03\x01\x00\x80", half.as_bytes()] {
        let mut stream = world.tcp().await;
        stream.write_all(begin).await.unwrap();
        let started = Instant::now();
        let mut answer = Vec::new();
        let _ = soon("the end", stream.read_to_end(&mut answer)).await;
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(answer, b"");
    }
    // A drop at a time is slow too.
    let mut stream = world.tcp().await;
    let started = Instant::now();
    for octet in world.handshake(&[]).bytes().cycle().take(400) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if stream.write_all(&[octet]).await.is_err() {
            break;
        }
    }
    assert!(started.elapsed() < Duration::from_secs(3), "a slow handshake goes on for {:?}", started.elapsed());
}

#[tokio::test]
async fn a_head_without_an_end_is_refused() {
    let world = World::new().await;
    let answer = world.http(&format!("GET / HTTP/1.1\r\nCookie: {}", "x".repeat(40_000))).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn the_local_page_is_strict_and_speaks_the_browsers_language() {
    let world = World::new().await;
    let host = format!("127.0.0.1:{}", world.port);
    let get = |line: &str, more: &str| format!("{line} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n");
    for (language, sentence) in [("kk", "Tanba дайын"), ("ru", "Tanba готова"), ("en", "Tanba is ready")] {
        let answer = world.http(&get("GET /", &format!("Accept-Language: {language}\r\n"))).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains(sentence), "{answer}");
        assert!(answer.contains(&format!("\r\nContent-Language: {language}\r\n")), "{answer}");
    }
    let answer = world::exchange(world.tls().await, &get("GET /?lang=en", "")).await;
    for field in [
        "Content-Security-Policy: default-src 'none';",
        "frame-ancestors 'none'",
        "; require-trusted-types-for 'script'; trusted-types 'none'\r\n",
        "Cross-Origin-Opener-Policy: same-origin",
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Cross-Origin-Resource-Policy: same-origin",
    ] {
        assert!(answer.contains(field), "{field}: {answer}");
    }
    assert!(!answer.contains("Access-Control-Allow"), "{answer}");
    let answer = world.http(&get("HEAD /", "")).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n"), "{answer}");
    for (line, status) in [("GET /other", "404"), ("POST /", "405"), ("OPTIONS /", "405")] {
        let answer = world.http(&get(line, "")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
    }
}

#[tokio::test]
async fn the_local_page_tells_the_time_and_asks_like_any_other_page() {
    let world = World::with(|setup| setup.clock = Arc::new(At(datetime!(2031-02-03 04:05:06.789_123 UTC)))).await;
    let host = format!("127.0.0.1:{}", world.port);
    let answer = world.http(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
    assert!(answer.contains("data-now=\"2031-02-03T04:05:06.789Z\""), "{answer}");
    assert!(answer.contains(&format!("data-address=\"{host}\"")), "{answer}");
    // It has no standing of its own: the person is asked, and told that this page was never answered.
    let origin = format!("https://{host}");
    let mut page = world.page(&origin).await;
    page.say(&world::sign("test")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert_eq!(order.requester.origin, Origin::from_header(Some(origin.as_bytes())));
    assert!(order.requester.first_time);
    signer.finish(order.id, Outcome::Cancelled).await;
    assert_eq!(page.hear().await, r#"{"body":{},"status":true}"#);
    assert_eq!(world.journal(), ["cancelled"]);
}

/// A clock that stands.
struct At(OffsetDateTime);

impl Clock for At {
    fn now(&self) -> OffsetDateTime {
        self.0
    }
}

/// A system where every caller is somebody else.
struct Others(fn() -> Result<Owner, PeerError>);

impl Peers for Others {
    fn owner(&self, _: &Connection) -> Result<Owner, PeerError> {
        (self.0)()
    }

    fn program(&self, _: &Connection, _: Instant) -> Result<Sighting, PeerError> {
        Err(PeerError::Hidden)
    }

    fn holder_of_port(&self, _: u16) -> Result<Option<PortHolder>, PeerError> {
        Ok(None)
    }
}

#[tokio::test]
async fn another_user_of_the_machine_gets_neither_socket_nor_page() {
    let world = World::with(|setup| setup.peers = Arc::new(Others(|| Ok(Owner::AnotherUser(4711))))).await;
    let answer = world.http(&world.handshake(&[])).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(world::tls(world.tcp().await).await.is_err(), "no handshake is spent on who is not heard");
    let answer = world.http(&format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", world.port)).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

#[tokio::test]
async fn a_caller_of_whom_the_system_says_nothing_is_not_believed_to_be_ours() {
    let world = World::with(|setup| setup.peers = Arc::new(Others(|| Err(PeerError::Hidden)))).await;
    let answer = world.http(&world.handshake(&[])).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

/// With rights to become somebody else, somebody else really calls.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_real_other_user_is_really_refused() {
    let world = World::new().await;
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{}; printf 'GET / HTTP/1.1\\r\\nHost: 127.0.0.1:{}\\r\\n\\r\\n' >&3; head -n 1 <&3",
        world.port, world.port
    );
    let mut other = tokio::process::Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", &script]).kill_on_drop(true);
    match soon("the other user", other.output()).await {
        Ok(output) if output.status.success() => {
            let line = String::from_utf8_lossy(&output.stdout);
            assert!(line.starts_with("HTTP/1.1 403 "), "{line}");
        }
        _ => println!("NOT RUN: becoming another user needs root and setpriv"),
    }
}

#[tokio::test]
async fn stopping_closes_sockets_lets_the_signer_go_and_takes_a_moment() {
    let mut world = World::new().await;
    let mut idle = world.page("https://idle.kz").await;
    let mut asking = world.secure_page("https://egov.kz").await;
    asking.say(&world::sign("text")).await;
    let mut signer = world.signers.next().await;
    signer.order().await;
    // A peer that never answers a close frame must not keep us.
    let silent = world.page("https://silent.kz").await;
    let half_open = world.tcp().await;
    let started = Instant::now();
    let (_, code, word) = tokio::join!(world.stop(), idle.hears_close(), async {
        let word = signer.told().await;
        drop(signer);
        word
    });
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(code.code, CloseCode::Away);
    assert_eq!(asking.hears_close().await.code, CloseCode::Away);
    // Its input ends, and nothing is said: no page went away.
    assert_eq!(word, None);
    assert_eq!(world.journal(), ["withdrawn"]);
    drop((silent, half_open));
}

#[tokio::test]
async fn sockets_that_say_nothing_do_not_delay_the_stop() {
    // Whoever waits for a handshake or for the limit of stopping is late.
    let long = Duration::from_secs(60);
    let mut world = World::with(|setup| (setup.patience.handshake, setup.patience.closing) = (long, long)).await;
    let mut silent = Vec::new();
    for begin in [&b""[..], b"\x16", b"\x16\x03\x01\x00\x80", b"GET / HTTP/1.1\r\n"] {
        let mut socket = world.tcp().await;
        socket.write_all(begin).await.unwrap();
        silent.push(socket);
    }
    // Answered, so those before it were taken in.
    world.page("https://egov.kz").await.socket.close(None).await.unwrap();
    world.stop().await;
}

#[tokio::test]
async fn two_hundred_sockets_are_served_at_once() {
    let world = World::new().await;
    let mut pages = Vec::new();
    for number in 0..200 {
        pages.push(world.page(&format!("https://tab-{number}.kz")).await);
    }
    for page in &mut pages {
        page.say("--heartbeat--").await;
    }
    for page in &mut pages {
        assert_eq!(page.hear().await, "--heartbeat--");
    }
}

#[tokio::test]
async fn over_the_limit_of_connections_callers_wait_and_are_not_lost() {
    let world = World::with(|setup| setup.settings.limits.connections = 2).await;
    let first = world.page("https://one.kz").await;
    let _second = world.page("https://two.kz").await;
    let mut third = world.tcp().await;
    third.write_all(world.handshake(&[]).as_bytes()).await.unwrap();
    let mut octet = [0];
    assert!(tokio::time::timeout(Duration::from_millis(200), third.read(&mut octet)).await.is_err());
    drop(first);
    soon("a place", third.read(&mut octet)).await.unwrap();
}
