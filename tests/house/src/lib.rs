//! Tests over the workspace itself. There is nothing here but tests:
//!
//! - `rooms`: which crate may use which, and what each program must never link;
//! - `dependencies`: every dependency is explained in `docs/dependencies.md`;
//! - `catalogues`: the three languages say the same things, and code asks only for sentences that exist;
//! - `words`: what must not stand in a tracked file.

#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod catalogues;
mod dependencies;
mod rooms;
mod words;
mod workspace;
