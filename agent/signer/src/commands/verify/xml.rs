//! XML signatures, as findings.

use super::findings::{Complaint, Findings, Found, Place};
use super::{CommandError, Context, Kind, cms::not_a_signature};
use crate::judgement::{Brought, Judge};
use serde_json::json;
use signature::cms::Check;
use signature::xmldsig::{self, Problem, ReferenceReport, SignatureReport};
use std::path::Path;

pub(super) fn look(context: &Context, path: &Path, judge: &Judge<'_>) -> Result<Findings, CommandError> {
    let document = super::super::read_file(path, xmldsig::xml::MAX_LEN as u64)?;
    let report = xmldsig::verify(&document, &xmldsig::Options::default())
        .map_err(|error| not_a_signature(context, &error.to_string()))?;
    Ok(Findings {
        kind: Kind::Xml,
        content: Place::Here,
        signatures: report.signatures.iter().map(|one| found(one, judge)).collect(),
        problems: report.problems.iter().map(complaint).collect(),
        remarks: report.remarks.iter().map(ToString::to_string).collect(),
    })
}

fn found(signature: &SignatureReport, judge: &Judge<'_>) -> Found {
    let brought = Brought { certificates: signature.certificates.clone(), ..Brought::default() };
    Found {
        fits: signature.is_good(),
        certificate: signature.certificate.clone(),
        judged: signature.certificate.as_ref().map(|certificate| judge.judge(certificate, &brought, &[], None)),
        algorithm: signature.signature_method.clone(),
        claimed: None,
        stamps: Vec::new(),
        problems: signature
            .problems
            .iter()
            .filter(|problem| !matches!(problem, Problem::CertificateMissing))
            .map(complaint)
            .collect(),
        remarks: signature.remarks.iter().map(ToString::to_string).collect(),
        scope: if signature.covers_document() {
            vec![("verify-covers-document", None)]
        } else {
            signature.references.iter().map(covered).collect()
        },
        more: json!({
            "id": signature.id,
            "coversDocument": signature.covers_document(),
            "references": signature.references.iter().map(|reference| json!({
                "uri": reference.uri,
                "digest": reference.digest == Check::Good,
                "element": reference.covers.as_ref().map(|covers| covers.path.clone()),
            })).collect::<Vec<_>>(),
        }),
    }
}

/// A good signature over one element says nothing about what stands beside it, so that is said first.
fn covered(reference: &ReferenceReport) -> (&'static str, Option<String>) {
    match &reference.covers {
        Some(covers) => ("verify-covers-element", Some(covers.path.clone())),
        None => ("verify-covers-nothing", reference.uri.clone()),
    }
}

fn complaint(problem: &Problem) -> Complaint {
    let sentence = match problem {
        Problem::NoSignature => "verify-no-signers",
        Problem::DigestMismatch(_) => "verify-problem-content-differs",
        Problem::Signature(_) => "verify-problem-signature",
        _ => "verify-problem-structure",
    };
    Complaint { code: problem.code(), sentence, detail: problem.to_string() }
}
