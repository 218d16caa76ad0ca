//! The database, and the head of the chain in a file of its own.

use super::head::{Files, Head, Turn};
use super::own::Own;
use super::row::{Hash, Row};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use std::time::Duration;

/// Its own columns are the row's; the table is never altered, a later format gets a table of its own.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS decision (
        number      INTEGER PRIMARY KEY,
        at          TEXT NOT NULL,
        origin      TEXT NOT NULL,
        program     TEXT NOT NULL,
        module      TEXT NOT NULL,
        method      TEXT NOT NULL,
        documents   TEXT NOT NULL,
        certificate TEXT NOT NULL,
        signer      TEXT NOT NULL,
        result      TEXT NOT NULL,
        hash        BLOB NOT NULL
    ) STRICT";

const APPEND: &str = "
    INSERT INTO decision (number, at, origin, program, module, method, documents, certificate, signer, result, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// All columns of a row, its number first and its hash last.
pub(super) const SELECT: &str =
    "SELECT number, at, origin, program, module, method, documents, certificate, signer, result, hash FROM decision";

/// How long another one who has the database is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a row is not in the journal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the journal's database: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the journal's head: {0}")]
    Head(#[from] std::io::Error),
    #[error("the journal's last row is damaged")]
    Damaged,
}

/// Whether what was removed is gone from the file too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erased {
    /// It is.
    Gone,
    /// Not yet, and why: somebody is reading the journal, or the disk is full. Another purge goes on with it.
    NotYet(String),
}

/// The open journal.
pub(crate) struct Store {
    database: Connection,
    files: Files,
}

impl Store {
    /// Opens the journal, or makes it.
    pub(crate) fn open(files: &Files) -> Result<Self, StoreError> {
        if !files.database.exists() {
            let _turn = Turn::to_write(&files.lock)?;
            if files.load_head().is_none() {
                // Before the database: rows without a head are then always a fault.
                files.save_head(&Head::BEGINNING)?;
            }
            if !files.database.exists() {
                // SQLite would make it readable for others where the folder lets them in.
                platform::files::write_private(&files.database, b"")?;
            }
        }
        let database = Connection::open(&files.database)?;
        prepare(&database)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        // A committed row is on the disk, whatever happens next.
        database.pragma_update(None, "synchronous", "FULL")?;
        database.execute_batch(SCHEMA)?;
        Ok(Self { database, files: files.clone() })
    }

    /// Appends one row, and moves the head behind it.
    pub(crate) fn append(&mut self, row: &Row) -> Result<(), StoreError> {
        self.write(&row.at, |database, ends| insert(database, row, ends.go_on))
    }

    /// Removes every row up to `through`, and writes down that it was done: a row of Tanba's own that names the last
    /// removed one, so that what is left is still bound to something.
    pub(crate) fn purge(&mut self, through: u64, at: &str) -> Result<(), StoreError> {
        // What is removed is overwritten, even if nothing that comes after should be reached.
        self.database.pragma_update(None, "secure_delete", "ON")?;
        self.write(at, |database, ends| {
            let removed = if ends.last.number <= through {
                // Everything goes: what comes is bound to where the chain goes on, whatever was wrong with it.
                ends.go_on
            } else {
                match before(database, through)? {
                    Some(removed) => removed,
                    // Somebody else was faster.
                    None => return Ok(ends.go_on),
                }
            };
            let head = insert(database, &Own::Purged(removed).row(at), ends.go_on)?;
            database.execute("DELETE FROM decision WHERE number <= ?1", [to_sql(removed.number)?])?;
            Ok(head)
        })
    }

