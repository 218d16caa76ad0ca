//! The pieces of markup, each well-formed in itself.

use super::chars::{is_name_char, is_name_start, is_space, reference};
use super::{Fault, MAX_ATTRIBUTES, XmlErrorKind};

/// A name with an optional prefix (Namespaces in XML §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QName<'a> {
    /// As written.
    pub(super) whole: &'a str,
    /// Empty where there is none.
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
}

/// An attribute or a namespace declaration as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawAttribute<'a> {
    pub(super) name: QName<'a>,
    /// Between the quotes.
    pub(super) value: &'a str,
    pub(super) offset: usize,
}

/// A piece of markup.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    Start { name: QName<'a>, empty: bool },
    End { name: &'a str },
    Text(&'a str),
    Cdata(&'a str),
    Comment(&'a str),
    Instruction { target: &'a str, data: &'a str },
}

pub(super) struct Tokenizer<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn new(text: &'a str, position: usize) -> Self {
        Self { text, position }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn fault(&self, kind: XmlErrorKind) -> Fault {
        let kind = if self.position >= self.text.len() { XmlErrorKind::End } else { kind };
        Fault { kind, offset: self.position }
    }

    pub(super) fn expected(&self, what: &'static str) -> Fault {
        self.fault(XmlErrorKind::Expected(what))
    }

    pub(super) fn skip(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.position += what.len();
        }
        found
    }

    /// Whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let start = self.position;
        while self.peek().is_some_and(is_space) {
            self.position += 1;
        }
        self.position > start
    }

    /// Moves behind the next `mark` and returns what stands before it.
    fn until(&mut self, mark: &'static str) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let Some(length) = rest.find(mark) else {
            self.position = self.text.len();
            return Err(self.fault(XmlErrorKind::End));
        };
        self.position += length + mark.len();
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// The next piece; `attributes` receives those of a start tag.
    pub(super) fn next(&mut self, attributes: &mut Vec<RawAttribute<'a>>) -> Result<Option<Token<'a>>, Fault> {
        let Some(first) = self.peek() else { return Ok(None) };
        if first != b'<' {
            return self.characters().map(Some);
        }
        match self.text.as_bytes().get(self.position + 1) {
            Some(b'/') => self.end_tag(),
            Some(b'?') => self.instruction(),
            Some(b'!') => self.declaration(),
            _ => self.start_tag(attributes),
        }
        .map(Some)
    }

    fn characters(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.position;
        loop {
            let rest = self.rest();
            let Some(place) = rest.as_bytes().iter().position(|byte| matches!(byte, b'<' | b'&' | b']')) else {
                self.position = self.text.len();
                break;
            };
            self.position += place;
            match self.peek() {
                Some(b'&') => self.reference()?,
                Some(b']') if self.rest().starts_with("]]>") => return Err(self.expected("no ]]> in text")),
                Some(b']') => self.position += 1,
                _ => break,
            }
        }
        Ok(Token::Text(self.text.get(start..self.position).unwrap_or_default()))
    }

    fn reference(&mut self) -> Result<(), Fault> {
        let after = self.text.get(self.position + 1..).unwrap_or_default();
        match reference(after) {
            Ok((_, length)) => {
                self.position += 1 + length;
                Ok(())
            }
            Err(kind) => Err(Fault { kind, offset: self.position }),
        }
    }

    fn declaration(&mut self) -> Result<Token<'a>, Fault> {
        if self.skip("<!--") {
            let comment = self.until("--")?;
            return if self.skip(">") { Ok(Token::Comment(comment)) } else { Err(self.expected("no -- in a comment")) };
        }
        if self.skip("<![CDATA[") {
            return self.until("]]>").map(Token::Cdata);
        }
        let doctype = self.rest().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE"));
        Err(self.fault(if doctype { XmlErrorKind::Doctype } else { XmlErrorKind::Expected("markup") }))
    }

    fn instruction(&mut self) -> Result<Token<'a>, Fault> {
        self.position += 2;
        let offset = self.position;
        let target = self.ncname()?;
        if target.eq_ignore_ascii_case("xml") {
            return Err(Fault { kind: XmlErrorKind::Expected("another target than xml"), offset });
        }
        if self.skip("?>") {
            return Ok(Token::Instruction { target, data: "" });
        }
        if !self.skip_space() {
            return Err(self.expected("white space"));
        }
        Ok(Token::Instruction { target, data: self.until("?>")? })
    }

    fn end_tag(&mut self) -> Result<Token<'a>, Fault> {
        self.position += 2;
        let name = self.qname()?.whole;
        self.skip_space();
        if self.skip(">") { Ok(Token::End { name }) } else { Err(self.expected(">")) }
    }

    fn start_tag(&mut self, attributes: &mut Vec<RawAttribute<'a>>) -> Result<Token<'a>, Fault> {
        attributes.clear();
        self.position += 1;
        let name = self.qname()?;
        loop {
            let space = self.skip_space();
            match self.peek() {
                Some(b'>') => {
                    self.position += 1;
                    return Ok(Token::Start { name, empty: false });
                }
                Some(b'/') => {
                    return if self.skip("/>") {
                        Ok(Token::Start { name, empty: true })
                    } else {
                        Err(self.expected("/>"))
                    };
                }
                _ if !space => return Err(self.expected("white space, > or />")),
                _ if attributes.len() == MAX_ATTRIBUTES => return Err(self.fault(XmlErrorKind::TooManyAttributes)),
                _ => {
                    let offset = self.position;
                    let name = self.qname()?;
                    let value = self.value()?;
                    attributes.push(RawAttribute { name, value, offset });
                }
            }
        }
    }

    /// `="…"` after a name, as written between the quotes.
    fn value(&mut self) -> Result<&'a str, Fault> {
        self.skip_space();
        if !self.skip("=") {
            return Err(self.expected("="));
        }
        self.skip_space();
        let quote = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => quote,
            _ => return Err(self.expected("a quotation mark")),
        };
        self.position += 1;
        let start = self.position;
        loop {
            let rest = self.rest();
            let stop = |byte: &u8| *byte == quote || matches!(byte, b'<' | b'&');
            let Some(place) = rest.as_bytes().iter().position(stop) else {
                self.position = self.text.len();
                return Err(self.fault(XmlErrorKind::End));
            };
            self.position += place;
            match self.peek() {
                Some(b'&') => self.reference()?,
                Some(b'<') => return Err(self.expected("no < in an attribute")),
                _ => break,
            }
        }
        let value = self.text.get(start..self.position).unwrap_or_default();
        self.position += 1;
        Ok(value)
    }

    fn qname(&mut self) -> Result<QName<'a>, Fault> {
        let start = self.position;
        let first = self.ncname()?;
        if self.peek() != Some(b':') {
            return Ok(QName { whole: first, prefix: "", local: first });
        }
        self.position += 1;
        let local = self.ncname()?;
        Ok(QName { whole: self.text.get(start..self.position).unwrap_or_default(), prefix: first, local })
    }

    fn ncname(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let ascii = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        // Nearly all names are ASCII throughout.
        let plain = rest.as_bytes().iter().position(|byte| !ascii(byte)).unwrap_or(rest.len());
        let length = if rest.as_bytes().get(plain).is_some_and(|byte| !byte.is_ascii()) {
            rest.find(|c| !is_name_char(c)).unwrap_or(rest.len())
        } else {
            plain
        };
        let name = rest.get(..length).unwrap_or_default();
        if !name.chars().next().is_some_and(is_name_start) {
            return Err(self.expected("a name"));
        }
        self.position += length;
        Ok(name)
    }

    /// ` name="value"` of an XML declaration, with the offset of the value, when it stands here.
    pub(super) fn pseudo_attribute(&mut self, name: &str) -> Result<Option<(&'a str, usize)>, Fault> {
        let start = self.position;
        if !(self.skip_space() && self.skip(name)) {
            self.position = start;
            return Ok(None);
        }
        let value = self.value()?;
        Ok(Some((value, self.position - value.len() - 1)))
    }
}
