//! What sockets cost, measured on the real program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MEGABYTE: u64 = 1000 * 1000;

struct Agent {
    child: Child,
    port: u16,
    _home: tempfile::TempDir,
}

impl Agent {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tanba"));
        command.args(["run", "--port", "0", "--data-dir"]).arg(home.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Self { child, port, _home: home }
    }

    fn socket(&self) -> TcpStream {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.port
        );
        socket.write_all(head.as_bytes()).unwrap();
        read_until(&mut socket, br#"{"result":{"version":"1.4"}}"#);
        socket
    }

    /// Resident octets.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
    }

    /// What it comes down to when nothing happens.
    fn settles_under(&self, limit: u64) {
        let started = Instant::now();
        while self.resident() > limit {
            assert!(started.elapsed() < Duration::from_secs(20), "{} octets stay resident", self.resident());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_until(socket: &mut TcpStream, end: &[u8]) {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while !all.ends_with(end) {
        let read = socket.read(&mut piece).unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&all));
        all.extend_from_slice(&piece[..read]);
    }
}

#[test]
fn two_hundred_idle_sockets_cost_under_twenty_megabytes() {
    let agent = Agent::new();
    let before = agent.resident();
    let sockets: Vec<_> = (0..200).map(|_| agent.socket()).collect();
    agent.settles_under(before + 20 * MEGABYTE);
    drop(sockets);
}

#[test]
fn a_socket_that_once_sent_a_large_document_holds_nothing_of_it() {
    let agent = Agent::new();
    let before = agent.resident();
    let text = format!("{{\"module\":\"no.such.Module\",\"data\":\"{}\"}}", "A".repeat(20 * 1024 * 1024));
    let mut frame = vec![0x81, 0xff];
    frame.extend((text.len() as u64).to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    let mut sockets: Vec<_> = (0..6).map(|_| agent.socket()).collect();
    for socket in &mut sockets {
        socket.write_all(&frame).unwrap();
        read_until(socket, b"\"MODULE_NOT_FOUND\"}");
    }
    agent.settles_under(before + 30 * MEGABYTE);
    for socket in &mut sockets {
        socket.write_all(b"\x81\x8d\0\0\0\0--heartbeat--").unwrap();
        read_until(socket, b"--heartbeat--");
    }
}
