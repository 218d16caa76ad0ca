//! What the version file comes to.

use super::{Memory, NotBelieved, Release, Unavailable, Version, VersionFile, is_newer};
use pki::Timestamp;

/// How this program stands to the newest version.
#[derive(Debug)]
pub enum Standing {
    /// There is no file to be had.
    Unavailable(Unavailable),
    /// There is one, and it is not believed.
    NotBelieved(NotBelieved),
    /// It is older than one that was seen: somebody keeps the newer one back, or put the old one in its place.
    Stale {
        /// When it was issued.
        issued: Timestamp,
        /// When the newer one was.
        seen: Timestamp,
    },
    /// It names no newer version than this one.
    Latest {
        /// When the file was issued.
        issued: Timestamp,
    },
    /// It names a newer one.
    Newer(Release),
}

impl Standing {
    /// Judges what came from the source. The signer is the SHA-256 of a certificate (64 hexadecimal digits); `here` is the
    /// version of this program.
    #[must_use]
    pub fn of(
        fetched: Result<Vec<u8>, Unavailable>,
        signer: &str,
        memory: &Memory,
        here: &Version,
        now: Timestamp,
    ) -> Self {
        Self::told(fetched, signer, memory, here, now).0
    }

    /// The same with the file, where it is believed and not stale.
    pub(super) fn told(
        fetched: Result<Vec<u8>, Unavailable>,
        signer: &str,
        memory: &Memory,
        here: &Version,
        now: Timestamp,
    ) -> (Self, Option<VersionFile>) {
        let read = match fetched {
            Ok(octets) => VersionFile::read(&octets, signer, now),
            Err(why) => return (Self::Unavailable(why), None),
        };
        let file = match read {
            Ok(file) => file,
            Err(why) => return (Self::NotBelieved(why), None),
        };
        if let Some(seen) = memory.newer_than(&file) {
            return (Self::Stale { issued: file.issued, seen }, None);
        }
        let standing = if is_newer(&file.release.version, here) {
            Self::Newer(file.release.clone())
        } else {
            Self::Latest { issued: file.issued }
        };
        (standing, Some(file))
    }
}
