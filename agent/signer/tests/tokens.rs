//! `tanba tokens`, as a person or a script runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(unix)]

mod desk;

use desk::{Desk, Run};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Command,
};

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
        assert!(run.err.contains("Others may write to the folder /") && !run.err.contains("chmod"), "{}", run.err);
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
    assert_eq!(fs::read_to_string(desk.path("config/tokens.toml")).unwrap(), text);
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
    assert!(!desk.path("config/tokens.toml").exists());
    desk.write("config/tokens.toml", format!("[[library]]\nvendor = \"Mine\"\npath = \"{FILE}\"\n").as_bytes());
    let list = desk.json(&["tokens", "list", "--json"]);
    let fault = list["faults"].as_array().unwrap().iter().find(|fault| fault["vendor"] == "Mine").unwrap();
    assert_eq!(fault["reason"], "token-library-unusable");
    assert_eq!(library(&desk, "Mine").unwrap()["state"], "found");
    let list = desk.run(&["tokens", "list"], "").ends_with(0).out;
    assert!(list.contains("Mine: ") && list.contains("— no tokens.") && list.contains("KAZTOKEN"), "{list}");
}

/// SoftHSM2 with tokens of its own.
struct SoftHsm {
    desk: Desk,
    library: &'static str,
}

const PIN: &str = "тест-1234";

impl SoftHsm {
    fn new() -> Option<Self> {
        let candidates =
            ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"];
        let library = candidates.into_iter().find(|path| Path::new(path).is_file());
        let has = |tool: &str| Command::new(tool).arg("--help").output().is_ok();
        let (Some(library), true, true) = (library, has("softhsm2-util"), has("pkcs11-tool")) else {
            println!("NOT RUN: SoftHSM (softhsm2) or pkcs11-tool (opensc) is not here");
            return None;
        };
        let desk = Desk::new();
        fs::create_dir(desk.path("softhsm")).unwrap();
        let configuration = format!("directories.tokendir = {}\n", desk.path("softhsm").display());
        desk.write("softhsm2.conf", configuration.as_bytes());
        Some(Self { desk, library })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"));
        command
    }

    fn does(&self, program: &str, arguments: &[&str]) {
        let output = self.command(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn tokens(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_tanba-signer"));
        command.arg("--data-dir").arg(self.desk.dir.path()).arg("tokens").args(arguments);
        Run::of(command.output().unwrap())
    }

    fn list(&self) -> Value {
        serde_json::from_str(&self.tokens(&["list", "--json"]).ends_with(0).out).unwrap()
    }
}

#[test]
fn a_library_is_added_listed_and_removed() {
    let Some(softhsm) = SoftHsm::new() else { return };
    let (desk, library) = (&softhsm.desk, softhsm.library);
    desk.write("config/tokens.toml", b"# Mine.\n");
    let added = softhsm.tokens(&["add", library, "--vendor", "kaztoken", "--storage", "AKKaztokenStore"]).ends_with(0);
    assert!(added.out.contains(&format!("KAZTOKEN: {library}")), "{}", added.out);
    let text = fs::read_to_string(desk.path("config/tokens.toml")).unwrap();
    assert!(text.starts_with("# Mine.\n") && text.contains("AKKaztokenStore"), "{text}");
    let list = softhsm.list();
    let same: Vec<_> =
        list["libraries"].as_array().unwrap().iter().filter(|one| one["path"] == real(library)).collect();
    assert_eq!(same.len(), 1, "however many files name it: {list}");
    assert_eq!((&same[0]["state"], &same[0]["vendor"]), (&json!("found"), &json!("KAZTOKEN")));
    let again = softhsm.tokens(&["add", &real(library)]).ends_with(1);
    assert!(again.err.contains("was added before"), "{}", again.err);
    let removed = softhsm.tokens(&["remove", library]).ends_with(0);
    assert!(removed.out.contains("stays where it is"), "{}", removed.out);
    assert_eq!(fs::read_to_string(desk.path("config/tokens.toml")).unwrap(), "# Mine.\n");
    assert!(Path::new(library).exists());
}

#[test]
fn what_is_plugged_in_is_listed_with_its_storage_its_pin_and_its_keys() {
    let Some(softhsm) = SoftHsm::new() else { return };
    let (desk, library) = (&softhsm.desk, softhsm.library);
    softhsm.tokens(&["add", library, "--vendor", "KAZTOKEN"]).ends_with(0);
    let of_ours = |list: &Value| -> Vec<Value> {
        let tokens = list["tokens"].as_array().unwrap().iter();
        tokens.filter(|token| token["vendor"] == "KAZTOKEN" && token["label"] == "Жұмыс").cloned().collect()
    };
    assert!(of_ours(&softhsm.list()).is_empty());
    softhsm
        .does("softhsm2-util", &["--init-token", "--free", "--label", "Жұмыс", "--so-pin", "12345678", "--pin", PIN]);
    let certificate = desk.write("person.cer", desk.nca.person().unwrap().certificate.der());
    let tool = |arguments: &[&str]| {
        let login = ["--module", library, "--token-label", "Жұмыс", "--login", "--pin", PIN];
        softhsm.does("pkcs11-tool", &[&login, arguments].concat());
    };
    tool(&["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--label", "work"]);
    tool(&["--write-object", &certificate, "--type", "cert", "--id", "02", "--label", "person"]);

    let list = softhsm.list();
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

    let shown = softhsm.tokens(&["list"]).ends_with(0).out;
    for said in
        ["Token: Жұмыс · KAZTOKEN", "For sites: AKKaztokenStore", "Key without a certificate: work", name, "TEST"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // A wrong PIN of another program is said before the person types one here.
    let wrong = ["--module", library, "--token-label", "Жұмыс", "--login", "--pin", "0000", "--list-objects"];
    assert!(!softhsm.command("pkcs11-tool").args(wrong).output().unwrap().status.success());
    if of_ours(&softhsm.list())[0]["pin"]["tries"] == "low" {
        let shown = softhsm.tokens(&["list"]).ends_with(0).out;
        assert!(shown.contains("fewer tries are left"), "{shown}");
    }
}
