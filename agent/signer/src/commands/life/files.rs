//! Key files written anew, and backups.

use super::{
    super::{
        CommandError, Context, check_key_file,
        life_arguments::{BackupArgs, LayoutName, PasswordArgs, RestoreArgs, RewrapArgs},
        new_password::{self, Question},
        new_place::refuse_missing_folder,
    },
    explained, failed,
};
use crate::life::{
    backup::{self, Copied, Kind},
    reseal::{self, Keep},
};
use keystore::{Format, Layout, OsEntropy, Relayout, Resealed, pkcs12::Iterations};
use pki::Certificate;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

pub(super) fn password(context: &Context, args: &PasswordArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.file)?;
    if is_jks(&args.file) {
        // Said before three passwords are typed.
        return Err(failed(context, "life-jks", &[]));
    }
    if args.keep_old && is_taken(&reseal::kept_at(&args.file)) {
        let kept = shown(&reseal::kept_at(&args.file));
        return Err(failed(context, "life-kept-occupied", &[("path", Value::Text(&kept))]));
    }
    let old = context.password(args.password_stdin, &args.file)?;
    crate::key_file::open(&args.file, &old)?;
    let new = new_password::ask(context, args.password_stdin, Question::KeyFile, &args.file)?;
    if new.expose() == old.expose() {
        return Err(failed(context, "life-password-same", &[]));
    }
    let keep = if args.keep_old { Keep::Beside } else { Keep::Nothing };
    let done =
        reseal::change_password(&args.file, &old, &new, keep, &OsEntropy).map_err(|fault| explained(context, fault))?;
    context.line("life-password-changed", &[("path", Value::Text(&shown(&done.path)))]);
    if let Some(kept) = &done.kept {
        context.line("life-password-kept", &[("path", Value::Text(&shown(kept)))]);
    }
    tell_of_name(context, &done.resealed);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn rewrap(context: &Context, args: &RewrapArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.file)?;
    let (layout, word) = match args.layout {
        LayoutName::Modern => (Layout::Modern(Iterations::RECOMMENDED), "modern"),
        LayoutName::Nca => (Layout::Nca, "nca"),
    };
    let to = args.out.clone().unwrap_or_else(|| beside(&args.file, word));
    refuse_occupied(context, &to)?;
    refuse_missing_folder(context, &to)?;
    let password = context.password(args.password_stdin, &args.file)?;
    let relayout = Relayout::Into(layout);
    let done = reseal::rewrap(&args.file, &to, &password, &password, relayout, &OsEntropy)
        .map_err(|fault| explained(context, fault))?;
    let id = if args.layout == LayoutName::Modern { "life-rewrapped-modern" } else { "life-rewrapped-nca" };
    context.line(id, &[("path", Value::Text(&shown(&done.path))), ("old", Value::Text(&shown(&args.file)))]);
    tell_of_name(context, &done.resealed);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn backup(context: &Context, args: &BackupArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.file)?;
    if !args.to.is_dir() {
        check_backup_file(context, &args.to)?;
    }
    let password = context.password(args.password_stdin, &args.file)?;
    crate::key_file::open(&args.file, &password)?;
    let made = |kind: &Kind<'_>| {
        backup::back_up(&args.file, &password, &args.to, kind, context.now, &OsEntropy)
            .map_err(|fault| explained(context, fault))
    };
    let copied = if args.as_it_is {
        made(&Kind::AsItIs)?
    } else {
        let new = new_password::ask(context, args.password_stdin, Question::Backup, &args.file)?;
        made(&Kind::Anew { password: &new, iterations: Iterations::RECOMMENDED })?
    };
    say_names(context, &copied.certificates);
    let id = if args.as_it_is { "backup-copied" } else { "backup-made" };
    context.line(id, &places(&shown(&copied.path), &copied));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(context: &Context, args: &RestoreArgs) -> Result<ExitCode, CommandError> {
    check_key_file(&args.backup)?;
    if args.to.is_dir() {
        return Err(failed(context, "restore-folder", &[("path", Value::Text(&shown(&args.to)))]));
    }
    refuse_occupied(context, &args.to)?;
    refuse_missing_folder(context, &args.to)?;
    let password = context.password(args.password_stdin, &args.backup)?;
    let copied = backup::restore(&args.backup, &password, &args.to).map_err(|fault| explained(context, fault))?;
    if !copied.certificates.is_empty() {
        context.known_keys()?.remember(&args.to, copied.certificates.clone())?;
    }
    say_names(context, &copied.certificates);
    context.line("restore-done", &[("path", Value::Text(&shown(&copied.path)))]);
    Ok(ExitCode::SUCCESS)
}

fn places<'a>(path: &'a str, copied: &'a Copied) -> [(&'static str, Value<'a>); 2] {
    [("path", Value::Text(path)), ("sha256", Value::Text(&copied.sha256))]
}

fn say_names(context: &Context, certificates: &[Certificate]) {
    for certificate in certificates {
        let until = certificate.not_after().date().to_string();
        let name = &certificate.holder().name;
        context.line("life-key", &[("name", Value::Text(name)), ("until", Value::Text(&until))]);
    }
}

/// Scripts may have asked for the key by the name that the file had for it.
fn tell_of_name(context: &Context, resealed: &Resealed) {
    if let Some(name) = &resealed.renamed {
        context.note("life-renamed", &[("name", Value::Text(name))]);
    }
}

/// A name that does not end as key files do is meant for a folder: a stick that is not plugged in would else become a file
/// on this computer's own disk.
fn check_backup_file(context: &Context, to: &Path) -> Result<(), CommandError> {
    refuse_occupied(context, to)?;
    let ending = to.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_file_name = ["p12", "pfx", "jks"].contains(&ending.as_str());
    if !is_file_name || to.to_string_lossy().ends_with(std::path::is_separator) {
        return Err(failed(context, "backup-no-folder", &[("path", Value::Text(&shown(to)))]));
    }
    refuse_missing_folder(context, to)
}

fn refuse_occupied(context: &Context, path: &Path) -> Result<(), CommandError> {
    if !is_taken(path) {
        return Ok(());
    }
    Err(failed(context, "life-occupied", &[("path", Value::Text(&shown(path)))]))
}

fn is_taken(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

fn is_jks(file: &Path) -> bool {
    let head = platform::files::read_bounded(file, keystore::pkcs12::MOST_OCTETS as u64);
    head.is_ok_and(|octets| Format::of(&octets) == Ok(Format::Jks))
}

/// `GOST512.modern.p12`
fn beside(file: &Path, word: &str) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!(".{word}.p12"));
    file.with_file_name(name)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
