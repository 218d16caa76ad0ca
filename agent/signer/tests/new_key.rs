//! A page asks for a new key, and brings its certificate: from an order to an outcome, with a script in the person's place
//! and key files and tokens that are real enough to sign.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::{KeyFile, KeyStore, NewKey, Password, pkcs11::Tries};
use order::{Content, FailureCode, KeyUse, NewKeyTask, Outcome, SiteChoice, StorageName, Task};
use pki::{Certificate, Role, Timestamp, issue::Profile, oid, request::CertificationRequest};
use script::tokens::{PIN, Rack, Stick};
use script::{
    Home, NOW, PASSWORD, Script, Step, add, brought, cancel, decide, does, failure, of_person, questions, refused,
    requested, said, sign, signatures,
};
use signer::{
    applications::{Applications, Place},
    carry_out::{Done, Input},
    window::{Busy, Detail, Event, Fit, KeyRow, PasswordState, Place as Shown, Problem, Question, Reason, Value},
};
use std::{fs, path::Path, rc::Rc};
use test_nca::TestNca;

/// A home whose authority issues what is asked for.
struct World {
    nca: TestNca,
    home: Home,
}

impl World {
    fn new() -> Self {
        Self::with_tokens(|_| Vec::new())
    }

    fn with_tokens(make: impl FnOnce(&Path) -> Vec<Stick>) -> Self {
        let nca = TestNca::new(Timestamp::from_unix(NOW)).unwrap();
        let mut home = Home::new();
        home.authority = nca.authority().clone();
        home.tokens = Rc::new(Rack::of(make(home.dir.path())));
        Self { nca, home }
    }

    fn waiting(&self) -> Vec<signer::applications::Application> {
        Applications::of(&self.home.places).list().unwrap().waiting
    }

    fn ask(&mut self, task: NewKeyTask, steps: Vec<Step>) -> (Done, Script) {
        let mut person = Script::new(steps);
        let done = self.home.carry_out(Task::NewKey(Box::new(task)), &mut person);
        (done, person)
    }

    fn bring(&mut self, certificates: Vec<Vec<u8>>, steps: Vec<Step>) -> (Done, Script) {
        let mut person = Script::new(steps);
        let done = self.home.carry_out(brought(certificates), &mut person);
        (done, person)
    }

    /// What the authority issues for a request.
    fn issued(&self, request: &CertificationRequest) -> Certificate {
        let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
        let (from, to) = (Timestamp::from_unix(NOW), Timestamp::from_unix(NOW).plus_days(365));
        self.nca.certify_public(request.public_key(), request.subject().clone(), profile, from, to).unwrap()
    }
}

fn file_of(row: &KeyRow) -> &Path {
    match &row.place {
        Shown::NewFile(path) | Shown::File(path) => path,
        other => panic!("no file: {other:?}"),
    }
}

fn details(person: &Script) -> Vec<Detail> {
    match &person.seen.view.as_ref().unwrap().question {
        Question::NewKey { details, .. } | Question::Install { details } => details.clone(),
        other => panic!("another question: {other:?}"),
    }
}

fn says(details: &[Detail], label: &str, value: &Value) -> bool {
    details.iter().any(|detail| detail.label == label && detail.values.contains(value))
}

