//! What pages hear of tokens, from a watcher that sees what the test says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use ncalayer::HEARTBEAT;
use order::wire::FromWatcher;
use order::{Outcome, StorageName, Task, TokenSeen};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tanba_listener::Setup;
use tokio::io::{AsyncRead, AsyncWrite};
use world::watchers::{Watchers, token};
use world::{LONG, Page, SHORT, World, sign};

const KNP: &str = "kz.inessoft.kgd.knp.ncalayer.KNPModuleService";
const COMMON: &str = "kz.gov.pki.knca.commonUtils";

fn active() -> String {
    json!({"module": COMMON, "method": "getActiveTokens"}).to_string()
}

async fn tokens<S: AsyncRead + AsyncWrite + Unpin>(page: &mut Page<S>) -> Value {
    let reply = page.call(&active()).await;
    assert_eq!(reply["code"], "200");
    reply["responseObject"].clone()
}

/// Asks until this is the answer: a word is on its way through a pipe and a process.
async fn tokens_become<S: AsyncRead + AsyncWrite + Unpin>(page: &mut Page<S>, wanted: Value) {
    let until = Instant::now() + LONG;
    loop {
        let got = tokens(page).await;
        if got == wanted {
            return;
        }
        assert!(Instant::now() < until, "{got} does not become {wanted}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The first answer is waited for as long as it takes: that is for tests that decide when it comes.
fn patient(setup: &mut Setup) {
    setup.patience.watcher_first = LONG;
}

#[tokio::test]
async fn a_page_that_asks_right_after_connecting_hears_of_the_token_that_is_there() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    page.say(&active()).await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "office")]).await;
    let reply: Value = serde_json::from_str(&page.hear().await).unwrap();
    assert_eq!(reply, json!({"responseObject": ["AKKaztokenStore"], "code": "200"}));
}

