//! The four signed attributes of CAdES-BES, written and read side by side.

use const_oid::ObjectIdentifier;
use pki::tlv::{self, DerError, Tlv};
use pki::{Certificate, DigestAlgorithm, Timestamp};

use super::{CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, SIGNING_TIME};

/// The DER of the SET OF signed attributes, which is what is signed (RFC 5652 §5.4).
pub(super) fn write(certificate: &Certificate, message_digest: &[u8], signing_time: Timestamp) -> Vec<u8> {
    tlv::set_of(vec![
        attribute(CONTENT_TYPE, &tlv::oid(&DATA)),
        attribute(SIGNING_TIME, &signing_time.to_der()),
        attribute(MESSAGE_DIGEST, &tlv::element(tlv::OCTET_STRING, &[message_digest])),
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate_v2(certificate)),
    ])
}

fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tlv::SET, &[value])])
}

/// One ESSCertIDv2 with its hash algorithm left out, which means SHA-256, also for GOST signers; no issuerSerial, no
/// policies (RFC 5035 §4, kz-crypto 13.1).
fn signing_certificate_v2(certificate: &Certificate) -> Vec<u8> {
    let hash = tlv::element(tlv::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(certificate.der())]);
    let identifier = tlv::element(tlv::SEQUENCE, &[&hash]);
    tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&identifier])])
}

/// Which of the two ESS attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ess {
    /// signingCertificate (RFC 2634 §5.4): SHA-1.
    V1,
    /// signingCertificateV2 (RFC 5035 §3): SHA-256 unless it says another.
    V2,
}

/// The first certificate identifier of the attribute means `certificate`. `None`: its hash algorithm is not known.
pub(super) fn means(value: Tlv<'_>, ess: Ess, certificate: &Certificate) -> Result<Option<bool>, DerError> {
    let mut fields = value.expect(tlv::SEQUENCE)?.children();
    let identifiers = fields.expect(tlv::SEQUENCE)?;
    fields.optional(tlv::SEQUENCE)?;
    fields.finish()?;
    let mut identifier = identifiers.children().expect(tlv::SEQUENCE)?.children();
    let algorithm = match ess {
        Ess::V1 => Some(DigestAlgorithm::Sha1),
        Ess::V2 => match identifier.optional(tlv::SEQUENCE)? {
            Some(algorithm) => DigestAlgorithm::from_oid(&algorithm.children().read()?.oid()?),
            None => Some(DigestAlgorithm::Sha256),
        },
    };
    let hash = identifier.read()?.octets()?;
    let issuer_serial = identifier.optional(tlv::SEQUENCE)?;
    identifier.finish()?;
    let Some(algorithm) = algorithm else { return Ok(None) };
    let same_issuer_serial = match issuer_serial {
        Some(issuer_serial) => is_issuer_serial(issuer_serial, certificate)?,
        None => true,
    };
    Ok(Some(algorithm.digest(certificate.der()) == hash && same_issuer_serial))
}

/// IssuerSerial: GeneralNames with the issuer as a directoryName, and the serial number.
fn is_issuer_serial(issuer_serial: Tlv<'_>, certificate: &Certificate) -> Result<bool, DerError> {
    let mut fields = issuer_serial.children();
    let mut names = fields.expect(tlv::SEQUENCE)?.children();
    let serial = fields.read()?.integer()?;
    fields.optional(tlv::BIT_STRING)?;
    fields.finish()?;
    let mut same_issuer = false;
    while !names.is_empty() {
        let name = names.read()?;
        same_issuer |= name.tag() == tlv::context(4) && name.value() == certificate.issuer().der();
    }
    Ok(same_issuer && serial == certificate.serial().bytes())
}
