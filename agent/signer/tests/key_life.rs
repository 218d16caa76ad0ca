//! The first half of a key's life, as a person goes through it: asked for, issued, put in, used, renewed, revoked. The
//! miniature NCA is at the other end, over HTTP; the test carries the files there and back as the person would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{PASSWORD, counter::World, now, typed};
use pki::request::{CertificationRequest, revocation::Statement};
use pki::revocation::Reason;
use pki::{Certificate, Name, Role, oid};
use serde_json::Value;
use std::fs;
use test_nca::TestNca;

#[test]
fn a_key_is_asked_for_issued_put_in_used_renewed_and_revoked() {
    for algorithm in ["gost512", "rsa2048"] {
        let world = World::new();
        let (old, new) = (world.at("old.p12"), world.at("new.p12"));
        let asked = world.ask(&old, &["--algorithm", algorithm]).ends_with(0);
        assert!(asked.out.contains("ТЕСТ АЙГҮЛ ҚЫЗЫ · IIN 000000000000"), "{}", asked.out);
        assert!(asked.out.contains("tanba keys import"), "{}", asked.out);
        let request = fs::read_to_string(world.at("old.csr")).unwrap();
        assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
        assert_eq!(CertificationRequest::from_pem_or_der(request.as_bytes()).unwrap().verify(), Ok(()));

        let certificate = world.desk.write("old.cer", &world.issued("/requests", &world.at("old.csr"), ""));
        let imported = world.import(&certificate, &[], &typed()).ends_with(0);
        for said in ["ТЕСТ АЙГҮЛ", "TEST: issued by a test authority", "Checked: you can sign with the key"] {
            assert!(imported.out.contains(said), "{}", imported.out);
        }
        assert!(world.pending().is_empty());
        assert_eq!(world.desk.json(&["keys", "list", "--json"])["files"][0]["path"], old.as_str());
        let file = world.desk.write("contract.txt", b"pay 100");
        assert_eq!(world.signs(&old, &file)["valid"], true);

        let both = format!("{PASSWORD}\nNew-Password1\n");
        let command = ["keys", "renew", &old, "--out", &new, "--password-stdin"];
        let renewed = world.desk.run(&command, &both).ends_with(0);
        assert!(renewed.out.contains("new.renewal.cms") && !renewed.out.contains("New-Password1"), "{}", renewed.out);
        let answer = world.issued("/renewals", &world.at("new.renewal.cms"), "?as=pkcs7");
        let bundle = world.desk.write("new.p7b", &answer);
        world.import(&bundle, &[], &typed()).ends_with(3);
        world.import(&bundle, &[], "New-Password1\n").ends_with(0);
        let inspected =
            world.desk.run(&["inspect", &new, "--password-stdin", "--json"], "New-Password1\n").ends_with(0);
        let report: Value = serde_json::from_str(&inspected.out).unwrap();
        assert!(report.to_string().contains("IIN000000000000"), "{report:#}");
        assert_ne!(fs::read(&old).unwrap(), fs::read(&new).unwrap());

        // The old one is no longer needed: its holder says so with it.
        let certificate = Certificate::from_pem_or_der(&fs::read(&certificate).unwrap()).unwrap();
        let statement = Statement::about(&certificate, Reason::Superseded).to_der();
        let statement = world.desk.write("statement.der", &statement);
        let signed = world.at("statement.cms");
        world.desk.run(&["sign", &statement, "--key", &old, "--password-stdin", "-o", &signed], &typed()).ends_with(0);
        let (status, said) = world.send("POST", "/revocations", &fs::read(&signed).unwrap());
        assert_eq!(status, 403, "a signed document revokes nothing: {}", String::from_utf8_lossy(&said));
        let request = world.at("revocation.cms");
        let lost = ["keys", "lost", &old, "--reason", "stolen", "--request", &request, "--password-stdin"];
        world.desk.run(&lost, &typed()).ends_with(0);
        let (status, said) = world.send("POST", "/revocations", &fs::read(&request).unwrap());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
        let report = world.desk.json(&["verify", &format!("{file}.cms"), "--json"]);
        assert_eq!(report["valid"], false, "{report:#}");
        assert_eq!(report["signers"][0]["revocation"]["reason"], "keyCompromise");
    }
}

