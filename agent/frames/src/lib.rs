//! How Tanba's own programs talk through pipes: a four-byte big-endian length, then that many octets of CBOR (RFC 8949).
//!
//! Both ends are our own, yet each reads the other as a stranger: a length is checked before a buffer is made for it, the
//! buffer grows with what arrives, and a frame that does not parse, or is followed by something, ends the conversation.
//! What may be said, and how long it may be, is the room's whose pipe it is (`order`, `pkcs11`).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// Octets of the length before each body.
pub const HEAD: usize = 4;

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The pipe broke.
    #[error("the pipe broke: {0}")]
    Io(#[from] io::Error),
    /// A body longer than this pipe takes, in octets.
    #[error("a frame of {0} octets is longer than this pipe takes")]
    TooLong(u64),
    /// Not the CBOR of one of our words.
    #[error("a frame does not parse: {0}")]
    Malformed(String),
}

/// The octets of one frame, length and all, of a body of at most `longest` octets.
///
/// # Errors
/// [`FrameError::TooLong`] when the word does not fit.
pub fn encode<T: Serialize>(word: &T, longest: u32) -> Result<Vec<u8>, FrameError> {
    let mut frame = vec![0; HEAD];
    ciborium::into_writer(word, &mut frame).map_err(|error| FrameError::Malformed(error.to_string()))?;
    let head = length_of(frame.len().saturating_sub(HEAD), longest)?;
    if let Some(place) = frame.first_chunk_mut() {
        *place = head;
    }
    Ok(frame)
}

/// The four octets that say a body's length.
///
/// # Errors
/// [`FrameError::TooLong`] over `longest`.
pub fn length_of(body: usize, longest: u32) -> Result<[u8; HEAD], FrameError> {
    match u32::try_from(body) {
        Ok(length) if length <= longest => Ok(length.to_be_bytes()),
        _ => Err(FrameError::TooLong(body as u64)),
    }
}

/// The word in a frame's body (without its length).
///
/// # Errors
/// [`FrameError::Malformed`] when it is not one, or something follows it.
pub fn decode<T: DeserializeOwned>(mut body: &[u8]) -> Result<T, FrameError> {
    let word = ciborium::from_reader(&mut body).map_err(|error| FrameError::Malformed(error.to_string()))?;
    if body.is_empty() {
        Ok(word)
    } else {
        Err(FrameError::Malformed(format!("{} octets behind the word", body.len())))
    }
}

/// The length, in octets, of the body behind a frame's first four octets.
///
/// # Errors
/// [`FrameError::TooLong`] over `longest`.
pub fn body_length(head: [u8; HEAD], longest: u32) -> Result<usize, FrameError> {
    let length = u32::from_be_bytes(head);
    let too_long = || FrameError::TooLong(u64::from(length));
    if length > longest {
        return Err(too_long());
    }
    usize::try_from(length).map_err(|_| too_long())
}

/// Writes one frame and flushes it.
///
/// # Errors
/// As [`encode`], and [`FrameError::Io`].
pub fn write<T: Serialize>(word: &T, longest: u32, to: &mut impl Write) -> Result<(), FrameError> {
    to.write_all(&encode(word, longest)?)?;
    Ok(to.flush()?)
}

/// Reads one frame; `None` at the end of the stream between two frames.
///
/// # Errors
/// [`FrameError::Io`] for a stream that ends inside a frame, [`FrameError::TooLong`], [`FrameError::Malformed`].
pub fn read<T: DeserializeOwned>(longest: u32, from: &mut impl Read) -> Result<Option<T>, FrameError> {
    let Some(length) = read_length(longest, from)? else { return Ok(None) };
    // The buffer grows with what arrives: a length alone reserves no memory.
    let mut body = Vec::new();
    from.by_ref().take(length as u64).read_to_end(&mut body)?;
    if body.len() != length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    decode(&body).map(Some)
}

/// Reads the length of a body, in octets; `None` at the end of the stream between two frames.
///
/// # Errors
/// [`FrameError::Io`] for a stream that ends inside the length, [`FrameError::TooLong`] over `longest`.
pub fn read_length(longest: u32, from: &mut impl Read) -> Result<Option<usize>, FrameError> {
    let mut head = [0; HEAD];
    let mut got = 0;
    while let Some(rest) = head.get_mut(got..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    body_length(head, longest).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: u32 = 64;

    fn frame(text: &str) -> Vec<u8> {
        encode(&text, LONGEST).unwrap()
    }

    #[test]
    fn a_frame_is_its_length_and_cbor() {
        // RFC 8949, appendix A: the text "IETF".
        assert_eq!(frame("IETF"), b"\x00\x00\x00\x05\x64IETF");
    }

    #[test]
    fn words_come_through_in_their_order_and_the_end_is_between_two() {
        let octets = [frame("one"), frame("two")].concat();
        let mut from = octets.as_slice();
        assert_eq!(read(LONGEST, &mut from).unwrap(), Some("one".to_owned()));
        assert_eq!(read(LONGEST, &mut from).unwrap(), Some("two".to_owned()));
        assert_eq!(read::<String>(LONGEST, &mut from).unwrap(), None);
    }

    #[test]
    fn a_cut_frame_is_an_error_and_not_the_end() {
        let octets = frame("one");
        for cut in 1..octets.len() {
            let read = read::<String>(LONGEST, &mut &octets[..cut]);
            assert!(
                matches!(read, Err(FrameError::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof),
                "{cut}"
            );
        }
    }

    #[test]
    fn what_follows_a_word_in_its_frame_is_an_error() {
        assert!(matches!(
            read::<String>(LONGEST, &mut b"\0\0\0\x06\x64IETF\0".as_slice()),
            Err(FrameError::Malformed(_))
        ));
    }

    #[test]
    fn what_is_too_long_is_neither_written_nor_waited_for() {
        let body = |length: usize| "a".repeat(length);
        // Two octets of CBOR say the length of such a text.
        assert_eq!(frame(&body(62)).len(), HEAD + 64);
        assert!(matches!(encode(&body(63), LONGEST), Err(FrameError::TooLong(65))));
        assert!(matches!(read::<String>(LONGEST, &mut [0, 0, 0, 65].as_slice()), Err(FrameError::TooLong(65))));
        assert!(matches!(read::<String>(LONGEST, &mut [0xff; 4].as_slice()), Err(FrameError::TooLong(0xffff_ffff))));
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut from = octets.as_slice();
            while let Ok(Some(_)) = read::<String>(LONGEST, &mut from) {}
        }
    }
}
