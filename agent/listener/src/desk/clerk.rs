//! The one task that owns the queue and the signer.

use super::signer_process::SignerProcess;
use super::{Decided, DeskSetup, Job, Shared};
use crate::board::Facts;
use crate::stop::Stop;
use order::FailureCode;
use order::wire::{self, FromSigner, ToSigner, WireError};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How many requests of one site in one program may wait: a page in a loop must not take the places of all others.
const MOST_OF_ONE_CALLER: usize = 8;

/// The order that the signer has, or gets as soon as it is ready.
struct Current {
    job: Job,
    /// When the signer must have let go of it, once nobody waits for it any more.
    withdrawn: Option<Instant>,
}

/// The running signer.
struct Signer {
    process: SignerProcess,
    /// When it must have said that it is ready; `None` once it has.
    ready_by: Option<Instant>,
    /// How many requests it was last told are waiting.
    told_waiting: u32,
}

impl Signer {
    fn is_ready(&self) -> bool {
        self.ready_by.is_none()
    }

    fn hand_over(&self, job: &mut Job) {
        if let Some(order) = job.order.take() {
            self.process.say(ToSigner::Order(order));
        }
    }
}

pub(super) struct Clerk {
    setup: DeskSetup,
    shared: Arc<Shared>,
    waiting: VecDeque<Job>,
    current: Option<Current>,
    signer: Option<Signer>,
    /// Where the person's pause is heard of.
    facts: watch::Receiver<Facts>,
    /// When the signer last had something to do.
    last_order: Instant,
}

/// What woke the clerk.
enum Event {
    Job(Option<Job>),
    Bell,
    /// Something is different on the board: a pause, perhaps.
    Board,
    Word(Option<Result<FromSigner, WireError>>),
    Deadline,
    Stop,
}

impl Clerk {
    pub(super) fn new(setup: DeskSetup, shared: Arc<Shared>) -> Self {
        let (facts, last_order) = (setup.board.follow(), Instant::now());
        Self { setup, shared, waiting: VecDeque::new(), current: None, signer: None, facts, last_order }
    }

    pub(super) async fn work(mut self, mut jobs: mpsc::UnboundedReceiver<Job>, mut stop: Stop) {
        loop {
            self.refuse_while_paused();
            self.take_next();
            self.tell_waiting();
            self.tell_board();
            match self.wait(&mut jobs, &mut stop).await {
                Event::Job(Some(job)) => self.accept(job),
                Event::Job(None) | Event::Stop => break,
                Event::Bell => self.sweep(),
                // What it means is looked at above.
                Event::Board => {}
                Event::Word(word) => self.hear(word).await,
                Event::Deadline => self.on_deadline().await,
            }
        }
        self.setup.board.waiting(0);
        self.close().await;
    }

