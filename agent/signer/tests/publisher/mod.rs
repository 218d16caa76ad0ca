//! Whoever publishes versions: a key that signs version files, and a server of the test's own that gives them out.
#![allow(dead_code, unreachable_pub)]

use pki::{DigestAlgorithm, Timestamp};
use signature::cms::{self, Content};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use test_nca::{Issued, TestNca};

pub const PAGE: &str = "https://tanba.example/new";

/// One key that signs version files.
pub struct Publisher(Issued);

impl Publisher {
    pub fn of(nca: &TestNca) -> Self {
        Self(nca.head().unwrap())
    }

    /// The SHA-256 of the certificate.
    pub fn digest(&self) -> String {
        let digest = DigestAlgorithm::Sha256.digest(self.0.certificate.der());
        digest.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// A version file in DER.
    pub fn file(&self, version: &str, issued: Timestamp) -> Vec<u8> {
        self.sign(&content("tanba", version, issued))
    }

    pub fn sign(&self, content: &str) -> Vec<u8> {
        let signer = self.0.signer().unwrap();
        cms::sign(&*signer, Content::Attached(content.as_bytes()), self.now()).unwrap()
    }

    /// Signs beside whoever signed already.
    pub fn sign_too(&self, der: &[u8]) -> Vec<u8> {
        let signer = self.0.signer().unwrap();
        cms::amend::add_signer(der, &*signer, None, cms::amend::SameCertificate::Allow, self.now()).unwrap()
    }

    fn now(&self) -> Timestamp {
        self.0.certificate.not_before().plus_days(1)
    }
}

pub fn content(program: &str, version: &str, issued: Timestamp) -> String {
    let issued = issued.iso8601();
    format!(r#"{{"program":"{program}","version":"{version}","page":"{PAGE}","issued":"{issued}"}}"#)
}

/// What the server does with a connection.
#[derive(Clone)]
pub enum Answer {
    /// Gives these octets.
    File(Vec<u8>),
    /// Sends these octets as they are, head and all.
    Raw(Vec<u8>),
    /// Says nothing, and keeps the connection.
    Nothing,
}

/// A server on the loopback at a free port, for as long as the test lives.
pub struct Shelf {
    address: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicU32>,
}

impl Shelf {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answer = Arc::new(Mutex::new(Answer::Raw(Vec::new())));
        let asked = Arc::new(AtomicU32::new(0));
        let shelf = Self { address, answer: Arc::clone(&answer), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                asked.fetch_add(1, Ordering::SeqCst);
                let answer = answer.lock().unwrap().clone();
                read_head(&stream);
                // Who was told enough hangs up in the middle.
                let _ = match answer {
                    Answer::File(octets) => stream.write_all(&ok(&octets)),
                    Answer::Raw(octets) => stream.write_all(&octets),
                    Answer::Nothing => {
                        kept.push(stream);
                        Ok(())
                    }
                };
            }
        });
        shelf
    }

    pub fn url(&self) -> String {
        format!("http://{}/tanba-version.cms", self.address)
    }

    pub fn lay(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How many connections came.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A whole answer with that body.
pub fn ok(body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}

fn read_head(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
    }
}
