//! The journal as its owner has it, whatever happened to it.

mod kill;
mod tamper;

use super::*;
use crate::journal::check::Finding;
use crate::journal::head::Head;
use crate::journal::row::tests::row;
use rusqlite::Connection;
use std::path::Path;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);

fn ledger(folder: &Path) -> Ledger {
    Ledger { files: Files::under(folder) }
}

fn store(folder: &Path) -> Store {
    Store::open(&Files::under(folder)).unwrap()
}

/// A row of this day of November.
fn of_day(day: u8) -> Row {
    Row { at: format!("2026-11-{day:02}T09:00:00Z"), documents: format!("content-of-day-{day:02}"), ..row(day) }
}

fn filled(rows: u8) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    (1..=rows).for_each(|day| store.append(&of_day(day)).unwrap());
    folder
}

fn found(folder: &Path) -> Vec<Finding> {
    ledger(folder).check().unwrap().unwrap().findings
}

fn days(decisions: &[Decision]) -> Vec<u64> {
    decisions.iter().map(|decision| decision.number).collect()
}

/// The journal's database as somebody else opens it.
fn stranger(folder: &Path) -> Connection {
    Connection::open(folder.join("journal.db")).unwrap()
}

#[test]
fn reading_makes_no_journal_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    assert_eq!(ledger.count().unwrap(), 0);
    assert!(ledger.last(&Wanted::default(), 20).unwrap().is_empty());
    assert_eq!(ledger.find(1).unwrap(), None);
    assert_eq!(ledger.check().unwrap(), None);
    let removal = ledger.removal(None).unwrap();
    assert!(removal.is_empty());
    assert_eq!(ledger.purge(removal, NOW).unwrap(), Erased::Gone);
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn the_last_decisions_that_fit_come_the_first_first() {
    let folder = filled(9);
    let mut other = row(10);
    (other.origin, other.result) = ("https://enbek.kz".into(), "failed:signer-unavailable".into());
    (other.at, other.signer) = ("2026-11-10T09:00:00Z".into(), "ТЕСТОВ ТЕСТ".into());
    store(folder.path()).append(&other).unwrap();
    let ledger = ledger(folder.path());
    let last = |wanted: Wanted, most| days(&ledger.last(&wanted, most).unwrap());
    assert_eq!(last(Wanted::default(), 3), [8, 9, 10]);
    assert_eq!(last(Wanted::default(), 0), [0; 0]);
    assert_eq!(last(Wanted { site: Some("egov.kz".into()), ..Wanted::default() }, 2), [8, 9]);
    assert_eq!(last(Wanted { result: Some("failed".into()), ..Wanted::default() }, 9), [10]);
    assert_eq!(last(Wanted { text: Some("тестов".into()), ..Wanted::default() }, 9), [10]);
    let (since, until) = (Some(datetime!(2026-11-03 00:00 UTC)), Some(datetime!(2026-11-05 00:00 UTC)));
    assert_eq!(last(Wanted { since, until, ..Wanted::default() }, 9), [3, 4]);
    assert_eq!(ledger.find(10).unwrap().unwrap().signer, "ТЕСТОВ ТЕСТ");
    assert_eq!(ledger.find(11).unwrap(), None);
    assert_eq!(ledger.find(u64::MAX).unwrap(), None);
}

#[test]
fn a_tail_that_was_cut_is_still_found_after_the_next_decisions() {
    let folder = filled(6);
    stranger(folder.path()).execute("DELETE FROM decision WHERE number > 4", []).unwrap();
    assert_eq!(found(folder.path()), [Finding::TailCut { last: 4, head: 6 }]);
    let mut store = store(folder.path());
    store.append(&of_day(7)).unwrap();
    store.append(&of_day(8)).unwrap();
    assert_eq!(found(folder.path()), [Finding::Missing { from: 5, to: 6 }]);
}

#[test]
fn another_last_row_is_still_found_after_the_next_decision() {
    let folder = filled(3);
    let own = Head::load(&Files::under(folder.path()).head).unwrap();
    stranger(folder.path()).execute("DELETE FROM decision WHERE number = 3", []).unwrap();
    // Written as Tanba would, head and all; then the true head comes back.
    let second = ledger(folder.path()).find(2).unwrap().unwrap();
    Head { number: 2, hash: second.hash }.save(&folder.path().join("journal.head")).unwrap();
    store(folder.path()).append(&of_day(9)).unwrap();
    assert_eq!(found(folder.path()), []);
    own.save(&folder.path().join("journal.head")).unwrap();
    assert_eq!(found(folder.path()), [Finding::HeadDiffers { number: 3 }]);
    store(folder.path()).append(&of_day(10)).unwrap();
    assert_eq!(found(folder.path()), [Finding::Edited { number: 4 }]);
}

