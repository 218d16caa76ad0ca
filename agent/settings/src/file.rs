//! The settings file and its schema.

use crate::Notifications;
use platform::files;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::time::Duration;

/// The longest settings file that is read: a hundred times what all keys need.
const LONGEST_FILE: u64 = 64 * 1024;

const MEBIBYTE: u64 = 1024 * 1024;

/// What the person set. Every member has a default, so an empty file is a complete one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of windows, pages and the command line; absent means the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The port of the local socket; absent means the port that sites expect, [`Settings::STANDARD_PORT`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Whether the certification authority's test anchors count. Every window then says TEST.
    pub test_environment: bool,
    /// Bounds for what strangers send.
    pub limits: Limits,
    /// The signer process.
    pub signer: SignerSettings,
    /// The NCA's services, and how they are reached.
    pub services: Services,
    /// What Tanba says on its own.
    pub notifications: Notifications,
}

/// The NCA's services, and how they are reached. Their answers are signed, so that an address here decides who is asked,
/// never what is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Services {
    /// The proxy: `system` (the environment's), `none`, or its address, `http://host:port`.
    pub proxy: Proxy,
    /// Where time stamps come from (RFC 3161).
    pub tsp: String,
    /// Who is asked about revocation (RFC 6960); empty means whom the certificate names, where that is one of the NCA's
    /// hosts.
    pub ocsp: String,
    /// Hosts that certificates may name beside the NCA's, as they stand in an address (`ca.lan`, `ca.lan:8080`): those of
    /// an organisation's own authority.
    pub also: Vec<String>,
    /// How long one answer is waited for, in seconds (1 to 120).
    pub timeout_seconds: u64,
    /// Whether a window asks, before it signs, whether the key's certificate was revoked. A service that does not answer
    /// within some seconds hinders nothing.
    pub check_before_signing: bool,
}

impl Default for Services {
    fn default() -> Self {
        // kz-crypto 9.5. The NCA's services have no TLS, and need none.
        Self {
            proxy: Proxy::System,
            tsp: "http://tsp.pki.gov.kz".to_owned(),
            ocsp: String::new(),
            also: Vec::new(),
            timeout_seconds: 10,
            check_before_signing: true,
        }
    }
}

impl Services {
    /// How long one answer is waited for.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }
}

/// Through which proxy services are asked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Proxy {
    /// What the environment says (`http_proxy`, `all_proxy`, `no_proxy`).
    #[default]
    System,
    /// None.
    None,
    /// This one: `http://host:port`.
    At(String),
}

/// Without the name and password that the address may hold.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::None => f.write_str("None"),
            Self::At(address) => write!(f, "At({:?})", address.rsplit('@').next().unwrap_or_default()),
        }
    }
}

impl From<String> for Proxy {
    fn from(text: String) -> Self {
        match text.as_str() {
            "system" | "" => Self::System,
            "none" => Self::None,
            _ => Self::At(text),
        }
    }
}

impl From<Proxy> for String {
    fn from(proxy: Proxy) -> Self {
        match proxy {
            Proxy::System => "system".to_owned(),
            Proxy::None => "none".to_owned(),
            Proxy::At(address) => address,
        }
    }
}

/// The languages Tanba speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The language's ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// Bounds for what strangers send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The longest WebSocket message, in MiB (1 to 256). A document is a third larger in a message than on disk.
    pub frame_mebibytes: u64,
    /// How many requests may wait behind the open window (1 to 1024).
    pub waiting_requests: u32,
    /// How many connections may be open at once (16 to 65536).
    pub connections: u32,
    /// How much memory all messages together may take in the listener, in MiB: at least
    /// [`Limits::least_memory_mebibytes`], at most 65536.
    pub memory_mebibytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let frame_mebibytes = Self::MOST_FRAME_MEBIBYTES;
        let memory_mebibytes = frame_mebibytes * Self::COPIES + Self::RESERVE_MEBIBYTES;
        Self { frame_mebibytes, waiting_requests: 64, connections: 2048, memory_mebibytes }
    }
}

impl Limits {
    /// The most that [`Limits::frame_mebibytes`] may be: what comes in one message must fit through the pipe to the
    /// signer, and the signatures back.
    pub const MOST_FRAME_MEBIBYTES: u64 = 256;

    /// How often a message stands in the listener's memory at once, at most: as text, as what was read from it, and as
    /// the documents in it.
    pub const COPIES: u64 = 3;

    /// What is kept of [`Limits::memory_mebibytes`] for short messages.
    pub const RESERVE_MEBIBYTES: u64 = 64;

