//! CMS SignedData (RFC 5652), taken apart without a judgement: what documents' signatures and time stamps share.
//!
//! Everything is a slice of what arrived. Whoever judges says what is good: [`crate::tsp`] for time stamps, the room
//! `signature` for documents.

mod attributes;
mod structure;

use const_oid::ObjectIdentifier;

pub use attributes::{Ess, NotOne, are_der, attributes, means, one, signed_digest};
pub use structure::{
    Algorithm, CmsError, MAX_ATTACHED_LEN, MAX_LEN, MOST_NAMESAKES, SignedData, SignerIdentifier, SignerInfo,
    attached_content,
};

/// Content type id-signedData.
pub const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// Content type id-data.
pub const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// Attribute contentType.
pub const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// Attribute messageDigest.
pub const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// Attribute signingTime.
pub const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// Attribute signingCertificate (RFC 2634).
pub const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// Attribute signingCertificateV2 (RFC 5035).
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
