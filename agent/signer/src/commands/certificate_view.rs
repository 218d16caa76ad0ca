//! A certificate in words and as JSON, for whatever command shows one.

use super::Context;
use crate::{
    fitness::{Measure, is_test},
    life::standing::{days_left, is_soon},
};
use pki::{
    Certificate, PublicKey, Timestamp, Validity, oid,
    trust::{Anchors, Standing, judge},
};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use texts::Value;

/// Who issued a certificate, as far as that is believed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IssuedBy {
    /// An authority of the NCA that Tanba brings along.
    Nca,
    /// One that the person or the administrator added.
    Added,
    Test,
    Unknown,
}

impl IssuedBy {
    fn of(certificate: &Certificate, measure: &Measure) -> Self {
        match judge(certificate, &[], &measure.anchors) {
            Standing::Production(anchor) if Anchors::production().iter().any(|own| own == anchor) => Self::Nca,
            Standing::Production(_) => Self::Added,
            Standing::Test(_) => Self::Test,
            Standing::Unknown => Self::Unknown,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Nca => "nca",
            Self::Added => "added",
            Self::Test => "test",
            Self::Unknown => "unknown",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Nca => "inspect-issued-nca",
            Self::Added => "inspect-issued-added",
            Self::Test => "inspect-issued-test",
            Self::Unknown => "inspect-issued-unknown",
        }
    }
}

/// Whose key it is and how it stands, for lists.
pub(super) fn brief_json(certificate: &Certificate, measure: &Measure) -> Json {
    let holder = certificate.holder();
    json!({
        "name": holder.name,
        "iin": holder.iin.as_ref().map(ToString::to_string),
        "bin": holder.bin.as_ref().map(ToString::to_string),
        "organisation": holder.organisation,
        "serialNumber": certificate.serial().to_hex(),
        "algorithm": certificate.public_key().kalkan_name(),
        "notBefore": certificate.not_before().iso8601().to_string(),
        "notAfter": certificate.not_after().iso8601().to_string(),
        "daysLeft": days_left(certificate, measure.now),
        "blocked": measure.blocked.find(certificate).map(|blocked| json!({
            "since": Timestamp::from_unix(blocked.since).iso8601().to_string(),
            "why": blocked.why,
        })),
        "test": is_test(certificate, measure),
    })
}

/// The same, with all else that a certificate says.
pub(super) fn as_json(certificate: &Certificate, measure: &Measure) -> Json {
    let mut all = json!({
        "subject": certificate.subject().to_dn_string(),
        "issuer": certificate.issuer().to_dn_string(),
        "issuedBy": IssuedBy::of(certificate, measure).code(),
        "extendedKeyUsage": certificate.extended_key_usage().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "subjectKeyIdentifier": certificate.subject_key_identifier().map(hex::encode),
        "authorityKeyIdentifier": certificate.authority_key_identifier().map(hex::encode),
    });
    if let (Json::Object(all), Json::Object(brief)) = (&mut all, brief_json(certificate, measure)) {
        all.extend(brief);
    }
    all
}

/// One line of a list, and below it what a person should know before they sign with that key.
pub(super) fn line(context: &Context, certificate: &Certificate, measure: &Measure) {
    let holder = certificate.holder();
    let mut about = vec![holder.name.clone()];
    about.extend(holder.organisation.clone());
    about.extend(purpose(certificate).map(|id| context.texts.text(id)));
    let name = about.join(" · ");
    let serial: String = certificate.serial().to_hex().chars().take(8).collect();
    let days = days_left(certificate, measure.now);
    let until = certificate.not_after().date().to_string();
    let id = match certificate.validity_at(measure.now) {
        Validity::Current => "keys-key-days",
        Validity::Expired => "keys-key-expired",
        Validity::NotYet => "keys-key-not-yet",
    };
    context.line(
        id,
        &[
            ("name", Value::Text(&name)),
            ("until", Value::Text(&until)),
            ("algorithm", Value::Text(&algorithm(context, certificate.public_key()))),
            ("serial", Value::Text(&serial)),
            ("days", Value::Count(days.unwrap_or(0))),
        ],
    );
    if let Some(blocked) = measure.blocked.find(certificate) {
        let since = Timestamp::from_unix(blocked.since).date().to_string();
        context.line("keys-blocked", &[("since", Value::Text(&since)), ("serial", Value::Text(&blocked.serial))]);
    } else if days.is_some_and(is_soon) {
        context.line("keys-ends-soon", &[]);
    }
    if is_test(certificate, measure) {
        context.line("keys-test", &[]);
    }
}

/// Which of the two keys that the NCA gives a person it is.
pub(super) fn purpose(certificate: &Certificate) -> Option<&'static str> {
    let usages = certificate.extended_key_usage();
    match (usages.contains(&oid::EMAIL_PROTECTION), usages.contains(&oid::CLIENT_AUTH)) {
        (true, false) => Some("keys-for-signing"),
        (false, true) => Some("keys-for-login"),
        _ => None,
    }
}

/// The algorithm as people call it here.
pub(super) fn algorithm(context: &Context, key: &PublicKey) -> String {
    let bits = match key {
        PublicKey::Gost512(_) => "512",
        PublicKey::Gost256(_) => "256",
        PublicKey::Gost2004(_) => "2004",
        other => return other.kalkan_name().to_owned(),
    };
    context.say("keys-gost", &[("which", Value::Text(bits))])
}

/// Several lines, indented.
pub(super) fn in_words(context: &Context, certificate: &Certificate, measure: &Measure) -> String {
    let holder = certificate.holder();
    let mut lines = String::new();
    let mut line = |id: &str, value: &str| {
        let _ = writeln!(lines, "  {}", context.say(id, &[("value", Value::Text(value))]));
    };
    line("inspect-name", &holder.name);
    if let Some(iin) = &holder.iin {
        line("inspect-iin", iin.as_str());
    }
    if let Some(organisation) = &holder.organisation {
        line("inspect-organisation", organisation);
    }
    if let Some(bin) = &holder.bin {
        line("inspect-bin", bin.as_str());
    }
    line("inspect-issuer", certificate.issuer().common_name().unwrap_or_default());
    line(IssuedBy::of(certificate, measure).sentence(), "");
    let period = format!("{} – {}", certificate.not_before().date(), certificate.not_after().date());
    line(
        match certificate.validity_at(context.now) {
            Validity::Current => "inspect-valid",
            Validity::Expired => "inspect-expired",
            Validity::NotYet => "inspect-not-yet",
        },
        &period,
    );
    line("inspect-algorithm", certificate.public_key().kalkan_name());
    line("inspect-serial", &certificate.serial().to_hex());
    lines
}
