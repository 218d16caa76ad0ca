//! Each way to go wrong is what it says. What ends a process is done in a child of ours.

use std::{
    env, fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use cryptoki_sys::*;
use pki::{DigestAlgorithm, SignatureAlgorithm};
use tanba_test_token::{Card, CardKey, Fault, How, Module, NewKey, PlacedModule};
use tempfile::TempDir;

use crate::{
    raw::{Raw, ulong},
    world::{CKM_GOSTR3410_512, READ, card, folder, logged_in, placed},
};

/// What a child is told: the library that it signs with.
const LIBRARY: &str = "TEST_TOKEN_LIBRARY";
/// What a child says when it came to the end.
const DONE: &str = "the child is done";

fn with_fault(folder: &TempDir, fault: Fault) -> PlacedModule {
    Module::new("library").card(card("card")).fault(fault).place(folder.path()).unwrap()
}

fn child(library: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "faults::a_child_signs_when_it_is_told_to", "--nocapture"]).env(LIBRARY, library);
    command
}

fn signs(library: &Path) -> Output {
    child(library).output().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// The child: without the variable, it is a test of nothing.
#[test]
fn a_child_signs_when_it_is_told_to() {
    let Some(library) = env::var_os(LIBRARY) else { return };
    let (raw, session, key) = logged_in(Path::new(&library));
    let signature = raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).unwrap();
    println!("{DONE}: {}", signature.len());
}

#[test]
fn a_library_may_abort_or_exit_in_the_middle_of_a_call() {
    let folder = folder();
    let module = with_fault(&folder, Fault::new("C_Sign", How::Abort));
    let came_to = signs(module.driver());
    assert!(!came_to.status.success() && came_to.status.code().is_none(), "{came_to:?}");
    assert!(!text(&came_to.stdout).contains(DONE));
    module.set_faults(&[Fault::new("C_Initialize", How::Exit { status: 7 })]).unwrap();
    assert_eq!(signs(module.driver()).status.code(), Some(7));
    module.set_faults(&[]).unwrap();
    let came_to = signs(module.driver());
    assert!(came_to.status.success() && text(&came_to.stdout).contains(DONE), "{came_to:?}");
}

#[test]
fn a_library_may_hang() {
    let folder = folder();
    let module = with_fault(&folder, Fault::new("C_Login", How::Sleep { seconds: 60 }));
    let mut running = child(module.driver()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(700));
    assert!(running.try_wait().unwrap().is_none(), "it still sleeps");
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn a_library_may_be_slow_and_right() {
    let folder = folder();
    let module = with_fault(&folder, Fault::new("C_Sign", How::Slow { milliseconds: 300 }));
    let (raw, session, key) = logged_in(module.driver());
    let began = Instant::now();
    assert_eq!(raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).unwrap().len(), 128);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_library_may_write_to_its_programs_outputs() {
    let folder = folder();
    let module = with_fault(&folder, Fault::new("C_FindObjectsInit", How::Noise { lines: 5 }));
    let came_to = signs(module.driver());
    assert!(came_to.status.success());
    for output in [&came_to.stdout, &came_to.stderr] {
        assert_eq!(text(output).matches("[test token] C_FindObjectsInit: line").count(), 5);
    }
}

#[test]
fn a_library_may_leak() {
    let folder = folder();
    let module = with_fault(&folder, Fault::new("C_GetTokenInfo", How::Leak { megabytes: 50 }));
    let raw = Raw::ready(module.driver());
    let before = resident();
    for _ in 0..2 {
        raw.token_info(0).unwrap();
    }
    assert!(resident() >= before + 90, "MiB: {before}, then {}", resident());
}

/// The memory of this process, in MiB (proc_pid_status(5)).
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[test]
fn a_library_may_fail_so_often_and_then_work_over_all_processes() {
    let folder = folder();
    let fault = Fault::new("C_Sign", How::Error { code: CKR_FUNCTION_FAILED }).after(1).times(2);
    let module = with_fault(&folder, fault.clone());
    let (raw, session, key) = logged_in(module.driver());
    let sign = || raw.sign(session, CKM_GOSTR3410_512, key, &[1; 64]).map(|signature| signature.len());
    assert_eq!(sign(), Ok(128));
    assert_eq!(sign(), Err(CKR_FUNCTION_FAILED));
    // A C_Sign that fails ends what C_SignInit began.
    raw.sign_init(session, CKM_GOSTR3410_512, key).unwrap();
    assert!(!signs(module.driver()).status.success(), "the second time is another process's");
    assert!(signs(module.driver()).status.success());
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).0, CKR_OK);
    module.set_faults(&[fault]).unwrap();
    assert_eq!([sign(), sign()], [Ok(128), Err(CKR_FUNCTION_FAILED)], "new faults are counted anew");
}

