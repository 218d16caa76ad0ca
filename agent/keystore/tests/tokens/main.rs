//! Tokens behind a host that a test tells what to do: `examples/scripted_host.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(unreachable_pub)]

mod bad_hosts;
mod hosts;
mod keys;
mod pairs;
mod pins;
mod signing;
mod watching;
mod world;
