//! What a verification found, as data.

use std::ops::Range;

use pki::{Certificate, DigestAlgorithm, ObjectIdentifier, SignatureAlgorithm, VerifyError};

use super::c14n::Method;
use super::xml::XmlError;
use crate::cms::Check;

/// What was found about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// One for each ds:Signature, in document order.
    pub signatures: Vec<SignatureReport>,
    /// What keeps the whole from being good, beside the signatures' own problems.
    pub problems: Vec<Problem>,
    /// What is unusual and accepted.
    pub remarks: Vec<Remark>,
}

impl Report {
    /// There is a signature, and every signature was computed and fits. What they cover is in the signatures' references;
    /// [`SignatureReport::covers_document`] says whether it is all. Says nothing about trust, validity and revocation of
    /// the certificates.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty() && !self.signatures.is_empty() && self.signatures.iter().all(SignatureReport::is_good)
    }
}

/// What was found about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureReport {
    /// The octets of the ds:Signature in the document.
    pub place: Range<usize>,
    /// Its attribute Id.
    pub id: Option<String>,
    /// The signer's certificate: that in KeyInfo whose key fits, or else the first.
    pub certificate: Option<Certificate>,
    /// All certificates in KeyInfo, in their order. Nothing there is signed.
    pub certificates: Vec<Certificate>,
    /// How SignedInfo becomes octets.
    pub canonicalization: Option<Method>,
    /// SignatureMethod as written.
    pub signature_method: String,
    /// The signature algorithm, when it is known.
    pub signature_algorithm: Option<SignatureAlgorithm>,
    /// What is signed.
    pub references: Vec<ReferenceReport>,
    /// SignedInfo, and so the digests in it, is signed by the certificate's key.
    pub signature: Check,
    /// What keeps this signature from being good.
    pub problems: Vec<Problem>,
    /// What is unusual and accepted.
    pub remarks: Vec<Remark>,
}

impl SignatureReport {
    /// Digests and signature were computed and fit, and nothing else is wrong.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty() && self.checks_hold()
    }

    /// A reference of this signature is to the whole document (without comments, as always).
    pub fn covers_document(&self) -> bool {
        self.references.iter().any(|reference| matches!(&reference.covers, Some(covers) if covers.is_document()))
    }

    pub(super) fn checks_hold(&self) -> bool {
        self.signature == Check::Good
            && self.certificate.is_some()
            && !self.references.is_empty()
            && self.references.iter().all(|reference| reference.digest == Check::Good && reference.covers.is_some())
    }
}

/// What was found about one Reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceReport {
    /// As written.
    pub uri: Option<String>,
    /// What it is a reference to; `None` when it is to nothing, or to nothing that is accepted.
    pub covers: Option<Covers>,
    /// The canonical form whose octets are digested.
    pub canonicalization: Option<Method>,
    /// DigestMethod as written.
    pub digest_method: String,
    /// The digest algorithm, when it is known.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// DigestValue.
    pub digest_value: Vec<u8>,
    /// What is there has that digest.
    pub digest: Check,
}

/// What a Reference covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covers {
    /// The element, from the document element on, with its names as written: `/soap:Envelope/soap:Body`. Elements beside
    /// one another may have the same path; the octets tell them apart.
    pub path: String,
    /// The element's octets; `None`: the whole document.
    pub element: Option<Range<usize>>,
    /// The signature itself is left out (enveloped).
    pub without_itself: bool,
    /// Signatures, by their number in the report, that were added later and are left out: a later enveloped signature is
    /// no part of what an earlier one saw (kz-crypto 14.5).
    pub without_later: Vec<usize>,
}

impl Covers {
    /// The whole document, rather than an element.
    pub const fn is_document(&self) -> bool {
        self.element.is_none()
    }
}

