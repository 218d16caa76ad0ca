//! Where the objects are: the chain of cross-reference tables and streams (ISO 32000-1, 7.5.4 to 7.5.8).

use std::collections::{HashMap, HashSet};

use super::budget::Budget;
use super::document::{indirect_at, stream_data};
use super::filter;
use super::object::{Dictionary, Object};
use super::parser::Parser;
use crate::pades::PdfError;

/// How many objects a document may have.
const MAX_OBJECTS: usize = 2_000_000;

/// How many updates a document may have gone through.
const MAX_SECTIONS: usize = 1024;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Entry {
    /// Deleted, or never there.
    Free,
    /// At an offset of the file.
    InFile { offset: usize, generation: u16 },
    /// One of those in an object stream.
    InStream { stream: u32, index: u32 },
}

/// How the newest section is written; an update has to be of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum SectionKind {
    Table,
    Stream,
}

/// All sections together, the newest first.
#[derive(Debug)]
pub(super) struct CrossReferences {
    pub(super) entries: HashMap<u32, Entry>,
    pub(super) trailer: Dictionary,
    pub(super) kind: SectionKind,
    /// Where the newest section is.
    pub(super) start: usize,
    /// Some section has a stream beside its table.
    pub(super) is_hybrid: bool,
}

impl CrossReferences {
    pub(super) fn read(pdf: &[u8], budget: &Budget) -> Result<Self, PdfError> {
        let start = start(pdf, budget)?;
        let mut all = Self {
            entries: HashMap::new(),
            trailer: Dictionary::new(),
            kind: SectionKind::Table,
            start,
            is_hybrid: false,
        };
        let mut visited = HashSet::new();
        let mut next = Some(start);
        while let Some(offset) = next {
            if !visited.insert(offset) {
                return Err(PdfError::syntax(offset, "the cross-reference sections go round in a circle"));
            }
            if visited.len() > MAX_SECTIONS {
                return Err(PdfError::TooMany("updates"));
            }
            let (trailer, kind, found) = section(pdf, offset, budget)?;
            // Any revision's: what was encrypted once stays so.
            if trailer.get("Encrypt").is_some_and(|encrypt| *encrypt != Object::Null) {
                return Err(PdfError::Encrypted);
            }
            next = all.absorb(pdf, &trailer, found, offset, budget)?;
            if offset == start {
                (all.trailer, all.kind) = (trailer, kind);
            }
        }
        Ok(all)
    }

    /// Takes a section in, with the stream that it may have beside it, and returns where the section before it is.
    fn absorb(
        &mut self,
        pdf: &[u8],
        trailer: &Dictionary,
        found: Vec<(u32, Entry)>,
        offset: usize,
        budget: &Budget,
    ) -> Result<Option<usize>, PdfError> {
        let place = |key| match trailer.get(key) {
            None => Ok(None),
            Some(value) => value
                .as_integer()
                .and_then(|place| usize::try_from(place).ok())
                .filter(|place| *place < pdf.len())
                .map(Some)
                .ok_or(PdfError::syntax(offset, "the trailer points out of the file")),
        };
        match place("XRefStm")? {
            // A hybrid file: what its table calls free for old readers, the stream may have (7.5.8.4).
            Some(beside) => {
                self.is_hybrid = true;
                let (_, kind, hidden) = section(pdf, beside, budget)?;
                if kind != SectionKind::Stream {
                    return Err(PdfError::syntax(beside, "there should be a cross-reference stream"));
                }
                let (free, used) = found.into_iter().partition(|(_, entry)| *entry == Entry::Free);
                self.take(used, offset)?;
                self.take(hidden, beside)?;
                self.take(free, offset)?;
            }
            None => self.take(found, offset)?,
        }
        place("Prev")
    }

    /// Takes the entries of a section in, as far as newer ones do not replace them.
    fn take(&mut self, found: Vec<(u32, Entry)>, offset: usize) -> Result<(), PdfError> {
        let mut within = HashSet::new();
        for (number, entry) in found {
            // Readers differ in which of two they take.
            if !within.insert(number) {
                return Err(PdfError::syntax(offset, "a cross-reference section has an object twice"));
            }
            self.entries.entry(number).or_insert(entry);
        }
        if self.entries.len() > MAX_OBJECTS {
            return Err(PdfError::TooMany("objects"));
        }
        Ok(())
    }
}

