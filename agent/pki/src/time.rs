//! Moments: seconds since 1970, their calendar, and the two ASN.1 forms of RFC 5280 §4.1.2.5.
//!
//! There is no `now()` here. Whoever decides about validity is told the moment, so that a test, a bench and a
//! verification "as of the signing time" run the same code.

use std::fmt;

use crate::tlv::{self, DerError, DerErrorKind, Tlv};

/// A moment in whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Years 0001 to 9999 can be shown and encoded; anything outside is clamped to that range when shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// 0001-01-01T00:00:00Z.
const EARLIEST: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z, also "no well-defined end" (RFC 5280 §4.1.2.5).
const LATEST: i64 = 253_402_300_799;
const DAY: i64 = 86_400;
/// Kazakhstan has lived in one zone, UTC+05:00, since 2024-03-01.
const KAZAKHSTAN: i64 = 5 * 3600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    /// Proleptic Gregorian calendar; the year starts in March so that the leap day is the last one.
    fn from_seconds(seconds: i64) -> Self {
        let days = seconds.div_euclid(DAY);
        let rest = seconds.rem_euclid(DAY);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }

    fn to_seconds(self) -> Option<i64> {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days_in_month = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i64::from(leap),
            _ => return None,
        };
        let in_range = (1..=9999).contains(&self.year)
            && (1..=days_in_month).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second);
        if !in_range {
            return None;
        }
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted_month = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let day_of_year = (153 * shifted_month + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        Some(days * DAY + self.hour * 3600 + self.minute * 60 + self.second)
    }
}

impl Timestamp {
    /// From seconds since 1970-01-01T00:00:00Z.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, as `certNotBefore` on NCALayer's wire wants them.
    pub const fn millis(self) -> i64 {
        self.0.saturating_mul(1000)
    }

    /// This moment moved by whole days of 86 400 seconds.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY)))
    }

    /// The calendar date in Kazakhstan (UTC+05:00), shown as `dd.MM.yyyy`.
    pub fn date(self) -> impl fmt::Display {
        struct Date(Civil);
        impl fmt::Display for Date {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Civil { year, month, day, .. } = self.0;
                write!(f, "{day:02}.{month:02}.{year:04}")
            }
        }
        Date(Civil::from_seconds(self.clamped().saturating_add(KAZAKHSTAN).min(LATEST)))
    }

    /// The moment as clocks in Kazakhstan show it: `23.11.2026 14:30 (UTC+5)`.
    pub fn local(self) -> impl fmt::Display {
        struct Local(Civil);
        impl fmt::Display for Local {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Civil { year, month, day, hour, minute, .. } = self.0;
                write!(f, "{day:02}.{month:02}.{year:04} {hour:02}:{minute:02} (UTC+5)")
            }
        }
        Local(Civil::from_seconds(self.clamped().saturating_add(KAZAKHSTAN).min(LATEST)))
    }

    /// ISO 8601 in UTC: `2026-11-23T09:30:00Z`.
    pub fn iso8601(self) -> impl fmt::Display {
        struct Iso(Civil);
        impl fmt::Display for Iso {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Civil { year, month, day, hour, minute, second } = self.0;
                write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
            }
        }
        Iso(Civil::from_seconds(self.clamped()))
    }

    /// From the digits of a calendar moment in UTC; `None` when there is no such moment.
    pub fn from_utc(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        Civil {
            year: year.into(),
            month: month.into(),
            day: day.into(),
            hour: hour.into(),
            minute: minute.into(),
            second: second.into(),
        }
        .to_seconds()
        .map(Self)
    }

    /// DER of RFC 5280 §4.1.2.5 and RFC 5652 §11.3: UTCTime for 1950–2049, GeneralizedTime otherwise.
    pub fn to_der(self) -> Vec<u8> {
        let Civil { year, month, day, hour, minute, second } = Civil::from_seconds(self.clamped());
        let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        if (1950..2050).contains(&year) {
            tlv::element(tlv::UTC_TIME, &[format!("{:02}{rest}", year % 100).as_bytes()])
        } else {
            tlv::element(tlv::GENERALIZED_TIME, &[format!("{year:04}{rest}").as_bytes()])
        }
    }

    /// GeneralizedTime in whole seconds, whatever the year: OCSP, CRL and time stamps.
    pub fn to_generalized_time(self) -> Vec<u8> {
        let Civil { year, month, day, hour, minute, second } = Civil::from_seconds(self.clamped());
        let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        tlv::element(tlv::GENERALIZED_TIME, &[text.as_bytes()])
    }

    /// GeneralizedTime with or without a fraction of the second (RFC 3161 §2.4.2): the whole second, and the
    /// nanoseconds after it. Of a finer fraction the rest is left out; one that ends in a zero is not DER.
    pub fn from_fractional_tlv(tlv: Tlv<'_>) -> Result<(Self, u32), DerError> {
        let wrong = tlv.wrong("GeneralizedTime");
        let text = tlv.expect(tlv::GENERALIZED_TIME)?.value();
        let Some(point) = text.iter().position(|octet| *octet == b'.') else { return Ok((Self::from_tlv(tlv)?, 0)) };
        let (whole, fraction) = text.split_at_checked(point).ok_or(wrong)?;
        let fraction = fraction.strip_prefix(b".").and_then(|rest| rest.strip_suffix(b"Z")).ok_or(wrong)?;
        if !(1..=32).contains(&fraction.len()) || !fraction.iter().all(u8::is_ascii_digit) || fraction.ends_with(b"0") {
            return Err(wrong);
        }
        let digits = fraction.iter().copied().chain(std::iter::repeat(b'0'));
        let nanoseconds = digits.take(9).fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        let whole = tlv::element(tlv::GENERALIZED_TIME, &[whole, b"Z"]);
        let second = tlv::whole(&whole, tlv::GENERALIZED_TIME).and_then(Self::from_tlv).map_err(|_| wrong)?;
        Ok((second, nanoseconds))
    }

    /// This moment moved by seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Reads either form: seconds present, `Z`, no fractions, and no such dates as 30 February.
    pub fn from_tlv(tlv: Tlv<'_>) -> Result<Self, DerError> {
        let wrong = || DerError { offset: tlv.offset(), kind: DerErrorKind::Value("time") };
        let (digits, expected) = match tlv.tag() {
            tlv::UTC_TIME => (tlv.value().strip_suffix(b"Z"), 12),
            tlv::GENERALIZED_TIME => (tlv.value().strip_suffix(b"Z"), 14),
            _ => return Err(wrong()),
        };
        let digits = digits.filter(|d| d.len() == expected && d.iter().all(u8::is_ascii_digit)).ok_or_else(wrong)?;
        let two = |at: usize| -> i64 {
            digits.iter().skip(at).take(2).fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
        };
        let (year, at) = if expected == 12 {
            // RFC 5280 §4.1.2.5.1: YY of 50 and above is 19YY.
            (if two(0) >= 50 { 1900 + two(0) } else { 2000 + two(0) }, 2)
        } else {
            (two(0) * 100 + two(2), 4)
        };
        Civil { year, month: two(at), day: two(at + 2), hour: two(at + 4), minute: two(at + 6), second: two(at + 8) }
            .to_seconds()
            .map(Self)
            .ok_or_else(wrong)
    }

    fn clamped(self) -> i64 {
        self.0.clamp(EARLIEST, LATEST)
    }
}

