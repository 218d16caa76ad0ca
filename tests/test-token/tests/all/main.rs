//! The library as programs meet it: through its C interface, and through programs of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

mod faults;
mod other_programs;
mod pins;
mod plugging;
mod raw;
mod signing;
mod specification;
mod strictness;
mod world;
