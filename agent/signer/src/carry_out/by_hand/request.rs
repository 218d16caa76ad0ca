//! A person asks for a certificate themself: a form, the place of the new key, and where the request is.

use super::super::{
    errand::{End, Errand},
    new_key::{self, Made, Request},
};
use crate::{
    applicant::{self, Part, Typed},
    applications::Place,
    window::{Detail, Entry, Fault, Faults, Field, Filled, Form, Line, Report, Sentence, Value},
};
use order::{KeyUse, NewKeyAlgorithm, NewKeyTask, Subject};
use pki::{Role, holder::Bin};

/// For whom the key is.
const WHOSE: &[&str] = &["form-whose-person", "form-whose-organisation"];
/// The place of the organisation among them.
const ORGANISATION: usize = 1;
/// The positions in an organisation, and their names.
const POSITIONS: [Role; 5] = [Role::Head, Role::RightToSign, Role::FinancialSign, Role::Hr, Role::Employee];
const POSITION_NAMES: &[&str] = &[
    "window-role-head",
    "window-role-signing-employee",
    "window-role-finance-employee",
    "window-role-personnel",
    "window-role-employee",
];
const USES: [KeyUse; 2] = [KeyUse::Signature, KeyUse::Authentication];
const USE_NAMES: &[&str] = &["window-use-signing", "window-use-login"];
const ALGORITHMS: [NewKeyAlgorithm; 2] = [NewKeyAlgorithm::Gost512, NewKeyAlgorithm::Rsa2048];
const ALGORITHM_NAMES: &[&str] = &["window-algorithm-gost512", "window-algorithm-rsa2048"];

/// What a request will say, as far as it is known.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The position in an organisation; `None` for a person's own key.
    pub position: Option<Role>,
    /// The surname.
    pub surname: String,
    /// The first name.
    pub name: String,
    /// The patronymic.
    pub given: String,
    /// The person's number.
    pub iin: String,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's number.
    pub bin: String,
    /// The address for letters.
    pub email: String,
    /// What the key is for.
    pub key_use: KeyUse,
    /// Its algorithm.
    pub algorithm: NewKeyAlgorithm,
}

impl Default for Draft {
    /// Nothing is known: a person's own key for signing, as the NCA issues it.
    fn default() -> Self {
        Self {
            position: None,
            surname: String::new(),
            name: String::new(),
            given: String::new(),
            iin: String::new(),
            organisation: String::new(),
            bin: String::new(),
            email: String::new(),
            key_use: KeyUse::Signature,
            algorithm: NewKeyAlgorithm::Gost512,
        }
    }
}

impl Draft {
    /// What was filled in.
    fn of(filled: &Filled) -> Self {
        let text = |field| filled.text(&field).to_owned();
        fn chosen<T: Copy>(filled: &Filled, field: &Field, from: &[T]) -> Option<T> {
            filled.choice(field).and_then(|place| from.get(place).copied())
        }
        let is_of_organisation = filled.choice(&Field::Whose) == Some(ORGANISATION);
        let position = chosen(filled, &Field::Position, &POSITIONS);
        Self {
            position: position.filter(|_| is_of_organisation),
            surname: text(Field::Surname),
            name: text(Field::Name),
            given: text(Field::Patronymic),
            iin: text(Field::Iin),
            organisation: text(Field::Organisation),
            bin: text(Field::Bin),
            email: text(Field::Email),
            key_use: chosen(filled, &Field::Use, &USES).unwrap_or(KeyUse::Signature),
            algorithm: chosen(filled, &Field::Algorithm, &ALGORITHMS).unwrap_or(NewKeyAlgorithm::Gost512),
        }
    }

