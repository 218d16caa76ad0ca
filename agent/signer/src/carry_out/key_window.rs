//! The window in which a person chooses a key, types its password and decides.

use super::errand::{End, Errand, ended, meaning, no_window};
use super::keys::{KeyFault, Keys, Place, Purpose};
use super::{Input, Room, Talk};
use crate::fitness::named_authority;
use crate::window::{Event, Filled, KeyRow, Looking, Problem, Question, RowId, SecretText, Sentence, Warning};
use order::{Chain, FailureCode, KeyFilter, SiteChoice};
use std::time::Instant;

/// What the window shows beside the keys.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) warnings: Vec<Warning>,
    pub(super) logo: Option<Vec<u8>>,
}

/// What is done with the key that was chosen.
pub(super) struct Chosen<'c, 'k> {
    pub(super) keys: &'c mut Keys<'k>,
    pub(super) row: RowId,
    pub(super) password: &'c SecretText,
    /// What was filled in beside the keys.
    pub(super) filled: &'c Filled,
    /// Whether a no came meanwhile.
    pub(super) is_stopped: &'c mut dyn FnMut() -> bool,
}

/// Asks for a key and has something done with it, as often as it takes. `asked` gets the digest lengths that the keys
/// sign which may answer. Whatever `act` gives is told: it looks for a no itself, last before anything leaves.
pub(super) fn with_key<T>(
    errand: &mut Errand<'_, '_>,
    purpose: Purpose,
    filter: &KeyFilter,
    asked: impl FnOnce(&[usize]) -> Asked,
    act: &mut dyn FnMut(&Room<'_>, Chosen<'_, '_>) -> Result<T, KeyFault>,
) -> Result<T, End> {
    errand.page_is_there()?;
    // As long as this window is open. Before what is there is looked at, so that nothing falls in between.
    let tokens = errand.room.tokens;
    let mut complete = Complete::since(Instant::now());
    let _watching = tokens.watch(errand.person.waker());
    let mut keys = Keys::of(errand.room, purpose, filter);
    let Asked { question, warnings, logo } = asked(&keys.digest_lengths());
    let mut view = errand.view(question, keys.rows(), warnings);
    view.logo = logo;
    view.looking = keys.looking();
    let mut shown = Shown { rows: view.keys.clone(), looking: view.looking };
    let mut talk = errand.person.ask(view).map_err(no_window)?;
    complete.note(&keys);
    let (room, site) = (&mut *errand.room, &mut errand.site);
    let mut filled = Filled::default();
    loop {
        match talk.next() {
            Input::Window(Event::Filled(now)) => filled = now,
            Input::Window(Event::Decide { row, password }) => {
                talk.screen().show_busy(keys.busy(row));
                talk.on_no(Some(tokens.give_up()));
                let mut interruption = Interruption::default();
                let decision = {
                    let mut is_stopped = || interruption.came(&mut *talk, site);
                    let (keys, is_stopped) = (&mut keys, &mut is_stopped);
                    let chosen = Chosen { keys, row, password: &password, filled: &filled, is_stopped };
                    decide(room, chosen, act)
                };
                talk.on_no(None);
                let came = interruption.came(&mut *talk, site);
                if interruption.tokens_changed {
                    keys.refresh(tokens.snapshot());
                }
                if !came && !matches!(decision, Decision::Done(_) | Decision::Opened(_)) {
                    // What is left of the PIN's tries is news too.
                    shown.update(&keys, &mut *talk);
                }
                match decision {
                    // What is done may have left already: it is told, whatever came meanwhile. `act` looked itself for a no,
                    // last before it gave anything away.
                    Decision::Done(result) => {
                        if matches!(interruption.by, Some(Input::Window(Event::BlockSite))) {
                            *site = Some(SiteChoice::Block);
                        }
                        talk.close();
                        return Ok(result);
                    }
                    // It was sent, and nobody knows whether it was taken: that is no cancelled order.
                    Decision::Unsure(fault) if came => {
                        drop(ended(interruption.by.unwrap_or(Input::Gone), site, talk));
                        return Err(End::failed(FailureCode::Service, fault.to_string()));
                    }
                    _ if came => return Err(ended(interruption.by.unwrap_or(Input::Gone), site, talk)),
                    Decision::Unsure(fault) => talk.screen().show_problem(fault.problem()),
                    Decision::Opened(focus) => shown.anew(&keys, focus, &mut *talk),
                    Decision::Problem(problem) => talk.screen().show_problem(problem),
                    Decision::Changed(problem) => {
                        shown.anew(&keys, None, &mut *talk);
                        talk.screen().show_problem(problem);
                    }
                }
            }
            Input::Window(Event::AddFile(path)) => match keys.add(&path) {
                Ok(row) => shown.anew(&keys, Some(row), &mut *talk),
                Err(fault) => talk.screen().show_problem(Problem::CannotOpen(fault.sentence())),
            },
            Input::Window(Event::Forget(row)) => {
                if let Err(error) = keys.forget(row, room.known) {
                    tracing::warn!(%error, "a key file could not be forgotten");
                }
                shown.anew(&keys, None, &mut *talk);
            }
            Input::TokensChanged => {
                keys.refresh(tokens.snapshot());
                shown.update(&keys, &mut *talk);
                complete.note(&keys);
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

/// What the window shows of the keys.
struct Shown {
    rows: Vec<KeyRow>,
    looking: Looking,
}

impl Shown {
    /// What changed by itself; nothing where nothing did.
    fn update(&mut self, keys: &Keys<'_>, talk: &mut dyn Talk) {
        let now = Self { rows: keys.rows(), looking: keys.looking() };
        if now.rows != self.rows || now.looking != self.looking {
            talk.screen().update_keys(now.rows.clone(), now.looking);
            *self = now;
        }
    }

    /// What the person did changed the list.
    fn anew(&mut self, keys: &Keys<'_>, focus: Option<RowId>, talk: &mut dyn Talk) {
        self.rows = keys.rows();
        talk.screen().show_keys(self.rows.clone(), focus);
    }
}

/// How long a person waits for the whole list, in the log: slow drivers are told apart by that.
struct Complete(Option<Instant>);

impl Complete {
    fn since(opened: Instant) -> Self {
        Self(Some(opened))
    }

    fn note(&mut self, keys: &Keys<'_>) {
        if keys.looking() == Looking::Done
            && let Some(opened) = self.0.take()
        {
            let milliseconds = opened.elapsed().as_millis();
            tracing::info!(milliseconds, rows = keys.rows().len(), "the list of keys is complete");
        }
    }
}

/// What a page says of the keys must be readable.
pub(super) fn check_filter(filter: &KeyFilter) -> Result<(), End> {
    let unreadable = match &filter.chain {
        Chain::These(authorities) => authorities.iter().position(|one| named_authority(one).is_none()),
        Chain::Nca | Chain::Any => None,
    };
    unreadable.map_or(Ok(()), |place| {
        Err(End::failed(FailureCode::InvalidRequest, format!("chain[{place}] is no certificate")))
    })
}

/// A no, or a page that goes away, while documents are being signed.
#[derive(Default)]
pub(super) struct Interruption {
    pub(super) by: Option<Input>,
    /// What is plugged in is not what it was.
    pub(super) tokens_changed: bool,
}

impl Interruption {
    /// Whether it has come by now.
    pub(super) fn came(&mut self, talk: &mut dyn Talk, site: &mut Option<SiteChoice>) -> bool {
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

enum Decision<T> {
    Done(T),
    Opened(Option<RowId>),
    Problem(Problem),
    Changed(Problem),
    /// It was sent, and no answer says that it was taken.
    Unsure(KeyFault),
}

fn decide<T>(
    room: &mut Room<'_>,
    chosen: Chosen<'_, '_>,
    act: &mut dyn FnMut(&Room<'_>, Chosen<'_, '_>) -> Result<T, KeyFault>,
) -> Decision<T> {
    let Chosen { keys, row, password, filled, is_stopped } = chosen;
    if keys.is_gone(row) {
        return Decision::Problem(Problem::Token(Sentence::new("error-token-gone")));
    }
    if keys.is_locked(row) {
        return match keys.open(row, password) {
            Ok((place, certificates)) => {
                // A token shows by itself, and is not remembered.
                if let Place::File(path) = &place
                    && let Err(error) = room.known.remember(path, certificates)
                {
                    // The list is a convenience: signing goes on without it.
                    tracing::warn!(%error, "the key file could not be remembered");
                }
                Decision::Opened(keys.first_that_fits(&place))
            }
            Err(fault) => Decision::Problem(fault.problem()),
        };
    }
    // The list that the window had may be older than the key's certificate: the judgement is made again.
    if !keys.fits(row) {
        return Decision::Problem(Problem::CannotSign(Sentence::new("error-key-does-not-fit")));
    }
    match act(room, Chosen { keys: &mut *keys, row, password, filled, is_stopped }) {
        Ok(result) => {
            keys.used(row, room.known);
            Decision::Done(result)
        }
        Err(fault @ KeyFault::Sent(_)) => Decision::Unsure(fault),
        Err(fault @ KeyFault::Signer(_)) => {
            keys.lock_again(row);
            Decision::Problem(fault.problem())
        }
        Err(fault @ KeyFault::Changed) => Decision::Changed(fault.problem()),
        Err(fault) => Decision::Problem(fault.problem()),
    }
}
