//! How often each caller asked: a token bucket for each (the generic cell rate algorithm).

use super::site::Account;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How fast a bucket lets ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// So often at once.
    pub(crate) burst: u32,
    /// After that, one more for each of these.
    pub(crate) refill: Duration,
}

impl Rate {
    /// For what a person has to answer: a page that signs a folder of documents one by one may ask so often at once, and
    /// after that faster than anybody types a password.
    pub(crate) const ASKING: Self = Self { burst: 30, refill: Duration::from_secs(2) };

    /// For what needs nobody, such as a digest.
    pub(crate) const CHECKING: Self = Self { burst: 200, refill: Duration::from_millis(50) };

    /// For one socket, before anything is looked up for it. Whoever waits for answers is never so fast.
    pub(crate) const KNOCKING: Self = Self { burst: 100, refill: Duration::from_millis(100) };
}

/// One bucket: the moment at which it is full again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket(Option<Instant>);

impl Bucket {
    /// Takes one token; `false` when there is none.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> bool {
        let full_at = self.full_at(now) + rate.refill;
        let has_token = full_at - now <= rate.refill * rate.burst;
        if has_token {
            self.0 = Some(full_at);
        }
        has_token
    }

    /// Takes tokens whether they are there or not; who owes more than a whole bucket owes no more.
    fn owe(&mut self, tokens: u32, rate: Rate, now: Instant) {
        self.0 = Some((self.full_at(now) + rate.refill * tokens).min(now + rate.refill * rate.burst * 2));
    }

    fn is_overdrawn(self, rate: Rate, now: Instant) -> bool {
        self.full_at(now) - now >= rate.refill * rate.burst
    }

    fn full_at(self, now: Instant) -> Instant {
        self.0.map_or(now, |full_at| full_at.max(now))
    }
}

/// Programs that are kept apart; the ones beyond share one.
const MOST_PROGRAMS: usize = 256;

/// Sites that are kept apart in one program; the ones beyond share one bucket there, so that a program that invents sites
/// is slowed down and hinders no other. Not counted are those that the person has answered before.
const MOST_SITES: usize = 256;

/// Sites with a bucket of their own wherever they ask, because the person has answered them before.
const MOST_ACQUAINTANCES: usize = 1024;

/// Whether the person has answered a caller before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Stranger,
    Acquaintance,
}

/// The buckets of all callers.
pub(super) struct Buckets {
    rate: Rate,
    programs: HashMap<String, HashMap<String, Bucket>>,
    /// By program and site. A page can have as many free names as it likes, but not the person's answers to them.
    acquaintances: HashMap<(String, String), Bucket>,
}

