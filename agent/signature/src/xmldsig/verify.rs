//! Verifying, over the octets that arrived.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use pki::{Certificate, DigestAlgorithm, PublicKey, SignatureAlgorithm, VerifyError};

use super::algorithms::{digest_algorithm, signature_algorithm};
use super::c14n::{Comments, Method, Part, Subset, canonicalize};
use super::index::{Found, Index, Target, by_ids, path_of};
use super::key_info;
use super::report::{Covers, Problem, ReferenceReport, Remark, Report, SignatureReport};
use super::structure::{Reference, Signature, Transforms};
use super::unsigned::foreign_in;
use super::value;
use super::xml::{Document, XmlError};
use crate::cms::Check;

/// The most octets that are walked over for one document: its length times its references and signatures. The longest
/// document may have a dozen signatures, a megabyte all it can have.
const MAX_WORK: usize = 3 << 30;

/// What is known beside the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// A further attribute that identifies elements, for documents that use another one than `Id`, `ID`, `id`, `xml:id`
    /// or `wsu:Id`.
    pub id_attribute: Option<&'o str>,
    /// Certificates that a signature may mean by issuer and serial number without carrying them.
    pub certificates: &'o [Certificate],
}

/// Verifies every signature of a document. An error means that the document cannot be read; whatever can be reported,
/// also about a forged signature, is in the report. Nothing outside of the document is ever read.
pub fn verify(document: &[u8], options: &Options<'_>) -> Result<Report, XmlError> {
    let document = Document::new(document)?;
    let index = Index::of(&document)?;
    let mut report = Report { signatures: Vec::new(), problems: Vec::new(), remarks: Vec::new() };
    if index.signatures.is_empty() {
        report.problems.push(Problem::NoSignature);
    }
    if index.too_many {
        report.problems.push(Problem::TooManySignatures);
        return Ok(report);
    }
    if index.comments {
        report.remarks.push(Remark::Comments);
    }
    let checks = Checks::new(&document, &index, options)?;
    report.signatures = (0..index.signatures.len()).filter_map(|number| checks.signature(number)).collect();
    later_signatures(&mut report.signatures, &index);
    Ok(report)
}

/// Verifies one signature, that which begins at this octet; `None` when none begins there.
pub(super) fn verify_one(
    document: &Document<'_>,
    start: usize,
    options: &Options<'_>,
) -> Result<Option<SignatureReport>, XmlError> {
    let index = Index::of(document)?;
    let Some(number) = index.signatures.iter().position(|found| found.start == start) else { return Ok(None) };
    Ok(Checks::new(document, &index, options)?.signature(number))
}

/// A signature that holds only without later ones is as good as they are: what is left out must be signatures, and
/// nothing but signatures.
fn later_signatures(signatures: &mut [SignatureReport], index: &Index<'_>) {
    for number in (0..signatures.len()).rev() {
        let (to_here, later) = signatures.split_at_mut(number + 1);
        let Some(signature) = to_here.last_mut() else { continue };
        let left_out = signature.references.iter().filter_map(|reference| reference.covers.as_ref());
        let mut left_out: Vec<usize> = left_out.flat_map(|covers| covers.without_later.iter().copied()).collect();
        left_out.dedup();
        let bad = |other: &usize| !later.get(*other - number - 1).is_some_and(SignatureReport::is_good);
        let has_content = |other: &usize| index.signatures.get(*other).is_some_and(|found| !found.objects.is_empty());
        let problem = |other: usize| match (bad(&other), has_content(&other)) {
            (true, _) => Some(Problem::LaterSignature(other)),
            (false, true) => Some(Problem::LaterContent(other)),
            (false, false) => None,
        };
        let problems: Vec<_> = left_out.into_iter().filter_map(problem).collect();
        signature.problems.extend(problems);
    }
}

struct Checks<'c, 'a> {
    document: &'c Document<'a>,
    index: &'c Index<'a>,
    options: &'c Options<'c>,
    targets: HashMap<String, Vec<Target>>,
    /// Octets that were walked over.
    walked: Cell<usize>,
}

impl<'c, 'a> Checks<'c, 'a> {
    fn new(document: &'c Document<'a>, index: &'c Index<'a>, options: &'c Options<'c>) -> Result<Self, XmlError> {
        let mut wanted = Vec::new();
        for found in &index.signatures {
            if let Ok(signature) = Signature::read(&found.tree) {
                wanted.extend(signature.references.iter().filter_map(|reference| id_of(reference.uri?)));
                wanted.extend(key_info::token_id(&found.tree, signature.key_info));
            }
        }
        let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        let targets = by_ids(document, &wanted, options.id_attribute)?;
        Ok(Self { document, index, options, targets, walked: Cell::new(0) })
    }

