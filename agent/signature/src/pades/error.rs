//! Why a PDF is not signed, or not looked at.

use crate::cms::SignError;

use super::stamp::FontError;

/// Why a PDF is not signed, or not looked at. Offsets count from the start of the file, or, where it says so, from the
/// start of a decompressed object stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// More than [`super::MAX_LEN`] octets.
    #[error("a PDF of {0} bytes is too large")]
    TooLarge(usize),
    /// No `%PDF-` at the start.
    #[error("this is not a PDF: it does not begin with %PDF-")]
    NotPdf,
    /// Not the PDF syntax that is expected at that place.
    #[error("the PDF is damaged at byte {offset}: {what}")]
    Syntax {
        /// Where.
        offset: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// More of something than is looked at.
    #[error("the PDF has too many {0}")]
    TooMany(&'static str),
    /// An indirect object is not of the kind that it has to be.
    #[error("object {number} of the PDF is damaged: {what}")]
    Object {
        /// Object number.
        number: u32,
        /// What is wrong.
        what: &'static str,
    },
    /// The document is encrypted.
    #[error("the PDF is protected with a password; save it without protection and sign that")]
    Encrypted,
    /// DocMDP, or a signature field's lock, forbids every further change.
    #[error("whoever certified the PDF allows no changes, not even further signatures")]
    ChangesForbidden,
    /// A form that is drawn by XFA: what is signed would not be what is shown.
    #[error("the PDF is a dynamic XFA form; print it into an ordinary PDF and sign that")]
    DynamicXfa,
    /// There is no such page.
    #[error("the PDF has no page {0}")]
    NoPage(usize),
    /// There is no signature field of that name.
    #[error("the PDF has no signature field {0:?}")]
    NoField(String),
    /// The field of that name is signed already.
    #[error("the signature field {0:?} is signed already")]
    FieldSigned(String),
    /// An earlier signature locked the field of that name.
    #[error("an earlier signature locked the signature field {0:?}")]
    FieldLocked(String),
    /// The stamp does not fit on the page.
    #[error("the stamp does not fit on the page")]
    StampTooLarge,
    /// The stamp's font cannot be used.
    #[error("the stamp's font cannot be used: {0}")]
    Font(#[from] FontError),
    /// The CMS was not made.
    #[error(transparent)]
    Cms(#[from] SignError),
    /// The signature is larger than the room that was kept for it.
    #[error("a signature of {needed} bytes does not fit into the {reserved} bytes kept for it")]
    Room {
        /// Octets of the CMS.
        needed: usize,
        /// Octets that were kept.
        reserved: usize,
    },
    /// What was made does not verify: a fault of the signer, or of this program.
    #[error("the signed PDF does not verify: {0}")]
    SelfCheck(String),
}

impl PdfError {
    pub(super) const fn syntax(offset: usize, what: &'static str) -> Self {
        Self::Syntax { offset, what }
    }
}
