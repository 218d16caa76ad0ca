//! Hosts that crash, hang, lie and talk: each costs its own library one call, within the deadline.

use std::time::{Duration, Instant};

use pki::{DigestAlgorithm, SignerError};
use tanba_keystore::{
    KeyStore, Listing, StoreError,
    pkcs11::{HostCommand, Limits, TokenFault},
};

use crate::world::{PATIENCE, PIN, World, badly, gost, host, id, impatient, pin, script, token, wait_for};

/// How the only library of a fleet is at fault; then it behaves.
fn fault_of(at: &str, how: &str) -> (World, TokenFault) {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[token(1, "A", gost())]), at, how, Some(1)));
    let fleet = world.fleet(vec![library]);
    let began = Instant::now();
    let snapshot = fleet.settled(PATIENCE);
    assert!(began.elapsed() < Duration::from_secs(10), "{how} at {at}");
    let [fault] = snapshot.faults.as_slice() else { panic!("{how} at {at}: {snapshot:?}") };
    let fault = fault.fault.clone();
    assert!(snapshot.tokens.is_empty() && snapshot.is_settled);

    fleet.look();
    let snapshot = fleet.settled(PATIENCE);
    assert_eq!(snapshot.tokens.len(), 1, "the next call works after {how} at {at}: {snapshot:?}");
    assert!(snapshot.faults.is_empty());
    drop(fleet);
    world.nothing_is_left("library");
    (world, fault)
}

#[test]
fn a_host_that_crashes_costs_one_call() {
    for at in ["Ready", "Slots", "Keys"] {
        assert_eq!(fault_of(at, "crash").1, TokenFault::Crashed);
    }
    assert_eq!(fault_of("Slots", "half a frame").1, TokenFault::Crashed);
}

#[test]
fn a_host_that_hangs_is_ended_at_its_deadline_with_all_it_started() {
    for (at, how) in [("Ready", "hang"), ("Slots", "hang with a child"), ("Keys", "endless")] {
        assert_eq!(fault_of(at, how).1, TokenFault::NotResponding);
    }
}

#[test]
fn a_host_that_says_what_no_host_says_is_ended() {
    let cases = [
        ("Slots", "garbage"),
        ("Slots", "too long"),
        ("Slots", "another number"),
        ("Slots", "another reply"),
        ("Slots", "a huge name"),
        ("Keys", "greets again"),
        ("Ready", "another version"),
        ("Ready", "garbage"),
    ];
    for (at, how) in cases {
        let (_, fault) = fault_of(at, how);
        assert!(matches!(fault, TokenFault::BadLibrary(_)), "{how} at {at}: {fault:?}");
    }
}

#[test]
fn a_library_that_cannot_be_loaded_says_why_without_moving_a_cursor() {
    let (_, fault) = fault_of("Ready", "unusable");
    let TokenFault::BadLibrary(why) = &fault else { panic!("{fault:?}") };
    assert!(why.contains("dlopen") && !why.contains('\x1b'), "{why}");
}

#[test]
fn a_host_that_is_not_there_is_a_library_that_cannot_be_used() {
    let world = World::new();
    let library = world.driver("library", &script(&[]));
    let host = HostCommand { program: world.path("nothing"), arguments: Vec::new() };
    let fleet = tanba_keystore::pkcs11::Fleet::new(vec![library], host, None);
    let snapshot = fleet.settled(PATIENCE);
    assert!(matches!(snapshot.faults[0].fault, TokenFault::BadLibrary(_)));
}

#[test]
fn a_host_that_ended_or_spoke_while_it_had_nothing_to_do_is_noticed() {
    let world = World::new();
    let tokens = script(&[token(1, "A", gost())]);
    let fleet = world.fleet(vec![world.driver("library", &badly(tokens.clone(), "Idle", "crash", Some(1)))]);
    // It dies after the first answer, and another one is started for the second.
    assert!(matches!(fleet.settled(PATIENCE).tokens.len(), 0 | 1));
    fleet.look();
    assert_eq!(fleet.settled(PATIENCE).tokens.len(), 1);
    assert_eq!(world.count("library", "start"), 2);

    world.driver("library", &badly(tokens, "Idle", "another number", Some(1)));
    fleet.look();
    fleet.look();
    let _ = fleet.settled(PATIENCE);
    fleet.look();
    assert_eq!(fleet.settled(PATIENCE).tokens.len(), 1);
    assert_eq!(world.count("library", "start"), 3, "one that answers what nobody asked is not asked again");
}

#[test]
fn a_library_that_hangs_delays_no_other() {
    let world = World::new();
    let good = world.driver("good", &script(&[token(1, "A", gost()), token(2, "B", gost())]));
    let hangs = world.driver("hangs", &badly(script(&[]), "Slots", "hang", None));
    // Nobody ends it while this test looks.
    let limits = Limits { look: 4 * PATIENCE, ..impatient() };
    let fleet = world.fleet_with(vec![hangs, good], limits);
    fleet.look();
    wait_for("the tokens of the good one", || fleet.snapshot().tokens.len() == 2);
    let snapshot = fleet.snapshot();
    assert!(!snapshot.is_settled && snapshot.faults.is_empty());
}

#[test]
fn a_library_that_talks_without_end_is_not_held_up_by_it() {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[token(1, "A", gost())]), "Slots", "talks", None));
    let snapshot = world.fleet(vec![library]).settled(PATIENCE);
    assert_eq!(snapshot.tokens.len(), 1, "{snapshot:?}");
}

