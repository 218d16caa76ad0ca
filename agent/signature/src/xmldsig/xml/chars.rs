//! Characters, names and references (XML 1.0, fifth edition, §2.2, §2.3, §4.1).

use std::borrow::Cow;

use super::XmlErrorKind;

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `Char`.
pub(super) const fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// `NameStartChar` without the colon.
pub(super) const fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
pub(super) const fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// `Nmtoken`: a word of the characters of names.
pub(crate) fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == ':' || is_name_char(c))
}

/// The reference whose `&` stands before `text`: its character, and its length up to and with the semicolon.
pub(crate) fn reference(text: &str) -> Result<(char, usize), XmlErrorKind> {
    const PREDEFINED: [(&str, char); 5] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\'')];
    if let Some((name, c)) = PREDEFINED.into_iter().find(|(name, _)| text.starts_with(name)) {
        return Ok((c, name.len()));
    }
    let Some(number) = text.strip_prefix('#') else {
        let name = text.split_once(';').map_or("", |(name, _)| name);
        let named = name.starts_with(is_name_start) && name.chars().all(is_name_char);
        return Err(if named { XmlErrorKind::Entity } else { XmlErrorKind::Reference });
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    let mut value = 0_u32;
    for (length, byte) in digits.bytes().enumerate() {
        if byte == b';' && length > 0 {
            let c = char::from_u32(value).filter(|c| is_char(*c)).ok_or(XmlErrorKind::Reference)?;
            return Ok((c, text.len() - digits.len() + length + 1));
        }
        let digit = char::from(byte).to_digit(radix).ok_or(XmlErrorKind::Reference)?;
        // Beyond the last character it stays beyond, whatever follows.
        value = value.saturating_mul(radix).saturating_add(digit);
    }
    Err(XmlErrorKind::Reference)
}

/// The value of an attribute after normalisation (XML 1.0 §2.11, §3.3.3): white space as spaces, references resolved.
pub(crate) fn attribute_value(raw: &str) -> Cow<'_, str> {
    value(raw, |c| if is_space(c) { ' ' } else { char::from(c) }, true)
}

/// Text after normalisation: line ends as `\n`, references resolved.
pub(crate) fn text_value(raw: &str) -> Cow<'_, str> {
    value(raw, |c| if c == b'\r' { '\n' } else { char::from(c) }, false)
}

fn value(raw: &str, replace: impl Fn(u8) -> char, all_space: bool) -> Cow<'_, str> {
    let special = move |byte: &u8| matches!(byte, b'&' | b'\r') || (all_space && matches!(byte, b'\t' | b'\n'));
    if !raw.as_bytes().iter().any(special) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = rest.as_bytes().iter().position(special) {
        out.push_str(rest.get(..place).unwrap_or_default());
        let after = rest.get(place + 1..).unwrap_or_default();
        let byte = rest.as_bytes().get(place).copied().unwrap_or_default();
        rest = after;
        match byte {
            // The reader has refused what is no reference.
            b'&' => {
                if let Ok((c, length)) = reference(after) {
                    out.push(c);
                    rest = after.get(length..).unwrap_or_default();
                }
            }
            b'\r' => {
                out.push(replace(b'\r'));
                rest = after.strip_prefix('\n').unwrap_or(after);
            }
            other => out.push(replace(other)),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_predefined_or_numbers_of_characters() {
        assert_eq!(reference("amp;x"), Ok(('&', 4)));
        assert_eq!(reference("#65;"), Ok(('A', 4)));
        assert_eq!(reference("#x1F600;"), Ok(('\u{1F600}', 8)));
        assert_eq!(reference("#0000000000000000000013;"), Ok(('\r', 24)));
        for wrong in
            ["#0;", "#x;", "#;", "#xD800;", "#x110000;", "#99999999999999999999;", "#1", "", "#xFFFE;", "#X41;"]
        {
            assert_eq!(reference(wrong), Err(XmlErrorKind::Reference), "{wrong}");
        }
        assert_eq!(reference("nbsp;"), Err(XmlErrorKind::Entity));
    }

    #[test]
    fn values_are_normalised() {
        assert_eq!(attribute_value("a\r\nb\tc\nd\re&#13;&#10;&amp;"), "a b c d e\r\n&");
        assert_eq!(text_value("a\r\nb\tc\nd\re&#13;&lt;"), "a\nb\tc\nd\ne\r<");
        assert!(matches!(attribute_value("plain"), Cow::Borrowed("plain")));
    }
}
