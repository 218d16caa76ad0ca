//! The database, and the head of the chain in a file of its own.

use super::purge::Purge;
use super::row::{BEGINNING, Hash, Row};
use platform::files;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use std::path::{Path, PathBuf};

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

const LAST: &str = "SELECT number, hash FROM decision ORDER BY number DESC LIMIT 1";

const APPEND: &str = "
    INSERT INTO decision (number, at, origin, program, module, method, documents, certificate, signer, result, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

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

/// The database's name in the data folder.
pub(crate) const DATABASE: &str = "journal.db";

/// The name of the file with the head of the chain.
pub(crate) const HEAD: &str = "journal.head";

/// The open journal.
pub(crate) struct Store {
    database: Connection,
    head: PathBuf,
}

impl Store {
    /// Opens the journal in this folder, or makes it.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(DATABASE);
        if !file.exists() {
            // SQLite would make it readable for others where the folder lets them in.
            files::write_private(&file, b"")?;
        }
        let database = Connection::open(&file)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        // A committed row is on the disk, whatever happens next.
        database.pragma_update(None, "synchronous", "FULL")?;
        database.busy_timeout(std::time::Duration::from_secs(5))?;
        database.execute_batch(SCHEMA)?;
        Ok(Self { database, head: folder.join(HEAD) })
    }

    /// Appends one row, and moves the head behind it.
    ///
    /// The row is committed before the head moves: after a crash between the two the head names an earlier row of a
    /// chain that is whole, never one that is not there.
    pub(crate) fn append(&mut self, row: &Row) -> Result<(), StoreError> {
        let change = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (number, before) = last(&change)?.unwrap_or((0, BEGINNING));
        let head = insert(&change, row, number, &before)?;
        change.commit()?;
        self.move_head(&head)
    }

    /// Removes every row up to `through`, and writes down that it was done: a row of its own that names the last removed
    /// one, so that what is left is still bound to something. What was removed is not left in the file's free pages.
    pub(crate) fn purge(&mut self, through: u64, at: &str) -> Result<(), StoreError> {
        self.database.pragma_update(None, "secure_delete", "ON")?;
        let change = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let removed = change.query_row("SELECT hash FROM decision WHERE number = ?1", [to_sql(through)?], |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        let removed = Hash::try_from(removed.as_slice()).map_err(|_| StoreError::Damaged)?;
        let (number, before) = last(&change)?.ok_or(StoreError::Damaged)?;
        let head = insert(&change, &Purge { through, hash: removed }.row(at), number, &before)?;
        change.execute("DELETE FROM decision WHERE number <= ?1", [to_sql(through)?])?;
        change.commit()?;
        self.move_head(&head)?;
        self.database.execute_batch("VACUUM")?;
        // The log of changes holds the pages as they were.
        self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    fn move_head(&self, (number, hash): &(u64, Hash)) -> Result<(), StoreError> {
        Ok(files::write_private(&self.head, format!("{number} {}\n", hex::encode(hash)).as_bytes())?)
    }

    /// Every row with its number and hash, the first first.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Result<Vec<(u64, Row, Hash)>, StoreError> {
        let mut query = self.database.prepare(&format!("{SELECT} ORDER BY number"))?;
        let rows = query.query_map([], |row| Ok((number(row)?, read(row)?, row.get(10)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// All columns of a row, its number first and its hash last.
pub(super) const SELECT: &str =
    "SELECT number, at, origin, program, module, method, documents, certificate, signer, result, hash FROM decision";

/// The row that [`SELECT`] gives.
pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        at: row.get(1)?,
        origin: row.get(2)?,
        program: row.get(3)?,
        module: row.get(4)?,
        method: row.get(5)?,
        documents: row.get(6)?,
        certificate: row.get(7)?,
        signer: row.get(8)?,
        result: row.get(9)?,
    })
}

/// The number of the row that [`SELECT`] gives. Ours begin with one; what is below is nobody's.
pub(super) fn number(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(|number| u64::try_from(number).unwrap_or_default())
}

fn to_sql(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged)
}

/// The number and the hash of the last row.
fn last(database: &Connection) -> Result<Option<(u64, Hash)>, StoreError> {
    let last = database.query_row(LAST, [], |row| Ok((number(row)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
    last.map(|(number, hash)| Ok((number, Hash::try_from(hash.as_slice()).map_err(|_| StoreError::Damaged)?)))
        .transpose()
}

/// Inserts a row behind the last one; its own number and hash.
fn insert(database: &Connection, row: &Row, last: u64, before: &Hash) -> Result<(u64, Hash), StoreError> {
    let number = last.checked_add(1).ok_or(StoreError::Damaged)?;
    let hash = row.hash(number, before);
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
    Ok((number, hash))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::row;
    use super::*;

    #[test]
    fn each_row_is_bound_to_the_one_before_and_the_head_names_the_last() {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=3 {
            // Opened anew each time, as after a restart.
            Store::open(folder.path()).unwrap().append(&row(number)).unwrap();
        }
        let rows = Store::open(folder.path()).unwrap().rows().unwrap();
        let mut before = BEGINNING;
        for (place, (number, row, hash)) in rows.iter().enumerate() {
            assert_eq!(*number, place as u64 + 1);
            assert_eq!(*hash, row.hash(*number, &before));
            before = *hash;
        }
        let head = std::fs::read_to_string(folder.path().join("journal.head")).unwrap();
        assert_eq!(head, format!("3 {}\n", hex::encode(before)));
    }

    #[test]
    fn two_that_write_at_once_make_one_chain() {
        let folder = tempfile::tempdir().unwrap();
        Store::open(folder.path()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut store = Store::open(folder.path()).unwrap();
                    (0..5).for_each(|number| store.append(&row(number)).unwrap());
                });
            }
        });
        let rows = Store::open(folder.path()).unwrap().rows().unwrap();
        assert_eq!(rows.len(), 20);
        rows.iter().fold(BEGINNING, |before, (number, row, hash)| {
            assert_eq!(*hash, row.hash(*number, &before));
            *hash
        });
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_journal() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Store::open(folder.path()).unwrap().append(&row(1)).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
        }
    }
}
