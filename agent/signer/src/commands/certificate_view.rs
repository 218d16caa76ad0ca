//! A certificate in words and as JSON, for `verify` and `inspect`.

use super::Context;
use crate::fitness::Measure;
use pki::{
    Certificate, Validity,
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

pub(super) fn as_json(certificate: &Certificate, measure: &Measure) -> Json {
    let holder = certificate.holder();
    json!({
        "subject": certificate.subject().to_dn_string(),
        "name": holder.name,
        "iin": holder.iin.as_ref().map(ToString::to_string),
        "bin": holder.bin.as_ref().map(ToString::to_string),
        "organisation": holder.organisation,
        "issuer": certificate.issuer().to_dn_string(),
        "issuedBy": IssuedBy::of(certificate, measure).code(),
        "serialNumber": certificate.serial().to_hex(),
        "algorithm": certificate.public_key().kalkan_name(),
        "notBefore": certificate.not_before().iso8601().to_string(),
        "notAfter": certificate.not_after().iso8601().to_string(),
        "extendedKeyUsage": certificate.extended_key_usage().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "subjectKeyIdentifier": certificate.subject_key_identifier().map(hex::encode),
        "authorityKeyIdentifier": certificate.authority_key_identifier().map(hex::encode),
    })
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
