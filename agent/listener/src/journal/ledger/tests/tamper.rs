//! Whatever is done to one row, or to the head, is found; and is still found when Tanba has gone on writing.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const ROWS: u8 = 8;

const COLUMNS: [&str; 9] =
    ["at", "origin", "program", "module", "method", "documents", "certificate", "signer", "result"];

/// What a stranger does.
#[derive(Clone, Debug)]
enum Deed {
    Edit {
        row: u8,
        column: usize,
        text: String,
    },
    /// Octets that are no text, in place of one letter or of everything.
    Octets {
        row: u8,
        column: usize,
    },
    Hash {
        row: u8,
        octets: Vec<u8>,
    },
    Remove {
        row: u8,
    },
    Swap {
        one: u8,
        other: u8,
    },
    Move {
        row: u8,
        to: i64,
    },
    Cut {
        from: u8,
    },
    Add {
        number: i64,
    },
    Empty,
    HeadGone,
    HeadText {
        text: String,
    },
    HeadBack {
        to: u8,
    },
    HeadHash {
        octets: [u8; 32],
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let row = || 1..=ROWS;
    prop_oneof![
        4 => (row(), 0..COLUMNS.len(), ".{0,12}").prop_map(|(row, column, text)| Deed::Edit { row, column, text }),
        2 => (row(), 0..COLUMNS.len()).prop_map(|(row, column)| Deed::Octets { row, column }),
        2 => (row(), proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(row, octets)| Deed::Hash { row, octets }),
        2 => row().prop_map(|row| Deed::Remove { row }),
        2 => (row(), row()).prop_map(|(one, other)| Deed::Swap { one, other }),
        2 => (row(), -3..20_i64).prop_map(|(row, to)| Deed::Move { row, to }),
        2 => row().prop_map(|from| Deed::Cut { from }),
        1 => prop_oneof![-5..=0_i64, 9..12_i64, Just(i64::MAX)].prop_map(|number| Deed::Add { number }),
        1 => Just(Deed::Empty),
        1 => Just(Deed::HeadGone),
        1 => ".{0,90}".prop_map(|text| Deed::HeadText { text }),
        1 => (0..ROWS).prop_map(|to| Deed::HeadBack { to }),
        1 => any::<[u8; 32]>().prop_map(|octets| Deed::HeadHash { octets }),
    ]
}

/// Does it; whether anything came of it.
fn tamper(folder: &Path, deed: &Deed) -> bool {
    let database = stranger(folder);
    let head = folder.join("journal.head");
    let own = Head::load(&head).unwrap();
    let changed = match deed {
        Deed::Edit { row, column, text } => {
            let column = COLUMNS[*column];
            let query = format!("UPDATE decision SET {column} = ?1 WHERE number = ?2 AND {column} <> ?1");
            database.execute(&query, rusqlite::params![text, row])
        }
        Deed::Octets { row, column } => {
            let column = COLUMNS[*column];
            let query = format!("UPDATE decision SET {column} = CAST(x'ff41' AS TEXT) WHERE number = ?1");
            database.execute(&query, [row])
        }
        Deed::Hash { row, octets } => {
            database.execute("UPDATE decision SET hash = ?1 WHERE number = ?2", rusqlite::params![octets, row])
        }
        Deed::Remove { row } => database.execute("DELETE FROM decision WHERE number = ?1", [row]),
        Deed::Swap { one, other } if one == other => Ok(0),
        Deed::Swap { one, other } => database
            .execute_batch(&format!(
                "UPDATE decision SET number = -1000 WHERE number = {one};
             UPDATE decision SET number = {one} WHERE number = {other};
             UPDATE decision SET number = {other} WHERE number = -1000"
            ))
            .map(|()| 2),
        Deed::Move { row, to } => database.execute(
            "UPDATE OR REPLACE decision SET number = ?2 WHERE number = ?1 AND ?1 <> ?2",
            [i64::from(*row), *to],
        ),
        Deed::Cut { from } => database.execute("DELETE FROM decision WHERE number >= ?1", [from]),
        Deed::Add { number } => database.execute(
            "INSERT INTO decision SELECT ?1, at, origin, program, module, method, documents, certificate, signer,
             result, hash FROM decision WHERE number = 8",
            [number],
        ),
        Deed::Empty => database.execute("DELETE FROM decision", []),
        Deed::HeadGone => {
            std::fs::remove_file(head).unwrap();
            Ok(1)
        }
        Deed::HeadText { text } => {
            std::fs::write(head, text).unwrap();
            Ok(1)
        }
        Deed::HeadBack { to } => {
            let row = ledger(folder).find(u64::from(*to)).unwrap();
            row.map_or(Head::BEGINNING, |row| Head { number: row.number, hash: row.hash }).save(&head).unwrap();
            Ok(1)
        }
        Deed::HeadHash { octets } => {
            Head { number: own.number, hash: *octets }.save(&head).unwrap();
            Ok(1)
        }
    };
    changed.unwrap() > 0
}

fn copy(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    folder
}

#[test]
fn any_one_deed_is_found_and_stays_found() {
    let base = filled(ROWS);
    assert_eq!(found(base.path()), []);
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&deed(), |deed| {
        let folder = copy(base.path());
        if !tamper(folder.path(), &deed) {
            return Ok(());
        }
        let report = ledger(folder.path()).check().unwrap().unwrap();
        // One step back is where the head stands when Tanba is stopped between row and head: that cannot be told apart.
        if matches!(deed, Deed::HeadBack { to } if to == ROWS - 1) {
            prop_assert_eq!(report.findings, [Finding::Interrupted { last: u64::from(ROWS) }]);
            return Ok(());
        }
        prop_assert!(!report.is_whole(), "{:?}", report);
        // Reading it never fails, either.
        ledger(folder.path()).last(&Wanted::default(), 99).unwrap();
        // Beyond the last number there is no other; nothing is written any more, and that is said.
        if matches!(deed, Deed::Add { number: i64::MAX }) {
            prop_assert!(store(folder.path()).append(&of_day(20)).is_err());
            return Ok(());
        }
        store(folder.path()).append(&of_day(20)).unwrap();
        store(folder.path()).append(&of_day(21)).unwrap();
        let report = ledger(folder.path()).check().unwrap().unwrap();
        prop_assert!(!report.is_whole(), "forgotten: {:?}", report);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn every_column_of_every_row_counts() {
    let base = filled(3);
    for row in 1..=3 {
        for column in 0..COLUMNS.len() {
            for deed in [Deed::Edit { row, column, text: "x".into() }, Deed::Octets { row, column }] {
                let folder = copy(base.path());
                assert!(tamper(folder.path(), &deed));
                assert_eq!(found(folder.path()), [Finding::Edited { number: u64::from(row) }], "{deed:?}");
            }
        }
    }
}

#[test]
fn a_letter_that_stands_for_what_cannot_be_read_is_not_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    store(folder.path()).append(&Row { signer: "\u{fffd}A".into(), ..row(1) }).unwrap();
    assert_eq!(found(folder.path()), []);
    stranger(folder.path()).execute("UPDATE decision SET signer = CAST(x'ff41' AS TEXT)", []).unwrap();
    assert_eq!(found(folder.path()), [Finding::Edited { number: 1 }]);
}
