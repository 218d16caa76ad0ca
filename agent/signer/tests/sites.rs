//! What concerns the asking site: documents fetched from it and sent to it, and tickets of another one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use order::{
    Cms, Content, Delivery, Document, FailureCode, Form, KeyFilter, KeyUse, Outcome, SignTask, SiteChoice, Task,
    TimeStamp,
};
use pki::DigestAlgorithm;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use script::{
    Home, PASSWORD, Script, agree, attached, cancel, chooses, content, decide, failure, questions, refused, said,
    sign_as, signatures,
};
use signature::cms;
use signer::{
    carry_out::Input,
    services::Sites,
    window::{Consent, Event, Learns, Question, Warning, What},
};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// A site of `localhost` over TLS that gives these answers, one for each connection, and tells what it was sent.
struct Site {
    port: u16,
    authority: Vec<u8>,
    asked: Receiver<Vec<u8>>,
}

impl Site {
    fn answering(answers: &[&str]) -> Self {
        let (config, authority) = believed();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, asked) = channel();
        let answers: Vec<String> = answers.iter().map(|body| (*body).to_owned()).collect();
        std::thread::spawn(move || {
            for body in answers {
                let Ok((socket, _)) = listener.accept() else { return };
                let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = BufReader::new(rustls::StreamOwned::new(connection, socket));
                let sent = request(&mut stream);
                let _ = sender.send(sent);
                answer(&mut stream, &body);
            }
        });
        Self { port, authority, asked }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/file", self.port)
    }

    fn home(&self) -> Home {
        let mut home = Home::with_known_key();
        home.origin = format!("https://localhost:{}", self.port);
        home.sites = Sites::with_authorities(&home.services, &[&self.authority]);
        home
    }
}

/// A site that takes one connection and says nothing before it is let go on; then it tells all that it was sent.
struct SilentSite {
    site: Site,
    go_on: Sender<&'static str>,
    connected: Receiver<()>,
}

impl SilentSite {
    fn new(silence: Silence) -> Self {
        let (config, authority) = believed();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, asked) = channel();
        let (go_on, answers) = channel::<&str>();
        let (connects, connected) = channel();
        std::thread::spawn(move || {
            let Ok((socket, _)) = listener.accept() else { return };
            let _ = connects.send(());
            let hush = || answers.recv().unwrap_or_default();
            let mut body = if silence == Silence::AtOnce { hush() } else { "" };
            let connection = rustls::ServerConnection::new(config).unwrap();
            let mut stream = BufReader::new(rustls::StreamOwned::new(connection, socket));
            let sent = request(&mut stream);
            let _ = sender.send(sent);
            if silence == Silence::BeforeTheAnswer {
                body = hush();
            }
            answer(&mut stream, body);
        });
        Self { site: Site { port, authority, asked }, go_on, connected }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Silence {
    AtOnce,
    BeforeTheAnswer,
}

type Stream = BufReader<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>;

/// What the body of a request has, as far as it comes.
fn request(stream: &mut Stream) -> Vec<u8> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return Vec::new();
        }
    }
    let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<u64>().ok();
    let mut sent = Vec::new();
    // A connection that broke off ends it as well.
    let _ = stream.by_ref().take(head.lines().find_map(length).unwrap_or(0)).read_to_end(&mut sent);
    sent
}

fn answer(stream: &mut Stream, body: &str) {
    let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let _ = stream.get_mut().write_all(answer.as_bytes());
    stream.get_mut().conn.send_close_notify();
    let _ = stream.get_mut().flush();
}

/// What a server of `localhost` speaks TLS with, and whom to believe for it.
fn believed() -> (Arc<rustls::ServerConfig>, Vec<u8>) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let authority = certificate.der().to_vec();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(authority.clone())],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    (Arc::new(config), authority)
}

fn detached(document: Document, delivery: Delivery) -> Task {
    let form = Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::None });
    Task::Sign(SignTask { delivery, ..sign_as(document, form) })
}

