//! A token after its PIN was right.

use std::sync::{Arc, Mutex};

use pkcs11::wire::{self, Fault, FaultKind, Key, Tries};
use pki::{Certificate, PublicKey, Signer};

use super::{
    Fleet, TokenFault,
    ask::Seat,
    fleet::Member,
    found::{self, Found},
    layout,
    process::{Unanswered, lock},
    public_half,
    signing::{KeyOnToken, Uncertified},
    token::{check_pin, may_be_pin, present},
};
use crate::{CannotSign, KeyId, ListedKey, Password, Requester, StoreError, UnlockedStore};

/// Somebody is logged in. The token is logged out with the last that holds this, which may be a signer.
pub(super) struct Login {
    fleet: Fleet,
    index: usize,
    pub(super) place: Seat,
    /// Whether there was anything to log in to.
    counts: bool,
    /// For keys that want it with each signature, and only while there are such.
    again: Mutex<Option<Password>>,
    has_pad: bool,
}

impl Login {
    pub(super) fn begin(
        fleet: &Fleet,
        index: usize,
        place: &Seat,
        token: &wire::Token,
        password: &Password,
    ) -> Result<Arc<Self>, TokenFault> {
        let member = fleet.member(index)?;
        if token.needs_login {
            check_pin(token, password)?;
            log_in(member, place, token, password)?;
        }
        Ok(Arc::new(Self {
            fleet: fleet.clone(),
            index,
            place: place.clone(),
            counts: token.needs_login,
            again: Mutex::new(None),
            has_pad: token.pin_pad,
        }))
    }

    pub(super) fn member(&self) -> Result<&Member, TokenFault> {
        self.fleet.member(self.index)
    }

    pub(super) fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Signs with the PIN, as a key of CKA_ALWAYS_AUTHENTICATE wants it. A PIN that was refused once is not given again:
    /// the person did not type it thrice.
    pub(super) fn with_pin<T>(&self, sign: impl FnOnce(&Password) -> Result<T, TokenFault>) -> Result<T, TokenFault> {
        if self.has_pad {
            let empty = Password::new(String::new()).map_err(|error| TokenFault::Failed(error.to_string()))?;
            return sign(&empty);
        }
        let mut again = lock(&self.again);
        let signed = sign(again.as_ref().ok_or(TokenFault::WrongPin { tries: Tries::Unsaid })?);
        if let Err(TokenFault::WrongPin { .. } | TokenFault::PinLocked) = signed {
            *again = None;
        }
        signed
    }
}

/// Logs in, also where another opened store is: the PIN that was typed now is the one that is asked about.
fn log_in(member: &Member, place: &Seat, token: &wire::Token, password: &Password) -> Result<(), TokenFault> {
    let mut logins = lock(&member.logins);
    if logins.contains_key(&place.slot) {
        member.host.log_out(place.slot);
    }
    // What is typed in the window is nothing to the reader.
    let nothing = Password::new(String::new()).map_err(|error| TokenFault::Failed(error.to_string()))?;
    let pin = if token.pin_pad { &nothing } else { password };
    match member.host.log_in(place, pin).map_err(TokenFault::from) {
        Ok(()) => {
            *logins.entry(place.slot).or_default() += 1;
            Ok(())
        }
        Err(fault) => Err(counted(member, place, fault)),
    }
}

/// A wrong PIN, with what is left now.
fn counted(member: &Member, place: &Seat, fault: TokenFault) -> TokenFault {
    match (&fault, present(member, &place.token)) {
        (TokenFault::WrongPin { .. }, Ok((_, wire::Token { tries: Tries::None, .. }))) => TokenFault::PinLocked,
        (TokenFault::WrongPin { .. }, Ok((_, wire::Token { tries, .. }))) => TokenFault::WrongPin { tries },
        _ => fault,
    }
}

