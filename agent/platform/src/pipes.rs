//! The pipes that a process was started with, and its end without a farewell.

use std::fs::File;
use std::io;

/// Takes standard input and output for the caller alone: both come back as files without a buffer. From then on what
/// anybody else in this process writes to standard output goes to standard error, what he reads from standard input is
/// empty, and a program that he starts inherits neither pipe.
///
/// To be called before anything was read from standard input, of which the rest would lie in its buffer.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn take() -> io::Result<(File, File)> {
    use std::os::fd::AsFd;
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok((File::from(input), File::from(output)))
}

/// Not possible here yet.
///
/// # Errors
/// [`crate::Unsupported`], always.
#[cfg(not(unix))]
pub fn take() -> io::Result<(File, File)> {
    Err(io::Error::new(io::ErrorKind::Unsupported, crate::Unsupported { concern: "taking the standard pipes" }))
}

/// Ends this process now, and what it started where it leads a group of its own: no destructor and no handler of a library
/// has a word in it.
pub fn end_at_once() -> ! {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpgrp, getpid, kill_process, kill_process_group};
        // Whether the signal could not be sent makes no difference to what follows. Another's group is left in peace.
        let own = getpid();
        if getpgrp() == own {
            let _ = kill_process_group(own, Signal::KILL);
        }
        let _ = kill_process(own, Signal::KILL);
    }
    std::process::abort()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use crate::children;
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::time::Duration;

    /// What the test below starts: this test program once more, with this in its environment.
    const ENDS: &str = "TANBA_TEST_ENDS_AT_ONCE";

    #[test]
    #[allow(clippy::zombie_processes, reason = "the process that would wait ends first: that is what is tested")]
    fn whoever_ends_at_once_takes_what_he_started_along() {
        if std::env::var_os(ENDS).is_some() {
            let child = Command::new("sleep").arg("100").stdout(Stdio::null()).spawn().unwrap();
            eprintln!("child {}", child.id());
            super::end_at_once();
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "pipes::tests::whoever_ends_at_once_takes_what_he_started_along", "--nocapture"])
            .env(ENDS, "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        children::in_own_group(&mut command);
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let child = lines.into_iter().find_map(|line| Some(line.strip_prefix("child ")?.to_owned())).unwrap();
        assert!(!process.wait().unwrap().success());
        let runs = || std::fs::read_to_string(format!("/proc/{child}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
        for _ in 0..500 {
            if !runs() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("what it started runs on");
    }
}
