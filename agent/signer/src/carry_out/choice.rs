//! The window in which a person chooses a row of a list, types its secret and decides, as often as it takes: a key to sign
//! with, the place of a key that is made, the key that a certificate has come for.

use super::errand::{End, Errand, ended, meaning, no_window};
use super::keys::KeyFault;
use super::{Input, Room, Talk};
use crate::known_keys::{KnownKeys, KnownKeysError};
use crate::window::{Busy, Event, Filled, KeyRow, Looking, Problem, Question, RowId, SecretText, Warning};
use keystore::pkcs11::Snapshot;
use order::{FailureCode, SiteChoice};
use pki::Timestamp;
use std::path::Path;
use std::time::Instant;

/// What there is to choose from.
pub(super) trait List {
    /// As the window shows it.
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
    /// Takes a row off, where that can be done.
    ///
    /// # Errors
    /// [`KnownKeysError`].
    fn forget(&mut self, _row: RowId, _known: &mut KnownKeys) -> Result<(), KnownKeysError> {
        Ok(())
    }
    /// It is that late now: what has a time is judged as of then.
    fn be_as_of(&mut self, _now: Timestamp) {}
    /// What the window says while something is done with that row.
    fn busy(&self, row: RowId) -> Busy;
}

/// What the window shows beside the list.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) warnings: Vec<Warning>,
    pub(super) logo: Option<Vec<u8>>,
}

/// What a decision came to.
pub(super) enum Decision<T> {
    /// It is done, and may have left already.
    Done(T),
    /// The row's place is open, and there is another list now, with this row chosen.
    Opened(Option<RowId>),
    /// It was not done.
    Failed(KeyFault),
    /// Nor that, and there is another list now.
    Changed(KeyFault),
    /// It was sent, and no answer says that it was taken.
    Unsure(KeyFault),
}

impl<T> From<Result<T, KeyFault>> for Decision<T> {
    fn from(result: Result<T, KeyFault>) -> Self {
        result.map_or_else(Self::Failed, Self::Done)
    }
}

/// What is done with the row that was chosen.
pub(super) struct Decided<'d, L> {
    pub(super) list: &'d mut L,
    pub(super) row: RowId,
    pub(super) secret: &'d SecretText,
    /// What was filled in beside the list.
    pub(super) filled: &'d Filled,
    /// Whether a no came meanwhile: asked last before anything is changed or leaves.
    pub(super) is_stopped: &'d mut dyn FnMut() -> bool,
}

