//! The schema of the settings file, said once: reading, changing, help and the JSON Schema all go by it.

use crate::legacy::is_site;
use crate::{Limits, Settings, SettingsError};
use toml::{Table, Value};

/// A key of the settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its dotted name: `limits.connections`.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// From when a changed value holds.
    pub applies: Applies,
}

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// A whole number within these bounds, both included.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `http://host`, with a port and a path or without.
    Address,
    /// The same, or empty.
    AddressOrNone,
    /// `system`, `none`, or an address.
    Proxy,
    /// A list of hosts: `["ca.lan", "ca.lan:8080"]`.
    Hosts,
    /// A list of sites, by their hosts or their origins: `["egov.kz", "http://portal.lan:8080"]`.
    Sites,
}

/// From when a changed value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// For the next request.
    AtOnce,
    /// When Tanba is started next: `tanba run` reads it once.
    AtStart,
}

const fn at_once(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, applies: Applies::AtOnce }
}

const fn at_start(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, applies: Applies::AtStart }
}

/// All keys, in the order in which people are told of them.
pub const KEYS: &[Key] = &[
    at_once("language", Kind::Choice(&["kk", "ru", "en"])),
    at_start("port", Kind::Number { least: 1, most: 65535 }),
    at_once("test_environment", Kind::Switch),
    at_once("tray", Kind::Switch),
    at_start("limits.frame_mebibytes", Kind::Number { least: 1, most: Limits::MOST_FRAME_MEBIBYTES }),
    at_start("limits.waiting_requests", Kind::Number { least: 1, most: 1024 }),
    at_start("limits.connections", Kind::Number { least: 16, most: 65536 }),
    // How much it must be at least depends on the longest message: `check` looks at both.
    at_start("limits.memory_mebibytes", Kind::Number { least: 1, most: 65536 }),
    at_start("signer.idle_seconds", Kind::Number { least: 1, most: 86400 }),
    at_once("services.proxy", Kind::Proxy),
    at_once("services.tsp", Kind::Address),
    at_once("services.ocsp", Kind::AddressOrNone),
    at_once("services.also", Kind::Hosts),
    at_once("services.timeout_seconds", Kind::Number { least: 1, most: 120 }),
    at_once("services.check_before_signing", Kind::Switch),
    at_once("notifications.expiry", Kind::Switch),
    at_once("legacy.file_paths", Kind::Choice(&["ask", "listed", "never"])),
    at_once("legacy.sites", Kind::Sites),
];

impl Key {
    /// The key of a dotted name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Its value in a table of settings.
    #[must_use]
    pub fn value_in<'a>(&self, table: &'a Table) -> Option<&'a Value> {
        let (section, name) = self.name.split_once('.').map_or((None, self.name), |(one, two)| (Some(one), two));
        let table = match section {
            Some(section) => table.get(section)?.as_table()?,
            None => table,
        };
        table.get(name)
    }
}

impl Kind {
    /// Whether a value is one of these.
    pub(crate) fn takes(self, value: &Value) -> bool {
        match self {
            Self::Switch => value.is_bool(),
            Self::Number { least, most } => value
                .as_integer()
                .and_then(|number| u64::try_from(number).ok())
                .is_some_and(|n| (least..=most).contains(&n)),
            Self::Choice(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Self::Address => value.as_str().is_some_and(is_http),
            Self::AddressOrNone => value.as_str().is_some_and(|text| text.is_empty() || is_http(text)),
            Self::Proxy => value.as_str().is_some_and(|text| matches!(text, "system" | "none") || is_http(text)),
            Self::Hosts => is_list_of(value, is_host),
            Self::Sites => is_list_of(value, is_site),
        }
    }

    /// What a person may write, in the words of the file.
    #[must_use]
    pub fn expected(self) -> String {
        match self {
            Self::Switch => "true | false".to_owned(),
            Self::Number { least, most } => format!("{least}..{most}"),
            Self::Choice(words) => words.join(" | "),
            Self::Address => "http://host:port".to_owned(),
            Self::AddressOrNone => "\"\" | http://host:port".to_owned(),
            Self::Proxy => "system | none | http://host:port".to_owned(),
            Self::Hosts => "ca.lan,ca.lan:8080".to_owned(),
            Self::Sites => "egov.kz,https://portal.lan:8443".to_owned(),
        }
    }
}

/// `http://` with a host; the client judges the rest.
fn is_http(address: &str) -> bool {
    address.strip_prefix("http://").is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':', '?', '#']) && rest.chars().all(|c| c.is_ascii_graphic())
    })
}

fn is_list_of(value: &Value, is_one: impl Fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(&is_one)))
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c))
}

/// Settings as a table; what is not set stands in it with its default, where it has one.
pub(crate) fn table_of(settings: &Settings) -> Result<Table, SettingsError> {
    Table::try_from(settings).map_err(|error| SettingsError::Malformed { line: None, what: error.to_string() })
}

