//! The windows as Slint compiles them: generated code only, so that it is built once.

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

slint::include_modules!();
