//! What is plugged in, and when it is told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use tanba_keystore::{
    NewKey,
    pkcs11::{Fleet, Limits},
};

use crate::world::{PATIENCE, Pair, World, badly, gost, id, impatient, pair, script, token, wait_for};

fn labels(fleet: &Fleet) -> Vec<String> {
    fleet.snapshot().tokens.into_iter().map(|seen| seen.id.label).collect()
}

#[test]
fn two_tokens_of_two_libraries_are_listed_with_what_they_are() {
    let world = World::new();
    let libraries = ["one", "two"].map(|name| world.driver(name, &script(&[token(1, name, gost())])));
    let fleet = world.fleet(libraries.to_vec());
    let snapshot = fleet.settled(PATIENCE);
    let seen: Vec<_> = snapshot.tokens.iter().map(|seen| (seen.id.label.as_str(), seen.vendor.as_str())).collect();
    assert_eq!(seen, [("one", "Vendor of one"), ("two", "Vendor of two")]);
    let first = &snapshot.tokens[0];
    assert_eq!((first.storage.as_deref(), first.reader.as_str()), (Some("AKTestStore"), "Reader 1"));
    assert_eq!(first.keys[0].certificate.as_ref(), Some(&gost().certificate));
    assert!(snapshot.is_settled && fleet.token(&id("one")).is_some() && fleet.token(&id("three")).is_none());
}

#[test]
fn without_libraries_everything_is_known() {
    let snapshot = World::new().fleet(Vec::new()).settled(PATIENCE);
    assert!(snapshot.is_settled && snapshot.tokens.is_empty());
}

#[test]
fn settling_waits_no_longer_than_it_may() {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[]), "Slots", "hang", None));
    let fleet = world.fleet_with(vec![library], Limits::default());
    let began = Instant::now();
    let snapshot = fleet.settled(Duration::from_millis(100));
    assert!(!snapshot.is_settled && began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_token_that_two_libraries_show_is_the_first_ones() {
    let world = World::new();
    let vendor = world.driver("vendor", &script(&[token(1, "A", gost())]));
    let common = world.driver("common", &script(&[token(9, "A", gost()), token(8, "B", gost())]));
    let fleet = world.fleet(vec![vendor, common]);
    let seen: Vec<_> = fleet.settled(PATIENCE).tokens.into_iter().map(|seen| (seen.id.label, seen.vendor)).collect();
    let expected = [("A", "Vendor of vendor"), ("B", "Vendor of common")];
    assert_eq!(seen, expected.map(|(label, vendor)| (label.to_owned(), vendor.to_owned())));
}

#[test]
fn plugging_in_and_taking_out_is_told_and_nothing_else_is() {
    let world = World::new();
    let (one, two) = (token(1, "A", gost()), token(2, "B", gost()));
    let fleet = world.fleet(vec![world.driver("library", &script(std::slice::from_ref(&one)))]);
    let told = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&told);
    let watching = fleet.watch(move || {
        counts.fetch_add(1, Ordering::SeqCst);
    });
    wait_for("the first look", || labels(&fleet) == ["A"]);
    let keys_read = || world.count("library", "Keys");
    wait_for("some looks", || world.count("library", "Slots") > 5);
    assert_eq!((told.load(Ordering::SeqCst), keys_read()), (1, 1), "a token that stays is not read again");

    world.driver("library", &script(&[one.clone(), two]));
    wait_for("the second token", || labels(&fleet) == ["A", "B"]);
    world.driver("library", &script(&[one]));
    wait_for("its going", || labels(&fleet) == ["A"]);
    assert_eq!(keys_read(), 2);
    wait_for("being told", || told.load(Ordering::SeqCst) == 3);

    drop(watching);
    thread::sleep(Duration::from_millis(200));
    let asked = world.count("library", "Slots");
    thread::sleep(Duration::from_millis(200));
    assert_eq!(world.count("library", "Slots"), asked, "nobody watches");
    assert_eq!(told.load(Ordering::SeqCst), 3);
}

#[test]
fn a_key_that_another_program_put_on_a_token_is_seen_by_whoever_watches_next() {
    let world = World::new();
    let (old, new) = (gost(), pair(NewKey::P256));
    let fleet = world.fleet(vec![world.driver("library", &script(&[token(1, "A", old)]))]);
    let shows = |pair: &Pair| {
        let snapshot = fleet.snapshot();
        let key = snapshot.tokens.first().and_then(|seen| seen.keys.first());
        key.and_then(|key| key.certificate.as_ref()) == Some(&pair.certificate)
    };
    let watching = fleet.watch(|| {});
    wait_for("the first look", || shows(old));
    drop(watching);
    world.driver("library", &script(&[token(1, "A", &new)]));
    let _watching = fleet.watch(|| {});
    wait_for("the new key", || shows(&new));
}

#[test]
fn a_library_that_tells_of_changes_is_looked_at_when_it_does() {
    let world = World::new();
    let mut script = script(&[token(1, "A", gost())]);
    script["tells_events"] = json!(true);
    let fleet = world.fleet(vec![world.driver("library", &script)]);
    let _watching = fleet.watch(|| {});
    // Polled once a minute here: what comes sooner comes by being told. Each answer tells of a change.
    wait_for("looks after events", || world.count("library", "Slots") > 3);
    thread::sleep(Duration::from_millis(500));
    assert!(world.count("library", "Slots") < 60, "told without end, it is not asked without end");
}

#[test]
fn what_was_plugged_in_when_nobody_watched_is_looked_at_as_soon_as_somebody_does() {
    let world = World::new();
    let mut told = script(&[token(1, "A", gost())]);
    told["tells_events"] = json!(true);
    let fleet = world.fleet(vec![world.driver("library", &told)]);
    let is_current = || fleet.snapshot().tokens.iter().map(|seen| seen.is_current).collect::<Vec<_>>();
    let watching = fleet.watch(|| {});
    wait_for("the first look", || is_current() == [true]);
    drop(watching);
    assert_eq!(is_current(), [false], "it may be gone by now");
    // Polled once a minute here.
    let _watching = fleet.watch(|| {});
    wait_for("the next look", || is_current() == [true]);
}

#[test]
fn a_library_that_crashes_each_time_is_asked_ever_more_seldom_and_at_once_when_a_person_asks() {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[]), "Slots", "crash", None));
    let limits = Limits { first_pause: Duration::from_millis(200), ..impatient() };
    let fleet = world.fleet_with(vec![library], limits);
    let _watching = fleet.watch(|| {});
    wait_for("three starts", || world.count("library", "start") >= 3);
    // Each pause is twice the one before it, and is counted from the end of what was started.
    let times = world.times("library", "start");
    for (gap, pause) in times.windows(2).map(|pair| pair[1] - pair[0]).zip([200, 400]) {
        // The clock of the log may be set while it is written.
        assert!(gap >= Duration::from_millis(pause - 20), "{times:?}");
    }
    let starts = world.count("library", "start");
    fleet.look();
    let _ = fleet.settled(PATIENCE);
    wait_for("the look", || world.count("library", "start") > starts);
}

#[test]
fn whoever_watches_may_hold_the_fleet_and_let_it_go_in_any_order() {
    let world = World::new();
    let library = world.driver("library", &script(&[token(1, "A", gost())]));
    let fleet = world.fleet(vec![library]);
    let own = fleet.clone();
    let watching = fleet.watch(move || drop(own.snapshot()));
    let second = fleet.watch(|| {});
    wait_for("the first look", || labels(&fleet) == ["A"]);
    drop(fleet);
    drop(watching);
    drop(second);
    world.nothing_is_left("library");
}
