//! How often each caller asked: a token bucket for each that the person has not allowed.

use super::remembered::Caller;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A caller may ask so often at once: a page that signs a folder of documents one by one.
const BURST: u32 = 30;

/// After that, one more for each of these: faster than anybody types a password.
const REFILL: Duration = Duration::from_secs(2);

/// Callers that are kept apart. One that filled its bucket again is as if it had never asked.
const MOST_CALLERS: usize = 1024;

/// The buckets of all callers.
#[derive(Default)]
pub(super) struct Buckets {
    /// The moment at which the caller's bucket is full again (the generic cell rate algorithm).
    full_at: HashMap<Caller, Instant>,
}

impl Buckets {
    /// Takes one token of this caller's; `false` when there is none.
    pub(super) fn take(&mut self, caller: &Caller, now: Instant) -> bool {
        if self.full_at.len() >= MOST_CALLERS && !self.full_at.contains_key(caller) {
            self.full_at.retain(|_, full_at| *full_at > now);
            if self.full_at.len() >= MOST_CALLERS {
                return false;
            }
        }
        let full_at = self.full_at.get(caller).copied().unwrap_or(now).max(now) + REFILL;
        let has_token = full_at - now <= REFILL * BURST;
        if has_token {
            self.full_at.insert(caller.clone(), full_at);
        }
        has_token
    }
}
