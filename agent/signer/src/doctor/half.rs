//! The other half's program, asked for what is its own: the journal, the local certificate, the listener itself.

use super::World;
use platform::children;
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// A long journal takes a second or two to be checked; a hung store of certificates twenty.
const PATIENCE: Duration = Duration::from_secs(25);

/// How long a listener may take until it says that it is ready.
const READY: Duration = Duration::from_secs(15);

/// The most that is read of what it says.
const LONGEST: u64 = 1024 * 1024;

/// What it said.
pub(super) struct Answer {
    pub(super) code: Option<i32>,
    pub(super) out: Vec<u8>,
    complaint: Vec<u8>,
}

impl Answer {
    /// The first line of what it complained about.
    pub(super) fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.complaint).lines().next().unwrap_or_default().trim().to_owned()
    }
}

/// The other half stands beside this program, wherever that is.
pub(super) fn program() -> io::Result<PathBuf> {
    let here = std::env::current_exe()?;
    Ok(here.with_file_name(format!("tanba{}", std::env::consts::EXE_SUFFIX)))
}

fn command(world: &World, words: &[&str]) -> io::Result<Command> {
    let mut command = Command::new(program()?);
    if let Some(root) = world.places.root() {
        command.args([OsString::from("--data-dir"), root.into()]);
    }
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped());
    Ok(command)
}

/// Has it do something and end.
pub(super) fn ask(world: &World, words: &[&str]) -> io::Result<Answer> {
    let mut child = command(world, words)?.stderr(Stdio::piped()).spawn()?;
    let out = child.stdout.take().map(read_in_background);
    let complaint = child.stderr.take().map(read_in_background);
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "tanba does not end"));
        }
        thread::sleep(Duration::from_millis(5));
    };
    let collect = |reader: Option<thread::JoinHandle<Vec<u8>>>| reader.and_then(|one| one.join().ok());
    let (out, complaint) = (collect(out).unwrap_or_default(), collect(complaint).unwrap_or_default());
    Ok(Answer { code: status.code(), out, complaint })
}

/// Starts the listener, which goes on when this program has ended.
pub(super) fn start(world: &World) -> io::Result<()> {
    let mut command = command(world, &["run"])?;
    // Its log would go to a pipe that nobody reads by then.
    command.stderr(Stdio::null());
    children::in_own_group(&mut command);
    let mut child = command.spawn()?;
    let (sender, said) = channel();
    if let Some(out) = child.stdout.take() {
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out.take(LONGEST)).read_line(&mut line);
            sender.send(read.is_ok_and(|octets| octets > 0))
        });
    }
    match said.recv_timeout(READY) {
        Ok(true) => Ok(()),
        _ => {
            children::end(&mut child);
            child.wait()?;
            Err(io::Error::other("tanba run did not become ready"))
        }
    }
}

fn read_in_background(from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        // A broken pipe ends the answer; the exit code says the rest.
        let _ = from.take(LONGEST).read_to_end(&mut all);
        all
    })
}
