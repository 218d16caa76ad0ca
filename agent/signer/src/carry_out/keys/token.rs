//! The tokens of one window: what is plugged in, what was heard of it, and the rows that follow from both.

use super::fault::KeyFault;
use super::row::{Place, Row, State};
use super::{Keys, Purpose, password};
use crate::carry_out::FactoryPins;
use crate::tokens::Tokens;
use crate::window::{Fit, KeyKind, KeyRow, Looking, PasswordState, Place as Shown, Reason, RowId, SecretText, Tries};
use keystore::{Password, StoreError};
use keystore::{
    UnlockedStore,
    pkcs11::{LibraryFault, PinPlace, Seen, Snapshot, TokenFault, TokenId},
};
use order::StorageName;
use pki::Certificate;
use settings::Places;
use std::rc::Rc;

/// The most tokens that are listed.
const MOST_TOKENS: usize = 64;
/// The most certificates of one token that are listed.
const MOST_CERTIFICATES: usize = 32;
/// So many tokens that were taken out stay listed, the last ones: the person may be typing the PIN of one of them. A
/// library can show a new token every second.
const MOST_GONE: usize = 4;

/// A token that is, or was, plugged in while this window is open.
pub(in crate::carry_out) struct Held {
    /// The how manieth it was to come, from one on: its own as long as the window is open.
    pub(in crate::carry_out) number: u32,
    pub(in crate::carry_out) seen: Seen,
    pub(in crate::carry_out) is_there: bool,
    /// It was seen while the window was open, and is not only known from before.
    was_current: bool,
    /// The how manieth it was to go.
    left: u64,
    /// What was heard about its PIN here; what is seen may be older.
    heard: Tries,
    /// It was opened, and has no key that could sign.
    pub(super) is_empty: bool,
}

impl Held {
    fn new(number: u32, seen: Seen) -> Self {
        let was_current = seen.is_current;
        Self { number, seen, is_there: true, was_current, left: 0, heard: Tries::Unsaid, is_empty: false }
    }

    /// How many wrong PINs are left: the worse of what is seen and what was heard.
    pub(in crate::carry_out) fn tries(&self) -> Tries {
        self.seen.pin.tries.max(self.heard)
    }

    pub(in crate::carry_out) fn storage(&self) -> Option<StorageName> {
        self.seen.storage.as_deref().and_then(StorageName::from_name)
    }

    /// What the token is opened with; no PIN that cannot be right is sent to it.
    pub(in crate::carry_out) fn pin(&self, typed: &SecretText) -> Result<Password, KeyFault> {
        // What cannot succeed is not tried: a lock may count.
        if self.tries() == Tries::None {
            return Err(KeyFault::Token(TokenFault::PinLocked.into()));
        }
        if !self.seen.pin.is_set {
            return Err(KeyFault::Token(TokenFault::PinNotSet.into()));
        }
        let pin = match self.seen.pin.place {
            // The reader asks for it; what may have been typed here is for nobody.
            PinPlace::Reader => Password::new(String::new()).ok(),
            PinPlace::Window if typed.is_empty() => return Err(KeyFault::NoPin),
            PinPlace::Window => password(typed).ok(),
        };
        // Longer than any PIN: it is a wrong one, and no token needs to count it.
        pin.ok_or(KeyFault::Token(TokenFault::WrongPin { tries: Tries::Unsaid }.into()))
    }

    /// What a refusal says of the PIN.
    pub(in crate::carry_out) fn hear(&mut self, error: &StoreError) {
        match error {
            StoreError::Token(TokenFault::WrongPin { tries } | TokenFault::TriesChanged { tries }) => {
                self.heard = self.heard.max(*tries);
            }
            StoreError::Token(TokenFault::PinLocked) => self.heard = Tries::None,
            StoreError::Token(TokenFault::PinNotSet) => self.seen.pin.is_set = false,
            _ => {}
        }
    }

    /// The token as the window tells of it: what was heard here is what the window says.
    pub(in crate::carry_out) fn shown(&self) -> Seen {
        let mut shown = self.seen.clone();
        shown.pin.tries = self.tries();
        shown
    }

    /// The PIN was right.
    pub(in crate::carry_out) fn was_opened(&mut self, pin: &Password, pins: &FactoryPins, places: &Places) {
        self.heard = Tries::Unsaid;
        pins.was_taken(places, &self.seen, pin);
    }

    /// The token's own name for the key of this certificate.
    pub(super) fn alias_of(&self, certificate: &Certificate) -> Option<&str> {
        let key = self.seen.keys.iter().find(|key| key.certificate.as_ref() == Some(certificate))?;
        Some(key.alias.as_str())
    }

