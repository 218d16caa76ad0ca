//! Walking and writing DER without losing the bytes.
//!
//! A signature covers bytes, not values, so everything that is verified is verified over slices of what arrived.
//! This reader hands those slices out with their offset; it never recurses and never allocates. It takes DER lengths
//! only (definite, shortest form) and low tag numbers, which is all that X.509, CMS and PKCS#12 use; BER goes through
//! [`crate::ber::to_der`] first.

use const_oid::ObjectIdentifier;

/// Universal tags, with the constructed bit where DER has it.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// IA5String.
pub const IA5_STRING: u8 = 0x16;
/// UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// BMPString.
pub const BMP_STRING: u8 = 0x1e;
/// SEQUENCE (OF).
pub const SEQUENCE: u8 = 0x30;
/// SET (OF).
pub const SET: u8 = 0x31;

/// A context-specific constructed tag: `[number]` EXPLICIT, or IMPLICIT over a constructed type. `number` below 31.
pub const fn context(number: u8) -> u8 {
    0xa0 | (number & 0x1f)
}

/// A context-specific primitive tag: `[number]` IMPLICIT over a primitive type. `number` below 31.
pub const fn context_primitive(number: u8) -> u8 {
    0x80 | (number & 0x1f)
}

/// What is wrong with the bytes, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {kind}")]
pub struct DerError {
    /// From the start of the document that was given in.
    pub offset: usize,
    /// What is wrong.
    pub kind: DerErrorKind,
}

/// The ways in which bytes fail to be the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerErrorKind {
    /// The bytes end inside an element.
    #[error("the data ends in the middle of an element")]
    Truncated,
    /// An indefinite length, or one that is not in its shortest form.
    #[error("the length is not in DER form")]
    Length,
    /// A tag number of 31 or above.
    #[error("tag numbers above 30 are not used here")]
    HighTag,
    /// Something else was due at this place.
    #[error("expected tag {expected:#04x}, found {found:#04x}")]
    Tag {
        /// The tag that was due.
        expected: u8,
        /// The tag that is there.
        found: u8,
    },
    /// An element that should be there is not.
    #[error("expected tag {expected:#04x}, found the end")]
    Missing {
        /// The tag that was due.
        expected: u8,
    },
    /// More bytes than the structure has.
    #[error("unexpected bytes after the last element")]
    Trailing,
    /// The element's content is not what its type allows.
    #[error("not a valid {0}")]
    Value(&'static str),
}

/// One element, borrowed from the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    tag: u8,
    raw: &'a [u8],
    value: &'a [u8],
    offset: usize,
}

impl<'a> Tlv<'a> {
    /// The identifier octet.
    pub const fn tag(&self) -> u8 {
        self.tag
    }

    /// Header and content, exactly as they arrived.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The content octets.
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Where the element starts in the document.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Where the content starts in the document.
    pub const fn value_offset(&self) -> usize {
        self.offset + (self.raw.len() - self.value.len())
    }

