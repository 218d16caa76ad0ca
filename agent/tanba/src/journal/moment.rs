//! Dates as a person means them: in local time, where the system tells what that is.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Text that is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no date")]
pub(super) struct MomentError(pub(super) String);

/// Which end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Beginning,
    /// The beginning of the next.
    End,
}

/// The beginning or the end of a local day, `YYYY-MM-DD`.
pub(super) fn edge_of(text: &str, edge: Edge) -> Result<OffsetDateTime, MomentError> {
    let wrong = || MomentError(text.to_owned());
    let date = Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|_| wrong())?;
    let date = match edge {
        Edge::Beginning => date,
        Edge::End => date.next_day().ok_or_else(wrong)?,
    };
    Ok(as_local(PrimitiveDateTime::new(date, Time::MIDNIGHT)))
}

fn as_local(moment: PrimitiveDateTime) -> OffsetDateTime {
    // The offset belongs to a moment, and the moment to an offset: the second guess is right but for the hours around a
    // change of the clocks.
    let guess = moment.assume_offset(offset_at(moment.assume_utc()));
    moment.assume_offset(offset_at(guess))
}

/// The local offset, or none where the system does not tell it.
fn offset_at(moment: OffsetDateTime) -> UtcOffset {
    UtcOffset::local_offset_at(moment).unwrap_or(UtcOffset::UTC)
}

/// A moment of the journal as `YYYY-MM-DD HH:MM:SS` in local time; `UTC` stands behind it where that is what it is.
/// What is no moment stays as it is.
pub(super) fn in_local_time(at: &str) -> String {
    let Ok(moment) = OffsetDateTime::parse(at, &Rfc3339) else { return at.to_owned() };
    let offset = UtcOffset::local_offset_at(moment);
    let local = moment.checked_to_offset(offset.unwrap_or(UtcOffset::UTC)).unwrap_or(moment);
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let Ok(text) = local.format(format) else { return at.to_owned() };
    if local.offset().is_utc() { format!("{text} UTC") } else { text }
}

/// The same with its offset, for who wants to know exactly.
pub(super) fn in_full(at: &str) -> String {
    let local = in_local_time(at);
    if local == at { local } else { format!("{local} ({at})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_the_one_before_ends() {
        assert_eq!(edge_of("2026-11-23", Edge::End), edge_of("2026-11-24", Edge::Beginning));
        let day = edge_of("2026-11-23", Edge::End).unwrap() - edge_of("2026-11-23", Edge::Beginning).unwrap();
        assert_eq!(day.whole_hours(), 24);
    }

    #[test]
    fn what_is_no_date_is_an_error_and_what_is_no_moment_stays() {
        for text in ["", "yesterday", "23.11.2026", "2026-02-30", "2026-11-23T00:00", "9999-12-31x"] {
            assert_eq!(edge_of(text, Edge::Beginning), Err(MomentError(text.to_owned())));
        }
        assert!(edge_of("9999-12-31", Edge::End).is_err());
        assert_eq!(in_local_time("soon"), "soon");
    }
}
