//! The documents in a request: base64 or plain text, within limits.

use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use base64::{DecodeError, Engine as _};

/// What one request may carry. A door limits the whole text before it comes here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in octets as they are signed.
    pub document: usize,
    /// The most documents of one request.
    pub documents: usize,
}

impl Limits {
    /// What `docs/ncalayer-dialect.md` promises.
    pub const STANDARD: Self = Self { document: 128 * 1024 * 1024, documents: 10_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Why a string is not a document that can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error("is empty: there is nothing to sign")]
    Empty,
    #[error("is over the limit of {limit} octets")]
    TooLarge { limit: usize },
    #[error("is not base64: octet {at} is not of its alphabet (RFC 4648 section 4)")]
    Alphabet { at: usize },
    #[error("is not base64: blank inside a line at octet {at}; was '+' lost on the way?")]
    Blank { at: usize },
    #[error("is not base64: its end is cut or wrongly padded")]
    End,
}

/// RFC 4648 §4 as Java reads it: the padding may be missing, the spare bits of the last character are not looked at.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Characters that are decoded at once; whole quanta of four.
const STRETCH: usize = 4096;

/// A document given as base64.
///
/// Sites send what `btoa`, `FileReader`, PHP, .NET and `openssl base64` make, so the text may be wrapped (CR, LF, blanks
/// and tabs around a line) and its padding may be missing. Blanks *inside* a line are refused: they are what becomes
/// of `+` in a form, and leaving them out would sign other octets than the page meant. The URL-safe alphabet is refused
/// as the original's decoder does.
pub(crate) fn base64_document(text: &str, limits: &Limits) -> Result<Vec<u8>, DocumentError> {
    let characters = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n' | b'\t' | b' ')).count();
    let padding = text.trim_end().bytes().rev().take_while(|byte| *byte == b'=').count();
    if characters.saturating_sub(padding).saturating_mul(3) / 4 > limits.document {
        return Err(DocumentError::TooLarge { limit: limits.document });
    }
    let mut document = Vec::with_capacity(characters / 4 * 3 + 3);
    let decoded = if characters == text.len() {
        BASE64.decode_vec(text, &mut document)
    } else {
        decode_lines(text, characters, &mut document)
    };
    decoded.map_err(|_| cause(text))?;
    if document.is_empty() { Err(DocumentError::Empty) } else { Ok(document) }
}

/// Decodes wrapped base64 without a second copy of it; a line need not end where a quantum does.
fn decode_lines(text: &str, characters: usize, document: &mut Vec<u8>) -> Result<(), DecodeError> {
    let mut stretch = Vec::with_capacity(STRETCH.min(characters));
    for line in text.split(['\r', '\n']) {
        let mut line = line.trim_matches([' ', '\t']).as_bytes();
        while !line.is_empty() {
            // Only what something follows is inside; the last stretch alone may have padding.
            if stretch.len() == STRETCH {
                STANDARD_NO_PAD.decode_vec(&stretch, document)?;
                stretch.clear();
            }
            let (now, later) = line.split_at(line.len().min(STRETCH - stretch.len()));
            stretch.extend_from_slice(now);
            line = later;
        }
    }
    BASE64.decode_vec(&stretch, document)
}

/// Why a text is not base64, with the first place that is wrong.
fn cause(text: &str) -> DocumentError {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n');
    let mut begin = 0;
    for line in text.split(['\r', '\n']) {
        let inner = line.trim_matches([' ', '\t']);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some((at, byte)) = inner.bytes().enumerate().find(|(_, byte)| !known(*byte)) {
            let at = begin + indent + at;
            return if matches!(byte, b' ' | b'\t') {
                DocumentError::Blank { at }
            } else {
                DocumentError::Alphabet { at }
            };
        }
        begin += line.len() + 1;
    }
    DocumentError::End
}

/// A document given as text: its UTF-8.
pub(crate) fn text_document(text: &str, limits: &Limits) -> Result<Vec<u8>, DocumentError> {
    if text.is_empty() {
        return Err(DocumentError::Empty);
    }
    if text.len() > limits.document {
        return Err(DocumentError::TooLarge { limit: limits.document });
    }
    Ok(text.as_bytes().to_vec())
}

/// Whether octets begin as a CMS does: a SEQUENCE whose first member is the identifier of signed-data (RFC 5652 §5).
/// A cheap look that chooses who reads them; whether they are one the reader finds out.
pub(crate) fn looks_like_cms(octets: &[u8]) -> bool {
    const SIGNED_DATA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    let [0x30, length, rest @ ..] = octets else { return false };
    // The long form has as many further octets as its low bits say; 0x80, the indefinite length of BER, has none.
    let further = if *length < 0x80 { 0 } else { usize::from(*length & 0x7f) };
    further <= 8 && rest.get(further..).is_some_and(|value| value.starts_with(&SIGNED_DATA))
}