    /// A reader over the content, for constructed elements.
    pub const fn children(&self) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_offset() }
    }

    /// An error about this element's content.
    pub const fn wrong(&self, what: &'static str) -> DerError {
        DerError { offset: self.offset, kind: DerErrorKind::Value(what) }
    }

    /// This element, if it has that tag.
    pub const fn expect(self, tag: u8) -> Result<Self, DerError> {
        if self.tag == tag {
            Ok(self)
        } else {
            Err(DerError { offset: self.offset, kind: DerErrorKind::Tag { expected: tag, found: self.tag } })
        }
    }

    /// OBJECT IDENTIFIER; one whose encoding is longer than 39 octets is refused.
    pub fn oid(self) -> Result<ObjectIdentifier, DerError> {
        ObjectIdentifier::from_bytes(self.expect(OID)?.value).map_err(|_| self.wrong("OBJECT IDENTIFIER"))
    }

    /// INTEGER: its content octets, two's complement, big-endian, shortest form.
    pub fn integer(self) -> Result<&'a [u8], DerError> {
        match self.expect(INTEGER)?.value {
            [] => Err(self.wrong("INTEGER")),
            [0x00, next, ..] if next & 0x80 == 0 => Err(self.wrong("INTEGER")),
            [0xff, next, ..] if next & 0x80 != 0 => Err(self.wrong("INTEGER")),
            value => Ok(value),
        }
    }

    /// A non-negative INTEGER that fits 32 bits.
    pub fn small_integer(self) -> Result<u32, DerError> {
        let value = self.integer()?;
        let (negative, digits) = match value {
            [0, rest @ ..] => (false, rest),
            [first, ..] => (first & 0x80 != 0, value),
            [] => (true, value),
        };
        if negative || digits.len() > 4 {
            return Err(self.wrong("small INTEGER"));
        }
        Ok(digits.iter().fold(0, |number, digit| number << 8 | u32::from(*digit)))
    }

    /// BOOLEAN, DER form: FF or 00.
    pub fn boolean(self) -> Result<bool, DerError> {
        match self.expect(BOOLEAN)?.value {
            [0xff] => Ok(true),
            [0x00] => Ok(false),
            _ => Err(self.wrong("BOOLEAN")),
        }
    }

    /// OCTET STRING content.
    pub fn octets(self) -> Result<&'a [u8], DerError> {
        Ok(self.expect(OCTET_STRING)?.value)
    }

    /// BIT STRING content whose bits fill whole octets: keys and signatures.
    pub fn whole_bits(self) -> Result<&'a [u8], DerError> {
        match self.expect(BIT_STRING)?.value {
            [0, bits @ ..] => Ok(bits),
            _ => Err(self.wrong("BIT STRING of whole octets")),
        }
    }
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Over a whole document.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0 }
    }

    /// Over bytes that stand at `offset` of a bigger document.
    pub const fn at(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes, offset }
    }

    /// Nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Where the next element starts.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The tag of the next element.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub fn read(&mut self) -> Result<Tlv<'a>, DerError> {
        let fail = |kind| DerError { offset: self.offset, kind };
        let (header, length) = header(self.rest).map_err(fail)?;
        let tag = self.rest.first().copied().ok_or(fail(DerErrorKind::Truncated))?;
        let end = header.checked_add(length).ok_or(fail(DerErrorKind::Truncated))?;
        let (raw, rest) = self.rest.split_at_checked(end).ok_or(fail(DerErrorKind::Truncated))?;
        let value = raw.get(header..).ok_or(fail(DerErrorKind::Truncated))?;
        let tlv = Tlv { tag, raw, value, offset: self.offset };
        self.rest = rest;
        self.offset += end;
        Ok(tlv)
    }

    /// The next element, which must have that tag.
    pub fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, DerError> {
        if self.is_empty() {
            return Err(DerError { offset: self.offset, kind: DerErrorKind::Missing { expected: tag } });
        }
        self.read()?.expect(tag)
    }

    /// The next element if it has that tag; nothing is consumed otherwise.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerError> {
        if self.peek() == Some(tag) { self.read().map(Some) } else { Ok(None) }
    }

    /// Nothing may be left.
    pub const fn finish(&self) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerError { offset: self.offset, kind: DerErrorKind::Trailing }) }
    }
}

/// The one element that a document consists of.
pub fn whole<'a>(document: &'a [u8], tag: u8) -> Result<Tlv<'a>, DerError> {
    let mut reader = Reader::new(document);
    let tlv = reader.expect(tag)?;
    reader.finish()?;
    Ok(tlv)
}

/// Header length and content length of the element at the start of `bytes`.
fn header(bytes: &[u8]) -> Result<(usize, usize), DerErrorKind> {
    let (tag, first, rest) = match bytes {
        [tag, first, rest @ ..] => (*tag, *first, rest),
        [tag] if tag & 0x1f == 0x1f => return Err(DerErrorKind::HighTag),
        _ => return Err(DerErrorKind::Truncated),
    };
    if tag & 0x1f == 0x1f {
        return Err(DerErrorKind::HighTag);
    }
    if first < 0x80 {
        return Ok((2, usize::from(first)));
    }
    // 0x80 is the indefinite form; more than four length octets would be over 4 GiB.
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err(DerErrorKind::Length);
    }
    let digits = rest.get(..count).ok_or(DerErrorKind::Truncated)?;
    let length = digits.iter().fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
    if digits.first() == Some(&0) || length < 0x80 {
        return Err(DerErrorKind::Length);
    }
    Ok((2 + count, usize::try_from(length).map_err(|_| DerErrorKind::Length)?))
}

