//! The counter where certificates are asked for, over HTTP, and what independent tools think of the requests.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use common::{ask, issuer, now};
use keystore::{IssuingKey, NewKey, OsEntropy, PrivateKey};
use nca_material::{Oracle, openssl};
use pki::crl::Crl;
use pki::holder::{Bin, Iin};
use pki::issue::Subject;
use pki::ocsp::CertStatus;
use pki::request::message::{Message, PKI_DATA};
use pki::request::revocation::Statement;
use pki::request::{self, CertificationRequest, Wanted, answer};
use pki::revocation::Reason;
use pki::{Certificate, Role, Signer, Timestamp, oid};
use signature::cms::{self, Content};
use tanba_test_nca::TestNca;
use tanba_test_nca::services::{Server, Services};

const KINDS: [(&str, NewKey); 6] = [
    ("gost512", NewKey::Gost512),
    ("gost256", NewKey::Gost256),
    ("gost2004", NewKey::Gost2004),
    ("rsa2048", NewKey::Rsa2048),
    ("p256", NewKey::P256),
    ("p384", NewKey::P384),
];

struct World {
    server: Server,
    services: Arc<Services>,
}

impl World {
    fn new() -> Self {
        let place = Server::bind(0).unwrap();
        let nca = TestNca::seeded(now(), 1).unwrap().with_services(&place.url());
        let services = Services::new(Arc::new(nca), Arc::new(TestNca::seeded(now(), 2).unwrap())).unwrap();
        let services = Arc::new(services);
        let server = place.serve(Arc::clone(&services), now).unwrap();
        Self { server, services }
    }

    fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.server.url().strip_prefix("http://").unwrap()).unwrap();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: test\r\nUser-Agent: test\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }

    #[track_caller]
    fn refuses(&self, path: &str, body: &[u8], status: u16, words: &str) {
        let (found, text) = self.send("POST", path, body);
        let text = String::from_utf8(text).unwrap();
        assert_eq!(found, status, "{text}");
        assert!(text.contains(words), "{text}");
    }

    /// The number of what was filed.
    #[track_caller]
    fn file(&self, path: &str, body: &[u8]) -> String {
        let (status, text) = self.send("POST", path, body);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&text));
        let receipt: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(receipt["date"], "2026-11-23");
        receipt["number"].as_str().unwrap().to_owned()
    }

    /// Files a request, has it issued, and fetches the certificate.
    fn certificate(&self, path: &str, body: &[u8]) -> Certificate {
        let number = self.file(path, body);
        let place = format!("/requests/{number}/certificate");
        assert_eq!(self.send("GET", &place, b"").0, 404, "it is not issued yet");
        assert_eq!(self.send("POST", &format!("/requests/{number}/issue"), b"").0, 200);
        let (status, der) = self.send("GET", &place, b"");
        assert_eq!(status, 200);
        Certificate::from_der(&der).unwrap()
    }
}

fn subject() -> Subject {
    Subject {
        common_name: "ТЕСТ СҰРАУШЫ".to_owned(),
        surname: "ТЕСТ".to_owned(),
        iin: Iin::new("000000000009").unwrap(),
        organisation: None,
        given: Some("ТЕСТҰЛЫ".to_owned()),
        email: None,
    }
}

fn person() -> Wanted {
    Wanted::new(subject().to_name().unwrap(), &[oid::EMAIL_PROTECTION], &[], None)
}

fn new_key(kind: NewKey) -> PrivateKey {
    PrivateKey::generate(kind, &OsEntropy).unwrap()
}

fn asked(wanted: &Wanted, key: &PrivateKey) -> CertificationRequest {
    request::make(wanted, &key.public_key().unwrap(), &IssuingKey::new(key, &OsEntropy).unwrap()).unwrap()
}

fn signer(key: &PrivateKey, certificate: &Certificate) -> Box<dyn Signer> {
    key.signer(certificate, Arc::new(OsEntropy)).unwrap()
}

