//! CMS SignedData (RFC 5652) as CAdES-BES (ETSI EN 319 122-1), in the form of the NCA's own tools (kz-crypto 13).
//!
//! [`sign`] makes one signature: id-data attached or detached, the signer's certificate and no other, issuer and serial
//! number, the four signed attributes contentType, signingTime, signingCertificateV2 and messageDigest.
//!
//! [`verify`] reads that and what else is about: several signers, Kalkan's key identifier in the place of the signature
//! algorithm, no ESS attribute, no signed attributes. It computes over the octets that arrived. What the signature
//! covers is the content, the signed attributes and, through signingCertificateV2, the certificate; every other octet of
//! SignedData is held against those. Not covered by anything, by their nature, are the unsigned attributes (time stamps
//! carry their own signature), further certificates and CRLs; they do not enter the verdict.
//!
//! Whether the certificate is believed, was valid, or is revoked is not the format's business: [`SignerReport`] hands it
//! out together with the signing time.
//!
//! # Limits
//!
//! A CMS has at most [`MAX_LEN`] octets, 64 signers, 64 certificates, 64 digest algorithms and 64 attributes of either
//! kind per signer. Each digest algorithm is computed once over the content, whatever the number of signers.

pub mod amend;
mod attributes;
mod content;
mod digests;
mod make;
mod report;
mod stamps;
pub mod stream;
mod text;
mod verify;

pub use content::External;
pub use digests::{ContentDigests, ContentHasher, digest_algorithms};
pub use make::{Content, SignError, digest_fits, sign, sign_for_pdf};
pub use pki::cms::{CmsError, MAX_ATTACHED_LEN, MAX_LEN, attached_content};
pub use report::{Check, Form, Problem, Remark, Report, SignerReport, StampReport};
pub use text::{DecodeError, TextForm, TextWriter, decode_any, encode, to_base64, to_base64_lines, to_pem};
pub use verify::verify;

use const_oid::ObjectIdentifier;
use pki::cms::{
    CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
};

const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const REVOCATION_VALUES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.24");
const ARCHIVE_TIME_STAMP_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.48");
const LONG_TERM_VALIDATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.2");

/// The unsigned attributes of CMS and CAdES: known by name, whether or not anything is done with them.
const KNOWN_UNSIGNED: [ObjectIdentifier; 14] = [
    // countersignature
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6"),
    SIGNATURE_TIME_STAMP,
    // complete-certificate-references, complete-revocation-references
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.21"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.22"),
    // certificate-values
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.23"),
    REVOCATION_VALUES,
    // CAdES-C-timestamp, time-stamped-certs-crls-references
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.25"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.26"),
    // archive-time-stamp of the first version
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.27"),
    // attribute-certificate-references, attribute-revocation-references
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.44"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.45"),
    ARCHIVE_TIME_STAMP_V2,
    LONG_TERM_VALIDATION,
    // archive-time-stamp-v3
    ObjectIdentifier::new_unwrap("0.4.0.1733.2.4"),
];
