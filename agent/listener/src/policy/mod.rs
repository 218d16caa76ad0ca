//! May this caller ask this? Answered here and nowhere else, for every door and every module.
//!
//! A permission is for *origin × calling program × capability*: any program can claim any origin, so what a person allowed
//! a site in their browser says nothing about a script that bears the site's name. Nothing that is remembered here signs
//! by itself: the window opens for every request that is heard. What is remembered is who is not heard at all, who may
//! ask as often as it likes, who may name files by their paths, and who was seen before:
//!
//! | remembered | of | introduced as new | at most so fast |
//! | --- | --- | --- | --- |
//! | nothing | | yes | yes |
//! | seen | origin × program | no | yes |
//! | allowed | origin × program × capability | no | no: a portal that signs two hundred documents one by one is not cut off |
//! | blocked | site × program | never heard | |
//!
//! Allowed can only be a secure site in a browser that is known, and never a signature over a digest or a bare one. A
//! block holds for the site, whatever its pages are called, because whoever has a domain has every name below it; and for
//! a program that is no browser and was blocked without an origin, for every origin that it claims. How fast somebody may
//! ask is counted for site × program, and for a program that is no browser for the program alone.
//!
//! - `capability`: what a task needs.
//! - `site`: the names under which callers are counted and remembered.
//! - `bucket`: how often each asked.
//! - `remembered`: what was decided, at once and behind a lock.
//! - `entries`: the file of it.

mod bucket;
mod capability;
mod entries;
mod remembered;
mod site;

use crate::board::Board;
pub(crate) use bucket::{Bucket, Rate};
use bucket::{Buckets, Standing};
pub(crate) use capability::Capability;
use entries::{Caller, Entry, Rule};
use order::{Origin, PathPermission, Program, SiteChoice};
use remembered::{Choice, Remembered};
use settings::{FilePaths, Live, Places};
pub(crate) use site::Account;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An origin, and what is remembered of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `https://egov.kz`, `null` for pages without an origin of their own, `-` for programs that are no browser.
    pub origin: String,
    /// The site that the origin belongs to, which a block holds for: `egov.kz`, or the origin itself.
    pub site: String,
    /// The program it is remembered in: `browser:Chromium`, `program:/usr/bin/node`, `unknown`.
    pub program: String,
    /// What was decided.
    pub decision: Decision,
    /// Whether it may name files by their paths.
    pub paths: PathPermission,
    /// Since when, RFC 3339.
    pub since: String,
}

/// What the person decided about a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet; it was answered before.
    Seen,
    /// It may ask.
    Allowed,
    /// It is not heard.
    Blocked,
}

/// What is remembered of sites in these folders.
#[must_use]
pub fn sites(places: &Places) -> Vec<Site> {
    let site = |entry: Entry| Site {
        decision: match entry.rule {
            Rule::Block => Decision::Blocked,
            Rule::Seen if entry.allow.contains(&Capability::Sign) => Decision::Allowed,
            Rule::Seen => Decision::Seen,
        },
        paths: path_permission(&entry.allow),
        origin: entry.caller.origin,
        site: entry.site,
        program: entry.caller.program,
        since: entry.since,
    };
    Remembered::at(file(places)).all().into_iter().map(site).collect()
}

/// Forgets what is remembered of an origin, or of a site by its name, so that the next request of it is a new one's; a
/// block that keeps the origin from being heard is lifted with it. With a program only what is remembered of exactly this
/// origin in it. How many entries that were. A listener that runs takes notice.
///
/// # Errors
/// When the file cannot be written.
pub fn forget_site(places: &Places, origin: &str, program: Option<&str>) -> std::io::Result<usize> {
    Remembered::at(file(places)).forget(origin, program)
}

/// Where it is remembered.
pub(crate) fn file(places: &Places) -> PathBuf {
    places.data().join("sites.json")
}

/// The journal's word for a request that a pause refused.
pub(crate) const PAUSED: &str = "paused";

/// The journal's word for one that names a path, where the settings let the site name none.
pub(crate) const PATH_REFUSED: &str = "path-refused";

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The person is asked, and has said before that this caller may ask, as often as it likes.
    Allow,
    /// The person is asked, and told what there is to know of the caller.
    Ask {
        /// Whether this caller was never answered before.
        first_time: bool,
    },
    /// Nobody is asked.
    Deny(Denial),
}

