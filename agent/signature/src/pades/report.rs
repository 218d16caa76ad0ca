//! What a verification found, as data.

use pki::Timestamp;

use super::PdfError;
use super::permission::Permission;
use crate::cms::{self, CmsError, StampReport};

/// What was found about the signatures of a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// One for each signed field, the earliest first.
    pub signatures: Vec<SignatureReport>,
    /// Names of fields that wait for a signature.
    pub unsigned_fields: Vec<String>,
    /// What a certified document allows to be changed.
    pub permission: Option<Permission>,
}

impl Report {
    /// There is a signature, all of them were computed and fit, the last one covers all that the document shows, and after
    /// each of the others nothing came but further signatures. Says nothing about trust, validity and revocation of the
    /// certificates.
    pub fn is_good(&self) -> bool {
        // Time stamps alone are nobody's signature.
        self.is_covered()
            && self.signatures.iter().any(|signature| signature.cms.is_some())
            && self.signatures.iter().all(SignatureReport::is_good)
    }

    /// Nothing came after the last signature.
    pub fn is_covered(&self) -> bool {
        self.signatures.last().is_some_and(|last| matches!(last.later, Later::Nothing | Later::OnlySpace))
    }
}

/// What was found about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureReport {
    /// Full name of its field.
    pub field: String,
    /// How it is made.
    pub sub_filter: Option<SubFilter>,
    /// Where the two signed parts are: start, end, start, length. `None` when it is not even four numbers.
    pub byte_range: Option<[usize; 4]>,
    /// The time that the signer claims (/M). Nobody vouches for it.
    pub claimed_time: Option<Timestamp>,
    /// The name that the signer claims (/Name).
    pub claimed_name: Option<String>,
    /// Why it was signed.
    pub reason: Option<String>,
    /// Where it was signed.
    pub location: Option<String>,
    /// What came after the signed revision.
    pub later: Later,
    /// The signature itself; `None` when there was nothing to verify, which a problem explains.
    pub cms: Option<cms::Report>,
    /// For a time stamp over the document, what it says; `None` for signatures of people.
    pub stamp: Option<StampReport>,
    /// The CMS as it stands in the document, or the time stamp's token.
    pub cms_der: Vec<u8>,
    /// What keeps this signature from being good, beside the problems in `cms`.
    pub problems: Vec<Problem>,
    /// What is unusual and accepted.
    pub remarks: Vec<Remark>,
}

impl SignatureReport {
    /// Where the signed revision ends, when the byte range lies within the file and leaves out this signature alone.
    pub(super) fn signed_end(&self) -> Option<usize> {
        let of_range = |problem: &Problem| {
            matches!(problem, Problem::ByteRange | Problem::Start | Problem::BeyondEnd | Problem::Gap)
        };
        let [_, _, start, length] = self.byte_range.filter(|_| !self.problems.iter().any(of_range))?;
        start.checked_add(length)
    }

    /// It was computed over a whole revision of this document, and fits, and as far as can be told the document was not
    /// changed since, except by further signatures. An update that nobody signed may still follow the last of them:
    /// [`Report::is_covered`].
    pub fn is_good(&self) -> bool {
        let fits = match &self.stamp {
            Some(stamp) => stamp.is_good(),
            None => self.cms.as_ref().is_some_and(cms::Report::is_good),
        };
        fits && self.problems.is_empty()
    }
}

/// Kinds of signatures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SubFilter {
    /// adbe.pkcs7.detached (ISO 32000-1).
    Pkcs7Detached,
    /// ETSI.CAdES.detached (PAdES).
    CadesDetached,
    /// ETSI.RFC3161: not a person's signature, but a time stamp over the document.
    TimeStamp,
    /// Another one, which is not verified here.
    Other(String),
}

/// What was added to the document after a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Later {
    /// Nothing: the signature covers the whole file.
    Nothing,
    /// White space.
    OnlySpace,
    /// Further signatures, and data to validate them. What their stamps show is up to those who signed.
    OnlySignatures,
    /// The document was changed. These objects were; none is named when what was added is no update.
    Changes(Vec<u32>),
    /// It could not be found out what was changed.
    Unknown,
}

