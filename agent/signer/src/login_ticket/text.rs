//! The text of a ticket: decoded, and without what only makes it longer.

use super::LONGEST;

/// So long a document is looked at for a ticket that is padded with white space or comments.
const LONGEST_PADDED: usize = 64 << 20;

/// The text, where there is one that is short enough for a ticket.
pub(super) fn of(document: &[u8]) -> Option<String> {
    if document.len() > LONGEST_PADDED {
        return None;
    }
    let condensed = condense(&decode(document)?)?;
    let text = condensed.trim_matches(is_blank);
    Some(text.to_owned())
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\0' || c == '\u{feff}'
}

/// UTF-8; UTF-16 by its mark or by the zeros of its first letter; and what looks like a text of one of the old code pages,
/// whose addresses are ASCII anyway.
fn decode(document: &[u8]) -> Option<String> {
    let wide = |octets: &[u8], number: fn([u8; 2]) -> u16| {
        let letters = octets.as_chunks().0.iter().map(|pair| number(*pair));
        char::decode_utf16(letters).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match document {
        [0xff, 0xfe, rest @ ..] => Some(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some(wide(rest, u16::from_be_bytes)),
        [1..=255, 0, 1..=255, 0, ..] => Some(wide(document, u16::from_le_bytes)),
        [0, 1..=255, 0, 1..=255, ..] => Some(wide(document, u16::from_be_bytes)),
        _ => match std::str::from_utf8(document) {
            Ok(text) => Some(text.to_owned()),
            Err(_) if document.iter().any(|octet| *octet < b' ' && !b"\t\r\n".contains(octet)) => None,
            Err(_) => Some(String::from_utf8_lossy(document).into_owned()),
        },
    }
}

/// Each run of white space becomes one blank, which changes no field; comments of XML go, but for what only looks like one
/// inside of CDATA. `None` when more than a ticket is left.
fn condense(text: &str) -> Option<String> {
    let is_markup = text.trim_start_matches(is_blank).starts_with('<');
    let mut kept = String::new();
    let mut rest = text;
    loop {
        let special = if is_markup { next_special(rest) } else { None };
        let (plain, behind) = rest.split_at_checked(special.unwrap_or(rest.len()))?;
        push_condensed(&mut kept, plain)?;
        if behind.starts_with("<!--") {
            // One that does not end is left as it is: the document does not parse, and may be read all the same.
            let Some(end) = behind.get(4..)?.find("-->") else {
                push_condensed(&mut kept, behind)?;
                return Some(kept);
            };
            rest = behind.get(end + 7..)?;
        } else if behind.starts_with("<![CDATA[") {
            let end = behind.find("]]>").map_or(behind.len(), |end| end + 3);
            let (section, after) = behind.split_at_checked(end)?;
            push_condensed(&mut kept, section)?;
            rest = after;
        } else {
            return Some(kept);
        }
    }
}

/// Where the next comment or CDATA section begins.
fn next_special(text: &str) -> Option<usize> {
    let is_one = |place: &usize| {
        text.get(*place..).is_some_and(|rest| rest.starts_with("<!--") || rest.starts_with("<![CDATA["))
    };
    text.match_indices("<!").map(|(place, _)| place).find(is_one)
}

fn push_condensed(kept: &mut String, text: &str) -> Option<()> {
    for c in text.chars() {
        let c = if is_blank(c) { ' ' } else { c };
        if c != ' ' || !kept.ends_with(' ') {
            kept.push(c);
        }
        if kept.len() > LONGEST {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_no_part_of_a_text() {
        let long = " \n".repeat(LONGEST);
        for text in [
            format!("<!--{long}{long}x--><a b='c'/>{long}"),
            format!("{long}<a b='c'/><!--x{long}-->"),
            format!("<a{long}b='c'/>"),
        ] {
            assert_eq!(of(text.as_bytes()).as_deref(), Some("<a b='c'/>"));
        }
        assert_eq!(of(b"<a><![CDATA[<!--]]>b<!-- c --></a>").as_deref(), Some("<a><![CDATA[<!--]]>b</a>"));
        assert_eq!(of(b"{} <!-- c -->").as_deref(), Some("{} <!-- c -->"));
        assert_eq!(of("x".repeat(LONGEST + 1).as_bytes()), None);
    }

    #[test]
    fn other_encodings_are_read() {
        let wide: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(of(&wide).as_deref(), Some("<a/>"));
        assert_eq!(of(&[b"\xff\xfe".to_vec(), wide].concat()).as_deref(), Some("<a/>"));
        let wide: Vec<u8> = "\u{feff}<a/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(of(&wide).as_deref(), Some("<a/>"));
        assert_eq!(of(b"\xe2\xf5\xee\xe4 egov.kz").map(|text| text.ends_with("egov.kz")), Some(true));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n"), None);
    }
}
