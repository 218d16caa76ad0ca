//! `tanba doctor`: what [`crate::doctor`] finds, in words, as JSON, or as a report for others; and mending it after a yes.

use crate::doctor::{self, Area, Finding, Fix, Network, Reader, State, Told, World};
use clap::Args;
use pki::Timestamp;
use settings::Places;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write};
use std::process::ExitCode;
use std::sync::Arc;
use texts::{Texts, Value};

/// The longest answer that is read.
const LONGEST_ANSWER: u64 = 64;

/// What the exit codes of `tanba doctor` mean.
const EXIT_CODES: &str = "\
Exit codes:
  0  nothing is in the way: there may be things to take note of, or that could not be found out
  1  at least one thing does not work
  2  the command line is wrong
  5  there is no home folder";

/// `tanba doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct DoctorArgs {
    /// Do not ask the NCA's services: nothing leaves this computer
    #[arg(long)]
    pub offline: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// A text to copy for a help desk: without names, numbers and places in your home folder
    #[arg(long, conflicts_with = "json")]
    pub report: bool,
    /// Mend what can be mended, and ask before each thing; with CODE only those
    #[arg(long, value_name = "CODE", num_args = 0.., value_parser = clap::builder::PossibleValuesParser::new(codes()))]
    pub fix: Option<Vec<String>>,
    /// With --fix: do not ask. What takes something of yours away is done only where its CODE is named
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// With --fix: nothing but this one, by the ID that --json gives with it
    #[arg(long, value_name = "ID", requires = "fix")]
    pub only: Option<String>,
}

/// The codes that the program can do something about.
fn codes() -> Vec<&'static str> {
    doctor::KINDS.iter().filter(|kind| kind.cure.is_some()).map(|kind| kind.code).collect()
}

/// Looks, mends where that is wanted, and tells. It needs no settings that can be read, and makes no folder.
#[must_use]
pub fn run(places: Places, clock: impl Fn() -> Timestamp, args: &DoctorArgs) -> ExitCode {
    let network = if args.offline { Network::LeftAlone } else { Network::Asked };
    let (world, texts) = World::at(places.clone(), clock(), network);
    let mut world = Arc::new(world);
    let mut found = doctor::look(&world, |pending| progress(&texts, pending));
    let mut mended = Vec::new();
    if let Some(wanted) = &args.fix {
        mended = mend(&world, &texts, &found, wanted, args);
        if !mended.is_empty() {
            // What was mended may have brought something else to light.
            world = Arc::new(World::at(places, clock(), network).0);
            found = doctor::look(&world, |pending| progress(&texts, pending));
        }
    }
    // A closed pipe (`| head`) is not worth a word.
    let mut out = io::stdout().lock();
    let _ = if args.json {
        writeln!(out, "{:#}", doctor::as_json(&world, &texts, &found, &mended))
    } else if args.report {
        write!(out, "{}", doctor::report(&world, &texts, &found))
    } else {
        tell(&mut out, &texts, &found)
    };
    ExitCode::from(u8::from(doctor::worst(&found) == State::Bad))
}

/// On a terminal: what is still being looked at, in one line that goes again.
fn progress(texts: &Texts, pending: &[Area]) {
    let mut err = io::stderr().lock();
    if !err.is_terminal() {
        return;
    }
    let names: Vec<String> = pending.iter().map(|area| texts.text(area.name())).collect();
    let line = match names.as_slice() {
        [] => String::new(),
        names => texts.format("doctor-looking", &[("names", Value::Text(&names.join(", ")))]),
    };
    // Longer than a line, it could not be taken back.
    let line: String = line.chars().take(76).collect();
    let _ = write!(err, "\r\x1b[K{line}").and_then(|()| err.flush());
}

