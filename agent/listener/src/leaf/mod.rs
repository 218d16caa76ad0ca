//! The local certificate: a self-signed leaf for this computer's own names, and no authority.
//!
//! - [`Leaf`]: one certificate with its key, made here, kept in one file that only its owner reads.
//! - [`Shelf`]: where it is kept, and when it is replaced.
//! - `keeper`: replacing it under a running listener, and handing the browsers' trust on to the new one.

mod certificate;
pub(crate) mod keeper;
mod shelf;

pub use certificate::{Leaf, LeafError};
pub use keeper::hand_trust_on;
pub use shelf::{Opened, Shelf};
