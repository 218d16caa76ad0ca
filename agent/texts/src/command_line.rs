//! What is wrong with a command line, in the person's language: the frequent kinds of [`clap::Error`], which clap itself
//! says in English only.

use crate::{Texts, Value};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::{error::Error as _, ffi::OsString, path::PathBuf};

/// The sentence about that error, with clap's own usage line and where the rest is explained. `None` for what is no error
/// (`--help`, `--version`) and for rare ones, which clap says.
#[must_use]
pub fn wrong(error: &clap::Error, texts: &Texts) -> Option<String> {
    let given = |kind| error.get(kind).map(listed).unwrap_or_default();
    let (argument, value) = (given(ContextKind::InvalidArg), given(ContextKind::InvalidValue));
    let command = given(ContextKind::InvalidSubcommand);
    let say = |id: &str, what: &str, value: &str| {
        texts.format(id, &[("what", Value::Text(what)), ("value", Value::Text(value))])
    };
    let mut said = match error.kind() {
        ErrorKind::UnknownArgument => say("usage-unknown-argument", &argument, ""),
        ErrorKind::MissingRequiredArgument => say("usage-missing-argument", &argument, ""),
        ErrorKind::InvalidSubcommand => say("usage-unknown-command", &command, ""),
        ErrorKind::MissingSubcommand => say("usage-missing-command", &command, ""),
        ErrorKind::InvalidValue if value.is_empty() => say("usage-missing-value", &argument, ""),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => say("usage-wrong-value", &argument, &value),
        ErrorKind::ArgumentConflict => say("usage-conflict", &argument, &given(ContextKind::PriorArg)),
        _ => return None,
    };
    if let (ErrorKind::ValueValidation, Some(cause)) = (error.kind(), error.source()) {
        said = format!("{said} ({})", visible(&cause.to_string()));
    }
    let mut lines = vec![texts.format("cli-error", &[("what", Value::Text(&said))])];
    for kind in [ContextKind::ValidValue, ContextKind::ValidSubcommand] {
        let allowed = given(kind);
        if !allowed.is_empty() {
            lines.push(say("usage-allowed", &allowed, ""));
        }
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let meant = given(kind);
        if !meant.is_empty() {
            lines.push(say("usage-meant", &meant, ""));
        }
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        lines.push(format!("\n{usage}\n"));
    }
    lines.push(texts.text("usage-help"));
    Some(lines.join("\n"))
}

/// The folder that `--data-dir` names on a command line that was not understood: the person's language is set there.
#[must_use]
pub fn data_dir(arguments: impl IntoIterator<Item = OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--data-dir" {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(folder) = argument.to_str().and_then(|argument| argument.strip_prefix("--data-dir=")) {
            return Some(PathBuf::from(folder));
        }
    }
    None
}

fn listed(value: &ContextValue) -> String {
    match value {
        ContextValue::String(one) => visible(one),
        ContextValue::Strings(several) => several.iter().map(|one| visible(one)).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// What was typed or pasted must not rewrite a terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use clap::{Arg, ArgAction, Command};

    fn said(locale: Locale, typed: &[&str]) -> Option<String> {
        let file = Arg::new("file").required(true).value_name("FILE");
        let form = Arg::new("form").long("as").value_parser(["cms", "pdf"]);
        let port = Arg::new("port").long("port").value_parser(clap::value_parser!(u16));
        let open = Arg::new("open").long("open").action(ArgAction::SetTrue).conflicts_with("port");
        let program = Command::new("tanba")
            .subcommand_required(true)
            .subcommand(Command::new("sign").args([file, form, port, open]));
        let error = program.try_get_matches_from([&["tanba"][..], typed].concat()).unwrap_err();
        wrong(&error, &Texts::new(locale))
    }

    #[test]
    fn the_frequent_mistakes_are_said_in_the_persons_language_with_the_usage() {
        for (typed, ru, named) in [
            (&["sign", "a", "--nonsense"][..], "нет параметра", &["--nonsense"][..]),
            (&["sign"], "Не хватает", &["<FILE>"]),
            (&["sing"], "команды нет", &["sing", "sign"]),
            (&[], "нужна команда", &["sign"]),
            (&["sign", "a", "--as", "doc"], "не подходит", &["doc", "--as", "cms, pdf"]),
            (&["sign", "a", "--as"], "нужно значение", &["--as"]),
            (&["sign", "a", "--port", "x"], "не подходит", &["--port", "x"]),
            (&["sign", "a", "--port", "1", "--open"], "вместе", &["--port", "--open"]),
        ] {
            let told = said(Locale::Ru, typed).unwrap();
            assert!(told.starts_with("Ошибка: ") && told.contains(ru), "{typed:?}: {told}");
            assert!(told.contains("--help"), "{typed:?}: {told}");
            // Of a value that is not right clap says no usage.
            let is_of_a_value = ["не подходит", "нужно значение"].contains(&ru);
            assert!(is_of_a_value || told.contains("Usage: tanba"), "{typed:?}: {told}");
            for name in named {
                assert!(told.contains(name), "{name}: {told}");
            }
            for locale in [Locale::Kk, Locale::En] {
                let other = said(locale, typed).unwrap();
                assert!(other.contains(named[0]) && !other.contains("usage-"), "{other}");
            }
        }
    }

    #[test]
    fn help_is_no_mistake_and_what_was_pasted_rewrites_nothing() {
        assert_eq!(said(Locale::En, &["--help"]), None);
        let told = said(Locale::En, &["sign", "a", "--x\u{1b}[2J"]).unwrap();
        assert!(!told.contains('\u{1b}'), "{told:?}");
    }

    #[test]
    fn the_data_folder_is_found_on_a_line_that_is_not_understood() {
        let of = |typed: &[&str]| data_dir(typed.iter().map(OsString::from));
        assert_eq!(of(&["keys", "--data-dir", "/d", "--x"]), Some(PathBuf::from("/d")));
        assert_eq!(of(&["--data-dir=/d", "keys"]), Some(PathBuf::from("/d")));
        assert_eq!(of(&["keys"]), None);
    }
}
