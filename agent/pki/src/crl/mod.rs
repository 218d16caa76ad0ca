//! Revocation lists, complete and delta (RFC 5280 §5), as the NCA publishes them (kz-crypto 11).
//!
//! A list is megabytes of a few hundred thousand entries, and one of them is looked for. So a [`Crl`] is a view of the
//! octets that arrived: reading it takes its frame apart and steps over the entries, [`Crl::verify`] hashes what is
//! signed once, and [`Verified::find`] walks over the entries without keeping anything; a list that was not verified
//! cannot be asked. Which lists decide about a certificate is [`crate::status`]'s business.

mod error;
mod list;
mod number;
mod scope;

pub use error::CrlError;
pub use list::{Crl, Entry, Verified};
pub use number::CrlNumber;
