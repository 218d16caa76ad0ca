//! May this caller ask this? Answered here and nowhere else, for every door and every module.
//!
//! A permission is for *origin × calling program*: any program can claim any origin, so what a person allowed a site in
//! their browser says nothing about a script that bears the site's name. Nothing that is remembered here signs by
//! itself: the window opens for every request that is heard. What is remembered is who is not heard at all, who may ask
//! as often as it likes, and who was seen before:
//!
//! | remembered | introduced as new | at most so fast |
//! | --- | --- | --- |
//! | nothing | yes | yes |
//! | seen | no | yes |
//! | allowed | no | no, but for digests: a portal that signs two hundred documents one by one is not cut off |
//! | blocked | never heard | |
//!
//! Allowed can only be a secure site in a browser that is known.

mod bucket;
mod remembered;

use bucket::Buckets;
use order::{Form, Origin, Program, SiteChoice, Task};
use remembered::{Caller, Remembered, Rule};
use settings::Places;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A site, and what is remembered of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `https://egov.kz`, `null` for pages without an origin of their own, `-` for programs that are no browser.
    pub origin: String,
    /// The program it is remembered in: `browser:Chromium`, `program:/usr/bin/node`, `unknown`.
    pub program: String,
    /// What was decided.
    pub decision: Decision,
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
    let mut remembered = Remembered::at(file(places));
    let site = |entry: &remembered::Entry| Site {
        origin: entry.caller.origin.clone(),
        program: entry.caller.program.clone(),
        decision: match entry.rule {
            Rule::Seen => Decision::Seen,
            Rule::Allow => Decision::Allowed,
            Rule::Block => Decision::Blocked,
        },
        since: entry.since.clone(),
    };
    remembered.all().iter().map(site).collect()
}

/// Forgets what is remembered of a site, so that the next request of it is a new one's; how many entries that were. A
/// listener that runs takes notice.
///
/// # Errors
/// When the file cannot be written.
pub fn forget_site(places: &Places, origin: &str) -> std::io::Result<usize> {
    Remembered::at(file(places)).forget(origin)
}

/// Where it is remembered.
pub(crate) fn file(places: &Places) -> PathBuf {
    places.data().join("sites.json")
}

/// What a caller wants to be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capability {
    /// Ask for a signature over documents that the person sees.
    Sign,
    /// Ask for a signature over a digest, which could be of anything.
    SignDigest,
    /// Read one certificate of the person's choice.
    ReadKey,
}

impl Capability {
    /// What a task needs.
    pub(crate) fn of(task: &Task) -> Self {
        match task {
            // Signed bare, any octets can be the heart of another document.
            Task::Sign(task) if task.has_digest() || task.form == Form::Raw => Self::SignDigest,
            Task::Sign(_) => Self::Sign,
            _ => Self::ReadKey,
        }
    }
}

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
    /// The caller asks faster than a person can answer.
    TooFast,
}

/// What the person allowed, and how often each caller asked.
pub(crate) struct Policy {
    remembered: Mutex<Remembered>,
    buckets: Mutex<Buckets>,
}

