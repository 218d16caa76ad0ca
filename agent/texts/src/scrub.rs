//! A text that is given to others: without what says whose computer it is.

use std::path::Path;

/// The folders that hold people's home folders; the name behind them is a person's.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

/// So many digits on end are somebody's number.
const DIGITS: usize = 12;

/// A text without places in home folders, and without what could be an IIN or a BIN.
#[must_use]
pub fn scrubbed(text: &str, home: Option<&Path>) -> String {
    let mut text = text.to_owned();
    if let Some(home) = home.and_then(Path::to_str).filter(|home| home.len() > 1) {
        text = text.replace(home.trim_end_matches('/'), "~");
    }
    for homes in HOMES {
        text = without_names(&text, homes);
    }
    without_numbers(&text)
}

fn without_names(text: &str, homes: &str) -> String {
    let mut parts = text.split(homes);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['/', '\\', ' ', ':', '"', '\'', ')', ',']).unwrap_or(part.len());
        shown.push_str(homes);
        shown.push('…');
        shown.push_str(part.get(end..).unwrap_or_default());
    }
    shown
}

fn without_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().map(Some).chain([None]) {
        match c.filter(char::is_ascii_digit) {
            Some(digit) => run.push(digit),
            None => {
                shown.push_str(if run.len() >= DIGITS { "…" } else { &run });
                run.clear();
                shown.extend(c);
            }
        }
    }
    shown
}
