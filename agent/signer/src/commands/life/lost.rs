//! Keys that were lost or stolen.

use super::{
    super::{
        CommandError, Context,
        key_source::{Certificates, Source},
        life_arguments::LostArgs,
        may_sign::{self, Purpose},
        new_place::refuse_missing_folder,
        read_file,
        token::Named,
        windows,
    },
    failed, is_agreed, write_new,
};
use crate::{
    applications::{Application, Place},
    carry_out::Wish,
    fitness::is_gost,
    life::{
        blocked::{Blocked, BlockedError, Why},
        revoke,
        standing::is_serial,
    },
};
use pki::{Certificate, Validity};
use std::{path::Path, process::ExitCode};
use texts::Value;

/// The longest certificate file that is read, in octets.
const LONGEST: u64 = 1024 * 1024;

/// The exit code of a wrong password.
const WRONG_PASSWORD: u8 = 3;

/// The exit code of a command that says too little.
const WRONG_COMMAND: u8 = 2;

/// The keys that are meant, and where they are as far as that had to be found out to know them.
struct Meant {
    keys: Certificates,
    source: Option<Source>,
}

impl From<Vec<Certificate>> for Meant {
    fn from(certificates: Vec<Certificate>) -> Self {
        Self { keys: Certificates { certificates, store: None }, source: None }
    }
}

pub(super) fn lost(context: &Context, args: &LostArgs) -> Result<ExitCode, CommandError> {
    if args.window {
        return windows::open(context, Wish::Lost(args.reason));
    }
    let meant = match meant(context, args) {
        Ok(Some(meant)) => meant,
        // None was named. Whoever has none here, or knows none by its number, has it revoked all the same.
        Ok(None) if context.remembered()?.is_empty() => return Ok(nothing_to_block(context)),
        Ok(None) => {
            context.line("lost-which", &[]);
            context.line("lost-steps", &[]);
            return Ok(ExitCode::from(WRONG_COMMAND));
        }
        Err(NotMeant::Unknown(error)) => {
            let what = error.sentence(&context.texts);
            context.note("cli-error", &[("what", Value::Text(&what))]);
            return Ok(nothing_to_block(context));
        }
        Err(NotMeant::Other(error @ CommandError::KeyFile(_))) if args.token.is_none() => {
            // Nobody may go away in the belief that it is blocked.
            context.line("lost-not-opened", &[]);
            context.line("lost-steps", &[]);
            return Err(error);
        }
        Err(NotMeant::Other(error)) => return Err(error),
    };
    let why = args.reason;
    // First of all: everything else can fail, and can be done again.
    let mut blocked = Blocked::load(context.places.data()).map_err(not_kept)?;
    for certificate in &meant.keys.certificates {
        let is_new = blocked.block(certificate, why, context.now).map_err(not_kept)?;
        let serial = certificate.serial().to_hex();
        let id = if is_new { "lost-blocked" } else { "lost-blocked-already" };
        let name = &certificate.holder().name;
        context.line(id, &[("name", Value::Text(name)), ("serial", Value::Text(&serial))]);
    }
    if meant.keys.certificates.iter().all(|one| one.validity_at(context.now) == Validity::Expired) {
        context.line("lost-expired", &[]);
        return Ok(ExitCode::SUCCESS);
    }
    context.line("lost-steps", &[]);
    if meant.keys.certificates.iter().any(|one| !is_gost(one)) {
        context.line("lost-copies", &[]);
    }
    for certificate in &meant.keys.certificates {
        let serial = certificate.serial().to_hex();
        context.line("lost-found", &[("serial", Value::Text(&serial))]);
    }
    if let Some(out) = &args.request {
        match request(context, args, meant, why, out) {
            Err(CommandError::KeyFile(error)) if error.is_wrong_password() => {
                // It is blocked for all that, and a person who mistyped must not think otherwise.
                let what = context.texts.text("lost-request-password");
                context.note("cli-error", &[("what", Value::Text(&what))]);
                return Ok(ExitCode::from(WRONG_PASSWORD));
            }
            done => done?,
        }
        context.line("lost-request", &[("path", Value::Text(&out.display().to_string()))]);
    }
    Ok(ExitCode::SUCCESS)
}

/// Why it is not known which key is meant.
enum NotMeant {
    /// There is none here that is called so.
    Unknown(CommandError),
    Other(CommandError),
}

