//! Octets of BER that go by: headers one after the other, without holding what they head.

use std::io::{self, Read};

use pki::ber::{BerError, BerErrorKind};
use pki::cms::CmsError;
use pki::tlv::{self, DerError, DerErrorKind};

use super::StreamError;

const PIECE: usize = 64 << 10;
/// Identifier octet, first length octet, eight more.
const LONGEST_HEADER: usize = 10;
/// Levels of indefinite length, or of pieces inside of pieces.
const DEEPEST: usize = 32;

const CONSTRUCTED_OCTETS: u8 = tlv::OCTET_STRING | 0x20;

/// The header of an element.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) tag: u8,
    /// Where the element begins.
    offset: u64,
    /// `None`: indefinite.
    len: Option<u64>,
    written: [u8; LONGEST_HEADER],
    written_len: usize,
}

impl Head {
    fn written(&self) -> &[u8] {
        self.written.get(..self.written_len).unwrap_or_default()
    }

    /// Octets of content, where that is said.
    pub(super) const fn content_len(&self) -> Option<u64> {
        self.len
    }

    /// This header, if it has that tag.
    pub(super) fn expect(self, tag: u8) -> Result<Self, StreamError> {
        if self.tag == tag {
            Ok(self)
        } else {
            Err(der(self.offset, DerErrorKind::Tag { expected: tag, found: self.tag }))
        }
    }
}

/// The inside of a constructed element.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Where the content ends, when its length was definite.
    end: Option<u64>,
    /// Nothing inside may reach beyond this.
    limit: u64,
}

impl Extent {
    /// Whatever comes.
    pub(super) const ALL: Self = Self { end: None, limit: u64::MAX };

    /// Where the content ends, when its length was definite.
    pub(super) const fn end(&self) -> Option<u64> {
        self.end
    }
}

/// Reads a document from its beginning to its end.
pub(super) struct Octets<'r> {
    source: &'r mut dyn Read,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    position: u64,
}

impl<'r> Octets<'r> {
    pub(super) fn new(source: &'r mut dyn Read) -> Self {
        Self { source, buffer: vec![0; PIECE], start: 0, end: 0, position: 0 }
    }

    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// At least `count` octets in the buffer, or all that are left.
    fn fill(&mut self, count: usize) -> Result<(), StreamError> {
        if self.end - self.start >= count {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        while self.end < count {
            match self.source.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(more) => self.end += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(StreamError::from_read(error)),
            }
        }
        Ok(())
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
        self.position += count as u64;
    }

    /// Nothing is left.
    pub(super) fn finish(&mut self) -> Result<(), StreamError> {
        self.fill(1)?;
        if self.buffered().is_empty() { Ok(()) } else { Err(ber(self.position, BerErrorKind::Trailing)) }
    }

    /// The next header.
    pub(super) fn head(&mut self, inside: Extent) -> Result<Head, StreamError> {
        self.fill(LONGEST_HEADER)?;
        let offset = self.position;
        let fail = |kind| ber(offset, kind);
        let (tag, first, rest) = match self.buffered() {
            [tag, ..] if tag & 0x1f == 0x1f => return Err(fail(BerErrorKind::HighTag)),
            [0, ..] => return Err(fail(BerErrorKind::StrayEnd)),
            [tag, first, rest @ ..] => (*tag, *first, rest),
            _ => return Err(fail(BerErrorKind::Truncated)),
        };
        let (written_len, len) = match first {
            0x00..=0x7f => (2, Some(u64::from(first))),
            0x80 if tag & 0x20 == 0 => return Err(fail(BerErrorKind::IndefinitePrimitive)),
            0x80 => (2, None),
            0x81..=0x88 => {
                let count = usize::from(first & 0x7f);
                let digits = rest.get(..count).ok_or(fail(BerErrorKind::Truncated))?;
                (2 + count, Some(digits.iter().fold(0_u64, |length, digit| length << 8 | u64::from(*digit))))
            }
            _ => return Err(fail(BerErrorKind::Length)),
        };
        let end = (offset + written_len as u64).checked_add(len.unwrap_or(0)).ok_or(fail(BerErrorKind::Length))?;
        if end > inside.limit {
            return Err(fail(BerErrorKind::Overrun));
        }
        let mut written = [0; LONGEST_HEADER];
        for (to, from) in written.iter_mut().zip(self.buffered().iter().take(written_len)) {
            *to = *from;
        }
        self.consume(written_len);
        Ok(Head { tag, offset, len, written, written_len })
    }

