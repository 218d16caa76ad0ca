//! What a verification found, as data.

use const_oid::ObjectIdentifier;
use pki::tsp::{Stamp, TspError, TstInfo};
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, Timestamp, VerifyError};

/// The outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Computed, and it holds.
    Good,
    /// Computed, and it does not hold.
    Bad,
    /// Not computed; a problem or a remark says why.
    NotChecked,
}

/// Where the content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Inside of the CMS.
    Attached,
    /// Somewhere else.
    Detached,
}

/// What was found about a CMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Where the content is.
    pub form: Form,
    /// eContentType: id-data for documents.
    pub content_type: ObjectIdentifier,
    /// All certificates inside, the signers' and others, in their order.
    pub certificates: Vec<Certificate>,
    /// One for each SignerInfo, in their order.
    pub signers: Vec<SignerReport>,
    /// What keeps the whole from being good, beside the signers' own problems.
    pub problems: Vec<Problem>,
    /// What is unusual and accepted.
    pub remarks: Vec<Remark>,
}

impl Report {
    /// There is a signature, every signature was computed and fits, and nothing is wrong with the whole. Says nothing
    /// about trust, validity and revocation of the certificates.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty() && !self.signers.is_empty() && self.signers.iter().all(SignerReport::is_good)
    }
}

/// What was found about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerReport {
    /// The signer's certificate, when it is inside.
    pub certificate: Option<Certificate>,
    /// Identifier of the digest algorithm.
    pub digest_algorithm_oid: ObjectIdentifier,
    /// The digest algorithm, when it is known.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// The signature algorithm that was, or would have to be, computed. `signature_algorithm_oid` is what is written.
    pub signature_algorithm: SignatureAlgorithm,
    /// Identifier in the place of the signature algorithm.
    pub signature_algorithm_oid: ObjectIdentifier,
    /// messageDigest, as signed.
    pub message_digest: Option<Vec<u8>>,
    /// signingTime: what the signer's clock said. Nobody vouches for it.
    pub signing_time: Option<Timestamp>,
    /// The content has the signed digest.
    pub digest: Check,
    /// The signature over the signed attributes (or over the content) fits the certificate's key.
    pub signature: Check,
    /// signingCertificate and signingCertificateV2 mean this certificate. `NotChecked` when neither is there.
    pub signing_certificate: Check,
    /// Types of the signed attributes in their order.
    pub signed_attributes: Vec<ObjectIdentifier>,
    /// Types of the unsigned attributes in their order.
    pub unsigned_attributes: Vec<ObjectIdentifier>,
    /// Its time stamps in their order.
    pub stamps: Vec<StampReport>,
    /// What keeps this signature from being good.
    pub problems: Vec<Problem>,
    /// What is unusual and accepted.
    pub remarks: Vec<Remark>,
}

impl SignerReport {
    /// Digest and signature were computed and fit, the certificate is the signed one, and nothing else is wrong.
    pub fn is_good(&self) -> bool {
        self.checks_hold() && self.problems.is_empty()
    }

    /// The earliest time of a good time stamp: the signature is not younger. Whether the services are believed is not
    /// asked.
    pub fn stamp_time(&self) -> Option<Timestamp> {
        self.stamps.iter().filter_map(StampReport::time).min()
    }

    /// The computed checks alone.
    pub(super) fn checks_hold(&self) -> bool {
        self.digest == Check::Good
            && self.signature == Check::Good
            && self.signing_certificate != Check::Bad
            && self.certificate.is_some()
    }
}

/// What was found about one time stamp of a signature. It does not enter the verdict over the signature, which is as good
/// without one; it says since when the signature exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampReport {
    /// What the token states, also where it is not to be relied on. `None`: there is no token that can be read.
    pub stated: Option<TstInfo>,
    /// The verified stamp, with its time and its service's certificate, or what keeps it from being one. Whether the
    /// service is believed is asked with [`Stamp::path`].
    pub verdict: Result<Stamp, TspError>,
}

