//! Whether the journal is whole.
//!
//! Each row's hash is computed anew from the row and the one before; the last is held against the head, which stands in a
//! file of its own. That shows what was edited, removed or put elsewhere, and a tail that was cut. Whoever may write to
//! both files can write a whole new journal, and no check can tell.

use super::head::{Files, Head, Turn};
use super::own::Own;
use super::read::{From, Reader};
use super::row::Hash;
use super::store::StoreError;
use std::ops::ControlFlow;

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
    /// When Tanba came to write this row, the head was not there or was long past: what came before may have been cut.
    HeadWasLost {
        /// Tanba's own row that says so.
        number: u64,
    },
    /// The head names a row before the last: rows were added by somebody else than Tanba, or an old head was put back.
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

/// Checks every row and the head; `None` where there is neither.
pub(super) fn check(files: &Files) -> Result<Option<Report>, StoreError> {
    // Head and rows are looked at in one turn, so that one does not move between them; what is written from then on is in
    // neither.
    let turn = Turn::to_look(&files.lock)?;
    let head = files.load_head();
    let Some(mut reader) = Reader::open(&files.database)? else {
        return Ok(head.map(|head| {
            let mut report = Report::default();
            report.judge_head(Some(head), Walked::from(Head::BEGINNING, Some(head)));
            report
        }));
    };
    reader.in_one_view(|rows| {
        drop(turn);
        let mut report = Report::default();
        let purged = rows.purged()?;
        if let Some(purged) = purged {
            report.add(Finding::Purged { through: purged.number });
        }
        let mut walked = Walked::from(purged.unwrap_or(Head::BEGINNING), head);
        rows.each(From::First, &mut |row| {
            report.rows += 1;
            let before = walked.last;
            let fits = if before.number.checked_add(1) == Some(row.number) {
                row.fits(&before.hash)
            } else if row.number > before.number {
                report.add(Finding::Missing { from: before.number + 1, to: row.number - 1 });
                // Behind a gap nothing is known that the row could be bound to.
                true
            } else {
                // Numbers only grow: it stands where rows were purged, or before all of ours.
                false
            };
            if !fits {
                report.add(Finding::Edited { number: row.number });
            }
            if Own::of(&row.row) == Some(Own::HeadLost) {
                report.add(Finding::HeadWasLost { number: row.number });
            }
            walked.step(row.place(), head);
            ControlFlow::Continue(())
        })?;
        report.judge_head(head, walked);
        Ok(Some(report))
    })
}

/// How far the chain was walked.
struct Walked {
    last: Head,
    /// The hash of the row that the head names, once it was passed.
    at_head: Option<Hash>,
}

impl Walked {
    fn from(start: Head, head: Option<Head>) -> Self {
        let mut walked = Self { last: start, at_head: None };
        walked.step(start, head);
        walked
    }

    fn step(&mut self, to: Head, head: Option<Head>) {
        if head.is_some_and(|head| head.number == to.number) {
            self.at_head = Some(to.hash);
        }
        self.last = to;
    }
}

impl Report {
    fn judge_head(&mut self, head: Option<Head>, walked: Walked) {
        let last = walked.last.number;
        let Some(head) = head else {
            if last > 0 {
                self.add(Finding::HeadMissing);
            }
            return;
        };
        if head.number > last {
            self.add(Finding::TailCut { last, head: head.number });
        } else if walked.at_head.is_some_and(|hash| hash != head.hash) {
            self.add(Finding::HeadDiffers { number: head.number });
        } else if head.number == last {
            // As it should be.
        } else if walked.at_head.is_some() && head.number.checked_add(1) == Some(last) {
            self.add(Finding::Interrupted { last });
        } else {
            self.add(Finding::HeadBehind { head: head.number, last });
        }
    }
}
