//! The tokens that are plugged in, as a window needs them.
//!
//! Behind [`Tokens`] stands the fleet of vendors' libraries; a test has tokens of its own there.

use keystore::{
    KeyStore,
    pkcs11::{Fleet, HostCommand, Library, Snapshot, TokenId},
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

/// The libraries of one process. They stay loaded from one order to the next, and are let go when other ones are named.
pub struct Shelf {
    host: HostCommand,
    fleet: RefCell<Option<(Vec<Library>, Fleet)>>,
}

impl Shelf {
    /// Hosts are this very program.
    ///
    /// # Errors
    /// When the system does not say where this program is.
    pub fn of_this_program() -> io::Result<Self> {
        let host = HostCommand { program: std::env::current_exe()?, arguments: vec!["token-host".into()] };
        Ok(Self { host, fleet: RefCell::new(None) })
    }

    /// The fleet of these libraries. In which order of octets modules speak is remembered among the data.
    pub fn fleet(&self, libraries: Vec<Library>, places: &Places) -> Fleet {
        let mut shelf = self.fleet.borrow_mut();
        if let Some((known, fleet)) = &*shelf
            && *known == libraries
        {
            return fleet.clone();
        }
        let memory = places.data().join("token-layouts.json");
        let fleet = Fleet::new(libraries.clone(), self.host.clone(), Some(memory));
        *shelf = Some((libraries, fleet.clone()));
        fleet
    }
}
