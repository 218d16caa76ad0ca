//! The keys of one window: rows that know where their key is and how far it has been opened.

use super::forms::alias_of;
use crate::services::SiteError;
use crate::stamping::StampFault;
use crate::{
    fitness::{Measure, is_test, reasons_against},
    key_file::{self, KeyFileError},
    known_keys::{KnownKeys, KnownKeysError},
    window::{Busy, Fit, Holder, KeyKind, KeyRow, PasswordState, Problem, Reason, Role, RowId, SecretText, Sentence},
};
use keystore::{ListedKey, Password, UnlockedStore};
use order::{KeyFilter, NamedKey, PlaceKind, StorageName};
use pki::{Certificate, DigestAlgorithm, Signer};
use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

/// The rows of one window.
pub(super) struct Keys {
    rows: Vec<Row>,
    next: u32,
    purpose: Purpose,
}

/// What the chosen key is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign: the private key is needed, and so its password.
    Sign,
    /// To show its certificate, which is remembered without a password.
    Show,
}

struct Row {
    id: RowId,
    path: PathBuf,
    storage: StorageName,
    state: State,
}

enum State {
    /// Nothing is known but the path.
    Locked,
    /// The certificate is known from an earlier time.
    Known(Certificate),
    /// Opened in this window; locked again when it closes.
    Open(Rc<dyn UnlockedStore>, Box<ListedKey>, Certificate),
}

impl State {
    fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Locked => None,
            Self::Known(certificate) | Self::Open(_, _, certificate) => Some(certificate),
        }
    }
}

/// A key ready to sign, or word that the file holds another one now.
pub(super) enum Unlocked {
    Signer(Box<dyn Signer>),
    Changed,
}

/// Why a key could not be used; said in the window.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyFault {
    /// The file could not be opened.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The file no longer holds the key that the person chose.
    #[error("the file no longer holds this key")]
    Changed,
    /// The signature could not be made, or did not pass its own check.
    #[error("signing failed: {0}")]
    Signing(String),
    /// Its owner blocked the key while this window was open.
    #[error("the key is blocked")]
    Blocked,
    /// The certificate is revoked.
    #[error("the certificate is revoked")]
    Revoked,
    /// The CMS has a signature of this certificate already.
    #[error("the CMS has a signature of this certificate already")]
    AlreadySigned,
    /// The page's digest is not of this key's algorithm.
    #[error("the digest has another length than this key signs")]
    DigestLength,
    /// There is no time stamp.
    #[error(transparent)]
    Stamp(StampFault),
    /// The site did not take what was sent.
    #[error(transparent)]
    Site(SiteError),
    /// Something was sent to the site, and no answer says that it was taken.
    #[error("it is not known whether the site took what was sent: {0}")]
    Sent(SiteError),
    /// The file of the signature could not be written.
    #[error("the file cannot be written: {0}")]
    NotWritten(std::io::Error),
    /// A no came meanwhile.
    #[error("a no came meanwhile")]
    Stopped,
}

impl KeyFault {
    /// The sentence for the person.
    pub(super) fn sentence(&self) -> Sentence {
        match self {
            Self::File(error) => error.sentence(),
            Self::Changed => Sentence::new("error-key-file-changed"),
            Self::Signing(_) | Self::Stopped => Sentence::new("error-signing-failed"),
            Self::Blocked => Sentence::new("error-key-blocked"),
            Self::Revoked => Sentence::new("error-key-revoked"),
            Self::AlreadySigned => Sentence::new("error-already-signed"),
            Self::DigestLength => Sentence::new("error-digest-length"),
            Self::Stamp(fault) => fault.sentence(),
            Self::Site(error) | Self::Sent(error) => error.sentence(),
            Self::NotWritten(_) => Sentence::new("error-not-written"),
        }
    }

    pub(super) fn problem(&self) -> Problem {
        tracing::info!(cause = %self, "a key could not be used");
        match self {
            Self::File(error) if error.is_wrong_password() => Problem::WrongPassword,
            Self::File(_) => Problem::CannotOpen(self.sentence()),
            _ => Problem::CannotSign(self.sentence()),
        }
    }
}

/// What was typed, as a password; one that no key file can have is a wrong one.
fn password(typed: &SecretText) -> Result<Password, KeyFileError> {
    Password::new(typed.expose().to_owned())
        .map_err(|_| keystore::StoreError::from(keystore::pkcs12::OpenError::WrongPassword).into())
}

impl Keys {
    /// The remembered keys: that which the page names first, then those that fit, in the order in which they were used.
    /// The person allowed that a named file is read.
    pub(super) fn of(known: &KnownKeys, purpose: Purpose, filter: &KeyFilter, measure: &Measure) -> Self {
        let mut keys = Self { rows: Vec::new(), next: 0, purpose };
        for file in known.files() {
            if file.certificates.is_empty() {
                keys.push(&file.path, State::Locked);
            }
            for certificate in &file.certificates {
                keys.push(&file.path, State::Known(certificate.clone()));
            }
        }
        if let Some(path) = filter.named.as_ref().filter(|named| named.has_path()).map(place_of)
            && !keys.rows.iter().any(|row| row.path == path)
        {
            keys.push(&path, State::Locked);
        }
        keys.rows.sort_by_key(|row| {
            let is_named = filter.named.as_ref().is_some_and(|named| row.is(named));
            (!is_named, row.state.certificate().is_some() && !row.reasons(filter, measure).is_empty())
        });
        keys
    }