    /// The next header, which must have that tag, and what is inside of it.
    pub(super) fn open(&mut self, inside: Extent, tag: u8) -> Result<Extent, StreamError> {
        let head = self.head(inside)?.expect(tag)?;
        Ok(self.extent(inside, head))
    }

    fn extent(&self, inside: Extent, head: Head) -> Extent {
        let end = head.len.map(|len| self.position.saturating_add(len));
        Extent { end, limit: end.unwrap_or(inside.limit) }
    }

    /// Nothing is left inside.
    pub(super) fn is_at_end(&mut self, extent: Extent) -> Result<bool, StreamError> {
        match extent.end {
            Some(end) => Ok(self.position == end),
            None => {
                self.fill(2)?;
                Ok(self.buffered().starts_with(&[0, 0]))
            }
        }
    }

    /// Goes on behind an element, of which nothing may be left.
    pub(super) fn close(&mut self, extent: Extent) -> Result<(), StreamError> {
        if !self.is_at_end(extent)? {
            return Err(der(self.position, DerErrorKind::Trailing));
        }
        if extent.end.is_none() {
            self.consume(2);
        }
        Ok(())
    }

    /// Hands out the next `len` octets.
    fn take(&mut self, len: u64, mut take: impl FnMut(&[u8]) -> Result<(), StreamError>) -> Result<(), StreamError> {
        let mut left = len;
        while left > 0 {
            self.fill(1)?;
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(self.end - self.start);
            if count == 0 {
                return Err(ber(self.position, BerErrorKind::Truncated));
            }
            take(self.buffered().get(..count).unwrap_or_default())?;
            self.consume(count);
            left -= count as u64;
        }
        Ok(())
    }

    /// Appends the next element, as it is, to `out`, which may not grow above `most`.
    pub(super) fn copy_element(&mut self, inside: Extent, out: &mut Vec<u8>, most: usize) -> Result<(), StreamError> {
        let mut open = 0;
        loop {
            if open > 0 && self.is_at_end(Extent { end: None, limit: inside.limit })? {
                self.consume(2);
                out.extend_from_slice(&[0, 0]);
                open -= 1;
            } else {
                let head = self.head(inside)?;
                let room = most.saturating_sub(out.len()) as u64;
                if head.len.unwrap_or(0).saturating_add(head.written_len as u64) > room {
                    return Err(StreamError::AroundTooLarge);
                }
                out.extend_from_slice(head.written());
                match head.len {
                    Some(len) => self.take(len, |piece| {
                        out.extend_from_slice(piece);
                        Ok(())
                    })?,
                    None if open >= DEEPEST => return Err(ber(head.offset, BerErrorKind::TooDeep(DEEPEST))),
                    None => open += 1,
                }
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// Hands out the content of the OCTET STRING with that header, its pieces joined.
    pub(super) fn octet_string(
        &mut self,
        inside: Extent,
        head: Head,
        mut take: impl FnMut(&[u8]) -> Result<(), StreamError>,
    ) -> Result<(), StreamError> {
        let mut open: Vec<Extent> = Vec::new();
        let mut next = Some(head);
        loop {
            let around = open.last().copied().unwrap_or(inside);
            match next.take() {
                Some(Head { tag: tlv::OCTET_STRING, len: Some(len), .. }) => self.take(len, &mut take)?,
                Some(head) if head.tag == CONSTRUCTED_OCTETS => {
                    if open.len() >= DEEPEST {
                        return Err(ber(head.offset, BerErrorKind::TooDeep(DEEPEST)));
                    }
                    open.push(self.extent(around, head));
                }
                Some(head) if open.is_empty() => {
                    head.expect(tlv::OCTET_STRING)?;
                }
                Some(head) => return Err(ber(head.offset, BerErrorKind::Piece(head.tag))),
                None => {}
            }
            let Some(around) = open.last().copied() else { return Ok(()) };
            if self.is_at_end(around)? {
                self.close(around)?;
                open.pop();
            } else {
                next = Some(self.head(around)?);
            }
        }
    }
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn ber(offset: u64, kind: BerErrorKind) -> StreamError {
    StreamError::Ber(BerError { offset: place(offset), kind })
}

pub(super) fn der(offset: u64, kind: DerErrorKind) -> StreamError {
    StreamError::Cms(CmsError::Der(DerError { offset: place(offset), kind }))
}
