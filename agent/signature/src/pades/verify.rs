//! Verifying every signature of a document, over the octets that arrived.

use std::ops::Range;
use std::rc::Rc;

use pki::DigestAlgorithm;
use pki::tlv::{self, Reader};
use pki::tsp::{Stamped, Token};

use super::changes;
use super::fields::{self, SignatureField};
use super::file::{Budget, Dictionary, Document, Object, is_space};
use super::permission::{self, Permission};
use super::report::{Later, Problem, Remark, Report, SignatureReport, SubFilter};
use super::{PdfError, text};
use crate::cms::{self, ContentDigests, ContentHasher, External, Form, StampReport};

/// Verifies every signature in the document's form. An error means that the document cannot be read; whatever can be
/// said about a signature, also about a forged one, is in the report. A document without a signature has an empty one.
///
/// # Errors
/// [`PdfError`] for what cannot be read as a PDF, and for encrypted documents.
pub fn verify(pdf: &[u8]) -> Result<Report, PdfError> {
    let document = Document::open(pdf, &Rc::new(Budget::new()))?;
    let fields = all_fields(&document)?;
    let mut permission = permission::of_catalog(&document, &fields)?;
    let (signed, unsigned): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.value.is_some());
    let mut found = Vec::new();
    for field in &signed {
        found.push((signature(&document, field)?, permission::of_signature(&document, field)?));
    }
    found.sort_by_key(|(report, _)| report.byte_range.map(|[_, _, start, length]| start.saturating_add(length)));
    // Comparing with what came later is long work over much of the document, and has a budget of its own.
    let compared = if found.is_empty() { None } else { Some(Document::open(pdf, &Rc::new(Budget::new()))?) };
    let mut signatures = Vec::new();
    for (mut report, own) in found {
        // What a signature forbids, it forbids from then on.
        permission = permission::stricter(permission, own);
        if let (Some(end), Some(compared)) = (report.signed_end(), &compared) {
            look_beyond(compared, end, permission, &mut report);
        }
        signatures.push(report);
    }
    Ok(Report { signatures, unsigned_fields: unsigned.into_iter().map(|field| field.name).collect(), permission })
}

/// The signature whose hexadecimal string stands at `contents`, which is the last one of the document, and no other: what
/// else is in the document is not this signature's business.
pub(super) fn verify_one(pdf: &[u8], contents: Range<usize>) -> Result<Option<SignatureReport>, PdfError> {
    let document = Document::open(pdf, &Rc::new(Budget::new()))?;
    for field in all_fields(&document)? {
        if dictionary(&document, &field)?.and_then(|dictionary| dictionary.span("Contents")) == Some(contents.clone()) {
            let mut report = signature(&document, &field)?;
            if report.signed_end() == Some(pdf.len()) {
                report.later = Later::Nothing;
            }
            return Ok(Some(report));
        }
    }
    Ok(None)
}

fn all_fields(document: &Document<'_>) -> Result<Vec<SignatureField>, PdfError> {
    fields::form(document)?.map_or(Ok(Vec::new()), |form| fields::signature_fields(document, &form))
}

/// A signature dictionary where it stands in the file, with the places of its values.
pub(super) fn dictionary(document: &Document<'_>, field: &SignatureField) -> Result<Option<Dictionary>, PdfError> {
    let value = match field.value.as_deref() {
        Some(Object::Reference(reference)) => document.indirect(*reference)?.map(|indirect| indirect.value),
        // Within the field: its places are right only where the field stands in the file itself.
        Some(Object::Dictionary(_)) => {
            let field = document.indirect(field.reference)?;
            field.and_then(|field| field.value.as_dictionary()?.get("V").cloned())
        }
        _ => None,
    };
    Ok(match value {
        Some(Object::Dictionary(dictionary)) => Some(dictionary),
        _ => None,
    })
}

