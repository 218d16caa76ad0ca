//! Whether this computer has heard that Kazakhstan has one time since 1 March 2024. Where it has not, it shows an hour too
//! much, and people move the clock itself.

use crate::doctor::{Detail, Finding, World, kinds};
use platform::time_zone;

/// The country's zones, as the check page has them.
const ZONES: [&str; 7] =
    ["Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay", "Asia/Qyzylorda"];

/// UTC+5, in minutes.
const MINUTES: i32 = 300;

pub(in crate::doctor) fn look(_: &World) -> Vec<Finding> {
    let zone = time_zone::of_system().filter(|zone| ZONES.contains(&zone.name.as_str()) && zone.minutes != MINUTES);
    zone.map(|zone| Finding::of(kinds::CLOCK_ZONE).with("zone", Detail::Plain(zone.name))).into_iter().collect()
}
