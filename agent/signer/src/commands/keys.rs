//! `tanba keys`: add, list and remove stand here, asking for certificates in [`request`], a key's later life in [`life`].

use super::{
    CommandError, Context, KeysCommand, certificate_view, demo, key_source::Certificates, libraries, life, output,
    request, tokens::plugged,
};
use crate::{fitness::is_test, known_keys::KnownKeys, life::blocked::BlockedKey};
use keystore::pkcs11::Snapshot;
use pki::{Timestamp, Validity};
use serde_json::json;
use std::{path::Path, process::ExitCode};
use texts::Value;

pub(super) fn run(context: &Context, command: &KeysCommand) -> Result<ExitCode, CommandError> {
    match command {
        KeysCommand::Add { file, password_stdin } => add(context, file, *password_stdin),
        KeysCommand::List { json } => list(context, *json),
        KeysCommand::Remove { file } => remove(context, file),
        KeysCommand::Demo => demo::make(context),
        KeysCommand::Request(args) => request::request(context, args),
        KeysCommand::Pending(args) => request::pending(context, args),
        KeysCommand::Import(args) => request::import(context, args),
        KeysCommand::Renew(args) => request::renew(context, args),
        KeysCommand::Life(command) => life::run(context, command),
    }
}

fn add(context: &Context, file: &Path, password_stdin: bool) -> Result<ExitCode, CommandError> {
    let certificates = Certificates::opened(context, file, password_stdin)?.certificates;
    let mut known = context.known_keys()?;
    known.remember(file, certificates.clone())?;
    let measure = context.measure();
    for certificate in &certificates {
        let name = &certificate.holder().name;
        let until = certificate.not_after().date().to_string();
        context.line("keys-added", &[("name", Value::Text(name)), ("until", Value::Text(&until))]);
        if certificate.validity_at(context.now) == Validity::Expired {
            context.note("keys-added-expired", &[("until", Value::Text(&until))]);
        }
        if let Some(blocked) = context.blocked.find(certificate) {
            still_blocked(context, blocked);
        }
        if is_test(certificate, &measure) && !measure.test_environment {
            let at = context.places.settings_file().display().to_string();
            context.note("keys-test-key-outside", &[("settings", Value::Text(&at))]);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(context: &Context, as_json: bool) -> Result<ExitCode, CommandError> {
    let known = context.known_keys()?;
    let measure = context.measure();
    let on_tokens = plugged_in(context);
    let blocked_elsewhere = blocked_elsewhere(context, &known, &on_tokens);
    if as_json {
        let rows: Vec<_> = known
            .files()
            .iter()
            .map(|file| {
                json!({
                    "path": file.path,
                    "present": file.path.is_file(),
                    "keys": file.certificates.iter().map(|one| certificate_view::brief_json(one, &measure)).collect::<Vec<_>>(),
                })
            })
            .collect();
        output::print_json(&json!({
            "files": rows,
            "tokens": plugged::tokens(context, &on_tokens),
            "faults": plugged::faults(&on_tokens),
            "blockedElsewhere": blocked_elsewhere.iter().map(|blocked| json!({
                "name": blocked.name,
                "serialNumber": blocked.serial,
                "since": Timestamp::from_unix(blocked.since).iso8601().to_string(),
                "why": blocked.why,
            })).collect::<Vec<_>>(),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    if known.files().is_empty() && on_tokens.tokens.is_empty() {
        context.line("keys-none", &[]);
    }
    for file in known.files() {
        let path = file.path.display().to_string();
        let id = if file.path.is_file() { "keys-file" } else { "keys-file-missing" };
        context.line(id, &[("path", Value::Text(&path))]);
        for certificate in &file.certificates {
            certificate_view::line(context, certificate, &measure);
        }
    }
    plugged::print_tokens(context, &on_tokens);
    for blocked in blocked_elsewhere {
        let since = Timestamp::from_unix(blocked.since).date().to_string();
        let places = [
            ("name", Value::Text(&blocked.name)),
            ("serial", Value::Text(&blocked.serial)),
            ("since", Value::Text(&since)),
        ];
        context.line("keys-blocked-elsewhere", &places);
    }
    Ok(ExitCode::SUCCESS)
}

/// The blocked keys that no file on the list and no token shows. Without them nobody could find out what to unblock.
fn blocked_elsewhere<'a>(context: &'a Context, known: &KnownKeys, on_tokens: &Snapshot) -> Vec<&'a BlockedKey> {
    let in_files = known.files().iter().flat_map(|file| &file.certificates);
    let on_tokens =
        on_tokens.tokens.iter().flat_map(|token| token.keys.iter()).filter_map(|key| key.certificate.as_ref());
    let shown: Vec<_> = in_files.chain(on_tokens).filter_map(|one| context.blocked.find(one)).collect();
    context.blocked.keys().iter().filter(|key| shown.iter().all(|one| one.certificate != key.certificate)).collect()
}

fn still_blocked(context: &Context, blocked: &BlockedKey) {
    let places = [("name", Value::Text(&blocked.name)), ("serial", Value::Text(&blocked.serial))];
    context.line("keys-still-blocked", &places);
}

/// The tokens beside the files. What is wrong with a library is told, and hides no file.
fn plugged_in(context: &Context) -> Snapshot {
    match libraries::settled(context) {
        Ok((_, snapshot)) => snapshot,
        Err(error) => {
            context.note("cli-error", &[("what", Value::Text(&error.sentence(&context.texts)))]);
            Snapshot::default()
        }
    }
}

fn remove(context: &Context, file: &Path) -> Result<ExitCode, CommandError> {
    let path = file.display().to_string();
    let mut known = context.known_keys()?;
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let certificates = known.files().iter().find(|one| one.path == absolute).map(|one| one.certificates.clone());
    if known.forget(file)? {
        context.line("keys-removed", &[("path", Value::Text(&path))]);
        // Forgetting is no way around a block.
        for blocked in certificates.iter().flatten().filter_map(|one| context.blocked.find(one)) {
            still_blocked(context, blocked);
        }
        Ok(ExitCode::SUCCESS)
    } else {
        Err(CommandError::Failed(context.texts.format("keys-unknown", &[("path", Value::Text(&path))])))
    }
}
