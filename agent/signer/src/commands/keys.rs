//! `tanba keys`: add, list and remove stand here, asking for certificates in [`request`], a key's later life in [`life`].

use super::{
    CommandError, Context, KeysCommand, certificate_view, demo, key_source::Certificates, libraries, life, output,
    request, tokens::plugged,
};
use crate::fitness::is_test;
use keystore::pkcs11::Snapshot;
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
    Ok(ExitCode::SUCCESS)
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
            let (name, serial) = (blocked.name.as_str(), blocked.serial.as_str());
            context.line("keys-still-blocked", &[("name", Value::Text(name)), ("serial", Value::Text(serial))]);
        }
        Ok(ExitCode::SUCCESS)
    } else {
        Err(CommandError::Failed(context.texts.format("keys-unknown", &[("path", Value::Text(&path))])))
    }
}
