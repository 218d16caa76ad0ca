//! SoftHSM: several tokens, RSA and EC keys from the first to the last day.

use pki::BareSigner;
use tanba_keystore::{
    Import, KeyStore, Listing, NewKey, StoreError,
    pkcs11::{Fleet, HostCommand, Limits, TokenFault, Tries},
};
use test_token::softhsm::SoftHsm;

use crate::{
    pairs::{certificate_for, pair},
    world::{PATIENCE, PIN, host, library, pin, token},
};

/// SoftHSM with these tokens.
fn with(labels: &[&str]) -> Option<SoftHsm> {
    let softhsm = SoftHsm::find(PIN)?;
    labels.iter().for_each(|label| softhsm.add(label));
    Some(softhsm)
}

fn fleet(softhsm: &SoftHsm) -> Fleet {
    let HostCommand { program, arguments } = host();
    let setting = format!("SOFTHSM2_CONF={}", softhsm.conf().display());
    let arguments = [setting.into(), program.into_os_string()].into_iter().chain(arguments).collect();
    let host = HostCommand { program: "/usr/bin/env".into(), arguments };
    Fleet::with_limits(vec![library(softhsm.driver())], host, None, Limits::default())
}

#[test]
fn an_rsa_and_an_ec_key_are_made_certified_signed_with_and_removed() {
    let Some(softhsm) = with(&["Work", "Жеке кілт"]) else { return };
    let fleet = fleet(&softhsm);
    for (label, kind) in [("Work", NewKey::Rsa2048), ("Жеке кілт", NewKey::P256)] {
        let store = token(&fleet, label);
        assert_eq!(store.label(), label);
        assert!(matches!(store.list().unwrap(), Listing::Locked));
        let made = store.generate(&pin(PIN), kind, "Tanba").unwrap();

        let unlocked = store.unlock(&pin(PIN)).unwrap();
        let requester = unlocked.requester(&made.id).unwrap();
        let algorithm = requester.algorithm();
        let signature = BareSigner::sign(&*requester, b"request").unwrap();
        let digest = algorithm.digest_algorithm().unwrap().digest(b"request");
        made.public_key.verify(&digest, &signature, algorithm).unwrap();
        drop((requester, unlocked));

        let stranger = pair(kind).certificate;
        assert!(matches!(store.import(&pin(PIN), Import::Certificate(&stranger)), Err(StoreError::NoSuchKey)));
        let certificate = certificate_for(&made.public_key);
        assert_eq!(store.import(&pin(PIN), Import::Certificate(&certificate)).unwrap(), made.id);
        crate::world::wait_for("the certificate in the snapshot", || {
            let seen = fleet.snapshot().tokens.into_iter().find(|seen| seen.id.label == label);
            seen.is_some_and(|seen| seen.keys.iter().any(|key| key.certificate.as_ref() == Some(&certificate)))
        });

        let unlocked = store.unlock(&pin(PIN)).unwrap();
        let signer = unlocked.signer(&made.id).unwrap();
        assert_eq!(signer.certificate(), &certificate);
        let signature = signer.sign(b"document").unwrap();
        let digest = algorithm.digest_algorithm().unwrap().digest(b"document");
        certificate.public_key().verify(&digest, &signature, algorithm).unwrap();
        drop((signer, unlocked));

        store.remove(&pin(PIN), &made.id).unwrap();
        assert!(store.unlock(&pin(PIN)).unwrap().list().is_empty());
    }
}

#[test]
fn a_wrong_pin_is_told_with_what_the_token_then_says() {
    let Some(softhsm) = with(&["Work"]) else { return };
    let store = token(&fleet(&softhsm), "Work");
    let refused = store.unlock(&pin("87654321")).err().unwrap();
    assert!(matches!(refused, StoreError::Token(TokenFault::WrongPin { tries: Tries::Low })), "{refused:?}");
    assert!(store.unlock(&pin(PIN)).is_ok());
}

#[test]
fn what_was_never_made_a_token_is_not_listed() {
    let Some(softhsm) = with(&["Work"]) else { return };
    // SoftHSM always has one slot more, for the next token.
    let snapshot = fleet(&softhsm).settled(PATIENCE);
    let labels: Vec<_> = snapshot.tokens.iter().map(|seen| seen.id.label.as_str()).collect();
    assert_eq!(labels, ["Work"]);
    assert!(snapshot.faults.is_empty());
}
