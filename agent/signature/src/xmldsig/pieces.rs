//! A document taken apart for somebody who shows it.

use super::xml::{Document, Event, Reader};
use std::ops::Range;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it stands, in octets of the document as they came.
    pub place: Range<usize>,
}

/// What a piece of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A start tag.
    Start,
    /// The tag of an element without content, `<a/>`.
    Empty,
    /// An end tag.
    End,
    /// Text, or a section of CDATA.
    Text,
    /// A comment or a processing instruction.
    Aside,
}

/// Where taking a document apart ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Behind the whole document.
    Whole,
    /// At the bound that was given.
    Bound,
    /// Where the document is not well-formed, or stops.
    Fault,
}

/// The pieces of a document in their order, at most so many, without the XML declaration and without white space outside
/// the document's element. It is read as for a signature: what stops that, stops this, with what came before.
#[must_use]
pub fn pieces(document: &[u8], most: usize) -> (Vec<Piece>, Ended) {
    let mut found = Vec::new();
    let Ok(document) = Document::new(document) else { return (found, Ended::Fault) };
    let mut reader = Reader::new(&document);
    loop {
        let before = reader.position();
        let event = match reader.next() {
            Ok(Some(event)) => event,
            Ok(None) => return (found, Ended::Whole),
            Err(_) => return (found, Ended::Fault),
        };
        let (kind, place) = match event {
            Event::Start(element) if element.empty => (PieceKind::Empty, element.start..element.content),
            Event::Start(element) => (PieceKind::Start, element.start..element.content),
            // That of an element without one.
            Event::End { content_end, end, .. } if content_end == end => continue,
            Event::End { content_end, end, .. } => (PieceKind::End, content_end..end),
            Event::Text(_) | Event::Cdata(_) => (PieceKind::Text, before..reader.position()),
            Event::Comment(_) | Event::Instruction { .. } => {
                let end = reader.position();
                let written = document.text().get(before..end).unwrap_or_default();
                (PieceKind::Aside, end - written.trim_start().len()..end)
            }
        };
        if found.len() == most {
            return (found, Ended::Bound);
        }
        found.push(Piece { kind, place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_document_are_all_of_it() {
        let document = "\u{feff}<?xml version='1.0'?>\n <!-- c --><a x='>'>t&lt;<b/><![CDATA[<c>]]></a><?p i?>";
        let (found, ended) = pieces(document.as_bytes(), 100);
        let texts: Vec<_> = found.iter().map(|piece| (piece.kind, &document[piece.place.clone()])).collect();
        assert_eq!(
            texts,
            [
                (PieceKind::Aside, "<!-- c -->"),
                (PieceKind::Start, "<a x='>'>"),
                (PieceKind::Text, "t&lt;"),
                (PieceKind::Empty, "<b/>"),
                (PieceKind::Text, "<![CDATA[<c>]]>"),
                (PieceKind::End, "</a>"),
                (PieceKind::Aside, "<?p i?>"),
            ]
        );
        assert_eq!(ended, Ended::Whole);
        assert_eq!(pieces(document.as_bytes(), 3), (found[..3].to_vec(), Ended::Bound));
    }

    #[test]
    fn what_is_not_well_formed_ends_where_it_is_not() {
        let (found, ended) = pieces(b"<a><b>x</c></a>", 100);
        assert_eq!((found.len(), ended), (3, Ended::Fault));
        assert_eq!(pieces(b"<!DOCTYPE a><a/>", 100), (Vec::new(), Ended::Fault));
        assert_eq!(pieces(b"<a>\xff</a>", 100), (Vec::new(), Ended::Fault));
    }
}
