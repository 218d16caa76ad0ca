//! From an order to an outcome, with a script in the person's place.
//!
//! The script presses what a person would press and looks at what a person would see. Everything behind the window is
//! the real thing: key files on disk, signing, verifying.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::{Password, demo};
use order::{Chain, Content, FailureCode, KeyFilter, KeyUse, Outcome, SiteChoice, Task};
use pki::Timestamp;
use script::{DAY, Home, NOW, PASSWORD, Script, add, cancel, decide, does, sign, sign_digest, signatures};
use signature::cms;
use signer::{
    carry_out::{Done, Input},
    known_keys::KnownKeys,
    preview_host::Subject,
    window::{Busy, Closer, Event, Fit, KeyKind, Locale, PasswordState, Problem, Question, Reason, Warning, What},
};
use std::fs;

#[test]
fn a_known_key_signs_with_its_password_and_the_signature_holds() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(sign(&["Өтініш".as_bytes()], Content::Attached), &mut person);
    let made = signatures(&done);
    let report = cms::verify(&made[0], None).unwrap();
    assert!(report.signers[0].problems.is_empty(), "{:?}", report.signers[0].problems);
    assert_eq!(report.signers[0].certificate.as_ref(), Some(&home.certificate));
    assert_eq!(report.signers[0].signing_time, Some(Timestamp::from_unix(home.now)));
    assert!(person.seen.closed);
    assert_eq!(person.seen.busy, [Busy::Signing]);
}

#[test]
fn documents_of_a_batch_are_signed_in_their_order_under_one_password() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let documents: [&[u8]; 3] = [b"one", b"two", b"three"];
    let done = home.carry_out(sign(&documents, Content::Detached), &mut person);
    let made = signatures(&done);
    assert_eq!(made.len(), 3);
    for (signature, document) in made.iter().zip(documents) {
        let report = cms::verify(signature, Some(cms::External::Content(document))).unwrap();
        assert!(report.signers[0].problems.is_empty(), "{:?}", report.signers[0].problems);
    }
}

#[test]
fn the_window_shows_the_very_octets_and_speaks_the_pages_language() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(sign(&[b"pay \xe2\x80\xae100"], Content::Attached), &mut person);
    let view = person.seen.view.unwrap();
    assert_eq!(view.locale, Locale::Kk);
    let Question::Sign { documents, .. } = view.question else { panic!("a question about signing") };
    assert_eq!(documents[0].size, 10);
    let What::Text(preview) = &documents[0].what else { panic!("text") };
    assert_eq!(preview.text, "pay ‹U+202E›100");
}

#[test]
fn the_very_octets_that_are_signed_are_what_can_be_drawn() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![cancel()]);
    let documents: [&[u8]; 4] = [b"%PDF-1.7\n\xff", b"\x89PNG\r\n\x1a\n\xff", b"PK\x03\x04\xff", b"<a><b/></a>"];
    home.carry_out(sign(&documents, Content::Attached), &mut person);
    let view = person.seen.view.unwrap();
    let Question::Sign { documents: shown, .. } = view.question else { panic!("a question about signing") };
    let drawn = |index: usize| match &shown[index].closer {
        Closer::Drawn(drawable) => Some((drawable.subject, drawable.octets.to_vec())),
        Closer::LaidOut(_) | Closer::None => None,
    };
    assert_eq!(drawn(0), Some((Subject::Pdf, documents[0].to_vec())));
    assert_eq!(drawn(1), Some((Subject::Image, documents[1].to_vec())));
    assert_eq!(drawn(2), None);
    let Closer::LaidOut(laid_out) = &shown[3].closer else { panic!("laid out") };
    assert_eq!(laid_out.lines.len(), 3);
}

#[test]
fn a_wrong_password_stays_in_the_window_and_the_next_try_works() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, "wrong"), decide(0, ""), decide(0, PASSWORD)]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    signatures(&done);
    assert_eq!(person.seen.problems, [Problem::WrongPassword, Problem::WrongPassword]);
}

#[test]
fn a_password_longer_than_any_is_a_wrong_one() {
    let mut home = Home::with_known_key();
    let long: &'static str = Box::leak("x".repeat(5000).into_boxed_str());
    let mut person = Script::new(vec![decide(0, long), cancel()]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert_eq!(person.seen.problems, [Problem::WrongPassword]);
}

#[test]
fn cancelling_signs_nothing_and_closes_the_window() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![cancel()]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done, Done { outcome: Outcome::Cancelled, site: None });
    assert!(person.seen.closed);
}

