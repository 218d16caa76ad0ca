//! Tokens that do what a test says, in the vendors' place. Their keys are those of key files, so that what they sign is
//! real; whatever a library could do wrong is scripted.

use keystore::{
    Generated, Import, KeyFile, KeyId, KeyStore, ListedKey, Listing, NewKey, Opened, Password, Requester, StoreError,
    UnlockedStore,
    pkcs11::{LibraryFault, Pin, PinPlace, Seen, Snapshot, TokenFault, TokenId, Tries},
};
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError};
use signer::tokens::{Tokens, Waker};
use std::{
    any::Any,
    cell::{Cell, RefCell},
    fs,
    path::Path,
    rc::Rc,
    sync::Arc,
};
use test_nca::Issued;

pub const PIN: &str = "12345678";

/// What is plugged in, and who watches it.
#[derive(Default)]
pub struct Rack {
    pub tokens: RefCell<Vec<Rc<Stick>>>,
    pub faults: RefCell<Vec<LibraryFault>>,
    pub is_settled: Cell<bool>,
    pub watchers: Rc<Cell<i32>>,
    /// Whether anybody ever watched.
    pub was_watched: Cell<bool>,
}

/// A token. What it was asked is counted.
pub struct Stick {
    pub id: TokenId,
    pub storage: Option<&'static str>,
    pub place: PinPlace,
    pub pin_is_set: Cell<bool>,
    pub tries: Cell<Tries>,
    pub hides: bool,
    pub is_in: Cell<bool>,
    /// It was seen since somebody watches.
    pub is_current: Cell<bool>,
    /// The PINs that were sent to it.
    pub logins: RefCell<Vec<String>>,
    pub logouts: Cell<usize>,
    /// What a login comes to, before the PIN is compared.
    pub refuses: RefCell<Option<TokenFault>>,
    /// What signing comes to.
    pub fails: RefCell<Option<SignerError>>,
    /// A key file whose key signs in the place of the chosen one.
    pub impostor: RefCell<Option<KeyFile>>,
    /// The key file that its keys come from; none: it has no key.
    pub file: Option<KeyFile>,
    pub keys: Vec<ListedKey>,
    /// The kinds of keys that it makes, into its file.
    pub makes: Vec<NewKey>,
    pub removed: RefCell<Vec<KeyId>>,
}

impl Stick {
    /// A token without a key, which makes such ones.
    pub fn that_makes(label: &str, dir: &Path, kinds: &[NewKey]) -> Self {
        let file = KeyFile::at(dir.join(format!("{label}.token")));
        Self { file: Some(file), makes: kinds.to_vec(), ..Self::empty(label) }
    }

    /// A token with this key.
    pub fn with(label: &str, dir: &Path, issued: &Issued) -> Self {
        let password = Password::new(PIN.to_owned()).unwrap();
        let path = dir.join(format!("{label}.token"));
        fs::write(&path, &*issued.key_file(&password).unwrap()).unwrap();
        let file = KeyFile::at(&path);
        let keys = file.unlock(&password).unwrap().list().to_vec();
        Self { file: Some(file), keys, ..Self::empty(label) }
    }

    pub fn empty(label: &str) -> Self {
        Self {
            id: TokenId {
                manufacturer: "Vendor".to_owned(),
                model: "Stick 2".to_owned(),
                serial: format!("{label}-1"),
                label: label.to_owned(),
            },
            storage: None,
            place: PinPlace::Window,
            pin_is_set: Cell::new(true),
            tries: Cell::new(Tries::Unsaid),
            hides: false,
            is_in: Cell::new(true),
            is_current: Cell::new(true),
            logins: RefCell::default(),
            logouts: Cell::new(0),
            refuses: RefCell::default(),
            fails: RefCell::default(),
            impostor: RefCell::default(),
            file: None,
            keys: Vec::new(),
            makes: Vec::new(),
            removed: RefCell::default(),
        }
    }

    /// A login, as far as the PIN.
    fn log_in(&self, password: &Password) -> Result<(), StoreError> {
        self.logins.borrow_mut().push(password.expose().to_owned());
        if let Some(fault) = &*self.refuses.borrow() {
            return Err(fault.clone().into());
        }
        let is_right = self.place == PinPlace::Reader || password.expose() == PIN;
        if !is_right {
            let (left, fault) = match self.tries.get() {
                Tries::Unsaid => (Tries::Low, TokenFault::WrongPin { tries: Tries::Low }),
                Tries::Low => (Tries::Last, TokenFault::WrongPin { tries: Tries::Last }),
                Tries::Last | Tries::None => (Tries::None, TokenFault::PinLocked),
            };
            self.tries.set(left);
            return Err(fault.into());
        }
        self.tries.set(Tries::Unsaid);
        Ok(())
    }

    fn seen(&self) -> Seen {
        Seen {
            id: self.id.clone(),
            reader: format!("Reader of {}", self.id.label),
            vendor: "Vendor".to_owned(),
            driver: "/vendor.so".into(),
            storage: self.storage.map(str::to_owned),
            pin: Pin { place: self.place, is_set: self.pin_is_set.get(), tries: self.tries.get(), length: (4, 16) },
            keys: Arc::new(if self.hides { Vec::new() } else { self.keys.clone() }),
            is_current: self.is_current.get(),
        }
    }
}

impl Rack {
    pub fn of(tokens: Vec<Stick>) -> Self {
        let rack = Self::default();
        rack.is_settled.set(true);
        *rack.tokens.borrow_mut() = tokens.into_iter().map(Rc::new).collect();
        rack
    }

    pub fn stick(&self, index: usize) -> Rc<Stick> {
        Rc::clone(&self.tokens.borrow()[index])
    }
}