/// Has the token take another PIN. Whoever is logged in by the present one is logged out: it is checked anew.
pub(super) fn change_pin(
    member: &Member,
    place: &Seat,
    token: &wire::Token,
    present: &Password,
    new: &Password,
) -> Result<(), TokenFault> {
    check_pin(token, present)?;
    if !may_be_pin(token, new) {
        return Err(TokenFault::NewPinRefused);
    }
    let mut logins = lock(&member.logins);
    if logins.remove(&place.slot).is_some() {
        member.host.log_out(place.slot);
    }
    // What is typed in the window is nothing to the reader.
    let nothing = Password::new(String::new()).map_err(|error| TokenFault::Failed(error.to_string()))?;
    let (present, new) = if token.pin_pad { (&nothing, &nothing) } else { (present, new) };
    member.host.set_pin(place, present, new).map_err(|error| match error {
        // CKR_PIN_INVALID, CKR_PIN_LEN_RANGE: the present one was right, or nobody looked at it.
        Unanswered::ByLibrary(Fault { kind: FaultKind::WrongPin, code: 0xA1 | 0xA2, .. }) => TokenFault::NewPinRefused,
        error => counted(member, place, error.into()),
    })
}

impl Drop for Login {
    fn drop(&mut self) {
        let Ok(member) = self.fleet.member(self.index) else { return };
        if !self.counts {
            return;
        }
        let mut logins = lock(&member.logins);
        let left = logins.get(&self.place.slot).copied().unwrap_or_default().saturating_sub(1);
        if left > 0 {
            logins.insert(self.place.slot, left);
        } else {
            logins.remove(&self.place.slot);
            member.host.log_out(self.place.slot);
        }
    }
}

/// A token whose PIN was right.
pub(super) struct UnlockedToken {
    login: Arc<Login>,
    token: wire::Token,
    keys: Vec<Found>,
    listed: Vec<ListedKey>,
    certificates: Vec<Certificate>,
}

impl UnlockedToken {
    pub(super) fn new(login: Arc<Login>, token: wire::Token, objects: Vec<Key>, password: &Password) -> Self {
        let found::Sorted { keys, certificates } = found::logged_in(objects);
        let wants_it_again = |key: &Found| key.private.as_ref().is_some_and(|half| half.always_authenticate);
        if !token.pin_pad && keys.iter().any(wants_it_again) {
            // It is short enough: it was taken once.
            *lock(&login.again) = Password::new(password.expose().to_owned()).ok();
        }
        let listed = keys.iter().map(Found::listed).collect();
        Self { login, token, keys, listed, certificates }
    }

    fn key(
        &self,
        found: &Found,
        public: impl FnOnce(&Found) -> Result<PublicKey, CannotSign>,
    ) -> Result<KeyOnToken, StoreError> {
        let public = public(found)?;
        let private = found.private.as_ref().ok_or(StoreError::NoSuchKey)?;
        let unsupported = CannotSign::Unsupported(public_half::algorithm_name(Some(&public)));
        let plan = layout::plan(&public, &self.token.mechanisms).filter(|_| private.signs).ok_or(unsupported)?;
        let algorithm = public.signature_algorithm().ok_or(unsupported)?;
        Ok(KeyOnToken {
            login: Arc::clone(&self.login),
            id: found.id.clone(),
            wants_pin: private.always_authenticate,
            public,
            algorithm,
            plan,
        })
    }
}

impl UnlockedStore for UnlockedToken {
    fn list(&self) -> &[ListedKey] {
        &self.listed
    }

    fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn signer(&self, key: &KeyId) -> Result<Box<dyn Signer>, StoreError> {
        let mut named = self.keys.iter().filter(|found| found.name == key.0);
        let found = named.next().ok_or(StoreError::NoSuchKey)?;
        // A card whose identifiers were made to look like this name: which of them was meant nobody can tell.
        if named.any(|other| other.certificate != found.certificate) {
            return Err(StoreError::NoSuchKey);
        }
        let certificate = found.certificate.clone().ok_or(CannotSign::NoCertificate)?;
        let key = self.key(found, |_| Ok(certificate.public_key().clone()))?;
        Ok(Box::new(key.certified(certificate)))
    }

    fn requester(&self, key: &KeyId) -> Result<Box<dyn Requester>, StoreError> {
        let found = found::named(&self.keys, key).ok_or(StoreError::NoSuchKey)?;
        let key = self.key(found, |found| {
            found.public.clone().ok_or(CannotSign::Unsupported(public_half::algorithm_name(None)))
        })?;
        Ok(Box::new(Uncertified(key)))
    }
}
