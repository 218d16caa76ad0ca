//! `tanba sign`.

use super::{CommandError, Context, Format, SignArgs, check_key_file, read_file};
use crate::{
    fitness::is_test,
    key_file::{self, KeyFileError},
};
use keystore::ListedKey;
use pki::Validity;
use signature::cms;
use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// The largest document that is signed in one piece of memory, in octets.
pub(super) const LONGEST_DOCUMENT: u64 = 1024 * 1024 * 1024;

pub(super) fn sign(context: &Context, args: &SignArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.key)?;
    let document = read_file(&args.file, LONGEST_DOCUMENT)?;
    let target = args.output.clone().unwrap_or_else(|| beside(&args.file));
    if target != Path::new("-") && target.exists() && !args.force {
        let path = target.display().to_string();
        return Err(CommandError::Failed(context.texts.format("sign-exists", &[("path", Value::Text(&path))])));
    }
    if !args.detached && document.len() > cms::MAX_ATTACHED_LEN {
        let most = (cms::MAX_ATTACHED_LEN >> 20) as u64;
        return Err(CommandError::Failed(context.texts.format("sign-too-large", &[("most", Value::Count(most))])));
    }
    let password = context.password(args.password_stdin, &args.key)?;
    let store = key_file::open(&args.key, &password)?;
    let key = choose(context, store.list(), args.alias.as_deref())?;
    let signer = store.signer(&key.id).map_err(KeyFileError::from)?;
    let certificate = signer.certificate();
    let until = certificate.not_after().date().to_string();
    let refused = match certificate.validity_at(context.now) {
        Validity::Current => None,
        Validity::Expired if args.allow_expired => None,
        Validity::Expired => Some("sign-expired"),
        Validity::NotYet => Some("sign-not-yet"),
    };
    if let Some(id) = refused {
        return Err(CommandError::Failed(context.texts.format(id, &[("until", Value::Text(&until))])));
    }
    let measure = context.measure();
    if is_test(certificate, &measure) {
        if !measure.test_environment {
            let settings = context.places.settings_file().display().to_string();
            let text = context.texts.format("sign-test-key-refused", &[("path", Value::Text(&settings))]);
            return Err(CommandError::Failed(text));
        }
        context.note("sign-test-key", &[]);
    }
    let content = if args.detached { cms::Content::Detached(&document) } else { cms::Content::Attached(&document) };
    let der =
        cms::sign(signer.as_ref(), content, context.now).map_err(|error| CommandError::Failed(error.to_string()))?;
    let bytes = match args.format {
        Format::Der => der,
        Format::Pem => cms::to_pem(&der).into_bytes(),
        Format::Base64 => {
            let mut text = cms::to_base64(&der);
            text.push('\n');
            text.into_bytes()
        }
    };
    write(&target, &bytes, args.force)?;
    let name = &certificate.holder().name;
    let path = target.display().to_string();
    context.note("sign-done", &[("name", Value::Text(name)), ("path", Value::Text(&path))]);
    Ok(ExitCode::SUCCESS)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".cms");
    name.into()
}

fn choose<'a>(context: &Context, keys: &'a [ListedKey], alias: Option<&str>) -> Result<&'a ListedKey, CommandError> {
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

fn write(target: &Path, bytes: &[u8], force: bool) -> Result<(), CommandError> {
    let fault = |error| CommandError::File(target.to_owned(), error);
    if target == Path::new("-") {
        let mut out = io::stdout().lock();
        return out.write_all(bytes).and_then(|()| out.flush()).map_err(fault);
    }
    // `create_new` settles what `exists` above could only guess.
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    options.open(target).and_then(|mut file| file.write_all(bytes)).map_err(fault)
}
