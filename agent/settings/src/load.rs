//! Both settings files read, and laid over each other.

use crate::schema::{check, table_of};
use crate::{KEYS, Kind, Places, Settings};
use platform::files;
use platform::trusted::{self, Distrust};
use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The longest settings file that is read: a hundred times what all keys need.
const LONGEST_FILE: u64 = 64 * 1024;

/// Settings as they were read, and what was not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The settings that hold.
    pub settings: Settings,
    /// Keys that Tanba does not know: a slip of the pen, or of a later Tanba. They hinder nothing.
    pub unknown_keys: Vec<UnknownKey>,
    /// Dotted names of the keys that the person's own file sets, whether they hold or not.
    own: BTreeSet<&'static str>,
    /// Dotted names of the keys that the administrator's file sets.
    locked: BTreeSet<&'static str>,
}

/// A key that Tanba does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// The file it stands in.
    pub file: PathBuf,
    /// Its dotted name: `limits.frame_megabytes`.
    pub key: String,
}

/// Why settings cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read or written.
    #[error("the settings file cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The file is not TOML, or a value has the wrong type.
    #[error("the settings file does not parse: {}{what}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Malformed {
        /// The line, from one, where one is known.
        line: Option<usize>,
        /// What is wrong, without the line's own words.
        what: String,
    },
    /// A value is not what its key may be.
    #[error("{key} must be {}, not {value:?}", kind.expected())]
    NotAllowed {
        /// The dotted key.
        key: &'static str,
        /// What the file says, without passwords.
        value: String,
        /// What it may be.
        kind: Kind,
    },
    /// There is no such key.
    #[error("there is no setting {0:?}")]
    NoSuchKey(String),
    /// The administrator's file could be anybody's.
    #[error("the administrator's settings are not used: {0}")]
    Untrusted(#[from] Distrust),
    /// The person's file is a link, and what it leads to is not only theirs to change.
    #[error("the settings file is a link that is not followed: {0}")]
    Link(Distrust),
    /// Something is wrong with the administrator's file.
    #[error("the administrator's settings, {}: {what}", file.display())]
    Administrator {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        what: Box<SettingsError>,
    },
}

impl SettingsError {
    /// What a person is told of it: the identifier of the sentence in the catalogue of texts, with the file and the cause that
    /// it takes as `file` and `what`.
    #[must_use]
    pub fn told(&self, places: &Places) -> (&'static str, PathBuf, String) {
        match self {
            Self::Administrator { file, what } => ("run-settings-administrator-broken", file.clone(), what.to_string()),
            Self::Untrusted(why) => ("run-settings-administrator-untrusted", why.about().to_owned(), why.to_string()),
            Self::Link(why) => ("settings-link", places.settings_file(), why.to_string()),
            error => ("run-settings-broken", places.settings_file(), error.to_string()),
        }
    }
}

impl From<Settings> for Loaded {
    /// Settings that no file says.
    fn from(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }
}

impl Loaded {
    /// Whether the administrator's file sets this key, so that the person cannot.
    #[must_use]
    pub fn is_locked(&self, key: &str) -> bool {
        self.locked.contains(key)
    }

    /// Whether the person's file sets this key, whether the value holds or not.
    #[must_use]
    pub fn is_own(&self, key: &str) -> bool {
        self.own.contains(key)
    }

    /// The value of a key that holds, as people may see it: the password in an address is left out. `None` for one that has no
    /// value: the system decides (`language`).
    #[must_use]
    pub fn shown(&self, key: &crate::Key) -> Option<String> {
        if key.name == "port" {
            return Some(self.settings.port().to_string());
        }
        let table = table_of(&self.settings).ok()?;
        key.value_in(&table).map(crate::schema::shown)
    }
}

impl Settings {
    /// Reads the person's settings file and the administrator's; one that is not there is an empty one. What the
    /// administrator sets holds, whatever the person's file says.
    ///
    /// # Errors
    /// A file that is there must be right: guessing what was meant by a broken line could switch off what somebody
    /// switched on. [`SettingsError::Untrusted`] for an administrator's file that others may write.
    pub fn load(places: &Places) -> Result<Loaded, SettingsError> {
        load(places, trusted_file)
    }

    /// Reads the text of a settings file.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn parse(text: &str) -> Result<Loaded, SettingsError> {
        lay(Some(File::parse(Path::new("settings.toml"), text)?), None)
    }
}

/// A settings file that was read.
struct File {
    path: PathBuf,
    table: Table,
}

