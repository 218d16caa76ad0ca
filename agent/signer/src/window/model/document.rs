//! A document as a person sees it.

use crate::preview_host::Subject;
use std::fmt;
use std::sync::Arc;

/// One document as a person sees it. It comes from the very octets that are hashed.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// The size of the whole document, in octets.
    pub size: u64,
    /// What it is.
    pub what: What,
    /// How else it can be looked at.
    pub closer: Closer,
}

/// What a document is, with as much of it as can be shown.
#[derive(Clone, Debug)]
pub enum What {
    /// Text.
    Text(Preview),
    /// XML, as it is hashed.
    Xml(Preview),
    /// Anything else.
    Binary {
        /// What its first octets say it is.
        media: Media,
        /// The first octets in hexadecimal, already laid out in lines.
        head: String,
    },
    /// Only a digest: what it is of cannot be seen.
    Digest {
        /// In hexadecimal.
        hex: String,
    },
}

/// Another look at a document, better for a person than its octets. It is a view of them and no more.
#[derive(Clone, Debug)]
pub enum Closer {
    /// There is none.
    None,
    /// XML, laid out for reading.
    LaidOut(LaidOut),
    /// As a picture, once the preview host has drawn it.
    Drawn(Drawable),
}

/// XML with a line for each element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidOut {
    /// The lines, control characters made visible.
    pub lines: Vec<XmlLine>,
    /// Whether that is all that is signed.
    pub extent: Extent,
}

/// A line of XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlLine {
    /// With its indentation.
    pub text: String,
    /// Whether it is signed.
    pub share: Share,
}

/// Whether something is a part of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of the document is signed.
    Whole,
    /// Only an element is signed, and this belongs to it.
    Signed,
    /// Only an element is signed, and this stands beside it.
    Beside,
}

/// A document that can be drawn, whole.
#[derive(Clone)]
pub struct Drawable {
    /// What it is.
    pub subject: Subject,
    /// Its octets.
    pub octets: Arc<[u8]>,
}

impl fmt::Debug for Drawable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawable").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// The beginning of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// At most some 64 KiB, control characters made visible.
    pub text: String,
    /// Whether that is all of it.
    pub extent: Extent,
}

/// How much of a document a preview shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The beginning; the rest is signed too but not shown.
    Beginning,
}

/// What the first octets of a document say it is. A guess, and shown as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `%PDF-`.
    Pdf,
    /// A ZIP archive, which office documents are too.
    Zip,
    /// JPEG, PNG, TIFF, …
    Image,
    /// A CMS or PKCS #7 structure.
    Cms,
    /// None of these.
    Unknown,
}
