//! A vendor's PKCS#11 library, in a process of its own.
//!
//! Such a library is a stranger's C code, often old: it may crash, hang, write to standard output or leak. It is therefore
//! loaded by nobody but `tanba-signer token-host`, one process for each library, which speaks [`wire`] over its standard
//! input and output with the signer. Whatever happens to it costs that library's tokens one call.
//!
//! - [`host`]: that process: it loads one library and answers.
//! - [`wire`]: the words of that conversation.
//! - `module`: the library itself, behind a safe interface.
//! - [`numbers`]: mechanisms, key types and attributes by their numbers, those of TC26 and of the vendors included.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod host;
mod module;
pub mod numbers;
pub mod wire;