/// What the last `startxref` says.
fn start(pdf: &[u8], budget: &Budget) -> Result<usize, PdfError> {
    const WORD: &[u8] = b"startxref";
    let from = pdf.len().saturating_sub(2048);
    let tail = pdf.get(from..).unwrap_or_default();
    let found = tail.windows(WORD.len()).rposition(|window| window == WORD);
    let Some(found) = found else {
        return Err(PdfError::syntax(from, "there is no startxref at the end"));
    };
    let at = from + found;
    let offset = Parser::new(pdf, at + WORD.len(), budget).natural()?;
    usize::try_from(offset)
        .ok()
        .filter(|offset| *offset < at)
        .ok_or(PdfError::syntax(at, "startxref points out of the file"))
}

type Section = (Dictionary, SectionKind, Vec<(u32, Entry)>);

fn section(pdf: &[u8], offset: usize, budget: &Budget) -> Result<Section, PdfError> {
    let mut parser = Parser::new(pdf, offset, budget);
    parser.skip_space();
    if parser.keyword(b"xref") {
        let (trailer, entries) = table(&mut parser, budget)?;
        Ok((trailer, SectionKind::Table, entries))
    } else {
        let (dictionary, entries) = stream(pdf, offset, budget)?;
        Ok((dictionary, SectionKind::Stream, entries))
    }
}

fn table(parser: &mut Parser<'_>, budget: &Budget) -> Result<(Dictionary, Vec<(u32, Entry)>), PdfError> {
    let mut entries = Vec::new();
    loop {
        parser.skip_space();
        if parser.keyword(b"trailer") {
            break;
        }
        let (first, count) = (parser.natural()?, parser.natural()?);
        if count > MAX_OBJECTS.saturating_sub(entries.len()) as u64 {
            return Err(PdfError::TooMany("objects"));
        }
        for index in 0..count {
            budget.take_entries(1)?;
            let place = parser.offset();
            let number = object_number(first.saturating_add(index), place)?;
            let (offset, generation) = (parser.natural()?, parser.natural()?);
            parser.skip_space();
            let entry = if parser.keyword(b"n") {
                // An offset of zero is what some programs write for objects that are not there.
                match (usize::try_from(offset), u16::try_from(generation)) {
                    (Ok(0), _) => Entry::Free,
                    (Ok(offset), Ok(generation)) => Entry::InFile { offset, generation },
                    _ => return Err(PdfError::syntax(place, "a cross-reference entry is too large")),
                }
            } else if parser.keyword(b"f") {
                Entry::Free
            } else {
                return parser.fail("this is no cross-reference entry");
            };
            entries.push((number, entry));
        }
    }
    let start = parser.offset();
    match parser.object()? {
        Object::Dictionary(trailer) => Ok((trailer, entries)),
        _ => Err(PdfError::syntax(start, "there should be the trailer's dictionary")),
    }
}

fn object_number(number: u64, place: usize) -> Result<u32, PdfError> {
    // The largest number that ISO 32000-1, annex C, has readers take.
    u32::try_from(number)
        .ok()
        .filter(|number| *number <= 8_388_607)
        .ok_or(PdfError::syntax(place, "an object number is too large"))
}

fn stream(pdf: &[u8], offset: usize, budget: &Budget) -> Result<(Dictionary, Vec<(u32, Entry)>), PdfError> {
    let fail = |what| PdfError::syntax(offset, what);
    let indirect = indirect_at(pdf, offset, budget)?;
    let (Object::Dictionary(dictionary), Some(data)) = (indirect.value, indirect.data) else {
        return Err(fail("there should be a cross-reference table or stream"));
    };
    if dictionary.get("Type").and_then(Object::as_name) != Some(b"XRef") {
        return Err(fail("there should be a cross-reference table or stream"));
    }
    let naturals = |key: &str| -> Option<Vec<usize>> {
        let elements = dictionary.get(key)?.as_array()?;
        elements.iter().map(|element| element.as_integer().and_then(|n| usize::try_from(n).ok())).collect()
    };
    let Some([kind, second, third]) = naturals("W").and_then(|widths| <[usize; 3]>::try_from(widths).ok()) else {
        return Err(fail("the cross-reference stream has no widths"));
    };
    if kind > 1 || second > 8 || third > 8 || second == 0 {
        return Err(fail("the cross-reference stream has unusable widths"));
    }
    let size = dictionary.get("Size").and_then(Object::as_integer).and_then(|size| usize::try_from(size).ok());
    let ranges = match (dictionary.get("Index"), size) {
        (None, Some(size)) => vec![0, size],
        (Some(_), Some(_)) => naturals("Index").ok_or(fail("the cross-reference stream has no ranges"))?,
        _ => return Err(fail("the cross-reference stream has no size")),
    };
    check_ranges(&ranges, offset)?;
    let encoded = stream_data(pdf, &dictionary, data, None)?;
    let decoded = filter::decode(&dictionary, encoded, data, budget)?;
    let mut rows = decoded.chunks_exact(kind + second + third);
    let mut entries = Vec::new();
    for range in ranges.chunks(2) {
        let [first, count] = range else { return Err(fail("the cross-reference stream has half a range")) };
        for index in 0..*count {
            budget.take_entries(1)?;
            let row = rows.next().ok_or(fail("the cross-reference stream is too short"))?;
            let number = object_number((*first as u64).saturating_add(index as u64), offset)?;
            entries
                .push((number, stream_entry(row, kind, second).ok_or(fail("a cross-reference entry is too large"))?));
        }
    }
    Ok((dictionary, entries))
}

