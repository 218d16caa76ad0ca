//! A document whose characters and declaration have been looked at.

use std::ops::Range;

use super::chars::is_char;
use super::token::Tokenizer;
use super::{Fault, MAX_LEN, XmlError, XmlErrorKind};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// An XML document: UTF-8 throughout, of characters that XML has. Whether it is well-formed shows when it is walked over.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    text: &'a str,
    declaration: Option<Range<usize>>,
    body: usize,
}

impl<'a> Document<'a> {
    /// Takes the octets of a document. A byte order mark may stand at the beginning.
    pub fn new(bytes: &'a [u8]) -> Result<Self, XmlError> {
        let error = |kind, offset| XmlError::at(bytes, Fault { kind, offset });
        if bytes.len() > MAX_LEN {
            return Err(error(XmlErrorKind::TooLarge(bytes.len()), 0));
        }
        if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] = bytes {
            return Err(error(XmlErrorKind::Encoding, 0));
        }
        let text = std::str::from_utf8(bytes).map_err(|utf8| {
            // A declaration of another encoding is the better explanation.
            let before = std::str::from_utf8(bytes.get(..utf8.valid_up_to()).unwrap_or_default()).unwrap_or_default();
            match declaration(before) {
                Err(Fault { kind: XmlErrorKind::Encoding, offset }) => error(XmlErrorKind::Encoding, offset),
                _ => error(XmlErrorKind::NotUtf8, utf8.valid_up_to()),
            }
        })?;
        let (declaration, body) = declaration(text).map_err(|Fault { kind, offset }| error(kind, offset))?;
        if let Some(offset) = forbidden(text) {
            return Err(error(XmlErrorKind::Character, offset));
        }
        Ok(Self { text, declaration, body })
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Where the XML declaration stands.
    pub fn declaration(&self) -> Option<Range<usize>> {
        self.declaration.clone()
    }

    /// Where what follows byte order mark and declaration begins.
    pub fn body(&self) -> usize {
        self.body
    }

    pub(crate) fn error(&self, fault: Fault) -> XmlError {
        XmlError::at(self.text.as_bytes(), fault)
    }
}

/// The first character that XML does not have. UTF-8 has no surrogates, so these are the controls, U+FFFE and U+FFFF.
fn forbidden(text: &str) -> Option<usize> {
    let suspicious = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0xEF;
    let mut from = 0;
    while let Some(place) = text.as_bytes().get(from..)?.iter().position(suspicious) {
        let c = text.get(from + place..)?.chars().next()?;
        if !is_char(c) {
            return Some(from + place);
        }
        from += place + c.len_utf8();
    }
    None
}

/// Place of the declaration, and the place behind it and behind the byte order mark.
fn declaration(text: &str) -> Result<(Option<Range<usize>>, usize), Fault> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut tokens = Tokenizer::new(text, start);
    let rest = text.get(start..).unwrap_or_default();
    if !rest.strip_prefix("<?xml").is_some_and(|after| after.starts_with([' ', '\t', '\r', '\n'])) {
        return Ok((None, start));
    }
    tokens.skip("<?xml");
    let fault = |kind, offset| Err(Fault { kind, offset });
    let (version, offset) = tokens.pseudo_attribute("version")?.ok_or(tokens.expected("version"))?;
    if version != "1.0" {
        return fault(XmlErrorKind::Version, offset);
    }
    if let Some((encoding, offset)) = tokens.pseudo_attribute("encoding")?
        && !encoding.eq_ignore_ascii_case("utf-8")
    {
        return fault(XmlErrorKind::Encoding, offset);
    }
    if let Some((standalone, offset)) = tokens.pseudo_attribute("standalone")?
        && !["yes", "no"].contains(&standalone)
    {
        return fault(XmlErrorKind::Expected("\"yes\" or \"no\""), offset);
    }
    tokens.skip_space();
    if !tokens.skip("?>") {
        return Err(tokens.expected("?>"));
    }
    Ok((Some(start..tokens.position()), tokens.position()))
}