    fn push(&mut self, path: &Path, state: State) -> RowId {
        let id = RowId(self.next);
        self.next = self.next.saturating_add(1);
        self.rows.push(Row { id, path: path.to_owned(), storage: key_file::storage(path), state });
        id
    }

    fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The rows as a window shows them.
    pub(super) fn rows(&self, filter: &KeyFilter, measure: &Measure) -> Vec<KeyRow> {
        self.rows.iter().map(|row| row.view(self.purpose, filter, measure)).collect()
    }

    /// The digest lengths that the keys which fit sign; that of today's keys when there is none yet.
    pub(super) fn digest_lengths(&self, filter: &KeyFilter, measure: &Measure) -> Vec<usize> {
        let fitting = self.rows.iter().filter(|row| row.reasons(filter, measure).is_empty());
        let algorithms = fitting.filter_map(|row| row.state.certificate()?.public_key().signature_algorithm());
        let mut lengths: Vec<_> =
            algorithms.filter_map(|algorithm| Some(algorithm.digest_algorithm()?.output_len())).collect();
        if lengths.is_empty() {
            lengths.push(DigestAlgorithm::Streebog512.output_len());
        }
        lengths
    }

    pub(super) fn busy(&self, id: RowId) -> Busy {
        if self.is_locked(id) { Busy::Opening } else { Busy::Signing }
    }

    pub(super) fn is_locked(&self, id: RowId) -> bool {
        self.row(id).is_some_and(|row| matches!(row.state, State::Locked))
    }

    pub(super) fn fits(&self, id: RowId, filter: &KeyFilter, measure: &Measure) -> bool {
        self.row(id).is_some_and(|row| row.reasons(filter, measure).is_empty())
    }

    /// Adds a file that the person chose; a file that is here already is not added twice.
    pub(super) fn add(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        key_file::check(&path)?;
        if let Some(row) = self.rows.iter().find(|row| row.path == path) {
            return Ok(row.id);
        }
        Ok(self.push(&path, State::Locked))
    }

    pub(super) fn forget(&mut self, id: RowId, known: &mut KnownKeys) -> Result<(), KnownKeysError> {
        let Some(path) = self.row(id).map(|row| row.path.clone()) else {
            return Ok(());
        };
        self.rows.retain(|row| row.path != path);
        known.forget(&path).map(|_| ())
    }

    /// Opens a locked file and puts its keys in its row's place.
    pub(super) fn open(&mut self, id: RowId, typed: &SecretText) -> Result<(PathBuf, Vec<Certificate>), KeyFault> {
        let path = self.row(id).map(|row| row.path.clone()).ok_or(KeyFault::Changed)?;
        let store = key_file::open(&path, &password(typed)?)?;
        let certificates = self.show(&path, store.into())?;
        Ok((path, certificates))
    }

    /// The keys of an opened store, in the place of the rows that its file had.
    fn show(&mut self, path: &Path, store: Rc<dyn UnlockedStore>) -> Result<Vec<Certificate>, KeyFault> {
        let keys = store.list().to_vec();
        if keys.iter().all(|key| key.certificate.is_none()) {
            return Err(KeyFileError::no_certificate().into());
        }
        self.rows.retain(|row| row.path != *path);
        let mut certificates = Vec::new();
        for key in keys {
            // A key without a certificate cannot be shown to anybody, nor sign for a portal.
            let Some(certificate) = key.certificate.clone() else { continue };
            certificates.push(certificate.clone());
            self.push(path, State::Open(Rc::clone(&store), Box::new(key), certificate));
        }
        Ok(certificates)
    }

    pub(super) fn first_that_fits(&self, path: &Path, filter: &KeyFilter, measure: &Measure) -> Option<RowId> {
        self.rows
            .iter()
            .filter(|row| row.path == *path)
            .find(|row| row.reasons(filter, measure).is_empty())
            .map(|row| row.id)
    }

    /// The row's key, ready to sign.
    pub(super) fn unlock(&mut self, id: RowId, typed: &SecretText) -> Result<Unlocked, KeyFault> {
        let (path, wanted) = match self.row(id) {
            Some(Row { state: State::Open(store, key, _), .. }) => {
                return Ok(Unlocked::Signer(store.signer(&key.id).map_err(KeyFileError::from)?));
            }
            Some(Row { path, state: State::Known(certificate), .. }) => (path.clone(), certificate.clone()),
            _ => return Ok(Unlocked::Changed),
        };
        let store = key_file::open(&path, &password(typed)?)?;
        match store.list().iter().find(|key| key.certificate.as_ref() == Some(&wanted)) {
            Some(key) => Ok(Unlocked::Signer(store.signer(&key.id).map_err(KeyFileError::from)?)),
            None => {
                self.show(&path, store.into())?;
                Ok(Unlocked::Changed)
            }
        }
    }

