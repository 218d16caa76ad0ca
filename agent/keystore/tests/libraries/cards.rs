//! The cards of `tests/test-token`: GOST as no software token has it, and every kind of PIN.

use std::{path::PathBuf, time::Instant};

use pki::{BareSigner, SignerError};
use tanba_keystore::{
    Import, KeyStore, NewKey, StoreError,
    pkcs11::{PinPlace, Token, TokenFault, Tries},
};
use test_token::{ByteOrder, Card, CardConfig, CardKey, Module, Pad, Parameters, PlacedModule, PointOrder};

use crate::{
    pairs::{Pair, certificate_for, gost, pair},
    world::{PATIENCE, PIN, fleet, pin, signer, signs, token},
};

pub fn card(pair: &Pair) -> Card {
    Card::new("card").key(CardKey::of(&pair.key).unwrap().certificate(&pair.certificate))
}

/// One library with one card.
fn placed(folder: &tempfile::TempDir, card: Card) -> (PlacedModule, Vec<PathBuf>) {
    let module = Module::new("library").card(card).place(folder.path()).unwrap();
    let libraries = vec![module.driver().to_owned()];
    (module, libraries)
}

#[test]
fn gost_keys_of_every_size_sign_in_every_order_under_russian_and_kazakh_names() {
    let orders = [ByteOrder::RsLe, ByteOrder::RsBe, ByteOrder::SrLe, ByteOrder::SrBe];
    let points = [PointOrder::XyLe, PointOrder::XyBe, PointOrder::YxBe, PointOrder::XyLe];
    for kind in [NewKey::Gost512, NewKey::Gost256, NewKey::Gost2004] {
        let pair = pair(kind);
        for (number, (order, point)) in orders.into_iter().zip(points).enumerate() {
            let folder = tempfile::tempdir().unwrap();
            let card = card(&pair).with(|card| {
                (card.byte_order, card.point_order) = (order, point);
                card.digest_reversed = number % 2 == 1;
                card.parameters = if number < 2 { Parameters::Russian } else { Parameters::Kazakh };
            });
            let (_module, libraries) = placed(&folder, card);
            let fleet = fleet(&libraries, folder.path());
            signs(&*signer(&token(&fleet, "card")), &pair);
        }
    }
}

#[test]
fn rsa_and_ec_keys_of_a_card_sign() {
    for kind in [NewKey::Rsa2048, NewKey::P256, NewKey::P384] {
        let pair = pair(kind);
        let folder = tempfile::tempdir().unwrap();
        let (_module, libraries) = placed(&folder, card(&pair));
        signs(&*signer(&token(&fleet(&libraries, folder.path()), "card")), &pair);
    }
}

#[test]
fn a_card_that_digests_by_itself_gets_the_message() {
    let pair = pair(NewKey::Rsa2048);
    let folder = tempfile::tempdir().unwrap();
    let card = card(&pair).with(|card| card.without_mechanisms = vec![pkcs11::numbers::RSA_PKCS]);
    let (_module, libraries) = placed(&folder, card);
    let signer = signer(&token(&fleet(&libraries, folder.path()), "card"));
    signs(&*signer, &pair);
    assert!(matches!(signer.sign_digest(&[7; 32]), Err(SignerError::Unsupported(_))));
}

#[test]
fn a_gost_key_is_made_on_the_card_whatever_it_calls_the_curve() {
    for parameters in [Parameters::Russian, Parameters::Kazakh] {
        let folder = tempfile::tempdir().unwrap();
        let (module, libraries) = placed(&folder, Card::new("card").parameters(parameters));
        let store = token(&fleet(&libraries, folder.path()), "card");
        let made = store.generate(&pin(PIN), NewKey::Gost512, "").unwrap();
        let keys = module.card(0).unwrap().keys().unwrap();
        assert_eq!(keys, [(made.id.as_bytes().to_vec(), made.public_key.clone())]);

        let unlocked = store.unlock(&pin(PIN)).unwrap();
        let requester = unlocked.requester(&made.id).unwrap();
        assert!(BareSigner::sign(&*requester, b"request").is_ok());
        let certificate = certificate_for(&made.public_key);
        store.import(&pin(PIN), Import::Certificate(&certificate)).unwrap();
        let key = tanba_keystore::PrivateKey::generate_gost512(&tanba_keystore::OsEntropy).unwrap();
        signs(&*signer(&store), &Pair { key, certificate });
    }
}