impl File {
    /// `None` when there is no file.
    fn read(path: &Path) -> Result<Option<Self>, SettingsError> {
        match text_of(path)? {
            Some(text) => Self::parse(path, &text).map(Some),
            None => Ok(None),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let wrong = |error: toml::de::Error| malformed(text, error.message(), error.span());
        // Read as settings too, because only the text knows the line of an error.
        let settings: Settings = toml::from_str(text).map_err(wrong)?;
        check(&settings)?;
        let table = toml::from_str(text).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), table })
    }

    fn keys(&self) -> BTreeSet<&'static str> {
        KEYS.iter().filter(|key| key.value_in(&self.table).is_some()).map(|key| key.name).collect()
    }

    fn unknown_keys(&self) -> Vec<UnknownKey> {
        let mut unknown = Vec::new();
        for (name, value) in &self.table {
            match value {
                Value::Table(section) if is_section(name) => {
                    unknown.extend(section.keys().map(|key| format!("{name}.{key}")));
                }
                _ => unknown.push(name.clone()),
            }
        }
        unknown.retain(|name| crate::Key::named(name).is_none());
        unknown.into_iter().map(|key| UnknownKey { file: self.path.clone(), key }).collect()
    }
}

fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.split_once('.').is_some_and(|(section, _)| section == name))
}

/// What is wrong, and in which line. The line itself is not repeated, as the readers would: a proxy's password may stand in
/// it, and this goes to logs and terminals.
pub(crate) fn malformed(text: &str, message: &str, at: Option<Range<usize>>) -> SettingsError {
    let message: String = message.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = at.map(|at| text.bytes().take(at.start).filter(|octet| *octet == b'\n').count() + 1);
    SettingsError::Malformed { line, what: message }
}