/// What keeps a signature from being good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// There is no ds:Signature.
    #[error("there is no signature inside")]
    NoSignature,
    /// More signatures than are checked.
    #[error("the document has too many signatures")]
    TooManySignatures,
    /// The ds:Signature is not made as XMLDSig says; the text names the element.
    #[error("the signature is malformed: {0}")]
    Malformed(&'static str),
    /// A canonicalisation method that is not accepted.
    #[error("canonicalisation {0} is not accepted")]
    Canonicalization(String),
    /// A transform that is not accepted, or not there: one enveloped-signature, then one canonicalisation, each optional.
    #[error("transform {0} is not accepted here")]
    Transform(String),
    /// A reference outside of the document, or in a form that is not accepted. Nothing is ever fetched.
    #[error("reference {0} is not accepted")]
    Reference(String),
    /// No element has the identifier.
    #[error("no element has the identifier {0}")]
    IdMissing(String),
    /// Several elements have it: which one was meant, nobody can say.
    #[error("several elements have the identifier {0}")]
    IdRepeated(String),
    /// Not computed: the digest algorithm is not known.
    #[error("not checked: digest algorithm {0} is not known")]
    UnknownDigest(String),
    /// Not computed: the signature algorithm is not known.
    #[error("not checked: signature algorithm {0} is not known")]
    UnknownSignature(String),
    /// What a reference names has no canonical form.
    #[error("no canonical form: {0}")]
    NoCanonicalForm(XmlError),
    /// The reference of that number, from 0, is to something with another digest.
    #[error("reference {0}: the content has another digest than the signed one")]
    DigestMismatch(usize),
    /// Not computed: a document that is long and has many references would keep us too long.
    #[error("not checked: the document has too many references for its length")]
    TooMuchWork,
    /// No certificate in KeyInfo, and none was given that is meant there.
    #[error("the signer's certificate is not inside")]
    CertificateMissing,
    /// Not checked: this version cannot. Never to be taken for a valid signature.
    #[error("not checked: algorithm {0} comes in a later version")]
    NotChecked(ObjectIdentifier),
    /// The signature does not fit.
    #[error("{0}")]
    Signature(VerifyError),
    /// It holds only without a later signature, the one of that number, which is not good itself.
    #[error("it is followed by signature {0}, which is not good")]
    LaterSignature(usize),
    /// It holds only without a later signature, the one of that number, whose ds:Object is content of whoever made that
    /// one: this signature's signer has not seen it.
    #[error("it is followed by signature {0}, which has content of its own")]
    LaterContent(usize),
    /// The element at that octet stands in the signature and is not signed: content in KeyInfo that is neither key nor
    /// certificate, or a ds:Object that no reference names.
    #[error("the signature has content at byte {0} that nobody signed")]
    UnsignedContent(usize),
}

impl Problem {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSignature => "no-signer",
            Self::TooManySignatures => "too-many-signatures",
            Self::Malformed(_) => "malformed",
            Self::Canonicalization(_) => "canonicalization",
            Self::Transform(_) => "transform",
            Self::Reference(_) => "reference",
            Self::IdMissing(_) => "id-missing",
            Self::IdRepeated(_) => "id-repeated",
            Self::UnknownDigest(_) => "unknown-digest",
            Self::UnknownSignature(_) => "unknown-signature",
            Self::NoCanonicalForm(_) => "no-canonical-form",
            Self::DigestMismatch(_) => "digest-mismatch",
            Self::TooMuchWork => "too-much-work",
            Self::CertificateMissing => "certificate-missing",
            Self::NotChecked(_) => "not-checked",
            Self::Signature(_) => "signature",
            Self::LaterSignature(_) => "later-signature",
            Self::LaterContent(_) => "later-content",
            Self::UnsignedContent(_) => "unsigned-content",
        }
    }
}

/// What is unusual, accepted, and may be worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// The document has comments. No signature ever covers them.
    #[error("comments in the document are not signed")]
    Comments,
    /// The signature carries a ds:Object: content that is not the document's. One that no reference names is
    /// [`Problem::UnsignedContent`].
    #[error("the signature has content of its own")]
    Object,
    /// SHA-1: nobody should rely on it any more.
    #[error("SHA-1 is used, which is no longer safe")]
    Sha1,
    /// A certificate in KeyInfo cannot be read; its element begins at that octet.
    #[error("the certificate at byte {0} cannot be read")]
    UnreadableCertificate(usize),
}

impl Remark {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Comments => "comments",
            Self::Object => "object",
            Self::Sha1 => "sha-1",
            Self::UnreadableCertificate(_) => "unreadable-certificate",
        }
    }
}
