//! The record of a purge: which rows its owner had removed.

use super::row::{Hash, Row};

/// The module that a purge is written down under: no page can call one of this name.
const MODULE: &str = "tanba";
const METHOD: &str = "journal purge";
/// How a purge ended.
pub(super) const RESULT: &str = "purged";

/// Rows that were removed from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Purge {
    /// The last of them.
    pub(super) through: u64,
    /// Its hash: what the first row that is left is bound to.
    pub(super) hash: Hash,
}

impl Purge {
    /// The row that records it: `THROUGH HASH` stands in the place of documents.
    pub(super) fn row(&self, at: &str) -> Row {
        Row {
            at: at.to_owned(),
            origin: String::new(),
            program: String::new(),
            module: MODULE.to_owned(),
            method: METHOD.to_owned(),
            documents: format!("{} {}", self.through, hex::encode(self.hash)),
            certificate: String::new(),
            signer: String::new(),
            result: RESULT.to_owned(),
        }
    }

    /// The purge that a row records.
    pub(super) fn of(row: &Row) -> Option<Self> {
        if [row.module.as_str(), row.method.as_str(), row.result.as_str()] != [MODULE, METHOD, RESULT] {
            return None;
        }
        let (through, hash) = row.documents.split_once(' ')?;
        let mut octets = Hash::default();
        hex::decode_to_slice(hash, &mut octets).ok()?;
        Some(Self { through: through.parse().ok()?, hash: octets })
    }
}
