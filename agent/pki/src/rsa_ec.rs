//! Verifying with RSA and EC keys, by AWS-LC.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use const_oid::ObjectIdentifier;

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::key::VerifyError;
use crate::oid;

/// Bits of the modulus of an RSA key that is used: less can be factored, more would only take time.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Checks an RSASSA-PKCS1-v1_5 signature (RFC 8017 §8.2.2) over a digest. `key` is the DER of the RSAPublicKey.
pub(crate) fn verify_rsa(
    modulus: &[u8],
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
    algorithm: SignatureAlgorithm,
) -> Result<(), VerifyError> {
    let parameters: &'static dyn VerificationAlgorithm = match algorithm {
        SignatureAlgorithm::RsaSha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        SignatureAlgorithm::RsaSha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        SignatureAlgorithm::RsaSha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        SignatureAlgorithm::RsaSha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return Err(VerifyError::KeyMismatch(algorithm.oid())),
    };
    let digest = import(digest, algorithm)?;
    let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = (8 * modulus.len()).saturating_sub(unused);
    if !RSA_BITS.contains(&bits) {
        return Err(VerifyError::KeySize(bits));
    }
    // RFC 8017 §8.2.2, step 1.
    if signature.len() != modulus.len() {
        return Err(VerifyError::SignatureLength { expected: modulus.len(), found: signature.len() });
    }
    verify(parameters, key, &digest, signature)
}

/// Checks an ECDSA signature, `SEQUENCE { r, s }` (RFC 5480, RFC 3279 §2.2.3), over a digest.
pub(crate) fn verify_ec(
    curve: ObjectIdentifier,
    point: &[u8],
    digest: &[u8],
    signature: &[u8],
    algorithm: SignatureAlgorithm,
) -> Result<(), VerifyError> {
    let parameters: &'static dyn VerificationAlgorithm = match (curve, algorithm) {
        (oid::P256, SignatureAlgorithm::EcdsaSha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (oid::P256, SignatureAlgorithm::EcdsaSha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (oid::P256, SignatureAlgorithm::EcdsaSha512) => &signature::ECDSA_P256_SHA512_ASN1,
        (oid::P384, SignatureAlgorithm::EcdsaSha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (oid::P384, SignatureAlgorithm::EcdsaSha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (oid::P384, SignatureAlgorithm::EcdsaSha512) => &signature::ECDSA_P384_SHA512_ASN1,
        (oid::P256 | oid::P384, _) => return Err(VerifyError::KeyMismatch(algorithm.oid())),
        _ => return Err(VerifyError::Unsupported(curve)),
    };
    verify(parameters, point, &import(digest, algorithm)?, signature)
}

fn verify(
    parameters: &'static dyn VerificationAlgorithm,
    key: &[u8],
    digest: &Digest,
    signature: &[u8],
) -> Result<(), VerifyError> {
    let key = ParsedPublicKey::new(parameters, key).map_err(|_| VerifyError::Key)?;
    key.verify_digest_sig(digest, signature).map_err(|_| VerifyError::Mismatch)
}

/// A finished digest in AWS-LC's terms.
fn import(digest: &[u8], algorithm: SignatureAlgorithm) -> Result<Digest, VerifyError> {
    let named = match algorithm.digest_algorithm() {
        Some(DigestAlgorithm::Sha1) => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        Some(DigestAlgorithm::Sha256) => &digest::SHA256,
        Some(DigestAlgorithm::Sha384) => &digest::SHA384,
        Some(DigestAlgorithm::Sha512) => &digest::SHA512,
        _ => return Err(VerifyError::Unsupported(algorithm.oid())),
    };
    Digest::import_less_safe(digest, named)
        .map_err(|_| VerifyError::DigestLength { expected: named.output_len(), found: digest.len() })
}