#[tokio::test]
async fn while_the_first_look_is_waited_for_everything_else_is_answered() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut other = world.page("https://stat.gov.kz").await;
    let mut watcher = watchers.next().await;
    page.say(&active()).await;
    page.hears_nothing().await;
    page.say(HEARTBEAT).await;
    assert_eq!(page.hear().await, HEARTBEAT);
    // What does not depend on tokens waits for nobody's.
    let reply = other.call(&json!({"module": COMMON, "method": "changeLocale", "args": ["ru"]}).to_string()).await;
    assert_eq!(reply["code"], "200");
    other.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    assert_eq!(other.hear().await, r#"{"body":{},"status":true}"#);
    // What the page sends ahead comes behind, in order.
    page.say(&json!({"module": COMMON, "method": "changeLocale", "args": ["kk"], "uuid": "2"}).to_string()).await;
    watcher.sees(vec![token(StorageName::JaCarta, "")]).await;
    assert_eq!(page.hear().await, r#"{"responseObject":["AKJaCartaStore"],"code":"200"}"#);
    assert_eq!(page.hear().await, r#"{"code":"200","uuid":"2"}"#);
}

#[tokio::test]
async fn a_watcher_that_says_nothing_is_waited_for_once_and_not_for_long() {
    let (world, watchers) = Watchers::world(|_| {}).await;
    let began = Instant::now();
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.silent().await;
    assert_eq!(tokens(&mut page).await, json!([]));
    let waited = began.elapsed();
    assert!(waited >= Duration::from_millis(1300) && waited < Duration::from_secs(10), "{waited:?}");
    // From now on it is known that nothing is known.
    let mut other = world.page("https://stat.gov.kz").await;
    let began = Instant::now();
    for _ in 0..10 {
        assert_eq!(tokens(&mut page).await, json!([]));
        assert_eq!(tokens(&mut other).await, json!([]));
    }
    assert!(began.elapsed() < Duration::from_millis(1300), "{:?}", began.elapsed());
    // Late is not too late.
    watcher.say(&FromWatcher::Ready { version: order::wire::VERSION }).await;
    watcher.sees(vec![token(StorageName::AKey, "")]).await;
    tokens_become(&mut page, json!(["AKAKEYStore"])).await;
}

#[tokio::test]
async fn a_watcher_that_hangs_before_its_first_word_is_ended_and_another_one_sees() {
    let (world, watchers) = Watchers::world(|setup| {
        setup.patience.signer_start = SHORT;
        setup.patience.watcher_first = SHORT;
        setup.patience.watcher_pause = Duration::from_millis(50);
    })
    .await;
    let mut page = world.page("https://egov.kz").await;
    let mut hung = watchers.silent().await;
    assert_eq!(tokens(&mut page).await, json!([]));
    hung.is_let_go().await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    tokens_become(&mut page, json!(["AKKaztokenStore"])).await;
}

#[tokio::test]
async fn what_is_plugged_in_and_taken_out_later_is_in_the_next_answer() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(Vec::new()).await;
    assert_eq!(tokens(&mut page).await, json!([]));
    let (jacarta, kaztoken) = (token(StorageName::JaCarta, "a"), token(StorageName::Kaztoken, "b"));
    watcher.sees(vec![jacarta.clone()]).await;
    tokens_become(&mut page, json!(["AKJaCartaStore"])).await;
    // Two of a kind are one storage, in the order in which sites list them; one without a name is none.
    watcher.sees(vec![jacarta.clone(), jacarta, kaztoken, TokenSeen::new(None, "c", "d")]).await;
    tokens_become(&mut page, json!(["AKKaztokenStore", "AKJaCartaStore"])).await;
    watcher.sees(Vec::new()).await;
    tokens_become(&mut page, json!([])).await;
}

#[tokio::test]
async fn answers_come_at_once_when_it_is_known() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    // Kept to the end: with a watcher that is gone, nothing is known any more.
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    tokens(&mut page).await;
    let began = Instant::now();
    for _ in 0..100 {
        assert_eq!(tokens(&mut page).await, json!(["AKKaztokenStore"]));
    }
    // A hundred milliseconds for each is the promise; a busy machine has ten times as many for all.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_storage_without_its_token_opens_no_window_and_one_with_it_does() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "office")]).await;
    let ask = |storage: &str| json!({"module": COMMON, "method": "getKeyInfo", "args": [storage]}).to_string();
    assert_eq!(page.call(&ask("AKJaCartaStore")).await, json!({"code": "500", "message": "storage.empty"}));
    let slots = page.call(r#"{"method":"loadSlotList","args":["AKJaCartaStore"]}"#).await;
    assert_eq!(slots, json!({"result": "", "errorCode": "EMPTY_SLOT"}));
    let slots = page.call(r#"{"method":"loadSlotList","args":["AKKaztokenStore"]}"#).await;
    assert_eq!(slots, json!({"result": "AKKaztokenStore", "errorCode": "NONE"}));
    world.signers.none().await;
    page.say(&ask("AKKaztokenStore")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    let Task::ShowKey(filter) = &order.task else { panic!("another task") };
    assert_eq!(filter.storages, [StorageName::Kaztoken]);
}

#[tokio::test]
async fn what_tokens_are_called_is_told_to_whom_the_person_has_answered_once_and_to_nobody_else() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    let office = token(StorageName::Kaztoken, "Askar 850101300001");
    watcher.sees(vec![office.clone(), token(StorageName::Kaztoken, "home")]).await;
    let slots = r#"{"method":"loadSlotList","args":["AKKaztokenStore"]}"#;
    let devices = json!({"module": KNP, "command": "getStorageDevicesByType", "storage": "KAZTOKEN"}).to_string();
    // Any of them: that is all that a stranger hears, whatever it calls, and it cannot try out names either.
    for call in [slots, r#"{"method":"browseKeyStore","args":["AKKaztokenStore","",""]}"#] {
        assert_eq!(page.call(call).await, json!({"result": "AKKaztokenStore", "errorCode": "NONE"}));
    }
    let heard = page.call(&devices).await.to_string();
    assert!(heard.contains("[\"KAZTOKEN\"]") && !heard.contains(&office.reader), "{heard}");
    let keys = json!({"method": "getKeys", "args": ["AKKaztokenStore", "Askar 850101300001", "", "SIGN"]}).to_string();
    assert_eq!(page.call(&keys).await["errorCode"], "EMPTY_SLOT");
    world.signers.none().await;
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, Outcome::Cancelled).await;
    page.hear().await;
    let told = json!({"result": "Askar 850101300001\nhome", "errorCode": "NONE"});
    assert_eq!(page.call(slots).await, told);
    // Another site was not answered.
    let mut other = world.page("https://other.example").await;
    assert_eq!(other.call(slots).await, json!({"result": "AKKaztokenStore", "errorCode": "NONE"}));
}

#[tokio::test]
async fn a_site_that_is_blocked_hears_of_no_token_and_has_nobody_look_for_them() {
    let (world, watchers) = Watchers::world(|setup| {
        patient(setup);
        setup.patience.watcher_linger = SHORT;
    })
    .await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "office")]).await;
    assert_eq!(tokens(&mut page).await, json!(["AKKaztokenStore"]));
    page.say(&sign("text")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish_with(order.id, Outcome::Cancelled, order::SiteChoice::Block).await;
    page.hear().await;
    assert_eq!(tokens(&mut page).await, json!([]));
    drop(page);
    watcher.is_let_go().await;
    let mut again = world.page("https://egov.kz").await;
    assert_eq!(tokens(&mut again).await, json!([]));
    watchers.none(Duration::from_millis(500)).await;
}

