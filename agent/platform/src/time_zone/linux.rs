//! Linux: `/etc/localtime` leads to a file of the zone's name (RFC 9636), whose last line says what holds from now on.

use super::Zone;
use std::path::Path;

/// The system's zone.
const LOCAL: &str = "/etc/localtime";

/// In the path that it leads to, the name stands behind this.
const FOLDER: &str = "zoneinfo/";

/// Such a file has three thousand octets.
const LONGEST: u64 = 64 * 1024;

/// The zone of this computer, where it is known.
#[must_use]
pub fn of_system() -> Option<Zone> {
    of(Path::new(LOCAL))
}

fn of(local: &Path) -> Option<Zone> {
    let file = std::fs::canonicalize(local).ok()?;
    let name = file.to_str()?.split_once(FOLDER)?.1.to_owned();
    let content = crate::files::read_ordinary(&file, LONGEST).ok()?;
    let lines = content.strip_prefix(b"TZif")?.strip_suffix(b"\n")?;
    let rule = lines.rsplit(|octet| *octet == b'\n').next()?;
    Some(Zone { name, minutes: minutes(std::str::from_utf8(rule).ok()?)? })
}

/// `<+05>-5`, `UTC0`, `IST-5:30`: a name, then hours and minutes west of UTC. A rule with summer time gives none.
fn minutes(rule: &str) -> Option<i32> {
    let offset = match rule.strip_prefix('<') {
        Some(rest) => rest.split_once('>')?.1,
        None => rule.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    };
    let (sign, offset) = match offset.strip_prefix('-') {
        Some(east) => (1, east),
        None => (-1, offset.strip_prefix('+').unwrap_or(offset)),
    };
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
    let number = |digits: &str| digits.parse::<u16>().ok().filter(|number| *number < 60).map(i32::from);
    Some(sign * (number(hours)? * 60 + number(minutes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_from_now_on_is_read_from_the_rule() {
        assert_eq!(minutes("<+05>-5"), Some(300));
        assert_eq!(minutes("IST-5:30"), Some(330));
        assert_eq!(minutes("UTC0"), Some(0));
        assert_eq!(minutes("<-03>3"), Some(-180));
        for other in ["EST5EDT,M3.2.0,M11.1.0", "", "<+05", "X", "<+05>-99"] {
            assert_eq!(minutes(other), None, "{other}");
        }
    }

    #[test]
    fn the_zone_is_the_one_that_the_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let zone = folder.path().join("zoneinfo/Asia");
        std::fs::create_dir_all(&zone).unwrap();
        std::fs::write(zone.join("Almaty"), b"TZif2\0\0rest\n<+06>-6\n").unwrap();
        let link = folder.path().join("localtime");
        std::os::unix::fs::symlink(zone.join("Almaty"), &link).unwrap();
        assert_eq!(of(&link), Some(Zone { name: "Asia/Almaty".to_owned(), minutes: 360 }));
        assert_eq!(of(&folder.path().join("none")), None);
        std::fs::write(zone.join("Almaty"), [0xff; 64]).unwrap();
        assert_eq!(of(&link), None);
    }

    proptest::proptest! {
        #[test]
        fn no_rule_makes_it_panic(rule in ".{0,40}") {
            let _ = minutes(&rule);
        }
    }
}
