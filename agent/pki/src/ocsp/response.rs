//! OCSPResponse and BasicOCSPResponse (RFC 6960 §4.2.1), taken apart without a judgement.

use super::error::{OcspError, ResponseStatus};
use super::request::{CertId, MOST, known_extensions, version};
use crate::certificate::Certificate;
use crate::cms::Algorithm;
use crate::oid;
use crate::revocation::{Reason, Revocation};
use crate::time::Timestamp;
use crate::tlv::{self, DerError, Reader, Tlv};

/// What is said about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked(Revocation),
    /// The responder does not know the certificate.
    Unknown,
}

/// A response: the DER as it arrived. It says nothing before [`Response::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub(super) der: Vec<u8>,
    produced_at: Timestamp,
}

/// One SingleResponse.
pub(super) struct Single {
    pub(super) id: CertId,
    pub(super) status: CertStatus,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
}

/// ResponderID.
#[derive(Clone, Copy)]
pub(super) enum ResponderId<'a> {
    /// DER of the Name.
    Name(&'a [u8]),
    /// SHA-1 of the key's BIT STRING content.
    KeyHash(&'a [u8]),
}

/// A successful response in its parts.
pub(super) struct Parts<'a> {
    /// tbsResponseData, which is what is signed.
    pub(super) tbs: &'a [u8],
    pub(super) responder: ResponderId<'a>,
    pub(super) produced_at: Timestamp,
    pub(super) singles: Vec<Single>,
    /// Content of the nonce extension.
    pub(super) nonce: Option<&'a [u8]>,
    pub(super) algorithm: Algorithm,
    pub(super) signature: &'a [u8],
    pub(super) certificates: Vec<Certificate>,
}

impl Response {
    /// Responses above this are refused: 256 KiB.
    pub const MAX_LEN: usize = 256 * 1024;
    /// What the header Content-Type of a response says.
    pub const CONTENT_TYPE: &'static str = "application/ocsp-response";

    /// From exactly one DER OCSPResponse.
    ///
    /// # Errors
    /// [`OcspError::Refused`] where the responder does not answer, and others.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        if der.len() > Self::MAX_LEN {
            return Err(OcspError::TooLarge(der.len()));
        }
        let produced_at = Parts::from_der(der)?.produced_at;
        Ok(Self { der: der.to_vec(), produced_at })
    }

    /// When it was signed, as it says itself: the moment at which one that was found, and not asked for just now, can be
    /// judged.
    pub fn produced_at(&self) -> Timestamp {
        self.produced_at
    }

    /// The encoding, as it arrived.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

impl<'a> Parts<'a> {
    pub(super) fn from_der(der: &'a [u8]) -> Result<Self, OcspError> {
        let mut response = tlv::whole(der, tlv::SEQUENCE)?.children();
        successful(response.read()?)?;
        let mut tagged = response.expect(tlv::context(0))?.children();
        response.finish()?;
        let mut bytes = tagged.expect(tlv::SEQUENCE)?.children();
        tagged.finish()?;
        let kind = bytes.read()?.oid()?;
        if kind != oid::OCSP_BASIC {
            return Err(OcspError::Type(kind));
        }
        let basic = bytes.expect(tlv::OCTET_STRING)?;
        bytes.finish()?;

        let mut inside = Reader::at(basic.value(), basic.value_offset());
        let mut basic = inside.expect(tlv::SEQUENCE)?.children();
        inside.finish()?;
        let data = basic.expect(tlv::SEQUENCE)?;
        let identifier = basic.read()?;
        let algorithm = Algorithm::from_tlv(identifier)?;
        if !algorithm.plain {
            return Err(identifier.wrong("signature algorithm without parameters").into());
        }
        let signature = basic.read()?.whole_bits()?;
        let certificates = basic.optional(tlv::context(0))?.map(certificates).transpose()?.unwrap_or_default();
        basic.finish()?;

        let mut fields = data.children();
        version(fields.optional(tlv::context(0))?)?;
        let responder = responder(fields.read()?)?;
        let produced_at = generalized(fields.read()?)?;
        let mut list = fields.expect(tlv::SEQUENCE)?.children();
        let mut singles = Vec::new();
        while !list.is_empty() {
            let answer = list.expect(tlv::SEQUENCE)?;
            if singles.len() >= MOST {
                return Err(answer.wrong("list of answers: too long").into());
            }
            singles.push(single(answer)?);
        }
        let nonce = known_extensions(fields.optional(tlv::context(1))?)?;
        fields.finish()?;
        Ok(Self { tbs: data.raw(), responder, produced_at, singles, nonce, algorithm, signature, certificates })
    }
}

