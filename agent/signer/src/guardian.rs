//! The expiry guardian: a word in time, when a remembered key ends soon or was revoked.
//!
//! It looks once and ends; `tanba run` has it look at its start and then daily, in a process of its own, because the
//! listener reads no certificate. Each thing is said once. What has to be known for that stands in a small file that holds
//! digests of certificates only.
//!
//! Remembered certificates are looked at: of files, and of tokens' keys that signed or were imported here.

use crate::{
    fitness::{Measure, is_test},
    life::{
        blocked::sha256,
        standing::{SOON_DAYS, days_left, has_successor, is_soon},
    },
};
use pki::{Certificate, Timestamp, Validity};
use platform::notifications::{Message, Notifications, Urgency};
use serde::{Deserialize, Serialize};
use std::path::Path;
use texts::{Texts, Value};

/// So many days before its end a key is spoken of.
const DAYS: [u64; 4] = [1, 7, 14, 30];
/// A key that ended longer ago than this is no news.
const ENDED_DAYS: i64 = 30;
const DAY: i64 = 86_400;
/// The most certificates whose revocation is asked about in one look.
const MOST_ASKED: usize = 50;
/// The longest memory that is read, in octets.
const LONGEST: u64 = 1024 * 1024;
/// The form of the memory.
const VERSION: u32 = 1;

/// How the remembered keys stand: the worst of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// None ends within a month.
    Fine,
    /// One ends within a month.
    Soon,
    /// One ended within the last month, and no other has taken its place.
    Ended,
    /// One was revoked, and no other has taken its place.
    Revoked,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How the keys stand.
    pub state: State,
    /// Days until the next one ends, where one ends soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u64>,
}

/// What is known of a certificate's revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is not revoked.
    Good,
    /// It is.
    Revoked,
    /// Nobody said.
    Unknown,
}

/// What the guardian looks at, and with whom it speaks.
pub struct Watch<'a> {
    /// The certificates of the remembered keys, each once.
    pub certificates: &'a [Certificate],
    /// Who is believed, which keys are blocked, and what time it is.
    pub measure: &'a Measure,
    /// The person's language.
    pub texts: &'a Texts,
    /// Who shows messages; `None` where the person wants none.
    pub notifications: Option<&'a dyn Notifications>,
    /// Who knows about revocation; `None` where nobody may be asked.
    pub ask: Option<&'a dyn Fn(&Certificate) -> Status>,
}

/// What was said and heard before.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    keys: Vec<Remembered>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    /// The SHA-256 of the certificate.
    certificate: String,
    /// What was said.
    said: Vec<Said>,
    /// The day on which its revocation was last asked about, counted from 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<i64>,
    /// What was then heard.
    #[serde(default)]
    revoked: bool,
}

/// Something that is said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    /// That it ends within so many days.
    Within(u64),
    /// That it ended.
    Ended,
    /// That it was revoked.
    Revoked,
}

impl Memory {
    /// What is remembered in this file. One that is not there, or cannot be understood, is an empty one: something is then
    /// said twice.
    #[must_use]
    pub fn load(at: &Path) -> Self {
        let read = platform::files::read_bounded(at, LONGEST).ok();
        let memory = read.and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        memory.filter(|memory| memory.version == VERSION).unwrap_or(Self { version: VERSION, keys: Vec::new() })
    }

    /// Writes it, for its owner alone.
    ///
    /// # Errors
    /// As the system says.
    pub fn save(&self, at: &Path) -> std::io::Result<()> {
        platform::files::write_private(at, &serde_json::to_vec_pretty(self)?)
    }
}

