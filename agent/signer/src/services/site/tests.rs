use super::*;
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use settings::Proxy;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

fn from(site: &str) -> Origin {
    Origin::from_header(Some(site.as_bytes()))
}

/// A server of `localhost` over TLS that gives one answer and tells what it was asked.
struct Server {
    port: u16,
    authority: Vec<u8>,
    asked: Receiver<(String, Vec<u8>)>,
}

impl Server {
    fn start(answer: Vec<u8>) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        let authority = certificate.der().to_vec();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(authority.clone())],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, asked) = channel();
        std::thread::spawn(move || {
            let Ok((socket, _)) = listener.accept() else { return };
            let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = BufReader::new(rustls::StreamOwned::new(connection, socket));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head).unwrap_or(0) == 0 {
                    return;
                }
            }
            let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok();
            let mut body = vec![0; head.lines().find_map(length).unwrap_or(0)];
            stream.read_exact(&mut body).unwrap();
            let _ = sender.send((head, body));
            let _ = stream.get_mut().write_all(&answer);
            stream.get_mut().conn.send_close_notify();
            let _ = stream.get_mut().flush();
        });
        Self { port, authority, asked }
    }

    fn answering(body: &str) -> Self {
        Self::start(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }

    fn url(&self, path: &str) -> SiteUrl {
        SiteUrl::new(&format!("https://localhost:{}{path}", self.port), &from("https://localhost:1")).unwrap()
    }

    fn sites(&self) -> Sites {
        Sites::with_authorities(&settings(), &[&self.authority]).unwrap()
    }
}

fn settings() -> settings::Services {
    settings::Services { proxy: Proxy::None, timeout_seconds: 1, ..settings::Services::default() }
}

const UPLOAD: Upload<'_> =
    Upload { token: "t-1", name: "до\"г\nовор.pdf", document: b"%PDF", signature: b"\x30\x00" };

#[test]
fn only_an_https_address_of_the_asking_site_is_one() {
    for (url, site) in [
        ("https://v3bl.goszakup.gov.kz/file?x=1", "https://goszakup.gov.kz"),
        ("https://files.goszakup.gov.kz:8443/", "https://v3bl.goszakup.gov.kz"),
    ] {
        assert!(SiteUrl::new(url, &from(site)).is_ok(), "{url}");
    }
    for url in [
        "http://goszakup.gov.kz/",
        "https://evil.gov.kz/",
        "https://goszakup.gov.kz.evil.com/",
        "https://goszakup.gov.kz@evil.com/",
        "https://a@goszakup.gov.kz/",
        "https://127.0.0.1/",
        "//goszakup.gov.kz/",
        "file:///etc/passwd",
        "https://",
        "https://goszakup.gov.kz/ü",
        "https://goszakup.gov.kz/\r\nHost: x",
        "",
    ] {
        assert!(SiteUrl::new(url, &from("https://goszakup.gov.kz")).is_err(), "{url}");
    }
    for origin in [Origin::Opaque, Origin::Absent, from("http://goszakup.gov.kz")] {
        assert_eq!(SiteUrl::new("https://goszakup.gov.kz/", &origin), Err(SiteError::NoSite));
    }
}

#[test]
fn a_document_is_fetched_as_it_is() {
    let server = Server::answering("%PDF-1.7 документ");
    assert_eq!(server.sites().fetch(&server.url("/file?id=7"), 1024).unwrap(), "%PDF-1.7 документ".as_bytes());
    let (head, _) = server.asked.recv().unwrap();
    assert!(head.starts_with("GET /file?id=7 HTTP/1.1\r\n"), "{head}");
    assert!(!head.to_ascii_lowercase().contains("cookie"), "{head}");
}

#[test]
fn what_is_sent_is_a_form_with_the_token_the_document_and_the_signature() {
    let server = Server::answering(r#"{"file_id":71,"file_name":"договор.pdf","file_size":"4"}"#);
    let answer = server.sites().upload(&server.url("/upload"), &UPLOAD, &Gate::default()).unwrap();
    assert_eq!(answer, Uploaded { id: "71".into(), name: "договор.pdf".into(), size: 4 });
    let (head, body) = server.asked.recv().unwrap();
    let boundary = head.split("boundary=").nth(1).unwrap().lines().next().unwrap().to_owned();
    let text = String::from_utf8(body).unwrap();
    let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 5, "{text}");
    assert!(parts[1].contains("name=\"token\"\r\n\r\nt-1\r\n"), "{text}");
    assert!(parts[2].contains("name=\"file\"; filename=\"до%22г%0Aовор.pdf\""), "{text}");
    assert!(parts[2].ends_with("\r\n\r\n%PDF\r\n"), "{text}");
    assert!(parts[3].ends_with("\r\n\r\n\x30\x00\r\n"), "{text}");
    assert_eq!(parts[4], "--\r\n");
}

#[test]
fn an_answer_that_names_no_file_is_none() {
    for answer in ["", "ok", "[]", r#"{"file_id":""}"#, r#"{"file_id":null}"#, r#"{"error":1}"#] {
        assert_eq!(uploaded(answer.as_bytes(), &UPLOAD), None, "{answer}");
    }
    let inner = uploaded(br#"{"result":{"file_id":"a"}}"#, &UPLOAD).unwrap();
    assert_eq!((inner.id.as_str(), inner.size), ("a", 4));
    let long = format!(r#"{{"file_id":"{}"}}"#, "x".repeat(LONGEST_ID + 1));
    assert_eq!(uploaded(long.as_bytes(), &UPLOAD), None);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_believed() {
    let (server, other) = (Server::answering("x"), Server::answering("x"));
    let error = other.sites().fetch(&server.url("/"), 1024).unwrap_err();
    assert!(matches!(&error, SiteError::Unreachable { host, .. } if host == "localhost"), "{error}");
    assert!(server.asked.try_recv().is_err(), "nothing was asked");
}

#[test]
fn redirections_refusals_and_long_answers_are_told_and_not_followed() {
    let fetch = |server: Server| server.sites().fetch(&server.url("/"), 10).unwrap_err();
    let moved = b"HTTP/1.1 302 Found\r\nLocation: https://localhost/x\r\nContent-Length: 0\r\n\r\n".to_vec();
    assert!(matches!(fetch(Server::start(moved)), SiteError::Status { status: 302, .. }));
    assert!(matches!(fetch(Server::answering("eleven octets")), SiteError::TooLong { most: 10, .. }));
    assert!(matches!(fetch(Server::answering("")), SiteError::Answer { .. }));
}
