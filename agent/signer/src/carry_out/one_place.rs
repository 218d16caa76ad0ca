//! One key in one place: what the window shows of it, and how it is opened.

use super::Room;
use super::choice::List;
use super::keys::{Held, KeyFault, Place, Plugged, shown};
use super::new_key::row;
use crate::{
    tokens::Tokens,
    window::{Busy, Fit, KeyKind, KeyRow, Looking, PasswordState, Place as Shown, Reason, RowId, SecretText, Tries},
};
use keystore::{
    KeyStore, Password, StoreError,
    pkcs11::{PinPlace, Snapshot, TokenId},
};
use std::path::Path;

/// The one row.
const KEY: RowId = RowId(0);

/// The one place that there is to choose from.
pub(super) struct OnePlace<'p> {
    place: Place,
    is_test: bool,
    tokens: &'p dyn Tokens,
    plugged: Plugged,
    busy: Busy,
}

impl<'p> OnePlace<'p> {
    /// `busy` is what the window says while something is done there.
    pub(super) fn new(place: Place, is_test: bool, tokens: &'p dyn Tokens, busy: Busy) -> Self {
        Self { place, is_test, tokens, plugged: Plugged::default(), busy }
    }

    /// Where the key is; a file that was moved is where the person found it.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Does something with the token that the key is on, with the PIN that was typed for it.
    pub(super) fn with_token<T>(
        &mut self,
        room: &Room<'_>,
        id: &TokenId,
        typed: &SecretText,
        is_stopped: &mut dyn FnMut() -> bool,
        act: impl FnOnce(&dyn KeyStore, &Password) -> Result<T, StoreError>,
    ) -> Result<T, KeyFault> {
        let tokens = self.tokens;
        let held = self.plugged.of_mut(id).filter(|held| held.is_there).ok_or_else(KeyFault::gone)?;
        let pin = held.pin(typed)?;
        let token = tokens.token(&held.shown()).ok_or_else(KeyFault::gone)?;
        if is_stopped() {
            return Err(KeyFault::Stopped);
        }
        let done = act(&*token, &pin).map_err(|error| {
            held.hear(&error);
            KeyFault::Token(error)
        })?;
        held.was_opened(&pin, room.pins, room.places);
        Ok(done)
    }

    fn of_token(&self, id: &TokenId) -> KeyRow {
        let held = self.plugged.all().iter().find(|held| held.seen.id == *id);
        let reason = match held {
            None => Some(Reason::TokenGone),
            Some(held) if !held.is_there => Some(Reason::TokenGone),
            Some(held) if !held.seen.pin.is_set => Some(Reason::PinNotSet),
            Some(held) if held.tries() == Tries::None => Some(Reason::PinLocked),
            Some(_) => None,
        };
        let at_reader = held.is_some_and(|held: &Held| held.seen.pin.place == PinPlace::Reader);
        let password = if at_reader { PasswordState::AtReader } else { PasswordState::Asked };
        let fit = reason.map_or(Fit::Fits, |reason| Fit::Unfit(vec![reason]));
        row(KEY, Shown::Token(shown(id, held)), fit, password)
    }
}

impl List for OnePlace<'_> {
    fn rows(&self) -> Vec<KeyRow> {
        let mut row = match &self.place {
            Place::File(path) => {
                let fit = if path.is_file() { Fit::Fits } else { Fit::Unfit(vec![Reason::FileMissing]) };
                row(KEY, Shown::File(path.clone()), fit, PasswordState::Asked)
            }
            Place::Token(token) => self.of_token(token),
        };
        row.kind = if self.is_test { KeyKind::Test } else { KeyKind::Real };
        vec![row]
    }

    fn looking(&self) -> Looking {
        match self.place {
            Place::File(_) => Looking::Done,
            Place::Token(_) => self.plugged.looking,
        }
    }

    fn refresh(&mut self, snapshot: Snapshot) {
        self.plugged.take(snapshot);
    }

    /// The file was moved since.
    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        if let Place::File(own) = &mut self.place {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            crate::key_file::check(&path)?;
            *own = path;
        }
        Ok(KEY)
    }

    fn busy(&self, _: RowId) -> Busy {
        match self.rows().first().map(|row| row.password) {
            Some(PasswordState::AtReader) => Busy::AtReader,
            _ => self.busy,
        }
    }
}
