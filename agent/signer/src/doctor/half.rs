//! The other half's program, asked for what is its own: the journal, the local certificate, the listener itself.

use super::World;
use platform::beside::{self, Answer, Bounds};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A long journal takes a second or two to be checked; a hung store of certificates twenty; a listener may take fifteen until
/// it says that it is ready.
const BOUNDS: Bounds = Bounds { octets: 1024 * 1024, time: Duration::from_secs(25) };

/// `tanba`, whether it is there or not.
pub(super) fn program() -> io::Result<PathBuf> {
    beside::program("tanba")
}

/// Has it do something and end.
pub(super) fn ask(world: &World, words: &[&str]) -> io::Result<Answer> {
    let mut command = beside::command(program()?, world.places.root());
    command.args(words);
    beside::ask(command, BOUNDS)
}

/// The first line of what it complained about.
pub(super) fn complaint(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.err).lines().next().unwrap_or_default().trim().to_owned()
}

/// Starts the listener, which goes on when this program has ended.
pub(super) fn start(world: &World) -> io::Result<()> {
    match ask(world, &["start"])?.code {
        Some(0) => Ok(()),
        _ => Err(io::Error::other("tanba run did not become ready")),
    }
}
