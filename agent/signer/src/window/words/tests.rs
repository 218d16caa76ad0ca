use super::document::{Look, lines};
use super::who::Who;
use super::*;
use crate::window::model::{
    Asker, Closer, Consent, DocumentView, Drawable, Extent, Fit, FormView, Holder, KeyKind, KeyRow, LaidOut, Learns,
    Media, PasswordState, Place, Preview, Question, Reason, Requester, Role, RowId, Share, StampView, TokenPlace,
    Tries, What, XmlLine,
};
use order::{Origin, Program};
use std::path::PathBuf;
use texts::Locale;

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
    who(&russian(), &Asker::Page(requester), &question(&russian(), &Question::ShowKey))
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
        place: Place::File("/media/usb/GOST512.p12".into()),
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
    let words = key(&russian(), &key_row(), &[]);
    assert!(words.details.contains("••9011") && !words.details.contains("12345678"));
    assert!(!words.spoken.contains("12345678"));
    assert_eq!(masked("1"), "••");
}

#[test]
fn a_row_says_role_end_and_place() {
    let words = key(&russian(), &key_row(), &[]);
    assert_eq!(words.title, "ТЕСТОВ ТЕСТ");
    assert!(words.details.contains("08.05.2027") && words.details.contains("GOST512.p12"));
    assert!(words.reason.is_empty());
}

#[test]
fn a_key_that_does_not_fit_says_why_and_a_test_key_says_test() {
    let row = KeyRow { fit: Fit::Unfit(vec![Reason::Expired, Reason::WrongUse]), kind: KeyKind::Test, ..key_row() };
    let words = key(&russian(), &row, &[]);
    assert!(words.reason.contains("08.05.2027"));
    assert!(words.spoken.starts_with(&russian().text("window-test")));
}

#[cfg(unix)]
#[test]
fn two_files_of_one_name_are_told_apart_by_their_folders_also_for_a_screen_reader() {
    let on =
        |folder: &str| KeyRow { place: Place::File(format!("/srv/aigul/{folder}/GOST512.p12").into()), ..key_row() };
    let rows = [on("2025"), on("2026"), KeyRow { holder: None, fit: Fit::Locked, ..on("USB") }];
    for (row, place) in rows.iter().zip(["…/2025/GOST512.p12", "…/2026/GOST512.p12"]) {
        let said = key(&russian(), row, &rows);
        assert_eq!(said.place, place);
        assert!(said.details.ends_with(place) && said.spoken.contains(place), "{said:?}");
        assert!(!said.spoken.contains("aigul"), "the whole path is nobody's business");
    }
    let said = key(&russian(), &rows[2], &rows);
    assert_eq!((said.title.as_str(), said.place.as_str()), ("GOST512.p12", "…/USB"));
    assert!(said.details.ends_with("…/USB"), "{}", said.details);
    let alone = key(&russian(), &rows[0], &rows[..1]);
    assert_eq!(alone.place, "GOST512.p12");
}

#[test]
fn an_unopened_file_is_known_by_its_name() {
    let row = KeyRow { holder: None, valid_until: None, fit: Fit::Locked, ..key_row() };
    let words = key(&russian(), &row, &[]);
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
    let view = |what| DocumentView { size: 3, what, closer: Closer::None };
    let document = |what| document(&russian(), &view(what), Look::Closer);
    let preview = |extent| Preview { text: "\n  abc".to_owned(), extent };
    let whole = document(What::Text(preview(Extent::Whole)));
    assert_eq!((whole.note.as_str(), whole.beginning.as_str()), ("", "abc"));
    assert!(!document(What::Xml(preview(Extent::Beginning))).note.is_empty());
    assert!(!document(What::Digest { hex: "00ff".to_owned() }).note.is_empty());
    let binary = What::Binary { media: Media::Pdf, head: "25 50 44 46".to_owned() };
    assert!(!document(binary).note.is_empty());
}

#[test]
fn xml_is_laid_out_and_can_be_seen_as_it_is_hashed() {
    let line = |text: &str, share| XmlLine { text: text.to_owned(), share };
    let laid_out = LaidOut {
        lines: vec![line("<a>", Share::Beside), line(&"ә".repeat(500), Share::Signed)],
        extent: Extent::Beginning,
    };
    let what = What::Xml(Preview { text: "<b/>".to_owned(), extent: Extent::Whole });
    let view = DocumentView { size: 3, what, closer: Closer::LaidOut(laid_out) };
    let closer = document(&russian(), &view, Look::Closer);
    assert_eq!(
        closer.lines.iter().map(|line| line.share).collect::<Vec<_>>(),
        [Share::Beside, Share::Signed, Share::Signed,]
    );
    assert!(!closer.note.is_empty() && !closer.look.is_empty());
    let hashed = document(&russian(), &view, Look::AsHashed);
    assert_eq!(hashed.lines, [line("<b/>", Share::Whole)]);
    assert!(hashed.note.is_empty() && hashed.look.is_empty() && hashed.other_look != closer.other_look);
}

