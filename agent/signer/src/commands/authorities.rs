//! `tanba trust ca add | list | remove`: the authorities that are believed beside the NCA's own.
//!
//! Each is a file of its own in the data folder, named by the SHA-256 of its certificate, so that adding twice adds once
//! and an administrator can put one there with other means.

use super::{CommandError, Context, output, read_file};
use clap::Subcommand;
use pki::{
    Certificate, KeyUsage, Validity,
    trust::{Anchor, Environment, Provenance},
};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// The fewest digits of a fingerprint that name an authority.
const SHORTEST_FINGERPRINT: usize = 8;
/// The most authorities of one kind that are read.
const MOST: usize = 64;

/// `tanba trust ca`.
#[derive(Debug, Subcommand)]
pub enum AuthorityCommand {
    /// Believe an authority from now on. Compare the fingerprint with one that you got another way
    Add {
        /// The authority's certificate (DER or PEM)
        file: PathBuf,
        /// It is a test authority: it counts in the test environment only, and windows say TEST
        #[arg(long)]
        test: bool,
    },
    /// List all authorities, those that come with Tanba and those that were added
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Believe an added authority no longer
    Remove {
        /// The SHA-256 of its certificate as `tanba trust ca list` shows it; its first 8 digits are enough
        fingerprint: String,
    },
}

pub(super) fn run(context: &Context, command: &AuthorityCommand) -> Result<ExitCode, CommandError> {
    match command {
        AuthorityCommand::Add { file, test } => {
            add(context, file, if *test { Environment::Test } else { Environment::Production })
        }
        AuthorityCommand::List { json } => list(context, *json),
        AuthorityCommand::Remove { fingerprint } => remove(context, fingerprint),
    }
}

/// The folder of the added authorities of a kind.
pub(super) fn folder(context: &Context, environment: Environment) -> PathBuf {
    context.places.data().join(match environment {
        Environment::Production => "authorities",
        Environment::Test => "test-authorities",
    })
}

/// The authorities that were added, each with its file. What is no certificate is passed over: it believes nobody.
pub(super) fn added(context: &Context, environment: Environment) -> Vec<(PathBuf, Certificate)> {
    let Ok(entries) = fs::read_dir(folder(context, environment)) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    // In the same order every time, so that with too many of them it is the same ones that count.
    paths.sort();
    paths
        .into_iter()
        .take(MOST)
        .filter_map(|path| {
            let bytes = platform::files::read_bounded(&path, Certificate::MAX_LEN as u64 * 2).ok()?;
            Some((path, Certificate::from_pem_or_der(&bytes).ok()?))
        })
        .collect()
}

fn add(context: &Context, file: &Path, environment: Environment) -> Result<ExitCode, CommandError> {
    let bytes = read_file(file, Certificate::MAX_LEN as u64 * 2)?;
    let certificate = Certificate::from_pem_or_der(&bytes)
        .map_err(|error| CommandError::Unreadable(format!("{} ({error})", context.texts.text("ca-not-certificate"))))?;
    let may_sign = certificate.key_usage().is_none_or(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN));
    if !(certificate.basic_constraints_ca() && may_sign) {
        return Err(CommandError::Failed(context.texts.text("ca-no-authority")));
    }
    let other = |known: &&Anchor| known.public_key() == certificate.public_key() && known.environment() != environment;
    if let Some(known) = context.measure().anchors.iter().find(other) {
        let id = match known.environment() {
            Environment::Test => "ca-is-test",
            Environment::Production => "ca-is-real",
        };
        return Err(CommandError::Failed(context.texts.format(id, &[("name", Value::Text(known.label()))])));
    }
    let anchor = Anchor::from_certificate(&certificate, environment);
    let folder = folder(context, environment);
    let fault = |error| CommandError::File(folder.clone(), error);
    platform::files::create_private_dir(&folder).map_err(fault)?;
    let fingerprint = fingerprint(&anchor);
    platform::files::write_private(&folder.join(format!("{fingerprint}.cer")), certificate.der()).map_err(fault)?;
    context.line("ca-added", &[("name", Value::Text(anchor.label())), ("fingerprint", Value::Text(&fingerprint))]);
    if certificate.validity_at(context.now) != Validity::Current {
        let until = certificate.not_after().date().to_string();
        let from = certificate.not_before().date().to_string();
        context.note("ca-not-valid-now", &[("from", Value::Text(&from)), ("until", Value::Text(&until))]);
    }
    if environment == Environment::Test && !context.settings.test_environment {
        let at = context.places.settings_file().display().to_string();
        context.note("ca-test-outside", &[("settings", Value::Text(&at))]);
    }
    Ok(ExitCode::SUCCESS)
}

