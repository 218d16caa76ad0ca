//! The keys of one window: rows that know where their key is and how far it has been opened.
//!
//! - `row`: one row, and how a window shows it; `token`: the rows that come and go with tokens; `fault`: what went wrong.

mod fault;
mod row;
mod token;

pub(super) use fault::KeyFault;
pub use row::key_view;
pub(super) use row::{Place, shown};
pub(super) use token::{Held, Plugged};

use super::forms::alias_of;
use super::{FactoryPins, Room};
use crate::{
    fitness::Measure,
    key_file::{self, KeyFileError},
    known_keys::{KnownKeys, KnownKeysError},
    tokens::Tokens,
    window::{Busy, KeyRow, Looking, RowId, SecretText},
};
use keystore::{Password, UnlockedStore};
use order::{KeyFilter, NamedKey};
use pki::{Certificate, DigestAlgorithm, Signer, Timestamp};
use row::{Row, State, Wanted};
use settings::Places;
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

/// The longest file of a certificate that is read, in octets.
const LONGEST_CERTIFICATE: u64 = 1024 * 1024;

/// The rows of one window.
pub(super) struct Keys<'k> {
    rows: Vec<Row>,
    next: u32,
    purpose: Purpose,
    filter: &'k KeyFilter,
    measure: Measure,
    tokens: &'k dyn Tokens,
    plugged: Plugged,
    places: &'k Places,
    pins: &'k FactoryPins,
}

/// What the chosen key is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign: the private key is needed, and so its password.
    Sign,
    /// To show its certificate, which is remembered without a password.
    Show,
    /// To be given up: whatever is wrong with it, and wherever it is.
    Lose,
}

/// A key ready to sign, or word that its place holds another one now.
pub(super) enum Unlocked {
    Signer(Box<dyn Signer>),
    Changed,
}

/// What was typed, as a password; one that no key file can have is a wrong one.
pub(super) fn password(typed: &SecretText) -> Result<Password, KeyFileError> {
    Password::new(typed.expose().to_owned())
        .map_err(|_| keystore::StoreError::from(keystore::pkcs12::OpenError::WrongPassword).into())
}

impl<'k> Keys<'k> {
    /// The remembered keys: that which the page names first, then those that fit, in the order in which they were used.
    /// [`Keys::refresh`] puts those of the tokens behind them in the same way. The person allowed that a named file is read.
    pub(super) fn of(room: &Room<'k>, purpose: Purpose, filter: &'k KeyFilter) -> Self {
        let (tokens, measure) = (room.tokens, room.measure());
        let (plugged, places, pins) = (Plugged::default(), room.places, room.pins);
        let mut keys = Self { rows: Vec::new(), next: 0, purpose, filter, measure, tokens, plugged, places, pins };
        for file in room.known.files() {
            if file.certificates.is_empty() {
                keys.push(Place::File(file.path.clone()), State::Locked);
            }
            for certificate in &file.certificates {
                keys.push(Place::File(file.path.clone()), State::Known(certificate.clone()));
            }
        }
        if let Some(path) = filter.named.as_ref().filter(|named| named.has_path()).map(place_of) {
            let place = Place::File(path);
            if !keys.rows.iter().any(|row| row.place == place) {
                keys.push(place, State::Locked);
            }
        }
        let mut rows = std::mem::take(&mut keys.rows);
        rows.sort_by_key(|row| keys.rank(row));
        keys.rows = rows;
        if purpose == Purpose::Lose {
            keys.add_known_on_tokens(room.known);
        }
        keys
    }

    /// The keys of tokens that were used here: the token may be what was lost.
    fn add_known_on_tokens(&mut self, known: &KnownKeys) {
        match known.of_tokens() {
            Ok(known) => {
                for one in known.keys() {
                    self.push(Place::Token(one.token.clone()), State::Known(one.certificate.clone()));
                }
            }
            Err(error) => tracing::warn!(%error, "it is not known which keys of tokens were used here"),
        }
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted { purpose: self.purpose, filter: self.filter, measure: &self.measure }
    }

    /// What comes before what.
    fn rank(&self, row: &Row) -> (bool, bool) {
        let token = self.plugged.of(&row.place);
        let is_named = self.filter.named.as_ref().is_some_and(|named| row.is(named, token));
        (!is_named, row.state.certificate().is_some() && !row.reasons(self.wanted(), token).is_empty())
    }

    fn push(&mut self, place: Place, state: State) -> RowId {
        let row = self.new_row(place, state);
        let id = row.id;
        self.rows.push(row);
        id
    }

    /// Puts a row where it belongs; those that are there do not move.
    fn put(&mut self, place: Place, state: State) -> RowId {
        let row = self.new_row(place, state);
        let (id, rank) = (row.id, self.rank(&row));
        let at = self.rows.iter().position(|other| self.rank(other) > rank).unwrap_or(self.rows.len());
        self.rows.insert(at, row);
        id
    }

