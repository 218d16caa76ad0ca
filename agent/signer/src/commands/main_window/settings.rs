//! What can be set, and whether Tanba starts at login, which is no setting but an entry of the desktop's.

use super::{Context, MainAction, MainPage, MainRow, beside, clean};
use crate::window::{MainField, Tone};
use platform::autostart::{Autostart as _, AutostartError, Standing, Start, SystemAutostart};
use settings::{Applies, KEYS, Key, Kind, Loaded, Settings, SettingsError, edit};
use texts::{Texts, Value};

/// What `Loaded::shown` has in the place of a name and a password.
const HIDDEN: &str = "***@";

/// The row that says whether Tanba starts at login. No setting has a name like it.
pub(super) const AUTOSTART: &str = "autostart";

pub(super) fn fill(page: &mut MainPage, context: &Context) {
    page.explanation = context.texts.text("main-settings-explained");
    page.rows.extend(autostart(context));
    match Settings::load(&context.places) {
        Ok(loaded) => page.rows.extend(KEYS.iter().map(|key| row(context, &loaded, key))),
        Err(error) => page.empty = error.to_string(),
    }
}

/// None where the system is not served yet.
fn autostart(context: &Context) -> Option<MainRow> {
    let texts = &context.texts;
    let standing = beside::program().map_err(AutostartError::from).and_then(|program| {
        SystemAutostart::of_user()?.standing(Start { program: &program, folder: context.places.root() })
    });
    if let Err(AutostartError::Unsupported(_) | AutostartError::NoHome) = standing {
        return None;
    }
    let is_on = matches!(standing, Ok(Standing::On));
    let mut row = MainRow {
        id: AUTOSTART.to_owned(),
        title: texts.text("doctor-autostart"),
        details: "tanba autostart".to_owned(),
        badge: texts.text(if is_on { "main-settings-on" } else { "main-settings-off" }),
        tone: if is_on { Tone::Good } else { Tone::Plain },
        ..MainRow::default()
    };
    let note = match standing {
        Ok(Standing::On | Standing::Off) => None,
        Ok(Standing::Disabled) => Some(texts.text("doctor-autostart-disabled")),
        Ok(Standing::Unreadable) => Some(texts.text("doctor-autostart-unreadable")),
        Ok(Standing::Gone(program)) => Some(about(texts, "doctor-autostart-gone", &program.display().to_string())),
        Ok(Standing::Elsewhere(program)) => {
            Some(about(texts, "doctor-autostart-elsewhere", &program.display().to_string()))
        }
        Err(error) => Some(clean(&error.to_string())),
    };
    row.notes.extend(note);
    row.actions.push(chosen("on", texts.text("main-settings-on"), is_on));
    row.actions.push(chosen("off", texts.text("main-settings-off"), !is_on));
    Some(row)
}

fn about(texts: &Texts, id: &str, program: &str) -> String {
    texts.format(id, &[("program", Value::Text(&clean(program)))])
}

fn row(context: &Context, loaded: &Loaded, key: &Key) -> MainRow {
    let texts = &context.texts;
    let is_locked = loaded.is_locked(key.name);
    let value = loaded.shown(key);
    let mut row = MainRow {
        id: key.name.to_owned(),
        title: texts.text(&format!("setting-{}", key.name.replace(['.', '_'], "-"))),
        details: key.name.to_owned(),
        badge: in_words(texts, key, value.as_deref()),
        tone: if loaded.is_own(key.name) { Tone::Good } else { Tone::Plain },
        ..MainRow::default()
    };
    if is_locked {
        row.notes.push(texts.text("main-settings-locked"));
        row.tone = Tone::Warning;
        return row;
    }
    if key.applies == Applies::AtStart {
        row.notes.push(texts.text("main-settings-at-start"));
    }
    match key.kind {
        Kind::Switch => {
            let is_on = value.as_deref() == Some("true");
            row.actions.push(chosen("on", texts.text("main-settings-on"), is_on));
            row.actions.push(chosen("off", texts.text("main-settings-off"), !is_on));
        }
        Kind::Choice(words) => {
            row.actions.extend(words.iter().map(|word| {
                chosen(word, texts.text(&format!("main-settings-{word}")), value.as_deref() == Some(word))
            }));
        }
        Kind::Number { .. }
        | Kind::Address
        | Kind::AddressOrNone
        | Kind::AddressOrPath
        | Kind::Digest
        | Kind::Proxy
        | Kind::Hosts
        | Kind::Sites => {
            row.notes.push(texts.format("main-settings-expected", &[("expected", Value::Text(&key.kind.expected()))]));
            row.field = Some(MainField {
                label: row.title.clone(),
                text: typed_form(key, &value.unwrap_or_default()),
                button: texts.text("main-settings-set"),
            });
        }
    }
    if loaded.is_own(key.name) {
        row.actions.push(MainAction::new("reset", texts.text("main-settings-reset")));
    }
    row
}