    fn typed(&self) -> Typed<'_> {
        Typed {
            surname: &self.surname,
            name: &self.name,
            given: &self.given,
            iin: &self.iin,
            organisation: self.position.map(|_| (self.organisation.as_str(), self.bin.as_str())),
            email: &self.email,
        }
    }

    /// As a page would have asked for it.
    fn task(&self, subject: pki::issue::Subject) -> NewKeyTask {
        let (organisation, bin) =
            subject.organisation.map(|(name, bin)| (name, bin.as_str().to_owned())).unwrap_or_default();
        let roles = self.position.iter().flat_map(|position| [Role::Organisation, *position]);
        NewKeyTask {
            storages: Vec::new(),
            algorithm: self.algorithm,
            key_use: self.key_use,
            roles: roles.map(|role| role.oid().to_string()).collect(),
            subject: Subject {
                common_name: subject.common_name,
                surname: subject.surname,
                given_name: subject.given.unwrap_or_default(),
                iin: subject.iin.as_str().to_owned(),
                organisation,
                bin,
                email: subject.email.unwrap_or_default(),
                ..Subject::default()
            },
        }
    }
}

/// The form, with what is known.
#[must_use]
pub fn form(draft: &Draft) -> Form {
    fn place<T: PartialEq>(of: &[T], one: &T) -> usize {
        of.iter().position(|other| other == one).unwrap_or_default()
    }
    let text = |field, value: &str| Line { field, entry: Entry::Text(value.to_owned()), only: None };
    let choice = |field, of, chosen| Line { field, entry: Entry::Choice { of, chosen }, only: None };
    let of_organisation = |line: Line| Line { only: Some((Field::Whose, ORGANISATION)), ..line };
    let position = draft.position.unwrap_or(Role::Employee);
    Form {
        rows: vec![
            vec![choice(Field::Whose, WHOSE, usize::from(draft.position.is_some()))],
            vec![of_organisation(choice(Field::Position, POSITION_NAMES, place(&POSITIONS, &position)))],
            vec![text(Field::Surname, &draft.surname), text(Field::Name, &draft.name)],
            vec![text(Field::Patronymic, &draft.given), text(Field::Iin, &draft.iin)],
            vec![
                of_organisation(text(Field::Organisation, &draft.organisation)),
                of_organisation(text(Field::Bin, &draft.bin)),
            ],
            vec![text(Field::Email, &draft.email)],
            vec![
                choice(Field::Use, USE_NAMES, place(&USES, &draft.key_use)),
                choice(Field::Algorithm, ALGORITHM_NAMES, place(&ALGORITHMS, &draft.algorithm)),
            ],
        ],
        check,
    }
}

/// What cannot be asked for, and what looks like a slip.
fn check(filled: &Filled) -> Faults {
    let draft = Draft::of(filled);
    let subject = match applicant::read(&draft.typed()) {
        Ok(subject) => subject,
        Err(wrong) => return wrong.into_iter().map(|part| wrong_part(&draft, part)).collect(),
    };
    let doubtful = |field, id| (field, Fault::Doubtful(Sentence::new(id)));
    let bin = subject.organisation.as_ref().map(|(_, bin)| bin);
    let iin = (!subject.iin.control_digit_fits()).then(|| doubtful(Field::Iin, "form-iin-doubtful"));
    let bin = bin.filter(|bin: &&Bin| !bin.control_digit_fits()).map(|_| doubtful(Field::Bin, "form-bin-doubtful"));
    iin.into_iter().chain(bin).collect()
}

fn wrong_part(draft: &Draft, part: Part) -> (Field, Fault) {
    let name = |value: &str, missing| Sentence::new(if value.is_empty() { missing } else { "form-name-wrong" });
    let number = |value: &str, id, wrong| {
        let count = value.chars().count() as u64;
        let is_digits = value.bytes().all(|octet| octet.is_ascii_digit());
        if is_digits && count > 0 { Sentence::new(wrong).count("count", count) } else { Sentence::new(id) }
    };
    let (field, sentence) = match part {
        Part::Surname => (Field::Surname, name(&draft.surname, "form-surname-missing")),
        Part::Name => (Field::Name, name(&draft.name, "form-name-missing")),
        Part::Given => (Field::Patronymic, Sentence::new("form-name-wrong")),
        Part::Iin => (Field::Iin, number(&draft.iin, "form-iin-missing", "form-number-short")),
        Part::Organisation => (Field::Organisation, name(&draft.organisation, "form-organisation-missing")),
        Part::Bin => (Field::Bin, number(&draft.bin, "form-bin-missing", "form-number-short")),
        Part::Email => (Field::Email, Sentence::new("form-email-wrong")),
    };
    (field, Fault::Wrong(sentence))
}

