//! Whether the journal is whole.
//!
//! Each row's hash is computed anew from the row and the one before; the last is held against the head, which stands in a
//! file of its own. That shows what was edited, removed or put elsewhere, and a tail that was cut. Whoever may write to
//! both files can write a whole new journal, and no check can tell.

use super::purge::Purge;
use super::read::Reader;
use super::row::{BEGINNING, Hash};
use super::store::StoreError;

/// Faults beyond this are only counted: a file full of them says no more than a few.
const MOST_TOLD: usize = 100;

/// What is wrong with a journal, or was found besides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Rows are not there.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// A row does not fit the one before it: it was edited, or put here from elsewhere, or the one before was.
    Edited {
        /// Which.
        number: u64,
    },
    /// The head names a row that is not there: the end was cut off.
    TailCut {
        /// The last row that is there; 0 when none is.
        last: u64,
        /// The row that the head names.
        head: u64,
    },
    /// The head names another hash for its row.
    HeadDiffers {
        /// Which row.
        number: u64,
    },
    /// The file with the head is not there, or cannot be read.
    HeadMissing,
    /// The head names a row before the last: rows were added by somebody else than Tanba.
    HeadBehind {
        /// The row that the head names.
        head: u64,
        /// The last row.
        last: u64,
    },
    /// The head names the row before the last: Tanba was stopped while it wrote. No fault.
    Interrupted {
        /// The last row.
        last: u64,
    },
    /// The owner had the rows up to this one removed. No fault.
    Purged {
        /// The last removed row.
        through: u64,
    },
}

impl Finding {
    /// Whether the journal is not as Tanba wrote it.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        !matches!(self, Self::Interrupted { .. } | Self::Purged { .. })
    }
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that are there.
    pub rows: u64,
    /// What was found, in the order of the rows.
    pub findings: Vec<Finding>,
    /// Faults that are not among the findings, because there are too many.
    pub untold: u64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.untold == 0 && !self.findings.iter().any(Finding::is_fault)
    }

    fn add(&mut self, finding: Finding) {
        if self.findings.len() < MOST_TOLD {
            self.findings.push(finding);
        } else if finding.is_fault() {
            self.untold += 1;
        }
    }
}

/// The head as its file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u64,
    pub(super) hash: Hash,
}

impl Head {
    /// Reads `NUMBER HASH`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (number, hash) = text.trim_end().split_once(' ')?;
        let mut octets = Hash::default();
        hex::decode_to_slice(hash, &mut octets).ok()?;
        Some(Self { number: number.parse().ok()?, hash: octets })
    }
}

/// Checks every row and the head.
pub(super) fn check(reader: &mut Reader, head: impl FnOnce() -> Option<Head>) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let purge = reader.last_purge()?;
    let (mut last, mut before) = match purge {
        Some(purge) => {
            report.add(Finding::Purged { through: purge.through });
            (purge.through, purge.hash)
        }
        None => (0, BEGINNING),
    };
    let mut at_head = None;
    let mut before_last = 0;
    let head = reader.in_one_view(|rows| {
        // Read when the view stands: rows that come later are in neither.
        let head = head();
        rows.each(&mut |number, row, hash| {
            report.rows += 1;
            let is_next = last.checked_add(1) == Some(number);
            if !is_next {
                // Whatever stands before the next number cannot be in order: numbers only grow.
                if number > last {
                    report.add(Finding::Missing { from: last + 1, to: number - 1 });
                } else {
                    report.add(Finding::Edited { number });
                }
            }
            // Behind a gap nothing is known that the row could be bound to.
            if is_next && row.hash(number, &before) != *hash {
                report.add(Finding::Edited { number });
            }
            before_last = last;
            (last, before) = (number, *hash);
            if head.is_some_and(|head| head.number == number) {
                at_head = Some(*hash);
            }
        })?;
        Ok(head)
    })?;
    match head {
        None if last == 0 => {}
        None => report.add(Finding::HeadMissing),
        Some(head) if head.number > last => report.add(Finding::TailCut { last, head: head.number }),
        Some(head) if at_head.is_some_and(|hash| hash != head.hash) => {
            report.add(Finding::HeadDiffers { number: head.number });
        }
        Some(head) if head.number == last => {}
        Some(head) if head.number == before_last => report.add(Finding::Interrupted { last }),
        Some(head) => report.add(Finding::HeadBehind { head: head.number, last }),
    }
    Ok(report)
}

impl From<Purge> for Finding {
    fn from(purge: Purge) -> Self {
        Self::Purged { through: purge.through }
    }
}
