//! `tanba keys renew`: a new key for the same holder, asked for with the present one.

use super::super::{
    CommandError, Context, KeyAlgorithm, RenewArgs, check_key_file,
    may_sign::{self, Purpose},
    new_password::{self, Question},
    output, sign,
};
use super::{absolute, asking, at_file, check_new, keep, pending, say_made, shown};
use crate::{
    applications::{Application, Place},
    key_file::{self, KeyFileError},
};
use keystore::{KeyFile, NewKey};
use pki::{
    PublicKey,
    request::{
        Wanted,
        message::{Message, PKI_DATA},
    },
};
use signature::cms::{self, Content};
use std::process::ExitCode;
use texts::Value;

pub(in crate::commands) fn renew(context: &Context, args: &RenewArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.file)?;
    let out = absolute(&args.out)?;
    let signed = args.request.clone().unwrap_or_else(|| args.out.with_extension("renewal.cms"));
    check_new(context, &[&out, &signed])?;
    let password = context.password(args.password_stdin, &args.file)?;
    let present = key_file::open(&args.file, &password)?;
    let key = sign::choose(context, present.list(), args.alias.as_deref())?;
    let signer = present.signer(&key.id).map_err(KeyFileError::from)?;
    may_sign::check(context, signer.certificate(), Purpose::Renew)?;
    let new_password = new_password::ask(context, args.password_stdin, Question::KeyFile, &out)?;

    let kind = args.algorithm.map_or_else(|| same(signer.certificate().public_key()), KeyAlgorithm::kind);
    let wanted = Wanted::again(signer.certificate());
    let undo = |_: &_| drop(std::fs::remove_file(&out));
    let (_, made) = asking::ask(&KeyFile::at(&out), &new_password, kind, &wanted, &undo)
        .map_err(|error| at_file(context, &out, error))?;
    let application = Application::new(made, Place::File(out.clone()), context.now);
    let message = Message::Renewal(application.request.clone()).to_der();
    cms::sign_as(PKI_DATA, &*signer, Content::Attached(&message), context.now)
        .map_err(|error| CommandError::Failed(error.to_string()))
        .and_then(|envelope| keep(context, &application, &signed, &envelope))
        .inspect_err(|_| drop(std::fs::remove_file(&out)))?;
    if args.json {
        output::print_json(&pending::as_json(&application, Some(&signed)));
        return Ok(ExitCode::SUCCESS);
    }
    say_made(context, &application, &signed);
    context.line("keys-renew-next", &[("id", Value::Text(&application.id)), ("request", Value::Text(&shown(&signed)))]);
    Ok(ExitCode::SUCCESS)
}

/// The kind of the present key, where the NCA issues for it.
fn same(key: &PublicKey) -> NewKey {
    match key {
        PublicKey::Rsa { .. } => NewKey::Rsa2048,
        _ => NewKey::Gost512,
    }
}