    fn new_row(&mut self, place: Place, state: State) -> Row {
        let id = RowId(self.next);
        self.next = self.next.saturating_add(1);
        Row { id, place, state }
    }

    fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The rows as a window shows them.
    pub(super) fn rows(&self) -> Vec<KeyRow> {
        let rows = self.rows.iter().map(|row| row.view(self.wanted(), self.plugged.of(&row.place)));
        rows.chain(self.plugged.broken(RowId(u32::MAX / 2))).collect()
    }

    /// Whether tokens are still being looked for.
    pub(super) fn looking(&self) -> Looking {
        self.plugged.looking
    }

    /// The digest lengths that the keys which fit sign; that of today's keys when there is none yet.
    pub(super) fn digest_lengths(&self) -> Vec<usize> {
        let fitting = self.rows.iter().filter(|row| self.is_fit(row));
        let algorithms = fitting.filter_map(|row| row.state.certificate()?.public_key().signature_algorithm());
        let mut lengths: Vec<_> =
            algorithms.filter_map(|algorithm| Some(algorithm.digest_algorithm()?.output_len())).collect();
        if lengths.is_empty() {
            lengths.push(DigestAlgorithm::Streebog512.output_len());
        }
        lengths
    }

    fn is_fit(&self, row: &Row) -> bool {
        row.reasons(self.wanted(), self.plugged.of(&row.place)).is_empty()
    }

    pub(super) fn busy(&self, id: RowId) -> Busy {
        match self.row(id) {
            Some(row) if self.is_at_reader(row) && (self.purpose == Purpose::Sign || self.is_locked(id)) => {
                Busy::AtReader
            }
            _ if self.is_locked(id) => Busy::Opening,
            _ => Busy::Signing,
        }
    }

    pub(super) fn is_locked(&self, id: RowId) -> bool {
        self.row(id).is_some_and(|row| matches!(row.state, State::Locked))
    }

    /// Its certificates are judged as of then from now on.
    pub(super) fn be_as_of(&mut self, now: Timestamp) {
        self.measure.now = now;
    }

    pub(super) fn fits(&self, id: RowId) -> bool {
        self.row(id).is_some_and(|row| self.is_fit(row))
    }

    /// Whether the row's token was taken out.
    pub(super) fn is_gone(&self, id: RowId) -> bool {
        let needs_token = self.purpose != Purpose::Lose || self.is_locked(id);
        needs_token && self.row(id).and_then(|row| self.plugged.of(&row.place)).is_some_and(|token| !token.is_there)
    }

    /// Where the row's key is.
    pub(super) fn place(&self, id: RowId) -> Result<Place, KeyFault> {
        self.row(id).map(|row| row.place.clone()).ok_or(KeyFault::Changed)
    }

    /// Adds a file that the person chose; a file that is here already is not added twice.
    pub(super) fn add(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if self.purpose == Purpose::Lose
            && let Some(certificate) = certificate_in(&path)
        {
            return Ok(self.push(Place::File(path), State::Known(certificate)));
        }
        key_file::check(&path)?;
        let place = Place::File(path);
        if let Some(row) = self.rows.iter().find(|row| row.place == place) {
            return Ok(row.id);
        }
        Ok(self.push(place, State::Locked))
    }

    /// Takes a file off the list. Tokens show by themselves, and go by being taken out.
    pub(super) fn forget(&mut self, id: RowId, known: &mut KnownKeys) -> Result<(), KnownKeysError> {
        let Some(Place::File(path)) = self.row(id).map(|row| row.place.clone()) else {
            return Ok(());
        };
        let place = Place::File(path.clone());
        self.rows.retain(|row| row.place != place);
        known.forget(&path).map(|_| ())
    }

    /// Opens a locked place and puts its keys in its row's place. Gives the place and its certificates.
    pub(super) fn open(&mut self, id: RowId, typed: &SecretText) -> Result<(Place, Vec<Certificate>), KeyFault> {
        let place = self.row(id).map(|row| row.place.clone()).ok_or(KeyFault::Changed)?;
        let certificates = match &place {
            Place::File(path) => {
                let store = key_file::open(path, &password(typed)?)?;
                self.show(path, store.into())?
            }
            Place::Token(token) => {
                let store = self.log_in(token, typed)?;
                self.opened(token, &store)
            }
        };
        if certificates.is_empty() {
            return Err(fault_of(&place, keystore::CannotSign::NoCertificate.into()));
        }
        Ok((place, certificates))
    }

