//! The tokens that are plugged in, as a window needs them.
//!
//! Behind [`Tokens`] stands the fleet of vendors' libraries; a test has tokens of its own there.

use keystore::{
    KeyStore,
    pkcs11::{Snapshot, TokenId},
};
use std::{any::Any, rc::Rc};

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

/// A computer without any token library.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn snapshot(&self) -> Snapshot {
        Snapshot { is_settled: true, ..Snapshot::default() }
    }

    fn token(&self, _: &TokenId) -> Option<Rc<dyn KeyStore>> {
        None
    }

    fn watch(&self, _: Waker) -> Box<dyn Any> {
        Box::new(())
    }
}
