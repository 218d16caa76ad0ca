//! What came of what a person did.

use super::{Detail, Sentence};
use std::path::PathBuf;

/// What was done, what there is to know of it, and what comes next.
#[derive(Clone, Debug)]
pub struct Report {
    /// The identifier of the headline, which goes on from *you*.
    pub done: &'static str,
    /// What there is to know of it, line by line.
    pub details: Vec<Detail>,
    /// What to do next.
    pub next: Vec<Sentence>,
    /// The identifier of what the file is, and the file.
    pub file: Option<(&'static str, PathBuf)>,
    /// The identifier of the button that goes on; without one there is only a button to close.
    pub go_on: Option<&'static str>,
    /// The identifier of what can be undone.
    pub undo: Option<&'static str>,
}
