//! What goes wrong in a library, as whoever signs and whoever watches meets it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use pki::SignerError;
use tanba_keystore::{
    KeyStore,
    pkcs11::{Fleet, Snapshot},
};
use test_token::{Fault, How, Module, PlacedModule};

use crate::{
    cards::card,
    pairs::gost,
    world::{PATIENCE, PIN, fleet, pin, signer, signs, token, wait_for},
};

fn with_fault(folder: &tempfile::TempDir, fault: Fault) -> (PlacedModule, Fleet) {
    let module = Module::new("library").card(card(gost()).fault(fault)).place(folder.path()).unwrap();
    let libraries: Vec<PathBuf> = vec![module.driver().to_owned()];
    let fleet = fleet(&libraries, folder.path());
    (module, fleet)
}

#[test]
fn a_library_that_aborts_sleeps_or_lies_in_c_sign_is_an_error_in_time_and_the_next_signature_works() {
    let cases = [
        (How::Abort, vec![SignerError::Crashed]),
        (How::Exit { status: 0 }, vec![SignerError::Crashed]),
        (How::Sleep { seconds: 60 }, vec![SignerError::NotResponding]),
        (How::Error { code: 0x30 }, vec![]),
    ];
    for (how, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let (_module, fleet) = with_fault(&folder, Fault::new("C_Sign", how.clone()).times(1));
        let store = token(&fleet, "card");
        let began = Instant::now();
        let failed = signer(&store).sign(b"document").unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(5), "{how:?}");
        match expected.as_slice() {
            [] => assert!(matches!(failed, SignerError::Store(_)), "{how:?}: {failed:?}"),
            expected => assert!(expected.contains(&failed), "{how:?}: {failed:?}"),
        }
        signs(&*signer(&store), gost());
    }
}

#[test]
fn nonsense_in_place_of_a_signature_is_never_given_out() {
    for how in [How::Garbage, How::Absurd] {
        let folder = tempfile::tempdir().unwrap();
        let (_module, fleet) = with_fault(&folder, Fault::new("C_Sign", how.clone()));
        let failed = signer(&token(&fleet, "card")).sign(b"document");
        assert!(failed.is_err(), "{how:?}");
    }
}

#[test]
fn a_library_that_writes_to_standard_output_and_leaks_works_all_the_same() {
    for how in [How::Noise { lines: 100 }, How::Leak { megabytes: 8 }, How::Slow { milliseconds: 50 }] {
        let folder = tempfile::tempdir().unwrap();
        let (_module, fleet) = with_fault(&folder, Fault::new("*", how));
        signs(&*signer(&token(&fleet, "card")), gost());
    }
}

#[test]
fn a_card_that_is_pulled_out_while_it_signs_is_gone_and_can_be_put_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let (module, fleet) = with_fault(&folder, Fault::new("C_Sign", How::Unplug).times(1));
    let store = token(&fleet, "card");
    let signer_before = signer(&store);
    assert_eq!(signer_before.sign(b"document"), Err(SignerError::Gone));
    assert!(store.unlock(&pin(PIN)).is_err());
    module.card(0).unwrap().plug().unwrap();
    // Who was logged in to it is not any more.
    assert_eq!(signer_before.sign(b"document"), Err(SignerError::Gone));
    drop(signer_before);
    signs(&*signer(&store), gost());
}

#[test]
fn plugging_in_and_pulling_out_is_told_with_slot_events_and_without() {
    for events in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let module = Module::new("library").card(card(gost())).with(|module| module.slot_events = events);
        let module = module.place(folder.path()).unwrap();
        let fleet = fleet(&[module.driver().to_owned()], folder.path());
        let told = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&told);
        let _watching = fleet.watch(move || {
            counts.fetch_add(1, Ordering::SeqCst);
        });
        let tokens = |snapshot: Snapshot| snapshot.tokens.len();
        wait_for("the card", || tokens(fleet.snapshot()) == 1);
        module.card(0).unwrap().unplug().unwrap();
        wait_for("its going", || tokens(fleet.snapshot()) == 0);
        module.card(0).unwrap().plug().unwrap();
        wait_for("its coming", || tokens(fleet.snapshot()) == 1);
        wait_for("being told", || told.load(Ordering::SeqCst) >= 3);
        assert!(fleet.settled(PATIENCE).faults.is_empty());
    }
}
