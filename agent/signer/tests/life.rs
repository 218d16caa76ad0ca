//! A key's later life, as a person or a script leads it: passwords, other layouts, backups, loss.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, PASSWORD, Run, now, typed};
use pki::Certificate;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use test_nca::services::Services;
use test_nca::{Holding, Person, TestNca};

const NEW: &str = "Qwerty12-Жаңа";

fn both() -> String {
    format!("{PASSWORD}\n{NEW}\n")
}

fn has(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !is_there {
        println!("NOT RUN: {tool} is not here");
    }
    is_there
}

/// A document signed with this key; the signature's file is new each time.
fn sign(desk: &Desk, key: &str, password: &str) -> Run {
    let document = desk.write("document.txt", b"pay 100");
    desk.run(&["sign", &document, "--key", key, "--password-stdin", "--force"], &format!("{password}\n"))
}

fn remembered(desk: &Desk) -> (String, Certificate) {
    let issued = desk.nca.person().unwrap();
    let key = desk.key("person.p12", &issued);
    desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    (key, issued.certificate)
}

#[test]
fn help_reads_like_a_list_of_what_a_person_may_want_to_do() {
    let desk = Desk::new();
    let help = desk.run(&["keys", "--help"], "").ends_with(0).out;
    for (command, says) in [
        ("password", "Change the password"),
        ("rewrap", "Protect an old key file"),
        ("backup", "Make a copy"),
        ("restore", "Put a backup back"),
        ("export", "Write a certificate to a file"),
        ("install-certificate", "browsers"),
        ("lost", "lost or stolen"),
        ("unblock", "sign again"),
    ] {
        let line = help.lines().find(|line| line.trim_start().starts_with(command)).unwrap_or_else(|| panic!("{help}"));
        assert!(line.contains(says), "{line}");
        let own = desk.run(&["keys", command, "--help"], "").ends_with(0).out;
        assert!(own.contains("Usage"), "{own}");
    }
    assert!(!help.contains("guardian"), "nobody starts that by hand");
}

#[test]
fn a_changed_password_signs_and_the_old_one_no_longer_does() {
    let desk = Desk::new();
    let key = desk.person();
    let changed = desk.run(&["keys", "password", &key, "--password-stdin"], &both()).ends_with(0);
    assert!(changed.out.contains("The password is changed"), "{}", changed.out);
    assert!(!changed.out.contains(NEW) && !changed.err.contains(NEW));
    sign(&desk, &key, NEW).ends_with(0);
    sign(&desk, &key, PASSWORD).ends_with(3);
    assert!(!desk.path("GOST512_person.p12.bak").exists(), "the old file is kept only when asked");
    let back = format!("{NEW}\n{PASSWORD}\n");
    desk.run(&["keys", "password", &key, "--keep-old", "--password-stdin"], &back).ends_with(0);
    sign(&desk, desk.path("GOST512_person.p12.bak").to_str().unwrap(), NEW).ends_with(0);
    sign(&desk, &key, PASSWORD).ends_with(0);
}

