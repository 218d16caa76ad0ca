//! One key of the person's settings file changed, with all else in it left as the person wrote it: comments, blanks, the
//! order of lines.

use crate::load::{malformed, text_of};
use crate::{Key, Kind, Places, Settings, SettingsError};
use platform::files;
use platform::instance::Instance;
use platform::trusted;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// Sets a key to what a person wrote for it: `true`, `42`, `kk`, `http://proxy.lan:3128`, `ca.lan,ca.lan:8080`.
///
/// # Errors
/// [`SettingsError::NotAllowed`] when the key cannot be that, alone or beside the others; [`SettingsError::NoSuchKey`];
/// [`SettingsError::Malformed`] and [`SettingsError::Io`] when the file cannot be read or written. Nothing is written then.
pub fn set(places: &Places, key: &str, value: &str) -> Result<(), SettingsError> {
    let key = Key::named(key).ok_or_else(|| SettingsError::NoSuchKey(key.to_owned()))?;
    let value = value_of(key, value)?;
    let _alone = alone(places)?;
    change(&real_file(places)?, key, |table, name| match table.get_mut(name) {
        // What stands around the old value (a comment behind it) stays.
        Some(Item::Value(old)) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        _ => {
            table.insert(name, Item::Value(value));
        }
    })
}

/// Takes a key out of the person's file, so that its default holds again.
///
/// # Errors
/// As [`set`].
pub fn reset(places: &Places, key: &str) -> Result<(), SettingsError> {
    let key = Key::named(key).ok_or_else(|| SettingsError::NoSuchKey(key.to_owned()))?;
    let _alone = alone(places)?;
    let path = real_file(places)?;
    // What is not there is not made, nor written anew.
    match text_of(&path)? {
        Some(text) if Settings::parse(&text)?.is_own(key.name) => {}
        _ => return Ok(()),
    }
    change(&path, key, |table, name| {
        table.remove(name);
    })
}

/// Nobody else changes the file meanwhile: of two changes at once, both hold. The lock lies beside the file, where it is
/// the same one for everybody who means this file.
fn alone(places: &Places) -> Result<Instance, SettingsError> {
    Ok(Instance::wait(&places.config().join(".settings.lock"))?)
}

/// Where the file really is. People keep theirs elsewhere and put a link to it: the link stays, and what it leads to is
/// written, where nobody but the person and root could have laid it.
fn real_file(places: &Places) -> Result<PathBuf, SettingsError> {
    let path = places.settings_file();
    match path.symlink_metadata() {
        Ok(seen) if seen.is_symlink() => trusted::resolve(&path).map_err(SettingsError::Link),
        _ => Ok(path),
    }
}

fn change(path: &Path, key: &Key, change: impl FnOnce(&mut Table, &str)) -> Result<(), SettingsError> {
    let text = text_of(path)?.unwrap_or_default();
    // What is broken is not made worse, and nothing of it is lost.
    Settings::parse(&text)?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| malformed(&text, error.message(), error.span()))?;
    let (section, name) = key.name.split_once('.').map_or((None, key.name), |(section, name)| (Some(section), name));
    let table = match section {
        Some(section) => document
            .entry(section)
            .or_insert_with(toml_edit::table)
            .as_table_mut()
            // A section in braces is right TOML, and nothing that people write here.
            .ok_or_else(|| malformed("", &format!("[{section}] is written in one line"), None))?,
        None => document.as_table_mut(),
    };
    change(table, name);
    let text = document.to_string();
    Settings::parse(&text)?;
    Ok(files::write_private(path, text.as_bytes())?)
}

fn value_of(key: &Key, text: &str) -> Result<Value, SettingsError> {
    let text = text.trim();
    let refused =
        || SettingsError::NotAllowed { key: key.name, value: crate::schema::shown(&text.into()), kind: key.kind };
    let items = || text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let value: Value = match key.kind {
        Kind::Switch => match text {
            "true" | "on" => true.into(),
            "false" | "off" => false.into(),
            _ => return Err(refused()),
        },
        Kind::Number { .. } => text.parse::<i64>().map_err(|_| refused())?.into(),
        Kind::Hosts | Kind::Sites => items().collect::<Array>().into(),
        Kind::Choice(_) | Kind::Address | Kind::AddressOrNone | Kind::Proxy => text.into(),
    };
    if key.kind.takes(&plain(&value)) { Ok(value) } else { Err(refused()) }
}