/// Whether octets begin as a PNG file does (ISO/IEC 15948 §5.2).
pub(crate) fn looks_like_png(octets: &[u8]) -> bool {
    octets.starts_with(b"\x89PNG\r\n\x1a\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    fn decode(text: &str) -> Result<Vec<u8>, DocumentError> {
        base64_document(text, &Limits::default())
    }

    #[test]
    fn padding_may_be_missing() {
        assert_eq!(decode("aGVsbG8=").unwrap(), b"hello");
        assert_eq!(decode("aGVsbG8").unwrap(), b"hello");
    }

    #[test]
    fn wrapped_and_indented_base64_is_one_document() {
        assert_eq!(decode("\r\n  aGVs\r\n\tbG8=  \n\n").unwrap(), b"hello");
        assert_eq!(decode("aGV\nsbG8").unwrap(), b"hello", "a line need not end with a quantum");
    }

    #[test]
    fn a_plus_that_became_a_blank_is_refused_and_not_left_out() {
        assert_eq!(decode("AA++"), Ok(vec![0, 15, 190]));
        assert_eq!(decode("AA  "), Ok(vec![0]), "blanks at the end are no part of the text");
        assert_eq!(decode("A + AAAAA"), Err(DocumentError::Blank { at: 1 }));
        assert_eq!(decode("\n AAAA AAAA"), Err(DocumentError::Blank { at: 6 }));
    }

    #[test]
    fn what_is_not_base64_is_refused_with_the_place() {
        assert_eq!(decode("data:application/pdf;base64,aGVsbG8="), Err(DocumentError::Alphabet { at: 4 }));
        assert_eq!(decode("aGVs\n_-8="), Err(DocumentError::Alphabet { at: 5 }), "the URL-safe alphabet");
        assert_eq!(decode("\u{442}ест"), Err(DocumentError::Alphabet { at: 0 }));
        for text in ["A", "AAAAA", "aGVsbG8=aGVsbG8=", "=", "====", "AA=A", "AA===", "AAAA===="] {
            assert_eq!(decode(text), Err(DocumentError::End), "{text}");
        }
    }

    #[test]
    fn padding_in_front_of_the_last_stretch_is_refused() {
        let mut text = "\n".to_owned() + &"A".repeat(STRETCH - 1) + "=";
        assert!(decode(&text).is_ok());
        text.push_str("AAAA");
        assert_eq!(decode(&text), Err(DocumentError::End));
    }

    #[test]
    fn nothing_is_no_document() {
        for text in ["", " ", "\r\n"] {
            assert_eq!(decode(text), Err(DocumentError::Empty));
        }
        assert_eq!(text_document("", &Limits::default()), Err(DocumentError::Empty));
    }

    #[test]
    fn the_limit_is_on_the_decoded_octets() {
        let limits = Limits { document: 5, documents: 1 };
        assert_eq!(base64_document("aGVs\r\nbG8=", &limits).unwrap(), b"hello");
        assert_eq!(base64_document("aGVsbG8h", &limits), Err(DocumentError::TooLarge { limit: 5 }));
        assert_eq!(text_document("hello", &limits).unwrap(), b"hello");
        assert_eq!(text_document("hello!", &limits), Err(DocumentError::TooLarge { limit: 5 }));
    }

    #[test]
    fn a_cms_is_known_by_its_first_octets_in_every_form_of_length() {
        let oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
        for length in [&[0x20][..], &[0x80], &[0x81, 0xa0], &[0x82, 0x12, 0x34], &[0x84, 0, 1, 2, 3]] {
            let mut octets = [&[0x30], length, &oid].concat();
            assert!(looks_like_cms(&octets), "{length:?}");
            octets.pop();
            assert!(!looks_like_cms(&octets), "cut {length:?}");
        }
        let data = [&[0x30, 0x80][..], &oid[..10], &[0x01]].concat();
        assert!(!looks_like_cms(&data), "id-data");
        for octets in [&[][..], &[0x30], &[0x30, 0x84], &[0x30, 0xff, 0], b"%PDF-1.7"] {
            assert!(!looks_like_cms(octets), "{octets:?}");
        }
    }

    proptest! {
        #[test]
        fn every_document_comes_through(document in prop::collection::vec(any::<u8>(), 1..20_000), width in 1_usize..200) {
            let text = STANDARD.encode(&document);
            prop_assert_eq!(decode(&text), Ok(document.clone()));
            prop_assert_eq!(decode(text.trim_end_matches('=')), Ok(document.clone()));
            let lines: Vec<&str> =
                text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
            prop_assert_eq!(decode(&lines.join("\r\n")), Ok(document));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = decode(&text);
        }

        #[test]
        fn no_octets_panic(octets in prop::collection::vec(prop_oneof![Just(0x30), Just(0x06), any::<u8>()], 0..40)) {
            let _ = (looks_like_cms(&octets), looks_like_png(&octets));
        }
    }
}
