//! Signing: what goes in, and in which order of octets it comes out.

use cryptoki_sys::*;
use keystore::{IssuingKey, OsEntropy, PrivateKey};
use num_bigint::BigUint;
use pki::{
    BareSigner, DigestAlgorithm, PublicKey, SignerError,
    tlv::{self, element},
};

use crate::{
    card::Answer,
    config::{ByteOrder, CardConfig},
    numbers::CKM_GOSTR3410_512,
};

/// Octets of a signature with this key.
pub(crate) fn length(public: &PublicKey) -> Answer<usize> {
    Ok(match public {
        PublicKey::Rsa { modulus, .. } => modulus.len(),
        PublicKey::Gost512(_) => 128,
        PublicKey::Gost256(_) | PublicKey::Gost2004(_) => 64,
        PublicKey::Ec { point, .. } => point.len().saturating_sub(1),
        _ => return Err(CKR_KEY_TYPE_INCONSISTENT),
    })
}

/// Signs what C_Sign got.
pub(crate) fn sign(
    mechanism: CK_MECHANISM_TYPE,
    key: &PrivateKey,
    public: &PublicKey,
    data: &[u8],
    card: &CardConfig,
) -> Answer<Vec<u8>> {
    match mechanism {
        CKM_RSA_PKCS => rsa(key, data),
        CKM_SHA256_RSA_PKCS => {
            let algorithm = tlv::algorithm_null(&DigestAlgorithm::Sha256.oid());
            let digest = element(tlv::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(data)]);
            rsa(key, &element(tlv::SEQUENCE, &[&algorithm, &digest]))
        }
        CKM_ECDSA => ec(key, length(public)? / 2, data),
        CKM_GOSTR3410 | CKM_GOSTR3410_512 => gost(key, data, card),
        _ => Err(CKR_MECHANISM_INVALID),
    }
}

/// CKM_RSA_PKCS: RFC 8017 §8.2.1 from its padding on, over anything that fits. Not in constant time: the keys are for tests.
fn rsa(key: &PrivateKey, data: &[u8]) -> Answer<Vec<u8>> {
    let (modulus, exponent) = rsa_numbers(&key.to_pkcs8()).ok_or(CKR_DEVICE_ERROR)?;
    let length = usize::try_from(modulus.bits().div_ceil(8)).map_err(|_| CKR_DEVICE_ERROR)?;
    let filling = length.checked_sub(data.len() + 3).filter(|filling| *filling >= 8).ok_or(CKR_DATA_LEN_RANGE)?;
    let mut padded = vec![0, 1];
    padded.resize(2 + filling, 0xff);
    padded.push(0);
    padded.extend_from_slice(data);
    let number = BigUint::from_bytes_be(&padded).modpow(&exponent, &modulus).to_bytes_be();
    Ok(left_padded(&number, length))
}

/// The modulus and the private exponent of a PKCS#8 with an RSAPrivateKey (RFC 8017 A.1.2).
fn rsa_numbers(pkcs8: &[u8]) -> Option<(BigUint, BigUint)> {
    let mut info = tlv::whole(pkcs8, tlv::SEQUENCE).ok()?.children();
    info.expect(tlv::INTEGER).ok()?;
    info.expect(tlv::SEQUENCE).ok()?;
    let inside = info.expect(tlv::OCTET_STRING).ok()?.value();
    let mut numbers = tlv::whole(inside, tlv::SEQUENCE).ok()?.children();
    let mut number = || Some(BigUint::from_bytes_be(numbers.read().ok()?.integer().ok()?));
    let (_version, modulus, _public, private) = (number()?, number()?, number()?, number()?);
    Some((modulus, private))
}

/// CKM_ECDSA: `r ‖ s`, each of `half` octets, big-endian. Of longer data the first octets count, as of a longer digest.
fn ec(key: &PrivateKey, half: usize, data: &[u8]) -> Answer<Vec<u8>> {
    if data.is_empty() || data.len() > 64 {
        return Err(CKR_DATA_LEN_RANGE);
    }
    let digest = left_padded(data.get(..half.min(data.len())).unwrap_or_default(), half);
    let der = digest_signed(key, &digest)?;
    let mut numbers = tlv::whole(&der, tlv::SEQUENCE).map_err(|_| CKR_DEVICE_ERROR)?.children();
    let mut out = Vec::new();
    for _ in 0..2 {
        let number = numbers.read().and_then(tlv::Tlv::integer).map_err(|_| CKR_DEVICE_ERROR)?;
        out.extend(left_padded(number.strip_prefix(&[0]).unwrap_or(number), half));
    }
    Ok(out)
}

/// CKM_GOSTR3410 and CKM_GOSTR3410_512: over a digest, in the card's own order.
fn gost(key: &PrivateKey, data: &[u8], card: &CardConfig) -> Answer<Vec<u8>> {
    let mut digest = data.to_vec();
    if card.digest_reversed {
        digest.reverse();
    }
    Ok(ordered(&digest_signed(key, &digest)?, card.byte_order))
}

/// `r_LE ‖ s_LE` in another order.
pub(crate) fn ordered(rs_le: &[u8], order: ByteOrder) -> Vec<u8> {
    let (r, s) = rs_le.split_at(rs_le.len() / 2);
    match order {
        ByteOrder::RsLe => rs_le.to_vec(),
        ByteOrder::RsBe => r.iter().rev().chain(s.iter().rev()).copied().collect(),
        ByteOrder::SrLe => [s, r].concat(),
        ByteOrder::SrBe => rs_le.iter().rev().copied().collect(),
    }
}

/// A signature over a finished digest, as certificates carry it.
fn digest_signed(key: &PrivateKey, digest: &[u8]) -> Answer<Vec<u8>> {
    let signer = IssuingKey::new(key, &OsEntropy).map_err(|_| CKR_KEY_FUNCTION_NOT_PERMITTED)?;
    signer.sign_digest(digest).map_err(|error| match error {
        SignerError::DigestLength { .. } => CKR_DATA_LEN_RANGE,
        _ => CKR_FUNCTION_FAILED,
    })
}

fn left_padded(number: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length.saturating_sub(number.len())];
    out.extend_from_slice(number);
    out
}
