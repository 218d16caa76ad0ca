//! The one task that starts the watcher, listens to it and lets it go.

use super::{Known, Shared};
use crate::child;
use crate::seldom::Seldom;
use crate::setup::{Patience, SignerCommand};
use crate::stop::Stop;
use order::wire::{self, FromWatcher, WireError};
use std::collections::VecDeque;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How often a watcher that fails is started anew within [`A_MINUTE`].
const MOST_FAILURES: usize = 5;

const A_MINUTE: Duration = Duration::from_secs(60);

/// Between two words that are heard: one that never stops talking takes no more of this thread than that.
const BREATH: Duration = Duration::from_millis(20);

/// A running watcher.
struct Watcher {
    child: Child,
    /// Its input, in which nothing is ever said: its end is the end of the watcher.
    stdin: ChildStdin,
    words: mpsc::Receiver<Result<FromWatcher, WireError>>,
}

impl Watcher {
    fn start(command: &SignerCommand) -> io::Result<Self> {
        let (child, stdin, stdout) = child::start(command)?;
        // What is not heard yet waits in the pipe, and the watcher with it.
        let (incoming, words) = mpsc::channel(1);
        tokio::spawn(read_words(stdout, incoming));
        Ok(Self { child, stdin, words })
    }

    async fn end(self, patience: Duration) -> Option<ExitStatus> {
        let Self { mut child, stdin, words } = self;
        drop((stdin, words));
        child::end(&mut child, patience).await
    }

    async fn kill(mut self) {
        child::kill(&mut self.child).await;
    }
}

