//! What commands print on standard output for programs, and longer texts for people.

use crate::unseen;
use serde_json::Value as Json;
use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

/// Prints JSON over several lines.
pub(super) fn print_json(value: &Json) {
    let _ = writeln!(io::stdout(), "{}", escaped(&format!("{value:#}")));
}

/// A terminal acts on some characters that JSON lets stand: names in files and on tokens come from strangers.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        // What is below the blank stands between the values; within them it is escaped already.
        if c < '\u{7f}' || !unseen::hides(c) {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// Prints lines that are put together already.
pub(super) fn print_text(text: &str) {
    let _ = write!(io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_terminal_acts_on_is_escaped_and_read_back_the_same() {
        let value = json!({ "name": "a\u{202e}b\u{7f}\u{9b}31m\u{1b}[0m\u{200b}\u{e0041}Ә" });
        let text = escaped(&format!("{value:#}"));
        assert!(text.chars().all(|c| c == '\n' || (!c.is_control() && !unseen::hides(c))), "{text}");
        assert!(text.contains('Ә'));
        assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), value);
    }
}
