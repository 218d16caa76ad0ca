//! The key and file commands, as a person or a script runs them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, typed};
use std::fs;
use std::path::Path;

#[test]
fn a_key_is_added_listed_and_removed() {
    let desk = Desk::new();
    assert!(desk.run(&["keys", "list"], "").ends_with(0).out.contains("No keys yet"));
    let key = desk.person();
    let added = desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(added.out.contains("The password was not kept"), "{}", added.out);
    let list = desk.json(&["keys", "list", "--json"]);
    assert_eq!(list["files"][0]["path"], key.as_str());
    assert_eq!(list["files"][0]["present"], true);
    assert_eq!(list["files"][0]["keys"][0]["test"], true);
    assert!(desk.run(&["keys", "list"], "").ends_with(0).out.contains("TEST"));
    desk.run(&["keys", "remove", &key], "").ends_with(0);
    assert!(Path::new(&key).is_file(), "the file itself stays");
    desk.run(&["keys", "remove", &key], "").ends_with(1);
}

#[test]
fn a_wrong_password_has_a_code_of_its_own_and_adds_nothing() {
    let desk = Desk::new();
    let key = desk.person();
    let run = desk.run(&["keys", "add", &key, "--password-stdin"], "wrong\n").ends_with(3);
    assert!(run.err.contains("Wrong password"), "{}", run.err);
    assert_eq!(desk.json(&["keys", "list", "--json"])["files"], serde_json::json!([]));
}

#[test]
fn what_is_no_key_file_is_refused_before_a_password_is_asked() {
    let desk = Desk::new();
    let key = fs::read(desk.person()).unwrap();
    let letter = desk.write("letter.p12", "Құрметті әріптес".as_bytes());
    let cut = desk.write("cut.p12", &key[..key.len() / 2]);
    let missing = desk.path("missing.p12");
    for (file, said) in [
        (letter.as_str(), "not a key file"),
        (&cut, "breaks off"),
        (missing.to_str().unwrap(), "Check the path"),
        (desk.dir.path().to_str().unwrap(), "is a folder"),
    ] {
        let run = desk.run(&["keys", "add", file], "").ends_with(4);
        assert!(run.err.contains(said), "{file}: {}", run.err);
    }
}

#[test]
fn without_a_terminal_the_password_has_to_be_announced() {
    let desk = Desk::new();
    let run = desk.run(&["keys", "add", &desk.person()], &typed()).ends_with(2);
    assert!(run.err.contains("--password-stdin"), "{}", run.err);
}

#[test]
fn what_is_signed_verifies_attached_and_detached_in_every_format() {
    let desk = Desk::new();
    let key = desk.person();
    let file = desk.write("өтініш.txt", "Өтініш\n".as_bytes());
    for format in ["der", "pem", "base64"] {
        for detached in [false, true] {
            let out = desk.path(&format!("{format}-{detached}.cms")).to_str().unwrap().to_owned();
            let mut arguments = vec!["sign", &file, "--key", &key, "--password-stdin", "--format", format, "-o", &out];
            let mut verify = vec!["verify", &out];
            if detached {
                arguments.push("--detached");
                verify.extend(["--content", &file]);
            }
            let run = desk.run(&arguments, &typed()).ends_with(0);
            assert!(run.err.contains("TEST"), "{}", run.err);
            if detached {
                let alone = desk.run(&verify[..2], "").ends_with(5);
                assert!(alone.out.contains("not checked yet") && alone.out.contains("--content"), "{}", alone.out);
            }
            let run = desk.run(&verify, "").ends_with(0);
            assert!(run.out.contains("TEST: the signature holds"), "{}", run.out);
            verify.push("--json");
            let report = desk.json(&verify);
            assert_eq!(report["valid"], true);
            assert_eq!(report["attached"], !detached);
            assert_eq!(report["signers"][0]["problems"], serde_json::json!([]));
        }
    }
}

#[test]
fn the_signature_goes_beside_the_file_and_over_nothing() {
    let desk = Desk::new();
    let key = desk.person();
    let file = desk.write("contract.txt", b"pay 100");
    let arguments = ["sign", &file, "--key", &key, "--password-stdin"];
    desk.run(&arguments, &typed()).ends_with(0);
    assert!(desk.path("contract.txt.cms").is_file());
    let again = desk.run(&arguments, &typed()).ends_with(1);
    assert!(again.err.contains("--force"), "{}", again.err);
    desk.run(&[&arguments[..], &["--force"]].concat(), &typed()).ends_with(0);
}

#[test]
fn an_expired_key_signs_only_when_told_to() {
    let desk = Desk::new();
    let key = desk.key("expired.p12", &desk.nca.expired().unwrap());
    let file = desk.write("a.txt", b"a");
    let arguments = ["sign", &file, "--key", &key, "--password-stdin"];
    let run = desk.run(&arguments, &typed()).ends_with(1);
    assert!(run.err.contains("expired on"), "{}", run.err);
    desk.run(&[&arguments[..], &["--allow-expired"]].concat(), &typed()).ends_with(0);
    let report = desk.json(&["verify", &format!("{file}.cms"), "--json"]);
    assert_eq!(report["valid"], false);
    assert_eq!(report["signers"][0]["problems"][0]["code"], "certificate-not-valid");
}

#[test]
fn a_test_key_signs_nothing_outside_the_test_environment() {
    let desk = Desk::new();
    let key = desk.person();
    let file = desk.write("a.txt", b"pay 100");
    desk.set_test_environment(false);
    let run = desk.run(&["sign", &file, "--key", &key, "--password-stdin"], &typed()).ends_with(1);
    assert!(run.err.contains("test environment is off") && run.err.contains("settings.toml"), "{}", run.err);
    assert!(!std::path::Path::new(&format!("{file}.cms")).exists());
}