#[test]
fn a_password_that_does_not_do_changes_nothing() {
    let desk = Desk::new();
    let key = desk.person();
    let before = fs::read(&key).unwrap();
    for (input, code, says) in [
        (format!("wrong\n{NEW}\n"), 3, "Wrong password"),
        (format!("{PASSWORD}\n\n"), 1, "has to have a password"),
        (format!("{PASSWORD}\n"), 1, "has to have a password"),
        (format!("{PASSWORD}\n{PASSWORD}\n"), 1, "is the old one"),
    ] {
        let run = desk.run(&["keys", "password", &key, "--password-stdin"], &input).ends_with(code);
        assert!(run.err.contains(says), "{}", run.err);
        assert_eq!(fs::read(&key).unwrap(), before);
    }
    let run = desk.run(&["keys", "password", &key], &both()).ends_with(2);
    assert!(run.err.contains("--password-stdin"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_and_a_crash_in_the_middle_leave_the_original() {
    use std::io::Write as _;
    let desk = Desk::new();
    let key = desk.person();
    let before = fs::read(&key).unwrap();
    assert!(before.len() > 1024, "the limit below cuts it");
    // No file may grow over a kilobyte. With the signal ignored the write fails; else it ends the process.
    for prepare in ["trap '' XFSZ; ulimit -f 2", "ulimit -c 0; ulimit -f 2"] {
        let mut child = Command::new("/bin/sh")
            .args(["-c", &format!("{prepare}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_tanba-signer"), "--data-dir"])
            .arg(desk.dir.path())
            .args(["keys", "password", &key, "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(both().as_bytes()).unwrap();
        assert!(!child.wait().unwrap().success(), "{prepare}");
        assert_eq!(fs::read(&key).unwrap(), before, "{prepare}");
        sign(&desk, &key, PASSWORD).ends_with(0);
    }
    // What a crash left in the way hinders nobody.
    desk.run(&["keys", "password", &key, "--password-stdin"], &both()).ends_with(0);
}

#[test]
fn an_old_file_gets_todays_protection_and_the_ncas_form_back() {
    let desk = Desk::new();
    let key = desk.person();
    let weak = |file: &str| {
        let run = desk.run(&["inspect", file, "--password-stdin", "--json"], &typed()).ends_with(0);
        serde_json::from_str::<serde_json::Value>(&run.out).unwrap()["weaknesses"].clone()
    };
    assert_eq!(weak(&key), serde_json::json!(["rc2", "3des", "sha1", "few-rounds"]));
    let words = desk.run(&["inspect", &key, "--password-stdin"], &typed()).ends_with(0).out;
    assert!(words.contains("RC2, 3DES, SHA-1, 1024 rounds") && words.contains("tanba keys rewrap"), "{words}");

    let before = fs::read(&key).unwrap();
    let run = desk.run(&["keys", "rewrap", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(run.out.contains("NCALayer"), "{}", run.out);
    assert_eq!(fs::read(&key).unwrap(), before, "the original stays");
    let modern = desk.path("GOST512_person.modern.p12").to_str().unwrap().to_owned();
    assert_eq!(weak(&modern), serde_json::json!([]));
    sign(&desk, &modern, PASSWORD).ends_with(0);
    desk.run(&["keys", "rewrap", &key, "--password-stdin"], &typed()).ends_with(1);

    if has("openssl") {
        let told = Command::new("openssl")
            .args(["pkcs12", "-info", "-noout", "-in", &modern, "-passin", &format!("pass:{PASSWORD}")])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(told.contains("sha256") && told.contains("AES-256-CBC") && told.contains("600000"), "{told}");
    }

    let nca = desk.path("back.p12").to_str().unwrap().to_owned();
    let arguments = ["keys", "rewrap", &modern, "--layout", "nca", "--out", &nca, "--password-stdin"];
    desk.run(&arguments, &typed()).ends_with(0);
    assert_eq!(weak(&nca), serde_json::json!(["rc2", "3des", "sha1", "few-rounds"]));
    sign(&desk, &nca, PASSWORD).ends_with(0);
}

#[test]
fn a_jks_file_is_not_written_but_becomes_a_p12_and_several_keys_are_never_made_one() {
    if !has("keytool") {
        return;
    }
    let desk = Desk::new();
    let make = |kind: &str, alias: &str| {
        let file = desk.path(&format!("{kind}.store"));
        let made = Command::new("keytool")
            .args(["-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=Test", "-storepass", "secret1"])
            .args(["-keypass", "secret1", "-storetype", kind, "-alias", alias, "-keystore"])
            .arg(&file)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        file.to_str().unwrap().to_owned()
    };
    let jks = make("JKS", "one");
    let run = desk.run(&["keys", "password", &jks, "--password-stdin"], "secret1\nother123\n").ends_with(1);
    assert!(run.err.contains("tanba keys rewrap"), "{}", run.err);
    desk.run(&["keys", "rewrap", &jks, "--password-stdin"], "secret1\n").ends_with(0);
    assert!(desk.path("JKS.modern.p12").is_file());

    make("PKCS12", "one");
    let two = make("PKCS12", "two");
    let before = fs::read(&two).unwrap();
    for arguments in [["keys", "password", &two], ["keys", "rewrap", &two]] {
        let run = desk.run(&[&arguments[..], &["--password-stdin"]].concat(), "secret1\nother123\n").ends_with(1);
        assert!(run.err.contains("2 keys") && run.err.contains("--as-it-is"), "{}", run.err);
    }
    assert_eq!(fs::read(&two).unwrap(), before);
    let to = desk.path("copy.p12").to_str().unwrap().to_owned();
    desk.run(&["keys", "backup", &two, "--to", &to, "--as-it-is", "--password-stdin"], "secret1\n").ends_with(0);
    assert_eq!(fs::read(to).unwrap(), before);
}

#[test]
fn a_key_that_is_gone_comes_back_from_its_backup() {
    let desk = Desk::new();
    let (key, _) = remembered(&desk);
    let folder = desk.path("usb");
    fs::create_dir(&folder).unwrap();
    let to = folder.to_str().unwrap().to_owned();
    let run = desk.run(&["keys", "backup", &key, "--to", &to, "--password-stdin"], &both()).ends_with(0);
    assert!(run.out.contains("made and checked"), "{}", run.out);
    let copies: Vec<_> = fs::read_dir(&folder).unwrap().map(|one| one.unwrap().path()).collect();
    let [copy] = copies.as_slice() else { panic!("{copies:?}") };
    let copy = copy.to_str().unwrap().to_owned();
    assert!(run.out.contains(&copy), "{}", run.out);
    let again = desk.run(&["keys", "backup", &key, "--to", &to, "--password-stdin"], &both()).ends_with(1);
    assert!(again.err.contains("writes over nothing"), "{}", again.err);

    fs::remove_file(&key).unwrap();
    desk.run(&["keys", "remove", &key], "").ends_with(0);
    desk.run(&["keys", "restore", &copy, "--to", &key, "--password-stdin"], &typed()).ends_with(3);
    desk.run(&["keys", "restore", &copy, "--to", &key, "--password-stdin"], &format!("{NEW}\n")).ends_with(0);
    assert_eq!(desk.json(&["keys", "list", "--json"])["files"][0]["path"], key.as_str(), "it is remembered");
    sign(&desk, &key, NEW).ends_with(0);
    let taken = desk.run(&["keys", "restore", &copy, "--to", &key, "--password-stdin"], &format!("{NEW}\n"));
    taken.ends_with(1);
}

#[test]
fn a_remembered_certificate_is_exported_without_a_password_and_read_by_others() {
    let desk = Desk::new();
    let (key, certificate) = remembered(&desk);
    let der = desk.path("mine.cer").to_str().unwrap().to_owned();
    desk.run(&["keys", "export", &key, "-o", &der], "").ends_with(0);
    assert_eq!(fs::read(&der).unwrap(), certificate.der());
    desk.run(&["keys", "export", &key, "-o", &der], "").ends_with(1);
    let pem = desk.run(&["keys", "export", "--all", "--pem", "-o", "-"], "").ends_with(0).out;
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    if has("openssl") {
        let told = Command::new("openssl").args(["x509", "-inform", "DER", "-noout", "-serial", "-in", &der]).output();
        let told = String::from_utf8(told.unwrap().stdout).unwrap();
        assert_eq!(told.trim().to_lowercase(), format!("serial={}", certificate.serial().to_hex()));
    }
    let folder = desk.path("certificates");
    fs::create_dir(&folder).unwrap();
    desk.run(&["keys", "export", "--all", "-o", folder.to_str().unwrap()], "").ends_with(0);
    let name = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().file_name().into_string().unwrap();
    assert!(name.ends_with(&format!("_{}.cer", &certificate.serial().to_hex()[..8])), "{name}");
    // One that is not remembered is asked for its password.
    let other = desk.key("other.p12", &desk.nca.head().unwrap());
    desk.run(&["keys", "export", &other, "-o", "-"], "").ends_with(2);
    desk.run(&["keys", "export"], "").ends_with(2);
}

#[test]
fn the_list_says_how_many_days_a_key_has() {
    let desk = Desk::new();
    let issue = |name: &str, days: i64| {
        let to = now().plus_days(days).plus_seconds(600);
        let issued = desk.nca.issue(&Holding::signing(Person::Citizen), now().plus_days(-300), to).unwrap();
        let key = desk.key(name, &issued);
        desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    };
    issue("a.p12", 1);
    issue("b.p12", 12);
    issue("c.p12", 0);
    issue("d.p12", -5);
    for (language, said) in [
        ("en", ["1 day left", "12 days left", "less than a day left"]),
        ("ru", ["остался 1 день", "осталось 12 дней", "осталось меньше суток"]),
        ("kk", ["1 күн қалды", "12 күн қалды", "бір тәулікке жетпейтін уақыт қалды"]),
    ] {
        let text = format!("language = \"{language}\"\ntest_environment = true\n");
        fs::write(desk.path("config/settings.toml"), text).unwrap();
        let list = desk.run(&["keys", "list"], "").ends_with(0).out;
        for sentence in said {
            assert!(list.contains(sentence), "{sentence}: {list}");
        }
    }
    let list = desk.json(&["keys", "list", "--json"]);
    let days: Vec<_> =
        list["files"].as_array().unwrap().iter().map(|file| file["keys"][0]["daysLeft"].as_u64()).collect();
    assert_eq!(days, [None, Some(0), Some(12), Some(1)]);
    assert!(list["files"][0]["keys"][0]["blocked"].is_null());
}

#[test]
fn a_lost_key_signs_nothing_until_its_owner_says_otherwise() {
    let desk = Desk::new();
    let (key, certificate) = remembered(&desk);
    let serial = certificate.serial().to_hex();
    let run = desk.run(&["keys", "lost", &serial[..8], "--reason", "stolen"], "").ends_with(0);
    for said in ["Blocked", &serial, "pki.gov.kz", "egov.kz", "1414", "tanba keys unblock"] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
    assert!(!run.out.contains("put into a browser"), "no browser takes a GOST key: {}", run.out);
    let refused = sign(&desk, &key, PASSWORD).ends_with(1);
    assert!(refused.err.contains("blocked this key as lost") && refused.err.contains(&serial), "{}", refused.err);
    let new = desk.path("new.p12").to_str().unwrap().to_owned();
    let renewed = desk.run(&["keys", "renew", &key, "--out", &new, "--password-stdin"], &both()).ends_with(1);
    assert!(renewed.err.contains("blocked"), "{}", renewed.err);
    assert!(desk.run(&["keys", "list"], "").ends_with(0).out.contains("BLOCKED by you"));
    let list = desk.json(&["keys", "list", "--json"]);
    assert_eq!(list["files"][0]["keys"][0]["blocked"]["why"], "stolen");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(desk.path("data/blocked.json")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    // Forgetting the file and adding it again is no way around.
    let removed = desk.run(&["keys", "remove", &key], "").ends_with(0);
    assert!(removed.out.contains("stays blocked"), "{}", removed.out);
    desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
    sign(&desk, &key, PASSWORD).ends_with(1);

    let asked = desk.run(&["keys", "unblock", &serial], "yes\n").ends_with(2);
    assert!(asked.err.contains("--yes"), "{}", asked.err);
    desk.run(&["keys", "unblock", "00000000", "--yes"], "").ends_with(1);
    desk.run(&["keys", "unblock", &serial, "--yes"], "").ends_with(0);
    sign(&desk, &key, PASSWORD).ends_with(0);
}

#[test]
fn a_key_is_blocked_by_its_file_also_when_that_is_gone_and_by_its_certificate() {
    let desk = Desk::new();
    let (key, certificate) = remembered(&desk);
    let cer = desk.write("person.cer", certificate.der());
    fs::remove_file(&key).unwrap();
    desk.run(&["keys", "lost", &key], "").ends_with(0);
    assert!(desk.run(&["keys", "lost", &cer], "").ends_with(0).out.contains("Blocked already"));
    let unknown = desk.run(&["keys", "lost", "1234567890"], "").ends_with(1);
    assert!(unknown.err.contains("neither such a file"), "{}", unknown.err);
    // The key is not there to sign: it is blocked all the same, and that is said.
    let out = desk.path("request.cms").to_str().unwrap().to_owned();
    let run = desk.run(&["keys", "lost", &key, "--request", &out], "").ends_with(1);
    assert!(run.err.contains("not at hand"), "{}", run.err);
}

#[test]
fn the_request_of_a_lost_key_has_an_authority_revoke_it() {
    let desk = Desk::of(TestNca::new(now()).unwrap().with_services("http://127.0.0.1:9"));
    let services = Services::new(Arc::clone(&desk.nca), TestNca::new(now()).unwrap()).unwrap();
    let issued = desk.nca.person().unwrap();
    // Not remembered: the password is asked once, for both.
    let key = desk.key("person.p12", &issued);
    let out = desk.path("request.cms").to_str().unwrap().to_owned();
    let arguments = ["keys", "lost", &key, "--reason", "copied", "--request", &out, "--password-stdin"];
    let run = desk.run(&arguments, &typed()).ends_with(0);
    assert!(run.out.contains(&out) && run.out.contains("sent nowhere"), "{}", run.out);
    desk.run(&["verify", &out, "--offline"], "").ends_with(0);
    services.counter().revoke(&services, &fs::read(&out).unwrap(), now()).unwrap();
    // Whose is revoked asks for nothing more.
    assert!(services.counter().revoke(&services, &fs::read(&out).unwrap(), now()).is_err());
    sign(&desk, &key, PASSWORD).ends_with(1);
}

#[test]
fn an_expired_key_need_not_be_revoked() {
    let desk = Desk::new();
    let key = desk.key("expired.p12", &desk.nca.expired().unwrap());
    let run = desk.run(&["keys", "lost", &key, "--password-stdin"], &typed()).ends_with(0);
    assert!(run.out.contains("has expired") && !run.out.contains("1414"), "{}", run.out);
}

#[test]
fn where_the_list_of_blocked_keys_cannot_be_read_nothing_signs() {
    let desk = Desk::new();
    let key = desk.person();
    fs::write(desk.path("data/blocked.json"), "{").unwrap();
    let run = sign(&desk, &key, PASSWORD).ends_with(4);
    assert!(run.err.contains("blocked.json"), "{}", run.err);
    assert!(!desk.path("document.txt.cms").exists());
}

/// A command under a home folder of its own.
fn at_home(desk: &Desk, arguments: &[&str], input: &str) -> Run {
    desk.run_with(&[("HOME", desk.dir.path())], arguments, input)
}

#[cfg(target_os = "linux")]
#[test]
fn a_browser_gets_an_rsa_key_and_is_not_bothered_with_gost() {
    let gost = Desk::new();
    let key = gost.person();
    let run = at_home(&gost, &["keys", "install-certificate", &key, "--password-stdin"], &typed()).ends_with(1);
    assert!(run.err.contains("GOST") && run.err.contains("through Tanba"), "{}", run.err);
    if !has("certutil") || !has("pk12util") {
        return;
    }
    let desk = Desk::of(TestNca::of(keystore::NewKey::Rsa2048, now()).unwrap());
    let issued = desk.nca.person().unwrap();
    let key = desk.key("rsa.p12", &issued);
    let cer = desk.write("rsa.cer", issued.certificate.der());
    let database = format!("sql:{}", desk.path(".pki/nssdb").display());
    let certutil = |what: &str| {
        let output = Command::new("certutil").args([what, "-d", &database, "-f", "/dev/null"]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let run = at_home(&desk, &["keys", "install-certificate", &cer], "").ends_with(0);
    assert!(run.out.contains("which sites the browser trusts has not changed"), "{}", run.out);
    let serial = issued.certificate.serial().to_hex();
    let list = certutil("-L");
    assert!(list.lines().any(|line| line.contains(&serial[..8]) && line.trim_end().ends_with(",,")), "{list}");
    assert!(!certutil("-K").contains("rsa "), "no key yet");

    // The person is asked first, and a script has to say yes.
    let unasked = ["keys", "install-certificate", &key, "--with-key", "--password-stdin"];
    let run = at_home(&desk, &unasked, &typed()).ends_with(2);
    assert!(run.err.contains("--yes"), "{}", run.err);
    assert!(!certutil("-K").contains("rsa "), "no key yet");
    at_home(&desk, &["keys", "install-certificate", &cer, "--yes"], "").ends_with(2);
    let wrong = [&unasked[..], &["--yes"]].concat();
    at_home(&desk, &wrong, "wrong\n").ends_with(3);
    // A key that was lost goes nowhere else either.
    let lost = at_home(&desk, &["keys", "lost", &cer], "").ends_with(0);
    assert!(lost.out.contains("delete it there too"), "{}", lost.out);
    let run = at_home(&desk, &wrong, &typed()).ends_with(1);
    assert!(run.err.contains("blocked"), "{}", run.err);
    assert!(!certutil("-K").contains("rsa "), "no key yet");
    at_home(&desk, &["keys", "unblock", &serial, "--yes"], "").ends_with(0);
    let run = at_home(&desk, &wrong, &typed()).ends_with(0);
    assert!(run.out.contains("without a password"), "{}", run.out);
    assert!(certutil("-K").contains("rsa "), "{}", certutil("-K"));
    at_home(&desk, &["keys", "install-certificate", &cer, "--with-key", "--yes"], "").ends_with(2);
    assert!(Path::new(&key).is_file());
}
