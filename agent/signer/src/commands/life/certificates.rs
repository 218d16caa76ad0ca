//! Certificates, given to others and to the system.

use super::{
    super::{
        CommandError, Context, check_key_file,
        key_source::Certificates,
        life_arguments::{ExportArgs, InstallArgs},
        new_place::refuse_missing_folder,
        read_file,
    },
    failed, is_agreed, write_new,
};
use crate::{fitness::is_gost, key_file, life::backup::file_name};
use pki::Certificate;
use platform::{
    personal::{PersonalStores as _, Put, SystemStore},
    trust::TrustError,
};
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// The longest certificate file that is read, in octets.
const LONGEST: u64 = 1024 * 1024;

pub(super) fn export(context: &Context, args: &ExportArgs) -> Result<ExitCode, CommandError> {
    let certificates = match (&args.file, &args.token) {
        (Some(file), _) => Certificates::of_file(context, file, args.password_stdin)?.certificates,
        (None, Some(token)) => {
            Certificates::of_token(context, token, args.alias.as_deref(), args.password_stdin)?.0.certificates
        }
        (None, None) => context.remembered()?,
    };
    if certificates.is_empty() {
        return Err(failed(context, "export-none", &[]));
    }
    let encoded = |certificate: &Certificate| {
        if args.pem { certificate.to_pem().into_bytes() } else { certificate.der().to_vec() }
    };
    let ending = if args.pem { "pem" } else { "cer" };
    let output = args.output.clone().unwrap_or_else(|| ".".into());
    let fault = |error| CommandError::File(output.clone(), error);
    let is_stdout = output == Path::new("-");
    if !is_stdout && !output.exists() {
        refuse_missing_folder(context, &output)?;
        if output.to_string_lossy().ends_with(std::path::is_separator) {
            std::fs::create_dir(&output).map_err(fault)?;
        }
    }
    if is_stdout || !output.is_dir() {
        // One file: PEM may stand one below the other, DER may not.
        if certificates.len() > 1 && !args.pem {
            return Err(CommandError::Usage(context.texts.text("export-several")));
        }
        let octets: Vec<u8> = certificates.iter().flat_map(encoded).collect();
        if is_stdout {
            io::stdout().write_all(&octets).map_err(fault)?;
        } else {
            write_new(context, &output, &octets)?;
            tell(context, &certificates, &output);
        }
        return Ok(ExitCode::SUCCESS);
    }
    for certificate in &certificates {
        let serial: String = certificate.serial().to_hex().chars().take(8).collect();
        let path = output.join(format!("{}_{serial}.{ending}", file_name(&certificate.holder().name)));
        if std::fs::symlink_metadata(&path).is_ok() {
            context.note("export-skipped", &[("path", Value::Text(&path.display().to_string()))]);
            continue;
        }
        write_new(context, &path, &encoded(certificate))?;
        tell(context, std::slice::from_ref(certificate), &path);
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(context: &Context, certificates: &[Certificate], path: &Path) {
    let path = path.display().to_string();
    for certificate in certificates {
        let name = &certificate.holder().name;
        context.line("export-done", &[("name", Value::Text(name)), ("path", Value::Text(&path))]);
    }
}

pub(super) fn install(context: &Context, args: &InstallArgs) -> Result<ExitCode, CommandError> {
    let path = &args.file;
    let octets = read_file(path, LONGEST)?;
    let given = Certificate::from_pem_or_der(&octets).ok();
    if args.with_key && given.is_some() {
        return Err(CommandError::Usage(context.texts.text("install-no-key")));
    }
    let stores = SystemStore::of_user().map_err(|error| unusable(context, &error))?;
    if args.with_key {
        check_key_file(path)?;
        if keystore::Format::of(&octets) == Ok(keystore::Format::Jks) {
            return Err(failed(context, "install-jks", &[]));
        }
        let shown = path.display().to_string();
        let place = [("path", Value::Text(&shown))];
        if !args.yes && !is_agreed(context, "install-key-ask", &place)? {
            context.line("install-key-left", &[]);
            return Ok(ExitCode::FAILURE);
        }
        let password = context.password(args.password_stdin, path)?;
        let store = key_file::open(path, &password)?;
        for certificate in store.list().iter().filter_map(|key| key.certificate.as_ref()) {
            refuse_gost(context, certificate)?;
            // Outside of Tanba nothing would hinder whoever has it.
            if let Some(blocked) = context.blocked.find(certificate) {
                return Err(failed(context, "sign-blocked", &[("serial", Value::Text(&blocked.serial))]));
            }
        }
        let put = stores.put_keys(path, password.expose()).map_err(|error| unusable(context, &error))?;
        return tell_of(context, &put, "install-key-done");
    }
    let certificates = match given {
        Some(certificate) => vec![certificate],
        None => Certificates::of_file(context, path, args.password_stdin)?.certificates,
    };
    let mut code = ExitCode::SUCCESS;
    for certificate in &certificates {
        refuse_gost(context, certificate)?;
        let serial: String = certificate.serial().to_hex().chars().take(8).collect();
        let name = format!("{} {serial}", crate::unseen::visible(&certificate.holder().name));
        let put = stores.put_certificate(&name, certificate.der()).map_err(|error| unusable(context, &error))?;
        code = tell_of(context, &put, "install-done")?;
    }
    Ok(code)
}

/// No browser and no store of a system reads such a certificate, or knows what to do with its key.
fn refuse_gost(context: &Context, certificate: &Certificate) -> Result<(), CommandError> {
    if is_gost(certificate) {
        return Err(failed(context, "install-gost", &[("name", Value::Text(&certificate.holder().name))]));
    }
    Ok(())
}

fn tell_of(context: &Context, put: &[Put], done: &str) -> Result<ExitCode, CommandError> {
    let mut is_there = false;
    for Put { path, browser, problem } in put {
        let path: &PathBuf = path;
        let path = path.display().to_string();
        let place = [("browser", Value::Text(browser)), ("path", Value::Text(&path))];
        match problem {
            None => {
                is_there = true;
                context.line(done, &place);
            }
            Some(what) => {
                context.note("install-problem", &[&place[..], &[("what", Value::Text(what))]].concat());
            }
        }
    }
    if !is_there {
        return Err(failed(context, "install-nowhere", &[]));
    }
    context.line("trust-restart", &[]);
    Ok(ExitCode::SUCCESS)
}

fn unusable(context: &Context, error: &TrustError) -> CommandError {
    match error {
        TrustError::ToolMissing { tool } => failed(context, "trust-tool-missing", &[("tool", Value::Text(tool))]),
        TrustError::Unsupported(_) => failed(context, "install-not-here", &[]),
        other => failed(context, "trust-failed", &[("what", Value::Text(&other.to_string()))]),
    }
}
