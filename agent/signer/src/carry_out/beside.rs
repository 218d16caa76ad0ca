//! Doing something slow in a thread of its own, so that a no is heard meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often it is looked whether a no came.
const GLANCE: Duration = Duration::from_millis(20);

/// What came of it.
pub(super) enum Waited<T> {
    /// It was done.
    Done(T),
    /// A no came first.
    Stopped,
    /// It took longer than it may, or could not be begun.
    TooLong,
}

/// Tells a thread that nobody waits for it any more.
#[derive(Clone, Default)]
pub(super) struct Leave(Arc<AtomicBool>);

impl Leave {
    pub(super) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Does `work` beside, until it is done, a no comes, or `most` is over. Work that is given up ends by itself: it looks at
/// its [`Leave`] between one question and the next.
pub(super) fn wait_for<T: Send + 'static>(
    most: Option<Duration>,
    is_stopped: &mut dyn FnMut() -> bool,
    work: impl FnOnce(&Leave) -> T + Send + 'static,
) -> Waited<T> {
    let leave = Leave::default();
    let (sender, done) = channel();
    let begun = std::thread::Builder::new().name("services".to_owned()).spawn({
        let leave = leave.clone();
        // Nobody may be listening any more; then the result has no meaning either.
        move || drop(sender.send(work(&leave)))
    });
    if let Err(error) = begun {
        tracing::error!(%error, "no thread can be started");
        return Waited::TooLong;
    }
    let began = Instant::now();
    let given_up = loop {
        match done.recv_timeout(GLANCE) {
            Ok(result) => return Waited::Done(result),
            Err(RecvTimeoutError::Disconnected) => break Waited::TooLong,
            Err(RecvTimeoutError::Timeout) if is_stopped() => break Waited::Stopped,
            Err(RecvTimeoutError::Timeout) if most.is_some_and(|most| began.elapsed() >= most) => {
                break Waited::TooLong;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    leave.0.store(true, Ordering::Relaxed);
    given_up
}
