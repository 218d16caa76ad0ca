//! Reading objects (ISO 32000-1, 7.2 and 7.3) out of octets from strangers.

use super::budget::{Budget, MAX_ELEMENTS_OF_ONE};
use super::object::{Dictionary, Object, Reference};
use crate::pades::PdfError;

/// How deep arrays and dictionaries stand within each other.
const MAX_DEPTH: usize = 64;

/// White space (ISO 32000-1, table 1).
pub(in super::super) const fn is_space(octet: u8) -> bool {
    matches!(octet, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_delimiter(octet: u8) -> bool {
    matches!(octet, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

const fn is_regular(octet: u8) -> bool {
    !is_space(octet) && !is_delimiter(octet)
}

/// A place in octets that objects are read from.
#[derive(Clone)]
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    budget: &'a Budget,
    /// What must be left of the budget, so that no single object takes all of it.
    floor: u64,
}

impl<'a> Parser<'a> {
    pub(super) const fn new(bytes: &'a [u8], at: usize, budget: &'a Budget) -> Self {
        Self { bytes, at, budget, floor: 0 }
    }

    pub(super) const fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn fail<T>(&self, what: &'static str) -> Result<T, PdfError> {
        Err(PdfError::syntax(self.at, what))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Over white space and comments.
    pub(super) fn skip_space(&mut self) {
        let from = self.at;
        self.skip_space_and_comments();
        self.budget.take_octets(self.at - from);
    }

    fn skip_space_and_comments(&mut self) {
        loop {
            let spaces = self.rest().iter().take_while(|octet| is_space(**octet)).count();
            self.at += spaces;
            if self.peek() != Some(b'%') {
                return;
            }
            self.at += self.rest().iter().take_while(|octet| !matches!(octet, b'\n' | b'\r')).count();
        }
    }

    /// Over these octets, if they come next.
    pub(super) fn skip(&mut self, octets: &[u8]) -> bool {
        let found = self.rest().starts_with(octets);
        if found {
            self.at += octets.len();
        }
        found
    }

    /// Over this word, if it comes next and ends there.
    pub(super) fn keyword(&mut self, word: &[u8]) -> bool {
        let ends = self.rest().get(word.len()).is_none_or(|next| !is_regular(*next));
        ends && self.skip(word)
    }

    /// A number without sign, after white space.
    pub(super) fn natural(&mut self) -> Result<u64, PdfError> {
        self.skip_space();
        let digits = self.rest().iter().take_while(|octet| octet.is_ascii_digit()).count();
        let value = self
            .rest()
            .get(..digits)
            .filter(|digits| (1..=19).contains(&digits.len()))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse().ok());
        let Some(value) = value else { return self.fail("there should be a number") };
        self.at += digits;
        if self.peek().is_some_and(is_regular) {
            return self.fail("there should be a number");
        }
        Ok(value)
    }

    /// `12 0`, of `12 0 obj` and `12 0 R`.
    pub(super) fn identifier(&mut self) -> Result<Reference, PdfError> {
        let start = self.at;
        let number = self.natural()?;
        let generation = self.natural()?;
        match (u32::try_from(number), u16::try_from(generation)) {
            (Ok(number), Ok(generation)) => Ok(Reference { number, generation }),
            _ => Err(PdfError::syntax(start, "an object number is too large")),
        }
    }

    /// The next object.
    pub(super) fn object(&mut self) -> Result<Object, PdfError> {
        self.floor = self.budget.elements().saturating_sub(MAX_ELEMENTS_OF_ONE);
        self.nested(0)
    }

    fn take_element(&self) -> Result<(), PdfError> {
        self.budget.take(1)?;
        if self.budget.elements() < self.floor { Err(PdfError::TooMany("parts")) } else { Ok(()) }
    }

    fn nested(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.skip_space();
        if depth > MAX_DEPTH {
            return self.fail("objects are nested too deep");
        }
        self.take_element()?;
        let from = self.at;
        let object = self.of_any_kind(depth);
        if matches!(object, Ok(Object::Name(_) | Object::String(_))) {
            self.budget.take_octets(self.at - from);
        }
        object
    }

    fn of_any_kind(&mut self, depth: usize) -> Result<Object, PdfError> {
        match self.peek() {
            Some(b'/') => self.name().map(Object::Name),
            Some(b'(') => self.literal_string().map(Object::String),
            Some(b'<') if self.rest().starts_with(b"<<") => self.dictionary(depth).map(Object::Dictionary),
            Some(b'<') => self.hexadecimal_string().map(Object::String),
            Some(b'[') => self.array(depth).map(Object::Array),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number(),
            _ if self.keyword(b"null") => Ok(Object::Null),
            _ if self.keyword(b"true") => Ok(Object::Boolean(true)),
            _ if self.keyword(b"false") => Ok(Object::Boolean(false)),
            Some(_) => self.fail("this is no object"),
            None => self.fail("the file ends within an object"),
        }
    }

    fn number(&mut self) -> Result<Object, PdfError> {
        if let Some(reference) = self.reference() {
            return Ok(Object::Reference(reference));
        }
        let length = self.rest().iter().take_while(|octet| is_regular(**octet)).count();
        let text = self.rest().get(..length).unwrap_or_default();
        let digits = match text {
            [b'+' | b'-', digits @ ..] => digits,
            digits => digits,
        };
        let points = digits.iter().filter(|octet| **octet == b'.').count();
        let plain = digits.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.');
        if !plain || points > 1 || digits.len() == points || length > 64 {
            return self.fail("there should be a number");
        }
        self.at += length;
        let integer =
            if points == 0 { std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()) } else { None };
        Ok(integer.map_or_else(|| Object::Real(text.to_vec()), Object::Integer))
    }

    /// `12 0 R`, if that comes next.
    fn reference(&mut self) -> Option<Reference> {
        let mut ahead = self.clone();
        let reference = ahead.identifier().ok()?;
        ahead.skip_space();
        if !ahead.keyword(b"R") {
            return None;
        }
        self.at = ahead.at;
        Some(reference)
    }

    fn name(&mut self) -> Result<Vec<u8>, PdfError> {
        self.at += 1;
        let length = self.rest().iter().take_while(|octet| is_regular(**octet)).count();
        let text = self.rest().get(..length).unwrap_or_default();
        let mut name = Vec::with_capacity(length);
        let mut octets = text.iter();
        while let Some(octet) = octets.next() {
            // An # without two digits after it was allowed before PDF 1.2, and stands for itself.
            match (octet, octets.as_slice()) {
                (b'#', [high, low, rest @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    name.push(digit(*high) << 4 | digit(*low));
                    octets = rest.iter();
                }
                _ => name.push(*octet),
            }
        }
        self.at += length;
        Ok(name)
    }

    fn literal_string(&mut self) -> Result<Vec<u8>, PdfError> {
        let start = self.at;
        self.at += 1;
        let mut string = Vec::new();
        let mut open = 1_usize;
        while let Some(octet) = self.peek() {
            self.at += 1;
            match octet {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(string);
                    }
                }
                b'\\' => {
                    string.extend(self.escaped());
                    continue;
                }
                // Any end of line within a string is one line feed.
                b'\r' => {
                    self.skip(b"\n");
                    string.push(b'\n');
                    continue;
                }
                _ => {}
            }
            string.push(octet);
        }
        Err(PdfError::syntax(start, "a string does not end"))
    }

    /// What stands for the octets after a backslash.
    fn escaped(&mut self) -> Option<u8> {
        let octet = self.peek()?;
        self.at += 1;
        match octet {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                self.skip(b"\n");
                None
            }
            b'0'..=b'7' => {
                let mut value = u32::from(octet - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else { break };
                    value = value << 3 | u32::from(next - b'0');
                    self.at += 1;
                }
                // High-order overflow is ignored (7.3.4.2).
                Some((value & 0xff) as u8)
            }
            other => Some(other),
        }
    }

    fn hexadecimal_string(&mut self) -> Result<Vec<u8>, PdfError> {
        let start = self.at;
        self.at += 1;
        let mut string = Vec::new();
        let mut half = None;
        while let Some(octet) = self.peek() {
            self.at += 1;
            match (octet, half) {
                (b'>', _) => {
                    // An odd last digit has a zero behind it.
                    string.extend(half.map(|high: u8| high << 4));
                    return Ok(string);
                }
                (space, _) if is_space(space) => {}
                (octet, _) if !octet.is_ascii_hexdigit() => {
                    return Err(PdfError::syntax(self.at - 1, "this is no hexadecimal digit"));
                }
                (octet, None) => half = Some(digit(octet)),
                (octet, Some(high)) => {
                    string.push(high << 4 | digit(octet));
                    half = None;
                }
            }
        }
        Err(PdfError::syntax(start, "a string does not end"))
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Object>, PdfError> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_space();
            if self.skip(b"]") {
                return Ok(elements);
            }
            elements.push(self.nested(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Dictionary, PdfError> {
        let start = self.at;
        self.at += 2;
        let mut dictionary = Dictionary::new();
        loop {
            self.skip_space();
            if self.skip(b">>") {
                break;
            }
            if self.peek() != Some(b'/') {
                return self.fail("there should be a name");
            }
            self.take_element()?;
            let key = self.name()?;
            self.budget.take_octets(key.len());
            self.skip_space();
            let from = self.at;
            let value = self.nested(depth + 1)?;
            dictionary.push(key, value, from..self.at);
        }
        if dictionary.has_repeated_key() {
            return Err(PdfError::syntax(start, "a key stands twice in a dictionary"));
        }
        Ok(dictionary)
    }
}

const fn digit(hexadecimal: u8) -> u8 {
    match hexadecimal {
        b'0'..=b'9' => hexadecimal - b'0',
        b'a'..=b'f' => hexadecimal - b'a' + 10,
        b'A'..=b'F' => hexadecimal - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &[u8]) -> Result<Object, PdfError> {
        let budget = Budget::new();
        Parser::new(text, 0, &budget).object()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "<</A 1/B[1 -2 3.50 true false null 12 0 R]/C(a\\(b\\)\\\\)/D<00ff>/E/N#20a>>",
            "[]",
            "<<>>",
            "()",
            "/",
            "-.5",
            "99999999999999999999",
        ] {
            let object = parsed(text.as_bytes()).unwrap();
            let mut out = Vec::new();
            object.write(&mut out);
            assert_eq!(parsed(&out).unwrap(), object, "{text}");
        }
    }

    #[test]
    fn strings_mean_what_the_standard_says() {
        for (text, expected) in [
            (&b"(a\\nb\\053\\5x\\\r\nc\r\nd)"[..], &b"a\nb+\x05xc\nd"[..]),
            (b"(((x)y))", b"((x)y)"),
            (b"<4 1\n42 5>", b"ABP"),
            (b"(\\q)", b"q"),
        ] {
            assert_eq!(parsed(text).unwrap(), Object::String(expected.to_vec()));
        }
    }

    #[test]
    fn what_is_no_object_is_told_with_its_place() {
        for (text, offset) in [
            (&b"(abc"[..], 0),
            (b"<</A 1/A 2>>", 0),
            (b"<</A>>", 4),
            (b"<4x>", 2),
            (b"[1 2", 4),
            (b"  1.2.3", 2),
            (b"1-2", 0),
            (b"<</A 1", 6),
            (b"", 0),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(matches!(error, PdfError::Syntax { offset: found, .. } if found == offset), "{text:?}: {error:?}");
        }
    }

    #[test]
    fn depth_and_work_are_bounded() {
        assert!(parsed(&b"[".repeat(1_000_000)).is_err());
        assert!(parsed(&b"<</A".repeat(1_000_000)).is_err());
        let mut wide = b"[".to_vec();
        wide.extend(b"0 ".repeat(MAX_ELEMENTS_OF_ONE as usize + 1));
        assert_eq!(parsed(&wide), Err(PdfError::TooMany("parts")));
    }
}