impl StampReport {
    /// The token was verified, and it is for this signature.
    pub const fn is_good(&self) -> bool {
        self.verdict.is_ok()
    }

    /// The time of a good stamp.
    pub fn time(&self) -> Option<Timestamp> {
        self.verdict.as_ref().ok().map(|stamp| stamp.time)
    }

    /// The certificate of the service that made a good stamp.
    pub fn authority(&self) -> Option<&Certificate> {
        self.verdict.as_ref().ok().map(|stamp| &stamp.authority)
    }

    /// What keeps it from being good.
    pub fn problem(&self) -> Option<&TspError> {
        self.verdict.as_ref().err()
    }
}

/// What keeps a signature from being good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// There is no SignerInfo: a mere bag of certificates.
    #[error("there is no signature inside")]
    NoSigner,
    /// A version that does not fit what is inside (RFC 5652 §5.1, §5.3).
    #[error("version {0} does not fit the content")]
    Version(u32),
    /// An algorithm with parameters, where all have none.
    #[error("algorithm {0} has parameters")]
    AlgorithmParameters(ObjectIdentifier),
    /// Detached, and the content was not given.
    #[error("the signed content is not here")]
    ContentMissing,
    /// Attached, and the content that was given is another.
    #[error("the content inside is not the one that was given")]
    ContentDiffers,
    /// No certificate inside belongs to the signer.
    #[error("the signer's certificate is not inside")]
    CertificateMissing,
    /// The digest algorithm is not among those that SignedData announces.
    #[error("digest algorithm {0} is not announced")]
    DigestNotAnnounced(ObjectIdentifier),
    /// The digest algorithm is not known here.
    #[error("not checked: digest algorithm {0} is not known")]
    UnknownDigest(ObjectIdentifier),
    /// Signed attributes that are not in DER order (RFC 5652 §5.4), or are none.
    #[error("the signed attributes are not in DER form")]
    AttributesNotDer,
    /// Content other than id-data is signed without signed attributes (RFC 5652 §5.3).
    #[error("there are no signed attributes")]
    AttributesMissing,
    /// A signed attribute that must be there is not.
    #[error("signed attribute {0} is missing")]
    AttributeMissing(ObjectIdentifier),
    /// A signed attribute stands twice, or has other than one value.
    #[error("signed attribute {0} does not have exactly one value")]
    AttributeRepeated(ObjectIdentifier),
    /// A signed attribute's value is not of its type.
    #[error("signed attribute {0} is malformed")]
    AttributeMalformed(ObjectIdentifier),
    /// CMSAlgorithmProtection names other algorithms (RFC 6211).
    #[error("other algorithms were signed")]
    AlgorithmProtection,
    /// Without signed attributes, and the content is signed attributes: a signature over another document was made to look
    /// like one over this.
    #[error("the content is the signed attributes of another signature")]
    ContentIsAttributes,
    /// The attribute contentType is not the eContentType.
    #[error("the signed content type is another one")]
    ContentTypeDiffers,
    /// The content is of another type than the one that was asked for.
    #[error("the signed content is of another type: {0}")]
    OtherContent(ObjectIdentifier),
    /// The signed digest is not one of the digest algorithm: nobody will be able to verify it.
    #[error("the signed digest has {found} bytes instead of {expected}")]
    DigestLength {
        /// Octets that the algorithm's digest has.
        expected: usize,
        /// Octets that were signed, or given.
        found: usize,
    },
    /// The content is not the signed one.
    #[error("the content has another digest than the signed one")]
    DigestMismatch,
    /// signingCertificate or signingCertificateV2 means another certificate.
    #[error("the signed certificate is another one")]
    SigningCertificateMismatch,
    /// The signature algorithm does not fit the digest algorithm.
    #[error("signature algorithm {0} does not fit the digest algorithm")]
    AlgorithmMismatch(ObjectIdentifier),
    /// Not checked: this version cannot. Never to be taken for a valid signature.
    #[error("not checked: algorithm {0} comes in a later version")]
    NotChecked(ObjectIdentifier),
    /// The signature does not fit.
    #[error("{0}")]
    Signature(VerifyError),
}

