//! Reading a moment as RFC 3339 has it.

use pki::Timestamp;

/// The most digits of a fraction of a second.
const LONGEST_FRACTION: usize = 9;

/// `2026-11-28T03:20:00Z`, with a fraction of a second (which is dropped) or without, with `Z` or an offset. `None` for what
/// is not written exactly so (RFC 3339 §5.6; letters in upper case, no leap seconds).
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (moment, rest) = text.split_at_checked("2026-11-28T03:20:00".len())?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, separator)| moment.as_bytes().get(*at) != Some(separator)) {
        return None;
    }
    let two = |from: usize| number(moment.get(from..from + 2)?).and_then(|number| u8::try_from(number).ok());
    let local = Timestamp::from_utc(number(moment.get(..4)?)?, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?)?;
    let offset = match rest.strip_prefix('.') {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest.get(digits..).filter(|_| (1..=LONGEST_FRACTION).contains(&digits))?
        }
        None => rest,
    };
    if offset == "Z" {
        return Some(local);
    }
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    (hours < 24 && minutes < 60).then(|| local.plus_seconds(-sign * seconds))
}

/// A number of decimal digits alone; `parse` would take a sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_every_form_that_the_rfc_has() {
        let wanted = Timestamp::from_utc(2026, 11, 28, 3, 20, 0);
        assert!(wanted.is_some());
        for text in [
            "2026-11-28T03:20:00Z",
            "2026-11-28T03:20:00.123456789Z",
            "2026-11-28T08:20:00+05:00",
            "2026-11-27T22:50:00.5-04:30",
            "2026-11-28T03:20:00-00:00",
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_not_written_so_is_no_moment() {
        for text in [
            "",
            "2026-11-28",
            "2026-11-28 03:20:00Z",
            "2026-11-28T03:20:00",
            "2026-11-28T03:20Z",
            "2026-13-28T03:20:00Z",
            "2026-02-30T03:20:00Z",
            "2026-11-28T24:20:00Z",
            "+026-11-28T03:20:00Z",
            "2026-+1-28T03:20:00Z",
            "2026-11-28T03:20:00.Z",
            "2026-11-28T03:20:00.1234567890Z",
            "2026-11-28T03:20:00+5:00",
            "2026-11-28T03:20:00+05:60",
            "2026-11-28T03:20:00+24:00",
            "2026-11-28T03:20:00+0500",
            "2026-11-28T03:20:00Z ",
            "２026-11-28T03:20:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", tail in "[-+.:Z0-9]{0,12}") {
            let _ = (parse(&text), parse(&format!("2026-11-28T03:20:00{tail}")));
        }

        #[test]
        fn what_is_shown_is_read_again(seconds in 0i64..=253_402_300_799) {
            let moment = Timestamp::from_unix(seconds);
            proptest::prop_assert_eq!(parse(&moment.iso8601().to_string()), Some(moment));
        }
    }
}
