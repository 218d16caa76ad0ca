//! What the looks are about.

use crate::commands::Context;
use crate::fitness::Measure;
use crate::known_keys::{KnownFile, KnownKeysError};
use crate::known_tokens::KnownOnToken;
use crate::life::blocked::Blocked;
use crate::window::Sentence;
use pki::{Certificate, Timestamp};
use platform::trusted::Distrust;
use settings::{Loaded, Places, Settings, SettingsError};
use std::path::PathBuf;
use texts::{Locale, Texts};

/// The longest wait for one answer of a service, whatever the settings say: a person sits before it.
const MOST_SECONDS: u64 = 10;

/// A settings file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFault {
    /// Which.
    pub file: PathBuf,
    /// What is wrong with it, in a sentence of the catalogue.
    pub what: Sentence,
    /// The same in English.
    pub cause: String,
    /// It is the administrator's: the person can change nothing in it.
    pub is_administrators: bool,
}

/// Folders, settings and keys, as they are at one moment. Nothing is made or mended by reading them.
pub struct World {
    /// The folders.
    pub places: Places,
    /// The person's home folder.
    pub home: Option<PathBuf>,
    /// The settings; the defaults, where they cannot be read.
    pub loaded: Loaded,
    /// Why they cannot be read.
    pub settings_fault: Option<SettingsFault>,
    /// Who is believed, and what time it is.
    pub measure: Measure,
    /// The remembered key files.
    pub files: Vec<KnownFile>,
    /// The keys of tokens that signed here.
    pub on_tokens: Vec<KnownOnToken>,
    /// Lists of keys that cannot be read, in words of the system's.
    pub list_faults: Vec<String>,
    /// Whether the network may be asked.
    pub network: Network,
}

/// Whether the network may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// It may.
    Asked,
    /// The person wants it left alone.
    LeftAlone,
}

impl World {
    /// What is there now, and the person's language.
    #[must_use]
    pub fn at(places: Places, now: Timestamp, network: Network) -> (Self, Texts) {
        let (mut loaded, settings_fault) = match Settings::load(&places) {
            Ok(loaded) => (loaded, None),
            Err(error) => (Loaded::from(Settings::default()), Some(fault(&error, &places))),
        };
        let services = &mut loaded.settings.services;
        services.timeout_seconds = services.timeout_seconds.min(MOST_SECONDS);
        let mut list_faults = Vec::new();
        let blocked = Blocked::load(places.data()).unwrap_or_else(|error| {
            list_faults.push(error.to_string());
            Blocked::default()
        });
        let locale = loaded.settings.language.and_then(|language| Locale::from_code(language.code()));
        let texts = Texts::new(locale.unwrap_or_else(Locale::of_system));
        let context = Context { places, settings: loaded.settings.clone(), texts, now, blocked };
        let mut heard = |error: KnownKeysError| list_faults.push(error.to_string());
        let files = context.known_keys().map(|known| known.files().to_vec()).unwrap_or_else(|error| {
            heard(error);
            Vec::new()
        });
        let on_tokens = context.known_tokens().map(|known| known.keys().to_vec()).unwrap_or_else(|error| {
            heard(error);
            Vec::new()
        });
        let measure = context.measure();
        let Context { places, texts, .. } = context;
        let home = std::env::home_dir().filter(|home| home.is_absolute());
        let world = Self { places, home, loaded, settings_fault, measure, files, on_tokens, list_faults, network };
        (world, texts)
    }

    /// The settings that hold.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.loaded.settings
    }

    /// The certificates of all remembered keys that count here, each once: test keys only in the test environment, and none
    /// that its owner blocked.
    pub(super) fn certificates(&self) -> Vec<&Certificate> {
        let mut all: Vec<&Certificate> = Vec::new();
        let of_files = self.files.iter().flat_map(|file| &file.certificates);
        for certificate in of_files.chain(self.on_tokens.iter().map(|one| &one.certificate)) {
            if !all.contains(&certificate) && self.counts(certificate) {
                all.push(certificate);
            }
        }
        all
    }

    fn counts(&self, certificate: &Certificate) -> bool {
        !self.measure.blocked.has(certificate)
            && (self.measure.test_environment || !crate::fitness::is_test(certificate, &self.measure))
    }
}

fn fault(error: &SettingsError, places: &Places) -> SettingsFault {
    let (_, file, cause) = error.told(places);
    let is_administrators = file != places.settings_file();
    SettingsFault { file, what: wrong_with(error), cause, is_administrators }
}

/// What is wrong with a settings file, as the end of a sentence.
fn wrong_with(error: &SettingsError) -> Sentence {
    match error {
        SettingsError::Administrator { what, .. } => wrong_with(what),
        SettingsError::Malformed { line: Some(line), .. } => {
            Sentence::new("doctor-settings-line").with("line", line.to_string())
        }
        SettingsError::NotAllowed { key, value, kind } => Sentence::new("doctor-settings-value")
            .with("key", *key)
            .with("value", value)
            .with("expected", kind.expected()),
        SettingsError::Untrusted(why) | SettingsError::Link(why) => {
            let id = match why {
                Distrust::OwnedByOthers(_) => "doctor-settings-owned-by-others",
                Distrust::WritableByOthers(_) => "doctor-settings-writable-by-others",
                _ => "doctor-settings-unreadable",
            };
            Sentence::new(id).with("path", why.about().display().to_string())
        }
        SettingsError::Io(_) => Sentence::new("doctor-settings-unreadable"),
        SettingsError::Malformed { line: None, .. } | SettingsError::NoSuchKey(_) => {
            Sentence::new("doctor-settings-no-text")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_the_settings_is_said_in_the_persons_language() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        for (text, said) in [
            ("language = \"ru\"\nport = \"many\"\n", "line 2"),
            ("[limits]\nconnections = 1\n", "limits.connections"),
            ("= = =", "line 1"),
        ] {
            std::fs::write(places.settings_file(), text).unwrap();
            let fault = fault(&Settings::load(&places).unwrap_err(), &places);
            for locale in Locale::ALL {
                let words = crate::commands::say(&Texts::new(locale), &fault.what);
                let is_english = locale == Locale::En;
                assert!(!is_english || words.contains(said), "{words}");
                let is_foreign = words.split_whitespace().any(|word| ["must", "line", "expected"].contains(&word));
                assert!(is_english || !is_foreign, "{words}");
            }
            assert!(fault.cause.contains(said), "{}", fault.cause);
        }
    }
}
