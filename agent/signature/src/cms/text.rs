//! The texts that a CMS travels in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::ber::{self, BerError, Limits};
use pki::pem::{self, PemError};
use pki::tlv;

use pki::cms::MAX_LEN;

/// Labels of PEM blocks that hold a CMS.
const LABELS: [&str; 2] = ["CMS", "PKCS7"];

/// A CRL of the NCA that someone embedded would go beyond a million elements; a signature with time stamp has 400.
const LIMITS: Limits = Limits { max_len: MAX_LEN, max_depth: 32, max_elements: 1_000_000 };

/// Why bytes are none of the forms of a CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// More text than a CMS of [`MAX_LEN`] octets needs.
    #[error("a CMS of {0} bytes is too large")]
    TooLarge(usize),
    /// A text, but neither PEM with a CMS inside nor base64.
    #[error("neither DER nor PEM nor base64: {0}")]
    Text(#[from] PemError),
    /// Not BER.
    #[error("not a CMS: {0}")]
    Ber(#[from] BerError),
}

/// The DER of a CMS that comes as DER, as BER, as PEM (`CMS` or `PKCS7`) or as bare base64 with any white space.
pub fn decode_any(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    // The text forms are longer by a third, and by line ends.
    if bytes.len() > MAX_LEN / 2 * 3 {
        return Err(DecodeError::TooLarge(bytes.len()));
    }
    // A SEQUENCE begins with 30, which is the digit 0; base64 of a SEQUENCE begins with M.
    if bytes.first() == Some(&tlv::SEQUENCE) {
        return Ok(ber::to_der(bytes, &LIMITS)?);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let binary = if text.windows(11).any(|window| window == b"-----BEGIN ") {
        pem::decode(text, &LABELS)?
    } else {
        pem::decode_base64(text)?
    };
    Ok(ber::to_der(&binary, &LIMITS)?)
}

/// PEM with the label `CMS`: lines of 64 characters, a line end after the last (ncalayer-protocol 5.5).
pub fn to_pem(der: &[u8]) -> String {
    pem::encode("CMS", der)
}

/// Base64 with padding on one line (ncalayer-protocol 10.1).
pub fn to_base64(der: &[u8]) -> String {
    STANDARD.encode(der)
}