impl Problem {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSigner => "no-signer",
            Self::Version(_) => "version",
            Self::AlgorithmParameters(_) => "algorithm-parameters",
            Self::ContentMissing => "content-missing",
            Self::ContentDiffers => "content-differs",
            Self::CertificateMissing => "certificate-missing",
            Self::DigestNotAnnounced(_) => "digest-not-announced",
            Self::UnknownDigest(_) => "unknown-digest",
            Self::AttributesNotDer => "attributes-not-der",
            Self::AttributesMissing => "attributes-missing",
            Self::AttributeMissing(_) => "attribute-missing",
            Self::AttributeRepeated(_) => "attribute-repeated",
            Self::AttributeMalformed(_) => "attribute-malformed",
            Self::AlgorithmProtection => "algorithm-protection",
            Self::ContentIsAttributes => "content-is-attributes",
            Self::ContentTypeDiffers => "content-type-differs",
            Self::OtherContent(_) => "other-content",
            Self::DigestLength { .. } => "digest-length",
            Self::DigestMismatch => "digest-mismatch",
            Self::SigningCertificateMismatch => "signing-certificate-mismatch",
            Self::AlgorithmMismatch(_) => "algorithm-mismatch",
            Self::NotChecked(_) => "not-checked",
            Self::Signature(_) => "signature",
        }
    }
}

/// What is unusual, accepted, and may be worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// The key's identifier stands in the place of the signature algorithm, as native Kalkan writes it (kz-crypto 13.2).
    #[error("the key algorithm is named in the place of the signature algorithm")]
    KeyAlgorithmAsSignature,
    /// No signingCertificate or signingCertificateV2: the certificate itself is not signed (kz-crypto 13.2).
    #[error("the certificate is not among the signed attributes")]
    NoSigningCertificate,
    /// No signed attributes: the signature is over the content alone, and its time is not known.
    #[error("there are no signed attributes")]
    NoSignedAttributes,
    /// signingTime in the other one of the two forms (RFC 5652 §11.3).
    #[error("the signing time is in an unusual form")]
    SigningTimeForm,
    /// The signer says to have signed later than a good time stamp says that the signature was there, by more than
    /// clocks differ.
    #[error("the signing time is after the time stamp")]
    SigningTimeAfterStamp,
    /// An unsigned attribute that says something of its own, with a signature or a digest, which is not checked here:
    /// countersignatures, archive time stamps.
    #[error("unsigned attribute {0} was not checked")]
    UncheckedUnsignedAttribute(ObjectIdentifier),
    /// An unsigned attribute that is not known here.
    #[error("unsigned attribute {0} is not known")]
    UnknownUnsignedAttribute(ObjectIdentifier),
    /// The digest algorithm is weak: whoever made the document can have made another one with the same signature.
    #[error("weak digest: documents with the same digest by {0} can be made")]
    WeakDigest(ObjectIdentifier),
    /// A further certificate that could not be read, at that byte.
    #[error("the certificate at byte {0} cannot be read")]
    UnreadableCertificate(usize),
}

impl Remark {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyAlgorithmAsSignature => "key-algorithm-as-signature",
            Self::NoSigningCertificate => "no-signing-certificate",
            Self::NoSignedAttributes => "no-signed-attributes",
            Self::SigningTimeForm => "signing-time-form",
            Self::SigningTimeAfterStamp => "signing-time-after-stamp",
            Self::UncheckedUnsignedAttribute(_) => "unchecked-unsigned-attribute",
            Self::UnknownUnsignedAttribute(_) => "unknown-unsigned-attribute",
            Self::WeakDigest(_) => "weak-digest",
            Self::UnreadableCertificate(_) => "unreadable-certificate",
        }
    }
}
