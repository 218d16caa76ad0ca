//! How long a key still has, and whether another one has taken its place.

use crate::{known_keys::KnownKeys, known_tokens::KnownTokens};
use pki::{Certificate, Timestamp, Validity};

const DAY: i64 = 86_400;
/// From so many days before its end on, a key is said to end soon.
pub const SOON_DAYS: u64 = 30;

/// Whether a key with so many whole days left is said to end soon.
#[must_use]
pub const fn is_soon(days: u64) -> bool {
    days < SOON_DAYS
}

/// Whole days until a certificate ends; none for one that ended.
#[must_use]
pub fn days_left(certificate: &Certificate, now: Timestamp) -> Option<u64> {
    let seconds = certificate.not_after().as_unix().saturating_sub(now.as_unix());
    (certificate.validity_at(now) != Validity::Expired).then(|| u64::try_from(seconds / DAY).unwrap_or(0))
}

/// The certificates of all remembered keys, each once.
#[must_use]
pub fn remembered(files: &KnownKeys, tokens: &KnownTokens) -> Vec<Certificate> {
    let mut all: Vec<Certificate> = Vec::new();
    let of_files = files.files().iter().flat_map(|file| &file.certificates);
    for certificate in of_files.chain(tokens.keys().iter().map(|one| &one.certificate)) {
        if !all.contains(certificate) {
            all.push(certificate.clone());
        }
    }
    all
}

/// Whether among `others` is one of the same holder for the same purposes that is valid now and ends later, by so much that
/// nobody needs to hurry: the owner renewed the key in good time, and is not to be told that the old one ends. Which others
/// count (no test keys beside real ones, none that is blocked) the caller knows.
#[must_use]
pub fn has_successor(certificate: &Certificate, others: &[&Certificate], now: Timestamp) -> bool {
    let purposes = |certificate: &Certificate| {
        let mut purposes: Vec<String> = certificate.extended_key_usage().iter().map(ToString::to_string).collect();
        purposes.sort_unstable();
        purposes
    };
    let holder = certificate.holder();
    others.iter().any(|other| {
        let theirs = other.holder();
        other.validity_at(now) == Validity::Current
            && other.not_after() > certificate.not_after()
            && days_left(other, now).is_some_and(|days| days > SOON_DAYS)
            && (theirs.iin == holder.iin && theirs.bin == holder.bin && theirs.name == holder.name)
            && purposes(other) == purposes(certificate)
    })
}

/// Whether a serial number, in hexadecimal, is the one that a person wrote: with `0x`, colons, blanks, in either case, from
/// its beginning, eight digits of it at least.
pub(crate) fn is_serial(own: &str, written: &str) -> bool {
    let written: String =
        written.trim().trim_start_matches("0x").chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    let written = written.to_ascii_lowercase();
    own == written || written.len() >= 8 && own.starts_with(&written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{Password, demo};

    const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

    fn certificate(from: Timestamp) -> Certificate {
        demo::make(from, &Password::new("x".to_owned()).unwrap()).unwrap().certificate
    }

    #[test]
    fn days_are_whole_days_and_end_with_the_certificate() {
        let one = certificate(NOW);
        let end = one.not_after();
        assert_eq!(days_left(&one, NOW), Some(365));
        assert_eq!(days_left(&one, end.plus_days(-12)), Some(12));
        assert_eq!(days_left(&one, end.plus_days(-12).plus_seconds(1)), Some(11));
        assert_eq!(days_left(&one, end.plus_seconds(-1)), Some(0));
        assert_eq!(days_left(&one, end.plus_seconds(1)), None);
    }

    #[test]
    fn a_serial_number_is_taken_as_people_write_it() {
        let own = "1f2e3d4c5b6a7988";
        for written in ["1f2e3d4c5b6a7988", "1F:2E:3D:4C:5B:6A:79:88", "0x1f2e3d4c5b6a7988", " 1f2e3d4c "] {
            assert!(is_serial(own, written), "{written}");
        }
        for other in ["1f2e3d4", "", "2e3d4c5b6a7988", "1f2e3d4d"] {
            assert!(!is_serial(own, other), "{other}");
        }
    }

    #[test]
    fn a_successor_is_valid_now_and_ends_later() {
        let (old, new) = (certificate(NOW.plus_days(-350)), certificate(NOW));
        assert!(has_successor(&old, &[&new], NOW));
        assert!(!has_successor(&new, &[&old], NOW), "what ends earlier succeeds nobody");
        assert!(!has_successor(&old, &[&old], NOW), "nor does it itself");
        assert!(!has_successor(&old, &[&certificate(NOW.plus_days(10))], NOW), "nor what is not valid yet");
    }
}