/// Where a moment lies against a validity period, both ends included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Before notBefore.
    NotYet,
    /// Inside.
    Current,
    /// After notAfter.
    Expired,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(der: &[u8]) -> Result<Timestamp, DerError> {
        Timestamp::from_tlv(tlv::Reader::new(der).read()?)
    }

    #[test]
    fn a_date_is_shown_in_kazakhstans_time() {
        // 19:00 UTC is already the next day in Astana.
        let moment = Timestamp::from_utc(2026, 12, 31, 19, 0, 0).unwrap();
        assert_eq!(moment.date().to_string(), "01.01.2027");
        assert_eq!(moment.iso8601().to_string(), "2026-12-31T19:00:00Z");
        assert_eq!(moment.millis(), moment.as_unix() * 1000);
    }

    #[test]
    fn the_two_forms_change_over_in_2050() {
        let last = Timestamp::from_utc(2049, 12, 31, 23, 59, 59).unwrap();
        assert_eq!(last.to_der(), b"\x17\x0d491231235959Z");
        let next = Timestamp::from_unix(last.as_unix() + 1);
        assert_eq!(next.to_der(), b"\x18\x0f20500101000000Z");
        assert_eq!(Timestamp::from_utc(1949, 6, 1, 0, 0, 0).unwrap().to_der(), b"\x18\x0f19490601000000Z");
    }

    #[test]
    fn utc_time_of_fifty_and_above_is_of_the_last_century() {
        assert_eq!(parse(b"\x17\x0d500101000000Z").unwrap().iso8601().to_string(), "1950-01-01T00:00:00Z");
        assert_eq!(parse(b"\x17\x0d491231235959Z").unwrap().iso8601().to_string(), "2049-12-31T23:59:59Z");
    }

    #[test]
    fn moments_that_do_not_exist_are_refused() {
        for text in ["260230000000Z", "261301000000Z", "260101240000Z", "260101006000Z", "260101000060Z"] {
            assert!(parse(&tlv::element(tlv::UTC_TIME, &[text.as_bytes()])).is_err(), "{text}");
        }
        for text in ["2601010000Z", "260101000000+0500", "260101000000", "26010100000аZ", ""] {
            assert!(parse(&tlv::element(tlv::UTC_TIME, &[text.as_bytes()])).is_err(), "{text}");
        }
        for text in ["20260101000000.5Z", "00000101000000Z", "20260101000000z"] {
            assert!(parse(&tlv::element(tlv::GENERALIZED_TIME, &[text.as_bytes()])).is_err(), "{text}");
        }
    }

    #[test]
    fn absurd_moments_are_shown_at_the_edge_of_the_calendar() {
        assert_eq!(Timestamp::from_unix(i64::MAX).date().to_string(), "31.12.9999");
        assert_eq!(Timestamp::from_unix(i64::MIN).iso8601().to_string(), "0001-01-01T00:00:00Z");
    }

    proptest! {
        #[test]
        fn what_is_encoded_reads_back(seconds in EARLIEST..=LATEST) {
            let moment = Timestamp::from_unix(seconds);
            prop_assert_eq!(parse(&moment.to_der()).unwrap(), moment);
        }
    }
}
