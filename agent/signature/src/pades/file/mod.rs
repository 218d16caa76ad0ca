//! The PDF file: as much of ISO 32000 as signatures need, read from strangers' octets, and extended by an update.
//!
//! The reader goes from the last `startxref` through all cross-reference tables and streams and reads single objects on
//! demand; it decompresses cross-reference and object streams and nothing else. It repairs nothing: a document that
//! readers have to guess about would be shown differently by each of them.

mod budget;
mod document;
mod extent;
mod filter;
mod object;
mod parser;
mod update;
mod xref;

pub(super) use budget::Budget;
pub(super) use document::Document;
pub(super) use object::{Dictionary, Object, Reference, write_hex};
pub(super) use parser::is_space;
pub(super) use update::{Body, Update, current};
pub(super) use xref::Entry;
