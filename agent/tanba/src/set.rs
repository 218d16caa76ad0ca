//! `tanba settings`: what is set, and setting it.

use crate::arguments::SettingsCommand;
use crate::{Exit, Place, broken};
use settings::{Applies, KEYS, Key, Loaded, Places, SettingsError, edit};
use std::path::Path;
use texts::{Locale, Texts, Value};

/// Lists, says, sets, resets.
pub(crate) fn set(place: &Place, command: &SettingsCommand) -> Exit {
    match command {
        SettingsCommand::List { json: true } => {
            let settings: Vec<_> = KEYS.iter().map(|key| as_json(&place.loaded, key)).collect();
            println!("{:#}", serde_json::json!({ "settings": settings }));
            Exit::Done
        }
        SettingsCommand::List { json: false } => {
            for key in KEYS {
                println!("{}", line(place, key));
            }
            println!("\n{}", place.texts.text("settings-next"));
            Exit::Done
        }
        SettingsCommand::Get { key } => with_key(place, key, |key| {
            println!("{}", value(place, key));
            Exit::Done
        }),
        SettingsCommand::Set { key, value } => {
            change(place, key, |key| edit::set(&place.places, key.name, value), "settings-set")
        }
        SettingsCommand::Reset { key } => {
            change(place, key, |key| edit::reset(&place.places, key.name), "settings-reset")
        }
        // `main` has done these: they need no settings.
        SettingsCommand::Where | SettingsCommand::Schema => Exit::Done,
    }
}

/// Says where the files are, also where what is in them is broken.
pub(crate) fn print_places(data_dir: Option<&Path>) -> Exit {
    let texts = Texts::new(Locale::of_system());
    let places = match Places::choose(data_dir) {
        Ok(places) => places,
        Err(error) => return complain(&texts, &error.to_string()),
    };
    println!("{}", places.settings_file().display());
    if let Some(file) = places.administrators_settings_file() {
        let file = file.display().to_string();
        println!("{}", texts.format("settings-administrators-file", &[("file", Value::Text(&file))]));
    }
    Exit::Done
}

fn with_key(place: &Place, name: &str, act: impl FnOnce(&Key) -> Exit) -> Exit {
    match Key::named(name) {
        Some(key) => act(key),
        None => complain(&place.texts, &unknown(&place.texts, name)),
    }
}

fn change(
    place: &Place,
    name: &str,
    change: impl FnOnce(&Key) -> Result<(), SettingsError>,
    done: &'static str,
) -> Exit {
    with_key(place, name, |key| {
        if place.loaded.is_locked(key.name) {
            let file = place.places.administrators_settings_file().unwrap_or_default().display().to_string();
            let arguments = [("key", Value::Text(key.name)), ("file", Value::Text(&file))];
            return complain(&place.texts, &place.texts.format("settings-locked", &arguments));
        }
        if let Err(error) = change(key) {
            return complain(&place.texts, &refused(place, &error));
        }
        match settings::Settings::load(&place.places) {
            Ok(loaded) => {
                let value = shown(&place.texts, &loaded, key);
                let arguments = [("key", Value::Text(key.name)), ("value", Value::Text(&value))];
                println!("{}", place.texts.format(done, &arguments));
                if key.applies == Applies::AtStart {
                    println!("{}", place.texts.text("settings-at-start"));
                }
                Exit::Done
            }
            Err(error) => complain(&place.texts, &broken(&place.texts, &place.places, &error)),
        }
    })
}

fn refused(place: &Place, error: &SettingsError) -> String {
    match error {
        SettingsError::NotAllowed { key, value, kind } => {
            let (expected, value) = (kind.expected(), value.escape_debug().to_string());
            let arguments =
                [("key", Value::Text(key)), ("value", Value::Text(&value)), ("expected", Value::Text(&expected))];
            place.texts.format("settings-not-allowed", &arguments)
        }
        SettingsError::NoSuchKey(name) => unknown(&place.texts, name),
        error => broken(&place.texts, &place.places, error),
    }
}

fn unknown(texts: &Texts, name: &str) -> String {
    let name = name.escape_debug().to_string();
    texts.format("settings-unknown", &[("key", Value::Text(&name))])
}

fn complain(texts: &Texts, sentence: &str) -> Exit {
    eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(sentence))]));
    Exit::Failed
}

/// Name, value, who set it; below it what it is for.
fn line(place: &Place, key: &Key) -> String {
    let value = value(place, key);
    let who = match who(&place.loaded, key) {
        Who::Administrator => "settings-line-administrator",
        Who::Person => "settings-line-own",
        Who::Nobody => "settings-line-default",
    };
    let what = place.texts.text(&format!("setting-{}", key.name.replace(['.', '_'], "-")));
    let arguments = [("key", Value::Text(key.name)), ("value", Value::Text(&value)), ("what", Value::Text(&what))];
    place.texts.format(who, &arguments)
}

fn value(place: &Place, key: &Key) -> String {
    shown(&place.texts, &place.loaded, key)
}

fn shown(texts: &Texts, loaded: &Loaded, key: &Key) -> String {
    match loaded.shown(key) {
        Some(value) if value.is_empty() => texts.text("settings-empty"),
        // What a file says must not rewrite a terminal.
        Some(value) => value.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect(),
        None => texts.text("settings-system"),
    }
}

/// Who set a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Administrator,
    Person,
    Nobody,
}

fn who(loaded: &Loaded, key: &Key) -> Who {
    if loaded.is_locked(key.name) {
        Who::Administrator
    } else if loaded.is_own(key.name) {
        Who::Person
    } else {
        Who::Nobody
    }
}

fn as_json(loaded: &Loaded, key: &Key) -> serde_json::Value {
    let set_by = match who(loaded, key) {
        Who::Administrator => "administrator",
        Who::Person => "person",
        Who::Nobody => "default",
    };
    serde_json::json!({
        "key": key.name,
        "value": loaded.shown(key),
        "set_by": set_by,
        "locked": loaded.is_locked(key.name),
        "expected": key.kind.expected(),
        "applies": match key.applies { Applies::AtOnce => "at-once", Applies::AtStart => "at-start" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_explained_in_every_language() {
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            for key in KEYS {
                let id = format!("setting-{}", key.name.replace(['.', '_'], "-"));
                assert_ne!(texts.text(&id), id, "{} in {}", key.name, locale.code());
            }
        }
    }
}