#[test]
fn a_key_is_made_in_a_new_file_and_its_certificate_makes_it_sign() {
    let mut world = World::new();
    let (done, person) = world.ask(of_person(), vec![decide(0, PASSWORD)]);
    let (told, request) = requested(&done);
    assert_eq!(told.name, "ТЕСТОВА АЙГҮЛ");
    assert_eq!(
        request.subject().to_dn_string(),
        "CN=ТЕСТОВА АЙГҮЛ,SURNAME=ТЕСТОВА,SERIALNUMBER=IIN123456789011,C=KZ,GIVENNAME=ТЕСТҚЫЗЫ,E=test@example.kz"
    );
    assert_eq!(request.extended_key_usage(), [oid::EMAIL_PROTECTION, Role::Person.oid()]);
    assert_eq!(request.email(), Some("test@example.kz"));
    assert_eq!((questions(&person.seen), person.seen.closed), (vec!["new-key"], true));
    assert_eq!(person.seen.busy, [Busy::Making]);

    let row = &person.seen.keys[0];
    assert_eq!((&row.fit, row.password), (&Fit::Fits, PasswordState::New));
    let file = file_of(row).to_owned();
    assert_eq!(file.file_name().unwrap().to_str().unwrap(), "GOST512_ТЕСТОВА_2026-11-23.p12");
    let lines = details(&person);
    for (label, value) in [("name", "ТЕСТОВА АЙГҮЛ"), ("iin", "123456789011"), ("email", "test@example.kz")]
    {
        assert!(says(&lines, &format!("window-detail-{label}"), &Value::Text(value.to_owned())), "{label}");
    }
    assert!(says(&lines, "window-detail-use", &Value::Words("window-use-signing")));
    assert!(says(&lines, "window-detail-role", &Value::Words("window-role-person")));
    assert!(says(&lines, "window-detail-algorithm", &Value::Words("window-algorithm-gost512")));
    let waiting = world.waiting();
    assert_eq!((waiting.len(), &waiting[0].id), (1, &told.id));
    assert_eq!(waiting[0].place, Place::File(file.clone()));

    // The certificate comes in a bundle with its issuer's.
    let own = world.issued(&request);
    let bundle = vec![world.nca.authority().der().to_vec(), own.der().to_vec()];
    let steps = vec![decide(0, "wrong"), decide(0, PASSWORD)];
    let (done, person) = world.bring(bundle, steps);
    let Outcome::Imported(key) = &done.outcome else { panic!("{:?}", done.outcome) };
    assert_eq!(key.certificate, own.der());
    assert_eq!(said(&person.seen.problems), ["wrong-password"]);
    assert_eq!((questions(&person.seen), person.seen.busy[1]), (vec!["install"], Busy::Installing));
    assert_eq!((person.seen.keys.len(), file_of(&person.seen.keys[0])), (1, file.as_path()));
    let lines = details(&person);
    assert!(says(&lines, "window-detail-name", &Value::Text("ТЕСТОВА АЙГҮЛ".to_owned())));
    assert!(says(&lines, "window-detail-standing", &Value::Words("window-standing-test")), "{lines:?}");
    assert!(world.waiting().is_empty(), "it waits no longer");
    assert_eq!(world.home.known.files()[0].path, file);

    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let made = signatures(&world.home.carry_out(sign(&[b"x"], Content::Attached), &mut person)).remove(0);
    assert!(signature::cms::verify(&made, None).unwrap().signers[0].problems.is_empty());
}

#[test]
fn the_roles_that_the_page_names_are_asked_for_as_they_stand_and_shown() {
    let mut world = World::new();
    let mut task = of_person();
    task.key_use = KeyUse::Authentication;
    task.subject.organisation = "ТОО ТЕСТ".to_owned();
    task.subject.bin = "123456789021".to_owned();
    let (done, _) = world.ask(task.clone(), vec![decide(0, PASSWORD)]);
    assert_eq!(requested(&done).1.extended_key_usage(), [oid::CLIENT_AUTH, Role::Organisation.oid()]);

    task.roles = vec![Role::Head.oid().to_string(), "1.2.3.4.5".to_owned()];
    let (done, person) = world.ask(task, vec![decide(0, PASSWORD)]);
    let asked: Vec<String> = requested(&done).1.extended_key_usage().iter().map(ToString::to_string).collect();
    assert_eq!(asked, [oid::CLIENT_AUTH.to_string(), Role::Head.oid().to_string(), "1.2.3.4.5".to_owned()]);
    let lines = details(&person);
    assert!(says(&lines, "window-detail-use", &Value::Words("window-use-login")));
    assert!(says(&lines, "window-detail-role", &Value::Words("window-role-head")));
    assert!(says(&lines, "window-detail-role", &Value::Text("1.2.3.4.5".to_owned())), "nothing is hidden");
    // The second key has a file of its own.
    assert!(file_of(&person.seen.keys[0]).to_str().unwrap().ends_with("_2.p12"));
}

#[test]
fn what_cannot_be_asked_for_is_refused_before_a_window_opens() {
    let mut world = World::new();
    let wrong: [fn(&mut NewKeyTask); 6] = [
        |task| task.subject.common_name.clear(),
        |task| task.subject.iin = "12345678901x".to_owned(),
        |task| task.subject.bin = "1".to_owned(),
        |task| task.subject.email = "почта@example.kz".to_owned(),
        |task| task.roles = vec!["not an OID".to_owned()],
        |task| task.roles = vec!["1.2.3".to_owned(); 33],
    ];
    for change in wrong {
        let mut task = of_person();
        change(&mut task);
        assert_eq!(refused(&mut world.home, Task::NewKey(Box::new(task))).0, FailureCode::InvalidRequest);
    }
    assert!(world.waiting().is_empty());
}

