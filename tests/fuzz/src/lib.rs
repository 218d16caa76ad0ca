//! What the fuzz targets share.
//!
//! A target is a program in `targets/` that libFuzzer feeds. What it demands of a reader, beside that nothing panics,
//! hangs or fills the memory, is of three kinds: what a mutated signature proves, a seed has already proved ([`Known`]);
//! two ways to one result agree; and what was read once is read the same again.
//!
//! * [`World`]: the miniature NCA that everything is held against, the same in every process
//! * [`Known`]: what the seeds prove
//! * [`proofs`]: what bytes prove, one function for each format
//! * [`sealed`]: key files whose checksum is right, so that what is behind it is reached
//! * [`documents`]: small XML and PDF documents
//! * [`tree`]: mutating DER
//! * [`seeds`]: what a corpus begins with

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a target reports")]

pub mod documents;
pub mod known;
pub mod proofs;
pub mod sealed;
pub mod seeds;
pub mod tree;
pub mod world;

pub use known::Known;
pub use world::{World, now, world};