#[test]
fn a_host_that_answers_without_reading_holds_nobody_up_when_its_pipe_is_full() {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[]), "Ready", "forges", Some(1)));
    let fleet = world.fleet(vec![library]);
    let full = (0..5000).find_map(|_| {
        fleet.look();
        let began = Instant::now();
        let snapshot = fleet.settled(PATIENCE);
        assert!(began.elapsed() < Duration::from_secs(10) && snapshot.is_settled, "{snapshot:?}");
        snapshot.faults.first().map(|fault| fault.fault.clone())
    });
    assert_eq!(full, Some(TokenFault::NotResponding));
    drop(fleet);
    world.nothing_is_left("library");
}

#[test]
fn what_a_library_started_ends_with_a_host_that_left_by_itself() {
    let world = World::new();
    let library = world.driver("library", &badly(script(&[]), "Slots", "leaves a child", Some(1)));
    let limits = tanba_keystore::pkcs11::Limits { leave: PATIENCE, ..impatient() };
    let fleet = world.fleet_with(vec![library], limits);
    assert!(fleet.settled(PATIENCE).faults.is_empty());
    assert!(world.log("library").iter().any(|line| line.starts_with("child ")));
    drop(fleet);
    assert_eq!(world.count("library", "end"), 1, "it left by itself");
    world.nothing_is_left("library");
}

#[test]
fn signing_that_crashes_or_hangs_is_an_error_in_time_and_the_next_one_works() {
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    for (how, expected) in [("crash", SignerError::Crashed), ("hang with a child", SignerError::NotResponding)] {
        let world = World::new();
        let token = world.token(&badly(script(&[token(1, "A", gost())]), "Sign", how, Some(1)));
        let unlocked = token.unlock(&pin(PIN)).unwrap();
        let key = unlocked.list()[0].id.clone();
        let signer = unlocked.signer(&key).unwrap();
        let began = Instant::now();
        assert_eq!(signer.sign_digest(&digest), Err(expected.clone()));
        assert!(began.elapsed() < Duration::from_secs(5));
        // The login went with the host: who wants to sign again is asked for the PIN again.
        assert_eq!(signer.sign_digest(&digest), Err(SignerError::Gone));
        drop((signer, unlocked));

        let unlocked = token.unlock(&pin(PIN)).unwrap();
        assert!(unlocked.sign(&key, &digest).is_ok());
        drop((unlocked, token));
        world.nothing_is_left("library");
    }
}

#[test]
fn a_signature_that_nobody_waits_for_any_more_ends_soon_and_one_that_comes_by_itself_is_left_alone() {
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let world = World::new();
    let library = world.driver("library", &badly(script(&[token(1, "A", gost())]), "Sign", "hang", Some(1)));
    let fleet = world.fleet_with(vec![library], tanba_keystore::pkcs11::Limits::default());
    let seen = fleet.settled(PATIENCE).tokens.pop().unwrap();
    let token = fleet.token(&seen.id).unwrap();
    let unlocked = token.unlock(&pin(PIN)).unwrap();
    let key = unlocked.list()[0].id.clone();
    let signer = unlocked.signer(&key).unwrap();
    // Nothing is being made: nothing happens.
    fleet.give_up(Duration::ZERO);
    let began = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            crate::world::wait_for("the signature to be asked for", || world.count("library", "Sign") == 1);
            fleet.give_up(Duration::from_millis(100));
        });
        assert_eq!(signer.sign_digest(&digest), Err(SignerError::Crashed));
    });
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    drop((signer, unlocked));

    let unlocked = token.unlock(&pin(PIN)).unwrap();
    fleet.give_up(Duration::from_millis(1));
    std::thread::sleep(Duration::from_millis(50));
    assert!(unlocked.sign(&key, &digest).is_ok(), "the login was done before");
}

#[test]
fn whoever_lets_the_fleet_go_leaves_no_process_behind_also_in_the_middle_of_a_call() {
    let world = World::new();
    let idle = world.driver("idle", &script(&[token(1, "A", gost())]));
    let busy = world.driver("busy", &badly(script(&[]), "Slots", "hang with a child", None));
    let fleet = world.fleet_with(vec![idle, busy], Limits::default());
    fleet.look();
    wait_for("the hosts", || {
        // Its answer was heard: until then it has something to do.
        !fleet.snapshot().tokens.is_empty() && world.log("busy").iter().any(|line| line.starts_with("child"))
    });
    let began = Instant::now();
    drop(fleet);
    assert!(began.elapsed() < Duration::from_secs(2));
    world.nothing_is_left("idle");
    world.nothing_is_left("busy");
    assert_eq!(world.count("idle", "end"), 1, "one that had nothing to do left by itself");
}

#[test]
fn a_token_that_was_taken_out_is_gone_and_no_other_takes_its_pin() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    assert!(matches!(store.list().unwrap(), Listing::Keys(keys) if keys.len() == 1));
    let signer = {
        let unlocked = store.unlock(&pin(PIN)).unwrap();
        unlocked.signer(&unlocked.list()[0].id).unwrap()
    };
    world.driver("library", &script(&[token(1, "B", gost())]));
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    assert_eq!(signer.sign_digest(&digest), Err(SignerError::Gone));
    let refused = store.unlock(&pin(PIN)).err();
    assert!(matches!(refused, Some(StoreError::Token(TokenFault::Gone))), "{refused:?}");
    assert_eq!(world.count("library", "LogIn"), 1, "the other token saw no PIN");
    assert!(world.fleet(Vec::new()).token(&id("A")).is_none());
    assert!(host().program.exists());
}
