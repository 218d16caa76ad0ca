//! The journal: one row for each decision, each bound to the one before it.
//!
//! It holds who asked for what, which documents by their digests, which certificate, and how it ended; never a document.
//! It shows its owner edits, gaps and reordering; against a program that runs as the owner it proves nothing.
//!
//! - [`row`]: what stands in a row and how rows are bound.
//! - [`store`]: the database, to which rows are appended; [`head`]: the head of the chain, in a file of its own.
//! - [`own`]: the rows that Tanba writes about the journal itself.
//! - [`Ledger`]: the journal as its owner has it: read, searched, checked, purged ([`check`], [`read`]).
//!
//! The database is opened by the first decision, in a thread of its own: starting does not wait for it.

mod check;
pub(crate) mod head;
mod ledger;
mod own;
mod read;
pub(crate) mod row;
mod store;

pub use check::{Finding, Report};
pub use ledger::{About, Decision, Ledger, LedgerError, Removal, Wanted};
pub use store::Erased;

use head::Files;
use row::Row;
use std::sync::{Mutex, PoisonError};
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Rows that may wait for the disk. People are slower.
const MOST_WAITING: usize = 256;

/// Why a decision is not in the journal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the journal's thread could not be started: {0}")]
    Thread(std::io::Error),
    #[error("the journal's thread is gone or too far behind")]
    Unreachable,
}

type Entry = (Row, oneshot::Sender<Result<(), StoreError>>);

/// Whether a row may be left out when too many wait for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// A person decided: the row waits for its place.
    Decision,
    /// Nobody decided (withdrawn, failed, blocked). A page can make as many of these as it likes.
    Noise,
}

/// The way to the journal's thread.
pub(crate) struct Journal {
    files: Files,
    entries: Mutex<Option<mpsc::Sender<Entry>>>,
}

impl Journal {
    /// The journal that lies there; nothing is opened yet.
    pub(crate) fn new(files: Files) -> Self {
        Self { files, entries: Mutex::new(None) }
    }

    /// Writes one row, and returns when it is on the disk.
    pub(crate) async fn record(&self, row: Row, weight: Weight) -> Result<(), JournalError> {
        let (done, written) = oneshot::channel();
        let thread = self.thread()?;
        match weight {
            Weight::Decision => thread.send((row, done)).await.map_err(|_| JournalError::Unreachable)?,
            Weight::Noise => thread.try_send((row, done)).map_err(|_| JournalError::Unreachable)?,
        }
        Ok(written.await.map_err(|_| JournalError::Unreachable)??)
    }

    fn thread(&self) -> Result<mpsc::Sender<Entry>, JournalError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = &*entries {
            return Ok(entries.clone());
        }
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let files = self.files.clone();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || write_all(&files, receiver))
            .map_err(JournalError::Thread)?;
        *entries = Some(sender.clone());
        Ok(sender)
    }
}

fn write_all(files: &Files, mut entries: mpsc::Receiver<Entry>) {
    let mut store = None;
    while let Some((row, done)) = entries.blocking_recv() {
        let written = match &mut store {
            Some(store) => Store::append(store, &row),
            none => Store::open(files).and_then(|opened| none.insert(opened).append(&row)),
        };
        // After an error the next row starts from what is really on the disk.
        if written.is_err() {
            store = None;
        }
        // Whoever asked may have gone; the row stands.
        let _ = done.send(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_recorded_decision_is_on_the_disk_when_the_call_returns() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(Files::under(folder.path()));
        assert!(!folder.path().join("journal.db").exists());
        journal.record(row::tests::row(1), Weight::Decision).await.unwrap();
        journal.record(row::tests::row(2), Weight::Noise).await.unwrap();
        assert_eq!(Store::open(&Files::under(folder.path())).unwrap().rows().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_decision_is_written_however_much_noise_waits_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = std::sync::Arc::new(Journal::new(Files::under(folder.path())));
        let mut noise = tokio::task::JoinSet::new();
        for _ in 0..4 * MOST_WAITING {
            let journal = std::sync::Arc::clone(&journal);
            noise.spawn(async move { journal.record(row::tests::row(1), Weight::Noise).await });
        }
        tokio::task::yield_now().await;
        journal.record(row::tests::row(2), Weight::Decision).await.unwrap();
        assert!(noise.join_all().await.iter().any(Result::is_err), "nothing was left out");
        let rows = Store::open(&Files::under(folder.path())).unwrap().rows().unwrap();
        assert_eq!(rows.iter().filter(|stored| stored.row == row::tests::row(2)).count(), 1);
    }

    #[tokio::test]
    async fn a_journal_that_cannot_be_opened_says_so_every_time() {
        let journal = Journal::new(Files::under("/nowhere/at/all".as_ref()));
        for _ in 0..2 {
            assert!(matches!(journal.record(row::tests::row(1), Weight::Decision).await, Err(JournalError::Store(_))));
        }
    }
}
