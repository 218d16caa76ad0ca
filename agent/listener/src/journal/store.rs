//! The database, and the head of the chain in a file of its own.

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

/// The open journal.
pub(crate) struct Store {
    database: Connection,
    head: PathBuf,
}

impl Store {
    /// Opens the journal in this folder, or makes it.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join("journal.db");
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
        Ok(Self { database, head: folder.join("journal.head") })
    }

    /// Appends one row, and moves the head behind it.
    ///
    /// The row is committed before the head moves: after a crash between the two the head names an earlier row of a
    /// chain that is whole, never one that is not there.
    pub(crate) fn append(&mut self, row: &Row) -> Result<(), StoreError> {
        let change = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = change.query_row(LAST, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let (number, before) = match last.optional()? {
            Some((number, hash)) => {
                let hash = Hash::try_from(hash.as_slice()).map_err(|_| StoreError::Damaged)?;
                (number.checked_add(1).ok_or(StoreError::Damaged)?, hash)
            }
            None => (1, BEGINNING),
        };
        let hash = row.hash(u64::try_from(number).map_err(|_| StoreError::Damaged)?, &before);
        let [at, origin, program, module, method, documents, certificate, signer, result] = row.columns();
        change.execute(
            APPEND,
            rusqlite::params![
                number,
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
        change.commit()?;
        files::write_private(&self.head, format!("{number} {}\n", hex::encode(hash)).as_bytes())?;
        Ok(())
    }

    /// Every row with its number and hash, the first first.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Result<Vec<(u64, Row, Hash)>, StoreError> {
        let mut query = self.database.prepare(
            "SELECT number, at, origin, program, module, method, documents, certificate, signer, result, hash
             FROM decision ORDER BY number",
        )?;
        let rows = query.query_map([], |row| {
            let number: i64 = row.get(0)?;
            let hash: [u8; 32] = row.get(10)?;
            let decision = Row {
                at: row.get(1)?,
                origin: row.get(2)?,
                program: row.get(3)?,
                module: row.get(4)?,
                method: row.get(5)?,
                documents: row.get(6)?,
                certificate: row.get(7)?,
                signer: row.get(8)?,
                result: row.get(9)?,
            };
            Ok((u64::try_from(number).unwrap_or_default(), decision, hash))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
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
