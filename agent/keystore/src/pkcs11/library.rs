//! A vendor's PKCS#11 library, and which tokens it brings.

use std::path::PathBuf;

use pkcs11::wire::TokenId;

/// A library to ask, as the catalogue, the administrator or the person named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// The vendor's name, for people.
    pub vendor: String,
    /// The library itself, absolute.
    pub path: PathBuf,
    /// What its tokens are called; the first rule that fits counts.
    pub rules: Vec<TokenRule>,
}

/// Which tokens of a library are which of NCALayer's storages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRule {
    /// What CK_TOKEN_INFO's manufacturerID contains, in any case of letters; empty: anything.
    pub manufacturer: String,
    /// The same of the model.
    pub model: String,
    /// The same of the label.
    pub label: String,
    /// The same of the reader's name: an eToken 5110 and a 72K differ in nothing else.
    pub reader: String,
    /// NCALayer's name of the storage (`AKKaztokenStore`); `None`: it has none, and the token is offered where any is asked
    /// for.
    pub storage: Option<String>,
}

impl Library {
    /// NCALayer's name of the storage of a token in a reader.
    #[must_use]
    pub fn storage_in(&self, token: &TokenId, reader: &str) -> Option<&str> {
        self.rules.iter().find(|rule| rule.fits(token, reader))?.storage.as_deref()
    }
}

impl TokenRule {
    /// Whether a token in a reader is one of those that are meant.
    #[must_use]
    pub fn fits(&self, token: &TokenId, reader: &str) -> bool {
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        has(&token.manufacturer, &self.manufacturer)
            && has(&token.model, &self.model)
            && has(&token.label, &self.label)
            && has(reader, &self.reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_names_the_storage() {
        let rule = |model: &str, storage: Option<&str>| TokenRule {
            model: model.to_owned(),
            storage: storage.map(str::to_owned),
            ..TokenRule::default()
        };
        let library = Library {
            vendor: "SafeNet".into(),
            path: "/usr/lib/libeToken.so".into(),
            rules: vec![
                rule("5110", Some("AKEToken5110Store")),
                rule("etoken", Some("AKEToken72KStore")),
                rule("", None),
            ],
        };
        let storage = |model: &str| library.storage_in(&TokenId { model: model.into(), ..TokenId::default() }, "");
        assert_eq!(storage("eToken 5110"), Some("AKEToken5110Store"));
        assert_eq!(storage("eToken"), Some("AKEToken72KStore"));
        assert_eq!(storage("ID Prime"), None);
    }

    #[test]
    fn a_rule_for_a_reader_holds_in_that_reader_only() {
        let rule =
            TokenRule { reader: "5110".into(), storage: Some("AKEToken5110Store".into()), ..TokenRule::default() };
        let library = Library { vendor: "eToken".into(), path: "/usr/lib/libeToken.so".into(), rules: vec![rule] };
        let token = TokenId { model: "eToken".into(), ..TokenId::default() };
        assert_eq!(library.storage_in(&token, "AKS ifdh [eToken 5110 SC] 00 00"), Some("AKEToken5110Store"));
        assert_eq!(library.storage_in(&token, "AKS ifdh 00 00"), None);
        assert_eq!(library.storage_in(&token, ""), None);
    }
}