#[test]
fn a_lost_head_is_still_told_after_the_next_decision() {
    for head in [None, Some("rubbish"), Some("9"), Some("1 00")] {
        let folder = filled(3);
        let file = folder.path().join("journal.head");
        match head {
            None => std::fs::remove_file(&file).unwrap(),
            Some(text) => std::fs::write(&file, text).unwrap(),
        }
        assert_eq!(found(folder.path()), [Finding::HeadMissing], "{head:?}");
        store(folder.path()).append(&of_day(4)).unwrap();
        assert_eq!(found(folder.path()), [Finding::HeadWasLost { number: 4 }], "{head:?}");
        assert_eq!(ledger(folder.path()).find(4).unwrap().unwrap().about, About::Journal);
        assert_eq!(ledger(folder.path()).find(5).unwrap().unwrap().documents, of_day(4).documents);
    }
}

#[test]
fn rows_that_a_stranger_added_are_still_told_after_the_next_decision() {
    let folder = filled(2);
    let old = std::fs::read(folder.path().join("journal.head")).unwrap();
    (3..=5).for_each(|day| store(folder.path()).append(&of_day(day)).unwrap());
    std::fs::write(folder.path().join("journal.head"), old).unwrap();
    assert_eq!(found(folder.path()), [Finding::HeadBehind { head: 2, last: 5 }]);
    store(folder.path()).append(&of_day(6)).unwrap();
    assert_eq!(found(folder.path()), [Finding::HeadWasLost { number: 6 }]);
}

#[test]
fn being_stopped_between_row_and_head_is_no_fault_however_often_it_happens() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.head");
    let mut store = store(folder.path());
    for day in 1..=5 {
        // Where the head was when the row was committed; going on moves it there first.
        let before = ledger(folder.path()).find(u64::from(day) - 1).unwrap();
        let before = before.map_or(Head::BEGINNING, |row| Head { number: row.number, hash: row.hash });
        store.append(&of_day(day)).unwrap();
        before.save(&file).unwrap();
        let report = ledger(folder.path()).check().unwrap().unwrap();
        assert_eq!(report.findings, [Finding::Interrupted { last: u64::from(day) }]);
        assert!(report.is_whole());
    }
    store.append(&of_day(6)).unwrap();
    assert_eq!(found(folder.path()), []);
}

