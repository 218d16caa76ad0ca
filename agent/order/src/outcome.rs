//! What became of an order.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The end of an order: exactly one per [`crate::Order`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The person signed.
    Signed(Signed),
    /// The person showed this certificate.
    KeyShown(Box<KeyInfo>),
    /// The person said no, or closed the window.
    Cancelled,
    /// It could not be done; the person has seen why where a window was open.
    Failed(Failure),
}

/// Signatures, in the order of the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// One DER-encoded CMS `ContentInfo` for each document, each verified before it left the signer.
    pub signatures: Vec<ByteBuf>,
    /// The signer's certificate, DER.
    #[serde(with = "serde_bytes")]
    pub certificate: Vec<u8>,
    /// Who signed, for the journal: the certificate's common name.
    pub signer_name: String,
}

/// What the person decided about the site itself, beside the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SiteChoice {
    /// This site may go on asking.
    Allow,
    /// This site is not heard again until the person lifts it.
    Block,
}

/// Why an order failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The stable code.
    pub code: FailureCode,
    /// The cause in English, for the page's developer and the log; no secret, no content, no path.
    pub detail: String,
}

/// Stable codes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureCode {
    /// The key or its storage cannot do what was asked.
    Signing,
    /// The storage that was asked for has nothing in it.
    StorageEmpty,
    /// The order does not fit together.
    InvalidRequest,
    /// Larger than the signer takes.
    TooLarge,
    /// The signer could not be started, or ended in the middle.
    SignerUnavailable,
    /// Too many requests wait already.
    TooManyRequests,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 6] = [
        Self::Signing,
        Self::StorageEmpty,
        Self::InvalidRequest,
        Self::TooLarge,
        Self::SignerUnavailable,
        Self::TooManyRequests,
    ];

    /// The code's name in records that outlive a version, such as the journal: it never changes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::StorageEmpty => "storage-empty",
            Self::InvalidRequest => "invalid-request",
            Self::TooLarge => "too-large",
            Self::SignerUnavailable => "signer-unavailable",
            Self::TooManyRequests => "too-many-requests",
        }
    }
}

/// What `getKeyInfo` tells a page (`ncalayer-protocol.md` 4.11), as facts; the dialect gives them their spelling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// The key's name inside its store; in NCA key files the subject key identifier in hexadecimal.
    pub alias: String,
    /// The subject key identifier.
    #[serde(with = "serde_bytes")]
    pub key_id: Vec<u8>,
    /// The algorithm as Kalkan names it: `ECGOST3410-2015-512`, `ECGOST34310`, `RSA`.
    pub algorithm: String,
    /// The subject's common name.
    pub subject_cn: String,
    /// The subject in the encoded order, as `ncalayer-protocol.md` 4.11 spells it.
    pub subject_dn: String,
    /// The issuer's common name.
    pub issuer_cn: String,
    /// The issuer, spelled as the subject is.
    pub issuer_dn: String,
    /// The serial number, big-endian.
    #[serde(with = "serde_bytes")]
    pub serial_number: Vec<u8>,
    /// Begin of validity, milliseconds since 1970-01-01T00:00:00Z.
    pub not_before_ms: i64,
    /// End of validity, milliseconds since 1970-01-01T00:00:00Z.
    pub not_after_ms: i64,
    /// The issuer's key identifier; empty where the certificate names none.
    #[serde(with = "serde_bytes")]
    pub authority_key_id: Vec<u8>,
    /// The certificate, DER.
    #[serde(with = "serde_bytes")]
    pub certificate: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codes_name_is_what_journals_already_hold() {
        let names = FailureCode::ALL.map(FailureCode::as_str);
        let written =
            ["signing", "storage-empty", "invalid-request", "too-large", "signer-unavailable", "too-many-requests"];
        assert_eq!(names, written);
    }
}