impl Watch<'_> {
    /// Looks once: asks what was not asked today, says what was not said yet, and tells how the keys stand. Whatever was
    /// said or heard is in the memory afterwards; a message that nobody saw is not.
    pub fn look(&self, memory: &mut Memory) -> Report {
        let now = self.measure.now;
        let watched: Vec<&Certificate> = self.certificates.iter().filter(|one| self.is_watched(one)).collect();
        let mut keys: Vec<Remembered> = watched
            .iter()
            .map(|certificate| {
                let name = sha256(certificate.der());
                let known = memory.keys.iter().find(|key| key.certificate == name).cloned();
                known.unwrap_or_else(|| Remembered { certificate: name, ..Remembered::default() })
            })
            .collect();
        let mut asked = 0;
        for (certificate, key) in watched.iter().zip(&mut keys) {
            if asked < MOST_ASKED && self.ask_about(certificate, key) {
                asked += 1;
            }
        }
        let good: Vec<&Certificate> =
            watched.iter().zip(&keys).filter(|(_, key)| !key.revoked).map(|(certificate, _)| *certificate).collect();
        let mut report = Report { state: State::Fine, days: None };
        for (certificate, key) in watched.iter().zip(&mut keys) {
            // A test key is no successor of a real one.
            let is_test = is_test(certificate, self.measure);
            let alike: Vec<&Certificate> =
                good.iter().copied().filter(|other| crate::fitness::is_test(other, self.measure) == is_test).collect();
            if has_successor(certificate, &alike, now) {
                continue;
            }
            let state = self.state(certificate, key);
            report.state = report.state.max(state);
            if state == State::Soon {
                let days = days_left(certificate, now);
                report.days = report.days.into_iter().chain(days).min();
            }
            if let Some(due) = self.due(certificate, key).filter(|due| !key.said.contains(due))
                && self.say(certificate, due, is_test)
            {
                key.said.push(due);
            }
        }
        // What is no longer remembered is forgotten here too.
        *memory = Memory { version: VERSION, keys };
        report
    }

    /// A key that its owner blocked needs no words, and a test key outside of the test environment signs nothing anyway.
    fn is_watched(&self, certificate: &Certificate) -> bool {
        !self.measure.blocked.has(certificate) && (self.measure.test_environment || !is_test(certificate, self.measure))
    }

    /// Asks about revocation, once a day. Whether it asked.
    fn ask_about(&self, certificate: &Certificate, key: &mut Remembered) -> bool {
        let now = self.measure.now;
        let today = now.as_unix().div_euclid(DAY);
        let Some(ask) = self.ask else { return false };
        if certificate.validity_at(now) != Validity::Current || key.asked == Some(today) {
            return false;
        }
        key.asked = Some(today);
        match ask(certificate) {
            // A suspended certificate can come back, and be suspended again.
            Status::Good => {
                key.revoked = false;
                key.said.retain(|said| *said != Said::Revoked);
            }
            Status::Revoked => key.revoked = true,
            Status::Unknown => {}
        }
        true
    }

    fn state(&self, certificate: &Certificate, key: &Remembered) -> State {
        match (key.revoked, days_left(certificate, self.measure.now)) {
            (_, None) if self.ended_lately(certificate) => State::Ended,
            (_, None) => State::Fine,
            (true, _) => State::Revoked,
            (false, Some(days)) if is_soon(days) || self.is_within(certificate, SOON_DAYS) => State::Soon,
            (false, Some(_)) => State::Fine,
        }
    }

    /// What there is to be said now, whether or not it was said already.
    fn due(&self, certificate: &Certificate, key: &Remembered) -> Option<Said> {
        match certificate.validity_at(self.measure.now) {
            Validity::NotYet => None,
            Validity::Expired => self.ended_lately(certificate).then_some(Said::Ended),
            Validity::Current if key.revoked => Some(Said::Revoked),
            Validity::Current => DAYS.into_iter().find(|days| self.is_within(certificate, *days)).map(Said::Within),
        }
    }

    fn is_within(&self, certificate: &Certificate, days: u64) -> bool {
        self.measure.now.plus_days(i64::try_from(days).unwrap_or(i64::MAX)) >= certificate.not_after()
    }

    fn ended_lately(&self, certificate: &Certificate) -> bool {
        let end: Timestamp = certificate.not_after();
        end.plus_days(ENDED_DAYS) >= self.measure.now
    }

    /// Says it. Whether somebody could see it.
    fn say(&self, certificate: &Certificate, what: Said, is_test: bool) -> bool {
        let Some(notifications) = self.notifications else { return false };
        let days = days_left(certificate, self.measure.now).unwrap_or(0);
        let name = crate::unseen::visible(&certificate.holder().name);
        let until = certificate.not_after().date().to_string();
        let arguments = [("name", Value::Text(&name)), ("until", Value::Text(&until)), ("days", Value::Count(days))];
        let (title, text, urgency) = match what {
            Said::Within(1) => ("guardian-ends-title", "guardian-ends", Urgency::Critical),
            Said::Within(_) => ("guardian-ends-title", "guardian-ends", Urgency::Normal),
            Said::Ended => ("guardian-ended-title", "guardian-ended", Urgency::Normal),
            Said::Revoked => ("guardian-revoked-title", "guardian-revoked", Urgency::Critical),
        };
        let mut title = self.texts.format(title, &arguments);
        if is_test {
            title = self.texts.format("guardian-test", &[("title", Value::Text(&title))]);
        }
        let text = self.texts.format(text, &arguments);
        match notifications.show(&Message { title: &title, text: &text, urgency }) {
            Ok(()) => true,
            Err(error) => {
                tracing::info!(%error, "a word about a key could not be said; it is tried again");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
