//! `tanba sign`: a file signed with a key file or a token.
//!
//! - `heard`: what the key said when it did not sign.
//! - `cms`: CMS beside the file or around it, streamed where nothing has to be added; a further signer in a CMS.
//! - `xml`, `pdf`: signatures inside of the document; `raw`: a bare value.
//! - `stamping`: time stamps, and what a later verification needs.
//! - `target`: where it goes, whole or not at all.

mod cms;
mod heard;
mod pdf;
mod raw;
mod stamping;
mod target;
mod xml;

use super::verify::{Kind, kind_of};
use super::{
    CommandError, Context, SignArgs, SignatureForm,
    key_source::Source,
    may_sign::{self, Purpose},
    say,
};
use crate::key_file::KeyFileError;
use heard::Heard;
use keystore::ListedKey;
use pki::Signer;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use target::Target;
use texts::Value;

pub(super) fn sign(context: &Context, args: &SignArgs) -> Result<ExitCode, CommandError> {
    let source = Source::of(context, args.key.as_deref(), args.token.as_deref())?;
    let form = form(context, args)?;
    let target =
        Target::new(context, args, &args.output.clone().unwrap_or_else(|| beside(&args.file, form, args.add)))?;
    cms::check_size(context, args, form)?;
    let store = source.open(context, args.password_stdin)?;
    let heard = Heard::new(source.signer(context, &*store, args.alias.as_deref())?);
    let signer: &dyn Signer = &heard;
    let purpose = if args.allow_expired { Purpose::SignThoughExpired } else { Purpose::Sign };
    let is_test = may_sign::check(context, signer.certificate(), purpose)?;
    let signed = match form {
        SignatureForm::Cms => cms::sign(context, args, signer, &target),
        SignatureForm::Xml | SignatureForm::Soap => xml::sign(context, args, form, signer, &target),
        SignatureForm::Raw => raw::sign(args, signer, &target),
        SignatureForm::Pdf => pdf::sign(context, args, signer, &target),
    };
    signed.map_err(|error| match heard.fault() {
        Some(fault) => CommandError::Failed(say(&context.texts, &fault)),
        None => error,
    })?;
    source.remember(context, signer.certificate());
    if is_test {
        context.note("sign-test-key", &[]);
    }
    let name = &signer.certificate().holder().name;
    let path = target.path().display().to_string();
    context.note("sign-done", &[("name", Value::Text(name)), ("path", Value::Text(&path))]);
    Ok(ExitCode::SUCCESS)
}

/// The form that was asked for, or the one that people expect of such a file.
fn form(context: &Context, args: &SignArgs) -> Result<SignatureForm, CommandError> {
    let kind = kind_of(&args.file)?;
    if args.add && kind != Kind::Cms {
        return Err(CommandError::Usage(context.texts.text("sign-add-is-for-cms")));
    }
    let form = args.form.unwrap_or(match kind {
        Kind::Pdf if !args.detached && !args.add => SignatureForm::Pdf,
        _ => SignatureForm::Cms,
    });
    let only_cms = args.detached || args.add || args.content.is_some() || args.format.is_some();
    let only_pdf = args.visible || args.reason.is_some() || args.location.is_some();
    let goes_together = match form {
        SignatureForm::Cms => !(only_pdf || args.compact || args.add && args.detached),
        SignatureForm::Xml => !(only_cms || only_pdf || args.timestamp || args.long_term),
        SignatureForm::Soap | SignatureForm::Raw => {
            !(only_cms || only_pdf || args.compact || args.timestamp || args.long_term)
        }
        SignatureForm::Pdf => !only_cms && !args.compact,
    };
    if goes_together { Ok(form) } else { Err(CommandError::Usage(context.texts.text("sign-options-differ"))) }
}

/// `contract.pdf.cms`, `contract.signed.pdf`; a CMS that gets a further signer stays the file it is.
fn beside(file: &Path, form: SignatureForm, add: bool) -> PathBuf {
    if add {
        return file.to_owned();
    }
    match form {
        SignatureForm::Cms | SignatureForm::Raw => {
            let mut name = file.as_os_str().to_owned();
            name.push(if form == SignatureForm::Raw { ".sig" } else { ".cms" });
            name.into()
        }
        SignatureForm::Xml | SignatureForm::Soap | SignatureForm::Pdf => {
            let mut name = file.file_stem().unwrap_or_default().to_owned();
            name.push(".signed");
            if let Some(extension) = file.extension() {
                name.push(".");
                name.push(extension);
            }
            file.with_file_name(name)
        }
    }
}

pub(super) fn choose<'a>(
    context: &Context,
    keys: &'a [ListedKey],
    alias: Option<&str>,
) -> Result<&'a ListedKey, CommandError> {
    if let Some(alias) = alias {
        return keys.iter().find(|key| key.alias == alias).ok_or_else(|| {
            CommandError::Failed(context.texts.format("sign-no-alias", &[("alias", Value::Text(alias))]))
        });
    }
    let mut with_certificate = keys.iter().filter(|key| key.certificate.is_some());
    match (with_certificate.next(), with_certificate.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(KeyFileError::no_certificate().into()),
        (Some(_), Some(_)) => Err(CommandError::Usage(context.texts.text("sign-several-keys"))),
    }
}
