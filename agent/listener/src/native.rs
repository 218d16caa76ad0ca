//! The framing of browsers' native messaging: a length of four octets in the computer's own byte order, then that many
//! octets of JSON in UTF-8.
//!
//! The door that speaks it, for the browser extension, does not exist yet; this is only its framing, pure and without
//! an opinion about what the JSON says. Whoever starts a program as a native host decides what its standard input
//! brings, so what is read here is a stranger's: a length is checked before a buffer is made for it, and what is no
//! frame ends the conversation, because after it nobody knows where the next one begins.

use std::io::{self, Read, Write};

/// The longest message to the browser: it closes the pipe over a longer one (Chrome and Firefox, "Native messaging").
pub const LONGEST_TO_BROWSER: usize = 1024 * 1024;

/// The longest message from the browser: Chrome sends no longer one. Firefox would send up to 4 GiB.
pub const LONGEST_FROM_BROWSER: usize = 64 * 1024 * 1024;

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// The pipe broke, or ended inside a frame.
    #[error("the pipe to the browser broke: {0}")]
    Io(#[from] io::Error),
    /// A message over the limit of its direction.
    #[error("a message of {octets} octets is longer than the {most} that go this way")]
    TooLong {
        /// Its length, or what its frame says it is.
        octets: u64,
        /// The limit of its direction.
        most: usize,
    },
    /// A message that is not UTF-8.
    #[error("a message is not UTF-8")]
    NotText,
}

/// Reads one message; `None` at the end of the stream between two frames.
///
/// # Errors
/// [`NativeError`]; what follows in the stream cannot be read any more.
pub fn read_frame(from: &mut impl Read) -> Result<Option<String>, NativeError> {
    let mut head = Vec::with_capacity(4);
    from.by_ref().take(4).read_to_end(&mut head)?;
    let Some(head) = head.first_chunk::<4>().copied() else {
        return if head.is_empty() { Ok(None) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()) };
    };
    let length = u32::from_ne_bytes(head);
    let within = usize::try_from(length).ok().filter(|length| *length <= LONGEST_FROM_BROWSER);
    let Some(length) = within else {
        return Err(NativeError::TooLong { octets: u64::from(length), most: LONGEST_FROM_BROWSER });
    };
    // The buffer grows with what arrives: a length alone reserves no memory.
    let mut message = Vec::new();
    from.by_ref().take(length as u64).read_to_end(&mut message)?;
    if message.len() != length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    String::from_utf8(message).map(Some).map_err(|_| NativeError::NotText)
}

/// Writes one message and flushes it; nothing of a message that is too long.
///
/// # Errors
/// [`NativeError::TooLong`] and [`NativeError::Io`].
pub fn write_frame(to: &mut impl Write, message: &str) -> Result<(), NativeError> {
    let too_long = NativeError::TooLong { octets: message.len() as u64, most: LONGEST_TO_BROWSER };
    let within = u32::try_from(message.len()).ok().filter(|_| message.len() <= LONGEST_TO_BROWSER);
    let length = within.ok_or(too_long)?;
    to.write_all(&length.to_ne_bytes())?;
    to.write_all(message.as_bytes())?;
    Ok(to.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(message: &[u8]) -> Vec<u8> {
        let mut frame = u32::try_from(message.len()).unwrap().to_ne_bytes().to_vec();
        frame.extend_from_slice(message);
        frame
    }

    #[test]
    fn a_message_is_its_length_in_the_computers_own_byte_order_and_its_text() {
        let mut written = Vec::new();
        write_frame(&mut written, r#"{"ә":1}"#).unwrap();
        assert_eq!(written, frame(r#"{"ә":1}"#.as_bytes()));
        assert_eq!(read_frame(&mut written.as_slice()).unwrap().as_deref(), Some(r#"{"ә":1}"#));
    }

    #[test]
    fn the_end_between_two_messages_is_the_end_and_inside_of_one_an_error() {
        assert!(matches!(read_frame(&mut [].as_slice()), Ok(None)));
        let whole = frame(b"{}");
        for cut in 1..whole.len() {
            assert!(matches!(read_frame(&mut &whole[..cut]), Err(NativeError::Io(_))), "cut at {cut}");
        }
    }

    #[test]
    fn a_length_over_the_limit_is_refused_before_anything_is_read() {
        let length = u32::try_from(LONGEST_FROM_BROWSER + 1).unwrap();
        let octets = length.to_ne_bytes().into_iter().chain([b'x'; 8]).collect::<Vec<_>>();
        let mut rest = octets.as_slice();
        assert!(
            matches!(read_frame(&mut rest), Err(NativeError::TooLong { octets, .. }) if octets == u64::from(length))
        );
        assert_eq!(rest, [b'x'; 8]);
        assert!(matches!(read_frame(&mut [0xff; 4].as_slice()), Err(NativeError::TooLong { .. })));
    }

    #[test]
    fn nothing_is_written_of_what_the_browser_would_not_take() {
        let mut written = Vec::new();
        let longest = " ".repeat(LONGEST_TO_BROWSER);
        write_frame(&mut written, &longest).unwrap();
        assert_eq!(written.len(), LONGEST_TO_BROWSER + 4);
        written.clear();
        assert!(matches!(write_frame(&mut written, &format!("{longest} ")), Err(NativeError::TooLong { .. })));
        assert!(written.is_empty());
    }

    #[test]
    fn what_is_not_utf8_is_no_message() {
        assert!(matches!(read_frame(&mut frame(&[0xff]).as_slice()), Err(NativeError::NotText)));
    }

    proptest! {
        #[test]
        fn messages_come_out_as_they_went_in_and_nothing_else_does(
            messages in proptest::collection::vec(".{0,200}", 0..5),
        ) {
            let mut stream = Vec::new();
            for message in &messages {
                write_frame(&mut stream, message).unwrap();
            }
            let mut rest = stream.as_slice();
            for message in messages {
                prop_assert_eq!(read_frame(&mut rest).unwrap(), Some(message));
            }
            prop_assert!(read_frame(&mut rest).unwrap().is_none());
        }

        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut rest = octets.as_slice();
            while let Ok(Some(_)) = read_frame(&mut rest) {}
        }
    }
}
