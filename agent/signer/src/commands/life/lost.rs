//! Keys that were lost or stolen.

use super::{
    super::{
        CommandError, Context, check_key_file,
        life_arguments::LostArgs,
        may_sign::{self, Purpose},
        read_file,
    },
    failed, is_agreed, write_new,
};
use crate::{
    key_file::{self, KeyFileError},
    life::{
        blocked::{Blocked, BlockedError, Why},
        revoke,
        standing::{is_serial, remembered},
    },
};
use keystore::UnlockedStore;
use pki::{Certificate, Validity};
use std::{path::Path, process::ExitCode};
use texts::Value;

/// The longest certificate file that is read, in octets.
const LONGEST: u64 = 1024 * 1024;

/// The keys that are meant, and their file where it had to be opened to know them.
struct Meant {
    certificates: Vec<Certificate>,
    store: Option<Box<dyn UnlockedStore>>,
}

impl From<Vec<Certificate>> for Meant {
    fn from(certificates: Vec<Certificate>) -> Self {
        Self { certificates, store: None }
    }
}

pub(super) fn lost(context: &Context, args: &LostArgs) -> Result<ExitCode, CommandError> {
    let meant = meant(context, args)?;
    let why = Why::from(args.reason);
    // First of all: everything else can fail, and can be done again.
    let mut blocked = Blocked::load(context.places.data()).map_err(not_kept)?;
    for certificate in &meant.certificates {
        let is_new = blocked.block(certificate, why, context.now).map_err(not_kept)?;
        let serial = certificate.serial().to_hex();
        let id = if is_new { "lost-blocked" } else { "lost-blocked-already" };
        let name = &certificate.holder().name;
        context.line(id, &[("name", Value::Text(name)), ("serial", Value::Text(&serial))]);
    }
    if meant.certificates.iter().all(|one| one.validity_at(context.now) == Validity::Expired) {
        context.line("lost-expired", &[]);
        return Ok(ExitCode::SUCCESS);
    }
    context.line("lost-steps", &[]);
    if let Some(out) = &args.request {
        request(context, args, meant, why, out)?;
        context.line("lost-request", &[("path", Value::Text(&out.display().to_string()))]);
    }
    Ok(ExitCode::SUCCESS)
}

/// Those of a key file, which may be gone, of a certificate file, or the one with this serial number.
fn meant(context: &Context, args: &LostArgs) -> Result<Meant, CommandError> {
    let path = Path::new(&args.which);
    let known = context.known_keys()?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Some(file) = known.files().iter().find(|file| file.path == absolute && !file.certificates.is_empty()) {
        return Ok(file.certificates.clone().into());
    }
    if path.is_file() {
        let octets = read_file(path, LONGEST)?;
        if let Ok(certificate) = Certificate::from_pem_or_der(&octets) {
            return Ok(vec![certificate].into());
        }
        check_key_file(path)?;
        let store = key_file::open(path, &context.password(args.password_stdin, path)?)?;
        let certificates: Vec<_> = store.list().iter().filter_map(|key| key.certificate.clone()).collect();
        if certificates.is_empty() {
            return Err(KeyFileError::no_certificate().into());
        }
        return Ok(Meant { certificates, store: Some(store) });
    }
    let with_serial: Vec<_> = remembered(&known)
        .into_iter()
        .filter(|certificate| is_serial(&certificate.serial().to_hex(), &args.which))
        .collect();
    match with_serial.len() {
        0 => Err(failed(context, "lost-unknown", &[("which", Value::Text(&args.which))])),
        1 => Ok(with_serial.into()),
        _ => Err(failed(context, "lost-several", &[("which", Value::Text(&args.which))])),
    }
}

/// Has the key ask for its own end. A blocked key signs nothing else.
fn request(context: &Context, args: &LostArgs, meant: Meant, why: Why, out: &Path) -> Result<(), CommandError> {
    let [certificate] = meant.certificates.as_slice() else {
        return Err(failed(context, "lost-request-several", &[]));
    };
    let store = match meant.store {
        Some(store) => store,
        None => {
            let known = context.known_keys()?;
            let mut files = known.files().iter().filter(|file| file.certificates.contains(certificate));
            let Some(file) = files.find(|file| file.path.is_file()) else {
                return Err(failed(context, "lost-request-no-key", &[]));
            };
            key_file::open(&file.path, &context.password(args.password_stdin, &file.path)?)?
        }
    };
    let key = store.list().iter().find(|key| key.certificate.as_ref() == Some(certificate));
    let Some(key) = key else { return Err(failed(context, "lost-request-no-key", &[])) };
    let signer = store.signer(&key.id).map_err(KeyFileError::from)?;
    may_sign::check(context, signer.certificate(), Purpose::Revoke)?;
    let request = revoke::request(signer.as_ref(), why, context.now)
        .map_err(|error| failed(context, "lost-request-failed", &[("what", Value::Text(&error.to_string()))]))?;
    write_new(context, out, &request)
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
