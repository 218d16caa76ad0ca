//! One request's walk: page, door, desk, signer, journal, and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use order::wire::{FromSigner, ToSigner};
use order::{Origin, Outcome, SiteChoice, Task};
use world::{SHORT, World, cancelled, sign, signed, text};

fn cms_of(reply: &serde_json::Value) -> Vec<u8> {
    let pem = reply["body"]["result"][0].as_str().unwrap_or_else(|| panic!("{reply}"));
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}

#[tokio::test]
async fn a_page_asks_the_person_signs_and_the_page_gets_the_signature() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("Заявление")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert_eq!(order.requester.origin, Origin::from_header(Some(b"https://egov.kz")));
    assert!(order.requester.first_time);
    assert_eq!(text(&order), "Заявление");
    signer.say(FromSigner::Shown { id: order.id }).await;
    signer.finish(order.id, signed(&order)).await;
    let reply: serde_json::Value = serde_json::from_str(&page.hear().await).unwrap();
    assert_eq!(cms_of(&reply), "Заявление".as_bytes());
    assert_eq!(world.journal(), ["signed"]);
    assert_eq!(world.journal_column("origin"), ["https://egov.kz"]);
    assert_eq!(world.journal_column("signer"), ["ТЕСТОВ ТЕСТ"]);
    assert_eq!(world.journal_column("method"), ["sign"]);
}

#[tokio::test]
async fn the_same_walk_leads_through_tls() {
    let world = World::new().await;
    let mut page = world.secure_page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, signed(&order)).await;
    assert!(page.hear().await.contains("BEGIN CMS"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_window_is_told_which_program_asks_and_that_it_is_no_browser() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    let program = order.requester.program.unwrap();
    assert_eq!(program.path, std::env::current_exe().unwrap().to_str().unwrap());
    assert!(!program.is_known_browser);
}

#[tokio::test]
async fn a_program_without_an_origin_is_heard_as_one() {
    let world = World::new().await;
    let mut page = world::Page::open(world.tcp().await, &world.handshake(&[])).await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert_eq!(order.requester.origin, Origin::Absent);
}

#[tokio::test]
async fn cancelling_is_answered_and_written_down() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&page.hear().await).unwrap(), cancelled());
    assert_eq!(world.journal(), ["cancelled"]);
}

#[tokio::test]
async fn a_site_is_new_once() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert!(order.requester.first_time);
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    page.say(&sign("two")).await;
    let order = signer.order().await;
    assert!(!order.requester.first_time);
}

#[tokio::test]
async fn a_blocked_site_hears_cancel_and_no_window_opens_not_even_after_a_restart() {
    let mut world = World::new().await;
    let mut page = world.page("https://spam.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish_with(order.id, Outcome::Cancelled, SiteChoice::Block).await;
    page.hear().await;
    assert_eq!(page.call(&sign("again")).await, cancelled());
    world.stop().await;
    let world = World::again(world.folder.clone(), |_| {}).await;
    let mut page = world.page("https://spam.kz").await;
    assert_eq!(page.call(&sign("again")).await, cancelled());
    world.signers.none().await;
    assert_eq!(world.journal(), ["cancelled", "blocked", "blocked"]);
}

#[tokio::test]
async fn a_page_that_goes_away_takes_its_window_with_it() {
    let mut world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    drop(page);
    assert_eq!(signer.told().await, Some(ToSigner::Withdraw { id: order.id }));
    signer.finish(order.id, Outcome::Cancelled).await;
    // The next page gets its window from the same signer.
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("next")).await;
    assert_eq!(text(&signer.order().await), "next");
    drop((page, signer));
    world.stop().await;
    assert_eq!(world.journal(), ["withdrawn", "withdrawn"]);
}

