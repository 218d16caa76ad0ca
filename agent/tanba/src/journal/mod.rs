//! `tanba journal`: what was decided, and whether the journal is whole.
//!
//! - [`show`]: decisions in words, one line each or all of one.
//! - [`record`]: decisions for programs: JSON and CSV; [`export`]: many of them, into a file.
//! - [`moment`]: dates as a person means them, in local time.

mod export;
mod moment;
mod record;
mod show;

use crate::arguments::{JournalCommand, PurgeOptions, Which};
use crate::{Exit, Place};
use listener::journal::{Erased, Ledger, LedgerError, Report, Wanted};
use listener::{Clock as _, SystemClock};
use moment::{Edge, MomentError};
use std::io::{self, BufRead as _, BufWriter, IsTerminal as _, Write};
use texts::{Texts, Value};

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Moment(#[from] MomentError),
    #[error(transparent)]
    Output(#[from] io::Error),
    #[error("{path}: {cause}")]
    NotWritten { path: String, cause: io::Error },
    #[error("{0} is there already")]
    Exists(String),
    #[error("nobody to ask")]
    NobodyToAsk(u64),
}

/// Lists, shows, checks, exports or purges.
pub(crate) fn journal(place: &Place, command: &JournalCommand) -> Exit {
    let (texts, ledger) = (&place.texts, Ledger::of(&place.places));
    let done = match command {
        JournalCommand::List { last, which, json } => list(place, &ledger, which, *last, *json),
        JournalCommand::Show { number, json } => show(texts, &ledger, *number, *json),
        JournalCommand::Check { json } => check(place, &ledger, *json),
        JournalCommand::Export(options) => export::export(texts, &ledger, options),
        JournalCommand::Purge(options) => purge(place, &ledger, options),
    };
    done.unwrap_or_else(|fault| {
        // Whoever reads our output has read enough: `tanba journal list | head`.
        if matches!(&fault, Fault::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return Exit::Done;
        }
        let (sentence, exit) = explain(place, &fault);
        eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&sentence))]));
        exit
    })
}

fn explain(place: &Place, fault: &Fault) -> (String, Exit) {
    let texts = &place.texts;
    let not_written = |path: &str, cause: &io::Error| {
        let what = cause.to_string();
        let arguments = [("path", Value::Text(path)), ("what", Value::Text(&what))];
        (texts.format("journal-not-written", &arguments), Exit::Failed)
    };
    match fault {
        Fault::Ledger(error) => {
            let (what, [state, data]) = (error.to_string(), folders(place));
            let arguments =
                [("what", Value::Text(&what)), ("state", Value::Text(&state)), ("data", Value::Text(&data))];
            (texts.format("journal-unreadable", &arguments), Exit::Unreadable)
        }
        Fault::Moment(error) => (texts.format("journal-date-wrong", &[("date", Value::Text(&error.0))]), Exit::Wrong),
        Fault::Output(cause) => not_written("stdout", cause),
        Fault::NotWritten { path, cause } => not_written(path, cause),
        Fault::Exists(path) => (texts.format("journal-exists", &[("path", Value::Text(path))]), Exit::Failed),
        Fault::NobodyToAsk(count) => {
            (texts.format("journal-purge-needs-yes", &[("count", Value::Count(*count))]), Exit::Missing)
        }
    }
}

/// What the options ask for.
fn wanted(which: &Which) -> Result<Wanted, MomentError> {
    let edge = |date: &Option<String>, edge| date.as_deref().map(|date| moment::edge_of(date, edge)).transpose();
    Ok(Wanted {
        site: which.site.clone(),
        result: which.result.clone(),
        text: which.search.clone(),
        since: edge(&which.since, Edge::Beginning)?,
        until: edge(&which.until, Edge::End)?,
    })
}