    /// Takes what was removed out of the file: its free pages, and the log of changes, which holds pages as they were.
    pub(crate) fn erase(&mut self) -> Erased {
        let erased = (|| {
            let _turn = Turn::to_write(&self.files.lock)?;
            // Else SQLite copies what is left into a file somewhere else.
            self.database.pragma_update(None, "temp_store", "MEMORY")?;
            self.database.execute_batch("VACUUM")?;
            let is_busy: bool = self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            Ok::<_, StoreError>(if is_busy { Erased::NotYet("database is locked".to_owned()) } else { Erased::Gone })
        })();
        erased.unwrap_or_else(|error| Erased::NotYet(error.to_string()))
    }

    /// Changes the database from where the chain ends, and moves the head to where it ends then.
    ///
    /// A change is committed before the head moves: after a crash between the two the head names the row before the last
    /// of a chain that is whole, never one that is not there. Only one writes at a time, head and all.
    fn write(
        &mut self,
        at: &str,
        act: impl FnOnce(&Connection, Ends) -> Result<Head, StoreError>,
    ) -> Result<(), StoreError> {
        let _turn = Turn::to_write(&self.files.lock)?;
        let change = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = last(&change)?.unwrap_or_default();
        let go_on = go_on_from(&change, last, at, &self.files)?;
        let head = act(&change, Ends { last, go_on })?;
        change.commit()?;
        Ok(self.files.save_head(&head)?)
    }

    /// Every row, the first first.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Result<Vec<Stored>, StoreError> {
        let mut query = self.database.prepare(&format!("{SELECT} ORDER BY number"))?;
        let rows = query.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Where the chain ends.
#[derive(Clone, Copy, Debug)]
struct Ends {
    /// At the last row that was there.
    last: Head,
    /// Where the next row goes.
    go_on: Head,
}

/// Where the next row goes: behind the one that the head names, so that a tail that was cut off, or put in another's
/// place, leaves a gap in the chain for ever and is not forgotten with the next decision.
fn go_on_from(database: &Connection, last: Head, at: &str, files: &Files) -> Result<Head, StoreError> {
    match files.load_head() {
        Some(head) if head.number >= last.number => Ok(head),
        Some(head) if is_next(database, head, last)? => {
            // Tanba was stopped before it moved the head. Moved now, it is never two rows behind.
            files.save_head(&last)?;
            Ok(last)
        }
        None if last == Head::BEGINNING => Ok(last),
        _ => insert(database, &Own::HeadLost.row(at), last),
    }
}

/// Whether the last row is the one that comes after the head.
fn is_next(database: &Connection, head: Head, last: Head) -> Result<bool, StoreError> {
    Ok(head.number.checked_add(1) == Some(last.number)
        && find(database, last.number)?.is_some_and(|row| row.fits(&head.hash)))
}

/// What every connection begins with.
pub(super) fn prepare(database: &Connection) -> Result<(), StoreError> {
    database.busy_timeout(PATIENCE)?;
    // A file that somebody else made calls nothing of ours.
    database.pragma_update(None, "trusted_schema", "OFF")?;
    Ok(())
}

/// A row as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// Ours begin with one; what is below is nobody's, and zero here.
    pub(super) number: u64,
    pub(super) row: Row,
    /// A hash of another length than ours is one of zeros: it fits nothing.
    pub(super) hash: Hash,
    /// Whether every text is one. SQLite keeps any octets as a text; they are shown as far as they can be.
    is_text: bool,
}

impl Stored {
    /// Whether the row is as it was written behind the one that has this hash.
    pub(super) fn fits(&self, before: &Hash) -> bool {
        self.is_text && self.row.hash(self.number, before) == self.hash
    }

    /// Its place in the chain.
    pub(super) fn place(&self) -> Head {
        Head { number: self.number, hash: self.hash }
    }
}

/// The row that [`SELECT`] gives.
pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    let mut is_text = true;
    let mut text = |column: usize| -> rusqlite::Result<String> {
        let octets = match row.get_ref(column)? {
            ValueRef::Text(octets) => octets,
            _ => {
                is_text = false;
                return Ok(String::new());
            }
        };
        let text = String::from_utf8_lossy(octets);
        is_text &= matches!(text, std::borrow::Cow::Borrowed(_));
        Ok(text.into_owned())
    };
    let decision = Row {
        at: text(1)?,
        origin: text(2)?,
        program: text(3)?,
        module: text(4)?,
        method: text(5)?,
        documents: text(6)?,
        certificate: text(7)?,
        signer: text(8)?,
        result: text(9)?,
    };
    Ok(Stored { number: number(row)?, row: decision, hash: hash(row, 10)?, is_text })
}

