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
use settings::Places;
pub(crate) use site::Account;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
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
/// block that keeps the origin from being heard is lifted with it. How many entries that were. A listener that runs takes
/// notice.
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

/// The journal's word for a request that a pause refused.
pub(crate) const PAUSED: &str = "paused";

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
    buckets: Mutex<Counted>,
}

/// The buckets of all callers.
struct Counted {
    asking: Buckets,
    checking: Buckets,
}

impl Policy {
    /// A policy that remembers in this file, read when it is first asked, and pauses when this board says so.
    pub(crate) fn new(file: PathBuf, board: Board) -> Self {
        let counted = Counted { asking: Buckets::new(Rate::ASKING), checking: Buckets::new(Rate::CHECKING) };
        Self { remembered: Remembered::at(file), board, buckets: Mutex::new(counted) }
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
            let policy = Policy::new(folder.path().join("sites.json"), Board::default());
            Self { folder, policy }
        }

        fn again(self) -> Self {
            let policy = Policy::new(self.folder.path().join("sites.json"), Board::default());
            Self { policy, ..self }
        }

        fn judge(&self, origin: &Origin, program: Option<&Program>) -> Verdict {
            self.policy.judge(origin, program, &[Capability::Sign].into(), Instant::now())
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
        let verdict = case.policy.judge(&egov, Some(&browser()), &[Capability::SignDigest].into(), Instant::now());
        assert_eq!(verdict, KNOWN);
    }

    #[test]
    fn while_paused_nobody_is_asked_and_what_needs_nobody_goes_on() {
        let case = Case::new();
        let (egov, portal, spam) = (origin("https://egov.kz"), origin("https://portal.kz"), origin("https://spam.kz"));
        case.policy.remember(&portal, Some(&browser()), Some(SiteChoice::Allow), NOW);
        case.policy.remember(&spam, Some(&browser()), Some(SiteChoice::Block), NOW);
        case.policy.board.pause(std::time::Duration::from_secs(60));
        let paused = Verdict::Deny(Denial::Paused { is_noted: true });
        assert_eq!(case.judge(&egov, Some(&browser())), paused);
        assert_eq!(case.judge(&portal, Some(&browser())), paused, "a yes to asking opens no window either");
        assert_eq!(case.judge(&spam, Some(&browser())), BLOCKED, "a block is the older word");
        let check = case.policy.judge(&egov, Some(&browser()), &[Capability::Check].into(), Instant::now());
        assert_eq!(check, FIRST);
        let noted = (0..200).filter(|_| case.judge(&egov, Some(&browser())) == paused).count();
        assert!(noted < 100, "a page in a loop does not fill the journal: {noted}");
        case.policy.board.go_on();
        assert_eq!(case.judge(&portal, Some(&browser())), Verdict::Allow);
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
        let ask = |at| case.policy.judge(&site, Some(&browser()), &[Capability::Sign].into(), at);
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
        let verdicts = |capability: BTreeSet<Capability>| -> Vec<_> {
            (0..200).map(|_| case.policy.judge(&portal, Some(&browser()), &capability, now)).collect()
        };
        assert!(verdicts([Capability::Sign].into()).iter().all(|verdict| *verdict == Verdict::Allow));
        assert!(verdicts([Capability::ReadKey].into()).iter().all(|verdict| *verdict == Verdict::Allow));
        let digests = verdicts([Capability::Sign, Capability::SignDigest].into());
        assert_eq!((digests[0], digests[199]), (KNOWN, Verdict::Deny(Denial::TooFast)));
        // What a script does under the portal's name is not the portal's doing.
        let script = || case.policy.judge(&portal, Some(&script()), &[Capability::Sign].into(), now);
        assert!((0..200).any(|_| script() == Verdict::Deny(Denial::TooFast)));
    }

