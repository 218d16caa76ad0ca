//! `tanba`: the command line, and the listener's entry point.
//!
//! - [`arguments`]: what can be said to it.
//! - [`run`]: the resident listener.
//! - [`open`]: the main window, and a listener behind it.
//! - [`autostart`]: starting at login.
//! - [`settings_command`]: what is set, and setting it.
//! - [`sites`]: what was decided about sites, and taking it back.
//! - [`log`]: what the listener says of itself, kept and shown.
//! - [`journal`]: what was decided, and whether the journal is whole.
//! - [`trust`]: having browsers trust the local certificate.
//! - [`signer`]: where the other half is, and becoming it.
//!
//! This program holds no key and reads no key's password: `keys`, `tokens`, `doctor`, `sign`, `verify` and `inspect`
//! are `tanba-signer`'s, and so is the main window.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

/// A line on standard output. A closed pipe (`| head`) is not worth a word.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

mod arguments;
mod autostart;
mod journal;
mod log;
mod open;
mod quit;
mod run;
mod settings_command;
mod signer;
mod sites;
mod trust;

use arguments::{Arguments, Command, JournalCommand, TrustCommand};
use clap::Parser as _;
use settings::{Loaded, Places, PlacesError, Settings, SettingsError};
use std::path::Path;
use std::process::ExitCode;
use texts::{Locale, Texts, Value, command_line};

/// How the program ends; [`arguments::EXIT_CODES`] tells people the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Done = 0,
    Failed = 1,
    Wrong = 2,
    Unreadable = 4,
    Missing = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

fn main() -> ExitCode {
    let Arguments { data_dir, command } = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    let data_dir = data_dir.as_deref();
    match command {
        Command::Settings(command) => settings_command::settings(data_dir, &command),
        Command::Run(options) => in_place(data_dir, |place| run::run(place, &options)),
        Command::Open(options) => open::open(data_dir, &options),
        Command::Start => in_place(data_dir, open::start),
        Command::Quit => quit::quit(data_dir),
        Command::Autostart(command) => in_place(data_dir, |place| autostart::autostart(place, &command)),
        Command::Sites(command) => in_place(data_dir, |place| sites::sites(place, &command)),
        Command::Log(options) => in_place(data_dir, |place| log::log(place, &options)),
        // `tanba doctor` has it checked, and says itself when a folder is open to others.
        Command::Journal(command @ JournalCommand::Check { .. }) => {
            in_places(data_dir, Places::create_missing, |place| journal::journal(place, &command))
        }
        Command::Journal(command) => in_place(data_dir, |place| journal::journal(place, &command)),
        // The signer reads the same command line itself, this program's options and all.
        Command::Trust(TrustCommand::Ca(_)) => signer::become_it(),
        Command::Trust(command) => in_place(data_dir, |place| trust::trust(place, &command)),
        Command::Keys(_)
        | Command::Tokens(_)
        | Command::Doctor(_)
        | Command::Sign(_)
        | Command::Verify(_)
        | Command::Inspect(_) => signer::become_it(),
    }
}

/// Says what is wrong with the command line in the person's language where that can be found out, and ends.
fn refuse(error: &clap::Error) -> ! {
    let data_dir = command_line::data_dir(std::env::args_os());
    let loaded = Places::choose(data_dir.as_deref()).ok().and_then(|places| Settings::load(&places).ok());
    let locale = loaded.map_or_else(Locale::of_system, |loaded| listener::language(&loaded.settings));
    let Some(said) = command_line::wrong(error, &Texts::new(locale)) else { error.exit() };
    eprintln!("{said}");
    std::process::exit(Exit::Wrong as i32)
}

/// Where a command works, and in which language.
struct Place {
    places: Places,
    loaded: Loaded,
    texts: Texts,
}

/// Finds the folders, reads the settings, and does it there.
fn in_place(data_dir: Option<&Path>, act: impl FnOnce(&Place) -> Exit) -> ExitCode {
    in_places(data_dir, Places::create, act)
}

/// The same with folders that are made in another way.
fn in_places(
    data_dir: Option<&Path>,
    make: impl FnOnce(&Places) -> Result<(), PlacesError>,
    act: impl FnOnce(&Place) -> Exit,
) -> ExitCode {
    // Until the settings are read, in the system's language.
    let complain = |texts: &Texts, sentence: String| {
        eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&sentence))]));
    };
    let places = match Places::choose(data_dir).and_then(|places| make(&places).map(|()| places)) {
        Ok(places) => places,
        Err(error) => {
            let texts = Texts::new(Locale::of_system());
            complain(&texts, texts.format("run-failed", &[("what", Value::Text(&error.to_string()))]));
            return Exit::Missing.into();
        }
    };
    let loaded = match Settings::load(&places) {
        Ok(loaded) => loaded,
        Err(error) => {
            let texts = Texts::new(Locale::of_system());
            complain(&texts, broken(&texts, &places, &error));
            return Exit::Unreadable.into();
        }
    };
    let texts = Texts::new(listener::language(&loaded.settings));
    for unknown in &loaded.unknown_keys {
        // What stands in a file must not rewrite a terminal.
        let (key, file) = (unknown.key.escape_debug().to_string(), unknown.file.display().to_string());
        let arguments = [("key", Value::Text(&key)), ("file", Value::Text(&file))];
        eprintln!("tanba: {}", texts.format("run-setting-unknown", &arguments));
    }
    act(&Place { places, loaded, texts }).into()
}

/// Which settings file is not right, and why.
fn broken(texts: &Texts, places: &Places, error: &SettingsError) -> String {
    let (id, file, what) = error.told(places);
    let file = file.display().to_string();
    texts.format(id, &[("file", Value::Text(&file)), ("what", Value::Text(&what))])
}