async fn read_words(mut from: ChildStdout, words: mpsc::Sender<Result<FromWatcher, WireError>>) {
    loop {
        let word = match child::read_word(&mut from, FromWatcher::LONGEST_FRAME).await {
            Ok(Some(word)) => Ok(word),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_last = word.is_err();
        if words.send(word).await.is_err() || is_last {
            return;
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// How the watch ended.
enum Ended {
    /// The listener stops.
    Stopped,
    /// Nobody was there any more.
    LetGo,
    /// There is no library that could be asked.
    NothingToWatch,
    /// The watcher cannot be used, or not any more.
    Failed(String),
}

/// What woke the warden.
enum Event {
    Word(Option<Result<FromWatcher, WireError>>),
    Sockets,
    Deadline,
    Stop,
}

pub(super) struct Warden {
    command: SignerCommand,
    patience: Patience,
    shared: Arc<Shared>,
    /// When a watcher failed.
    failures: VecDeque<Instant>,
    complaints: Seldom,
}

impl Warden {
    pub(super) fn new(command: SignerCommand, patience: Patience, shared: Arc<Shared>) -> Self {
        Self { command, patience, shared, failures: VecDeque::new(), complaints: Seldom::default() }
    }

    pub(super) async fn work(mut self, mut stop: Stop) {
        let mut sockets = self.shared.sockets.subscribe();
        loop {
            tokio::select! {
                () = stop.said() => return,
                () = self.shared.bell.notified() => {}
            }
            while *sockets.borrow() > 0 {
                let pause = match self.watch(&mut sockets, &mut stop).await {
                    Ended::Stopped => return,
                    Ended::LetGo => break,
                    Ended::NothingToWatch => {
                        tracing::debug!("there is no library for tokens");
                        self.tell(Some(Arc::default()));
                        if is_stopped_within(self.patience.watcher_rest, &mut stop).await {
                            return;
                        }
                        // Who asks now waits for another look.
                        break;
                    }
                    Ended::Failed(cause) => {
                        if let Some(times) = self.complaints.happened() {
                            let program = self.command.program.display();
                            tracing::warn!(cause, times, %program, "the watcher of tokens is given up");
                        }
                        // Whether what it said is still so, nobody knows.
                        self.tell(Some(Arc::default()));
                        self.pause()
                    }
                };
                if is_stopped_within(pause, &mut stop).await {
                    return;
                }
            }
            self.tell(None);
        }
    }

    /// How long to wait after a failure.
    fn pause(&mut self) -> Duration {
        let now = Instant::now();
        self.failures.retain(|failed| now.saturating_duration_since(*failed) < A_MINUTE);
        self.failures.push_back(now);
        match self.failures.front() {
            Some(first) if self.failures.len() >= MOST_FAILURES => {
                (*first + A_MINUTE).saturating_duration_since(now).max(self.patience.watcher_pause)
            }
            _ => self.patience.watcher_pause,
        }
    }

    fn tell(&self, known: Known) {
        self.shared.known.send_if_modified(|before| {
            let is_new = *before != known;
            *before = known;
            is_new
        });
    }

    /// Starts a watcher and passes on what it says, as long as somebody is there.
    async fn watch(&self, sockets: &mut watch::Receiver<usize>, stop: &mut Stop) -> Ended {
        let mut watcher = match Watcher::start(&self.command) {
            Ok(watcher) => watcher,
            Err(error) => return Ended::Failed(format!("it cannot be started: {error}")),
        };
        let started = Instant::now();
        // When it must have said that it is ready, and when those who wait for its first list are not kept any longer.
        let mut ready_by = Some(started + self.patience.signer_start);
        let mut first_by = Some(started + self.patience.watcher_first);
        // Since nobody is there.
        let mut alone_until = None;
        let mut has_said_that_there_is_nothing = false;
        let complaint = loop {
            alone_until = match *sockets.borrow_and_update() {
                0 => alone_until.or_else(|| Some(Instant::now() + self.patience.watcher_linger)),
                _ => None,
            };
            match wait(&mut watcher, sockets, stop, [ready_by, first_by, alone_until]).await {
                Event::Sockets => {}
                Event::Stop => {
                    watcher.end(self.patience.closing).await;
                    return Ended::Stopped;
                }
                Event::Word(None) => {
                    let left = watcher.end(self.patience.closing).await;
                    let is_well = has_said_that_there_is_nothing && left.is_some_and(|status| status.success());
                    return if is_well {
                        Ended::NothingToWatch
                    } else {
                        Ended::Failed("it ended by itself".to_owned())
                    };
                }
                Event::Word(Some(Ok(FromWatcher::Ready { version: wire::VERSION }))) if ready_by.is_some() => {
                    ready_by = None;
                }
                Event::Word(Some(Ok(word))) if !word.is_within_bounds() => {
                    break "it tells of more than there can be".to_owned();
                }
                Event::Word(Some(Ok(FromWatcher::Tokens(tokens)))) if ready_by.is_none() => {
                    first_by = None;
                    has_said_that_there_is_nothing = tokens.is_empty();
                    self.tell(Some(tokens.into()));
                }
                Event::Word(Some(Ok(FromWatcher::Ready { version }))) if version != wire::VERSION => {
                    break format!("it speaks version {version} of the pipe");
                }
                Event::Word(Some(Ok(_))) => break "it speaks out of turn".to_owned(),
                // Its own words are not for the log.
                Event::Word(Some(Err(WireError::Malformed(_)))) => break "what it says does not parse".to_owned(),
                Event::Word(Some(Err(error))) => break error.to_string(),
                Event::Deadline => {
                    let now = Instant::now();
                    let is_past = |at: Option<Instant>| at.is_some_and(|at| at <= now);
                    if is_past(first_by) {
                        first_by = None;
                        if self.shared.known.borrow().is_none() {
                            self.tell(Some(Arc::default()));
                        }
                    }
                    if is_past(ready_by) {
                        break "it does not say that it is ready".to_owned();
                    }
                    if is_past(alone_until) {
                        tracing::debug!("the watcher of tokens is not needed any more");
                        tokio::spawn(watcher.end(self.patience.signer_yield));
                        return Ended::LetGo;
                    }
                }
            }
        };
        watcher.kill().await;
        Ended::Failed(complaint)
    }
}

async fn wait(
    watcher: &mut Watcher,
    sockets: &mut watch::Receiver<usize>,
    stop: &mut Stop,
    deadlines: [Option<Instant>; 3],
) -> Event {
    let deadline = deadlines.into_iter().flatten().min();
    let at = deadline.unwrap_or_else(Instant::now);
    tokio::select! {
        () = stop.said() => Event::Stop,
        word = watcher.words.recv() => Event::Word(word),
        // Whoever could have counted being gone, the listener stops.
        changed = sockets.changed() => if changed.is_ok() { Event::Sockets } else { Event::Stop },
        () = tokio::time::sleep_until(at), if deadline.is_some() => Event::Deadline,
    }
}

async fn is_stopped_within(pause: Duration, stop: &mut Stop) -> bool {
    tokio::time::timeout(pause, stop.said()).await.is_ok()
}
