//! What happens often is said seldom: whoever is refused in a loop must not fill the log.

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
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.times += 1;
        if since.said.is_some_and(|said| now.saturating_duration_since(said) < PAUSE) {
            return None;
        }
        since.said = Some(now);
        Some(std::mem::take(&mut since.times))
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
}
