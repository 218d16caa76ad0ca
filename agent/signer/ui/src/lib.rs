//! The windows as Slint compiles them: generated code only, so that it is built once.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

slint::include_modules!();

/// The windows' font as a file, for a system that has none.
pub const FONT: &[u8] = include_bytes!("../fonts/TanbaSans-Regular.ttf");

/// Its bold letters.
pub const BOLD_FONT: &[u8] = include_bytes!("../fonts/TanbaSans-Bold.ttf");

/// The letters of one width.
pub const MONO_FONT: &[u8] = include_bytes!("../fonts/TanbaSansMono-Regular.ttf");
