//! Tokens behind libraries: SoftHSM's, and the one of `tests/test-token`, each in a token host.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(unreachable_pub)]

mod cards;
mod faults;
#[path = "../tokens/hosts.rs"]
mod hosts;
#[path = "../tokens/pairs.rs"]
mod pairs;
mod softhsm;
mod world;
