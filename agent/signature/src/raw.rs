//! A bare signature value (ncalayer-protocol 10.3): what basics calls `raw`, and signPlainData.
//!
//! It says nothing about who signed, when, or what: whoever keeps it keeps the certificate and the data beside it. Its
//! form is that of X.509 and CMS: `r_LE ‖ s_LE` for GOST, PKCS#1 v1.5 for RSA, a SEQUENCE of r and s for ECDSA.

use pki::{Certificate, SignatureAlgorithm, Signer, SignerError, VerifyError};

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// The data; it is digested here.
    Data(&'a [u8]),
    /// Its digest, by the digest algorithm of the signer.
    Digest(&'a [u8]),
}

/// Why no signature was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer's algorithm is not known.
    #[error("the signer's algorithm is not known")]
    Algorithm,
    /// The digest is not one of the signer's algorithm: there is no signature over it that anybody could verify.
    #[error("the digest has {found} bytes instead of {expected}")]
    DigestLength {
        /// Octets that the algorithm's digest has.
        expected: usize,
        /// Octets that were given.
        found: usize,
    },
    /// The key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// What was made does not verify: a fault of the key store, the token or this program.
    #[error("the signature that was made does not verify: {0}")]
    SelfCheck(VerifyError),
}

/// Signs, and verifies the value before returning it.
pub fn sign(signer: &dyn Signer, content: Content<'_>) -> Result<Vec<u8>, SignError> {
    let algorithm = signer.algorithm();
    let digest_algorithm = algorithm.digest_algorithm().ok_or(SignError::Algorithm)?;
    if let Content::Digest(digest) = content
        && digest.len() != digest_algorithm.output_len()
    {
        return Err(SignError::DigestLength { expected: digest_algorithm.output_len(), found: digest.len() });
    }
    let value = match content {
        Content::Data(data) => signer.sign(data)?,
        Content::Digest(digest) => signer.sign_digest(digest)?,
    };
    verify(signer.certificate(), algorithm, content, &value).map_err(SignError::SelfCheck)?;
    Ok(value)
}

/// Verifies a value under a certificate's key. Whether to believe the certificate is another question.
pub fn verify(
    certificate: &Certificate,
    algorithm: SignatureAlgorithm,
    content: Content<'_>,
    signature: &[u8],
) -> Result<(), VerifyError> {
    let digest_algorithm = algorithm.digest_algorithm().ok_or(VerifyError::Unsupported(algorithm.oid()))?;
    let key = certificate.public_key();
    match content {
        Content::Data(data) => key.verify(&digest_algorithm.digest(data), signature, algorithm),
        Content::Digest(digest) => key.verify(digest, signature, algorithm),
    }
}
