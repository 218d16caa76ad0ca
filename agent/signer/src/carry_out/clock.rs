//! What time it is while windows are open: they stay open for as long as a person thinks.

use super::Room;
use crate::fitness::Measure;
use pki::Timestamp;
use std::{fmt, sync::Arc, time::SystemTime};

/// Tells the time, also in a thread beside.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// One that tells what `now` gives.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// One that shows `start` now and goes on as the computer's does. Not as an [`std::time::Instant`], which stands still
    /// while the computer sleeps.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        let began = SystemTime::now();
        Self::new(move || {
            let seconds = |since: std::time::Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
            // Somebody may have set it back.
            start.plus_seconds(match SystemTime::now().duration_since(began) {
                Ok(since) => seconds(since),
                Err(error) => -seconds(error.duration()),
            })
        })
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

impl Room<'_> {
    /// The present: not when the order came.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Who is believed, and what time it is at this moment.
    pub(super) fn measure(&self) -> Measure {
        Measure { now: self.now(), ..self.trust.clone() }
    }
}
