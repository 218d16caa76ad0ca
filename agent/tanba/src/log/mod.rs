//! The log of `tanba run`: to standard error, and into a file of bounded size in the state folder; and `tanba log`, which
//! shows it.
//!
//! - [`kept`]: the file, and the one before it.
//! - [`line`]: one line of it, read.
//!
//! What other programs of ours say on standard error (the signer, the hosts of libraries) is not in the file: it has the
//! listener's words alone, which name origins, programs and causes, and never a document, a password or a key.

mod kept;
mod line;

use crate::arguments::{LogLevel, LogOptions};
use crate::{Exit, Place};
use kept::Kept;
use line::Line;
use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;
use texts::{Texts, Value, scrubbed};
use tracing::Level;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

/// From here on, what is traced goes to standard error and into the file.
pub(crate) fn start(state: &Path, level: LogLevel) {
    let writer = io::stderr.and(Mutex::new(Kept::in_folder(state)));
    let level = as_traced(level);
    tracing_subscriber::fmt().with_writer(writer).with_max_level(level).with_ansi(false).with_target(false).init();
}

/// Empties what is kept of it, with the journal: it names the sites that asked.
///
/// # Errors
/// As the system says.
pub(crate) fn forget(state: &Path) -> io::Result<()> {
    kept::forget(state)
}

const fn as_traced(level: LogLevel) -> Level {
    match level {
        LogLevel::Error => Level::ERROR,
        LogLevel::Warn => Level::WARN,
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
    }
}

/// Shows the last lines, or writes them to a new file; without names of home folders, and without what could be an IIN.
pub(crate) fn log(place: &Place, options: &LogOptions) -> Exit {
    let texts = &place.texts;
    let lines = match kept::read(place.places.state()) {
        Ok(text) => chosen(&text, options),
        Err(error) => return complain(texts, "log-unreadable", &error),
    };
    let mut said = String::new();
    for line in &lines {
        said.push_str(&if options.json { line.to_json().to_string() } else { line.to_string() });
        said.push('\n');
    }
    if let Some(file) = &options.save {
        let shown = file.display().to_string();
        return match write_new(file, said.as_bytes()) {
            Ok(()) => {
                say!("{}", texts.format("log-saved", &[("file", Value::Text(&shown))]));
                Exit::Done
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = texts.format("log-there", &[("file", Value::Text(&shown))]);
                eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&there))]));
                Exit::Failed
            }
            Err(error) => complain(texts, "log-not-written", &error),
        };
    }
    if lines.is_empty() && options.level.is_none() {
        eprintln!("{}", texts.text("log-empty"));
    }
    // Whoever reads our output may have read enough.
    let _ = io::stdout().lock().write_all(said.as_bytes());
    Exit::Done
}

/// The last lines of that level and above, the oldest first.
fn chosen(text: &str, options: &LogOptions) -> Vec<Line> {
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    let level = options.level.map_or(Level::TRACE, as_traced);
    // A line without a level of its own is the end of what stands before it.
    let mut is_wanted = options.level.is_none();
    let wanted = text.lines().filter_map(|line| Line::read(&scrubbed(line, home.as_deref()))).filter(|line| {
        is_wanted = line.level().map_or(is_wanted, |own| own <= level);
        is_wanted
    });
    let mut last = VecDeque::new();
    for line in wanted {
        last.push_back(line);
        if last.len() > options.lines {
            last.pop_front();
        }
    }
    last.into()
}

fn write_new(file: &Path, octets: &[u8]) -> io::Result<()> {
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let written = open.open(file).and_then(|mut made| made.write_all(octets).and_then(|()| made.sync_all()));
    if let Err(error) = &written
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        // Half of it would be taken for all. The first error is the one that matters.
        let _ = std::fs::remove_file(file);
    }
    written
}

fn complain(texts: &Texts, id: &str, error: &io::Error) -> Exit {
    let sentence = texts.format(id, &[("what", Value::Text(&error.to_string()))]);
    eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&sentence))]));
    Exit::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(lines: usize, level: Option<LogLevel>) -> LogOptions {
        LogOptions { lines, level, json: false, save: None }
    }

    #[test]
    fn the_last_lines_are_shown_the_oldest_first_and_without_a_number_of_a_person() {
        let home = ["/ho", "me/somebody/x"].concat();
        let text = &format!(
            "2026-11-27T10:00:00.0Z  INFO one\n2026-11-27T10:00:01.0Z  WARN two IIN850101300123\n\
             2026-11-27T10:00:02.0Z  INFO three\n2026-11-27T10:00:03.0Z ERROR four {home}\n"
        );
        let said = |options: &LogOptions| -> Vec<String> {
            chosen(text, options).iter().map(|line| line.text().to_owned()).collect()
        };
        assert_eq!(said(&options(2, None)), ["three", "four /home/…/x"]);
        assert_eq!(said(&options(9, Some(LogLevel::Warn))), ["two IIN…", "four /home/…/x"]);
        assert_eq!(said(&options(1, Some(LogLevel::Warn))), ["four /home/…/x"]);
        assert!(said(&options(0, None)).is_empty());
    }

    #[test]
    fn a_line_without_a_level_goes_with_what_stands_before_it() {
        let text = "2026-11-27T10:00:00.0Z  WARN one\n2026-11-27T10:00:01.0Z  INFO two\nits end\n\
                    2026-11-27T10:00:02.0Z ERROR three\nits end too\n";
        let said: Vec<_> =
            chosen(text, &options(9, Some(LogLevel::Warn))).iter().map(|line| line.text().to_owned()).collect();
        assert_eq!(said, ["one", "three", "its end too"]);
    }

    #[test]
    fn what_is_saved_takes_no_other_file_s_place_and_is_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.txt");
        write_new(&file, b"one\n").unwrap();
        assert_eq!(write_new(&file, b"two\n").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&file).unwrap(), b"one\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(write_new(&folder.path().join("none/log.txt"), b"x").is_err());
    }
}
