//! What is different where the secret is a token's PIN: wrong ones are counted, and the token comes and goes.

use super::*;
use crate::window::model::{Place, Tries};

/// What is said beside the PIN of the chosen key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::window) struct PinHint {
    /// It is typed at the reader.
    pub(in crate::window) at_reader: bool,
    /// How many wrong ones are left, where something is known.
    pub(in crate::window) tries: Option<Tries>,
}

/// Whether the person has done anything in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Touched {
    /// Nothing.
    NotYet,
    /// Something.
    Yes,
}

impl State {
    /// Whether the secret of the chosen row is a PIN; with no row chosen, that of the only kind of rows that there is.
    pub(in crate::window) fn asks_pin(&self) -> bool {
        match self.chosen_row() {
            Some(row) => row.place.is_token(),
            None => {
                self.first_usable_index().is_some()
                    && self.keys.iter().filter(|row| is_usable(row)).all(|row| row.place.is_token())
            }
        }
    }

    /// What is said beside the PIN of the chosen key.
    pub(in crate::window) fn pin_hint(&self) -> PinHint {
        let Some(row) = self.chosen_row().filter(|row| row.password != PasswordState::Given) else {
            return PinHint::default();
        };
        let Place::Token(token) = &row.place else { return PinHint::default() };
        let tries = match token.tries {
            Tries::Low | Tries::Last => Some(token.tries),
            // A locked one is no row that can be chosen.
            Tries::Unsaid | Tries::None => None,
        };
        PinHint { at_reader: row.password == PasswordState::AtReader, tries: tries.filter(|_| is_usable(row)) }
    }

    /// The chosen row, to be compared with the one that is chosen afterwards.
    pub(in crate::window) fn chosen_place(&self) -> Option<Place> {
        self.chosen_row().map(|row| row.place.clone())
    }

    /// Whether what was typed for `before` must not go to the row that is chosen now: one of them is on a token, and it is
    /// another token's PIN, or the password of a file. With no row chosen any more it is for nothing at all.
    pub(in crate::window) fn is_another_secret(&self, before: Option<&Place>) -> bool {
        match (before, self.chosen_row().map(|row| &row.place)) {
            (Some(Place::Token(before)), Some(Place::Token(now))) => {
                (&before.label, &before.serial, &before.model) != (&now.label, &now.serial, &now.model)
            }
            (Some(before), Some(now)) => before.is_token() || now.is_token(),
            // Its row is gone, and the next one may be anything.
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether one more wrong PIN locks the chosen row's token.
    pub(in crate::window) fn is_last_try(&self) -> bool {
        self.pin_hint().tries == Some(Tries::Last)
    }

    /// What a decision about a token lacks before its PIN is looked at.
    pub(super) fn token_or_understanding_is_missing(&self) -> Option<Missing> {
        match self.chosen_row() {
            Some(row) if is_gone(row) => Some(Missing::Token),
            Some(_) if self.is_last_try() && !self.last_try_is_understood => Some(Missing::Understanding),
            _ => None,
        }
    }

    /// The list changed by itself: a token came or went, or more is known of it. Under the hands of a person nothing moves:
    /// the chosen row stays chosen, also when its token is away, and no other one is chosen in its place, so that the PIN
    /// of one token is never given to another. A window that nobody has touched looks as if it had opened so.
    ///
    /// Gives where the focus goes, when it goes anywhere.
    pub(in crate::window) fn update_keys(
        &mut self,
        keys: Vec<KeyRow>,
        touched: Touched,
        typed: Typed,
        now: Instant,
    ) -> Option<Focus> {
        let before = (self.primary(), self.chosen);
        let was_last = self.is_last_try();
        let stays = |id: &RowId| keys.iter().any(|row| row.id == *id && (is_usable(row) || is_gone(row)));
        let chosen = self.chosen.filter(stays);
        let is_away = |id: &RowId| keys.iter().any(|row| row.id == *id && is_gone(row));
        self.chosen = match (self.phase, touched, typed) {
            (Phase::Asking, Touched::NotYet, Typed::Nothing) => only_choice(&keys).or(chosen.filter(is_away)),
            (Phase::Asking, Touched::Yes, Typed::Nothing) if before.1.is_none() => only_choice(&keys),
            _ => chosen,
        };
        self.keys = keys;
        let is_another = self.chosen != before.1;
        if is_another || was_last != self.is_last_try() {
            self.last_try_is_understood = false;
        }
        if (self.primary(), self.chosen) != before {
            self.guard.restart(now);
        }
        let was_about_the_token = matches!(self.status, Status::Missing(Missing::Token | Missing::Key));
        if is_another || was_about_the_token {
            self.status = Status::Quiet;
        }
        (is_another && self.phase == Phase::Asking).then(|| self.resting_focus())
    }
}

/// Whether a row's token was taken out.
fn is_gone(row: &KeyRow) -> bool {
    matches!(&row.fit, Fit::Unfit(reasons) if reasons.first() == Some(&Reason::TokenGone))
}