#[test]
fn a_no_that_comes_while_documents_are_signed_keeps_them_from_leaving() {
    for (meanwhile, site) in [
        (Input::Window(Event::Cancel), None),
        (Input::Withdrawn, None),
        (Input::Gone, None),
        (Input::Window(Event::BlockSite), Some(SiteChoice::Block)),
    ] {
        let mut home = Home::with_known_key();
        let mut person = Script::new(vec![decide(0, PASSWORD)]);
        person.meanwhile.extend([Input::Waiting(1), meanwhile]);
        let done = home.carry_out(sign(&[b"one", b"two"], Content::Attached), &mut person);
        assert_eq!(done, Done { outcome: Outcome::Cancelled, site });
        assert_eq!(person.seen.waiting, [1]);
    }
}

#[test]
fn blocking_the_site_cancels_and_tells_the_listener() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![does(|| Event::BlockSite)]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done, Done { outcome: Outcome::Cancelled, site: Some(SiteChoice::Block) });
}

#[test]
fn allowing_the_site_is_told_with_the_signature() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![does(|| Event::AllowSite), decide(0, PASSWORD)]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    signatures(&done);
    assert_eq!(done.site, Some(SiteChoice::Allow));
}

#[test]
fn a_page_that_goes_away_is_said_in_the_window_and_nothing_is_signed() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![Box::new(|_| Input::Waiting(2)), Box::new(|_| Input::Withdrawn)]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert!(person.seen.page_gone);
    assert_eq!(person.seen.waiting, [2]);
}

#[test]
fn a_new_file_is_opened_first_then_shown_then_signs_without_its_password_again() {
    let mut home = Home::new();
    let mut person = Script::new(vec![
        add(&home.key),
        Box::new(|keys| {
            assert_eq!(keys[0].fit, Fit::Locked);
            assert_eq!(keys[0].holder, None);
            decide(0, "wrong")(keys)
        }),
        decide(0, PASSWORD),
        Box::new(|keys| {
            assert_eq!(keys.len(), 1);
            assert_eq!(keys[0].fit, Fit::Fits);
            assert_eq!(keys[0].password, PasswordState::Given);
            assert_eq!(keys[0].kind, KeyKind::Test);
            decide(0, "")(keys)
        }),
    ]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    signatures(&done);
    assert_eq!(person.seen.focus, Some(person.seen.keys[0].id));
    assert_eq!(person.seen.busy, [Busy::Opening, Busy::Opening, Busy::Signing]);
    let known = KnownKeys::load(&home.dir.path().join("keys.json")).unwrap();
    assert_eq!(known.files()[0].path, home.key);
    assert_eq!(known.files()[0].certificates, [home.certificate.clone()]);
}

#[test]
fn the_list_on_disk_holds_neither_the_password_nor_the_key() {
    let mut home = Home::new();
    let mut person = Script::new(vec![add(&home.key), decide(0, PASSWORD), decide(0, "")]);
    signatures(&home.carry_out(sign(&[b"x"], Content::Attached), &mut person));
    let text = fs::read_to_string(home.dir.path().join("keys.json")).unwrap();
    assert!(!text.contains(PASSWORD));
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list["files"][0].as_object().unwrap().keys().collect::<Vec<_>>(), ["certificates", "path"]);
}

