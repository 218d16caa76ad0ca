//! A token host: the process that one library lives in, started when it is needed and ended when it overruns.

use std::{
    ffi::OsString,
    io::{self, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use pkcs11::wire::{self, Asked, Fault, FromHost, Reply, Request, WireError};
use platform::children;
use zeroize::Zeroizing;

use super::{Limits, TokenFault, environment, host_log};
use crate::Password;

/// How a token host is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCommand {
    /// The program: `tanba-signer`.
    pub program: PathBuf,
    /// Its arguments (`token-host`); the library's path is appended.
    pub arguments: Vec<OsString>,
}

/// A host that says so often that something was plugged in or taken out is not listened to any faster. An honest one says
/// it a few times a second.
const BETWEEN_EVENTS: Duration = Duration::from_millis(20);

/// Words of a host that may wait to be heard. A host has one to say for each request.
const WAITING_WORDS: usize = 8;

/// Why a request came to nothing.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The host did not answer as a host does, and has been ended.
    ByHost(TokenFault),
    /// The library said no.
    ByLibrary(Fault),
}

/// Called when a host says that something was plugged in or taken out, and when it ends.
pub(super) type OnEvent = Arc<dyn Fn(Event) + Send + Sync>;

/// What a host says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// [`FromHost::SlotsChanged`].
    SlotsChanged,
    /// Its output ended.
    Ended,
}

/// The host of one library. Requests go one after the other: PKCS#11 modules are not to be trusted with threads.
pub(super) struct Host {
    command: HostCommand,
    driver: PathBuf,
    limits: Limits,
    on_event: OnEvent,
    /// Held for as long as a request runs.
    conversation: Mutex<Option<Conversation>>,
    /// The same process for whoever ends it meanwhile.
    process: Mutex<Option<Arc<Process>>>,
    is_closed: AtomicBool,
    /// The login or signature that is being made, by its number; 0: none.
    awaited: AtomicU64,
    /// How many there were.
    made: AtomicU64,
}

impl Host {
    /// Starts nothing yet.
    pub(super) fn new(command: HostCommand, library: PathBuf, limits: Limits, on_event: OnEvent) -> Self {
        let (conversation, process) = (Mutex::new(None), Mutex::new(None));
        let (is_closed, awaited, made) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        Self { command, driver: library, limits, on_event, conversation, process, is_closed, awaited, made }
    }

    /// Asks, and waits for the answer no longer than [`Limits`] say. `understand` is `None` for a reply that is none to
    /// this request; the host is then ended like one that does not answer.
    pub(super) fn ask<T>(
        &self,
        request: Request,
        pins: &[&Password],
        understand: impl FnOnce(Reply) -> Option<T>,
    ) -> Result<T, Unanswered> {
        let at_the_pad = pins.iter().any(|pin| pin.is_empty());
        let patience = self.limits.of(&request, at_the_pad);
        let mut conversation = lock(&self.conversation);
        let _awaited = Awaited::of(self, &request);
        let asked = match self.begun(&mut conversation) {
            Ok(begun) => begun.ask(request, pins, patience),
            Err(fault) => Err(fault),
        };
        let understood = match asked {
            Ok(Reply::Failed(fault)) => return Err(Unanswered::ByLibrary(fault)),
            Ok(reply) => {
                understand(reply).ok_or_else(|| TokenFault::BadLibrary("it answered something else".to_owned()))
            }
            Err(Unasked::Request) => return Err(Unanswered::ByHost(TokenFault::Unsupported)),
            Err(Unasked::Host(fault)) => Err(fault),
        };
        understood.map_err(|fault| {
            tracing::warn!(library = %self.driver.display(), %fault, "a token host is ended");
            *conversation = None;
            self.end_process();
            Unanswered::ByHost(fault)
        })
    }

    /// The login or signature that is being made now.
    pub(super) fn awaited(&self) -> Option<u64> {
        Some(self.awaited.load(Ordering::SeqCst)).filter(|number| *number != 0)
    }

    /// Ends the host if it is still busy with that login or signature.
    pub(super) fn end_if_busy_with(&self, number: u64) {
        if self.awaited() == Some(number) {
            tracing::warn!(library = %self.driver.display(), "nobody waits any more, and a token host is ended");
            self.end_process();
        }
    }

    /// As [`Host::ask`], where there is nothing to ask when the host does not run.
    pub(super) fn ask_if_running<T>(&self, request: Request, understand: impl FnOnce(Reply) -> Option<T>) {
        if lock(&self.process).is_some() {
            // Whatever it came to: nobody waits for it.
            let _ = self.ask(request, &[], understand);
        }
    }

