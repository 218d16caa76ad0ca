//! CMS SignedData (RFC 5652) as CAdES (ETSI EN 319 122-1), in the form of the NCA's own tools (kz-crypto 13).
//!
//! [`sign`] makes one signature: id-data attached or detached, the signer's certificate and no other, issuer and serial
//! number, the four signed attributes contentType, signingTime, signingCertificateV2 and messageDigest. [`sign_as`] is for what is
//! no document, and says so in the signed content type; [`verify_as`] takes nothing else. [`stream`] does
//! the same with content that is too long to be held. [`amend`] adds to what is there: a signer, time stamps (CAdES-T),
//! certificates and revocation information (CAdES-LT).
//!
//! [`verify`] reads that and what else is about: several signers, Kalkan's key identifier in the place of the signature
//! algorithm, no ESS attribute, no signed attributes. It computes over the octets that arrived. What the signature
//! covers is the content, the signed attributes and, through signingCertificateV2, the certificate; every other octet of
//! SignedData is held against those. Not covered by anything, by their nature, are the unsigned attributes, further
//! certificates and CRLs; they do not enter the verdict. Time stamps among the unsigned attributes carry their own
//! signature, which is verified and reported apart ([`StampReport`]).
//!
//! Whether the certificates are believed, were valid, or are revoked is not the format's business: [`SignerReport`] and
//! [`StampReport`] hand them out together with the times.
//!
//! # Limits
//!
//! A CMS in memory has at most [`MAX_LEN`] octets; [`stream`] has its own limits. There are at most 64 signers, 64
//! certificates, 64 digest algorithms, 64 time stamps, and 64 attributes of either kind per signer. Each digest algorithm
//! is computed once over the content, whatever the number of signers.

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
pub use make::{Content, SignError, digest_fits, sign, sign_as, sign_for_pdf};
pub use pki::cms::{CmsError, MAX_ATTACHED_LEN, MAX_LEN, attached_content};
pub use report::{Check, Form, Problem, Remark, Report, SignerReport, StampReport};
pub use text::{DecodeError, TextForm, TextWriter, decode_any, encode, to_base64, to_base64_lines, to_pem};
pub use verify::{verify, verify_as};

use const_oid::ObjectIdentifier;
use pki::cms::{
    CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
};

const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const REVOCATION_VALUES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.24");
const ARCHIVE_TIME_STAMP_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.48");
const LONG_TERM_VALIDATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1733.2.2");

const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// The unsigned attributes that are read, or that only say where else to look.
const KNOWN_UNSIGNED: [ObjectIdentifier; 7] = [
    SIGNATURE_TIME_STAMP,
    REVOCATION_VALUES,
    // certificate-values
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.23"),
    // complete-certificate-references, complete-revocation-references, and the same for attribute certificates
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.21"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.22"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.44"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.45"),
];

/// The unsigned attributes with a signature or a time stamp that is not checked.
const UNCHECKED_UNSIGNED: [ObjectIdentifier; 7] = [
    // countersignature
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6"),
    // CAdES-C-timestamp, time-stamped-certs-crls-references
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.25"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.26"),
    // archive-time-stamp of the first version, the second, the third
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.27"),
    ARCHIVE_TIME_STAMP_V2,
    ObjectIdentifier::new_unwrap("0.4.0.1733.2.4"),
    LONG_TERM_VALIDATION,
];