/// Why nobody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The person blocked this caller; the page hears that it was cancelled.
    Blocked {
        /// Whether this is worth a row of the journal: a blocked page that asks in a loop must not fill it.
        is_noted: bool,
    },
    /// The person wants no window for a while; the page hears that it was cancelled.
    Paused {
        /// Whether this is worth a row of the journal, as for a blocked one.
        is_noted: bool,
    },
    /// It names a file by its path, and the settings (`legacy.file_paths`) let this site name none; the page hears that it
    /// was cancelled.
    PathRefused {
        /// Whether this is worth a row of the journal, as for a blocked one.
        is_noted: bool,
    },
    /// The caller asks faster than a person can answer.
    TooFast,
}

/// What a caller is to the person, whatever it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acquaintance {
    /// It was never answered.
    New,
    /// It was answered once.
    Seen,
    /// It is not heard.
    Blocked,
}

/// What the person allowed, and how often each caller asked.
pub(crate) struct Policy {
    remembered: Remembered,
    board: Board,
    settings: Arc<Live>,
    buckets: Mutex<Counted>,
}

/// The buckets of all callers.
struct Counted {
    asking: Buckets,
    checking: Buckets,
}

impl Policy {
    /// A policy that remembers in this file, read when it is first asked, pauses when this board says so, and obeys these
    /// settings as they are when it is asked.
    pub(crate) fn new(file: PathBuf, board: Board, settings: Arc<Live>) -> Self {
        let counted = Counted { asking: Buckets::new(Rate::ASKING), checking: Buckets::new(Rate::CHECKING) };
        Self { remembered: Remembered::at(file), board, settings, buckets: Mutex::new(counted) }
    }

    /// What becomes of a request that comes too fast for its program to be looked up.
    pub(crate) fn judge_unseen(&self, origin: &Origin) -> Denial {
        // A site that is blocked in one browser and floods in another hears in both that it was cancelled.
        let is_blocked = self.remembered.is_blocked_anywhere(&site::site_of(origin));
        if is_blocked { Denial::Blocked { is_noted: false } } else { Denial::TooFast }
    }

    /// What this caller is to the person. Counts as nothing.
    pub(crate) fn acquaintance(&self, origin: &Origin, program: Option<&Program>) -> Acquaintance {
        let known = self.remembered.known(&Caller::new(origin, program));
        match (known.is_blocked, known.is_seen) {
            (true, _) => Acquaintance::Blocked,
            (false, true) => Acquaintance::Seen,
            (false, false) => Acquaintance::New,
        }
    }

    /// Whether this caller may be one that is blocked, so that its program is worth a look.
    pub(crate) fn may_be_blocked(&self, origin: &Origin) -> bool {
        // A program without an origin may be blocked for all that it claims.
        [site::site_of(origin).as_str(), "-"].into_iter().any(|site| self.remembered.is_blocked_anywhere(site))
    }

    /// Whether there can be anything to know of this caller, so that its program is worth a look: who was answered or
    /// blocked in no program is new in each.
    pub(crate) fn may_be_known(&self, origin: &Origin) -> bool {
        self.may_be_blocked(origin) || self.remembered.is_known_anywhere(&origin.as_record())
    }

    /// May this caller do this, now? Counts as one request of the caller's, unless it may ask as often as it likes.
    pub(crate) fn judge(
        &self,
        origin: &Origin,
        program: Option<&Program>,
        needs: &BTreeSet<Capability>,
        now: Instant,
    ) -> Verdict {
        let account = Account::new(origin, program);
        let known = self.remembered.known(&Caller::new(origin, program));
        let mut counted = lock(&self.buckets);
        let standing = if known.is_seen { Standing::Acquaintance } else { Standing::Stranger };
        counted.asking.meet(&account, standing, now);
        counted.checking.meet(&account, standing, now);
        if known.is_blocked {
            return Verdict::Deny(Denial::Blocked { is_noted: counted.asking.take(&account, now) });
        }
        // Before the pause, which ends: this is the reason that stays, and the tray does not count it.
        if needs.contains(&Capability::NamePath) && !self.may_name_paths(origin) {
            return Verdict::Deny(Denial::PathRefused { is_noted: counted.asking.take(&account, now) });
        }
        let opens_a_window = Capability::open_a_window(needs);
        // Here and nowhere else: whoever would be heard, and needs the person, hears what a person's no sounds like.
        if opens_a_window && self.board.refuses(now) {
            return Verdict::Deny(Denial::Paused { is_noted: counted.asking.take(&account, now) });
        }
        // A digest is never waved through on an earlier yes: it could be the heart of any document.
        if may_be_allowed(origin, program) && needs.is_subset(&known.allow) {
            // It takes no tokens, but owes some for what it took back.
            let is_overdrawn = counted.asking.is_overdrawn(&account, now);
            return if is_overdrawn { Verdict::Deny(Denial::TooFast) } else { Verdict::Allow };
        }
        let buckets = if opens_a_window { &mut counted.asking } else { &mut counted.checking };
        if buckets.take(&account, now) {
            Verdict::Ask { first_time: !known.is_seen }
        } else {
            Verdict::Deny(Denial::TooFast)
        }
    }

