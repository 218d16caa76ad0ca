//! The framing of native messaging: a message is its octets, nothing is lost between two, and what is no frame ends it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use listener::native::{LONGEST_FROM_BROWSER, NativeError, read_frame, write_frame};

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    let mut written = Vec::new();
    loop {
        let before = data.len() - rest.len();
        match read_frame(&mut rest) {
            Ok(Some(message)) => {
                write_frame(&mut written, &message).expect("an input is no longer than a message may be");
                assert_eq!(written, data[..data.len() - rest.len()], "a message is not the octets that it was");
            }
            Ok(None) => break assert_eq!(before, data.len(), "the end is not the end"),
            Err(NativeError::TooLong { octets, .. }) => {
                assert!(octets > LONGEST_FROM_BROWSER as u64);
                break assert_eq!(rest.len(), data.len() - before - 4, "something was read of what is too long");
            }
            Err(NativeError::NotText) => break,
            Err(NativeError::Io(error)) => {
                assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
                break assert!(rest.is_empty());
            }
        }
    }
});
