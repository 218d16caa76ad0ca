//! OCSP (RFC 6960) in the form of the NCA's responder (kz-crypto 10).
//!
//! [`Request`] makes the octets to send, and [`Response::verify`] judges the octets that came back: signed by the
//! certificate's own issuer or by a responder that this issuer appointed, about exactly this certificate, for this
//! request, and fresh. Nothing here opens a connection or asks the clock for the time.

mod error;
mod request;
mod response;
mod verify;

pub use error::{OcspError, ResponseStatus};
pub use request::{CertId, Request};
pub use response::{CertStatus, Response};
pub use verify::{Answer, Question, Responder};
