//! The other half's program, which lies beside this one: found, told which folders it is about, and asked within bounds.

use crate::children;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether it has ended.
const GLANCE: Duration = Duration::from_millis(10);

/// How much of an answer is kept, and how long it is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most of either output, in octets. What comes after that is read and dropped, so that the program ends.
    pub octets: u64,
    /// How long it may take. Then it is ended, with all that it started.
    pub time: Duration,
}

/// What a program said, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its exit code; none where it did not end by itself.
    pub code: Option<i32>,
    /// What it said.
    pub out: Vec<u8>,
    /// What it complained about.
    pub err: Vec<u8>,
}

/// A program that was asked and may not have ended yet. Dropping this lets it go on.
#[derive(Clone, Debug)]
pub struct Asked(Arc<Mutex<Option<Child>>>);

/// The program of this name in this one's folder, whether it is there or not: never looked for by name, so that no folder of
/// a search path can slip in another.
///
/// # Errors
/// When the system does not say where this program is.
pub fn program(name: &str) -> io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// A command of ours for the folders below `root`, or for the person's own.
pub fn command(program: impl AsRef<Path>, root: Option<&Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    if let Some(root) = root {
        command.arg("--data-dir").arg(root);
    }
    command
}

/// Has it do something, and waits until it has ended.
///
/// # Errors
/// When it cannot be started ([`io::ErrorKind::NotFound`]: it is not there), or did not end by itself
/// ([`io::ErrorKind::TimedOut`]).
pub fn ask(command: Command, bounds: Bounds) -> io::Result<Answer> {
    let (sender, answer) = channel();
    // Whoever asked waits for it.
    let _asked = Asked::begin(command, bounds, move |answer| drop(sender.send(answer)))?;
    match answer.recv() {
        Ok(answer) if answer.code.is_some() => Ok(answer),
        _ => Err(io::Error::new(io::ErrorKind::TimedOut, "the program did not come to its end")),
    }
}

impl Asked {
    /// Has it do something meanwhile. `ended` is called in another thread once it has ended, or was ended.
    ///
    /// # Errors
    /// When it, or a thread that waits for it, cannot be started.
    pub fn begin(
        mut command: Command,
        bounds: Bounds,
        ended: impl FnOnce(Answer) + Send + 'static,
    ) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        children::in_own_group(&mut command);
        let mut child = command.spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let asked = Self(Arc::new(Mutex::new(Some(child))));
        let waiting = asked.clone();
        let begun = thread::Builder::new().name("beside".to_owned()).spawn(move || {
            let out = thread::spawn(move || kept(out, bounds.octets));
            let err = thread::spawn(move || kept(err, bounds.octets));
            // Before its outputs end: what hangs keeps them open.
            let code = waiting.wait(bounds.time);
            ended(Answer { code, out: out.join().unwrap_or_default(), err: err.join().unwrap_or_default() });
        });
        if let Err(error) = begun {
            asked.stop();
            return Err(error);
        }
        Ok(asked)
    }

    /// Ends it, with all that it started.
    pub fn stop(&self) {
        if let Some(child) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            children::end(child);
        }
    }

    /// Its exit code, once it has ended, or was ended because it took too long.
    fn wait(&self, time: Duration) -> Option<i32> {
        let until = Instant::now() + time;
        loop {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let running = held.as_mut()?;
            if children::has_ended(running) || Instant::now() > until {
                // What it left behind would keep its outputs open.
                children::end(running);
                return held.take()?.wait().ok()?.code();
            }
            drop(held);
            thread::sleep(GLANCE);
        }
    }
}

/// All that it says, but no more than this; a broken pipe ends it, and the exit code says the rest.
fn kept(from: Option<impl Read>, octets: u64) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(mut from) = from {
        let _ = from.by_ref().take(octets).read_to_end(&mut all);
        let _ = io::copy(&mut from, &mut io::sink());
    }
    all
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Bounds = Bounds { octets: 1000, time: Duration::from_secs(60) };

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_it_says_on_both_outputs_is_kept_to_a_bound_and_it_ends() {
        let script = "yes | head -c 300000; yes no | head -c 300000 >&2; exit 3";
        let answer = ask(shell(script), LONG).unwrap();
        assert_eq!((answer.code, answer.out.len(), answer.err.len()), (Some(3), 1000, 1000));
        assert!(answer.out.starts_with(b"y\n") && answer.err.starts_with(b"no\n"));
    }

    #[test]
    fn what_hangs_is_ended_with_what_it_started_though_that_holds_its_outputs() {
        let began = Instant::now();
        let bounds = Bounds { time: Duration::from_millis(100), ..LONG };
        let error = ask(shell("sleep 600 & sleep 600"), bounds).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // Neither does one that stays behind keep anybody waiting.
        assert_eq!(ask(shell("sleep 600 & echo done"), LONG).unwrap().out, b"done\n");
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn who_is_stopped_ends_at_once_and_did_nothing_that_is_known() {
        let (sender, answer) = channel();
        let asked =
            Asked::begin(shell("echo begun; sleep 600"), LONG, move |answer| drop(sender.send(answer))).unwrap();
        asked.stop();
        assert_eq!(answer.recv_timeout(Duration::from_secs(30)).unwrap().code, None);
        asked.stop();
    }

    #[test]
    fn it_lies_beside_this_program_and_hears_which_folders_are_meant() {
        let program = program("tanba").unwrap();
        assert_eq!(program.parent(), std::env::current_exe().unwrap().parent());
        let words = |root| command(&program, root).get_args().map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(words(Some(Path::new("/d"))), ["--data-dir", "/d"]);
        assert!(words(None).is_empty());
        assert_eq!(ask(command("/nowhere/tanba", None), LONG).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
