//! A moment of deafness, so that a click or a key meant for the page does not sign.

use std::time::{Duration, Instant};

/// How long a window that just appeared, or came back to the front, does not hear its deciding buttons.
const DEAF_FOR: Duration = Duration::from_millis(500);

/// Whether the deciding buttons of a window are heard yet. Closed until the window was seen for the first time.
#[derive(Debug, Default)]
pub(super) struct Guard {
    since: Option<Instant>,
}

impl Guard {
    /// The window appeared, or has the focus again.
    pub(super) fn restart(&mut self, now: Instant) {
        self.since = Some(now);
    }

    /// Whether what the person pressed now was meant for this window.
    pub(super) fn hears(&self, now: Instant) -> bool {
        self.since.is_some_and(|since| now.saturating_duration_since(since) >= DEAF_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn nothing_is_heard_before_the_window_was_seen() {
        assert!(!Guard::default().hears(Instant::now()));
    }

    #[test]
    fn nothing_is_heard_in_the_first_half_second() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(start);
        assert!(!guard.hears(start));
        assert!(!guard.hears(after(start, 499)));
        assert!(guard.hears(after(start, 500)));
    }

    #[test]
    fn coming_back_to_the_front_closes_it_again() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(start);
        guard.restart(after(start, 5_000));
        assert!(!guard.hears(after(start, 5_100)));
        assert!(guard.hears(after(start, 5_500)));
    }

    #[test]
    fn a_clock_that_seems_to_go_back_keeps_it_closed() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(after(start, 1_000));
        assert!(!guard.hears(start));
    }
}
