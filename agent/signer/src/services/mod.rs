//! The NCA's services: time stamps, OCSP, revocation lists and authorities' certificates, fetched over HTTP.
//!
//! The only place of the program that opens a connection. What comes back is octets from a stranger: every answer is
//! signed by the NCA and judged by `pki`, so neither TLS nor the address proves anything here. A certificate or a CMS is a
//! stranger's word too: an address in one is asked only where [`pki`]'s list of the NCA's hosts has it.
//!
//! - [`Services`]: who is asked, and how.
//! - [`ServiceError`]: why there is no answer, in words that name the service.

mod client;
mod error;

pub use client::{Fetched, Service, Services};
pub use error::ServiceError;