#[tokio::test]
async fn a_long_request_for_a_token_waits_as_well() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let data = "QUJD".repeat(200_000);
    let args = json!(["AKKaztokenStore", "SIGNATURE", data, false]);
    page.say(&json!({"module": COMMON, "method": "createCAdESFromBase64", "args": args}).to_string()).await;
    page.hears_nothing().await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    let order = world.signers.next().await.order().await;
    let Task::Sign(task) = &order.task else { panic!("another task") };
    assert_eq!(task.documents[0].octets().len(), 600_000);
}

#[tokio::test]
async fn what_a_crashed_watcher_said_counts_no_more_and_another_one_is_started() {
    let (world, watchers) = Watchers::world(|setup| {
        patient(setup);
        setup.patience.watcher_pause = SHORT;
    })
    .await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    assert_eq!(tokens(&mut page).await, json!(["AKKaztokenStore"]));
    drop(watcher);
    tokens_become(&mut page, json!([])).await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    tokens_become(&mut page, json!(["AKKaztokenStore"])).await;
}

#[tokio::test]
async fn a_watcher_that_always_crashes_is_started_a_few_times_a_minute() {
    let (world, watchers) = Watchers::world(|setup| setup.patience.watcher_pause = Duration::from_millis(1)).await;
    let mut page = world.page("https://egov.kz").await;
    for _ in 0..5 {
        drop(watchers.silent().await);
    }
    watchers.none(Duration::from_secs(1)).await;
    assert_eq!(tokens(&mut page).await, json!([]));
}

#[tokio::test]
async fn a_watcher_that_cannot_be_started_keeps_nobody_waiting() {
    let nowhere = tempfile::tempdir().unwrap();
    let program = nowhere.path().join("tanba-signer");
    let world = World::with(|setup| {
        patient(setup);
        setup.watcher = Some(tanba_listener::SignerCommand { program, arguments: Vec::new() });
    })
    .await;
    assert_eq!(tokens(&mut world.page("https://egov.kz").await).await, json!([]));
}

#[tokio::test]
async fn what_no_watcher_of_ours_says_ends_it() {
    let many = vec![token(StorageName::Kaztoken, ""); TokenSeen::MOST + 1];
    let long = TokenSeen { label: "x".repeat(TokenSeen::LONGEST_NAME + 1), ..TokenSeen::default() };
    let lines = TokenSeen { label: "a\nb".to_owned(), ..TokenSeen::default() };
    let huge = TokenSeen { label: "x".repeat(100_000), ..TokenSeen::default() };
    let encoded = |tokens: Vec<TokenSeen>| order::wire::encode(&FromWatcher::Tokens(tokens)).unwrap();
    for (what, octets) in [
        ("too many tokens", encoded(many)),
        ("a label that is too long", encoded(vec![long])),
        ("a label of several lines", encoded(vec![lines])),
        ("a frame that is too long", encoded(vec![huge])),
        ("the length of a frame that would take all memory", u32::MAX.to_be_bytes().to_vec()),
        ("a frame of 300 MiB, which another pipe would take", (300_u32 << 20).to_be_bytes().to_vec()),
        ("no CBOR", [0, 0, 0, 3, 0xff, 0xff, 0xff].to_vec()),
        ("another conversation", order::wire::encode(&order::wire::ToSigner::Waiting { count: 1 }).unwrap()),
        ("ready again", order::wire::encode(&FromWatcher::Ready { version: order::wire::VERSION }).unwrap()),
    ] {
        let (world, watchers) = Watchers::world(patient).await;
        let mut page = world.page("https://egov.kz").await;
        let mut watcher = watchers.next().await;
        watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
        assert_eq!(tokens(&mut page).await, json!(["AKKaztokenStore"]), "{what}");
        watcher.octets(&octets).await;
        watcher.is_let_go().await;
        tokens_become(&mut page, json!([])).await;
    }
}

#[tokio::test]
async fn a_watcher_of_another_version_or_one_that_does_not_introduce_itself_is_not_used() {
    let list = FromWatcher::Tokens(vec![token(StorageName::Kaztoken, "")]);
    for word in [FromWatcher::Ready { version: order::wire::VERSION + 1 }, list] {
        let (world, watchers) = Watchers::world(patient).await;
        let mut page = world.page("https://egov.kz").await;
        let mut watcher = watchers.silent().await;
        watcher.say(&word).await;
        watcher.is_let_go().await;
        assert_eq!(tokens(&mut page).await, json!([]));
    }
}

