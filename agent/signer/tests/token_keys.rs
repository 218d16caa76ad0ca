//! Keys on tokens, from an order to an outcome: with a script in the person's place and tokens that do what a test says.
//! What is signed is real; every PIN that reaches a token is counted.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::pkcs11::{LibraryFault, PinPlace, TokenFault, Tries};
use order::{Chain, Content, KeyFilter, NamedKey, Outcome, PlaceKind, StorageName, Task};
use pki::{SignerError, Timestamp};
use script::tokens::{PIN, Rack, Stick};
use script::{Home, NOW, PASSWORD, Script, Step, cancel, decide, said, sign, signatures};
use signature::cms;
use signer::{
    carry_out::Input,
    window::{Busy, Event, Fit, KeyRow, Looking, PasswordState, Place, Problem, Question, Reason, SecretText},
};
use std::rc::Rc;
use std::time::Instant;
use test_nca::TestNca;

/// A home whose authority issued the keys of these tokens.
fn home(make: impl FnOnce(&TestNca, &Home) -> Vec<Stick>) -> Home {
    let nca = TestNca::new(Timestamp::from_unix(NOW)).unwrap();
    let mut home = Home::new();
    home.authority = nca.authority().clone();
    home.tokens = Rc::new(Rack::of(make(&nca, &home)));
    home
}

/// One token with one key.
fn with_token(change: impl FnOnce(Stick) -> Stick) -> Home {
    home(|nca, home| vec![change(Stick::with("Aliya", home.dir.path(), &nca.person().unwrap()))])
}

fn sign_x() -> Task {
    sign(&[b"x"], Content::Attached)
}

fn sign_where(filter: KeyFilter) -> Task {
    let mut task = sign_x();
    if let Task::Sign(task) = &mut task {
        task.filter = filter;
    }
    task
}

fn label(row: &KeyRow) -> &str {
    match &row.place {
        Place::Token(token) => &token.label,
        other => panic!("no token: {other:?}"),
    }
}

/// Something happens outside, and the window is told.
fn then(happens: impl Fn() + 'static) -> Step {
    Box::new(move |_| {
        happens();
        Input::TokensChanged
    })
}

/// Looks at the list, and does nothing.
fn looks(at: impl Fn(&[KeyRow]) + 'static) -> Step {
    Box::new(move |keys| {
        at(keys);
        Input::Waiting(0)
    })
}

fn sees(index: usize, reason: Reason) -> Step {
    looks(move |keys| assert_eq!(keys[index].fit, Fit::Unfit(vec![reason])))
}

#[test]
fn a_key_on_a_token_signs_with_its_pin_and_the_session_ends_with_the_order() {
    let mut home = with_token(|stick| stick);
    let mut person = Script::new(vec![decide(0, PIN)]);
    let done = home.carry_out(sign(&[b"one", b"two"], Content::Attached), &mut person);
    for made in signatures(&done) {
        let report = cms::verify(&made, None).unwrap();
        assert!(report.signers[0].problems.is_empty(), "{:?}", report.signers[0].problems);
    }
    let view = person.seen.view.unwrap();
    assert_eq!((label(&view.keys[0]), &view.keys[0].fit), ("Aliya", &Fit::Fits));
    assert_eq!(view.keys[0].password, PasswordState::Asked);
    let stick = home.tokens.stick(0);
    assert_eq!(*stick.logins.borrow(), [PIN], "one PIN for the whole order");
    assert_eq!(stick.logouts.get(), 1);
    assert_eq!(home.tokens.watchers.get(), 0, "nobody watches without a window");
    assert!(home.known.files().is_empty(), "tokens show by themselves and are not remembered");
}

