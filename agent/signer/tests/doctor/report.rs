//! What is printed, for a person, for others, and for scripts.

use crate::clinic::{Clinic, Found};
use crate::desk::{now, typed};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use test_nca::{Holding, Person};

/// A clinic with a person's key, which others can read, under a telling name.
fn with_a_person() -> (Clinic, String) {
    let clinic = Clinic::new();
    let to = now().plus_days(12);
    let issued = clinic.desk.nca.issue(&Holding::signing(Person::Citizen), now().plus_days(-300), to).unwrap();
    let name = issued.certificate.holder().name.clone();
    let file = clinic.at_home("Сейф/IVANOV_850101300123.p12");
    fs::rename(clinic.desk.key("new.p12", &issued), &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    clinic.run(&["keys", "add", file.to_str().unwrap(), "--password-stdin"], &typed());
    (clinic, name)
}

#[test]
fn a_person_reads_what_it_is_why_it_matters_and_what_to_do() {
    let (clinic, name) = with_a_person();
    let said = clinic.run(&["doctor", "--offline"], "");
    assert_eq!(said.code, 1);
    for part in [
        "✗ Port of this computer: Nobody listens",
        "Sites look for a signing program at one port only",
        "→ Start Tanba: `tanba run`",
        "tanba doctor --fix port.nobody",
        "! Key: ",
        &name,
        "IVANOV_850101300123.p12",
        "Faults found: ",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    // On no terminal nothing is drawn.
    assert!(!said.err.contains('\u{1b}'), "{}", said.err);
    for (language, word) in [("kk", "Кілт"), ("ru", "Ключ")] {
        let text = format!("language = \"{language}\"\ntest_environment = true\nport = {}\n", clinic.port);
        fs::write(clinic.desk.path("config/settings.toml"), text).unwrap();
        let said = clinic.run(&["doctor", "--offline"], "");
        assert!(said.out.contains(word), "{}", said.out);
        assert!(!said.out.contains("doctor-") && !said.out.contains("check-"), "{}", said.out);
    }
}

#[test]
fn the_report_for_others_names_no_person_no_number_and_no_place_at_home() {
    let (clinic, name) = with_a_person();
    let said = clinic.run(&["doctor", "--offline", "--report"], "");
    assert_eq!(said.code, 1);
    for code in ["[port.nobody]", "[keys.open]", "[keys.ends-soon]"] {
        assert!(said.out.contains(code), "{}", said.out);
    }
    assert!(said.out.contains("….p12") && said.out.contains(env!("CARGO_PKG_VERSION")), "{}", said.out);
    let home = clinic.home().display().to_string();
    for secret in [name.as_str(), "IVANOV", "850101300123", "Сейф", home.as_str()] {
        assert!(!said.out.contains(secret), "{secret}: {}", said.out);
    }
    // What lies at home is named from there.
    fs::create_dir_all(clinic.at_home(".mozilla/native-messaging-hosts/x")).unwrap();
    fs::write(clinic.at_home(".mozilla/native-messaging-hosts/x.json"), "{\"path\": \"/no/tanba\"}").unwrap();
    let said = clinic.run(&["doctor", "--offline", "--report"], "");
    assert!(said.out.contains("~/.mozilla/native-messaging-hosts/x.json"), "{}", said.out);
}

#[test]
fn scripts_get_one_document_with_stable_codes_and_an_exit_code() {
    let clinic = Clinic::new();
    let found = clinic.look();
    assert_eq!((found.json["version"].as_u64(), found.json["worst"].as_str(), found.code), (Some(1), Some("bad"), 1));
    assert_eq!(found.json["offline"], true);
    let known: Vec<&str> = signer::doctor::KINDS.iter().map(|kind| kind.code).collect();
    for finding in found.json["findings"].as_array().unwrap() {
        let code = finding["code"].as_str().unwrap();
        assert!(known.contains(&code), "{code}");
        assert!(code.starts_with(&format!("{}.", finding["area"].as_str().unwrap())), "{code}");
        for member in ["name", "what", "why"] {
            assert!(!finding[member].as_str().unwrap().is_empty(), "{code} {member}");
        }
    }
    let wrong = clinic.run(&["doctor", "--fix", "no.such"], "");
    assert_eq!(wrong.code, 2);
    assert_eq!(clinic.run(&["doctor", "--yes"], "").code, 2);
    assert_eq!(clinic.run(&["doctor", "--json", "--report"], "").code, 2);
    let help = clinic.run(&["doctor", "--help"], "");
    assert!(help.out.contains("Exit codes") && help.out.contains("--report"), "{}", help.out);
}

#[test]
fn when_nothing_is_in_the_way_the_exit_code_says_so() {
    let clinic = Clinic::new();
    let _agent = clinic.start(&[]);
    clinic.run(&["trust", "install"], "");
    let said = clinic.run(&["doctor", "--offline"], "");
    assert!(said.out.contains("No fault was found"), "{}", said.out);
    assert_eq!(said.code, 0);
}

#[test]
fn what_is_refused_is_left_and_each_thing_is_asked_about() {
    let (clinic, _) = with_a_person();
    let key = clinic.at_home("Сейф/IVANOV_850101300123.p12");
    let mode = || fs::metadata(&key).unwrap().permissions().mode() & 0o777;
    let said = clinic.run(&["doctor", "--offline", "--fix", "keys.open"], "no\n");
    assert!(said.err.contains("Close it to other users?") && said.err.contains("Left as it is"), "{}", said.err);
    assert_eq!(mode(), 0o644);
    for answer in ["y\n", "yes please\n", ""] {
        clinic.run(&["doctor", "--offline", "--fix", "keys.open"], answer);
        assert_eq!(mode(), 0o644, "{answer:?}");
    }
    let said = clinic.run(&["doctor", "--offline", "--fix", "keys.open", "--json"], "yes\n");
    Found::of(&said).has_none("keys.open");
    assert_eq!(mode(), 0o600);
    let said = clinic.run(&["doctor", "--offline", "--fix", "keys.open"], "");
    assert!(said.err.contains("nothing here"), "{}", said.err);
}

#[test]
fn a_first_look_makes_nothing() {
    let clinic = Clinic::new();
    let fresh = clinic.desk.path("fresh");
    let mut command = std::process::Command::new(Clinic::program());
    command.args(["doctor", "--offline", "--json", "--data-dir"]).arg(&fresh).env("HOME", clinic.home());
    Found::of(&Clinic::finish(command, "")).has("leaf.missing");
    assert!(!fresh.exists());
}