    /// The least memory with which the longest message passes.
    #[must_use]
    pub fn least_memory_mebibytes(&self) -> u64 {
        self.frame_mebibytes.saturating_mul(Self::COPIES).saturating_add(Self::RESERVE_MEBIBYTES)
    }

    /// The memory of all messages together, in octets.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.memory_mebibytes.saturating_mul(MEBIBYTE)
    }

    /// The longest WebSocket message, in octets.
    #[must_use]
    pub fn frame_bytes(&self) -> usize {
        usize::try_from(self.frame_mebibytes.saturating_mul(MEBIBYTE)).unwrap_or(usize::MAX)
    }
}

/// The signer process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignerSettings {
    /// How long the signer stays after its last order once no page is connected, in seconds (1 to 86400).
    pub idle_seconds: u64,
}

impl Default for SignerSettings {
    fn default() -> Self {
        Self { idle_seconds: 60 }
    }
}

impl SignerSettings {
    /// How long the signer stays after its last order once no page is connected.
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }
}

/// Settings as they were read, and what was not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Keys of the file that Tanba does not know, dotted: `limits.frame_megabytes`.
    pub unknown_keys: Vec<String>,
}

/// Why settings cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read or written.
    #[error("the settings file cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The file is not TOML, or a value has the wrong type.
    #[error("the settings file does not parse: {0}")]
    Malformed(String),
    /// A value is not the address of a service.
    #[error("{key} must be an address like http://host:port, not {value:?} (a proxy may also be system or none)")]
    NotAnAddress {
        /// The dotted key.
        key: &'static str,
        /// What the file says.
        value: String,
    },
    /// A value is not a host.
    #[error("services.also must have hosts like \"ca.lan\" or \"ca.lan:8080\", not {0:?}")]
    NotAHost(String),
    /// A value is outside its bounds.
    #[error("{key} must be between {least} and {most}, not {value}")]
    OutOfRange {
        /// The dotted key.
        key: &'static str,
        /// What the file says.
        value: u64,
        /// The least allowed.
        least: u64,
        /// The most allowed.
        most: u64,
    },
}

impl Settings {
    /// The port that every site expects (`ncalayer-protocol.md` 2.1).
    pub const STANDARD_PORT: u16 = 13579;

    /// Reads the settings file; a file that is not there is an empty one.
    ///
    /// # Errors
    /// A file that is there must be right: guessing what a person meant by a broken line could switch off what they
    /// switched on.
    pub fn load(path: &Path) -> Result<Loaded, SettingsError> {
        let content = match files::read_bounded(path, LONGEST_FILE) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Loaded::default()),
            Err(error) => return Err(error.into()),
        };
        let text = std::str::from_utf8(&content).map_err(|error| SettingsError::Malformed(error.to_string()))?;
        Self::parse(text)
    }

    /// Reads the text of a settings file.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn parse(text: &str) -> Result<Loaded, SettingsError> {
        let malformed = |error: toml::de::Error| SettingsError::Malformed(error.to_string().trim_end().to_owned());
        let table: toml::Table = toml::from_str(text).map_err(malformed)?;
        let settings: Self = toml::from_str(text).map_err(malformed)?;
        settings.check()?;
        // What was understood comes out again when written; what does not is unknown. So the schema is said once.
        let known = toml::Table::try_from(&settings).map_err(|error| SettingsError::Malformed(error.to_string()))?;
        let mut unknown_keys = Vec::new();
        missing_keys(&table, &known, "", &mut unknown_keys);
        Ok(Loaded { settings, unknown_keys })
    }

    /// Writes the settings file, whole or not at all.
    ///
    /// # Errors
    /// [`SettingsError::OutOfRange`], so that nothing is written that would not be read again; [`SettingsError::Io`].
    pub fn save(&self, path: &Path) -> Result<(), SettingsError> {
        self.check()?;
        let text = toml::to_string(self).map_err(|error| SettingsError::Malformed(error.to_string()))?;
        Ok(files::write_private(path, text.as_bytes())?)
    }

    /// The port to listen on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(Self::STANDARD_PORT)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let within = |key, value, least, most| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(SettingsError::OutOfRange { key, value, least, most })
            }
        };
        within("port", u64::from(self.port()), 1, u64::from(u16::MAX))?;
        within("limits.frame_mebibytes", self.limits.frame_mebibytes, 1, Limits::MOST_FRAME_MEBIBYTES)?;
        within("limits.waiting_requests", u64::from(self.limits.waiting_requests), 1, 1024)?;
        within("limits.connections", u64::from(self.limits.connections), 16, 65536)?;
        let least = self.limits.least_memory_mebibytes();
        within("limits.memory_mebibytes", self.limits.memory_mebibytes, least, 65536)?;
        within("signer.idle_seconds", self.signer.idle_seconds, 1, 86400)?;
        within("services.timeout_seconds", self.services.timeout_seconds, 1, 120)?;
        let address = |key, value: &str| {
            if is_http(value) { Ok(()) } else { Err(SettingsError::NotAnAddress { key, value: value.to_owned() }) }
        };
        address("services.tsp", &self.services.tsp)?;
        if !self.services.ocsp.is_empty() {
            address("services.ocsp", &self.services.ocsp)?;
        }
        let is_host =
            |host: &&String| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
        if let Some(other) = self.services.also.iter().find(|host| !is_host(host)) {
            return Err(SettingsError::NotAHost(other.clone()));
        }
        match &self.services.proxy {
            Proxy::At(proxy) => address("services.proxy", proxy),
            Proxy::System | Proxy::None => Ok(()),
        }
    }
}

