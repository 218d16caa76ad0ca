//! The tokens that are plugged in, as a window needs them.
//!
//! Behind [`Tokens`] stands the fleet of vendors' libraries; a test has tokens of its own there.

use crate::libraries::{self, Inquiry};
use keystore::{
    KeyId, KeyStore, NewKey, Password, StoreError,
    pkcs11::{Fleet, Library, Seen, Snapshot, TokenFault, TokenId},
};
use settings::Places;
use std::{any::Any, cell::RefCell, io, rc::Rc, time::Duration};

/// Called, on any thread, when the tokens are not what they were.
pub type Waker = Box<dyn Fn() + Send + Sync>;

/// For a token that is at work when the person says no: one that is only slow shall not be torn out of it.
const GRACE: Duration = Duration::from_secs(1);

/// What is plugged in.
pub trait Tokens {
    /// What is known now, without waiting.
    fn snapshot(&self) -> Snapshot;

    /// A token that is plugged in, as the person has it before their eyes.
    fn token(&self, seen: &Seen) -> Option<Rc<dyn KeyStore>>;

    /// The kinds of keys that a plugged-in token makes; none: nothing can be written to it.
    ///
    /// # Errors
    /// [`TokenFault`].
    fn makes(&self, id: &TokenId) -> Result<Vec<NewKey>, TokenFault>;

    /// Removes a key that was just made and is of no use.
    ///
    /// # Errors
    /// [`StoreError`].
    fn remove(&self, id: &TokenId, pin: &Password, key: &KeyId) -> Result<(), StoreError>;

    /// Looks again and again, from now until the value is dropped.
    fn watch(&self, changed: Waker) -> Box<dyn Any>;

    /// What is called, on any thread, when the person no longer waits for a token that is at work: one that hangs is not
    /// waited for.
    fn give_up(&self) -> Waker {
        Box::new(|| ())
    }
}

impl Tokens for Fleet {
    fn snapshot(&self) -> Snapshot {
        self.snapshot()
    }

    fn token(&self, seen: &Seen) -> Option<Rc<dyn KeyStore>> {
        let token = self.shown(seen)?;
        Some(Rc::new(token))
    }

    fn makes(&self, id: &TokenId) -> Result<Vec<NewKey>, TokenFault> {
        self.token(id).ok_or(TokenFault::Gone)?.makes()
    }

    fn remove(&self, id: &TokenId, pin: &Password, key: &KeyId) -> Result<(), StoreError> {
        self.token(id).ok_or(TokenFault::Gone)?.remove(pin, key)
    }

    fn watch(&self, changed: Waker) -> Box<dyn Any> {
        Box::new(self.watch(changed))
    }

    fn give_up(&self) -> Waker {
        let fleet = self.clone();
        Box::new(move || fleet.give_up(GRACE))
    }
}

/// What a person calls a token.
#[must_use]
pub fn name_of(id: &TokenId) -> String {
    match id.label.trim() {
        "" => id.serial.clone(),
        label => format!("{label} ({})", id.serial),
    }
}

/// The libraries of one process. They stay loaded from one order to the next, and are let go when other ones are named.
#[derive(Default)]
pub struct Shelf {
    inquiry: Inquiry,
    fleet: RefCell<Option<(Vec<Library>, Fleet)>>,
}

impl Shelf {
    /// The fleet of the libraries that are asked here now.
    ///
    /// # Errors
    /// When the system does not say where this program is, which has to load them.
    pub fn fleet(&self, places: &Places) -> io::Result<Fleet> {
        let named = self.inquiry.to_ask(places);
        let mut shelf = self.fleet.borrow_mut();
        if let Some((known, fleet)) = &*shelf
            && *known == named
        {
            return Ok(fleet.clone());
        }
        let fleet = libraries::fleet(places, named.clone())?;
        *shelf = Some((named, fleet.clone()));
        Ok(fleet)
    }
}
