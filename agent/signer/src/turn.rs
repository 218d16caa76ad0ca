//! One window of Tanba at a time on a person's screen, across its processes.
//!
//! The signer of the pages and a command that opens windows of its own are two processes. Without this, a page's window
//! could come over one that a person is typing into, and get the password that was meant for the other. Who shows windows
//! holds a file, from the first of them to the last; the system takes it back from a process that ends in any way.

use platform::instance::{Instance, InstanceError};
use std::{io, path::Path};

/// The name of the file in the runtime folder.
const FILE: &str = "window.lock";

/// The right to show windows; given back when dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held, and never looked at")] Instance);

impl Turn {
    /// Takes it, where nobody else has it: `None` while another process shows windows.
    ///
    /// # Errors
    /// When the file cannot be used. Then no window may be shown.
    pub fn take(runtime: &Path) -> io::Result<Option<Self>> {
        match Instance::acquire(&runtime.join(FILE)) {
            Ok(instance) => Ok(Some(Self(instance))),
            Err(InstanceError::Held(_)) => Ok(None),
            Err(InstanceError::Io(error)) => Err(error),
        }
    }

    /// Waits for it as long as it takes, in line: who asks again and again with [`Turn::take`] does not get in before.
    ///
    /// # Errors
    /// As [`Turn::take`].
    pub fn wait(runtime: &Path) -> io::Result<Self> {
        Instance::wait(&runtime.join(FILE)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc::channel, thread, time::Duration};

    #[test]
    fn one_shows_windows_and_the_next_one_gets_its_turn_when_that_one_is_done() {
        let runtime = tempfile::tempdir().unwrap();
        let first = Turn::take(runtime.path()).unwrap().unwrap();
        assert!(Turn::take(runtime.path()).unwrap().is_none());
        let (sender, turns) = channel();
        let path = runtime.path().to_owned();
        thread::spawn(move || sender.send(Turn::wait(&path).unwrap()));
        assert!(turns.recv_timeout(Duration::from_millis(200)).is_err(), "it did not wait");
        drop(first);
        let second = turns.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(Turn::take(runtime.path()).unwrap().is_none());
        drop(second);
        assert!(Turn::take(runtime.path()).unwrap().is_some());
    }

    #[test]
    fn without_its_file_there_is_no_turn() {
        let runtime = tempfile::tempdir().unwrap();
        std::fs::create_dir(runtime.path().join(FILE)).unwrap();
        assert!(Turn::take(runtime.path()).is_err());
        assert!(Turn::wait(runtime.path()).is_err());
    }
}