fn signed(signer: &dyn Signer, content: &[u8], at: Timestamp) -> Vec<u8> {
    cms::sign_as(PKI_DATA, signer, Content::Attached(content), at).unwrap()
}

/// A renewal, signed.
fn renewal(signer: &dyn Signer, request: CertificationRequest, at: Timestamp) -> Vec<u8> {
    signed(signer, &Message::Renewal(request).to_der(), at)
}

#[test]
fn requests_of_every_kind_of_key_hold_for_independent_tools() {
    let wanted = Wanted::new(
        Subject {
            organisation: Some(("ЖШС \"ТЕСТ\"".to_owned(), Bin::new("000000000021").unwrap())),
            email: Some("test@example.kz".to_owned()),
            ..subject()
        }
        .to_name()
        .unwrap(),
        &[oid::EMAIL_PROTECTION],
        &[Role::Head],
        Some("test@example.kz".to_owned()),
    );
    let folder = tempfile::tempdir().unwrap();
    let oracle = Oracle::find();
    for (name, kind) in KINDS {
        let request = asked(&wanted, &new_key(kind));
        let path = folder.path().join(format!("{name}.csr"));
        std::fs::write(&path, request.to_pem()).unwrap();
        // The oracle knows neither 256 bits, which the NCA never used.
        if let Some(oracle) = oracle.as_ref().filter(|_| kind != NewKey::Gost256) {
            let (code, report) = oracle.run(["csr".as_ref(), path.as_os_str(), "--json".as_ref()]);
            assert_eq!(code, 0, "{name}: {report:#}");
            assert!(report.to_string().contains("ТЕСТ СҰРАУШЫ"), "{name}: {report:#}");
        }
        if matches!(kind, NewKey::Rsa2048 | NewKey::P256 | NewKey::P384) {
            let arguments = ["req", "-verify", "-noout", "-in", path.to_str().unwrap()];
            let Some(output) = openssl(arguments) else { continue };
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.contains("verify OK"), "{name}: {said}");
        }
    }
}

#[test]
fn a_request_becomes_a_certificate_of_the_same_key_subject_and_roles() {
    let world = World::new();
    for (name, kind) in KINDS {
        let key = new_key(kind);
        let request = asked(&person(), &key);
        let body = if name == "gost512" { request.to_pem().into_bytes() } else { request.der().to_vec() };
        let certificate = world.certificate("/requests", &body);
        assert!(key.belongs_to(&certificate), "{name}");
        assert_eq!(certificate.subject(), request.subject());
        assert_eq!(certificate.extended_key_usage(), request.extended_key_usage());
        assert_eq!(certificate.key_usage(), request.key_usage());
        assert_eq!(ask(&world.services, &certificate, None).unwrap().status, CertStatus::Good);
        assert_eq!(certificate.verify_signature(world.services.nca().authority().public_key()), Ok(()));
    }
}

#[test]
fn the_certificate_comes_with_its_issuers_where_that_is_asked() {
    let world = World::new();
    let key = new_key(NewKey::Gost512);
    let number = world.file("/requests", asked(&person(), &key).der());
    let place = format!("/requests/{number}/certificate?as=pkcs7");
    assert_eq!(world.send("GET", &place, b"").0, 404);
    world.send("POST", &format!("/requests/{number}/issue"), b"");
    let found = answer::certificates(&world.send("GET", &place, b"").1).unwrap();
    assert_eq!(found.len(), 3);
    assert!(key.belongs_to(answer::of_key(&found, &key.public_key().unwrap())[0]));
    assert_eq!(world.send("POST", &format!("/requests/{number}/issue"), b"").0, 409, "issued once");
    assert_eq!(world.send("GET", "/requests/77/certificate", b"").0, 404);
    assert_eq!(world.send("GET", "/requests/x/certificate", b"").0, 404);
    assert_eq!(world.send("GET", "/requests", b"").0, 405);
    let Some(output) = openssl(["version"]) else { return };
    assert!(output.status.success());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.p7b");
    std::fs::write(&path, world.send("GET", &place, b"").1).unwrap();
    let printed = openssl(["pkcs7", "-inform", "DER", "-print_certs", "-in", path.to_str().unwrap()]).unwrap();
    assert_eq!(String::from_utf8_lossy(&printed.stdout).matches("BEGIN CERTIFICATE").count(), 3);
}

