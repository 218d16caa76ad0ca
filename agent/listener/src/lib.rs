//! The resident half: doors for pages, origins and permissions, the queue of windows, the journal.
//!
//! A page's request walks straight down and straight back:
//!
//! - `door`: TLS and plain WebSocket on one loopback port; who speaks; limits.
//! - `walk`: one request's way, and the order of the rooms on it.
//! - `policy`: may this caller ask this? Asked once, for every door and every module.
//! - `desk`: one window at a time; the signer process.
//! - [`tray`]: how Tanba stands, as an icon with a menu; `board` is where the rooms write that.
//! - `tokens`: which tokens are plugged in, as a process of its own tells it.
//! - [`guardian`]: somebody looks daily whether a key ends soon, as a process of its own.
//! - `journal`: one row for each decision.
//! - `page`: the check page, which tells a person whether sites reach Tanba, and what is in the way.
//! - [`leaf`]: the local certificate.
//! - [`native`]: the framing of browsers' native messaging, for the extension's door, which comes later.
//!
//! Nothing here holds a key, sees a password, or opens an outgoing connection. What is logged is who asked and why
//! something failed, never what was to be signed.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod board;
mod child;
mod desk;
mod door;
pub mod guardian;
pub mod journal;
pub mod leaf;
mod listener;
pub mod native;
mod page;
mod policy;
mod seldom;
mod setup;
mod stop;
mod tokens;
pub mod tray;
mod walk;

pub use board::Board;
pub use door::StartError;
pub use listener::{Listener, language};
pub use order::PathPermission;
pub use policy::{Decision, Site, forget_site, sites};
pub use setup::{Clock, Patience, Setup, SignerCommand, SystemClock};
