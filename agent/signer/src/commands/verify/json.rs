//! Findings for programs.

use super::Kind;
use super::findings::{Complaint, Findings, Found, Place};
use crate::commands::certificate_view;
use crate::fitness::Measure;
use crate::judgement::{Believed, Fault, Judged, Moment, Revocation, Source};
use pki::Timestamp;
use serde_json::{Value as Json, json};
use signature::cms::StampReport;

pub(super) fn of(findings: &Findings, measure: &Measure) -> Json {
    let mut all = json!({
        "kind": match findings.kind { Kind::Cms => "cms", Kind::Xml => "xml", Kind::Pdf => "pdf" },
        "valid": findings.is_good(),
        "signers": findings.signatures.iter().map(|found| signature(found, measure)).collect::<Vec<_>>(),
        "problems": findings.problems.iter().map(complaint).collect::<Vec<_>>(),
        "remarks": findings.remarks,
    });
    if findings.kind == Kind::Cms {
        let (attached, octets) = match findings.content {
            Place::Inside(octets) => (true, Some(octets)),
            Place::Given | Place::Missing | Place::Here => (false, None),
        };
        merge(&mut all, json!({ "attached": attached, "contentOctets": octets }));
    }
    all
}

fn signature(found: &Found, measure: &Measure) -> Json {
    let mut problems: Vec<_> = found.problems.iter().map(complaint).collect();
    problems.extend(found.faults().iter().map(|fault| json!({ "code": fault_code(*fault) })));
    let mut one = json!({
        "valid": found.is_good(),
        "integrity": found.fits,
        "test": found.is_test(),
        "signingTime": found.claimed.map(iso),
        "signatureAlgorithm": found.algorithm,
        "certificate": found.certificate.as_ref().map(|one| certificate_view::as_json(one, measure)),
        "timeStamps": found.stamps.iter().map(stamp).collect::<Vec<_>>(),
        "problems": problems,
        "remarks": found.remarks,
    });
    if let Some(judged) = &found.judged {
        merge(&mut one, trust(judged));
    }
    merge(&mut one, found.more.clone());
    one
}

fn trust(judged: &Judged) -> Json {
    let (anchor, by_key_only, reason) = match &judged.believed {
        Believed::Production { anchor, by_key_only } => (Some(anchor), *by_key_only, None),
        Believed::Test { anchor } => (Some(anchor), false, None),
        Believed::Nobody(reason) => (None, false, Some(reason)),
    };
    let (time, source) = match judged.moment {
        Moment::Stamped(time) => (Some(time), "time-stamp"),
        Moment::Claimed(time) => (Some(time), "signer"),
        Moment::Now => (None, "now"),
    };
    json!({
        "anchor": anchor,
        "anchorKnownByKeyOnly": by_key_only,
        "chainProblem": reason,
        "judgedAt": time.map(iso),
        "judgedBy": source,
        "timeProven": judged.is_time_proven(),
        "forSigning": judged.is_for_signing,
        "timeStampNotBelieved": judged.stamp_not_believed,
        "revocation": revocation(&judged.revocation),
        "troubles": judged.troubles.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn revocation(revocation: &Revocation) -> Json {
    let from = |source: Source| match source {
        Source::Ocsp => "ocsp",
        Source::List => "crl",
    };
    match revocation {
        Revocation::NotAsked => json!({ "status": "not-asked" }),
        Revocation::NoIssuer => json!({ "status": "no-issuer" }),
        Revocation::Good { source, as_of } => json!({ "status": "good", "source": from(*source), "asOf": iso(*as_of) }),
        Revocation::Revoked { source, since, reason } => json!({
            "status": "revoked",
            "source": from(*source),
            "since": iso(*since),
            "reason": reason.map(|reason| reason.name()),
        }),
        Revocation::Unknown(why) => json!({ "status": "unknown", "detail": why }),
    }
}

fn stamp(stamp: &StampReport) -> Json {
    json!({
        "valid": stamp.is_good(),
        "time": stamp.time().map(iso),
        "service": stamp.authority().map(|one| one.subject().to_dn_string()),
        "policy": stamp.verdict.as_ref().ok().map(|stamp| stamp.policy.to_string()),
        "problem": stamp.problem().map(ToString::to_string),
    })
}

fn complaint(one: &Complaint) -> Json {
    json!({ "code": one.code, "detail": one.detail })
}

fn fault_code(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "certificate-missing",
        Fault::Unknown => "certificate-unknown-issuer",
        Fault::Test => "certificate-test",
        Fault::NotValid => "certificate-not-valid",
        Fault::Future => "signing-time-in-future",
        Fault::Revoked => "certificate-revoked",
        Fault::IssuerRevoked => "issuer-revoked",
        Fault::WrongPurpose => "certificate-wrong-purpose",
        Fault::RevocationUnknown => "revocation-unknown",
    }
}

fn iso(time: Timestamp) -> String {
    time.iso8601().to_string()
}

/// The members of `more` beside those of `into`.
fn merge(into: &mut Json, more: Json) {
    if let (Json::Object(into), Json::Object(more)) = (into, more) {
        into.extend(more);
    }
}
