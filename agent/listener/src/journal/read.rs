//! Reading the journal, while Tanba may be writing it.

use super::head::Head;
use super::own::{self, Own};
use super::store::{self, StoreError, Stored};
use rusqlite::{Connection, OpenFlags, Transaction};
use std::ops::ControlFlow;
use std::path::Path;

/// The database, open for reading alone.
pub(super) struct Reader {
    database: Connection,
}

/// One view of all rows: what is written meanwhile is not in it.
pub(super) struct View<'a> {
    change: Transaction<'a>,
}

/// Which end is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    First,
    Last,
}

impl Reader {
    /// Opens the journal; `None` where there is none.
    ///
    /// SQLite makes its two working files beside the database where they are not there, as it does for a writer; the
    /// database itself is not touched.
    pub(super) fn open(file: &Path) -> Result<Option<Self>, StoreError> {
        // An empty file is what a first start leaves that ended before its first row.
        if !std::fs::metadata(file).is_ok_and(|file| file.len() > 0) {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(file, flags)?;
        store::prepare(&database)?;
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
}

impl View<'_> {
    /// Gives every row until told to stop.
    pub(super) fn each(&self, from: From, take: &mut dyn FnMut(&Stored) -> ControlFlow<()>) -> Result<(), StoreError> {
        let order = match from {
            From::First => "ORDER BY number",
            From::Last => "ORDER BY number DESC",
        };
        let mut query = self.change.prepare(&format!("{} {order}", store::SELECT))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if take(&store::read(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The row of this number.
    pub(super) fn find(&self, number: u64) -> Result<Option<Stored>, StoreError> {
        store::find(&self.change, number)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = self.change.query_row("SELECT count(*) FROM decision", [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The last row that the owner had removed.
    pub(super) fn purged(&self) -> Result<Option<Head>, StoreError> {
        let mut query = self.change.prepare(&format!("{} WHERE module = ?1 AND result = ?2", store::SELECT))?;
        let mut rows = query.query([own::MODULE, own::PURGED])?;
        let mut last: Option<Head> = None;
        while let Some(row) = rows.next()? {
            if let Some(Own::Purged(removed)) = Own::of(&store::read(row)?.row)
                && last.is_none_or(|last| removed.number > last.number)
            {
                last = Some(removed);
            }
        }
        Ok(last)
    }
}