/// From the form to the file that goes to the authority.
pub(super) fn request(errand: &mut Errand<'_, '_>, draft: &Draft) -> Result<(), End> {
    let mut draft = draft.clone();
    loop {
        draft = Draft::of(&errand.fill(form(&draft))?);
        // The window lets nothing else through.
        let subject = applicant::read(&draft.typed()).map_err(|_| End::cancelled())?;
        match new_key::make_key(errand, &draft.task(subject), Request::InFile) {
            Err(End::Back) => {}
            made => {
                errand.report(report(made?));
                return Ok(());
            }
        }
    }
}

/// Where the request is, and what comes next.
fn report(made: Made) -> Report {
    let Made { application, file } = made;
    let said = |label, value: String| Detail { label, values: vec![Value::Text(value)] };
    let keep = match application.place {
        Place::File(_) => "own-request-keep-file",
        Place::Token { .. } => "own-request-keep-token",
    };
    Report {
        done: "own-request-done",
        details: vec![
            said("window-detail-name", application.subject),
            said("own-detail-request-id", application.id),
            said("own-detail-key-place", application.place.label()),
        ],
        next: ["own-request-hand-in", "own-request-come-back", keep].map(Sentence::new).to_vec(),
        file: file.map(|file| ("own-request-file", file)),
        go_on: None,
        undo: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(whose: usize, texts: &[(Field, &str)]) -> Filled {
        let texts = texts.iter().map(|(field, text)| (field.clone(), Entry::Text((*text).to_owned())));
        let whose = (Field::Whose, Entry::Choice { of: WHOSE, chosen: whose });
        let position = (Field::Position, Entry::Choice { of: POSITION_NAMES, chosen: 0 });
        Filled([whose, position].into_iter().chain(texts).collect())
    }

    fn person(iin: &str) -> Vec<(Field, &str)> {
        vec![(Field::Surname, "Тестова"), (Field::Name, "Айгүл"), (Field::Iin, iin)]
    }

    fn ids(faults: &Faults) -> Vec<&'static str> {
        faults.iter().map(|(_, fault)| fault.sentence().id).collect()
    }

    #[test]
    fn a_form_that_is_right_has_no_faults_and_asks_for_what_it_says() {
        let right = filled(0, &person("123456789013"));
        assert!(check(&right).is_empty());
        let draft = Draft::of(&right);
        let task = draft.task(applicant::read(&draft.typed()).unwrap());
        assert_eq!((task.subject.common_name.as_str(), task.roles.len()), ("ТЕСТОВА АЙГҮЛ", 0));
        let of = [&person("123456789013")[..], &[(Field::Organisation, "ТОО «Тест»"), (Field::Bin, "971240001315")]];
        let draft = Draft::of(&filled(1, &of.concat()));
        let task = draft.task(applicant::read(&draft.typed()).unwrap());
        assert_eq!(task.roles, [Role::Organisation, Role::Head].map(|role| role.oid().to_string()));
        assert_eq!(task.subject.bin, "971240001315");
    }

    #[test]
    fn what_is_missing_and_what_looks_like_a_slip_is_said_beside_its_field() {
        assert_eq!(
            ids(&check(&filled(1, &[(Field::Iin, "1234"), (Field::Email, "a")]))),
            [
                "form-surname-missing",
                "form-name-missing",
                "form-number-short",
                "form-organisation-missing",
                "form-bin-missing",
                "form-email-wrong",
            ]
        );
        let doubtful = check(&filled(0, &person("123456789011")));
        assert!(matches!(&doubtful[..], [(Field::Iin, Fault::Doubtful(_))]), "{doubtful:?}");
        assert_eq!(ids(&check(&filled(0, &person("12345678901x")))), ["form-iin-missing"]);
    }
}
