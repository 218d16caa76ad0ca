use super::*;
use crate::window::model::{Holder, PasswordState, Preview, RowId};

fn russian() -> Texts {
    Texts::new(Locale::Ru)
}

fn browser() -> Option<Program> {
    Some(Program { path: "/usr/bin/chromium".to_owned(), name: "Chromium".to_owned(), is_known_browser: true })
}

fn ask(origin: Option<&[u8]>, program: Option<Program>) -> Who {
    let requester = Requester {
        origin: Origin::from_header(origin),
        program,
        first_time: false,
        paths: order::PathPermission::Ask,
    };
    who(&russian(), &requester, &question(&russian(), &Question::ShowKey))
}

fn key_row() -> KeyRow {
    KeyRow {
        id: RowId(1),
        holder: Some(Holder {
            name: "ТЕСТОВ ТЕСТ".to_owned(),
            role: Role::Person,
            iin: Some("123456789011".to_owned()),
            organisation: None,
            bin: None,
        }),
        valid_until: Some("08.05.2027".to_owned()),
        place: "GOST512.p12".to_owned(),
        path: "/media/usb/GOST512.p12".into(),
        fit: Fit::Fits,
        password: PasswordState::Asked,
        kind: KeyKind::Real,
    }
}

#[test]
fn a_site_over_https_is_named_by_its_host_alone() {
    let who = ask(Some(b"https://egov.kz"), browser());
    assert_eq!((who.trust, who.name.as_str()), (Trust::Verified, "egov.kz"));
    assert!(who.alarms.is_empty());
    assert!(who.via.contains("Chromium"));
    assert_eq!(ask(Some(b"https://stat.gov.kz:8443"), browser()).name, "stat.gov.kz:8443");
}

#[test]
fn plain_http_is_written_out_and_warned_about() {
    let who = ask(Some(b"http://egov.kz"), browser());
    assert_eq!((who.trust, who.name.as_str()), (Trust::Insecure, "http://egov.kz"));
    assert_eq!(who.alarms.len(), 1);
    assert_eq!(ask(Some(b"http://localhost:8080"), browser()).trust, Trust::Verified);
}

#[test]
fn a_program_that_is_no_browser_is_named_before_the_site_it_claims() {
    let program = Program { path: "/tmp/x".to_owned(), name: "x".to_owned(), is_known_browser: false };
    let who = ask(Some(b"https://egov.kz"), Some(program));
    assert_eq!(who.trust, Trust::Unknown);
    assert!(who.name.contains('x') && !who.name.contains("egov"));
    assert!(who.alarms[0].contains("https://egov.kz"));
}

#[test]
fn nobody_is_trusted_without_a_name() {
    for (origin, program) in [(Some(b"null".as_slice()), browser()), (None, browser()), (None, None)] {
        let who = ask(origin, program);
        assert_eq!(who.trust, Trust::Unknown);
        assert!(!who.alarms.is_empty() && !who.block.is_empty());
    }
    let untold = ask(Some(b"https://egov.kz"), None);
    assert_eq!((untold.trust, untold.alarms.len()), (Trust::Unknown, 1));
}

#[test]
fn a_host_with_look_alike_letters_is_pointed_out_and_the_countrys_own_is_not() {
    assert_ne!(ask(Some(b"https://xn--gov-qdd.kz"), browser()).via, ask(Some(b"https://gov.kz"), browser()).via);
    assert_eq!(ask(Some(b"https://a.xn--80ao21a"), browser()).via, ask(Some(b"https://gov.kz"), browser()).via);
}

