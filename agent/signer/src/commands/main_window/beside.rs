//! Our own commands, started beside: what they say is read to its end, they have a deadline, and can be given up.

use crate::window::whole;
use platform::beside::{self, Answer, Asked, Bounds};
use settings::Places;
use std::{ffi::OsStr, io, path::PathBuf, time::Duration};

/// Checking a signature asks several services, each with a deadline of its own.
const BOUNDS: Bounds = Bounds { octets: 8 * 1024 * 1024, time: Duration::from_secs(180) };
/// The most lines of what it said that are shown beside the buttons.
const MOST_LINES: usize = 40;
/// And of what a check of signatures says, of which nothing must be missing unnoticed.
pub(super) const MOST_LINES_OF_A_CHECK: usize = 2000;

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
        self.all_lines().take(MOST_LINES).collect()
    }

    /// All of them.
    pub(super) fn all_lines(&self) -> impl Iterator<Item = String> {
        let both = self.out.lines().chain(self.err.lines());
        both.map(|line| whole(line.trim())).filter(|line| !line.is_empty())
    }
}

/// A command that runs.
pub(super) struct Task {
    number: u64,
    why: Why,
    asked: Asked,
}

impl Task {
    /// Starts `tanba` with these arguments, for the same folders.
    pub(super) fn start(
        number: u64,
        why: Why,
        places: &Places,
        arguments: &[impl AsRef<OsStr>],
        ended: impl FnOnce(Ended) + Send + 'static,
    ) -> Result<Self, String> {
        let program = program().map_err(|error| error.to_string())?;
        let mut command = beside::command(&program, places.root());
        command.args(arguments);
        let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
        let asked = Asked::begin(command, BOUNDS, move |Answer { code, out, err }| {
            ended(Ended { code, out: text(out), err: text(err) });
        });
        asked.map(|asked| Self { number, why, asked }).map_err(|error| format!("{}: {error}", program.display()))
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn why(&self) -> &Why {
        &self.why
    }

    /// Ends it, with all that it started.
    pub(super) fn stop(self) {
        self.asked.stop();
    }
}

/// `tanba`, which lies beside this program.
pub(super) fn program() -> io::Result<PathBuf> {
    beside::program("tanba")
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
}
