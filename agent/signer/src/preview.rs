//! What a window shows of a document: drawn from the very octets that are hashed.
//!
//! A page that wants a signature under something else than it shows would use what a reader does not see: direction
//! marks, zero-width letters, control characters, text beyond the edge. All of these are made visible here.

use crate::{
    unseen::hides,
    window::{Extent, Media, Preview, What},
};
use std::fmt::Write as _;

/// The most characters of a text that a window is given.
pub const LONGEST_PREVIEW: usize = 32 * 1024;
/// The first octets of a binary document, shown in hexadecimal.
const HEX_HEAD: usize = 256;

/// What a document is, by its octets.
#[must_use]
pub fn of_content(bytes: &[u8]) -> What {
    if let Some(media) = media_type(bytes) {
        return binary(bytes, media);
    }
    // A byte order mark is part of what is signed but is no letter.
    let text = match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) if !text.contains('\0') => text,
        _ => return binary(bytes, Media::Unknown),
    };
    let preview = visible(text);
    if text.trim_start().starts_with('<') && text.trim_end().ends_with('>') {
        What::Xml(preview)
    } else {
        What::Text(preview)
    }
}

/// A digest that the page computed; what it is a digest of cannot be known.
#[must_use]
pub fn of_digest(bytes: &[u8]) -> What {
    What::Digest { hex: hex::encode(bytes.get(..HEX_HEAD).unwrap_or(bytes)) }
}

fn binary(bytes: &[u8], media: Media) -> What {
    What::Binary { media, head: hex_lines(bytes.get(..HEX_HEAD).unwrap_or(bytes)) }
}

/// The text with everything that hides made visible as `‹U+202E›`, cut at [`LONGEST_PREVIEW`] characters.
fn visible(text: &str) -> Preview {
    let mut shown = String::with_capacity(text.len().min(LONGEST_PREVIEW * 2));
    let mut chars = text.chars();
    for c in chars.by_ref().take(LONGEST_PREVIEW) {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' => {}
            c if hides(c) => {
                let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Preview { text: shown, extent: if chars.next().is_some() { Extent::Beginning } else { Extent::Whole } }
}

/// What the first octets say; a guess for the person's eye, never a decision.
fn media_type(bytes: &[u8]) -> Option<Media> {
    const HEADS: [(&[u8], Media); 8] = [
        (b"%PDF-", Media::Pdf),
        (b"\x89PNG\r\n\x1a\n", Media::Image),
        (b"\xff\xd8\xff", Media::Image),
        (b"GIF8", Media::Image),
        (b"II*\0", Media::Image),
        (b"MM\0*", Media::Image),
        (b"PK\x03\x04", Media::Zip),
        // SEQUENCE { OBJECT IDENTIFIER 1.2.840.113549.1.7.2 (signedData) behind a length of two octets.
        (b"\x30\x82", Media::Cms),
    ];
    const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    HEADS
        .into_iter()
        .find(|(head, _)| bytes.starts_with(head))
        .map(|(_, media)| media)
        .filter(|media| *media != Media::Cms || bytes.get(4..).is_some_and(|rest| rest.starts_with(SIGNED_DATA)))
}

fn hex_lines(bytes: &[u8]) -> String {
    let mut lines = String::new();
    for chunk in bytes.chunks(16) {
        for byte in chunk {
            let _ = write!(lines, "{byte:02x} ");
        }
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(what: What) -> String {
        match what {
            What::Text(preview) | What::Xml(preview) => preview.text,
            _ => panic!("not a text"),
        }
    }

    #[test]
    fn a_text_is_shown_as_it_is() {
        assert_eq!(text_of(of_content("Келісемін, ₸ 5 000\nқол қойдым".as_bytes())), "Келісемін, ₸ 5 000\nқол қойдым");
    }

    #[test]
    fn what_would_hide_is_made_visible() {
        let shown = text_of(of_content("pay 10\u{202e}00 \u{200b}KZT\u{7}".as_bytes()));
        assert_eq!(shown, "pay 10‹U+202E›00 ‹U+200B›KZT‹U+0007›");
    }

    #[test]
    fn xml_is_told_from_text() {
        assert!(matches!(of_content(b"  <?xml version=\"1.0\"?><a/>\n"), What::Xml(_)));
        assert!(matches!(of_content(b"1 < 2"), What::Text(_)));
        assert!(matches!(of_content(b""), What::Text(_)));
    }

    #[test]
    fn binary_documents_are_named_by_their_first_octets() {
        for (bytes, expected) in [
            (&b"%PDF-1.7\n\xff"[..], Media::Pdf),
            (b"\x30\x82\x0a\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", Media::Cms),
            (b"\x30\x82\x0a\x0b\xff", Media::Unknown),
            (b"\xff\xfe\x00", Media::Unknown),
            (b"a\0b", Media::Unknown),
        ] {
            let What::Binary { media, .. } = of_content(bytes) else { panic!("binary") };
            assert_eq!(media, expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let long = "ң".repeat(LONGEST_PREVIEW + 1);
        let What::Text(preview) = of_content(long.as_bytes()) else { panic!("text") };
        assert_eq!(preview.extent, Extent::Beginning);
        assert_eq!(preview.text.chars().count(), LONGEST_PREVIEW);
    }
}
