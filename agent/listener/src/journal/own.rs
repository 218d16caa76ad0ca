//! The rows that Tanba writes about the journal itself.

use super::head::Head;
use super::row::Row;

/// The module that they are written down under: no page can call one of this name.
pub(super) const MODULE: &str = "tanba";

/// The owner had rows removed.
pub(super) const PURGED: &str = "purged";

/// Head and database did not fit when Tanba came to write the next row.
pub(super) const HEAD_LOST: &str = "head-lost";

/// What a row of Tanba's own says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// Rows were removed from the beginning up to this one; the first that is left is bound to it.
    Purged(Head),
    /// The head was not there, or named a row that was long past.
    HeadLost,
}

impl Own {
    /// The row that records it. What was removed last stands in the place of documents.
    pub(super) fn row(&self, at: &str) -> Row {
        let (method, documents, result) = match self {
            Self::Purged(removed) => ("journal purge", removed.write(), PURGED),
            Self::HeadLost => ("journal", String::new(), HEAD_LOST),
        };
        Row {
            at: at.to_owned(),
            origin: String::new(),
            program: String::new(),
            module: MODULE.to_owned(),
            method: method.to_owned(),
            documents,
            certificate: String::new(),
            signer: String::new(),
            result: result.to_owned(),
        }
    }

    /// What a row says, if it is one of Tanba's own.
    pub(super) fn of(row: &Row) -> Option<Self> {
        match (row.module.as_str(), row.result.as_str()) {
            (MODULE, PURGED) => Head::read(&row.documents).map(Self::Purged),
            (MODULE, HEAD_LOST) => Some(Self::HeadLost),
            _ => None,
        }
    }
}
