//! What a window does, without the window: which row is chosen, where the focus goes, what the main button says and
//! whether it is heard. No toolkit, no clock of its own, no words.

use super::guard::Guard;
use super::model::{Busy, Consent, Fit, KeyRow, PasswordState, Problem, Question, Reason, RowId};
use std::time::Instant;

mod kinds;
mod pin;

pub(super) use kinds::{Caution, Departure, Focus, Missing, Phase, Pressed, Primary, Status, Typed};
pub(super) use pin::{PinHint, Touched};

/// A window's state.
#[derive(Debug)]
pub(super) struct State {
    primary: Primary,
    caution: Caution,
    keys: Vec<KeyRow>,
    chosen: Option<RowId>,
    phase: Phase,
    status: Status,
    departure: Departure,
    guard: Guard,
    /// Whether the person set the box that says what the last try of the chosen row's PIN means.
    last_try_is_understood: bool,
}

impl State {
    /// The state a window opens with. A key is chosen beforehand only when it is the only one that can be.
    pub(super) fn new(question: &Question, keys: Vec<KeyRow>) -> Self {
        let primary = match question {
            Question::Sign { .. } => Primary::Sign,
            Question::ShowKey => Primary::ShowKey,
            Question::NewKey { .. } => Primary::Make,
            Question::Install { .. } => Primary::Install,
            Question::Consent(_) => Primary::Agree,
            Question::ChooseFile { .. } => Primary::Choose,
            Question::Notice(_) | Question::Done(_) => Primary::Read,
            Question::Apply(_) => Primary::Fill,
            Question::Lost { .. } => Primary::Block,
            Question::Revoke => Primary::Sign,
            Question::Care(_) => Primary::Care,
        };
        let caution = match question {
            Question::Consent(Consent::OtherSite { .. }) => Caution::NotUnderstood,
            Question::Consent(Consent::BareSignature | Consent::KeyAct(_)) => Caution::Deliberate,
            Question::Consent(_) | Question::ShowKey | Question::Lost { .. } => Caution::Aimed,
            // It is done; what more can be done is not what Enter means.
            Question::Done(report) if report.go_on.is_some() => Caution::Deliberate,
            Question::Sign { .. }
            | Question::NewKey { .. }
            | Question::Install { .. }
            | Question::ChooseFile { .. }
            | Question::Apply(_)
            | Question::Revoke
            | Question::Care(_)
            | Question::Done(_)
            | Question::Notice(_) => Caution::Usual,
        };
        let chosen = only_choice(&keys);
        Self {
            primary,
            caution,
            keys,
            chosen,
            phase: Phase::Asking,
            status: Status::Quiet,
            departure: Departure::Nothing,
            guard: Guard::default(),
            last_try_is_understood: false,
        }
    }

