//! `tanba doctor`: each finding is produced by breaking that very thing, and what mends it is proven to mend it, all through
//! the programs as they are shipped.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod autostart;
mod browsers;
mod clinic;
#[path = "../desk/mod.rs"]
mod desk;
mod door;
mod keys;
mod page;
mod places;
#[path = "../publisher/mod.rs"]
mod publisher;
mod puppet;
mod report;
mod services;
mod tokens;
mod trust;
mod version;
