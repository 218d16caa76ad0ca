//! What an authority sends back: one certificate, or several in one of the forms in which they travel together.

use crate::ber::{self, BerError, Limits};
use crate::certificate::{Certificate, CertificateError};
use crate::cms::{CmsError, SignedData};
use crate::key::PublicKey;
use crate::pem::{self, PemError};
use crate::tlv;
use std::cmp::Reverse;

/// More octets than this are refused: a chain has a few certificates, of a few kilobytes each.
pub const MAX_LEN: usize = 1 << 20;

/// More certificates than this are refused.
pub const MOST: usize = 64;

/// Labels of PEM blocks that hold certificates: one, or a SignedData of them.
const LABELS: [&str; 5] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "CMS"];

const LIMITS: Limits = Limits { max_len: MAX_LEN, max_depth: 32, max_elements: 100_000 };

/// UTF-8's byte order mark, which Windows puts before texts.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why bytes are no answer with certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// More than [`MAX_LEN`] octets.
    #[error("{0} bytes are too many for certificates")]
    TooLarge(usize),
    /// More certificates than are looked at.
    #[error("more than {MOST} certificates")]
    TooMany,
    /// There is none.
    #[error("there is no certificate in it")]
    Nothing,
    /// A text that is neither PEM nor base64.
    #[error("neither DER nor PEM nor base64: {0}")]
    Text(#[from] PemError),
    /// Neither a certificate nor a SignedData with certificates.
    #[error("neither a certificate nor a PKCS#7 with certificates: {0}")]
    Ber(#[from] BerError),
    /// The same, of what is DER.
    #[error("neither a certificate nor a PKCS#7 with certificates: {0}")]
    Cms(#[from] CmsError),
    /// A certificate that cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// All certificates of an answer, in their order: a certificate or a SignedData (PKCS#7) that carries some, as DER, BER,
/// PEM or bare base64; a PEM text may hold several of either.
///
/// Nothing about them is believed: a SignedData is a bag here, and its signatures are not looked at.
///
/// # Errors
/// [`AnswerError`].
pub fn certificates(bytes: &[u8]) -> Result<Vec<Certificate>, AnswerError> {
    if bytes.len() > MAX_LEN {
        return Err(AnswerError::TooLarge(bytes.len()));
    }
    let mut found = Vec::new();
    if bytes.first() == Some(&tlv::SEQUENCE) {
        take(bytes, &mut found)?;
    } else {
        let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
        let blocks = pem::decode_all(text, &LABELS, MOST)?;
        if blocks.is_empty() {
            take(&pem::decode_base64(text)?, &mut found)?;
        }
        for block in blocks {
            take(&block, &mut found)?;
        }
    }
    if found.is_empty() { Err(AnswerError::Nothing) } else { Ok(found) }
}

/// The certificates of that key, the one that begins last first.
#[must_use]
pub fn of_key<'a>(certificates: &'a [Certificate], key: &PublicKey) -> Vec<&'a Certificate> {
    let mut own: Vec<_> = certificates.iter().filter(|certificate| certificate.public_key() == key).collect();
    own.sort_by_key(|one| Reverse(one.not_before()));
    own
}

/// One certificate, or those of a SignedData.
fn take(bytes: &[u8], found: &mut Vec<Certificate>) -> Result<(), AnswerError> {
    match Certificate::from_der(bytes) {
        Ok(certificate) => found.push(certificate),
        Err(error) => {
            let der = ber::to_der(bytes, &LIMITS)?;
            match SignedData::from_der(&der) {
                // A certificate that is broken is told of as such.
                Err(_) if is_like_a_certificate(&der) => return Err(error.into()),
                signed_data => found.extend(signed_data?.certificates),
            }
        }
    }
    if found.len() > MOST { Err(AnswerError::TooMany) } else { Ok(()) }
}

/// It begins as a certificate does, with a SEQUENCE in a SEQUENCE; a ContentInfo begins with an identifier.
fn is_like_a_certificate(der: &[u8]) -> bool {
    tlv::whole(der, tlv::SEQUENCE).is_ok_and(|outer| outer.children().peek() == Some(tlv::SEQUENCE))
}
