//! A token as a key store.

use std::sync::Arc;

use pkcs11::wire::{self, KeyKind, PublicHalf, TokenId, Tries};
use pki::{Certificate, PublicKey};
use serde_bytes::ByteBuf;

use super::{
    Fleet, TokenFault,
    ask::Seat,
    fleet::Member,
    found::{self, Found},
    login::{self, Login, UnlockedToken},
    new_key,
    process::Unanswered,
    public_half,
};
use crate::{Entropy, Generated, Import, KeyId, KeyStore, Listing, NewKey, Opened, OsEntropy, Password, StoreError};

/// Octets of a label that is given to a key: some tokens cut off what is longer.
const LONGEST_LABEL: usize = 60;

/// Octets of a CKA_ID that is made here: random, for the key it names does not exist yet.
const ID_OCTETS: usize = 20;

/// A token that was plugged in when it was asked for. Cheap to clone.
#[derive(Clone)]
pub struct Token {
    fleet: Fleet,
    /// The library that showed it. Another one that shows a token of the same names gets no PIN that is meant for this.
    index: usize,
    id: TokenId,
    /// What it said of its PIN when it was shown.
    shown: Tries,
}

impl Token {
    pub(super) fn new(fleet: Fleet, index: usize, id: TokenId, shown: Tries) -> Self {
        Self { fleet, index, id, shown }
    }

    /// Which one.
    #[must_use]
    pub fn id(&self) -> &TokenId {
        &self.id
    }

    /// The kinds of keys that this token can make, the NCA's own first.
    ///
    /// # Errors
    /// [`TokenFault`].
    pub fn makes(&self) -> Result<Vec<NewKey>, TokenFault> {
        let (_, token) = self.present()?;
        if token.write_protected {
            return Ok(Vec::new());
        }
        let all = [NewKey::Gost512, NewKey::Gost256, NewKey::Rsa2048, NewKey::P256, NewKey::P384];
        Ok(all.into_iter().filter(|kind| !new_key::kinds(*kind, &token.mechanisms).is_empty()).collect())
    }

    /// Gives the token another PIN in the place of the present one. Both are empty where the reader asks for them.
    ///
    /// # Errors
    /// [`TokenFault::NewPinRefused`] for a new one that the token does not take; else as [`KeyStore::unlock`].
    pub fn change_pin(&self, present: &Password, new: &Password) -> Result<(), StoreError> {
        let (place, token) = self.writable()?;
        if !token.needs_login {
            return Err(TokenFault::Unsupported.into());
        }
        self.refuse_untold_last_try(&token)?;
        login::change_pin(self.member()?, &place, &token, present, new)?;
        self.changed();
        Ok(())
    }

    /// Removes a key with its certificates. There is no way back.
    ///
    /// # Errors
    /// [`StoreError::NoSuchKey`], [`StoreError::Token`].
    pub fn remove(&self, password: &Password, key: &KeyId) -> Result<(), StoreError> {
        let (place, token) = self.writable()?;
        let member = self.member()?;
        let _login = self.log_in(&place, &token, password)?;
        let objects = member.host.keys(place.slot)?;
        let id = if objects.iter().any(|one| *one.id == *key.0) {
            key.0.clone()
        } else {
            let keys = found::logged_in(objects.clone()).keys;
            found::named(&keys, key).ok_or(StoreError::NoSuchKey)?.id.clone()
        };
        let public =
            found::logged_in(objects.clone()).keys.into_iter().find(|one| one.id == id).and_then(|one| one.public);
        let certificates = public.map_or_else(Vec::new, |public| of_key(&objects, &id, &public));
        member.host.remove(&place, &id, certificates)?;
        self.changed();
        Ok(())
    }

    fn member(&self) -> Result<&Member, TokenFault> {
        self.fleet.member(self.index)
    }

    /// Where it is now, and what it says of itself.
    fn present(&self) -> Result<(Seat, wire::Token), TokenFault> {
        present(self.member()?, &self.id)
    }

    /// Logs in, unless the last try is at stake and the person was not told so.
    fn log_in(&self, place: &Seat, token: &wire::Token, password: &Password) -> Result<Arc<Login>, TokenFault> {
        self.refuse_untold_last_try(token)?;
        Login::begin(&self.fleet, self.index, place, token, password)
    }

