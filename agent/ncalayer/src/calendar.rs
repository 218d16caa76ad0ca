//! Times as pages read them, without a clock: milliseconds since 1970 to date and time of day.

/// UTC.
const UTC: i64 = 0;

/// Kazakhstan's one time zone since 1 March 2024, UTC+5, in milliseconds.
const KAZAKHSTAN: i64 = 5 * 3_600_000;

/// `dd.MM.yyyy HH:mm:ss` in Kazakhstan's time: the applet wrote the computer's own, and there it is this one. Times
/// before March 2024, when the greater part of the country was an hour ahead, are written in today's zone too.
pub(crate) fn kazakh(milliseconds: i64) -> String {
    let Moment { year, month, day, hour, minute, second, .. } = Moment::new(milliseconds, KAZAKHSTAN);
    format!("{day:02}.{month:02}.{year:04} {hour:02}:{minute:02}:{second:02}")
}

/// ISO 8601 in UTC, as JavaScript's `toISOString`.
pub(crate) fn iso(milliseconds: i64) -> String {
    let Moment { year, month, day, hour, minute, second, milli } = Moment::new(milliseconds, UTC);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
}

impl Moment {
    fn new(milliseconds: i64, zone: i64) -> Self {
        const DAY: i64 = 86_400_000;
        let local = milliseconds.saturating_add(zone);
        let (days, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        // The proleptic Gregorian calendar in eras of 400 years that begin on 1 March, so that the leap day is last.
        let days = days + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * from_march + 2) / 5 + 1,
            hour: time / 3_600_000,
            minute: time / 60_000 % 60,
            second: time / 1_000 % 60,
            milli: time % 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_both_ways() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_760_000_000_123), "2025-10-09T08:53:20.123Z");
        assert_eq!(kazakh(1_760_000_000_000), "09.10.2025 13:53:20");
        assert_eq!(kazakh(1_735_671_600_000), "01.01.2025 00:00:00", "a new year begins five hours before UTC's");
    }

    #[test]
    fn leap_days_and_times_before_1970_are_where_they_belong() {
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }

    proptest::proptest! {
        #[test]
        fn no_time_panics(milliseconds in proptest::num::i64::ANY) {
            let _ = (kazakh(milliseconds), iso(milliseconds));
        }
    }
}
