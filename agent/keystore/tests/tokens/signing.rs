//! Every kind of key, every order of octets, and what does not fit.

use pkcs11::numbers;
use pki::{Signer, SignerError};
use serde_json::{Value, json};
use tanba_keystore::{
    CannotSign, KeyStore, NewKey, StoreError, UnlockedStore,
    pkcs11::{Token, TokenFault},
};

use crate::world::{PIN, Pair, World, gost, pair, pin, script, token};

fn opened(store: &Token) -> Box<dyn Signer> {
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    unlocked.signer(&unlocked.list()[0].id).unwrap()
}

/// Signs a message, and checks what comes as whoever gets it would.
fn signs(signer: &dyn Signer, pair: &Pair) {
    let message = b"a message of some length";
    let algorithm = signer.algorithm();
    let digest = algorithm.digest_algorithm().unwrap().digest(message);
    let signature = signer.sign(message).unwrap();
    pair.certificate.public_key().verify(&digest, &signature, algorithm).unwrap();
}

fn in_order(pair: &Pair, order: (bool, u8)) -> Value {
    let mut one = token(1, "A", pair);
    one["key"]["order"] = json!(order);
    script(&[one])
}

#[test]
fn keys_of_every_kind_sign() {
    for kind in [NewKey::Gost512, NewKey::Gost256, NewKey::Gost2004, NewKey::Rsa2048, NewKey::P256] {
        let (world, pair) = (World::new(), pair(kind));
        let signer = opened(&world.token(&script(&[token(1, "A", &pair)])));
        signs(&*signer, &pair);
        assert!(matches!(signer.sign_digest(b"short"), Err(SignerError::DigestLength { found: 5, .. })), "{kind:?}");
    }
}

#[test]
fn gost_comes_out_right_whatever_order_the_module_speaks_in() {
    for order in (0..4).flat_map(|signature| [(false, signature), (true, signature)]) {
        let world = World::new();
        signs(&*opened(&world.token(&in_order(gost(), order))), gost());
        assert!(world.count("library", "Sign") <= 3, "two to find it out, one to sign");
    }
}

#[test]
fn the_order_is_found_out_once_and_again_when_it_does_not_fit_any_more() {
    let world = World::new();
    signs(&*opened(&world.token(&in_order(gost(), (true, 1)))), gost());
    let found_out = world.count("library", "Sign");
    assert_eq!(found_out, 3);
    // The next process knows it.
    signs(&*opened(&world.token(&in_order(gost(), (true, 1)))), gost());
    assert_eq!(world.count("library", "Sign"), found_out + 1);
    // A new version of the module speaks otherwise: one signature that does not fit, one or two to find out, one to sign.
    signs(&*opened(&world.token(&in_order(gost(), (false, 0)))), gost());
    assert_eq!(world.count("library", "Sign"), found_out + 1 + 3);
    let memory = std::fs::read_to_string(world.memory()).unwrap();
    assert!(!memory.contains("\"A\""), "of a token its maker and model are remembered, not whose it is");
}

#[test]
fn a_damaged_memory_costs_test_signatures_and_nothing_else() {
    let world = World::new();
    std::fs::write(world.memory(), b"{\"version\":1,\"orders\":[{\"library").unwrap();
    signs(&*opened(&world.token(&in_order(gost(), (false, 3)))), gost());
    assert!(std::fs::read_to_string(world.memory()).unwrap().contains("SrLittle"));
}

#[test]
fn a_signature_that_does_not_fit_the_certificate_is_not_given_out() {
    // Zeros for every digest; a key that is not the certificate's.
    let world = World::new();
    let signer = opened(&world.token(&in_order(gost(), (false, 9))));
    assert_eq!(signer.sign(b"message"), Err(SignerError::WrongSignature));
    assert_eq!(StoreError::from(SignerError::WrongSignature).code(), TokenFault::WrongSignature.code());
    assert!(!world.memory().exists());
}

#[test]
fn a_token_that_digests_by_itself_gets_the_message() {
    let pair = pair(NewKey::Rsa2048);
    let mut one = token(1, "A", &pair);
    one["mechanisms"] = json!([numbers::SHA256_RSA_PKCS]);
    let world = World::new();
    let signer = opened(&world.token(&script(&[one])));
    signs(&*signer, &pair);
    assert!(matches!(signer.sign_digest(&[7; 32]), Err(SignerError::Unsupported(_))));
    // More than a pipe takes at once.
    assert!(signer.sign(&vec![7; 300_000]).is_ok());
    assert!(matches!(signer.sign(&vec![7; 2_000_000]), Err(SignerError::Unsupported(_))));
    signs(&*signer, &pair);
}

#[test]
fn a_key_without_its_mechanism_or_its_certificate_is_listed_and_does_not_sign() {
    let world = World::new();
    let mut one = token(1, "A", gost());
    one["mechanisms"] = json!([numbers::RSA_PKCS]);
    let refused = |unlocked: &dyn UnlockedStore| unlocked.signer(&unlocked.list()[0].id).err();
    let unlocked = world.token(&script(&[one])).unlock(&pin(PIN)).unwrap();
    assert!(matches!(refused(&*unlocked), Some(StoreError::CannotSign(CannotSign::Unsupported(_)))));

    let mut one = token(1, "A", gost());
    one["key"]["certificate"] = json!(null);
    let unlocked = world.token(&script(&[one])).unlock(&pin(PIN)).unwrap();
    assert!(matches!(refused(&*unlocked), Some(StoreError::CannotSign(CannotSign::NoCertificate))));

    // One CKA_ID does not make a pair.
    let mut one = token(1, "A", gost());
    one["key"]["certificate"] = json!(pair(NewKey::Gost512).certificate.der());
    let unlocked = world.token(&script(&[one])).unlock(&pin(PIN)).unwrap();
    assert!(matches!(refused(&*unlocked), Some(StoreError::CannotSign(CannotSign::NoCertificate))));
    assert_eq!(unlocked.certificates().len(), 1);
}
