//! A key's life on a token: made, certified, removed.

use pki::BareSigner;
use serde_json::json;
use tanba_keystore::{
    Import, KeyStore, Listing, NewKey, Requester, StoreError,
    pkcs11::{Token, TokenFault},
};

use crate::world::{PIN, World, certificate_for, gost, pair, pin, script, token};

fn empty(world: &World) -> Token {
    let mut one = token(1, "A", gost());
    one["key"] = json!(null);
    world.token(&script(&[one]))
}

fn certificate_shows(store: &Token, id: &tanba_keystore::KeyId) -> bool {
    match store.list().unwrap() {
        Listing::Keys(keys) => keys.iter().any(|key| key.id == *id && key.certificate.is_some()),
        Listing::Locked => false,
    }
}

#[test]
fn a_key_is_made_asks_for_its_certificate_gets_it_and_is_removed() {
    let world = World::new();
    let store = empty(&world);
    let made = store.generate(&pin(PIN), NewKey::Gost512, "").unwrap();

    // The request is signed before there is a certificate.
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    let requester: Box<dyn Requester> = unlocked.requester(&made.id).unwrap();
    assert_eq!(requester.public_key(), &made.public_key);
    let digest = requester.algorithm().digest_algorithm().unwrap().digest(b"request");
    let signature = BareSigner::sign(&*requester, b"request").unwrap();
    made.public_key.verify(&digest, &signature, requester.algorithm()).unwrap();

    let stranger = &pair(NewKey::Gost512).certificate;
    assert!(matches!(store.import(&pin(PIN), Import::Certificate(stranger)), Err(StoreError::NoSuchKey)));
    assert!(!certificate_shows(&store, &made.id));
    let certificate = certificate_for(&made.public_key);
    assert_eq!(store.import(&pin(PIN), Import::Certificate(&certificate)).unwrap(), made.id);
    assert!(certificate_shows(&store, &made.id));

    store.remove(&pin(PIN), &made.id).unwrap();
    assert!(!certificate_shows(&store, &made.id));
    assert!(matches!(store.remove(&pin(PIN), &made.id), Err(StoreError::NoSuchKey)));
}

#[test]
fn a_login_makes_a_key_and_signs_its_request_and_another_puts_the_certificate_in_and_tries_it() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    (one["key"], one["pin_pad"]) = (json!(null), json!(true));
    let store = world.token(&script(&[one]));
    let (made, opened) = store.generate_unlocked(&pin(""), NewKey::Gost512, "a").unwrap();
    opened.unwrap().requester(&made.id).unwrap();
    assert_eq!(world.count("library", "LogIn"), 1, "the reader asked for the PIN more than once");
    assert_eq!(world.count("library", "LogOut"), 1, "nobody holds it any more");

    // The certificate is put in, and tried, in one login, too.
    let certificate = certificate_for(&made.public_key);
    let opened = store.import_unlocked(&pin(""), Import::Certificate(&certificate)).unwrap();
    assert!(opened.list().iter().any(|key| key.certificate.as_ref() == Some(&certificate)));
    drop(opened);
    assert_eq!((world.count("library", "LogIn"), world.count("library", "LogOut")), (2, 2));
}

#[test]
fn a_token_makes_the_kinds_of_keys_that_it_can() {
    let world = World::new();
    let store = empty(&world);
    for kind in [NewKey::Gost256, NewKey::P256] {
        let made = store.generate(&pin(PIN), kind, "Қолтаңба").unwrap();
        let unlocked = store.unlock(&pin(PIN)).unwrap();
        assert_eq!(unlocked.list().iter().filter(|key| key.id == made.id).count(), 1);
    }
    for kind in [NewKey::Rsa2048, NewKey::Gost2004] {
        let refused = store.generate(&pin(PIN), kind, "");
        assert!(matches!(refused, Err(StoreError::Token(TokenFault::Unsupported))));
    }
}

#[test]
fn a_wrong_pin_makes_and_removes_nothing() {
    let world = World::new();
    let store = world.token(&script(&[token(1, "A", gost())]));
    let Listing::Keys(keys) = store.list().unwrap() else { panic!("its key shows") };
    assert!(store.generate(&pin("00000000"), NewKey::Gost512, "").is_err_and(|error| error.is_wrong_password()));
    assert!(store.remove(&pin("00000000"), &keys[0].id).is_err_and(|error| error.is_wrong_password()));
    for word in ["Generate", "Remove"] {
        assert_eq!(world.count("library", word), 0);
    }
}

#[test]
fn a_key_from_elsewhere_is_not_put_on_a_token() {
    let world = World::new();
    let what = Import::KeyAndCertificate(&gost().key, &gost().certificate);
    let refused = empty(&world).import(&pin(PIN), what).unwrap_err();
    assert_eq!(refused.code(), "cannot-import");
    assert_eq!(world.count("library", "LogIn"), 0);
}

#[test]
fn of_two_certificates_of_one_key_the_chosen_one_signs() {
    let pair = gost();
    let second = certificate_for(&pair.key.public_key().unwrap());
    let mut one = token(1, "A", pair);
    one["key"]["second"] = serde_json::to_value(second.der()).unwrap();
    let world = World::new();
    let store = world.token(&script(&[one]));
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    let keys = unlocked.list();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0].id, keys[1].id);
    let chosen: Vec<_> = keys.iter().map(|key| unlocked.signer(&key.id).unwrap().certificate().clone()).collect();
    assert_eq!(chosen, [pair.certificate.clone(), second]);
    for key in keys {
        assert!(unlocked.signer(&key.id).unwrap().sign_digest(&[7; 64]).is_ok());
        assert_eq!(unlocked.requester(&key.id).unwrap().public_key(), &pair.key.public_key().unwrap());
    }
    let (gone, name) = (keys.len(), keys[1].id.clone());
    drop(unlocked);
    store.remove(&pin(PIN), &name).unwrap();
    assert_eq!((gone, store.unlock(&pin(PIN)).unwrap().list().len()), (2, 0), "the key went, and both with it");
    assert_eq!(world.count("library", "takes 2"), 1);
}

#[test]
fn a_token_with_keys_without_end_shows_as_many_as_a_person_looks_through() {
    let mut one = token(1, "A", gost());
    one["key"]["likenesses"] = 40.into();
    let world = World::new();
    let fleet = world.fleet(vec![world.driver("library", &script(&[one]))]);
    let snapshot = fleet.settled(std::time::Duration::from_secs(20));
    assert_eq!(snapshot.tokens[0].keys.len(), 32);
    let again = fleet.snapshot();
    assert!(std::sync::Arc::ptr_eq(&snapshot.tokens[0].keys, &again.tokens[0].keys), "they stand in memory once");
}

#[test]
fn a_certificate_takes_the_place_of_its_own_keys_and_of_no_other_ones() {
    let pair = gost();
    let mut one = token(1, "A", pair);
    let stranger = &self::pair(NewKey::Gost512).certificate;
    one["key"]["second"] = serde_json::to_value(stranger.der()).unwrap();
    let world = World::new();
    let store = world.token(&script(std::slice::from_ref(&one)));
    let renewed = certificate_for(&pair.key.public_key().unwrap());
    store.import(&pin(PIN), Import::Certificate(&renewed)).unwrap();
    assert_eq!(world.count("library", "replaces 1"), 1, "the stranger under the same CKA_ID is not named");

    let world = World::new();
    let store = world.token(&script(&[one]));
    let Listing::Keys(keys) = store.list().unwrap() else { panic!("its keys show") };
    store.remove(&pin(PIN), &keys[0].id).unwrap();
    assert_eq!(world.count("library", "takes 1"), 1);
}
