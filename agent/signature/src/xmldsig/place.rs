//! Where a signature goes, and the document around it.

use std::ops::Range;

use super::xml::Document;

/// What the NCA's tools put in front of what they sign (kz-crypto 14.2).
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>";

/// The end of an element's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// As written.
    pub(super) name: String,
    /// The element's octets.
    pub(super) element: Range<usize>,
    /// Where its content ends.
    pub(super) content_end: usize,
    /// `<name/>`: it must be opened first.
    pub(super) empty: bool,
}

/// The document before and behind what is put in: its own octets, but for the declaration and an empty element.
pub(super) struct Around {
    pub(super) before: String,
    pub(super) behind: String,
}

impl Around {
    /// Around something at the end of an element's content, with the declaration of the NCA's tools in front, which the
    /// document element follows at once; what stands there is white space and no part of any canonical form.
    pub(super) fn with_declaration(document: &Document<'_>, place: &Place) -> Self {
        let body = document.text().get(document.body()..).unwrap_or_default();
        let start = document.text().len() - body.trim_start_matches([' ', '\t', '\r', '\n']).len();
        Self::new(DECLARATION, document, start, place)
    }

    /// The same, with the document's own beginning.
    pub(super) fn as_it_is(document: &Document<'_>, place: &Place) -> Self {
        Self::new("", document, 0, place)
    }

    /// Around something in front of that octet, with the document's own beginning.
    pub(super) fn in_front_of(document: &Document<'_>, place: usize) -> Self {
        let (before, behind) = document.text().split_at_checked(place).unwrap_or_default();
        Self { before: before.to_owned(), behind: behind.to_owned() }
    }

    /// Puts something in that the signature goes between.
    pub(super) fn wrap(&mut self, open: &str, close: &str) {
        self.before.push_str(open);
        self.behind.insert_str(0, close);
    }

    fn new(front: &str, document: &Document<'_>, start: usize, place: &Place) -> Self {
        let text = document.text();
        let octets = |range: Range<usize>| text.get(range).unwrap_or_default();
        // Room for a signature, so that the document is copied once.
        let mut before = String::with_capacity(text.len() + (16 << 10));
        before.push_str(front);
        if place.empty {
            let tag = octets(start..place.element.end);
            before.push_str(tag.strip_suffix("/>").unwrap_or(tag));
            before.push('>');
            let behind = format!("</{}>{}", place.name, octets(place.element.end..text.len()));
            return Self { before, behind };
        }
        before.push_str(octets(start..place.content_end));
        Self { before, behind: octets(place.content_end..text.len()).to_owned() }
    }
}