    async fn wait(&mut self, jobs: &mut mpsc::UnboundedReceiver<Job>, stop: &mut Stop) -> Event {
        let deadline = self.deadline();
        let at = deadline.unwrap_or_else(Instant::now);
        let signer = &mut self.signer;
        let has_signer = signer.is_some();
        let next_word = async {
            match signer {
                Some(signer) => signer.process.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.said() => Event::Stop,
            word = next_word, if has_signer => Event::Word(word),
            job = jobs.recv() => Event::Job(job),
            () = self.shared.bell.notified() => Event::Bell,
            // The clerk holds the board himself: it does not go.
            _ = self.facts.changed() => Event::Board,
            () = tokio::time::sleep_until(at), if deadline.is_some() => Event::Deadline,
        }
    }

    /// The next moment at which something is overdue.
    fn deadline(&self) -> Option<Instant> {
        let ready_by = self.signer.as_ref().and_then(|signer| signer.ready_by);
        let withdrawn = self.current.as_ref().and_then(|current| current.withdrawn);
        [ready_by, withdrawn, self.idle_end()].into_iter().flatten().min()
    }

    /// When the signer is not needed any more, as things stand.
    fn idle_end(&self) -> Option<Instant> {
        let is_idle = self.current.is_none()
            && self.signer.as_ref().is_some_and(Signer::is_ready)
            && self.shared.sockets.load(Ordering::Relaxed) == 0;
        is_idle.then(|| self.last_order + self.setup.idle)
    }

    fn accept(&mut self, job: Job) {
        // Its page went away on the way here.
        if job.is_withdrawn() {
            return;
        }
        // What nobody waits for any more takes no place.
        self.waiting.retain(|job| !job.is_withdrawn());
        let of_caller = self.waiting.iter().filter(|waiting| waiting.account == job.account).count();
        // A program that is no browser has half of the queue at most, whatever sites it speaks for.
        let of_program =
            self.waiting.iter().filter(|waiting| waiting.account.is_same_claimant(&job.account)).count() * 2;
        let has_place = of_caller < MOST_OF_ONE_CALLER && of_program < self.setup.waiting;
        // Their octets are bounded by the door's budget.
        if self.waiting.len() < self.setup.waiting && has_place {
            return self.waiting.push_back(job);
        }
        let cause = "too many requests wait for the person already";
        answer(job, Decided::failed(FailureCode::TooManyRequests, cause));
    }

    /// Takes up the next order that somebody still waits for.
    fn take_next(&mut self) {
        while self.current.is_none() {
            let Some(mut job) = self.waiting.pop_front() else {
                return;
            };
            if job.is_withdrawn() {
                continue;
            }
            self.last_order = Instant::now();
            match &self.signer {
                Some(signer) if signer.is_ready() => signer.hand_over(&mut job),
                Some(_) => {}
                None => match SignerProcess::start(&self.setup.signer) {
                    Ok(process) => {
                        let ready_by = Some(Instant::now() + self.setup.patience.signer_start);
                        self.signer = Some(Signer { process, ready_by, told_waiting: 0 });
                    }
                    Err(error) => {
                        tracing::error!(%error, program = %self.setup.signer.program.display(), "the signer cannot be started");
                        answer(job, Decided::failed(FailureCode::SignerUnavailable, "the signer cannot be started"));
                        continue;
                    }
                },
            }
            self.current = Some(Current { job, withdrawn: None });
        }
    }

    fn tell_waiting(&mut self) {
        let count = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        if let Some(signer) = self.signer.as_mut().filter(|signer| signer.is_ready() && signer.told_waiting != count) {
            signer.told_waiting = count;
            signer.process.say(ToSigner::Waiting { count });
        }
    }

    /// Answers what waits for a window when the person wants none for a while. The one that is open is theirs to close.
    fn refuse_while_paused(&mut self) {
        let now = std::time::Instant::now();
        if !self.setup.board.is_paused(now) {
            return;
        }
        for job in std::mem::take(&mut self.waiting) {
            if job.asks && !job.is_withdrawn() && self.setup.board.refuses(now) {
                answer(job, Decided::paused());
            } else {
                self.waiting.push_back(job);
            }
        }
    }

    /// What waits for the person, for the tray.
    fn tell_board(&self) {
        let current = self.current.iter().map(|current| &current.job);
        self.setup.board.waiting(current.chain(&self.waiting).filter(|job| job.asks).count());
    }

    /// Looks which orders nobody waits for any more.
    fn sweep(&mut self) {
        self.waiting.retain(|job| !job.is_withdrawn());
        let Some(current) = self.current.as_mut().filter(|current| current.job.is_withdrawn()) else {
            return;
        };
        match &self.signer {
            Some(signer) if signer.is_ready() => {
                if current.withdrawn.is_none() {
                    signer.process.say(ToSigner::Withdraw { id: current.job.id });
                    current.withdrawn = Some(Instant::now() + self.setup.patience.signer_yield);
                }
            }
            // It was never handed over.
            _ => self.current = None,
        }
    }

    async fn hear(&mut self, word: Option<Result<FromSigner, WireError>>) {
        let complaint = match word {
            Some(Ok(FromSigner::Ready { version: wire::VERSION })) => return self.on_ready(),
            Some(Ok(FromSigner::Ready { version })) => format!("it speaks version {version} of the pipe"),
            Some(Ok(FromSigner::Shown { id })) => return tracing::debug!(id, "the window is on the screen"),
            Some(Ok(FromSigner::Done { id, outcome, site })) => {
                let is_expected = self.signer.as_ref().is_some_and(Signer::is_ready)
                    && self.current.as_ref().is_some_and(|current| current.job.id == id);
                if let Some(current) = self.current.take_if(|_| is_expected) {
                    self.last_order = Instant::now();
                    return answer(current.job, Decided { outcome, site, unasked: None });
                }
                format!("it finished order {id}, which it does not have")
            }
            Some(Err(error)) => error.to_string(),
            None => "it ended by itself".to_owned(),
        };
        self.give_up_on_signer(&complaint).await;
    }

    fn on_ready(&mut self) {
        let Some(signer) = &mut self.signer else {
            return;
        };
        signer.ready_by = None;
        if let Some(current) = &mut self.current {
            signer.hand_over(&mut current.job);
        }
    }

    async fn on_deadline(&mut self) {
        let now = Instant::now();
        let is_past = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_past(self.signer.as_ref().and_then(|signer| signer.ready_by)) {
            self.give_up_on_signer("it does not say that it is ready").await;
        } else if is_past(self.current.as_ref().and_then(|current| current.withdrawn)) {
            self.give_up_on_signer("it does not let go of a withdrawn order").await;
        } else if is_past(self.idle_end())
            && let Some(signer) = self.signer.take()
        {
            tracing::debug!("the signer is not needed any more");
            tokio::spawn(signer.process.end(self.setup.patience.signer_yield));
        }
    }

    /// Ends a signer that crashed or misbehaved. Only the order it had is lost; the next one starts another.
    async fn give_up_on_signer(&mut self, cause: &str) {
        tracing::error!(cause, "the signer is given up");
        if let Some(signer) = self.signer.take() {
            signer.process.kill().await;
        }
        if let Some(current) = self.current.take() {
            answer(current.job, Decided::failed(FailureCode::SignerUnavailable, "the signer ended in the middle"));
        }
    }

    /// Lets the signer go, which takes its window off the screen. The sockets are being closed at the same time, and each
    /// withdraws what it asked: waiting for that keeps "withdrawn" from looking like a failure in the journal.
    async fn close(mut self) {
        let patience = self.setup.patience.closing;
        let signer = self.signer.take();
        let withdrawn = async {
            for job in self.current.iter_mut().map(|current| &mut current.job).chain(&mut self.waiting) {
                tokio::select! {
                    () = job.answer.closed() => {}
                    // Whoever could say so being gone means the same.
                    _ = job.withdrawn.wait_for(|is_withdrawn| *is_withdrawn) => {}
                }
            }
        };
        let ended = async {
            if let Some(signer) = signer {
                signer.process.end(patience).await;
            }
        };
        // Whoever still waits after that hears that Tanba is stopping.
        let (_, ()) = tokio::join!(tokio::time::timeout(patience, withdrawn), ended);
    }
}

/// Gives a job its answer; whoever waited may have gone at this very moment.
fn answer(job: Job, decided: Decided) {
    let _ = job.answer.send(decided);
}
