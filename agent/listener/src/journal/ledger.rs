//! The journal as its owner has it: read, searched, checked, purged.

use super::check::{self, Report};
use super::head::Files;
use super::own::{self, Own};
use super::read::{From, Reader};
use super::row::Row;
use super::store::{Erased, Store, StoreError, Stored};
use settings::Places;
use std::ops::ControlFlow;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
    /// The row's hash, which the next one is bound to.
    pub hash: [u8; 32],
    /// Who wrote it.
    pub about: About,
}

/// What a row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A request, and how it was decided.
    Request,
    /// The journal itself: what Tanba wrote down about it.
    Journal,
}

impl Decision {
    fn new(stored: &Stored) -> Self {
        let about = if Own::of(&stored.row).is_some() { About::Journal } else { About::Request };
        let Row { at, origin, program, module, method, documents, certificate, signer, result } = stored.row.clone();
        let (number, hash) = (stored.number, stored.hash);
        Self { number, at, origin, program, module, method, documents, certificate, signer, result, hash, about }
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

/// Decisions that can be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// How many.
    pub count: u64,
    through: Option<u64>,
}

impl Removal {
    /// Whether there is nothing to remove.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.through.is_none()
    }
}

/// The journal of a data folder.
#[derive(Clone, Debug)]
pub struct Ledger {
    files: Files,
}

impl Ledger {
    /// The journal of these places. Nothing is opened, and nothing is made where there is none.
    #[must_use]
    pub fn of(places: &Places) -> Self {
        Self { files: Files::of(places) }
    }

    fn view<T>(
        &self,
        act: impl FnOnce(&super::read::View<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Reader::open(&self.files.database)?.map(|mut reader| reader.in_one_view(act)).transpose()
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read.
    pub fn count(&self) -> Result<u64, LedgerError> {
        Ok(self.view(|rows| rows.count())?.unwrap_or_default())
    }

    /// Gives every decision that is wanted, the first first, until told to stop.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn each(&self, wanted: &Wanted, take: &mut dyn FnMut(Decision) -> ControlFlow<()>) -> Result<(), LedgerError> {
        self.view(|rows| rows.each(From::First, &mut |row| take_wanted(wanted, row, take)))?;
        Ok(())
    }

    /// The last `most` decisions that are wanted, the first first.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn last(&self, wanted: &Wanted, most: usize) -> Result<Vec<Decision>, LedgerError> {
        let mut last = Vec::new();
        if most > 0 {
            let mut take = |decision| {
                last.push(decision);
                if last.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            self.view(|rows| rows.each(From::Last, &mut |row| take_wanted(wanted, row, &mut take)))?;
        }
        last.reverse();
        Ok(last)
    }

    /// The decision of this number.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn find(&self, number: u64) -> Result<Option<Decision>, LedgerError> {
        Ok(self.view(|rows| rows.find(number))?.flatten().as_ref().map(Decision::new))
    }

    /// Whether every row is as it was written; `None` where there is no journal and no head of one.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn check(&self) -> Result<Option<Report>, LedgerError> {
        Ok(check::check(&self.files)?)
    }

    /// What there is to remove before a moment, or in all: the decisions from the first up to one that is younger or
    /// whose time cannot be read.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn removal(&self, before: Option<OffsetDateTime>) -> Result<Removal, LedgerError> {
        let old = Wanted { until: before, ..Wanted::default() };
        let mut removal = Removal { count: 0, through: None };
        // That earlier rows were purged is no reason to purge.
        let mut is_worth_it = false;
        self.each(&Wanted::default(), &mut |decision| {
            if !old.is_in_time(&decision.at) {
                return ControlFlow::Break(());
            }
            let is_purge = decision.about == About::Journal && decision.result == own::PURGED;
            is_worth_it |= !is_purge;
            removal.count += u64::from(decision.about == About::Request);
            removal.through = Some(decision.number);
            ControlFlow::Continue(())
        })?;
        Ok(if is_worth_it { removal } else { Removal { count: 0, through: None } })
    }

    /// Removes what was found to remove, and takes it out of the file. That it was removed is written down in its place.
    /// Where there is nothing to remove, what an earlier purge left in the file still goes.
    ///
    /// # Errors
    /// [`LedgerError`] when the database cannot be read or written: nothing was removed then.
    pub fn purge(&self, removal: Removal, now: OffsetDateTime) -> Result<Erased, LedgerError> {
        // No journal is made only to say that nothing was in it.
        if Reader::open(&self.files.database)?.is_none() {
            return Ok(Erased::Gone);
        }
        let mut store = Store::open(&self.files)?;
        if let Some(through) = removal.through {
            let whole = now.replace_nanosecond(0).unwrap_or(now);
            store.purge(through, &whole.format(&Rfc3339).unwrap_or_default())?;
        }
        Ok(store.erase())
    }
}

fn take_wanted(wanted: &Wanted, row: &Stored, take: &mut dyn FnMut(Decision) -> ControlFlow<()>) -> ControlFlow<()> {
    let decision = Decision::new(row);
    if wanted.is_fit(&decision) { take(decision) } else { ControlFlow::Continue(()) }
}

#[cfg(test)]
mod tests;
