//! What a window shows of a document: drawn from the very octets that are hashed.
//!
//! A page that wants a signature under something else than it shows would use what a reader does not see: direction
//! marks, zero-width letters, control characters, text beyond the edge. All of these are made visible here.

mod xml;

use crate::{
    preview_host::Subject,
    unseen::push_visible,
    window::{Closer, Drawable, Extent, Media, Preview, What},
};
use signature::xmldsig::{Hashed, Share};
use std::fmt::Write as _;

/// The most octets of one text that a window is given.
pub const LONGEST_PREVIEW: usize = 32 * 1024;
/// The most octets of all texts of one request together: a batch of thousands must not keep the window from opening.
const ALL_PREVIEWS: usize = 1024 * 1024;
/// The least of one text, however many there are.
const SHORTEST_PREVIEW: usize = 256;
/// The first octets of a binary document, shown in hexadecimal.
const HEX_HEAD: usize = 256;
/// The most octets of all documents of one request together that are kept for being drawn; they are in memory twice then.
pub const ALL_DRAWABLE: usize = 64 * 1024 * 1024;

/// How much of each of so many documents is shown, in octets.
#[must_use]
pub fn length_for(documents: usize) -> usize {
    (ALL_PREVIEWS / documents.max(1)).clamp(SHORTEST_PREVIEW, LONGEST_PREVIEW)
}

/// What a document is, by its octets, with at most `longest` octets of its text.
#[must_use]
pub fn of_content(bytes: &[u8], longest: usize) -> What {
    if let Some(media) = media_type(bytes) {
        return binary(bytes, media);
    }
    // A byte order mark is part of what is signed but is no letter.
    let text = match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) if !text.contains('\0') => text,
        _ => return binary(bytes, Media::Unknown),
    };
    let preview = visible(text, longest);
    if text.trim_start().starts_with('<') && text.trim_end().ends_with('>') {
        What::Xml(preview)
    } else {
        What::Text(preview)
    }
}

/// How else these octets of a document, which are signed as they are, can be looked at. What is kept for that is taken from
/// `room`.
#[must_use]
pub fn closer(bytes: &[u8], what: &What, longest: usize, room: &mut usize) -> Closer {
    match what {
        What::Xml(_) => xml::lay_out(bytes, true, longest).map_or(Closer::None, Closer::LaidOut),
        What::Binary { media, .. } => {
            let subject = drawn_as(bytes, *media).filter(|subject| bytes.len() <= subject.longest().min(*room));
            subject.map_or(Closer::None, |subject| {
                *room -= bytes.len();
                Closer::Drawn(Drawable { subject, octets: bytes.into() })
            })
        }
        What::Text(_) | What::Digest { .. } => Closer::None,
    }
}

/// How else an XML document can be looked at of which `hashed` is signed.
#[must_use]
pub fn closer_xml(document: &[u8], hashed: &Hashed, longest: usize) -> Closer {
    let is_whole = hashed.beginning.len() as u64 == hashed.length;
    let laid_out = match hashed.share {
        Share::Whole => xml::lay_out(&hashed.beginning, is_whole, longest),
        Share::Part { start, end } => xml::lay_out_part(document, start..end, &hashed.beginning, is_whole, longest),
    };
    laid_out.map_or(Closer::None, Closer::LaidOut)
}

