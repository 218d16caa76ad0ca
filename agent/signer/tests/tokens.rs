//! `tanba tokens`, as a person or a script runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(unix)]

mod desk;

use desk::Desk;
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

/// A file that root alone can write to, in the place of a library: `add` and `list` read nothing of it.
const FILE: &str = "/bin/sh";

fn library(desk: &Desk, vendor: &str) -> Option<Value> {
    let list = desk.json(&["tokens", "list", "--json"]);
    list["libraries"].as_array().unwrap().iter().find(|library| library["vendor"] == vendor).cloned()
}

fn real(path: &str) -> String {
    fs::canonicalize(path).unwrap().to_str().unwrap().to_owned()
}

#[test]
fn vendors_without_a_known_library_are_named_with_what_to_do() {
    let desk = Desk::new();
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    let line = list.lines().find(|line| line.contains("KAZTOKEN")).unwrap();
    assert!(line.contains("aKey") && line.contains("Identity card"), "{list}");
    assert!(line.contains("tanba tokens add LIBRARY --vendor NAME"), "{list}");
    let absent = &desk.json(&["tokens", "list", "--json"])["absent"];
    let kaztoken = absent.as_array().unwrap().iter().find(|absent| absent["vendor"] == "KAZTOKEN").unwrap();
    assert_eq!(kaztoken["lookedAt"], json!([]));
}

#[test]
fn a_library_in_a_folder_that_others_may_write_to_is_not_added() {
    let desk = Desk::new();
    let open = desk.path("open");
    fs::create_dir(&open).unwrap();
    let file = desk.write("open/lib.so", b"");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let link = desk.path("link.so");
    symlink(&file, &link).unwrap();
    for library in [file.as_str(), link.to_str().unwrap()] {
        let run = desk.run(&["tokens", "add", library], "").ends_with(1);
        // The temporary folder is open to others itself, and stands above the one that was made here.
        assert!(run.err.contains("Others may write to /") && run.err.contains("chmod go-w"), "{}", run.err);
    }
    assert!(!desk.path("config/tokens.toml").exists());
}

#[test]
fn what_is_no_library_is_refused_with_its_own_words() {
    let desk = Desk::new();
    let run = desk.run(&["tokens", "add", "/opt/no/such/library.so"], "").ends_with(4);
    assert!(run.err.contains("Check the path"), "{}", run.err);
    let run = desk.run(&["tokens", "add", "/usr"], "").ends_with(1);
    assert!(run.err.contains("is not a file"), "{}", run.err);
    let run = desk.run(&["tokens", "add", FILE, "--storage", "PKCS12"], "").ends_with(2);
    assert!(run.err.contains("AKKaztokenStore"), "{}", run.err);
    desk.run(&["tokens"], "").ends_with(2);
}

#[test]
fn what_is_refused_later_is_listed_with_the_reason() {
    let desk = Desk::new();
    let file = desk.write("lib.so", b"");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let text = format!(
        "[[library]]\nvendor = \"Mine\"\npath = \"{file}\"\n[[library]]\nvendor = \"Gone\"\npath = \"/opt/gone.so\"\n"
    );
    desk.write("config/tokens.toml", text.as_bytes());
    let refused = library(&desk, "Mine").unwrap();
    assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("writable-by-others")));
    assert_eq!(refused["file"], desk.path("config/tokens.toml").to_str().unwrap());
    assert_eq!(library(&desk, "Gone").unwrap()["reason"], "missing");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("Not used: Mine") && list.contains("could exchange the library"), "{list}");
    assert!(list.contains("There is no file /opt/gone.so"), "{list}");
}

#[test]
fn a_library_is_switched_off_and_cannot_be_added_meanwhile() {
    let desk = Desk::new();
    let text =
        format!("[[library]]\nvendor = \"Mine\"\npath = \"{FILE}\"\n\n[[library]]\nvendor = \"mine\"\noff = true\n");
    desk.write("config/tokens.toml", text.as_bytes());
    assert_eq!(library(&desk, "Mine").unwrap()["state"], "off");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("Switched off in") && list.contains("tokens.toml"), "{list}");
    let run = desk.run(&["tokens", "add", FILE, "--vendor", "Mine"], "").ends_with(1);
    assert!(run.err.contains("switched off"), "{}", run.err);
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_line_and_nothing_is_written_over_it() {
    let desk = Desk::new();
    let text = "[[library]]\nvendor = \"x\"\nof = true\n";
    desk.write("config/tokens.toml", text.as_bytes());
    for command in [&["list"][..], &["add", FILE], &["remove", FILE]] {
        let run = desk.run(&[&["tokens"], command].concat(), "").ends_with(4);
        assert!(run.err.contains("tokens.toml, line 3:"), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(desk.path("config/tokens.toml")).unwrap(), text);
}

#[test]
fn removing_what_was_never_added_says_how_to_switch_it_off() {
    let desk = Desk::new();
    let run = desk.run(&["tokens", "remove", FILE], "").ends_with(1);
    assert!(run.err.contains("[[library]]") && run.err.contains("off = true"), "{}", run.err);
}

/// Adding a file that is a library, when there is one: SoftHSM2, which `installer/setup/needs.sh test` installs.
#[test]
fn a_library_is_added_listed_and_removed() {
    const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
    if !Path::new(SOFTHSM).exists() {
        eprintln!("NOT RUN: there is no {SOFTHSM} (installer/setup/needs.sh test)");
        return;
    }
    let desk = Desk::new();
    desk.write("config/tokens.toml", b"# Mine.\n");
    let added =
        desk.run(&["tokens", "add", SOFTHSM, "--vendor", "kaztoken", "--storage", "AKKaztokenStore"], "").ends_with(0);
    assert!(added.out.contains("KAZTOKEN: /usr/lib/softhsm"), "{}", added.out);
    let text = fs::read_to_string(desk.path("config/tokens.toml")).unwrap();
    assert!(text.starts_with("# Mine.\n") && text.contains("AKKaztokenStore"), "{text}");
    let found = library(&desk, "KAZTOKEN").unwrap();
    assert_eq!((&found["state"], &found["path"]), (&json!("found"), &json!(real(SOFTHSM))));
    let list = desk.json(&["tokens", "list", "--json"]);
    let same = list["libraries"].as_array().unwrap().iter().filter(|library| library["path"] == real(SOFTHSM));
    assert_eq!(same.count(), 1, "however many files name it: {list}");
    let again = desk.run(&["tokens", "add", &real(SOFTHSM)], "").ends_with(1);
    assert!(again.err.contains("was added before"), "{}", again.err);
    let removed = desk.run(&["tokens", "remove", SOFTHSM], "").ends_with(0);
    assert!(removed.out.contains("stays where it is"), "{}", removed.out);
    assert_eq!(fs::read_to_string(desk.path("config/tokens.toml")).unwrap(), "# Mine.\n");
    assert!(Path::new(SOFTHSM).exists());
}
