//! A token host: one library, and the conversation about it over standard input and output.
//!
//! Two threads of ours, and perhaps one more. The first calls the library and answers. The second reads the requests, and
//! notices the end of the input although the first may hang in the library: nobody waits for the answer then, and the
//! process must not outlive the signer. The third waits in C_WaitForSlotEvent, where the library takes that.

use crate::{
    module::Module,
    wire::{self, Answer, Asked, Fault, FaultKind, FromHost, Reply, Request, WireError},
};
use cryptoki::{
    context::Pkcs11,
    error::{Error, RvError},
};
use std::{
    io::{Read, Write},
    path::Path,
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
    time::Duration,
};
use zeroize::Zeroizing;

/// How long the library has for logging out when the input ended. Then the process goes, whatever the library does.
const FAREWELL: Duration = Duration::from_millis(600);

/// How many requests may wait while the library is busy. The end of the input is seen behind these.
const WAITING: usize = 16;

/// How long after a slot event the next one is told: readers that rattle, and libraries that lie, are no news.
const BETWEEN_EVENTS: Duration = Duration::from_millis(250);

/// How long after a failure C_WaitForSlotEvent is tried again.
const AFTER_A_FAILURE: Duration = Duration::from_secs(5);

/// Why a host ended otherwise than by the end of its input.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// [`FromHost::Unusable`] was said.
    #[error("the library cannot be used: {0}")]
    Unusable(Fault),
    /// Nobody reads the answers any more.
    #[error("the pipe broke")]
    Broken,
    /// What came is none of our words. Not a word of it is repeated here: it may be a PIN that came out of turn.
    #[error("a request does not parse")]
    Malformed,
}

impl From<WireError> for HostError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Io(_) => Self::Broken,
            WireError::TooLong(_) | WireError::Malformed(_) => Self::Malformed,
        }
    }
}

/// Serves a library over this process's standard input and output until the input ends, and ends with it within a second.
#[must_use]
pub fn run(library: &Path) -> ExitCode {
    // Before the library is loaded: whatever it writes to standard output must not get between the answers.
    let (input, output) = match platform::pipes::take() {
        Ok(pipes) => pipes,
        Err(error) => {
            tracing::error!(%error, "the pipes cannot be taken");
            return ExitCode::FAILURE;
        }
    };
    let ended = || {
        thread::sleep(FAREWELL);
        platform::pipes::end_at_once()
    };
    match serve(library, input, output, ended) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the token host ends");
            ExitCode::FAILURE
        }
    }
}

/// Serves a library over any pair of pipes until the input ends; `ended` is called then, in a thread of its own, also
/// while the library is busy. `input` must not buffer: PINs come over it.
///
/// # Errors
/// [`HostError`].
pub fn serve(
    library: &Path,
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    ended: impl FnOnce() + Send + 'static,
) -> Result<(), HostError> {
    let output = Output(Arc::new(Mutex::new(Box::new(output))));
    // Before the library is loaded: it may hang in that, too.
    let requests = Requests::begin(input, ended);
    let mut module = match Module::load(library) {
        Ok(module) => module,
        Err(fault) => {
            output.say(&FromHost::Unusable(fault.clone()))?;
            return Err(HostError::Unusable(fault));
        }
    };
    output.say(&module.ready())?;
    let mut events = module.events();
    let result = converse(&requests, &output, |request, pin| {
        let reply = module.answer(request, pin);
        // Some libraries know of no slot, and so of no event, before they were asked for their slots.
        if let (Reply::Slots(_), Some(context)) = (&reply, events.take()) {
            watch(context, output.clone());
        }
        reply
    });
    module.close();
    result
}

/// Answers one request after another.
fn converse(
    requests: &Requests,
    output: &Output,
    mut answer: impl FnMut(Request, Option<Zeroizing<String>>) -> Reply,
) -> Result<(), HostError> {
    while let Ok(read) = requests.read.recv() {
        let (asked, pin) = read?;
        // Whoever asked is gone: what still waits is not done, and a PIN not tried.
        if requests.over.load(Ordering::Acquire) {
            break;
        }
        let reply = answer(asked.request, pin);
        let word = FromHost::Answer(Answer { number: asked.number, reply });
        match output.say(&word) {
            Err(WireError::TooLong(_) | WireError::Malformed(_)) => {
                let fault = Fault { kind: FaultKind::BadLibrary, function: "token-host".to_owned(), code: 0 };
                output.say(&FromHost::Answer(Answer { number: asked.number, reply: Reply::Failed(fault) }))?;
            }
            said => said?,
        }
    }
    Ok(())
}

/// A request with its PIN.
type Incoming = (Asked, Option<Zeroizing<String>>);

/// The requests, as a thread of their own reads them.
struct Requests {
    read: Receiver<Result<Incoming, WireError>>,
    over: Arc<AtomicBool>,
}

impl Requests {
    fn begin(input: impl Read + Send + 'static, ended: impl FnOnce() + Send + 'static) -> Self {
        let (to, read) = mpsc::sync_channel(WAITING);
        let over = Arc::new(AtomicBool::new(false));
        let requests = Self { read, over: Arc::clone(&over) };
        thread::spawn(move || {
            read_all(input, &to);
            over.store(true, Ordering::Release);
            drop(to);
            ended();
        });
        requests
    }
}

/// Reads until the input ends, or says what is none of our words.
fn read_all(mut input: impl Read, to: &SyncSender<Result<Incoming, WireError>>) {
    loop {
        let read = match read_one(&mut input) {
            Ok(None) => return,
            Ok(Some(read)) => Ok(read),
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if to.send(read).is_err() || is_last {
            return;
        }
    }
}

fn read_one(input: &mut impl Read) -> Result<Option<Incoming>, WireError> {
    let Some(asked) = wire::read::<Asked>(input)? else { return Ok(None) };
    let pin = if asked.request.carries_pin() { Some(wire::read_pin(input)?) } else { None };
    Ok(Some((asked, pin)))
}

/// The output, to which two threads speak.
#[derive(Clone)]
struct Output(Arc<Mutex<Box<dyn Write + Send>>>);

impl Output {
    fn say(&self, word: &FromHost) -> Result<(), WireError> {
        let mut output = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wire::write(word, &mut *output)
    }
}

/// Tells of slot events, as long as the library knows of any. Nobody waits for this thread.
fn watch(context: Pkcs11, output: Output) {
    thread::spawn(move || {
        loop {
            let pause = match context.wait_for_slot_event() {
                Ok(_) => {
                    if output.say(&FromHost::SlotsChanged).is_err() {
                        return;
                    }
                    BETWEEN_EVENTS
                }
                // It has no events, or does not wait for them: the other side asks from time to time.
                Err(
                    Error::NullFunctionPointer
                    | Error::Pkcs11(
                        RvError::FunctionNotSupported
                        | RvError::ArgumentsBad
                        | RvError::NoEvent
                        | RvError::CryptokiNotInitialized,
                        _,
                    ),
                ) => return,
                Err(_) => AFTER_A_FAILURE,
            };
            thread::sleep(pause);
        }
    });
}