/// The text of a settings file; `None` when there is no file.
pub(crate) fn text_of(path: &Path) -> Result<Option<String>, SettingsError> {
    match files::read_bounded(path, LONGEST_FILE) {
        Ok(content) => String::from_utf8(content).map(Some).map_err(|error| malformed("", &error.to_string(), None)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Where the administrator's file really is, if there is one: what it says holds for everybody, so nobody else may have
/// written it.
fn trusted_file(path: &Path) -> Result<Option<PathBuf>, Distrust> {
    match trusted::resolve(path) {
        Ok(path) => Ok(Some(path)),
        Err(Distrust::Missing(_)) => Ok(None),
        Err(why) => Err(why),
    }
}

/// Reads both files, the administrator's when it can be trusted.
fn load(
    places: &Places,
    trusted: impl FnOnce(&Path) -> Result<Option<PathBuf>, Distrust>,
) -> Result<Loaded, SettingsError> {
    let own = File::read(&places.settings_file())?;
    let administrators = match places.administrators_settings_file().map(|path| trusted(&path)).transpose()?.flatten() {
        Some(file) => File::read(&file).map_err(|what| SettingsError::Administrator { file, what: Box::new(what) })?,
        None => None,
    };
    lay(own, administrators)
}

fn lay(own: Option<File>, administrators: Option<File>) -> Result<Loaded, SettingsError> {
    let mut loaded = Loaded::default();
    let mut laid = Table::new();
    for (file, keys) in [(own, &mut loaded.own), (administrators, &mut loaded.locked)] {
        let Some(file) = file else { continue };
        *keys = file.keys();
        loaded.unknown_keys.extend(file.unknown_keys());
        for (name, value) in file.table {
            match (laid.get_mut(&name), value) {
                (Some(Value::Table(below)), Value::Table(above)) => below.extend(above),
                (_, value) => {
                    laid.insert(name, value);
                }
            }
        }
    }
    loaded.settings = laid.try_into().map_err(|error: toml::de::Error| malformed("", error.message(), None))?;
    check(&loaded.settings)?;
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FilePaths, Language, Legacy, Limits, Notifications, Proxy, Services, SignerSettings};
    use proptest::prelude::*;

    /// Places with this in the person's file, and the administrator's beside it.
    fn places(folder: &Path, own: &str) -> Places {
        let places = Places::under(folder).with_administrators_settings(folder.join("administrator.toml"));
        places.create().unwrap();
        std::fs::write(places.settings_file(), own).unwrap();
        places
    }

    fn administer(folder: &Path, text: &str, mode: u32) {
        let file = folder.join("administrator.toml");
        std::fs::write(&file, text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        #[cfg(not(unix))]
        let _ = mode;
    }

    /// Both files, wherever tests may write: whether a file can be trusted depends on all folders above it, and has tests of
    /// its own.
    fn loaded(places: &Places) -> Result<Loaded, SettingsError> {
        load(places, |path| Ok(Some(path.to_owned())))
    }

    #[test]
    fn what_the_administrator_sets_holds_and_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let own = "language = 'kk'\n[services]\nproxy = 'none'\ntimeout_seconds = 5\n";
        let places = places(folder.path(), own);
        administer(folder.path(), "[services]\nproxy = 'http://proxy.lan:3128'\nalso = ['ca.lan']\nx = 1\n", 0o644);
        let loaded = loaded(&places).unwrap();
        assert_eq!(loaded.settings.language, Some(Language::Kk));
        assert_eq!(loaded.settings.services.proxy, Proxy::At("http://proxy.lan:3128".to_owned()));
        assert_eq!((loaded.settings.services.timeout_seconds, loaded.settings.services.also.len()), (5, 1));
        let of = |key| (loaded.is_own(key), loaded.is_locked(key));
        assert_eq!(of("language"), (true, false));
        assert_eq!(of("services.proxy"), (true, true));
        assert_eq!(of("services.also"), (false, true));
        assert_eq!(of("services.tsp"), (false, false));
        let file = folder.path().join("administrator.toml");
        assert_eq!(loaded.unknown_keys, [UnknownKey { file, key: "services.x".to_owned() }]);
    }

    #[cfg(unix)]
    #[test]
    fn an_administrator_s_file_that_others_may_write_is_an_error_and_not_obeyed() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path(), "");
        administer(folder.path(), "language = 'kk'\n", 0o666);
        assert!(matches!(Settings::load(&places), Err(SettingsError::Untrusted(_))));
    }

    #[test]
    fn whose_file_is_broken_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path(), "port = 1\n");
        administer(folder.path(), "port = 70000\n", 0o644);
        let error = loaded(&places).unwrap_err().to_string();
        assert!(error.contains("administrator.toml") && error.contains("line 1"), "{error}");
        administer(folder.path(), "[limits]\nconnections = 3\n", 0o644);
        let error = loaded(&places).unwrap_err().to_string();
        assert!(error.contains("limits.connections must be 16..65536, not \"3\""), "{error}");
    }

    #[test]
    fn a_missing_file_and_an_empty_one_are_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(&Places::under(folder.path())).unwrap(), Loaded::default());
        assert_eq!(Settings::parse("").unwrap(), Loaded::default());
        assert_eq!(Settings::default().port(), 13579);
        assert_eq!(Settings::default().limits.frame_bytes(), 256 * 1024 * 1024);
        assert!(!Settings::default().test_environment);
    }

    #[test]
    fn unknown_keys_are_reported_and_hinder_nothing() {
        let loaded =
            Settings::parse("language = 'kk'\ncolour = 'blue'\n[limits]\nframe_megabytes = 9\n[screens]\nx = 1\n")
                .unwrap();
        assert_eq!(loaded.settings.language, Some(Language::Kk));
        assert_eq!(loaded.settings.limits, Limits::default());
        let unknown: Vec<_> = loaded.unknown_keys.iter().map(|unknown| unknown.key.as_str()).collect();
        assert_eq!(unknown, ["colour", "limits.frame_megabytes", "screens"]);
    }

    #[test]
    fn a_broken_file_is_an_error_with_its_place() {
        let error = Settings::parse("port = 'x'").unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
        assert!(Settings::parse("language = 'de'").is_err());
        assert!(Settings::parse("port = 70000").is_err());
        assert!(Settings::parse("= = =").is_err());
    }

    #[test]
    fn an_error_repeats_nothing_of_the_line() {
        let line = "proxy = http://anna:geheim@proxy.lan:3128\u{1b}[2J\n";
        for text in [format!("[services]\n{line}"), "[services]\nproxy = [\"http://anna:geheim@x\"]\n".to_owned()] {
            let error = Settings::parse(&text).unwrap_err().to_string();
            assert!(error.contains("line 2") && !error.contains("geheim") && !error.contains('\u{1b}'), "{error}");
        }
    }

    #[test]
    fn a_value_out_of_bounds_is_named() {
        for (text, expected) in [
            ("port = 0", "port"),
            ("[limits]\nframe_mebibytes = 0", "limits.frame_mebibytes"),
            ("[limits]\nframe_mebibytes = 257", "limits.frame_mebibytes"),
            ("[limits]\nconnections = 1", "limits.connections"),
            ("[limits]\nmemory_mebibytes = 831", "limits.memory_mebibytes"),
            ("[limits]\nframe_mebibytes = 64\nmemory_mebibytes = 255", "limits.memory_mebibytes"),
            ("[signer]\nidle_seconds = 0", "signer.idle_seconds"),
            ("[services]\ntimeout_seconds = 0", "services.timeout_seconds"),
        ] {
            match Settings::parse(text) {
                Err(SettingsError::NotAllowed { key, .. }) => assert_eq!(key, expected),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn services_are_reached_by_addresses_and_through_a_proxy() {
        let services = Settings::parse("").unwrap().settings.services;
        assert_eq!((services.proxy, services.tsp.as_str()), (Proxy::System, "http://tsp.pki.gov.kz"));
        let parsed = |text: &str| Settings::parse(&format!("[services]\n{text}"));
        assert_eq!(parsed("proxy = 'none'").unwrap().settings.services.proxy, Proxy::None);
        let proxy = "http://user:secret@proxy.lan:3128";
        let through = parsed(&format!("proxy = '{proxy}'")).unwrap().settings.services.proxy;
        assert_eq!(through, Proxy::At(proxy.to_owned()));
        assert_eq!(format!("{through:?}"), "At(\"proxy.lan:3128\")");
        assert!(matches!(
            parsed("also = ['http://ca.lan']"),
            Err(SettingsError::NotAllowed { key: "services.also", .. })
        ));
        assert!(parsed("also = ['ca.lan', 'ca.lan:8080', '[::1]:80']").is_ok());
        for (wrong, key) in [
            ("proxy = 'proxy.lan:3128'", "services.proxy"),
            ("tsp = ''", "services.tsp"),
            ("tsp = 'http:///tsp'", "services.tsp"),
            ("ocsp = 'ftp://ocsp.pki.gov.kz'", "services.ocsp"),
        ] {
            match parsed(wrong) {
                Err(SettingsError::NotAllowed { key: named, .. }) => assert_eq!(named, key),
                other => panic!("{wrong}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_administrator_says_who_may_name_paths() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path(), "[legacy]\nfile_paths = 'ask'\nsites = ['a.kz']\n");
        administer(folder.path(), "[legacy]\nfile_paths = 'listed'\nsites = ['egov.kz']\n", 0o644);
        let loaded = loaded(&places).unwrap();
        let legacy = &loaded.settings.legacy;
        assert_eq!((legacy.file_paths, legacy.sites.as_slice()), (FilePaths::Listed, &["egov.kz".to_owned()][..]));
        assert!(loaded.is_locked("legacy.file_paths") && loaded.is_locked("legacy.sites"));
        for (wrong, key) in [("sites = ['egov.kz/path']", "legacy.sites"), ("sites = ['*']", "legacy.sites")] {
            match Settings::parse(&format!("[legacy]\n{wrong}")) {
                Err(SettingsError::NotAllowed { key: named, .. }) => assert_eq!(named, key),
                other => panic!("{wrong}: {other:?}"),
            }
        }
        assert!(Settings::parse("[legacy]\nfile_paths = 'sometimes'").is_err());
    }

    #[test]
    fn a_file_larger_than_any_settings_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path(), "");
        std::fs::write(places.settings_file(), vec![b'#'; 70_000]).unwrap();
        assert!(matches!(Settings::load(&places), Err(SettingsError::Io(_))));
    }

    proptest! {
        #[test]
        fn what_is_saved_is_read_again(
            language in proptest::option::of(prop_oneof![Just(Language::Kk), Just(Language::Ru), Just(Language::En)]),
            port in proptest::option::of(1u16..),
            test_environment: bool,
            tray: bool,
            expiry: bool,
            frame_mebibytes in 1u64..=256,
            idle_seconds in 1u64..=86400,
        ) {
            let settings = Settings {
                language, port, test_environment, tray,
                limits: Limits { frame_mebibytes, ..Limits::default() },
                signer: SignerSettings { idle_seconds },
                services: Services { timeout_seconds: idle_seconds % 120 + 1, ..Services::default() },
                notifications: Notifications { expiry },
                legacy: Legacy { file_paths: FilePaths::Listed, sites: vec!["https://egov.kz:8443".to_owned()] },
            };
            let folder = tempfile::tempdir().unwrap();
            let places = places(folder.path(), "");
            files::write_private(&places.settings_file(), toml::to_string(&settings).unwrap().as_bytes()).unwrap();
            let loaded = Settings::load(&places).unwrap();
            prop_assert_eq!(loaded.settings, settings);
            prop_assert!(loaded.unknown_keys.is_empty());
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = Settings::parse(&text);
        }
    }
}
