//! The local certificate under a running listener.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use platform::trust::{Leaf, Standing, Store, TrustError, TrustStores};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tanba_listener::Clock;
use time::OffsetDateTime;
use time::macros::datetime;
use world::World;

const FIRST_DAY: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

/// A clock that the test turns.
struct TurnedClock(Mutex<OffsetDateTime>);

impl Clock for TurnedClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// One browser that trusts what it is told to.
#[derive(Default)]
struct Browser(Mutex<BTreeMap<String, Vec<u8>>>);

impl Browser {
    fn trusts(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().values().cloned().collect()
    }
}

impl TrustStores for Browser {
    fn status(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        let is_trusted = self.0.lock().unwrap().get(leaf.nickname).is_some_and(|der| der == leaf.der);
        let standing = if is_trusted { Standing::Trusted } else { Standing::Absent };
        Ok(vec![Store { path: "profile".into(), browser: "Firefox", standing }])
    }

    fn install(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        self.0.lock().unwrap().insert(leaf.nickname.to_owned(), leaf.der.to_vec());
        self.status(leaf)
    }

    fn remove(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        self.0.lock().unwrap().remove(leaf.nickname);
        self.status(leaf)
    }
}

struct Case {
    world: World,
    clock: Arc<TurnedClock>,
    browser: Arc<Browser>,
}

impl Case {
    async fn new() -> Self {
        let clock = Arc::new(TurnedClock(Mutex::new(FIRST_DAY)));
        let browser = Arc::<Browser>::default();
        let world = World::with(|setup| {
            setup.clock = clock.clone();
            setup.trust = browser.clone();
            setup.patience.leaf_round = Duration::from_millis(20);
        })
        .await;
        Self { world, clock, browser }
    }

    async fn served(&self) -> Vec<u8> {
        let stream = self.world.tls().await;
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    }

    async fn served_anew(&self, former: &[u8]) -> Vec<u8> {
        world::soon("a renewed leaf", async {
            loop {
                let served = self.served().await;
                if served != former {
                    return served;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
    }
}

#[tokio::test]
async fn a_leaf_near_its_end_is_renewed_while_the_listener_runs_and_trusted_where_the_former_one_was() {
    let case = Case::new().await;
    let first = case.served().await;
    let leaf =
        tanba_listener::leaf::Shelf::of(&settings::Places::under(case.world.folder.path())).peek().unwrap().unwrap();
    assert_eq!(leaf.der(), first);
    case.browser.install(leaf.for_trust()).unwrap();
    let mut page = case.world.secure_page("https://egov.kz").await;

    *case.clock.0.lock().unwrap() += Duration::from_secs(368 * 24 * 60 * 60);
    let second = case.served_anew(&first).await;
    world::soon("the trust of the new one", async {
        while case.browser.trusts() != [second.clone()] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    // Nobody who is connected notices.
    page.say("--heartbeat--").await;
    assert_eq!(page.hear().await, "--heartbeat--");
}

#[tokio::test]
async fn a_renewed_leaf_is_not_trusted_behind_the_persons_back() {
    let case = Case::new().await;
    let first = case.served().await;
    *case.clock.0.lock().unwrap() += Duration::from_secs(400 * 24 * 60 * 60);
    case.served_anew(&first).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(case.browser.trusts().is_empty());
}

#[tokio::test]
async fn a_restart_keeps_the_leaf() {
    let mut world = World::new().await;
    let first = world.tls().await.get_ref().1.peer_certificates().unwrap()[0].to_vec();
    world.stop().await;
    let world = World::again(world.folder.clone(), |_| {}).await;
    assert_eq!(world.tls().await.get_ref().1.peer_certificates().unwrap()[0].to_vec(), first);
}

/// OpenSSL as the judge that is not ours: the leaf is good for this computer's names and as an authority for nothing.
#[tokio::test]
async fn openssl_takes_the_leaf_for_our_names_and_for_no_others() {
    let world = World::new().await;
    let pem = world.folder.path().join("data/leaf.pem");
    let verify = |option: &str, name: &str| {
        std::process::Command::new("openssl")
            .args(["verify", "-partial_chain", "-purpose", "sslserver", option, name, "-trusted"])
            .args([&pem, &pem])
            .output()
    };
    let Ok(output) = verify("-verify_ip", "127.0.0.1") else {
        println!("NOT RUN: openssl is not here");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(verify("-verify_ip", "::1").unwrap().status.success());
    assert!(verify("-verify_hostname", "localhost").unwrap().status.success());
    assert!(!verify("-verify_hostname", "egov.kz").unwrap().status.success());
    assert!(!verify("-verify_ip", "127.0.0.2").unwrap().status.success());
}