    fn digest(&self, subset: &Subset<'_>, method: &Method, algorithm: DigestAlgorithm) -> Result<Vec<u8>, Problem> {
        self.walked.set(self.walked.get().saturating_add(self.document.text().len()));
        if self.walked.get() > MAX_WORK {
            return Err(Problem::TooMuchWork);
        }
        digest_of(self.document, subset, method, algorithm).map_err(Problem::NoCanonicalForm)
    }

    fn signature(&self, number: usize) -> Option<SignatureReport> {
        let found = self.index.signatures.get(number)?;
        let mut report = SignatureReport {
            place: found.start..found.end,
            id: found.tree.root().and_then(|node| node.attribute("Id")).map(str::to_owned),
            certificate: None,
            certificates: Vec::new(),
            canonicalization: None,
            signature_method: String::new(),
            signature_algorithm: None,
            references: Vec::new(),
            signature: Check::NotChecked,
            problems: Vec::new(),
            remarks: Vec::new(),
        };
        let signature = match Signature::read(&found.tree) {
            Ok(signature) => signature,
            Err(problem) => {
                report.problems.push(problem);
                return Some(report);
            }
        };
        signature.signature_method.clone_into(&mut report.signature_method);
        report.signature_algorithm = signature_algorithm(signature.signature_method);
        if signature.has_object {
            report.remarks.push(Remark::Object);
        }
        for (place, reference) in signature.references.iter().enumerate() {
            let judged = self.reference(number, found, reference, place, &mut report.problems);
            report.references.push(judged);
        }
        let foreign = signature.key_info.and_then(|key_info| foreign_in(&found.tree, key_info));
        let objects = found.objects.iter().filter(|object| !object.is_signed(&report.references));
        let mut unsigned: Vec<usize> = foreign.into_iter().chain(objects.map(|object| object.start)).collect();
        unsigned.dedup();
        report.problems.extend(unsigned.into_iter().map(Problem::UnsignedContent));
        let meant = key_info::read(&found.tree, signature.key_info, &self.targets, self.document, self.options);
        report.remarks.extend(meant.unreadable.into_iter().map(Remark::UnreadableCertificate));
        self.signed_info(&signature, &meant.candidates, &mut report);
        report.certificates = meant.inside;
        if uses_sha1(&report) {
            report.remarks.push(Remark::Sha1);
        }
        Some(report)
    }

    /// The signature value over SignedInfo, with the first key that fits.
    fn signed_info(&self, signature: &Signature<'_>, candidates: &[Certificate], report: &mut SignatureReport) {
        let method = match &signature.canonicalization {
            Ok(method) => method.clone(),
            Err(problem) => {
                report.problems.push(problem.clone());
                return;
            }
        };
        report.canonicalization = Some(method.clone());
        report.certificate = candidates.first().cloned();
        if candidates.is_empty() {
            report.problems.push(Problem::CertificateMissing);
        }
        let known = report.signature_algorithm.and_then(|known| Some((known, known.digest_algorithm()?)));
        let Some((algorithm, digest_algorithm)) = known else {
            report.problems.push(match report.signature_algorithm {
                Some(SignatureAlgorithm::Other(oid)) => Problem::NotChecked(oid),
                _ => Problem::UnknownSignature(signature.signature_method.to_owned()),
            });
            return;
        };
        let subset = Subset { part: Part::Element(signature.signed_info), without: &[], comments: Comments::With };
        let digest = match self.digest(&subset, &method, digest_algorithm) {
            Ok(digest) => digest,
            Err(problem) => {
                report.problems.push(problem);
                return;
            }
        };
        let mut problems = Vec::new();
        for certificate in candidates {
            match check(certificate.public_key(), &digest, &signature.value, algorithm) {
                Ok(()) => {
                    report.certificate = Some(certificate.clone());
                    report.signature = Check::Good;
                    return;
                }
                Err(VerifyError::Unsupported(oid)) => problems.push(Problem::NotChecked(oid)),
                Err(error) => {
                    report.signature = Check::Bad;
                    problems.push(Problem::Signature(error));
                }
            }
        }
        report.problems.extend(problems.into_iter().next());
    }

