//! Signatures in PDF documents, as findings.

use super::findings::{Complaint, Findings, Found, Place};
use super::{CommandError, Context, Kind, cms};
use crate::judgement::{Brought, Judge};
use serde_json::json;
use signature::cms::StampReport;
use signature::pades::{self, Later, Problem, SignatureReport};
use std::path::Path;

pub(super) fn look(context: &Context, path: &Path, judge: &Judge<'_>) -> Result<Findings, CommandError> {
    let pdf = super::super::read_file(path, pades::MAX_LEN as u64)?;
    let report = pades::verify(&pdf).map_err(|error| cms::not_a_signature(context, &error.to_string()))?;
    let mut problems = Vec::new();
    if report.signatures.is_empty() {
        let detail = "there is no signature inside".to_owned();
        problems.push(Complaint { code: "no-signature", sentence: "verify-no-signers", detail });
    } else if !report.is_covered() {
        // What stands in the file was not signed by anybody: a viewer shows more than the signatures say.
        let detail = "the document was changed after the last signature".to_owned();
        problems.push(Complaint { code: "changed-after-signature", sentence: "verify-pdf-changed", detail });
    }
    Ok(Findings {
        kind: Kind::Pdf,
        content: Place::Here,
        signatures: report.signatures.iter().map(|one| found(one, judge)).collect(),
        problems,
        remarks: Vec::new(),
    })
}

fn found(signature: &SignatureReport, judge: &Judge<'_>) -> Found {
    let mut found = match signature.cms.as_ref().and_then(|report| Some((report, report.signers.first()?))) {
        Some((report, signer)) => {
            let mut signer = signer.clone();
            // A PDF has its time beside the CMS.
            signer.signing_time = signer.signing_time.or(signature.claimed_time);
            cms::found(&signer, &cms::brought(report, &signature.cms_der), judge)
        }
        // A time stamp over the whole document: its service stands in the place of a signer.
        None => Found {
            fits: false,
            certificate: signature.stamp.as_ref().and_then(StampReport::authority).cloned(),
            judged: signature.stamp.as_ref().and_then(|stamp| stamp.verdict.as_ref().ok()).map(|stamp| {
                let brought = Brought { certificates: stamp.certificates.clone(), ..Brought::default() };
                judge.service(&stamp.authority, &brought, stamp)
            }),
            algorithm: String::new(),
            claimed: signature.claimed_time,
            stamps: signature.stamp.iter().cloned().collect(),
            problems: Vec::new(),
            remarks: Vec::new(),
            scope: Vec::new(),
            more: json!({}),
        },
    };
    found.fits = signature.is_good();
    if let Some(report) = &signature.cms {
        found.problems.extend(report.problems.iter().map(cms::complaint));
    }
    found.problems.extend(signature.problems.iter().map(|problem| Complaint {
        code: problem.code(),
        sentence: match problem {
            Problem::ChangedAfter | Problem::UnknownAfter => "verify-pdf-changed-after",
            _ => "verify-problem-structure",
        },
        detail: problem.to_string(),
    }));
    found.remarks.extend(signature.remarks.iter().map(ToString::to_string));
    found.scope = vec![(later(&signature.later), Some(signature.field.clone()))];
    found.more = json!({
        "field": signature.field,
        "isDocumentTimeStamp": signature.stamp.is_some(),
        "reason": signature.reason,
        "location": signature.location,
        "claimedName": signature.claimed_name,
        "byteRange": signature.byte_range,
        "later": match &signature.later {
            Later::Nothing => "nothing",
            Later::OnlySpace => "space",
            Later::OnlySignatures => "signatures",
            Later::Changes(_) => "changes",
            Later::Unknown => "unknown",
        },
    });
    found
}

fn later(later: &Later) -> &'static str {
    match later {
        Later::Nothing | Later::OnlySpace => "verify-pdf-covers-all",
        Later::OnlySignatures => "verify-pdf-then-signatures",
        Later::Changes(_) => "verify-pdf-then-changes",
        Later::Unknown => "verify-pdf-then-unknown",
    }
}