#[test]
fn a_document_of_the_site_is_fetched_after_a_yes_shown_and_signed() {
    let site = Site::answering(&["Шарт № 7"]);
    let mut home = site.home();
    let task = || detached(Document::Remote(site.url()), Delivery::Page);
    let mut no = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
    assert!(site.asked.try_recv().is_err(), "the site was asked without a yes");
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD)]);
    let done = home.carry_out(task(), &mut person);
    assert_eq!(questions(&person.seen), ["fetch", "sign"]);
    let Question::Sign { documents, .. } = &person.seen.views[1].question else { panic!() };
    assert!(matches!(&documents[0].what, What::Text(preview) if preview.text == "Шарт № 7"));
    let document = cms::External::Content("Шарт № 7".as_bytes());
    assert!(cms::verify(&signatures(&done)[0], Some(document)).unwrap().is_good());
    let Outcome::Signed(signed) = done.outcome else { panic!() };
    assert_eq!(signed.digests, [DigestAlgorithm::Sha256.digest("Шарт № 7".as_bytes())]);
    // Nobody answers any more: the person is told, and then the page.
    let mut person = Script::new(vec![agree(), agree()]);
    assert_eq!(failure(&home.carry_out(task(), &mut person)).0, FailureCode::Service);
    assert_eq!(questions(&person.seen), ["fetch", "notice"]);
}

