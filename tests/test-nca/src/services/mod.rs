//! The services of the miniature NCA: OCSP, lists, time stamps, and the counter where certificates are asked for.
//!
//! [`OcspReply`], [`List`] and [`Stamp`] write the messages, right or wrong, over any [`pki::Signer`]: a key of another
//! kind is another signer. [`Services`] keeps the register of revocations and answers requests with them, well or in one
//! of the ways of [`Awkward`]; [`Counter`] takes requests, renewals and revocations; [`Server`] lets it be asked over HTTP on this machine.

mod answering;
mod awkward;
mod counter;
mod counter_http;
mod list;
mod ocsp;
mod server;
mod stamp;

pub use answering::Services;
pub use awkward::Awkward;
pub use counter::{Counter, Receipt, Refused};
pub use list::{List, Listed};
pub use ocsp::{OcspReply, ResponderForm, Said, ocsp_refusal};
pub use server::{Place, Server};
pub use stamp::{Ess, Stamp, stamp_refusal, stamp_response};

use pki::{Signer, tlv};

use crate::TestNcaError;

/// The signature over `signed`, by the signer's algorithm.
fn signature(signer: &dyn Signer, signed: &[u8]) -> Result<Vec<u8>, TestNcaError> {
    signer.algorithm().digest_algorithm().ok_or(TestNcaError::Algorithm)?;
    Ok(signer.sign(signed)?)
}

/// `SEQUENCE { signed, algorithm, signature, rest }`: certificates, lists and OCSP responses have this form.
fn signed(signer: &dyn Signer, signed: &[u8], rest: &[u8]) -> Result<Vec<u8>, TestNcaError> {
    let signature = tlv::element(tlv::BIT_STRING, &[&[0], &signature(signer, signed)?]);
    let algorithm = signer.algorithm().to_der();
    Ok(tlv::element(tlv::SEQUENCE, &[signed, &algorithm, &signature, rest]))
}

/// ENUMERATED.
fn enumerated(number: u8) -> Vec<u8> {
    tlv::element(0x0a, &[&[number]])
}

/// One Extension.
fn extension(oid: pki::ObjectIdentifier, critical: &[u8], value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), critical, &tlv::element(tlv::OCTET_STRING, &[value])])
}

/// The flag of a critical extension.
const CRITICAL: &[u8] = &[tlv::BOOLEAN, 1, 0xff];
/// That of another one: DER leaves it out.
const NOT_CRITICAL: &[u8] = &[];
