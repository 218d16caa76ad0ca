//! Libraries of tokens and readers.

use crate::clinic::{Clinic, Found};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use test_token::softhsm::SoftHsm;

/// A file that root alone can write to and that is no library.
const FILE: &str = "/bin/sh";

/// No library of this computer's is asked.
fn none(clinic: &Clinic) {
    let mut text = crate::desk::NO_READERS.to_owned();
    for vendor in installed(clinic) {
        text.push_str(&format!("[[library]]\nvendor = \"{vendor}\"\noff = true\n"));
    }
    clinic.desk.write("config/tokens.toml", text.as_bytes());
}

fn installed(clinic: &Clinic) -> Vec<String> {
    let list = clinic.run(&["tokens", "list", "--json"], "").out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let libraries = list["libraries"].as_array().unwrap();
    libraries.iter().map(|library| library["vendor"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_library_is_no_fault() {
    let clinic = Clinic::new();
    none(&clinic);
    assert_eq!(clinic.look().has("tokens.none")["state"], "good");
}

#[test]
fn a_library_that_cannot_be_loaded_is_named_with_its_reason() {
    let clinic = Clinic::new();
    none(&clinic);
    clinic.desk.knows_also(&format!("[[library]]\nvendor = \"Ours\"\npath = \"{FILE}\"\n"));
    let found = clinic.look();
    let words = found.what("tokens.fault");
    assert!(
        words.contains("Ours") && words.contains(&fs::canonicalize(FILE).unwrap().display().to_string()),
        "{words}"
    );
    assert_eq!(found.has("tokens.fault")["state"], "warning", "a key in a file signs all the same");
    none(&clinic);
    clinic.look().has_none("tokens.fault");
}

#[test]
fn a_library_that_others_could_have_put_there_is_not_loaded_and_said_so() {
    let clinic = Clinic::new();
    none(&clinic);
    let open = clinic.desk.path("open");
    fs::create_dir(&open).unwrap();
    let library = clinic.desk.write("open/lib.so", b"");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    clinic.desk.knows_also(&format!("[[library]]\nvendor = \"Ours\"\npath = \"{library}\"\n"));
    assert!(clinic.look().what("tokens.refused").contains("Ours"));
    none(&clinic);
    clinic.look().has_none("tokens.refused");
}

#[test]
fn a_list_of_libraries_that_is_wrong_is_told_with_its_line() {
    let clinic = Clinic::new();
    clinic.desk.write("config/tokens.toml", b"[[library]]\nvendor = 7\n");
    let found = clinic.look();
    let words = found.what("tokens.file");
    assert!(words.contains("tokens.toml") && words.contains("line 2"), "{words}");
    // What the reader of such files says of it is for whoever helps.
    let cause = found.has("tokens.file")["cause"].as_str().unwrap();
    assert!(cause.contains("string") && !words.contains("string"), "{cause}");
    clinic.desk.write("config/tokens.toml", b"");
    clinic.look().has_none("tokens.file");
}

#[test]
fn a_library_without_the_service_for_readers_is_told_what_to_start() {
    let Some(hsm) = SoftHsm::find("1234") else { return };
    let clinic = Clinic::new();
    // The one of this computer is switched off by whose name it is found under; this one is another's.
    none(&clinic);
    let off = clinic.desk.token_libraries();
    let others = off.split("[[library]]").filter(|entry| !entry.to_lowercase().contains("softhsm"));
    clinic.desk.write("config/tokens.toml", others.collect::<Vec<_>>().join("[[library]]").as_bytes());
    clinic.desk.knows_also(&format!("[[library]]\nvendor = \"Ours\"\npath = \"{}\"\n", hsm.driver().display()));
    let socket = clinic.desk.path("pcscd.comm");
    let look = || {
        let mut command = clinic.command(&["doctor", "--offline", "--json"]);
        command.env("PCSCLITE_CSOCK_NAME", &socket).env("SOFTHSM2_CONF", hsm.conf());
        Found::of(&Clinic::finish(command, ""))
    };
    let found = look();
    assert!(found.has("tokens.readers")["next"].as_str().unwrap().contains("pcscd.socket"));
    found.has("tokens.fine");
    let _service = UnixListener::bind(&socket).unwrap();
    look().has_none("tokens.readers");
}