    /// What is checked for nobody costs as much more as it is long: one token came with the request, and each further
    /// stretch owes one.
    pub(crate) fn weigh_check(&self, origin: &Origin, program: Option<&Program>, octets: u64, now: Instant) {
        const STRETCH: u64 = 256 * 1024;
        let tokens = u32::try_from(octets.div_ceil(STRETCH).saturating_sub(1)).unwrap_or(u32::MAX);
        if tokens > 0 {
            lock(&self.buckets).checking.owe(&Account::new(origin, program), tokens.min(Rate::CHECKING.burst * 2), now);
        }
    }

    /// Whether this caller may name files by their paths: only after a yes to exactly that.
    pub(crate) fn paths(&self, origin: &Origin, program: Option<&Program>) -> PathPermission {
        if may_be_allowed(origin, program) {
            path_permission(&self.remembered.known(&Caller::new(origin, program)).allow)
        } else {
            PathPermission::Ask
        }
    }

    /// Whether the settings let this origin ask for files by their paths. Which program claims it is not their business: one
    /// that is no known browser is asked about in words each time.
    fn may_name_paths(&self, origin: &Origin) -> bool {
        let legacy = &self.settings.now().settings.legacy;
        match origin {
            Origin::Web(web) => legacy.may_name_paths(web.scheme(), web.host(), web.port()),
            // Who has no origin stands on no list.
            Origin::Opaque | Origin::Absent => legacy.file_paths == FilePaths::Ask,
        }
    }

    /// The caller took a request back after the person had been asked: it counts twice, so that a page cannot make windows
    /// come and go.
    pub(crate) fn withdrawn(&self, origin: &Origin, program: Option<&Program>, verdict: Verdict, now: Instant) {
        let tokens = if verdict == Verdict::Allow { 2 } else { 1 };
        lock(&self.buckets).asking.owe(&Account::new(origin, program), tokens, now);
    }

    /// Remembers that the person answered this caller, and what they said of it. Writes a file: not for a thread that
    /// serves sockets.
    pub(crate) fn remember(
        &self,
        origin: &Origin,
        program: Option<&Program>,
        choice: Option<SiteChoice>,
        now: time::OffsetDateTime,
    ) {
        let may_be_allowed = may_be_allowed(origin, program);
        let choice = match choice {
            Some(SiteChoice::Block) => Choice::Block,
            Some(SiteChoice::Allow) if may_be_allowed => Choice::Allow(Capability::COVERED.into()),
            Some(SiteChoice::AllowPaths) if may_be_allowed => Choice::Allow([Capability::NamePath].into()),
            Some(SiteChoice::AllowBoth) if may_be_allowed => {
                Choice::Allow(Capability::COVERED.into_iter().chain([Capability::NamePath]).collect())
            }
            Some(SiteChoice::Allow | SiteChoice::AllowPaths | SiteChoice::AllowBoth) | None => Choice::Seen,
        };
        // Every sandboxed frame of every site is the same opaque origin: having seen one says nothing of the next.
        if choice == Choice::Seen && *origin == Origin::Opaque {
            return;
        }
        if let Err(error) = self.remembered.set(Caller::new(origin, program), choice, now) {
            tracing::error!(%error, "what was decided about a site could not be written down");
        }
    }
}

fn path_permission(allow: &BTreeSet<Capability>) -> PathPermission {
    if allow.contains(&Capability::NamePath) { PathPermission::Allowed } else { PathPermission::Ask }
}

/// Whether a caller can be remembered as allowed: a site whose pages nobody can change on their way, in a program that
/// does not invent origins.
fn may_be_allowed(origin: &Origin, program: Option<&Program>) -> bool {
    let is_secure = matches!(origin, Origin::Web(web) if !web.is_insecure());
    is_secure && program.is_some_and(|program| program.is_known_browser)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