#[tokio::test]
async fn a_signature_that_is_made_while_its_page_goes_away_is_written_down_as_one() {
    let mut world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    drop(page);
    assert_eq!(signer.told().await, Some(ToSigner::Withdraw { id: order.id }));
    signer.finish(order.id, signed(&order)).await;
    // The next one is answered after it.
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("next")).await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    drop((page, signer));
    world.stop().await;
    // Two pages ended at the same moment: which of them is written down first is not said.
    let (results, signers) = (world.journal(), world.journal_column("signer"));
    let certificates = world.journal_column("certificate");
    let mut rows: Vec<_> = results.iter().zip(&signers).zip(&certificates).collect();
    rows.sort();
    let [((cancelled, nobody), none), ((signed, signer), certificate)] = rows[..] else { panic!("{rows:?}") };
    assert_eq!((cancelled.as_str(), nobody.as_str(), none.as_str()), ("cancelled", "", ""));
    assert_eq!((signed.as_str(), signer.as_str(), certificate.len()), ("signed", "ТЕСТОВ ТЕСТ", 64));
}

/// Looks for programs when it is let, and says when it was asked.
struct SlowPeers {
    real: platform::peer::SystemPeers,
    asked: std::sync::mpsc::Sender<()>,
    go_on: std::sync::Mutex<std::sync::mpsc::Receiver<()>>,
}

impl platform::peer::Peers for SlowPeers {
    fn owner(
        &self,
        connection: &platform::peer::Connection,
    ) -> Result<platform::peer::Owner, platform::peer::PeerError> {
        self.real.owner(connection)
    }

    fn program(
        &self,
        connection: &platform::peer::Connection,
        since: std::time::Instant,
    ) -> Result<platform::peer::Sighting, platform::peer::PeerError> {
        self.asked.send(()).unwrap();
        // For ever once nobody holds it back any more.
        let _ = self.go_on.lock().unwrap().recv();
        self.real.program(connection, since)
    }

    fn holder_of_port(&self, port: u16) -> Result<Option<platform::peer::PortHolder>, platform::peer::PeerError> {
        self.real.holder_of_port(port)
    }
}

#[tokio::test]
async fn no_window_opens_for_a_page_that_went_away_while_its_program_was_looked_up() {
    let (asked, was_asked) = std::sync::mpsc::channel();
    let (let_go, go_on) = std::sync::mpsc::channel();
    let peers = SlowPeers { real: platform::peer::SystemPeers::default(), asked, go_on: go_on.into() };
    let mut world = World::with(|setup| setup.peers = std::sync::Arc::new(peers)).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    tokio::task::spawn_blocking(move || was_asked.recv_timeout(world::LONG).unwrap()).await.unwrap();
    // The listener has seen the end when it has answered it.
    page.socket.close(None).await.unwrap();
    while let Some(Ok(_)) = world::soon("the socket's end", futures_util::StreamExt::next(&mut page.socket)).await {}
    drop(page);
    drop(let_go);
    world.signers.none().await;
    world.stop().await;
    assert!(!world.folder.path().join("state/journal.db").exists(), "nobody decided anything");
}

#[tokio::test]
async fn the_journal_has_the_digests_of_files_that_the_signer_read() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    let request = serde_json::json!({
        "module": "kz.gov.pki.cms.CMSSignUtil", "method": "signFilePath", "args": ["/tmp/a.pdf", "", "PKCS12"]
    });
    page.say(&request.to_string()).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    let Outcome::Signed(mut made) = signed(&order) else { panic!() };
    made.signatures.clear();
    made.files = vec!["/tmp/a.pdf.cms".into()];
    made.digests = vec![vec![0xab; 32].into()];
    signer.finish(order.id, Outcome::Signed(made)).await;
    page.hear().await;
    assert_eq!(world.journal_column("documents"), ["ab".repeat(32)]);
}