#[test]
fn a_position_in_an_organisation_is_asked_for_with_its_roles() {
    let world = World::new();
    let organisation = ["--organisation", "ЖШС \"Тест\"", "--bin", "971240001315", "--email", "a@b.kz"];
    for (whose, role) in [
        ("head", Role::Head),
        ("sign-right", Role::RightToSign),
        ("finance", Role::FinancialSign),
        ("hr", Role::Hr),
        ("employee", Role::Employee),
    ] {
        let csr = world.at(&format!("{whose}.request"));
        let more = [&["--for", whose, "--csr", &csr], &organisation[..]].concat();
        world.ask(&world.at(&format!("{whose}.p12")), &more).ends_with(0);
        let request = CertificationRequest::from_pem_or_der(&fs::read(&csr).unwrap()).unwrap();
        assert_eq!(request.holder().roles, [Role::Organisation, role]);
        assert_eq!(request.extended_key_usage()[0], oid::EMAIL_PROTECTION);
        assert_eq!((request.email(), request.holder().email.as_deref()), (Some("a@b.kz"), Some("a@b.kz")));
        assert_eq!(request.holder().organisation.as_deref(), Some("ЖШС \"Тест\""));
        let issued = world.desk.write("issued.cer", &world.issued("/requests", &csr, ""));
        world.import(&issued, &[], &typed()).ends_with(0);
    }
    let login = world.at("login.p12");
    world.ask(&login, &["--use", "login", "--algorithm", "rsa2048"]).ends_with(0);
    let request = CertificationRequest::from_pem_or_der(&fs::read(world.at("login.csr")).unwrap()).unwrap();
    assert_eq!(request.extended_key_usage(), [oid::CLIENT_AUTH, oid::ROLE_PERSON]);
}

#[test]
fn what_waits_is_listed_numbered_and_cancelled_and_the_key_stays() {
    let world = World::new();
    assert!(world.desk.run(&["keys", "pending"], "").ends_with(0).out.contains("No request waits"));
    let key = world.at("key.p12");
    let made: Value = serde_json::from_str(&world.ask(&key, &["--json"]).ends_with(0).out).unwrap();
    let id = made["id"].as_str().unwrap();
    assert_eq!((made["key"].as_str(), made["request"].as_str()), (Some(key.as_str()), Some(&*world.at("key.csr"))));
    let waiting = world.pending();
    assert_eq!((waiting.len(), &waiting[0]["id"], &waiting[0]["name"]), (1, &id.into(), &"ТЕСТ АЙГҮЛ".into()));
    assert_eq!(waiting[0]["number"], Value::Null);

    let noted = |id: &str, date: &str| {
        world.desk.run(&["keys", "pending", "number", id, "--number", "KZ-77", "--date", date], "")
    };
    noted(&id[..5], "2026-11-27").ends_with(0);
    assert_eq!((&world.pending()[0]["number"], &world.pending()[0]["date"]), (&"KZ-77".into(), &"2026-11-27".into()));
    let list = world.desk.run(&["keys", "pending"], "").ends_with(0).out;
    assert!(list.contains(id) && list.contains("Number KZ-77 of 2026-11-27") && list.contains(&key), "{list}");
    noted(id, "31.11.2026").ends_with(2);
    noted("zz", "2026-11-27").ends_with(1);
    noted("", "2026-11-27").ends_with(1);

    let cancelled = world.desk.run(&["keys", "pending", "cancel", id], "").ends_with(0);
    assert!(cancelled.out.contains(&key), "{}", cancelled.out);
    assert!(world.pending().is_empty() && fs::metadata(&key).unwrap().is_file());
    // The certificate can still be put in, by naming the file.
    let issued = world.desk.write("issued.cer", &world.issued("/requests", &world.at("key.csr"), ""));
    let refused = world.import(&issued, &[], &typed()).ends_with(1);
    assert!(refused.err.contains("--key"), "{}", refused.err);
    world.import(&issued, &["--key", &key], &typed()).ends_with(0);
}

