//! Judging a response, over the octets that arrived.

use super::error::OcspError;
use super::request::wrapped;
use super::response::{CertStatus, Parts, ResponderId, Response};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::extensions::KeyUsage;
use crate::key::{PublicKey, VerifyError};
use crate::oid;
use crate::revocation::Freshness;
use crate::serial::Serial;
use crate::time::{Timestamp, Validity};
use crate::trust::{Authority, identifiers_agree};

/// The most certificates of the responder's name or key that are tried: each costs two signatures. The NCA sends one.
const MOST_RESPONDERS: usize = 4;

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The number of the certificate.
    pub serial: &'a Serial,
    /// Who issued it. Whether that is so, and whether this authority is believed, is [`crate::trust`]'s business.
    pub issuer: Authority<'a>,
    /// The request's nonce. `None` for a response that was not asked for just now but found, say, in a signature.
    pub nonce: Option<[u8; 8]>,
    /// The present; for a response that was found, the moment at which it should hold.
    pub freshness: Freshness,
}

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Responder {
    /// The issuer itself.
    Issuer,
    /// A responder that the issuer appointed, by this certificate. A revocation of it is not looked for: the NCA's have
    /// the extension that says so (kz-crypto 8.3).
    Appointed(Box<Certificate>),
}

/// An answer that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is said about the certificate.
    pub status: CertStatus,
    /// When that was known.
    pub this_update: Timestamp,
    /// Until when it holds, where the responder says so.
    pub next_update: Option<Timestamp>,
    /// When the response was signed.
    pub produced_at: Timestamp,
    /// Who answered.
    pub responder: Responder,
}

impl Response {
    /// Verifies the response and finds what it says about the certificate.
    ///
    /// # Errors
    /// [`OcspError`]: it says nothing then, neither good nor bad.
    pub fn verify(&self, question: &Question<'_>) -> Result<Answer, OcspError> {
        let parts = Parts::from_der(&self.der)?;
        let mut about = parts.singles.iter().filter(|s| s.id.means(question.issuer, question.serial));
        let single = about.next().ok_or(OcspError::OtherCertificate)?;
        if about.next().is_some() {
            return Err(OcspError::Ambiguous);
        }
        if let Some(nonce) = &question.nonce {
            // Old responders wrap it once only (RFC 8954 §2.1).
            let same = parts.nonce.is_some_and(|found| found == wrapped(nonce) || found == nonce);
            if !same {
                return Err(OcspError::Nonce);
            }
        }
        check_times(single.this_update, single.next_update, parts.produced_at, &question.freshness)?;
        let responder = verify_signature(&parts, question.issuer)?;
        Ok(Answer {
            status: single.status,
            this_update: single.this_update,
            next_update: single.next_update,
            produced_at: parts.produced_at,
            responder,
        })
    }
}

fn check_times(
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    produced_at: Timestamp,
    freshness: &Freshness,
) -> Result<(), OcspError> {
    if this_update > produced_at.plus_seconds(freshness.skew.into())
        || next_update.is_some_and(|next| next < this_update)
    {
        return Err(OcspError::Times);
    }
    for time in [this_update, produced_at] {
        if !freshness.has_begun(time) {
            return Err(OcspError::FromTheFuture(time));
        }
    }
    let until = next_update.unwrap_or_else(|| freshness.holds_until(this_update));
    if freshness.still_holds(until) { Ok(()) } else { Err(OcspError::Stale(until)) }
}

/// RFC 6960 §4.2.2.2: the issuer itself, or a certificate that this issuer itself issued with the purpose OCSPSigning.
fn verify_signature(parts: &Parts<'_>, issuer: Authority<'_>) -> Result<Responder, OcspError> {
    if identifies(parts.responder, issuer.name().der(), issuer.public_key()) {
        match check(parts, issuer.public_key()) {
            Ok(()) => return Ok(Responder::Issuer),
            // A responder may bear its issuer's name.
            Err(error) if parts.certificates.is_empty() => return Err(error),
            Err(_) => {}
        }
    }
    let mut error = OcspError::Responder;
    let meant =
        |certificate: &&Certificate| identifies(parts.responder, certificate.subject().der(), certificate.public_key());
    for certificate in parts.certificates.iter().filter(meant).take(MOST_RESPONDERS) {
        match appointed(certificate, issuer, parts.produced_at).and_then(|()| check(parts, certificate.public_key())) {
            Ok(()) => return Ok(Responder::Appointed(Box::new(certificate.clone()))),
            Err(why) => error = why,
        }
    }
    Err(error)
}

fn identifies(responder: ResponderId<'_>, name: &[u8], key: &PublicKey) -> bool {
    match responder {
        ResponderId::Name(wanted) => wanted == name,
        ResponderId::KeyHash(wanted) => {
            key.subject_public_key().is_some_and(|bits| DigestAlgorithm::Sha1.digest(&bits) == wanted)
        }
    }
}

fn appointed(certificate: &Certificate, issuer: Authority<'_>, at: Timestamp) -> Result<(), OcspError> {
    let signs = certificate
        .key_usage()
        .is_none_or(|usage| usage.contains(KeyUsage::DIGITAL_SIGNATURE) || usage.contains(KeyUsage::NON_REPUDIATION));
    let fits = certificate.issuer() == issuer.name()
        && identifiers_agree(certificate.authority_key_identifier(), issuer.key_identifier())
        && certificate.extended_key_usage().contains(&oid::OCSP_SIGNING)
        && certificate.unknown_critical_extensions().is_empty()
        && signs;
    if !fits {
        return Err(OcspError::Responder);
    }
    match certificate.verify_signature(issuer.public_key()) {
        Ok(()) => {}
        Err(unchecked @ VerifyError::Unsupported(_)) => return Err(OcspError::Signature(unchecked)),
        Err(_) => return Err(OcspError::Responder),
    }
    match certificate.validity_at(at) {
        Validity::Current => Ok(()),
        validity => Err(OcspError::ResponderValidity(validity)),
    }
}

fn check(parts: &Parts<'_>, key: &PublicKey) -> Result<(), OcspError> {
    let algorithm = SignatureAlgorithm::from_oid(&parts.algorithm.oid);
    let unsupported = VerifyError::Unsupported(parts.algorithm.oid);
    let digest = algorithm.digest_algorithm().ok_or(OcspError::Signature(unsupported))?;
    if digest.is_weak() {
        return Err(OcspError::Weak(parts.algorithm.oid));
    }
    key.verify(&digest.digest(parts.tbs), parts.signature, algorithm).map_err(OcspError::Signature)
}
