//! The JSON that goes back, as `org.json` writes it: `</` as `<\/`, control characters and U+2000–U+20FF as `\u` and four digits,
//! everything else as UTF-8.
//!
//! Signatures and certificates are written straight into the reply: a large attached signature is held twice (its DER
//! and the reply), never three times.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// Octets of one line of PEM: 64 characters (RFC 7468 §2).
const PEM_LINE: usize = 48;

/// A JSON object under construction. Members come out in the order of the calls, as in the recorded replies.
pub(crate) struct Writer {
    text: String,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::with_room(0)
    }

    /// With room for so many octets more than a small reply.
    pub(crate) fn with_room(octets: usize) -> Self {
        let mut text = String::with_capacity(octets.saturating_add(128));
        text.push('{');
        Self { text }
    }

    fn name(&mut self, name: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        string(&mut self.text, name);
        self.text.push(':');
    }

    pub(crate) fn string(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        string(&mut self.text, value);
        self
    }

    pub(crate) fn boolean(mut self, name: &str, value: bool) -> Self {
        self.name(name);
        self.text.push_str(if value { "true" } else { "false" });
        self
    }

    pub(crate) fn number(mut self, name: &str, value: i64) -> Self {
        self.name(name);
        // Writing into a String cannot fail.
        let _ = write!(self.text, "{value}");
        self
    }

    /// A value that is JSON already.
    pub(crate) fn raw(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// An array; `item` writes one item into the text.
    pub(crate) fn array<T>(
        mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        item: impl Fn(&mut String, T),
    ) -> Self {
        self.name(name);
        self.text.push('[');
        for (index, value) in items.into_iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            item(&mut self.text, value);
        }
        self.text.push(']');
        self
    }

    /// Begins an object inside; everything up to [`Self::close`] goes there.
    pub(crate) fn open(mut self, name: &str) -> Self {
        self.name(name);
        self.text.push('{');
        self
    }

    /// Ends what [`Self::open`] began.
    pub(crate) fn close(mut self) -> Self {
        self.text.push('}');
        self
    }

    /// Octets as base64 on one line.
    pub(crate) fn base64(mut self, name: &str, octets: &[u8]) -> Self {
        self.name(name);
        base64(&mut self.text, octets);
        self
    }

    /// Octets as PEM.
    pub(crate) fn pem(mut self, name: &str, label: &str, octets: &[u8]) -> Self {
        self.name(name);
        pem(&mut self.text, label, octets);
        self
    }

    pub(crate) fn end(self) -> String {
        self.close().text
    }
}

/// A JSON string.
pub(crate) fn string(text: &mut String, value: &str) {
    text.push('"');
    let mut before = '\0';
    for character in value.chars() {
        match character {
            '"' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            // A reply inside a page's <script> must not end it.
            '/' if before == '<' => text.push_str("\\/"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '\0'..=' ' | '\u{80}'..='\u{9f}' | '\u{2000}'..='\u{20ff}' if character != ' ' => {
                // Writing into a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
        before = character;
    }
    text.push('"');
}

/// Octets that must be text: a signed XML document.
pub(crate) fn utf8(octets: &[u8]) -> Option<&str> {
    std::str::from_utf8(octets).ok()
}

/// Likewise all of them, and the room that they need.
pub(crate) fn utf8_all<T: AsRef<[u8]>>(all: &[T]) -> Option<(Vec<&str>, usize)> {
    let texts = all.iter().map(|octets| utf8(octets.as_ref())).collect::<Option<Vec<_>>>()?;
    let room = texts.iter().map(|text| text.len() + 3).sum();
    Some((texts, room))
}

/// A JSON string of base64 on one line.
pub(crate) fn base64(text: &mut String, octets: &[u8]) {
    text.push('"');
    STANDARD.encode_string(octets, text);
    text.push('"');
}

/// A JSON string of PEM (RFC 7468): 64 columns, LF, a line end behind the last line too.
pub(crate) fn pem(text: &mut String, label: &str, octets: &[u8]) {
    text.reserve(pem_length(octets.len()));
    for part in ["\"-----BEGIN ", label, "-----\\n"] {
        text.push_str(part);
    }
    for line in octets.chunks(PEM_LINE) {
        STANDARD.encode_string(line, text);
        text.push_str("\\n");
    }
    for part in ["-----END ", label, "-----\\n\""] {
        text.push_str(part);
    }
}

/// About the octets that [`pem`] writes for so many octets of DER.
pub(crate) fn pem_length(octets: usize) -> usize {
    octets.div_ceil(PEM_LINE).saturating_mul(66).saturating_add(80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = String::new();
        string(&mut out, text);
        out
    }

    #[test]
    fn a_closing_tag_is_escaped_as_org_json_does_and_other_slashes_are_not() {
        assert_eq!(quoted("</ds:Signature>/a"), r#""<\/ds:Signature>/a""#);
    }

    #[test]
    fn kazakh_and_cyrillic_letters_stay_as_they_are() {
        assert_eq!(quoted("ҰЛТТЫҚ «Тест»"), "\"ҰЛТТЫҚ «Тест»\"");
    }

    #[test]
    fn controls_and_line_separators_are_escaped() {
        assert_eq!(quoted("\u{1}\t\r\n\u{8}\u{c}\u{85}\u{2028}\"\\ "), r#""\u0001\t\r\n\b\f\u0085\u2028\"\\ ""#);
    }

    #[test]
    fn members_and_inner_objects_are_separated_by_commas() {
        let text = Writer::new().open("a").close().open("b").string("c", "{").boolean("d", true).close().end();
        assert_eq!(text, r#"{"a":{},"b":{"c":"{","d":true}}"#);
    }

    #[test]
    fn pem_has_64_columns_and_ends_with_a_line_end() {
        let mut out = String::new();
        pem(&mut out, "CMS", &[0; 49]);
        let text: String = serde_json::from_str(&out).unwrap();
        let line = "A".repeat(64);
        assert_eq!(text, format!("-----BEGIN CMS-----\n{line}\nAA==\n-----END CMS-----\n"));
        assert!(out.len() <= pem_length(49));
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back_from_a_strict_parser(text in ".*") {
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&quoted(&text)).unwrap(), text);
        }
    }
}
