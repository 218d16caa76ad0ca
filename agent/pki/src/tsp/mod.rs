//! Time stamps (RFC 3161, RFC 5816) in the form of the NCA's service (kz-crypto 12).
//!
//! [`Request`] makes the octets to send, [`Request::accept`] judges the octets that came back, and [`Token::verify`] judges
//! a token wherever it is found: that a time-stamp authority said when it saw the digest of exactly this data. Whether
//! that authority is believed is asked with [`Stamp::path`], and whether its certificate was revoked is
//! [`crate::status`]'s business.
//!
//! Nothing here opens a connection or asks the clock for the time.

mod error;
mod info;
mod request;
mod response;
mod token;

pub use error::TspError;
pub use info::{Accuracy, TstInfo};
pub use request::{Policy, Request};
pub use response::{Failure, Response, ResponseStatus};
pub use token::{Stamp, Stamped, Token};
