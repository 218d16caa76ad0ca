//! `tanba keys password | rewrap | backup | restore | export | install-certificate | lost | unblock`: the words around
//! [`crate::life`].
//!
//! - `files`: key files written anew, backups.
//! - `certificates`: what is public, given to others; `judged_keys`: a key that leaves for a browser.
//! - `lost`: keys that sign nothing any more.

mod certificates;
mod files;
mod judged_keys;
mod lost;

use super::{CommandError, Context, life_arguments::LifeCommand, say};
use crate::{key_file::KeyFileError, life::reseal::Fault, new_file};
use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
};
use texts::Value;

pub(super) fn run(context: &Context, command: &LifeCommand) -> Result<ExitCode, CommandError> {
    match command {
        LifeCommand::Password(args) => files::password(context, args),
        LifeCommand::Rewrap(args) => files::rewrap(context, args),
        LifeCommand::Backup(args) => files::backup(context, args),
        LifeCommand::Restore(args) => files::restore(context, args),
        LifeCommand::Export(args) => certificates::export(context, args),
        LifeCommand::InstallCertificate(args) => certificates::install(context, args),
        LifeCommand::Lost(args) => lost::lost(context, args),
        LifeCommand::Unblock { serial, yes } => lost::unblock(context, serial, *yes),
    }
}

/// Asks, and takes nothing but a yes for one.
pub(super) fn is_agreed(context: &Context, id: &str, arguments: &[(&str, Value<'_>)]) -> Result<bool, CommandError> {
    if !io::stdin().is_terminal() {
        return Err(CommandError::Usage(context.texts.text("life-needs-yes")));
    }
    let _ = write!(io::stderr(), "{} ", context.say(id, arguments));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| CommandError::Failed(error.to_string()))?;
    let answer = answer.trim().to_lowercase();
    // Not every keyboard has the letters of the person's own language.
    Ok(answer == "yes" || context.texts.text("life-yes").split_whitespace().any(|word| word == answer))
}

/// Writes a file where nothing is, whole or not at all.
fn write_new(context: &Context, path: &Path, octets: &[u8]) -> Result<(), CommandError> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            failed(context, "life-occupied", &[("path", Value::Text(&path.display().to_string()))])
        }
        _ => CommandError::File(path.to_owned(), error),
    };
    new_file::write_new(path, octets).map_err(fault)
}

fn failed(context: &Context, id: &str, arguments: &[(&str, Value<'_>)]) -> CommandError {
    CommandError::Failed(context.say(id, arguments))
}

/// Why a file was not written anew, with the next step.
fn explained(context: &Context, fault: Fault) -> CommandError {
    if let Some(error) = fault.as_store_error() {
        return KeyFileError::from(error).into();
    }
    match fault {
        Fault::Write(path, cause) => CommandError::File(path, cause),
        Fault::Read(cause) => CommandError::Failed(cause.to_string()),
        fault => CommandError::Failed(say(&context.texts, &fault.sentence())),
    }
}
