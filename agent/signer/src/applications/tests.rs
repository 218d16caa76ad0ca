//! Requests on disk.

use super::*;
use keystore::{IssuingKey, OsEntropy, PrivateKey, pkcs11::TokenId};
use pki::{NameBuilder, oid, request};

fn asked(name: &str) -> CertificationRequest {
    let key = PrivateKey::generate_gost512(&OsEntropy).unwrap();
    let subject = NameBuilder::new().with(oid::COMMON_NAME, name).build().unwrap();
    let wanted = request::Wanted::new(subject, &[oid::EMAIL_PROTECTION], &[], None);
    request::make(&wanted, &key.public_key().unwrap(), &IssuingKey::new(&key, &OsEntropy).unwrap()).unwrap()
}

fn application(name: &str, at: i64) -> Application {
    Application::new(asked(name), Place::File(PathBuf::from("/кілт.p12")), Timestamp::from_unix(at))
}

fn folder() -> (tempfile::TempDir, Applications) {
    let dir = tempfile::tempdir().unwrap();
    let applications = Applications::at(&dir.path().join("applications"));
    (dir, applications)
}

#[test]
fn a_request_is_kept_found_by_its_key_and_forgotten() {
    let (_dir, applications) = folder();
    assert!(applications.list().unwrap().waiting.is_empty());
    let (first, second) = (application("ЕКІНШІ", 20), application("БІРІНШІ", 10));
    applications.keep(&first).unwrap();
    applications.keep(&second).unwrap();
    let names: Vec<_> = applications.list().unwrap().waiting.into_iter().map(|one| one.subject).collect();
    assert_eq!(names, ["БІРІНШІ", "ЕКІНШІ"], "the oldest first");
    let found = applications.of_key(first.request.public_key()).unwrap().unwrap();
    assert_eq!((found.id.as_str(), &found.place, found.created), (first.id.as_str(), &first.place, first.created));
    assert_eq!(found.request, first.request);
    applications.forget(&first).unwrap();
    applications.forget(&first).unwrap();
    assert!(applications.of_key(first.request.public_key()).unwrap().is_none());
}

#[test]
fn the_authoritys_number_and_a_token_are_kept_too() {
    let (_dir, applications) = folder();
    let token = TokenId { label: "eToken".to_owned(), serial: "0042".to_owned(), ..TokenId::default() };
    let place = Place::Token { token, key: "0a0b".to_owned() };
    let filed = Filed { number: "77".to_owned(), date: "2026-11-27".to_owned() };
    let mut one = Application::new(asked("ТЕСТ"), place.clone(), Timestamp::from_unix(5));
    one.filed = Some(filed.clone());
    applications.keep(&one).unwrap();
    let found = applications.named(&one.id[..4]).unwrap();
    assert_eq!((found.len(), &found[0].place, &found[0].filed), (1, &place, &Some(filed)));
    assert_eq!(place.label(), "eToken (0042)");
}

#[test]
fn what_cannot_be_understood_is_set_aside_and_the_others_are_read() {
    let (_dir, applications) = folder();
    let (good, other) = (application("ЖАҚСЫ", 1), application("БАСҚА", 2));
    applications.keep(&good).unwrap();
    let text = String::from_utf8(on_disk::write(&other).unwrap()).unwrap();
    let changed = [
        ("000000000001", "{".to_owned()),
        // Under another request's name.
        ("000000000002", text.clone()),
        (other.id.as_str(), text.replace("БАСҚА", "БӨТЕН")),
        ("000000000003", "x".repeat(300_000)),
    ];
    for (name, text) in &changed {
        fs::write(applications.path_of(name), text).unwrap();
    }
    fs::write(applications.folder.join("notes.txt"), "mine").unwrap();
    let found = applications.list().unwrap();
    assert_eq!((found.waiting.len(), found.aside.len()), (1, 4));
    assert!(found.aside.iter().all(|path| path.is_file() && path.extension().unwrap() == "damaged"));
    assert!(applications.list().unwrap().aside.is_empty(), "once");
    assert!(applications.folder.join("notes.txt").is_file());
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_can_read_costs_no_other_request() {
    let (_dir, applications) = folder();
    let good = application("ЖАҚСЫ", 1);
    applications.keep(&good).unwrap();
    // Whoever may read everything can still not read these.
    std::os::unix::fs::symlink("/nowhere", applications.path_of("000000000001")).unwrap();
    fs::create_dir(applications.path_of("000000000002")).unwrap();
    std::os::unix::fs::symlink(applications.path_of("000000000003"), applications.path_of("000000000003")).unwrap();
    let found = applications.list().unwrap();
    assert_eq!((found.waiting.len(), found.aside.len()), (1, 3));
    assert!(applications.of_key(good.request.public_key()).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_what_was_asked_for_and_no_key_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_dir, applications) = folder();
    let one = application("ТЕСТ", 1);
    applications.keep(&one).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&applications.folder), mode(&applications.path_of(&one.id))), (0o700, 0o600));
}
