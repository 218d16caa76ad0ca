//! An open socket's conversation: strictly one answer after the other, heartbeats at any time.

use super::budget::{COPIES, Charge, Room};
use super::caller::Caller;
use super::line::{End, Heard, LARGE, Line};
use super::upgrade::Socket;
use crate::setup::Patience;
use crate::stop::Stop;
use crate::walk::Walk;
use ncalayer::{Ask, HEARTBEAT, Session, Silence, Step, is_heartbeat};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Requests that a page may send ahead while an earlier one is not answered; clients send none
/// (`ncalayer-protocol.md` 2.7). With one more the socket is closed: to read on and forget would leave a request
/// without its answer, and to stop reading would leave heartbeats without theirs and hide that the page has gone.
const MOST_AHEAD: usize = 64;

/// The same, in octets; the one that goes over it still has its place.
const LONGEST_AHEAD: usize = 1024 * 1024;

/// What is being done for the request that is next.
type Work = Pin<Box<dyn Future<Output = Option<Done>> + Send>>;

/// What became of it.
enum Done {
    /// It was read.
    Read(Box<Session>, Step, Charge),
    /// It was read, and is to be read again when it is known which tokens are plugged in.
    TooEarly(Box<Session>, Utf8Bytes, Charge),
    /// It was answered. What it costs is given back when the answer has left.
    Answered(String, Charge),
}

/// Serves one socket until either side ends it. Ending withdraws what is being asked.
pub(super) async fn converse<S>(socket: Socket<S>, caller: Caller, walk: Arc<Walk>, patience: Patience, mut stop: Stop)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let _visit = walk.visit(&caller).await;
    let origin = caller.origin.as_record();
    tracing::debug!(origin, "a socket is open");
    let mut conversation = Conversation {
        session: Box::new(Session::new()),
        caller: Arc::new(caller),
        walk,
        ahead: VecDeque::new(),
        octets_ahead: 0,
        has_noted_silence: false,
        has_noted_refusal: false,
        work: None,
        present: watch::Sender::new(()),
    };
    let mut line = Line::new(socket, patience);
    let end = loop {
        let end = match conversation.take_part(&mut line, &mut stop).await {
            Ok(Size::Small) => continue,
            // The text is on its way through the house; what it took here is not needed any more.
            Ok(Size::Large) => match line.renewed().await {
                Ok(renewed) => {
                    line = renewed;
                    continue;
                }
                Err(end) => return tracing::debug!(origin, ?end, "a socket is closed"),
            },
            Err(end) => end,
        };
        break end;
    };
    match end {
        End::Peer | End::Stop => tracing::debug!(origin, ?end, "a socket is closed"),
        End::Deaf | End::Broken(..) | End::Refused(..) | End::Grief => {
            if let Some(times) = conversation.walk.closed.happened(&origin) {
                tracing::info!(origin, ?end, times, "a socket is closed for a cause");
            }
        }
    }
    // First of all the window: nobody waits for it any more.
    drop(conversation);
    line.close(end).await;
}

/// How large the last message was.
enum Size {
    Small,
    Large,
}

impl Size {
    fn of(octets: usize) -> Self {
        if octets > LARGE { Self::Large } else { Self::Small }
    }
}

struct Conversation {
    session: Box<Session>,
    caller: Arc<Caller>,
    walk: Arc<Walk>,
    ahead: VecDeque<(Utf8Bytes, Charge)>,
    octets_ahead: usize,
    has_noted_silence: bool,
    has_noted_refusal: bool,
    /// `None` when nobody waits for an answer.
    work: Option<Work>,
    /// Dropped with the conversation: the walk of a request sees by it that its page has gone.
    present: watch::Sender<()>,
}