/// Writes the header of an element whose content has `length` octets.
pub fn write_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
        return;
    }
    let digits = length.to_be_bytes();
    let significant = digits.iter().skip_while(|digit| **digit == 0);
    out.push(0x80 | (digits.len() - length.leading_zeros() as usize / 8) as u8);
    out.extend(significant);
}

/// How many octets [`write_header`] writes for a content of `length` octets.
pub const fn header_len(length: usize) -> usize {
    if length < 0x80 { 2 } else { 2 + (usize::BITS as usize - length.leading_zeros() as usize).div_ceil(8) }
}

/// An element whose content is the concatenation of `parts`.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(header_len(length) + length);
    write_header(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// A SET OF: the elements in ascending order of their encodings (X.690 §11.6).
pub fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    element(SET, &elements.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// OBJECT IDENTIFIER.
pub fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    element(OID, &[oid.as_bytes()])
}

/// AlgorithmIdentifier with NULL parameters, as the NCA writes them for hashes and signatures (kz-crypto 6.1).
pub fn algorithm_null(algorithm: &ObjectIdentifier) -> Vec<u8> {
    element(SEQUENCE, &[&oid(algorithm), &[NULL, 0]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_error_says_at_which_byte() {
        let inner = element(SEQUENCE, &[&element(OCTET_STRING, &[b"abc"]), &[0x02, 0x05, 0x00]]);
        let mut children = whole(&inner, SEQUENCE).unwrap().children();
        children.expect(OCTET_STRING).unwrap();
        assert_eq!(children.expect(INTEGER).unwrap_err(), DerError { offset: 7, kind: DerErrorKind::Truncated });
    }

    #[test]
    fn lengths_that_are_not_der_are_refused() {
        for bytes in
            [&b"\x30\x80\x00\x00"[..], b"\x04\x81\x05abcde", b"\x04\x82\x00\x80", b"\x04\x85\x00\x00\x00\x00\x01"]
        {
            assert_eq!(Reader::new(bytes).read().unwrap_err().kind, DerErrorKind::Length, "{bytes:02x?}");
        }
        assert_eq!(Reader::new(b"\x1f\x21\x00").read().unwrap_err().kind, DerErrorKind::HighTag);
        assert_eq!(Reader::new(b"\x04\x84\xff\xff\xff\xff").read().unwrap_err().kind, DerErrorKind::Truncated);
    }

    #[test]
    fn an_integer_has_one_encoding() {
        let integer = |bytes: &[u8]| whole(&element(INTEGER, &[bytes]), INTEGER).unwrap().small_integer().ok();
        assert_eq!(integer(&[0]), Some(0));
        assert_eq!(integer(&[0, 0x80]), Some(128));
        assert_eq!(integer(&[0, 0xff, 0xff, 0xff, 0xff]), Some(u32::MAX));
        for refused in [&[][..], &[0, 1], &[0x80], &[0xff, 0x80], &[1, 0, 0, 0, 0]] {
            assert_eq!(integer(refused), None, "{refused:02x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            let mut consumed = 0;
            while let Ok(tlv) = reader.read() {
                prop_assert_eq!(tlv.offset(), consumed);
                consumed += tlv.raw().len();
                let _ = (tlv.oid(), tlv.integer(), tlv.small_integer(), tlv.boolean(), tlv.whole_bits());
            }
            prop_assert!(consumed <= bytes.len());
        }

        #[test]
        fn what_is_written_reads_back(tag in 0_u8..0x1f, length in prop_oneof![0..300_usize, 65_530..65_540_usize]) {
            let content = vec![7; length];
            let written = element(tag, &[&content]);
            prop_assert_eq!(written.len(), header_len(length) + length);
            let tlv = whole(&written, tag).unwrap();
            prop_assert_eq!(tlv.value(), &content[..]);
            prop_assert_eq!(tlv.value_offset(), header_len(length));
        }
    }
}
