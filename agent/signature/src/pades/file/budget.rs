//! How much work a document from a stranger is worth.

use std::cell::Cell;

use crate::pades::PdfError;

/// How many elements are read altogether, over all objects and revisions that are looked at: what bounds time.
const MAX_ELEMENTS: u64 = 32_000_000;

/// How many elements one object has: what bounds memory.
pub(super) const MAX_ELEMENTS_OF_ONE: u64 = 4_000_000;

/// Cross-reference entries of all sections of all revisions that are looked at.
const MAX_ENTRIES: u64 = 64_000_000;

/// Octets that go into decompression and come out of it, over all streams of all revisions that are looked at.
const MAX_INFLATED: usize = 512 << 20;

/// Octets that are hashed, for each signature and digest algorithm again.
const MAX_HASHED: u64 = 8 << 30;

/// What is left of the work that one document is worth.
#[derive(Debug)]
pub(in super::super) struct Budget {
    elements: Cell<u64>,
    entries: Cell<u64>,
    inflated: Cell<usize>,
    hashed: Cell<u64>,
}

impl Budget {
    pub(in super::super) const fn new() -> Self {
        Self {
            elements: Cell::new(MAX_ELEMENTS),
            entries: Cell::new(MAX_ENTRIES),
            inflated: Cell::new(MAX_INFLATED),
            hashed: Cell::new(MAX_HASHED),
        }
    }

    /// Elements that may still be read.
    pub(super) const fn elements(&self) -> u64 {
        self.elements.get()
    }

    pub(super) fn take(&self, elements: u64) -> Result<(), PdfError> {
        spend(&self.elements, elements, "parts")
    }

    /// Octets that are nothing in themselves, or belong to one element: sixteen of them are work like an element. When
    /// nothing is left, the next element is refused.
    pub(super) fn take_octets(&self, octets: usize) {
        self.elements.set(self.elements.get().saturating_sub(octets as u64 / 16));
    }

    pub(super) fn take_entries(&self, entries: u64) -> Result<(), PdfError> {
        spend(&self.entries, entries, "objects")
    }

    pub(super) fn take_hashed(&self, octets: u64) -> Result<(), PdfError> {
        spend(&self.hashed, octets, "signed bytes")
    }

    /// Octets that may still come out of decompression.
    pub(super) const fn inflatable(&self) -> usize {
        self.inflated.get()
    }

    pub(super) fn take_inflated(&self, octets: usize) -> Result<(), PdfError> {
        let left = self.inflated.get().checked_sub(octets).ok_or(PdfError::TooMany("compressed bytes"))?;
        self.inflated.set(left);
        Ok(())
    }
}

fn spend(left: &Cell<u64>, amount: u64, what: &'static str) -> Result<(), PdfError> {
    left.set(left.get().checked_sub(amount).ok_or(PdfError::TooMany(what))?);
    Ok(())
}
