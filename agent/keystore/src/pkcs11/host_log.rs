//! What a token host writes to its standard error: to our log, as text, and not without end. Only where somebody asked for
//! that much: a library that was told to trace its calls may print the PINs in them.

use std::{io::Read, path::Path, thread};

/// Octets of a line that are kept.
const LONGEST_LINE: usize = 400;

/// Lines of one host that are kept. Libraries of this kind like to talk in loops.
const MOST_LINES: usize = 200;

/// Writes what comes to the log, line by line, in a thread that ends with the host.
pub(super) fn keep(from: impl Read + Send + 'static, library: &Path) {
    let library = library.file_name().unwrap_or(library.as_os_str()).to_string_lossy().into_owned();
    let log = move || lines(from, |line| tracing::debug!(%library, "{line}"));
    // Without the thread the host stands still when its pipe is full, and is ended like any that hangs.
    let _ = thread::Builder::new().name("token-host-log".to_owned()).spawn(log);
}

/// Reads to the end, whatever comes: a host shall not wait for its log.
fn lines(mut from: impl Read, mut line: impl FnMut(&str)) {
    let mut buffer = [0; 1024];
    let mut kept = Vec::new();
    let mut count = 0;
    let mut flush = |kept: &mut Vec<u8>| {
        if !kept.is_empty() && count < MOST_LINES {
            count += 1;
            line(&printable(&String::from_utf8_lossy(kept)));
            if count == MOST_LINES {
                line("(more is not kept)");
            }
        }
        kept.clear();
    };
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        for octet in buffer.get(..length).unwrap_or_default() {
            match octet {
                b'\n' => flush(&mut kept),
                other if kept.len() < LONGEST_LINE => kept.push(*other),
                _ => {}
            }
        }
    }
    flush(&mut kept);
}

/// Control characters could move a terminal's cursor over the lines above.
pub(super) fn printable(text: &str) -> String {
    text.trim_end().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        lines(text, |line| found.push(line.to_owned()));
        found
    }

    #[test]
    fn lines_are_kept_as_text_without_what_moves_a_cursor() {
        assert_eq!(of(b"one\r\n\ntwo\x1b[2J\xff\nrest"), ["one", "two\u{fffd}[2J\u{fffd}", "rest"]);
    }

    #[test]
    fn a_library_that_talks_without_end_fills_nothing() {
        let long = of(&vec![b'a'; 100_000]);
        assert_eq!(long.iter().map(String::len).collect::<Vec<_>>(), [LONGEST_LINE]);
        assert_eq!(of("a\n".repeat(10_000).as_bytes()).len(), MOST_LINES + 1);
    }
}
