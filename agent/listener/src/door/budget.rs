//! One budget for the octets of all messages, from a frame's head until the answer has left.
//!
//! What a message costs, per octet of its text. While it is read: the text as it came, its strings as the dialect's
//! reader took them out, the documents decoded from them (base64 makes three octets of four). After that the text is
//! gone, and there are the documents and the frame of the pipe they are written into; then the signer's frame, the
//! signatures read from it, the answer's text, each about as long as the documents where they are inside. At no moment
//! are there more than three copies, so a message is charged [`COPIES`] times its length when its head has been read,
//! and three times its documents once they are known. The signer's own copies are in its own process.
//!
//! Who gets none waits, and is not read further: the system's buffers fill, and the peer's sending stops. That cannot
//! lock up, because nobody who holds a part waits for ever for more: a message that has its part must arrive within
//! [`crate::Patience::message`], an answer must be taken within [`crate::Patience::sending`], and a socket that is being
//! answered does not wait for a second part but is closed.
//!
//! - A message of [`FREE`] octets is not counted: it is what any open socket may cost, and their number has its limit.
//! - One of [`MEDIUM`] octets takes of a reserve where the longer ones have the rest: a person who reads a long document
//!   for an hour keeps nobody else from a short one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Copies of a message that there are at once, at most.
pub(crate) const COPIES: u64 = settings::Limits::COPIES;

/// A message that is not counted.
pub(crate) const FREE: u64 = 16 * 1024;

/// The longest message that may take of the reserve.
pub(crate) const MEDIUM: u64 = 2 * 1024 * 1024;

/// The reserve.
const RESERVE: u64 = settings::Limits::RESERVE_MEBIBYTES * 1024 * 1024;

/// What the budget is counted in.
const UNIT: u64 = 1024;

/// The budget.
#[derive(Clone)]
pub(crate) struct Budget {
    common: Arc<Semaphore>,
    reserve: Arc<Semaphore>,
}

/// A part of the budget, given back when dropped.
#[derive(Default)]
pub(crate) struct Charge {
    parts: Vec<OwnedSemaphorePermit>,
}

/// Waiting for a part.
pub(super) type Waiting = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

impl Budget {
    /// A budget of so many octets, the reserve included.
    pub(crate) fn new(octets: u64) -> Self {
        let of = |octets: u64| {
            let units = usize::try_from(octets / UNIT).unwrap_or(usize::MAX);
            Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS).min(u32::MAX as usize)))
        };
        Self { common: of(octets.saturating_sub(RESERVE)), reserve: of(RESERVE.min(octets)) }
    }

    /// The octets that nobody has.
    #[cfg(test)]
    pub(crate) fn free(&self) -> u64 {
        (self.common.available_permits() + self.reserve.available_permits()) as u64 * UNIT
    }

    /// A part for so many octets more of a message that has `message` octets with them, if there is one now.
    fn try_take(&self, octets: u64, message: u64) -> Option<OwnedSemaphorePermit> {
        let units = units(octets);
        let common = Arc::clone(&self.common).try_acquire_many_owned(units).ok();
        common.or_else(|| {
            let may_use_reserve = message <= MEDIUM;
            may_use_reserve.then(|| Arc::clone(&self.reserve).try_acquire_many_owned(units).ok()).flatten()
        })
    }

    /// The same, as soon as there is one.
    fn take(&self, octets: u64, message: u64) -> Waiting {
        let pool = if message <= MEDIUM { &self.reserve } else { &self.common };
        Box::pin(Arc::clone(pool).acquire_many_owned(units(octets)))
    }
}