#[test]
fn a_certificate_of_another_key_changes_nothing() {
    let world = World::new();
    let key = world.at("key.p12");
    world.ask(&key, &[]).ends_with(0);
    let before = fs::read(&key).unwrap();
    let stranger = world.desk.nca.person().unwrap();
    let stranger = world.desk.write("stranger.cer", stranger.certificate.der());
    let refused = world.import(&stranger, &["--key", &key], &typed()).ends_with(1);
    assert!(refused.err.contains("does not belong to the key"), "{}", refused.err);
    let page = world.desk.write("page.html", b"<html>502</html>");
    assert!(world.import(&page, &[], &typed()).ends_with(4).err.contains("no certificate"));
    assert_eq!((fs::read(&key).unwrap(), world.pending().len()), (before, 1));
}

/// What an authority certifies for the key of a request, whoever the authority is and whatever it says.
fn certified(
    world: &World,
    csr: &str,
    by: &TestNca,
    whose: impl Fn(&CertificationRequest) -> Name,
    days: (i64, i64),
) -> Certificate {
    let request = CertificationRequest::from_pem_or_der(&fs::read(world.at(csr)).unwrap()).unwrap();
    let profile = pki::issue::Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
    let (from, to) = (now().plus_days(days.0), now().plus_days(days.1));
    by.certify_public(request.public_key(), whose(&request), profile, from, to).unwrap()
}

fn asked_for(request: &CertificationRequest) -> Name {
    request.subject().clone()
}

#[test]
fn a_certificate_that_speaks_against_itself_is_not_put_in_unless_the_person_says_so() {
    let world = World::new();
    let key = world.at("key.p12");
    world.ask(&key, &[]).ends_with(0);
    let before = fs::read(&key).unwrap();
    let (nca, stranger) = (&world.desk.nca, TestNca::new(now()).unwrap());
    let somebody = |_: &CertificationRequest| stranger.head().unwrap().certificate.subject().clone();
    let of = |by: &TestNca, days| certified(&world, "key.csr", by, asked_for, days);
    for (certificate, words) in [
        (
            certified(&world, "key.csr", &stranger, somebody, (3, 30)),
            &["somebody else", "does not know the authority", "valid only from"][..],
        ),
        (of(nca, (-30, -3)), &["expired on"]),
        (of(nca, (3, 30)), &["valid only from"]),
        (of(&stranger, (0, 30)), &["does not know the authority"]),
        (certified(&world, "key.csr", nca, somebody, (0, 30)), &["somebody else"]),
    ] {
        let issued = world.desk.write("issued.pem", certificate.to_pem().as_bytes());
        // Also of a file that is named: its password is typed, and nothing more happens.
        for named in [&[][..], &["--key", &key]] {
            let refused = world.import(&issued, named, &typed()).ends_with(1);
            for said in words.iter().chain(&["Nothing was written", "--anyway"]) {
                assert!(refused.err.contains(said), "{said}: {}", refused.err);
            }
        }
        assert_eq!((fs::read(&key).unwrap() == before, world.pending().len()), (true, 1));
    }
    world.desk.set_test_environment(false);
    let issued = world.desk.write("issued.pem", of(nca, (0, 30)).to_pem().as_bytes());
    assert!(world.import(&issued, &[], &typed()).ends_with(1).err.contains("test environment is off"));
    assert_eq!(fs::read(&key).unwrap(), before);
    // Whoever knows why puts it in, and is told all the same.
    let imported = world.import(&issued, &["--anyway", "--offline"], &typed()).ends_with(0);
    assert!(imported.err.contains("test environment is off") && imported.err.contains("not asked"), "{}", imported.err);
    assert!(imported.out.contains("Checked: you can sign with the key"), "{}", imported.out);
    assert!(world.pending().is_empty());
}

