//! `tanba keys import`: the certificate that came is put to its key.

use super::super::{
    CertificateArgs, CommandError, Context, certificate_view, check_key_file, key_source, output, read_file,
    revocation::{self, Asks},
    say,
    token::Named,
    windows,
};
use super::{absolute, shown, unusable};
use crate::{
    applications::{Application, Place},
    carry_out::Wish,
    installing::{self, Doubt},
    key_file::KeyFileError,
    life::standing::has_successor,
};
use keystore::{KeyFile, Password, StoreError, pkcs11::TokenId};
use pki::{
    Certificate,
    request::answer::{self, AnswerError},
};
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// Where the certificate goes.
enum Goal {
    File { path: PathBuf, password: Option<Password> },
    Token { token: TokenId, label: String },
}

pub(in crate::commands) fn import(context: &Context, args: &CertificateArgs) -> Result<ExitCode, CommandError> {
    let Some(file) = &args.certificate else {
        return windows::open(context, Wish::Import(None));
    };
    if args.window {
        return windows::open(context, Wish::Import(Some(absolute(file)?)));
    }
    let brought = certificates(context, file)?;
    let measure = context.measure();
    let applications = context.applications();
    let (goal, own, application) = match &args.key {
        Some(path) => {
            let path = absolute(path)?;
            check_key_file(&path)?;
            // Which certificate is the key's is known only when the file is open.
            let password = context.password(args.password_stdin, &path)?;
            let own = installing::own(&KeyFile::at(&path), &password, &brought, &measure)
                .map_err(|error| not_put_in(context, &shown(&path), error))?;
            let application = applications.of_key(own.public_key()).map_err(unusable)?;
            (Goal::File { path, password: Some(password) }, own, application)
        }
        None => {
            let waiting = installing::waiting(&applications, &brought, &measure).map_err(unusable)?;
            let Some((application, own)) = waiting else {
                let text = context.say("keys-import-no-request", &[("path", Value::Text(&shown(file)))]);
                return Err(CommandError::Failed(text));
            };
            let label = application.place.label();
            let goal = match &application.place {
                Place::File(path) => Goal::File { path: path.clone(), password: None },
                Place::Token { token, .. } => Goal::Token { token: token.clone(), label },
            };
            (goal, own, Some(application))
        }
    };
    output::print_text(&certificate_view::in_words(context, &own, &measure));
    // Before a password is asked for, and before anything is written.
    doubt(context, args, &own, &brought, application.as_ref())?;

    let (done, place, name) = match goal {
        Goal::File { path, password } => {
            check_key_file(&path)?;
            let password = password.map_or_else(|| context.password(args.password_stdin, &path), Ok)?;
            installing::put_in(&KeyFile::at(&path), &password, &own)
                .map_err(|error| not_put_in(context, &shown(&path), error))?;
            context.known_keys()?.remember(&path, vec![own.clone()])?;
            ("keys-import-done", "path", shown(&path))
        }
        Goal::Token { token, label } => {
            let plugged = Named::of(context, &token)?;
            let pin = plugged.pin(context, args.password_stdin)?;
            installing::put_in(&plugged.token, &pin, &own).map_err(|error| not_put_in(context, &label, error))?;
            plugged.was_opened(context, &pin);
            key_source::remember(context, &plugged, &own);
            ("keys-import-done-token", "token", label)
        }
    };
    if let Some(application) = &application {
        applications.forget(application).map_err(unusable)?;
    }
    context.line(done, &[(place, Value::Text(&name))]);
    if context.remembered()?.iter().any(|other| *other != own && has_successor(other, &[&own], context.now)) {
        context.line("keys-import-former", &[]);
    }
    Ok(ExitCode::SUCCESS)
}

/// What speaks against the certificate is said. It is not put in then, unless the person said that it shall be anyway.
fn doubt(
    context: &Context,
    args: &CertificateArgs,
    own: &Certificate,
    brought: &[Certificate],
    application: Option<&Application>,
) -> Result<(), CommandError> {
    let mut doubts = installing::doubts(own, brought, application, &context.measure());
    doubts.extend(revocation::since(context, own, brought, Asks::unless(args.offline)).map(Doubt::Revoked));
    let said: Vec<_> = doubts.iter().map(|doubt| say(&context.texts, &doubt.sentence())).collect();
    if said.is_empty() {
        return Ok(());
    }
    if args.anyway {
        // A closed pipe is not worth a word.
        let _ = writeln!(io::stderr(), "{}", said.join("\n"));
        return Ok(());
    }
    Err(CommandError::Failed(format!("{}\n{}", said.join("\n"), context.texts.text("keys-import-anyway"))))
}

/// The certificates of what the authority sent.
fn certificates(context: &Context, file: &Path) -> Result<Vec<Certificate>, CommandError> {
    let bytes = read_file(file, answer::MAX_LEN as u64)?;
    answer::certificates(&bytes).map_err(|error: AnswerError| {
        let text = context.say("keys-import-not-a-certificate", &[("path", Value::Text(&shown(file)))]);
        CommandError::Unreadable(format!("{text} ({error})"))
    })
}

/// Why the certificate is not in the store of this name.
fn not_put_in(context: &Context, name: &str, error: StoreError) -> CommandError {
    let said = |id: &str| CommandError::Failed(context.say(id, &[("path", Value::Text(name))]));
    match error {
        StoreError::NoSuchKey => said("keys-import-not-of-key"),
        StoreError::ReadOnly => CommandError::Failed(context.texts.text("life-jks")),
        StoreError::Occupied => said("keys-import-occupied"),
        StoreError::Io(error) => CommandError::File(name.into(), error),
        error => KeyFileError::from(error).into(),
    }
}
