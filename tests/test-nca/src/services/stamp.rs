//! Writing time stamps.

use pki::{
    DigestAlgorithm, ObjectIdentifier, Signer, Timestamp, cms, oid, tlv,
    tsp::{Accuracy, Request},
};

use super::{list::integer, signature};
use crate::TestNcaError;

/// Which attribute says whose certificate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ess {
    /// signingCertificate, as the NCA's service writes it.
    V1,
    /// signingCertificateV2.
    V2,
    /// None.
    Missing,
}

/// A time stamp to be signed.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Under which policy.
    pub policy: ObjectIdentifier,
    /// The digest algorithm of the imprint.
    pub imprint_algorithm: ObjectIdentifier,
    /// The imprint.
    pub imprint: Vec<u8>,
    /// The token's number: content octets of the INTEGER.
    pub serial: Vec<u8>,
    /// When.
    pub time: Timestamp,
    /// Digits of the fraction of the second.
    pub fraction: Option<&'static str>,
    /// How exact.
    pub accuracy: Option<Accuracy>,
    /// Content octets of the nonce.
    pub nonce: Option<Vec<u8>>,
    /// Which attribute says whose certificate it is.
    pub ess: Ess,
    /// The certificate goes along.
    pub with_certificate: bool,
}

impl Stamp {
    /// The stamp that the NCA's service would give for that request at `time`.
    #[must_use]
    pub fn new(request: &Request, serial: [u8; 20], time: Timestamp) -> Self {
        let mut serial = serial;
        if let Some(first) = serial.first_mut() {
            *first = *first & 0x3f | 0x40;
        }
        Self {
            policy: request.policy().unwrap_or(oid::TSA_GOST512),
            imprint_algorithm: request.digest_algorithm(),
            imprint: request.imprint().to_vec(),
            serial: serial.to_vec(),
            time,
            fraction: None,
            accuracy: None,
            nonce: request.nonce().map(<[u8]>::to_vec),
            ess: Ess::V1,
            with_certificate: request.wants_certificate(),
        }
    }

    /// The DER of the token.
    ///
    /// # Errors
    /// [`TestNcaError::Signer`], [`TestNcaError::Algorithm`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, TestNcaError> {
        let certificate = signer.certificate();
        let digest = signer.algorithm().digest_algorithm().ok_or(TestNcaError::Algorithm)?;
        let info = self.info();
        let ess = match self.ess {
            Ess::V1 => Some((cms::SIGNING_CERTIFICATE, DigestAlgorithm::Sha1)),
            Ess::V2 => Some((cms::SIGNING_CERTIFICATE_V2, DigestAlgorithm::Sha256)),
            Ess::Missing => None,
        };
        let ess = ess.map(|(oid, hash)| {
            let hash = tlv::element(tlv::OCTET_STRING, &[&hash.digest(certificate.der())]);
            let identifiers = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&hash])]);
            attribute(oid, &tlv::element(tlv::SEQUENCE, &[&identifiers]))
        });
        let attributes = [
            Some(attribute(cms::CONTENT_TYPE, &tlv::oid(&oid::CT_TST_INFO))),
            Some(attribute(cms::SIGNING_TIME, &self.time.to_der())),
            ess,
            Some(attribute(cms::MESSAGE_DIGEST, &tlv::element(tlv::OCTET_STRING, &[&digest.digest(&info)]))),
        ];
        let attributes = tlv::set_of(attributes.into_iter().flatten().collect());
        let signature = signature(signer, &attributes)?;

        let digest = tlv::algorithm_null(&digest.oid());
        let serial = tlv::element(tlv::INTEGER, &[certificate.serial().bytes()]);
        let signer_info = tlv::element(
            tlv::SEQUENCE,
            &[
                &[tlv::INTEGER, 1, 1],
                &tlv::element(tlv::SEQUENCE, &[certificate.issuer().der(), &serial]),
                &digest,
                // [0] IMPLICIT: the SET with another tag.
                &[tlv::context(0)],
                attributes.get(1..).unwrap_or_default(),
                &tlv::algorithm_null(&signer.algorithm().oid()),
                &tlv::element(tlv::OCTET_STRING, &[&signature]),
            ],
        );
        let content = tlv::element(tlv::context(0), &[&tlv::element(tlv::OCTET_STRING, &[&info])]);
        let content = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::CT_TST_INFO), &content]);
        let certificates =
            if self.with_certificate { tlv::element(tlv::context(0), &[certificate.der()]) } else { Vec::new() };
        let signers = tlv::element(tlv::SET, &[&signer_info]);
        let digests = tlv::element(tlv::SET, &[&digest]);
        let signed_data =
            tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 3], &digests, &content, &certificates, &signers]);
        let signed_data = tlv::element(tlv::context(0), &[&signed_data]);
        Ok(tlv::element(tlv::SEQUENCE, &[&tlv::oid(&cms::SIGNED_DATA), &signed_data]))
    }

    /// The DER of TSTInfo.
    fn info(&self) -> Vec<u8> {
        let imprint = [tlv::algorithm_null(&self.imprint_algorithm), tlv::element(tlv::OCTET_STRING, &[&self.imprint])];
        let nonce = self.nonce.as_deref().map(|nonce| tlv::element(tlv::INTEGER, &[nonce]));
        tlv::element(
            tlv::SEQUENCE,
            &[
                &[tlv::INTEGER, 1, 1],
                &tlv::oid(&self.policy),
                &tlv::element(tlv::SEQUENCE, &[&imprint.concat()]),
                &tlv::element(tlv::INTEGER, &[&self.serial]),
                &self.time(),
                &self.accuracy.map(accuracy).unwrap_or_default(),
                &nonce.unwrap_or_default(),
            ],
        )
    }

    fn time(&self) -> Vec<u8> {
        let whole = self.time.to_generalized_time();
        match (self.fraction, whole.get(2..whole.len().saturating_sub(1))) {
            (Some(fraction), Some(digits)) => {
                tlv::element(tlv::GENERALIZED_TIME, &[digits, b".", fraction.as_bytes(), b"Z"])
            }
            _ => whole,
        }
    }
}

fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tlv::SET, &[value])])
}

fn accuracy(accuracy: Accuracy) -> Vec<u8> {
    let tagged = |number, value: u16| {
        let mut element = integer(value.into());
        if let Some(tag) = element.first_mut() {
            *tag = tlv::context_primitive(number);
        }
        element
    };
    let mut parts = Vec::new();
    if accuracy.seconds > 0 {
        parts.extend(integer(accuracy.seconds.into()));
    }
    if accuracy.millis > 0 {
        parts.extend(tagged(0, accuracy.millis));
    }
    if accuracy.micros > 0 {
        parts.extend(tagged(1, accuracy.micros));
    }
    tlv::element(tlv::SEQUENCE, &[&parts])
}

/// A response that grants a token.
#[must_use]
pub fn stamp_response(token: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 0]]), token])
}

/// A response that refuses one: rejection, for the reason with that bit (RFC 3161 §2.4.2), below 32.
#[must_use]
pub fn stamp_refusal(failure: u8) -> Vec<u8> {
    let bit = failure.min(31);
    let bits = (0x8000_0000_u32 >> bit).to_be_bytes();
    let significant = bits.get(..=usize::from(bit / 8)).unwrap_or_default();
    let unused = 7 - bit % 8;
    let words = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::UTF8_STRING, &["ТЕСТ: жоқ".as_bytes()])]);
    let bits = tlv::element(tlv::BIT_STRING, &[&[unused], significant]);
    tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 2], &words, &bits])])
}
