//! The words the two halves share.
//!
//! A door of the listener turns what it heard into an [`Order`]; the signer carries it out and gives an [`Outcome`].
//! Between them stands a pipe: [`wire`] frames both. Nothing here knows NCALayer's JSON, and nothing here can hold a
//! password: there is no field for one.
//!
//! - [`Origin`], [`Program`], [`Requester`]: who asks.
//! - [`Order`], [`Task`], [`KeyFilter`]: what is asked.
//! - [`Outcome`], [`Failure`], [`KeyInfo`]: what became of it.
//! - [`wire`]: length-prefixed CBOR frames over a pipe.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod origin;
mod outcome;
mod task;
pub mod wire;

pub use origin::{Origin, Program, Requester, WebOrigin};
pub use outcome::{Failure, FailureCode, KeyInfo, Outcome, Signed, SiteChoice};
pub use task::{
    Chain, Cms, Content, Document, DocumentKind, KeyFilter, KeyUse, Locale, Order, SignTask, StorageName, Task,
};
