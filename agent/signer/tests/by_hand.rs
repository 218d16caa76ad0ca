//! What a person does without a page, from the wish to what they are told, with a script in their place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::demo;
use pki::{Certificate, Timestamp, issue::Profile, oid, request::CertificationRequest};
use script::tokens::{PIN, Rack, Stick};
use script::{Home, NOW, PASSWORD, Script, Step, add, agree, cancel, chooses, decide, does, questions, said};
use signer::{
    applications::{Application, Applications, Place},
    carry_out::{Draft, Fulfilled, Wish},
    known_tokens::KnownTokens,
    life::blocked::{Blocked, Why},
    window::{Asker, Entry, Event, Field, Filled, Fit, PasswordState, Question, Report, View, Warning},
};
use std::{fs, path::PathBuf, rc::Rc};
use test_nca::TestNca;

fn fills() -> Step {
    let text = |field, text: &str| (field, Entry::Text(text.to_owned()));
    let entries = vec![text(Field::Surname, "Тестова"), text(Field::Name, "Айгүл"), text(Field::Iin, "123456789013")];
    does(move || Event::Filled(Filled(entries.clone())))
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

/// What is said to be wrong with the file that was chosen before.
fn warnings(view: &View) -> Vec<&'static str> {
    let id = |warning: &Warning| match warning {
        Warning::File(sentence) => sentence.id,
        other => panic!("{other:?}"),
    };
    view.warnings.iter().map(id).collect()
}

fn waiting(home: &Home) -> Vec<Application> {
    Applications::of(&home.places).list().unwrap().waiting
}

fn request(home: &mut Home, steps: Vec<Step>) -> (Fulfilled, Script) {
    let mut person = Script::new(steps);
    let done = home.fulfil(&Wish::Request(Draft::default()), &mut person);
    assert!(person.seen.views.iter().all(|view| matches!(view.asker, Asker::Yourself)), "no page asks");
    (done, person)
}

fn lose(home: &mut Home, steps: Vec<Step>) -> (Fulfilled, Script) {
    home.places.create().unwrap();
    let mut person = Script::new(steps);
    (home.fulfil(&Wish::Lost(Why::Lost), &mut person), person)
}

fn blocked(home: &Home) -> Blocked {
    Blocked::load(home.places.data()).unwrap()
}

