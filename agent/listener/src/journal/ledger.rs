//! The journal as its owner has it: read, searched, checked, purged.

use super::check::{self, Head, Report};
use super::read::Reader;
use super::row::Row;
use super::store::{HEAD, Store, StoreError};
use platform::files;
use settings::Places;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The longest file with a head that is read: a number and a hash in hexadecimal.
const LONGEST_HEAD: u64 = 256;

/// Why the journal could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct LedgerError(#[from] StoreError);

/// One decision, as the journal has it. Every text may come from a page or a program: it is shown with care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its place in the journal, from 1 on.
    pub number: u64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The site: `https://egov.kz`, `null`, or `-` for a program that is no browser.
    pub origin: String,
    /// The calling program's path; empty where it was not known.
    pub program: String,
    /// The module that was called.
    pub module: String,
    /// Its method.
    pub method: String,
    /// SHA-256 of each document, hexadecimal, one to a line; `digest:` before one of which the page gave only a digest.
    pub documents: String,
    /// SHA-256 of the certificate, hexadecimal; empty where none was used.
    pub certificate: String,
    /// Whose certificate it is.
    pub signer: String,
    /// How it ended: `signed`, `key-shown`, `cancelled`, `withdrawn`, `blocked`, `failed:CODE`, `purged`, ….
    pub result: String,
}

impl Decision {
    fn new(number: u64, row: &Row) -> Self {
        let Row { at, origin, program, module, method, documents, certificate, signer, result } = row.clone();
        Self { number, at, origin, program, module, method, documents, certificate, signer, result }
    }
}

/// Which decisions are wanted. Everything that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A part of the site's name.
    pub site: Option<String>,
    /// A part of the result.
    pub result: Option<String>,
    /// A part of any text of the row, whatever its case.
    pub text: Option<String>,
    /// Not before this moment.
    pub since: Option<OffsetDateTime>,
    /// Before this moment.
    pub until: Option<OffsetDateTime>,
}

impl Wanted {
    fn is_fit(&self, decision: &Decision) -> bool {
        let has = |text: &str, part: &Option<String>| part.as_ref().is_none_or(|part| text.contains(part.as_str()));
        let in_any = |part: &String| {
            let part = part.to_lowercase();
            let Decision { origin, program, module, method, documents, certificate, signer, result, .. } = decision;
            [origin, program, module, method, documents, certificate, signer, result]
                .into_iter()
                .any(|text| text.to_lowercase().contains(&part))
        };
        has(&decision.origin, &self.site)
            && has(&decision.result, &self.result)
            && self.text.as_ref().is_none_or(in_any)
            && self.is_in_time(&decision.at)
    }

    fn is_in_time(&self, at: &str) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        // A moment that cannot be read is in no span of time.
        let Ok(at) = OffsetDateTime::parse(at, &Rfc3339) else { return false };
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

/// The journal of a data folder.
#[derive(Clone, Debug)]
pub struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    /// The journal of these places. Nothing is opened, and nothing is made where there is none.
    #[must_use]
    pub fn of(places: &Places) -> Self {
        Self::at(places.data())
    }

    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Gives every decision that is wanted, the first first; how many the journal holds in all.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read.
    pub fn each(&self, wanted: &Wanted, take: &mut dyn FnMut(Decision)) -> Result<u64, LedgerError> {
        let Some(mut reader) = Reader::open(&self.folder)? else { return Ok(0) };
        let mut all = 0;
        reader.in_one_view(|rows| {
            rows.each(&mut |number, row, _| {
                all += 1;
                let decision = Decision::new(number, row);
                if wanted.is_fit(&decision) {
                    take(decision);
                }
            })
        })?;
        Ok(all)
    }

    /// The last `most` decisions that are wanted, the first first.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn last(&self, wanted: &Wanted, most: usize) -> Result<Vec<Decision>, LedgerError> {
        let mut last = VecDeque::new();
        self.each(wanted, &mut |decision| {
            if last.len() == most {
                last.pop_front();
            }
            if most > 0 {
                last.push_back(decision);
            }
        })?;
        Ok(last.into())
    }

    /// The decision of this number.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn find(&self, number: u64) -> Result<Option<Decision>, LedgerError> {
        let mut found = None;
        self.each(&Wanted::default(), &mut |decision| {
            if decision.number == number {
                found = Some(decision);
            }
        })?;
        Ok(found)
    }

    /// Whether every row is as it was written; `None` where there is no journal and no head of one.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn check(&self) -> Result<Option<Report>, LedgerError> {
        let Some(mut reader) = Reader::open(&self.folder)? else {
            // A head without a journal: all of it was taken away.
            let lost = self.head().map(|head| Report {
                rows: 0,
                findings: vec![check::Finding::TailCut { last: 0, head: head.number }],
                untold: 0,
            });
            return Ok(lost);
        };
        // The head may move between its file's reading and the view: then both are looked at again.
        const TURNS: usize = 3;
        let mut report = check::check(&mut reader, || self.head())?;
        for _ in 1..TURNS {
            if report.is_whole() {
                break;
            }
            report = check::check(&mut reader, || self.head())?;
        }
        Ok(Some(report))
    }

    fn head(&self) -> Option<Head> {
        let content = files::read_bounded(&self.folder.join(HEAD), LONGEST_HEAD).ok()?;
        Head::read(std::str::from_utf8(&content).ok()?)
    }

    /// Removes the decisions before a moment, or all of them, from the beginning up to the first that is younger; how
    /// many those were. That they were removed is written down in their place.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read or written.
    pub fn purge(&self, before: Option<OffsetDateTime>, now: OffsetDateTime) -> Result<u64, LedgerError> {
        let old = Wanted { until: before, ..Wanted::default() };
        let mut through = None;
        let mut count = 0;
        let mut is_young = false;
        self.each(&Wanted::default(), &mut |decision| {
            is_young |= !old.is_in_time(&decision.at);
            if !is_young {
                through = Some(decision.number);
                count += 1;
            }
        })?;
        if let Some(through) = through {
            let at = now.format(&Rfc3339).unwrap_or_default();
            Store::open(&self.folder)?.purge(through, &at)?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