/// Asks, and has `act` done with what was decided. What it did is told, whatever came meanwhile: it looks for a no itself.
/// `asked` gets the list as the window will show it first.
pub(super) fn choose<'r, L: List, T>(
    errand: &mut Errand<'_, 'r>,
    list: impl FnOnce(&Room<'r>) -> L,
    asked: impl FnOnce(&L) -> Asked,
    act: &mut dyn FnMut(&mut Room<'r>, Decided<'_, L>) -> Decision<T>,
) -> Result<T, End> {
    errand.may_open()?;
    // As long as this window is open. Before what is there is looked at, so that nothing falls in between.
    let tokens = errand.room.tokens;
    let mut complete = Complete(Some(Instant::now()));
    let _watching = tokens.watch(errand.person.waker());
    let mut list = list(errand.room);
    list.refresh(tokens.snapshot());
    let Asked { question, warnings, logo } = asked(&list);
    let mut view = errand.view(question, list.rows(), warnings);
    (view.logo, view.looking) = (logo, list.looking());
    let mut shown = Shown { rows: view.keys.clone(), looking: view.looking };
    let mut talk = errand.person.ask(view).map_err(no_window)?;
    complete.note(&list);
    let (room, site) = (&mut *errand.room, &mut errand.site);
    let mut filled = Filled::default();
    loop {
        match talk.next() {
            Input::Window(Event::Filled(now)) => filled = now,
            Input::Window(Event::Decide { row, password }) => {
                talk.screen().show_busy(list.busy(row));
                talk.on_no(Some(tokens.give_up()));
                let mut interruption = Interruption::default();
                list.be_as_of(room.now());
                let decision = {
                    let mut is_stopped = || interruption.came(&mut *talk, site);
                    let (secret, filled) = (&password, &filled);
                    act(room, Decided { list: &mut list, row, secret, filled, is_stopped: &mut is_stopped })
                };
                drop(password);
                talk.on_no(None);
                let came = interruption.came(&mut *talk, site);
                if interruption.tokens_changed {
                    list.refresh(tokens.snapshot());
                }
                if !came && !matches!(decision, Decision::Done(_) | Decision::Opened(_)) {
                    // What is left of the PIN's tries is news too.
                    shown.update(&list, &mut *talk);
                }
                match decision {
                    // It may have left already: it is told, whatever came meanwhile.
                    Decision::Done(result) => {
                        if matches!(interruption.by, Some(Input::Window(Event::BlockSite))) {
                            *site = Some(SiteChoice::Block);
                        }
                        talk.close();
                        return Ok(result);
                    }
                    // Nobody knows whether it was taken: that is no cancelled order.
                    Decision::Unsure(fault) if came => {
                        drop(ended(interruption.by.unwrap_or(Input::Gone), site, talk));
                        return Err(End::failed(FailureCode::Service, fault.to_string()));
                    }
                    _ if came => return Err(ended(interruption.by.unwrap_or(Input::Gone), site, talk)),
                    Decision::Opened(focus) => shown.anew(&list, focus, &mut *talk),
                    Decision::Failed(fault) | Decision::Unsure(fault) => talk.screen().show_problem(fault.problem()),
                    Decision::Changed(fault) => {
                        shown.anew(&list, None, &mut *talk);
                        talk.screen().show_problem(fault.problem());
                    }
                }
            }
            Input::Window(Event::AddFile(path)) => match list.take_file(&path) {
                Ok(row) => shown.anew(&list, Some(row), &mut *talk),
                Err(fault) => talk.screen().show_problem(Problem::CannotOpen(fault.sentence())),
            },
            Input::Window(Event::Forget(row)) => {
                if let Err(error) = list.forget(row, room.known) {
                    tracing::warn!(%error, "a key file could not be forgotten");
                }
                shown.anew(&list, None, &mut *talk);
            }
            Input::TokensChanged => {
                list.refresh(tokens.snapshot());
                shown.update(&list, &mut *talk);
                complete.note(&list);
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

/// What the window shows of the list.
struct Shown {
    rows: Vec<KeyRow>,
    looking: Looking,
}

impl Shown {
    /// What changed by itself; nothing where nothing did.
    fn update(&mut self, list: &impl List, talk: &mut dyn Talk) {
        let now = Self { rows: list.rows(), looking: list.looking() };
        if now.rows != self.rows || now.looking != self.looking {
            talk.screen().update_keys(now.rows.clone(), now.looking);
            *self = now;
        }
    }

    /// What the person did changed the list.
    fn anew(&mut self, list: &impl List, focus: Option<RowId>, talk: &mut dyn Talk) {
        self.rows = list.rows();
        talk.screen().show_keys(self.rows.clone(), focus);
    }
}

/// How long a person waits for the whole list, in the log: slow drivers are told apart by that.
struct Complete(Option<Instant>);

impl Complete {
    fn note(&mut self, list: &impl List) {
        if list.looking() == Looking::Done
            && let Some(opened) = self.0.take()
        {
            let milliseconds = opened.elapsed().as_millis();
            tracing::info!(milliseconds, rows = list.rows().len(), "the list of keys is complete");
        }
    }
}

/// A no, or a page that goes away, while something is being done.
#[derive(Default)]
struct Interruption {
    by: Option<Input>,
    /// What is plugged in is not what it was.
    tokens_changed: bool,
}

impl Interruption {
    /// Whether it has come by now.
    fn came(&mut self, talk: &mut dyn Talk, site: &mut Option<SiteChoice>) -> bool {
        while self.by.is_none()
            && let Some(input) = talk.pending()
        {
            match input {
                Input::Waiting(count) => talk.screen().show_waiting(count),
                Input::TokensChanged => self.tokens_changed = true,
                // What is pressed in a window that is busy has no meaning, but for the way out.
                input => self.by = meaning(input, site),
            }
        }
        self.by.is_some()
    }
}
