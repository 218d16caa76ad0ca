//! `tanba keys renew`: a new key for the same holder, asked for with the present one. Each may be in a file or on a token.

use super::super::{
    CommandError, Context, KeyAlgorithm, RenewArgs,
    key_source::Source,
    may_sign::{self, Purpose},
    new_password::{self, Question},
    output,
    revocation::{self, Asks},
    token::{self, Named},
};
use super::{absolute, asking, at_file, check_new, keep, not_made, pending, say_made, shown};
use crate::{
    applications::{Application, Place},
    life::backup::file_name,
};
use keystore::{KeyFile, NewKey, Password, pkcs11::TokenId};
use pki::{
    Certificate, PublicKey, Signer,
    request::{
        Wanted,
        message::{Message, PKI_DATA},
    },
};
use signature::cms::{self, Content};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// Where the new key is made.
enum New<'a> {
    File(PathBuf),
    /// Beside the present key.
    SameToken(&'a Named),
    Token(Box<Named>),
}

pub(in crate::commands) fn renew(context: &Context, args: &RenewArgs) -> Result<ExitCode, CommandError> {
    let source = Source::of(context, args.file.as_deref(), args.token.as_deref())?;
    let new = new_place(context, args, &source)?;
    let signed = args.request.clone().unwrap_or_else(|| beside(&new));
    let new_files = if let New::File(out) = &new { vec![out.as_path(), &signed] } else { vec![signed.as_path()] };
    check_new(context, &new_files)?;
    let secret = source.secret(context, args.password_stdin)?;
    let present = source.unlock(context, &secret)?;
    let signer = source.signer(context, &*present, args.alias.as_deref())?;
    may_sign::check(context, signer.certificate(), Purpose::Renew)?;
    if let Some(since) = revocation::since(context, signer.certificate(), &[], Asks::unless(args.offline)) {
        return Err(CommandError::Failed(context.say("keys-renew-revoked", &[("since", Value::Text(&since))])));
    }

    let kind = args.algorithm.map_or_else(|| same(signer.certificate().public_key()), KeyAlgorithm::kind);
    let wanted = Wanted::again(signer.certificate());
    let application = match &new {
        New::File(out) => {
            let password = new_password::ask(context, args.password_stdin, Question::KeyFile, out)?;
            let undo = |_: &_| drop(std::fs::remove_file(out));
            let (_, made) = asking::ask(&KeyFile::at(out), &password, kind, (&wanted, context.now), &undo)
                .map_err(|error| at_file(context, out, error))?;
            let application = Application::new(made, Place::File(out.clone()), context.now);
            sign_and_keep(context, &*signer, &application, &signed).inspect_err(|_| drop(std::fs::remove_file(out)))?;
            application
        }
        New::SameToken(_) | New::Token(_) => {
            let certificate = signer.certificate().clone();
            // A token has one login: the present key is asked again when the new one is made.
            drop(signer);
            drop(present);
            let present = Present { source: &source, secret: &secret, certificate: &certificate };
            match &new {
                New::Token(token) => {
                    let pin = token.pin(context, args.password_stdin)?;
                    onto(context, &present, (token, &pin), kind, &wanted, &signed)?
                }
                New::SameToken(token) => onto(context, &present, (token, &secret), kind, &wanted, &signed)?,
                New::File(_) => return Err(CommandError::Usage(context.texts.text("keys-request-out-needed"))),
            }
        }
    };
    if args.json {
        output::print_json(&pending::as_json(&application, Some(&signed)));
        return Ok(ExitCode::SUCCESS);
    }
    say_made(context, &application, &signed);
    context.line("keys-renew-next", &[("id", Value::Text(&application.id)), ("request", Value::Text(&shown(&signed)))]);
    Ok(ExitCode::SUCCESS)
}

fn new_place<'a>(context: &Context, args: &RenewArgs, source: &'a Source) -> Result<New<'a>, CommandError> {
    match (&args.out, &args.onto, source) {
        (Some(out), ..) => Ok(New::File(absolute(out)?)),
        (None, Some(name), _) => {
            let token = Named::find(context, name)?;
            match source {
                Source::Token(present) if present.seen.id == token.seen.id => Ok(New::SameToken(present)),
                _ => Ok(New::Token(Box::new(token))),
            }
        }
        (None, None, Source::Token(present)) => Ok(New::SameToken(present)),
        (None, None, Source::File(_)) => Err(CommandError::Usage(context.texts.text("keys-request-out-needed"))),
    }
}

/// `NEW.renewal.cms`
fn beside(new: &New<'_>) -> PathBuf {
    let of = |id: &TokenId| PathBuf::from(file_name(if id.label.is_empty() { &id.serial } else { &id.label }));
    let stem = match new {
        New::File(out) => out.clone(),
        New::SameToken(token) => of(&token.seen.id),
        New::Token(token) => of(&token.seen.id),
    };
    stem.with_extension("renewal.cms")
}

/// The present key, to be opened again.
struct Present<'a> {
    source: &'a Source,
    secret: &'a Password,
    certificate: &'a Certificate,
}

/// Makes the new key on a token. One that nobody can ask a certificate for does not stay there.
fn onto(
    context: &Context,
    present: &Present<'_>,
    (token, pin): (&Named, &Password),
    kind: NewKey,
    wanted: &Wanted,
    signed: &Path,
) -> Result<Application, CommandError> {
    let undo = |key: &_| drop(token.token.remove(pin, key));
    let (key, made) = asking::ask(&token.token, pin, kind, (wanted, context.now), &undo)
        .map_err(|error| not_made(context, kind, error))?;
    token.was_opened(context, pin);
    let place = Place::Token { token: token.seen.id.clone(), key: hex::encode(key.as_bytes()) };
    let application = Application::new(made, place, context.now);
    let finish = || {
        let store = present.source.unlock(context, present.secret)?;
        let signer = present.source.signer_for(context, &*store, present.certificate)?;
        let signer = signer.ok_or_else(|| token::fault(context, keystore::StoreError::NoSuchKey))?;
        sign_and_keep(context, &*signer, &application, signed)
    };
    finish().inspect_err(|_| drop(token.token.remove(pin, &key)))?;
    Ok(application)
}

fn sign_and_keep(
    context: &Context,
    signer: &dyn Signer,
    application: &Application,
    signed: &Path,
) -> Result<(), CommandError> {
    let message = Message::Renewal(application.request.clone()).to_der();
    cms::sign_as(PKI_DATA, signer, Content::Attached(&message), context.now)
        .map_err(|error| CommandError::Failed(error.to_string()))
        .and_then(|envelope| keep(context, application, signed, &envelope))
}

/// The kind of the present key, where the NCA issues for it.
fn same(key: &PublicKey) -> NewKey {
    match key {
        PublicKey::Rsa { .. } => NewKey::Rsa2048,
        _ => NewKey::Gost512,
    }
}
