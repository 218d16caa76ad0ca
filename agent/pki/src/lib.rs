//! What a certificate says and whether to believe it; the Signer trait; BER to DER.
//!
//! Everything here reads bytes from strangers: documents are bounded in size, depth and work, errors are values with
//! the offset where it makes sense, and nothing panics. What is verified is verified over the slices that arrived, never
//! over a re-encoding.
//!
//! * [`tlv`], [`ber`], [`pem`]: the encodings
//! * [`time`]: moments, always given from outside
//! * [`oid`], [`algorithm`], [`key`]: what things are called, and verifying
//! * [`name`], [`serial`], [`holder`], [`certificate`], [`extensions`]: what a certificate says
//! * [`signer`]: who can sign
//! * [`cms`]: SignedData, taken apart
//! * [`trust`]: whether to believe a certificate
//! * [`tsp`]: time stamps, asked for and believed
//! * [`ocsp`], [`crl`], [`status`]: whether a certificate was revoked
//! * [`revocation`]: what OCSP and CRLs share; [`locations`]: where they are
//! * [`issue`]: writing certificates in the NCA's profile
//! * [`request`]: asking for a certificate, reading what comes back, asking for a revocation

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod algorithm;
pub mod ber;
pub mod certificate;
pub mod cms;
pub mod crl;
pub mod extensions;
pub mod holder;
pub mod issue;
pub mod key;
pub mod locations;
pub mod name;
pub mod ocsp;
pub mod oid;
pub mod pem;
pub mod request;
pub mod revocation;
mod rsa_ec;
pub mod serial;
pub mod signer;
pub mod status;
pub mod time;
pub mod tlv;
pub mod trust;
pub mod tsp;

pub use algorithm::{DigestAlgorithm, Hasher, SignatureAlgorithm};
pub use certificate::{Certificate, CertificateError};
pub use const_oid::ObjectIdentifier;
pub use extensions::KeyUsage;
pub use holder::{Bin, Holder, Iin, Role};
pub use key::{PublicKey, VerifyError};
pub use name::{Name, NameBuilder};
pub use serial::Serial;
pub use signer::{BareSigner, Signer, SignerError};
pub use time::{Timestamp, Validity};