    /// The row's certificate and the name of its key in the file.
    pub(super) fn certificate(&self, id: RowId) -> Result<(String, Certificate), KeyFault> {
        match self.row(id).map(|row| &row.state) {
            Some(State::Open(_, key, certificate)) => Ok((key.alias.clone(), certificate.clone())),
            Some(State::Known(certificate)) => Ok((alias_of(certificate), certificate.clone())),
            _ => Err(KeyFault::Changed),
        }
    }

    /// Moves the key's file to the head of the list.
    pub(super) fn used(&self, id: RowId, known: &mut KnownKeys) {
        let Some(path) = self.row(id).map(|row| row.path.clone()) else { return };
        let certificates: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.path == path)
            .filter_map(|row| row.state.certificate().cloned())
            .collect();
        if let Err(error) = known.remember(&path, certificates) {
            tracing::warn!(%error, "the key file could not be remembered");
        }
    }
}

/// Where a named key is. Rows have absolute paths, as this one is; only its spelling may differ.
fn place_of(named: &NamedKey) -> PathBuf {
    std::path::absolute(&named.place).unwrap_or_else(|_| named.place.clone().into())
}

impl Row {
    /// Whether this is the key that the page names, as far as that is known before its file is opened.
    fn is(&self, named: &NamedKey) -> bool {
        let alias = match &self.state {
            State::Locked => None,
            State::Known(certificate) => Some(alias_of(certificate)),
            State::Open(_, key, _) => Some(key.alias.clone()),
        };
        let is_alias = named.alias.is_empty() || alias.is_none_or(|own| own.eq_ignore_ascii_case(&named.alias));
        match named.kind {
            PlaceKind::File => is_alias && (!named.has_path() || self.path == place_of(named)),
            // No key here is in a device.
            PlaceKind::Slot => false,
        }
    }

    fn reasons(&self, filter: &KeyFilter, measure: &Measure) -> Vec<Reason> {
        let mut reasons = match self.state.certificate() {
            Some(certificate) => reasons_against(certificate, filter, measure),
            None => Vec::new(),
        };
        if !filter.storages.is_empty() && !filter.storages.contains(&self.storage) {
            reasons.insert(0, Reason::StorageNotAsked);
        }
        if filter.named.as_ref().is_some_and(|named| !self.is(named)) {
            reasons.insert(0, Reason::NotThisKey);
        }
        if !matches!(self.state, State::Open(..)) && !self.path.is_file() {
            reasons.insert(0, Reason::FileMissing);
        }
        reasons
    }

    fn view(&self, purpose: Purpose, filter: &KeyFilter, measure: &Measure) -> KeyRow {
        let reasons = self.reasons(filter, measure);
        let fit = match (&self.state, reasons.is_empty()) {
            (_, false) => Fit::Unfit(reasons),
            (State::Locked, true) => Fit::Locked,
            (_, true) => Fit::Fits,
        };
        let password = match (&self.state, purpose) {
            (State::Open(..), _) | (State::Known(_), Purpose::Show) => PasswordState::Given,
            _ => PasswordState::Asked,
        };
        key_view(self.id, &self.path, self.state.certificate(), fit, password, measure)
    }
}

/// One key as a window shows it.
#[must_use]
pub fn key_view(
    id: RowId,
    path: &Path,
    certificate: Option<&Certificate>,
    fit: Fit,
    password: PasswordState,
    measure: &Measure,
) -> KeyRow {
    KeyRow {
        id,
        holder: certificate.map(holder_view),
        valid_until: certificate.map(|one| one.not_after().date().to_string()),
        place: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        path: path.to_owned(),
        fit,
        password,
        kind: match certificate {
            Some(certificate) if is_test(certificate, measure) => KeyKind::Test,
            _ => KeyKind::Real,
        },
    }
}

fn holder_view(certificate: &Certificate) -> Holder {
    let holder = certificate.holder();
    let has = |role: pki::Role| holder.roles.contains(&role);
    // The most exact role first: a head's certificate also says that it is an organisation's.
    let role = [
        (pki::Role::Head, Role::Head),
        (pki::Role::RightToSign, Role::SigningEmployee),
        (pki::Role::FinancialSign, Role::FinanceEmployee),
        (pki::Role::Hr, Role::Personnel),
        (pki::Role::Employee, Role::Employee),
        (pki::Role::InformationSystem, Role::System),
        (pki::Role::PersonSystem, Role::System),
        (pki::Role::Organisation, Role::Organisation),
        (pki::Role::Person, Role::Person),
    ]
    .into_iter()
    .find_map(|(own, shown)| has(own).then_some(shown))
    .unwrap_or(Role::Unknown);
    Holder {
        name: holder.name.clone(),
        role,
        iin: holder.iin.as_ref().map(ToString::to_string),
        organisation: holder.organisation.clone(),
        bin: holder.bin.as_ref().map(ToString::to_string),
    }
}
