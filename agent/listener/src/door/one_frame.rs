//! A stream that gives its reader one WebSocket frame at a time.
//!
//! tungstenite reads ahead into one buffer that grows with the largest frame and is kept as long as the socket is open:
//! two hundred tabs that each sent one large document would hold all of them for ever. Where its reader never gets
//! octets of two frames at once, there is a moment after each message at which nothing is buffered there, and the buffer
//! can be given back by starting anew on the same stream.
//!
//! It is also where the length of a frame is first known, and so where it is charged to the [budget](super::budget):
//! the end of a frame's head is not given on before there is room for what follows.

use super::budget::{Charge, Meter, Room};
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What is read from the stream at once, where it is not the inside of a large frame.
const AHEAD: usize = 4 * 1024;

/// The longest head of a frame: two octets, a length of eight, a mask of four (RFC 6455 §5.2).
const LONGEST_HEAD: usize = 14;

/// A stream that gives its reader one WebSocket frame at a time, or less.
pub(super) struct OneFrame<S> {
    stream: S,
    /// What was read from the stream; before `given` it has been given on.
    ahead: Vec<u8>,
    given: usize,
    place: Place,
    meter: Meter,
    /// How long a message may take that a part of the budget is held for.
    patience: Duration,
    /// When it must be complete.
    deadline: Option<Pin<Box<Sleep>>>,
}

/// A message that holds a part of the budget did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("a message does not arrive")]
pub(super) struct TooSlow;

impl<S> OneFrame<S> {
    /// A stream of which `ahead` was read already.
    pub(super) fn new(stream: S, ahead: Vec<u8>, meter: Meter, patience: Duration) -> Self {
        Self { stream, ahead, given: 0, place: Place::default(), meter, patience, deadline: None }
    }

    /// Whether the next message may wait for room.
    pub(super) fn set_room(&mut self, room: Room) {
        self.meter.room = room;
    }

    /// What the message costs that has just been read.
    pub(super) fn take_charge(&mut self) -> Charge {
        self.deadline = None;
        self.meter.take()
    }

    /// Whether there is still time; what the peer sends has been waited for in vain.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.meter.is_charged() {
            return Poll::Pending;
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        deadline.as_mut().poll(cx).map(|()| Err(io::Error::other(TooSlow)))
    }
}

/// Where in a frame the reader stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    head: [u8; LONGEST_HEAD],
    head_octets: usize,
    /// What is left of the payload; only when the head is complete.
    payload: Option<u64>,
}

impl Place {
    /// Moves on by as many of these octets as belong to the same frame, and says how many, and how long the payload is
    /// when they are the end of its head.
    fn advance(&mut self, octets: &[u8]) -> (usize, Option<u64>) {
        let mut taken = 0;
        let mut begun = None;
        while self.payload.is_none() {
            let (Some(octet), Some(place)) = (octets.get(taken), self.head.get_mut(self.head_octets)) else {
                return (taken, None);
            };
            *place = *octet;
            taken += 1;
            self.head_octets += 1;
            self.payload = payload_length(self.head.get(..self.head_octets).unwrap_or_default());
            begun = self.payload;
        }
        let left = self.payload.unwrap_or_default();
        let rest = octets.len().saturating_sub(taken);
        let now = usize::try_from(left).map_or(rest, |left| left.min(rest));
        self.pass(now as u64);
        (taken + now, begun)
    }

    /// Moves on within the payload; behind its last octet the next frame begins.
    fn pass(&mut self, octets: u64) {
        let left = self.payload.unwrap_or_default().saturating_sub(octets);
        if left == 0 {
            *self = Self::default();
        } else {
            self.payload = Some(left);
        }
    }
}

/// The payload's length, once the head is complete. Whether the head is a lawful one is for its reader to say.
fn payload_length(head: &[u8]) -> Option<u64> {
    let (second, rest) = head.get(1..)?.split_first()?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (octets, length) = match second & 0x7f {
        126 => (2, u64::from(u16::from_be_bytes(*rest.first_chunk()?))),
        127 => (8, u64::from_be_bytes(*rest.first_chunk()?)),
        short => (0, u64::from(short)),
    };
    (rest.len() == octets + mask).then_some(length)
}

