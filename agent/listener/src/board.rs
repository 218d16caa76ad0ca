//! How Tanba stands at this moment, for whoever shows it: each room writes what it alone knows, the tray reads all of it.
//! And the pause, which the person begins there and the policy asks about.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::sync::watch;

/// How the remembered keys stand, by the guardian's word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Nobody has looked yet, or nobody may.
    #[default]
    Unknown,
    Fine,
    Soon,
    Ended,
    Revoked,
}

/// Whether browsers trust the local certificate, without which sites cannot reach Tanba.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It could not be looked at.
    #[default]
    Unknown,
    /// Every browser trusts it that says so.
    All,
    /// One at least does, and one does not.
    Some,
    /// None does.
    None,
}

/// The person wants no window for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Until when, by the computer's clock.
    pub(crate) until: OffsetDateTime,
    /// The same by a clock that nobody sets back.
    over: Instant,
    /// So many requests were refused meanwhile.
    pub(crate) refused: u32,
}

impl Pause {
    /// Whether it goes on. A computer that slept, and one whose clock was set, end it no later than was said.
    pub(crate) fn goes_on(&self, now: Instant) -> bool {
        now < self.over && OffsetDateTime::now_utc() < self.until
    }

    /// How long it still lasts, by the clock that nobody sets.
    pub(crate) fn left(&self) -> Duration {
        self.over.saturating_duration_since(Instant::now())
    }
}

/// All of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Requests that wait for the person, the one in the open window among them.
    pub(crate) waiting: usize,
    pub(crate) keys: Keys,
    pub(crate) reach: Reach,
    pub(crate) pause: Option<Pause>,
}

/// Where it stands written. Every clone is the same board.
#[derive(Clone)]
pub struct Board(Arc<watch::Sender<Facts>>);

impl Default for Board {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Facts::default())))
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Board").field(&*self.0.borrow()).finish()
    }
}

impl Board {
    /// Hears of every change from now on.
    pub(crate) fn follow(&self) -> watch::Receiver<Facts> {
        self.0.subscribe()
    }

    pub(crate) fn waiting(&self, waiting: usize) {
        self.change(|facts| facts.waiting = waiting);
    }

    pub(crate) fn keys(&self, keys: Keys) {
        self.change(|facts| facts.keys = keys);
    }

    pub(crate) fn reach(&self, reach: Reach) {
        self.change(|facts| facts.reach = reach);
    }

    /// Begins a pause, or begins it anew.
    pub fn pause(&self, length: Duration) {
        let pause = Pause { until: OffsetDateTime::now_utc() + length, over: Instant::now() + length, refused: 0 };
        self.change(|facts| facts.pause = Some(pause));
    }

    /// Ends the pause, if there is one.
    pub fn go_on(&self) {
        self.change(|facts| facts.pause = None);
    }

    /// Whether a request that would open a window is refused now; it is then counted.
    pub(crate) fn refuses(&self, now: Instant) -> bool {
        let is_paused = self.is_paused(now);
        if is_paused {
            self.change(|facts| {
                if let Some(pause) = &mut facts.pause {
                    pause.refused = pause.refused.saturating_add(1);
                }
            });
        }
        is_paused
    }

    /// Whether a pause goes on.
    pub(crate) fn is_paused(&self, now: Instant) -> bool {
        self.0.borrow().pause.is_some_and(|pause| pause.goes_on(now))
    }

    /// Changes it, and wakes whoever follows only where something is different then.
    fn change(&self, change: impl FnOnce(&mut Facts)) {
        self.0.send_if_modified(|facts| {
            let before = *facts;
            change(facts);
            *facts != before
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn a_pause_ends_by_itself_and_counts_what_it_refused() {
        let board = Board::default();
        let now = Instant::now();
        assert!(!board.refuses(now));
        board.pause(HOUR);
        assert!(board.refuses(now) && board.refuses(now + HOUR / 2));
        assert!(!board.refuses(Instant::now() + HOUR));
        assert_eq!(board.follow().borrow().pause.map(|pause| pause.refused), Some(2));
        board.go_on();
        assert!(!board.refuses(now));
    }

    #[test]
    fn a_clock_that_was_set_forward_ends_a_pause_too() {
        let past = OffsetDateTime::now_utc() - Duration::from_secs(1);
        let pause = Pause { until: past, over: Instant::now() + HOUR, refused: 0 };
        assert!(!pause.goes_on(Instant::now()));
    }

    #[test]
    fn who_follows_is_woken_by_what_is_different_only() {
        let board = Board::default();
        let follower = board.follow();
        board.waiting(0);
        board.go_on();
        assert!(!follower.has_changed().unwrap());
        board.waiting(1);
        assert!(follower.has_changed().unwrap());
    }
}