/// A value as it is typed. A password in an address is not shown, and what is shown in its place must not be saved over it:
/// there the field begins empty.
fn typed_form(key: &Key, value: &str) -> String {
    match key.kind {
        _ if value.contains(HIDDEN) => String::new(),
        Kind::Hosts | Kind::Sites => value.trim_matches(['[', ']']).replace(['"', ' '], ""),
        _ => value.to_owned(),
    }
}

fn chosen(id: &'static str, text: String, is_chosen: bool) -> MainAction {
    MainAction { id, text, is_chosen }
}

fn in_words(texts: &Texts, key: &Key, value: Option<&str>) -> String {
    match (key.kind, value) {
        (_, None) => texts.text("settings-system"),
        (_, Some("")) => texts.text("settings-empty"),
        (Kind::Switch, Some("true")) => texts.text("main-settings-on"),
        (Kind::Switch, Some(_)) => texts.text("main-settings-off"),
        (Kind::Choice(_), Some(word)) => texts.text(&format!("main-settings-{word}")),
        (_, Some(value)) => clean(value),
    }
}

/// Sets a row to what was pressed or typed.
pub(super) fn change(context: &Context, row: &str, action: &str, typed: &str) -> Result<String, String> {
    let key = Key::named(row).ok_or_else(|| context.texts.text("main-gone"))?;
    let done = match (action, key.kind) {
        ("reset", _) => edit::reset(&context.places, key.name),
        ("on", Kind::Switch) => edit::set(&context.places, key.name, "true"),
        ("off", Kind::Switch) => edit::set(&context.places, key.name, "false"),
        ("set", _) => edit::set(&context.places, key.name, typed.trim()),
        (word, Kind::Choice(words)) if words.contains(&word) => edit::set(&context.places, key.name, word),
        _ => return Ok(String::new()),
    };
    // In the language that holds now.
    let language = Context::at(context.places.clone(), context.now);
    let texts = language.as_ref().map_or(&context.texts, |context| &context.texts);
    match done {
        Ok(()) if key.applies == Applies::AtStart => Ok(texts.text("main-settings-saved-at-start")),
        Ok(()) => Ok(texts.text("main-settings-saved")),
        Err(SettingsError::NotAllowed { kind, value, .. }) => {
            let arguments = [("value", value.to_string()), ("expected", kind.expected())];
            let arguments: Vec<_> = arguments.iter().map(|(name, text)| (*name, Value::Text(text))).collect();
            Err(context.say("main-settings-not-allowed", &arguments))
        }
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_setting_is_taken_for_the_row_of_starting_at_login() {
        assert!(Key::named(AUTOSTART).is_none());
    }

    #[test]
    fn what_stands_in_a_field_can_be_saved_and_changes_nothing() {
        let key = |name| Key::named(name).unwrap();
        assert_eq!(typed_form(key("services.proxy"), "http://***@proxy.lan:3128"), "", "a password would be lost");
        assert_eq!(typed_form(key("services.proxy"), "http://proxy.lan:3128"), "http://proxy.lan:3128");
        assert_eq!(typed_form(key("services.also"), "[]"), "");
        assert_eq!(typed_form(key("services.also"), r#"["ca.lan", "[::1]:8080"]"#), "ca.lan,[::1]:8080");
    }
}