/// Everything but what came later.
fn signature(document: &Document<'_>, field: &SignatureField) -> Result<SignatureReport, PdfError> {
    let mut report = SignatureReport {
        field: field.name.clone(),
        sub_filter: None,
        byte_range: None,
        claimed_time: None,
        claimed_name: None,
        reason: None,
        location: None,
        later: Later::Unknown,
        cms: None,
        stamp: None,
        cms_der: Vec::new(),
        problems: Vec::new(),
        remarks: Vec::new(),
    };
    let Some(dictionary) = dictionary(document, field)? else {
        report.problems.push(Problem::NoDictionary);
        return Ok(report);
    };
    let said = |key| -> Result<Option<Vec<u8>>, PdfError> {
        Ok(document.value(&dictionary, key)?.as_string().map(<[u8]>::to_vec))
    };
    report.claimed_time = said("M")?.and_then(|date| text::read_date(&date));
    report.claimed_name = said("Name")?.map(|name| text::read(&name));
    report.reason = said("Reason")?.map(|reason| text::read(&reason));
    report.location = said("Location")?.map(|location| text::read(&location));
    let kind = match document.value(&dictionary, "SubFilter")?.as_name() {
        Some(b"adbe.pkcs7.detached") => SubFilter::Pkcs7Detached,
        Some(b"ETSI.CAdES.detached") => SubFilter::CadesDetached,
        Some(b"ETSI.RFC3161") => SubFilter::TimeStamp,
        other => SubFilter::Other(String::from_utf8_lossy(other.unwrap_or_default()).into_owned()),
    };
    report.sub_filter = Some(kind.clone());

    if document.is_hybrid() {
        report.remarks.push(Remark::Hybrid);
    }
    report.byte_range = byte_range(&dictionary);
    let parts = match report.byte_range.ok_or(Problem::ByteRange).and_then(|range| parts(document, &dictionary, range))
    {
        Ok(parts) => parts,
        Err(problem) => {
            report.problems.push(problem);
            return Ok(report);
        }
    };
    report.problems.extend(revision(document, field, &parts).err());
    if let SubFilter::Other(name) = &kind {
        report.problems.push(Problem::SubFilter(name.clone()));
        return Ok(report);
    }
    let contents = dictionary.get("Contents").and_then(Object::as_string).unwrap_or_default();
    if let Err(problem) = judge(document, contents, &parts, &kind, &mut report) {
        report.problems.push(problem);
    }
    Ok(report)
}

/// What came after the signed revision, and whether that was allowed.
fn look_beyond(document: &Document<'_>, end: usize, permission: Option<Permission>, report: &mut SignatureReport) {
    report.later = if end == document.pdf().len() { Later::Nothing } else { changes::since(document, end) };
    match report.later {
        Later::Nothing | Later::OnlySpace => return,
        Later::OnlySignatures => report.remarks.push(Remark::Extended),
        // A later signature does not heal it: whoever made this one never saw what is shown now.
        Later::Changes(_) => report.problems.push(Problem::ChangedAfter),
        Later::Unknown => report.problems.push(Problem::UnknownAfter),
    }
    let forbidden = match permission {
        Some(Permission::Nothing) => true,
        Some(Permission::FormsAndSignatures | Permission::Comments) => report.later != Later::OnlySignatures,
        None => false,
    };
    if forbidden {
        report.problems.push(Problem::ForbiddenChange);
    }
}

/// The two signed parts of the file.
struct Parts {
    first: Range<usize>,
    second: Range<usize>,
}

fn byte_range(dictionary: &Dictionary) -> Option<[usize; 4]> {
    let numbers: Option<Vec<usize>> = dictionary
        .get("ByteRange")?
        .as_array()?
        .iter()
        .map(|number| number.as_integer().and_then(|number| usize::try_from(number).ok()))
        .collect();
    let [start, length, second, rest] = numbers?.try_into().ok()?;
    Some([start, start.checked_add(length)?, second, rest])
}

/// The range begins with the file and leaves out exactly the hexadecimal string that is this dictionary's /Contents:
/// whatever else could be left out could be exchanged.
fn parts(
    document: &Document<'_>,
    dictionary: &Dictionary,
    [start, end, second, length]: [usize; 4],
) -> Result<Parts, Problem> {
    if start != 0 {
        return Err(Problem::Start);
    }
    let last = second.checked_add(length).ok_or(Problem::ByteRange)?;
    if end >= second {
        return Err(Problem::ByteRange);
    }
    if last > document.pdf().len() {
        return Err(Problem::BeyondEnd);
    }
    let contents = dictionary.span("Contents").ok_or(Problem::Gap)?;
    let written = document.pdf().get(contents.clone()).unwrap_or_default();
    // Digits and nothing else: white space would be a place for what nobody signed.
    let digits = written.strip_prefix(b"<").and_then(|digits| digits.strip_suffix(b">"));
    let is_plain =
        digits.is_some_and(|digits| digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit));
    if contents != (end..second) || !is_plain {
        return Err(Problem::Gap);
    }
    Ok(Parts { first: 0..end, second: second..last })
}

