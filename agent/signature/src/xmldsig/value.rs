//! SignatureValue: as in X.509 and CMS, but for ECDSA, which has r and s side by side here (RFC 4051 §2.3.6).

use std::borrow::Cow;

use pki::{PublicKey, SignatureAlgorithm, VerifyError, tlv};

const fn is_ecdsa(algorithm: SignatureAlgorithm) -> bool {
    matches!(
        algorithm,
        SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384 | SignatureAlgorithm::EcdsaSha512
    )
}

/// Octets of a coordinate, from the encoded point (SEC 1 §2.3.3).
fn coordinate(key: &PublicKey) -> Option<usize> {
    match key {
        PublicKey::Ec { point, .. } => match point.as_slice() {
            [4, coordinates @ ..] => Some(coordinates.len() / 2),
            [2 | 3, x @ ..] => Some(x.len()),
            _ => None,
        },
        _ => None,
    }
}

/// The value for a key, from the value in XML.
pub(super) fn from_xml<'v>(
    value: &'v [u8],
    key: &PublicKey,
    algorithm: SignatureAlgorithm,
) -> Result<Cow<'v, [u8]>, VerifyError> {
    if !is_ecdsa(algorithm) {
        return Ok(Cow::Borrowed(value));
    }
    let size = coordinate(key).ok_or(VerifyError::KeyMismatch(algorithm.oid()))?;
    if value.len() != 2 * size {
        return Err(VerifyError::SignatureLength { expected: 2 * size, found: value.len() });
    }
    let (r, s) = value.split_at(size);
    Ok(Cow::Owned(tlv::element(tlv::SEQUENCE, &[&integer(r), &integer(s)])))
}

/// The value in XML, from what a signer made; `None` when it is none.
pub(super) fn to_xml(value: Vec<u8>, key: &PublicKey, algorithm: SignatureAlgorithm) -> Option<Vec<u8>> {
    if !is_ecdsa(algorithm) {
        return Some(value);
    }
    let size = coordinate(key)?;
    let mut numbers = tlv::whole(&value, tlv::SEQUENCE).ok()?.children();
    let mut out = Vec::with_capacity(2 * size);
    for _ in 0..2 {
        let number = numbers.read().ok()?.integer().ok()?;
        let digits = number.iter().position(|byte| *byte != 0).and_then(|first| number.get(first..))?;
        out.resize(out.len() + size.checked_sub(digits.len())?, 0);
        out.extend_from_slice(digits);
    }
    numbers.finish().ok()?;
    Some(out)
}

fn integer(number: &[u8]) -> Vec<u8> {
    let digits = number.iter().position(|byte| *byte != 0).and_then(|first| number.get(first..)).unwrap_or(&[0]);
    let sign: &[u8] = if digits.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
    tlv::element(tlv::INTEGER, &[sign, digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ecdsa_values_change_their_form_and_back() {
        let point = [&[4][..], &[7; 64]].concat();
        let key = PublicKey::Ec { curve: pki::ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), point };
        let algorithm = SignatureAlgorithm::EcdsaSha256;
        let mut value = vec![0; 64];
        value[1] = 0x80;
        value[63] = 1;
        let der = from_xml(&value, &key, algorithm).unwrap().into_owned();
        assert_eq!(der[..5], [0x30, 37, 2, 32, 0]);
        assert_eq!(to_xml(der, &key, algorithm), Some(value.clone()));
        let short = VerifyError::SignatureLength { expected: 64, found: 63 };
        assert_eq!(from_xml(&value[1..], &key, algorithm), Err(short));
        assert_eq!(to_xml(vec![0x30, 0], &key, algorithm), None);
        assert_eq!(from_xml(&value, &key, SignatureAlgorithm::RsaSha256).unwrap(), value);
    }
}