/// What keeps a signature from being good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The field's value is not a signature dictionary in the file itself.
    #[error("the field has no signature dictionary that stands in the file itself")]
    NoDictionary,
    /// A kind of signature that is not verified here.
    #[error("not checked: signatures of the kind {0:?} are not supported")]
    SubFilter(String),
    /// /ByteRange is not four numbers that are in order.
    #[error("the byte range does not consist of two parts of the file, one after the other")]
    ByteRange,
    /// The first part does not begin where the file begins.
    #[error("the byte range leaves out the start of the file")]
    Start,
    /// The second part goes beyond the end.
    #[error("the byte range goes beyond the end of the file")]
    BeyondEnd,
    /// What lies between the two parts is not exactly the hexadecimal string of /Contents.
    #[error("the byte range leaves out something else than the signature")]
    Gap,
    /// The signed octets are not a PDF in themselves.
    #[error("the signed part is not a whole PDF: {0}")]
    NotARevision(PdfError),
    /// The signed octets are a PDF in which this is not a signature.
    #[error("the signed part does not have this signature in its form")]
    NotInRevision,
    /// /Contents is not DER and zeros.
    #[error("the signature is not a DER structure")]
    Contents,
    /// There are octets other than zero behind the signature.
    #[error("there is something behind the signature in its place")]
    Padding,
    /// Not a CMS.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// Not computed: the signatures before took all the work that one document is worth.
    #[error("not checked: {0}")]
    TooMuch(PdfError),
    /// The CMS has content of its own.
    #[error("the signature has a content of its own")]
    Attached,
    /// Other than one signer, where a PDF has exactly one.
    #[error("there are {0} signatures in the place of one")]
    Signers(usize),
    /// PAdES demands that the certificate is signed.
    #[error("the certificate is not among the signed attributes")]
    NoSigningCertificate,
    /// What was changed later was forbidden when the document was certified.
    #[error("the document was changed later in a way that was forbidden when it was certified")]
    ForbiddenChange,
    /// What came later changes what the document shows, whoever signed it since: see [`SignatureReport::later`].
    #[error("the document was changed after this signature")]
    ChangedAfter,
    /// What came later could not be compared, so that it may change everything.
    #[error("it cannot be told whether the document was changed after this signature")]
    UnknownAfter,
}

impl Problem {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoDictionary => "no-dictionary",
            Self::SubFilter(_) => "sub-filter",
            Self::ByteRange => "byte-range",
            Self::Start => "byte-range-start",
            Self::BeyondEnd => "byte-range-end",
            Self::Gap => "byte-range-gap",
            Self::NotARevision(_) => "not-a-revision",
            Self::NotInRevision => "not-in-revision",
            Self::Contents => "contents",
            Self::Padding => "padding",
            Self::Cms(_) => "cms",
            Self::TooMuch(_) => "too-much",
            Self::Attached => "attached",
            Self::Signers(_) => "signers",
            Self::NoSigningCertificate => "no-signing-certificate",
            Self::ForbiddenChange => "forbidden-change",
            Self::ChangedAfter | Self::UnknownAfter => "changed-after",
        }
    }
}

/// What is unusual, accepted, and may be worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// The document was extended after this signature by what further signatures need, and by nothing else.
    #[error("the document was extended after this signature")]
    Extended,
    /// The signed attributes have a signing time, which PAdES leaves to the signature dictionary.
    #[error("the signing time is among the signed attributes")]
    SigningTimeAttribute,
    /// The CMS was not DER and was normalised before it was read.
    #[error("the signature is not in DER form")]
    NotDer,
    /// The document has one list of objects for old readers and another for the rest, so that it may look different in
    /// each. What is signed is all of it.
    #[error("the document may look different in old readers")]
    Hybrid,
}

impl Remark {
    /// A name for scripts and logs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Extended => "extended",
            Self::SigningTimeAttribute => "signing-time-attribute",
            Self::NotDer => "not-der",
            Self::Hybrid => "hybrid",
        }
    }
}
