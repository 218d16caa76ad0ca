//! Verifying, over the octets that arrived.

use const_oid::ObjectIdentifier;
use pki::cms::{self, Algorithm, CmsError, Ess, SignedData, SignerInfo};
use pki::tlv::{self, DerError, Tlv};
use pki::{Certificate, DigestAlgorithm, PublicKey, SignatureAlgorithm, Timestamp, VerifyError, oid};

use super::content::{External, Inside, Source};
use super::report::{Check, Problem, Remark, Report, SignerReport};
use super::stamps;
use super::{
    ALGORITHM_PROTECTION, CONTENT_TYPE, DATA, KNOWN_UNSIGNED, MESSAGE_DIGEST, SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2, SIGNING_TIME, UNCHECKED_UNSIGNED,
};

/// How far a signer's clock may be ahead of that of a time-stamp service, in seconds.
const CLOCKS_DIFFER: i64 = 300;

/// Verifies every signature of a DER SignedData. An error means that there is nothing to report about; whatever can be
/// reported, also about a forged signature, is in the report.
pub fn verify(der: &[u8], external: Option<External<'_>>) -> Result<Report, CmsError> {
    let signed_data = SignedData::from_der(der)?;
    let inside = signed_data.content.map_or(Inside::Nothing, Inside::Octets);
    judge(signed_data, Source::new(inside, external))
}

/// The same of a CMS that is good only when its content is of this type: for whoever acts upon what was signed, and must
/// not take a document for it.
///
/// # Errors
/// As [`verify`].
pub fn verify_as(
    content_type: ObjectIdentifier,
    der: &[u8],
    external: Option<External<'_>>,
) -> Result<Report, CmsError> {
    let mut report = verify(der, external)?;
    if report.content_type != content_type {
        report.problems.push(Problem::OtherContent(report.content_type));
    }
    Ok(report)
}

/// Every signature of `signed_data` over the content of `source`.
pub(super) fn judge(signed_data: SignedData<'_>, mut source: Source<'_>) -> Result<Report, CmsError> {
    let mut report = Report {
        form: source.form(),
        content_type: signed_data.content_type,
        certificates: Vec::new(),
        signers: Vec::new(),
        problems: Vec::new(),
        remarks: signed_data
            .unreadable_certificates
            .iter()
            .map(|place| Remark::UnreadableCertificate(*place))
            .collect(),
    };
    if signed_data.signers.is_empty() {
        report.problems.push(Problem::NoSigner);
    }
    if !signed_data.version_fits() {
        report.problems.push(Problem::Version(signed_data.version));
    }
    parameters(&signed_data.digest_algorithms, &mut report.problems);
    report.problems.extend(source.problem());
    let mut seen_stamps = 0;
    for signer in &signed_data.signers {
        report.signers.push(verify_signer(&signed_data, signer, &mut source, &mut seen_stamps)?);
    }
    report.certificates = signed_data.certificates;
    Ok(report)
}

fn verify_signer(
    signed_data: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    source: &mut Source<'_>,
    seen_stamps: &mut usize,
) -> Result<SignerReport, CmsError> {
    let unsigned = stamps::unsigned(signer)?;
    let signed = signer.signed_attributes.map(cms::attributes).transpose()?;
    let mut report = SignerReport {
        certificate: None,
        digest_algorithm_oid: signer.digest_algorithm.oid,
        digest_algorithm: DigestAlgorithm::from_oid(&signer.digest_algorithm.oid),
        signature_algorithm: SignatureAlgorithm::from_oid(&signer.signature_algorithm.oid),
        signature_algorithm_oid: signer.signature_algorithm.oid,
        message_digest: None,
        signing_time: None,
        digest: Check::NotChecked,
        signature: Check::NotChecked,
        signing_certificate: Check::NotChecked,
        signed_attributes: signed.iter().flatten().map(|(oid, ..)| *oid).collect(),
        unsigned_attributes: unsigned.iter().map(|(oid, ..)| *oid).collect(),
        stamps: stamps::read(signed_data, signer, &unsigned, seen_stamps)?,
        problems: Vec::new(),
        remarks: Vec::new(),
    };
    if !signer.version_fits() {
        report.problems.push(Problem::Version(signer.version));
    }
    parameters(&[signer.digest_algorithm, signer.signature_algorithm], &mut report.problems);
    if !signed_data.digest_algorithms.iter().any(|announced| announced.oid == signer.digest_algorithm.oid) {
        report.problems.push(Problem::DigestNotAnnounced(signer.digest_algorithm.oid));
    }

    let namesakes = signed_data.certificates.iter().filter(|certificate| signer.identifier.matches(certificate));
    let candidates = namesakes.take(cms::MOST_NAMESAKES);
    let attributes = signed.as_ref().map(|list| Attributes { list });
    // Two certificates of one issuer and number should not be; the signed attribute tells which one is meant.
    let certificate = candidates.clone().find(|candidate| {
        attributes
            .as_ref()
            .is_some_and(|attributes| attributes.signing_certificate(candidate, &mut Vec::new()) == Check::Good)
    });
    report.certificate = certificate.or_else(|| candidates.clone().next()).cloned();
    if report.certificate.is_none() {
        report.problems.push(Problem::CertificateMissing);
    }

    let Some(algorithm) = report.digest_algorithm else {
        report.problems.push(Problem::UnknownDigest(signer.digest_algorithm.oid));
        return Ok(report);
    };
    if algorithm.is_weak() {
        report.remarks.push(Remark::WeakDigest(signer.digest_algorithm.oid));
    }
    let content_digest = source.of(algorithm);
    if content_digest.as_deref().is_some_and(|digest| source.given_differs(algorithm, digest)) {
        report.problems.push(Problem::ContentDiffers);
    }
    if source.is_not_given(algorithm) {
        report.problems.push(Problem::ContentMissing);
    }
    // What the signature is over: the DER SET of attributes, or the content itself (RFC 5652 §5.4).
    let signed_digest = match (&attributes, signer.signed_attributes) {
        (Some(attributes), Some(tlv)) => {
            attributes.judge(signed_data, content_digest, algorithm, &mut report);
            Some(cms::signed_digest(tlv, algorithm))
        }
        _ => {
            report.remarks.push(Remark::NoSignedAttributes);
            if source.is_attributes() {
                report.problems.push(Problem::ContentIsAttributes);
            }
            if signed_data.content_type != DATA {
                report.problems.push(Problem::AttributesMissing);
            }
            content_digest
        }
    };
    if let (Some(digest), Some(certificate)) = (signed_digest, report.certificate.clone()) {
        check_signature(signer, algorithm, &digest, certificate.public_key(), &mut report);
    }
    remark_unsigned(&mut report);
    if signed.is_none() {
        // Content and signature are one question then.
        report.digest = report.signature;
    }
    Ok(report)
}