/// Before anything is decompressed or kept: a few octets can announce as many rows as one likes.
fn check_ranges(ranges: &[usize], offset: usize) -> Result<(), PdfError> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut total = 0_usize;
    for range in ranges.chunks(2) {
        let [first, count] = range else { continue };
        total = total.saturating_add(*count);
        if total > MAX_OBJECTS {
            return Err(PdfError::TooMany("objects"));
        }
        if *count > 0 {
            pairs.push((*first, first.saturating_add(*count)));
        }
    }
    pairs.sort_unstable();
    if pairs.windows(2).any(|pair| matches!(pair, [(_, end), (next, _)] if next < end)) {
        return Err(PdfError::syntax(offset, "a cross-reference section has an object twice"));
    }
    Ok(())
}

fn stream_entry(row: &[u8], kind: usize, second: usize) -> Option<Entry> {
    let (kind, fields) = row.split_at_checked(kind)?;
    let (second, third) = fields.split_at_checked(second)?;
    let number = |octets: &[u8]| octets.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
    // No type field means type 1.
    match if kind.is_empty() { 1 } else { number(kind) } {
        1 => Some(Entry::InFile {
            offset: usize::try_from(number(second)).ok()?,
            generation: u16::try_from(number(third)).ok()?,
        }),
        2 => Some(Entry::InStream {
            stream: u32::try_from(number(second)).ok()?,
            index: u32::try_from(number(third)).ok()?,
        }),
        // Types to come are to be taken for free ones (7.5.8.3).
        _ => Some(Entry::Free),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cross-reference stream of those ranges, with octets that would be decompressed.
    fn file(index: &str) -> Vec<u8> {
        let rows = miniz_oxide::deflate::compress_to_vec_zlib(&[0; 1 << 20], 6);
        let head = format!("/Type/XRef/Size 9/W[0 1 0]/Index[{index}]/Filter/FlateDecode/Length {}", rows.len());
        let start = b"%PDF-1.7\n1 0 obj\n".iter().chain(b"<<").copied().collect::<Vec<u8>>();
        let end = b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n";
        [&start[..], head.as_bytes(), b">>stream\n", &rows, end].concat()
    }

    #[test]
    fn ranges_of_too_many_or_repeated_objects_are_refused_before_any_work() {
        let too_many = "0 8000000 ".repeat(8);
        for index in [too_many.as_str(), "0 2000001", "0 1000000 1000000 1000001", "0 9 8 1", "5 1 0 9", "3 1 3 1"] {
            let budget = Budget::new();
            let (inflatable, elements) = (budget.inflatable(), budget.elements());
            assert!(CrossReferences::read(&file(index), &budget).is_err(), "{index}");
            assert_eq!(budget.inflatable(), inflatable, "{index}");
            assert!(elements - budget.elements() < 100, "{index}");
        }
        let budget = Budget::new();
        assert_eq!(CrossReferences::read(&file("0 9 9 1"), &budget).unwrap().entries.len(), 10);
        let table = b"%PDF-1.7\nxref\n0 2000001\nstartxref\n9\n%%EOF\n";
        assert_eq!(CrossReferences::read(table, &budget).unwrap_err(), PdfError::TooMany("objects"));
    }
}