#[test]
fn a_request_lies_in_a_file_beside_its_key_and_the_form_comes_back_as_it_was_filled() {
    let mut home = Home::new();
    let (done, person) = request(&mut home, vec![fills(), back(), fills(), decide(0, PASSWORD), agree()]);
    assert_eq!(done, Fulfilled::Done);
    assert_eq!(questions(&person.seen), ["apply", "new-key", "apply", "new-key", "own-request-done"]);
    let Question::Apply(again) = &person.seen.views[2].question else { panic!("no form") };
    let surname = again.rows.iter().flatten().find(|line| line.field == Field::Surname).unwrap();
    assert_eq!(surname.entry, Entry::Text("Тестова".to_owned()));

    let waiting = waiting(&home);
    let Place::File(key) = &waiting[0].place else { panic!("no file") };
    let (_, file) = report(&person).file.clone().unwrap();
    assert_eq!((waiting.len(), &file), (1, &key.with_extension("csr")));
    let request = CertificationRequest::from_pem_or_der(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(request.der(), waiting[0].request.der());
    assert_eq!(request.verify(), Ok(()));
    assert_eq!(request.subject().to_dn_string(), "CN=ТЕСТОВА АЙГҮЛ,SURNAME=ТЕСТОВА,SERIALNUMBER=IIN123456789013,C=KZ");
}

#[test]
fn who_closes_a_window_before_the_end_has_done_nothing() {
    let mut home = Home::new();
    let before = fs::read_dir(home.dir.path()).unwrap().count();
    assert_eq!(request(&mut home, vec![cancel()]).0, Fulfilled::Left);
    assert_eq!(request(&mut home, vec![fills(), cancel()]).0, Fulfilled::Left);
    assert!(waiting(&home).is_empty());
    assert_eq!(fs::read_dir(home.dir.path()).unwrap().count(), before);
    let mut home = Home::with_known_key();
    assert_eq!(lose(&mut home, vec![cancel()]).0, Fulfilled::Left);
    assert!(blocked(&home).keys().is_empty());
    let mut person = Script { no_window: Some("no screen".to_owned()), ..Script::default() };
    let done = home.fulfil(&Wish::Import(None), &mut person);
    assert_eq!(done, Fulfilled::Failed("no screen".to_owned()));
}

#[test]
fn a_request_of_a_token_s_key_lies_among_the_documents() {
    let mut home = Home::new();
    let stick = Stick::that_makes("Айгүл", home.dir.path(), &[keystore::NewKey::Gost512]);
    home.tokens = Rc::new(Rack::of(vec![stick]));
    let (done, person) = request(&mut home, vec![fills(), decide(1, "0000"), decide(1, PIN), agree()]);
    assert_eq!((done, said(&person.seen.problems)), (Fulfilled::Done, vec!["wrong-pin"]));
    let (_, file) = report(&person).file.clone().unwrap();
    assert!(file.is_file() && file.starts_with(home.dir.path()), "{}", file.display());
    assert!(matches!(waiting(&home)[0].place, Place::Token { .. }));
}

/// What the authority issues for the request that waits, in a file.
fn issued(home: &mut Home) -> (PathBuf, Certificate) {
    let nca = TestNca::new(Timestamp::from_unix(NOW)).unwrap();
    home.authority = nca.authority().clone();
    let request = waiting(home).remove(0).request;
    let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
    let (from, to) = (Timestamp::from_unix(NOW), Timestamp::from_unix(NOW).plus_days(365));
    let own = nca.certify_public(request.public_key(), request.subject().clone(), profile, from, to).unwrap();
    let file = home.dir.path().join("came.cer");
    fs::write(&file, own.der()).unwrap();
    (file, own)
}

#[test]
fn a_certificate_finds_the_key_that_waits_and_another_file_is_asked_for_again() {
    let mut home = Home::new();
    request(&mut home, vec![fills(), decide(0, PASSWORD), agree()]);
    let (file, own) = issued(&mut home);
    let (letter, stranger) = (home.dir.path().join("letter.txt"), home.dir.path().join("stranger.cer"));
    fs::write(&letter, "No certificate.").unwrap();
    fs::write(&stranger, home.certificate.der()).unwrap();
    let steps = vec![
        chooses(&letter),
        chooses(&stranger),
        chooses(&home.dir.path().join("none.cer")),
        chooses(&file),
        decide(0, "wrong"),
        decide(0, PASSWORD),
        agree(),
    ];
    let mut person = Script::new(steps);
    assert_eq!(home.fulfil(&Wish::Import(None), &mut person), Fulfilled::Done);
    let warned: Vec<_> = person.seen.views[..5].iter().flat_map(warnings).collect();
    assert_eq!(warned, ["keys-import-not-a-certificate", "own-import-no-request", "cli-file-missing"]);
    assert_eq!(said(&person.seen.problems), ["wrong-password"]);
    assert_eq!(report(&person).done, "own-import-done");
    assert!(waiting(&home).is_empty());
    assert_eq!(home.known.files()[0].certificates, [own]);

    // It was put in: a file that was named on the command line is asked for again too.
    let mut person = Script::new(vec![cancel()]);
    assert_eq!(home.fulfil(&Wish::Import(Some(file)), &mut person), Fulfilled::Left);
    assert_eq!(person.seen.views[0].warnings.len(), 1);
}

#[test]
fn a_certificate_that_speaks_against_itself_is_not_put_in_and_it_is_said_why() {
    let mut home = Home::new();
    request(&mut home, vec![fills(), decide(0, PASSWORD), agree()]);
    let known = home.authority.clone();
    let (file, _) = issued(&mut home);
    home.authority = known;
    let mut person = Script::new(vec![chooses(&file), cancel()]);
    assert_eq!(home.fulfil(&Wish::Import(None), &mut person), Fulfilled::Left);
    assert_eq!(warnings(&person.seen.views[1]), ["keys-import-unknown-authority", "own-import-anyway"]);
    assert_eq!(waiting(&home).len(), 1, "it still waits");
}

#[test]
fn a_lost_key_is_blocked_at_once_and_signs_only_for_its_own_end() {
    let mut home = Home::with_known_key();
    let why = Filled(vec![(Field::Why, Entry::Choice { of: &[], chosen: 1 })]);
    let filled = does(move || Event::Filled(why.clone()));
    let data = home.places.data().to_owned();
    let looks: Step = Box::new(move |_| {
        assert_eq!(Blocked::load(&data).unwrap().keys().len(), 1, "it is blocked before anything else is asked");
        script::agree()(&[])
    });
    let steps = vec![filled, decide(0, ""), looks, back(), agree(), decide(0, "wrong"), decide(0, PASSWORD), agree()];
    let (done, person) = lose(&mut home, steps);
    assert_eq!(done, Fulfilled::Done);
    assert_eq!(
        questions(&person.seen),
        ["lost", "own-lost-done", "revoke", "own-lost-done", "revoke", "own-revoke-done"]
    );
    assert_eq!(person.seen.views[0].keys[0].password, PasswordState::Given, "nothing is opened to give it up");
    assert_eq!(said(&person.seen.problems), ["wrong-password"]);
    assert_eq!(blocked(&home).find(&home.certificate).unwrap().why, Why::Stolen);
    let (_, file) = report(&person).file.clone().unwrap();
    let request = signature::cms::verify(&fs::read(&file).unwrap(), None).unwrap();
    assert_eq!(request.signers[0].certificate.as_ref(), Some(&home.certificate));

    // Closed after it was blocked, it stays so; and its owner may take it back.
    let (done, person) = lose(&mut home, vec![decide(0, ""), agree(), cancel()]);
    assert_eq!((done, questions(&person.seen)[1]), (Fulfilled::Done, "own-lost-done-before"));
    assert!(blocked(&home).has(&home.certificate));
    let (done, person) = lose(&mut home, vec![decide(0, ""), does(|| Event::Undo), agree()]);
    assert_eq!((done, report(&person).done), (Fulfilled::Done, "own-lost-undone"));
    assert!(!blocked(&home).has(&home.certificate));
}

#[test]
fn a_key_that_is_gone_can_be_given_up_and_asks_for_nothing() {
    let mut home = Home::with_known_key();
    fs::remove_file(&home.key).unwrap();
    let (done, person) = lose(&mut home, vec![decide(0, ""), cancel()]);
    assert_eq!((done, report(&person).go_on), (Fulfilled::Done, None));
    assert!(blocked(&home).has(&home.certificate));

    // So can one on a token that is not plugged in, and one of which there is only the certificate.
    let mut home = Home::new();
    let token = keystore::pkcs11::TokenId { label: "Айгүл".to_owned(), ..Default::default() };
    let mut known: KnownTokens = home.known.of_tokens().unwrap();
    known.remember(&token, std::slice::from_ref(&home.certificate)).unwrap();
    let password = keystore::Password::new("x".to_owned()).unwrap();
    let other = demo::make(Timestamp::from_unix(NOW), &password).unwrap().certificate;
    let file = home.dir.path().join("other.cer");
    fs::write(&file, other.der()).unwrap();
    let (done, person) = lose(&mut home, vec![decide(0, ""), cancel()]);
    assert_eq!((done, report(&person).go_on), (Fulfilled::Done, None));
    assert_eq!(person.seen.views[0].keys[0].fit, Fit::Fits);
    let (done, person) = lose(&mut home, vec![add(&file), decide(1, ""), cancel()]);
    assert_eq!((done, report(&person).go_on), (Fulfilled::Done, None));
    assert!(blocked(&home).has(&home.certificate) && blocked(&home).has(&other));
}

#[test]
fn a_key_that_cannot_be_blocked_is_not_said_to_be() {
    let mut home = Home::with_known_key();
    home.places.create().unwrap();
    fs::write(home.places.data().join("blocked.json"), "{").unwrap();
    let (done, person) = lose(&mut home, vec![decide(0, ""), cancel()]);
    assert_eq!((done, said(&person.seen.problems)), (Fulfilled::Left, vec!["error-not-blocked"]));
}
