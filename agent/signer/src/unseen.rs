//! Characters that a reader does not see, or that change the order in which others are read (Unicode TR 36, TR 39).
//!
//! A page that wants a signature under something else than it shows would use them, in a document or in a name.

use std::fmt::Write as _;

/// A text of one line from a stranger (a name in a certificate, a file name), with what hides made visible. A terminal
/// that gets it raw could be told to erase what was said before.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut shown, c);
    }
    shown
}

/// One character, or `‹U+202E›` in the place of one that hides.
pub(crate) fn push_visible(shown: &mut String, c: char) {
    if hides(c) {
        // Writing into a string does not fail.
        let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
    } else {
        shown.push(c);
    }
}

/// Whether a character hides itself or others.
pub(crate) fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