    /// The certificates that it shows to everybody.
    fn certificates(&self) -> Vec<Certificate> {
        let mut shown: Vec<Certificate> = Vec::new();
        for certificate in self.seen.keys.iter().filter_map(|key| key.certificate.as_ref()) {
            if shown.len() >= MOST_CERTIFICATES {
                break;
            }
            if !shown.contains(certificate) {
                shown.push(certificate.clone());
            }
        }
        shown
    }
}

/// The tokens of one window.
#[derive(Default)]
pub(in crate::carry_out) struct Plugged {
    held: Vec<Held>,
    faults: Vec<LibraryFault>,
    /// How many came, and how many went so far.
    came: u32,
    gone: u64,
    pub(in crate::carry_out) looking: Looking,
}

impl Plugged {
    /// Takes over what is plugged in now. Gives those that were taken out, and those that are in.
    pub(in crate::carry_out) fn take(&mut self, mut snapshot: Snapshot) -> (Vec<TokenId>, Vec<TokenId>) {
        snapshot.tokens.truncate(MOST_TOKENS);
        self.looking = if snapshot.is_settled { Looking::Done } else { Looking::ForTokens };
        self.faults = snapshot.faults;
        let is_in = |held: &Held| snapshot.tokens.iter().any(|seen| seen.id == held.seen.id);
        // Taken out before the window opened, when nobody looked: it is no news, and was only remembered.
        self.held.retain(|held| held.was_current || is_in(held));
        let mut gone = Vec::new();
        for held in &mut self.held {
            if !is_in(held) {
                if held.is_there {
                    self.gone += 1;
                    held.left = self.gone;
                }
                // It comes back as it is then: elsewhere it may be unlocked, or get a key.
                (held.is_there, held.heard, held.is_empty) = (false, Tries::Unsaid, false);
                gone.push(held.seen.id.clone());
            }
        }
        let mut present = Vec::new();
        for seen in snapshot.tokens {
            present.push(seen.id.clone());
            match self.of_mut(&seen.id) {
                Some(held) => {
                    held.was_current |= seen.is_current;
                    (held.seen, held.is_there) = (seen, true);
                }
                None => {
                    self.came = self.came.saturating_add(1);
                    self.held.push(Held::new(self.came, seen));
                }
            }
        }
        self.drop_long_gone();
        (gone, present)
    }

    /// Forgets the tokens that were taken out, but for the last few.
    fn drop_long_gone(&mut self) {
        let mut left: Vec<u64> = self.held.iter().filter(|held| !held.is_there).map(|held| held.left).collect();
        left.sort_unstable_by_key(|left| std::cmp::Reverse(*left));
        if let Some(last) = left.get(MOST_GONE) {
            self.held.retain(|held| held.is_there || held.left > *last);
        }
    }

    /// All of them, in the order in which they came.
    pub(in crate::carry_out) fn all(&self) -> &[Held] {
        &self.held
    }

    pub(super) fn of(&self, place: &Place) -> Option<&Held> {
        match place {
            Place::File(_) => None,
            Place::Token(id) => self.held.iter().find(|held| held.seen.id == *id),
        }
    }

    pub(in crate::carry_out) fn of_mut(&mut self, id: &TokenId) -> Option<&mut Held> {
        self.held.iter_mut().find(|held| held.seen.id == *id)
    }

    /// Libraries that broke, each as a row that says so; the others may not even be meant for anything here.
    pub(in crate::carry_out) fn broken(&self, first: RowId) -> impl Iterator<Item = KeyRow> + '_ {
        let ids = (first.0..).map(RowId);
        let broken = self.faults.iter().filter_map(|broken| {
            let reason = match broken.fault {
                TokenFault::NotResponding => Reason::DriverSilent,
                TokenFault::Crashed => Reason::DriverCrashed,
                _ => return None,
            };
            Some((broken.vendor.clone(), reason))
        });
        ids.zip(broken).map(|(id, (vendor, reason))| KeyRow {
            id,
            holder: None,
            valid_until: None,
            place: Shown::Driver { vendor },
            fit: Fit::Unfit(vec![reason]),
            password: PasswordState::Asked,
            kind: KeyKind::Real,
        })
    }
}

