//! What the writers of both layouts have in common.

use const_oid::ObjectIdentifier;
use pki::{
    Certificate,
    tlv::{self, element},
};

use super::{WriteError, oids};
use crate::PrivateKey;

/// The name of a key: the certificate's subject key identifier, else that of the public key (kz-crypto 8.1).
pub(super) fn key_id(key: &PrivateKey, certificate: Option<&Certificate>) -> Result<Vec<u8>, WriteError> {
    if certificate.is_some_and(|certificate| !key.belongs_to(certificate)) {
        return Err(WriteError::KeyDoesNotMatchCertificate);
    }
    match certificate.and_then(Certificate::subject_key_identifier) {
        Some(id) => Ok(id.to_vec()),
        None => Ok(key.public_key().and_then(|key| key.key_identifier()).ok_or(WriteError::Unsupported)?.to_vec()),
    }
}

/// localKeyId, and its hexadecimal as friendlyName.
pub(super) fn attributes(id: &[u8]) -> Vec<u8> {
    let name: String = id.iter().map(|octet| format!("{octet:02x}")).collect();
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let attribute = |kind, value: &[u8]| sequence(&[&tlv::oid(kind), &element(tlv::SET, &[value])]);
    tlv::set_of(vec![
        attribute(&oids::LOCAL_KEY_ID, &octets(id)),
        attribute(&oids::FRIENDLY_NAME, &element(tlv::BMP_STRING, &[&name])),
    ])
}

/// A certBag.
pub(super) fn certificate(certificate: &Certificate, attributes: &[u8]) -> Vec<u8> {
    let der = explicit(&octets(certificate.der()));
    bag(&oids::CERT_BAG, &sequence(&[&tlv::oid(&oids::X509_CERTIFICATE), &der]), attributes)
}

pub(super) fn bag(kind: &ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(kind), &explicit(value), attributes])
}

/// A ContentInfo of type data around these octets.
pub(super) fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(content))])
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tlv::SEQUENCE, parts)
}

pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(tlv::OCTET_STRING, &[content])
}

pub(super) fn explicit(content: &[u8]) -> Vec<u8> {
    element(tlv::context(0), &[content])
}

/// An INTEGER: no leading zeros, but one where the first bit would be a sign.
pub(super) fn number(value: u32) -> Vec<u8> {
    let digits = value.to_be_bytes();
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len() - 1);
    let digits = digits.get(first..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_some_and(|digit| digit & 0x80 != 0) { &[0] } else { &[] };
    element(tlv::INTEGER, &[sign, digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_takes_the_octets_it_needs() {
        let cases: [(u32, &[u8]); 5] =
            [(0, &[0]), (0x7f, &[0x7f]), (0x80, &[0, 0x80]), (1024, &[4, 0]), (u32::MAX, &[0, 0xff, 0xff, 0xff, 0xff])];
        for (value, digits) in cases {
            assert_eq!(number(value), [&[2, digits.len() as u8], digits].concat());
        }
    }
}
