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

/// Ends this process now: no destructor and no handler of a library has a word in it.
pub fn end_at_once() -> ! {
    // Whether the signal could not be sent makes no difference to what follows.
    #[cfg(unix)]
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}
