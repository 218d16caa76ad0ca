//! `tanba tokens`, as a person or a script runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(unix)]

mod desk;

use desk::{Desk, NO_READERS, Run};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};
use test_token::softhsm::SoftHsm;

/// A file that root alone can write to and that is no library.
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
    for (vendor, way_on) in [
        ("KAZTOKEN", "the driver of Rutoken"),
        ("aKey", "Ask the maker"),
        ("Identity card of Kazakhstan", "Three wrong PINs block the card"),
    ] {
        let line =
            list.lines().find(|line| line.contains(&format!("known: {vendor}."))).unwrap_or_else(|| panic!("{list}"));
        assert!(line.contains(way_on) && line.contains("egov.kz"), "{list}");
    }
    assert!(list.contains("tanba tokens add LIBRARY --vendor NAME"), "{list}");
    let absent = &desk.json(&["tokens", "list", "--json"])["absent"];
    let kaztoken = absent.as_array().unwrap().iter().find(|absent| absent["vendor"] == "KAZTOKEN").unwrap();
    assert_eq!((&kaztoken["lookedAt"], &kaztoken["note"]), (&json!([]), &json!("No library is known.")));
    // What an administrator wrote is said as it stands.
    desk.knows_also("[[library]]\nvendor = \"Ours\"\nnote = \"Ask room 12.\"\n");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("known: Ours. Ask room 12."), "{list}");
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
        assert!(run.err.contains("Others may write to the folder /") && !run.err.contains("chmod"), "{}", run.err);
    }
    assert_eq!(desk.token_libraries(), NO_READERS);
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
    desk.knows_also(&text);
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
    desk.knows_also(&text);
    assert_eq!(library(&desk, "Mine").unwrap()["state"], "off");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("Switched off in") && list.contains("tokens.toml"), "{list}");
    let run = desk.run(&["tokens", "add", FILE, "--vendor", "Mine"], "").ends_with(1);
    assert!(run.err.contains("is switched off in"), "{}", run.err);
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
    assert_eq!(desk.token_libraries(), text);
}

#[test]
fn removing_what_was_never_added_says_how_to_switch_it_off() {
    let desk = Desk::new();
    let run = desk.run(&["tokens", "remove", FILE], "").ends_with(1);
    assert!(run.err.contains("[[library]]") && run.err.contains("off = true"), "{}", run.err);
}

#[test]
fn what_cannot_be_loaded_is_not_added_and_where_it_is_listed_the_rest_is_listed_too() {
    let desk = Desk::new();
    let run = desk.run(&["tokens", "add", FILE, "--vendor", "Mine"], "").ends_with(1);
    assert!(run.err.contains("no tokens. This is not a token's library"), "{}", run.err);
    assert_eq!(desk.token_libraries(), NO_READERS);
    desk.knows_also(&format!("[[library]]\nvendor = \"Mine\"\npath = \"{FILE}\"\n"));
    let list = desk.json(&["tokens", "list", "--json"]);
    let fault = list["faults"].as_array().unwrap().iter().find(|fault| fault["vendor"] == "Mine").unwrap();
    assert_eq!(fault["reason"], "token-library-unusable");
    assert_eq!(library(&desk, "Mine").unwrap()["state"], "found");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("Mine: ") && list.contains("— no tokens.") && list.contains("KAZTOKEN"), "{list}");
}

/// SoftHSM with tokens of its own, and a desk that can be told of it.
struct Soft {
    desk: Desk,
    softhsm: SoftHsm,
}

const PIN: &str = "тест-1234";

impl Soft {
    fn new() -> Option<Self> {
        Some(Self { softhsm: SoftHsm::find(PIN)?, desk: Desk::new() })
    }

    fn driver(&self) -> &str {
        self.softhsm.driver().to_str().unwrap()
    }

    fn tokens(&self, arguments: &[&str]) -> Run {
        let arguments = [&["tokens"], arguments].concat();
        self.desk.run_with(&[("SOFTHSM2_CONF", &self.softhsm.conf())], &arguments, "")
    }

