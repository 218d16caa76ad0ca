//! XML signatures.
mod algorithms;
pub mod c14n;
mod index;
mod key_info;
mod report;
mod structure;
mod tree;
mod value;
mod verify;
pub mod xml;

pub use algorithms::{digest_algorithm, digest_uri, signature_algorithm, signature_uri};
pub use index::MAX_SIGNATURES;
pub use report::{Covers, Problem, ReferenceReport, Remark, Report, SignatureReport};
pub use structure::MAX_REFERENCES;
pub use verify::{Options, verify};