    fn refuse_untold_last_try(&self, token: &wire::Token) -> Result<(), TokenFault> {
        if token.needs_login && token.tries == Tries::Last && self.shown < Tries::Last {
            return Err(TokenFault::TriesChanged { tries: token.tries });
        }
        Ok(())
    }

    /// Makes a key, and gives the login that it took with it and what the token says of itself.
    fn generate_logged_in(
        &self,
        password: &Password,
        kind: NewKey,
        label: &str,
    ) -> Result<(Generated, Arc<Login>, wire::Token), StoreError> {
        let (place, token) = self.writable()?;
        let kinds = new_key::kinds(kind, &token.mechanisms);
        if kinds.is_empty() {
            return Err(TokenFault::Unsupported.into());
        }
        let member = self.member()?;
        let login = self.log_in(&place, &token, password)?;
        let taken = member.host.keys(place.slot)?;
        let mut id = vec![0; ID_OCTETS];
        loop {
            OsEntropy.fill(&mut id)?;
            if !taken.iter().any(|key| *key.id == *id) {
                break;
            }
        }
        let half = made(member, &place, kinds, &id, &free_label(label, &taken))?;
        match public_half::read(&half) {
            Some(public_key) => Ok((Generated { id: KeyId(id), public_key }, login, token)),
            // A key that nobody can ask a certificate for is of no use; it stays, for the person to see.
            None => Err(TokenFault::BadLibrary("the public half of the new key is none".to_owned()).into()),
        }
    }

    /// Puts a certificate in, and gives the same with it.
    fn import_logged_in(
        &self,
        password: &Password,
        what: Import<'_>,
    ) -> Result<(KeyId, Arc<Login>, wire::Token), StoreError> {
        let Import::Certificate(certificate) = what else { return Err(StoreError::CannotImport) };
        let (place, token) = self.writable()?;
        let member = self.member()?;
        let login = self.log_in(&place, &token, password)?;
        let objects = member.host.keys(place.slot)?;
        let keys = found::logged_in(objects.clone()).keys;
        let own = keys.iter().find(|key| belongs(key, certificate)).ok_or(StoreError::NoSuchKey)?;
        let replaces = of_key(&objects, &own.id, certificate.public_key());
        member.host.put_certificate(&place, &own.id, &own.alias, certificate, replaces)?;
        self.changed();
        Ok((KeyId(own.id.clone()), login, token))
    }

    /// What is there for who is logged in.
    fn opened(&self, login: Arc<Login>, token: wire::Token, password: &Password) -> Opened {
        let objects = self.member()?.host.keys(login.place.slot)?;
        Ok(Box::new(UnlockedToken::new(login, token, objects, password)))
    }

    fn writable(&self) -> Result<(Seat, wire::Token), TokenFault> {
        let (place, token) = self.present()?;
        if token.write_protected { Err(TokenFault::NoRoom) } else { Ok((place, token)) }
    }

    /// Has the fleet read the keys anew.
    fn changed(&self) {
        self.fleet.shared().look(self.index);
    }
}

/// Where a token is now, and what it says of itself.
pub(super) fn present(member: &Member, id: &TokenId) -> Result<(Seat, wire::Token), TokenFault> {
    let slots = member.host.slots()?;
    let held = slots.into_iter().find_map(|slot| Some((slot.id, slot.token.filter(|token| token.id == *id)?)));
    let (slot, token) = held.ok_or(TokenFault::Gone)?;
    Ok((Seat { slot, token: id.clone() }, token))
}

/// Asks for a key under one name of its curve after the other.
fn made(member: &Member, place: &Seat, kinds: Vec<KeyKind>, id: &[u8], label: &str) -> Result<PublicHalf, Unanswered> {
    let mut last = None;
    for kind in kinds {
        match member.host.generate(place, kind, id, label) {
            Err(Unanswered::ByLibrary(fault)) if new_key::is_about_the_name(&fault) => last = Some(fault),
            other => return other,
        }
    }
    Err(last.map_or(Unanswered::ByHost(TokenFault::Unsupported), Unanswered::ByLibrary))
}

