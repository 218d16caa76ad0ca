//! What happens often is said seldom: whoever is refused in a loop must not fill the log.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two lines of the log.
const PAUSE: Duration = Duration::from_secs(60);

/// Counts what happens, and says when it is time to speak of it.
#[derive(Default)]
pub(crate) struct Seldom {
    since: Mutex<Since>,
}

#[derive(Default)]
struct Since {
    said: Option<Instant>,
    times: u64,
}

impl Seldom {
    /// It happened once more. How often since the last time it was spoken of, when it is time again.
    pub(crate) fn happened(&self) -> Option<u64> {
        self.happened_at(Instant::now())
    }

    fn happened_at(&self, now: Instant) -> Option<u64> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner).happened(now)
    }
}

impl Since {
    fn happened(&mut self, now: Instant) -> Option<u64> {
        self.times += 1;
        if self.is_recent(now) {
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.times))
    }

    fn is_recent(&self, now: Instant) -> bool {
        self.said.is_some_and(|said| now.saturating_duration_since(said) < PAUSE)
    }
}

/// Sites that are counted apart.
const MOST_SITES: usize = 256;

/// The same for each site: a loud one does not hide another.
#[derive(Default)]
pub(crate) struct SeldomBySite {
    sites: Mutex<HashMap<String, Since>>,
}

impl SeldomBySite {
    /// It happened once more at this site. How often since it was last spoken of there, when it is time again. Sites that
    /// find no place are counted together.
    pub(crate) fn happened(&self, site: &str) -> Option<u64> {
        self.happened_at(site, Instant::now())
    }

    fn happened_at(&self, site: &str, now: Instant) -> Option<u64> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() >= MOST_SITES && !sites.contains_key(site) {
            sites.retain(|_, since| since.is_recent(now));
        }
        let has_place = sites.len() < MOST_SITES || sites.contains_key(site);
        sites.entry(if has_place { site.to_owned() } else { String::new() }).or_default().happened(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_said_at_once_and_the_others_together_after_a_pause() {
        let seldom = Seldom::default();
        let now = Instant::now();
        assert_eq!(seldom.happened_at(now), Some(1));
        assert!((0..1000).all(|_| seldom.happened_at(now).is_none()));
        assert_eq!(seldom.happened_at(now + PAUSE), Some(1001));
    }

    #[test]
    fn a_loud_site_hides_no_other_and_many_sites_take_neither_the_log_nor_the_memory() {
        let seldom = SeldomBySite::default();
        let now = Instant::now();
        assert_eq!(seldom.happened_at("https://loud.kz", now), Some(1));
        assert!((0..1000).all(|_| seldom.happened_at("https://loud.kz", now).is_none()));
        assert_eq!(seldom.happened_at("https://egov.kz", now), Some(1));
        let said = (0..10_000).filter(|site| seldom.happened_at(&site.to_string(), now).is_some()).count();
        assert!(said <= MOST_SITES, "{said}");
        assert!(seldom.sites.lock().unwrap().len() <= MOST_SITES + 1);
        assert_eq!(seldom.happened_at("https://new.kz", now + PAUSE), Some(1));
    }
}