#[test]
fn what_is_no_key_file_is_refused_when_it_is_chosen() {
    let mut home = Home::new();
    let letter = home.dir.path().join("letter.p12");
    fs::write(&letter, "Құрметті әріптестер!").unwrap();
    let cut = home.dir.path().join("cut.p12");
    fs::write(&cut, &fs::read(&home.key).unwrap()[..700]).unwrap();
    let missing = home.dir.path().join("missing.p12");
    let mut person = Script::new(vec![add(&letter), add(&cut), add(&missing), add(home.dir.path()), cancel()]);
    home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    let ids: Vec<_> = person
        .seen
        .problems
        .iter()
        .map(|problem| match problem {
            Problem::CannotOpen(sentence) => sentence.id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, ["error-not-a-key-file", "error-file-truncated", "error-file-missing", "error-file-unreadable"]);
    assert!(person.seen.keys.is_empty());
}

#[test]
fn a_remembered_file_that_is_no_key_file_any_more_is_listed_with_the_reason() {
    let mut home = Home::with_known_key();
    fs::write(&home.key, "Құрметті әріптестер!").unwrap();
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(person.seen.view.unwrap().keys[0].fit, Fit::Unfit(vec![Reason::FileUnreadable]));
}

#[test]
fn a_file_that_now_holds_another_key_is_shown_anew_and_does_not_sign() {
    let mut home = Home::with_known_key();
    let other = demo::make(Timestamp::from_unix(NOW), &Password::new(PASSWORD.to_owned()).unwrap()).unwrap();
    fs::write(&home.key, &*other.key_file).unwrap();
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert!(
        matches!(&person.seen.problems[..], [Problem::CannotSign(sentence)] if sentence.id == "error-key-file-changed")
    );
    // The other key's authority is not one that counts here.
    assert_eq!(person.seen.keys[0].fit, Fit::Unfit(vec![Reason::IssuerUnknown]));
}

fn reasons(home: &mut Home, filter: KeyFilter) -> Vec<Reason> {
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(Task::ShowKey(filter), &mut person);
    match &person.seen.keys[0].fit {
        Fit::Unfit(reasons) => reasons.clone(),
        Fit::Fits => Vec::new(),
        Fit::Locked => panic!("the key is known"),
    }
}

#[test]
fn a_key_that_does_not_fit_is_shown_with_every_reason() {
    let mut home = Home::with_known_key();
    let iin = home.certificate.holder().iin.unwrap().to_string();
    let serial = home.certificate.serial().clone();
    let any = KeyFilter::default;
    assert_eq!(reasons(&mut home, any()), []);
    assert_eq!(reasons(&mut home, KeyFilter { key_use: Some(KeyUse::Signature), ..any() }), []);
    assert_eq!(reasons(&mut home, KeyFilter { iin: Some(iin), ..any() }), []);
    assert_eq!(reasons(&mut home, KeyFilter { serial_number: Some(serial.to_decimal()), ..any() }), []);
    assert_eq!(reasons(&mut home, KeyFilter { serial_number: Some(serial.to_hex().to_uppercase()), ..any() }), []);
    assert_eq!(
        reasons(
            &mut home,
            KeyFilter {
                iin: Some("999999999999".to_owned()),
                bin: Some("999999999999".to_owned()),
                serial_number: Some("1".to_owned()),
                extended_key_usage: vec!["1.2.398.3.3.4.1.2.1".to_owned(), "1.3.6.1.5.5.7.3.3".to_owned()],
                storages: vec![order::StorageName::Kaztoken],
                ..any()
            }
        ),
        [
            Reason::StorageNotAsked,
            Reason::WrongUse,
            Reason::WrongRole,
            Reason::NotThisPerson,
            Reason::NotThisOrganisation,
            Reason::OtherSerial
        ]
    );
}

#[test]
fn time_decides_whether_a_key_fits() {
    let mut home = Home::with_known_key();
    home.now = NOW + 366 * DAY;
    assert_eq!(reasons(&mut home, KeyFilter::default()), [Reason::Expired]);
    assert_eq!(reasons(&mut home, KeyFilter { allow_expired: true, ..KeyFilter::default() }), []);
    home.now = NOW - DAY;
    assert_eq!(reasons(&mut home, KeyFilter { allow_expired: true, ..KeyFilter::default() }), [Reason::NotYetValid]);
}

#[test]
fn a_test_key_signs_only_in_the_test_environment_whatever_the_page_says() {
    let mut home = Home::with_known_key();
    home.test_environment = false;
    let own = pki::pem::encode("CERTIFICATE", home.authority.der());
    for chain in [Chain::Nca, Chain::Any, Chain::These(vec![own])] {
        assert_eq!(reasons(&mut home, KeyFilter { chain, ..KeyFilter::default() }), [Reason::TestKey]);
    }
}

#[test]
fn a_page_may_name_the_authorities_whose_keys_it_takes() {
    let mut home = Home::with_known_key();
    let named = |authorities: Vec<String>| KeyFilter { chain: Chain::These(authorities), ..KeyFilter::default() };
    let pem = pki::pem::encode("CERTIFICATE", home.authority.der());
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for own in [pem, base64] {
        assert_eq!(reasons(&mut home, named(vec![own])), []);
    }
    let other = demo::make(Timestamp::from_unix(NOW), &Password::new(PASSWORD.to_owned()).unwrap()).unwrap();
    let other = pki::pem::encode("CERTIFICATE", other.authority.der());
    assert_eq!(reasons(&mut home, named(vec![other])), [Reason::IssuerUnknown]);

    let mut task = sign(&[b"x"], Content::Attached);
    if let Task::Sign(task) = &mut task {
        task.filter = named(vec!["nonsense".to_owned()]);
    }
    let mut nobody = Script::new(vec![]);
    let done = home.carry_out(task, &mut nobody);
    assert!(
        matches!(&done.outcome, Outcome::Failed(failure) if failure.code == FailureCode::InvalidRequest),
        "{done:?}"
    );
}

#[test]
fn an_unfit_key_cannot_be_talked_into_signing() {
    let mut home = Home::with_known_key();
    home.test_environment = false;
    let mut person = Script::new(vec![decide(0, PASSWORD), cancel()]);
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(done.outcome, Outcome::Cancelled);
    assert!(matches!(&person.seen.problems[..], [Problem::CannotSign(_)]));
}

#[test]
fn a_key_file_that_is_gone_is_listed_as_gone() {
    let mut home = Home::with_known_key();
    fs::remove_file(&home.key).unwrap();
    assert_eq!(reasons(&mut home, KeyFilter::default()), [Reason::FileMissing]);
}

#[test]
fn forgetting_a_key_takes_it_off_the_list_and_leaves_the_file() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![Box::new(|keys| Input::Window(Event::Forget(keys[0].id))), cancel()]);
    home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert!(person.seen.keys.is_empty());
    assert!(home.key.is_file());
    assert!(KnownKeys::load(&home.dir.path().join("keys.json")).unwrap().files().is_empty());
}

