//! Signatures of others: whether they hold, and whether their certificates were good. Nobody is asked over the network: a
//! page calls this for its own eyes, and as often as it likes.

use super::Outcome;
use super::documents;
use super::errand::{End, Errand};
use super::forms::{alias_of, key_info};
use super::key_window::check_filter;
use super::sax;
use super::sign::{named_key, shown_key};
use crate::judgement::{Brought, Fault, Judge};
use crate::local_path::LocalPath;
use order::{Failure, FailureCode, HashName, KeyInfo, RawKey, Readable, SignatureCheck, VerifyTask};
use pki::{Certificate, DigestAlgorithm, Timestamp, tsp::Stamp};
use serde_bytes::ByteBuf;
use signature::{
    cms::{self, amend, stream},
    raw,
    xmldsig::{self, Options},
};
use std::borrow::Cow;
use std::io::Read;

/// `getHash`.
pub(super) fn digest(algorithm: HashName, content: &[u8]) -> Outcome {
    let algorithm = match algorithm {
        HashName::Sha1 => DigestAlgorithm::Sha1,
        HashName::Sha256 => DigestAlgorithm::Sha256,
        HashName::Gost34311 => DigestAlgorithm::Gost34311,
    };
    Outcome::Digest(ByteBuf::from(algorithm.digest(content)))
}

/// Checks every signature of what is given or named.
pub(super) fn verify(errand: &mut Errand<'_, '_>, task: &VerifyTask) -> Result<Outcome, End> {
    let checks = match task {
        VerifyTask::Cms { cms, document } => {
            let mut paths = Vec::new();
            for readable in [Some(cms), document.as_ref()].into_iter().flatten() {
                paths.extend(path_of(readable)?);
            }
            // Each time: what is told of them goes to the page alone.
            errand.ask_to_read(&paths)?;
            let document = document.as_ref().map(octets_of).transpose()?;
            check_cms(errand, &octets_of(cms)?, document.as_deref())?
        }
        VerifyTask::Xml { xml, id_attribute } => check_xml(errand, xml, id_attribute)?,
        VerifyTask::Raw { content, signature, key } => {
            let key = match key {
                RawKey::Certificate(der) => {
                    let certificate = Certificate::from_pem_or_der(der)
                        .map_err(|error| malformed(format!("not a certificate: {error}")))?;
                    key_info(&alias_of(&certificate), &certificate)
                }
                RawKey::Shown(filter) => {
                    check_filter(filter)?;
                    let path = named_key(filter)?;
                    errand.consent_to_read(&Vec::from_iter(path))?;
                    shown_key(errand, filter)?
                }
            };
            vec![check_raw(errand, content, signature, key)?]
        }
    };
    Ok(Outcome::Verified(checks))
}

fn malformed(detail: String) -> Failure {
    Failure { code: FailureCode::Malformed, detail }
}

fn path_of(readable: &Readable) -> Result<Option<LocalPath>, Failure> {
    match readable {
        Readable::Given(_) => Ok(None),
        Readable::File(path) => documents::local_path(path).map(Some),
    }
}

/// What is given, or is in the file; the person allowed that it is read.
fn octets_of(readable: &Readable) -> Result<Cow<'_, [u8]>, Failure> {
    match readable {
        Readable::Given(octets) => Ok(Cow::Borrowed(octets)),
        Readable::File(path) => documents::read(&documents::local_path(path)?).map(Cow::Owned),
    }
}

fn check_cms(errand: &Errand<'_, '_>, mut octets: &[u8], document: Option<&[u8]>) -> Result<Vec<SignatureCheck>, End> {
    let mut document = document;
    let content = document.as_mut().map(|content| content as &mut dyn Read);
    let streamed =
        stream::verify_stream(&mut octets, content).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    let report = &streamed.report;
    let values = amend::revocation_values(&streamed.detached).unwrap_or_default();
    let brought = Brought {
        certificates: report.certificates.clone(),
        ocsp: values.ocsp_responses.iter().map(|octets| octets.to_vec()).collect(),
        lists: values.crls.iter().map(|octets| octets.to_vec()).collect(),
    };
    let whole = report.problems.iter().find(|problem| !matches!(problem, cms::Problem::NoSigner));
    let checks = report.signers.iter().map(|signer| {
        let stamps: Vec<&Stamp> = signer.stamps.iter().filter_map(|stamp| stamp.verdict.as_ref().ok()).collect();
        let problem = whole.or_else(|| signer.problems.first()).map(ToString::to_string);
        let problem = problem.or_else(|| (!signer.is_good()).then(|| "it was not checked".to_owned()));
        found(errand, signer.certificate.as_ref(), problem, |certificate, judge| {
            judge.judge(certificate, &brought, &stamps, signer.signing_time).faults
        })
        .at(signer.signing_time)
    });
    Ok(checks.map(|found| found.0).collect())
}

