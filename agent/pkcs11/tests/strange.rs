//! A token host with what is no library, or no good one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use pkcs11::wire::{self, FaultKind, FromHost, Reply, Request, TokenId};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use test_token::softhsm::run;
use world::{Host, fault};

fn unusable(library: &Path) -> (FaultKind, u64) {
    let mut host = Host::of(library);
    let FromHost::Unusable(fault) = host.hears() else { panic!("usable") };
    assert!(host.is_silent());
    assert!(!host.child.wait().unwrap().success());
    (fault.kind, fault.code)
}

#[test]
fn what_is_no_library_is_told_and_ends_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.so");
    std::fs::write(&text, "no library").unwrap();
    let names = ["/nowhere/libnone.so", "libnone.so", "", "/", "/dev/zero"];
    for path in names.map(Path::new).into_iter().chain([text.as_path(), folder.path()]) {
        assert_eq!(unusable(path), (FaultKind::BadLibrary, 0), "{path:?}");
    }
}

#[test]
fn a_library_for_something_else_is_told() {
    // Any that is loaded here: the C library itself.
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let library = maps.lines().filter_map(|line| line.split_whitespace().nth(5)).find(|path| path.contains("libc.so"));
    let Some(library) = library else { return println!("NOT RUN: this system does not say what it loaded") };
    assert_eq!(unusable(Path::new(library)), (FaultKind::BadLibrary, 0));
}

#[test]
fn opensc_without_a_reader_loads_and_has_no_token() {
    let places = ["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib64/opensc-pkcs11.so"];
    let Some(library) = places.map(Path::new).into_iter().find(|path| path.is_file()) else {
        return println!("NOT RUN: OpenSC (opensc-pkcs11) is not here");
    };
    let mut host = Host::of(library);
    let FromHost::Ready { manufacturer, .. } = host.hears() else { panic!("unusable") };
    assert!(manufacturer.contains("OpenSC"), "{manufacturer}");
    // With a reader that somebody has there may be slots; what matters is that they are told, also while it waits for
    // slot events beside.
    for _ in 0..3 {
        assert!(matches!(host.asks(Request::Slots), Reply::Slots(_)));
        std::thread::sleep(Duration::from_millis(200));
    }
    host.ends();
}

/// A library of `hostile.c` with one of its vices; `None`, with a line that says so, where nothing compiles C.
fn hostile(folder: &Path, vice: &str) -> Option<PathBuf> {
    if Command::new("cc").arg("--version").output().is_err() {
        println!("NOT RUN: no C compiler (cc) is here");
        return None;
    }
    let library = folder.join(format!("{vice}.so"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile.c");
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(format!("-D{vice}")).arg(source));
    Some(library)
}

fn hostile_host(vice: &str) -> Option<(tempfile::TempDir, Host)> {
    let folder = tempfile::tempdir().unwrap();
    let mut host = Host::of(&hostile(folder.path(), vice)?);
    assert!(matches!(host.hears(), FromHost::Ready { .. }), "{vice}");
    Some((folder, host))
}

fn token() -> TokenId {
    let (manufacturer, model) = ("Hostile".to_owned(), "Model".to_owned());
    TokenId { manufacturer, model, serial: "1".to_owned(), label: "Label".to_owned() }
}

fn sign() -> Request {
    let (key, data) = (b"1".to_vec().into(), vec![1; 32].into());
    Request::Sign { slot: 1, token: token(), key, mechanism: 1, data, pin: false }
}

#[test]
fn what_a_library_prints_does_not_get_between_the_answers() {
    let Some((_folder, mut host)) = hostile_host("PRINTS") else { return };
    for _ in 0..3 {
        let Reply::Slots(slots) = host.asks(Request::Slots) else { panic!("no slots") };
        assert_eq!(slots[0].token.as_ref().unwrap().id, token());
    }
}

#[test]
fn a_library_that_gives_no_functions_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for vice in ["NO_LIST", "NO_INITIALIZE", "REFUSES", "ANCIENT", "NO_INTERFACE_LIST", "ANCIENT_INTERFACE"] {
        let Some(library) = hostile(folder.path(), vice) else { return };
        let mut host = Host::of(&library);
        let FromHost::Unusable(fault) = host.hears() else { panic!("{vice} is usable") };
        assert_eq!(fault.kind, FaultKind::BadLibrary, "{vice}");
    }
}

