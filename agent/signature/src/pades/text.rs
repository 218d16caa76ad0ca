//! Text strings and dates (ISO 32000-1, 7.9.2 and 7.9.4).

use pki::Timestamp;

/// A text string: as it is where PDFDocEncoding and ASCII are the same, UTF-16 otherwise.
pub(super) fn write(text: &str) -> Vec<u8> {
    if text.bytes().all(|octet| matches!(octet, b' '..=b'~')) {
        return text.as_bytes().to_vec();
    }
    let mut octets = vec![0xfe, 0xff];
    octets.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    octets
}

/// What a text string says; what cannot be read becomes U+FFFD.
pub(super) fn read(octets: &[u8]) -> String {
    match octets {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xfffd,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // PDFDocEncoding is Latin-1 but for some signs; those are not worth a table here.
        octets => octets
            .iter()
            .map(|octet| match octet {
                0x20..=0x7e | 0xa1..=0xff | b'\t' | b'\n' | b'\r' => char::from(*octet),
                _ => '\u{fffd}',
            })
            .collect(),
    }
}

/// `D:20261123093000+00'00'`.
pub(super) fn write_date(moment: Timestamp) -> Vec<u8> {
    let digits: String = moment.iso8601().to_string().chars().filter(char::is_ascii_digit).collect();
    format!("D:{digits}+00'00'").into_bytes()
}

/// What a date says. Everything after the year may be missing; without a zone it is taken for UTC.
pub(super) fn read_date(octets: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(octets).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at_checked(count)?;
    let pair = |at: usize, missing: u8| match digits.get(at..at + 2) {
        Some(pair) => pair.parse().ok(),
        None => (digits.len() <= at).then_some(missing),
    };
    let year = digits.get(..4)?.parse().ok()?;
    if digits.len() > 14 {
        return None;
    }
    let moment = Timestamp::from_utc(year, pair(4, 1)?, pair(6, 1)?, pair(8, 0)?, pair(10, 0)?, pair(12, 0)?)?;
    let sign = match zone.bytes().next() {
        None | Some(b'Z') => return Some(moment),
        Some(b'+') => -1,
        Some(b'-') => 1,
        Some(_) => return None,
    };
    let mut parts = zone.get(1..)?.split('\'').filter(|part| !part.is_empty());
    let mut part = |most| match parts.next() {
        None => Some(0),
        Some(part) => part.parse::<i64>().ok().filter(|value| (0..=most).contains(value)),
    };
    let (hours, minutes) = (part(23)?, part(59)?);
    Some(Timestamp::from_unix(moment.as_unix().checked_add(sign * (hours * 3600 + minutes * 60))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_dates_come_back() {
        for text in ["", "Reason (1)", "Қол қойылды: әғқңөұүһі №1", "𝄞"] {
            assert_eq!(read(&write(text)), text);
        }
        let moment = Timestamp::from_utc(2026, 11, 23, 9, 30, 5).unwrap();
        assert_eq!(write_date(moment), b"D:20261123093005+00'00'");
        assert_eq!(read_date(&write_date(moment)), Some(moment));
    }

    #[test]
    fn dates_of_other_programs_are_read() {
        let at = |hour, minute, second| Timestamp::from_utc(2026, 11, 23, hour, minute, second);
        for (text, expected) in [
            ("D:20261123143005+05'00'", at(9, 30, 5)),
            ("D:20261123143005+05'00", at(9, 30, 5)),
            ("D:20261123143005-05'30'", at(20, 0, 5)),
            ("20261123143005Z", at(14, 30, 5)),
            ("D:20261123", at(0, 0, 0)),
            ("D:202611231", None),
            ("D:20261323", None),
            ("D:20261123143005+99'00'", None),
            ("D:2026112314300599", None),
            ("D:", None),
            ("D:20261123143005ә", None),
        ] {
            assert_eq!(read_date(text.as_bytes()), expected, "{text}");
        }
    }
}
