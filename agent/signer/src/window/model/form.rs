//! What a person fills in.

use super::Sentence;

/// Something to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// For whom the key is: themself or an organisation.
    Whose,
    /// The position in the organisation.
    Position,
    /// The surname.
    Surname,
    /// The first name.
    Name,
    /// The patronymic.
    Patronymic,
    /// The person's number.
    Iin,
    /// The organisation's name.
    Organisation,
    /// The organisation's number.
    Bin,
    /// The address for letters.
    Email,
    /// What the key is for.
    Use,
    /// The key's algorithm.
    Algorithm,
    /// What happened to a key.
    Why,
}

/// Fields, from top to bottom.
#[derive(Clone, Debug)]
pub struct Form {
    /// Each stands in a row with others, or alone.
    pub rows: Vec<Vec<Line>>,
    /// What is wrong with what was filled in; nothing where it can be gone on with.
    pub check: fn(&Filled) -> Faults,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which.
    pub field: Field,
    /// What it has at first.
    pub entry: Entry,
    /// It is there only while that choice is made so.
    pub only: Option<(Field, usize)>,
}

/// What a field has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One line of text.
    Text(String),
    /// One of several.
    Choice {
        /// The identifiers of their names.
        of: &'static [&'static str],
        /// The place of the one that is chosen.
        chosen: usize,
    },
}

/// What was filled in. Fields that were not there are not in it.
#[derive(Clone, Debug, Default)]
pub struct Filled(pub Vec<(Field, Entry)>);

impl Filled {
    /// The text of a field, without blanks around; empty where it was not there.
    #[must_use]
    pub fn text(&self, field: &Field) -> &str {
        match self.entry(field) {
            Some(Entry::Text(text)) => text.trim(),
            _ => "",
        }
    }

    /// The place of what was chosen; `None` where the choice was not there.
    #[must_use]
    pub fn choice(&self, field: &Field) -> Option<usize> {
        match self.entry(field) {
            Some(Entry::Choice { chosen, .. }) => Some(*chosen),
            _ => None,
        }
    }

    fn entry(&self, field: &Field) -> Option<&Entry> {
        self.0.iter().find(|(own, _)| own == field).map(|(_, entry)| entry)
    }
}

/// What is wrong with what was filled in.
pub type Faults = Vec<(Field, Fault)>;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be so.
    Wrong(Sentence),
    /// It can hardly be so. Said once; who then goes on with it means it.
    Doubtful(Sentence),
}

impl Fault {
    /// What is said of it.
    #[must_use]
    pub fn sentence(&self) -> &Sentence {
        match self {
            Self::Wrong(sentence) | Self::Doubtful(sentence) => sentence,
        }
    }
}