/// Whether every value is within what its key may be, and the values fit each other.
pub(crate) fn check(settings: &Settings) -> Result<(), SettingsError> {
    let table = table_of(settings)?;
    for key in KEYS {
        match key.value_in(&table) {
            Some(value) if !key.kind.takes(value) => {
                return Err(SettingsError::NotAllowed { key: key.name, value: shown(value), kind: key.kind });
            }
            _ => {}
        }
    }
    let (value, least) = (settings.limits.memory_mebibytes, settings.limits.least_memory_mebibytes());
    if value < least {
        let kind = Kind::Number { least, most: 65536 };
        return Err(SettingsError::NotAllowed { key: "limits.memory_mebibytes", value: value.to_string(), kind });
    }
    Ok(())
}

/// A value as people may see it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => without_password(text),
        other => without_password(&other.to_string()),
    }
}

/// An address without the name and the password in it (`http://name:password@host`). Of what is no right address too much is
/// left out rather than too little: a password that holds an `@` or a `/` is one nevertheless.
#[must_use]
pub fn without_password(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = if before.starts_with("http://") { "http://" } else { "" };
            format!("{scheme}***@{host}")
        }
        None => address.to_owned(),
    }
}

/// The JSON Schema (2020-12) of the settings file, for editors that check TOML by one.
#[must_use]
pub fn json_schema() -> String {
    let defaults = table_of(&Settings::default()).unwrap_or_default();
    let mut sections: Vec<(&str, Vec<String>)> = vec![("", Vec::new())];
    for key in KEYS {
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if sections.last().is_none_or(|(last, _)| *last != section) {
            sections.push((section, Vec::new()));
        }
        let default =
            key.value_in(&defaults).map(|value| format!(", \"default\": {}", json(value))).unwrap_or_default();
        if let Some((_, keys)) = sections.last_mut() {
            keys.push(format!("\"{name}\": {{ {}{default} }}", schema_of(key.kind)));
        }
    }
    let mut properties = Vec::new();
    for (section, keys) in sections {
        if section.is_empty() {
            properties.extend(keys.into_iter().map(|key| format!("    {key}")));
        } else {
            let keys = keys.iter().map(|key| format!("        {key}")).collect::<Vec<_>>().join(",\n");
            properties.push(format!(
                "    \"{section}\": {{\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \
                 \"properties\": {{\n{keys}\n      }}\n    }}"
            ));
        }
    }
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Tanba settings\",\n  \
         \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {{\n{}\n  }}\n}}\n",
        properties.join(",\n")
    )
}

fn schema_of(kind: Kind) -> String {
    const HTTP: &str = "http://[^/:?#\\\\s][!-~]*";
    match kind {
        Kind::Switch => "\"type\": \"boolean\"".to_owned(),
        Kind::Number { least, most } => format!("\"type\": \"integer\", \"minimum\": {least}, \"maximum\": {most}"),
        Kind::Choice(words) => {
            format!("\"enum\": [{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        }
        Kind::Address => format!("\"type\": \"string\", \"pattern\": \"^{HTTP}$\""),
        Kind::AddressOrNone => format!("\"type\": \"string\", \"pattern\": \"^({HTTP})?$\""),
        Kind::Proxy => format!("\"type\": \"string\", \"pattern\": \"^(system|none|{HTTP})$\""),
        Kind::Hosts => {
            "\"type\": \"array\", \"items\": { \"type\": \"string\", \"pattern\": \"^[A-Za-z0-9.:\\\\[\\\\]-]+$\" }"
                .to_owned()
        }
        Kind::Sites => "\"type\": \"array\", \"items\": { \"type\": \"string\", \"pattern\": \
             \"^([A-Za-z][A-Za-z0-9+.-]*://)?[A-Za-z0-9._:\\\\[\\\\]-]+$\" }"
            .to_owned(),
    }
}

/// The defaults have only these three kinds of values, and their texts nothing that JSON writes otherwise.
fn json(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Array(_) => "[]".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn names(table: &Table, above: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (key, value) in table {
            let dotted = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            match value {
                Value::Table(table) => names.extend(names_sorted(table, &dotted)),
                _ => names.push(dotted),
            }
        }
        names
    }

    fn names_sorted(table: &Table, above: &str) -> Vec<String> {
        let mut names = names(table, above);
        names.sort();
        names
    }

    #[test]
    fn the_schema_has_every_key_that_is_read_and_no_other() {
        let all = Settings { language: Some(Language::Kk), port: Some(1), ..Settings::default() };
        let mut schema: Vec<_> = KEYS.iter().map(|key| key.name.to_owned()).collect();
        schema.sort();
        let mut read = names(&table_of(&all).unwrap(), "");
        read.sort();
        assert_eq!(schema, read);
    }

    #[test]
    fn a_proxy_s_password_is_not_shown() {
        let proxy = Value::String("http://user:secret@proxy.lan:3128".to_owned());
        assert_eq!(shown(&proxy), "http://***@proxy.lan:3128");
        assert_eq!(shown(&Value::String("system".into())), "system");
    }
}