/// What the preview host can make of it.
fn drawn_as(bytes: &[u8], media: Media) -> Option<Subject> {
    const TIFF: [&[u8]; 2] = [b"II*\0", b"MM\0*"];
    match media {
        Media::Pdf => Some(Subject::Pdf),
        Media::Image => (!TIFF.iter().any(|head| bytes.starts_with(head))).then_some(Subject::Image),
        Media::Zip | Media::Cms | Media::Unknown => None,
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

/// The text with everything that hides made visible, cut at `longest` octets of what is shown.
fn visible(text: &str, longest: usize) -> Preview {
    let mut shown = String::with_capacity(text.len().min(longest));
    let mut chars = text.chars().peekable();
    while shown.len() < longest
        && let Some(c) = chars.next()
    {
        match c {
            '\n' | '\t' => shown.push(c),
            // The line end of other systems; alone it hides what a terminal would write over.
            '\r' if chars.peek() == Some(&'\n') => {}
            c => push_visible(&mut shown, c),
        }
    }
    Preview { text: shown, extent: if chars.next().is_some() { Extent::Beginning } else { Extent::Whole } }
}

/// What the first octets say; a guess for the person's eye, never a decision.
fn media_type(bytes: &[u8]) -> Option<Media> {
    if is_webp(bytes) || is_bmp(bytes) {
        return Some(Media::Image);
    }
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

/// `RIFF`, a length, `WEBP`.
fn is_webp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..).is_some_and(|rest| rest.starts_with(b"WEBP"))
}

/// `BM`, a length, four octets of zero, and further on a header of one of the known lengths: two letters alone are text.
fn is_bmp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM")
        && bytes.get(6..10) == Some(&[0; 4])
        && matches!(bytes.get(14..18), Some([12 | 40 | 108 | 124, 0, 0, 0]))
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

    fn shown(bytes: &[u8]) -> What {
        of_content(bytes, LONGEST_PREVIEW)
    }

    fn text_of(what: What) -> String {
        match what {
            What::Text(preview) | What::Xml(preview) => preview.text,
            _ => panic!("not a text"),
        }
    }

    #[test]
    fn a_text_is_shown_as_it_is() {
        assert_eq!(text_of(shown("Келісемін, ₸ 5 000\nқол қойдым".as_bytes())), "Келісемін, ₸ 5 000\nқол қойдым");
    }

    #[test]
    fn what_would_hide_is_made_visible() {
        let shown = text_of(shown("pay 10\u{202e}00 \u{200b}KZT\u{7}\u{1d173}".as_bytes()));
        assert_eq!(shown, "pay 10‹U+202E›00 ‹U+200B›KZT‹U+0007›‹U+1D173›");
    }

    #[test]
    fn xml_is_told_from_text() {
        assert!(matches!(shown(b"  <?xml version=\"1.0\"?><a/>\n"), What::Xml(_)));
        assert!(matches!(shown(b"1 < 2"), What::Text(_)));
        assert!(matches!(shown(b"BMW: 5 000 000 KZT"), What::Text(_)));
        assert!(matches!(shown(b""), What::Text(_)));
    }

    #[test]
    fn binary_documents_are_named_by_their_first_octets() {
        for (bytes, expected) in [
            (&b"%PDF-1.7\n\xff"[..], Media::Pdf),
            (b"\x30\x82\x0a\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", Media::Cms),
            (b"\x30\x82\x0a\x0b\xff", Media::Unknown),
            (b"RIFF\x10\0\0\0WEBPVP8 \0", Media::Image),
            (b"BM\x10\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", Media::Image),
            (b"\xff\xfe\x00", Media::Unknown),
            (b"a\0b", Media::Unknown),
        ] {
            let What::Binary { media, .. } = shown(bytes) else { panic!("binary") };
            assert_eq!(media, expected);
        }
    }

    #[test]
    fn a_lone_carriage_return_is_seen_and_a_line_end_is_not() {
        assert_eq!(text_of(shown(b"100\r000\r\nnext")), "100‹U+000D›000\nnext");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        for text in ["ң".repeat(LONGEST_PREVIEW), "\u{1}".repeat(LONGEST_PREVIEW)] {
            let What::Text(preview) = shown(text.as_bytes()) else { panic!("text") };
            assert_eq!(preview.extent, Extent::Beginning);
            assert!((LONGEST_PREVIEW..LONGEST_PREVIEW + 16).contains(&preview.text.len()));
        }
    }

    #[test]
    fn a_large_batch_shows_less_of_each_document() {
        assert_eq!(length_for(0), LONGEST_PREVIEW);
        assert_eq!(length_for(10), LONGEST_PREVIEW);
        assert!(length_for(400) * 400 <= ALL_PREVIEWS);
        assert_eq!(length_for(10_000), SHORTEST_PREVIEW);
    }

    #[test]
    fn what_can_be_drawn_is_kept_as_long_as_there_is_room() {
        let mut room = 20;
        for (bytes, is_kept) in [
            (&b"%PDF-1.7\n\xff"[..], true),
            (b"%PDF-1.7\n\xff", true),
            (b"%PDF-1.7\n\xff", false),
            (b"II*\0\xff", false),
            (b"PK\x03\x04", false),
        ] {
            let kept = closer(bytes, &shown(bytes), LONGEST_PREVIEW, &mut room);
            assert_eq!(matches!(kept, Closer::Drawn(drawable) if *drawable.octets == *bytes), is_kept, "{bytes:?}");
        }
    }
}
