//! A desk and an authority whose counter takes requests: the test carries files there and back, as the person would.

use super::{Desk, Run, now, typed};
use pki::{Certificate, revocation::Reason};
use serde_json::Value;
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};
use test_nca::{
    TestNca,
    services::{Server, Services},
};

/// A desk, and an authority with a counter.
pub struct World {
    pub desk: Desk,
    pub server: Server,
    services: Arc<Services>,
}

impl World {
    pub fn new() -> Self {
        let place = Server::bind(0).unwrap();
        let desk = Desk::of(TestNca::new(now()).unwrap().with_services(&place.url()));
        let stranger = TestNca::new(now()).unwrap();
        let services = Arc::new(Services::new(Arc::clone(&desk.nca), Arc::new(stranger)).unwrap());
        let server = place.serve(Arc::clone(&services), now).unwrap();
        let url = server.url();
        let host = url.trim_start_matches("http://");
        let settings = format!(
            "language = \"en\"\ntest_environment = true\n[services]\nproxy = \"none\"\ntsp = \"{url}/tsp/\"\n\
             also = [\"{host}\"]\ntimeout_seconds = 5\n"
        );
        fs::write(desk.path("config/settings.toml"), settings).unwrap();
        Self { desk, server, services }
    }

    /// The authority revokes a certificate: its services say so from now on.
    pub fn revokes(&self, certificate: &Certificate) {
        self.services.revoke(certificate.serial(), now(), Reason::KeyCompromise);
    }

    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.server.url().strip_prefix("http://").unwrap()).unwrap();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: test\r\nUser-Agent: test\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap(), answer[end + 4..].to_vec())
    }

    /// Takes a file to the counter and comes back with what was issued.
    #[track_caller]
    pub fn issued(&self, path: &str, file: &str, form: &str) -> Vec<u8> {
        let (status, text) = self.send("POST", path, &fs::read(file).unwrap());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&text));
        let number = serde_json::from_slice::<Value>(&text).unwrap()["number"].as_str().unwrap().to_owned();
        assert_eq!(self.send("POST", &format!("/requests/{number}/issue"), b"").0, 200);
        self.send("GET", &format!("/requests/{number}/certificate{form}"), b"").1
    }

    pub fn at(&self, name: &str) -> String {
        self.desk.path(name).to_str().unwrap().to_owned()
    }

    /// `tanba keys request` for a person, with more options.
    pub fn ask(&self, key: &str, more: &[&str]) -> Run {
        let person = ["--name", "Айгүл", "--surname", "Тест", "--given", "Қызы", "--iin", "000000000000"];
        let command = ["keys", "request", "--out", key, "--password-stdin"];
        self.desk.run(&[&command[..], &person, more].concat(), &typed())
    }

    pub fn import(&self, certificate: &str, more: &[&str], input: &str) -> Run {
        self.desk.run(&[&["keys", "import", certificate, "--password-stdin"], more].concat(), input)
    }

    /// Signs a file with a key and says what a verification thinks of it.
    pub fn signs(&self, key: &str, file: &str) -> Value {
        let signed = format!("{file}.cms");
        self.desk.run(&["sign", file, "--key", key, "--password-stdin", "-o", &signed], &typed()).ends_with(0);
        self.desk.json(&["verify", &signed, "--json"])
    }

    pub fn pending(&self) -> Vec<Value> {
        self.desk.json(&["keys", "pending", "--json"])["pending"].as_array().unwrap().clone()
    }
}