#[tokio::test]
async fn a_watcher_that_never_stops_talking_keeps_no_page_from_its_answers() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    let talking = tokio::spawn(async move {
        for number in 0..2000 {
            let label = number.to_string();
            watcher.sees(vec![token(StorageName::Kaztoken, &label); TokenSeen::MOST]).await;
        }
        watcher
    });
    for _ in 0..20 {
        assert_eq!(tokens(&mut page).await, json!(["AKKaztokenStore"]));
    }
    talking.abort();
}

#[tokio::test]
async fn many_sockets_have_one_watcher_which_is_let_go_after_the_last_and_started_again_for_the_next() {
    let (world, watchers) = Watchers::world(|setup| {
        patient(setup);
        setup.patience.watcher_linger = SHORT;
    })
    .await;
    let mut pages = Vec::new();
    for _ in 0..20 {
        pages.push(world.page("https://egov.kz").await);
    }
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    for page in &mut pages {
        assert_eq!(tokens(page).await, json!(["AKKaztokenStore"]));
    }
    let last = pages.pop();
    drop(pages);
    watchers.none(SHORT).await;
    watcher.stays(SHORT).await;
    drop(last);
    watcher.is_let_go().await;
    // What the first one said is forgotten: the next page waits for another look.
    let mut page = world.page("https://egov.kz").await;
    page.say(&active()).await;
    page.hears_nothing().await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::JaCarta, "")]).await;
    assert_eq!(page.hear().await, r#"{"responseObject":["AKJaCartaStore"],"code":"200"}"#);
}

#[tokio::test]
async fn a_page_that_comes_back_soon_finds_the_watcher_still_there() {
    let (world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    tokens(&mut page).await;
    drop(page);
    assert_eq!(tokens(&mut world.page("https://egov.kz").await).await, json!(["AKKaztokenStore"]));
    watcher.stays(SHORT).await;
    watchers.none(SHORT).await;
}

#[tokio::test]
async fn nobody_watches_until_a_page_connects() {
    let (world, watchers) = Watchers::world(|_| {}).await;
    // The local page, a head that is refused, and a connection that says nothing are no sockets.
    let local = world.http(&format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", world.port)).await;
    assert!(local.starts_with("HTTP/1.1 200 "), "{local}");
    world.http("GET / HTTP/1.1\r\nHost: evil.kz\r\n\r\n").await;
    let silent = world.tcp().await;
    watchers.none(SHORT).await;
    drop(silent);
}

#[tokio::test]
async fn where_there_is_no_library_nobody_watches_for_a_while() {
    let (world, watchers) = Watchers::world(|setup| {
        patient(setup);
        setup.patience.watcher_rest = Duration::from_secs(1);
        setup.patience.watcher_pause = Duration::from_millis(1);
    })
    .await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(Vec::new()).await;
    drop(watcher);
    let began = Instant::now();
    assert_eq!(tokens(&mut page).await, json!([]));
    assert_eq!(tokens(&mut world.page("https://stat.gov.kz").await).await, json!([]));
    // The pages are still there; whoever asked since lets it look again, but only after the rest.
    let mut watcher = watchers.next().await;
    assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    tokens_become(&mut page, json!(["AKKaztokenStore"])).await;
}

#[tokio::test]
async fn where_nobody_asks_an_open_page_starts_no_second_look() {
    let (world, watchers) = Watchers::world(|setup| {
        patient(setup);
        setup.patience.watcher_rest = SHORT;
    })
    .await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    watcher.sees(Vec::new()).await;
    drop(watcher);
    watchers.none(3 * SHORT).await;
    page.say(HEARTBEAT).await;
    assert_eq!(page.hear().await, HEARTBEAT);
    watchers.none(SHORT).await;
    // A library may have been installed meanwhile.
    page.say(&active()).await;
    let mut watcher = watchers.next().await;
    watcher.sees(vec![token(StorageName::Kaztoken, "")]).await;
    assert_eq!(page.hear().await, r#"{"responseObject":["AKKaztokenStore"],"code":"200"}"#);
}

#[tokio::test]
async fn a_listener_that_stops_takes_its_watcher_along() {
    let (mut world, watchers) = Watchers::world(patient).await;
    let mut page = world.page("https://egov.kz").await;
    let mut watcher = watchers.next().await;
    // Somebody waits for the first look at this very moment.
    page.say(&active()).await;
    world.stop().await;
    watcher.is_let_go().await;
}

#[tokio::test]
async fn a_listener_without_a_watcher_has_no_tokens() {
    let world = World::new().await;
    assert_eq!(tokens(&mut world.page("https://egov.kz").await).await, json!([]));
}