fn successful(status: Tlv<'_>) -> Result<(), OcspError> {
    Err(OcspError::Refused(match status.expect(ENUMERATED)?.value() {
        [0] => return Ok(()),
        [1] => ResponseStatus::MalformedRequest,
        [2] => ResponseStatus::InternalError,
        [3] => ResponseStatus::TryLater,
        [5] => ResponseStatus::SigRequired,
        [6] => ResponseStatus::Unauthorized,
        _ => return Err(status.wrong("OCSPResponseStatus").into()),
    }))
}

/// ENUMERATED.
pub(super) const ENUMERATED: u8 = 0x0a;

/// `[0] EXPLICIT SEQUENCE OF Certificate`. One that cannot be read is not the responder's.
fn certificates(tagged: Tlv<'_>) -> Result<Vec<Certificate>, DerError> {
    let mut tagged = tagged.children();
    let mut list = tagged.expect(tlv::SEQUENCE)?.children();
    tagged.finish()?;
    let mut found = Vec::new();
    let mut count = 0;
    while !list.is_empty() {
        let certificate = list.expect(tlv::SEQUENCE)?;
        count += 1;
        if count > MOST {
            return Err(certificate.wrong("list of certificates: too long"));
        }
        found.extend(Certificate::from_der(certificate.raw()));
    }
    Ok(found)
}

fn responder(tagged: Tlv<'_>) -> Result<ResponderId<'_>, DerError> {
    let mut inner = tagged.children();
    let responder = match tagged.tag() {
        tag if tag == tlv::context(1) => ResponderId::Name(inner.expect(tlv::SEQUENCE)?.raw()),
        tag if tag == tlv::context(2) => ResponderId::KeyHash(inner.read()?.octets()?),
        _ => return Err(tagged.wrong("ResponderID")),
    };
    inner.finish()?;
    Ok(responder)
}

fn single(answer: Tlv<'_>) -> Result<Single, OcspError> {
    let mut fields = answer.children();
    let id = CertId::from_tlv(fields.read()?)?;
    let status = status(fields.read()?)?;
    let this_update = generalized(fields.read()?)?;
    let next_update = match fields.optional(tlv::context(0))? {
        Some(tagged) => {
            let mut inner = tagged.children();
            let time = generalized(inner.read()?)?;
            inner.finish()?;
            Some(time)
        }
        None => None,
    };
    known_extensions(fields.optional(tlv::context(1))?)?;
    fields.finish()?;
    Ok(Single { id, status, this_update, next_update })
}

fn status(tlv: Tlv<'_>) -> Result<CertStatus, DerError> {
    match tlv.tag() {
        tag if tag == tlv::context_primitive(0) && tlv.value().is_empty() => Ok(CertStatus::Good),
        tag if tag == tlv::context_primitive(2) && tlv.value().is_empty() => Ok(CertStatus::Unknown),
        tag if tag == tlv::context(1) => {
            let mut fields = tlv.children();
            let since = generalized(fields.read()?)?;
            let reason = match fields.optional(tlv::context(0))? {
                Some(tagged) => {
                    let mut inner = tagged.children();
                    let number = inner.expect(ENUMERATED)?;
                    inner.finish()?;
                    Some(Reason::from_content(number.value()).ok_or(number.wrong("CRLReason"))?)
                }
                None => None,
            };
            fields.finish()?;
            let revocation = Revocation { since, invalid_since: None, reason };
            Ok(if never_issued(revocation) { CertStatus::Unknown } else { CertStatus::Revoked(revocation) })
        }
        _ => Err(tlv.wrong("CertStatus")),
    }
}

/// A responder may say of a certificate that was never issued that it has been on hold since 1970 (RFC 6960 §4.4.8); the
/// NCA's does (kz-crypto 10).
fn never_issued(revocation: Revocation) -> bool {
    revocation.since == Timestamp::from_unix(0) && revocation.reason == Some(Reason::CertificateHold)
}

/// OCSP has GeneralizedTime only; of a fraction of the second the whole second is taken.
fn generalized(tlv: Tlv<'_>) -> Result<Timestamp, DerError> {
    Timestamp::from_fractional_tlv(tlv).map(|(second, _)| second)
}
