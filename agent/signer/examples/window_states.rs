//! Opens the signing window in one of its states, with invented people and documents and no cryptography at all, so
//! that it can be looked at: `cargo run -p tanba-signer --example window_states -- STATE LANGUAGE`. Without arguments it
//! lists the states. `screenshots.sh` beside it takes a picture of each.

#[path = "window_states/lists.rs"]
mod lists;
#[path = "window_states/making.rs"]
mod making;
#[path = "window_states/person.rs"]
mod person_alone;
#[path = "window_states/pictures.rs"]
mod pictures;

use order::{Origin, PathPermission, Program, Requester};
use signer::preview_host;
use signer::window::{
    self, Asker, Busy, Closer, Consent, DocumentView, Environment, Event, Extent, Fit, FormView, Holder, KeyKind,
    KeyRow, Learns, Locale, Looking, Media, OpenWindow, PasswordState, Place, Preview, Problem, Question, Reason, Role,
    RowId, Sentence, StampView, TokenPlace, Tries, View, Warning, What,
};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

/// A state: its name, what is asked, and what happens once the window is on the screen.
type State = (&'static str, fn(Locale) -> View, fn(&OpenWindow));

const STATES: &[State] = &[
    ("one-key", one_key, nothing),
    ("first-time", first_time, nothing),
    ("several-keys", several_keys, nothing),
    ("unfit-keys", unfit_keys, nothing),
    ("no-keys", no_keys, nothing),
    ("locked", locked, nothing),
    ("opened", opened, nothing),
    ("documents", documents, nothing),
    ("text", text, nothing),
    ("binary", binary, nothing),
    ("digest", digest, nothing),
    ("pdf", pictures::pdf, nothing),
    ("pdf-one-page", pictures::pdf_of_one_page, nothing),
    ("pdf-broken", pictures::broken_pdf, nothing),
    ("image", pictures::image, nothing),
    ("image-small", pictures::small_image, nothing),
    ("pictures-and-others", pictures::batch, nothing),
    ("part", pictures::part, nothing),
    ("digest-length", digest_length, nothing),
    ("insecure", insecure, nothing),
    ("opaque", opaque, nothing),
    ("unknown-program", unknown_program, nothing),
    ("no-page", no_page, nothing),
    ("long-names", long_names, nothing),
    ("show-key", show_key, nothing),
    ("show-known-key", show_known_key, nothing),
    ("test", test, nothing),
    ("waiting", waiting, nothing),
    ("wrong-password", one_key, |window| window.show_problem(Problem::WrongPassword)),
    ("cannot-open", several_keys, |window| {
        window.show_problem(Problem::CannotOpen(Sentence::new("error-not-a-key-file")));
    }),
    ("cannot-sign", one_key, |window| {
        window.show_problem(Problem::CannotSign(Sentence::new("error-signing-failed")));
    }),
    ("busy", one_key, |window| window.show_busy(Busy::Signing)),
    ("gone", one_key, OpenWindow::page_gone),
    ("gone-late", one_key, |window| {
        window.show_busy(Busy::Signing);
        window.page_gone();
    }),
    ("stamp-added", stamp_added, nothing),
    ("inside-xml", inside_xml, nothing),
    ("bare-value", bare_value, nothing),
    ("other-site-warning", other_site_warning, nothing),
    ("logo", logo, nothing),
    ("broken-logo", broken_logo, nothing),
    ("read-file", read_file, nothing),
    ("read-files", read_files, nothing),
    ("read-file-unknown", read_file_unknown, nothing),
    ("write-file", write_file, nothing),
    ("fetch", fetch, nothing),
    ("upload", upload, nothing),
    ("stamp", stamp, nothing),
    ("other-site", other_site, nothing),
    ("bare-signature", bare_signature, nothing),
    ("choose-file", choose_file, nothing),
    ("notice", notice, nothing),
    ("many-keys", lists::many_keys, nothing),
    ("many-keys-pad", lists::many_keys_and_a_pad, nothing),
    ("same-names", lists::same_names, nothing),
    ("token", on_one_token, nothing),
    ("tokens-and-files", tokens_and_files, nothing),
    ("token-hides", token_hides, nothing),
    ("token-few-tries", few_tries, nothing),
    ("token-wrong-pin", on_one_token, |window| {
        window.update_keys(vec![on_token(1, Tries::Low)], Looking::Done);
        window.show_problem(Problem::WrongPin(Tries::Low));
    }),
    ("token-last-try", last_try, nothing),
    ("token-pin-pad", pin_pad, nothing),
    ("token-at-reader", pin_pad, |window| window.show_busy(Busy::AtReader)),
    ("token-unfit", unfit_tokens, nothing),
    ("token-gone", on_one_token, |window| {
        window.update_keys(vec![unfit(on_token(1, Tries::Unsaid), Reason::TokenGone)], Looking::Done);
    }),
    ("token-returns", on_one_token, |window| {
        // Long enough that a PIN can be typed before it goes, and looked at before it comes back.
        std::thread::sleep(Duration::from_secs(4));
        window.update_keys(vec![unfit(on_token(1, Tries::Unsaid), Reason::TokenGone)], Looking::Done);
        std::thread::sleep(Duration::from_secs(4));
        window.update_keys(vec![on_token(1, Tries::Unsaid)], Looking::Done);
    }),
    ("token-failed", on_one_token, |window| {
        window.show_problem(Problem::Token(Sentence::new("error-token-not-responding")));
    }),
    ("token-given", token_given, nothing),
    ("token-looking", looking, nothing),
    ("token-joins", looking, |window| window.update_keys(vec![on_token(1, Tries::Unsaid)], Looking::Done)),
    ("new-key", making::new_key, nothing),
    ("new-key-and-tokens", making::new_key_and_tokens, nothing),
    ("new-key-nowhere", making::nowhere_yet, |window| window.update_keys(making::nowhere(), Looking::Done)),
    ("new-key-there", making::new_key, |window| {
        window.show_problem(Problem::CannotOpen(Sentence::new("error-new-file-there")));
    }),
    ("new-key-busy", making::new_key, |window| window.show_busy(Busy::Making)),
    ("new-key-gone", making::new_key, OpenWindow::page_gone),
    ("new-key-pad", making::new_key_at_reader, nothing),
    ("install", making::install, nothing),
    ("install-busy", making::install, |window| window.show_busy(Busy::Installing)),
    ("install-gone", making::install, OpenWindow::page_gone),
    ("install-pad", making::install_at_reader, nothing),
    ("install-token", making::install_on_token, nothing),
    ("install-token-away", making::install_on_token_away, nothing),
    ("install-refused", making::install_refused, nothing),
    ("factory-pin", making::factory_pin, nothing),
    ("install-moved", making::install_moved, nothing),
    ("own-request", person_alone::request, nothing),
    ("own-request-organisation", person_alone::request_of_organisation, nothing),
    ("own-new-key", person_alone::new_key, nothing),
    ("own-request-done", person_alone::request_done, nothing),
    ("own-import", person_alone::import, nothing),
    ("own-import-wrong", person_alone::import_wrong, nothing),
    ("own-install", person_alone::install, nothing),
    ("own-import-done", person_alone::import_done, nothing),
    ("own-lost", person_alone::lost, nothing),
    ("own-lost-done", person_alone::lost_done, nothing),
    ("own-add", person_alone::add_key, nothing),
    ("own-password", person_alone::change_password, nothing),
    ("own-new-password", person_alone::new_password, nothing),
    ("own-password-same", person_alone::new_password, |window| {
        window.show_problem(Problem::Token(Sentence::new("life-password-same")));
    }),
    ("own-backup", person_alone::backup, nothing),
    ("own-modern", person_alone::modernise, nothing),
    ("own-password-done", person_alone::password_done, nothing),
    ("own-revoke", person_alone::revoke, nothing),
    ("own-revoke-done", person_alone::revoke_done, nothing),
    ("gone-consent", read_file, OpenWindow::page_gone),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    // A window starts its own program again to have a site's picture drawn.
    if arguments.peek().is_some_and(|argument| argument == "preview") {
        return preview_host::run();
    }
    let (Some(state), Some(language)) = (arguments.next(), arguments.next()) else {
        for (name, ..) in STATES {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Some((_, view, then)) = STATES.iter().find(|(name, ..)| *name == state) else {
        eprintln!("no such state: {state}");
        return ExitCode::FAILURE;
    };
    let Some(locale) = Locale::from_code(&language) else {
        eprintln!("no such language: {language}");
        return ExitCode::FAILURE;
    };
    let shown = window::run(move |desk| {
        let (sender, events) = channel();
        let window = desk.ask_with(view(locale), move |event| drop(sender.send(event)));
        // Until the window is closed. Nothing is signed: a decision is answered as a wrong password would be.
        for event in events {
            // The Debug of an event never shows a password.
            println!("{event:?}");
            match event {
                Event::Shown => then(&window),
                Event::Decide { .. } => window.show_problem(Problem::WrongPassword),
                Event::AddFile(path) => {
                    let new = KeyRow { id: RowId(9), place: Place::File(path), ..file("") };
                    window.show_keys(vec![person(1), new], Some(RowId(9)));
                }
                Event::Forget(_) => window.show_keys(vec![person(1)], None),
                _ => {}
            }
        }
    });
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn nothing(_: &OpenWindow) {}

fn browser() -> Option<Program> {
    Some(Program { path: "/usr/bin/chromium".to_owned(), name: "Chromium".to_owned(), is_known_browser: true })
}

fn sign(documents: Vec<DocumentView>) -> Question {
    Question::Sign { documents, form: FormView::Cms { stamp: StampView::None } }
}

fn from(origin: Option<&str>, program: Option<Program>) -> Asker {
    Asker::Page(requester(origin, program))
}

fn requester(origin: Option<&str>, program: Option<Program>) -> Requester {
    Requester {
        origin: Origin::from_header(origin.map(str::as_bytes)),
        program,
        first_time: false,
        paths: PathPermission::Ask,
    }
}

fn view(locale: Locale) -> View {
    View {
        locale,
        asker: from(Some("https://egov.kz"), browser()),
        question: sign(vec![pictures::xml()]),
        keys: vec![person(1)],
        looking: Looking::Done,
        environment: Environment::Real,
        waiting: 0,
        warnings: Vec::new(),
        logo: None,
    }
}

fn text_document() -> DocumentView {
    let line = "Осы өтінішке қол қойып, деректерімнің өңделуіне келісемін. Прошу принять заявление. ";
    let text = format!("ӨТІНІШ\n\n{}\n\n№ 42, 23.11.2026\n1 500 000 ₸ ‹U+202E› «ескерту»\n", line.repeat(6)).repeat(40);
    DocumentView {
        size: 2_400_000,
        what: What::Text(Preview { text, extent: Extent::Beginning }),
        closer: Closer::None,
    }
}

fn archive() -> DocumentView {
    let head = (0..16_u32)
        .map(|row| {
            let octets: Vec<String> = (0..16).map(|column| format!("{:02x}", (row * 37 + column * 11) % 256)).collect();
            format!("{:08x}  {}", row * 16, octets.join(" "))
        })
        .collect::<Vec<_>>()
        .join("\n");
    DocumentView { size: 348_160, what: What::Binary { media: Media::Zip, head }, closer: Closer::None }
}

fn hash(octets: usize) -> DocumentView {
    DocumentView { size: octets as u64, what: What::Digest { hex: "9b".repeat(octets) }, closer: Closer::None }
}

fn person(id: u32) -> KeyRow {
    KeyRow {
        id: RowId(id),
        holder: Some(Holder {
            name: "ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ".to_owned(),
            role: Role::Person,
            iin: Some("990101400011".to_owned()),
            organisation: None,
            bin: None,
        }),
        valid_until: Some("08.05.2027".to_owned()),
        place: in_file("GOST512_1a2b3c.p12"),
        fit: Fit::Fits,
        password: PasswordState::Asked,
        kind: KeyKind::Real,
    }
}

fn head(id: u32) -> KeyRow {
    let holder = Holder {
        name: "ПРИМЕРОВ ПРИМЕР".to_owned(),
        role: Role::Head,
        iin: Some("850505300022".to_owned()),
        organisation: Some("ТОО «ПРИМЕР И КО»".to_owned()),
        bin: Some("123456789021".to_owned()),
    };
    KeyRow { holder: Some(holder), place: in_file("head.p12"), ..person(id) }
}

fn in_file(name: &str) -> Place {
    Place::File(format!("/media/usb/{name}").into())
}

fn token(label: &str, tries: Tries) -> Place {
    Place::Token(TokenPlace {
        label: label.to_owned(),
        reader: "Aktiv Rutoken ECP 00 00".to_owned(),
        model: "Rutoken ECP".to_owned(),
        serial: "3a5f09c1".to_owned(),
        tries,
    })
}

fn on_token(id: u32, tries: Tries) -> KeyRow {
    KeyRow { place: token("Әлия", tries), ..person(id) }
}

fn file(name: &str) -> KeyRow {
    KeyRow { holder: None, valid_until: None, place: in_file(name), fit: Fit::Locked, ..person(7) }
}

fn at_reader(row: KeyRow) -> KeyRow {
    KeyRow { password: PasswordState::AtReader, ..row }
}

fn unfit(row: KeyRow, reason: Reason) -> KeyRow {
    KeyRow { fit: Fit::Unfit(vec![reason]), ..row }
}

fn one_key(locale: Locale) -> View {
    view(locale)
}

fn first_time(locale: Locale) -> View {
    let requester =
        Requester { first_time: true, ..requester(Some("https://cabinet.salyk.kgd.gov.kz:8443"), browser()) };
    View { asker: Asker::Page(requester), ..view(locale) }
}

fn several_keys(locale: Locale) -> View {
    View { keys: vec![person(1), head(2), file("GOST512_flash.p12")], ..view(locale) }
}

fn unfit_keys(locale: Locale) -> View {
    let expired = KeyRow { valid_until: Some("27.01.2021".to_owned()), ..unfit(head(2), Reason::Expired) };
    let keys = vec![
        person(1),
        expired,
        unfit(head(3), Reason::NotThisPerson),
        unfit(file("AUTH_RSA256.p12"), Reason::AlgorithmNotYet),
        unfit(head(5), Reason::FileMissing),
    ];
    View { keys, ..view(locale) }
}

fn on_one_token(locale: Locale) -> View {
    View { keys: vec![on_token(1, Tries::Unsaid)], ..view(locale) }
}

fn tokens_and_files(locale: Locale) -> View {
    let other = KeyRow { place: token("Жұмыс", Tries::Unsaid), ..head(4) };
    let keys = vec![person(2), on_token(1, Tries::Unsaid), other, file("GOST512_flash.p12")];
    View { keys, looking: Looking::ForTokens, ..view(locale) }
}

fn token_hides(locale: Locale) -> View {
    View { keys: vec![KeyRow { place: token("Әлия", Tries::Unsaid), ..file("") }], ..view(locale) }
}

fn few_tries(locale: Locale) -> View {
    View { keys: vec![on_token(1, Tries::Low)], ..view(locale) }
}

fn last_try(locale: Locale) -> View {
    View { keys: vec![on_token(1, Tries::Last)], ..view(locale) }
}

fn pin_pad(locale: Locale) -> View {
    View { keys: vec![at_reader(on_token(1, Tries::Unsaid))], ..view(locale) }
}

fn unfit_tokens(locale: Locale) -> View {
    let hidden = |id, label: &str| KeyRow { id: RowId(id), place: token(label, Tries::Unsaid), ..file("") };
    let driver = KeyRow { id: RowId(9), place: Place::Driver { vendor: "SafeNet".to_owned() }, ..file("") };
    let keys = vec![
        unfit(on_token(1, Tries::None), Reason::PinLocked),
        unfit(hidden(2, "Резерв"), Reason::NoKeyOnToken),
        unfit(hidden(3, "Новый"), Reason::PinNotSet),
        unfit(on_token(4, Tries::Unsaid), Reason::StorageNotAsked),
        unfit(driver, Reason::DriverSilent),
    ];
    View { keys, ..view(locale) }
}

fn token_given(locale: Locale) -> View {
    View { keys: vec![KeyRow { password: PasswordState::Given, ..on_token(1, Tries::Unsaid) }], ..view(locale) }
}

fn looking(locale: Locale) -> View {
    View { keys: Vec::new(), looking: Looking::ForTokens, ..view(locale) }
}

fn no_keys(locale: Locale) -> View {
    View { keys: Vec::new(), ..view(locale) }
}

fn locked(locale: Locale) -> View {
    View { keys: vec![file("GOST512_1a2b3c.p12")], ..view(locale) }
}

fn opened(locale: Locale) -> View {
    View { keys: vec![KeyRow { password: PasswordState::Given, ..person(1) }], ..view(locale) }
}

fn documents(locale: Locale) -> View {
    let documents = vec![pictures::xml(), text_document(), archive(), pictures::xml(), hash(64), pictures::xml()];
    View { question: sign(documents), ..view(locale) }
}

fn only(document: DocumentView, locale: Locale) -> View {
    View { question: sign(vec![document]), ..view(locale) }
}

fn text(locale: Locale) -> View {
    only(text_document(), locale)
}

fn binary(locale: Locale) -> View {
    only(archive(), locale)
}

fn digest(locale: Locale) -> View {
    View { warnings: vec![Warning::DigestOnly], ..only(hash(64), locale) }
}

fn digest_length(locale: Locale) -> View {
    let wrong = Warning::WrongDigestLength { octets: 32, expected: 64 };
    View { warnings: vec![Warning::DigestOnly, wrong], ..only(hash(32), locale) }
}

fn insecure(locale: Locale) -> View {
    View { asker: from(Some("http://eotinish.example.kz"), browser()), ..view(locale) }
}

fn opaque(locale: Locale) -> View {
    View { asker: from(Some("null"), browser()), ..view(locale) }
}

fn unknown_program(locale: Locale) -> View {
    let program =
        Program { path: "/media/usb/.cache/updater".to_owned(), name: "updater".to_owned(), is_known_browser: false };
    View { asker: from(Some("https://egov.kz"), Some(program)), ..view(locale) }
}

fn no_page(locale: Locale) -> View {
    View { asker: from(None, None), ..view(locale) }
}

fn long_names(locale: Locale) -> View {
    let host = format!("https://{}.egov.kz.very-long-name.example.com", "a-long-label-of-a-host".repeat(2));
    let mut row = head(1);
    if let Some(holder) = &mut row.holder {
        holder.name = "ҚАЗАҚСТАНОВ-ПЕТРОПАВЛОВСКИЙ АБЫЛАЙХАН МҰХАМЕДЖАНҰЛЫ".to_owned();
        holder.role = Role::FinanceEmployee;
        holder.organisation =
            Some("РЕСПУБЛИКАНСКОЕ ГОСУДАРСТВЕННОЕ ПРЕДПРИЯТИЕ НА ПРАВЕ ХОЗЯЙСТВЕННОГО ВЕДЕНИЯ «ОБРАЗЕЦ»".to_owned());
    }
    View { asker: from(Some(&host), browser()), keys: vec![row, person(2)], ..view(locale) }
}

fn show_key(locale: Locale) -> View {
    View { question: Question::ShowKey, ..view(locale) }
}

fn show_known_key(locale: Locale) -> View {
    View { question: Question::ShowKey, ..opened(locale) }
}

fn test(locale: Locale) -> View {
    let keys = vec![KeyRow { kind: KeyKind::Test, place: in_file("demo.p12"), ..person(1) }];
    View {
        asker: from(Some("https://localhost:13579"), browser()),
        keys,
        environment: Environment::Test,
        ..view(locale)
    }
}

fn waiting(locale: Locale) -> View {
    View { waiting: 2, ..view(locale) }
}

fn made(form: FormView, locale: Locale) -> View {
    View { question: Question::Sign { documents: vec![pictures::xml()], form }, ..view(locale) }
}

fn stamp_added(locale: Locale) -> View {
    made(FormView::Cms { stamp: StampView::Added }, locale)
}

fn inside_xml(locale: Locale) -> View {
    let rows = vec![person(1), unfit(head(2), Reason::NotThisKey)];
    View { keys: rows, ..made(FormView::Xml, locale) }
}

fn bare_value(locale: Locale) -> View {
    made(FormView::Raw, locale)
}

fn other_site_warning(locale: Locale) -> View {
    let warning = Warning::OtherSite { named: "idp.egov.kz".to_owned(), asks: "egov-kz.example.com".to_owned() };
    // Its picture and its first visit make no difference beside a warning.
    let requester = Requester { first_time: true, ..requester(Some("https://egov-kz.example.com"), browser()) };
    View { asker: Asker::Page(requester), warnings: vec![warning], logo: picture(), ..view(locale) }
}

/// A blue disc on nothing, as a site would draw its sign.
fn picture() -> Option<Vec<u8>> {
    const SIDE: u32 = 96;
    let middle = i64::from(SIDE / 2);
    let pixels: Vec<u8> = (0..SIDE * SIDE)
        .flat_map(|place| {
            let (x, y) = (i64::from(place % SIDE) - middle, i64::from(place / SIDE) - middle);
            let is_inside = x * x + y * y < middle * middle;
            [10, 92, 173, if is_inside { 255 } else { 0 }]
        })
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).ok()?;
    Some(file)
}

fn logo(locale: Locale) -> View {
    View { logo: picture(), ..first_time(locale) }
}

fn broken_logo(locale: Locale) -> View {
    View { logo: Some(b"\x89PNG\r\n\x1a\nand nothing more".to_vec()), ..view(locale) }
}

fn consent(asked: Consent, locale: Locale) -> View {
    View { question: Question::Consent(asked), keys: Vec::new(), ..view(locale) }
}

fn read_file(locale: Locale) -> View {
    let paths = vec!["/media/usb/Құжаттар/Өтініш 2026.pdf".to_owned()];
    View { logo: picture(), ..consent(Consent::ReadFiles { paths }, locale) }
}

fn read_files(locale: Locale) -> View {
    let mut paths: Vec<String> =
        (1..=12).map(|number| format!("/media/usb/Құжаттар/Есептер/{number}-тоқсан.xml")).collect();
    paths.insert(1, format!("/media/usb/{}/gnp.\u{202e}fdp.exe", "very-long-folder-name/".repeat(6)));
    View { waiting: 2, ..consent(Consent::ReadFiles { paths }, locale) }
}

fn read_file_unknown(locale: Locale) -> View {
    View { asker: unknown_program(locale).asker, ..read_file(locale) }
}

fn write_file(locale: Locale) -> View {
    let path = "C:\\Users\\Aliya\\Documents\\Декларация 910.00.xml.cms".to_owned();
    View { asker: first_time(locale).asker, ..consent(Consent::WriteFile { path }, locale) }
}

fn fetch(locale: Locale) -> View {
    let url = "https://documents.egov.kz/api/v2/download?id=4711&name=%D3%A9%D1%82%D1%96%D0%BD%D1%96%D1%88".to_owned();
    consent(Consent::Fetch { url }, locale)
}

fn upload(locale: Locale) -> View {
    consent(Consent::Upload { url: "https://upload.egov.kz/in".to_owned() }, locale)
}

fn stamp(locale: Locale) -> View {
    let signers = vec!["ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ".to_owned(), "ТОО «ПРИМЕР И КО», ПРИМЕРОВ ПРИМЕР".to_owned()];
    consent(Consent::Stamp { signers }, locale)
}

fn other_site(locale: Locale) -> View {
    let asked = Consent::OtherSite { named: "idp.egov.kz".to_owned(), asks: "egov-kz.example.com".to_owned() };
    View { asker: from(Some("https://egov-kz.example.com"), browser()), ..consent(asked, locale) }
}

fn bare_signature(locale: Locale) -> View {
    consent(Consent::BareSignature, locale)
}

fn choose_file(locale: Locale) -> View {
    let question = Question::ChooseFile { learns: Learns::Path, extension: "xml".to_owned(), folder: "".into() };
    View { question, keys: Vec::new(), ..view(locale) }
}

fn notice(locale: Locale) -> View {
    let sentences = vec![Sentence::new("error-not-a-key-file"), Sentence::new("error-file-missing")];
    View { asker: no_page(locale).asker, question: Question::Notice(sentences), keys: Vec::new(), ..view(locale) }
}
