//! A key that is made, and a certificate that comes for one.

use super::{at_reader, file, on_token, one_key, token, unfit};
use signer::window::{
    Argument, Detail, Fit, KeyRow, Locale, Looking, PasswordState, Place, Question, Reason, Sentence, Tries, Value,
    View,
};

fn said(label: &'static str, value: &str) -> Detail {
    Detail { label, values: vec![Value::Text(value.to_owned())] }
}

fn sentence(id: &'static str, places: &[(&'static str, &str)]) -> Sentence {
    let arguments = places.iter().map(|(place, text)| (*place, Argument::Text((*text).to_owned()))).collect();
    Sentence { id, arguments }
}

fn new_file() -> KeyRow {
    let place = Place::NewFile("/srv/keys/GOST512_ИСКАКОВА_2026-11-27.p12".into());
    KeyRow { place, fit: Fit::Fits, password: PasswordState::New, ..file("") }
}

pub(super) fn new_key(locale: Locale) -> View {
    let details = vec![
        said("window-detail-name", "ИСКАКОВА АЛИЯ"),
        said("window-detail-patronymic", "МАРАТҚЫЗЫ"),
        said("window-detail-iin", "900101400123"),
        said("window-detail-organisation", "ТОВАРИЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ «АЛАТАУ ЖАРЫҚ»"),
        said("window-detail-bin", "010140000123"),
        said("window-detail-email", "a.iskakova@alatau.kz"),
        Detail { label: "window-detail-use", values: vec![Value::Words("window-use-signing")] },
        Detail {
            label: "window-detail-role",
            values: vec![Value::Words("window-role-organisation"), Value::Words("window-role-signing-employee")],
        },
        Detail { label: "window-detail-algorithm", values: vec![Value::Words("window-algorithm-gost512")] },
    ];
    let question = Question::NewKey { details, file: "/srv/keys/GOST512.p12".into() };
    View { question, keys: vec![new_file()], ..one_key(locale) }
}

pub(super) fn new_key_and_tokens(locale: Locale) -> View {
    let keys = vec![
        new_file(),
        bare(1, "Әлия"),
        unfit(bare(2, "Резерв"), Reason::CannotMake),
        unfit(bare(3, "Бухгалтерия"), Reason::NotWritable),
    ];
    View { keys, ..new_key(locale) }
}

/// A token of which nothing else is shown.
fn bare(id: u32, label: &str) -> KeyRow {
    KeyRow { holder: None, valid_until: None, place: token(label, Tries::Unsaid), ..on_token(id, Tries::Unsaid) }
}

pub(super) fn new_key_at_reader(locale: Locale) -> View {
    View { keys: vec![unfit(new_file(), Reason::StorageNotAsked), at_reader(bare(1, "Әлия"))], ..new_key(locale) }
}

/// A site that wants the key on a token, before any token was found.
pub(super) fn nowhere_yet(locale: Locale) -> View {
    View { keys: vec![unfit(new_file(), Reason::StorageNotAsked)], looking: Looking::ForTokens, ..new_key(locale) }
}

/// The same with more tokens than a window shows at once, none of which makes such keys.
pub(super) fn nowhere() -> Vec<KeyRow> {
    let token = |number| {
        let row = on_token(number, Tries::Unsaid);
        unfit(KeyRow { holder: None, valid_until: None, ..row }, Reason::CannotMake)
    };
    std::iter::once(unfit(new_file(), Reason::StorageNotAsked)).chain((1..=6).map(token)).collect()
}

pub(super) fn install(locale: Locale) -> View {
    let details = vec![
        said("window-detail-name", "ИСКАКОВА АЛИЯ"),
        said("window-detail-iin", "900101400123"),
        Detail { label: "window-detail-use", values: vec![Value::Words("window-use-signing")] },
        Detail { label: "window-detail-role", values: vec![Value::Words("window-role-person")] },
        said("window-detail-until", "27.11.2027"),
        said("window-detail-issuer", "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022"),
        Detail { label: "window-detail-standing", values: vec![Value::Words("window-standing-nca")] },
    ];
    let place = Place::File("/srv/keys/GOST512_ИСКАКОВА_2026-11-27.p12".into());
    let row = KeyRow { place, fit: Fit::Fits, ..file("") };
    View { question: Question::Install { details }, keys: vec![row], ..one_key(locale) }
}

pub(super) fn install_on_token(locale: Locale) -> View {
    View { keys: vec![bare(1, "Әлия")], ..install(locale) }
}

pub(super) fn install_on_token_away(locale: Locale) -> View {
    View { keys: vec![unfit(bare(1, "Әлия"), Reason::TokenGone)], ..install(locale) }
}

pub(super) fn install_at_reader(locale: Locale) -> View {
    View { keys: vec![at_reader(bare(1, "Әлия"))], ..install(locale) }
}

pub(super) fn install_refused(locale: Locale) -> View {
    let asked = "CN=ИСКАКОВА АЛИЯ,SERIALNUMBER=IIN900101400123,C=KZ";
    let got = "CN=БАСҚА АДАМ,SERIALNUMBER=IIN900101400124,C=KZ";
    let sentences = vec![
        Sentence::new("window-install-refused"),
        Sentence::new("keys-import-unknown-authority"),
        sentence("keys-import-other-subject", &[("asked", asked), ("got", got)]),
        Sentence::new("window-install-anyway"),
    ];
    View { question: Question::Notice(sentences), keys: Vec::new(), ..one_key(locale) }
}

pub(super) fn factory_pin(locale: Locale) -> View {
    let sentences = vec![
        Sentence::new("factory-pin-after"),
        sentence("factory-pin", &[("token", "КЛЮЧ ЭЦП (0011223344)")]),
        Sentence::new("factory-pin-change"),
    ];
    View { question: Question::Notice(sentences), keys: Vec::new(), ..one_key(locale) }
}

pub(super) fn install_moved(locale: Locale) -> View {
    let mut view = install(locale);
    view.keys = view.keys.into_iter().map(|row| unfit(row, Reason::FileMissing)).collect();
    view
}
