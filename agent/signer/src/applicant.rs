//! What a person says of themself in a request for a certificate, checked: as on the command line, so in a window.

use pki::{
    holder::{Bin, Iin},
    issue::Subject,
};

/// The longest name or address, in characters.
const LONGEST: usize = 200;

/// As it was typed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Typed<'t> {
    pub(crate) surname: &'t str,
    pub(crate) name: &'t str,
    /// The patronymic; empty where there is none.
    pub(crate) given: &'t str,
    pub(crate) iin: &'t str,
    /// The organisation's name and number.
    pub(crate) organisation: Option<(&'t str, &'t str)>,
    /// Empty where there is none.
    pub(crate) email: &'t str,
}

/// What of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Surname,
    Name,
    Given,
    Iin,
    Organisation,
    Bin,
    Email,
}

/// As a certificate says it, or every part that cannot be in one.
pub(crate) fn read(typed: &Typed<'_>) -> Result<Subject, Vec<Part>> {
    let mut wrong = Vec::new();
    let mut keep = |part: Part, value: Option<String>| {
        if value.is_none() {
            wrong.push(part);
        }
        value.unwrap_or_default()
    };
    // The NCA writes people's names as their documents do.
    let capitals = |name: &str| text(name).map(|name| name.to_uppercase());
    let or_none = |typed: &str| !typed.trim().is_empty();
    let surname = keep(Part::Surname, capitals(typed.surname));
    let name = keep(Part::Name, capitals(typed.name));
    let given = or_none(typed.given).then(|| keep(Part::Given, capitals(typed.given)));
    let iin = Iin::new(typed.iin.trim());
    if iin.is_none() {
        keep(Part::Iin, None);
    }
    let organisation = typed.organisation.map(|(name, number)| {
        let name = keep(Part::Organisation, text(name));
        let bin = Bin::new(number.trim());
        if bin.is_none() {
            keep(Part::Bin, None);
        }
        bin.map(|bin| (name, bin))
    });
    let email = or_none(typed.email).then(|| keep(Part::Email, address(typed.email)));
    match iin {
        Some(iin) if wrong.is_empty() => Ok(Subject {
            common_name: format!("{surname} {name}"),
            surname,
            iin,
            organisation: organisation.flatten(),
            given,
            email,
        }),
        _ => Err(wrong),
    }
}

/// A name: not empty, of bounded length, on one line.
fn text(typed: &str) -> Option<String> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    fits.then_some(text)
}

/// Something before and after one `@`, in the characters that certificates have for addresses.
fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_one = typed.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && typed.bytes().all(|octet| octet.is_ascii_graphic())
    });
    (is_one && typed.len() <= LONGEST).then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed<'static> {
        Typed { surname: " Тестова ", name: "Айгүл", iin: "900101400123", ..Typed::default() }
    }

    #[test]
    fn names_are_written_in_capitals_and_what_is_not_there_is_left_out() {
        let subject = read(&typed()).unwrap();
        assert_eq!((subject.common_name.as_str(), subject.surname.as_str()), ("ТЕСТОВА АЙГҮЛ", "ТЕСТОВА"));
        assert_eq!((subject.given, subject.organisation, subject.email), (None, None, None));
        let organisation = Some(("ТОО  «Тест»", "010140000123"));
        let subject = read(&Typed { organisation, given: "Тестқызы", email: "a@b.kz", ..typed() }).unwrap();
        assert_eq!(subject.given.as_deref(), Some("ТЕСТҚЫЗЫ"));
        assert_eq!(subject.organisation.unwrap().0, "ТОО «Тест»");
    }

    #[test]
    fn every_part_that_is_wrong_is_told_at_once() {
        let nothing = Typed { organisation: Some(("", "12")), email: "a.kz", ..Typed::default() };
        assert_eq!(
            read(&nothing).unwrap_err(),
            [Part::Surname, Part::Name, Part::Iin, Part::Organisation, Part::Bin, Part::Email]
        );
        for (wrong, part) in [
            (Typed { iin: "90010140012", ..typed() }, Part::Iin),
            (Typed { iin: "90010140012٣", ..typed() }, Part::Iin),
            (Typed { name: "Ай\u{7}гүл", ..typed() }, Part::Name),
            (Typed { given: "\u{7}", ..typed() }, Part::Given),
            (Typed { email: "a@b@c", ..typed() }, Part::Email),
        ] {
            assert_eq!(read(&wrong).unwrap_err(), [part]);
        }
    }
}
