//! `getRdnByOid`: one part of a distinguished name, taken out of its text.

/// The keywords of `ncalayer-protocol.md` 4.11 for the types that pages ask for.
const KEYWORDS: [(&str, &str); 16] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SURNAME"),
    ("2.5.4.5", "SERIALNUMBER"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "T"),
    ("2.5.4.15", "BusinessCategory"),
    ("2.5.4.42", "GIVENNAME"),
    ("2.5.4.43", "INITIALS"),
    ("1.2.840.113549.1.9.1", "E"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
];

/// The value of the attribute of this type that comes at this place among those of its type, from 0.
///
/// The value alone, without `CN=`: public pages cut the number out of `IIN…` by its place (`substring(3, 15)`).
pub(super) fn value(dn: &str, oid: &str, place: usize) -> Option<String> {
    let keyword = KEYWORDS.iter().find(|(known, _)| *known == oid).map_or(oid, |(_, keyword)| *keyword);
    attributes(dn).filter(|(kind, _)| kind.eq_ignore_ascii_case(keyword)).nth(place).map(|(_, value)| unescape(value))
}

/// Type and escaped value of each attribute, in the order of the text.
fn attributes(dn: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut escaped = false;
    let parts = dn.split(move |character| {
        let separates = !escaped && matches!(character, ',' | '+');
        escaped = !escaped && character == '\\';
        separates
    });
    parts.filter_map(|part| part.split_once('=')).map(|(kind, value)| (kind.trim(), value))
}

fn unescape(value: &str) -> String {
    let mut characters = value.chars();
    let mut plain = String::with_capacity(value.len());
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DN: &str = r#"CN=ТЕСТОВ ТЕСТ,SURNAME=ТЕСТОВ,SERIALNUMBER=IIN123456789011,C=KZ,O=ТОО \"А\, Б\"+OU=BIN123456789021,OU=second,1.2.3=x\=y"#;

    #[test]
    fn the_value_alone_is_found_by_type_and_place() {
        let found = |oid, place| value(DN, oid, place);
        assert_eq!(found("2.5.4.3", 0).unwrap(), "ТЕСТОВ ТЕСТ");
        assert_eq!(found("2.5.4.5", 0).unwrap().get(3..15).unwrap(), "123456789011");
        assert_eq!(found("2.5.4.10", 0).unwrap(), "ТОО \"А, Б\"");
        assert_eq!(found("2.5.4.11", 0).unwrap(), "BIN123456789021");
        assert_eq!(found("2.5.4.11", 1).unwrap(), "second");
        assert_eq!(found("1.2.3", 0).unwrap(), "x=y");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(value(DN, "2.5.4.3", 1), None);
        assert_eq!(value(DN, "2.5.4.7", 0), None);
        assert_eq!(value(DN, "", 0), None);
        assert_eq!(value("", "2.5.4.3", 0), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(dn in ".*", oid in ".*", place in any::<usize>()) {
            let _ = value(&dn, &oid, place);
        }

        #[test]
        fn an_escaped_value_comes_back(text in "[a-zа-я,+=\\\\\" ]{0,20}") {
            let escaped: String = text.chars().flat_map(|c| ['\\', c]).collect();
            prop_assert_eq!(value(&format!("C=KZ,CN={escaped},O=x"), "2.5.4.3", 0), Some(text));
        }
    }
}
