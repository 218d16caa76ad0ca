//! The places of connections that have not said yet what they want.
//!
//! They have places of their own, so that a thousand half-open handshakes take none of the open sockets'. When all are
//! taken, whoever has stood there longest goes first: browsers shake hands in milliseconds, and those who only hold a
//! place do not keep it from them. In a rush of honest callers nobody is sent away, because places become free before
//! anybody has stood there for a while.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The lobby.
pub(super) struct Lobby {
    most: usize,
    /// How long everybody may stand here, crowded or not.
    a_while: Duration,
    standing: Mutex<Standing>,
    /// Rung when somebody has left.
    left: Notify,
}

#[derive(Default)]
struct Standing {
    last: u64,
    /// The one that came first is in front.
    places: VecDeque<Taken>,
}

struct Taken {
    number: u64,
    since: Instant,
    /// Dropped when the place is needed.
    _stay: watch::Sender<()>,
}

/// A place, free again when dropped.
pub(super) struct Place {
    lobby: Arc<Lobby>,
    number: u64,
    stay: watch::Receiver<()>,
}

impl Lobby {
    pub(super) fn new(most: usize, a_while: Duration) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), a_while, standing: Mutex::default(), left: Notify::new() })
    }

    /// Takes a place, as soon as one is free or somebody has stood here for a while.
    pub(super) async fn enter(self: &Arc<Self>) -> Place {
        loop {
            match self.try_enter() {
                Ok(place) => return place,
                // A place that became free in between has left its ring behind.
                Err(until) => drop(tokio::time::timeout_at(until, self.left.notified()).await),
            }
        }
    }

    /// A place, or when there will be one at the latest.
    fn try_enter(self: &Arc<Self>) -> Result<Place, Instant> {
        let mut standing = self.standing();
        let now = Instant::now();
        if standing.places.len() >= self.most
            && let Some(oldest) = standing.places.front()
        {
            let until = oldest.since + self.a_while;
            if until > now {
                return Err(until);
            }
            standing.places.pop_front();
        }
        let (stay, told) = watch::channel(());
        standing.last += 1;
        let number = standing.last;
        standing.places.push_back(Taken { number, since: now, _stay: stay });
        Ok(Place { lobby: Arc::clone(self), number, stay: told })
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Returns when the place is needed by somebody else.
    pub(super) async fn needed(&mut self) {
        // Nothing is ever sent this way: it only ends.
        while self.stay.changed().await.is_ok() {}
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lobby.standing().places.retain(|place| place.number != self.number);
        self.lobby.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_crowd_makes_the_oldest_leave_after_a_while() {
        let lobby = Lobby::new(2, Duration::from_millis(50));
        let mut first = lobby.enter().await;
        let mut second = lobby.enter().await;
        assert!(lobby.try_enter().is_err());
        let third = lobby.enter().await;
        tokio::time::timeout(LONG, first.needed()).await.unwrap();
        let stays = tokio::time::timeout(Duration::from_millis(100), second.needed()).await;
        assert!(stays.is_err(), "nobody needs its place");
        drop((first, second, third));
        assert!(lobby.standing().places.is_empty());
    }

    #[tokio::test]
    async fn who_leaves_lets_the_next_one_in_at_once() {
        let lobby = Lobby::new(1, 100 * LONG);
        let place = lobby.enter().await;
        let next = tokio::spawn({
            let lobby = Arc::clone(&lobby);
            async move { lobby.enter().await }
        });
        tokio::task::yield_now().await;
        drop(place);
        tokio::time::timeout(LONG, next).await.unwrap().unwrap();
    }
}