#[tokio::test]
async fn what_nobody_decided_takes_no_row_of_the_journal() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(r#"{"method":"getHash","args":["text","SHA256"]}"#).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Digest(vec![1; 32].into())).await;
    page.hear().await;
    page.say(r#"{"method":"verifyXml","args":["<a/>"]}"#).await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Verified(Vec::new())).await;
    page.hear().await;
    page.say(&sign("text")).await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    assert_eq!(world.journal(), ["cancelled"]);
}

#[tokio::test]
async fn a_signer_that_keeps_a_withdrawn_order_is_replaced() {
    let world = World::with(|setup| setup.patience.signer_yield = SHORT).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut stubborn = world.signers.next().await;
    stubborn.order().await;
    drop(page);
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("next")).await;
    assert_eq!(text(&world.signers.next().await.order().await), "next");
}

#[tokio::test]
async fn heartbeats_and_pings_are_answered_while_the_window_is_open() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::Message;
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    for _ in 0..3 {
        page.say("--heartbeat--").await;
        assert_eq!(page.hear().await, "--heartbeat--");
    }
    page.socket.send(Message::Ping("are you there".into())).await.unwrap();
    assert_eq!(page.socket.next().await.unwrap().unwrap(), Message::Pong("are you there".into()));
    signer.finish(order.id, Outcome::Cancelled).await;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&page.hear().await).unwrap(), cancelled());
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_requests() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    page.say(r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#).await;
    page.say(&sign("two")).await;
    let mut signer = world.signers.next().await;
    let one = signer.order().await;
    page.hears_nothing().await;
    signer.finish(one.id, signed(&one)).await;
    assert!(page.hear().await.contains("BEGIN CMS"));
    assert!(page.hear().await.contains("responseObject"));
    let two = signer.order().await;
    assert_eq!(text(&two), "two");
    signer.finish(two.id, Outcome::Cancelled).await;
    assert!(page.hear().await.contains("\"body\":{}"));
}

#[tokio::test]
async fn pages_wait_for_one_window_in_the_order_they_came_and_the_window_knows_how_many() {
    let world = World::new().await;
    let mut pages = Vec::new();
    let mut signer = None;
    for name in ["one", "two", "three"] {
        let mut page = world.page(&format!("https://{name}.kz")).await;
        page.say(&sign(name)).await;
        pages.push(page);
        match &mut signer {
            None => {
                let started = signer.insert(world.signers.next().await);
                let order = started.order().await;
                assert_eq!(text(&order), "one");
            }
            Some(signer) => {
                let count = u32::try_from(pages.len()).unwrap() - 1;
                assert_eq!(signer.told().await, Some(ToSigner::Waiting { count }));
            }
        }
    }
    let mut signer = signer.unwrap();
    // The one in the middle does not want to wait any more.
    drop(pages.remove(1));
    assert_eq!(signer.told().await, Some(ToSigner::Waiting { count: 1 }));
    signer.finish(1, Outcome::Cancelled).await;
    let next = signer.told().await;
    assert!(matches!(&next, Some(ToSigner::Order(order)) if text(order) == "three"), "{next:?}");
    assert_eq!(signer.told().await, Some(ToSigner::Waiting { count: 0 }));
}

#[tokio::test]
async fn one_site_cannot_take_the_places_of_all_others() {
    const SHARE: u32 = 8;
    let world = World::new().await;
    let mut first = world.page("https://loud.kz").await;
    first.say(&sign("first")).await;
    let mut signer = world.signers.next().await;
    signer.order().await;
    let mut waiting = Vec::new();
    for count in 1..=SHARE {
        let mut page = world.page("https://loud.kz").await;
        page.say(&sign("more")).await;
        assert_eq!(signer.told().await, Some(ToSigner::Waiting { count }));
        waiting.push(page);
    }
    let reply = world.page("https://loud.kz").await.call(&sign("one too many")).await;
    assert_eq!(reply["status"], false, "{reply}");
    let mut quiet = world.page("https://egov.kz").await;
    quiet.say(&sign("from another site")).await;
    assert_eq!(signer.told().await, Some(ToSigner::Waiting { count: SHARE + 1 }));
}