/// What is worth telling of the unsigned attributes.
fn remark_unsigned(report: &mut SignerReport) {
    for oid in &report.unsigned_attributes {
        if UNCHECKED_UNSIGNED.contains(oid) {
            report.remarks.push(Remark::UncheckedUnsignedAttribute(*oid));
        } else if !KNOWN_UNSIGNED.contains(oid) {
            report.remarks.push(Remark::UnknownUnsignedAttribute(*oid));
        }
    }
    if let (Some(signed), Some(stamped)) = (report.signing_time, report.stamp_time())
        && signed.as_unix() > stamped.as_unix().saturating_add(CLOCKS_DIFFER)
    {
        report.remarks.push(Remark::SigningTimeAfterStamp);
    }
}

/// The signature value under the certificate's key.
fn check_signature(
    signer: &SignerInfo<'_>,
    digest_algorithm: DigestAlgorithm,
    digest: &[u8],
    key: &PublicKey,
    report: &mut SignerReport,
) {
    let written = signer.signature_algorithm.oid;
    report.signature_algorithm = signer.computed_algorithm(digest_algorithm);
    if matches!(written, oid::GOST512_KEY | oid::GOST256_KEY | oid::GOST2004_KEY) {
        report.remarks.push(Remark::KeyAlgorithmAsSignature);
    }
    if report.signature_algorithm.digest_algorithm().is_some_and(|fitting| fitting != digest_algorithm) {
        report.problems.push(Problem::AlgorithmMismatch(written));
        report.signature = Check::Bad;
        return;
    }
    report.signature = match key.verify(digest, signer.signature, report.signature_algorithm) {
        Ok(()) => Check::Good,
        Err(VerifyError::Unsupported(oid)) => {
            report.problems.push(Problem::NotChecked(oid));
            Check::NotChecked
        }
        Err(error) => {
            report.problems.push(Problem::Signature(error));
            Check::Bad
        }
    };
}

/// CMSAlgorithmProtection (RFC 6211 §2): the digest and the signature algorithm that were signed.
fn protected_algorithms(value: Tlv<'_>) -> Result<(ObjectIdentifier, ObjectIdentifier), DerError> {
    let mut fields = value.expect(tlv::SEQUENCE)?.children();
    let digest = Algorithm::from_tlv(fields.read()?)?.oid;
    // [1] IMPLICIT AlgorithmIdentifier; [2] would be a MAC's, which no signature has.
    let signature = fields.expect(tlv::context(1))?.children().read()?.oid()?;
    fields.finish()?;
    Ok((digest, signature))
}

fn parameters(algorithms: &[Algorithm], problems: &mut Vec<Problem>) {
    problems.extend(algorithms.iter().filter(|a| !a.plain).map(|a| Problem::AlgorithmParameters(a.oid)));
}

/// The signed attributes: type, the whole attribute, the SET of values.
struct Attributes<'l, 'a> {
    list: &'l [(ObjectIdentifier, Tlv<'a>, Tlv<'a>)],
}

