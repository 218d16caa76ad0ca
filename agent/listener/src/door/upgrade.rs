//! The 101 answer and the greeting, in one write.

use super::budget::{Budget, Meter};
use super::one_frame::OneFrame;
use crate::setup::Patience;
use ncalayer::GREETING;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// What a socket reads at once. Two hundred idle ones must cost nothing, and a large frame is read into a buffer of its
/// own length anyway.
const READ_BUFFER: usize = 4 * 1024;

/// FIN and the opcode of a text frame (RFC 6455 §5.2).
const TEXT_FRAME: u8 = 0x81;

/// An open socket.
pub(super) type Socket<S> = WebSocketStream<OneFrame<S>>;

/// Answers the handshake and greets, then gives the open socket.
///
/// Clients take the first frame they see for the answer to their first call, or drop it blindly: the greeting must be
/// there before anything they can send, so it leaves with the handshake's answer (`ncalayer-protocol.md` 2.5).
pub(super) async fn upgrade<S>(
    mut stream: S,
    key: &str,
    beyond_head: Vec<u8>,
    frame_bytes: usize,
    budget: Budget,
    patience: Patience,
) -> std::io::Result<Socket<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
    .into_bytes();
    answer.extend_from_slice(&text_frame_head(GREETING.len()));
    answer.extend_from_slice(GREETING.as_bytes());
    stream.write_all(&answer).await?;
    stream.flush().await?;
    // Both limits: a frame's own is 16 MiB unless it is said, whatever a message's is.
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(frame_bytes))
        .max_frame_size(Some(frame_bytes));
    let framed = OneFrame::new(stream, beyond_head, Meter::new(budget, frame_bytes), patience.message);
    Ok(WebSocketStream::from_raw_socket(framed, Role::Server, Some(config)).await)
}

/// The same socket with an empty buffer of the size it began with. Only between two messages, and when all that was
/// sent has left.
pub(super) async fn give_buffer_back<S>(socket: Socket<S>) -> Socket<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = *socket.get_config();
    WebSocketStream::from_raw_socket(socket.into_inner(), Role::Server, Some(config)).await
}

/// The head of an unmasked text frame with so many octets of payload (RFC 6455 §5.2).
pub(super) fn text_frame_head(length: usize) -> Vec<u8> {
    let mut head = vec![TEXT_FRAME];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => head.push(short),
        (_, Ok(medium)) => {
            head.push(126);
            head.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            head.push(127);
            head.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frames_length_takes_the_fewest_octets() {
        assert_eq!(text_frame_head(0), [0x81, 0]);
        assert_eq!(text_frame_head(125), [0x81, 125]);
        assert_eq!(text_frame_head(126), [0x81, 126, 0, 126]);
        assert_eq!(text_frame_head(200), [0x81, 126, 0, 200]);
        assert_eq!(text_frame_head(65535), [0x81, 126, 0xff, 0xff]);
        assert_eq!(text_frame_head(65536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
