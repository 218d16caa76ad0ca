//! What a log may hold: who asked and why something failed. Never a document, a password, a key.
//!
//! One test, because a log is the whole process's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use futures_util::SinkExt as _;
use order::{FailureCode, Outcome, SiteChoice};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::Message;
use tracing_subscriber::fmt::MakeWriter;
use world::{World, sign, signed};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_document_no_password_and_no_key_is_logged_whatever_happens() {
    let log = Captured::default();
    tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::TRACE).init();
    let mut world = World::new().await;
    let mut page = world.page("https://egov.kz").await;

    // What a page must not, what it can, and what is done with it.
    for text in [
        r#"{"method":"createPKCS7","args":["PKCS12","/home/user/SECRETPATH.p12","alias","SECRETPASSWORD","SECRETTEXT"]}"#,
        r#"{"module":"SECRETMODULE","method":"SECRETMETHOD","password":"SECRETPASSWORD"}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"SECRETMETHOD","args":["SECRETPASSWORD"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"createCAdESFromBase64","args":["PKCS12","X","SECRET!!",true]}"#,
        r#"{"module":"kz.gov.pki.knca.basics","method":"SECRETMETHOD","args":{"data":"SECRETTEXT"}}"#,
        r#"SECRETTEXT that is no JSON: {"password":"SECRETPASSWORD""#,
        r#"["SECRETTEXT"]"#,
    ] {
        page.say(text).await;
    }
    page.say(&sign("SECRETTEXT")).await;
    let mut failing = world.signers.next().await;
    let order = failing.order().await;
    for (code, detail) in [(FailureCode::Signing, "no key fits")] {
        let outcome = Outcome::Failed(order::Failure { code, detail: detail.to_owned() });
        failing.finish(order.id, outcome).await;
    }
    let mut signer = Some(failing);
    for choice in [None, Some(SiteChoice::Allow), Some(SiteChoice::Block)] {
        page.say(&sign("SECRETTEXT")).await;
        let signer = match &mut signer {
            Some(signer) => signer,
            none => none.insert(world.signers.next().await),
        };
        let order = signer.order().await;
        let outcome = if choice.is_some() { Outcome::Cancelled } else { signed(&order) };
        signer.say(order::wire::FromSigner::Done { id: order.id, outcome, site: choice }).await;
        while !page.hear().await.contains("\"body\"") {}
    }
    drop(signer);
    page.socket.send(Message::Binary("SECRETTEXT".into())).await.unwrap();
    page.socket.get_mut().write_all(b"\xffSECRETTEXT").await.unwrap();
    page.hears_close().await;
    for rubbish in [
        "GET /SECRETPATH HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: SECRETCOOKIE\r\n\r\n",
        "SECRETTEXT\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: SECRETHOST\r\nAuthorization: SECRETPASSWORD\r\n\r\n",
    ] {
        world.http(rubbish).await;
    }
    let leaf = std::fs::read_to_string(world.folder.path().join("data/leaf.pem")).unwrap();
    let key_line = leaf.lines().skip_while(|line| !line.contains("PRIVATE KEY")).nth(1).unwrap().to_owned();
    world.stop().await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("https://egov.kz"), "the log says who asked: {log}");
    assert!(log.contains("blocked") || log.contains("signed"), "the log says what became of it: {log}");
    assert!(log.contains("refused by the dialect") || log.contains("no such module"), "why nobody was asked: {log}");
    assert!(log.contains("no key fits"), "the log says why it failed: {log}");
    assert!(!log.contains("SECRET"), "{}", log.lines().filter(|line| line.contains("SECRET")).collect::<String>());
    assert!(!log.contains(&key_line));
    // Not in another dress either.
    for disguise in ["U0VDUkVU", "534543524554", "[83, 69, 67, 82, 69, 84"] {
        assert!(!log.contains(disguise), "{disguise}");
    }
}