fn check_xml(errand: &Errand<'_, '_>, xml: &[u8], id_attribute: &str) -> Result<Vec<SignatureCheck>, End> {
    let options = Options { id_attribute: Some(id_attribute).filter(|name| !name.is_empty()), certificates: &[] };
    let report = xmldsig::verify(xml, &options).map_err(|error| malformed(sax::exception(xml, &error)))?;
    let whole = report.problems.iter().find(|problem| !matches!(problem, xmldsig::Problem::NoSignature));
    let checks = report.signatures.iter().map(|signature| {
        let brought = Brought { certificates: signature.certificates.clone(), ..Brought::default() };
        let problem = whole.or_else(|| signature.problems.first()).map(ToString::to_string);
        let problem = problem.or_else(|| (!signature.is_good()).then(|| "it was not checked".to_owned()));
        found(errand, signature.certificate.as_ref(), problem, |certificate, judge| {
            judge.judge(certificate, &brought, &[], None).faults
        })
    });
    Ok(checks.map(|found| found.0).collect())
}

fn check_raw(errand: &Errand<'_, '_>, content: &[u8], value: &[u8], key: KeyInfo) -> Result<SignatureCheck, End> {
    let certificate = Certificate::from_der(&key.certificate).map_err(|error| malformed(error.to_string()))?;
    let problem = match certificate.public_key().signature_algorithm() {
        None => Some("the algorithm of the key is not known".to_owned()),
        Some(algorithm) => {
            let verified = raw::verify(&certificate, algorithm, raw::Content::Data(content), value);
            verified.err().map(|error| error.to_string())
        }
    };
    let judged =
        |certificate: &Certificate, judge: &Judge<'_>| judge.judge(certificate, &Brought::default(), &[], None).faults;
    let Found(mut check) = found(errand, Some(&certificate), problem, judged);
    check.key = Some(Box::new(key));
    Ok(check)
}

/// What was found about one signature.
struct Found(SignatureCheck);

impl Found {
    fn at(mut self, time: Option<Timestamp>) -> Self {
        self.0.signed_at_ms = time.map(Timestamp::millis);
        self
    }
}

/// `problem` is what is wrong with the signature itself.
fn found(
    errand: &Errand<'_, '_>,
    certificate: Option<&Certificate>,
    problem: Option<String>,
    judge: impl FnOnce(&Certificate, &Judge<'_>) -> Vec<Fault>,
) -> Found {
    let measure = &errand.room.measure();
    let fault = match certificate {
        None => Some(Fault::Missing),
        Some(certificate) => judge(certificate, &Judge { measure, services: None }).first().copied(),
    };
    let detail = problem.or_else(|| fault.map(|fault| in_words(fault).to_owned())).unwrap_or_default();
    Found(SignatureCheck {
        is_good: detail.is_empty(),
        key: certificate.map(|certificate| Box::new(key_info(&alias_of(certificate), certificate))),
        signed_at_ms: None,
        detail,
    })
}

/// For the page's developer.
fn in_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "the certificate of the signer is not there",
        Fault::Unknown => "the certificate was issued by nobody who is believed",
        Fault::Test => "the certificate is a test certificate",
        Fault::NotValid => "the certificate was not valid when it signed",
        Fault::Future => "the signing time lies ahead",
        Fault::Revoked => "the certificate was revoked",
        Fault::IssuerRevoked => "the certificate of its issuer was revoked",
        Fault::WrongPurpose => "the key of the certificate may not sign documents",
        Fault::RevocationUnknown => "whether the certificate was revoked is not known",
    }
}
