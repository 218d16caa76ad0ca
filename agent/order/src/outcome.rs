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
    /// A finished CMS with time stamps added, DER.
    Stamped(ByteBuf),
    /// The person chose this file; its absolute path.
    FileChosen(String),
    /// What the signatures of a document are worth, one entry for each; none: there was no signature.
    Verified(Vec<SignatureCheck>),
    /// A digest.
    Digest(ByteBuf),
    /// A file was written here.
    Saved(String),
    /// The person was told.
    Told,
    /// A key was made, and this is the request for its certificate.
    Requested(Requested),
    /// This certificate was installed with its key.
    Imported(Box<KeyInfo>),
    /// The person said no, or closed the window.
    Cancelled,
    /// It could not be done; the person has seen why where a window was open.
    Failed(Failure),
}

/// Signatures, in the order of the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// One for each document, each verified before it left the signer: a DER-encoded CMS `ContentInfo`, a signed XML
    /// document in UTF-8, or a bare signature value. Empty when they were not delivered to the page.
    pub signatures: Vec<ByteBuf>,
    /// The key that signed.
    pub key: Box<KeyInfo>,
    /// Who signed, for the journal: the certificate's common name.
    pub signer_name: String,
    /// SHA-256 of what was signed, for the journal, where the documents did not come with the request.
    pub digests: Vec<ByteBuf>,
    /// The paths of the signatures, where they went to files.
    pub files: Vec<String>,
    /// What the site answered, where they went there.
    pub uploaded: Option<Uploaded>,
}

/// A request for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// What the pending request is called on this computer.
    pub id: String,
    /// The PKCS #10 CertificationRequest (RFC 2986), DER.
    pub request: ByteBuf,
    /// Who asks for a certificate, for the journal: the commonName.
    pub name: String,
}

/// What a site answered to an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// What the site calls the file.
    pub id: String,
    /// The document's file name.
    pub name: String,
    /// The document's size in octets.
    pub size: u64,
}

/// What one signature is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureCheck {
    /// Whether the signature fits the document and the certificate was good when it was made.
    pub is_good: bool,
    /// Whose it is; `None` when the certificate is not there.
    pub key: Option<Box<KeyInfo>>,
    /// When it was made as it says itself, milliseconds since 1970-01-01T00:00:00Z.
    pub signed_at_ms: Option<i64>,
    /// Why it is not good, in English; empty when it is.
    pub detail: String,
}

/// What the person decided about the site itself, beside the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SiteChoice {
    /// This site may go on asking.
    Allow,
    /// This site may name files of this computer by their paths from now on.
    AllowPaths,
    /// This site is not heard again until the person lifts it.
    Block,
    /// [`Self::Allow`] and [`Self::AllowPaths`].
    AllowBoth,
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
    /// A document is not what its form needs: no XML, no CMS. The detail is what NCALayer says of it.
    Malformed,
    /// A file that the page named is not there or cannot be read.
    FileUnreadable,
    /// A service of the NCA, or the site's own server, did not answer as it must.
    Service,
    /// A certificate is none, or belongs to no key that waits for one.
    InvalidCertificate,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::Signing,
        Self::StorageEmpty,
        Self::InvalidRequest,
        Self::TooLarge,
        Self::SignerUnavailable,
        Self::TooManyRequests,
        Self::Malformed,
        Self::FileUnreadable,
        Self::Service,
        Self::InvalidCertificate,
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
            Self::Malformed => "malformed",
            Self::FileUnreadable => "file-unreadable",
            Self::Service => "service",
            Self::InvalidCertificate => "invalid-certificate",
        }
    }
}

/// What `getKeyInfo` tells a page (`ncalayer-protocol.md` 4.11), as facts; the dialect gives them their spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
        let written = [
            "signing",
            "storage-empty",
            "invalid-request",
            "too-large",
            "signer-unavailable",
            "too-many-requests",
            "malformed",
            "file-unreadable",
            "service",
            "invalid-certificate",
        ];
        assert_eq!(names, written);
    }
}
