//! `tanba inspect`: what a file is, in words.

use super::{
    CommandError, Context, InspectArgs, certificate_view,
    output::{print_json, print_text},
    read_file, verify,
};
use crate::key_file;
use keystore::pkcs12::Weakness;
use pki::Certificate;
use serde_json::json;
use signature::cms;
use std::process::ExitCode;
use texts::Value;

/// The largest file that is looked into, in octets.
const LONGEST: u64 = 256 * 1024 * 1024;

pub(super) fn inspect(context: &Context, args: &InspectArgs) -> Result<ExitCode, CommandError> {
    let bytes = read_file(&args.file, LONGEST)?;
    if let Ok(certificate) = Certificate::from_pem_or_der(&bytes) {
        return show_certificate(context, args, &certificate);
    }
    if keystore::looks_like_key_file(&bytes) {
        return show_key_file(context, args, &bytes);
    }
    if cms::decode_any(&bytes).is_ok() || verify::kind_of(&args.file)? != verify::Kind::Cms {
        let args = super::VerifyArgs {
            file: args.file.clone(),
            content: None,
            json: args.json,
            offline: true,
            require_revocation: false,
        };
        // To look into a signature is no verdict over it: the code says only whether it could be read.
        return verify::verify(context, &args).map(|_| ExitCode::SUCCESS);
    }
    Err(CommandError::Unreadable(context.texts.text("inspect-nothing-known")))
}

fn show_certificate(
    context: &Context,
    args: &InspectArgs,
    certificate: &Certificate,
) -> Result<ExitCode, CommandError> {
    let measure = context.measure();
    if args.json {
        print_json(&json!({ "kind": "certificate", "certificate": certificate_view::as_json(certificate, &measure) }));
    } else {
        context.line("inspect-certificate", &[]);
        print_text(&certificate_view::in_words(context, certificate, &measure));
    }
    Ok(ExitCode::SUCCESS)
}

fn show_key_file(context: &Context, args: &InspectArgs, bytes: &[u8]) -> Result<ExitCode, CommandError> {
    // Everything in a key file, even the certificate, is under the password.
    key_file::check(&args.file)?;
    let password = context.password(args.password_stdin, &args.file)?;
    let store = key_file::open(&args.file, &password)?;
    let entries = store.list();
    let weak = keystore::weaknesses(bytes).unwrap_or_default();
    let measure = context.measure();
    if args.json {
        let keys: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({
                    "alias": entry.alias,
                    "certificate": entry.certificate.as_ref().map(|one| certificate_view::as_json(one, &measure)),
                })
            })
            .collect();
        let weak: Vec<_> = weak.iter().map(|one| one.code()).collect();
        print_json(&json!({ "kind": "keyFile", "keys": keys, "weaknesses": weak }));
        return Ok(ExitCode::SUCCESS);
    }
    context.line("inspect-key-file", &[("count", Value::Count(entries.len() as u64))]);
    if weak.is_empty() {
        context.line("inspect-protection-good", &[]);
    } else {
        let what: Vec<_> = weak.iter().map(|one| weakness(context, *one)).collect();
        context.line("inspect-protection-old", &[("what", Value::Text(&what.join(", ")))]);
    }
    for entry in entries {
        context.line("inspect-alias", &[("value", Value::Text(&entry.alias))]);
        match &entry.certificate {
            Some(certificate) => print_text(&certificate_view::in_words(context, certificate, &measure)),
            None => context.line("inspect-no-certificate", &[]),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is weak about a key file; the names of algorithms are the same in every language.
fn weakness(context: &Context, weakness: Weakness) -> String {
    match weakness {
        Weakness::Rc2 => "RC2".to_owned(),
        Weakness::TripleDes => "3DES".to_owned(),
        Weakness::Sha1 => "SHA-1".to_owned(),
        Weakness::Jks => "JKS".to_owned(),
        Weakness::OpenKey => context.texts.text("inspect-weak-open-key"),
        Weakness::NoMac => context.texts.text("inspect-weak-no-mac"),
        Weakness::FewRounds(count) => context.texts.format("inspect-weak-rounds", &[("count", Value::Count(count))]),
        other => other.code().to_owned(),
    }
}
