//! The signed attributes of CAdES-BES, written. Reading them is [`pki::cms`]'s, which time stamps share.

use const_oid::ObjectIdentifier;
use pki::tlv;
use pki::{Certificate, DigestAlgorithm, Timestamp};

use super::{CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, SIGNING_TIME};

/// The DER of the SET OF signed attributes, which is what is signed (RFC 5652 §5.4).
pub(super) fn write(
    certificate: &Certificate,
    content_type: ObjectIdentifier,
    message_digest: &[u8],
    signing_time: Option<Timestamp>,
) -> Vec<u8> {
    let mut attributes = vec![
        attribute(CONTENT_TYPE, &tlv::oid(&content_type)),
        attribute(MESSAGE_DIGEST, &tlv::element(tlv::OCTET_STRING, &[message_digest])),
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate_v2(certificate)),
    ];
    attributes.extend(signing_time.map(|time| attribute(SIGNING_TIME, &time.to_der())));
    tlv::set_of(attributes)
}

/// An attribute with one value.
pub(super) fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tlv::SET, &[value])])
}

/// One ESSCertIDv2 with its hash algorithm left out, which means SHA-256, also for GOST signers; no issuerSerial, no
/// policies (RFC 5035 §4, kz-crypto 13.1).
fn signing_certificate_v2(certificate: &Certificate) -> Vec<u8> {
    let hash = tlv::element(tlv::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(certificate.der())]);
    let identifier = tlv::element(tlv::SEQUENCE, &[&hash]);
    tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&identifier])])
}
