//! Looking again and again.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{
    Fleet, Limits,
    fleet::{Known, OnChange, Shared},
};

/// The shortest time between two looks: a library that tells of changes without end is not asked without end.
const BETWEEN_EVENTS: Duration = Duration::from_millis(50);

/// How long a thread waits at most before it looks at the clock again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Somebody watches; it ends with this.
pub struct Watching {
    fleet: Fleet,
    number: u64,
}

impl Watching {
    pub(super) fn begin(fleet: Fleet, changed: OnChange) -> Self {
        let shared = fleet.shared();
        let mut state = shared.board.lock();
        let number = state.next_watcher;
        state.next_watcher += 1;
        state.watchers.push((number, changed));
        let begins = state.watchers.len() == 1;
        if begins {
            state.round += 1;
            state.of.iter_mut().for_each(Known::look_anew);
        }
        let round = state.round;
        drop(state);
        for index in 0..if begins { shared.members.len() } else { 0 } {
            let own = Arc::clone(shared);
            let watcher = thread::Builder::new().name("token-watch".to_owned());
            if let Err(error) = watcher.spawn(move || own.watch(index, round)) {
                tracing::warn!(%error, "a library is not watched");
            }
        }
        Self { fleet, number }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let board = &self.fleet.shared().board;
        let mut state = board.lock();
        let position = state.watchers.iter().position(|(number, _)| *number == self.number);
        // Dropped behind the lock: with what it captured, a fleet may go.
        let own = position.map(|position| state.watchers.remove(position));
        if state.watchers.is_empty() {
            state.round += 1;
        }
        drop(state);
        board.moved.notify_all();
        drop(own);
    }
}

impl Shared {
    /// Looks at one library until this round of watching ends.
    fn watch(&self, index: usize, round: u64) {
        loop {
            let mut state = self.board.lock();
            loop {
                if state.is_closed || state.round != round {
                    return;
                }
                let Some(known) = state.of.get_mut(index) else { return };
                let left = if known.is_looking { LONGEST_WAIT } else { until_next(known, round, &self.limits) };
                if left.is_zero() {
                    known.asked += 1;
                    known.is_looking = true;
                    break;
                }
                state = self.board.wait(state, left.min(LONGEST_WAIT));
            }
            drop(state);
            self.work(index);
        }
    }
}

impl Known {
    /// Looks at once and reads all keys, now that somebody watches again: while nobody did, another program may have put a
    /// key or a certificate on a token that was never taken out. What is known is shown until then.
    fn look_anew(&mut self) {
        self.reads_all = true;
        // A library that fails keeps its pause: who crashes may do so over and over.
        if self.failures == 0 {
            self.last_look = None;
        }
    }
}

/// How long until a library is to be looked at again.
fn until_next(known: &Known, round: u64, limits: &Limits) -> Duration {
    let Some(last) = known.last_look else { return Duration::ZERO };
    let pause = match known {
        // Also where it tells of changes: who crashes may do so over and over.
        Known { failures: 1.., .. } => limits.pause(known.failures),
        // What is known is from a time when nobody watched.
        Known { last_round, .. } if *last_round != round => return Duration::ZERO,
        Known { has_event: true, .. } => BETWEEN_EVENTS,
        Known { tells_events: true, .. } => limits.poll_where_events_come,
        _ => limits.poll,
    };
    (last + pause).saturating_duration_since(Instant::now())
}