#[test]
fn a_whole_journal_that_was_taken_away_is_missed() {
    let folder = filled(4);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("journal.head") {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(found(folder.path()), [Finding::TailCut { last: 0, head: 4 }]);
    store(folder.path()).append(&of_day(5)).unwrap();
    assert_eq!(found(folder.path()), [Finding::Missing { from: 1, to: 4 }]);
}

#[test]
fn head_and_database_lie_in_two_folders() {
    let root = tempfile::tempdir().unwrap();
    let places = Places::under(root.path());
    places.create().unwrap();
    Store::open(&Files::of(&places)).unwrap().append(&of_day(1)).unwrap();
    assert!(places.state().join("journal.db").exists() && places.data().join("journal.head").exists());
    assert!(Ledger::of(&places).check().unwrap().unwrap().is_whole());
    std::fs::remove_dir_all(places.state()).unwrap();
    assert!(!Ledger::of(&places).check().unwrap().unwrap().is_whole());
}

#[test]
fn a_head_where_the_first_builds_kept_it_still_counts_and_moves() {
    let root = tempfile::tempdir().unwrap();
    let places = Places::under(root.path());
    places.create().unwrap();
    let (head, former) = (places.data().join("journal.head"), places.state().join("journal.head"));
    Store::open(&Files::of(&places)).unwrap().append(&of_day(1)).unwrap();
    std::fs::rename(&head, &former).unwrap();
    assert_eq!(Ledger::of(&places).check().unwrap().unwrap().findings, []);
    Store::open(&Files::of(&places)).unwrap().append(&of_day(2)).unwrap();
    assert_eq!(Ledger::of(&places).check().unwrap().unwrap().findings, []);
    assert!(head.exists() && !former.exists());
}

/// All octets of all files of the journal.
fn octets(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.collect::<Vec<_>>().concat()
}

fn holds(folder: &Path, text: &str) -> bool {
    octets(folder).windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn what_was_purged_is_gone_from_every_file_and_the_rest_is_whole() {
    let folder = filled(8);
    // As under `tanba run`: somebody has it open.
    let mut running = store(folder.path());
    let ledger = ledger(folder.path());
    assert!(holds(folder.path(), "content-of-day-05"));
    let removal = ledger.removal(Some(datetime!(2026-11-06 00:00 UTC))).unwrap();
    assert_eq!(removal.count, 5);
    assert_eq!(ledger.purge(removal, NOW).unwrap(), Erased::Gone);
    for day in 1..=5 {
        assert!(!holds(folder.path(), &format!("content-of-day-{day:02}")), "day {day}");
    }
    assert!(holds(folder.path(), "content-of-day-06"));
    assert_eq!(found(folder.path()), [Finding::Purged { through: 5 }]);
    running.append(&of_day(10)).unwrap();
    assert_eq!(found(folder.path()), [Finding::Purged { through: 5 }]);
    assert_eq!(days(&ledger.last(&Wanted::default(), 99).unwrap()), [6, 7, 8, 9, 10]);
    // What is left is still bound to what was there.
    stranger(folder.path()).execute("DELETE FROM decision WHERE number = 6", []).unwrap();
    assert_eq!(found(folder.path()), [Finding::Purged { through: 5 }, Finding::Missing { from: 6, to: 6 }]);
}

#[test]
fn everything_can_be_purged_again_and_again() {
    let folder = filled(3);
    let ledger = ledger(folder.path());
    for (round, count) in [(1, 3), (2, 1)] {
        let removal = ledger.removal(None).unwrap();
        assert_eq!(removal.count, count);
        assert_eq!(ledger.purge(removal, NOW).unwrap(), Erased::Gone);
        let report = ledger.check().unwrap().unwrap();
        assert!(report.is_whole() && report.rows == 1, "{report:?}");
        assert!(ledger.removal(None).unwrap().is_empty(), "that it was purged is nothing to purge");
        assert!(!holds(folder.path(), "content-of-day"));
        store(folder.path()).append(&of_day(10 + round)).unwrap();
    }
}

#[test]
fn a_purge_that_was_stopped_before_the_head_moved_is_whole() {
    let folder = filled(3);
    let before = std::fs::read(folder.path().join("journal.head")).unwrap();
    let ledger = ledger(folder.path());
    ledger.purge(ledger.removal(None).unwrap(), NOW).unwrap();
    std::fs::write(folder.path().join("journal.head"), before).unwrap();
    assert_eq!(found(folder.path()), [Finding::Purged { through: 3 }, Finding::Interrupted { last: 4 }]);
    // Another head than that of the removed row.
    Head { number: 3, hash: [7; 32] }.save(&folder.path().join("journal.head")).unwrap();
    assert!(found(folder.path()).contains(&Finding::HeadDiffers { number: 3 }));
}

#[test]
fn purging_everything_begins_anew_after_damage_and_purging_a_part_does_not_hide_the_rest() {
    let folder = filled(6);
    stranger(folder.path()).execute("UPDATE decision SET signer = 'x' WHERE number = 5", []).unwrap();
    stranger(folder.path()).execute("DELETE FROM decision WHERE number = 6", []).unwrap();
    let ledger = ledger(folder.path());
    ledger.purge(ledger.removal(Some(datetime!(2026-11-04 00:00 UTC))).unwrap(), NOW).unwrap();
    let findings = found(folder.path());
    assert!(findings.contains(&Finding::Edited { number: 5 }), "{findings:?}");
    assert!(findings.contains(&Finding::Missing { from: 6, to: 6 }), "{findings:?}");
    ledger.purge(ledger.removal(None).unwrap(), NOW).unwrap();
    assert!(ledger.check().unwrap().unwrap().is_whole());
    std::fs::remove_file(folder.path().join("journal.head")).unwrap();
    store(folder.path()).append(&of_day(20)).unwrap();
    std::fs::remove_file(folder.path().join("journal.head")).unwrap();
    ledger.purge(ledger.removal(None).unwrap(), NOW).unwrap();
    assert!(ledger.check().unwrap().unwrap().is_whole());
}

#[test]
fn text_that_a_reader_still_holds_is_said_to_be_there_and_goes_with_the_next_purge() {
    let folder = filled(4);
    let reader = stranger(folder.path());
    reader.execute_batch("BEGIN; SELECT count(*) FROM decision").unwrap();
    let ledger = ledger(folder.path());
    let removal = ledger.removal(None).unwrap();
    assert!(matches!(ledger.purge(removal, NOW).unwrap(), Erased::NotYet(_)));
    reader.execute_batch("COMMIT").unwrap();
    let nothing = ledger.removal(None).unwrap();
    assert!(nothing.is_empty());
    assert_eq!(ledger.purge(nothing, NOW).unwrap(), Erased::Gone);
    assert!(!holds(folder.path(), "content-of-day"));
}

#[test]
fn a_check_while_others_append_and_purge_finds_nothing_wrong() {
    let folder = filled(2);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut store = store(folder.path());
            for turn in 0..150 {
                store.append(&of_day(3)).unwrap();
                if turn % 25 == 24 {
                    let ledger = ledger(folder.path());
                    ledger.purge(ledger.removal(Some(datetime!(2026-11-03 00:00 UTC))).unwrap(), NOW).unwrap();
                }
            }
        });
        while !writing.is_finished() {
            let report = ledger(folder.path()).check().unwrap().unwrap();
            assert!(report.findings.iter().all(|found| matches!(found, Finding::Purged { .. })), "{report:?}");
        }
    });
}

#[test]
fn a_file_that_is_no_journal_is_an_error_and_no_journal_of_another_make_either() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("journal.db"), b"no database at all").unwrap();
    assert!(ledger(folder.path()).count().is_err());
    let folder = tempfile::tempdir().unwrap();
    stranger(folder.path()).execute_batch("CREATE TABLE decision (number INTEGER, at TEXT)").unwrap();
    assert!(ledger(folder.path()).last(&Wanted::default(), 9).is_err());
    let folder = tempfile::tempdir().unwrap();
    stranger(folder.path()).execute_batch("CREATE TABLE other (number INTEGER)").unwrap();
    assert_eq!(ledger(folder.path()).count().unwrap(), 0);
}
