//! The window in which a person chooses the place of a key, types its secret and decides: for a key that is made, and for
//! one whose certificate has come.

use super::Room;
use super::errand::{End, Errand, ended, meaning, no_window};
use super::key_window::Interruption;
use super::keys::KeyFault;
use super::{Input, Talk};
use crate::window::{Busy, Event, KeyRow, Looking, Problem, Question, RowId, SecretText, Warning};
use keystore::pkcs11::Snapshot;
use order::SiteChoice;
use std::path::Path;

/// The places that a key can be in.
pub(super) trait Places {
    /// As the window shows them.
    fn rows(&self) -> Vec<KeyRow>;
    /// Whether tokens are still being looked for.
    fn looking(&self) -> Looking;
    /// Takes over what is plugged in now.
    fn refresh(&mut self, snapshot: Snapshot);
    /// The person names a file.
    ///
    /// # Errors
    /// Why it cannot be that one.
    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault>;
    /// What the window says while it is done in that place.
    fn busy(&self, row: RowId) -> Busy;
}

/// What is done in the place that was chosen; asked for a no, last before anything is changed.
pub(super) type Act<'a, P, T> =
    dyn FnMut(&mut Room<'_>, &mut P, RowId, &SecretText, &mut dyn FnMut() -> bool) -> Result<T, KeyFault> + 'a;

/// Asks for a place and has something done there, as often as it takes. What is done is told, whatever came meanwhile.
pub(super) fn with_place<P: Places, T>(
    errand: &mut Errand<'_, '_>,
    question: Question,
    warnings: Vec<Warning>,
    places: &mut P,
    act: &mut Act<'_, P, T>,
) -> Result<T, End> {
    errand.page_is_there()?;
    // As long as this window is open. Before what is there is looked at, so that nothing falls in between.
    let tokens = errand.room.tokens;
    let _watching = tokens.watch(errand.person.waker());
    places.refresh(tokens.snapshot());
    let mut view = errand.view(question, places.rows(), warnings);
    view.looking = places.looking();
    let mut shown = Shown { rows: view.keys.clone(), looking: view.looking };
    let mut talk = errand.person.ask(view).map_err(no_window)?;
    let (room, site) = (&mut *errand.room, &mut errand.site);
    loop {
        match talk.next() {
            Input::Window(Event::Decide { row, password }) => {
                talk.screen().show_busy(places.busy(row));
                let mut interruption = Interruption::default();
                let result = {
                    let mut is_stopped = || interruption.came(&mut *talk, site);
                    act(room, places, row, &password, &mut is_stopped)
                };
                drop(password);
                let came = interruption.came(&mut *talk, site);
                if interruption.tokens_changed {
                    places.refresh(tokens.snapshot());
                }
                match result {
                    Ok(done) => {
                        if matches!(interruption.by, Some(Input::Window(Event::BlockSite))) {
                            *site = Some(SiteChoice::Block);
                        }
                        talk.close();
                        return Ok(done);
                    }
                    Err(_) if came => return Err(ended(interruption.by.unwrap_or(Input::Gone), site, talk)),
                    Err(fault) => {
                        // What is left of the PIN's tries is news too.
                        shown.update(places, &mut *talk);
                        talk.screen().show_problem(fault.problem());
                    }
                }
            }
            Input::Window(Event::AddFile(path)) => match places.take_file(&path) {
                Ok(row) => {
                    shown.rows = places.rows();
                    talk.screen().show_keys(shown.rows.clone(), Some(row));
                }
                Err(fault) => talk.screen().show_problem(Problem::CannotOpen(fault.sentence())),
            },
            Input::TokensChanged => {
                places.refresh(tokens.snapshot());
                shown.update(places, &mut *talk);
            }
            Input::Waiting(count) => talk.screen().show_waiting(count),
            input => {
                if let Some(end) = meaning(input, site) {
                    return Err(ended(end, site, talk));
                }
            }
        }
    }
}

/// What the window shows of the places.
struct Shown {
    rows: Vec<KeyRow>,
    looking: Looking,
}

impl Shown {
    /// What changed by itself; nothing where nothing did.
    fn update(&mut self, places: &impl Places, talk: &mut dyn Talk) {
        let now = Self { rows: places.rows(), looking: places.looking() };
        if now.rows != self.rows || now.looking != self.looking {
            talk.screen().update_keys(now.rows.clone(), now.looking);
            *self = now;
        }
    }
}
