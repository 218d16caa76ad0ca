//! Every sentence a person reads.
//!
//! One catalogue in Kazakh, Russian and English serves windows, tray, pages and the command line, so that the same thing
//! has the same name everywhere. The sentences are Fluent messages in `i18n/LANGUAGE/TOPIC.ftl`; code asks for them by
//! identifier. A test keeps the three languages complete and their arguments equal.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod command_line;
mod scrub;

pub use scrub::scrubbed;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

const TOPICS: usize = 16;

macro_rules! catalogue {
    ($language:literal) => {
        [
            include_str!(concat!("../i18n/", $language, "/common.ftl")),
            include_str!(concat!("../i18n/", $language, "/window.ftl")),
            include_str!(concat!("../i18n/", $language, "/errors.ftl")),
            include_str!(concat!("../i18n/", $language, "/cli.ftl")),
            include_str!(concat!("../i18n/", $language, "/page.ftl")),
            include_str!(concat!("../i18n/", $language, "/check.ftl")),
            include_str!(concat!("../i18n/", $language, "/journal.ftl")),
            include_str!(concat!("../i18n/", $language, "/libraries.ftl")),
            include_str!(concat!("../i18n/", $language, "/life.ftl")),
            include_str!(concat!("../i18n/", $language, "/request.ftl")),
            include_str!(concat!("../i18n/", $language, "/person.ftl")),
            include_str!(concat!("../i18n/", $language, "/settings.ftl")),
            include_str!(concat!("../i18n/", $language, "/main.ftl")),
            include_str!(concat!("../i18n/", $language, "/doctor.ftl")),
            include_str!(concat!("../i18n/", $language, "/tray.ftl")),
            include_str!(concat!("../i18n/", $language, "/updates.ftl")),
        ]
    };
}

/// The languages Tanba speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Locale {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// The language's ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language of a code such as `kk`, `ru-KZ` or `en_US.UTF-8`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let language = code.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// The system's language; Russian, the language most of the country's portals open in, where the system's is none
    /// of ours.
    #[must_use]
    pub fn of_system() -> Self {
        sys_locale::get_locales().find_map(|code| Self::from_code(&code)).unwrap_or(Self::Ru)
    }

    fn langid(self) -> LanguageIdentifier {
        match self {
            Self::Kk => langid!("kk"),
            Self::Ru => langid!("ru"),
            Self::En => langid!("en"),
        }
    }

    fn sources(self) -> [&'static str; TOPICS] {
        match self {
            Self::Kk => catalogue!("kk"),
            Self::Ru => catalogue!("ru"),
            Self::En => catalogue!("en"),
        }
    }
}

/// The sentences of one language.
pub struct Texts {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

/// What stands in for a place in a sentence.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A name, a path, a date already written out.
    Text(&'a str),
    /// A number, which may choose a plural form.
    Count(u64),
}

impl Texts {
    /// The catalogue of one language.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        let mut bundle = FluentBundle::new(vec![locale.langid()]);
        // Direction marks around arguments are for bidirectional text, which none of the three languages is, and a
        // terminal or a copied report shows them as rubbish.
        bundle.set_use_isolating(false);
        for source in locale.sources() {
            // A message that does not parse is dropped here and missed by the catalogue's own test.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { locale, bundle }
    }

    /// The language of these sentences.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// A sentence without arguments. An unknown identifier gives itself, so that a slip is seen and nothing fails.
    #[must_use]
    pub fn text(&self, id: &str) -> String {
        self.format(id, &[])
    }

    /// A sentence with its arguments filled in.
    #[must_use]
    pub fn format(&self, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut given = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            match value {
                Value::Text(text) => given.set(*name, FluentValue::from(*text)),
                Value::Count(count) => given.set(*name, FluentValue::from(*count)),
            }
        }
        self.bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }
}