    /// The keys of an opened file, in the place of the rows that it had.
    fn show(&mut self, path: &Path, store: Rc<dyn UnlockedStore>) -> Result<Vec<Certificate>, KeyFault> {
        let keys = store.list().to_vec();
        if keys.iter().all(|key| key.certificate.is_none()) {
            return Err(KeyFileError::no_certificate().into());
        }
        let place = Place::File(path.to_owned());
        self.rows.retain(|row| row.place != place);
        let mut certificates = Vec::new();
        for key in keys {
            // A key without a certificate cannot be shown to anybody, nor sign for a portal.
            let Some(certificate) = key.certificate.clone() else { continue };
            certificates.push(certificate.clone());
            self.push(place.clone(), State::Open(Rc::clone(&store), Box::new(key), certificate));
        }
        Ok(certificates)
    }

    pub(super) fn first_that_fits(&self, place: &Place) -> Option<RowId> {
        self.rows.iter().filter(|row| row.place == *place).find(|row| self.is_fit(row)).map(|row| row.id)
    }

    /// The row's key, ready to sign.
    pub(super) fn unlock(&mut self, id: RowId, typed: &SecretText) -> Result<Unlocked, KeyFault> {
        let Some(row) = self.row(id) else { return Ok(Unlocked::Changed) };
        let place = row.place.clone();
        let wanted = match &row.state {
            State::Open(store, key, _) => {
                let signer = store.signer(&key.id);
                return signer.map(Unlocked::Signer).map_err(|error| fault_of(&place, error));
            }
            State::Known(certificate) => certificate.clone(),
            State::Locked => return Ok(Unlocked::Changed),
        };
        let store: Rc<dyn UnlockedStore> = match &place {
            Place::File(path) => key_file::open(path, &password(typed)?)?.into(),
            Place::Token(token) => self.log_in(token, typed)?,
        };
        let key = store.list().iter().find(|key| key.certificate.as_ref() == Some(&wanted)).map(|key| key.id.clone());
        match (&place, &key) {
            (Place::File(_), Some(_)) => {}
            (Place::File(path), None) => drop(self.show(path, Rc::clone(&store))?),
            // The login holds as long as the window is open: whoever must try again types no PIN again.
            (Place::Token(token), _) => drop(self.opened(token, &store)),
        }
        let Some(key) = key else {
            if let Place::Token(_) = place {
                self.rows.retain(|row| row.id != id);
            }
            return Ok(Unlocked::Changed);
        };
        store.signer(&key).map(Unlocked::Signer).map_err(|error| fault_of(&place, error))
    }

    /// The row's certificate and the name of its key in its place.
    pub(super) fn certificate(&self, id: RowId) -> Result<(String, Certificate), KeyFault> {
        let row = self.row(id).ok_or(KeyFault::Changed)?;
        match &row.state {
            State::Open(_, key, certificate) => Ok((key.alias.clone(), certificate.clone())),
            State::Known(certificate) => {
                let own = self.plugged.of(&row.place).and_then(|token| token.alias_of(certificate));
                Ok((own.map_or_else(|| alias_of(certificate), str::to_owned), certificate.clone()))
            }
            State::Locked => Err(KeyFault::Changed),
        }
    }

    /// Moves the key's file to the head of the list; of a token the certificate that signed is remembered. What there is to
    /// choose from does not come of it: a token shows by itself.
    pub(super) fn used(&self, id: RowId, known: &mut KnownKeys) {
        if self.purpose == Purpose::Lose {
            return;
        }
        let path = match self.row(id).map(|row| (&row.place, row.state.certificate())) {
            Some((Place::File(path), _)) => path,
            Some((Place::Token(token), Some(certificate))) => {
                let kept =
                    known.of_tokens().and_then(|mut list| list.remember(token, std::slice::from_ref(certificate)));
                if let Err(error) = kept {
                    tracing::warn!(%error, "the key of a token could not be remembered");
                }
                return;
            }
            _ => return,
        };
        let certificates: Vec<_> = self
            .rows
            .iter()
            .filter(|row| matches!(&row.place, Place::File(own) if own == path))
            .filter_map(|row| row.state.certificate().cloned())
            .collect();
        if let Err(error) = known.remember(path, certificates) {
            tracing::warn!(%error, "the key file could not be remembered");
        }
    }
}

/// The certificate that a file is, where it is one: all that may be left of a key.
fn certificate_in(path: &Path) -> Option<Certificate> {
    let octets = platform::files::read_chosen(path, LONGEST_CERTIFICATE).ok()?;
    Certificate::from_pem_or_der(&octets).ok()
}

fn fault_of(place: &Place, error: keystore::StoreError) -> KeyFault {
    match place {
        Place::File(_) => KeyFileError::from(error).into(),
        Place::Token(_) => KeyFault::Token(error),
    }
}

/// Where a named key is. Rows have absolute paths, as this one is; only its spelling may differ.
fn place_of(named: &NamedKey) -> PathBuf {
    std::path::absolute(&named.place).unwrap_or_else(|_| named.place.clone().into())
}
