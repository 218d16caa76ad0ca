//! The first half of a key's life: `tanba keys request | pending | import | renew`.
//!
//! - `wanted`: what was typed, as a subject with roles in the NCA's order.
//! - `pending`, `import`, `renew`: the commands of these names.

mod import;
mod pending;
mod renew;
mod wanted;

pub(super) use import::import;
pub(super) use pending::pending;
pub(super) use renew::renew;

use super::{
    CommandError, Context, KeyAlgorithm, KeyUse, RequestArgs,
    life::is_agreed,
    new_password::{self, Question},
    new_place::refuse_missing_folder,
    output, token, windows,
};
use crate::{
    applications::{Application, ApplicationsError, Place},
    asking,
    carry_out::{Draft, Wish},
    key_file::KeyFileError,
    new_file,
};
use keystore::{KeyFile, NewKey, StoreError, pkcs11::TokenFault};
use pki::{holder::Holder, request::Wanted};
use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

pub(super) fn request(context: &Context, args: &RequestArgs) -> Result<ExitCode, CommandError> {
    if args.window {
        return windows::open(context, Wish::Request(draft(args)));
    }
    let (wanted, doubtful) = wanted::of(context, args)?;
    // Asked before anything is made; a script is told afterwards how to begin anew.
    let asks = !doubtful.is_empty() && !args.password_stdin && io::stdin().is_terminal();
    if asks && !is_agreed(context, "keys-request-doubtful-ask", &[])? {
        context.note("keys-request-doubtful-left", &[]);
        return Ok(ExitCode::FAILURE);
    }
    let made = match (&args.out, &args.token, &args.csr) {
        (Some(out), ..) => into_file(context, args, &absolute(out)?, &wanted),
        (None, Some(token), Some(csr)) => onto_token(context, args, token, csr, &wanted),
        _ => Err(CommandError::Usage(context.texts.text("keys-request-out-needed"))),
    }?;
    if !doubtful.is_empty() && !asks {
        let numbers = doubtful.join(", ");
        let said = [("numbers", Value::Text(&numbers)), ("id", Value::Text(&made.id))];
        context.note("keys-request-doubtful-cancel", &said);
    }
    Ok(ExitCode::SUCCESS)
}

/// What was given for the form.
fn draft(args: &RequestArgs) -> Draft {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Draft {
        position: args.whose.position(),
        surname: text(&args.surname),
        name: text(&args.name),
        given: text(&args.given),
        iin: text(&args.iin),
        organisation: text(&args.organisation),
        bin: text(&args.bin),
        email: text(&args.email),
        key_use: match args.purpose {
            KeyUse::Sign => order::KeyUse::Signature,
            KeyUse::Login => order::KeyUse::Authentication,
        },
        algorithm: match args.algorithm {
            KeyAlgorithm::Gost512 => order::NewKeyAlgorithm::Gost512,
            KeyAlgorithm::Rsa2048 => order::NewKeyAlgorithm::Rsa2048,
        },
    }
}

fn into_file(context: &Context, args: &RequestArgs, out: &Path, wanted: &Wanted) -> Result<Application, CommandError> {
    let csr = args.csr.clone().unwrap_or_else(|| out.with_extension("csr"));
    check_new(context, &[out, &csr])?;
    let password = new_password::ask(context, args.password_stdin, Question::KeyFile, out)?;
    let undo = |_: &_| drop(std::fs::remove_file(out));
    let (_, made) = asking::ask(&KeyFile::at(out), &password, args.algorithm.kind(), (wanted, context.now), &undo)
        .map_err(|error| at_file(context, out, error))?;
    let application = Application::new(made, Place::File(out.to_owned()), context.now);
    let pem = application.request.to_pem();
    keep(context, &application, &csr, pem.as_bytes()).inspect_err(|_| drop(std::fs::remove_file(out)))?;
    tell(context, args, &application, &csr);
    Ok(application)
}

fn onto_token(
    context: &Context,
    args: &RequestArgs,
    name: &str,
    csr: &Path,
    wanted: &Wanted,
) -> Result<Application, CommandError> {
    check_new(context, &[csr])?;
    let plugged = token::Named::find(context, name)?;
    let pin = plugged.pin(context, args.password_stdin)?;
    let kind = args.algorithm.kind();
    let undo = |key: &_| drop(plugged.token.remove(&pin, key));
    let (key, made) = asking::ask(&plugged.token, &pin, kind, (wanted, context.now), &undo)
        .map_err(|error| not_made(context, kind, error))?;
    plugged.was_opened(context, &pin);
    let place = Place::Token { token: plugged.token.id().clone(), key: hex::encode(key.as_bytes()) };
    let application = Application::new(made, place, context.now);
    let pem = application.request.to_pem();
    // A key that nobody can ask a certificate for only takes room; the first error is the one that matters.
    keep(context, &application, csr, pem.as_bytes()).inspect_err(|_| drop(plugged.token.remove(&pin, &key)))?;
    tell(context, args, &application, csr);
    Ok(application)
}