#[tokio::test]
async fn a_large_batch_that_nobody_signed_takes_one_line_of_the_journal() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    let documents: Vec<String> = (0..17).map(|number| STANDARD.encode(number.to_string())).collect();
    let request = serde_json::json!({
        "module": "kz.gov.pki.knca.basics", "method": "sign",
        "args": {
            "format": "cms", "data": documents, "signingParams": {"decode": true},
            "signerParams": {"extKeyUsageOids": []}
        }
    });
    page.say(&request.to_string()).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    let [documents] = &world.journal_column("documents")[..] else { panic!("one row") };
    assert!(documents.starts_with("17 documents: ") && documents.lines().count() == 1, "{documents}");
}

#[tokio::test]
async fn who_comes_when_the_queue_is_full_is_told_so() {
    let world = World::with(|setup| setup.settings.limits.waiting_requests = 1).await;
    let mut first = world.page("https://one.kz").await;
    first.say(&sign("one")).await;
    let mut signer = world.signers.next().await;
    signer.order().await;
    let mut second = world.page("https://two.kz").await;
    second.say(&sign("two")).await;
    assert_eq!(signer.told().await, Some(ToSigner::Waiting { count: 1 }));
    let mut third = world.page("https://three.kz").await;
    let reply = third.call(&sign("three")).await;
    assert_eq!(reply["status"], false, "{reply}");
    assert_eq!(world.journal(), ["failed:too-many-requests"]);
}

#[tokio::test]
async fn a_signer_that_crashes_costs_one_order_and_the_next_starts_another() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    let mut signer = world.signers.next().await;
    signer.order().await;
    drop(signer);
    let reply: serde_json::Value = serde_json::from_str(&page.hear().await).unwrap();
    assert_eq!(reply["status"], false, "{reply}");
    page.say(&sign("two")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, signed(&order)).await;
    assert!(page.hear().await.contains("BEGIN CMS"));
    assert_eq!(world.journal(), ["failed:signer-unavailable", "signed"]);
}

#[tokio::test]
async fn a_signer_of_another_version_is_unavailable() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    let mut stranger = world.signers.silent().await;
    stranger.say(FromSigner::Ready { version: 999 }).await;
    assert!(page.hear().await.contains("\"status\":false"));
}

#[tokio::test]
async fn a_signer_that_says_nothing_is_unavailable() {
    let world = World::with(|setup| setup.patience.signer_start = SHORT).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    assert!(page.hear().await.contains("\"status\":false"));
}

#[tokio::test]
async fn a_signer_that_is_not_there_is_unavailable() {
    let missing = World::with(|setup| setup.signer.program = "/nowhere/tanba-signer".into()).await;
    let mut page = missing.page("https://egov.kz").await;
    assert_eq!(page.call(&sign("one")).await["status"], false);
}

#[tokio::test]
async fn a_signer_that_finishes_what_it_was_not_given_is_not_believed() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id + 1, signed(&order)).await;
    assert!(page.hear().await.contains("\"status\":false"));
}

#[tokio::test]
async fn the_signer_stays_while_a_page_is_there_and_leaves_after_it() {
    let world = World::with(|setup| setup.settings.signer.idle_seconds = 1).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&sign("one")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    page.say(&sign("two")).await;
    let order = signer.order().await;
    assert_eq!(text(&order), "two");
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    drop(page);
    assert_eq!(signer.told().await, None, "it is let go");
}