#[test]
fn a_factory_pin_is_said_to_be_one_after_the_signature_and_once() {
    let mut home = with_token(|stick| stick);
    let told = |home: &mut Home| {
        let mut person = Script::new(vec![decide(0, PIN), cancel()]);
        let done = home.carry_out(sign_x(), &mut person);
        signatures(&done);
        let notices = person.seen.views.into_iter().filter_map(|view| match view.question {
            Question::Notice(sentences) => Some(sentences),
            _ => None,
        });
        notices.map(|sentences| sentences.iter().map(|sentence| sentence.id).collect()).collect::<Vec<Vec<_>>>()
    };
    assert!(told(&mut home).is_empty(), "nobody knows this one");
    // An administrator knows what these tokens come with.
    let known = format!("[[library]]\nvendor = \"Vendor\"\n[[library.token]]\nfactory_pin = \"{PIN}\"\n");
    let file = home.places.tokens_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, known).unwrap();
    // A no before anything is signed is no time for it, and a wrong PIN says nothing.
    let mut person = Script::new(vec![decide(0, "1111"), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert_eq!(person.seen.views.len(), 1);
    home.tokens.stick(0).tries.set(Tries::Unsaid);
    assert_eq!(told(&mut home), [["factory-pin-after", "factory-pin", "factory-pin-change"]]);
    assert!(told(&mut home).is_empty(), "once while this process lives");
    let logged = format!("{:?}", home.pins);
    assert!(!logged.contains(PIN), "{logged}");
}

#[test]
fn a_wrong_pin_stays_in_the_window_is_sent_once_and_says_what_is_left() {
    let mut home = with_token(|stick| stick);
    let mut person = Script::new(vec![
        decide(0, "1111"),
        looks(|keys| assert!(matches!(&keys[0].place, Place::Token(token) if token.tries == Tries::Low))),
        decide(0, "2222"),
        looks(|keys| assert!(matches!(&keys[0].place, Place::Token(token) if token.tries == Tries::Last))),
        decide(0, PIN),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(person.seen.problems, [Problem::WrongPin(Tries::Low), Problem::WrongPin(Tries::Last)]);
    assert_eq!(*home.tokens.stick(0).logins.borrow(), ["1111", "2222", PIN]);
}

#[test]
fn what_a_login_said_of_the_pin_counts_also_while_the_look_at_the_token_is_older() {
    let mut home = with_token(|stick| {
        *stick.refuses.borrow_mut() = Some(TokenFault::WrongPin { tries: Tries::Last });
        stick
    });
    let mut person = Script::new(vec![
        decide(0, "1111"),
        then(|| {}),
        looks(|keys| assert!(matches!(&keys[0].place, Place::Token(token) if token.tries == Tries::Last))),
        cancel(),
    ]);
    home.carry_out(sign_x(), &mut person);
}

#[test]
fn no_pin_reaches_a_token_but_one_that_the_person_typed_for_it() {
    // Whatever a page asks for, and however often tokens come and go: only a decision logs in.
    let mut home = with_token(|stick| stick);
    let stick = home.tokens.stick(0);
    let toggle = Rc::clone(&stick);
    let mut person = Script::new(vec![
        then(|| {}),
        then(move || toggle.is_in.set(false)),
        then({
            let stick = Rc::clone(&stick);
            move || stick.is_in.set(true)
        }),
        decide(0, ""),
        cancel(),
    ]);
    let done = home.carry_out(sign_x(), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["window-missing-pin"]);
    assert!(stick.logins.borrow().is_empty(), "an empty PIN is never sent");
    let long: &'static str = Box::leak("1".repeat(5000).into_boxed_str());
    let mut person = Script::new(vec![decide(0, long), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert_eq!(said(&person.seen.problems), ["wrong-pin"]);
    for task in [Task::ShowKey(KeyFilter::default()), sign_x()] {
        let mut person = Script::new(vec![Box::new(|_| Input::Withdrawn)]);
        home.carry_out(task, &mut person);
    }
    assert!(stick.logins.borrow().is_empty());
}

#[test]
fn a_certificate_that_a_token_shows_to_everybody_is_shown_to_a_page_without_its_pin() {
    let mut home = with_token(|stick| {
        stick.tries.set(Tries::None);
        stick
    });
    let mut person = Script::new(vec![Box::new(|keys| {
        assert_eq!((&keys[0].fit, keys[0].password), (&Fit::Fits, PasswordState::Given));
        decide(0, "")(keys)
    })]);
    let done = home.carry_out(Task::ShowKey(KeyFilter::default()), &mut person);
    assert!(matches!(done.outcome, Outcome::KeyShown(_)), "{done:?}");
    assert!(home.tokens.stick(0).logins.borrow().is_empty());
}

#[test]
fn a_locked_pin_disables_the_key_and_is_not_tried() {
    let mut home = with_token(|stick| {
        stick.tries.set(Tries::None);
        stick
    });
    let mut person = Script::new(vec![sees(0, Reason::PinLocked), decide(0, PIN), cancel()]);
    assert_eq!(home.carry_out(sign_x(), &mut person).outcome, Outcome::Cancelled);
    assert!(home.tokens.stick(0).logins.borrow().is_empty());

    // The last try, and it was wrong: the window says so and takes no other one.
    let mut home = with_token(|stick| {
        stick.tries.set(Tries::Last);
        stick
    });
    let mut person = Script::new(vec![decide(0, "1111"), sees(0, Reason::PinLocked), decide(0, PIN), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert_eq!(said(&person.seen.problems)[0], "error-pin-locked");
    assert_eq!(*home.tokens.stick(0).logins.borrow(), ["1111"]);
}

#[test]
fn a_token_without_a_pin_is_shown_with_the_next_step() {
    let mut home = with_token(|stick| {
        stick.pin_is_set.set(false);
        stick
    });
    let mut person = Script::new(vec![sees(0, Reason::PinNotSet), decide(0, PIN), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert!(home.tokens.stick(0).logins.borrow().is_empty());
}

#[test]
fn with_a_pin_pad_nothing_is_typed_here_and_nothing_that_was_typed_is_sent() {
    let mut home = with_token(|stick| Stick { place: PinPlace::Reader, ..stick });
    let mut person = Script::new(vec![Box::new(|keys| {
        assert_eq!(keys[0].password, PasswordState::AtReader);
        decide(0, "not for the reader")(keys)
    })]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(person.seen.busy, [Busy::AtReader]);
    assert_eq!(*home.tokens.stick(0).logins.borrow(), [""]);
}

#[test]
fn a_no_at_the_reader_stays_in_the_window() {
    let mut home = with_token(|stick| Stick { place: PinPlace::Reader, ..stick });
    *home.tokens.stick(0).refuses.borrow_mut() = Some(TokenFault::RefusedAtReader);
    let mut person = Script::new(vec![decide(0, ""), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert_eq!(said(&person.seen.problems), ["error-refused-at-reader"]);
}

#[test]
fn a_token_that_hides_its_certificates_is_opened_first_and_its_pin_is_typed_once() {
    let mut home = with_token(|stick| Stick { hides: true, ..stick });
    let mut person = Script::new(vec![
        looks(|keys| assert_eq!((&keys[0].fit, &keys[0].holder), (&Fit::Locked, &None))),
        decide(0, PIN),
        Box::new(|keys| {
            assert_eq!((keys.len(), &keys[0].fit, keys[0].password), (1, &Fit::Fits, PasswordState::Given));
            decide(0, "")(keys)
        }),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(person.seen.busy, [Busy::Opening, Busy::Signing]);
    let stick = home.tokens.stick(0);
    assert_eq!((stick.logins.borrow().len(), stick.logouts.get()), (1, 1));
}

#[test]
fn a_token_without_keys_says_so_once_that_is_known() {
    let mut home = home(|_, _| vec![Stick::empty("Empty")]);
    let mut person = Script::new(vec![decide(0, PIN), sees(0, Reason::NoKeyOnToken), cancel()]);
    home.carry_out(sign_x(), &mut person);
    assert_eq!(said(&person.seen.problems), ["error-token-no-key"]);
}

#[test]
fn a_token_that_is_taken_out_and_put_back_signs_with_its_pin_typed_again() {
    let mut home = with_token(|stick| stick);
    let stick = home.tokens.stick(0);
    let (out, back) = (Rc::clone(&stick), Rc::clone(&stick));
    let mut person = Script::new(vec![
        then(move || out.is_in.set(false)),
        sees(0, Reason::TokenGone),
        decide(0, PIN),
        then(move || back.is_in.set(true)),
        looks(|keys| assert_eq!((keys.len(), &keys[0].fit), (1, &Fit::Fits))),
        decide(0, PIN),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(said(&person.seen.problems), ["error-token-gone"]);
    assert_eq!(stick.logins.borrow().len(), 1, "none was sent while it was away");
}

#[test]
fn a_token_that_was_taken_out_before_the_window_opened_is_not_listed() {
    let mut home = with_token(|stick| stick);
    let stick = home.tokens.stick(0);
    stick.is_current.set(false);
    let out = Rc::clone(&stick);
    let mut person = Script::new(vec![
        // Known from the last window; the look that this one began has not come back yet.
        looks(|keys| assert_eq!(keys.len(), 1)),
        then(move || out.is_in.set(false)),
        looks(|keys| assert!(keys.is_empty(), "nobody saw it here: {keys:?}")),
        cancel(),
    ]);
    home.carry_out(sign_x(), &mut person);

    // The same look finds it: from now on its going is news.
    stick.is_in.set(true);
    let (found, out) = (Rc::clone(&stick), stick);
    let mut person = Script::new(vec![
        then(move || found.is_current.set(true)),
        then(move || out.is_in.set(false)),
        sees(0, Reason::TokenGone),
        cancel(),
    ]);
    home.carry_out(sign_x(), &mut person);
}

#[test]
fn a_row_keeps_its_name_while_its_token_is_away() {
    let mut home = with_token(|stick| stick);
    let stick = home.tokens.stick(0);
    let first = Rc::new(std::cell::Cell::new(None));
    let (before, after) = (Rc::clone(&first), first);
    let (out, back) = (Rc::clone(&stick), stick);
    let mut person = Script::new(vec![
        looks(move |keys| before.set(Some(keys[0].id))),
        then(move || out.is_in.set(false)),
        then(move || back.is_in.set(true)),
        looks(move |keys| assert_eq!(after.get(), Some(keys[0].id))),
        cancel(),
    ]);
    home.carry_out(sign_x(), &mut person);
}

#[test]
fn a_token_taken_out_while_it_signs_is_said_and_tried_again_with_its_pin() {
    for (error, words) in [
        (SignerError::Gone, "error-token-gone"),
        (SignerError::NotResponding, "error-token-not-responding"),
        (SignerError::Crashed, "error-token-crashed"),
        (SignerError::WrongSignature, "error-token-wrong-signature"),
        (SignerError::RefusedAtReader, "error-refused-at-reader"),
    ] {
        let mut home = with_token(|stick| stick);
        let stick = home.tokens.stick(0);
        *stick.fails.borrow_mut() = Some(error);
        let mended = Rc::clone(&stick);
        let mut person = Script::new(vec![
            decide(0, PIN),
            Box::new(move |keys| {
                assert_eq!(keys[0].password, PasswordState::Asked, "that session is over");
                *mended.fails.borrow_mut() = None;
                decide(0, PIN)(keys)
            }),
        ]);
        signatures(&home.carry_out(sign_x(), &mut person));
        assert_eq!(said(&person.seen.problems), [words]);
        assert_eq!(*stick.logins.borrow(), [PIN, PIN]);
        assert_eq!(stick.logouts.get(), 2);
    }
}

#[test]
fn a_library_that_fails_at_login_costs_a_sentence_and_no_second_try() {
    for (fault, words) in [
        (TokenFault::NotResponding, "error-token-not-responding"),
        (TokenFault::Crashed, "error-token-crashed"),
        (TokenFault::Gone, "error-token-gone"),
        (TokenFault::PinExpired, "error-pin-expired"),
        (TokenFault::BadLibrary("C_Login gave 0x5".to_owned()), "error-token-library-unusable"),
        (TokenFault::Unsupported, "error-token-unsupported"),
        (TokenFault::NoRoom, "error-token-no-room"),
        (TokenFault::Failed("C_Login gave 0x6".to_owned()), "error-token-failed"),
    ] {
        let mut home = with_token(|stick| stick);
        *home.tokens.stick(0).refuses.borrow_mut() = Some(fault);
        let mut person = Script::new(vec![decide(0, PIN), cancel()]);
        home.carry_out(sign_x(), &mut person);
        assert_eq!(said(&person.seen.problems), [words]);
        assert_eq!(home.tokens.stick(0).logins.borrow().len(), 1);
    }
}

#[test]
fn a_no_that_comes_while_a_token_signs_keeps_the_signature_from_leaving_and_logs_out() {
    let mut home = with_token(|stick| stick);
    let mut person = Script::new(vec![decide(0, PIN)]);
    person.meanwhile.extend([Input::TokensChanged, Input::Window(Event::Cancel)]);
    assert_eq!(home.carry_out(sign_x(), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(home.tokens.stick(0).logouts.get(), 1);
}

#[test]
fn two_tokens_and_five_files_are_listed_at_once_and_well_within_their_time() {
    let mut home = home(|nca, home| {
        let stick = |label: &str, issued| Stick::with(label, home.dir.path(), &issued);
        vec![stick("Aliya", nca.person().unwrap()), stick("Work", nca.head().unwrap())]
    });
    let file = std::fs::read(&home.key).unwrap();
    for number in 0..5 {
        let path = home.dir.path().join(format!("GOST512_{number}.p12"));
        std::fs::write(&path, &file).unwrap();
        let certificate = home.certificate.clone();
        home.known.remember(&path, vec![certificate]).unwrap();
    }
    let mut person = Script::new(vec![cancel()]);
    let began = Instant::now();
    home.carry_out(sign_x(), &mut person);
    assert!(began.elapsed().as_millis() < 300, "{:?}", began.elapsed());
    let keys = person.seen.view.unwrap().keys;
    assert_eq!(keys.iter().filter(|row| row.place.is_token()).count(), 2);
    assert_eq!(keys.len(), 7);
    // The files are of an authority that does not count here: what fits comes first.
    assert_eq!((label(&keys[0]), label(&keys[1])), ("Aliya", "Work"));
}

#[test]
fn a_token_that_is_plugged_in_while_the_window_is_open_joins_and_signs() {
    let mut home = with_token(|stick| {
        stick.is_in.set(false);
        stick
    });
    home.tokens.is_settled.set(false);
    let rack = Rc::clone(&home.tokens);
    let mut person = Script::new(vec![
        looks(|keys| assert!(keys.is_empty())),
        then(move || {
            rack.is_settled.set(true);
            rack.stick(0).is_in.set(true);
        }),
        decide(0, PIN),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(person.seen.view.unwrap().looking, Looking::ForTokens);
    assert_eq!(person.seen.updates, [Looking::Done]);
    assert!(home.tokens.was_watched.get());
}

#[test]
fn a_page_that_names_a_storage_gets_only_tokens_of_that_kind() {
    let mut home = home(|nca, home| {
        let stick = |label: &str| Stick::with(label, home.dir.path(), &nca.person().unwrap());
        vec![Stick { storage: Some("AKKaztokenStore"), ..stick("Kaz") }, stick("Other")]
    });
    let filter = KeyFilter { storages: vec![StorageName::Kaztoken], ..KeyFilter::default() };
    let mut person = Script::new(vec![
        looks(|keys| {
            assert_eq!((label(&keys[0]), &keys[0].fit), ("Kaz", &Fit::Fits));
            assert_eq!((label(&keys[1]), &keys[1].fit), ("Other", &Fit::Unfit(vec![Reason::StorageNotAsked])));
        }),
        decide(1, PIN),
        decide(0, PIN),
    ]);
    signatures(&home.carry_out(sign_where(filter), &mut person));
    assert!(home.tokens.stick(1).logins.borrow().is_empty());
}

#[test]
fn a_page_that_names_a_slot_gets_the_token_of_that_name() {
    let mut home = home(|nca, home| {
        let stick = |label: &str| Stick::with(label, home.dir.path(), &nca.person().unwrap());
        vec![stick("Other"), Stick { storage: Some("AKJaCartaStore"), ..stick("Aliya") }]
    });
    for place in ["aliya", "Aliya-1", "Reader of Aliya", "AKJaCartaStore", ""] {
        let named = NamedKey { place: place.to_owned(), alias: String::new(), kind: PlaceKind::Slot };
        let filter = KeyFilter {
            storages: vec![StorageName::JaCarta],
            chain: Chain::Any,
            named: Some(named),
            ..KeyFilter::default()
        };
        let mut person = Script::new(vec![cancel()]);
        home.carry_out(sign_where(filter), &mut person);
        let keys = person.seen.view.unwrap().keys;
        assert_eq!((label(&keys[0]), &keys[0].fit), ("Aliya", &Fit::Fits), "{place}");
        assert!(matches!(keys[1].fit, Fit::Unfit(_)));
    }
    let elsewhere = NamedKey { place: "C:\\keys".to_owned(), alias: String::new(), kind: PlaceKind::Slot };
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(sign_where(KeyFilter { named: Some(elsewhere), ..KeyFilter::default() }), &mut person);
    assert!(person.seen.view.unwrap().keys.iter().all(|row| row.fit == Fit::Unfit(vec![Reason::NotThisKey])));
}

#[test]
fn a_key_of_a_slot_is_found_by_the_name_that_pages_were_told() {
    let mut home = with_token(|stick| stick);
    let mut person = Script::new(vec![decide(0, "")]);
    let done = home.carry_out(Task::ShowKey(KeyFilter::default()), &mut person);
    let Outcome::KeyShown(shown) = done.outcome else { panic!("{done:?}") };
    for (alias, fits) in [(shown.alias.to_uppercase(), true), ("another".to_owned(), false)] {
        let named = NamedKey { place: String::new(), alias, kind: PlaceKind::Slot };
        let mut person = Script::new(vec![cancel()]);
        home.carry_out(sign_where(KeyFilter { named: Some(named), ..KeyFilter::default() }), &mut person);
        assert_eq!(person.seen.view.unwrap().keys[0].fit == Fit::Fits, fits);
    }
}

#[test]
fn a_library_that_does_not_answer_is_said_and_the_others_work() {
    let mut home = with_token(|stick| stick);
    let broken = |fault| LibraryFault { vendor: "SafeNet".to_owned(), path: "/usr/lib/libeToken.so".into(), fault };
    // One that cannot be loaded is of no interest here: most computers have some of those.
    let unusable = broken(TokenFault::BadLibrary("no such file".to_owned()));
    home.tokens.faults.borrow_mut().extend([unusable, broken(TokenFault::NotResponding)]);
    let mut person = Script::new(vec![
        looks(|keys| {
            assert_eq!(keys.len(), 2);
            assert_eq!(keys[1].place, Place::Driver { vendor: "SafeNet".to_owned() });
            assert_eq!(keys[1].fit, Fit::Unfit(vec![Reason::DriverSilent]));
        }),
        Box::new(|keys| Input::Window(Event::Decide { row: keys[1].id, password: SecretText::new(PIN.to_owned()) })),
        decide(0, PIN),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
}

#[test]
fn a_file_beside_a_token_signs_as_before_and_touches_no_token() {
    let mut home = home(|nca, home| {
        let key = nca.person().unwrap();
        std::fs::write(&home.key, &*key.key_file(&keystore::Password::new(PASSWORD.to_owned()).unwrap()).unwrap())
            .unwrap();
        vec![Stick::with("Work", home.dir.path(), &nca.head().unwrap())]
    });
    let key = home.key.clone();
    home.known.remember(&key, Vec::new()).unwrap();
    let mut person = Script::new(vec![
        looks(|keys| assert!(!keys[0].place.is_token() && keys[1].place.is_token())),
        decide(0, PASSWORD),
        Box::new(|keys| {
            let row = keys.iter().position(|row| !row.place.is_token()).unwrap();
            decide(row, "")(keys)
        }),
    ]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert!(home.tokens.stick(0).logins.borrow().is_empty());
}

#[test]
fn tokens_that_come_and_go_without_end_leave_no_list_without_end() {
    let mut home = home(|_, _| (0..200).map(|number| Stick::empty(&format!("{number}"))).collect());
    for number in 1..200 {
        home.tokens.stick(number).is_in.set(false);
    }
    // Each of them comes, and goes when the next one does.
    let mut steps: Vec<Step> = Vec::new();
    for number in 1..200 {
        let rack = Rc::clone(&home.tokens);
        steps.push(then(move || {
            rack.stick(number - 1).is_in.set(false);
            rack.stick(number).is_in.set(true);
        }));
    }
    steps.push(looks(|keys| {
        let labels: Vec<_> = keys.iter().map(label).collect();
        assert!(labels.len() <= 5 && labels.contains(&"199") && labels.contains(&"198"), "{labels:?}");
    }));
    steps.push(cancel());
    let mut person = Script::new(steps);
    home.carry_out(sign_x(), &mut person);
}

#[test]
fn of_more_tokens_than_anybody_has_a_part_is_listed() {
    let mut home = home(|_, _| (0..300).map(|number| Stick::empty(&format!("{number}"))).collect());
    let mut person = Script::new(vec![looks(|keys| assert_eq!(keys.len(), 64)), cancel()]);
    home.carry_out(sign_x(), &mut person);
}
