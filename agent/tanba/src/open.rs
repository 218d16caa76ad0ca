//! `tanba open`: the main window, and a listener behind it where none runs.
//!
//! The window is the other half's. It starts no listener by itself: this program does, and only when it is asked by this name.

use crate::arguments::OpenOptions;
use crate::{Exit, Place, in_place, signer};
use platform::beside::{self, Bounds};
use platform::instance::{Instance, InstanceError};
use settings::{Places, Settings};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use texts::Texts;

/// The file that whoever listens for these folders holds.
pub(crate) fn lock(places: &Places) -> PathBuf {
    places.runtime().join("tanba.lock")
}

/// How long a listener may take until it says that it is ready.
const READY: Duration = Duration::from_secs(15);
/// The longest first line of one.
const LONGEST: u64 = 4096;
/// How long the program that starts one may take: it waits for it, and has nothing to say.
const STARTING: Bounds = Bounds { octets: LONGEST, time: Duration::from_secs(25) };

/// Starts what is missing, and goes on as the window.
pub(crate) fn open(data_dir: Option<&Path>, options: &OpenOptions) -> ExitCode {
    let places = match Places::choose(data_dir).and_then(|places| places.create().map(|()| places)) {
        Ok(places) => places,
        // The same again, for the words and the exit code of all commands.
        Err(_) => return in_place(data_dir, |_| Exit::Failed),
    };
    // A settings file that is broken keeps a listener from starting; the window tells of it.
    if !options.no_start
        && let Ok(loaded) = Settings::load(&places)
        && !is_running(&places)
        && !start_beside(&places)
    {
        eprintln!("tanba: {}", Texts::new(listener::language(&loaded.settings)).text("open-not-started"));
    }
    signer::become_window(&places, options.part.as_deref())
}

/// `tanba start`, started by [`open`] and by the doctor: starts a listener and ends when it is ready, so that the listener is nobody's child
/// and leaves nothing behind in whoever started it.
pub(crate) fn start(place: &Place) -> Exit {
    match started(&place.places) {
        Ok(true) => Exit::Done,
        Ok(false) => Exit::Failed,
        Err(error) => {
            eprintln!("tanba: {error}");
            Exit::Failed
        }
    }
}

fn is_running(places: &Places) -> bool {
    matches!(Instance::acquire(&lock(places)), Err(InstanceError::Held(_)))
}

fn start_beside(places: &Places) -> bool {
    let done = command(places, "start").and_then(|command| beside::ask(command, STARTING));
    done.is_ok_and(|answer| answer.code == Some(0))
}

fn started(places: &Places) -> io::Result<bool> {
    let mut command = command(places, "run")?;
    // Its log is kept in the state folder (`tanba log`); without a terminal it gets no signal of one.
    command.arg("--background").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let (sender, said) = channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out.take(LONGEST)).read_line(&mut line);
            sender.send(read.is_ok_and(|octets| octets > 0))
        });
    }
    // One that is slow is left to go on: it serves when it can.
    Ok(said.recv_timeout(READY).unwrap_or(false))
}

/// This very program, for the same folders.
fn command(places: &Places, word: &str) -> io::Result<Command> {
    let mut command = beside::command(std::env::current_exe()?, places.root());
    command.arg(word);
    Ok(command)
}

/// Opens the window of these folders where there is a screen, for whoever started a second listener by hand. It is the
/// person's from then on.
pub(crate) fn show(places: &Places) {
    let has_screen =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    if !has_screen && cfg!(unix) && !cfg!(target_os = "macos") {
        return;
    }
    let opened = signer::open(places).and_then(|command| {
        let mut process = Command::new(command.program);
        process.args(command.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        platform::children::in_own_group(&mut process);
        process.spawn()
    });
    if let Err(error) = opened {
        tracing::warn!(%error, "the window could not be opened");
    }
}
