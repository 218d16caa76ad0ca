//! Windows that a person opens themself.

use super::{file, head, making, on_token, one_key, person};
use signer::{
    carry_out::{Draft, lost_form, request_form},
    life::blocked::Why,
    window::{
        Asker, Care, Detail, Fit, KeyRow, Learns, Locale, PasswordState, Place, Question, Report, Sentence, Tries,
        Value, View, Warning,
    },
};

fn own(question: Question, keys: Vec<KeyRow>, locale: Locale) -> View {
    View { asker: Asker::Yourself, question, keys, ..one_key(locale) }
}

fn said(label: &'static str, value: &str) -> Detail {
    Detail { label, values: vec![Value::Text(value.to_owned())] }
}

fn next(ids: &[&'static str]) -> Vec<Sentence> {
    ids.iter().map(|id| Sentence::new(id)).collect()
}

pub(super) fn request(locale: Locale) -> View {
    own(Question::Apply(request_form(&Draft::default())), Vec::new(), locale)
}

pub(super) fn request_of_organisation(locale: Locale) -> View {
    let text = str::to_owned;
    let draft = Draft {
        position: Some(pki::Role::RightToSign),
        surname: text("Искакова"),
        name: text("Алия"),
        given: text("Маратқызы"),
        iin: text("123456789011"),
        organisation: text("Товарищество с ограниченной ответственностью «Алатау Жарық»"),
        bin: text("971240001315"),
        email: text("a.iskakova"),
        ..Draft::default()
    };
    own(Question::Apply(request_form(&draft)), Vec::new(), locale)
}

pub(super) fn new_key(locale: Locale) -> View {
    View { asker: Asker::Yourself, ..making::new_key(locale) }
}

pub(super) fn request_done(locale: Locale) -> View {
    let report = Report {
        done: "own-request-done",
        details: vec![
            said("window-detail-name", "ИСКАКОВА АЛИЯ"),
            said("own-detail-request-id", "3fa9c01d77e2"),
            said("own-detail-key-place", "/srv/keys/GOST512_ИСКАКОВА_2026-11-27.p12"),
        ],
        next: next(&["own-request-hand-in", "own-request-come-back", "own-request-keep-file"]),
        file: Some(("own-request-file", "/srv/keys/GOST512_ИСКАКОВА_2026-11-27.csr".into())),
        go_on: None,
        undo: None,
    };
    own(Question::Done(report), Vec::new(), locale)
}

pub(super) fn import(locale: Locale) -> View {
    let question = Question::ChooseFile { learns: Learns::Certificate, extension: String::new(), folder: "".into() };
    own(question, Vec::new(), locale)
}

pub(super) fn import_wrong(locale: Locale) -> View {
    let wrong = Sentence::new("keys-import-not-a-certificate").with("path", "/srv/letters/ответ.docx");
    View { warnings: vec![Warning::File(wrong)], ..import(locale) }
}

pub(super) fn install(locale: Locale) -> View {
    let mut view = making::install(locale);
    if let Question::Install { details } = &mut view.question {
        details.push(said("own-detail-waits", "3fa9c01d77e2 · 27.11.2026"));
    }
    View { asker: Asker::Yourself, ..view }
}

pub(super) fn import_done(locale: Locale) -> View {
    let report = Report {
        done: "own-import-done",
        details: vec![
            said("window-detail-name", "ИСКАКОВА АЛИЯ"),
            said("own-detail-key-place", "/srv/keys/GOST512_ИСКАКОВА_2026-11-27.p12"),
            said("window-detail-until", "27.11.2027"),
        ],
        next: next(&["own-import-checked", "own-import-backup"]),
        file: None,
        go_on: None,
        undo: None,
    };
    own(Question::Done(report), Vec::new(), locale)
}

pub(super) fn lost(locale: Locale) -> View {
    let given = |row: KeyRow| KeyRow { password: PasswordState::Given, ..row };
    let keys = vec![given(person(1)), given(head(2)), given(on_token(3, Tries::Unsaid)), file("GOST512_flash.p12")];
    own(Question::Lost { form: lost_form(Why::Lost) }, keys, locale)
}

fn of_lost() -> Vec<Detail> {
    vec![
        said("window-detail-name", "ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ"),
        said("own-detail-serial", "5c0a33b7d1f2e80914a6bb7730c1d2e4f5a60718"),
        said("window-detail-until", "08.05.2027"),
    ]
}

pub(super) fn lost_done(locale: Locale) -> View {
    let report = Report {
        done: "own-lost-done",
        details: of_lost(),
        next: next(&[
            "own-lost-only-here",
            "own-lost-revoke",
            "own-lost-call",
            "own-lost-look",
            "own-lost-new",
            "own-lost-offer",
        ]),
        file: None,
        go_on: Some("own-lost-go-on"),
        undo: Some("own-lost-undo"),
    };
    own(Question::Done(report), Vec::new(), locale)
}

pub(super) fn revoke(locale: Locale) -> View {
    let place = Place::File("/media/usb/GOST512_1a2b3c.p12".into());
    let row = KeyRow { place, fit: Fit::Fits, password: PasswordState::Asked, ..file("") };
    own(Question::Revoke, vec![row], locale)
}

fn of_file(care: Care, password: PasswordState, locale: Locale) -> View {
    let path = "/media/usb/GOST512_1a2b3c.p12".into();
    let place = if matches!(care, Care::Backup { .. }) { Place::NewFile(path) } else { Place::File(path) };
    let row = KeyRow { place, fit: Fit::Fits, password, ..file("") };
    own(Question::Care(care), vec![row], locale)
}

pub(super) fn add_key(locale: Locale) -> View {
    of_file(Care::Add, PasswordState::Asked, locale)
}

pub(super) fn change_password(locale: Locale) -> View {
    of_file(Care::Change, PasswordState::Asked, locale)
}

pub(super) fn new_password(locale: Locale) -> View {
    of_file(Care::Renew, PasswordState::New, locale)
}

pub(super) fn backup(locale: Locale) -> View {
    let file = "/media/usb/GOST512_1a2b3c.p12".into();
    of_file(Care::Backup { file }, PasswordState::New, locale)
}

pub(super) fn modernise(locale: Locale) -> View {
    of_file(Care::Modernise, PasswordState::Asked, locale)
}

pub(super) fn password_done(locale: Locale) -> View {
    let report = Report {
        done: "own-password-done",
        details: vec![said("window-detail-name", "ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ"), said("window-detail-until", "08.05.2027")],
        next: next(&["own-password-elsewhere", "keys-password-rule"]),
        file: Some(("own-care-file", "/media/usb/GOST512_1a2b3c.p12".into())),
        go_on: None,
        undo: None,
    };
    own(Question::Done(report), Vec::new(), locale)
}

pub(super) fn revoke_done(locale: Locale) -> View {
    let report = Report {
        done: "own-revoke-done",
        details: of_lost(),
        next: next(&["own-revoke-hand-in", "own-lost-call"]),
        file: Some(("own-revoke-file", "/srv/documents/REVOCATION_ҮЛГІЛІӘЛИЯ_5c0a33b7.cms".into())),
        go_on: None,
        undo: None,
    };
    own(Question::Done(report), Vec::new(), locale)
}
