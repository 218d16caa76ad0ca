//! For tests: a PKCS#11 library of our own, with cards that are folders. `README.md` says how it is configured.
//!
//! It is two things in one package. As a C library it speaks PKCS#11 v2.40 (`ffi`), strictly: over keys of [`keystore`], in
//! whatever order of octets it is told, and as badly as it is told. As a Rust library, which is what stands below, it makes
//! such libraries and cards for tests:
//!
//! ```no_run
//! use tanba_test_token::{Card, CardKey, Fault, How, Module, NewKey};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = std::path::Path::new("somewhere");
//! let placed = Module::new("jacarta")
//!     .card(Card::new("card").pin("1234").key(CardKey::generate(NewKey::Gost512)?))
//!     .fault(Fault::new("C_Sign", How::Abort).times(1))
//!     .place(folder)?;
//! let library = placed.driver();
//! placed.card(0)?.unplug()?;
//! # let _ = library;
//! # Ok(())
//! # }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod attributes;
mod card;
mod config;
mod fault;
mod ffi;
mod library;
mod module;
mod numbers;
mod objects;
mod place;
mod placed;
mod sign;
pub mod softhsm;
pub mod spec;
mod template;
mod watched;

pub use config::{Algorithm, ByteOrder, CardConfig, Fault, How, ModuleConfig, Pad, Parameters, PointOrder, SlotConfig};
pub use keystore::NewKey;
pub use place::{Card, CardKey, Module, PlaceError};
pub use placed::{PlacedCard, PlacedModule};
