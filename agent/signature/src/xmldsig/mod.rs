//! XML signatures.
pub mod c14n;
pub mod xml;
