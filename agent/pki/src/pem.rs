//! PEM (RFC 7468), read leniently and written strictly.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is not the PEM that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// There is no block with a wanted label.
    #[error("there is no such block")]
    NoBlock,
    /// The block has no end.
    #[error("the block does not end")]
    NoEnd,
    /// The block's text is not base64.
    #[error("the content is not base64")]
    NotBase64,
    /// There are more blocks than are looked at.
    #[error("there are more than {0} blocks")]
    TooMany(usize),
}

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// The content of the first block with one of these labels. Text around blocks, other blocks, any line lengths and any
/// white space in the base64 are accepted.
pub fn decode(text: &[u8], labels: &[&str]) -> Result<Vec<u8>, PemError> {
    let mut position = 0;
    while let Some(start) = find(text, BEGIN, position) {
        let label_start = start + BEGIN.len();
        let label_end = find(text, DASHES, label_start).ok_or(PemError::NoBlock)?;
        let label = text.get(label_start..label_end).unwrap_or_default();
        let body_start = label_end + DASHES.len();
        if labels.iter().any(|wanted| wanted.as_bytes() == label) {
            let end = [b"-----END ", label, DASHES].concat();
            let body_end = find(text, &end, body_start).ok_or(PemError::NoEnd)?;
            return decode_base64(text.get(body_start..body_end).unwrap_or_default());
        }
        position = body_start;
    }
    Err(PemError::NoBlock)
}

/// The contents of all blocks with one of these labels, in their order, at most `most` of them. As [`decode`], but for a
/// text that holds none the result is empty.
pub fn decode_all(text: &[u8], labels: &[&str], most: usize) -> Result<Vec<Vec<u8>>, PemError> {
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(start) = find(text, BEGIN, position) {
        let rest = text.get(start..).unwrap_or_default();
        let label_end = find(rest, DASHES, BEGIN.len()).ok_or(PemError::NoBlock)?;
        let label = rest.get(BEGIN.len()..label_end).unwrap_or_default();
        position = start + label_end + DASHES.len();
        if labels.iter().any(|wanted| wanted.as_bytes() == label) {
            if found.len() >= most {
                return Err(PemError::TooMany(most));
            }
            found.push(decode(rest, labels)?);
        }
    }
    Ok(found)
}

/// Base64 with white space anywhere; padding may be absent.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, PemError> {
    let digits: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(digits).map_err(|_| PemError::NotBase64)
}

/// A PEM block: lines of 64 characters, `\n` after each, also after the last (RFC 7468 §3, stricttextualmsg).
pub fn encode(label: &str, bytes: &[u8]) -> String {
    let body = STANDARD.encode(bytes);
    let mut out = String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40);
    out.push_str("-----BEGIN ");
    out.push_str(label);
    out.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = next;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

fn find(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.windows(needle.len()).position(|window| window == needle).map(|position| from + position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_block_is_found_among_other_text() {
        let text = b"Subject: x\r\n-----BEGIN OTHER-----\nAAAA\n-----END OTHER-----\n\
                     -----BEGIN CMS-----\r\n YWJj\r\n ZA= =\r\n-----END CMS-----\r\nmore";
        assert_eq!(decode(text, &["CMS", "PKCS7"]).unwrap(), b"abcd");
        assert_eq!(decode(text, &["CERTIFICATE"]), Err(PemError::NoBlock));
        assert_eq!(decode(b"-----BEGIN CMS-----\nAAAA\n-----END CM", &["CMS"]), Err(PemError::NoEnd));
        assert_eq!(decode(b"-----BEGIN CMS-----\nAA%A\n-----END CMS-----", &["CMS"]), Err(PemError::NotBase64));
        assert_eq!(decode(b"-----BEGIN CMS", &["CMS"]), Err(PemError::NoBlock));
    }

    #[test]
    fn all_blocks_of_a_text_are_found_in_their_order() {
        let text = [encode("CMS", b"one"), encode("OTHER", b"x"), encode("PKCS7", b"two")].concat();
        assert_eq!(decode_all(text.as_bytes(), &["CMS", "PKCS7"], 2).unwrap(), [b"one", b"two"]);
        assert_eq!(decode_all(text.as_bytes(), &["CMS", "PKCS7"], 1), Err(PemError::TooMany(1)));
        assert!(decode_all(b"text", &["CMS"], 1).unwrap().is_empty());
        let cut = text.get(..text.len() - 3).unwrap();
        assert_eq!(decode_all(cut.as_bytes(), &["CMS", "PKCS7"], 2), Err(PemError::NoEnd));
    }

    #[test]
    fn base64_is_taken_with_and_without_padding_and_never_with_left_over_bits() {
        for good in ["YQ==", "YQ", " Y Q = = \r\n"] {
            assert_eq!(decode_base64(good.as_bytes()).unwrap(), b"a", "{good}");
        }
        for bad in ["YR==", "Y", "YQ==YQ==", "Y-_/", "ЮЮ"] {
            assert_eq!(decode_base64(bad.as_bytes()), Err(PemError::NotBase64), "{bad}");
        }
    }

    #[test]
    fn lines_have_sixty_four_characters_and_the_last_one_ends() {
        let text = encode("CMS", &[0; 49]);
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [19, 64, 4, 17, 0]);
    }

    proptest! {
        #[test]
        fn what_is_armoured_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(decode(encode("CMS", &bytes).as_bytes(), &["CMS"]).unwrap(), bytes);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(-----BEGIN CMS-----|-----END CMS-----|[A-Za-z=\\n -]){0,40}") {
            let _ = decode(text.as_bytes(), &["CMS"]);
        }
    }
}