impl<S: AsyncRead + Unpin> AsyncRead for OneFrame<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.given == this.ahead.len() {
            // The inside of a large frame goes straight where it belongs.
            let inside = this.place.payload.unwrap_or_default();
            let room = usize::try_from(inside).map_or(buf.remaining(), |inside| inside.min(buf.remaining()));
            if room >= AHEAD {
                let mut direct = ReadBuf::new(buf.initialize_unfilled_to(room));
                match Pin::new(&mut this.stream).poll_read(cx, &mut direct) {
                    Poll::Ready(read) => read?,
                    Poll::Pending => return this.poll_patience(cx),
                }
                let read = direct.filled().len();
                this.place.pass(read as u64);
                buf.advance(read);
                return Poll::Ready(Ok(()));
            }
            this.ahead.resize(AHEAD, 0);
            let mut ahead = ReadBuf::new(&mut this.ahead);
            let polled = Pin::new(&mut this.stream).poll_read(cx, &mut ahead);
            let read = if matches!(polled, Poll::Ready(Ok(()))) { ahead.filled().len() } else { 0 };
            this.ahead.truncate(read);
            this.given = 0;
            match polled {
                Poll::Ready(read) => read?,
                Poll::Pending => return this.poll_patience(cx),
            }
        }
        let rest = this.ahead.get(this.given..).unwrap_or_default();
        let rest = rest.get(..buf.remaining().min(rest.len())).unwrap_or_default();
        let mut place = this.place.clone();
        let (now, begun) = place.advance(rest);
        if let Some(payload) = begun {
            // Until there is room the reader stands where it stood, and nothing is read behind this frame's head.
            match this.meter.poll_frame(cx, payload) {
                Poll::Ready(room) => room.map_err(io::Error::other)?,
                Poll::Pending => return this.poll_patience(cx),
            }
        }
        this.place = place;
        buf.put_slice(rest.get(..now).unwrap_or_default());
        this.given += now;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for OneFrame<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, octets)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::AsyncReadExt as _;

    fn meter() -> Meter {
        let limits = settings::Limits::default();
        Meter::new(super::super::budget::Budget::new(limits.memory_bytes()), limits.frame_bytes())
    }

    fn frame(payload: usize, is_masked: bool) -> Vec<u8> {
        let mut frame = super::super::upgrade::text_frame_head(payload);
        if is_masked {
            frame[1] |= 0x80;
            frame.extend([1, 2, 3, 4]);
        }
        frame.extend((0..payload).map(|octet| u8::try_from(octet % 251).unwrap()));
        frame
    }

    /// What each read gives, for a stream whose beginning was read already.
    fn reads(stream: &[u8], ahead: usize, room: usize) -> Vec<Vec<u8>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (ahead, rest) = stream.split_at(ahead.min(stream.len()));
            let mut one = OneFrame::new(rest, ahead.to_vec(), meter(), Duration::from_secs(60));
            let mut reads = Vec::new();
            loop {
                let mut piece = vec![0; room];
                let read = one.read(&mut piece).await.unwrap();
                if read == 0 {
                    return reads;
                }
                piece.truncate(read);
                reads.push(piece);
            }
        })
    }

    #[test]
    fn a_read_ends_where_its_frame_ends() {
        let frames: Vec<_> =
            [(0, true), (5, true), (125, false), (126, true), (70_000, true), (65_535, false), (1, true)]
                .map(|(payload, is_masked)| frame(payload, is_masked))
                .into();
        let reads = reads(&frames.concat(), 3, 8192);
        let mut reads = reads.into_iter();
        for frame in frames {
            let mut read = Vec::new();
            while read.len() < frame.len() {
                read.extend(reads.next().unwrap());
            }
            assert!(read == frame, "octets of the next frame came along");
        }
        assert_eq!(reads.next(), None);
    }

    #[tokio::test]
    async fn of_ten_slow_messages_one_is_read_and_the_others_wait_at_their_heads() {
        let limits = settings::Limits::default();
        let budget = super::super::budget::Budget::new(limits.memory_bytes());
        let all = budget.free();
        let mut head = frame(0, true);
        head.truncate(1);
        head.push(0xff);
        head.extend((limits.frame_bytes() as u64).to_be_bytes());
        head.extend([0; 4]);
        let mut peers = Vec::new();
        let mut given = 0;
        for _ in 0..10 {
            let (mut peer, stream) = tokio::io::duplex(4096);
            let meter = Meter::new(budget.clone(), limits.frame_bytes());
            let mut one = OneFrame::new(stream, Vec::new(), meter, Duration::from_secs(60));
            tokio::io::AsyncWriteExt::write_all(&mut peer, &head).await.unwrap();
            let mut piece = [0; 64];
            given += usize::from(tokio::time::timeout(Duration::from_millis(20), one.read(&mut piece)).await.is_ok());
            peers.push((peer, one));
        }
        assert_eq!(given, 1);
        let taken = limits.frame_bytes() as u64 * super::super::budget::COPIES;
        assert_eq!(all - budget.free(), taken);
        // The one that was being read goes, and what it had is there again, for the next one that looks.
        peers.remove(0);
        let (_, second) = &mut peers[0];
        assert_eq!(second.read(&mut [0; 64]).await.unwrap(), head.len());
        drop(peers);
        assert_eq!(budget.free(), all);
    }

    #[tokio::test]
    async fn a_long_message_that_does_not_arrive_is_given_up_and_an_idle_socket_is_not() {
        let (mut peer, stream) = tokio::io::duplex(1024);
        let patience = Duration::from_millis(20);
        let mut one = OneFrame::new(stream, Vec::new(), meter(), patience);
        let mut piece = [0; 64];
        assert!(tokio::time::timeout(5 * patience, one.read(&mut piece)).await.is_err());
        tokio::io::AsyncWriteExt::write_all(&mut peer, &frame(100_000, true)[..20]).await.unwrap();
        let error = loop {
            match one.read(&mut piece).await {
                Ok(read) => assert_ne!(read, 0),
                Err(error) => break error,
            }
        };
        assert!(error.get_ref().is_some_and(|error| error.is::<TooSlow>()), "{error}");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_added_whatever_it_is(
            payloads in proptest::collection::vec((0usize..10_000, any::<bool>()), 0..6),
            rubbish in proptest::collection::vec(any::<u8>(), 0..100),
            ahead in 0usize..200,
            room in 1usize..9000,
        ) {
            let mut stream: Vec<u8> =
                payloads.iter().flat_map(|(payload, is_masked)| frame(*payload, *is_masked)).collect();
            stream.extend(rubbish);
            prop_assert!(reads(&stream, ahead, room).concat() == stream);
        }
    }
}