fn list(place: &Place, ledger: &Ledger, which: &Which, last: usize, json: bool) -> Result<Exit, Fault> {
    let decisions = ledger.last(&wanted(which)?, last)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if json {
        let decisions: Vec<_> = decisions.iter().map(record::as_json).collect();
        writeln!(out, "{:#}", serde_json::json!({ "decisions": decisions }))?;
    } else {
        for decision in &decisions {
            writeln!(out, "{}", show::line(&place.texts, decision))?;
        }
        if decisions.is_empty() {
            let is_empty = ledger.count()? == 0;
            writeln!(out, "{}", if is_empty { empty(place) } else { place.texts.text("journal-none-fit") })?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn show(texts: &Texts, ledger: &Ledger, number: u64, json: bool) -> Result<Exit, Fault> {
    let Some(decision) = ledger.find(number)? else {
        let number = number.to_string();
        eprintln!("{}", texts.format("journal-unknown", &[("number", Value::Text(&number))]));
        return Ok(Exit::Failed);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    if json {
        writeln!(out, "{:#}", record::as_json(&decision))?;
    } else {
        show::whole(&mut out, texts, &decision)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn check(place: &Place, ledger: &Ledger, json: bool) -> Result<Exit, Fault> {
    let report = ledger.check()?;
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{:#}", record::report_as_json(report.as_ref()))?;
    } else {
        match &report {
            Some(report) => tell(&mut out, place, report)?,
            // Rows and head removed together leave nothing to find: it is said that this proves nothing.
            None => writeln!(out, "{}", empty(place))?,
        }
        writeln!(out, "{}", place.texts.text("journal-check-not-proven"))?;
    }
    Ok(if report.is_none_or(|report| report.is_whole()) { Exit::Done } else { Exit::Failed })
}

/// What a check came to, in words.
fn tell(out: &mut impl Write, place: &Place, report: &Report) -> io::Result<()> {
    let texts = &place.texts;
    for finding in &report.findings {
        writeln!(out, "{}", show::finding(texts, finding))?;
    }
    if report.untold > 0 {
        writeln!(out, "{}", texts.format("journal-check-untold", &[("count", Value::Count(report.untold))]))?;
    }
    let rows = ("count", Value::Count(report.rows));
    if report.is_whole() {
        return writeln!(out, "{}", texts.format("journal-check-whole", &[rows]));
    }
    let [state, data] = folders(place);
    let arguments = [rows, ("state", Value::Text(&state)), ("data", Value::Text(&data))];
    writeln!(out, "{}", texts.format("journal-check-broken", &arguments))
}

/// That there is no decision, and where: it may be the wrong folder.
fn empty(place: &Place) -> String {
    let [state, _] = folders(place);
    place.texts.format("journal-empty", &[("state", Value::Text(&state))])
}

/// Where rows and head lie, for who wants to keep what is there.
fn folders(place: &Place) -> [String; 2] {
    [place.places.state(), place.places.data()].map(|folder| folder.display().to_string())
}

/// The longest answer to a question that is read.
const LONGEST_ANSWER: u64 = 64;

fn purge(place: &Place, ledger: &Ledger, options: &PurgeOptions) -> Result<Exit, Fault> {
    let texts = &place.texts;
    let before = options.before.as_deref().map(|date| moment::edge_of(date, Edge::Beginning)).transpose()?;
    let removal = ledger.removal(before)?;
    let count = [("count", Value::Count(removal.count))];
    if !removal.is_empty() {
        // Traces of what was done to the journal go with its rows: whoever removes them should know.
        if let Some(report) = ledger.check()?.filter(|report| !report.is_whole()) {
            let mut err = io::stderr().lock();
            for finding in report.findings.iter().filter(|finding| finding.is_fault()) {
                writeln!(err, "{}", show::finding(texts, finding))?;
            }
            let [state, data] = folders(place);
            let folders = [("state", Value::Text(&state)), ("data", Value::Text(&data))];
            writeln!(err, "{}", texts.format("journal-purge-broken", &folders))?;
        }
        if !options.yes {
            if !io::stdin().is_terminal() {
                return Err(Fault::NobodyToAsk(removal.count));
            }
            eprintln!("{}", texts.format("journal-purge-ask", &count));
            if !is_yes(texts)? {
                say!("{}", texts.text("journal-purge-left"));
                return Ok(Exit::Failed);
            }
        }
    }
    // Even where there is nothing to remove, what an interrupted purge left in the file goes.
    let erased = ledger.purge(removal, SystemClock.now())?;
    // The log names the same sites.
    crate::log::forget(place.places.state())?;
    let sentence = if removal.is_empty() { "journal-purge-nothing" } else { "journal-purged" };
    say!("{}", texts.format(sentence, &count));
    match erased {
        Erased::Gone => Ok(Exit::Done),
        Erased::NotYet(cause) => {
            eprintln!("{}", texts.format("journal-purge-not-yet", &[("what", Value::Text(&cause))]));
            Ok(Exit::Failed)
        }
    }
}

/// Whether the answer that is typed is a yes.
fn is_yes(texts: &Texts) -> io::Result<bool> {
    let mut answer = String::new();
    io::Read::take(io::stdin().lock(), LONGEST_ANSWER).read_line(&mut answer)?;
    Ok(means_yes(texts, &answer))
}

/// `yes` in every language, as not every keyboard has the letters of the person's own; and the words of the language.
fn means_yes(texts: &Texts, answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    answer == "yes" || texts.text("journal-purge-yes").split_whitespace().any(|word| word == answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::Locale;

    #[test]
    fn a_yes_is_understood_from_every_keyboard_and_nothing_else_is() {
        let words = |locale| match locale {
            // With the Kazakh letter, from a Russian keyboard, and with the look-alike of another alphabet.
            Locale::Kk => ["иә", "иа", "и\u{259}"].as_slice(),
            Locale::Ru => &["да", "Да"],
            Locale::En => &["Yes "],
        };
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            for answer in words(locale).iter().chain(&["yes", "YES\r\n"]) {
                assert!(means_yes(&texts, answer), "{answer}");
            }
            for answer in ["", "\n", "no", "y", "жоқ", "нет", "yes yes", "иә иа"] {
                assert!(!means_yes(&texts, answer), "{answer}");
            }
        }
    }
}
