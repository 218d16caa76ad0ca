//! The windows as Slint compiles them: generated code only, so that it is built once.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

slint::include_modules!();

/// The windows' font as a file, for a system that has none.
pub const FONT: &[u8] = include_bytes!("../fonts/TanbaSans-Regular.ttf");
