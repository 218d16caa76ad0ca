//! Writing canonical octets.

use crate::xmldsig::xml::reference;

/// Octets are handed on in pieces of about this size.
const PIECE: usize = 32 << 10;

/// Collects canonical octets and hands them on.
pub(super) struct Output<'s> {
    buffer: Vec<u8>,
    sink: &'s mut dyn FnMut(&[u8]),
}

impl<'s> Output<'s> {
    pub(super) fn new(sink: &'s mut dyn FnMut(&[u8])) -> Self {
        Self { buffer: Vec::with_capacity(2 * PIECE), sink }
    }

    pub(super) fn finish(self) {
        (self.sink)(&self.buffer);
    }

    pub(super) fn put(&mut self, text: &str) {
        if text.len() >= PIECE {
            (self.sink)(&self.buffer);
            self.buffer.clear();
            (self.sink)(text.as_bytes());
            return;
        }
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() >= PIECE {
            (self.sink)(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Text as it is written in the document.
    pub(super) fn text(&mut self, raw: &str) {
        let special = |byte| matches!(byte, b'&' | b'>' | b'\r');
        self.replaced(raw, special, literal_text, Some(text_character));
    }

    /// What a CDATA section holds.
    pub(super) fn cdata(&mut self, raw: &str) {
        let special = |byte| matches!(byte, b'&' | b'<' | b'>' | b'\r');
        self.replaced(raw, special, literal_text, None);
    }

    /// A comment or the data of a processing instruction: only line ends are normalised.
    pub(super) fn line_ends(&mut self, raw: &str) {
        self.replaced(raw, |byte| byte == b'\r', |_| "\n", None);
    }

    /// The value of an attribute as it is written in the document.
    pub(super) fn value(&mut self, raw: &str) {
        let special = |byte| matches!(byte, b'&' | b'"' | b'\t' | b'\n' | b'\r');
        self.replaced(raw, special, |c| if c == '"' { "&quot;" } else { " " }, Some(value_character));
    }

    /// The value of an attribute after normalisation.
    pub(super) fn normalised_value(&mut self, value: &str) {
        for c in value.chars() {
            self.put(value_character(c).unwrap_or(c.encode_utf8(&mut [0; 4])));
        }
    }

    /// Copies `raw`: `special` octets as `literal` says, and references, where there are any, as `referred` says or as
    /// the character itself. `\r\n` is one character.
    fn replaced(
        &mut self,
        raw: &str,
        special: impl Fn(u8) -> bool,
        literal: impl Fn(char) -> &'static str,
        referred: Option<fn(char) -> Option<&'static str>>,
    ) {
        let mut rest = raw;
        while let Some(place) = rest.as_bytes().iter().position(|byte| special(*byte)) {
            self.put(rest.get(..place).unwrap_or_default());
            let byte = rest.as_bytes().get(place).copied().unwrap_or_default();
            rest = rest.get(place + 1..).unwrap_or_default();
            if let (b'&', Some(referred)) = (byte, referred) {
                // The reader has refused what is no reference.
                if let Ok((c, length)) = reference(rest) {
                    self.put(referred(c).unwrap_or(c.encode_utf8(&mut [0; 4])));
                    rest = rest.get(length..).unwrap_or_default();
                }
                continue;
            }
            self.put(literal(char::from(byte)));
            if byte == b'\r' {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
        }
        self.put(rest);
    }
}

fn literal_text(c: char) -> &'static str {
    if c == '\r' { "\n" } else { text_character(c).unwrap_or_default() }
}

/// C14N 1.0 §2.3, text nodes.
const fn text_character(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => None,
    }
}

/// C14N 1.0 §2.3, attribute nodes.
const fn value_character(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => None,
    }
}