#[test]
fn another_place_is_taken_and_a_file_that_is_there_is_left_alone() {
    let mut world = World::new();
    let folder = world.home.dir.path().to_owned();
    let (there, mine) = (folder.join("there.p12"), folder.join("mine"));
    fs::write(&there, "somebody's").unwrap();
    let steps = vec![add(&there), add(&folder.join("none/a.p12")), add(&mine), decide(0, PASSWORD)];
    let (done, person) = world.ask(of_person(), steps);
    requested(&done);
    assert_eq!(said(&person.seen.problems), ["error-new-file-there", "error-not-written"]);
    assert_eq!(fs::read(&there).unwrap(), b"somebody's");
    assert!(mine.with_extension("p12").is_file(), "with the ending that other programs look for");

    // Somebody took the name while the window was open.
    let next = folder.join("next.p12");
    let taken = next.clone();
    let takes: Step = Box::new(move |_| {
        fs::write(&taken, "somebody's").unwrap();
        Input::Waiting(0)
    });
    let (done, person) = world.ask(of_person(), vec![add(&next), takes, decide(0, PASSWORD), cancel()]);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-new-file-there"]);
    assert_eq!(fs::read(&next).unwrap(), b"somebody's");
    assert_eq!(world.waiting().len(), 1);
}

#[test]
fn a_no_before_the_key_is_made_makes_nothing_and_one_after_it_is_too_late() {
    let mut world = World::new();
    let made = |world: &World| fs::read_dir(world.home.dir.path()).unwrap().count();
    let before = made(&world);
    let (done, _) = world.ask(of_person(), vec![cancel()]);
    assert_eq!(done.outcome, Outcome::Cancelled);
    let (done, _) = world.ask(of_person(), vec![does(|| Event::BlockSite)]);
    assert_eq!((done.outcome, done.site), (Outcome::Cancelled, Some(SiteChoice::Block)));
    // The page goes while the password is typed, and just as the button is pressed.
    let (done, person) = world.ask(of_person(), vec![Box::new(|_| Input::Withdrawn)]);
    assert_eq!((done.outcome, person.seen.page_gone), (Outcome::Cancelled, true));
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    person.meanwhile.push_back(Input::Withdrawn);
    let done = world.home.carry_out(Task::NewKey(Box::new(of_person())), &mut person);
    assert_eq!((done.outcome, person.seen.page_gone), (Outcome::Cancelled, true));
    // It has gone before a window opens.
    let mut person = Script { is_gone: Some(Box::new(|| true)), ..Script::default() };
    let done = world.home.carry_out(Task::NewKey(Box::new(of_person())), &mut person);
    assert_eq!((done.outcome, person.seen.views.len()), (Outcome::Cancelled, 0));
    assert!(world.waiting().is_empty());
    assert_eq!(made(&world), before, "no file was made");

    // Looked for once before the key is made; the second look is after it.
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let mut looks = 0;
    person.hears = Some(Box::new(move || {
        looks += 1;
        (looks == 2).then_some(Input::Withdrawn)
    }));
    let done = world.home.carry_out(Task::NewKey(Box::new(of_person())), &mut person);
    assert_eq!(world.waiting()[0].id, requested(&done).0.id, "what was made is told");
}

