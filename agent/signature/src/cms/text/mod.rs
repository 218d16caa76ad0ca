//! The texts that a CMS travels in.
//!
//! Read are DER, BER, PEM with the label `CMS` or `PKCS7`, and bare base64: with or without a byte order mark, with any
//! line ends and any white space, padded or not. Base64 in the alphabet for URLs is refused: nobody signs in it, and
//! a text of it may be another text in the alphabet for files.

mod stream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::ber::{self, BerError, BerErrorKind, Limits};
use pki::pem::{self, PemError};
use pki::tlv;

use pki::cms::{MAX_LEN, SignedData};

pub(super) use stream::AnyForm;
pub use stream::TextWriter;

/// UTF-8's byte order mark, which Windows puts before texts.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Characters of a line (RFC 7468 §2).
const LINE: usize = 64;

/// Labels of PEM blocks that hold a CMS.
const LABELS: [&str; 2] = ["CMS", "PKCS7"];

/// A signature with time stamp has 400 elements.
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
        return Ok(to_der(bytes)?);
    }
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let binary = if text.windows(11).any(|window| window == b"-----BEGIN ") {
        pem::decode(text, &LABELS)?
    } else {
        pem::decode_base64(text)?
    };
    Ok(to_der(&binary)?)
}

/// The DER of a CMS in BER.
///
/// The NCA's list of revocations has millions of elements, and may be inside. Its place is then found by its length; what
/// is as long as that and is not DER already is refused.
pub(super) fn to_der(bytes: &[u8]) -> Result<Vec<u8>, BerError> {
    match ber::to_der(bytes, &LIMITS) {
        Err(BerError { kind: BerErrorKind::TooManyElements(_), .. }) if SignedData::from_der(bytes).is_ok() => {
            Ok(bytes.to_vec())
        }
        result => result,
    }
}

/// A form to write a CMS in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// The octets themselves.
    Der,
    /// [`to_base64`].
    Base64,
    /// [`to_base64_lines`].
    Base64Lines,
    /// [`to_pem`].
    Pem,
}

/// A CMS in that form.
pub fn encode(der: &[u8], form: TextForm) -> Vec<u8> {
    match form {
        TextForm::Der => der.to_vec(),
        TextForm::Base64 => to_base64(der).into_bytes(),
        TextForm::Base64Lines => to_base64_lines(der).into_bytes(),
        TextForm::Pem => to_pem(der).into_bytes(),
    }
}

/// PEM with the label `CMS`: lines of 64 characters, a line end after the last (ncalayer-protocol 5.5).
pub fn to_pem(der: &[u8]) -> String {
    pem::encode("CMS", der)
}

/// Base64 with padding on one line (ncalayer-protocol 10.1).
pub fn to_base64(der: &[u8]) -> String {
    STANDARD.encode(der)
}

/// Base64 with padding in lines of 64 characters, a line end after the last: PEM without its first and last line.
pub fn to_base64_lines(der: &[u8]) -> String {
    let digits = STANDARD.encode(der);
    let mut text = String::with_capacity(digits.len() + digits.len() / LINE + 1);
    let mut rest = digits.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = next;
    }
    text
}
