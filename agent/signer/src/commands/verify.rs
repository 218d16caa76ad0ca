//! `tanba verify`: whether the signatures of a CMS hold, whose they are, and why not.

use super::{CommandError, Context, VerifyArgs, certificate_view, inspect, read_file, sign::LONGEST_DOCUMENT};
use crate::fitness::Measure;
use pki::{
    Validity,
    trust::{Environment, Path, find_path},
};
use serde_json::{Value as Json, json};
use signature::cms::{self, Form, Problem, Report, SignerReport};
use std::process::ExitCode;
use texts::{Texts, Value};

/// How far a signer's clock may be ahead of ours, in seconds.
const CLOCK_TOLERANCE: i64 = 300;

pub(super) fn verify(context: &Context, args: &VerifyArgs) -> Result<ExitCode, CommandError> {
    let der = cms::decode_any(&read_file(&args.file, LONGEST_DOCUMENT)?)
        .map_err(|_| CommandError::Unreadable(context.texts.text("verify-not-a-signature")))?;
    let content = args.content.as_ref().map(|path| read_file(path, LONGEST_DOCUMENT)).transpose()?;
    let external = content.as_deref().map(cms::External::Content);
    let report = cms::verify(&der, external).map_err(|error| {
        CommandError::Unreadable(format!("{} ({error})", context.texts.text("verify-not-a-signature")))
    })?;
    let measure = context.measure();
    let verdicts: Vec<_> = report.signers.iter().map(|signer| Verdict::of(signer, &report, &measure)).collect();
    let good = report.problems.is_empty() && !verdicts.is_empty() && verdicts.iter().all(Verdict::is_good);
    if args.json {
        inspect::print_json(&as_json(&report, &verdicts, good, &der, &measure));
    } else {
        in_words(context, &report, &verdicts, good, &der, &measure);
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is to be said of one signature.
struct Verdict<'a> {
    signer: &'a SignerReport,
    /// What the certificate lacks; the format's own problems stand in the report.
    certificate: Option<CertificateFault>,
    is_test: bool,
}

#[derive(Clone, Copy)]
enum CertificateFault {
    Missing,
    Unknown,
    Test,
    NotValid,
    /// The signing time lies ahead.
    Future,
}

impl CertificateFault {
    fn code(self) -> &'static str {
        match self {
            Self::Missing => "certificate-missing",
            Self::Unknown => "certificate-unknown-issuer",
            Self::Test => "certificate-test",
            Self::NotValid => "certificate-not-valid",
            Self::Future => "signing-time-in-future",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Missing => "verify-cert-missing",
            Self::Unknown => "verify-cert-unknown",
            Self::Test => "verify-cert-test",
            Self::NotValid => "verify-cert-not-valid",
            Self::Future => "verify-time-future",
        }
    }
}

impl<'a> Verdict<'a> {
    fn of(signer: &'a SignerReport, report: &Report, measure: &Measure) -> Self {
        let Some(certificate) = &signer.certificate else {
            return Self { signer, certificate: Some(CertificateFault::Missing), is_test: false };
        };
        let path = find_path(certificate, &report.certificates, &measure.anchors).ok();
        let is_test = path.as_ref().is_some_and(|path| path.anchor.environment() == Environment::Test);
        Self { signer, certificate: fault(signer, path.as_ref(), measure), is_test }
    }

    fn is_good(&self) -> bool {
        self.signer.is_good() && self.certificate.is_none()
    }

    /// The format's problems without the missing certificate, which is told as the certificate's fault.
    fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.signer.problems.iter().filter(|problem| !matches!(problem, Problem::CertificateMissing))
    }
}

fn fault(signer: &SignerReport, path: Option<&Path<'_>>, measure: &Measure) -> Option<CertificateFault> {
    let Some(path) = path else {
        return Some(CertificateFault::Unknown);
    };
    if path.anchor.environment() == Environment::Test && !measure.test_environment {
        return Some(CertificateFault::Test);
    }
    let at = signer.signing_time.unwrap_or(measure.now);
    if at.as_unix() > measure.now.as_unix().saturating_add(CLOCK_TOLERANCE) {
        return Some(CertificateFault::Future);
    }
    // The issuers had to be valid too: the key of a retired authority proves nothing after its end.
    (path.validity_at(at) != Validity::Current).then_some(CertificateFault::NotValid)
}

