//! An open socket's conversation: strictly one answer after the other, heartbeats at any time.

use super::caller::Caller;
use super::connection::linger;
use super::upgrade::text_frame_head;
use crate::setup::Patience;
use crate::stop::Stop;
use crate::walk::Walk;
use futures_util::{SinkExt as _, StreamExt as _};
use ncalayer::{Ask, HEARTBEAT, Session, Silence, Step, is_heartbeat};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// Requests that a page may send ahead while an earlier one is not answered; clients send none
/// (`ncalayer-protocol.md` 2.7). Beyond that nothing more is read until one is answered.
const MOST_AHEAD: usize = 64;

/// Texts longer than this are read outside the thread that serves all sockets.
const LARGE: usize = 256 * 1024;

/// Answers longer than this are written past tungstenite's buffer, which would keep their size as long as the socket
/// is open.
const LARGE_ANSWER: usize = 64 * 1024;

/// An answer on its way; `None` when it came to grief, and the socket with it.
type Answering = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

/// Why a conversation ended.
enum End {
    /// The peer closed it, or is gone.
    Peer,
    /// We stop.
    Stop,
    /// The peer broke the rules of RFC 6455, or its frame is too large.
    Broken(CloseCode, &'static str),
}

/// Serves one socket until either side ends it. Ending withdraws what is being asked.
pub(super) async fn converse<S>(
    socket: WebSocketStream<S>,
    caller: Caller,
    walk: Arc<Walk>,
    patience: Patience,
    stop: Stop,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let _visit = walk.visit();
    let origin = caller.origin.as_record();
    tracing::debug!(origin, "a socket is open");
    let mut conversation = Conversation {
        socket,
        session: Some(Session::new()),
        caller: Arc::new(caller),
        walk,
        patience,
        ahead: VecDeque::new(),
        answering: None,
        _present: watch::Sender::new(()),
    };
    let end = conversation.run(stop).await;
    tracing::debug!(origin, "a socket is closed");
    conversation.close(end).await;
}

struct Conversation<S> {
    socket: WebSocketStream<S>,
    /// Taken while a large text is read elsewhere.
    session: Option<Session>,
    caller: Arc<Caller>,
    walk: Arc<Walk>,
    patience: Patience,
    ahead: VecDeque<Utf8Bytes>,
    answering: Option<Answering>,
    /// Dropped with the conversation: the walk of a request sees by it that its page has gone.
    _present: watch::Sender<()>,
}

impl<S> Conversation<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    async fn run(&mut self, mut stop: Stop) -> End {
        loop {
            while self.answering.is_none()
                && let Some(text) = self.ahead.pop_front()
            {
                if let Err(end) = self.hear(text).await {
                    return end;
                }
            }
            let has_room = self.ahead.len() < MOST_AHEAD;
            let answering = &mut self.answering;
            let is_answering = answering.is_some();
            let answer = async {
                match answering {
                    Some(answer) => answer.await,
                    None => std::future::pending().await,
                }
            };
            let result = tokio::select! {
                () = stop.said() => return End::Stop,
                answer = answer, if is_answering => {
                    self.answering = None;
                    match answer {
                        Some(answer) => self.send(answer).await,
                        None => Err(End::Broken(CloseCode::Error, "internal error")),
                    }
                }
                message = self.socket.next(), if has_room => self.receive(message).await,
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn receive(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) if is_heartbeat(&text) => self.send(HEARTBEAT.to_owned()).await,
            Some(Ok(Message::Text(text))) => {
                self.ahead.push_back(text);
                Ok(())
            }
            // No client sends one and the original's answer is not known: nothing, and the socket stays.
            Some(Ok(Message::Binary(_))) => {
                tracing::info!(origin = self.caller.origin.as_record(), "a binary frame is not answered");
                Ok(())
            }
            // The pong is made by the reading itself; it leaves with the next write, or here.
            Some(Ok(Message::Ping(_))) => self.flush().await,
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Ok(Message::Close(_))) => {
                self.flush().await?;
                Err(End::Peer)
            }
            Some(Err(error)) => Err(self.explain(&error)),
            None => Err(End::Peer),
        }
    }