#[test]
fn a_file_of_the_persons_choice_is_signed_and_sent_with_its_signature() {
    let site = Site::answering(&["none", r#"{"file_id":"77","file_name":"contract.pdf","file_size":"8"}"#]);
    let mut home = site.home();
    let contract = home.dir.path().join("contract.pdf");
    fs::write(&contract, "%PDF-1.7").unwrap();
    let delivery = Delivery::Upload { url: site.url(), token: "t-1".to_owned() };
    let task = || detached(Document::Chosen, delivery.clone());
    let mut no = Script::new(vec![agree(), chooses(&contract), cancel()]);
    assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
    assert!(site.asked.try_recv().is_err(), "something was sent without a signature");
    // An answer that is none is said in the window, and the person tries again.
    let mut person = Script::new(vec![agree(), chooses(&contract), decide(0, PASSWORD), decide(0, PASSWORD)]);
    let done = home.carry_out(task(), &mut person);
    assert_eq!(questions(&person.seen), ["upload", "choose", "sign"]);
    assert!(matches!(&person.seen.views[1].question, Question::ChooseFile { learns: Learns::Signature, .. }));
    assert_eq!(said(&person.seen.problems), ["site-strange"]);
    let Outcome::Signed(signed) = done.outcome else { panic!("{done:?}") };
    assert!(signed.signatures.is_empty());
    assert_eq!(signed.uploaded.unwrap().id, "77");
    let sent = [site.asked.recv().unwrap(), site.asked.recv().unwrap()];
    for sent in sent {
        let has = |octets: &[u8]| sent.windows(octets.len()).any(|window| window == octets);
        assert!(has(b"t-1") && has(b"%PDF-1.7") && has(b"contract.pdf"));
        assert!(!has(home.dir.path().to_str().unwrap().as_bytes()), "the site learned the path");
    }
}

const TAKEN: &str = r#"{"file_id":"77"}"#;

/// The order in which a signature is sent, and the person who presses *Sign*.
fn sending(home: &Home, site: &Site) -> (Task, Script) {
    let contract = home.dir.path().join("contract.pdf");
    fs::write(&contract, "%PDF-1.7").unwrap();
    let delivery = Delivery::Upload { url: site.url(), token: "t-1".to_owned() };
    let person = Script::new(vec![agree(), chooses(&contract), decide(0, PASSWORD)]);
    (detached(Document::Chosen, delivery), person)
}

#[test]
fn what_was_sent_already_is_told_whatever_comes_meanwhile() {
    for (no, choice) in [
        (Event::Cancel, None),
        (Event::BlockSite, Some(SiteChoice::Block)),
        // In the place of a page that went away.
        (Event::Shown, None),
    ] {
        let SilentSite { site, go_on, connected: _ } = SilentSite::new(Silence::BeforeTheAnswer);
        let mut home = site.home();
        let (task, mut person) = sending(&home, &site);
        let mut no = Some(if matches!(no, Event::Shown) { Input::Withdrawn } else { Input::Window(no) });
        let asked = site.asked;
        person.hears = Some(Box::new(move || {
            asked.try_recv().ok()?;
            go_on.send(TAKEN).unwrap();
            no.take()
        }));
        let done = home.carry_out(task, &mut person);
        let Outcome::Signed(signed) = done.outcome else { panic!("{done:?}") };
        assert_eq!((signed.uploaded.unwrap().id.as_str(), done.site), ("77", choice));
    }
}

#[test]
fn a_no_before_anything_is_sent_keeps_it_from_being_sent() {
    let SilentSite { site, go_on, connected } = SilentSite::new(Silence::AtOnce);
    let mut home = site.home();
    let (task, mut person) = sending(&home, &site);
    person.hears = Some(Box::new(move || connected.try_recv().ok().map(|()| Input::Window(Event::Cancel))));
    let done = home.carry_out(task, &mut person);
    assert_eq!((done.outcome, done.site), (Outcome::Cancelled, None));
    go_on.send(TAKEN).unwrap();
    assert_eq!(site.asked.recv().unwrap(), b"", "something was sent after a no");
}

#[test]
fn a_page_that_goes_while_its_document_is_fetched_waits_for_nothing_and_gets_no_further_window() {
    let SilentSite { site, go_on: _keeps_silent, connected } = SilentSite::new(Silence::AtOnce);
    let mut home = site.home();
    let task = detached(Document::Remote(site.url()), Delivery::Page);
    let mut person = Script::new(vec![agree()]);
    // From the moment on at which the site was asked.
    let mut is_gone = false;
    person.is_gone = Some(Box::new(move || {
        is_gone |= connected.try_recv().is_ok();
        is_gone
    }));
    assert_eq!(home.carry_out(task, &mut person).outcome, Outcome::Cancelled);
    assert_eq!(questions(&person.seen), ["fetch"]);
}

#[test]
fn an_order_whose_site_does_not_say_what_became_of_it_is_not_told_as_cancelled() {
    let SilentSite { site, go_on, connected: _ } = SilentSite::new(Silence::BeforeTheAnswer);
    let mut home = site.home();
    let (task, mut person) = sending(&home, &site);
    let asked = site.asked;
    person.hears = Some(Box::new(move || {
        asked.try_recv().ok()?;
        go_on.send("none").unwrap();
        Some(Input::Window(Event::Cancel))
    }));
    assert_eq!(failure(&home.carry_out(task, &mut person)).0, FailureCode::Service);
}

#[test]
fn addresses_of_others_open_no_window() {
    let mut home = Home::with_known_key();
    for url in ["https://evil.example/a", "http://egov.kz/a", "file:///etc/passwd", ""] {
        let remote = detached(Document::Remote(url.to_owned()), Delivery::Page);
        assert_eq!(refused(&mut home, remote).0, FailureCode::InvalidRequest, "{url}");
        let delivery = Delivery::Upload { url: url.to_owned(), token: String::new() };
        assert_eq!(refused(&mut home, detached(Document::Chosen, delivery)).0, FailureCode::InvalidRequest, "{url}");
    }
}

#[test]
fn a_ticket_of_another_site_needs_a_yes_of_its_own_and_is_said_in_red() {
    let mut home = Home::with_known_key();
    let ticket = b"<login><url>https://idp.egov.kz/auth</url><ticket>42</ticket></login>";
    let filter = KeyFilter { key_use: Some(KeyUse::Authentication), ..KeyFilter::default() };
    let task = || Task::Sign(SignTask { filter: filter.clone(), ..sign_as(content(ticket), attached()) });
    let mut own = Script::new(vec![cancel()]);
    home.carry_out(task(), &mut own);
    assert_eq!(questions(&own.seen), ["sign"], "it is the site's own ticket");

    home.origin = "https://evil.example".to_owned();
    let mut no = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
    let Question::Consent(Consent::OtherSite { named, asks }) = &no.seen.views[0].question else { panic!() };
    assert_eq!((named.as_str(), asks.as_str()), ("idp.egov.kz", "evil.example"));
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD)]);
    signatures(&home.carry_out(task(), &mut person));
    assert_eq!(questions(&person.seen), ["other-site", "sign"]);
    let warning = &person.seen.view.unwrap().warnings[0];
    assert!(matches!(warning, Warning::OtherSite { named, .. } if named == "idp.egov.kz"), "{warning:?}");
}
