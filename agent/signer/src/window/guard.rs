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

    /// A key was pressed that means nothing here: whoever types believes that another window hears them, and the Enter at
    /// the end of what they type is not meant for this one either.
    pub(super) fn stray(&mut self, now: Instant) {
        if let Some(since) = self.since {
            self.since = Some(now.max(since));
        }
    }

    /// Whether what the person pressed now was meant for this window. A press that was not heard begins the moment anew:
    /// somebody who plays the page's game of pressing a key again and again is never heard while they play.
    pub(super) fn hears(&mut self, now: Instant) -> bool {
        let Some(since) = self.since else { return false };
        let hears = now.saturating_duration_since(since) >= DEAF_FOR;
        if !hears {
            self.since = Some(now.max(since));
        }
        hears
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
        assert!(guard.hears(after(start, 500)));
        let mut guard = Guard::default();
        guard.restart(start);
        assert!(!guard.hears(after(start, 499)));
    }

    #[test]
    fn who_presses_again_and_again_is_not_heard_until_they_pause() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(start);
        for press in 0..50 {
            assert!(!guard.hears(after(start, press * 90)));
        }
        assert!(!guard.hears(after(start, 49 * 90 + 499)));
        assert!(guard.hears(after(start, 49 * 90 + 499 + 500)));
    }

    #[test]
    fn who_types_for_another_window_is_not_heard_until_they_pause() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(start);
        for letter in 0..50 {
            guard.stray(after(start, letter * 200));
        }
        assert!(!guard.hears(after(start, 49 * 200 + 300)), "the Enter at the end of a message");
        assert!(guard.hears(after(start, 49 * 200 + 300 + 500)));
    }

    #[test]
    fn a_key_before_the_window_was_seen_opens_nothing() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.stray(start);
        assert!(!guard.hears(after(start, 5_000)));
    }

    #[test]
    fn coming_back_to_the_front_closes_it_again() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(start);
        guard.restart(after(start, 5_000));
        assert!(guard.hears(after(start, 5_500)));
        guard.restart(after(start, 6_000));
        assert!(!guard.hears(after(start, 6_100)));
    }

    #[test]
    fn a_clock_that_seems_to_go_back_keeps_it_closed() {
        let start = Instant::now();
        let mut guard = Guard::default();
        guard.restart(after(start, 1_000));
        assert!(!guard.hears(start));
    }
}