/// The signed octets are a document of their own, in whose form this same signature stands at this same place.
fn revision(document: &Document<'_>, field: &SignatureField, parts: &Parts) -> Result<(), Problem> {
    let found = || -> Result<bool, PdfError> {
        let revision = document.revision(parts.second.end)?;
        let Some(form) = fields::form(&revision)? else { return Ok(false) };
        for known in fields::signature_fields(&revision, &form)? {
            if known.reference == field.reference && known.value.is_some() {
                let contents = dictionary(&revision, &known)?.and_then(|dictionary| dictionary.span("Contents"));
                return Ok(contents == Some(parts.first.end..parts.second.start));
            }
        }
        Ok(false)
    };
    match found() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::NotInRevision),
        Err(error) => Err(Problem::NotARevision(error)),
    }
}

/// The CMS over the two parts.
fn judge(
    document: &Document<'_>,
    contents: &[u8],
    parts: &Parts,
    kind: &SubFilter,
    report: &mut SignatureReport,
) -> Result<(), Problem> {
    let mut reader = Reader::new(contents);
    let der = reader.expect(tlv::SEQUENCE).map_err(|_| Problem::Contents)?.raw();
    if contents.get(der.len()..).unwrap_or_default().iter().any(|octet| *octet != 0) {
        report.problems.push(Problem::Padding);
    }
    // BER within definite lengths is what some programs write against the standard's word.
    let normalised = cms::decode_any(der).map_err(|_| Problem::Contents)?;
    if normalised != der {
        report.remarks.push(Remark::NotDer);
    }
    let digests = |algorithms: &[DigestAlgorithm]| -> Result<ContentDigests, Problem> {
        let octets = (parts.first.len() as u64).saturating_add(parts.second.len() as u64);
        let work = octets.saturating_mul(algorithms.len() as u64);
        document.take_hashed(work).map_err(Problem::TooMuch)?;
        let mut hasher = ContentHasher::new(algorithms);
        for part in [&parts.first, &parts.second] {
            hasher.update(document.pdf().get(part.clone()).unwrap_or_default());
        }
        Ok(hasher.finish())
    };
    if *kind == SubFilter::TimeStamp {
        report.stamp = Some(stamp(&normalised, digests)?);
        report.cms_der = normalised;
        return Ok(());
    }
    let content = digests(&cms::digest_algorithms(&normalised)?)?;
    let found = cms::verify(&normalised, Some(External::Digests(&content)))?;
    if found.form == Form::Attached {
        report.problems.push(Problem::Attached);
    }
    // ISO 32000-1, 12.8.3.3.1, too: of several, a caller would show the first.
    if found.signers.len() != 1 {
        report.problems.push(Problem::Signers(found.signers.len()));
    }
    if *kind == SubFilter::CadesDetached {
        for signer in &found.signers {
            if signer.signing_certificate == cms::Check::NotChecked {
                report.problems.push(Problem::NoSigningCertificate);
            }
            if signer.signing_time.is_some() {
                report.remarks.push(Remark::SigningTimeAttribute);
            }
        }
    }
    report.cms = Some(found);
    report.cms_der = normalised;
    Ok(())
}

/// A time stamp over the document (EN 319 142-1, 5.4.3).
fn stamp(
    token: &[u8],
    digests: impl Fn(&[DigestAlgorithm]) -> Result<ContentDigests, Problem>,
) -> Result<StampReport, Problem> {
    let token = match Token::from_der(token) {
        Ok(token) => token,
        Err(error) => return Ok(StampReport { stated: None, verdict: Err(error) }),
    };
    let digest = match DigestAlgorithm::from_oid(&token.info().imprint_algorithm) {
        Some(algorithm) => digests(&[algorithm])?.get(algorithm).map(<[u8]>::to_vec),
        // The token says itself that it is not known.
        None => None,
    };
    let verdict = token.verify_with(Stamped::Digest(&digest.unwrap_or_default()), &[]);
    Ok(StampReport { stated: Some(token.info().clone()), verdict })
}

/// Nothing but white space.
pub(super) fn is_blank(octets: &[u8]) -> bool {
    octets.iter().copied().all(is_space)
}
