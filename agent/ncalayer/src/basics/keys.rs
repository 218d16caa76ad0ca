//! `generateCsr` and `importCertificate`.
//!
//! The original has both names; what their arguments are, nothing public says. These are ours
//! (`docs/ncalayer-dialect.md`), in the manner of `sign`: named arguments, a yes of the person, the same replies.

use super::{Called, Code, Refusal, Shape, extended_key_usage, locale, object, storages, string};
use crate::document::{self, DocumentError, Limits};
use crate::envelope::{Context, json_complaint};
use crate::lenient_json::{Object, Value};
use crate::writer::Writer;
use order::{KeyInfo, KeyUse, NewKeyAlgorithm, NewKeyTask, Requested, Subject, Task};
use serde_bytes::ByteBuf;

/// `generateCsr`: everything is checked before a window opens, and the person reads it before a key is made.
pub(super) fn generate_csr(args: &Object<'_>, context: &Context<'_>) -> Result<Called, Refusal> {
    let storages = storages(args.get("allowedStorages"), Code::CsrFailure, context)?;
    let algorithm = match args.get("algorithm") {
        None | Some(Value::Null) => NewKeyAlgorithm::Gost512,
        Some(Value::String(name)) => match name.as_ref() {
            "GOST2015-512" => NewKeyAlgorithm::Gost512,
            "RSA-2048" => NewKeyAlgorithm::Rsa2048,
            _ => return Err(refused("algorithm is none of GOST2015-512, RSA-2048")),
        },
        other => return Err(Refusal::json(&json_complaint("algorithm", other, "not a string."))),
    };
    let key_use = match args.get("keyUse") {
        None | Some(Value::Null) => KeyUse::Signature,
        Some(Value::String(name)) => match name.as_ref() {
            "SIGNATURE" => KeyUse::Signature,
            "AUTHENTICATION" => KeyUse::Authentication,
            _ => return Err(refused("keyUse is none of SIGNATURE, AUTHENTICATION")),
        },
        other => return Err(Refusal::json(&json_complaint("keyUse", other, "not a string."))),
    };
    let roles = match args.get("extKeyUsageOids") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) => extended_key_usage(args).map_err(of_request)?,
    };
    let subject = subject(object(args, "subject")?)?;
    let task = NewKeyTask { storages, algorithm, key_use, roles, subject };
    Ok(Called { task: Task::NewKey(Box::new(task)), locale: locale(args), shape: Shape::Request })
}

/// What is wrong with the arguments of a request.
fn refused(details: impl Into<String>) -> Refusal {
    Refusal { code: Code::CsrFailure, details: details.into() }
}

/// The same complaint as a failure of this method, where the original's own code is about signing.
fn of_request(refusal: Refusal) -> Refusal {
    match refusal.code {
        Code::InvalidSigningParams => Refusal { code: Code::CsrFailure, ..refusal },
        _ => refusal,
    }
}

fn subject(given: &Object<'_>) -> Result<Subject, Refusal> {
    let text = |name: &str| match given.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => {
            let text = text.trim();
            if text.chars().count() > Subject::LONGEST {
                return Err(refused(format!("{name} has more than {} characters", Subject::LONGEST)));
            }
            if text.chars().any(char::is_control) {
                return Err(refused(format!("{name} has a control character")));
            }
            Ok(text.to_owned())
        }
        other => Err(Refusal::json(&json_complaint(name, other, "not a string."))),
    };
    let digits = |name: &str| {
        let number = text(name)?;
        let is_number = number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit());
        if number.is_empty() || is_number { Ok(number) } else { Err(refused(format!("{name} is not twelve digits"))) }
    };
    let subject = Subject {
        common_name: text("commonName")?,
        surname: text("surname")?,
        given_name: text("givenName")?,
        iin: digits("iin")?,
        organisation: text("organization")?,
        bin: digits("bin")?,
        email: text("email")?,
        locality: text("locality")?,
        region: text("region")?,
    };
    if subject.common_name.is_empty() {
        return Err(refused("subject has no commonName"));
    }
    Ok(subject)
}

/// `importCertificate`: `certificate` is one text or an array of them, each PEM or base64 of a certificate or of a CMS
/// that holds certificates.
pub(super) fn import_certificate(args: &Object<'_>, _: &Context<'_>) -> Result<Called, Refusal> {
    let invalid = |details: String| Refusal { code: Code::InvalidCertificate, details };
    let texts = match args.get("certificate") {
        Some(Value::Array(items)) if items.is_empty() => {
            return Err(invalid("certificate is an empty array".to_owned()));
        }
        Some(Value::Array(items)) if items.len() > Task::MOST_CERTIFICATES => {
            return Err(invalid(format!("certificate has more than {} items", Task::MOST_CERTIFICATES)));
        }
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::String(text) => Ok(text.as_ref()),
                _ => Err(Refusal::json(&format!("JSONArray[{index}] not a string."))),
            })
            .collect::<Result<Vec<&str>, _>>()?,
        _ => vec![string(args, "certificate")?],
    };
    let limits = Limits { document: Task::LONGEST_CERTIFICATE, documents: Task::MOST_CERTIFICATES };
    let mut certificates = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        for body in bodies(text) {
            if certificates.len() == Task::MOST_CERTIFICATES {
                return Err(invalid(format!("certificate has more than {} items", Task::MOST_CERTIFICATES)));
            }
            let octets = document::base64_document(body, &limits).map_err(|error| {
                invalid(match error {
                    DocumentError::Empty => format!("certificate[{index}] is empty"),
                    error => format!("certificate[{index}] {error}"),
                })
            })?;
            certificates.push(ByteBuf::from(octets));
        }
    }
    Ok(Called { task: Task::ImportCertificate { certificates }, locale: locale(args), shape: Shape::Import })
}

/// What stands between the lines of PEM (RFC 7468), whatever they call it, of each block; a text without such lines is
/// itself.
fn bodies(text: &str) -> impl Iterator<Item = &str> {
    let mut blocks = text.split("-----BEGIN ");
    let before = blocks.next();
    let is_plain = text.len() == before.map_or(0, str::len);
    let bodies = blocks.map(|block| {
        let body = block.split_once("-----").map_or("", |(_, rest)| rest);
        body.split_once("-----END ").map_or(body, |(body, _)| body)
    });
    before.filter(|_| is_plain).into_iter().chain(bodies)
}

pub(super) fn requested(requested: &Requested) -> String {
    Writer::new()
        .open("body")
        .open("result")
        .pem("csr", "CERTIFICATE REQUEST", &requested.request)
        .string("requestId", &requested.id)
        .close()
        .close()
        .boolean("status", true)
        .end()
}

pub(super) fn imported(key: &KeyInfo) -> String {
    Writer::new()
        .open("body")
        .open("result")
        .pem("certificate", "CERTIFICATE", &key.certificate)
        .close()
        .close()
        .boolean("status", true)
        .end()
}
