//! What was seen and said before.

use super::{Version, VersionFile};
use pki::Timestamp;
use serde::{Deserialize, Serialize};
use settings::Places;
use std::path::PathBuf;

/// Its name in the folder of what has happened.
const FILE: &str = "updates.json";
/// The longest that is read, in octets.
const LONGEST: u64 = 64 * 1024;
/// Its form.
const FORM: u32 = 1;

/// A version of Tanba.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Which.
    pub version: Version,
    /// The `https` address of a page about it: visible ASCII, no more than a line.
    pub page: String,
}

/// What the guardian has seen of one signer's version files, and told of them. It holds nothing secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The SHA-256 of the certificate whose files these were. Another signer's moments say nothing about this one's.
    signer: String,
    /// When the newest file that was ever seen was issued, in seconds since 1970.
    pub(super) issued: Option<i64>,
    /// What it said.
    pub(super) release: Option<Release>,
    /// The newest version that the person was told of.
    pub(super) said: Option<Version>,
    /// The day on which the file was last looked at, counted from 1970.
    pub(super) looked: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    form: u32,
    signer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    looked: Option<i64>,
}

impl Memory {
    /// What is remembered of this signer's files (64 hexadecimal digits). Where nothing is, or nothing that can be
    /// understood, it is empty: something is then said twice, and an old file is not known for one.
    #[must_use]
    pub fn load(places: &Places, signer: &str) -> Self {
        let read = platform::files::read_bounded(&file(places), LONGEST).ok();
        let known = read.and_then(|text| serde_json::from_slice::<OnDisk>(&text).ok());
        let known = known.filter(|known| known.form == FORM && known.signer == signer);
        let empty = Self { signer: signer.to_owned(), ..Self::default() };
        known.map_or(empty, |known| {
            let release = known.version.zip(known.page).and_then(|(version, page)| Release::new(&version, &page));
            let said = known.said.and_then(|version| Version::parse(&version).ok());
            Self { signer: known.signer, issued: known.issued, release, said, looked: known.looked }
        })
    }

    /// Writes it, for its owner alone.
    ///
    /// # Errors
    /// As the system says.
    pub fn save(&self, places: &Places) -> std::io::Result<()> {
        let release = self.release.as_ref();
        let written = OnDisk {
            form: FORM,
            signer: self.signer.clone(),
            issued: self.issued,
            version: release.map(|release| release.version.to_string()),
            page: release.map(|release| release.page.clone()),
            said: self.said.as_ref().map(Version::to_string),
            looked: self.looked,
        };
        platform::files::write_private(&file(places), &serde_json::to_vec_pretty(&written)?)
    }

    /// Takes in a file that is not older than the newest one.
    pub(super) fn remember(&mut self, file: &VersionFile) {
        self.issued = Some(file.issued.as_unix());
        self.release = Some(file.release.clone());
    }

    /// When the newest file that was seen was issued, where this one is older than that.
    pub(super) fn newer_than(&self, file: &VersionFile) -> Option<Timestamp> {
        self.issued.filter(|seen| file.issued.as_unix() < *seen).map(Timestamp::from_unix)
    }
}

fn file(places: &Places) -> PathBuf {
    places.state().join(FILE)
}