    /// Ends the host, and starts none any more. One that has nothing to do may leave by itself, [`Host::gone_by`] then
    /// ends it.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        match self.conversation.try_lock() {
            // Its input ends with this.
            Ok(mut conversation) => *conversation = None,
            Err(_) => self.end_process(),
        }
    }

    /// Waits until the host has gone, and ends it when the moment has come.
    pub(super) fn gone_by(&self, moment: Instant) {
        let process = lock(&self.process).take();
        if let Some(process) = process {
            process.gone_by(moment);
        }
    }

    fn end_process(&self) {
        let process = lock(&self.process).take();
        if let Some(process) = process {
            process.end();
        }
    }

    /// The conversation with a host that runs.
    fn begun<'a>(
        &self,
        conversation: &'a mut MutexGuard<'_, Option<Conversation>>,
    ) -> Result<&'a mut Conversation, Unasked> {
        if let Some(begun) = conversation.as_mut() {
            match begun.words.try_recv() {
                Err(TryRecvError::Empty) => {}
                Ok(Word::Said(_)) => return Err(bad("it answered what nobody asked")),
                Ok(Word::Garbled(why)) => return Err(bad(&why)),
                // It ended while it had nothing to do: that costs nobody anything.
                Ok(Word::Ended) | Err(TryRecvError::Disconnected) => {
                    **conversation = None;
                    self.end_process();
                }
            }
        }
        if conversation.is_none() {
            **conversation = Some(self.start()?);
        }
        conversation.as_mut().ok_or(Unasked::Host(TokenFault::Crashed))
    }

    fn start(&self) -> Result<Conversation, Unasked> {
        let mut command = Command::new(&self.command.program);
        command
            .args(&self.command.arguments)
            .arg(&self.driver)
            .env_clear()
            .envs(environment::reduced(std::env::vars_os()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        children::in_own_group(&mut command);
        let does_not_start = |error: io::Error| bad(&format!("its host does not start: {error}"));
        let mut child = command.spawn().map_err(does_not_start)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let process = Arc::new(Process(Mutex::new(Some(child))));
        *lock(&self.process) = Some(Arc::clone(&process));
        // Closed in between: whoever closed has not seen this one.
        if self.is_closed.load(Ordering::SeqCst) {
            return Err(Unasked::Host(TokenFault::Gone));
        }
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else { return Err(bad("its host has no pipes")) };
        let (to_us, words) = sync_channel(WAITING_WORDS);
        let on_event = Arc::clone(&self.on_event);
        let reader = thread::Builder::new().name("token-host".to_owned());
        reader.spawn(move || hear(stdout, &to_us, &*on_event)).map_err(does_not_start)?;
        host_log::keep(stderr, &self.driver);
        let input = Input::begin(stdin).map_err(does_not_start)?;
        let mut begun = Conversation { input, words, number: 0 };
        begun.greet(self.limits.start)?;
        Ok(begun)
    }
}

/// Says, while it lives, that a login or signature is being made.
struct Awaited<'a>(&'a AtomicU64);

impl<'a> Awaited<'a> {
    fn of(host: &'a Host, request: &Request) -> Option<Self> {
        matches!(request, Request::LogIn { .. } | Request::Sign { .. }).then(|| {
            let number = host.made.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
            host.awaited.store(number, Ordering::SeqCst);
            Self(&host.awaited)
        })
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::SeqCst);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        *lock(&self.conversation) = None;
        self.end_process();
    }
}

/// Why there is no answer.
enum Unasked {
    /// The request is none that can be asked.
    Request,
    /// The host is at fault.
    Host(TokenFault),
}

fn bad(why: &str) -> Unasked {
    Unasked::Host(TokenFault::BadLibrary(why.to_owned()))
}

/// A host's output, word by word.
enum Word {
    Said(FromHost),
    Garbled(String),
    Ended,
}

/// The reader's thread: it ends with the host, or when nobody listens any more.
fn hear(stdout: ChildStdout, to_us: &SyncSender<Word>, on_event: &(dyn Fn(Event) + Send + Sync)) {
    let mut from = BufReader::new(stdout);
    let mut last_event = None;
    loop {
        let word = match wire::read(&mut from) {
            Ok(Some(FromHost::SlotsChanged)) => {
                let now = Instant::now();
                if last_event.replace(now).is_some_and(|last| now.duration_since(last) < BETWEEN_EVENTS) {
                    thread::sleep(BETWEEN_EVENTS);
                }
                on_event(Event::SlotsChanged);
                continue;
            }
            Ok(Some(said)) => Word::Said(said),
            // A host that dies in the middle of a word has died.
            Ok(None) | Err(WireError::Io(_)) => Word::Ended,
            Err(error) => Word::Garbled(error.to_string()),
        };
        let goes_on = matches!(word, Word::Said(_));
        if to_us.send(word).is_err() {
            return;
        }
        if !goes_on {
            on_event(Event::Ended);
            return;
        }
    }
}

/// What is said to a host that runs, and heard from it.
struct Conversation {
    input: Input,
    words: Receiver<Word>,
    number: u64,
}

