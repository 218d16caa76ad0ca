//! `tanba keys import`: the certificate that came is put to its key.

use super::super::{
    CertificateArgs, CommandError, Context, certificate_view, check_key_file, key_source, output, read_file,
    token::Named, windows,
};
use super::{absolute, shown, unusable};
use crate::{
    applications::{Application, Place},
    carry_out::Wish,
    installing::{self, Doubt},
    key_file::KeyFileError,
    life::standing::has_successor,
};
use keystore::{KeyFile, KeyStore, Password, StoreError};
use pki::{
    Certificate,
    request::answer::{self, AnswerError},
};
use std::{path::Path, process::ExitCode};
use texts::Value;

pub(in crate::commands) fn import(context: &Context, args: &CertificateArgs) -> Result<ExitCode, CommandError> {
    let Some(file) = &args.certificate else {
        return windows::open(context, Wish::Import(None));
    };
    if args.window {
        return windows::open(context, Wish::Import(Some(absolute(file)?)));
    }
    let certificates = certificates(context, file)?;
    let (place, candidates) = match &args.key {
        Some(path) => (Place::File(absolute(path)?), certificates.clone()),
        None => match installing::waiting(&context.applications(), &certificates).map_err(unusable)? {
            Some((application, own)) => (application.place, vec![own]),
            None => {
                let text = context.say("keys-import-no-request", &[("path", Value::Text(&shown(file)))]);
                return Err(CommandError::Failed(text));
            }
        },
    };
    let own = match &place {
        Place::File(path) => into_file(context, args, path, &candidates)?,
        Place::Token { token, .. } => {
            let plugged = Named::of(context, token)?;
            let pin = plugged.pin(context, args.password_stdin)?;
            let own = put_in(context, &plugged.token, &pin, &candidates, &place.label())?;
            key_source::remember(context, &plugged, &own);
            own
        }
    };

    output::print_text(&certificate_view::in_words(context, &own, &context.measure()));
    let applications = context.applications();
    let application = applications.of_key(own.public_key()).map_err(unusable)?;
    remark(context, &own, &certificates, application.as_ref());
    let has_former =
        context.remembered()?.iter().any(|other| *other != own && has_successor(other, &[&own], context.now));
    if let Place::File(path) = &place {
        context.known_keys()?.remember(path, vec![own])?;
    }
    if let Some(application) = &application {
        applications.forget(application).map_err(unusable)?;
    }
    match &place {
        Place::File(path) => context.line("keys-import-done", &[("path", Value::Text(&shown(path)))]),
        Place::Token { .. } => context.line("keys-import-done-token", &[("token", Value::Text(&place.label()))]),
    }
    if has_former {
        context.line("keys-import-former", &[]);
    }
    Ok(ExitCode::SUCCESS)
}

fn into_file(
    context: &Context,
    args: &CertificateArgs,
    path: &Path,
    candidates: &[Certificate],
) -> Result<Certificate, CommandError> {
    check_key_file(path)?;
    let password = context.password(args.password_stdin, path)?;
    put_in(context, &KeyFile::at(path), &password, candidates, &shown(path))
}

/// The certificates of what the authority sent.
fn certificates(context: &Context, file: &Path) -> Result<Vec<Certificate>, CommandError> {
    let bytes = read_file(file, answer::MAX_LEN as u64)?;
    answer::certificates(&bytes).map_err(|error: AnswerError| {
        let text = context.say("keys-import-not-a-certificate", &[("path", Value::Text(&shown(file)))]);
        CommandError::Unreadable(format!("{text} ({error})"))
    })
}

/// Puts the first certificate that belongs to the store's key into it, and sees whether it then signs.
fn put_in(
    context: &Context,
    store: &dyn KeyStore,
    password: &Password,
    candidates: &[Certificate],
    name: &str,
) -> Result<Certificate, CommandError> {
    let said = |id: &str| CommandError::Failed(context.say(id, &[("path", Value::Text(name))]));
    installing::put_in(store, password, candidates).map_err(|error| match error {
        StoreError::NoSuchKey => said("keys-import-not-of-key"),
        StoreError::ReadOnly => CommandError::Failed(context.texts.text("life-jks")),
        StoreError::Occupied => said("keys-import-occupied"),
        StoreError::Io(error) => CommandError::File(name.into(), error),
        error => KeyFileError::from(error).into(),
    })
}

/// What is worth a second look.
fn remark(context: &Context, own: &Certificate, brought: &[Certificate], application: Option<&Application>) {
    for doubt in installing::doubts(own, brought, application, &context.measure()) {
        match doubt {
            Doubt::UnknownAuthority => context.note("keys-import-unknown-authority", &[]),
            Doubt::NotValid { from, until } => {
                context.note("keys-import-not-valid", &[("from", Value::Text(&from)), ("until", Value::Text(&until))]);
            }
            Doubt::OtherSubject { asked, got } => {
                context.note("keys-import-other-subject", &[("asked", Value::Text(&asked)), ("got", Value::Text(&got))])
            }
        }
    }
}
