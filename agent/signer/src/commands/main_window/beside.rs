//! Our own commands, started beside: what they say is read to its end, they have a deadline, and can be given up.

use crate::window::whole;
use platform::children;
use settings::Places;
use std::{
    io::{self, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// The most that is read of either output, in octets.
const LONGEST: u64 = 8 * 1024 * 1024;
/// How long a command may take. Checking a signature asks several services, each with a deadline of its own.
const PATIENCE: Duration = Duration::from_secs(180);
/// How often it is looked whether it has ended.
const GLANCE: Duration = Duration::from_millis(20);
/// The most lines of what it said that are shown.
const MOST_LINES: usize = 40;

/// What a command is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Journal,
    Sites,
    /// What the listener says of itself.
    Log,
    /// Of this row.
    Verify(String),
    /// What is in the way.
    Check,
    /// The same, for others.
    Report,
    /// Something that is in the way is mended.
    Mend,
    /// It changes something, or says something in words.
    Change,
}

/// What came of a command.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    /// Its exit code; none where it did not end by itself.
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ended {
    /// What it said, for the person: an error where it failed.
    pub(super) fn said(&self) -> Result<String, String> {
        let text = self.lines().join("\n");
        if self.code == Some(0) { Ok(text) } else { Err(text) }
    }

    /// The lines of what it said, fit to be drawn.
    pub(super) fn lines(&self) -> Vec<String> {
        let both = self.out.lines().chain(self.err.lines());
        both.map(|line| whole(line.trim())).filter(|line| !line.is_empty()).take(MOST_LINES).collect()
    }
}

/// A command that runs.
pub(super) struct Task {
    number: u64,
    why: Why,
    child: Arc<Mutex<Option<Child>>>,
}

impl Task {
    /// Starts `tanba` with these arguments, for the same folders.
    pub(super) fn start(
        number: u64,
        why: Why,
        places: &Places,
        arguments: &[String],
        ended: impl FnOnce(Ended) + Send + 'static,
    ) -> Result<Self, String> {
        let program = program().map_err(|error| error.to_string())?;
        let mut command = Command::new(&program);
        if let Some(folder) = places.root() {
            command.arg("--data-dir").arg(folder);
        }
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        children::in_own_group(&mut command);
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let child = Arc::new(Mutex::new(Some(child)));
        let shared = child.clone();
        thread::Builder::new()
            .name("beside".to_owned())
            .spawn(move || {
                let err = thread::spawn(move || text_of(err));
                let out = text_of(out);
                let err = err.join().unwrap_or_default();
                ended(Ended { code: wait(&shared), out, err });
            })
            .map_err(|error| error.to_string())?;
        Ok(Self { number, why, child })
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn why(&self) -> &Why {
        &self.why
    }

    /// Ends it, with all that it started.
    pub(super) fn stop(self) {
        if let Some(child) = &mut *self.child.lock().unwrap_or_else(PoisonError::into_inner) {
            children::end(child);
        }
    }
}

/// Waits until it has ended, and ends it when it takes too long.
fn wait(child: &Mutex<Option<Child>>) -> Option<i32> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut held = child.lock().unwrap_or_else(PoisonError::into_inner);
        let running = held.as_mut()?;
        if children::has_ended(running) || Instant::now() > until {
            children::end(running);
            return held.take()?.wait().ok()?.code();
        }
        drop(held);
        thread::sleep(GLANCE);
    }
}

/// All that a command says, but no more than there is room for: what comes after that is read and dropped, so that it ends.
fn text_of(from: Option<impl Read>) -> String {
    let Some(mut from) = from else { return String::new() };
    let mut octets = Vec::new();
    let _ = from.by_ref().take(LONGEST).read_to_end(&mut octets);
    let _ = io::copy(&mut from, &mut io::sink());
    String::from_utf8_lossy(&octets).into_owned()
}

/// `tanba`, which lies beside this program.
pub(super) fn program() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.with_file_name(format!("tanba{}", std::env::consts::EXE_SUFFIX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(code: Option<i32>, out: &str, err: &str) -> Ended {
        Ended { code, out: out.to_owned(), err: err.to_owned() }
    }

    #[test]
    fn what_a_command_said_is_shown_without_what_hides_and_has_an_end() {
        let said = ended(Some(1), "one\n\n  two \u{202e}x\n", "three\n");
        let lines = said.lines();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| !line.contains('\u{202e}')), "{lines:?}");
        assert!(said.said().is_err());
        assert!(ended(Some(0), "done\n", "").said().is_ok());
        assert!(ended(None, "", "").said().is_err(), "who was ended did nothing that is known");
        assert_eq!(ended(Some(0), &"a\n".repeat(100_000), "").lines().len(), MOST_LINES);
    }

    #[cfg(unix)]
    #[test]
    fn output_without_end_is_read_to_a_bound_and_a_command_that_hangs_is_ended() {
        assert_eq!(text_of(Some(io::repeat(b'a').take(LONGEST * 2))).len() as u64, LONGEST);
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600"]);
        children::in_own_group(&mut command);
        let child = Arc::new(Mutex::new(Some(command.spawn().unwrap())));
        let task = Task { number: 1, why: Why::Check, child: child.clone() };
        let began = Instant::now();
        task.stop();
        assert_eq!(wait(&child), None);
        assert!(began.elapsed() < Duration::from_secs(30));
        assert_eq!(wait(&child), None, "nobody is waited for twice");
    }
}
