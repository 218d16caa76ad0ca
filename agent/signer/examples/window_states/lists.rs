//! Long lists of keys, and keys that look alike.

use super::{at_reader, file, head, on_token, one_key, person, token};
use signer::window::{KeyRow, Locale, Place, RowId, Tries, View};

fn at(path: &str, row: KeyRow) -> KeyRow {
    KeyRow { place: Place::File(path.into()), ..row }
}

/// More than fit beside a password, the last of them on a token.
pub(super) fn many_keys(locale: Locale) -> View {
    let of_year = |year: u32| {
        let row = if year.is_multiple_of(2) { person(year) } else { head(year) };
        at(&format!("/srv/aliya/Құжаттар/{year}/GOST512.p12"), row)
    };
    let mut keys: Vec<KeyRow> = (2017..2025).map(of_year).collect();
    keys.push(KeyRow { place: token("Жұмыс", Tries::Unsaid), ..head(1) });
    View { keys, ..one_key(locale) }
}

/// The token's PIN is typed at the reader.
pub(super) fn many_keys_and_a_pad(locale: Locale) -> View {
    let mut view = many_keys(locale);
    view.keys.pop();
    view.keys.push(at_reader(on_token(1, Tries::Unsaid)));
    view
}

pub(super) fn same_names(locale: Locale) -> View {
    let deep = "/run/media/aliya/KINGSTON/Бухгалтерия и отчётность за прошлые годы/кілттер/GOST512.p12";
    let keys = vec![
        at("/srv/aliya/keys/2025/GOST512.p12", person(1)),
        at("/srv/aliya/keys/2026/GOST512.p12", person(2)),
        at("/run/media/aliya/USB/2026/жеке/менің/GOST512.p12", person(3)),
        KeyRow { id: RowId(4), ..at(deep, file("")) },
    ];
    View { keys, ..one_key(locale) }
}
