//! `tanba keys import`: the certificate that came is put to its key.

use super::super::{
    CertificateArgs, CommandError, Context, certificate_view, check_key_file, key_source, output, read_file,
    token::Named,
};
use super::{absolute, of_holder, shown, unusable};
use crate::{
    applications::{Application, Place},
    key_file::KeyFileError,
    life::standing::has_successor,
};
use keystore::{Import, KeyFile, KeyStore, Password, StoreError};
use pki::{
    Certificate, Validity,
    request::answer::{self, AnswerError},
    trust::find_path,
};
use std::{path::Path, process::ExitCode};
use texts::Value;

pub(in crate::commands) fn import(context: &Context, args: &CertificateArgs) -> Result<ExitCode, CommandError> {
    let certificates = certificates(context, &args.certificate)?;
    let (place, candidates) = match &args.key {
        Some(path) => (Place::File(absolute(path)?), certificates.clone()),
        None => match waiting(context, &certificates)? {
            Some((application, own)) => (application.place, vec![own]),
            None => {
                let text = context.say("keys-import-no-request", &[("path", Value::Text(&shown(&args.certificate)))]);
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

/// The request that one of the certificates answers, and that certificate.
fn waiting(
    context: &Context,
    certificates: &[Certificate],
) -> Result<Option<(Application, Certificate)>, CommandError> {
    let found = context.applications().list().map_err(unusable)?;
    Ok(found.waiting.into_iter().find_map(|application| {
        let own = answer::of_key(certificates, application.request.public_key())?.clone();
        Some((application, own))
    }))
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
    for certificate in candidates {
        match store.import(password, Import::Certificate(certificate)) {
            Ok(_) => {
                check(store, password, certificate).map_err(KeyFileError::from)?;
                return Ok(certificate.clone());
            }
            Err(StoreError::NoSuchKey) => {}
            Err(StoreError::ReadOnly) => return Err(CommandError::Failed(context.texts.text("life-jks"))),
            Err(StoreError::Occupied) => return Err(said("keys-import-occupied")),
            Err(StoreError::Io(error)) => return Err(CommandError::File(name.into(), error)),
            Err(error) => return Err(KeyFileError::from(error).into()),
        }
    }
    Err(said("keys-import-not-of-key"))
}

/// The store opens, and its key signs as that certificate says.
fn check(store: &dyn KeyStore, password: &Password, certificate: &Certificate) -> Result<(), StoreError> {
    let unlocked = store.unlock(password)?;
    let key = unlocked.list().iter().find(|key| key.certificate.as_ref() == Some(certificate));
    let signer = unlocked.signer(&key.ok_or(StoreError::NoSuchKey)?.id)?;
    let failed = |what: String| StoreError::Sign(pki::SignerError::Store(what));
    let message = b"tanba keys import";
    let digest = signer.algorithm().digest_algorithm().ok_or_else(|| failed("unknown digest".to_owned()))?;
    let digest = digest.digest(message);
    let signature = signer.sign(message)?;
    let verified = certificate.public_key().verify(&digest, &signature, signer.algorithm());
    verified.map_err(|error| failed(error.to_string()))
}

/// What is worth a second look.
fn remark(context: &Context, own: &Certificate, brought: &[Certificate], application: Option<&Application>) {
    if find_path(own, brought, &context.measure().anchors).is_err() {
        context.note("keys-import-unknown-authority", &[]);
    }
    if own.validity_at(context.now) != Validity::Current {
        let (from, until) = (own.not_before().date().to_string(), own.not_after().date().to_string());
        context.note("keys-import-not-valid", &[("from", Value::Text(&from)), ("until", Value::Text(&until))]);
    }
    let Some(application) = application else { return };
    let (asked, got) = (application.request.holder(), own.holder());
    if (asked.iin, asked.bin) != (got.iin, got.bin) {
        let (asked, got) = (of_holder(context, asked), of_holder(context, got));
        context.note("keys-import-other-subject", &[("asked", Value::Text(&asked)), ("got", Value::Text(&got))]);
    }
}
