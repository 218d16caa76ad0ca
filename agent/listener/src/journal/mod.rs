//! The journal: one row for each decision, each bound to the one before it.
//!
//! It holds who asked for what, which documents by their digests, which certificate, and how it ended; never a document.
//! It shows its owner edits, gaps and reordering; against a program that runs as the owner it proves nothing.
//!
//! - [`row`]: what stands in a row and how rows are bound.
//! - [`store`]: the database, and the head of the chain in a file of its own.
//!
//! The database is opened by the first decision, in a thread of its own: starting does not wait for it.

pub(crate) mod row;
mod store;

use row::Row;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use store::{Store, StoreError};
use tokio::sync::oneshot;

/// Decisions that may wait for the disk. People are slower.
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

/// The way to the journal's thread.
pub(crate) struct Journal {
    folder: PathBuf,
    entries: Mutex<Option<mpsc::SyncSender<Entry>>>,
}

impl Journal {
    /// A journal in this folder; nothing is opened yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, entries: Mutex::new(None) }
    }

    /// Writes one decision, and returns when it is on the disk.
    pub(crate) async fn record(&self, row: Row) -> Result<(), JournalError> {
        let (done, written) = oneshot::channel();
        self.thread()?.try_send((row, done)).map_err(|_| JournalError::Unreachable)?;
        Ok(written.await.map_err(|_| JournalError::Unreachable)??)
    }

    fn thread(&self) -> Result<mpsc::SyncSender<Entry>, JournalError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = &*entries {
            return Ok(entries.clone());
        }
        let (sender, receiver) = mpsc::sync_channel(MOST_WAITING);
        let folder = self.folder.clone();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || write_all(&folder, &receiver))
            .map_err(JournalError::Thread)?;
        *entries = Some(sender.clone());
        Ok(sender)
    }
}

fn write_all(folder: &std::path::Path, entries: &mpsc::Receiver<Entry>) {
    let mut store = None;
    while let Ok((row, done)) = entries.recv() {
        let written = match &mut store {
            Some(store) => Store::append(store, &row),
            none => Store::open(folder).and_then(|opened| none.insert(opened).append(&row)),
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
        let journal = Journal::new(folder.path().to_owned());
        assert!(!folder.path().join("journal.db").exists());
        journal.record(row::tests::row(1)).await.unwrap();
        journal.record(row::tests::row(2)).await.unwrap();
        assert_eq!(Store::open(folder.path()).unwrap().rows().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_journal_that_cannot_be_opened_says_so_every_time() {
        let journal = Journal::new("/nowhere/at/all".into());
        for _ in 0..2 {
            assert!(matches!(journal.record(row::tests::row(1)).await, Err(JournalError::Store(_))));
        }
    }
}
