//! NCALayer's wire dialect: text of a page to an [`order::Task`], [`order::Outcome`] to text. Pure; no I/O.
//!
//! A door keeps one [`Session`] for each socket, sends [`GREETING`] with the handshake, and gives every text frame to
//! [`Session::receive`]. What comes back is a [`Step`]: nothing to send, a reply to send at once, an [`Ask`] for the
//! person, whose [`Reply`] turns the outcome into the answer of the very call that asked, or that the text shall come again
//! when it is known which tokens are plugged in.
//!
//! - [`envelope`](Session): greeting, heartbeat, which module answers; one file for each module:
//!   `basics`, `common_utils`, `accessory`, `applet` (the API before 2018), and those of others: `nur_sign`, `knp`,
//!   `esf`, `ez_signer`, `uchet`.
//! - `common_reply`: what the modules of others took over from `common_utils`.
//! - `lenient_json`: the JSON that `org.json` lets pass.
//! - `table`: which methods a module has, for dispatch and for the page of the site developers.
//! - `plugged`: which tokens are there, and what they are called.
//! - `document`: base64 and text within [`Limits`]; `named`: paths, endings and addresses that a page names.
//! - `writer`: the JSON that goes back; `key_info`: how a certificate is told; `calendar`: how a time is.
//!
//! What is answered is listed, method by method, in `docs/ncalayer-dialect.md`: [`listing`] writes that table from the
//! tables that dispatch here. Nothing in this crate logs, and no type of it prints a document.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod accessory;
mod applet;
mod basics;
mod calendar;
mod common_reply;
mod common_utils;
mod document;
mod envelope;
mod esf;
mod ez_signer;
mod key_info;
mod knp;
mod lenient_json;
mod named;
mod nur_sign;
mod plugged;
mod table;
#[cfg(test)]
mod table_tests;
mod uchet;
mod writer;

pub use document::Limits;
pub use envelope::{Ask, GREETING, HEARTBEAT, Reply, Session, Silence, Step, is_heartbeat};
pub use lenient_json::{Fault, JsonError};
pub use table::listing;
