//! Findings for people: the verdict first, then each signature, each line with its reason.

use super::findings::{Complaint, Findings, Found, Place};
use crate::commands::{Context, certificate_view, output};
use crate::fitness::Measure;
use crate::judgement::{Believed, Fault, Judged, Moment, Revocation, Source, Trouble};
use pki::Timestamp;
use texts::Value;

pub(super) fn say(context: &Context, findings: &Findings, measure: &Measure) {
    // Without the document nothing was found to be wrong; it was not looked at.
    let is_unchecked = findings.content == Place::Missing;
    let verdict = match (findings.is_good(), findings.has_test_certificate()) {
        (true, false) => "verify-good",
        (true, true) => "verify-good-test",
        (false, _) if is_unchecked => "verify-unchecked",
        (false, _) if findings.signatures.is_empty() => "verify-none",
        (false, _) => "verify-bad",
    };
    context.line(verdict, &[]);
    if findings.is_good() {
        for id in findings.not_found_out() {
            context.line(id, &[]);
        }
    }
    match findings.content {
        Place::Inside(octets) => context.line("verify-embedded", &[("size", Value::Count(octets))]),
        Place::Given | Place::Missing => context.line("verify-detached", &[]),
        Place::Here => {}
    }
    for problem in &findings.problems {
        if problem.sentence == "verify-content-needed" {
            context.line(problem.sentence, &[]);
        } else {
            complain(context, problem);
        }
    }
    for remark in &findings.remarks {
        context.line("verify-remark", &[("value", Value::Text(remark))]);
    }
    let total = findings.signatures.len() as u64;
    for (number, found) in (1..).zip(&findings.signatures) {
        if total > 1 || found.certificate.is_some() {
            context.line("verify-signer", &[("number", Value::Count(number)), ("total", Value::Count(total))]);
        }
        one(context, found, measure);
    }
}

fn one(context: &Context, found: &Found, measure: &Measure) {
    if let Some(certificate) = &found.certificate {
        output::print_text(&certificate_view::in_words(context, certificate, measure));
    }
    for (id, detail) in found.scope.iter().filter(|_| found.fits) {
        let detail = detail.as_deref().unwrap_or_default();
        context.line(id, &[("detail", Value::Text(detail))]);
    }
    match found.claimed {
        Some(time) => dated(context, "verify-signing-time", time),
        None => context.line("verify-signing-time-none", &[]),
    }
    for stamp in &found.stamps {
        match (stamp.time(), stamp.authority(), stamp.problem()) {
            (Some(time), Some(service), _) => {
                let time = time.local().to_string();
                let service = service.subject().common_name().unwrap_or_default();
                context.line("verify-stamp", &[("value", Value::Text(&time)), ("service", Value::Text(service))]);
            }
            (.., Some(problem)) => context.line("verify-stamp-bad", &[("detail", Value::Text(&problem.to_string()))]),
            _ => {}
        }
    }
    for problem in &found.problems {
        complain(context, problem);
    }
    if let Some(judged) = &found.judged {
        trust(context, judged);
    }
    for fault in found.faults() {
        let is_undated = found.judged.as_ref().is_some_and(|judged| judged.moment == Moment::Now);
        let id = match fault {
            Fault::NotValid if is_undated => "verify-cert-not-valid-now",
            fault => fault_sentence(*fault),
        };
        problem_line(context, &context.texts.text(id));
    }
    for remark in &found.remarks {
        context.line("verify-remark", &[("value", Value::Text(remark))]);
    }
}

/// What the verdict about the certificate rests on.
fn trust(context: &Context, judged: &Judged) {
    match &judged.believed {
        Believed::Production { anchor, by_key_only } => {
            let id = if *by_key_only { "verify-anchor-key-only" } else { "verify-anchor" };
            context.line(id, &[("anchor", Value::Text(anchor))]);
        }
        Believed::Test { anchor } => context.line("verify-anchor-test", &[("anchor", Value::Text(anchor))]),
        Believed::Nobody(reason) => context.line("verify-anchor-none", &[("detail", Value::Text(reason))]),
    }
    if let Some(reason) = &judged.stamp_not_believed {
        context.line("verify-stamp-not-believed", &[("detail", Value::Text(reason))]);
    }
    if !judged.is_time_proven() && matches!(judged.moment, Moment::Claimed(_)) {
        context.line("verify-time-not-proven", &[]);
    }
    let from = |source: &Source| match source {
        Source::Ocsp => "OCSP",
        Source::List => "CRL",
    };
    match &judged.revocation {
        Revocation::NotAsked => context.line("verify-no-revocation", &[]),
        Revocation::NoIssuer => context.line("verify-revocation-no-issuer", &[]),
        Revocation::Good { source, as_of } => {
            let time = as_of.local().to_string();
            context.line("verify-not-revoked", &[("source", Value::Text(from(source))), ("value", Value::Text(&time))]);
        }
        Revocation::Revoked { source, since, reason } => {
            let time = since.local().to_string();
            let reason = reason.map(|reason| reason.name()).unwrap_or("-");
            context.line(
                "verify-revoked",
                &[
                    ("source", Value::Text(from(source))),
                    ("value", Value::Text(&time)),
                    ("reason", Value::Text(reason)),
                ],
            );
        }
        Revocation::Unknown(why) => context.line("verify-revocation-unknown", &[("detail", Value::Text(why))]),
    }
    for trouble in &judged.troubles {
        let detail = match trouble {
            Trouble::Service(error) => crate::commands::say(&context.texts, &error.sentence()),
            Trouble::Evidence(one) => one.cause.clone(),
        };
        context.line("verify-trouble", &[("detail", Value::Text(&detail))]);
    }
}

fn dated(context: &Context, id: &str, time: Timestamp) {
    let time = time.local().to_string();
    context.line(id, &[("value", Value::Text(&time))]);
}

fn complain(context: &Context, problem: &Complaint) {
    problem_line(context, &context.texts.format(problem.sentence, &[("detail", Value::Text(&problem.detail))]));
}

fn problem_line(context: &Context, sentence: &str) {
    context.line("verify-problem", &[("value", Value::Text(sentence))]);
}

fn fault_sentence(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "verify-cert-missing",
        Fault::Unknown => "verify-cert-unknown",
        Fault::Test => "verify-cert-test",
        Fault::NotValid => "verify-cert-not-valid",
        Fault::Future => "verify-time-future",
        Fault::Revoked => "verify-cert-revoked",
        Fault::IssuerRevoked => "verify-issuer-revoked",
        Fault::WrongPurpose => "verify-wrong-purpose",
        Fault::RevocationUnknown => "verify-cert-revocation-unknown",
    }
}