impl Conversation {
    /// Waits for the next thing that happens, and does what it asks for. What the peer sends is read at any time, whatever
    /// is being done for it.
    async fn take_part<S>(&mut self, line: &mut Line<S>, stop: &mut Stop) -> Result<Size, End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let room = if self.work.is_some() { Room::NowOrNever } else { Room::MayWait };
        let work = &mut self.work;
        let is_working = work.is_some();
        let done = async {
            match work {
                Some(work) => work.await,
                None => std::future::pending().await,
            }
        };
        let size = tokio::select! {
            () = stop.said() => return Err(End::Stop),
            done = done, if is_working => {
                self.work = None;
                self.go_on(done.ok_or(End::Grief)?, line).await?;
                Size::Small
            }
            message = line.next(room) => match line.understand(message).await? {
                Heard::Text(text, charge) => self.receive(text, charge, line).await?,
                Heard::Binary { octets } => {
                    self.note_silence(&"a binary frame");
                    Size::of(octets)
                }
                Heard::Nothing => Size::Small,
            },
        };
        while self.work.is_none()
            && let Some((text, charge)) = self.ahead.pop_front()
        {
            self.octets_ahead = self.octets_ahead.saturating_sub(text.len());
            self.take_up(text, charge, line).await?;
        }
        Ok(size)
    }

    async fn receive<S>(&mut self, text: Utf8Bytes, charge: Charge, line: &mut Line<S>) -> Result<Size, End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if is_heartbeat(&text) {
            line.send(HEARTBEAT.to_owned()).await?;
            return Ok(Size::Small);
        }
        if self.ahead.len() >= MOST_AHEAD || self.octets_ahead >= LONGEST_AHEAD {
            return Err(End::Refused(CloseCode::Policy, "too many requests before the first is answered"));
        }
        let size = Size::of(text.len());
        self.octets_ahead += text.len();
        self.ahead.push_back((text, charge));
        Ok(size)
    }

    /// Takes up one request.
    async fn take_up<S>(&mut self, text: Utf8Bytes, charge: Charge, line: &mut Line<S>) -> Result<(), End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut session = std::mem::take(&mut self.session);
        let walk = Arc::clone(&self.walk);
        let is_large = text.len() > LARGE;
        let read = move || match walk.read(&mut session, &text) {
            Step::Tokens => Done::TooEarly(session, text, charge),
            step => {
                // A document of a hundred megabytes is in the step by now, not needed a second time as text.
                drop(text);
                Done::Read(session, step, charge)
            }
        };
        if !is_large {
            return self.go_on(read(), line).await;
        }
        self.work = Some(Box::pin(elsewhere(read)));
        Ok(())
    }

    /// Reads a request again as soon as it is known which tokens are plugged in.
    fn wait_for_tokens(&mut self, mut session: Box<Session>, text: Utf8Bytes, charge: Charge) {
        let (walk, caller) = (Arc::clone(&self.walk), Arc::clone(&self.caller));
        self.work = Some(Box::pin(async move {
            let tokens = walk.tokens(&caller).await;
            let is_large = text.len() > LARGE;
            let read = move || {
                let step = walk.read_knowing(&mut session, &text, &tokens);
                drop(text);
                Done::Read(session, step, charge)
            };
            if is_large { elsewhere(read).await } else { Some(read()) }
        }));
    }

    /// Does what comes next for a request.
    async fn go_on<S>(&mut self, done: Done, line: &mut Line<S>) -> Result<(), End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (session, step, charge) = match done {
            Done::Read(session, step, charge) => (session, step, charge),
            Done::TooEarly(session, text, charge) => {
                self.wait_for_tokens(session, text, charge);
                return Ok(());
            }
            Done::Answered(answer, _charge) => return line.send(answer).await,
        };
        self.session = session;
        match step {
            Step::Silent(Silence::KeepAlive) => Ok(()),
            Step::Silent(cause) => {
                self.note_silence(&cause);
                Ok(())
            }
            Step::Reply(reply) => {
                self.note_refusal();
                line.send(reply).await
            }
            // It was read knowing them.
            Step::Tokens => Err(End::Grief),
            Step::Ask(ask) => {
                self.work = Some(self.ask(*ask, charge));
                Ok(())
            }
        }
    }

    /// Once for each socket: a page that sends rubbish in a loop must not fill the log.
    fn note_silence(&mut self, cause: &dyn std::fmt::Display) {
        if !self.has_noted_silence {
            self.has_noted_silence = true;
            tracing::info!(%cause, origin = self.caller.origin.as_record(), "a frame is not answered");
        }
    }

    /// The same for a request that the dialect refuses. Why is in the answer, in words that hold some of the page's own.
    fn note_refusal(&mut self) {
        if let Some(module) = self.session.refused_by()
            && !self.has_noted_refusal
        {
            self.has_noted_refusal = true;
            let cause = if module.is_empty() { "there is no such module" } else { "refused by the dialect" };
            tracing::info!(module, cause, origin = self.caller.origin.as_record(), "a request is refused");
        }
    }

    fn ask(&self, ask: Ask, mut charge: Charge) -> Work {
        let (walk, caller, gone) = (Arc::clone(&self.walk), Arc::clone(&self.caller), self.present.subscribe());
        // The text has gone; from here on it is the documents that are there more than once.
        charge.shrink(ask.task.octets().saturating_mul(COPIES));
        // A task of its own: when the page goes away, what became of its request is still written down.
        let walking = tokio::spawn(async move { Some(Done::Answered(walk.carry(&caller, ask, gone).await?, charge)) });
        Box::pin(async move {
            let answered = walking.await;
            answered.inspect_err(|error| tracing::error!(%error, "answering a request ended badly")).ok().flatten()
        })
    }
}

/// Reads a long request outside the thread that serves sockets.
async fn elsewhere(read: impl FnOnce() -> Done + Send + 'static) -> Option<Done> {
    let read = tokio::task::spawn_blocking(read).await;
    read.inspect_err(|error| tracing::error!(%error, "reading a request ended badly")).ok()
}