#[test]
fn a_key_is_made_on_a_token_with_its_pin_and_the_certificate_goes_there_too() {
    let mut world = World::with_tokens(|dir| {
        let unset = Stick::that_makes("Unset", dir, &[NewKey::Gost512]);
        unset.pin_is_set.set(false);
        let locked = Stick::that_makes("Locked", dir, &[NewKey::Gost512]);
        locked.tries.set(Tries::None);
        vec![
            Stick::that_makes("Aliya", dir, &[NewKey::Gost512]),
            Stick::that_makes("Rsa", dir, &[NewKey::Rsa2048]),
            Stick::that_makes("Protected", dir, &[]),
            unset,
            locked,
        ]
    });
    let steps = vec![decide(1, ""), decide(1, "1111"), decide(1, PIN)];
    let (done, person) = world.ask(of_person(), steps);
    let (told, request) = requested(&done);
    let fits: Vec<_> = person.seen.view.as_ref().unwrap().keys.iter().map(|row| row.fit.clone()).collect();
    let unfit = |reason| Fit::Unfit(vec![reason]);
    let reasons = [Reason::CannotMake, Reason::NotWritable, Reason::PinNotSet, Reason::PinLocked].map(unfit);
    assert_eq!(fits, [vec![Fit::Fits, Fit::Fits], reasons.to_vec()].concat());
    assert_eq!(said(&person.seen.problems), ["window-missing-pin", "wrong-pin"]);
    assert_eq!(person.seen.problems[1], Problem::WrongPin(Tries::Low));
    let stick = world.home.tokens.stick(0);
    assert_eq!(*stick.logins.borrow(), ["1111", PIN], "making the key and signing its request take one login");
    assert!(matches!(&world.waiting()[0].place, Place::Token { token, .. } if *token == stick.id));
    assert_eq!(world.home.tokens.watchers.get(), 0, "nobody watches without a window");

    // It is away when the certificate comes, and then it is plugged in.
    let own = world.issued(&request);
    stick.is_in.set(false);
    let back = Rc::clone(&stick);
    let returns: Step = Box::new(move |keys| {
        assert_eq!(keys[0].fit, Fit::Unfit(vec![Reason::TokenGone]));
        back.is_in.set(true);
        Input::TokensChanged
    });
    let (done, person) = world.bring(vec![own.der().to_vec()], vec![returns, decide(0, "0000"), decide(0, PIN)]);
    assert!(matches!(&done.outcome, Outcome::Imported(key) if key.certificate == own.der()), "{:?}", done.outcome);
    assert_eq!(said(&person.seen.problems), ["wrong-pin"]);
    assert_eq!(*stick.logins.borrow(), ["1111", PIN, "0000", PIN], "the certificate is put in and tried in one login");
    assert!(world.waiting().is_empty(), "{} waits no longer", told.id);
    assert!(world.home.known.files().is_empty(), "tokens show by themselves and are not remembered");
}

#[test]
fn only_the_storages_that_the_page_allows_are_offered() {
    let mut world = World::with_tokens(|dir| {
        vec![Stick { storage: Some("AKKaztokenStore"), ..Stick::that_makes("Aliya", dir, &[NewKey::Gost512]) }]
    });
    let fits = |storages: Vec<StorageName>, world: &mut World| {
        let (_, person) = world.ask(NewKeyTask { storages, ..of_person() }, vec![cancel()]);
        person.seen.keys.iter().map(|row| row.fit == Fit::Fits).collect::<Vec<_>>()
    };
    let kaztoken = StorageName::from_name("AKKaztokenStore").unwrap();
    assert_eq!(fits(vec![StorageName::Pkcs12], &mut world), [true, false]);
    assert_eq!(fits(vec![kaztoken], &mut world), [false, true]);
    assert_eq!(fits(vec![kaztoken, StorageName::Pkcs12], &mut world), [true, true]);
    // A row that the page does not allow makes nothing, whatever is pressed.
    let (done, _) =
        world.ask(NewKeyTask { storages: vec![kaztoken], ..of_person() }, vec![decide(0, PASSWORD), cancel()]);
    assert_eq!((done.outcome, world.waiting().len()), (Outcome::Cancelled, 0));
}

