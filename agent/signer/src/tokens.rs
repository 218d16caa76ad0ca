//! The tokens that are plugged in, as a window needs them.
//!
//! Behind [`Tokens`] stands the fleet of vendors' libraries; a test has tokens of its own there.

use crate::libraries::{self, Inquiry};
use keystore::{
    KeyStore,
    pkcs11::{Fleet, Library, Snapshot, TokenId},
};
use settings::Places;
use std::{any::Any, cell::RefCell, io, rc::Rc};

/// Called, on any thread, when the tokens are not what they were.
pub type Waker = Box<dyn Fn() + Send + Sync>;

/// What is plugged in.
pub trait Tokens {
    /// What is known now, without waiting.
    fn snapshot(&self) -> Snapshot;

    /// A token that is plugged in.
    fn token(&self, id: &TokenId) -> Option<Rc<dyn KeyStore>>;

    /// Looks again and again, from now until the value is dropped.
    fn watch(&self, changed: Waker) -> Box<dyn Any>;
}

impl Tokens for Fleet {
    fn snapshot(&self) -> Snapshot {
        self.snapshot()
    }

    fn token(&self, id: &TokenId) -> Option<Rc<dyn KeyStore>> {
        let token = self.token(id)?;
        Some(Rc::new(token))
    }

    fn watch(&self, changed: Waker) -> Box<dyn Any> {
        Box::new(self.watch(changed))
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
