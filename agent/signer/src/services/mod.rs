//! The NCA's services: time stamps, OCSP, revocation lists and authorities' certificates, fetched over HTTP; and the
//! asking site's own server; and this computer's own door, for `tanba doctor`; and the version file of whoever looks after
//! this Tanba.
//!
//! The only place of the program that opens a connection. What comes back is octets from a stranger: every answer is
//! signed and judged by `pki` or by [`crate::updates`], so neither TLS nor the address proves anything here. A certificate or a CMS is a
//! stranger's word too: an address in one is asked only where [`pki`]'s list of the NCA's hosts has it.
//!
//! - [`Services`]: who is asked, and how.
//! - [`Sites`]: the server of the site that asks, for what a page wants fetched or sent; [`SiteUrl`] says which addresses
//!   those are.
//! - [`loopback`]: this computer's own door, looked at from outside.
//! - [`ServiceError`], [`SiteError`]: why there is no answer, in words that name the service.

mod client;
mod date;
mod error;
pub mod loopback;
mod site;

pub use client::{Fetched, Heard, LONGEST_VERSION_FILE, Service, Services};
pub use error::ServiceError;
pub use site::{Gate, SiteError, SiteUrl, Sites, Upload};