    fn reference(
        &self,
        number: usize,
        found: &Found<'_>,
        reference: &Reference<'_>,
        place: usize,
        problems: &mut Vec<Problem>,
    ) -> ReferenceReport {
        let mut report = ReferenceReport {
            uri: reference.uri.map(str::to_owned),
            covers: None,
            canonicalization: None,
            digest_method: reference.digest_method.to_owned(),
            digest_algorithm: digest_algorithm(reference.digest_method),
            digest_value: reference.digest_value.clone(),
            digest: Check::NotChecked,
        };
        match self.reference_digest(number, found, reference, &mut report) {
            Ok(true) => report.digest = Check::Good,
            Ok(false) => {
                report.digest = Check::Bad;
                problems.push(Problem::DigestMismatch(place));
            }
            Err(problem) => problems.push(problem),
        }
        report
    }

    /// Whether what the reference names has its digest.
    fn reference_digest(
        &self,
        number: usize,
        found: &Found<'_>,
        reference: &Reference<'_>,
        report: &mut ReferenceReport,
    ) -> Result<bool, Problem> {
        let (part, element, path) = self.dereference(reference.uri)?;
        let transforms = reference.transforms.as_ref().map_err(Clone::clone)?;
        let Transforms { enveloped, method } = transforms;
        report.canonicalization = Some(method.clone());
        let algorithm =
            report.digest_algorithm.ok_or_else(|| Problem::UnknownDigest(reference.digest_method.to_owned()))?;
        let fits = |without: &[usize]| {
            // A reference within the document never has comments (XMLDSig §4.4.3.3).
            let subset = Subset { part, without, comments: Comments::Without };
            Ok(self.digest(&subset, method, algorithm)? == reference.digest_value)
        };
        let mut without: Vec<usize> = enveloped.then_some(found.start).into_iter().collect();
        let mut without_later = Vec::new();
        let mut good = fits(&without)?;
        let later = self.later(number, found, element.as_ref());
        if !good && *enveloped && !later.is_empty() {
            without
                .extend(later.iter().filter_map(|number| self.index.signatures.get(*number)).map(|later| later.start));
            good = fits(&without)?;
            if good {
                without_later = later;
            }
        }
        let without_itself = *enveloped;
        report.covers = Some(Covers { path, element, without_itself, without_later });
        Ok(good)
    }

    /// What a reference's URI names: for canonicalising, for reporting, and in words.
    fn dereference(&self, uri: Option<&str>) -> Result<(Part, Option<Range<usize>>, String), Problem> {
        if uri == Some("") {
            return Ok((Part::Document, None, path_of(&[self.index.root])));
        }
        let refused = || Problem::Reference(uri.unwrap_or_default().to_owned());
        let id = uri.and_then(id_of).ok_or_else(refused)?;
        match self.targets.get(id).map(Vec::as_slice) {
            Some([target]) => Ok((Part::Element(target.start), Some(target.start..target.end), target.path.clone())),
            Some([_, _, ..]) => Err(Problem::IdRepeated(id.to_owned())),
            _ => Err(Problem::IdMissing(id.to_owned())),
        }
    }

    /// The signatures behind this one in the same part of the document, which may have been added later.
    fn later(&self, number: usize, found: &Found<'_>, within: Option<&Range<usize>>) -> Vec<usize> {
        let others = self.index.signatures.iter().enumerate().skip(number + 1);
        others
            .filter(|(_, other)| other.start >= found.end && within.is_none_or(|part| part.contains(&other.start)))
            .map(|(number, _)| number)
            .collect()
    }
}

fn uses_sha1(report: &SignatureReport) -> bool {
    let digests = report.references.iter().filter_map(|reference| reference.digest_algorithm);
    let signature = report.signature_algorithm.and_then(SignatureAlgorithm::digest_algorithm);
    digests.chain(signature).any(|algorithm| algorithm == DigestAlgorithm::Sha1)
}

/// The identifier in a same-document reference; `None` for any other URI, XPointer included.
fn id_of(uri: &str) -> Option<&str> {
    uri.strip_prefix('#').filter(|id| !id.is_empty() && !id.contains(['(', ')', '%']))
}

/// The digest of a canonical form.
pub(super) fn digest_of(
    document: &Document<'_>,
    subset: &Subset<'_>,
    method: &Method,
    algorithm: DigestAlgorithm,
) -> Result<Vec<u8>, XmlError> {
    let mut hasher = algorithm.hasher();
    canonicalize(document, subset, method, &mut |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

fn check(key: &PublicKey, digest: &[u8], signature: &[u8], algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
    let signature = value::from_xml(signature, key, algorithm)?;
    key.verify(digest, &signature, algorithm)
}