    #[test]
    fn a_blocked_site_that_asks_in_a_loop_stays_blocked_and_is_noted_a_few_times() {
        let case = Case::new();
        let site = origin("https://spam.kz");
        case.policy.remember(&site, Some(&browser()), Some(SiteChoice::Block), NOW);
        let now = Instant::now();
        let verdicts: Vec<_> =
            (0..1000).map(|_| case.policy.judge(&site, Some(&browser()), &[Capability::Sign].into(), now)).collect();
        assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Deny(Denial::Blocked { .. }))));
        assert!(verdicts.iter().filter(|verdict| **verdict == BLOCKED).count() < 100);
    }

    #[test]
    fn who_takes_requests_back_is_cut_off_sooner_even_when_it_is_allowed() {
        let case = Case::new();
        let now = Instant::now();
        let ask = |site: &Origin| case.policy.judge(site, Some(&browser()), &[Capability::Sign].into(), now);
        let (new, allowed) = (origin("https://new.kz"), origin("https://allowed.kz"));
        case.policy.remember(&allowed, Some(&browser()), Some(SiteChoice::Allow), NOW);
        for site in [&new, &allowed] {
            let heard = (0..1000)
                .take_while(|_| {
                    let verdict = ask(site);
                    case.policy.withdrawn(site, Some(&browser()), verdict, now);
                    verdict != Verdict::Deny(Denial::TooFast)
                })
                .count();
            assert_eq!(heard, 15, "{site:?}");
        }
    }

    #[test]
    fn names_below_one_domain_share_their_tokens_and_their_block() {
        let case = Case::new();
        let now = Instant::now();
        let ask = |number: usize| {
            let site = origin(&format!("https://n{number}.loud.kz"));
            case.policy.judge(&site, Some(&browser()), &[Capability::Sign].into(), now)
        };
        assert_eq!((0..1000).filter(|number| ask(*number) == FIRST).count(), 30);
        case.policy.remember(&origin("https://n1.loud.kz"), Some(&browser()), Some(SiteChoice::Block), NOW);
        assert!(matches!(ask(2), Verdict::Deny(Denial::Blocked { .. })));
        assert_eq!(case.policy.judge_unseen(&origin("https://n3.loud.kz")), Denial::Blocked { is_noted: false });
        assert_eq!(case.policy.judge_unseen(&origin("https://egov.kz")), Denial::TooFast);
    }

    #[test]
    fn a_program_that_claims_origins_has_tokens_for_all_of_them_together() {
        let case = Case::new();
        let now = Instant::now();
        let ask = |number: usize| {
            let site = origin(&format!("https://n{number}.kz"));
            case.policy.judge(&site, Some(&script()), &[Capability::Sign].into(), now)
        };
        assert_eq!((0..1000).filter(|number| ask(*number) == FIRST).count(), 30);
    }

    #[test]
    fn naming_paths_is_allowed_by_a_yes_to_that_and_to_that_origin_only() {
        let case = Case::new();
        let (egov, other) = (origin("https://egov.kz"), origin("https://idp.egov.kz"));
        case.policy.remember(&egov, Some(&browser()), Some(SiteChoice::Allow), NOW);
        assert_eq!(case.policy.paths(&egov, Some(&browser())), PathPermission::Ask);
        let needs = [Capability::Sign, Capability::NamePath].into();
        assert_eq!(case.policy.judge(&egov, Some(&browser()), &needs, Instant::now()), KNOWN);
        case.policy.remember(&egov, Some(&browser()), Some(SiteChoice::AllowPaths), NOW);
        let case = case.again();
        assert_eq!(case.policy.paths(&egov, Some(&browser())), PathPermission::Allowed);
        assert_eq!(case.policy.judge(&egov, Some(&browser()), &needs, Instant::now()), Verdict::Allow);
        assert_eq!(case.policy.paths(&other, Some(&browser())), PathPermission::Ask);
        assert_eq!(case.policy.paths(&egov, Some(&script())), PathPermission::Ask);
        case.policy.remember(&egov, Some(&script()), Some(SiteChoice::AllowPaths), NOW);
        assert_eq!(case.policy.paths(&egov, Some(&script())), PathPermission::Ask);
    }

    #[test]
    fn both_permissions_of_one_order_are_remembered() {
        let case = Case::new();
        let egov = origin("https://egov.kz");
        case.policy.remember(&egov, Some(&browser()), Some(SiteChoice::AllowBoth), NOW);
        let case = case.again();
        assert_eq!(case.judge(&egov, Some(&browser())), Verdict::Allow);
        assert_eq!(case.policy.paths(&egov, Some(&browser())), PathPermission::Allowed);
    }

    #[test]
    fn what_needs_nobody_is_counted_apart_and_is_not_endless() {
        let case = Case::new();
        let now = Instant::now();
        let egov = origin("https://egov.kz");
        let ask = |need| case.policy.judge(&egov, Some(&browser()), &[need].into(), now);
        assert_eq!((0..1000).filter(|_| ask(Capability::Check) == FIRST).count(), 200);
        assert_eq!(ask(Capability::Sign), FIRST);
    }

    #[test]
    fn what_needs_nobody_costs_as_much_as_it_is_long() {
        let case = Case::new();
        let now = Instant::now();
        let egov = origin("https://egov.kz");
        let ask = || case.policy.judge(&egov, Some(&browser()), &[Capability::Check].into(), now);
        assert_eq!(ask(), FIRST);
        case.policy.weigh_check(&egov, Some(&browser()), 256 * 1024, now);
        case.policy.weigh_check(&egov, Some(&browser()), 25 * 1024 * 1024, now);
        assert_eq!((0..1000).filter(|_| ask() == FIRST).count(), 100);
        case.policy.weigh_check(&egov, Some(&browser()), u64::MAX, now);
        assert!(ask() != FIRST);
    }
}
