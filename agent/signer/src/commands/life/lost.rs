//! Keys that were lost or stolen.

use super::{
    super::{CommandError, Context, life_arguments::LostArgs, read_file},
    certificates::certificates_of,
    failed, is_agreed,
};
use crate::{
    key_file::{self, KeyFileError},
    life::{
        blocked::{Blocked, BlockedError, Why},
        revoke,
        standing::{is_serial, remembered},
    },
    new_file::Part,
};
use pki::{Certificate, Validity};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// The longest certificate file that is read, in octets.
const LONGEST: u64 = 1024 * 1024;

pub(super) fn lost(context: &Context, args: &LostArgs) -> Result<ExitCode, CommandError> {
    let certificates = meant(context, args)?;
    let why = Why::from(args.reason);
    // First of all: everything else can fail, and can be done again.
    let mut blocked = Blocked::load(context.places.data()).map_err(not_kept)?;
    for certificate in &certificates {
        let is_new = blocked.block(certificate, why, context.now).map_err(not_kept)?;
        let serial = certificate.serial().to_hex();
        let id = if is_new { "lost-blocked" } else { "lost-blocked-already" };
        let name = &certificate.holder().name;
        context.line(id, &[("name", Value::Text(name)), ("serial", Value::Text(&serial))]);
    }
    let written = match &args.request {
        Some(out) => Some(request(context, args, &certificates, why, out)),
        None => None,
    };
    if certificates.iter().all(|one| one.validity_at(context.now) == Validity::Expired) {
        context.line("lost-expired", &[]);
    } else {
        context.line("lost-steps", &[]);
        if let Some(Ok(())) = &written
            && let Some(out) = &args.request
        {
            context.line("lost-request", &[("path", Value::Text(&out.display().to_string()))]);
        }
    }
    written.transpose()?;
    Ok(ExitCode::SUCCESS)
}

/// The certificates of the keys that are meant: those of a key file, which may be gone, of a certificate file, or the one
/// with this serial number.
fn meant(context: &Context, args: &LostArgs) -> Result<Vec<Certificate>, CommandError> {
    let path = Path::new(&args.which);
    if path.is_file() {
        if let Some(certificate) =
            read_file(path, LONGEST).ok().and_then(|octets| Certificate::from_pem_or_der(&octets).ok())
        {
            return Ok(vec![certificate]);
        }
        return certificates_of(context, path, args.password_stdin);
    }
    let known = context.known_keys()?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Some(file) = known.files().iter().find(|file| file.path == absolute && !file.certificates.is_empty()) {
        return Ok(file.certificates.clone());
    }
    let with_serial: Vec<_> = remembered(&known)
        .into_iter()
        .filter(|certificate| is_serial(&certificate.serial().to_hex(), &args.which))
        .collect();
    match with_serial.len() {
        0 => Err(failed(context, "lost-unknown", &[("which", Value::Text(&args.which))])),
        1 => Ok(with_serial),
        _ => Err(failed(context, "lost-several", &[("which", Value::Text(&args.which))])),
    }
}

/// Has the key ask for its own end.
fn request(
    context: &Context,
    args: &LostArgs,
    certificates: &[Certificate],
    why: Why,
    out: &PathBuf,
) -> Result<(), CommandError> {
    let [certificate] = certificates else { return Err(failed(context, "lost-request-several", &[])) };
    let known = context.known_keys()?;
    let named = Path::new(&args.which);
    let of_serial = known.files().iter().find(|file| file.certificates.contains(certificate)).map(|file| &*file.path);
    let file = if named.is_file() && keystore::looks_like_key_file(&read_file(named, LONGEST)?) {
        Some(named)
    } else {
        of_serial
    };
    let Some(file) = file.filter(|file| file.is_file()) else {
        return Err(failed(context, "lost-request-no-key", &[]));
    };
    // Whoever typed the password a moment ago, for a file that is not remembered, types it once more.
    let password = context.password(args.password_stdin, file)?;
    let store = key_file::open(file, &password)?;
    let key = store.list().iter().find(|key| key.certificate.as_ref() == Some(certificate));
    let Some(key) = key else { return Err(failed(context, "lost-request-no-key", &[])) };
    // A blocked key signs nothing else.
    let signer = store.signer(&key.id).map_err(KeyFileError::from)?;
    let request = revoke::request(signer.as_ref(), why, context.now)
        .map_err(|error| failed(context, "lost-request-failed", &[("what", Value::Text(&error.to_string()))]))?;
    let fault = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            failed(context, "life-occupied", &[("path", Value::Text(&out.display().to_string()))])
        }
        _ => CommandError::File(out.clone(), error),
    };
    let (part, mut file) = Part::beside(out).map_err(fault)?;
    file.write_all(&request).and_then(|()| file.sync_all()).map_err(fault)?;
    part.settle(out).map_err(fault)
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