#[test]
fn a_certificate_that_was_revoked_on_its_way_is_not_put_in() {
    let world = World::new();
    let key = world.at("key.p12");
    world.ask(&key, &[]).ends_with(0);
    let before = fs::read(&key).unwrap();
    let issued = world.issued("/requests", &world.at("key.csr"), "");
    world.revokes(&Certificate::from_pem_or_der(&issued).unwrap());
    let issued = world.desk.write("issued.cer", &issued);
    let refused = world.import(&issued, &[], &typed()).ends_with(1);
    assert!(refused.err.contains("was revoked on") && refused.err.contains("--anyway"), "{}", refused.err);
    assert_eq!((fs::read(&key).unwrap(), world.pending().len()), (before, 1));
    world.import(&issued, &["--offline"], &typed()).ends_with(0);
}

#[test]
fn of_several_certificates_of_the_key_the_one_below_a_known_authority_is_put_in() {
    let world = World::new();
    let key = world.at("key.p12");
    world.ask(&key, &[]).ends_with(0);
    let (nca, stranger) = (&world.desk.nca, TestNca::new(now()).unwrap());
    let of = |by: &TestNca, days| certified(&world, "key.csr", by, asked_for, days);
    let own = of(nca, (-1, 300));
    // Newer ones: of an authority that nobody knows, and one that is not valid yet.
    let bundle = [of(&stranger, (0, 30)), of(nca, (5, 300)), own.clone(), stranger.authority().clone()];
    let bundle: String = bundle.iter().map(Certificate::to_pem).collect();
    let bundle = world.desk.write("bundle.pem", bundle.as_bytes());
    world.import(&bundle, &[], &typed()).ends_with(0);
    let list = world.desk.json(&["keys", "list", "--json"]);
    assert_eq!(list["files"][0]["keys"][0]["serialNumber"], own.serial().to_hex(), "{list:#}");
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_of_what_was_refused() {
    let world = World::new();
    let key = world.at("key.p12");
    let csr = world.desk.write("key.csr", b"mine");
    assert!(world.ask(&key, &[]).ends_with(1).err.contains("writes over nothing"));
    assert!(!world.desk.path("key.p12").exists());
    assert_eq!(fs::read(&csr).unwrap(), b"mine");
    let there = world.desk.write("there.p12", b"mine");
    world.ask(&there, &[]).ends_with(1);
    world.ask(&key, &["--csr", &key]).ends_with(2);
    world.ask(&key, &["--csr", &world.at("nowhere/key.csr")]).ends_with(1);
    // A name that no disk takes.
    world.ask(&key, &["--csr", &world.at(&"k".repeat(300))]).ends_with(4);
    assert!(!world.desk.path("key.p12").exists(), "a key that nobody can ask for is not kept");
    assert!(world.pending().is_empty());

    let other = world.at("other.p12");
    for (wrong, said) in [
        (&["--for", "head"][..], "--organisation"),
        (&["--organisation", "ЖШС", "--bin", "971240001315"], "--for employee"),
        (&["--for", "hr", "--organisation", "ЖШС", "--bin", "12"], "12 digits"),
        (&["--email", "nobody"], "not an e-mail address"),
    ] {
        let refused = world.ask(&other, wrong).ends_with(2);
        assert!(refused.err.contains(said), "{}", refused.err);
    }
    assert!(!world.desk.path("other.p12").exists());
}

#[test]
fn a_mistyped_number_and_a_weak_password_are_told_of() {
    let world = World::new();
    let person = ["--name", "А", "--surname", "Б", "--iin", "123456789011", "--password-stdin"];
    let command = |out: &str, input: &str| {
        world.desk.run(&[&["keys", "request", "--out", &world.at(out)], &person[..]].concat(), input)
    };
    let made = command("a.p12", "short\n").ends_with(0);
    assert!(made.err.contains("IIN 123456789011 does not fit") && made.err.contains("6 to 32"), "{}", made.err);
    // How to begin anew is said with the number of the very request.
    let id = world.desk.run(&["keys", "pending"], "").ends_with(0).out.split_whitespace().next().unwrap().to_owned();
    assert!(
        made.err.contains(&format!(
            "made with 123456789011. If that is a slip, begin anew: tanba keys pending cancel {id}"
        )),
        "{}",
        made.err
    );
    world.desk.run(&["keys", "pending", "cancel", &id], "").ends_with(0);
    let refused = command("b.p12", "\n").ends_with(1);
    assert!(refused.err.contains("has to have a password"), "{}", refused.err);
    assert!(!world.desk.path("b.p12").exists());
    let run = world.desk.run(&[&["keys", "request", "--out", &world.at("c.p12")], &person[..6]].concat(), "Qwerty12\n");
    assert!(run.ends_with(2).err.contains("--password-stdin"));
}

#[test]
fn an_expired_key_does_not_ask_for_its_successor() {
    let world = World::new();
    let key = world.desk.key("expired.p12", &world.desk.nca.expired().unwrap());
    let new = world.at("new.p12");
    let both = format!("{PASSWORD}\n{PASSWORD}\n");
    let refused = world.desk.run(&["keys", "renew", &key, "--out", &new, "--password-stdin"], &both).ends_with(1);
    assert!(refused.err.contains("egov.kz"), "{}", refused.err);
    world.desk.run(&["keys", "renew", &key, "--out", &new, "--password-stdin"], "wrong\n").ends_with(3);
    assert!(!world.desk.path("new.p12").exists() && world.pending().is_empty());
}

#[test]
fn a_revoked_key_does_not_ask_for_its_successor_and_silence_hinders_nothing() {
    let world = World::new();
    let issued = world.desk.nca.person().unwrap();
    let key = world.desk.key("present.p12", &issued);
    let both = format!("{PASSWORD}\n{PASSWORD}\n");
    let renew = |name: &str, more: &[&str]| {
        let new = world.at(name);
        world.desk.run(&[&["keys", "renew", &key, "--out", &new, "--password-stdin"], more].concat(), &both)
    };
    let good = renew("first.p12", &[]).ends_with(0);
    assert!(!good.err.contains("revoked"), "{}", good.err);
    world.revokes(&issued.certificate);
    let refused = renew("second.p12", &[]).ends_with(1);
    for said in ["was revoked on", "egov.kz", "1414"] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    assert!(!world.desk.path("second.p12").exists() && world.pending().len() == 1);
    // Nobody is asked where nobody shall be.
    let offline = renew("third.p12", &["--offline"]).ends_with(0);
    assert!(offline.err.contains("was not asked"), "{}", offline.err);
    // Whoever does not answer is named, and the rest is done.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings =
        format!("language = \"en\"\ntest_environment = true\n[services]\nproxy = \"none\"\nocsp = \"http://{free}\"\n");
    world.desk.write("config/settings.toml", settings.as_bytes());
    let silent = renew("fourth.p12", &[]).ends_with(0);
    assert!(silent.err.contains("could not be found out") && silent.err.contains(&free.to_string()), "{}", silent.err);
}

#[cfg(unix)]
#[test]
fn what_was_asked_for_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    world.ask(&world.at("key.p12"), &[]).ends_with(0);
    let folder = world.desk.path("data/applications");
    let inside = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    for file in [&inside, &world.desk.path("key.p12"), &world.desk.path("key.csr")] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    // One that cannot be understood is set aside, and said.
    fs::write(&inside, "{").unwrap();
    let run = world.desk.run(&["keys", "pending"], "").ends_with(0);
    assert!(run.err.contains("set aside") && run.out.contains("No request waits"), "{}{}", run.out, run.err);
}