#[test]
fn a_certificate_that_no_key_waits_for_opens_no_window() {
    let mut world = World::new();
    let stranger = world.nca.person().unwrap().certificate.der().to_vec();
    let (code, detail) = refused(&mut world.home, brought(vec![stranger.clone()]));
    assert_eq!(
        (code, detail.as_str()),
        (FailureCode::InvalidCertificate, "no key on this computer waits for this certificate")
    );
    let pem = world.nca.person().unwrap().certificate.to_pem();
    let many = pem.repeat(Task::LONGEST_CERTIFICATE / pem.len()).into_bytes();
    let hostile = [
        Vec::new(),
        vec![Vec::new()],
        vec![b"-----BEGIN CERTIFICATE-----".to_vec()],
        vec![vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
        vec![stranger[..stranger.len() - 1].to_vec()],
        vec![vec![0x30; 64 * 1024 + 1]],
        vec![stranger; 17],
        // Each of the parts is one that may be: together they are 1024.
        vec![many; 16],
    ];
    for certificates in hostile {
        assert_eq!(refused(&mut world.home, brought(certificates)).0, FailureCode::InvalidCertificate);
    }
}

#[test]
fn a_file_that_was_moved_is_found_again_by_the_person() {
    let mut world = World::new();
    let (done, person) = world.ask(of_person(), vec![decide(0, PASSWORD)]);
    let (_, request) = requested(&done);
    let file = file_of(&person.seen.keys[0]).to_owned();
    let moved = world.home.dir.path().join("moved.p12");
    fs::rename(&file, &moved).unwrap();
    let own = world.issued(&request);
    let missing: Step = Box::new(|keys| {
        assert_eq!(keys[0].fit, Fit::Unfit(vec![Reason::FileMissing]));
        Input::Waiting(0)
    });
    let steps = vec![missing, add(&world.home.key.clone()), decide(0, PASSWORD), add(&moved), decide(0, PASSWORD)];
    let (done, person) = world.bring(vec![own.der().to_vec()], steps);
    assert!(matches!(done.outcome, Outcome::Imported(_)), "{:?}", done.outcome);
    assert_eq!(said(&person.seen.problems), ["error-certificate-not-of-key"], "another key's file is left alone");
    let opened = KeyFile::at(&moved).unlock(&Password::new(PASSWORD.to_owned()).unwrap()).unwrap();
    assert_eq!(opened.list()[0].certificate.as_ref(), Some(&own));
}

#[test]
fn a_certificate_that_speaks_against_itself_is_not_put_in_and_the_person_reads_why() {
    let mut world = World::new();
    let (done, person) = world.ask(of_person(), vec![decide(0, PASSWORD)]);
    let (_, request) = requested(&done);
    let file = file_of(&person.seen.keys[0]).to_owned();
    let before = fs::read(&file).unwrap();
    // Nobody here knows this authority, it speaks of somebody else, and is not valid yet.
    let other = TestNca::new(Timestamp::from_unix(NOW)).unwrap();
    let somebody = other.head().unwrap().certificate.subject().clone();
    let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
    let (from, to) = (Timestamp::from_unix(NOW).plus_days(1), Timestamp::from_unix(NOW).plus_days(365));
    let own = other.certify_public(request.public_key(), somebody, profile, from, to).unwrap();
    for step in [script::agree(), cancel()] {
        let (done, person) = world.bring(vec![own.der().to_vec()], vec![step]);
        assert_eq!(failure(&done).0, FailureCode::InvalidCertificate);
        let Some(Question::Notice(sentences)) = person.seen.view.map(|view| view.question) else { panic!("no notice") };
        let ids: Vec<_> = sentences.iter().map(|sentence| sentence.id).collect();
        let expected = [
            "window-install-refused",
            "keys-import-unknown-authority",
            "keys-import-not-yet",
            "keys-import-other-subject",
            "window-install-anyway",
        ];
        assert_eq!(ids, expected);
    }
    assert_eq!((fs::read(&file).unwrap(), world.waiting().len()), (before, 1));
}

#[test]
fn a_no_to_a_certificate_leaves_the_key_as_it_is_and_waiting() {
    let mut world = World::new();
    let (done, person) = world.ask(of_person(), vec![decide(0, PASSWORD)]);
    let (_, request) = requested(&done);
    let file = file_of(&person.seen.keys[0]).to_owned();
    let (octets, own) = (fs::read(&file).unwrap(), world.issued(&request).der().to_vec());
    let (done, _) = world.bring(vec![own.clone()], vec![cancel()]);
    assert_eq!(done.outcome, Outcome::Cancelled);
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    person.meanwhile.push_back(Input::Withdrawn);
    let done = world.home.carry_out(brought(vec![own.clone()]), &mut person);
    assert_eq!((done.outcome, person.seen.page_gone), (Outcome::Cancelled, true));
    assert_eq!((fs::read(&file).unwrap(), world.waiting().len()), (octets, 1));

    // A file that is damaged meanwhile is said to be, and nothing is written over it.
    fs::write(&file, "damaged").unwrap();
    let (done, person) = world.bring(vec![own], vec![decide(0, PASSWORD), cancel()]);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-not-a-key-file"]);
    assert_eq!(fs::read(&file).unwrap(), b"damaged");
}

#[test]
fn a_request_that_cannot_be_written_down_leaves_no_key_behind() {
    let mut world = World::new();
    let before = fs::read_dir(world.home.dir.path()).unwrap().count();
    // Where the folder of what waits should be, there is a file.
    fs::create_dir_all(world.home.places.data()).unwrap();
    fs::write(world.home.places.data().join("applications"), "").unwrap();
    let (done, person) = world.ask(of_person(), vec![decide(0, PASSWORD), cancel()]);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-not-written"]);
    let left = fs::read_dir(world.home.dir.path()).unwrap().flatten();
    let left: Vec<_> = left.filter(|entry| entry.path().to_string_lossy().contains("ТЕСТОВА")).collect();
    assert!(left.is_empty() && before > 0, "{left:?}");
    // A page learns nothing of that but that it was cancelled; the other half says that it failed.
    let certificate = world.nca.person().unwrap().certificate.der().to_vec();
    let mut nobody = Script::default();
    let done = world.home.carry_out(brought(vec![certificate]), &mut nobody);
    assert_eq!(failure(&done).0, FailureCode::Signing);
}
