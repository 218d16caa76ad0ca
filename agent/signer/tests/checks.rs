//! Signatures that a page has checked: no window for what it gives itself, and no network.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use order::{
    Content, FailureCode, Form, KeyFilter, Outcome, RawKey, Readable, SignatureCheck, Task, VerifyTask, Xml, XmlLayout,
};
use script::{
    DAY, Home, NOW, PASSWORD, Script, cancel, content, decide, questions, refused, sign, sign_as, signatures,
};

#[track_caller]
fn checked(home: &mut Home, task: VerifyTask) -> Vec<SignatureCheck> {
    let mut nobody = Script::default();
    let done = home.carry_out(Task::Verify(task), &mut nobody);
    assert!(nobody.seen.views.is_empty(), "a window was opened");
    match done.outcome {
        Outcome::Verified(checks) => checks,
        other => panic!("{other:?}"),
    }
}

fn made(home: &mut Home, task: Task) -> Vec<u8> {
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&home.carry_out(task, &mut person)).remove(0)
}

fn given(cms: &[u8], document: Option<&[u8]>) -> VerifyTask {
    let document = document.map(|octets| Readable::Given(octets.to_vec().into()));
    VerifyTask::Cms { cms: Readable::Given(cms.to_vec().into()), document }
}

#[test]
fn a_cms_is_checked_with_its_document_and_says_whose_it_is_and_when() {
    let mut home = Home::with_known_key();
    let attached = made(&mut home, sign(&[b"pay 100"], Content::Attached));
    let checks = checked(&mut home, given(&attached, None));
    assert!(checks[0].is_good && checks[0].detail.is_empty(), "{checks:?}");
    assert_eq!(checks[0].key.as_ref().unwrap().certificate, home.certificate.der());
    assert_eq!(checks[0].signed_at_ms, Some((NOW + 60) * 1000));

    let detached = made(&mut home, sign(&[b"pay 100"], Content::Detached));
    assert!(checked(&mut home, given(&detached, Some(b"pay 100")))[0].is_good);
    for wrong in [given(&detached, Some(b"pay 900")), given(&detached, None), given(&attached, Some(b"pay 900"))] {
        let checks = checked(&mut home, wrong);
        assert!(!checks[0].is_good && !checks[0].detail.is_empty(), "{checks:?}");
    }
    // As text, too.
    let text = signature::cms::to_base64(&attached);
    assert!(checked(&mut home, given(text.as_bytes(), None))[0].is_good);
    assert_eq!(refused(&mut home, Task::Verify(given(b"hello", None))).0, FailureCode::Malformed);
}

#[test]
fn a_certificate_that_nobody_believes_or_a_test_one_outside_the_test_environment_is_not_good() {
    let mut home = Home::with_known_key();
    let cms = made(&mut home, sign(&[b"pay 100"], Content::Attached));
    let mut stranger = Home::new();
    let checks = checked(&mut stranger, given(&cms, None));
    assert!(!checks[0].is_good && checks[0].detail.contains("nobody"), "{checks:?}");
    home.test_environment = false;
    let checks = checked(&mut home, given(&cms, None));
    assert!(!checks[0].is_good && checks[0].detail.contains("test"), "{checks:?}");
    // A certificate that has expired since was good when it signed, as far as anybody says.
    home.test_environment = true;
    home.now = NOW + 400 * DAY;
    assert!(checked(&mut home, given(&cms, None))[0].is_good);
}

#[test]
fn xml_is_checked_and_a_document_without_a_signature_has_none() {
    let mut home = Home::with_known_key();
    let form = Form::Xml(Xml { layout: XmlLayout::Lines, signed: None, id_attribute: None, parent: None });
    let signed = made(&mut home, Task::Sign(sign_as(content(b"<pay>100</pay>"), form)));
    let task = |xml: &[u8]| VerifyTask::Xml { xml: xml.to_vec().into(), id_attribute: String::new() };
    assert!(checked(&mut home, task(&signed))[0].is_good);
    let forged = String::from_utf8(signed).unwrap().replace("<pay>100", "<pay>900");
    let checks = checked(&mut home, task(forged.as_bytes()));
    assert!(!checks[0].is_good && checks[0].detail.contains("digest"), "{checks:?}");
    assert_eq!(checked(&mut home, task(b"<pay>100</pay>")), []);
    let (code, detail) = refused(&mut home, Task::Verify(task(b"<pay>")));
    assert!(code == FailureCode::Malformed && detail.contains("SAXParseException"), "{detail}");
}

#[test]
fn a_bare_value_is_checked_with_a_certificate_or_with_a_key_that_is_shown_first() {
    let mut home = Home::with_known_key();
    let value = made(&mut home, Task::Sign(sign_as(content(b"pay 100"), Form::Raw)));
    let task = |text: &[u8], key: RawKey| VerifyTask::Raw {
        content: text.to_vec().into(),
        signature: value.clone().into(),
        key,
    };
    let own = RawKey::Certificate(home.certificate.der().to_vec().into());
    assert!(checked(&mut home, task(b"pay 100", own.clone()))[0].is_good);
    assert!(!checked(&mut home, task(b"pay 900", own))[0].is_good);
    let shown = task(b"pay 100", RawKey::Shown(KeyFilter::default()));
    let mut person = Script::new(vec![decide(0, "")]);
    let done = home.carry_out(Task::Verify(shown.clone()), &mut person);
    assert!(matches!(&done.outcome, Outcome::Verified(checks) if checks[0].is_good), "{done:?}");
    assert_eq!(questions(&person.seen), ["show"]);
    let mut no = Script::new(vec![cancel()]);
    assert_eq!(home.carry_out(Task::Verify(shown), &mut no).outcome, Outcome::Cancelled);
    let wrong = task(b"pay 100", RawKey::Certificate(b"none".to_vec().into()));
    assert_eq!(refused(&mut home, Task::Verify(wrong)).0, FailureCode::Malformed);
}