#[test]
fn a_foreign_name_cannot_hide_or_turn_around() {
    assert_eq!(clean("a\u{202e}b\nc\u{200b}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
    assert_eq!(clean(&"я".repeat(301)).chars().count(), 301);
    assert_eq!(clean("Әлия Қожа"), "Әлия Қожа");
}

#[test]
fn a_number_is_shown_by_its_end_only() {
    let words = key(&russian(), &key_row());
    assert!(words.details.contains("••9011") && !words.details.contains("12345678"));
    assert!(!words.spoken.contains("12345678"));
    assert_eq!(masked("1"), "••");
}

#[test]
fn a_row_says_role_end_and_place() {
    let words = key(&russian(), &key_row());
    assert_eq!(words.title, "ТЕСТОВ ТЕСТ");
    assert!(words.details.contains("08.05.2027") && words.details.contains("GOST512.p12"));
    assert!(words.reason.is_empty());
}

#[test]
fn a_key_that_does_not_fit_says_why_and_a_test_key_says_test() {
    let row = KeyRow { fit: Fit::Unfit(vec![Reason::Expired, Reason::WrongUse]), kind: KeyKind::Test, ..key_row() };
    let words = key(&russian(), &row);
    assert!(words.reason.contains("08.05.2027"));
    assert!(words.spoken.starts_with(&russian().text("window-test")));
}

#[test]
fn an_unopened_file_is_known_by_its_name() {
    let row = KeyRow { holder: None, valid_until: None, fit: Fit::Locked, ..key_row() };
    let words = key(&russian(), &row);
    assert_eq!(words.title, "GOST512.p12");
    assert!(!words.details.is_empty());
}

#[test]
fn sizes_are_never_said_smaller_than_they_are() {
    for (octets, said) in [
        (0, "0 байт"),
        (1, "1 байт"),
        (1023, "1023 байта"),
        (1024, "1 КБ"),
        (1025, "1,1 КБ"),
        (12 * 1024, "12 КБ"),
        (12 * 1024 + 1, "13 КБ"),
        (1024 * 1024 + 400 * 1024, "1,4 МБ"),
        (u64::MAX, "1759218604442 МБ"),
    ] {
        assert_eq!(size(&russian(), octets), said);
    }
    assert_eq!(size(&Texts::new(Locale::En), 1025), "1.1 KB");
}

#[test]
fn a_long_line_is_cut_between_letters_and_nothing_is_lost() {
    let text = "ә".repeat(1_001);
    let cut = lines(&text);
    assert_eq!(cut.len(), 3);
    assert_eq!(cut.concat(), text);
    let sentence = "осы құжат ".repeat(100);
    assert_eq!(lines(&sentence).concat(), sentence);
    assert!(lines(&sentence).iter().all(|line| line.ends_with(' ')), "cut between words");
    assert_eq!(lines("a\n\nb"), ["a", "", "b"]);
}

#[test]
fn a_document_says_when_it_is_not_shown_whole() {
    let view = |what| DocumentView { size: 3, what };
    let preview = |extent| Preview { text: "\n  abc".to_owned(), extent };
    let whole = document(&russian(), &view(What::Text(preview(Extent::Whole))));
    assert_eq!((whole.note.as_str(), whole.beginning.as_str()), ("", "abc"));
    assert!(!document(&russian(), &view(What::Xml(preview(Extent::Beginning)))).note.is_empty());
    assert!(!document(&russian(), &view(What::Digest { hex: "00ff".to_owned() })).note.is_empty());
    let binary = What::Binary { media: Media::Pdf, head: "25 50 44 46".to_owned() };
    assert!(!document(&russian(), &view(binary)).note.is_empty());
}

#[test]
fn every_sentence_of_the_window_is_in_the_catalogue() {
    // An identifier that is missing gives itself.
    let source = concat!(
        include_str!("../words.rs"),
        include_str!("who.rs"),
        include_str!("question.rs"),
        include_str!("document.rs"),
        include_str!("key.rs"),
        include_str!("../sheet.rs"),
        include_str!("../sheet/deciding.rs"),
        include_str!("../sheet/showing.rs"),
        include_str!("../keyboard.rs")
    );
    let ids = source.split('"').filter(|piece| {
        piece.starts_with("window-") && piece.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())
    });
    for id in ids {
        for locale in Locale::ALL {
            assert_ne!(Texts::new(locale).text(id), id, "{}", locale.code());
        }
    }
}
