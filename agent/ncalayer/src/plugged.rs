//! What is plugged in, as pages hear of it.
//!
//! Pages get kinds of token by NCALayer's names, each once, and for the API before 2018 and for KNP a name for each
//! token. A name that a page was told it may say again, to mean that very token.

use order::{StorageName, TokenSeen};
use std::cell::Cell;

/// The tokens that are plugged in.
#[derive(Clone, Copy)]
pub(crate) struct Plugged<'a> {
    tokens: &'a [TokenSeen],
    /// Set when anybody looks: the answer depends on it then.
    is_looked_at: &'a Cell<bool>,
}

impl<'a> Plugged<'a> {
    pub(crate) fn new(tokens: &'a [TokenSeen], is_looked_at: &'a Cell<bool>) -> Self {
        Self { tokens, is_looked_at }
    }

    /// Those of this kind; of a kind of file none, and nobody has to look for that.
    fn of(self, storage: StorageName) -> impl Iterator<Item = &'a TokenSeen> {
        let is_token = is_token(storage);
        if is_token {
            self.is_looked_at.set(true);
        }
        self.tokens.iter().filter(move |token| is_token && token.storage == Some(storage))
    }

    /// Whether a token of this kind is plugged in.
    pub(crate) fn has(self, storage: StorageName) -> bool {
        self.of(storage).next().is_some()
    }

    /// The kinds that are plugged in, each once, in the order in which sites list them.
    pub(crate) fn kinds(self) -> Vec<StorageName> {
        StorageName::ALL.into_iter().filter(|storage| self.has(*storage)).collect()
    }

    /// A name for each token of this kind, none twice: its label; where several have the same, or none, the reader's
    /// name; where that is empty too, the kind's own.
    pub(crate) fn slots(self, storage: StorageName) -> Vec<&'a str> {
        let labelled = |label: &str| self.of(storage).filter(|token| token.label == label).count();
        let names = self.of(storage).map(|token| match (token.label.as_str(), token.reader.as_str()) {
            (label, _) if !label.is_empty() && labelled(label) == 1 => label,
            (_, reader) if !reader.is_empty() => reader,
            ("", _) => storage.as_str(),
            (label, _) => label,
        });
        each_once(names)
    }

    /// The readers of the tokens of this kind, none twice; the label stands for one without a name, and `unnamed` for one
    /// without a label.
    pub(crate) fn readers(self, storage: StorageName, unnamed: &'a str) -> Vec<&'a str> {
        let name = |token: &'a TokenSeen| {
            [token.reader.as_str(), token.label.as_str()].into_iter().find(|name| !name.is_empty()).unwrap_or(unnamed)
        };
        each_once(self.of(storage).map(name))
    }

    /// Whether a token of this kind is called so, by its label or its reader.
    pub(crate) fn is_called(self, storage: StorageName, name: &str) -> bool {
        self.of(storage).any(|token| !name.is_empty() && (token.label == name || token.reader == name))
    }
}

/// Whether a storage is a device and not a kind of file.
pub(crate) fn is_token(storage: StorageName) -> bool {
    !matches!(storage, StorageName::Pkcs12 | StorageName::Jks)
}

fn each_once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use StorageName::{IdCard, JaCarta, Jks, Kaztoken, Pkcs12};

    fn token(storage: StorageName, label: &str, reader: &str) -> TokenSeen {
        TokenSeen::new(Some(storage), label, reader)
    }

    #[test]
    fn a_kind_of_which_several_are_plugged_in_is_told_once_and_one_without_a_name_never() {
        let tokens = [
            token(JaCarta, "work", "JaCarta 0"),
            token(Kaztoken, "a", "Kaztoken 0"),
            token(Kaztoken, "b", "Kaztoken 1"),
            TokenSeen::new(None, "smart card", "Reader 0"),
        ];
        let cell = Cell::new(false);
        assert_eq!(Plugged::new(&tokens, &cell).kinds(), [Kaztoken, JaCarta]);
        assert!(cell.get());
    }

    #[test]
    fn a_token_is_called_by_its_label_and_by_its_reader_where_that_says_nothing() {
        let tokens = [
            token(Kaztoken, "office", "Kaztoken 0"),
            token(Kaztoken, "same", "Kaztoken 1"),
            token(Kaztoken, "same", "Kaztoken 2"),
            token(Kaztoken, "", "Kaztoken 3"),
            token(IdCard, "", ""),
        ];
        let cell = Cell::new(false);
        let plugged = Plugged::new(&tokens, &cell);
        assert_eq!(plugged.slots(Kaztoken), ["office", "Kaztoken 1", "Kaztoken 2", "Kaztoken 3"]);
        assert_eq!(plugged.slots(IdCard), ["AKKZIDCardStore"]);
        assert_eq!(plugged.slots(JaCarta), [""; 0]);
        for slot in plugged.slots(Kaztoken) {
            assert!(plugged.is_called(Kaztoken, slot), "{slot}");
            assert!(!plugged.is_called(JaCarta, slot), "{slot}");
        }
        assert!(!plugged.is_called(IdCard, ""));
        assert_eq!(plugged.readers(IdCard, "KZIDCARD"), ["KZIDCARD"]);
        assert_eq!(plugged.readers(Kaztoken, "KAZTOKEN"), ["Kaztoken 0", "Kaztoken 1", "Kaztoken 2", "Kaztoken 3"]);
    }

    #[test]
    fn nobody_looks_for_tokens_to_find_a_file() {
        let cell = Cell::new(false);
        let plugged = Plugged::new(&[], &cell);
        assert!(!plugged.has(Pkcs12) && !plugged.has(Jks));
        assert!(!cell.get());
    }
}