    fn list(&self) -> Value {
        serde_json::from_str(&self.tokens(&["list", "--json"]).ends_with(0).out).unwrap()
    }
}

#[test]
fn a_library_is_added_listed_and_removed() {
    let Some(soft) = Soft::new() else { return };
    let (desk, library) = (&soft.desk, soft.driver());
    desk.knows_also("# Mine.\n");
    let before = desk.token_libraries();
    let added = soft.tokens(&["add", library, "--vendor", "kaztoken", "--storage", "AKKaztokenStore"]).ends_with(0);
    assert!(added.out.contains(&format!("KAZTOKEN: {library}")), "{}", added.out);
    let text = desk.token_libraries();
    assert!(text.starts_with(&before) && text.contains("AKKaztokenStore"), "{text}");
    let list = soft.list();
    let same: Vec<_> =
        list["libraries"].as_array().unwrap().iter().filter(|one| one["path"] == real(library)).collect();
    assert_eq!(same.len(), 1, "however many files name it: {list}");
    assert_eq!((&same[0]["state"], &same[0]["vendor"]), (&json!("found"), &json!("KAZTOKEN")));
    let again = soft.tokens(&["add", &real(library)]).ends_with(1);
    assert!(again.err.contains("was added before"), "{}", again.err);
    let removed = soft.tokens(&["remove", library]).ends_with(0);
    assert!(removed.out.contains("stays where it is"), "{}", removed.out);
    assert_eq!(desk.token_libraries(), before);
    assert!(Path::new(library).exists());
}

#[test]
fn what_is_plugged_in_is_listed_with_its_storage_its_pin_and_its_keys() {
    let Some(soft) = Soft::new() else { return };
    let (desk, library) = (&soft.desk, soft.driver());
    soft.tokens(&["add", library, "--vendor", "KAZTOKEN"]).ends_with(0);
    let of_ours = |list: &Value| -> Vec<Value> {
        let tokens = list["tokens"].as_array().unwrap().iter();
        tokens.filter(|token| token["vendor"] == "KAZTOKEN" && token["label"] == "Жұмыс").cloned().collect()
    };
    assert!(of_ours(&soft.list()).is_empty());
    soft.softhsm.add("Жұмыс");
    let certificate = desk.write("person.cer", desk.nca.person().unwrap().certificate.der());
    let tool = |arguments: &[&str]| soft.softhsm.tool("Жұмыс", arguments);
    tool(&["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--label", "work"]);
    tool(&["--write-object", &certificate, "--type", "cert", "--id", "02", "--label", "person"]);

    let list = soft.list();
    let tokens = of_ours(&list);
    assert_eq!(tokens.len(), 1, "{list}");
    let token = &tokens[0];
    assert_eq!((&token["storage"], &token["pin"]["set"]), (&json!("AKKaztokenStore"), &json!(true)));
    assert_eq!(token["pin"]["tries"], "unsaid");
    let keys = token["keys"].as_array().unwrap();
    let bare = keys.iter().find(|key| key["alias"] == "work").unwrap();
    assert_eq!(bare["certificate"], Value::Null);
    let person = keys.iter().find(|key| key["alias"] == "person").unwrap();
    assert_eq!(person["certificate"]["test"], true);
    let name = person["certificate"]["name"].as_str().unwrap();

    let shown = soft.tokens(&["list"]).ends_with(0).out;
    for said in
        ["Token: Жұмыс · KAZTOKEN", "For sites: AKKaztokenStore", "Key without a certificate: work", name, "TEST"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // A wrong PIN of another program is said before the person types one here.
    let wrong = ["--module", library, "--token-label", "Жұмыс", "--login", "--pin", "0000", "--list-objects"];
    assert!(!soft.softhsm.command("pkcs11-tool").args(wrong).output().unwrap().status.success());
    if of_ours(&soft.list())[0]["pin"]["tries"] == "low" {
        let shown = soft.tokens(&["list"]).ends_with(0).out;
        assert!(shown.contains("fewer tries are left"), "{shown}");
    }
}
