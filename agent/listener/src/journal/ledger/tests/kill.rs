//! Killed at any moment, the journal has every row whose writing had returned.
//!
//! This program starts itself anew, with one test to run: [`the_child_that_is_killed`], which does nothing when it is not
//! asked to. SIGKILL leaves a process no time for anything.

use super::*;
use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "TANBA_JOURNAL_TEST_FOLDER";
const NAME: &str = "TANBA_JOURNAL_TEST_NAME";
const DEED: &str = "TANBA_JOURNAL_TEST_DEED";

/// More than any of them lives to write.
const MOST: u32 = 100_000;

#[test]
fn the_child_that_is_killed() {
    let (Some(folder), Ok(name), Ok(deed)) = (std::env::var_os(FOLDER), std::env::var(NAME), std::env::var(DEED))
    else {
        return;
    };
    let folder = Path::new(&folder);
    let mut store = store(folder);
    let mut out = std::io::stdout();
    for number in 0..MOST {
        let token = format!("{name}-{number}");
        store.append(&Row { documents: token.clone(), ..row(1) }).unwrap();
        writeln!(out, "@{token}").unwrap();
        if deed == "purge" && number % 4 == 3 {
            let ledger = ledger(folder);
            ledger.purge(ledger.removal(None).unwrap(), NOW).unwrap();
            writeln!(out, "@purged").unwrap();
        }
    }
}

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Starts a child, kills it at some moment; what it had said by then.
fn start_and_kill(folder: &Path, name: &str, deed: &str, dice: &mut Dice) -> Vec<String> {
    let test = format!("{}::the_child_that_is_killed", module_path!().split_once("::").unwrap().1);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([test.as_str(), "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .env(NAME, name)
        .env(DEED, deed)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = Vec::new();
    let mut hear = |line: &str| said.extend(line.split_once('@').map(|(_, token)| token.to_owned()));
    // Now and then before it has said anything, even before it has made the journal.
    for _ in 0..dice.below(12) {
        if let Some(line) = lines.next() {
            hear(&line);
        }
    }
    std::thread::sleep(Duration::from_micros(dice.below(6000)));
    child.kill().unwrap();
    child.wait().unwrap();
    lines.for_each(|line| hear(&line));
    said
}

fn assert_whole_but_for_being_interrupted(folder: &Path, turn: usize) {
    // Killed before there was anything, it left nothing.
    let Some(report) = ledger(folder).check().unwrap() else { return };
    let fine = |found: &Finding| matches!(found, Finding::Interrupted { .. } | Finding::Purged { .. });
    assert!(report.is_whole() && report.findings.iter().all(fine), "turn {turn}: {report:?}");
}

/// Kills thirty writers of one journal; how many rows they had said were written, and how many kills hit the moment
/// between a row and its head.
fn thirty_kills(journal: u64) -> (usize, usize) {
    let mut dice = Dice(0x7a6e_6261 + journal);
    let folder = tempfile::tempdir().unwrap();
    let (mut expected, mut interrupted) = (Vec::new(), 0);
    for turn in 0..30 {
        expected.extend(start_and_kill(folder.path(), &format!("{journal}-{turn}"), "append", &mut dice));
        let mut there = HashSet::new();
        ledger(folder.path())
            .each(&Wanted::default(), &mut |decision| {
                there.insert(decision.documents);
                ControlFlow::Continue(())
            })
            .unwrap();
        let lost: Vec<_> = expected.iter().filter(|token| !there.contains(*token)).collect();
        assert!(lost.is_empty(), "journal {journal}, turn {turn}: {lost:?}");
        assert_whole_but_for_being_interrupted(folder.path(), turn);
        let report = ledger(folder.path()).check().unwrap();
        interrupted += usize::from(report.is_some_and(|report| !report.findings.is_empty()));
    }
    (expected.len(), interrupted)
}

#[test]
fn no_row_whose_writing_had_returned_is_lost_in_300_kills() {
    // Mostly they wait for the disk.
    let journals: Vec<_> = (0..10).map(|journal| std::thread::spawn(move || thirty_kills(journal))).collect();
    let done: Vec<_> = journals.into_iter().map(|journal| journal.join().unwrap()).collect();
    let written: usize = done.iter().map(|(written, _)| written).sum();
    let interrupted: usize = done.iter().map(|(_, interrupted)| interrupted).sum();
    println!("{written} rows; {interrupted} kills hit the moment between row and head");
    assert!(written > 0, "they were all killed too early to show anything");
}

#[test]
fn a_purge_that_is_killed_leaves_a_whole_journal_and_another_one_finishes_it() {
    let mut dice = Dice(0x7075_7267);
    let folder = tempfile::tempdir().unwrap();
    for turn in 0..60 {
        start_and_kill(folder.path(), &format!("secret-{turn}"), "purge", &mut dice);
        assert_whole_but_for_being_interrupted(folder.path(), turn);
        if turn % 10 == 9 {
            let ledger = ledger(folder.path());
            assert_eq!(ledger.purge(ledger.removal(None).unwrap(), NOW).unwrap(), Erased::Gone);
            assert!(!holds(folder.path(), "secret-"));
        }
    }
}
