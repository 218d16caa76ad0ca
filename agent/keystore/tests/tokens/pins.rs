//! PINs: none is tried that cannot be right, and none outlives its use.

use std::time::Duration;

use serde_json::json;
use tanba_keystore::{
    KeyStore, Listing, NewKey, StoreError,
    pkcs11::{PinPlace, TokenFault, Tries},
};

use crate::world::{PIN, World, gost, pin, script, token};

const PATIENCE: Duration = Duration::from_secs(20);

fn fault(result: Result<impl Sized, StoreError>) -> TokenFault {
    match result.err() {
        Some(StoreError::Token(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left_after_it() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["tries"] = json!("Last");
    let store = world.token(&script(&[one]));
    let refused = store.unlock(&pin("87654321")).map(drop);
    assert!(refused.as_ref().is_err_and(StoreError::is_wrong_password));
    assert_eq!(fault(refused), TokenFault::WrongPin { tries: Tries::Last });
    assert_eq!(world.count("library", "wrong"), 1);
}

#[test]
fn a_last_try_that_nobody_was_told_of_is_not_used() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    let fleet = world.fleet(vec![world.driver("library", &script(std::slice::from_ref(&one)))]);
    let seen = fleet.settled(PATIENCE).tokens.remove(0);
    let store = fleet.shown(&seen).unwrap();
    // Another program got it wrong meanwhile.
    one["tries"] = json!("Last");
    world.driver("library", &script(&[one]));
    let changed = TokenFault::TriesChanged { tries: Tries::Last };
    assert_eq!(fault(store.unlock(&pin(PIN))), changed);
    assert_eq!(fault(store.generate(&pin(PIN), NewKey::Gost512, "")), changed);
    assert_eq!(fault(store.remove(&pin(PIN), &seen.keys[0].id)), changed);
    assert_eq!(world.count("library", "LogIn"), 0);

    fleet.look();
    let seen = fleet.settled(PATIENCE).tokens.remove(0);
    assert_eq!(seen.pin.tries, Tries::Last);
    assert!(fleet.shown(&seen).unwrap().unlock(&pin(PIN)).is_ok(), "whoever was told may");
}

#[test]
fn a_pin_goes_to_the_library_that_showed_the_token_and_to_no_other_that_shows_one_of_its_name() {
    let world = World::new();
    let one = script(&[token(1, "A", gost())]);
    let libraries = vec![world.driver("first", &script(&[])), world.driver("second", &one)];
    let fleet = world.fleet(libraries);
    let seen = fleet.settled(PATIENCE).tokens.remove(0);
    world.driver("first", &one);
    fleet.look();
    assert_eq!(fleet.settled(PATIENCE).tokens[0].driver, world.path("first"));
    let store = fleet.shown(&seen).unwrap();
    assert!(store.unlock(&pin(PIN)).is_ok());
    assert_eq!((world.count("first", "LogIn"), world.count("second", "LogIn")), (0, 1));

    world.driver("second", &script(&[]));
    assert_eq!(fault(store.unlock(&pin(PIN))), TokenFault::Gone);
    fleet.look();
    let _ = fleet.settled(PATIENCE);
    assert!(fleet.shown(&seen).is_none());
    assert_eq!((world.count("first", "LogIn"), world.count("second", "LogIn")), (0, 1));
}

#[test]
fn a_locked_pin_or_one_that_was_never_set_is_not_tried() {
    let world = World::new();
    let mut locked = token(1, "A", gost());
    locked["tries"] = json!("None");
    let refused = world.token(&script(&[locked])).unlock(&pin(PIN)).map(drop);
    assert!(refused.as_ref().is_err_and(|error| !error.is_wrong_password()));
    assert_eq!(fault(refused), TokenFault::PinLocked);

    let mut unset = token(1, "A", gost());
    unset["pin"] = json!(null);
    assert_eq!(fault(world.token(&script(&[unset])).unlock(&pin(PIN))), TokenFault::PinNotSet);
    assert_eq!(world.count("library", "LogIn"), 0);
}

#[test]
fn a_pin_of_a_length_that_the_token_does_not_have_is_not_tried() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["tries"] = json!("Low");
    let store = world.token(&script(&[one]));
    for wrong in ["", "123", "123456789", &"1".repeat(1000)] {
        assert_eq!(fault(store.unlock(&pin(wrong))), TokenFault::WrongPin { tries: Tries::Low });
    }
    assert_eq!(world.count("library", "LogIn"), 0);
}

#[test]
fn the_token_is_logged_out_with_the_last_that_uses_it() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    let key = unlocked.list()[0].id.clone();
    let signer = unlocked.signer(&key).unwrap();
    drop(unlocked);
    assert_eq!(world.count("library", "LogOut"), 0);
    assert!(signer.sign(b"document").is_ok(), "the signer outlives the store");
    drop(signer);
    assert_eq!(world.log("library").last().unwrap(), "LogOut");
}

