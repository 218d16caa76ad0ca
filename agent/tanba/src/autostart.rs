//! `tanba autostart`: starting at login, for this user and this data folder.

use crate::arguments::AutostartCommand;
use crate::{Exit, Place};
use platform::autostart::{Autostart as _, AutostartError, Standing, Start, SystemAutostart};
use texts::Value;

/// Turns it on or off, or says how it stands.
pub(crate) fn autostart(place: &Place, command: &AutostartCommand) -> Exit {
    let texts = &place.texts;
    let done = std::env::current_exe().map_err(AutostartError::from).and_then(|program| {
        let start = Start { program: &program, folder: place.places.root() };
        let system = SystemAutostart::of_user()?;
        match command {
            AutostartCommand::On => {
                system.turn_on(start, &texts.text("autostart-why"))?;
                say!("{}", texts.text("autostart-turned-on"));
                Ok(Exit::Done)
            }
            AutostartCommand::Off => {
                system.turn_off(start)?;
                say!("{}", texts.text("autostart-turned-off"));
                Ok(Exit::Done)
            }
            AutostartCommand::Status { json } => {
                let standing = system.standing(start)?;
                let file = system.place(start)?.display().to_string();
                if *json {
                    say!("{:#}", as_json(&standing, &file));
                } else {
                    tell(place, &standing, &file);
                }
                Ok(if standing == Standing::On { Exit::Done } else { Exit::Failed })
            }
        }
    });
    done.unwrap_or_else(|error| {
        eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&error.to_string()))]));
        match error {
            AutostartError::NoHome | AutostartError::Unsupported(_) => Exit::Missing,
            AutostartError::Path(_) | AutostartError::Io(_) => Exit::Failed,
        }
    })
}

fn tell(place: &Place, standing: &Standing, file: &str) {
    let texts = &place.texts;
    let program = program(standing).unwrap_or_default();
    let program = [("program", Value::Text(&program))];
    say!(
        "{}",
        match standing {
            Standing::On => texts.text("autostart-on"),
            Standing::Off => texts.text("autostart-off"),
            Standing::Disabled => texts.text("autostart-disabled"),
            Standing::Gone(_) => texts.format("autostart-gone", &program),
            Standing::Elsewhere(_) => texts.format("autostart-elsewhere", &program),
            Standing::Unreadable => texts.text("autostart-unreadable"),
        }
    );
    if *standing != Standing::Off {
        say!("{}", texts.format("autostart-file", &[("file", Value::Text(file))]));
    }
}

/// What is started in place of this program, as a file of the desktop's names it: a stranger's text.
fn program(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Gone(program) | Standing::Elsewhere(program) => {
            let shown = program.display().to_string();
            Some(shown.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect())
        }
        Standing::On | Standing::Off | Standing::Disabled | Standing::Unreadable => None,
    }
}

fn as_json(standing: &Standing, file: &str) -> serde_json::Value {
    let word = match standing {
        Standing::On => "on",
        Standing::Off => "off",
        Standing::Disabled => "disabled",
        Standing::Gone(_) => "gone",
        Standing::Elsewhere(_) => "elsewhere",
        Standing::Unreadable => "unreadable",
    };
    serde_json::json!({ "standing": word, "file": file, "program": program(standing) })
}
