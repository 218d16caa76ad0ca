//! The time that a server writes above its answer (`Date`, RFC 9110 §5.6.7).

use pki::Timestamp;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Fri, 27 Nov 2026 18:00:00 GMT`. The two older forms no server of the NCA writes.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split(' ').collect();
    let [_, day, month, year, time, "GMT"] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)?;
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return None };
    Timestamp::from_utc(
        year.parse().ok()?,
        u8::try_from(month + 1).ok()?,
        day.parse().ok()?,
        hour.parse().ok()?,
        minute.parse().ok()?,
        // A leap second is none that a clock is set by.
        second.parse::<u8>().ok()?.min(59),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read_and_rubbish_is_none() {
        assert_eq!(parse("Thu, 01 Jan 1970 00:01:00 GMT"), Some(Timestamp::from_unix(60)));
        assert_eq!(parse("Fri, 27 Nov 2026 18:00:00 GMT"), Timestamp::from_utc(2026, 11, 27, 18, 0, 0));
        for rubbish in
            ["", "Fri, 27 Nov 2026", "Fri, 31 Nov 2026 18:00:00 GMT", "Fri, 27 Nov 2026 18:00 GMT", "x x x x x x"]
        {
            assert_eq!(parse(rubbish), None, "{rubbish}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_date_makes_it_panic(text in "[A-Za-z0-9 ,:é]{0,40}") {
            let _ = parse(&text);
        }
    }
}