/// What was made, and what comes next.
fn tell(context: &Context, args: &RequestArgs, application: &Application, csr: &Path) {
    if args.json {
        return output::print_json(&pending::as_json(application, Some(csr)));
    }
    say_made(context, application, csr);
    context.line("keys-request-next", &[("id", Value::Text(&application.id)), ("request", Value::Text(&shown(csr)))]);
    match application.place {
        Place::File(_) => context.line("keys-request-keep-file", &[]),
        Place::Token { .. } => context.line("keys-request-keep-token", &[]),
    }
}

/// What was made, and for whom.
fn say_made(context: &Context, application: &Application, request: &Path) {
    let id = match application.place {
        Place::File(_) => "keys-request-made",
        Place::Token { .. } => "keys-request-made-on-token",
    };
    let key = application.place.label();
    context.line(id, &[("key", Value::Text(&key)), ("request", Value::Text(&shown(request)))]);
    let subject = of_holder(context, application.request.holder());
    context.line("keys-request-subject", &[("subject", Value::Text(&subject))]);
}

/// Name, IIN, organisation, BIN: what a person can compare with their papers.
fn of_holder(context: &Context, holder: &Holder) -> String {
    let numbered = |id: &str, number: &str| context.say(id, &[("number", Value::Text(number))]);
    let mut parts =
        vec![[Some(&holder.name), holder.given.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")];
    parts.extend(holder.iin.as_ref().map(|iin| numbered("window-iin", iin.as_str())));
    parts.extend(holder.organisation.clone());
    parts.extend(holder.bin.as_ref().map(|bin| numbered("window-bin", bin.as_str())));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// The request is remembered, and lies where the person takes it from. Both or neither.
fn keep(context: &Context, application: &Application, at: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let applications = context.applications();
    applications.keep(application).map_err(unusable)?;
    new_file::write_new(at, bytes).map_err(|error| {
        // The first error is the one that matters.
        let _ = applications.forget(application);
        match error.kind() {
            io::ErrorKind::AlreadyExists => exists(context, at),
            _ => CommandError::File(at.to_owned(), error),
        }
    })
}

/// None of the files is there yet, and no two are one.
fn check_new(context: &Context, paths: &[&Path]) -> Result<(), CommandError> {
    for (index, path) in paths.iter().enumerate() {
        if paths.iter().take(index).any(|other| absolute(other).ok() == absolute(path).ok()) {
            let path = shown(path);
            return Err(CommandError::Usage(context.say("keys-request-one-file", &[("path", Value::Text(&path))])));
        }
        if path.symlink_metadata().is_ok() {
            return Err(exists(context, path));
        }
        refuse_missing_folder(context, path)?;
    }
    Ok(())
}

fn exists(context: &Context, path: &Path) -> CommandError {
    CommandError::Failed(context.say("life-occupied", &[("path", Value::Text(&shown(path)))]))
}

/// Why a token made no key. Many make RSA only.
fn not_made(context: &Context, kind: NewKey, error: StoreError) -> CommandError {
    match error {
        StoreError::Token(TokenFault::Unsupported) if kind == NewKey::Gost512 => {
            CommandError::Failed(context.texts.text("keys-request-token-unsupported"))
        }
        error => token::fault(context, error),
    }
}

/// A store's fault, told of the file that it happened to.
fn at_file(context: &Context, path: &Path, error: StoreError) -> CommandError {
    match error {
        StoreError::Occupied => exists(context, path),
        StoreError::Io(error) => CommandError::File(path.to_owned(), error),
        error => KeyFileError::from(error).into(),
    }
}

fn unusable(error: ApplicationsError) -> CommandError {
    match error {
        ApplicationsError::Io(path, error) => CommandError::File(path, error),
        error @ ApplicationsError::TooMany => CommandError::Failed(error.to_string()),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, CommandError> {
    std::path::absolute(path).map_err(|error| CommandError::File(path.to_owned(), error))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
