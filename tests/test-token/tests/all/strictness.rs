//! Wrong orders, lengths, handles and buffers are answered as the standard says.

use cryptoki_sys::*;
use tanba_test_token::{Algorithm, Card, CardKey, NewKey};

use crate::{
    raw::{Raw, ulong},
    world::{CKM_GOSTR3410_512, PIN, READ, WRITE, card, folder, logged_in, placed, private_key},
};

#[test]
fn nothing_is_done_before_the_library_is_initialised_and_that_only_once() {
    let folder = folder();
    let raw = Raw::load(placed(&folder, card("card")).driver());
    assert_eq!(raw.slots(false, None).0, CKR_CRYPTOKI_NOT_INITIALIZED);
    assert_eq!(raw.token_info(0).unwrap_err(), CKR_CRYPTOKI_NOT_INITIALIZED);
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Err(CKR_CRYPTOKI_NOT_INITIALIZED));
    assert_eq!(raw.finalize(), Err(CKR_CRYPTOKI_NOT_INITIALIZED));
    assert_eq!(raw.initialize_with(0, true), Err(CKR_ARGUMENTS_BAD));
    raw.initialize_with(CKF_OS_LOCKING_OK, false).unwrap();
    assert_eq!(raw.initialize(), Err(CKR_CRYPTOKI_ALREADY_INITIALIZED));
    raw.finalize().unwrap();
    raw.initialize().unwrap();
}

#[test]
fn every_function_of_the_list_is_there() {
    let folder = folder();
    let raw = Raw::load(placed(&folder, card("card")).driver());
    let list = raw.function_list();
    assert_eq!((list.version.major, list.version.minor), (2, 40));
    assert!(list.C_Initialize.is_some() && list.C_WaitForSlotEvent.is_some() && list.C_DeriveKey.is_some());
}

#[test]
fn a_library_without_its_configuration_cannot_be_used() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    std::fs::remove_file(module.driver().with_extension("toml")).unwrap();
    assert_eq!(Raw::load(module.driver()).initialize(), Err(CKR_GENERAL_ERROR));
}

#[test]
fn a_buffer_that_is_too_small_says_how_long_it_must_be() {
    let folder = folder();
    let module = tanba_test_token::Module::new("library").card(card("a")).card(card("b")).empty_readers(1);
    let module = module.place(folder.path()).unwrap();
    let raw = Raw::ready(module.driver());
    assert_eq!(raw.slots(false, None), (CKR_OK, 3, vec![]));
    assert_eq!(raw.slots(true, None), (CKR_OK, 2, vec![]));
    assert_eq!(raw.slots(true, Some(1)), (CKR_BUFFER_TOO_SMALL, 2, vec![CK_SLOT_ID::MAX]));
    assert_eq!(raw.slots(true, Some(2)), (CKR_OK, 2, vec![0, 1]));
    assert_eq!(raw.token_info(2).unwrap_err(), CKR_TOKEN_NOT_PRESENT);
    assert_eq!(raw.token_info(3).unwrap_err(), CKR_SLOT_ID_INVALID);
}

#[test]
fn asking_for_a_signatures_length_does_not_end_it_and_everything_else_does() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OPERATION_NOT_INITIALIZED);
    raw.sign_init(session, CKM_GOSTR3410_512, key).unwrap();
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410_512, key), Err(CKR_OPERATION_ACTIVE));
    assert_eq!(raw.sign_with(session, &[1; 64], None), (CKR_OK, 128, vec![]));
    let small = raw.sign_with(session, &[1; 64], Some(127));
    assert_eq!((small.0, small.1), (CKR_BUFFER_TOO_SMALL, 128));
    assert_eq!(small.2, [0; 127], "nothing is written");
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OK);
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 32]), Err(CKR_DATA_LEN_RANGE));
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn a_mechanism_must_be_the_keys_and_the_cards() {
    let folder = folder();
    let rsa = CardKey::generate(NewKey::Rsa2048).unwrap();
    let only = vec![Algorithm::Gost512, Algorithm::Gost256];
    let module = placed(&folder, card("card").key(rsa).with(|card| card.algorithms = only));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410, key), Err(CKR_KEY_TYPE_INCONSISTENT));
    assert_eq!(raw.sign_init(session, CKM_RSA_PKCS, key), Err(CKR_MECHANISM_INVALID));
    assert_eq!(raw.sign_init(session, 0xD432_1005, key), Err(CKR_MECHANISM_INVALID));
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410_512, 99), Err(CKR_KEY_HANDLE_INVALID));
    let public = raw.find(session, &[(CKA_CLASS, &ulong(CKO_PUBLIC_KEY))])[0];
    assert_eq!(raw.sign_init(session, CKM_GOSTR3410_512, public), Err(CKR_KEY_FUNCTION_NOT_PERMITTED));
    let made = raw.generate(session, CKM_RSA_PKCS_KEY_PAIR_GEN, &[], &[]);
    assert_eq!(made, Err(CKR_MECHANISM_INVALID));
}

#[test]
fn a_card_may_take_messages_and_no_digests() {
    let folder = folder();
    let key = CardKey::generate(NewKey::Rsa2048).unwrap();
    let module = placed(&folder, Card::new("card").key(key).with(|card| card.without_mechanisms = vec![CKM_RSA_PKCS]));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.sign_init(session, CKM_RSA_PKCS, key), Err(CKR_MECHANISM_INVALID));
    assert_eq!(raw.sign(session, CKM_SHA256_RSA_PKCS, key, b"message").unwrap().len(), 256);
}

