//! One line of the log, read: when, how grave, what.

use std::fmt;
use tracing::Level;

/// A line.
pub(super) struct Line {
    at: String,
    level: Option<Level>,
    text: String,
}

impl Line {
    /// Reads one; `None` where nothing stands. What a stranger could have had written into it must not rewrite a terminal.
    pub(super) fn read(line: &str) -> Option<Self> {
        let visible = line.trim().chars().map(|one| if one.is_control() { char::REPLACEMENT_CHARACTER } else { one });
        let line: &str = &visible.collect::<String>();
        if line.is_empty() {
            return None;
        }
        let parts = line.split_once(' ').and_then(|(at, rest)| {
            let (level, text) = rest.trim_start().split_once(' ')?;
            Some((at, level.parse::<Level>().ok()?, text.trim_start()))
        });
        Some(match parts {
            Some((at, level, text)) => Self { at: at.to_owned(), level: Some(level), text: text.to_owned() },
            // The end of one that had a line break in it.
            None => Self { at: String::new(), level: None, text: line.to_owned() },
        })
    }

    /// How grave it is; none where it goes on with what stands before it.
    pub(super) const fn level(&self) -> Option<Level> {
        self.level
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        let level = self.level.map(|level| level.as_str().to_lowercase());
        serde_json::json!({ "at": self.at, "level": level, "text": self.text })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "{} {level:>5} {}", self.at, self.text),
            None => f.write_str(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_into_its_parts_and_written_as_it_was() {
        let said = "2026-11-27T10:00:00.123456Z  WARN a socket is closed origin=\"https://egov.kz\"";
        let line = Line::read(said).unwrap();
        assert_eq!(line.to_string(), said);
        assert_eq!(line.level(), Some(Level::WARN));
        assert_eq!(line.to_json()["level"], "warn");
    }

    #[test]
    fn what_is_no_line_of_ours_is_shown_without_what_moves_a_terminal() {
        let line = Line::read("\u{1b}[2Jcause: x").unwrap();
        assert_eq!((line.to_string().as_str(), line.level), ("\u{fffd}[2Jcause: x", None));
        assert!(Line::read("  \t").is_none());
    }
}
