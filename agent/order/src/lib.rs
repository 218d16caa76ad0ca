//! The words the two halves share.
//!
//! A door of the listener turns what it heard into an [`Order`]; the signer carries it out and gives an [`Outcome`].
//! Between them stands a pipe: [`wire`] frames both. Nothing here knows NCALayer's JSON, and nothing here can hold a
//! password: there is no field for one.
//!
//! - [`Origin`], [`Program`], [`Requester`]: who asks.
//! - [`Order`], [`Task`]: what is asked; [`SignTask`], [`Document`], [`Form`]: what is signed and how; [`KeyFilter`]:
//!   with which keys; [`NewKeyTask`]: which key is made.
//! - [`Outcome`], [`Failure`], [`KeyInfo`]: what became of it.
//! - [`TokenSeen`]: a token that is plugged in.
//! - [`wire`]: length-prefixed CBOR frames over a pipe.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod filter;
mod new_key;
mod origin;
mod outcome;
mod sign;
mod site;
mod task;
mod token;
pub mod wire;

pub use filter::{Chain, KeyFilter, KeyUse, Locale, NamedKey, PlaceKind, StorageName};
pub use new_key::{NewKeyAlgorithm, NewKeyTask, Subject};
pub use origin::{Origin, PathPermission, Program, Requester, WebOrigin};
pub use outcome::{Failure, FailureCode, KeyInfo, Outcome, Requested, SignatureCheck, Signed, SiteChoice, Uploaded};
pub use sign::{Cms, Content, Delivery, Document, Form, SignTask, TimeStamp, Xml, XmlLayout, XmlPlace};
pub use site::registrable_domain;
pub use task::{FilePurpose, FileQuery, HashName, Notice, Order, RawKey, Readable, Task, VerifyTask};
pub use token::TokenSeen;