#[test]
fn a_picture_is_said_to_be_none_of_what_is_signed_and_one_that_fails_leaves_the_octets() {
    let what = What::Binary { media: Media::Pdf, head: "25 50 44 46".to_owned() };
    let drawable = Drawable { subject: crate::preview_host::Subject::Pdf, octets: [0; 4].into() };
    let view = DocumentView { size: 3, what, closer: Closer::Drawn(drawable) };
    let pictured = document(&russian(), &view, Look::Closer);
    assert!(pictured.is_pictured && pictured.lines.is_empty() && pictured.beginning.is_empty());
    assert_eq!(pictured.look, russian().text("window-note-picture"));
    for (look, note) in [(Look::NotDrawn, "window-note-not-drawn"), (Look::Encrypted, "window-note-encrypted")] {
        let plain = document(&russian(), &view, look);
        assert!(!plain.is_pictured && plain.beginning == "25 50 44 46");
        assert_eq!((plain.lines.len(), plain.look), (1, russian().text(note)));
    }
}

fn consents() -> Vec<Consent> {
    let path = || "/media/usb/b\u{202e}fdp.exe".to_owned();
    vec![
        Consent::ReadFiles { paths: vec![path()] },
        Consent::ReadFiles { paths: vec![path(), path()] },
        Consent::WriteFile { path: path() },
        Consent::Fetch { url: path() },
        Consent::Upload { url: path() },
        Consent::Stamp { signers: vec![path()] },
        Consent::OtherSite { named: path(), asks: path() },
        Consent::BareSignature,
        Consent::KeyAct(KeyAct::Certificate),
        Consent::KeyAct(KeyAct::Revocation),
    ]
}

fn asked(consent: Consent) -> QuestionWords {
    question(&russian(), &Question::Consent(consent))
}

#[test]
fn every_consent_has_two_buttons_that_say_what_they_do_and_a_word_of_what_happens() {
    for locale in Locale::ALL {
        let texts = Texts::new(locale);
        for consent in consents() {
            let said = question(&texts, &Question::Consent(consent));
            assert!(!said.yes.is_empty() && !said.no.is_empty() && said.yes != said.no, "{said:?}");
            assert_ne!(said.no, texts.text("window-cancel"), "it says what is not done");
            let explained = said.said.join(" ");
            assert!(explained.contains(&said.no) || said.asks == texts.text("window-asks-to-stamp"), "{explained}");
        }
    }
}

#[test]
fn what_hides_in_a_path_or_a_name_is_seen() {
    for consent in consents() {
        let said = asked(consent);
        let names = said.names.iter().map(|line| &line.name);
        for shown in said.details.iter().chain(names) {
            assert!(!shown.contains('\u{202e}'), "{shown}");
        }
        assert!(said.details.iter().all(|path| path.contains("‹U+202E›")), "{:?}", said.details);
    }
}

#[test]
fn a_long_path_is_shown_whole() {
    let path = format!("/{}/end.xml", "a".repeat(2_000));
    assert_eq!(asked(Consent::WriteFile { path: path.clone() }).details, [path]);
    let endless = asked(Consent::Fetch { url: "a".repeat(1_000_000) });
    assert!(endless.details[0].ends_with('…') && endless.details[0].len() < 5_000);
}

#[test]
fn a_login_to_another_site_is_said_with_both_names_and_must_be_understood() {
    let said = asked(Consent::OtherSite { named: "idp.egov.kz".to_owned(), asks: "evil.example".to_owned() });
    assert_eq!(said.tone, Tone::Alarm);
    let names: Vec<&str> = said.names.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["idp.egov.kz", "evil.example"]);
    assert!(!said.understood.is_empty());
    let red =
        warning(&russian(), &Warning::OtherSite { named: "idp.egov.kz".to_owned(), asks: "evil.example".to_owned() });
    assert!(red.contains("idp.egov.kz") && red.contains("evil.example"));
}

#[test]
fn only_naming_files_can_be_allowed_for_good() {
    for consent in consents() {
        let names_files = matches!(consent, Consent::ReadFiles { .. } | Consent::WriteFile { .. });
        assert_eq!(!asked(consent).always.is_empty(), names_files);
    }
}

#[test]
fn an_alarm_names_the_button_that_is_there() {
    let requester =
        Requester { origin: Origin::Opaque, program: browser(), first_time: false, paths: order::PathPermission::Ask };
    let (texts, requester) = (russian(), Asker::Page(requester));
    let said = asked(Consent::Upload { url: "https://a.kz".to_owned() });
    assert!(who(&texts, &requester, &said).alarms[0].contains(&said.no));
    let notice = question(&texts, &Question::Notice(vec![Sentence::new("error-file-missing")]));
    assert!(who(&texts, &requester, &notice).alarms.is_empty(), "there is nothing to decide");
}