#[test]
fn an_operator_who_issues_at_once_makes_nobody_wait() {
    let nca = Arc::new(TestNca::seeded(now(), 1).unwrap());
    let services = Services::new(nca, TestNca::seeded(now(), 2).unwrap()).unwrap().with_certificates_at_once();
    let key = new_key(NewKey::Gost512);
    let receipt = services.counter().apply(asked(&person(), &key).der(), now()).unwrap();
    assert!(key.belongs_to(&services.counter().certificate(receipt.number).unwrap()));
}

#[test]
fn what_no_authority_would_take_is_refused_with_its_reason() {
    let world = World::new();
    let key = new_key(NewKey::Gost512);
    let good = asked(&person(), &key);
    world.refuses("/requests", b"hello", 400, "not a PEM certificate request");
    let mut forged = good.der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    world.refuses("/requests", &forged, 403, "does not fit the key");
    let name = subject().to_name().unwrap();
    let refused = |wanted: Wanted, words: &str| world.refuses("/requests", asked(&wanted, &key).der(), 403, words);
    refused(Wanted::new(name.clone(), &[], &[], None), "for signing");
    refused(Wanted::new(name.clone(), &[oid::OCSP_SIGNING], &[], None), "for signing");
    refused(Wanted::new(name.clone(), &[oid::EMAIL_PROTECTION], &[Role::Head], None), "roles do not fit");
    let admin = Wanted { usages: vec![oid::EMAIL_PROTECTION, oid::ROLE_NCA_ADMIN], ..person() };
    refused(admin, "roles do not fit");
    let nameless = pki::NameBuilder::new().with(oid::COMMON_NAME, "ТЕСТ").with(oid::COUNTRY, "KZ").build().unwrap();
    refused(Wanted::new(nameless, &[oid::EMAIL_PROTECTION], &[], None), "IIN");
    world.file("/requests", good.der());
    world.refuses("/requests", good.der(), 409, "with this key before");
}

#[test]
fn a_renewal_is_signed_by_the_present_key_of_the_same_holder() {
    let world = World::new();
    let key = new_key(NewKey::Gost512);
    let present = world.certificate("/requests", asked(&person(), &key).der());
    let old = signer(&key, &present);
    let new = new_key(NewKey::Rsa2048);
    let request = asked(&Wanted::again(&present), &new);
    let certificate = world.certificate("/renewals", &renewal(&*old, request, now()));
    assert!(new.belongs_to(&certificate));
    assert_eq!(certificate.subject(), present.subject());
    assert_eq!(certificate.extended_key_usage(), present.extended_key_usage());

    let another = new_key(NewKey::Gost512);
    let again = |wanted: &Wanted| renewal(&*old, asked(wanted, &another), now());
    let own = Wanted::again(&present);
    world.refuses("/renewals", &renewal(&*old, asked(&own, &key), now()), 409, "with this key before");
    let somebody = Subject { iin: Iin::new("000000000008").unwrap(), ..subject() }.to_name().unwrap();
    world.refuses("/renewals", &again(&Wanted { subject: somebody, ..own.clone() }), 403, "somebody else");
    let more = Wanted { usages: [&own.usages[..], &[oid::CLIENT_AUTH]].concat(), ..own.clone() };
    world.refuses("/renewals", &again(&more), 403, "role or purpose");
    world.refuses("/renewals", asked(&own, &another).der(), 400, "");
    let kept = renewal(&*old, asked(&own, &another), now().plus_seconds(-3601));
    world.refuses("/renewals", &kept, 403, "of this hour");
    let mut changed = again(&own);
    *changed.last_mut().unwrap() ^= 1;
    world.refuses("/renewals", &changed, 403, "does not hold");
    let expired = world.services.nca().expired().unwrap();
    let late = asked(&Wanted::again(&expired.certificate), &another);
    world.refuses("/renewals", &renewal(&*expired.signer().unwrap(), late, now()), 403, "not valid now");
    let stranger = TestNca::seeded(now(), 7).unwrap().person().unwrap();
    let foreign = asked(&Wanted::again(&stranger.certificate), &another);
    world.refuses("/renewals", &renewal(&*stranger.signer().unwrap(), foreign, now()), 403, "not of this authority");

    world.services.revoke(present.serial(), now(), Reason::KeyCompromise);
    world.refuses("/renewals", &again(&own), 403, "revoked");
}