fn list(context: &Context, as_json: bool) -> Result<ExitCode, CommandError> {
    let measure = context.measure();
    let files: Vec<_> =
        [Environment::Production, Environment::Test].iter().flat_map(|one| added(context, *one)).collect();
    let file_of = |anchor: &Anchor| {
        let of = |(path, certificate): &(PathBuf, Certificate)| {
            (Anchor::from_certificate(certificate, anchor.environment()) == *anchor).then(|| path.clone())
        };
        files.iter().find_map(of)
    };
    if as_json {
        let rows: Vec<_> = measure
            .anchors
            .iter()
            .map(|anchor| {
                json!({
                    "name": anchor.label(),
                    "test": anchor.environment() == Environment::Test,
                    "counts": anchor.environment() == Environment::Production || measure.test_environment,
                    "sha256": matches!(anchor.provenance(), Provenance::Certificate(_)).then(|| fingerprint(anchor)),
                    "keyIdentifier": anchor.key_identifier().map(hex::encode),
                    "notAfter": anchor.period().map(|(_, until)| until.iso8601().to_string()),
                    "addedAs": file_of(anchor),
                })
            })
            .collect();
        output::print_json(&json!({ "authorities": rows }));
        return Ok(ExitCode::SUCCESS);
    }
    for anchor in measure.anchors.iter() {
        let id = match (anchor.environment(), file_of(anchor).is_some()) {
            (Environment::Production, false) => "ca-line-embedded",
            (Environment::Production, true) => "ca-line-added",
            (Environment::Test, false) => "ca-line-test",
            (Environment::Test, true) => "ca-line-test-added",
        };
        context.line(id, &[("name", Value::Text(anchor.label()))]);
        match (anchor.period(), anchor.provenance()) {
            (Some((_, until)), Provenance::Certificate(_)) => {
                let (until, fingerprint) = (until.date().to_string(), fingerprint(anchor));
                context.line(
                    "ca-line-certificate",
                    &[("until", Value::Text(&until)), ("fingerprint", Value::Text(&fingerprint))],
                );
            }
            _ => {
                let identifier = anchor.key_identifier().map(hex::encode).unwrap_or_default();
                context.line("ca-line-key-only", &[("identifier", Value::Text(&identifier))]);
            }
        }
    }
    if !measure.test_environment {
        context.line("ca-test-do-not-count", &[]);
    }
    Ok(ExitCode::SUCCESS)
}

fn remove(context: &Context, wanted: &str) -> Result<ExitCode, CommandError> {
    let wanted: String = wanted.chars().filter(|c| *c != ':' && !c.is_whitespace()).collect::<String>().to_lowercase();
    if wanted.len() < SHORTEST_FINGERPRINT || !wanted.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return Err(CommandError::Usage(context.texts.text("ca-fingerprint-wanted")));
    }
    let mut found = Vec::new();
    for environment in [Environment::Production, Environment::Test] {
        for (path, certificate) in added(context, environment) {
            let anchor = Anchor::from_certificate(&certificate, environment);
            if fingerprint(&anchor).starts_with(&wanted) {
                found.push((path, anchor));
            }
        }
    }
    // One certificate may stand in several files.
    let is_one = found.windows(2).all(|two| matches!(two, [(_, a), (_, b)] if fingerprint(a) == fingerprint(b)));
    let Some((_, anchor)) = found.first().filter(|_| is_one) else {
        let id = if found.is_empty() { "ca-unknown" } else { "ca-several" };
        return Err(CommandError::Failed(context.texts.format(id, &[("fingerprint", Value::Text(&wanted))])));
    };
    for (path, _) in &found {
        fs::remove_file(path).map_err(|error| CommandError::File(path.clone(), error))?;
    }
    context.line("ca-removed", &[("name", Value::Text(anchor.label()))]);
    Ok(ExitCode::SUCCESS)
}

/// SHA-256 of the authority's certificate in hexadecimal; empty where none was seen.
fn fingerprint(anchor: &Anchor) -> String {
    match anchor.provenance() {
        Provenance::Certificate(sha256) => hex::encode(sha256),
        Provenance::KeyOnly => String::new(),
    }
}
