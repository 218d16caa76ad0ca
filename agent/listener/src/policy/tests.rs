//! Tests of the policy as a whole.

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
        Self::under(tempfile::tempdir().unwrap())
    }

    fn again(self) -> Self {
        Self::under(self.folder)
    }

    fn under(folder: tempfile::TempDir) -> Self {
        let places = Places::under(folder.path());
        places.create().unwrap();
        let live = Arc::new(Live::new(places, settings::Settings::default()));
        Self { policy: Policy::new(folder.path().join("sites.json"), Board::default(), live), folder }
    }

    fn set(&self, key: &str, value: &str) {
        settings::edit::set(&Places::under(self.folder.path()), key, value).unwrap();
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
fn who_may_name_paths_the_settings_say_for_the_next_request() {
    let case = Case::new();
    let (egov, other) = (origin("https://idp.egov.kz"), origin("https://other.kz"));
    let needs = BTreeSet::from([Capability::Sign, Capability::NamePath]);
    let ask = |origin: &Origin| case.policy.judge(origin, Some(&browser()), &needs, Instant::now());
    let refused = Verdict::Deny(Denial::PathRefused { is_noted: true });
    case.policy.remember(&other, Some(&browser()), Some(SiteChoice::AllowBoth), NOW);
    assert_eq!((ask(&egov), ask(&other)), (FIRST, Verdict::Allow));
    case.set("legacy.file_paths", "never");
    assert_eq!((ask(&egov), ask(&other)), (refused, refused), "an earlier yes does not count any more");
    assert_eq!(case.judge(&other, Some(&browser())), Verdict::Allow, "what names no path is asked as ever");
    case.set("legacy.file_paths", "listed");
    assert_eq!(ask(&egov), refused, "the list is empty");
    case.set("legacy.sites", "egov.kz");
    assert_eq!((ask(&egov), ask(&other)), (FIRST, refused));
    assert_eq!(ask(&Origin::Absent), refused);
    assert_eq!(ask(&Origin::Opaque), refused);
    case.set("legacy.file_paths", "ask");
    assert_eq!((ask(&other), ask(&Origin::Absent)), (Verdict::Allow, FIRST));
}

#[test]
fn a_refused_path_is_no_word_of_the_pause_and_does_not_fill_the_journal() {
    let case = Case::new();
    case.set("legacy.file_paths", "never");
    case.policy.board.pause(std::time::Duration::from_secs(60));
    let (egov, spam) = (origin("https://egov.kz"), origin("https://spam.kz"));
    case.policy.remember(&spam, Some(&browser()), Some(SiteChoice::Block), NOW);
    let needs = BTreeSet::from([Capability::Check, Capability::NamePath]);
    let ask = |origin: &Origin| case.policy.judge(origin, Some(&browser()), &needs, Instant::now());
    assert_eq!(ask(&spam), BLOCKED, "a block is the older word");
    let verdicts: Vec<_> = (0..200).map(|_| ask(&egov)).collect();
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Deny(Denial::PathRefused { .. }))));
    let noted = Verdict::Deny(Denial::PathRefused { is_noted: true });
    assert!(verdicts.iter().filter(|verdict| **verdict == noted).count() < 100);
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
