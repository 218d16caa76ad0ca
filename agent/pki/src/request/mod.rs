//! Asking an authority for a certificate, and what goes between the two before and after.
//!
//! - [`Wanted`], [`make`]: a PKCS#10 CertificationRequest (RFC 2986), signed by the key that it asks for.
//! - [`CertificationRequest`]: reading one, over the octets as they came.
//! - [`answer`]: what the authority sends back, in any of the forms in which certificates travel.
//! - [`revocation`]: the statement that a certificate is no longer to be relied on.
//! - [`message`]: what the holder's present key signs for an authority.
//!
//! Names, string types, purposes and key usages are those of the NCA's certificates (kz-crypto 8). What the NCA's own
//! requests contain octet by octet is not known: none was found in public. Theirs are made by the portal's own program and
//! may have attributes that are not here; what is here is what RFC 2986 and RFC 2985 ask for, and what a certificate of
//! the NCA shows afterwards.
//!
//! A renewal is a request for the new key that the present key signed, a revocation such a statement: both are a
//! [`message`] of RFC 5272 inside of a SignedData. The envelope is made by the room `signature`, with a content type that no
//! document's signature has ([`message::PKI_DATA`]).

pub mod answer;
mod error;
pub mod message;
mod read;
pub mod revocation;
mod write;

pub use error::{RequestError, WriteError};
pub use read::CertificationRequest;
pub use write::{Wanted, make};
