//! One more signature over the same content.

use pki::cms::SignedData;
use pki::tlv;
use pki::{Signer, Timestamp};

use super::parts::{Parts, insert};
use super::{AmendError, refuse_archived, within_limits};
use crate::cms::DATA;
use crate::cms::content::External;
use crate::cms::make::{self, SignError};
use crate::cms::report::{Check, Problem, Report};
use crate::cms::verify::verify;

/// What to do when the holder of the signer's certificate signed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SameCertificate {
    /// Refuse: it is most likely a mistake, and portals count signers.
    Refuse,
    /// Sign again.
    Allow,
}

/// Adds a signature to a DER CMS, attached or detached, of which every signature must be good; a time stamp that is not
/// does not matter. Whatever was there stays as it is; the digest algorithm and the certificate are added if they are new
/// (kz-crypto 13.3). Only documents, which are id-data, take one.
///
/// `external` is the content of a detached CMS. Digests do as well, if there is one for every signer and one by the new
/// signer's algorithm; so a content of any length can be signed after one pass over it.
///
/// # Errors
/// [`AmendError`].
pub fn add_signer(
    der: &[u8],
    signer: &dyn Signer,
    external: Option<External<'_>>,
    same_certificate: SameCertificate,
    signing_time: Timestamp,
) -> Result<Vec<u8>, AmendError> {
    let signed_data = SignedData::from_der(der)?;
    // The type is signed too, and here somebody else chose it.
    if signed_data.content_type != DATA {
        return Err(AmendError::NoDocument(signed_data.content_type));
    }
    refuse_archived(&signed_data)?;
    let report = verify(der, external)?;
    if let Some(problem) = fault(&report) {
        return Err(AmendError::NotGood(problem));
    }
    let certificate = signer.certificate();
    if same_certificate == SameCertificate::Refuse
        && let Some(index) = report.signers.iter().position(|there| there.certificate.as_ref() == Some(certificate))
    {
        return Err(AmendError::AlreadySigned(index));
    }

    let message_digest = message_digest(&signed_data, external, &report, signer)?;
    let signer_info = make::signer_info(signer, DATA, &message_digest, signing_time)?;
    let digest_oid = make::digest_algorithm(signer)?.oid();
    let mut parts = Parts::from_der(der)?;
    if !signed_data.digest_algorithms.iter().any(|announced| announced.oid == digest_oid) {
        insert(&mut parts.digest_algorithms, tlv::algorithm_null(&digest_oid));
    }
    insert(parts.certificates.get_or_insert_default(), certificate.der().to_vec());
    insert(&mut parts.signers, signer_info.clone());
    let out = within_limits(parts.to_der())?;
    self_check(&out, &signer_info, external, &Parts::from_der(der)?)?;
    Ok(out)
}

/// The content's digest by the new signer's algorithm.
fn message_digest(
    signed_data: &SignedData<'_>,
    external: Option<External<'_>>,
    report: &Report,
    signer: &dyn Signer,
) -> Result<Vec<u8>, AmendError> {
    let algorithm = make::digest_algorithm(signer)?;
    match (signed_data.content, external) {
        (Some(content), _) | (None, Some(External::Content(content))) => Some(algorithm.digest(content)),
        (None, Some(External::Digests(digests))) => digests.get(algorithm).map(<[u8]>::to_vec),
        // It was just held against the signers that are there, so it is by their algorithm and no other.
        (None, Some(External::Digest(digest))) => {
            let is_theirs = report.signers.iter().any(|there| there.digest_algorithm == Some(algorithm));
            is_theirs.then(|| digest.to_vec())
        }
        (None, None) => None,
    }
    .ok_or(AmendError::DigestMissing(algorithm))
}

fn fault(report: &Report) -> Option<Problem> {
    if report.is_good() {
        return None;
    }
    let mut problems = report.problems.iter().chain(report.signers.iter().flat_map(|signer| &signer.problems));
    Some(problems.next().copied().unwrap_or(Problem::NoSigner))
}

/// The second path over the bytes: the new signature and all that were there are good, and those are the same octets.
fn self_check(
    der: &[u8],
    signer_info: &[u8],
    external: Option<External<'_>>,
    before: &Parts<'_>,
) -> Result<(), AmendError> {
    let report = verify(der, external)?;
    if let Some(problem) = fault(&report) {
        return Err(SignError::SelfCheck(problem).into());
    }
    let mut signers = Parts::from_der(der)?.signers;
    let place = signers.iter().position(|there| **there == *signer_info).ok_or(AmendError::SelfCheck)?;
    signers.remove(place);
    match report.signers.get(place) {
        Some(new) if new.signing_certificate == Check::Good && signers == before.signers => Ok(()),
        _ => Err(AmendError::SelfCheck),
    }
}