#[test]
fn a_second_opening_asks_the_token_about_its_own_pin() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    let first = store.unlock(&pin(PIN)).unwrap();
    assert!(matches!(fault(store.unlock(&pin("00000000"))), TokenFault::WrongPin { .. }), "not let in by the first");
    let second = store.unlock(&pin(PIN)).unwrap();
    drop(first);
    let key = second.list()[0].id.clone();
    assert!(second.signer(&key).unwrap().sign(b"document").is_ok(), "the first did not log the second out");
    drop(second);
    assert_eq!(world.log("library").last().unwrap(), "LogOut");
}

#[test]
fn a_key_that_wants_the_pin_each_time_gets_it_each_time() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["key"]["always_authenticate"] = json!(true);
    let store = world.token(&script(std::slice::from_ref(&one)));
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    let signer = unlocked.signer(&unlocked.list()[0].id).unwrap();
    assert!(signer.sign(b"one").is_ok() && signer.sign(b"two").is_ok());
    let signed = world.count("library", "Sign");
    assert_eq!(world.count("library", &format!("pin of {}", PIN.len())), signed);

    // It was changed meanwhile: the old one is tried once and not again.
    one["pin"] = json!("99999999");
    world.driver("library", &script(&[one]));
    assert_eq!(signer.sign(b"three"), Err(pki::SignerError::WrongPin));
    assert_eq!(signer.sign(b"four"), Err(pki::SignerError::WrongPin));
    assert_eq!(world.count("library", "Sign"), signed + 1);
}

#[test]
fn other_keys_do_not_see_the_pin_again() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    assert!(unlocked.signer(&unlocked.list()[0].id).unwrap().sign(b"one").is_ok());
    assert!(world.log("library").iter().all(|line| !line.starts_with("pin of")));
}

#[test]
fn where_the_reader_asks_for_the_pin_none_goes_through_here() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["pin_pad"] = json!(true);
    one["key"]["always_authenticate"] = json!(true);
    let library = world.driver("library", &script(&[one]));
    let fleet = world.fleet(vec![library]);
    let seen = fleet.settled(std::time::Duration::from_secs(20)).tokens.remove(0);
    assert_eq!(seen.pin.place, PinPlace::Reader);
    let store = fleet.token(&seen.id).unwrap();
    // What somebody typed nevertheless stays here: the script takes an empty one only.
    for typed in ["", PIN] {
        let unlocked = store.unlock(&pin(typed)).unwrap();
        assert!(unlocked.signer(&unlocked.list()[0].id).unwrap().sign(b"one").is_ok());
    }
    assert_eq!(world.count("library", "pin of 0"), world.count("library", "Sign"));
}

#[test]
fn a_token_that_hides_everything_is_locked_until_the_pin() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["hides"] = json!(true);
    let store = world.token(&script(&[one]));
    assert_eq!(store.label(), "A");
    assert!(matches!(store.list().unwrap(), Listing::Locked));
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    assert_eq!(unlocked.list()[0].certificate.as_ref(), Some(&gost().certificate));
    assert_eq!(unlocked.list()[0].alias, "key\u{fffd}", "what moves a cursor does not");
}

#[test]
fn a_pin_is_changed_and_what_the_token_does_not_take_changes_nothing() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    let refused = |new: &str| fault(store.change_pin(&pin(PIN), &pin(new)));
    // One of a length that the token names as wrong never reaches it.
    assert_eq!((refused("123"), refused("123456789")), (TokenFault::NewPinRefused, TokenFault::NewPinRefused));
    assert_eq!(world.count("library", "SetPin"), 0);
    assert_eq!(refused("00000"), TokenFault::NewPinRefused, "it has its own rules");
    assert_eq!(fault(store.change_pin(&pin("87654321"), &pin("2468"))), TokenFault::WrongPin { tries: Tries::Unsaid });
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    store.change_pin(&pin(PIN), &pin("2468")).unwrap();
    drop(unlocked);
    assert!(store.unlock(&pin(PIN)).is_err_and(|error| error.is_wrong_password()));
    assert!(store.unlock(&pin("2468")).is_ok());
}

#[test]
fn at_a_pad_a_pin_is_changed_without_anything_that_was_typed_here() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["pin_pad"] = json!(true);
    let store = world.token(&script(&[one]));
    store.change_pin(&pin("typed"), &pin("too")).unwrap();
    assert_eq!(world.count("library", "SetPin"), 1);
}