impl Tokens for Rack {
    fn snapshot(&self) -> Snapshot {
        let tokens = self.tokens.borrow();
        Snapshot {
            tokens: tokens.iter().filter(|stick| stick.is_in.get()).map(|stick| stick.seen()).collect(),
            faults: self.faults.borrow().clone(),
            is_settled: self.is_settled.get(),
        }
    }

    fn token(&self, seen: &Seen) -> Option<Rc<dyn KeyStore>> {
        let tokens = self.tokens.borrow();
        let stick = tokens.iter().find(|stick| stick.id == seen.id && stick.is_in.get())?;
        Some(Rc::new(Handle { stick: Rc::clone(stick), shown: seen.pin.tries }))
    }

    fn makes(&self, id: &TokenId) -> Result<Vec<NewKey>, TokenFault> {
        let tokens = self.tokens.borrow();
        let stick = tokens.iter().find(|stick| stick.id == *id && stick.is_in.get()).ok_or(TokenFault::Gone)?;
        Ok(stick.makes.clone())
    }

    fn remove(&self, id: &TokenId, _: &Password, key: &KeyId) -> Result<(), StoreError> {
        let tokens = self.tokens.borrow();
        let stick = tokens.iter().find(|stick| stick.id == *id).ok_or(TokenFault::Gone)?;
        stick.removed.borrow_mut().push(key.clone());
        Ok(())
    }

    fn watch(&self, _: Waker) -> Box<dyn Any> {
        struct Watching(Rc<Cell<i32>>);
        impl Drop for Watching {
            fn drop(&mut self) {
                self.0.set(self.0.get() - 1);
            }
        }
        self.was_watched.set(true);
        self.watchers.set(self.watchers.get() + 1);
        Box::new(Watching(Rc::clone(&self.watchers)))
    }
}

struct Handle {
    stick: Rc<Stick>,
    /// What the window says of its PIN.
    shown: Tries,
}

impl Handle {
    /// What is there for who is logged in.
    fn opened(&self) -> Opened {
        let pin = Password::new(PIN.to_owned()).unwrap();
        let inner = self.stick.file.as_ref().map(|file| file.unlock(&pin)).transpose()?;
        Ok(Box::new(Session { stick: Rc::clone(&self.stick), inner }))
    }
}

impl KeyStore for Handle {
    fn label(&self) -> String {
        self.stick.id.label.clone()
    }

    fn list(&self) -> Result<Listing, StoreError> {
        Ok(if self.stick.hides { Listing::Locked } else { Listing::Keys(self.stick.keys.clone()) })
    }

    fn unlock(&self, password: &Password) -> Result<Box<dyn UnlockedStore>, StoreError> {
        let stick = &self.stick;
        if stick.tries.get() == Tries::Last && self.shown < Tries::Last {
            return Err(TokenFault::TriesChanged { tries: Tries::Last }.into());
        }
        stick.log_in(password)?;
        self.opened()
    }

    fn generate(&self, password: &Password, kind: NewKey, label: &str) -> Result<Generated, StoreError> {
        self.stick.log_in(password)?;
        let file =
            self.stick.file.as_ref().filter(|_| self.stick.makes.contains(&kind)).ok_or(TokenFault::Unsupported)?;
        file.generate(&Password::new(PIN.to_owned()).unwrap(), kind, label)
    }

    fn generate_unlocked(
        &self,
        password: &Password,
        kind: NewKey,
        label: &str,
    ) -> Result<(Generated, Opened), StoreError> {
        let made = self.generate(password, kind, label)?;
        Ok((made, self.opened()))
    }

    fn import(&self, password: &Password, what: Import<'_>) -> Result<KeyId, StoreError> {
        self.stick.log_in(password)?;
        let file = self.stick.file.as_ref().ok_or(TokenFault::Unsupported)?;
        file.import(&Password::new(PIN.to_owned()).unwrap(), what)
    }

    fn import_unlocked(&self, password: &Password, what: Import<'_>) -> Opened {
        self.import(password, what)?;
        self.opened()
    }
}

struct Session {
    stick: Rc<Stick>,
    inner: Option<Box<dyn UnlockedStore>>,
}

impl UnlockedStore for Session {
    fn list(&self) -> &[ListedKey] {
        self.inner.as_ref().map(|inner| inner.list()).unwrap_or_default()
    }

    fn signer(&self, key: &KeyId) -> Result<Box<dyn Signer>, StoreError> {
        if !self.stick.is_in.get() {
            return Err(TokenFault::Gone.into());
        }
        let inner = match &*self.stick.impostor.borrow() {
            Some(file) => {
                let store = file.unlock(&Password::new(PIN.to_owned()).unwrap())?;
                store.signer(&store.list()[0].id)?
            }
            None => self.inner.as_ref().ok_or(StoreError::NoSuchKey)?.signer(key)?,
        };
        Ok(Box::new(Hand { stick: Rc::clone(&self.stick), inner }))
    }

    fn requester(&self, key: &KeyId) -> Result<Box<dyn Requester>, StoreError> {
        self.inner.as_ref().ok_or(StoreError::NoSuchKey)?.requester(key)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stick.logouts.set(self.stick.logouts.get() + 1);
    }
}

struct Hand {
    stick: Rc<Stick>,
    inner: Box<dyn Signer>,
}

impl Signer for Hand {
    fn certificate(&self) -> &Certificate {
        self.inner.certificate()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.inner.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        match &*self.stick.fails.borrow() {
            Some(error) => Err(error.clone()),
            None => self.inner.sign_digest(digest),
        }
    }
}
