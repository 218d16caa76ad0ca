//! `tanba settings`: what is set, and setting it.

use crate::arguments::SettingsCommand;
use crate::{Exit, Place, broken, in_place};
use settings::{Applies, KEYS, Key, Loaded, Places, SettingsError, edit, without_password};
use std::borrow::Cow;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;
use texts::{Locale, Texts, Value};

/// The longest value that is read from standard input; a settings file is not longer.
const LONGEST_VALUE: u64 = 64 * 1024;

/// Lists, says, sets, resets.
pub(crate) fn settings(data_dir: Option<&Path>, command: &SettingsCommand) -> ExitCode {
    match command {
        SettingsCommand::List { json: true } => in_place(data_dir, |place| list_as_json(&place.loaded)),
        SettingsCommand::List { json: false } => in_place(data_dir, list),
        SettingsCommand::Get { key } => in_place(data_dir, |place| get(place, key)),
        SettingsCommand::Set { key, value } => in_place(data_dir, |place| set(place, key, value)),
        SettingsCommand::Reset { key } => in_place(data_dir, |place| reset(place, key)),
        // These need no settings, and answer also where what is set is broken.
        SettingsCommand::Where => print_places(data_dir).into(),
        SettingsCommand::Schema => {
            say!("{}", settings::json_schema().trim_end());
            Exit::Done.into()
        }
    }
}

fn list_as_json(loaded: &Loaded) -> Exit {
    let settings: Vec<_> = KEYS.iter().map(|key| as_json(loaded, key)).collect();
    say!("{:#}", serde_json::json!({ "settings": settings }));
    Exit::Done
}

fn list(place: &Place) -> Exit {
    for key in KEYS {
        say!("{}", line(place, key));
    }
    say!("\n{}", place.texts.text("settings-next"));
    Exit::Done
}

fn get(place: &Place, name: &str) -> Exit {
    with_key(place, name, |key| {
        say!("{}", value(place, key));
        Exit::Done
    })
}

fn set(place: &Place, name: &str, value: &str) -> Exit {
    with_key(place, name, |key| {
        let texts = &place.texts;
        let about_key = [("key", Value::Text(key.name))];
        let value = match value {
            "-" => match typed(&texts.format("settings-value", &about_key)) {
                Ok(typed) if typed.trim().is_empty() => {
                    return complain(texts, &texts.format("settings-no-value", &about_key));
                }
                Ok(typed) => Cow::Owned(typed),
                Err(error) => return complain(texts, &error.to_string()),
            },
            value => {
                if without_password(value) != value {
                    eprintln!("{}", texts.format("settings-password-seen", &about_key));
                }
                Cow::Borrowed(value)
            }
        };
        change(place, key, || edit::set(&place.places, key.name, &value), "settings-set")
    })
}

/// A line of standard input; at a terminal it is asked for, and not shown.
fn typed(question: &str) -> io::Result<String> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(question);
    }
    let mut line = String::new();
    io::stdin().lock().take(LONGEST_VALUE).read_line(&mut line)?;
    Ok(line)
}

fn reset(place: &Place, name: &str) -> Exit {
    with_key(place, name, |key| change(place, key, || edit::reset(&place.places, key.name), "settings-reset"))
}

/// Says where the files are.
fn print_places(data_dir: Option<&Path>) -> Exit {
    let texts = Texts::new(Locale::of_system());
    let places = match Places::choose(data_dir) {
        Ok(places) => places,
        Err(error) => return complain(&texts, &error.to_string()),
    };
    say!("{}", places.settings_file().display());
    if let Some(file) = places.administrators_settings_file() {
        let file = file.display().to_string();
        say!("{}", texts.format("settings-administrators-file", &[("file", Value::Text(&file))]));
    }
    Exit::Done
}

fn with_key(place: &Place, name: &str, act: impl FnOnce(&Key) -> Exit) -> Exit {
    match Key::named(name) {
        Some(key) => act(key),
        None => complain(&place.texts, &unknown(&place.texts, name)),
    }
}

fn change(place: &Place, key: &Key, change: impl FnOnce() -> Result<(), SettingsError>, done: &'static str) -> Exit {
    if place.loaded.is_locked(key.name) {
        let file = place.places.administrators_settings_file().unwrap_or_default().display().to_string();
        let arguments = [("key", Value::Text(key.name)), ("file", Value::Text(&file))];
        return complain(&place.texts, &place.texts.format("settings-locked", &arguments));
    }
    if let Err(error) = change() {
        return complain(&place.texts, &refused(place, &error));
    }
    match settings::Settings::load(&place.places) {
        Ok(loaded) => {
            let value = shown(&place.texts, &loaded, key);
            let arguments = [("key", Value::Text(key.name)), ("value", Value::Text(&value))];
            say!("{}", place.texts.format(done, &arguments));
            if key.applies == Applies::AtStart {
                say!("{}", place.texts.text("settings-at-start"));
            }
            Exit::Done
        }
        Err(error) => complain(&place.texts, &broken(&place.texts, &place.places, &error)),
    }
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
