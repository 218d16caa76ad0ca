//! The local certificate, the browsers' trust in it, and whom else they believe.

use crate::clinic::{Clinic, has_certutil};
use crate::desk::now;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Makes a database of NSS below the home folder, as a browser would.
fn profile(clinic: &Clinic, place: &str, password: &str) -> PathBuf {
    let path = clinic.at_home(place);
    fs::create_dir_all(&path).unwrap();
    let mut command = Command::new("certutil");
    command.args(["-N", "-d"]).arg(format!("sql:{}", path.display()));
    if password.is_empty() {
        command.arg("--empty-password");
    } else {
        command.arg("-f").arg(clinic.desk.write("password", password.as_bytes()));
    }
    assert!(command.status().unwrap().success());
    path
}

fn certutil(database: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut command = Command::new("certutil");
    command.args(arguments).arg("-d").arg(format!("sql:{}", database.display())).args(["-f", "/dev/null"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// A local certificate as Tanba makes it, with other days, counted from now.
fn leaf(from: i64, to: i64) -> String {
    let day = |days: i64| {
        let seconds = now().plus_days(days).as_unix().try_into().unwrap();
        rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds)
    };
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = rcgen::CertificateParams::new(names).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Tanba 127.0.0.1 0badcafe");
    (params.not_before, params.not_after) = (day(from), day(to));
    params.is_ca = rcgen::IsCa::ExplicitNoCa;
    params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let key = rcgen::KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().pem() + &key.serialize_pem()
}

/// An authority's certificate, DER.
fn authority(name: &str) -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

#[test]
fn a_certificate_that_is_not_there_is_made_and_trusted_in_every_profile() {
    if !has_certutil() {
        return;
    }
    let clinic = Clinic::new();
    let places = [
        ".mozilla/firefox/a.default",
        "snap/firefox/common/.mozilla/firefox/b.snap",
        ".var/app/org.mozilla.firefox/.mozilla/firefox/c.flat",
    ];
    for place in places {
        profile(&clinic, place, "");
    }
    let found = clinic.look();
    assert_eq!(found.has("leaf.missing")["fix"]["kind"], "trust");
    let found = clinic.mend("leaf.missing");
    found.has("leaf.fine");
    found.has_none("browser.trusts-not");
    // And Chromium's, which was made.
    let trusting = found.all("browser.trusts");
    assert_eq!(trusting.len(), places.len() + 1, "{trusting:#?}");
    for place in places {
        assert!(trusting.iter().any(|one| one["what"].as_str().unwrap().contains(place)), "{place}");
    }
}

#[test]
fn a_profile_that_lost_the_certificate_is_named_and_trusts_it_again() {
    if !has_certutil() {
        return;
    }
    let clinic = Clinic::new();
    let firefox = profile(&clinic, ".mozilla/firefox/a.default", "");
    clinic.mend("leaf.missing");
    let name = certutil(&firefox, &["-L"], b"");
    let name = name.lines().find(|line| line.starts_with("Tanba ")).unwrap().trim().trim_end_matches("CP,,").trim();
    certutil(&firefox, &["-D", "-n", name], b"");
    let found = clinic.look();
    assert!(found.what("browser.trusts-not").contains("Firefox"));
    assert_eq!((found.all("browser.trusts-not").len(), found.code), (1, 1));
    let found = clinic.mend("browser.trusts-not");
    found.has_none("browser.trusts-not");
    assert!(certutil(&firefox, &["-L"], b"").contains(name));
}

#[test]
fn a_certificate_file_that_is_none_is_made_anew() {
    let clinic = Clinic::new();
    clinic.run(&["trust", "install"], "");
    for rubbish in [&b"rubbish"[..], &[0xff; 200]] {
        fs::write(clinic.desk.path("data/leaf.pem"), rubbish).unwrap();
        let found = clinic.look();
        assert_eq!(found.has("leaf.unusable")["fix"]["kind"], "renew");
        if !has_certutil() {
            return;
        }
        let found = clinic.mend("leaf.unusable");
        found.has("leaf.fine");
        found.has_none("browser.trusts-not");
    }
}

#[test]
fn a_certificate_that_ends_or_has_ended_is_renewed_and_its_trust_handed_on() {
    if !has_certutil() {
        return;
    }
    for (code, from, to) in [("leaf.ends-soon", -380, 17), ("leaf.ended", -400, -3), ("leaf.ended", 2, 399)] {
        let clinic = Clinic::new();
        fs::create_dir_all(clinic.desk.path("data")).unwrap();
        fs::write(clinic.desk.path("data/leaf.pem"), leaf(from, to)).unwrap();
        let store = profile(&clinic, ".pki/nssdb", "");
        clinic.look().has(code);
        let found = clinic.mend(code);
        found.has("leaf.fine");
        found.has("browser.trusts");
        assert!(!certutil(&store, &["-L"], b"").contains("0badcafe"), "the former one is believed no more");
    }
}

#[test]
fn a_profile_under_a_password_is_for_its_owner_and_a_broken_one_is_named() {
    if !has_certutil() {
        return;
    }
    let clinic = Clinic::new();
    clinic.mend("leaf.missing");
    let locked = profile(&clinic, ".mozilla/firefox/locked", "correct horse");
    let found = clinic.look();
    assert!(found.has("browser.locked")["next"].as_str().unwrap().contains("accept"));
    fs::remove_dir_all(locked).unwrap();
    let broken = clinic.at_home(".mozilla/firefox/broken");
    fs::create_dir_all(&broken).unwrap();
    fs::write(broken.join("cert9.db"), "this is no database").unwrap();
    let found = clinic.look();
    found.has_none("browser.locked");
    assert!(found.what("browser.unusable").contains("broken"));
    fs::remove_dir_all(broken).unwrap();
    clinic.look().has_none("browser.unusable");
}

#[test]
fn a_home_without_any_store_gets_one() {
    if !has_certutil() {
        return;
    }
    let clinic = Clinic::new();
    fs::create_dir_all(clinic.desk.path("data")).unwrap();
    fs::write(clinic.desk.path("data/leaf.pem"), leaf(0, 390)).unwrap();
    clinic.look().has("browser.none");
    let found = clinic.mend("browser.none");
    found.has("browser.trusts");
    found.has_none("browser.none");
}

#[test]
fn without_the_tool_nothing_is_known_and_it_is_named() {
    let clinic = Clinic::new();
    fs::create_dir_all(clinic.desk.path("data")).unwrap();
    fs::write(clinic.desk.path("data/leaf.pem"), leaf(0, 390)).unwrap();
    let mut command = clinic.command(&["doctor", "--offline", "--json"]);
    command.env("PATH", clinic.home());
    let found = crate::clinic::Found::of(&Clinic::finish(command, ""));
    for code in ["browser.unknown", "authority.unknown"] {
        assert!(found.what(code).contains("libnss3-tools"), "{}", found.what(code));
        assert_eq!(found.has(code)["state"], "unknown");
    }
    if has_certutil() {
        let found = clinic.look();
        found.has_none("browser.unknown");
        found.has_none("authority.unknown");
    }
}

#[test]
fn leftover_authorities_are_named_and_taken_out_only_after_a_yes_of_their_own() {
    if !has_certutil() {
        return;
    }
    let clinic = Clinic::new();
    let store = profile(&clinic, ".pki/nssdb", "");
    clinic.look().has("authority.none");
    let nca = authority("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)");
    certutil(&store, &["-A", "-n", "root_rsa.cer", "-t", "TCu,Cu,"], &nca);
    certutil(&store, &["-A", "-n", "shield", "-t", "C,,"], &authority("Shield Root"));
    // Who may only say whose mail it is vouches for no web site.
    certutil(&store, &["-A", "-n", "mail", "-t", ",C,"], &authority("Mail Root"));
    let found = clinic.look();
    assert!(found.what("authority.nca").contains("НЕГІЗГІ") && found.what("authority.nca").contains(".pki/nssdb"));
    assert!(found.what("authority.other").contains("Shield Root"));
    assert_eq!(found.all("authority.other").len(), 1);
    let list = || certutil(&store, &["-L"], b"");

    // Neither a yes to everything nor a no, nor nobody's answer, takes one out.
    let agent = clinic.start(&[]);
    for (arguments, input) in [(&["--yes"][..], ""), (&["authority.nca"], "no\n"), (&["authority.nca"], "")] {
        clinic.run(&[&["doctor", "--offline", "--fix"][..], arguments].concat(), input);
        clinic.settle("");
        assert!(list().contains("root_rsa.cer") && list().contains("shield"), "{arguments:?}");
    }
    drop(agent);
    let said = clinic.run(&["doctor", "--offline", "--fix", "authority.nca"], "yes\n");
    assert!(said.err.contains("НЕГІЗГІ") && said.err.contains("Fixed"), "{}", said.err);
    assert!(!list().contains("root_rsa.cer") && list().contains("shield"));
    let found = clinic.mend("authority.other");
    found.has("authority.none");
    assert!(!list().contains("shield") && list().contains("mail"));
}

#[test]
fn a_look_that_does_not_end_is_left_and_the_others_are_told() {
    let clinic = Clinic::new();
    fs::create_dir_all(clinic.desk.path("data")).unwrap();
    fs::write(clinic.desk.path("data/leaf.pem"), leaf(0, 390)).unwrap();
    for place in [".mozilla/firefox/a", ".mozilla/firefox/b"] {
        fs::create_dir_all(clinic.at_home(place)).unwrap();
        fs::write(clinic.at_home(place).join("cert9.db"), b"").unwrap();
    }
    // A store's tool that never answers.
    let tool = clinic.at_home("bin/certutil");
    fs::write(&tool, "#!/bin/sh\nexec sleep 45\n").unwrap();
    fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tool.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = clinic.command(&["doctor", "--offline", "--json"]);
    command.env("PATH", path);
    let began = std::time::Instant::now();
    let found = crate::clinic::Found::of(&Clinic::finish(command, ""));
    assert!(began.elapsed() < std::time::Duration::from_secs(40), "{:?}", began.elapsed());
    let late: Vec<_> = found.all("look.late").iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert!(late.iter().any(|what| what.contains("Local certificate")), "{late:?}");
    for code in ["port.nobody", "extension.absent", "settings.fine"] {
        found.has(code);
    }
    clinic.look().has_none("look.late");
}