impl<'a> Attributes<'_, 'a> {
    /// The one value of the one attribute of that type.
    fn one(&self, wanted: ObjectIdentifier) -> Result<Option<Tlv<'a>>, Problem> {
        cms::one(self.list, wanted).map_err(|cms::NotOne| Problem::AttributeRepeated(wanted))
    }

    /// Everything about the attributes but the signature over them.
    fn judge(
        &self,
        signed_data: &SignedData<'_>,
        content_digest: Option<Vec<u8>>,
        algorithm: DigestAlgorithm,
        report: &mut SignerReport,
    ) {
        if !cms::are_der(self.list) {
            report.problems.push(Problem::AttributesNotDer);
        }
        for (index, (oid, ..)) in self.list.iter().enumerate() {
            // RFC 5652 §5.3: no two attributes of one type. Those that are read are told about when they are read.
            let read = [
                CONTENT_TYPE,
                MESSAGE_DIGEST,
                SIGNING_TIME,
                ALGORITHM_PROTECTION,
                SIGNING_CERTIFICATE,
                SIGNING_CERTIFICATE_V2,
            ];
            if !read.contains(oid) && self.list.iter().take(index).any(|(earlier, ..)| earlier == oid) {
                report.problems.push(Problem::AttributeRepeated(*oid));
            }
        }
        let mut problems = Vec::new();
        let mut take = |oid, required: bool| match self.one(oid) {
            Ok(None) if required => {
                problems.push(Problem::AttributeMissing(oid));
                None
            }
            Ok(value) => value,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let content_type = take(CONTENT_TYPE, true);
        let message_digest = take(MESSAGE_DIGEST, true);
        let signing_time = take(SIGNING_TIME, false);
        let protection = take(ALGORITHM_PROTECTION, false);
        report.problems.append(&mut problems);

        match content_type.map(Tlv::oid) {
            Some(Ok(oid)) if oid != signed_data.content_type => report.problems.push(Problem::ContentTypeDiffers),
            Some(Err(_)) => report.problems.push(Problem::AttributeMalformed(CONTENT_TYPE)),
            _ => {}
        }
        match message_digest.map(Tlv::octets) {
            Some(Ok(digest)) => {
                report.message_digest = Some(digest.to_vec());
                report.digest = match content_digest {
                    None => Check::NotChecked,
                    Some(computed) if computed == digest => Check::Good,
                    Some(_) => {
                        report.problems.push(Problem::DigestMismatch);
                        Check::Bad
                    }
                };
                let expected = algorithm.output_len();
                if digest.len() != expected {
                    report.problems.push(Problem::DigestLength { expected, found: digest.len() });
                }
            }
            Some(Err(_)) => report.problems.push(Problem::AttributeMalformed(MESSAGE_DIGEST)),
            None => {}
        }
        match protection.map(protected_algorithms) {
            Some(Ok(protected)) if protected != (report.digest_algorithm_oid, report.signature_algorithm_oid) => {
                report.problems.push(Problem::AlgorithmProtection);
            }
            Some(Err(_)) => report.problems.push(Problem::AttributeMalformed(ALGORITHM_PROTECTION)),
            _ => {}
        }
        if let Some(value) = signing_time {
            match Timestamp::from_tlv(value) {
                Ok(time) => {
                    report.signing_time = Some(time);
                    if time.to_der() != value.raw() {
                        report.remarks.push(Remark::SigningTimeForm);
                    }
                }
                Err(_) => report.problems.push(Problem::AttributeMalformed(SIGNING_TIME)),
            }
        }
        if let Some(certificate) = report.certificate.clone() {
            report.signing_certificate = self.signing_certificate(&certificate, &mut report.problems);
        }
        let has_ess = self.list.iter().any(|(oid, ..)| [SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2].contains(oid));
        if !has_ess {
            report.remarks.push(Remark::NoSigningCertificate);
        }
    }

    /// Both ESS attributes, as far as they are there, against the signer's certificate.
    fn signing_certificate(&self, certificate: &Certificate, problems: &mut Vec<Problem>) -> Check {
        let mut check = Check::NotChecked;
        for (oid, ess) in [(SIGNING_CERTIFICATE, Ess::V1), (SIGNING_CERTIFICATE_V2, Ess::V2)] {
            let problem = match self.one(oid) {
                Ok(None) => continue,
                Err(problem) => problem,
                Ok(Some(value)) => match cms::means(value, ess, certificate) {
                    Ok(Some(true)) => {
                        if check == Check::NotChecked {
                            check = Check::Good;
                        }
                        continue;
                    }
                    // A hash that is not known is as good as one that does not fit.
                    Ok(Some(false) | None) => Problem::SigningCertificateMismatch,
                    Err(_) => Problem::AttributeMalformed(oid),
                },
            };
            problems.push(problem);
            check = Check::Bad;
        }
        check
    }
}