impl Policy {
    /// A policy that remembers in this file, read when it is first asked.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { remembered: Mutex::new(Remembered::at(file)), buckets: Mutex::new(Buckets::default()) }
    }

    /// May this caller ask this, now? Counts as one request of the caller's, unless it may ask as often as it likes.
    pub(crate) fn judge(
        &self,
        origin: &Origin,
        program: Option<&Program>,
        capability: Capability,
        now: Instant,
    ) -> Verdict {
        let caller = Caller::new(origin, program);
        let rule = lock(&self.remembered).rule(&caller);
        // A digest is never waved through on an earlier yes: it could be the heart of any document.
        if rule == Some(Rule::Allow) && may_be_allowed(origin, program) && capability != Capability::SignDigest {
            return Verdict::Allow;
        }
        let is_patient = lock(&self.buckets).take(&caller, now);
        match rule {
            Some(Rule::Block) => Verdict::Deny(Denial::Blocked { is_noted: is_patient }),
            _ if !is_patient => Verdict::Deny(Denial::TooFast),
            known => Verdict::Ask { first_time: known.is_none() },
        }
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
        let rule = match choice {
            Some(SiteChoice::Block) => Rule::Block,
            Some(SiteChoice::Allow) if may_be_allowed(origin, program) => Rule::Allow,
            Some(SiteChoice::Allow | SiteChoice::AllowPaths) | None => Rule::Seen,
        };
        // Every sandboxed frame of every site is the same opaque origin: having seen one says nothing of the next.
        if rule == Rule::Seen && *origin == Origin::Opaque {
            return;
        }
        if let Err(error) = lock(&self.remembered).set(Caller::new(origin, program), rule, now) {
            tracing::error!(%error, "what was decided about a site could not be written down");
        }
    }
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
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: time::OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    fn origin(text: &str) -> Origin {
        Origin::from_header(Some(text.as_bytes()))
    }

    fn browser() -> Program {
        Program { path: "/usr/lib/chromium/chromium".into(), name: "Chromium".into(), is_known_browser: true }
    }

    fn script() -> Program {
        Program { path: "/usr/bin/python3".into(), name: "python3".into(), is_known_browser: false }
    }

    struct Case {
        folder: tempfile::TempDir,
        policy: Policy,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let policy = Policy::new(folder.path().join("sites.json"));
            Self { folder, policy }
        }

        fn again(self) -> Self {
            let policy = Policy::new(self.folder.path().join("sites.json"));
            Self { policy, ..self }
        }

        fn judge(&self, origin: &Origin, program: Option<&Program>) -> Verdict {
            self.policy.judge(origin, program, Capability::Sign, Instant::now())
        }
    }

    const FIRST: Verdict = Verdict::Ask { first_time: true };
    const KNOWN: Verdict = Verdict::Ask { first_time: false };
    const BLOCKED: Verdict = Verdict::Deny(Denial::Blocked { is_noted: true });

    #[test]
    fn a_new_site_is_introduced_once() {
        let case = Case::new();
        let egov = origin("https://egov.kz");
        assert_eq!(case.judge(&egov, Some(&browser())), FIRST);
        case.policy.remember(&egov, Some(&browser()), None, NOW);
        assert_eq!(case.judge(&egov, Some(&browser())), KNOWN);
        let case = case.again();
        assert_eq!(case.judge(&egov, Some(&browser())), KNOWN);
        assert_eq!(case.judge(&origin("https://egov.kz:8443"), Some(&browser())), FIRST);
    }

    #[test]
    fn a_block_holds_after_a_restart_for_that_site_in_that_program_only() {
        let case = Case::new();
        let site = origin("https://spam.kz");
        case.policy.remember(&site, Some(&script()), Some(SiteChoice::Block), NOW);
        let case = case.again();
        assert_eq!(case.judge(&site, Some(&script())), BLOCKED);
        assert_eq!(case.judge(&site, Some(&browser())), FIRST);
        assert_eq!(case.judge(&site, None), FIRST);
    }

    #[test]
    fn only_a_secure_site_in_a_known_browser_is_remembered_as_allowed() {
        let case = Case::new();
        let allow = |origin: &Origin, program: Option<&Program>| {
            case.policy.remember(origin, program, Some(SiteChoice::Allow), NOW);
            case.judge(origin, program)
        };
        assert_eq!(allow(&origin("https://egov.kz"), Some(&browser())), Verdict::Allow);
        assert_eq!(allow(&origin("https://egov.kz"), Some(&script())), KNOWN);
        assert_eq!(allow(&origin("https://egov.kz"), None), KNOWN);
        assert_eq!(allow(&origin("http://egov.kz"), Some(&browser())), KNOWN);
        assert_eq!(allow(&Origin::Absent, Some(&script())), KNOWN);
        assert_eq!(allow(&Origin::Opaque, Some(&browser())), FIRST);
    }

    #[test]
    fn a_digest_is_asked_about_even_by_an_allowed_site() {
        let case = Case::new();
        let egov = origin("https://egov.kz");
        case.policy.remember(&egov, Some(&browser()), Some(SiteChoice::Allow), NOW);
        let verdict = case.policy.judge(&egov, Some(&browser()), Capability::SignDigest, Instant::now());
        assert_eq!(verdict, KNOWN);
    }

    #[test]
    fn being_answered_again_takes_neither_a_yes_nor_a_no_away() {
        let case = Case::new();
        let egov = origin("https://egov.kz");
        for (choice, verdict) in [(SiteChoice::Allow, Verdict::Allow), (SiteChoice::Block, BLOCKED)] {
            case.policy.remember(&egov, Some(&browser()), Some(choice), NOW);
            case.policy.remember(&egov, Some(&browser()), None, NOW);
            assert_eq!(case.judge(&egov, Some(&browser())), verdict);
        }
    }

    #[test]
    fn who_asks_too_fast_is_not_heard_for_a_while_and_hinders_nobody_else() {
        let case = Case::new();
        let now = Instant::now();
        let site = origin("https://loud.kz");
        let ask = |at| case.policy.judge(&site, Some(&browser()), Capability::Sign, at);
        let heard = (0..1000).take_while(|_| ask(now) == FIRST).count();
        assert!((10..100).contains(&heard), "{heard}");
        assert_eq!(ask(now), Verdict::Deny(Denial::TooFast));
        assert_eq!(case.judge(&origin("https://egov.kz"), Some(&browser())), FIRST);
        assert_eq!(ask(now + std::time::Duration::from_secs(60)), FIRST);
    }

    #[test]
    fn an_allowed_site_asks_as_often_as_it_likes_but_for_digests() {
        let case = Case::new();
        let now = Instant::now();
        let portal = origin("https://portal.kz");
        case.policy.remember(&portal, Some(&browser()), Some(SiteChoice::Allow), NOW);
        let verdicts = |capability| -> Vec<_> {
            (0..200).map(|_| case.policy.judge(&portal, Some(&browser()), capability, now)).collect()
        };
        assert!(verdicts(Capability::Sign).iter().all(|verdict| *verdict == Verdict::Allow));
        assert!(verdicts(Capability::ReadKey).iter().all(|verdict| *verdict == Verdict::Allow));
        let digests = verdicts(Capability::SignDigest);
        assert_eq!((digests[0], digests[199]), (KNOWN, Verdict::Deny(Denial::TooFast)));
        // What a script does under the portal's name is not the portal's doing.
        let script = || case.policy.judge(&portal, Some(&script()), Capability::Sign, now);
        assert!((0..200).any(|_| script() == Verdict::Deny(Denial::TooFast)));
    }

    #[test]
    fn a_blocked_site_that_asks_in_a_loop_stays_blocked_and_is_noted_a_few_times() {
        let case = Case::new();
        let site = origin("https://spam.kz");
        case.policy.remember(&site, Some(&browser()), Some(SiteChoice::Block), NOW);
        let now = Instant::now();
        let verdicts: Vec<_> =
            (0..1000).map(|_| case.policy.judge(&site, Some(&browser()), Capability::Sign, now)).collect();
        assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Deny(Denial::Blocked { .. }))));
        assert!(verdicts.iter().filter(|verdict| **verdict == BLOCKED).count() < 100);
    }
}
