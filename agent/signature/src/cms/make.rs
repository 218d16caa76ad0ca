//! Making a signature.

use const_oid::ObjectIdentifier;
use pki::cms::{CmsError, MAX_ATTACHED_LEN};
use pki::tlv;
use pki::{DigestAlgorithm, Signer, SignerError, Timestamp};

use super::content::External;
use super::report::{Check, Problem};
use super::verify::verify;
use super::{DATA, SIGNED_DATA, attributes};

/// What is signed, and whether it goes into the CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// The content goes inside.
    Attached(&'a [u8]),
    /// The content stays outside.
    Detached(&'a [u8]),
    /// Only the content's digest is known. It becomes messageDigest as it is, whatever its length: the original does
    /// not look at it either (ncalayer-protocol 12.3). With a length that does not fit nobody can verify the result;
    /// see [`digest_fits`].
    DetachedDigest(&'a [u8]),
}

/// Why no signature was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The content has more than [`MAX_ATTACHED_LEN`] octets.
    #[error("a document of {0} bytes is too large to be attached")]
    TooLarge(usize),
    /// The signer's algorithm is not known.
    #[error("the signer's algorithm is not known")]
    Algorithm,
    /// The key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// What was made cannot be read back.
    #[error("what was made is no CMS: {0}")]
    Unreadable(#[from] CmsError),
    /// What was made does not verify: a fault of the key store, the token or this program.
    #[error("the signature that was made does not verify: {0}")]
    SelfCheck(Problem),
}

/// A digest of that many octets is one of the signer's algorithm, so that a signature over it can be verified.
pub fn digest_fits(signer: &dyn Signer, digest: &[u8]) -> bool {
    signer.algorithm().digest_algorithm().is_some_and(|algorithm| algorithm.output_len() == digest.len())
}

/// Makes a CAdES-BES signature in the form of kz-crypto 13.1 and verifies it before returning it. The result is DER.
///
/// `signing_time` is written as the signer's claim; UTCTime, or GeneralizedTime from 2050 on (RFC 5652 §11.3).
pub fn sign(signer: &dyn Signer, content: Content<'_>, signing_time: Timestamp) -> Result<Vec<u8>, SignError> {
    sign_as(DATA, signer, content, signing_time)
}

/// The same over content of another type than id-data, which is signed too: a signature of one type can be passed off for
/// none of another. Never a type that somebody else chose.
///
/// # Errors
/// As [`sign`].
pub fn sign_as(
    content_type: ObjectIdentifier,
    signer: &dyn Signer,
    content: Content<'_>,
    signing_time: Timestamp,
) -> Result<Vec<u8>, SignError> {
    // Before anything is hashed or copied.
    if let Content::Attached(content) = content
        && content.len() > MAX_ATTACHED_LEN
    {
        return Err(SignError::TooLarge(content.len()));
    }
    let digest_algorithm = digest_algorithm(signer)?;
    let message_digest = match content {
        Content::Attached(content) | Content::Detached(content) => digest_algorithm.digest(content),
        Content::DetachedDigest(digest) => digest.to_vec(),
    };
    let around = Around::new(content_type, signer, &message_digest, signing_time)?;
    let attached = match content {
        Content::Attached(content) => Some(content),
        Content::Detached(_) | Content::DetachedDigest(_) => None,
    };
    let der = around.put_together(attached);
    self_check(content_type, signer, &der, content)?;
    Ok(der)
}

/// Makes a detached CAdES-BES signature of the content with that digest, without the attribute signingTime: in a PDF the
/// signature dictionary says the time, and nothing else may (EN 319 142-1, 6.3). Verified before it is returned.
///
/// # Errors
/// As [`sign`].
pub fn sign_for_pdf(signer: &dyn Signer, digest: &[u8]) -> Result<Vec<u8>, SignError> {
    let der = Around::new(DATA, signer, digest, None)?.put_together(None);
    self_check(DATA, signer, &der, Content::DetachedDigest(digest))?;
    Ok(der)
}

pub(super) fn digest_algorithm(signer: &dyn Signer) -> Result<DigestAlgorithm, SignError> {
    signer.algorithm().digest_algorithm().ok_or(SignError::Algorithm)
}

const VERSION_1: [u8; 3] = [tlv::INTEGER, 1, 1];
const VERSION_3: [u8; 3] = [tlv::INTEGER, 1, 3];

/// A SignerInfo in the form of kz-crypto 13.1, signed.
pub(super) fn signer_info(
    signer: &dyn Signer,
    content_type: ObjectIdentifier,
    message_digest: &[u8],
    signing_time: impl Into<Option<Timestamp>>,
) -> Result<Vec<u8>, SignError> {
    let digest_algorithm = digest_algorithm(signer)?;
    let certificate = signer.certificate();
    let attributes = attributes::write(certificate, content_type, message_digest, signing_time.into());
    let signature = signer.sign(&attributes)?;
    let issuer_and_serial = tlv::element(
        tlv::SEQUENCE,
        &[certificate.issuer().der(), &tlv::element(tlv::INTEGER, &[certificate.serial().bytes()])],
    );
    // [0] IMPLICIT: the SET with another tag.
    let (_, signed_attributes) = attributes.split_first().ok_or(SignError::Algorithm)?;
    Ok(tlv::element(
        tlv::SEQUENCE,
        &[
            &VERSION_1,
            &issuer_and_serial,
            &tlv::algorithm_null(&digest_algorithm.oid()),
            &[tlv::context(0)],
            signed_attributes,
            &signer.algorithm().to_der(),
            &tlv::element(tlv::OCTET_STRING, &[&signature]),
        ],
    ))
}

/// The parts of a SignedData with one signer that stand before and after the content.
pub(super) struct Around {
    content_type: ObjectIdentifier,
    before: Vec<u8>,
    /// What follows the content.
    pub(super) after: Vec<u8>,
}

impl Around {
    pub(super) fn new(
        content_type: ObjectIdentifier,
        signer: &dyn Signer,
        message_digest: &[u8],
        signing_time: impl Into<Option<Timestamp>>,
    ) -> Result<Self, SignError> {
        let digest_identifier = tlv::algorithm_null(&digest_algorithm(signer)?.oid());
        let signer_info = signer_info(signer, content_type, message_digest, signing_time)?;
        let certificates = tlv::element(tlv::context(0), &[signer.certificate().der()]);
        Ok(Self {
            content_type,
            // RFC 5652 §5.1: the version tells documents from everything else.
            before: [
                if content_type == DATA { &VERSION_1[..] } else { &VERSION_3[..] },
                &tlv::element(tlv::SET, &[&digest_identifier]),
            ]
            .concat(),
            after: [certificates, tlv::element(tlv::SET, &[&signer_info])].concat(),
        })
    }

    /// ContentInfo up to where the content's octets come. The lengths are added up from the inside first, so that a
    /// document of many megabytes is copied once, or not at all, and not once for each of the five elements around it.
    pub(super) fn head(&self, attached: Option<usize>) -> Vec<u8> {
        let content_type = tlv::oid(&self.content_type);
        let signed_data_type = tlv::oid(&SIGNED_DATA);
        let with_header = |length: usize| tlv::header_len(length) + length;
        let octets = attached.unwrap_or_default();
        let explicit = attached.map_or(0, with_header);
        let encapsulated = content_type.len() + attached.map_or(0, |_| with_header(explicit));
        let signed_data = self.before.len() + with_header(encapsulated) + self.after.len();
        let tagged = with_header(signed_data);
        let content_info = signed_data_type.len() + with_header(tagged);

        let mut out = Vec::new();
        tlv::write_header(&mut out, tlv::SEQUENCE, content_info);
        out.extend_from_slice(&signed_data_type);
        tlv::write_header(&mut out, tlv::context(0), tagged);
        tlv::write_header(&mut out, tlv::SEQUENCE, signed_data);
        out.extend_from_slice(&self.before);
        tlv::write_header(&mut out, tlv::SEQUENCE, encapsulated);
        out.extend_from_slice(&content_type);
        if attached.is_some() {
            tlv::write_header(&mut out, tlv::context(0), explicit);
            tlv::write_header(&mut out, tlv::OCTET_STRING, octets);
        }
        out
    }

    /// The whole CMS.
    pub(super) fn put_together(&self, attached: Option<&[u8]>) -> Vec<u8> {
        let head = self.head(attached.map(<[u8]>::len));
        [&head, attached.unwrap_or_default(), &self.after].concat()
    }
}

/// The second path over the bytes: what leaves was read, hashed and verified again.
pub(super) fn self_check(
    content_type: ObjectIdentifier,
    signer: &dyn Signer,
    der: &[u8],
    content: Content<'_>,
) -> Result<(), SignError> {
    let (external, tolerated) = match content {
        // Given once more, so that what is inside is held against what was to be signed.
        Content::Attached(content) | Content::Detached(content) => (External::Content(content), None),
        Content::DetachedDigest(digest) => {
            let expected = signer.algorithm().digest_algorithm().map(|algorithm| algorithm.output_len());
            let length = expected.map(|expected| Problem::DigestLength { expected, found: digest.len() });
            (External::Digest(digest), length)
        }
    };
    let report = verify(der, Some(external))?;
    let problems = report.problems.iter().chain(report.signers.iter().flat_map(|signer| &signer.problems));
    if let Some(problem) = problems.copied().find(|problem| Some(*problem) != tolerated) {
        return Err(SignError::SelfCheck(problem));
    }
    if report.content_type != content_type {
        return Err(SignError::SelfCheck(Problem::ContentTypeDiffers));
    }
    match report.signers.as_slice() {
        [found] if found.certificate.as_ref() != Some(signer.certificate()) => {
            Err(SignError::SelfCheck(Problem::CertificateMissing))
        }
        [found] if found.checks_hold() && found.signing_certificate == Check::Good => Ok(()),
        [_] => Err(SignError::SelfCheck(Problem::DigestMismatch)),
        _ => Err(SignError::SelfCheck(Problem::NoSigner)),
    }
}