#[test]
fn everybody_can_be_blocked_in_words_that_fit() {
    let texts = russian();
    let script =
        || Some(Program { path: "/usr/bin/node".to_owned(), name: "node".to_owned(), is_known_browser: false });
    for (origin, program, id) in [
        (Some(b"https://egov.kz".as_slice()), browser(), "window-block-site"),
        (Some(b"http://localhost:8080"), browser(), "window-block-site"),
        (Some(b"https://10.0.0.1"), browser(), "window-block-site"),
        (Some(b"https://egov.kz"), script(), "window-block-site-in-program"),
        (None, script(), "window-block-program"),
        (None, None, "window-block-unknown-programs"),
        (Some(b"null"), None, "window-block-opaque"),
    ] {
        assert_eq!(ask(origin, program).block, texts.text(id));
    }
    assert!(ask(Some(b"null"), browser()).block.contains("Chromium"));
    let below = ask(Some(b"https://idp.egov.kz"), browser()).block;
    assert!(below.contains(" egov.kz "), "all of the domain is blocked, and that is said: {below}");
}

#[test]
fn what_is_made_is_said_where_it_is_not_the_usual() {
    let of = |form| notes(&russian(), &Question::Sign { documents: Vec::new(), form });
    assert!(of(FormView::Cms { stamp: StampView::None }).is_empty());
    for form in [FormView::Cms { stamp: StampView::Added }, FormView::Xml, FormView::Raw] {
        assert_eq!(of(form).len(), 1);
    }
    assert!(notes(&russian(), &Question::ShowKey).is_empty());
}

#[test]
fn a_page_that_wants_a_file_says_of_what_kind() {
    let choose = |extension: &str| {
        question(
            &russian(),
            &Question::ChooseFile { learns: Learns::Path, extension: extension.to_owned(), folder: PathBuf::new() },
        )
    };
    assert_eq!(choose("xml").details, ["*.xml"]);
    assert!(choose("").details.is_empty());
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
        include_str!("../../token_fault.rs"),
        include_str!("../../carry_out/keys/fault.rs"),
        include_str!("../keyboard.rs")
    );
    let ids = source.split('"').filter(|piece| {
        (piece.starts_with("window-") || piece.starts_with("error-"))
            && piece.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())
    });
    for id in ids {
        for locale in Locale::ALL {
            assert_ne!(Texts::new(locale).text(id), id, "{}", locale.code());
        }
    }
}

fn token_row(tries: Tries) -> KeyRow {
    let token = TokenPlace {
        label: "Алия".to_owned(),
        reader: "Aktiv Rutoken ECP 00 00".to_owned(),
        model: "Rutoken ECP".to_owned(),
        serial: "3A5F".to_owned(),
        tries,
    };
    KeyRow { place: Place::Token(token), ..key_row() }
}

#[test]
fn a_key_on_a_token_says_which_token_and_where() {
    let said = key(&russian(), &token_row(Tries::Unsaid), &[]);
    assert!(said.details.ends_with("Токен: Алия (Aktiv Rutoken ECP 00 00)"), "{}", said.details);
    assert!(said.spoken.contains("Токен: Алия"));
    let hidden = KeyRow { holder: None, fit: Fit::Locked, ..token_row(Tries::Unsaid) };
    let said = key(&russian(), &hidden, &[]);
    assert_eq!(said.title, "Токен: Алия");
    assert!(said.details.contains("PIN-код") && said.details.contains("Rutoken ECP") && said.details.contains("3A5F"));
}

#[test]
fn what_hides_in_a_tokens_name_is_not_drawn() {
    let mut row = token_row(Tries::Unsaid);
    if let Place::Token(token) = &mut row.place {
        (token.label, token.reader) = ("a\u{202e}b".to_owned(), "c\nd".to_owned());
    }
    for row in [row.clone(), KeyRow { holder: None, ..row }] {
        let said = key(&russian(), &row, &[]);
        assert!(!said.spoken.contains(['\u{202e}', '\n']), "{}", said.spoken);
    }
}

#[test]
fn a_wrong_pin_says_what_is_left_once() {
    let texts = russian();
    let hint = |tries| PinHint { at_reader: false, tries: Some(tries) };
    assert!(problem(&texts, &Problem::WrongPin(Tries::Unsaid)).contains("блокируется"));
    assert_eq!(problem(&texts, &Problem::WrongPin(Tries::Low)), "Неверный PIN-код.");
    let few = pin(&texts, hint(Tries::Low), "");
    assert!(!few.few.is_empty() && few.last.is_empty() && few.understood.is_empty());
    let last = pin(&texts, hint(Tries::Last), "");
    assert!(last.few.is_empty() && !last.last.is_empty() && !last.understood.is_empty());
    let reader = pin(&texts, PinHint { at_reader: true, tries: None }, "Подписать");
    assert!(reader.reader.contains("«Подписать»"));
}