#[test]
fn two_cards_are_listed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let keyed = |name: &str, pair: &Pair| {
        Card::new(name).serial(name).key(CardKey::of(&pair.key).unwrap().certificate(&pair.certificate))
    };
    let rsa = pair(NewKey::Rsa2048);
    let one = Module::new("one").card(keyed("first", gost())).place(folder.path()).unwrap();
    let two = Module::new("two").card(keyed("second", &rsa)).place(folder.path()).unwrap();
    // The best of three: what else the machine does meanwhile is not what is measured.
    let took = (0..3).map(|_| {
        let fleet = fleet(&[one.driver().to_owned(), two.driver().to_owned()], folder.path());
        let began = Instant::now();
        let snapshot = fleet.settled(PATIENCE);
        let took = began.elapsed();
        let labels: Vec<_> = snapshot.tokens.iter().map(|seen| (seen.id.label.as_str(), seen.keys.len())).collect();
        assert_eq!(labels, [("first", 1), ("second", 1)]);
        took
    });
    let took = took.min().unwrap();
    assert!(took.as_millis() < 300, "{took:?}");
}

#[test]
fn tries_are_told_down_to_the_last_and_a_locked_card_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (module, libraries) = placed(&folder, card(gost()).max_tries(3));
    let look = || token(&fleet(&libraries, folder.path()), "card");
    let said = |store: &Token| match store.unlock(&pin("0000")).err() {
        Some(StoreError::Token(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let store = look();
    assert_eq!(said(&store), TokenFault::WrongPin { tries: Tries::Low });
    assert_eq!(said(&store), TokenFault::WrongPin { tries: Tries::Last });
    // Who looked before that was not told that it is the last one.
    assert_eq!(said(&store), TokenFault::TriesChanged { tries: Tries::Last });
    assert_eq!(module.card(0).unwrap().tries_left().unwrap(), 1);
    let store = look();
    assert_eq!(said(&store), TokenFault::PinLocked);
    assert_eq!(said(&store), TokenFault::PinLocked);
    assert_eq!(module.card(0).unwrap().tries_left().unwrap(), 0);
    assert!(matches!(store.unlock(&pin(PIN)).err(), Some(StoreError::Token(TokenFault::PinLocked))));
}

#[test]
fn a_card_that_wants_its_pin_with_every_signature_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_module, libraries) = placed(&folder, card(gost()).with(|card| card.always_authenticate = true));
    let signer = signer(&token(&fleet(&libraries, folder.path()), "card"));
    signs(&*signer, gost());
    signs(&*signer, gost());
}

#[test]
fn at_a_readers_pad_the_person_says_yes_or_no() {
    let folder = tempfile::tempdir().unwrap();
    let pad = |card: &mut CardConfig| (card.pin_pad, card.always_authenticate) = (true, true);
    let (module, libraries) = placed(&folder, card(gost()).with(pad));
    let fleet = fleet(&libraries, folder.path());
    assert_eq!(fleet.settled(PATIENCE).tokens[0].pin.place, PinPlace::Reader);
    let store = token(&fleet, "card");
    let unlocked = store.unlock(&pin("")).unwrap();
    let signer = unlocked.signer(&unlocked.list()[0].id).unwrap();
    signs(&*signer, gost());
    module.card(0).unwrap().change(|card| card.pad = Pad::Refuse).unwrap();
    assert_eq!(signer.sign(b"document"), Err(SignerError::RefusedAtReader));
    drop((signer, unlocked));
    let refused = store.unlock(&pin("")).err();
    assert!(matches!(refused, Some(StoreError::Token(TokenFault::RefusedAtReader))), "{refused:?}");
}
