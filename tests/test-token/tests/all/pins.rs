//! PINs: counted, locked, changed, typed elsewhere, asked for again.

use cryptoki_sys::*;
use tanba_test_token::Pad;

use crate::{
    raw::Raw,
    world::{CKM_GOSTR3410_512, PIN, READ, WRITE, card, folder, logged_in, placed},
};

const TRIES: CK_FLAGS = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

#[test]
fn wrong_pins_are_counted_until_the_card_is_locked_over_all_processes() {
    let folder = folder();
    let module = placed(&folder, card("card").max_tries(3));
    let card = module.card(0).unwrap();
    let raw = Raw::ready(module.driver());
    let tries = || raw.token_info(0).unwrap().flags & TRIES;
    let session = raw.open(0, READ).unwrap();
    let login = |pin| raw.login(session, CKU_USER, Some(pin));
    assert_eq!(tries(), 0);
    assert_eq!(login("wrong"), Err(CKR_PIN_INCORRECT));
    assert_eq!(tries(), CKF_USER_PIN_COUNT_LOW);
    login(PIN).unwrap();
    raw.logout(session).unwrap();
    assert_eq!((tries(), card.tries_left().unwrap()), (0, 3), "a right one forgives");
    assert_eq!([login("a"), login("b")], [Err(CKR_PIN_INCORRECT); 2]);
    assert_eq!(tries(), CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY);
    raw.finalize().unwrap();

    // As another process would: nothing is remembered but by the card.
    raw.initialize().unwrap();
    let session = raw.open(0, READ).unwrap();
    let login = |pin| raw.login(session, CKU_USER, Some(pin));
    assert_eq!(login("c"), Err(CKR_PIN_INCORRECT));
    assert_eq!(tries(), CKF_USER_PIN_LOCKED);
    assert_eq!(login(PIN), Err(CKR_PIN_LOCKED));
    assert_eq!(card.tries_left().unwrap(), 0);
}

#[test]
fn a_silent_card_counts_and_says_nothing() {
    let folder = folder();
    let module = placed(&folder, card("card").max_tries(2).with(|card| card.silent_tries = true));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.login(session, CKU_USER, Some("wrong")), Err(CKR_PIN_INCORRECT));
    assert_eq!(raw.token_info(0).unwrap().flags & TRIES, 0);
    assert_eq!(module.card(0).unwrap().tries_left().unwrap(), 1);
}

#[test]
fn a_pin_is_changed_by_who_knows_it() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, WRITE).unwrap();
    assert_eq!(raw.set_pin(session, PIN, "123"), Err(CKR_PIN_LEN_RANGE));
    assert_eq!(raw.set_pin(session, "wrong", "1234"), Err(CKR_PIN_INCORRECT));
    raw.set_pin(session, PIN, "1234").unwrap();
    assert_eq!(raw.login(session, CKU_USER, Some(PIN)), Err(CKR_PIN_INCORRECT));
    raw.login(session, CKU_USER, Some("1234")).unwrap();
}

#[test]
fn no_pin_stands_in_clear_on_a_card_that_was_made_here() {
    let folder = folder();
    let module = placed(&folder, card("card").pin("Ерекше-4711"));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, WRITE).unwrap();
    let in_clear =
        |pin: &str| std::fs::read_to_string(module.card(0).unwrap().folder().join("token.toml")).unwrap().contains(pin);
    assert!(!in_clear("4711"));
    raw.set_pin(session, "Ерекше-4711", "55554711").unwrap();
    assert!(!in_clear("4711"));
    raw.login(session, CKU_USER, Some("55554711")).unwrap();
    // By hand it may be written so.
    module.card(0).unwrap().change(|card| card.pin = "1111".to_owned()).unwrap();
    assert!(in_clear("1111"));
    raw.logout(session).unwrap();
    raw.login(session, CKU_USER, Some("1111")).unwrap();
}

#[test]
fn a_card_without_a_pin_lets_nobody_in() {
    let folder = folder();
    let module = placed(&folder, card("card").with(|card| card.pin_not_set = true));
    let raw = Raw::ready(module.driver());
    assert_eq!(raw.token_info(0).unwrap().flags & (CKF_USER_PIN_INITIALIZED | TRIES), 0);
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.login(session, CKU_USER, Some(PIN)), Err(CKR_USER_PIN_NOT_INITIALIZED));
    assert_eq!(raw.login(session, CKU_SO, Some(PIN)), Err(CKR_PIN_LOCKED));
    assert_eq!(raw.login(session, 7, Some(PIN)), Err(CKR_USER_TYPE_INVALID));
}

#[test]
fn with_a_pad_the_pin_is_typed_at_the_reader() {
    let folder = folder();
    let module = placed(&folder, card("card").max_tries(2).with(|card| card.pin_pad = true));
    let card = module.card(0).unwrap();
    let raw = Raw::ready(module.driver());
    assert_ne!(raw.token_info(0).unwrap().flags & CKF_PROTECTED_AUTHENTICATION_PATH, 0);
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.login(session, CKU_USER, Some(PIN)), Err(CKR_ARGUMENTS_BAD));
    card.change(|card| card.pad = Pad::Refuse).unwrap();
    assert_eq!(raw.login(session, CKU_USER, None), Err(CKR_FUNCTION_CANCELED));
    assert_eq!(card.tries_left().unwrap(), 2);
    card.change(|card| card.pad = Pad::Wrong).unwrap();
    assert_eq!(raw.login(session, CKU_USER, None), Err(CKR_PIN_INCORRECT));
    assert_eq!(card.tries_left().unwrap(), 1);
    card.change(|card| card.pad = Pad::Right).unwrap();
    raw.login(session, CKU_USER, None).unwrap();
    assert_eq!(card.tries_left().unwrap(), 2);
}

#[test]
fn a_card_without_a_pad_wants_a_pin() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.login(session, CKU_USER, None), Err(CKR_ARGUMENTS_BAD));
}

#[test]
fn a_key_may_want_the_pin_for_every_signature() {
    let folder = folder();
    let module = placed(&folder, card("card").max_tries(3).with(|card| card.always_authenticate = true));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.attribute(session, key, CKA_ALWAYS_AUTHENTICATE).unwrap(), [1]);
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]), Err(CKR_USER_NOT_LOGGED_IN));
    assert_eq!(raw.login(session, CKU_CONTEXT_SPECIFIC, Some(PIN)), Err(CKR_OPERATION_NOT_INITIALIZED));
    for _ in 0..2 {
        raw.sign_init(session, CKM_GOSTR3410_512, key).unwrap();
        assert_eq!(raw.login(session, CKU_CONTEXT_SPECIFIC, Some("wrong")), Err(CKR_PIN_INCORRECT));
        raw.login(session, CKU_CONTEXT_SPECIFIC, Some(PIN)).unwrap();
        assert_eq!(raw.sign_with(session, &[1; 64], None).0, CKR_OK);
        assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OK);
    }
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]), Err(CKR_USER_NOT_LOGGED_IN));
}