fn number(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(|number| u64::try_from(number).unwrap_or_default())
}

fn hash(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    let octets = row.get_ref(column)?;
    Ok(octets.as_blob().ok().and_then(|octets| Hash::try_from(octets).ok()).unwrap_or_default())
}

fn to_sql(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged)
}

/// The row of this number.
pub(super) fn find(database: &Connection, number: u64) -> Result<Option<Stored>, StoreError> {
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    Ok(database.query_row(&format!("{SELECT} WHERE number = ?1"), [number], read).optional()?)
}

/// The place of the last row.
fn last(database: &Connection) -> Result<Option<Head>, StoreError> {
    before(database, i64::MAX.unsigned_abs())
}

/// The place of the last row up to this number.
fn before(database: &Connection, number: u64) -> Result<Option<Head>, StoreError> {
    let query = "SELECT number, hash FROM decision WHERE number <= ?1 ORDER BY number DESC LIMIT 1";
    let place = |row: &rusqlite::Row<'_>| Ok(Head { number: self::number(row)?, hash: hash(row, 1)? });
    Ok(database.query_row(query, [to_sql(number)?], place).optional()?)
}

/// Inserts a row behind the end of the chain; its own place.
fn insert(database: &Connection, row: &Row, end: Head) -> Result<Head, StoreError> {
    let number = end.number.checked_add(1).ok_or(StoreError::Damaged)?;
    let hash = row.hash(number, &end.hash);
    let [at, origin, program, module, method, documents, certificate, signer, result] = row.columns();
    database.execute(
        APPEND,
        rusqlite::params![
            to_sql(number)?,
            at,
            origin,
            program,
            module,
            method,
            documents,
            certificate,
            signer,
            result,
            hash
        ],
    )?;
    Ok(Head { number, hash })
}

#[cfg(test)]
mod tests {
    use super::super::row::BEGINNING;
    use super::super::row::tests::row;
    use super::*;

    #[test]
    fn each_row_is_bound_to_the_one_before_and_the_head_names_the_last() {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=3 {
            // Opened anew each time, as after a restart.
            Store::open(&Files::under(folder.path())).unwrap().append(&row(number)).unwrap();
        }
        let rows = Store::open(&Files::under(folder.path())).unwrap().rows().unwrap();
        let mut before = BEGINNING;
        for (place, row) in rows.iter().enumerate() {
            assert_eq!(row.number, place as u64 + 1);
            assert!(row.fits(&before));
            before = row.hash;
        }
        let head = std::fs::read_to_string(folder.path().join("journal.head")).unwrap();
        assert_eq!(head, format!("3 {}\n", hex::encode(before)));
    }

    #[test]
    fn two_that_write_at_once_make_one_chain() {
        let folder = tempfile::tempdir().unwrap();
        Store::open(&Files::under(folder.path())).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut store = Store::open(&Files::under(folder.path())).unwrap();
                    (0..5).for_each(|number| store.append(&row(number)).unwrap());
                });
            }
        });
        let rows = Store::open(&Files::under(folder.path())).unwrap().rows().unwrap();
        assert_eq!(rows.len(), 20);
        let last = rows.iter().fold(BEGINNING, |before, row| {
            assert!(row.fits(&before));
            row.hash
        });
        let head = Head::load(&Files::under(folder.path()).head).unwrap();
        assert_eq!(head, Head { number: 20, hash: last });
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_journal() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Store::open(&Files::under(folder.path())).unwrap().append(&row(1)).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
        }
    }
}
