//! XML signatures.
mod algorithms;
pub mod c14n;
mod index;
mod key_info;
mod layout;
mod locate;
mod make;
mod place;
mod report;
mod selector;
mod soap;
mod structure;
mod subject;
mod tree;
mod value;
mod verify;
pub mod xml;
#[cfg(test)]
mod xmlsec;

pub use algorithms::{digest_algorithm, digest_uri, signature_algorithm, signature_uri};
pub use index::MAX_SIGNATURES;
pub use layout::Layout;
pub use make::{Form, Role, SignError, Signed, sign, sign_soap};
pub use report::{Covers, Problem, ReferenceReport, Remark, Report, SignatureReport};
pub use selector::{Selector, SelectorError};
pub use structure::MAX_REFERENCES;
pub use verify::{Options, verify};