#[test]
fn garbage_has_the_right_shape_and_means_nothing() {
    let (folder, key) = (folder(), CardKey::generate(NewKey::Gost512).unwrap());
    let module = placed(&folder, Card::new("card").label("ours").key(key.clone()));
    let (raw, session, handle) = logged_in(module.driver());
    let garbage = |function: &str| module.set_faults(&[Fault::new(function, How::Garbage)]).unwrap();
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    garbage("C_Sign");
    let signature = raw.sign(session, CKM_GOSTR3410_512, handle, &digest).unwrap();
    assert_eq!(signature.len(), 128);
    assert!(key.public_key().verify(&digest, &signature, SignatureAlgorithm::Gost512).is_err());
    garbage("C_GetAttributeValue");
    let (code, length, value) = raw.attribute_with(session, handle, CKA_ID, Some(20));
    assert_eq!((code, length), (CKR_OK, 20));
    assert_ne!(value, key.public_key().key_identifier().unwrap());
    garbage("C_FindObjects");
    raw.find_init(session, &[(CKA_CLASS, &ulong(CKO_PRIVATE_KEY))]).unwrap();
    let (count, list) = raw.find_next(session, 10).unwrap();
    assert_eq!(count, 1);
    assert_eq!(raw.attribute(session, list[0], CKA_ID), Err(CKR_OBJECT_HANDLE_INVALID));
    garbage("C_GetTokenInfo");
    assert!(!raw.token_info(0).unwrap().label.starts_with(b"ours"));
    garbage("C_Logout");
    assert_eq!(raw.logout(session), Err(0x7B1D_5EED));
}

#[test]
fn absurd_lengths_and_counts_are_said_and_not_written() {
    const ABSURD: CK_ULONG = 0x00ff_ffff_ffff_fff0;
    let folder = folder();
    let module = placed(&folder, card("card"));
    let (raw, session, key) = logged_in(module.driver());
    let absurd = |function: &str| module.set_faults(&[Fault::new(function, How::Absurd)]).unwrap();
    absurd("C_Sign");
    raw.sign_init(session, CKM_GOSTR3410_512, key).unwrap();
    assert_eq!(raw.sign_with(session, &[1; 64], None).1, ABSURD);
    assert_eq!(raw.sign_with(session, &[1; 64], Some(128)).1, ABSURD);
    absurd("C_GetSlotList");
    assert_eq!(raw.slots(true, None).1, ABSURD);
    assert_eq!(raw.slots(true, Some(1)).1, ABSURD);
    absurd("C_GetAttributeValue");
    assert_eq!(raw.attribute_with(session, key, CKA_LABEL, None).1, ABSURD);
    absurd("C_FindObjects");
    raw.find_init(session, &[]).unwrap();
    assert_eq!(raw.find_next(session, 10).unwrap().0, ABSURD);
}

#[test]
fn a_cards_fault_is_its_own() {
    let folder = folder();
    let bad = card("bad").fault(Fault::new("*", How::Error { code: CKR_DEVICE_ERROR }));
    let module = Module::new("library").card(bad).card(card("good")).place(folder.path()).unwrap();
    let raw = Raw::ready(module.driver());
    assert_eq!(raw.slots(true, None).1, 2);
    assert_eq!(raw.token_info(0).unwrap_err(), CKR_DEVICE_ERROR);
    assert_eq!(raw.open(0, READ), Err(CKR_DEVICE_ERROR));
    assert!(raw.token_info(1).is_ok());
    assert!(raw.open(1, READ).is_ok());
}