/// `http://` with a host; the client judges the rest.
fn is_http(address: &str) -> bool {
    address.strip_prefix("http://").is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':', '?', '#']) && rest.chars().all(|c| c.is_ascii_graphic())
    })
}

/// The keys of `given` that `known` does not have, dotted.
fn missing_keys(given: &toml::Table, known: &toml::Table, above: &str, missing: &mut Vec<String>) {
    for (key, value) in given {
        let dotted = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        match (value, known.get(key)) {
            (toml::Value::Table(given), Some(toml::Value::Table(known))) => {
                missing_keys(given, known, &dotted, missing);
            }
            (_, Some(_)) => {}
            (_, None) => missing.push(dotted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_missing_file_and_an_empty_one_are_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(&folder.path().join("settings.toml")).unwrap(), Loaded::default());
        assert_eq!(Settings::parse("").unwrap(), Loaded::default());
        assert_eq!(Settings::default().port(), 13579);
        assert_eq!(Settings::default().limits.frame_bytes(), 256 * 1024 * 1024);
        assert!(!Settings::default().test_environment);
    }

    #[test]
    fn unknown_keys_are_reported_and_hinder_nothing() {
        let loaded =
            Settings::parse("language = 'kk'\ncolour = 'blue'\n[limits]\nframe_megabytes = 9\n[tray]\nx = 1\n")
                .unwrap();
        assert_eq!(loaded.settings.language, Some(Language::Kk));
        assert_eq!(loaded.settings.limits, Limits::default());
        assert_eq!(loaded.unknown_keys, ["colour", "limits.frame_megabytes", "tray"]);
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
                Err(SettingsError::OutOfRange { key, .. }) => assert_eq!(key, expected),
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
        assert!(matches!(parsed("also = ['http://ca.lan']"), Err(SettingsError::NotAHost(_))));
        assert!(parsed("also = ['ca.lan', 'ca.lan:8080', '[::1]:80']").is_ok());
        for (wrong, key) in [
            ("proxy = 'proxy.lan:3128'", "services.proxy"),
            ("tsp = ''", "services.tsp"),
            ("tsp = 'http:///tsp'", "services.tsp"),
            ("ocsp = 'ftp://ocsp.pki.gov.kz'", "services.ocsp"),
        ] {
            match parsed(wrong) {
                Err(SettingsError::NotAnAddress { key: named, .. }) => assert_eq!(named, key),
                other => panic!("{wrong}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_file_larger_than_any_settings_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, vec![b'#'; 70_000]).unwrap();
        assert!(matches!(Settings::load(&path), Err(SettingsError::Io(_))));
    }

    proptest! {
        #[test]
        fn what_is_saved_is_read_again(
            language in proptest::option::of(prop_oneof![Just(Language::Kk), Just(Language::Ru), Just(Language::En)]),
            port in proptest::option::of(1u16..),
            test_environment: bool,
            expiry: bool,
            frame_mebibytes in 1u64..=256,
            idle_seconds in 1u64..=86400,
        ) {
            let settings = Settings {
                language, port, test_environment,
                limits: Limits { frame_mebibytes, ..Limits::default() },
                signer: SignerSettings { idle_seconds },
                services: Services { timeout_seconds: idle_seconds % 120 + 1, ..Services::default() },
                notifications: Notifications { expiry },
            };
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("settings.toml");
            settings.save(&path).unwrap();
            prop_assert_eq!(Settings::load(&path).unwrap(), Loaded { settings, unknown_keys: Vec::new() });
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = Settings::parse(&text);
        }
    }
}