    pub(super) fn keys(&self) -> &[KeyRow] {
        &self.keys
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    pub(super) fn status(&self) -> &Status {
        &self.status
    }

    /// Whether what the person decided may be on its way already.
    pub(super) fn departure(&self) -> Departure {
        self.departure
    }

    /// The chosen row's place in the list.
    pub(super) fn chosen_index(&self) -> Option<usize> {
        let chosen = self.chosen?;
        self.keys.iter().position(|row| row.id == chosen)
    }

    /// The place of the first row that can be chosen.
    pub(super) fn first_usable_index(&self) -> Option<usize> {
        self.keys.iter().position(is_usable)
    }

    fn chosen_row(&self) -> Option<&KeyRow> {
        self.chosen_index().and_then(|index| self.keys.get(index))
    }

    /// What the main button would do now.
    pub(super) fn primary(&self) -> Primary {
        match self.chosen_row().map(|row| &row.fit) {
            Some(Fit::Locked) => Primary::Open,
            _ => self.primary,
        }
    }

    /// Whether the main button can be pressed at all. Neither that it is deaf for a moment nor that something is missing
    /// shows: pressing it then says what is missing, where a button that is only grey would say nothing.
    pub(super) fn primary_is_live(&self) -> bool {
        self.phase == Phase::Asking && self.caution() != Caution::NotUnderstood
    }

    /// How easily a yes is given now.
    pub(super) fn caution(&self) -> Caution {
        match (self.is_last_try(), self.last_try_is_understood) {
            (false, _) => self.caution,
            (true, false) => Caution::NotUnderstood,
            (true, true) => Caution::Understood,
        }
    }

    /// The person set the box that says what a yes means, or took it back. `true` when that was heard.
    pub(super) fn understand(&mut self, now: Instant) -> bool {
        let next = match self.caution() {
            Caution::NotUnderstood => Caution::Understood,
            Caution::Understood => Caution::NotUnderstood,
            Caution::Usual | Caution::Aimed | Caution::Deliberate => return false,
        };
        let hears = self.phase == Phase::Asking && self.guard.hears(now);
        if hears && self.is_last_try() {
            self.last_try_is_understood = next == Caution::Understood;
            self.status = Status::Quiet;
        } else if hears {
            self.caution = next;
        }
        hears
    }

    /// Where a missing key is chosen.
    pub(super) fn focus_for_choosing(&self) -> Focus {
        if self.first_usable_index().is_some() { Focus::Keys } else { Focus::OtherFile }
    }

    /// Whether there is a password to ask for.
    pub(super) fn asks_password(&self) -> bool {
        match self.chosen_row() {
            Some(row) => matches!(row.password, PasswordState::Asked | PasswordState::New),
            // Some of the places take one field, others two.
            None => !matches!(self.primary, Primary::Make | Primary::Block) && self.first_usable_index().is_some(),
        }
    }

    /// Whether the chosen key's password was given already.
    pub(super) fn password_was_given(&self) -> bool {
        // To show a known key none is needed, and none was given.
        !matches!(self.primary, Primary::ShowKey | Primary::Block)
            && self.chosen_row().is_some_and(|row| row.password == PasswordState::Given)
    }

    /// Whether the password is a new one, and typed twice.
    pub(super) fn asks_twice(&self) -> bool {
        self.chosen_row().is_some_and(|row| row.password == PasswordState::New)
    }

    /// Whether the second field is where something is missing.
    pub(super) fn repetition_is_wrong(&self) -> bool {
        self.status == Status::Missing(Missing::Repetition)
    }

    /// Whether the last password was wrong, or is missing.
    pub(super) fn password_is_wrong(&self) -> bool {
        matches!(
            self.status,
            Status::Problem(Problem::WrongPassword | Problem::WrongPin(_))
                | Status::Missing(Missing::Password | Missing::Agreement)
        )
    }

    /// Where the focus belongs when nothing special happened.
    pub(super) fn resting_focus(&self) -> Focus {
        match self.primary {
            Primary::Agree => return Focus::Refuse,
            Primary::Read if self.caution == Caution::Deliberate => return Focus::Refuse,
            Primary::Choose | Primary::Read => return Focus::Primary,
            Primary::Fill => return Focus::Form,
            Primary::Sign
            | Primary::ShowKey
            | Primary::Block
            | Primary::Open
            | Primary::Make
            | Primary::Install
            | Primary::Care => {}
        }
        match self.chosen_row() {
            Some(_) if self.asks_password() => Focus::Password,
            // No password stands between a stray space bar and the person's name: the button is not under it.
            Some(_) if matches!(self.primary, Primary::ShowKey | Primary::Block) => Focus::Keys,
            Some(_) => Focus::Primary,
            None => self.focus_for_choosing(),
        }
    }

    /// The window appeared, or has the focus again.
    pub(super) fn came_to_front(&mut self, now: Instant) {
        self.guard.restart(now);
    }

    /// The person pressed a key that nothing in the window takes.
    pub(super) fn stray_key(&mut self, now: Instant) {
        self.guard.stray(now);
    }

    /// The person chose a row by its place. Unfit rows stay unchosen.
    pub(super) fn choose(&mut self, index: usize) -> bool {
        if self.phase != Phase::Asking {
            return false;
        }
        let Some(row) = self.keys.get(index).filter(|row| is_usable(row)) else {
            return false;
        };
        let id = row.id;
        if self.chosen != Some(id) {
            self.chosen = Some(id);
            self.last_try_is_understood = false;
            self.status = Status::Quiet;
        }
        true
    }

    /// The person moved through the list: to the next usable row, and around at its ends.
    pub(super) fn step(&mut self, by: i32) -> bool {
        let usable: Vec<usize> =
            self.keys.iter().enumerate().filter(|(_, row)| is_usable(row)).map(|(index, _)| index).collect();
        let here = self.chosen_index().and_then(|index| usable.iter().position(|other| *other == index));
        let next = match here {
            None => usable.first(),
            Some(here) if by > 0 => usable.get(here + 1).or(usable.first()),
            Some(here) if by < 0 => here.checked_sub(1).and_then(|there| usable.get(there)).or(usable.last()),
            Some(here) => usable.get(here),
        };
        next.copied().is_some_and(|index| self.choose(index))
    }

    /// The person types a password: what was wrong with the last one is no longer said.
    pub(super) fn password_edited(&mut self) -> bool {
        let was_wrong = self.password_is_wrong() || self.repetition_is_wrong();
        if was_wrong {
            self.status = Status::Quiet;
        }
        was_wrong
    }

    /// The person pressed Enter somewhere else than on the main button, where it may mean that one.
    pub(super) fn press_enter(&mut self, now: Instant, typed: Typed) -> Pressed {
        let means_it = match self.caution() {
            Caution::Usual => true,
            // A password that is typed here is meant for here.
            Caution::Aimed => {
                matches!(self.primary, Primary::ShowKey | Primary::Block)
                    && self.chosen_row().is_none_or(|row| row.password == PasswordState::Asked)
            }
            Caution::Deliberate | Caution::NotUnderstood | Caution::Understood => false,
        };
        if means_it {
            self.press_primary(now, typed)
        } else {
            self.guard.stray(now);
            Pressed::Ignored
        }
    }

    /// The person pressed the button that says no. `true` when that was heard. Its neighbours are deaf for a moment, and
    /// so is this one: it has the focus in a consent, and the space bar of a message to somebody else would send the
    /// question away unread. Escape and the frame's cross are heard at once, and so is everything while the window works.
    pub(super) fn press_refuse(&mut self, now: Instant) -> bool {
        match self.phase {
            Phase::Asking => self.guard.hears(now),
            Phase::Busy(_) => true,
            Phase::Gone | Phase::Ended => false,
        }
    }

    /// The person pressed the main button.
    pub(super) fn press_primary(&mut self, now: Instant, typed: Typed) -> Pressed {
        if self.phase != Phase::Asking || !self.guard.hears(now) {
            return Pressed::Ignored;
        }
        if let Some(missing) = self.token_or_understanding_is_missing() {
            self.status = Status::Missing(missing);
            return Pressed::Missing(missing);
        }
        if !self.primary_is_live() {
            return Pressed::Ignored;
        }
        match self.primary {
            Primary::Agree | Primary::Read | Primary::Fill => return Pressed::Agreed,
            Primary::Choose => return Pressed::Choose,
            Primary::Sign
            | Primary::ShowKey
            | Primary::Block
            | Primary::Open
            | Primary::Make
            | Primary::Install
            | Primary::Care => {}
        }
        let Some(row) = self.chosen_row() else {
            self.status = Status::Missing(Missing::Key);
            return Pressed::Missing(Missing::Key);
        };
        let asks_twice = row.password == PasswordState::New;
        let missing = match typed {
            Typed::Nothing if row.password == PasswordState::Asked || asks_twice => Some(Missing::Password),
            Typed::Once if asks_twice => Some(Missing::Repetition),
            Typed::Differently if asks_twice => Some(Missing::Agreement),
            Typed::Nothing | Typed::Once | Typed::Differently | Typed::Something => None,
        };
        if let Some(missing) = missing {
            self.status = Status::Missing(missing);
            return Pressed::Missing(missing);
        }
        let busy = match (row.password, &row.fit) {
            (PasswordState::AtReader, _) => Busy::AtReader,
            _ if self.primary == Primary::Make => Busy::Making,
            _ if self.primary == Primary::Install => Busy::Installing,
            _ if asks_twice => Busy::Writing,
            (_, Fit::Locked) => Busy::Opening,
            _ => Busy::Signing,
        };
        let id = row.id;
        self.phase = Phase::Busy(busy);
        self.status = Status::Quiet;
        Pressed::Decided(id)
    }

    /// Whether a button that decides something about the site is heard.
    pub(super) fn hears_site_choice(&mut self, now: Instant) -> bool {
        self.phase == Phase::Asking && self.guard.hears(now)
    }

    /// The person does not want to hear of this requester again. Also when the page is gone already: one that opens window
    /// after window and takes each back could not be stopped otherwise. `true` when it was heard; the window ends then.
    pub(super) fn block(&mut self, now: Instant) -> bool {
        let hears = matches!(self.phase, Phase::Asking | Phase::Gone) && self.guard.hears(now);
        if hears {
            self.phase = Phase::Ended;
        }
        hears
    }

    /// The person gave a file: the window waits for what is in it.
    pub(super) fn add_file(&mut self) -> bool {
        if self.phase != Phase::Asking {
            return false;
        }
        self.phase = Phase::Busy(Busy::Opening);
        self.status = Status::Quiet;
        true
    }

    /// The row at a place, when it may be taken off the list.
    pub(super) fn forget(&self, index: usize) -> Option<RowId> {
        if self.phase != Phase::Asking {
            return None;
        }
        self.keys.get(index).map(|row| row.id)
    }

    /// The person said no, or closed the window. `true` when there was something to say no to.
    pub(super) fn cancel(&mut self) -> bool {
        let was_open = matches!(self.phase, Phase::Asking | Phase::Busy(_));
        self.phase = Phase::Ended;
        was_open
    }

    /// A new list came. The focus it asks for is chosen; else the chosen row stays, or the only choice is taken. Where
    /// the main button means something else now, it is deaf for a moment: the second half of a double click on *Open*
    /// must not sign.
    pub(super) fn show_keys(&mut self, keys: Vec<KeyRow>, focus: Option<RowId>, now: Instant) -> Focus {
        let before = (self.primary(), self.chosen);
        let still = |id: RowId| keys.iter().any(|row| row.id == id && is_usable(row));
        self.chosen = focus
            .filter(|id| still(*id))
            .or_else(|| self.chosen.filter(|id| still(*id)))
            .or_else(|| only_choice(&keys));
        self.keys = keys;
        if (self.primary(), self.chosen) != before {
            self.last_try_is_understood = false;
            self.guard.restart(now);
        }
        self.rest(Status::Quiet);
        self.resting_focus()
    }

    /// Something went wrong.
    pub(super) fn show_problem(&mut self, problem: Problem) -> Focus {
        if matches!(problem, Problem::CannotSign(_)) {
            // A server may have been sent something before it came to this: the site, or the time-stamp service.
            self.departure = Departure::Perhaps;
        }
        // The next try is another one, and has to be understood again.
        self.last_try_is_understood = false;
        let focus = match problem {
            Problem::WrongPassword => Focus::Password,
            Problem::WrongPin(_) | Problem::Token(_) => self.resting_focus(),
            Problem::CannotOpen(_) => Focus::OtherFile,
            Problem::CannotSign(_) => self.focus_for_choosing(),
        };
        self.rest(Status::Problem(problem));
        focus
    }

    /// What is being done has another name now.
    pub(super) fn show_busy(&mut self, busy: Busy) {
        if matches!(self.phase, Phase::Asking | Phase::Busy(_)) {
            self.phase = Phase::Busy(busy);
            self.status = Status::Quiet;
        }
    }

    /// The page went away. `true` when that is news. What can still be pressed stands elsewhere now, and is deaf for a
    /// moment.
    pub(super) fn page_gone(&mut self, now: Instant) -> bool {
        let news = matches!(self.phase, Phase::Asking | Phase::Busy(_));
        if news {
            if matches!(self.phase, Phase::Busy(busy) if busy != Busy::Opening) {
                self.departure = Departure::Perhaps;
            }
            self.phase = Phase::Gone;
            self.status = Status::Quiet;
            self.guard.restart(now);
        }
        news
    }

    fn rest(&mut self, status: Status) {
        if matches!(self.phase, Phase::Asking | Phase::Busy(_)) {
            self.phase = Phase::Asking;
            self.status = status;
        }
    }
}

/// Whether a row can be chosen.
pub(super) fn is_usable(row: &KeyRow) -> bool {
    matches!(row.fit, Fit::Fits | Fit::Locked)
}

/// The key that fits when it is the only one; else the file that is not opened yet when there is nothing else.
fn only_choice(keys: &[KeyRow]) -> Option<RowId> {
    let only = |wanted: fn(&Fit) -> bool| {
        let mut rows = keys.iter().filter(|row| wanted(&row.fit));
        let first = rows.next()?;
        rows.next().is_none().then_some(first.id)
    };
    let any_fits = keys.iter().any(|row| row.fit == Fit::Fits);
    if any_fits { only(|fit| *fit == Fit::Fits) } else { only(|fit| *fit == Fit::Locked) }
}

#[cfg(test)]
mod tests;
