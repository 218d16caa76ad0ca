//! A document: its objects by their numbers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::budget::Budget;
use super::filter;
use super::object::{Dictionary, Object, Reference};
use super::parser::Parser;
use super::xref::{CrossReferences, Entry, SectionKind};
use crate::pades::{MAX_LEN, PdfError};

/// References to references that are followed.
const MAX_HOPS: usize = 16;

/// An indirect object where it stands in the file.
#[derive(Debug)]
pub(in super::super) struct Indirect {
    pub(in super::super) reference: Reference,
    pub(in super::super) value: Object,
    /// Where a stream's octets begin.
    pub(in super::super) data: Option<usize>,
}

/// Reads `12 0 obj …` and, for a stream, up to where its octets begin.
pub(super) fn indirect_at(pdf: &[u8], offset: usize, budget: &Budget) -> Result<Indirect, PdfError> {
    read_indirect(&mut Parser::new(pdf, offset, budget))
}

/// [`indirect_at`] the place of a parser, which then stands where the reading ended or failed.
pub(super) fn read_indirect(parser: &mut Parser<'_>) -> Result<Indirect, PdfError> {
    let reference = parser.identifier()?;
    parser.skip_space();
    if !parser.keyword(b"obj") {
        return parser.fail("there should be an object");
    }
    let value = parser.object()?;
    parser.skip_space();
    let data = if parser.skip(b"stream") {
        // A carriage return alone does not end the line (7.3.8.1).
        if !parser.skip(b"\r\n") && !parser.skip(b"\n") {
            return parser.fail("there should be the end of the line");
        }
        Some(parser.offset())
    } else if parser.keyword(b"endobj") {
        None
    } else {
        return parser.fail("the object does not end");
    };
    Ok(Indirect { reference, value, data })
}

/// The encoded octets of a stream that begin at `data`. `length` is that of /Length, where that is a reference.
pub(super) fn stream_data<'a>(
    pdf: &'a [u8],
    dictionary: &Dictionary,
    data: usize,
    length: Option<i64>,
) -> Result<&'a [u8], PdfError> {
    let length = length.or_else(|| dictionary.get("Length").and_then(Object::as_integer));
    length
        .and_then(|length| usize::try_from(length).ok())
        .and_then(|length| pdf.get(data..data.checked_add(length)?))
        .ok_or(PdfError::syntax(data, "the stream has no usable length"))
}

/// A document.
#[derive(Debug)]
pub(in super::super) struct Document<'a> {
    pdf: &'a [u8],
    references: CrossReferences,
    budget: Rc<Budget>,
    streams: RefCell<HashMap<u32, Rc<ObjectStream>>>,
}

/// A decompressed object stream: its octets, and number and place of each object.
#[derive(Debug)]
struct ObjectStream {
    octets: Vec<u8>,
    places: Vec<(u32, usize)>,
}

impl<'a> Document<'a> {
    /// Reads where the objects are; no object yet.
    pub(in super::super) fn open(pdf: &'a [u8], budget: &Rc<Budget>) -> Result<Self, PdfError> {
        if pdf.len() > MAX_LEN {
            return Err(PdfError::TooLarge(pdf.len()));
        }
        if !pdf.starts_with(b"%PDF-") {
            return Err(PdfError::NotPdf);
        }
        let references = CrossReferences::read(pdf, budget)?;
        Ok(Self { pdf, references, budget: Rc::clone(budget), streams: RefCell::default() })
    }

    pub(in super::super) const fn pdf(&self) -> &'a [u8] {
        self.pdf
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Whether hashing that many octets is still worth it.
    pub(in super::super) fn take_hashed(&self, octets: u64) -> Result<(), PdfError> {
        self.budget.take_hashed(octets)
    }

    /// The document as it was when it ended at `end`. It shares the budget of this one.
    pub(in super::super) fn revision(&self, end: usize) -> Result<Self, PdfError> {
        Self::open(self.pdf.get(..end).unwrap_or_default(), &self.budget)
    }

    pub(in super::super) const fn trailer(&self) -> &Dictionary {
        &self.references.trailer
    }

    pub(in super::super) const fn section_kind(&self) -> SectionKind {
        self.references.kind
    }

    /// Readers that do not know cross-reference streams see another document.
    pub(in super::super) const fn is_hybrid(&self) -> bool {
        self.references.is_hybrid
    }

    pub(in super::super) const fn section_start(&self) -> usize {
        self.references.start
    }

    pub(in super::super) const fn entries(&self) -> &HashMap<u32, Entry> {
        &self.references.entries
    }

    pub(in super::super) fn entry(&self, number: u32) -> Entry {
        self.references.entries.get(&number).copied().unwrap_or(Entry::Free)
    }

    /// The first number that no object has had.
    pub(in super::super) fn next_number(&self) -> u32 {
        let largest = self.references.entries.keys().max().copied().unwrap_or(0);
        let size = self.trailer().get("Size").and_then(Object::as_integer);
        let size = size.and_then(|size| u32::try_from(size).ok()).filter(|size| *size <= 8_388_607);
        size.unwrap_or(0).max(largest.saturating_add(1))
    }

