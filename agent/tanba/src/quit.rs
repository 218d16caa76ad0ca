//! `tanba quit`: ends the listener that runs for these folders.

use crate::{Exit, in_place, open};
use platform::children;
use platform::instance::{Instance, InstanceError};
use settings::{Places, Settings};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use texts::{Locale, Texts, Value};

/// A listener closes its sockets and its journal first.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked whether it has ended.
const GLANCE: Duration = Duration::from_millis(50);

/// Asks it to end, as a signal does, and waits until it has. Needs no settings that can be read: a listener that started
/// before they were broken can be ended.
pub(crate) fn quit(data_dir: Option<&Path>) -> ExitCode {
    let Ok(places) = Places::choose(data_dir) else {
        // The same again, for the words and the exit code of all commands.
        return in_place(data_dir, |_| Exit::Failed);
    };
    let locale =
        Settings::load(&places).map_or_else(|_| Locale::of_system(), |loaded| listener::language(&loaded.settings));
    let texts = Texts::new(locale);
    let failed = |what: &str| {
        eprintln!("tanba: {}", texts.format("quit-failed", &[("what", Value::Text(what))]));
        Exit::Failed
    };
    let exit = match running(&places) {
        Running::Nobody => {
            say!("{}", texts.text("quit-nobody"));
            Exit::Done
        }
        Running::Unknown(what) => failed(&what),
        Running::Process(process) => match children::ask_to_end(process) {
            Err(error) => failed(&error.to_string()),
            Ok(()) if has_ended(&places) => {
                say!("{}", texts.text("quit-done"));
                Exit::Done
            }
            Ok(()) => failed(&texts.text("quit-late")),
        },
    };
    exit.into()
}

enum Running {
    Nobody,
    Process(u32),
    /// It cannot be known; why.
    Unknown(String),
}

fn running(places: &Places) -> Running {
    let lock = open::lock(places);
    if !lock.exists() {
        return Running::Nobody;
    }
    match Instance::acquire(&lock) {
        Ok(_) => Running::Nobody,
        // Whoever holds the lock has written its own number there.
        Err(InstanceError::Held(holder)) => {
            holder.pid.map_or_else(|| Running::Unknown("?".to_owned()), Running::Process)
        }
        Err(InstanceError::Io(error)) => Running::Unknown(error.to_string()),
    }
}

fn has_ended(places: &Places) -> bool {
    let until = Instant::now() + PATIENCE;
    loop {
        if matches!(running(places), Running::Nobody) {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(GLANCE);
    }
}
