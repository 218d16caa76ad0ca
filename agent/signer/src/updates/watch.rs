//! The guardian's look: once a day, and one word for each new version.

use super::{Memory, Release, Standing, Unavailable, Version, is_newer, this_version};
use pki::Timestamp;
use platform::notifications::{Message, Notifications, Urgency};
use settings::{Places, Updates, VersionSource};
use texts::{Texts, Value};

/// The seconds of a day.
const DAY: i64 = 86_400;

/// What is looked at, and with whom is spoken.
pub struct Watch<'a> {
    /// Where the file lies, and whose word is believed.
    pub updates: &'a Updates,
    /// How the file is had.
    pub fetch: &'a dyn Fn(VersionSource<'_>) -> Result<Vec<u8>, Unavailable>,
    /// The person's language.
    pub texts: &'a Texts,
    /// Who shows messages.
    pub notifications: &'a dyn Notifications,
    /// The version of this program.
    pub here: &'a Version,
    /// The moment of the look.
    pub now: Timestamp,
}

impl Watch<'_> {
    /// Looks, unless that was done today, and says what was not said yet. Nobody is asked where no file or no signer is
    /// named. Whatever was seen or said is in the memory afterwards; a message that nobody saw is not.
    pub fn look(&self, memory: &mut Memory) {
        let (Some(source), Some(signer)) = (self.updates.source(), self.updates.signer_digest()) else { return };
        let today = self.now.as_unix().div_euclid(DAY);
        if memory.looked != Some(today) {
            let fetched = (self.fetch)(source);
            // Who was not reached was not asked: a computer that had no network yet asks at its next start.
            if !matches!(&fetched, Err(why) if why.is_unreachable()) {
                memory.looked = Some(today);
            }
            let (standing, file) = Standing::told(fetched, &signer, memory, self.here, self.now);
            if let Some(file) = file {
                memory.remember(&file);
            }
            match standing {
                Standing::Unavailable(error) => tracing::info!(%error, "the version file could not be had"),
                Standing::NotBelieved(why) => tracing::warn!(%why, "the version file is not believed"),
                Standing::Stale { .. } => tracing::warn!("the version file is older than one that was seen"),
                Standing::Latest { .. } => tracing::info!("there is no newer version"),
                Standing::Newer(release) => tracing::info!(version = %release.version, "there is a newer version"),
            }
        }
        let due = memory.release.as_ref().filter(|release| is_newer(&release.version, self.here));
        let due = due.filter(|release| memory.said.as_ref().is_none_or(|said| is_newer(&release.version, said)));
        if let Some(version) = due.filter(|release| self.say(release)).map(|release| release.version.clone()) {
            memory.said = Some(version);
        }
    }

    /// Says it. Whether somebody could see it.
    fn say(&self, release: &Release) -> bool {
        let (version, here) = (release.version.to_string(), self.here.to_string());
        let arguments =
            [("version", Value::Text(&version)), ("here", Value::Text(&here)), ("page", Value::Text(&release.page))];
        let title = self.texts.format("updates-title", &arguments);
        let text = self.texts.format("updates-text", &arguments);
        match self.notifications.show(&Message { title: &title, text: &text, urgency: Urgency::Normal }) {
            Ok(()) => true,
            Err(error) => {
                tracing::info!(%error, "a word about a newer version could not be said; it is tried again");
                false
            }
        }
    }
}

/// The newer version that the guardian last found, while the settings still name the file and the signer. Nobody is asked.
#[must_use]
pub fn known_newer(updates: &Updates, places: &Places) -> Option<Release> {
    updates.source()?;
    let memory = Memory::load(places, &updates.signer_digest()?);
    memory.release.filter(|release| is_newer(&release.version, &this_version()))
}
