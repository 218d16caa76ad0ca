//! What differs between systems: one trait per concern, one file per system.
//!
//! - [`autostart`]: starting when the person logs in.
//! - [`beside`]: the other half's program, found and asked.
//! - [`children`]: ending a process together with whatever it started.
//! - [`descriptors`]: how many files and sockets may be open.
//! - [`environment`]: what of the environment a program that is started gets.
//! - [`files`]: folders and files that only their owner reads, written whole or not at all.
//! - [`instance`]: one listener per folder of data.
//! - [`pipes`]: the pipes that a process was started with, for itself alone.
//! - [`peer`]: whose connection this is, and which program holds a port.
//! - [`trusted`]: whether only the person and the administrator can have put a library where it is.
//! - [`notifications`]: a word to the person when no window is open (with the feature of that name).
//! - [`personal`]: the system's own store of a person's certificates and keys.
//! - [`trust`]: having a browser trust exactly one certificate.
//! - [`browsers`]: what an administrator lays down for browsers, and which programs these were told of.
//! - [`card_readers`]: whether the system's service for card readers is there.
//! - [`privacy`]: whether others could read what is the person's own.
//! - [`time_zone`]: how far from UTC this computer believes to be.
//! - [`hardening`]: giving up at start what a process does not need.
//!
//! Each concern with more than one system behind it is a folder: `mod.rs` has the trait and its words, `linux.rs` the
//! system that is served today, `elsewhere.rs` the honest answer of all others: [`Unsupported`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod autostart;
pub mod beside;
pub mod browsers;
pub mod card_readers;
pub mod children;
pub mod descriptors;
pub mod environment;
pub mod files;
pub mod hardening;
pub mod instance;
#[cfg(feature = "notifications")]
pub mod notifications;
pub mod peer;
pub mod personal;
pub mod pipes;
pub mod privacy;
pub mod time_zone;
pub mod trust;
pub mod trusted;

/// This concern is not served on this system yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{concern} is not possible on this system yet")]
pub struct Unsupported {
    /// What was wanted, as the beginning of a sentence.
    pub concern: &'static str,
}