impl Keys<'_> {
    /// Takes over what is plugged in now. Rows of a token that was taken out stay, and say so: the person may be typing
    /// its PIN.
    pub(in crate::carry_out) fn refresh(&mut self, snapshot: Snapshot) {
        let (gone, present) = self.plugged.take(snapshot);
        for id in &gone {
            self.lock_token(id);
        }
        for id in &present {
            self.follow(id);
        }
        // What is not known any more has no rows either.
        let is_lost = |row: &Row| self.purpose == Purpose::Lose && matches!(row.state, State::Known(_));
        let plugged = &self.plugged;
        self.rows.retain(|row| matches!(row.place, Place::File(_)) || is_lost(row) || plugged.of(&row.place).is_some());
    }

    /// Gives a token the rows that it has now; those that stay keep their names.
    fn follow(&mut self, id: &TokenId) {
        let place = Place::Token(id.clone());
        let Some(shown) = self.plugged.of(&place).map(Held::certificates) else { return };
        let own = |row: &Row| row.place == place;
        // What was seen once with the PIN is not forgotten while the window is open.
        let is_opened = self.rows.iter().any(|row| own(row) && matches!(row.state, State::Open(..)));
        let is_known = self.rows.iter().any(|row| own(row) && matches!(row.state, State::Known(_)));
        if is_opened || (shown.is_empty() && is_known) {
            return;
        }
        let wanted: Vec<State> =
            if shown.is_empty() { vec![State::Locked] } else { shown.into_iter().map(State::Known).collect() };
        let is = |state: &State, other: &State| state.certificate() == other.certificate();
        self.rows.retain(|row| row.place != place || wanted.iter().any(|state| is(state, &row.state)));
        for state in wanted {
            if !self.rows.iter().any(|row| own(row) && is(&row.state, &state)) {
                self.put(place.clone(), state);
            }
        }
    }

    /// The rows of a token that was opened ask for the PIN again: it was taken out, or did not do what it should.
    pub(super) fn lock_token(&mut self, id: &TokenId) {
        let place = Place::Token(id.clone());
        for row in self.rows.iter_mut().filter(|row| row.place == place) {
            if let State::Open(_, _, certificate) = &row.state {
                row.state = State::Known(certificate.clone());
            }
        }
    }

    /// The same of the token that a row is on; a file stays open.
    pub(in crate::carry_out) fn lock_again(&mut self, row: RowId) {
        if let Some(Place::Token(id)) = self.row(row).map(|row| row.place.clone()) {
            self.lock_token(&id);
        }
    }

    /// Whether the person types the PIN at the reader when this row is used.
    pub(super) fn is_at_reader(&self, row: &Row) -> bool {
        !matches!(row.state, State::Open(..))
            && self.plugged.of(&row.place).is_some_and(|held| held.seen.pin.place == PinPlace::Reader)
    }

    /// Logs in, once, with what the person typed for it.
    pub(super) fn log_in(&mut self, id: &TokenId, typed: &SecretText) -> Result<Rc<dyn UnlockedStore>, KeyFault> {
        let tokens: &dyn Tokens = self.tokens;
        let held = self.plugged.of_mut(id).filter(|held| held.is_there).ok_or_else(KeyFault::gone)?;
        let pin = held.pin(typed)?;
        let token = tokens.token(&held.shown()).ok_or_else(KeyFault::gone)?;
        match token.unlock(&pin) {
            Ok(store) => {
                held.was_opened(&pin, self.pins, self.places);
                Ok(store.into())
            }
            Err(error) => {
                held.hear(&error);
                Err(KeyFault::Token(error))
            }
        }
    }

    /// An opened token: its rows can sign now, and what was hidden has rows too.
    pub(super) fn opened(&mut self, id: &TokenId, store: &Rc<dyn UnlockedStore>) -> Vec<Certificate> {
        let place = Place::Token(id.clone());
        let mut certificates = Vec::new();
        let with_certificate = store.list().iter().filter(|key| key.certificate.is_some());
        for key in with_certificate.take(MOST_CERTIFICATES) {
            let Some(certificate) = key.certificate.clone() else { continue };
            certificates.push(certificate.clone());
            let open = State::Open(Rc::clone(store), Box::new(key.clone()), certificate.clone());
            let own = |row: &&mut Row| row.place == place && row.state.certificate() == Some(&certificate);
            match self.rows.iter_mut().find(own) {
                Some(row) => row.state = open,
                None => drop(self.put(place.clone(), open)),
            }
        }
        if certificates.is_empty() {
            if let Some(held) = self.plugged.of_mut(id) {
                held.is_empty = true;
            }
        } else {
            self.rows.retain(|row| row.place != place || !matches!(row.state, State::Locked));
        }
        certificates
    }
}