fn units(octets: u64) -> u32 {
    u32::try_from(octets.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

impl Charge {
    /// The octets it stands for.
    pub(crate) fn octets(&self) -> u64 {
        self.parts.iter().map(|part| part.num_permits() as u64 * UNIT).sum()
    }

    /// Gives back what is over so many octets.
    pub(crate) fn shrink(&mut self, octets: u64) {
        let mut over = self.octets().saturating_sub(octets.div_ceil(UNIT) * UNIT) / UNIT;
        while over > 0
            && let Some(mut part) = self.parts.pop()
        {
            let now = usize::try_from(over).map_or(part.num_permits(), |over| over.min(part.num_permits()));
            drop(part.split(now));
            over -= now as u64;
            if part.num_permits() > 0 {
                self.parts.push(part);
            }
        }
    }
}

/// Whether a socket may wait for its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// Nobody waits for an answer on it.
    MayWait,
    /// A request of it is on its way: waiting for more would hide that the page has gone.
    NowOrNever,
}

/// What the message being read on one socket costs.
pub(super) struct Meter {
    budget: Budget,
    /// The longest message; one that says it is longer is refused for that, and not charged.
    most: u64,
    /// The octets of the frames of this message so far.
    message: u64,
    charge: Charge,
    waiting: Option<Waiting>,
    pub(super) room: Room,
}

/// There is no room, and the socket may not wait.
#[derive(Debug, thiserror::Error)]
#[error("no room for a message while an earlier one is not answered")]
pub(super) struct NoRoom;

impl Meter {
    pub(super) fn new(budget: Budget, most: usize) -> Self {
        let charge = Charge::default();
        Self { budget, most: most as u64, message: 0, charge, waiting: None, room: Room::MayWait }
    }

    /// Charges the next frame of the message, which has so many octets. The same frame again until it is `Ready`.
    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>, payload: u64) -> Poll<Result<(), NoRoom>> {
        let message = self.message.saturating_add(payload);
        let wanted = message.saturating_mul(COPIES).saturating_sub(self.charge.octets());
        if message <= FREE || message > self.most || wanted == 0 {
            self.message = message;
            return Poll::Ready(Ok(()));
        }
        let waiting = match &mut self.waiting {
            Some(waiting) => waiting,
            None => match self.budget.try_take(wanted, message) {
                Some(part) => {
                    self.charge.parts.push(part);
                    self.message = message;
                    return Poll::Ready(Ok(()));
                }
                None if self.room == Room::NowOrNever => return Poll::Ready(Err(NoRoom)),
                None => self.waiting.insert(self.budget.take(wanted, message)),
            },
        };
        let part = std::task::ready!(waiting.as_mut().poll(cx));
        self.waiting = None;
        self.message = message;
        // The budget is never closed.
        self.charge.parts.extend(part.ok());
        Poll::Ready(Ok(()))
    }

    /// Whether a part of the budget is held for a message that has not arrived.
    pub(super) fn is_charged(&self) -> bool {
        !self.charge.parts.is_empty()
    }

    /// The message is complete: what it costs goes with it.
    pub(super) fn take(&mut self) -> Charge {
        self.message = 0;
        std::mem::take(&mut self.charge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    const MEBIBYTE: u64 = 1024 * 1024;

    fn longest() -> u64 {
        settings::Limits::default().frame_bytes() as u64
    }

    fn budget() -> Budget {
        Budget::new(settings::Limits::default().memory_bytes())
    }

    fn meter(budget: &Budget) -> Meter {
        Meter::new(budget.clone(), usize::try_from(longest()).unwrap())
    }

    fn poll(meter: &mut Meter, payload: u64) -> Poll<Result<(), NoRoom>> {
        meter.poll_frame(&mut Context::from_waker(Waker::noop()), payload)
    }

    #[test]
    fn ten_long_messages_take_their_turns_and_short_ones_pass_them() {
        let budget = budget();
        let all = budget.free();
        let mut slow: Vec<_> = (0..10).map(|_| meter(&budget)).collect();
        let has_room: Vec<bool> = slow.iter_mut().map(|meter| poll(meter, longest()).is_ready()).collect();
        assert_eq!(has_room.iter().filter(|has| **has).count(), 1, "{has_room:?}");
        assert_eq!(budget.free(), all - longest() * COPIES);
        // A short request and a medium one do not wait behind them.
        assert!(poll(&mut meter(&budget), FREE).is_ready());
        let mut medium = meter(&budget);
        assert!(poll(&mut medium, MEDIUM).is_ready());
        assert_eq!(budget.free(), all - (longest() + MEDIUM) * COPIES);
        // One leaves in the middle of its message, and the next has its turn.
        slow.remove(0);
        assert!(poll(&mut slow[0], longest()).is_ready());
        assert!(poll(&mut slow[1], longest()).is_pending());
        drop((slow, medium));
        assert_eq!(budget.free(), all);
    }

    #[test]
    fn the_longest_message_passes_whatever_the_settings_are() {
        for frame_mebibytes in [1, 7, settings::Limits::MOST_FRAME_MEBIBYTES] {
            let least = settings::Limits { frame_mebibytes, ..settings::Limits::default() }.least_memory_mebibytes();
            let budget = Budget::new(least * MEBIBYTE);
            let most = frame_mebibytes * MEBIBYTE;
            let mut meter = Meter::new(budget, usize::try_from(most).unwrap());
            assert!(poll(&mut meter, most).is_ready());
        }
    }

    #[test]
    fn a_message_in_pieces_is_charged_as_a_whole_however_small_they_are() {
        let budget = budget();
        let all = budget.free();
        let mut meter = meter(&budget);
        for _ in 0..1024 {
            assert!(matches!(poll(&mut meter, 1024), Poll::Ready(Ok(()))));
        }
        assert_eq!(all - budget.free(), 1024 * 1024 * COPIES);
        let mut charge = meter.take();
        assert!(!meter.is_charged());
        charge.shrink(10 * 1024);
        assert_eq!(charge.octets(), 10 * 1024);
        assert_eq!(all - budget.free(), 10 * 1024);
        drop(charge);
        assert_eq!(budget.free(), all);
    }

    #[test]
    fn a_socket_that_is_being_answered_does_not_wait() {
        let budget = budget();
        let mut first = meter(&budget);
        assert!(poll(&mut first, longest()).is_ready());
        let mut second = meter(&budget);
        second.room = Room::NowOrNever;
        assert!(matches!(poll(&mut second, longest()), Poll::Ready(Err(NoRoom))));
    }

    #[test]
    fn a_length_over_the_limit_is_not_waited_for() {
        let budget = budget();
        let all = budget.free();
        assert!(poll(&mut meter(&budget), u64::MAX).is_ready());
        assert_eq!(budget.free(), all);
    }
}
