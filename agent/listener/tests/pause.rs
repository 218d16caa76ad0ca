//! A pause: no window for a while, and what needs none goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::time::Duration;
use tanba_listener::Board;
use world::{World, cancelled, sign, signed, soon};

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn paused_world() -> (World, Board) {
    let board = Board::default();
    let setups = board.clone();
    (World::with(move |setup| setup.board = setups).await, board)
}

#[tokio::test]
async fn while_paused_a_site_hears_a_no_no_signer_starts_and_the_journal_has_it() {
    let (mut world, board) = paused_world().await;
    board.pause(HOUR);
    let mut page = world.page("https://egov.kz").await;
    assert_eq!(page.call(&sign("b25l")).await, cancelled());
    world.signers.none().await;
    board.go_on();
    page.say(&sign("dHdv")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert!(order.requester.first_time, "nobody has answered it before");
    signer.finish(order.id, signed(&order)).await;
    page.hear().await;
    world.stop().await;
    assert_eq!(world.journal(), ["paused", "signed"]);
}

#[tokio::test]
async fn a_pause_refuses_what_waits_behind_the_window_and_leaves_the_window() {
    let (mut world, board) = paused_world().await;
    let mut first = world.page("https://first.kz").await;
    first.say(&sign("b25l")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    let mut second = world.page("https://second.kz").await;
    second.say(&sign("dHdv")).await;
    soon("that one waits", async {
        while !matches!(signer.told().await, Some(order::wire::ToSigner::Waiting { count: 1 })) {}
    })
    .await;
    board.pause(HOUR);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&second.hear().await).unwrap(), cancelled());
    first.hears_nothing().await;
    signer.finish(order.id, signed(&order)).await;
    assert_ne!(serde_json::from_str::<serde_json::Value>(&first.hear().await).unwrap(), cancelled());
    world.stop().await;
    assert_eq!(world.journal(), ["paused", "signed"]);
}
