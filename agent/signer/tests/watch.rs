//! `tanba-signer watch`, as the listener starts it: without a screen, over a library of ours.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use keystore::pkcs11;
use order::{
    StorageName, TokenSeen,
    wire::{self, FromWatcher},
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use test_token::{Card, Fault, How, Module, PlacedModule};

/// What a busy machine may take for one word.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder into which nobody else can put a library, as temporary folders of the system are not.
fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Whether a library there would be loaded.
fn is_trusted(library: &Path) -> bool {
    let checked = pkcs11::check(library);
    if let Err(why) = &checked {
        println!("NOT RUN: libraries below this folder are not loaded: {why}");
    }
    checked.is_ok()
}

/// Has these libraries asked, as one vendor's, and no reader of this computer's own.
fn name(folder: &Path, libraries: &[&PlacedModule]) {
    let opensc_off = "[[library]]\nvendor = \"OpenSC\"\noff = true\n".to_owned();
    let entries = libraries
        .iter()
        .map(|library| {
            let path = library.driver().display();
            format!("[[library]]\nvendor = \"Test\"\npath = '{path}'\n[[library.token]]\nstorage = \"AKAKEYStore\"\n")
        })
        .fold(opensc_off, |all, one| all + &one);
    fs::create_dir_all(folder.join("data/config")).unwrap();
    fs::write(folder.join("data/config/tokens.toml"), entries).unwrap();
}

struct Watcher {
    child: Child,
    words: Receiver<FromWatcher>,
}

impl Watcher {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
            .args(["watch", "--data-dir"])
            .arg(folder.join("data"))
            // Neither a screen nor a session.
            .env_clear()
            .env("HOME", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let (says, words) = mpsc::channel();
        thread::spawn(move || {
            while let Ok(Some(word)) = wire::read(&mut output) {
                if says.send(word).is_err() {
                    break;
                }
            }
        });
        let watcher = Self { child, words };
        assert_eq!(watcher.next(), Some(FromWatcher::Ready { version: wire::VERSION }));
        watcher
    }

    /// Its next word; `None` where it says nothing more, or nothing for too long.
    fn next(&self) -> Option<FromWatcher> {
        self.words.recv_timeout(PATIENCE).ok()
    }

    /// What it says of our tokens: a library of this computer's own may have others.
    fn ours(&self) -> Vec<TokenSeen> {
        match self.next() {
            Some(FromWatcher::Tokens(tokens)) => {
                tokens.into_iter().filter(|token| token.label.starts_with("watched")).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Waits until this is what it sees.
    fn sees(&self, labels: &[&str]) -> Vec<TokenSeen> {
        let until = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < until, "{labels:?} are not what it sees");
            let seen = self.ours();
            let found: Vec<&str> = seen.iter().map(|token| token.label.as_str()).collect();
            if found == labels {
                return seen;
            }
        }
    }

    /// Ends its input, and waits until it has left.
    fn end(mut self) {
        drop(self.child.stdin.take());
        let until = Instant::now() + Duration::from_secs(20);
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > until => {
                    self.child.kill().unwrap();
                    panic!("it does not leave");
                }
                None => thread::sleep(Duration::from_millis(10)),
            }
        };
        assert!(status.success(), "{status}");
    }
}

#[test]
fn tokens_are_told_of_as_they_are_plugged_in_and_taken_out() {
    let folder = folder();
    let module = Module::new("watched")
        .card(Card::new("first").label("watched 1"))
        .card(Card::new("second").label("watched 2"))
        .place(folder.path())
        .unwrap();
    if !is_trusted(module.driver()) {
        return;
    }
    name(folder.path(), &[&module]);
    module.card(1).unwrap().unplug().unwrap();
    let watcher = Watcher::start(folder.path());
    let seen = watcher.sees(&["watched 1"]);
    assert_eq!(seen[0].storage, Some(StorageName::AKey));
    assert!(!seen[0].reader.is_empty());
    module.card(1).unwrap().plug().unwrap();
    watcher.sees(&["watched 1", "watched 2"]);
    module.card(0).unwrap().unplug().unwrap();
    watcher.sees(&["watched 2"]);
    watcher.end();
}

#[test]
fn a_library_that_crashes_or_hangs_keeps_no_other_from_being_told_of() {
    let folder = folder();
    let good = Module::new("good").card(Card::new("card").label("watched")).place(folder.path()).unwrap();
    if !is_trusted(good.driver()) {
        return;
    }
    let crashing = Module::new("crashing")
        .card(Card::new("crashing-card").label("watched by nobody"))
        .fault(Fault::new("C_GetSlotList", How::Abort))
        .place(folder.path())
        .unwrap();
    let hanging = Module::new("hanging")
        .card(Card::new("hanging-card").label("watched by nobody"))
        .fault(Fault::new("C_GetSlotList", How::Sleep { seconds: 3600 }))
        .place(folder.path())
        .unwrap();
    name(folder.path(), &[&crashing, &hanging, &good]);
    let watcher = Watcher::start(folder.path());
    watcher.sees(&["watched"]);
    watcher.end();
}

#[test]
fn nobody_is_told_of_a_command_that_is_not_for_people() {
    let help = Command::new(env!("CARGO_BIN_EXE_tanba-signer")).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("watch"));
}
