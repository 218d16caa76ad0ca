//! Writing OCSP responses.

use pki::{Signer, Timestamp, ocsp::CertId, oid, revocation::Reason, tlv};

use super::{NOT_CRITICAL, enumerated, extension, signed};
use crate::TestNcaError;

/// What is said about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Not revoked.
    Good,
    /// Revoked since then.
    Revoked(Timestamp, Option<Reason>),
    /// Not known.
    Unknown,
}

impl Said {
    /// What the NCA's responder says about a certificate that was never issued (kz-crypto 10): revoked since 1970.
    #[must_use]
    pub fn never_issued() -> Self {
        Self::Revoked(Timestamp::from_unix(0), Some(Reason::CertificateHold))
    }

    fn to_der(self) -> Vec<u8> {
        match self {
            Self::Good => tlv::element(tlv::context_primitive(0), &[]),
            Self::Unknown => tlv::element(tlv::context_primitive(2), &[]),
            Self::Revoked(since, reason) => {
                let reason = reason.map(|reason| tlv::element(tlv::context(0), &[&enumerated(reason.number())]));
                tlv::element(tlv::context(1), &[&since.to_generalized_time(), &reason.unwrap_or_default()])
            }
        }
    }
}

/// How the responder says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponderForm {
    /// By its name, as the NCA's does.
    Name,
    /// By the hash of its key.
    KeyHash,
}

/// A response to be signed.
#[derive(Clone, Debug)]
pub struct OcspReply {
    /// What is said about which certificates.
    pub answers: Vec<(CertId, Said)>,
    /// When that was known.
    pub this_update: Timestamp,
    /// Until when it holds. The NCA's responder does not say.
    pub next_update: Option<Timestamp>,
    /// When it is signed.
    pub produced_at: Timestamp,
    /// Content of the nonce extension.
    pub nonce: Option<Vec<u8>>,
    /// How the responder says who it is.
    pub responder: ResponderForm,
    /// The responder's certificate goes along.
    pub with_certificate: bool,
    /// Content of an extension that nobody knows and that is critical.
    pub unknown_critical: Option<Vec<u8>>,
}

impl OcspReply {
    /// The response that the NCA's responder would give at `now`.
    #[must_use]
    pub fn new(answers: Vec<(CertId, Said)>, nonce: Option<&[u8]>, now: Timestamp) -> Self {
        Self {
            answers,
            this_update: now,
            next_update: None,
            produced_at: now,
            nonce: nonce.map(<[u8]>::to_vec),
            responder: ResponderForm::Name,
            with_certificate: true,
            unknown_critical: None,
        }
    }

    /// The DER of the OCSPResponse.
    ///
    /// # Errors
    /// [`TestNcaError::Signer`], [`TestNcaError::Algorithm`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, TestNcaError> {
        let certificate = signer.certificate();
        let responder = match self.responder {
            ResponderForm::Name => tlv::element(tlv::context(1), &[certificate.subject().der()]),
            ResponderForm::KeyHash => {
                let key = certificate.public_key().key_identifier().ok_or(TestNcaError::Algorithm)?;
                tlv::element(tlv::context(2), &[&tlv::element(tlv::OCTET_STRING, &[&key])])
            }
        };
        let next_update = self
            .next_update
            .map(|time| tlv::element(tlv::context(0), &[&time.to_generalized_time()]))
            .unwrap_or_default();
        let answers: Vec<u8> = self
            .answers
            .iter()
            .flat_map(|(id, said)| {
                let parts = [id.to_der(), said.to_der(), self.this_update.to_generalized_time(), next_update.clone()];
                tlv::element(tlv::SEQUENCE, &[&parts.concat()])
            })
            .collect();
        let extensions = [
            self.nonce.as_deref().map(|nonce| extension(oid::OCSP_NONCE, NOT_CRITICAL, nonce)),
            Some(extension(oid::OCSP_EXTENDED_REVOKE, NOT_CRITICAL, &[tlv::NULL, 0])),
            self.unknown_critical.as_deref().map(|value| extension(oid::KEY_STORAGE, super::CRITICAL, value)),
        ];
        let extensions =
            tlv::element(tlv::SEQUENCE, &[&extensions.into_iter().flatten().flatten().collect::<Vec<_>>()]);
        let data = tlv::element(
            tlv::SEQUENCE,
            &[
                &responder,
                &self.produced_at.to_generalized_time(),
                &tlv::element(tlv::SEQUENCE, &[&answers]),
                &tlv::element(tlv::context(1), &[&extensions]),
            ],
        );
        let certificates = if self.with_certificate {
            tlv::element(tlv::context(0), &[&tlv::element(tlv::SEQUENCE, &[certificate.der()])])
        } else {
            Vec::new()
        };
        let basic = signed(signer, &data, &certificates)?;
        let bytes = [tlv::oid(&oid::OCSP_BASIC), tlv::element(tlv::OCTET_STRING, &[&basic])].concat();
        let bytes = tlv::element(tlv::context(0), &[&tlv::element(tlv::SEQUENCE, &[&bytes])]);
        Ok(tlv::element(tlv::SEQUENCE, &[&enumerated(0), &bytes]))
    }
}

/// A response that is a status and nothing else: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired,
/// 6 unauthorized.
#[must_use]
pub fn ocsp_refusal(status: u8) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&enumerated(status)])
}