#[test]
fn attributes_are_secret_unknown_or_too_long_each_in_its_own_way() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.attribute_with(session, key, CKA_LABEL, None), (CKR_OK, 3, vec![]));
    let unavailable = CK_UNAVAILABLE_INFORMATION;
    let small = raw.attribute_with(session, key, CKA_LABEL, Some(2));
    assert_eq!(small, (CKR_BUFFER_TOO_SMALL, unavailable, vec![0, 0]));
    assert_eq!(raw.attribute_with(session, key, CKA_VALUE, None), (CKR_ATTRIBUTE_SENSITIVE, unavailable, vec![]));
    assert_eq!(raw.attribute_with(session, key, CKA_MODULUS, None), (CKR_ATTRIBUTE_TYPE_INVALID, unavailable, vec![]));
    assert_eq!(raw.attribute(session, 0, CKA_LABEL), Err(CKR_OBJECT_HANDLE_INVALID));
    assert_eq!(raw.attribute(99, key, CKA_LABEL), Err(CKR_SESSION_HANDLE_INVALID));
}

#[test]
fn a_search_is_begun_continued_and_ended_in_this_order() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let (raw, session, _) = logged_in(module.driver());
    assert_eq!(raw.find_next(session, 1), Err(CKR_OPERATION_NOT_INITIALIZED));
    assert_eq!(raw.find_final(session), Err(CKR_OPERATION_NOT_INITIALIZED));
    raw.find_init(session, &[]).unwrap();
    assert_eq!(raw.find_init(session, &[]), Err(CKR_OPERATION_ACTIVE));
    let (first, second) = (raw.find_next(session, 1).unwrap(), raw.find_next(session, 5).unwrap());
    assert_eq!((first.0, second.0), (1, 1));
    assert_ne!(first.1[0], second.1[0]);
    assert_eq!(raw.find_next(session, 5).unwrap().0, 0);
    raw.find_final(session).unwrap();
    assert!(raw.find(session, &[(CKA_ID, b"nobody's")]).is_empty());
}

#[test]
fn what_is_private_shows_after_login_only_and_its_handle_ends_with_it() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.find(session, &[]).len(), 1, "the public key");
    assert_eq!(raw.state(session), Ok(CKS_RO_PUBLIC_SESSION));
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    assert_eq!(raw.state(session), Ok(CKS_RO_USER_FUNCTIONS));
    assert_eq!(raw.login(session, CKU_USER, Some(PIN)), Err(CKR_USER_ALREADY_LOGGED_IN));
    let key = private_key(&raw, session);
    raw.sign_init(session, CKM_GOSTR3410_512, key).unwrap();
    raw.logout(session).unwrap();
    assert_eq!(raw.logout(session), Err(CKR_USER_NOT_LOGGED_IN));
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OPERATION_NOT_INITIALIZED);
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    assert_eq!(raw.attribute(session, key, CKA_LABEL), Err(CKR_OBJECT_HANDLE_INVALID));
    assert_ne!(private_key(&raw, session), key);
    // The login is the slot's, and ends with its last session.
    let other = raw.open(0, WRITE).unwrap();
    assert_eq!(raw.state(other), Ok(CKS_RW_USER_FUNCTIONS));
    raw.close(session).unwrap();
    raw.close(other).unwrap();
    assert_eq!(raw.close(other), Err(CKR_SESSION_HANDLE_INVALID));
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.state(session), Ok(CKS_RO_PUBLIC_SESSION));
}

#[test]
fn a_session_that_only_reads_writes_nothing() {
    let folder = folder();
    let module = placed(&folder, card("card"));
    let raw = Raw::ready(module.driver());
    assert_eq!(raw.open(0, CKF_RW_SESSION), Err(CKR_SESSION_PARALLEL_NOT_SUPPORTED));
    let session = raw.open(0, READ).unwrap();
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    let key = private_key(&raw, session);
    assert_eq!(raw.destroy(session, key), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(raw.generate(session, CKM_EC_KEY_PAIR_GEN, &[], &[]), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(raw.create(session, &[]), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(raw.set_attribute(session, key, (CKA_LABEL, b"x")), Err(CKR_SESSION_READ_ONLY));
    assert_eq!(raw.set_pin(session, PIN, "1234"), Err(CKR_SESSION_READ_ONLY));
}

#[test]
fn a_protected_card_is_read_and_not_written() {
    let folder = folder();
    let module = placed(&folder, card("card").with(|card| card.write_protected = true));
    let raw = Raw::ready(module.driver());
    assert_ne!(raw.token_info(0).unwrap().flags & CKF_WRITE_PROTECTED, 0);
    assert_eq!(raw.open(0, WRITE), Err(CKR_TOKEN_WRITE_PROTECTED));
    let session = raw.open(0, READ).unwrap();
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    let key = private_key(&raw, session);
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).unwrap().len(), 128);
}

#[test]
fn a_card_may_hide_its_certificates_and_have_no_public_keys() {
    let folder = folder();
    let (key, certificate) = crate::world::certified(NewKey::Gost512);
    let card = Card::new("card").key(key.without_public_object()).certificate(&certificate);
    let module = placed(&folder, card.with(|card| card.hide_certificates = true));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, READ).unwrap();
    assert!(raw.find(session, &[]).is_empty());
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    assert_eq!(raw.find(session, &[(CKA_CLASS, &ulong(CKO_CERTIFICATE)), (CKA_PRIVATE, &[1])]).len(), 2);
    assert_eq!(raw.find(session, &[]).len(), 3);
}