#[test]
fn a_test_key_asks_for_no_successor_outside_the_test_environment() {
    let desk = Desk::new();
    let (key, new) = (desk.person(), desk.path("new.p12"));
    desk.set_test_environment(false);
    let renew = ["keys", "renew", &key, "--out", new.to_str().unwrap(), "--password-stdin"];
    let run = desk.run(&renew, &format!("{}{}", typed(), typed())).ends_with(1);
    assert!(run.err.contains("test environment is off"), "{}", run.err);
    assert!(!new.exists() && !desk.path("new.renewal.cms").exists());
}

#[test]
fn a_lost_test_key_is_blocked_and_signs_no_request_outside_the_test_environment() {
    let desk = Desk::new();
    let (key, out) = (desk.person(), desk.path("revoke.cms"));
    desk.set_test_environment(false);
    let lost = ["keys", "lost", &key, "--request", out.to_str().unwrap(), "--password-stdin"];
    let run = desk.run(&lost, &typed()).ends_with(1);
    assert!(run.out.contains("Blocked") && run.err.contains("test environment is off"), "{}{}", run.out, run.err);
    assert!(!out.exists());
}

#[test]
fn a_changed_document_is_told_from_an_unknown_signer() {
    let desk = Desk::new();
    let key = desk.person();
    let file = desk.write("a.txt", b"pay 100");
    desk.run(&["sign", &file, "--key", &key, "--password-stdin", "--detached"], &typed()).ends_with(0);
    let other = desk.write("b.txt", b"pay 900");
    let run = desk.run(&["verify", &format!("{file}.cms"), "--content", &other], "").ends_with(1);
    assert!(run.out.contains("NOT accepted") && run.out.contains("the document was changed"), "{}", run.out);
    desk.set_test_environment(false);
    let run = desk.run(&["verify", &format!("{file}.cms"), "--content", &file, "--offline"], "").ends_with(1);
    assert!(run.out.contains("test environment is off"), "{}", run.out);
    assert!(run.out.contains("Revocation was not checked"), "{}", run.out);
}

#[test]
fn what_is_no_signature_is_unreadable() {
    let desk = Desk::new();
    let file = desk.write("a.txt", b"hello");
    desk.run(&["verify", &file], "").ends_with(4);
    desk.run(&["inspect", &file], "").ends_with(4);
    desk.run(&["verify", desk.path("missing").to_str().unwrap()], "").ends_with(4);
}

#[test]
fn inspect_says_what_a_certificate_and_a_key_file_hold() {
    let desk = Desk::new();
    let head = desk.nca.head().unwrap();
    let certificate = desk.write("head.cer", head.certificate.der());
    let report = desk.json(&["inspect", &certificate, "--json"]);
    assert_eq!(report["kind"], "certificate");
    assert_eq!(report["certificate"]["issuedBy"], "test");
    assert_eq!(report["certificate"]["algorithm"], "ECGOST3410-2015-512");
    let run = desk.run(&["inspect", &certificate], "").ends_with(0);
    assert!(run.out.contains("BIN: "), "{}", run.out);
    let key = desk.key("head.p12", &head);
    let run = desk.run(&["inspect", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(run.out.contains("Key file with 1 key"), "{}", run.out);
    desk.run(&["inspect", &key, "--password-stdin"], "wrong\n").ends_with(3);
}

#[test]
fn the_demo_key_is_made_once_turns_the_test_environment_on_and_signs() {
    let desk = Desk::new();
    let own = "# For the office.\nlanguage = \"en\"\n\ntest_environment = false # not yet\n";
    fs::write(desk.path("config/settings.toml"), own).unwrap();
    let made = desk.run(&["keys", "demo"], "").ends_with(0);
    assert!(made.out.contains("TEST"), "{}", made.out);
    let settings = fs::read_to_string(desk.path("config/settings.toml")).unwrap();
    assert_eq!(settings, own.replace("false", "true"), "nothing else is written into the person's file");
    let key = desk.path("data/demo/TANBA-DEMO-TEST.p12");
    let before = fs::read(&key).unwrap();
    assert!(desk.run(&["keys", "demo"], "").ends_with(0).out.contains("there already"));
    assert_eq!(fs::read(&key).unwrap(), before, "the demo key is not made anew");
    let file = desk.write("a.txt", b"a");
    desk.run(&["sign", &file, "--key", key.to_str().unwrap(), "--password-stdin"], "Tanba-2026\n").ends_with(0);
    desk.run(&["verify", &format!("{file}.cms")], "").ends_with(0);
}

#[test]
fn keys_and_lists_are_for_their_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.run(&["keys", "demo"], "").ends_with(0);
    for file in ["data/demo/TANBA-DEMO-TEST.p12", "data/keys.json"] {
        assert_eq!(fs::metadata(desk.path(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_name_in_a_file_cannot_rewrite_the_terminal() {
    let desk = Desk::new();
    let key = desk.person();
    let file = desk.write("bill\u{1b}[2J\u{202e}.txt", b"a");
    let run = desk.run(&["sign", &file, "--key", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(run.err.contains("bill‹U+001B›[2J‹U+202E›.txt.cms"), "{}", run.err);
    assert!(!run.err.contains('\u{1b}'));
}

#[test]
fn help_and_the_wrong_command_line_say_what_to_do() {
    let desk = Desk::new();
    for command in
        [&["--help"][..], &["keys", "--help"], &["sign", "--help"], &["verify", "--help"], &["inspect", "--help"]]
    {
        assert!(desk.run(command, "").ends_with(0).out.contains("Usage: tanba"), "{command:?}");
    }
    desk.run(&["sing"], "").ends_with(2);
    desk.run(&["sign", "a.txt"], "").ends_with(2);
}