fn as_json(report: &Report, verdicts: &[Verdict<'_>], good: bool, der: &[u8], measure: &Measure) -> Json {
    let signers: Vec<_> = verdicts
        .iter()
        .map(|verdict| {
            let mut problems: Vec<_> =
                verdict.problems().map(|one| json!({ "code": one.code(), "detail": one.to_string() })).collect();
            if let Some(fault) = verdict.certificate {
                problems.push(json!({ "code": fault.code() }));
            }
            json!({
                "valid": verdict.is_good(),
                "integrity": verdict.signer.is_good(),
                "test": verdict.is_test,
                "signingTime": verdict.signer.signing_time.map(|time| time.iso8601().to_string()),
                "signatureAlgorithm": verdict.signer.signature_algorithm_oid.to_string(),
                "certificate": verdict.signer.certificate.as_ref().map(|one| certificate_view::as_json(one, measure)),
                "problems": problems,
                "remarks": verdict.signer.remarks.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "kind": "cms",
        "valid": good,
        "attached": report.form == Form::Attached,
        "contentOctets": cms::attached_content(der).ok().flatten().map(|content| content.len()),
        "signers": signers,
        "problems": report.problems.iter()
            .map(|one| json!({ "code": one.code(), "detail": one.to_string() })).collect::<Vec<_>>(),
        "revocation": "not-checked",
    })
}

fn in_words(context: &Context, report: &Report, verdicts: &[Verdict<'_>], good: bool, der: &[u8], measure: &Measure) {
    // Without the document nothing was found to be wrong; it was not looked at.
    let is_unchecked = report.problems.iter().any(|problem| matches!(problem, Problem::ContentMissing));
    let verdict = match (good, verdicts.iter().any(|verdict| verdict.is_test)) {
        (true, false) => "verify-good",
        (true, true) => "verify-good-test",
        (false, _) if is_unchecked => "verify-unchecked",
        (false, _) => "verify-bad",
    };
    context.line(verdict, &[]);
    match cms::attached_content(der).ok().flatten() {
        Some(content) => context.line("verify-embedded", &[("size", Value::Count(content.len() as u64))]),
        None => context.line("verify-detached", &[]),
    }
    for problem in &report.problems {
        if matches!(problem, Problem::ContentMissing) {
            context.line("verify-content-needed", &[]);
            continue;
        }
        problem_line(context, &problem_sentence(&context.texts, problem));
    }
    for (number, verdict) in (1..).zip(verdicts) {
        context
            .line("verify-signer", &[("number", Value::Count(number)), ("total", Value::Count(verdicts.len() as u64))]);
        if let Some(certificate) = &verdict.signer.certificate {
            inspect::print_text(&certificate_view::in_words(context, certificate, measure));
        }
        match verdict.signer.signing_time {
            Some(time) => {
                let time = time.local().to_string();
                context.line("verify-signing-time", &[("value", Value::Text(&time))]);
            }
            None => context.line("verify-signing-time-none", &[]),
        }
        for problem in verdict.problems() {
            problem_line(context, &problem_sentence(&context.texts, problem));
        }
        if let Some(fault) = verdict.certificate {
            problem_line(context, &context.texts.text(fault.sentence()));
        }
    }
    context.line("verify-no-revocation", &[]);
}

fn problem_line(context: &Context, sentence: &str) {
    context.line("verify-problem", &[("value", Value::Text(sentence))]);
}

/// The person's sentence for a problem; what is only of interest to those who read ASN.1 comes as it is.
fn problem_sentence(texts: &Texts, problem: &Problem) -> String {
    let id = match problem {
        Problem::NoSigner => "verify-no-signers",
        Problem::ContentDiffers | Problem::DigestMismatch => "verify-problem-content-differs",
        Problem::DigestLength { .. } => "verify-problem-digest-length",
        Problem::SigningCertificateMismatch => "verify-problem-other-certificate",
        Problem::Signature(_) => "verify-problem-signature",
        Problem::NotChecked(_) | Problem::UnknownDigest(_) => "verify-problem-not-checked",
        _ => "verify-problem-structure",
    };
    texts.format(id, &[("detail", Value::Text(&problem.to_string()))])
}
