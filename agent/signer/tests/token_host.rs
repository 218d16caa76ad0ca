//! `tanba-signer token-host` as the signer starts it, with what is no library. Everything else about it is tested where it
//! is written, in `pkcs11`.

#![allow(clippy::unwrap_used, clippy::panic)]

use pkcs11::wire::{FaultKind, FromHost, read};
use std::process::{Command, Stdio};

#[test]
fn a_library_that_is_none_is_told_over_standard_output() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
        .args(["token-host", "/nowhere/libnone.so"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = child.stdout.take().unwrap();
    let Some(FromHost::Unusable(fault)) = read(&mut said).unwrap() else { panic!("usable") };
    assert_eq!(fault.kind, FaultKind::BadLibrary);
    assert!(read::<FromHost>(&mut said).unwrap().is_none());
    assert!(!child.wait().unwrap().success());
}

#[test]
fn nobody_is_told_of_a_command_that_is_not_for_people() {
    let help = Command::new(env!("CARGO_BIN_EXE_tanba-signer")).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("token-host"));
}
