//! A person takes care of a key file in windows: it is brought into the list, gets another password, is copied.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::{OpenError, open};
use script::{Home, PASSWORD, Script, Step, add, agree, cancel, decide, does, questions, said};
use signer::{
    carry_out::{Fulfilled, Wish},
    window::{Busy, Event, Question, Report},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const NEW: &str = "Another-1-password";

fn does_it(home: &mut Home, wish: &Wish, steps: Vec<Step>) -> (Fulfilled, Script) {
    let mut person = Script::new(steps);
    (home.fulfil(wish, &mut person), person)
}

fn back() -> Step {
    does(|| Event::Back)
}

fn report(person: &Script) -> &Report {
    match &person.seen.views.last().unwrap().question {
        Question::Done(report) => report,
        other => panic!("another question: {other:?}"),
    }
}

fn made(person: &Script) -> PathBuf {
    report(person).file.clone().unwrap().1
}

fn opens_with(file: &Path, password: &str) -> bool {
    let password = keystore::Password::new(password.to_owned()).unwrap();
    match open(&fs::read(file).unwrap(), &password) {
        Ok(_) => true,
        Err(OpenError::WrongPassword) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_key_file_is_on_the_list_with_its_certificates_once_its_password_was_right() {
    let mut home = Home::new();
    let wish = Wish::Add(home.key.clone());
    let (done, _) = does_it(&mut home, &wish, vec![cancel()]);
    assert_eq!((done, home.known.files().len()), (Fulfilled::Left, 0));
    let (done, person) = does_it(&mut home, &wish, vec![decide(0, "wrong"), decide(0, PASSWORD)]);
    assert_eq!((done, questions(&person.seen)), (Fulfilled::Done, vec!["add"]));
    assert_eq!(said(&person.seen.problems), ["wrong-password"]);
    let known = &home.known.files()[0];
    assert_eq!((&known.path, &known.certificates), (&home.key, &vec![home.certificate.clone()]));
}

#[test]
fn a_file_gets_another_password_and_what_is_wrong_on_the_way_changes_nothing() {
    let mut home = Home::with_known_key();
    let wish = Wish::ChangePassword(home.key.clone());
    let before = fs::read(&home.key).unwrap();
    for steps in [
        vec![cancel()],
        vec![decide(0, "wrong"), cancel()],
        vec![decide(0, PASSWORD), cancel()],
        vec![decide(0, PASSWORD), back(), cancel()],
        vec![decide(0, PASSWORD), decide(0, PASSWORD), cancel()],
        vec![decide(0, PASSWORD), decide(0, ""), cancel()],
    ] {
        let (done, _) = does_it(&mut home, &wish, steps);
        assert_eq!(done, Fulfilled::Left);
        assert_eq!(fs::read(&home.key).unwrap(), before);
    }
    let steps = vec![
        decide(0, "wrong"),
        decide(0, PASSWORD),
        back(),
        decide(0, PASSWORD),
        decide(0, PASSWORD),
        decide(0, NEW),
        agree(),
    ];
    let (done, person) = does_it(&mut home, &wish, steps);
    assert_eq!(done, Fulfilled::Done);
    assert_eq!(questions(&person.seen), ["change", "renew", "change", "renew", "own-password-done"]);
    assert_eq!(said(&person.seen.problems), ["wrong-password", "life-password-same"]);
    assert!(person.seen.busy.contains(&Busy::Writing));
    assert!(opens_with(&home.key, NEW) && !opens_with(&home.key, PASSWORD));
    assert_eq!(report(&person).next.len(), 1, "other programs take it");
    assert_eq!(home.known.files()[0].certificates, [home.certificate.clone()]);
}

#[test]
fn a_password_that_other_programs_refuse_is_taken_with_a_word_about_it() {
    let mut home = Home::with_known_key();
    let wish = Wish::ChangePassword(home.key.clone());
    let (_, person) = does_it(&mut home, &wish, vec![decide(0, PASSWORD), decide(0, "қысқа"), agree()]);
    let next: Vec<_> = report(&person).next.iter().map(|one| one.id).collect();
    assert_eq!(next, ["own-password-elsewhere", "keys-password-rule"]);
    assert!(opens_with(&home.key, "қысқа"));
}

#[test]
fn a_file_that_was_changed_or_went_away_between_the_windows_is_said_to_be_another() {
    let mut home = Home::with_known_key();
    let (key, octets) = (home.key.clone(), fs::read(&home.key).unwrap());
    let file = key.clone();
    let replaced: Step = Box::new(move |keys| {
        fs::remove_file(&file).unwrap();
        decide(0, NEW)(keys)
    });
    let wish = Wish::ChangePassword(key.clone());
    let (done, person) = does_it(&mut home, &wish, vec![decide(0, PASSWORD), replaced, cancel()]);
    assert_eq!((done, person.seen.problems.len(), key.exists()), (Fulfilled::Left, 1, false));

    // Who has moved the file says where it is.
    let moved = home.dir.path().join("moved.p12");
    fs::write(&moved, octets).unwrap();
    let steps = vec![add(&moved), decide(0, PASSWORD), decide(0, NEW), agree()];
    let (done, person) = does_it(&mut home, &wish, steps);
    assert_eq!((done, made(&person)), (Fulfilled::Done, moved.canonicalize().unwrap()));
    assert!(opens_with(&moved, NEW));
}

#[test]
fn a_backup_goes_to_a_place_of_the_persons_choice_under_its_own_password_and_over_nothing() {
    let mut home = Home::with_known_key();
    let before = fs::read(&home.key).unwrap();
    let usb = home.dir.path().join("usb");
    fs::create_dir(&usb).unwrap();
    let taken = usb.join("taken.p12");
    fs::write(&taken, "x").unwrap();
    let steps = vec![
        decide(0, "wrong"),
        decide(0, PASSWORD),
        add(&taken),
        add(&home.dir.path().join("none/copy.p12")),
        add(&usb),
        decide(0, NEW),
        agree(),
    ];
    let wish = Wish::BackUp(home.key.clone());
    let (done, person) = does_it(&mut home, &wish, steps);
    assert_eq!(done, Fulfilled::Done);
    assert_eq!(questions(&person.seen), ["back-up", "backup", "own-backup-done"]);
    assert_eq!(said(&person.seen.problems), ["wrong-password", "error-new-file-there", "error-not-written"]);
    let copy = made(&person);
    assert!(copy.starts_with(&usb) && opens_with(&copy, NEW) && !opens_with(&copy, PASSWORD));
    assert_eq!((fs::read(&home.key).unwrap(), fs::read(&taken).unwrap()), (before, b"x".to_vec()));
    assert_eq!(home.known.files().len(), 1, "a copy that is kept elsewhere is not signed with");

    // The second one of the day is offered another name.
    let (_, first) = does_it(&mut home, &wish, vec![decide(0, PASSWORD), decide(0, NEW), agree()]);
    let (_, second) = does_it(&mut home, &wish, vec![decide(0, PASSWORD), decide(0, NEW), agree()]);
    assert_ne!(made(&first), made(&second));
}

#[test]
fn a_place_that_was_taken_meanwhile_is_left_alone_and_another_one_can_be_chosen() {
    let mut home = Home::with_known_key();
    let (place, other) = (home.dir.path().join("copy.p12"), home.dir.path().join("other.p12"));
    let taken = place.clone();
    let meanwhile: Step = Box::new(move |keys| {
        fs::write(&taken, "x").unwrap();
        decide(0, NEW)(keys)
    });
    let steps = vec![decide(0, PASSWORD), add(&place), meanwhile, add(&other), decide(0, NEW), agree()];
    let wish = Wish::BackUp(home.key.clone());
    let (done, person) = does_it(&mut home, &wish, steps);
    assert_eq!((done, said(&person.seen.problems)), (Fulfilled::Done, vec!["life-occupied"]));
    assert_eq!((fs::read(&place).unwrap(), made(&person)), (b"x".to_vec(), other));
}

#[test]
fn a_file_with_todays_protection_is_made_beside_the_old_one() {
    let mut home = Home::with_known_key();
    let before = fs::read(&home.key).unwrap();
    let wish = Wish::Modernise(home.key.clone());
    let (done, person) = does_it(&mut home, &wish, vec![decide(0, "wrong"), decide(0, PASSWORD), agree()]);
    assert_eq!((done, said(&person.seen.problems)), (Fulfilled::Done, vec!["wrong-password"]));
    let new = made(&person);
    assert_eq!(new, home.dir.path().join("GOST512_test.modern.p12"));
    assert!(opens_with(&new, PASSWORD));
    assert_eq!(keystore::weaknesses(&fs::read(&new).unwrap()).unwrap(), []);
    assert_eq!(fs::read(&home.key).unwrap(), before);
}