#[tokio::test]
async fn a_key_that_is_shown_is_answered_and_written_down() {
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    page.say(r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getKeyInfo","args":["PKCS12"]}"#).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert!(matches!(order.task, Task::ShowKey(_)));
    let key = order::KeyInfo {
        alias: "alias".into(),
        key_id: vec![1],
        algorithm: "ECGOST3410-2015-512".into(),
        subject_cn: "ТЕСТОВ ТЕСТ".into(),
        subject_dn: "CN=ТЕСТОВ ТЕСТ".into(),
        issuer_cn: "ҰКО".into(),
        issuer_dn: "CN=ҰКО".into(),
        serial_number: vec![1],
        not_before_ms: 0,
        not_after_ms: 1,
        authority_key_id: vec![2],
        certificate: vec![3],
    };
    signer.finish(order.id, Outcome::KeyShown(Box::new(key))).await;
    assert!(page.hear().await.contains("ТЕСТОВ ТЕСТ"));
    assert_eq!(world.journal(), ["key-shown"]);
}

#[tokio::test]
async fn a_page_that_asks_too_fast_is_told_so_without_a_window() {
    let world = World::new().await;
    let mut page = world.page("https://loud.kz").await;
    page.say(&sign("0")).await;
    let mut signer = world.signers.next().await;
    let mut heard = 0;
    loop {
        let order = tokio::select! {
            order = signer.order() => order,
            reply = page.hear() => {
                assert!(reply.contains("\"status\":false"), "{reply}");
                break;
            }
        };
        signer.finish(order.id, Outcome::Cancelled).await;
        assert!(page.hear().await.contains("\"body\":{}"));
        heard += 1;
        assert!(heard < 200, "a page is never told to slow down");
        page.say(&sign("again")).await;
    }
    assert!(heard >= 10, "{heard}");
}

#[tokio::test]
async fn a_document_of_twenty_mebibytes_walks_there_and_back() {
    let world = World::new().await;
    let mut page = world.secure_page("https://egov.kz").await;
    let document = vec![0x5a; 15 * 1024 * 1024];
    let request = serde_json::json!({
        "module": "kz.gov.pki.knca.commonUtils",
        "method": "createCAdESFromBase64",
        "args": ["PKCS12", "SIGNATURE", STANDARD.encode(&document), true]
    });
    let request = request.to_string();
    assert!(request.len() >= 20 * 1024 * 1024);
    page.say(&request).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    let Task::Sign(task) = &order.task else { panic!() };
    assert!(task.documents[0].octets() == document);
    signer.finish(order.id, signed(&order)).await;
    let reply: serde_json::Value = serde_json::from_str(&page.hear().await).unwrap();
    assert!(STANDARD.decode(reply["responseObject"].as_str().unwrap()).unwrap() == document);
    // The socket is as good as before.
    page.say("--heartbeat--").await;
    assert_eq!(page.hear().await, "--heartbeat--");
}

#[tokio::test]
async fn a_document_over_the_limit_is_refused_with_the_cause_and_without_a_window() {
    use tokio::io::AsyncWriteExt as _;
    let world = World::new().await;
    let mut page = world.page("https://egov.kz").await;
    let room = "DOCUMENT";
    let request = sign(room);
    let (before, after) = request.split_once(room).unwrap();
    let document = ncalayer::Limits::STANDARD.document + 1;
    // Written past the client's own library, which would copy and mask it.
    let mut head = vec![0x81, 0xff];
    head.extend(u64::try_from(before.len() + document + after.len()).unwrap().to_be_bytes());
    head.extend([0; 4]);
    let pipe = page.socket.get_mut();
    for part in [&head, before.as_bytes(), &vec![b'x'; document], after.as_bytes()] {
        world::soon("room for the request", pipe.write_all(part)).await.unwrap();
    }
    let reply: serde_json::Value = serde_json::from_str(&page.hear().await).unwrap();
    assert_eq!(reply["code"], "INVALID_SIGNING_PARAMS", "{reply}");
    assert_eq!(reply["details"], "data is over the limit of 134217728 octets", "{reply}");
    world.signers.none().await;
    page.say("--heartbeat--").await;
    assert_eq!(page.hear().await, "--heartbeat--");
}
