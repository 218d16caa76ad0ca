//! Reading the journal, while Tanba may be writing it.

use super::purge::{self, Purge};
use super::row::{Hash, Row};
use super::store::{self, DATABASE, StoreError};
use rusqlite::{Connection, OpenFlags, Transaction};
use std::path::Path;

/// The database, open for reading alone.
pub(super) struct Reader {
    database: Connection,
}

/// One view of all rows: what is written meanwhile is not in it.
pub(super) struct View<'a> {
    change: Transaction<'a>,
}

impl Reader {
    /// Opens the journal of this folder; `None` where there is none.
    pub(super) fn open(folder: &Path) -> Result<Option<Self>, StoreError> {
        let file = folder.join(DATABASE);
        // An empty file is what a first start leaves that ended before its first row.
        if !std::fs::metadata(&file).is_ok_and(|file| file.len() > 0) {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(&file, flags)?;
        database.busy_timeout(std::time::Duration::from_secs(5))?;
        let reader = Self { database };
        let has_table: bool = reader.database.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'decision')",
            [],
            |row| row.get(0),
        )?;
        Ok(has_table.then_some(reader))
    }

    /// Does something with one view of the rows.
    pub(super) fn in_one_view<T>(
        &mut self,
        act: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let view = View { change: self.database.transaction()? };
        // A view begins with the first reading.
        view.change.query_row("SELECT count(*) FROM (SELECT 1 FROM decision LIMIT 1)", [], |_| Ok(()))?;
        act(&view)
    }

    /// The purge that removed the most.
    pub(super) fn last_purge(&mut self) -> Result<Option<Purge>, StoreError> {
        let mut query = self.database.prepare(&format!("{} WHERE result = ?1 ORDER BY number", store::SELECT))?;
        let mut rows = query.query([purge::RESULT])?;
        let mut found: Option<Purge> = None;
        while let Some(row) = rows.next()? {
            if let Some(purge) =
                Purge::of(&store::read(row)?).filter(|purge| found.is_none_or(|last| purge.through > last.through))
            {
                found = Some(purge);
            }
        }
        Ok(found)
    }
}

impl View<'_> {
    /// Gives every row with its number and hash, the first first. A hash of another length than ours is one of zeros:
    /// it fits nothing.
    pub(super) fn each(&self, take: &mut dyn FnMut(u64, &Row, &Hash)) -> Result<(), StoreError> {
        let mut query = self.change.prepare(&format!("{} ORDER BY number", store::SELECT))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let hash = row.get_ref(10)?.as_blob().ok().and_then(|hash| Hash::try_from(hash).ok()).unwrap_or_default();
            take(store::number(row)?, &store::read(row)?, &hash);
        }
        Ok(())
    }
}