/// The same value without its place in a file.
fn plain(value: &Value) -> toml::Value {
    match value {
        Value::Boolean(value) => (*value.value()).into(),
        Value::Integer(value) => (*value.value()).into(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().into(),
        other => other.as_str().unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KEYS, Language, Proxy};

    fn edited(before: &str, edit: impl FnOnce(&Places) -> Result<(), SettingsError>) -> Result<String, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        std::fs::write(places.settings_file(), before).unwrap();
        let edited = edit(&places);
        let after = std::fs::read_to_string(places.settings_file()).unwrap();
        if edited.is_err() {
            assert_eq!(after, before, "nothing is written when it fails");
        }
        edited.map(|()| after)
    }

    #[test]
    fn what_the_person_wrote_around_it_stays() {
        let before = "# mine\nlanguage = \"ru\" # for now\n\n[services] # theirs\ntimeout_seconds = 5\nfuture = 1\n";
        let after = edited(before, |places| set(places, "language", "kk")).unwrap();
        assert_eq!(after, before.replace("\"ru\"", "\"kk\""));
        let after = edited(before, |places| set(places, "services.proxy", "http://proxy.lan:3128")).unwrap();
        assert_eq!(after, format!("{before}proxy = \"http://proxy.lan:3128\"\n"));
        for absent in ["limits.connections", "services.tsp", "port"] {
            assert_eq!(edited(before, |places| reset(places, absent)).unwrap(), before);
        }
        let after = edited(before, |places| reset(places, "services.timeout_seconds")).unwrap();
        assert_eq!(after, before.replace("timeout_seconds = 5\n", ""));
    }

    #[test]
    fn a_file_and_a_section_that_are_not_there_are_made() {
        let after = edited("", |places| set(places, "notifications.expiry", "off")).unwrap();
        assert!(!Settings::parse(&after).unwrap().settings.notifications.expiry);
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        set(&places, "language", "en").unwrap();
        assert_eq!(Settings::load(&places).unwrap().settings.language, Some(Language::En));
        reset(&places, "language").unwrap();
        std::fs::remove_file(places.settings_file()).unwrap();
        reset(&places, "language").unwrap();
        assert!(!places.settings_file().exists());
        assert_eq!(Settings::load(&places).unwrap().settings.language, None);
    }

    #[test]
    fn every_key_takes_its_own_default() {
        let loaded = crate::Loaded::default();
        for key in KEYS {
            let value = if key.name == "language" { "kk".to_owned() } else { loaded.shown(key).unwrap() };
            // An empty list is shown as TOML shows it.
            let value = if value == "[]" { String::new() } else { value };
            edited("", |places| set(places, key.name, &value)).unwrap_or_else(|error| panic!("{}: {error}", key.name));
        }
    }

    #[test]
    fn what_would_not_be_read_again_is_not_written() {
        for (key, value) in [
            ("language", "de"),
            ("port", "x"),
            ("port", "-1"),
            ("limits.connections", "15"),
            ("limits.memory_mebibytes", "100"),
            ("services.proxy", "proxy.lan"),
            ("services.also", "http://ca.lan"),
            ("test_environment", "yes"),
        ] {
            let refused = edited("# keep\n", |places| set(places, key, value));
            assert!(
                matches!(refused, Err(SettingsError::NotAllowed { key: named, .. }) if named == key),
                "{key}: {refused:?}"
            );
        }
        assert!(matches!(edited("", |places| set(places, "screens", "1")), Err(SettingsError::NoSuchKey(_))));
        assert!(matches!(
            edited("port = = 1", |places| set(places, "language", "kk")),
            Err(SettingsError::Malformed { .. })
        ));
    }

    #[test]
    fn of_changes_at_once_each_one_holds() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        let numbers = KEYS.iter().filter(|key| key.name.ends_with("_seconds")).collect::<Vec<_>>();
        std::thread::scope(|threads| {
            for key in &numbers {
                let places = &places;
                threads.spawn(move || set(places, key.name, "7").unwrap());
            }
        });
        let loaded = Settings::load(&places).unwrap();
        assert!(numbers.len() > 1 && numbers.iter().all(|key| loaded.is_own(key.name)));
    }

    #[test]
    fn a_password_in_any_address_is_not_shown() {
        for key in ["services.proxy", "services.tsp", "services.ocsp"] {
            let after = edited("", |places| set(places, key, "http://anna:se@cr/et@ca.lan:8080")).unwrap();
            assert!(after.contains("se@cr/et"), "{after}");
            let shown = Settings::parse(&after).unwrap().shown(Key::named(key).unwrap());
            assert_eq!(shown.as_deref(), Some("http://***@ca.lan:8080"), "{key}");
        }
        for (key, value) in [("services.tsp", "ftp://anna:secret@ca.lan"), ("services.also", "anna:secret@ca.lan")] {
            let refused = edited("", |places| set(places, key, value)).unwrap_err().to_string();
            assert!(refused.contains("***@ca.lan") && !refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn hosts_are_written_as_a_list() {
        let after = edited("", |places| set(places, "services.also", "ca.lan, ca.lan:8080")).unwrap();
        assert_eq!(Settings::parse(&after).unwrap().settings.services.also, ["ca.lan", "ca.lan:8080"]);
        let after = edited("", |places| set(places, "services.proxy", "none")).unwrap();
        assert_eq!(Settings::parse(&after).unwrap().settings.services.proxy, Proxy::None);
    }
}
