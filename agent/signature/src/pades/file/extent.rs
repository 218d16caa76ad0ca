//! Whether every object ends within the file.
//!
//! Who signs a file signs its octets. An object that begins in them and goes on behind them is in part whatever is
//! appended later, at the same place and under the same number: nothing about it would look changed.

use super::document::{Document, read_indirect};
use super::object::{Dictionary, Object, Reference};
use super::parser::{Parser, is_space};
use super::xref::Entry;
use crate::pades::PdfError;

/// The longest word that the end of a file can cut off where one is expected: `endstream`.
const LONGEST_WORD: usize = 9;

impl Document<'_> {
    /// Numbers of the objects that begin in the file and do not end in it, in order. An object that is damaged otherwise
    /// does not count: what of it is shown stands in the file.
    ///
    /// # Errors
    /// [`PdfError::TooMany`] when looking is more work than a document is worth.
    pub(in super::super) fn unended(&self) -> Result<Vec<u32>, PdfError> {
        let mut unended = Vec::new();
        for (number, entry) in self.entries() {
            let Entry::InFile { offset, .. } = entry else { continue };
            match self.ends(*offset) {
                Ok(true) => {}
                Ok(false) => unended.push(*number),
                Err(error @ PdfError::TooMany(_)) => return Err(error),
                Err(_) => {}
            }
        }
        unended.sort_unstable();
        Ok(unended)
    }

    fn ends(&self, offset: usize) -> Result<bool, PdfError> {
        let pdf = self.pdf();
        if offset >= pdf.len() {
            return Ok(false);
        }
        let mut parser = Parser::new(pdf, offset, self.budget());
        let indirect = match read_indirect(&mut parser) {
            Ok(indirect) => indirect,
            Err(error @ PdfError::TooMany(_)) => return Err(error),
            // More octets would make something else of it.
            Err(_) if pdf.len().saturating_sub(parser.offset()) <= LONGEST_WORD => return Ok(false),
            Err(error) => return Err(error),
        };
        match (indirect.data, indirect.value) {
            (None, _) => Ok(true),
            (Some(data), Object::Dictionary(dictionary)) => self.stream_ends(&dictionary, data),
            (Some(_), _) => Err(PdfError::syntax(offset, "a stream has no dictionary")),
        }
    }

    fn stream_ends(&self, dictionary: &Dictionary, data: usize) -> Result<bool, PdfError> {
        let pdf = self.pdf();
        let length = match dictionary.get("Length") {
            Some(Object::Reference(length)) => self.length(*length)?,
            length => length.and_then(Object::as_integer),
        };
        // Where there is no usable length, readers go by the word at the end alone.
        let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let Some(behind) = data.checked_add(length).and_then(|end| pdf.get(end..)) else { return Ok(false) };
        if let Some(rest) = trim(behind).strip_prefix(b"endstream") {
            let rest = trim(rest);
            let is_cut = rest.len() < b"endobj".len() && b"endobj".starts_with(rest);
            return Ok(!is_cut);
        }
        // The length is wrong, and readers look for the word, from the start or from here: none of them goes further than
        // to the first one behind both.
        let found = behind.windows(LONGEST_WORD).position(|window| window == b"endstream");
        self.budget().take_octets(found.unwrap_or(behind.len()));
        Ok(found.is_some())
    }

    fn length(&self, reference: Reference) -> Result<Option<i64>, PdfError> {
        match self.resolve(&Object::Reference(reference)) {
            Ok(length) => Ok(length.as_integer()),
            Err(error @ PdfError::TooMany(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

fn trim(octets: &[u8]) -> &[u8] {
    octets.get(octets.iter().take_while(|octet| is_space(**octet)).count()..).unwrap_or_default()
}