impl Conversation {
    /// The host's first word.
    fn greet(&mut self, patience: Duration) -> Result<(), Unasked> {
        match self.next(Instant::now() + patience)? {
            FromHost::Ready { version: wire::VERSION, .. } => Ok(()),
            FromHost::Ready { version, .. } => Err(bad(&format!("its host speaks version {version}"))),
            FromHost::Unusable(fault) => Err(Unasked::Host(TokenFault::BadLibrary(super::fault::in_words(&fault)))),
            FromHost::SlotsChanged | FromHost::Answer(_) => Err(bad("its host does not say that it is ready")),
        }
    }

    fn ask(&mut self, request: Request, pins: &[&Password], patience: Duration) -> Result<Reply, Unasked> {
        let until = Instant::now() + patience;
        self.number += 1;
        self.write(&Asked { number: self.number, request }, pins, until)?;
        match self.next(until)? {
            FromHost::Answer(answer) if answer.number == self.number => {
                if answer.reply.is_within_bounds() {
                    Ok(answer.reply)
                } else {
                    Err(bad("it answered more than it may"))
                }
            }
            FromHost::Answer(_) => Err(bad("it answered what nobody asked")),
            _ => Err(bad("it said something else than an answer")),
        }
    }

    fn next(&mut self, until: Instant) -> Result<FromHost, Unasked> {
        match self.words.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Word::Said(said)) => Ok(said),
            Ok(Word::Garbled(why)) => Err(bad(&why)),
            Ok(Word::Ended) | Err(RecvTimeoutError::Disconnected) => Err(Unasked::Host(TokenFault::Crashed)),
            Err(RecvTimeoutError::Timeout) => Err(Unasked::Host(TokenFault::NotResponding)),
        }
    }

    /// Writes a request, and its PINs behind it, without being held up by a host that does not read: also the shortest one
    /// waits for ever when the pipe is full of others.
    fn write(&mut self, asked: &Asked, pins: &[&Password], until: Instant) -> Result<(), Unasked> {
        let mut frame = Vec::new();
        wire::write(asked, &mut frame).map_err(|_| Unasked::Request)?;
        // Of its final size at once, so that growing leaves no copy behind. It is wiped where it is written.
        let length: usize = pins.iter().map(|pin| size_of::<u32>() + pin.expose().len()).sum();
        let mut whole = Vec::with_capacity(frame.len() + length);
        whole.append(&mut frame);
        let mut whole = Zeroizing::new(whole);
        for pin in pins {
            wire::write_pin(pin.expose(), &mut *whole).map_err(|_| Unasked::Request)?;
        }
        self.input.write(whole, until)
    }
}

/// A host's input, written by a thread of its own. When this goes, the thread ends and the input with it; a thread that is
/// held up by a host that does not read ends when that is ended.
struct Input {
    to: SyncSender<Zeroizing<Vec<u8>>>,
    written: Receiver<io::Result<()>>,
}

impl Input {
    fn begin(mut stdin: ChildStdin) -> io::Result<Self> {
        let (to, frames) = sync_channel::<Zeroizing<Vec<u8>>>(1);
        let (done, written) = sync_channel(1);
        let writer = thread::Builder::new().name("token-host-input".to_owned());
        writer.spawn(move || {
            while let Ok(frame) = frames.recv() {
                let result = io::Write::write_all(&mut stdin, &frame);
                // Wiped before anybody hears that it was written.
                drop(frame);
                if done.send(result).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { to, written })
    }

    fn write(&self, frame: Zeroizing<Vec<u8>>, until: Instant) -> Result<(), Unasked> {
        let gone = || Unasked::Host(TokenFault::Crashed);
        // It waits for nobody: the frame before was written, or the host was ended.
        self.to.send(frame).map_err(|_| gone())?;
        match self.written.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(gone()),
            Err(RecvTimeoutError::Timeout) => Err(Unasked::Host(TokenFault::NotResponding)),
        }
    }
}

/// A process, until it was waited for.
struct Process(Mutex<Option<Child>>);

impl Process {
    /// Ends it and all it started. A process that hangs in its driver may take a while to go, which holds nobody up.
    fn end(&self) {
        let child = lock(&self.0).take();
        let Some(mut child) = child else { return };
        children::end(&mut child);
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        // Without a thread it stays in the system's list until we end ourselves; it runs no longer.
        let _ = thread::Builder::new().name("token-host-end".to_owned()).spawn(move || child.wait());
    }

    /// Waits until it has left by itself, at most until then. What it started is ended with it in either case.
    fn gone_by(&self, moment: Instant) {
        let runs = || lock(&self.0).as_mut().is_some_and(|child| !children::has_ended(child));
        while runs() && Instant::now() < moment {
            thread::sleep(Duration::from_millis(5));
        }
        self.end();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A panic elsewhere has spoilt nothing of what these locks keep.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
