//! The services over HTTP on this machine.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use common::{NONCE, issuer, judge, now};
use pki::crl::Crl;
use pki::locations::Locations;
use pki::ocsp::{self, CertStatus, OcspError};
use pki::revocation::Reason;
use pki::tsp::{Policy, Request, TspError};
use tanba_test_nca::TestNca;
use tanba_test_nca::services::{Server, Services};

fn serve() -> (Server, Arc<Services>) {
    let place = Server::bind(0).unwrap();
    let nca = TestNca::seeded(now(), 1).unwrap().with_services(&place.url());
    let services = Arc::new(Services::new(Arc::new(nca), Arc::new(TestNca::seeded(now(), 2).unwrap())).unwrap());
    let server = place.serve(Arc::clone(&services), now).unwrap();
    (server, services)
}

/// Sends octets to a URL of the server as they are; the status line and the body.
fn send(server: &Server, request: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    // It may have refused the request before it has read all of it.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (head.lines().next().unwrap().to_owned(), answer[end + 4..].to_vec())
}

fn post(server: &Server, path: &str, content_type: &str, body: &[u8]) -> (String, Vec<u8>) {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nUser-Agent: test\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    send(server, &[head.as_bytes(), body].concat())
}

fn get(server: &Server, path: &str) -> (String, Vec<u8>) {
    send(server, format!("GET {path} HTTP/1.1\r\nHost: test\r\nUser-Agent: test\r\n\r\n").as_bytes())
}

#[test]
fn the_services_answer_where_the_certificates_say() {
    let (server, services) = serve();
    let person = services.nca().person().unwrap().certificate;
    let places = Locations::of(&person);
    let path = |place: &str| place.strip_prefix(&server.url()).unwrap().to_owned();

    let request = ocsp::Request::new(person.serial(), issuer(&services), NONCE).unwrap().to_der();
    let (status, body) = post(&server, &path(&places.ocsp[0]), ocsp::Request::CONTENT_TYPE, &request);
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert_eq!(judge(&services, &person, &body).unwrap().status, CertStatus::Good);

    services.revoke(person.serial(), now(), Reason::Superseded);
    let (_, complete) = get(&server, &path(&places.crl[0]));
    let (_, delta) = get(&server, &path(&places.delta_crl[0]));
    let [complete, delta] =
        [&complete, &delta].map(|der| Crl::from_der(der).unwrap().verify(issuer(&services)).unwrap());
    assert_eq!(complete.is_continued_by(&delta), Ok(()));
    assert!(complete.find(person.serial()).unwrap().is_none() && delta.find(person.serial()).unwrap().is_some());

    let (_, certificate) = get(&server, &path(&places.ca_issuers[0]));
    assert_eq!(certificate, services.nca().authority().der());

    let request = Request::for_data(Policy::Gost512, b"data", NONCE);
    let (_, body) = post(&server, "/tsp/", Request::CONTENT_TYPE, &request.to_der());
    assert!(request.accept(&body, b"data").is_ok());
}

#[test]
fn an_awkward_address_gives_awkward_answers() {
    let (server, services) = serve();
    let person = services.nca().person().unwrap().certificate;
    let request = ocsp::Request::new(person.serial(), issuer(&services), NONCE).unwrap().to_der();
    let (_, body) = post(&server, "/wrong-nonce/ocsp/", ocsp::Request::CONTENT_TYPE, &request);
    assert_eq!(judge(&services, &person, &body), Err(OcspError::Nonce));
    let request = Request::for_data(Policy::Gost512, b"data", NONCE);
    let (_, body) = post(&server, "/wrong-purpose/tsp", Request::CONTENT_TYPE, &request.to_der());
    assert_eq!(request.accept(&body, b"data"), Err(TspError::Purpose));
}

#[test]
fn what_is_not_asked_right_is_refused() {
    let (server, _services) = serve();
    let status = |request: &str| send(&server, request.as_bytes()).0;
    // The filter before the NCA's services (kz-crypto 16).
    assert_eq!(status("GET /cert/nca.cer HTTP/1.1\r\nHost: test\r\n\r\n"), "HTTP/1.1 303 See Other");
    assert_eq!(status("GET /cert/nca.cer HTTP/1.1\r\nUser-Agent:\r\n\r\n"), "HTTP/1.1 303 See Other");
    assert_eq!(get(&server, "/nothing").0, "HTTP/1.1 404 Not Found");
    assert_eq!(get(&server, "/ocsp/").0, "HTTP/1.1 405 Method Not Allowed");
    assert_eq!(post(&server, "/ocsp/", "text/plain", b"").0, "HTTP/1.1 415 Unsupported Media Type");
    assert_eq!(status("NONSENSE\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(status("GET /\u{0} HTTP/2\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    let long = format!("GET /{} HTTP/1.1\r\n", "a".repeat(20_000));
    assert_eq!(status(&long), "HTTP/1.1 431 Request Header Fields Too Large");
    let much = "POST /tsp/ HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n";
    assert_eq!(status(much), "HTTP/1.1 413 Content Too Large");
    let pieces = "POST /tsp/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(status(pieces), "HTTP/1.1 411 Length Required");
    // It is still there, and gone when it is no longer held.
    assert_eq!(get(&server, "/cert/nca.cer").0, "HTTP/1.1 200 OK");
    let address = server.url().strip_prefix("http://").unwrap().to_owned();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}