    /// The object; null where there is none (7.3.10).
    pub(in super::super) fn get(&self, reference: Reference) -> Result<Object, PdfError> {
        match self.entry(reference.number) {
            Entry::Free => Ok(Object::Null),
            Entry::InFile { generation, .. } if generation != reference.generation => Ok(Object::Null),
            Entry::InFile { .. } => Ok(self.indirect(reference)?.map_or(Object::Null, |indirect| indirect.value)),
            Entry::InStream { .. } if reference.generation != 0 => Ok(Object::Null),
            Entry::InStream { stream, index } => self.compressed(reference.number, stream, index),
        }
    }

    /// The object with its place in the file; `None` when it is not in the file itself.
    pub(in super::super) fn indirect(&self, reference: Reference) -> Result<Option<Indirect>, PdfError> {
        let Entry::InFile { offset, generation } = self.entry(reference.number) else { return Ok(None) };
        if generation != reference.generation {
            return Ok(None);
        }
        let indirect = indirect_at(self.pdf, offset, &self.budget)?;
        if indirect.reference != reference {
            return Err(PdfError::syntax(offset, "there is another object than the cross-references say"));
        }
        Ok(Some(indirect))
    }

    /// The object behind a reference, or the object itself.
    pub(in super::super) fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        let mut object = object.clone();
        for _ in 0..MAX_HOPS {
            match object {
                Object::Reference(reference) => object = self.get(reference)?,
                object => return Ok(object),
            }
        }
        Err(PdfError::TooMany("references to references"))
    }

    /// The value of `key`, references followed; null where there is none.
    pub(in super::super) fn value(&self, dictionary: &Dictionary, key: &str) -> Result<Object, PdfError> {
        dictionary.get(key).map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The catalog and its number.
    pub(in super::super) fn catalog(&self) -> Result<(Reference, Dictionary), PdfError> {
        let missing = || PdfError::syntax(self.section_start(), "the document has no catalog");
        let reference = self.trailer().get("Root").and_then(Object::as_reference).ok_or_else(missing)?;
        match self.get(reference)? {
            Object::Dictionary(catalog) => Ok((reference, catalog)),
            _ => Err(missing()),
        }
    }

    fn compressed(&self, number: u32, stream: u32, index: u32) -> Result<Object, PdfError> {
        let fail = |what| Err(PdfError::Object { number, what });
        let known = self.streams.borrow().get(&stream).cloned();
        let container = match known {
            Some(container) => container,
            None => {
                let container = Rc::new(self.object_stream(stream)?);
                self.streams.borrow_mut().insert(stream, Rc::clone(&container));
                container
            }
        };
        let place = usize::try_from(index).ok().and_then(|index| container.places.get(index));
        match place {
            Some((found, offset)) if *found == number => {
                match Parser::new(&container.octets, *offset, &self.budget).object()? {
                    // An indirect object in a stream is no reference (7.5.7).
                    Object::Reference(_) => fail("it is a reference"),
                    object => Ok(object),
                }
            }
            _ => fail("it is not where the cross-references say"),
        }
    }

    fn object_stream(&self, number: u32) -> Result<ObjectStream, PdfError> {
        let damaged = |what| PdfError::Object { number, what };
        let indirect =
            self.indirect(Reference { number, generation: 0 })?.ok_or(damaged("there should be an object stream"))?;
        let (Object::Dictionary(dictionary), Some(data)) = (indirect.value, indirect.data) else {
            return Err(damaged("there should be an object stream"));
        };
        if dictionary.get("Type").and_then(Object::as_name) != Some(b"ObjStm") {
            return Err(damaged("there should be an object stream"));
        }
        let length = match dictionary.get("Length") {
            // The length itself is never in an object stream, which ends the recursion.
            Some(Object::Reference(length)) => self.indirect(*length)?.and_then(|length| length.value.as_integer()),
            _ => None,
        };
        let encoded = stream_data(self.pdf, &dictionary, data, length)?;
        let octets = filter::decode(&dictionary, encoded, data, &self.budget)?;
        let natural = |key| {
            let value = dictionary.get(key).and_then(Object::as_integer);
            value.and_then(|value| usize::try_from(value).ok()).ok_or(damaged("the object stream has no counts"))
        };
        let (count, first) = (natural("N")?, natural("First")?);
        let mut parser = Parser::new(&octets, 0, &self.budget);
        let mut places = Vec::new();
        for _ in 0..count {
            self.budget.take(1)?;
            let (number, offset) = (parser.natural()?, parser.natural()?);
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            match (u32::try_from(number), offset) {
                (Ok(number), Some(offset)) => places.push((number, offset)),
                _ => return parser.fail("an object number is too large"),
            }
        }
        Ok(ObjectStream { octets, places })
    }
}