/// Asks about each thing that can be mended, and mends it. The codes of what was done.
fn mend(world: &World, texts: &Texts, found: &[Finding], wanted: &[String], args: &DoctorArgs) -> Vec<&'static str> {
    let yes = args.yes;
    let mut done: Vec<(&Fix, &'static str)> = Vec::new();
    let mut refused: Vec<&Fix> = Vec::new();
    let is_named = |code: &str| wanted.iter().any(|one| one == code);
    for finding in found.iter().filter(|finding| wanted.is_empty() || is_named(finding.kind.code)) {
        let Some(fix) = &finding.fix else { continue };
        if args.only.as_ref().is_some_and(|only| fix.id() != *only) {
            continue;
        }
        // One deed may mend several things: all browsers at once.
        if done.iter().any(|(before, _)| *before == fix) || refused.contains(&fix) {
            continue;
        }
        let told = finding.told(texts, Reader::Owner);
        let goes_without_asking = yes && (is_named(finding.kind.code) || !fix.cure().wants_its_own_yes());
        if !goes_without_asking && (yes || !is_agreed(texts, &told)) {
            let code = [("code", Value::Text(finding.kind.code))];
            say(texts, if yes { "doctor-fix-not-named" } else { "doctor-fix-left" }, &code);
            refused.push(fix);
            continue;
        }
        match fix.carry_out(world) {
            Ok(()) => {
                say(texts, "doctor-fix-done", &[("what", Value::Text(&told.name))]);
                if matches!(fix, Fix::Trust | Fix::Renew) {
                    say(texts, "trust-restart", &[]);
                }
                done.push((fix, finding.kind.code));
            }
            Err(error) => {
                let why = error.to_string();
                say(texts, "doctor-fix-failed", &[("what", Value::Text(&told.name)), ("why", Value::Text(&why))]);
                refused.push(fix);
            }
        }
    }
    if done.is_empty() && refused.is_empty() {
        say(texts, if args.only.is_some() { "doctor-fix-changed" } else { "doctor-fix-nothing" }, &[]);
    }
    done.into_iter().map(|(_, code)| code).collect()
}

fn say(texts: &Texts, id: &str, arguments: &[(&str, Value<'_>)]) {
    let _ = writeln!(io::stderr(), "{}", texts.format(id, arguments));
}

/// Asks, and takes nothing but a yes for one: in English, as not every keyboard has the letters of the person's own
/// language, or in theirs. Where nobody answers it is a no.
fn is_agreed(texts: &Texts, told: &Told) -> bool {
    let Some(question) = &told.fix else { return false };
    let _ = write!(io::stderr(), "{}: {}\n{question} ", told.name, told.what).and_then(|()| io::stderr().flush());
    let mut answer = String::new();
    let read = io::stdin().lock().take(LONGEST_ANSWER).read_line(&mut answer);
    let answer = answer.trim().to_lowercase();
    read.is_ok() && (answer == "yes" || texts.text("life-yes").split_whitespace().any(|word| word == answer))
}

/// What is in the way first said whole, what is as it should be in a line.
fn tell(out: &mut impl Write, texts: &Texts, found: &[Finding]) -> io::Result<()> {
    for finding in found {
        let told = finding.told(texts, Reader::Owner);
        writeln!(out, "{} {}: {}", mark(told.state), told.name, told.what)?;
        if told.state > State::Unknown {
            writeln!(out, "    {}", told.why)?;
        }
        if let Some(next) = told.next.as_ref().filter(|_| told.state > State::Good) {
            writeln!(out, "    → {next}")?;
        }
        if told.fix.is_some() {
            let how = texts.format("doctor-fix-how", &[("code", Value::Text(told.code))]);
            writeln!(out, "    → {how}")?;
        }
    }
    writeln!(out, "{}", doctor::verdict(texts, found))
}

/// A sign beside the word, so that nothing rests on a colour.
const fn mark(state: State) -> &'static str {
    match state {
        State::Good => "✓",
        State::Unknown => "?",
        State::Warning => "!",
        State::Bad => "✗",
    }
}
