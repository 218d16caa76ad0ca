//! The frames of one socket, in and out, within our patience.

use super::budget::{Charge, NoRoom, Room};
use super::connection::linger;
use super::one_frame::TooSlow;
use super::upgrade::{Socket, give_buffer_back, text_frame_head};
use crate::setup::Patience;
use futures_util::{SinkExt as _, StreamExt as _};
use std::future::Future;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// Messages longer than this leave no buffer of their size behind.
pub(super) const LARGE: usize = 64 * 1024;

/// What a peer sent.
pub(super) enum Heard {
    Text(Utf8Bytes, Charge),
    /// No client sends one, and the original's answer is not known.
    Binary {
        octets: usize,
    },
    /// What RFC 6455 has answered by itself.
    Nothing,
}

/// Why a conversation ended.
#[derive(Debug)]
pub(super) enum End {
    /// The peer closed it, or is gone.
    Peer,
    /// The peer does not take what is sent to it.
    Deaf,
    /// We stop.
    Stop,
    /// The peer broke the rules of RFC 6455, or its frame is too large.
    Broken(CloseCode, &'static str),
    /// The peer keeps to RFC 6455, and asks for more than it gets.
    Refused(CloseCode, &'static str),
    /// We came to grief over a request.
    Grief,
}

/// One socket.
pub(super) struct Line<S> {
    socket: Socket<S>,
    patience: Patience,
}

impl<S> Line<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    pub(super) fn new(socket: Socket<S>, patience: Patience) -> Self {
        Self { socket, patience }
    }

    /// The next thing the peer sends. May be given up and asked again without losing anything.
    pub(super) async fn next(&mut self, room: Room) -> Option<Result<Message, Error>> {
        self.socket.get_mut().set_room(room);
        self.socket.next().await
    }

    /// What it means.
    pub(super) async fn understand(&mut self, message: Option<Result<Message, Error>>) -> Result<Heard, End> {
        match message {
            Some(Ok(Message::Text(text))) => Ok(Heard::Text(text, self.socket.get_mut().take_charge())),
            Some(Ok(Message::Binary(octets))) => {
                // Given back here: nothing is done with it.
                self.socket.get_mut().take_charge();
                Ok(Heard::Binary { octets: octets.len() })
            }
            // The pong was made by the reading; this sends it.
            Some(Ok(Message::Ping(_))) => self.flush().await.map(|()| Heard::Nothing),
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => Ok(Heard::Nothing),
            // So was the answer to a close frame.
            Some(Ok(Message::Close(_))) => Err(self.flush().await.err().unwrap_or(End::Peer)),
            Some(Err(error)) => Err(explain(&error)),
            None => Err(End::Peer),
        }
    }

    /// Sends a text. One of many megabytes goes past tungstenite's buffer, which would keep its size.
    pub(super) async fn send(&mut self, text: String) -> Result<(), End> {
        let socket = &mut self.socket;
        patiently(self.patience, async {
            if text.len() <= LARGE {
                return socket.send(Message::text(text)).await;
            }
            // What is in that buffer goes first; then nothing of it can come in between.
            socket.flush().await?;
            let stream = socket.get_mut();
            stream.write_all(&text_frame_head(text.len())).await?;
            stream.write_all(text.as_bytes()).await?;
            Ok(stream.flush().await?)
        })
        .await
    }

    async fn flush(&mut self) -> Result<(), End> {
        patiently(self.patience, self.socket.flush()).await
    }

    /// The same line, without the memory that a large message took. Only after a whole message.
    pub(super) async fn renewed(mut self) -> Result<Self, End> {
        self.flush().await?;
        Ok(Self { socket: give_buffer_back(self.socket).await, ..self })
    }

    /// Ends the conversation as RFC 6455 §7 has it.
    pub(super) async fn close(mut self, end: End) {
        let (code, reason) = match end {
            End::Peer | End::Deaf => return,
            End::Stop => (CloseCode::Away, "Tanba is stopping"),
            End::Broken(code, reason) | End::Refused(code, reason) => (code, reason),
            End::Grief => (CloseCode::Error, "internal error"),
        };
        // A frame that was not read to its end counts as well.
        let is_broken = matches!(end, End::Broken(..) | End::Refused(..));
        let farewell = async {
            self.socket.close(Some(CloseFrame { code, reason: reason.into() })).await?;
            while !is_broken && matches!(self.socket.next().await, Some(Ok(_))) {}
            Ok::<_, Error>(())
        };
        let said = tokio::time::timeout(self.patience.closing, farewell).await;
        // What a peer sends after it broke the rules are no frames any more.
        if is_broken && matches!(said, Ok(Ok(()))) {
            linger(self.socket.get_mut(), self.patience.closing).await;
        }
    }
}

async fn patiently(patience: Patience, sending: impl Future<Output = Result<(), Error>>) -> Result<(), End> {
    match tokio::time::timeout(patience.sending, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Peer),
        Err(_) => Err(End::Deaf),
    }
}

fn explain(error: &Error) -> End {
    match error {
        Error::Capacity(_) => End::Broken(CloseCode::Size, "larger than this agent takes"),
        Error::Utf8(_) => End::Broken(CloseCode::Invalid, "not UTF-8"),
        // Breaking off without a close frame is how pages leave.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Peer,
        Error::Protocol(_) => End::Broken(CloseCode::Protocol, "not a WebSocket frame"),
        Error::Io(error) if is::<NoRoom>(error) => End::Refused(CloseCode::Again, "too much waits already"),
        Error::Io(error) if is::<TooSlow>(error) => End::Refused(CloseCode::Policy, "a message does not arrive"),
        _ => End::Peer,
    }
}

fn is<E: std::error::Error + 'static>(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|error| error.is::<E>())
}
