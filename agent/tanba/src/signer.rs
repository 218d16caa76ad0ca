//! Where the other half is, and becoming it.

use crate::Exit;
use listener::SignerCommand;
use platform::beside;
use settings::Places;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use texts::{Locale, Texts, Value};

/// The other half, whether it is there or not.
fn program() -> io::Result<PathBuf> {
    beside::program("tanba-signer")
}

/// How the listener starts it to carry orders out.
pub(crate) fn host(places: &Places) -> io::Result<SignerCommand> {
    command("host", places)
}

/// How the listener starts it to watch tokens.
pub(crate) fn watch(places: &Places) -> io::Result<SignerCommand> {
    command("watch", places)
}

/// How one look of the expiry guardian is started.
pub(crate) fn guardian(places: &Places) -> io::Result<SignerCommand> {
    command("guardian", places)
}

/// How the main window is opened, or brought to the front.
pub(crate) fn open(places: &Places) -> io::Result<SignerCommand> {
    command("open", places)
}

/// How it is opened at the check.
pub(crate) fn check(places: &Places) -> io::Result<SignerCommand> {
    let mut command = open(places)?;
    command.arguments.push("check".into());
    Ok(command)
}

fn command(word: &str, places: &Places) -> io::Result<SignerCommand> {
    let mut arguments: Vec<OsString> = vec![word.into()];
    if let Some(root) = places.root() {
        arguments.extend(["--data-dir".into(), root.into()]);
    }
    Ok(SignerCommand { program: program()?, arguments })
}

/// Goes on as the signer, with the same command line.
pub(crate) fn become_it() -> ExitCode {
    become_with(std::env::args_os().skip(1).collect())
}

/// Goes on as the main window, at this part of it.
pub(crate) fn become_window(places: &Places, part: Option<&str>) -> ExitCode {
    let opened = open(places).map(|command| command.arguments).unwrap_or_default();
    become_with(opened.into_iter().chain(part.map(OsString::from)).collect())
}

fn become_with(arguments: Vec<OsString>) -> ExitCode {
    let done = program().map_err(|error| (PathBuf::new(), error)).and_then(|program| {
        let mut command = Command::new(&program);
        command.args(arguments);
        go_on_as(command).map_err(|error| (program, error))
    });
    done.unwrap_or_else(|(program, error)| {
        let texts = Texts::new(Locale::of_system());
        let sentence = if error.kind() == io::ErrorKind::NotFound {
            texts.format("run-signer-missing", &[("path", Value::Text(&program.display().to_string()))])
        } else {
            texts.format("run-failed", &[("what", Value::Text(&error.to_string()))])
        };
        eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&sentence))]));
        Exit::Missing.into()
    })
}

/// Replaces this process: the password is then read by nobody in between.
#[cfg(unix)]
fn go_on_as(mut command: Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    // Returns only when it failed.
    Err(command.exec())
}

/// Where a process cannot be replaced, it is started on the same terminal and waited for.
#[cfg(not(unix))]
fn go_on_as(mut command: Command) -> io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or_else(|| Exit::Failed.into(), ExitCode::from))
}
