//! Signed and unsigned attributes, and what the two ESS attributes say about the signer's certificate.

use const_oid::ObjectIdentifier;

use super::structure::{CmsError, list};
use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::tlv::{self, DerError, Tlv};

/// Type and value set of every attribute: the type, the whole attribute, and its SET of values.
pub fn attributes<'a>(set: Tlv<'a>) -> Result<Vec<(ObjectIdentifier, Tlv<'a>, Tlv<'a>)>, CmsError> {
    list(set, "attributes", |attribute| {
        let mut fields = attribute.expect(tlv::SEQUENCE)?.children();
        let oid = fields.read()?.oid()?;
        let values = fields.expect(tlv::SET)?;
        fields.finish()?;
        Ok((oid, attribute, values))
    })
}

/// An attribute that should have one value stands twice, or has none or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOne;

/// The one value of the one attribute of that type; `None` when there is no such attribute.
pub fn one<'a>(
    attributes: &[(ObjectIdentifier, Tlv<'a>, Tlv<'a>)],
    wanted: ObjectIdentifier,
) -> Result<Option<Tlv<'a>>, NotOne> {
    let mut found = attributes.iter().filter(|(oid, ..)| *oid == wanted);
    let Some((_, _, values)) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(NotOne);
    }
    let mut values = values.children();
    let value = values.read().map_err(|_| NotOne)?;
    values.finish().map_err(|_| NotOne)?;
    Ok(Some(value))
}

/// There are attributes, and they stand in the order of DER, without doubles: the signature is over that encoding
/// (RFC 5652 §5.4).
pub fn are_der(attributes: &[(ObjectIdentifier, Tlv<'_>, Tlv<'_>)]) -> bool {
    !attributes.is_empty() && attributes.is_sorted_by(|(_, a, _), (_, b, _)| a.raw() < b.raw())
}

/// What a signature over signed attributes is over: the digest of their SET, which stands in the SignerInfo under the tag
/// `[0]` (RFC 5652 §5.4).
pub fn signed_digest(set: Tlv<'_>, algorithm: DigestAlgorithm) -> Vec<u8> {
    let mut hasher = algorithm.hasher();
    hasher.update(&[tlv::SET]);
    hasher.update(set.raw().get(1..).unwrap_or_default());
    hasher.finish()
}

/// Which of the two ESS attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ess {
    /// signingCertificate (RFC 2634 §5.4): SHA-1.
    V1,
    /// signingCertificateV2 (RFC 5035 §3): SHA-256 unless it says another.
    V2,
}

/// The first certificate identifier of the attribute means `certificate`. `None`: its hash algorithm is not known.
pub fn means(value: Tlv<'_>, ess: Ess, certificate: &Certificate) -> Result<Option<bool>, DerError> {
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