    fn explain(&self, error: &Error) -> End {
        let end = match error {
            Error::Capacity(_) => End::Broken(CloseCode::Size, "larger than this agent takes"),
            Error::Utf8(_) => End::Broken(CloseCode::Invalid, "not UTF-8"),
            // Breaking off without a close frame is how pages leave.
            Error::Protocol(tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => {
                End::Peer
            }
            Error::Protocol(_) => End::Broken(CloseCode::Protocol, "not a WebSocket frame"),
            _ => End::Peer,
        };
        if matches!(end, End::Broken(..)) {
            tracing::info!(%error, origin = self.caller.origin.as_record(), "a socket is closed for what it sent");
        }
        end
    }

    /// Takes up one request.
    async fn hear(&mut self, text: Utf8Bytes) -> Result<(), End> {
        let mut session = self.session.take().unwrap_or_default();
        let walk = Arc::clone(&self.walk);
        let is_large = text.len() > LARGE;
        let read = move || {
            let step = walk.read(&mut session, &text);
            // A document of a hundred megabytes is in the step by now, not needed a second time as text.
            drop(text);
            (session, step)
        };
        let (session, step) = if is_large {
            tokio::task::spawn_blocking(read).await.map_err(|error| {
                tracing::error!(%error, "reading a request ended badly");
                End::Broken(CloseCode::Error, "internal error")
            })?
        } else {
            read()
        };
        self.session = Some(session);
        match step {
            Step::Silent(Silence::KeepAlive) => Ok(()),
            Step::Silent(cause) => {
                tracing::info!(%cause, origin = self.caller.origin.as_record(), "a frame is not answered");
                Ok(())
            }
            Step::Reply(reply) => self.send(reply).await,
            Step::Ask(ask) => {
                self.answering = Some(self.ask(*ask));
                Ok(())
            }
        }
    }

    fn ask(&self, ask: Ask) -> Answering {
        let (walk, caller, gone) = (Arc::clone(&self.walk), Arc::clone(&self.caller), self._present.subscribe());
        // A task of its own: when the page goes away, what became of its request is still written down.
        let walking = tokio::spawn(async move { walk.carry(&caller, ask, gone).await });
        Box::pin(async move {
            walking.await.inspect_err(|error| tracing::error!(%error, "answering a request ended badly")).ok().flatten()
        })
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        let patience = self.patience.sending;
        let sent = tokio::time::timeout(patience, async {
            if text.len() <= LARGE_ANSWER {
                return self.socket.send(Message::text(text)).await;
            }
            // What tungstenite has in its buffer goes first; then nothing of it is left to come in between.
            self.socket.flush().await?;
            let stream = self.socket.get_mut();
            stream.write_all(&text_frame_head(text.len())).await?;
            stream.write_all(text.as_bytes()).await?;
            Ok(stream.flush().await?)
        });
        match sent.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Peer),
            Err(_) => {
                tracing::info!(origin = self.caller.origin.as_record(), "a page does not take its answer");
                Err(End::Peer)
            }
        }
    }

    async fn flush(&mut self) -> Result<(), End> {
        let patience = self.patience.sending;
        match tokio::time::timeout(patience, self.socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Peer),
        }
    }

    /// Ends the conversation as RFC 6455 §7 has it, within our patience.
    async fn close(self, end: End) {
        let Self { mut socket, patience, answering, _present: present, .. } = self;
        // First of all the window: nobody waits for it any more.
        drop((answering, present));
        let (code, reason) = match end {
            End::Peer => return,
            End::Stop => (CloseCode::Away, "Tanba is stopping"),
            End::Broken(code, reason) => (code, reason),
        };
        let is_broken = matches!(end, End::Broken(..));
        let farewell = async {
            socket.close(Some(CloseFrame { code, reason: reason.into() })).await?;
            if !is_broken {
                while let Some(Ok(_)) = socket.next().await {}
            }
            Ok::<_, Error>(())
        };
        let said = tokio::time::timeout(patience.closing, farewell).await;
        // What a peer sends after it broke the rules are no frames any more.
        if is_broken && matches!(said, Ok(Ok(()))) {
            linger(socket.get_mut(), patience.closing).await;
        }
    }
}
