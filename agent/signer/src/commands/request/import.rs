//! `tanba keys import`: the certificate that came is put to its key.

use super::super::{CertificateArgs, CommandError, Context, certificate_view, check_key_file, inspect, read_file};
use super::{absolute, shown, unusable};
use crate::{
    applications::{Application, Place},
    key_file::KeyFileError,
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
    let Place::File(path) = &place else {
        let text = context.say("keys-import-on-token", &[("token", Value::Text(&place.label()))]);
        return Err(CommandError::Failed(text));
    };
    check_key_file(path)?;
    let password = context.password(args.password_stdin, path)?;
    let store = KeyFile::at(path);
    let own = put_in(context, &store, &password, &candidates, path)?;
    check(&store, &password, own).map_err(KeyFileError::from)?;

    inspect::print_text(&certificate_view::in_words(context, own, &context.measure()));
    let applications = context.applications();
    let application = applications.of_key(own.public_key()).map_err(unusable)?;
    remark(context, own, &certificates, application.as_ref());
    context.known_keys()?.remember(path, vec![own.clone()])?;
    if let Some(application) = &application {
        applications.forget(application).map_err(unusable)?;
    }
    context.line("keys-import-done", &[("path", Value::Text(&shown(path)))]);
    Ok(ExitCode::SUCCESS)
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

/// Puts the first certificate that belongs to the store's key into it.
fn put_in<'a>(
    context: &Context,
    store: &dyn KeyStore,
    password: &Password,
    candidates: &'a [Certificate],
    path: &Path,
) -> Result<&'a Certificate, CommandError> {
    let said = |id: &str| CommandError::Failed(context.say(id, &[("path", Value::Text(&shown(path)))]));
    for certificate in candidates {
        match store.import(password, Import::Certificate(certificate)) {
            Ok(_) => return Ok(certificate),
            Err(StoreError::NoSuchKey) => {}
            Err(StoreError::Occupied | StoreError::ReadOnly) => return Err(said("keys-import-occupied")),
            Err(StoreError::Io(error)) => return Err(CommandError::File(path.to_owned(), error)),
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
    let digest = signer.algorithm().digest_algorithm().ok_or_else(|| failed("unknown digest".to_owned()))?;
    let digest = digest.digest(b"tanba keys import");
    let signature = signer.sign_digest(&digest)?;
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
        let asked = application.request.subject().to_dn_string();
        let got = own.subject().to_dn_string();
        context.note("keys-import-other-subject", &[("asked", Value::Text(&asked)), ("got", Value::Text(&got))]);
    }
}
