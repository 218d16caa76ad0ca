//! Extending a file by an update (ISO 32000-1, 7.5.6): the file as it is, then new and changed objects, then a
//! cross-reference section of the kind that the file has.

use std::collections::BTreeMap;

use super::document::Document;
use super::object::{Dictionary, Object, Reference};
use super::xref::{Entry, SectionKind};
use crate::pades::PdfError;

/// What an update has to say about one object.
pub(in super::super) enum Body {
    Value(Object),
    /// A stream: its dictionary without /Length, and its encoded octets.
    Stream(Dictionary, Vec<u8>),
    /// Written already.
    Raw(Vec<u8>),
}

/// New and changed objects.
pub(in super::super) struct Update {
    objects: BTreeMap<u32, (u16, Body)>,
    next: u32,
}

impl Update {
    pub(in super::super) fn of(document: &Document<'_>) -> Self {
        Self { objects: BTreeMap::new(), next: document.next_number() }
    }

    /// A number for an object that is written later.
    pub(in super::super) const fn reserve(&mut self) -> Reference {
        let number = self.next;
        self.next += 1;
        Reference { number, generation: 0 }
    }

    pub(in super::super) fn put(&mut self, reference: Reference, body: Body) {
        self.objects.insert(reference.number, (reference.generation, body));
    }

    pub(in super::super) fn add(&mut self, body: Body) -> Reference {
        let reference = self.reserve();
        self.put(reference, body);
        reference
    }

    /// The file with the update behind it, and where the body of the object `wanted` begins.
    pub(in super::super) fn write(
        mut self,
        document: &Document<'_>,
        identifier: &[u8; 16],
        wanted: Reference,
    ) -> Result<(Vec<u8>, usize), PdfError> {
        let mut out = Vec::with_capacity(document.pdf().len() + (64 << 10));
        out.extend_from_slice(document.pdf());
        if out.last().is_none_or(|last| !matches!(last, b'\n' | b'\r')) {
            out.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut place = None;
        for (number, (generation, body)) in std::mem::take(&mut self.objects) {
            offsets.insert(number, (out.len(), generation));
            out.extend(format!("{number} {generation} obj\n").as_bytes());
            if number == wanted.number {
                place = Some(out.len());
            }
            match body {
                Body::Value(value) => value.write(&mut out),
                Body::Raw(octets) => out.extend(octets),
                Body::Stream(dictionary, octets) => write_stream(dictionary, &octets, &mut out),
            }
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        match document.section_kind() {
            SectionKind::Table => self.write_table(document, identifier, &offsets, &mut out),
            SectionKind::Stream => self.write_cross_reference_stream(document, identifier, offsets, &mut out),
        }
        out.extend(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        let place = place.ok_or(PdfError::Object { number: wanted.number, what: "it was not written" })?;
        Ok((out, place))
    }

    /// The trailer's entries that go on (table 15), with the file's new identifier.
    fn trailer(&self, document: &Document<'_>, identifier: &[u8; 16]) -> Dictionary {
        let old = document.trailer();
        let mut trailer = Dictionary::new().with("Size", Object::Integer(self.next.into()));
        for key in ["Root", "Info"] {
            if let Some(value) = old.get(key) {
                trailer.set(key, value.clone());
            }
        }
        let new = Object::String(identifier.to_vec());
        // The first half stays what it was, the second tells the revision (14.4).
        let first = document.value(old, "ID").ok().and_then(|id| id.as_array()?.first().cloned());
        let first = first.filter(|first| first.as_string().is_some()).unwrap_or_else(|| new.clone());
        trailer.set("ID", Object::Array(vec![first, new]));
        trailer.set("Prev", Object::Integer(document.section_start() as i64));
        trailer
    }

    fn write_table(
        &self,
        document: &Document<'_>,
        identifier: &[u8; 16],
        offsets: &BTreeMap<u32, (usize, u16)>,
        out: &mut Vec<u8>,
    ) {
        out.extend(b"xref\n");
        for run in runs(offsets) {
            let first = run.first().map_or(0, |(number, ..)| *number);
            out.extend(format!("{first} {}\n", run.len()).as_bytes());
            for (_, offset, generation) in run {
                // Twenty octets each, by the letter of 7.5.4.
                out.extend(format!("{offset:010} {generation:05} n\r\n").as_bytes());
            }
        }
        out.extend(b"trailer\n");
        self.trailer(document, identifier).write(out);
        out.push(b'\n');
    }

    fn write_cross_reference_stream(
        &mut self,
        document: &Document<'_>,
        identifier: &[u8; 16],
        mut offsets: BTreeMap<u32, (usize, u16)>,
        out: &mut Vec<u8>,
    ) {
        let own = self.reserve();
        offsets.insert(own.number, (out.len(), 0));
        let mut index = Vec::new();
        let mut rows = Vec::new();
        for run in runs(&offsets) {
            let first = run.first().map_or(0, |(number, ..)| *number);
            index.extend([Object::Integer(first.into()), Object::Integer(run.len() as i64)]);
            for (_, offset, generation) in run {
                rows.push(1);
                // Four octets hold every offset of a file that is accepted here.
                rows.extend((offset as u32).to_be_bytes());
                rows.extend(generation.to_be_bytes());
            }
        }
        let mut dictionary = Dictionary::new().with("Type", Object::name("XRef"));
        for (key, value) in self.trailer(document, identifier).iter() {
            dictionary.set(std::str::from_utf8(key).unwrap_or_default(), value.clone());
        }
        dictionary.set("Index", Object::Array(index));
        dictionary.set("W", Object::Array([1, 4, 2].map(Object::Integer).to_vec()));
        out.extend(format!("{} 0 obj\n", own.number).as_bytes());
        write_stream(dictionary, &rows, out);
        out.extend(b"\nendobj\n");
    }
}

fn write_stream(mut dictionary: Dictionary, octets: &[u8], out: &mut Vec<u8>) {
    dictionary.set("Length", Object::Integer(octets.len() as i64));
    dictionary.write(out);
    out.extend(b"\nstream\n");
    out.extend(octets);
    out.extend(b"\nendstream");
}

/// Number, offset and generation, in runs of consecutive numbers.
fn runs(offsets: &BTreeMap<u32, (usize, u16)>) -> Vec<Vec<(u32, usize, u16)>> {
    let mut runs: Vec<Vec<(u32, usize, u16)>> = Vec::new();
    for (number, (offset, generation)) in offsets {
        let item = (*number, *offset, *generation);
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, ..)| last + 1 == *number) => run.push(item),
            _ => runs.push(vec![item]),
        }
    }
    runs
}

/// The reference under which the document knows the object of that number.
pub(in super::super) fn current(document: &Document<'_>, number: u32) -> Reference {
    match document.entry(number) {
        Entry::InFile { generation, .. } => Reference { number, generation },
        Entry::Free | Entry::InStream { .. } => Reference { number, generation: 0 },
    }
}
