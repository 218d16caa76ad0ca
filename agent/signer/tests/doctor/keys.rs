//! The remembered keys.

use crate::clinic::{Clinic, Found};
use crate::desk::{now, typed};
use pki::Timestamp;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use test_nca::{Holding, Person};

/// Issues a key, writes its file into the home folder and has it remembered.
fn remember(clinic: &Clinic, name: &str, from: Timestamp, to: Timestamp) -> PathBuf {
    let issued = clinic.desk.nca.issue(&Holding::signing(Person::Citizen), from, to).unwrap();
    let file = clinic.at_home(name);
    fs::rename(clinic.desk.key("new.p12", &issued), &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let said = clinic.run(&["keys", "add", file.to_str().unwrap(), "--password-stdin"], &typed());
    assert_eq!(said.code, 0, "{}", said.err);
    file
}

fn for_days(clinic: &Clinic, name: &str, days: i64) -> PathBuf {
    remember(clinic, name, now().plus_days(-300), now().plus_days(days).plus_seconds(3600))
}

#[test]
fn a_key_that_is_ready_is_counted_and_none_is_a_note() {
    let clinic = Clinic::new();
    clinic.look().has("keys.none");
    for_days(&clinic, "a.p12", 200);
    let found = clinic.look();
    assert!(found.what("keys.ready").contains("until"));
    found.has_none("keys.none");
}

#[test]
fn a_key_file_that_is_gone_is_forgotten_only_when_that_is_named() {
    let clinic = Clinic::new();
    let file = for_days(&clinic, "a.p12", 200);
    fs::rename(&file, file.with_extension("away")).unwrap();
    clinic.look().has("keys.missing");
    let agent = clinic.start(&[]);
    // A stick that is not plugged in is no reason.
    let said = clinic.run(&["doctor", "--offline", "--fix", "--yes"], "");
    assert!(said.err.contains("tanba doctor --fix keys.missing"), "{}", said.err);
    drop(agent);
    clinic.settle("");
    fs::rename(file.with_extension("away"), &file).unwrap();
    clinic.look().has_none("keys.missing");
    fs::remove_file(&file).unwrap();
    clinic.mend("keys.missing").has_none("keys.missing");
    assert!(!clinic.run(&["keys", "list"], "").out.contains("a.p12"));
}

#[test]
fn of_several_findings_of_one_code_only_the_one_that_is_meant_is_mended() {
    let clinic = Clinic::new();
    let files = ["a.p12", "b.p12"].map(|name| for_days(&clinic, name, 200));
    files.iter().for_each(|file| fs::remove_file(file).unwrap());
    let found = clinic.look();
    let missing = found.all("keys.missing");
    assert_eq!(missing.len(), 2);
    let id = missing.iter().find(|one| one["what"].as_str().unwrap().contains("a.p12")).unwrap()["fix"]["id"].as_str();
    let mend =
        |id: &str| clinic.run(&["doctor", "--offline", "--json", "--fix", "keys.missing", "--only", id, "--yes"], "");
    assert_eq!(Found::of(&mend(id.unwrap())).all("keys.missing").len(), 1);
    assert!(clinic.run(&["keys", "list"], "").out.contains("b.p12"));
    // It is gone: what else has that code is not meant.
    for id in [id.unwrap(), "0123456789abcdef", ""] {
        let again = mend(id);
        assert!(again.err.contains("nothing was done"), "{}", again.err);
        assert_eq!(Found::of(&again).all("keys.missing").len(), 1);
    }
}

#[test]
fn a_key_file_that_others_can_read_is_closed() {
    let clinic = Clinic::new();
    let file = for_days(&clinic, "a.p12", 200);
    clinic.look().has_none("keys.open");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(clinic.look().what("keys.open").contains("a.p12"));
    clinic.mend("keys.open").has_none("keys.open");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_key_file_that_is_damaged_is_told_in_the_words_of_the_other_commands() {
    let clinic = Clinic::new();
    let file = for_days(&clinic, "a.p12", 200);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, b"<html>not a key</html>").unwrap();
    let words = clinic.look().what("keys.unreadable").to_owned();
    assert!(words.contains("a.p12") && words.len() > file.display().to_string().len() + 10, "{words}");
    fs::write(&file, whole).unwrap();
    clinic.look().has_none("keys.unreadable");
}

#[test]
fn a_key_that_ends_soon_or_has_ended_is_told_until_another_takes_its_place() {
    let clinic = Clinic::new();
    for_days(&clinic, "old.p12", 12);
    let found = clinic.look();
    assert_eq!(found.has("keys.ends-soon")["state"], "warning");
    found.has_none("keys.ready");
    for_days(&clinic, "new.p12", 300);
    let found = clinic.look();
    found.has_none("keys.ends-soon");
    found.has("keys.ready");

    let clinic = Clinic::new();
    for_days(&clinic, "ended.p12", -5);
    clinic.look().has("keys.ended");
    for_days(&clinic, "new.p12", 300);
    clinic.look().has_none("keys.ended");
}

#[test]
fn a_list_of_blocked_keys_that_cannot_be_read_is_what_keeps_everything_from_being_signed() {
    let clinic = Clinic::new();
    for_days(&clinic, "a.p12", 200);
    fs::write(clinic.desk.path("data/blocked.json"), "{").unwrap();
    let found = clinic.look();
    assert!(found.what("keys.lists").contains("blocked.json"));
    assert_eq!(found.code, 1);
    fs::rename(clinic.desk.path("data/blocked.json"), clinic.desk.path("data/blocked.old")).unwrap();
    clinic.look().has_none("keys.lists");
}
