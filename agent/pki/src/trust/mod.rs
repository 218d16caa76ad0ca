//! Whether to believe a certificate: anchors, and the path from a certificate to one of them (RFC 5280 §6).
//!
//! An anchor is a name and a key (RFC 5280 §6.1.1(d)); no certificate of it is needed. A path is a chain of signatures
//! that were computed, by authorities that were allowed to make them. Validity periods are judged afterwards, at the
//! moment that matters to the caller ([`Path::validity_at`]), and revocation with [`crate::status`].

mod anchors;
mod authority;
mod path;

pub use anchors::{Anchor, Anchors, Environment, Provenance};
pub use authority::Authority;
pub(crate) use authority::identifiers_agree;
pub use path::{ChainError, Path, Standing, find_path, judge};