impl Buckets {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, programs: HashMap::new(), acquaintances: HashMap::new() }
    }

    /// Gives a caller that the person has answered a bucket that it shares with nobody, whatever strangers do.
    pub(super) fn meet(&mut self, account: &Account, standing: Standing, now: Instant) {
        let key = || (account.program.clone(), account.bucket().to_owned());
        // A program that is no browser has one bucket anyway.
        if standing == Standing::Stranger || account.bucket().is_empty() || self.acquaintances.contains_key(&key()) {
            return;
        }
        if self.acquaintances.len() >= MOST_ACQUAINTANCES {
            self.acquaintances.retain(|_, bucket| bucket.full_at(now) > now);
        }
        if self.acquaintances.len() < MOST_ACQUAINTANCES {
            // What it took as a stranger is not forgotten.
            let so_far = self.programs.get_mut(&account.program).and_then(|sites| sites.remove(account.bucket()));
            self.acquaintances.insert(key(), so_far.unwrap_or_default());
        }
    }

    /// Takes one token of this caller's; `false` when there is none.
    pub(super) fn take(&mut self, account: &Account, now: Instant) -> bool {
        let rate = self.rate;
        self.bucket(account, now).take(rate, now)
    }

    /// Takes so many tokens of this caller's, whether they are there or not.
    pub(super) fn owe(&mut self, account: &Account, tokens: u32, now: Instant) {
        let rate = self.rate;
        self.bucket(account, now).owe(tokens, rate, now);
    }

    /// Whether the caller has no token.
    pub(super) fn is_overdrawn(&self, account: &Account, now: Instant) -> bool {
        let own = self.acquaintances.get(&(account.program.clone(), account.bucket().to_owned()));
        let bucket = own.or_else(|| self.programs.get(&account.program).and_then(|sites| sites.get(account.bucket())));
        bucket.is_some_and(|bucket| bucket.is_overdrawn(self.rate, now))
    }

    fn bucket(&mut self, account: &Account, now: Instant) -> &mut Bucket {
        let key = (account.program.clone(), account.bucket().to_owned());
        if self.acquaintances.contains_key(&key) {
            return self.acquaintances.entry(key).or_default();
        }
        // A bucket that has filled again is as if it had never been used.
        let in_use = |bucket: &Bucket| bucket.full_at(now) > now;
        if self.programs.len() >= MOST_PROGRAMS && !self.programs.contains_key(&account.program) {
            self.programs.retain(|_, sites| sites.values().any(in_use));
        }
        let has_room = self.programs.len() < MOST_PROGRAMS || self.programs.contains_key(&account.program);
        let program = if has_room { account.program.clone() } else { String::new() };
        let sites = self.programs.entry(program).or_default();
        if sites.len() >= MOST_SITES && !sites.contains_key(account.bucket()) {
            sites.retain(|_, bucket| in_use(bucket));
        }
        let has_room = sites.len() < MOST_SITES || sites.contains_key(account.bucket());
        sites.entry(if has_room { account.bucket().to_owned() } else { String::new() }).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use order::{Origin, Program};

    fn account(site: usize, program: &str) -> Account {
        let origin = Origin::from_header(Some(format!("https://{site}.kz").as_bytes()));
        let program = Program { name: program.into(), path: String::new(), is_known_browser: true };
        Account::new(&origin, Some(&program))
    }

    #[test]
    fn a_program_that_invents_sites_is_slowed_down_and_hinders_no_other() {
        let mut buckets = Buckets::new(Rate::ASKING);
        let now = Instant::now();
        let heard = (0..10_000).filter(|site| buckets.take(&account(*site, "script"), now)).count();
        assert!(heard <= MOST_SITES + Rate::ASKING.burst as usize, "{heard}");
        assert!(buckets.take(&account(0, "browser"), now));
        assert!(buckets.take(&account(10_001, "browser"), now));
        // After a while it is as if nothing had been.
        assert!(buckets.take(&account(10_001, "script"), now + Rate::ASKING.refill * 60));
    }

    #[test]
    fn sites_that_were_answered_before_are_not_hindered_by_those_that_a_page_invents() {
        let mut buckets = Buckets::new(Rate::ASKING);
        let now = Instant::now();
        for site in 0..10_000 {
            buckets.take(&account(site, "browser"), now);
        }
        let known = account(10_001, "browser");
        assert!(!buckets.take(&known, now));
        buckets.meet(&known, Standing::Acquaintance, now);
        assert_eq!((0..1000).filter(|_| buckets.take(&known, now)).count(), Rate::ASKING.burst as usize);
        // To be met again gives it nothing, and neither does to be met at last.
        buckets.meet(&known, Standing::Acquaintance, now);
        assert!(buckets.is_overdrawn(&known, now) && !buckets.take(&known, now));
        let stranger = account(0, "browser");
        while buckets.take(&stranger, now) {}
        buckets.meet(&stranger, Standing::Acquaintance, now);
        assert!(!buckets.take(&stranger, now));
        for site in 0..10_000 {
            buckets.meet(&account(site, "browser"), Standing::Acquaintance, now);
        }
        assert!(buckets.acquaintances.len() <= MOST_ACQUAINTANCES);
    }

    #[test]
    fn many_programs_do_not_take_the_memory() {
        let mut buckets = Buckets::new(Rate::ASKING);
        let now = Instant::now();
        for program in 0..10_000 {
            buckets.take(&account(0, &program.to_string()), now);
        }
        assert!(buckets.programs.len() <= MOST_PROGRAMS + 1);
    }

    #[test]
    fn what_is_owed_has_an_end() {
        let mut buckets = Buckets::new(Rate::ASKING);
        let now = Instant::now();
        for _ in 0..1000 {
            buckets.owe(&account(0, "browser"), 2, now);
        }
        assert!(buckets.is_overdrawn(&account(0, "browser"), now));
        assert!(!buckets.take(&account(0, "browser"), now));
        assert!(buckets.take(&account(0, "browser"), now + Rate::ASKING.refill * Rate::ASKING.burst * 2));
    }
}
