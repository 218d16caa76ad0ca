//! CMS, as findings. The file and its document go by and are never held.

use super::findings::{Complaint, Findings, Found, Place};
use super::{CommandError, Context, Kind, VerifyArgs};
use crate::judgement::{Brought, Judge};
use serde_json::json;
use signature::cms::{self, Form, Problem, SignerReport, amend, stream};
use std::fs::File;
use std::io::{BufReader, Read};

pub(super) fn look(context: &Context, args: &VerifyArgs, judge: &Judge<'_>) -> Result<Findings, CommandError> {
    let open = |path: &std::path::Path| {
        File::open(path).map(BufReader::new).map_err(|error| CommandError::File(path.to_owned(), error))
    };
    let mut file = open(&args.file)?;
    let mut content = args.content.as_deref().map(open).transpose()?;
    let streamed = stream::verify_stream(&mut file, content.as_mut().map(|content| content as &mut dyn Read))
        .map_err(|error| not_a_signature(context, &error.to_string()))?;
    let report = &streamed.report;
    let place = match (report.form, streamed.content.as_ref().map(cms::ContentDigests::content_len)) {
        (Form::Attached, length) => Place::Inside(length.unwrap_or(0)),
        (Form::Detached, Some(_)) => Place::Given,
        (Form::Detached, None) => Place::Missing,
    };
    let brought = brought(report, &streamed.detached);
    Ok(Findings {
        kind: Kind::Cms,
        content: place,
        signatures: report.signers.iter().map(|signer| found(signer, &brought, judge)).collect(),
        problems: report.problems.iter().map(complaint).collect(),
        remarks: report.remarks.iter().map(ToString::to_string).collect(),
    })
}

pub(super) fn not_a_signature(context: &Context, cause: &str) -> CommandError {
    CommandError::Unreadable(format!("{} ({cause})", context.texts.text("verify-not-a-signature")))
}

/// What came along in a CMS.
pub(super) fn brought(report: &cms::Report, der: &[u8]) -> Brought {
    let values = amend::revocation_values(der).unwrap_or_default();
    Brought {
        certificates: report.certificates.clone(),
        ocsp: values.ocsp_responses.iter().map(|octets| octets.to_vec()).collect(),
        lists: values.crls.iter().map(|octets| octets.to_vec()).collect(),
    }
}

pub(super) fn found(signer: &SignerReport, brought: &Brought, judge: &Judge<'_>) -> Found {
    let stamps: Vec<_> = signer.stamps.iter().filter_map(|stamp| stamp.verdict.as_ref().ok()).collect();
    let judged =
        signer.certificate.as_ref().map(|certificate| judge.judge(certificate, brought, &stamps, signer.signing_time));
    Found {
        fits: signer.is_good(),
        certificate: signer.certificate.clone(),
        judged,
        algorithm: signer.signature_algorithm_oid.to_string(),
        claimed: signer.signing_time,
        stamps: signer.stamps.clone(),
        // A missing certificate is told as the certificate's fault.
        problems: signer
            .problems
            .iter()
            .filter(|problem| !matches!(problem, Problem::CertificateMissing))
            .map(complaint)
            .collect(),
        remarks: signer.remarks.iter().map(ToString::to_string).collect(),
        scope: Vec::new(),
        more: json!({}),
    }
}

/// The person's sentence for a problem; what is only of interest to those who read ASN.1 comes as it is.
pub(super) fn complaint(problem: &Problem) -> Complaint {
    let sentence = match problem {
        Problem::ContentMissing => "verify-content-needed",
        Problem::NoSigner => "verify-no-signers",
        Problem::ContentDiffers | Problem::DigestMismatch => "verify-problem-content-differs",
        Problem::DigestLength { .. } => "verify-problem-digest-length",
        Problem::SigningCertificateMismatch => "verify-problem-other-certificate",
        Problem::Signature(_) => "verify-problem-signature",
        Problem::NotChecked(_) | Problem::UnknownDigest(_) => "verify-problem-not-checked",
        _ => "verify-problem-structure",
    };
    Complaint { code: problem.code(), sentence, detail: problem.to_string() }
}