#[test]
fn a_library_that_takes_no_arguments_is_initialised_without() {
    let Some((_folder, mut host)) = hostile_host("NO_ARGUMENTS") else { return };
    assert!(matches!(host.asks(Request::Slots), Reply::Slots(_)));
}

#[test]
fn counts_and_lengths_that_no_buffer_has_are_a_bad_library_and_no_crash() {
    let Some((_folder, mut host)) = hostile_host("LIES") else { return };
    for request in [Request::Slots, Request::Keys { slot: 1 }, sign()] {
        assert_eq!(fault(host.asks(request.clone())).kind, FaultKind::BadLibrary, "{request:?}");
    }
}

#[test]
fn objects_without_end_are_listed_up_to_the_limit() {
    let Some((_folder, mut host)) = hostile_host("ENDLESS") else { return };
    assert_eq!(host.keys(1).len(), wire::MOST_KEYS);
}

#[test]
fn slot_events_without_end_are_told_a_few_times_a_second() {
    let Some((_folder, mut host)) = hostile_host("EVENTS") else { return };
    // Whatever was asked before: they are waited for once the slots were asked for.
    host.keys(1);
    host.slots();
    let begin = Instant::now();
    for _ in 0..3 {
        assert_eq!(host.hears(), FromHost::SlotsChanged);
    }
    assert!(begin.elapsed() > Duration::from_millis(400));
    assert!(matches!(host.asks(Request::Slots), Reply::Slots(_)));
}

#[test]
fn a_call_that_hangs_does_not_keep_the_process_alive() {
    for vice in ["HANGS", "HANGS_AT_END"] {
        let Some((_folder, mut host)) = hostile_host(vice) else { return };
        if vice == "HANGS" {
            wire::write(&wire::Asked { number: 1, request: sign() }, host.to.as_mut().unwrap()).unwrap();
            std::thread::sleep(Duration::from_millis(100));
        } else {
            host.slots();
        }
        host.ends();
    }
}

#[test]
fn a_pin_is_given_once_and_not_to_another_token() {
    let Some((_folder, mut host)) = hostile_host("COUNTS_LOGINS") else { return };
    let other = TokenId { serial: "2".to_owned(), ..token() };
    assert_eq!(fault(host.logs_in(1, &other, "1234")).kind, FaultKind::TokenGone);
    // This library's answer to a login is how many there were.
    for turn in 1..=2 {
        let fault = fault(host.logs_in(1, &token(), "1234"));
        assert_eq!((fault.kind, fault.code), (FaultKind::Other, 0x8000_0000 + turn));
    }
}

#[test]
fn a_token_that_is_exchanged_while_a_session_opens_gets_neither_digest_nor_pin() {
    let Some((_folder, mut host)) = hostile_host("CHANGES") else { return };
    let Request::Sign { slot, token, key, mechanism, data, .. } = sign() else { return };
    let id = u64::to_ne_bytes(1).to_vec().into();
    assert_ne!(key, id);
    let sign = Request::Sign { slot, token, key: id, mechanism, data, pin: true };
    // This library's answer to a login is how many there were: this is none.
    let fault = fault(host.asks_with(sign, &["1234"]));
    assert_eq!((fault.kind, fault.code), (FaultKind::TokenGone, 0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_gets_no_memory_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let Some(library) = hostile(folder.path(), "EATS") else { return };
    let mut host = Host::of(&library);
    let FromHost::Ready { library_version: (pieces, _), .. } = host.hears() else { panic!("it went down with it") };
    assert!((16..=64).contains(&pieces), "{pieces} times 16 MiB");
    assert!(matches!(host.asks(Request::Slots), Reply::Slots(_)));
}

#[test]
fn a_request_that_is_none_ends_the_conversation() {
    let Some((_folder, mut host)) = hostile_host("PRINTS") else { return };
    let to = host.to.as_mut().unwrap();
    to.write_all(b"\0\0\0\x04abcd").unwrap();
    assert!(host.is_silent());
    assert!(!host.child.wait().unwrap().success());
}