#[test]
fn a_digest_is_signed_as_it_is_and_the_window_says_what_that_means() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(sign_digest(&[7; 64]), &mut person);
    let report = cms::verify(&signatures(&done)[0], Some(cms::External::Digest(&[7; 64]))).unwrap();
    assert!(report.signers[0].problems.is_empty(), "{:?}", report.signers[0].problems);
    assert_eq!(person.seen.view.unwrap().warnings, [Warning::DigestOnly]);
}

#[test]
fn a_digest_of_a_length_that_fits_no_key_is_signed_with_a_red_warning() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(sign_digest(b"abc"), &mut person);
    assert_eq!(signatures(&done).len(), 1);
    assert_eq!(
        person.seen.view.unwrap().warnings,
        [Warning::DigestOnly, Warning::WrongDigestLength { octets: 3, expected: 64 }]
    );
}

#[test]
fn showing_a_key_gives_the_page_its_certificate_and_no_signature() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![Box::new(|keys| {
        assert_eq!(keys[0].password, PasswordState::Given, "a remembered certificate needs no password to be shown");
        decide(0, "")(keys)
    })]);
    let done = home.carry_out(Task::ShowKey(KeyFilter::default()), &mut person);
    let Outcome::KeyShown(info) = done.outcome else { panic!("{done:?}") };
    assert_eq!(info.certificate, home.certificate.der());
    assert_eq!(info.algorithm, "ECGOST3410-2015-512");
    assert_eq!(info.not_after_ms, home.certificate.not_after().as_unix() * 1000);
    assert_eq!(info.alias, hex::encode(&info.key_id));
    assert!(info.subject_dn.starts_with("CN="), "{}", info.subject_dn);
}

#[test]
fn no_screen_is_a_failure_with_its_cause() {
    let mut home = Home::with_known_key();
    let mut person = Script { no_window: Some("no display".to_owned()), ..Script::default() };
    let done = home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    let Outcome::Failed(failure) = done.outcome else { panic!("{done:?}") };
    assert_eq!((failure.code, failure.detail.as_str()), (FailureCode::SignerUnavailable, "no display"));
}

#[test]
fn an_order_without_documents_opens_no_window() {
    let mut home = Home::with_known_key();
    let mut person = Script::default();
    let done = home.carry_out(sign(&[], Content::Attached), &mut person);
    assert!(matches!(done.outcome, Outcome::Failed(failure) if failure.code == FailureCode::InvalidRequest));
    assert!(person.seen.view.is_none());
}