#[test]
fn what_a_person_signed_as_a_document_renews_and_revokes_nothing() {
    let world = World::new();
    let (key, foreign) = (new_key(NewKey::Gost512), new_key(NewKey::Gost512));
    let present = world.certificate("/requests", asked(&person(), &key).der());
    let own = signer(&key, &present);
    // A page had it signed: a request for the page's own key, or a statement, in every form it can have.
    let document = |content: &[u8]| cms::sign(&*own, Content::Attached(content), now()).unwrap();
    let request = asked(&Wanted::again(&present), &foreign);
    let statement = Statement::about(&present, Reason::KeyCompromise);
    for content in [request.der().to_vec(), Message::Renewal(request).to_der()] {
        world.refuses("/renewals", &document(&content), 403, "is a document");
    }
    for content in [statement.to_der(), Message::Revocation(statement.clone()).to_der()] {
        world.refuses("/revocations", &document(&content), 403, "is a document");
    }
    // And what is signed for one of the two is not taken at the other.
    let revocation = signed(&*own, &Message::Revocation(statement).to_der(), now());
    world.refuses("/renewals", &revocation, 400, "asks for a revocation");
    assert_eq!(ask(&world.services, &present, None).unwrap().status, CertStatus::Good);
}

#[test]
fn a_holder_revokes_his_own_certificate_and_no_other() {
    let world = World::new();
    let (key, other_key) = (new_key(NewKey::Gost512), new_key(NewKey::Gost512));
    let own = world.certificate("/requests", asked(&person(), &key).der());
    let other = world.certificate("/requests", asked(&person(), &other_key).der());
    let own_signer = signer(&key, &own);
    let statement = |about: &Certificate, reason| {
        signed(&*own_signer, &Message::Revocation(Statement::about(about, reason)).to_der(), now())
    };
    world.refuses("/revocations", &statement(&other, Reason::KeyCompromise), 403, "about another certificate");
    world.refuses("/revocations", &statement(&own, Reason::CaCompromise), 403, "that reason");
    world.refuses("/revocations", &signed(&*own_signer, b"please", now()), 400, "");
    assert_eq!(ask(&world.services, &own, None).unwrap().status, CertStatus::Good);

    world.file("/revocations", &statement(&own, Reason::KeyCompromise));
    let CertStatus::Revoked(revoked) = ask(&world.services, &own, None).unwrap().status else { panic!("not revoked") };
    assert_eq!((revoked.reason, revoked.since), (Some(Reason::KeyCompromise), now()));
    assert_eq!(ask(&world.services, &other, None).unwrap().status, CertStatus::Good);
    let (_, list) = world.send("GET", "/crl/nca.crl", b"");
    let list = Crl::from_der(&list).unwrap().verify(issuer(&world.services)).unwrap();
    assert!(list.find(own.serial()).unwrap().is_some() && list.find(other.serial()).unwrap().is_none());
    world.refuses("/revocations", &statement(&own, Reason::KeyCompromise), 403, "revoked");
}
