//! Hosts of libraries.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use pki::Signer;
use tanba_keystore::{
    KeyStore,
    pkcs11::{Fleet, HostCommand, Library, Limits, Token},
};

pub use crate::hosts::{PATIENCE, PIN, pin, wait_for};
use crate::pairs::Pair;

pub fn host() -> HostCommand {
    crate::hosts::host("library_host")
}

pub fn library(path: &Path) -> Library {
    Library { vendor: "Tests".to_owned(), path: path.to_owned(), rules: Vec::new() }
}

/// A fleet that waits for no answer longer than a second and a half.
pub fn fleet(libraries: &[PathBuf], memory: &Path) -> Fleet {
    let short = Duration::from_millis(1500);
    let limits =
        Limits { sign: short, log_in: short, pad: short, poll: Duration::from_millis(50), ..Limits::default() };
    let libraries = libraries.iter().map(|path| library(path)).collect();
    Fleet::with_limits(libraries, host(), Some(memory.join("orders.json")), limits)
}

/// The token that is called so.
pub fn token(fleet: &Fleet, label: &str) -> Token {
    let snapshot = fleet.settled(PATIENCE);
    let seen = snapshot.tokens.iter().find(|seen| seen.id.label == label);
    fleet.token(&seen.unwrap_or_else(|| panic!("{snapshot:?}")).id).unwrap()
}

/// The signer of the first key.
pub fn signer(store: &Token) -> Box<dyn Signer> {
    let unlocked = store.unlock(&pin(PIN)).unwrap();
    unlocked.signer(&unlocked.list()[0].id).unwrap()
}

/// Signs, and checks what comes as whoever gets it would.
pub fn signs(signer: &dyn Signer, pair: &Pair) {
    let message = "Құжат".as_bytes();
    let algorithm = signer.algorithm();
    let digest = algorithm.digest_algorithm().unwrap().digest(message);
    let signature = signer.sign(message).unwrap();
    pair.certificate.public_key().verify(&digest, &signature, algorithm).unwrap();
}
