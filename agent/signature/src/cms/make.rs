//! Making a signature.

use pki::tlv;
use pki::{Signer, SignerError, Timestamp};

use super::report::{Check, Problem};
use super::structure::{CmsError, MAX_ATTACHED_LEN};
use super::verify::{External, verify};
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
    // Before anything is hashed or copied.
    if let Content::Attached(content) = content
        && content.len() > MAX_ATTACHED_LEN
    {
        return Err(SignError::TooLarge(content.len()));
    }
    let algorithm = signer.algorithm();
    let digest_algorithm = algorithm.digest_algorithm().ok_or(SignError::Algorithm)?;
    let message_digest = match content {
        Content::Attached(content) | Content::Detached(content) => digest_algorithm.digest(content),
        Content::DetachedDigest(digest) => digest.to_vec(),
    };
    let attributes = attributes::write(signer.certificate(), &message_digest, signing_time);
    let signature = signer.sign_digest(&digest_algorithm.digest(&attributes))?;

    let digest_identifier = tlv::algorithm_null(&digest_algorithm.oid());
    let certificate = signer.certificate();
    let issuer_and_serial = tlv::element(
        tlv::SEQUENCE,
        &[certificate.issuer().der(), &tlv::element(tlv::INTEGER, &[certificate.serial().bytes()])],
    );
    // [0] IMPLICIT: the SET with another tag.
    let (_, signed_attributes) = attributes.split_first().ok_or(SignError::Algorithm)?;
    let signer_info = tlv::element(
        tlv::SEQUENCE,
        &[
            &VERSION_1,
            &issuer_and_serial,
            &digest_identifier,
            &[tlv::context(0)],
            signed_attributes,
            &algorithm.to_der(),
            &tlv::element(tlv::OCTET_STRING, &[&signature]),
        ],
    );
    let before = [&VERSION_1[..], &tlv::element(tlv::SET, &[&digest_identifier])].concat();
    let after = [tlv::element(tlv::context(0), &[certificate.der()]), tlv::element(tlv::SET, &[&signer_info])].concat();
    let attached = match content {
        Content::Attached(content) => Some(content),
        Content::Detached(_) | Content::DetachedDigest(_) => None,
    };
    let der = assemble(&before, attached, &after);
    self_check(signer, &der, content)?;
    Ok(der)
}

const VERSION_1: [u8; 3] = [tlv::INTEGER, 1, 1];

/// ContentInfo around SignedData. The lengths are added up from the inside first, so that a document of many megabytes
/// is copied once and not once for each of the five elements around it.
fn assemble(before: &[u8], attached: Option<&[u8]>, after: &[u8]) -> Vec<u8> {
    let content_type = tlv::oid(&DATA);
    let signed_data_type = tlv::oid(&SIGNED_DATA);
    let with_header = |length: usize| tlv::header_len(length) + length;
    let octets = attached.map_or(0, <[u8]>::len);
    let explicit = attached.map_or(0, |_| with_header(octets));
    let encapsulated = content_type.len() + attached.map_or(0, |_| with_header(explicit));
    let signed_data = before.len() + with_header(encapsulated) + after.len();
    let tagged = with_header(signed_data);
    let content_info = signed_data_type.len() + with_header(tagged);

    let mut out = Vec::with_capacity(with_header(content_info));
    tlv::write_header(&mut out, tlv::SEQUENCE, content_info);
    out.extend_from_slice(&signed_data_type);
    tlv::write_header(&mut out, tlv::context(0), tagged);
    tlv::write_header(&mut out, tlv::SEQUENCE, signed_data);
    out.extend_from_slice(before);
    tlv::write_header(&mut out, tlv::SEQUENCE, encapsulated);
    out.extend_from_slice(&content_type);
    if let Some(content) = attached {
        tlv::write_header(&mut out, tlv::context(0), explicit);
        tlv::write_header(&mut out, tlv::OCTET_STRING, octets);
        out.extend_from_slice(content);
    }
    out.extend_from_slice(after);
    out
}

/// The second path over the bytes: what leaves was read, hashed and verified again.
fn self_check(signer: &dyn Signer, der: &[u8], content: Content<'_>) -> Result<(), SignError> {
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
    match report.signers.as_slice() {
        [found] if found.certificate.as_ref() != Some(signer.certificate()) => {
            Err(SignError::SelfCheck(Problem::CertificateMissing))
        }
        [found] if found.checks_hold() && found.signing_certificate == Check::Good => Ok(()),
        [_] => Err(SignError::SelfCheck(Problem::DigestMismatch)),
        _ => Err(SignError::SelfCheck(Problem::NoSigner)),
    }
}