impl<E: Into<CommandError>> From<E> for NotMeant {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// A key that is not known here can be revoked all the same.
fn nothing_to_block(context: &Context) -> ExitCode {
    context.line("lost-nothing-here", &[]);
    context.line("lost-steps", &[]);
    ExitCode::FAILURE
}

/// Those of a key file or a token, which may be gone, of a certificate file, or the one with this serial number; `None`
/// where nothing was named.
fn meant(context: &Context, args: &LostArgs) -> Result<Option<Meant>, NotMeant> {
    if let Some(token) = &args.token {
        let (keys, source) = Certificates::of_token(context, token, args.alias.as_deref(), args.password_stdin)?;
        return Ok(Some(Meant { keys, source }));
    }
    let Some(which) = args.which.as_deref() else { return Ok(None) };
    let path = Path::new(which);
    if let Some(certificate) = certificate_file(path)? {
        return Ok(Some(vec![certificate].into()));
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let waits = |one: &&Application| matches!(&one.place, Place::File(file) if *file == absolute);
    if let Ok(found) = context.applications().list()
        && let Some(waiting) = found.waiting.iter().find(waits)
    {
        return Err(NotMeant::Other(failed(context, "lost-waiting", &[("id", Value::Text(&waiting.id))])));
    }
    let is_known = context.known_keys()?.files().iter().any(|file| file.path == absolute);
    if path.is_file() || is_known {
        let keys = Certificates::of_file(context, path, args.password_stdin)?;
        return Ok(Some(Meant { keys, source: path.is_file().then_some(Source::File(absolute)) }));
    }
    let with_serial: Vec<_> = context
        .remembered()?
        .into_iter()
        .filter(|certificate| is_serial(&certificate.serial().to_hex(), which))
        .collect();
    match with_serial.len() {
        0 => Err(NotMeant::Unknown(failed(context, "lost-unknown", &[("which", Value::Text(which))]))),
        1 => Ok(Some(with_serial.into())),
        _ => Err(NotMeant::Other(failed(context, "lost-several", &[("which", Value::Text(which))]))),
    }
}

/// Has the key ask for its own end. A blocked key signs nothing else.
fn request(context: &Context, args: &LostArgs, meant: Meant, why: Why, out: &Path) -> Result<(), CommandError> {
    let [certificate] = meant.keys.certificates.as_slice() else {
        return Err(failed(context, "lost-request-several", &[]));
    };
    refuse_missing_folder(context, out)?;
    let source = match meant.source {
        Some(source) => source,
        None => source_of(context, certificate)?.ok_or_else(|| failed(context, "lost-request-no-key", &[]))?,
    };
    let store = match meant.keys.store {
        Some(store) => store,
        None => source.open(context, args.password_stdin)?,
    };
    let signer = source.signer_for(context, &*store, certificate)?;
    let signer = signer.ok_or_else(|| failed(context, "lost-request-no-key", &[]))?;
    may_sign::check(context, signer.certificate(), Purpose::Revoke)?;
    let request = revoke::request(signer.as_ref(), why, context.now)
        .map_err(|error| failed(context, "lost-request-failed", &[("what", Value::Text(&error.to_string()))]))?;
    write_new(context, out, &request)
}

/// The remembered file or token that has this key, where it is at hand.
fn source_of(context: &Context, certificate: &Certificate) -> Result<Option<Source>, CommandError> {
    let known = context.known_keys()?;
    let mut files = known.files().iter().filter(|file| file.certificates.contains(certificate));
    if let Some(file) = files.find(|file| file.path.is_file()) {
        return Ok(Some(Source::File(file.path.clone())));
    }
    let known = context.known_tokens()?;
    let on_token = known.keys().iter().find(|one| one.certificate == *certificate);
    Ok(on_token.and_then(|one| Named::of(context, &one.token).ok()).map(|named| Source::Token(Box::new(named))))
}

fn certificate_file(path: &Path) -> Result<Option<Certificate>, CommandError> {
    if !path.is_file() {
        return Ok(None);
    }
    Ok(Certificate::from_pem_or_der(&read_file(path, LONGEST)?).ok())
}

pub(super) fn unblock(context: &Context, serial: &str, yes: bool) -> Result<ExitCode, CommandError> {
    let mut blocked = Blocked::load(context.places.data()).map_err(not_kept)?;
    let found = blocked.by_serial(serial);
    let [key] = found.as_slice() else {
        let id = if found.is_empty() { "unblock-unknown" } else { "lost-several" };
        return Err(failed(context, id, &[("which", Value::Text(serial))]));
    };
    let (name, serial, certificate) = (key.name.clone(), key.serial.clone(), key.certificate.clone());
    let since = pki::Timestamp::from_unix(key.since).date().to_string();
    let places = [("name", Value::Text(&name)), ("serial", Value::Text(&serial)), ("since", Value::Text(&since))];
    if !yes && !is_agreed(context, "unblock-ask", &places)? {
        context.line("unblock-left", &[]);
        return Ok(ExitCode::FAILURE);
    }
    blocked.unblock(&[certificate]).map_err(not_kept)?;
    context.line("unblock-done", &places[..2]);
    Ok(ExitCode::SUCCESS)
}

fn not_kept(error: BlockedError) -> CommandError {
    CommandError::Failed(error.to_string())
}