impl KeyStore for Token {
    fn label(&self) -> String {
        let TokenId { manufacturer, model, label, .. } = &self.id;
        let named = [label, model, manufacturer].into_iter().find(|name| !name.trim().is_empty());
        super::host_log::printable(named.map_or("", |name| name.as_str()))
    }

    fn list(&self) -> Result<Listing, StoreError> {
        let (place, token) = self.present()?;
        let keys = found::in_public(self.member()?.host.keys(place.slot)?).keys;
        if keys.is_empty() && token.needs_login {
            return Ok(Listing::Locked);
        }
        Ok(Listing::Keys(keys.iter().map(Found::listed).collect()))
    }

    fn unlock(&self, password: &Password) -> Opened {
        let (place, token) = self.present()?;
        let login = self.log_in(&place, &token, password)?;
        self.opened(login, token, password)
    }

    fn generate(&self, password: &Password, kind: NewKey, label: &str) -> Result<Generated, StoreError> {
        let (made, login, _) = self.generate_logged_in(password, kind, label)?;
        drop(login);
        self.changed();
        Ok(made)
    }

    fn generate_unlocked(
        &self,
        password: &Password,
        kind: NewKey,
        label: &str,
    ) -> Result<(Generated, Opened), StoreError> {
        // The fleet does not read the keys anew: one without a certificate is in no list of theirs.
        let (made, login, token) = self.generate_logged_in(password, kind, label)?;
        Ok((made, self.opened(login, token, password)))
    }

    fn import(&self, password: &Password, what: Import<'_>) -> Result<KeyId, StoreError> {
        Ok(self.import_logged_in(password, what)?.0)
    }

    fn import_unlocked(&self, password: &Password, what: Import<'_>) -> Opened {
        let (_, login, token) = self.import_logged_in(password, what)?;
        self.opened(login, token, password)
    }
}

/// The certificates under a CKA_ID that are of this very key, DER. Another program may have given one of another key the
/// same CKA_ID, and that one is nobody's to destroy.
fn of_key(objects: &[wire::Key], id: &[u8], public: &PublicKey) -> Vec<ByteBuf> {
    let own = objects.iter().filter(|object| *object.id == *id).filter_map(|object| object.certificate.as_ref());
    own.filter(|der| Certificate::from_der(der).is_ok_and(|one| one.public_key() == public)).cloned().collect()
}

/// A label that no key of the token has, so that a person can tell them apart.
fn free_label(wanted: &str, taken: &[wire::Key]) -> String {
    let mut end = wanted.len().min(LONGEST_LABEL);
    while !wanted.is_char_boundary(end) {
        end -= 1;
    }
    let wanted = wanted.get(..end).unwrap_or_default();
    let is_free = |label: &String| !taken.iter().any(|key| key.label == *label);
    let numbered = (2..=taken.len() + 2).map(|number| format!("{wanted} ({number})"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// By the public half; where the token has none, by an identifier that was computed from it.
fn belongs(key: &Found, certificate: &Certificate) -> bool {
    match &key.public {
        Some(public) => public == certificate.public_key(),
        None => {
            let computed = certificate.public_key().key_identifier();
            !key.id.is_empty()
                && (certificate.subject_key_identifier() == Some(&key.id)
                    || computed.is_some_and(|computed| computed[..] == key.id[..]))
        }
    }
}

/// What is known before a PIN is tried: one that cannot be right costs no try.
pub(super) fn check_pin(token: &wire::Token, password: &Password) -> Result<(), TokenFault> {
    if token.tries == Tries::None {
        return Err(TokenFault::PinLocked);
    }
    if !token.pin_is_set {
        return Err(TokenFault::PinNotSet);
    }
    if may_be_pin(token, password) { Ok(()) } else { Err(TokenFault::WrongPin { tries: token.tries }) }
}

/// Whether the token's PIN may be this long.
pub(super) fn may_be_pin(token: &wire::Token, password: &Password) -> bool {
    let (shortest, longest) = token.pin_length;
    let length = password.expose().len() as u64;
    let says_nothing = longest == 0 || longest < shortest;
    token.pin_pad || says_nothing && length > 0 || (shortest.max(1)..=longest).contains(&length)
}
