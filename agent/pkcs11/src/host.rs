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

/// The memory of a host, all that is mapped included. The big libraries with their threads take a third of it. There is no
/// such bound on threads and processes: the system counts those of a person, and not of a program.
const MOST_MEMORY: u64 = 1024 * 1024 * 1024;

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
    // A library that takes memory without end shall not take everybody's.
    for platform::hardening::Step { name, result } in platform::hardening::bound_memory(MOST_MEMORY) {
        if let Err(error) = result {
            tracing::debug!(%error, "{name} is not bound");
        }
    }
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
    let result = converse(&requests, &output, |request, pins| {
        let reply = module.answer(request, &pins);
        // Some libraries know of no slot, and so of no event, before they were asked for their slots.
        if matches!(reply, Reply::Slots(_))
            && let Some(context) = events.take()
        {
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
    mut answer: impl FnMut(Request, Vec<Zeroizing<String>>) -> Reply,
) -> Result<(), HostError> {
    while let Ok(read) = requests.read.recv() {
        let (asked, pins) = read?;
        // Whoever asked is gone: what still waits is not done, and a PIN not tried.
        if requests.over.load(Ordering::Acquire) {
            break;
        }
        let reply = answer(asked.request, pins);
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

/// A request with its PINs.
type Incoming = (Asked, Vec<Zeroizing<String>>);

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
            let is_over = read_all(input, &to);
            over.store(is_over, Ordering::Release);
            drop(to);
            ended();
        });
        requests
    }
}

/// Reads until the input ends, which is `true`, or what comes is none of our words.
fn read_all(mut input: impl Read, to: &SyncSender<Result<Incoming, WireError>>) -> bool {
    loop {
        let read = match read_one(&mut input) {
            Ok(None) => return true,
            Ok(Some(read)) => Ok(read),
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if to.send(read).is_err() || is_last {
            return false;
        }
    }
}

fn read_one(input: &mut impl Read) -> Result<Option<Incoming>, WireError> {
    let Some(asked) = wire::read::<Asked>(input)? else { return Ok(None) };
    let pins = (0..asked.request.pins()).map(|_| wire::read_pin(input)).collect::<Result<_, _>>()?;
    Ok(Some((asked, pins)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// An output that can be looked at.
    #[derive(Clone, Default)]
    struct Said(Arc<Mutex<Vec<u8>>>);

    impl Write for Said {
        fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(octets);
            Ok(octets.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// An input that does not end after its octets: a signer that waits.
    struct Waits(Cursor<Vec<u8>>);

    impl Read for Waits {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer) {
                Ok(0) if !buffer.is_empty() => loop {
                    thread::park();
                },
                read => read,
            }
        }
    }

    /// Talks with one who answers everything, and gives what was asked of him, how it ended and what was said.
    fn talk(input: impl Read + Send + 'static) -> (Vec<Request>, Result<(), HostError>, Vec<FromHost>) {
        let said = Said::default();
        let output = Output(Arc::new(Mutex::new(Box::new(said.clone()))));
        let mut asked = Vec::new();
        let result = converse(&Requests::begin(input, || ()), &output, |request, _| {
            asked.push(request);
            Reply::Done
        });
        let said = said.0.lock().unwrap().clone();
        let mut rest = said.as_slice();
        let words = std::iter::from_fn(|| wire::read(&mut rest).unwrap()).collect();
        (asked, result, words)
    }

    fn frames(requests: &[Request]) -> Vec<u8> {
        let mut octets = Vec::new();
        for (number, request) in requests.iter().enumerate() {
            let asked = Asked { number: number as u64, request: request.clone() };
            wire::write(&asked, &mut octets).unwrap();
            for _ in 0..asked.request.pins() {
                wire::write_pin("1234", &mut octets).unwrap();
            }
        }
        octets
    }

    fn some_requests() -> Vec<Request> {
        let token = wire::TokenId::default();
        vec![
            Request::LogIn { slot: 1, token: token.clone() },
            Request::Slots,
            Request::Remove { slot: 1, token: token.clone(), id: vec![1].into(), certificates: Vec::new() },
            Request::SetPin { slot: 1, token },
            Request::Keys { slot: 2 },
        ]
    }

    #[test]
    fn every_request_is_answered_under_its_number_until_one_is_none() {
        let mut octets = frames(&some_requests());
        octets.extend_from_slice(b"\0\0\0\x011");
        let (asked, result, words) = talk(Waits(Cursor::new(octets)));
        assert_eq!(asked, some_requests());
        assert!(matches!(result, Err(HostError::Malformed)));
        let answer = |number| FromHost::Answer(Answer { number, reply: Reply::Done });
        assert_eq!(words, (0..5).map(answer).collect::<Vec<_>>());
    }

    #[test]
    fn what_came_out_of_turn_is_repeated_in_no_error() {
        let mut octets = Vec::new();
        // The frame of a PIN where one of CBOR should be: a text that is no word of ours.
        wire::write_pin("\u{68}12345678", &mut octets).unwrap();
        let (_, result, _) = talk(Waits(Cursor::new(octets)));
        assert!(!result.unwrap_err().to_string().contains("1234"));
    }

    proptest! {
        #[test]
        fn no_octets_make_a_host_fail_otherwise_than_by_ending(octets in prop::collection::vec(any::<u8>(), 0..2000)) {
            let (asked, ..) = talk(Cursor::new(octets));
            prop_assert!(asked.len() <= 2000);
        }

        #[test]
        fn requests_with_a_spoilt_octet_are_other_requests_or_the_end(
            place in any::<prop::sample::Index>(),
            spoilt in any::<u8>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut octets = frames(&some_requests());
            let place = place.index(octets.len());
            octets[place] = spoilt;
            octets.truncate(cut.index(octets.len() + 1));
            let (asked, _, words) = talk(Cursor::new(octets));
            prop_assert_eq!(asked.len(), words.len());
        }
    }
}
