//! SoftHSM: several tokens, RSA and EC keys from the first to the last day.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use pki::BareSigner;
use tanba_keystore::{
    Import, KeyStore, Listing, NewKey, StoreError,
    pkcs11::{Fleet, HostCommand, Limits, TokenFault, Tries},
};

use crate::{
    pairs::{certificate_for, pair},
    world::{PATIENCE, PIN, host, library, pin, token},
};

/// Where SoftHSM's library lies on the systems that have it.
const PLACES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];

struct SoftHsm {
    folder: tempfile::TempDir,
    library: PathBuf,
}

impl SoftHsm {
    /// With these tokens; `None`, with a line that says so, where it is not installed.
    fn new(labels: &[&str]) -> Option<Self> {
        let library = PLACES.into_iter().map(PathBuf::from).find(|path| path.is_file());
        let has = Command::new("softhsm2-util").arg("--help").stdout(Stdio::null()).status().is_ok();
        let (Some(library), true) = (library, has) else {
            println!("NOT RUN: SoftHSM (softhsm2) is not here");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens");
        fs::create_dir(&tokens).unwrap();
        let conf = format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display());
        fs::write(folder.path().join("softhsm2.conf"), conf).unwrap();
        let softhsm = Self { folder, library };
        for label in labels {
            let mut command = Command::new("softhsm2-util");
            command.env("SOFTHSM2_CONF", softhsm.conf()).stdout(Stdio::null());
            command.args(["--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", PIN]);
            assert!(command.status().unwrap().success());
        }
        Some(softhsm)
    }

    fn conf(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    fn fleet(&self) -> Fleet {
        let HostCommand { program, arguments } = host();
        let setting = format!("SOFTHSM2_CONF={}", self.conf().display());
        let arguments = [setting.into(), program.into_os_string()].into_iter().chain(arguments).collect();
        let host = HostCommand { program: "/usr/bin/env".into(), arguments };
        Fleet::with_limits(vec![library(&self.library)], host, None, Limits::default())
    }
}

#[test]
fn an_rsa_and_an_ec_key_are_made_certified_signed_with_and_removed() {
    let Some(softhsm) = SoftHsm::new(&["Work", "Жеке кілт"]) else { return };
    let fleet = softhsm.fleet();
    for (label, kind) in [("Work", NewKey::Rsa2048), ("Жеке кілт", NewKey::P256)] {
        let store = token(&fleet, label);
        assert_eq!(store.label(), label);
        assert!(matches!(store.list().unwrap(), Listing::Locked));
        let made = store.generate_kind(&pin(PIN), kind, "Tanba").unwrap();

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
    let Some(softhsm) = SoftHsm::new(&["Work"]) else { return };
    let store = token(&softhsm.fleet(), "Work");
    let refused = store.unlock(&pin("87654321")).err().unwrap();
    assert!(matches!(refused, StoreError::Token(TokenFault::WrongPin { tries: Tries::Low })), "{refused:?}");
    assert!(store.unlock(&pin(PIN)).is_ok());
}

#[test]
fn what_was_never_made_a_token_is_not_listed() {
    let Some(softhsm) = SoftHsm::new(&["Work"]) else { return };
    // SoftHSM always has one slot more, for the next token.
    let snapshot = softhsm.fleet().settled(PATIENCE);
    let labels: Vec<_> = snapshot.tokens.iter().map(|seen| seen.id.label.as_str()).collect();
    assert_eq!(labels, ["Work"]);
    assert!(snapshot.faults.is_empty());
}
