//! What a version file says, and whether it is believed.

use super::{Release, Version, moment};
use crate::life::blocked::sha256;
use crate::services::LONGEST_VERSION_FILE;
use crate::window::{Argument, Sentence};
use pki::Timestamp;
use pki::cms::DATA;
use serde::Deserialize;
use signature::cms::{self, Form, Remark};

/// Whose versions the file is about: no other program's file, signed by the same key, is taken for ours.
const PROGRAM: &str = "tanba";
/// How far the publisher's clock may be ahead of this computer's, in seconds. A file from further in the future, once
/// remembered, would keep out every later one.
const CLOCKS_DIFFER: i64 = 86_400;
/// The longest version and the longest address that are taken, in octets: they are shown in a line.
const LONGEST_VERSION: usize = 64;
const LONGEST_PAGE: usize = 512;

/// What a version file says, believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionFile {
    /// The newest version, and where a person reads about it.
    pub release: Release,
    /// When the publisher made the file: of two, the later one counts.
    pub issued: Timestamp,
}

/// Why a version file is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotBelieved {
    /// It is longer than any version file.
    #[error("the file is too long")]
    TooLong,
    /// It is no CMS SignedData with its content inside.
    #[error("the file is no signed file")]
    NotSigned,
    /// It has another number of signatures than one.
    #[error("the file has {0} signatures, not one")]
    Signers(usize),
    /// Another certificate than the pinned one belongs to the signature, or none.
    #[error("the file is signed by somebody else")]
    OtherSigner,
    /// The signature does not hold.
    #[error("the file's signature does not hold")]
    BadSignature,
    /// The signature is over a digest that can be forged.
    #[error("the file's signature rests on a weak digest")]
    WeakDigest,
    /// The content is not exactly what a version file says.
    #[error("what the file says is not understood")]
    Content,
    /// It is about another program.
    #[error("the file is about another program")]
    OtherProgram,
    /// It says to be from the future.
    #[error("the file says that it was issued at {}", .0.iso8601())]
    Future(Timestamp),
}

/// The content of the file. A member that is missing, unknown or there twice makes it none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    program: String,
    version: String,
    page: String,
    issued: String,
}

impl VersionFile {
    /// Reads a CMS in DER or PEM (RFC 5652), and believes it when it has exactly one signature, which holds, and the
    /// certificate of that signature has this SHA-256 (64 hexadecimal digits in lower case). Certificates are not asked
    /// who issued them, nor how long they are valid: the pinned one is named in person. Unsigned attributes count for
    /// nothing.
    ///
    /// # Errors
    /// [`NotBelieved`].
    pub fn read(octets: &[u8], signer: &str, now: Timestamp) -> Result<Self, NotBelieved> {
        if octets.len() as u64 > LONGEST_VERSION_FILE {
            return Err(NotBelieved::TooLong);
        }
        let der = cms::decode_any(octets).map_err(|_| NotBelieved::NotSigned)?;
        let report = cms::verify(&der, None).map_err(|_| NotBelieved::NotSigned)?;
        if report.form != Form::Attached || report.content_type != DATA {
            return Err(NotBelieved::NotSigned);
        }
        let [by] = report.signers.as_slice() else { return Err(NotBelieved::Signers(report.signers.len())) };
        if by.certificate.as_ref().is_none_or(|certificate| sha256(certificate.der()) != signer) {
            return Err(NotBelieved::OtherSigner);
        }
        if !report.is_good() {
            return Err(NotBelieved::BadSignature);
        }
        if by.remarks.iter().any(|remark| matches!(remark, Remark::WeakDigest(_))) {
            return Err(NotBelieved::WeakDigest);
        }
        let content = cms::attached_content(&der).ok().flatten().ok_or(NotBelieved::NotSigned)?;
        Self::of(content, now)
    }

    /// What signed content says.
    fn of(content: &[u8], now: Timestamp) -> Result<Self, NotBelieved> {
        let content: Content = serde_json::from_slice(content).map_err(|_| NotBelieved::Content)?;
        if content.program != PROGRAM {
            return Err(NotBelieved::OtherProgram);
        }
        let release = Release::new(&content.version, &content.page).ok_or(NotBelieved::Content)?;
        let issued = moment::parse(&content.issued).ok_or(NotBelieved::Content)?;
        if issued > now.plus_seconds(CLOCKS_DIFFER) {
            return Err(NotBelieved::Future(issued));
        }
        Ok(Self { release, issued })
    }
}

impl Release {
    /// A version and the `https` address of a page about it. `None` where one of them is none, or longer than is shown.
    pub(super) fn new(version: &str, page: &str) -> Option<Self> {
        let version = Some(version).filter(|version| version.len() <= LONGEST_VERSION);
        let version = Version::parse(version?).ok()?;
        is_page(page).then(|| Self { version, page: page.to_owned() })
    }
}

/// An `https` address without a name in front of its host (`https://bank.kz@other.example` leads to the other one), in
/// visible ASCII.
fn is_page(page: &str) -> bool {
    let Some(rest) = page.strip_prefix("https://").filter(|_| page.len() <= LONGEST_PAGE) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "443"));
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    page.bytes().all(|octet| octet.is_ascii_graphic() && !matches!(octet, b'"' | b'<' | b'>' | b'\\'))
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(is_host)
        && port.parse::<u16>().is_ok()
}

impl NotBelieved {
    /// The person's sentence.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let (id, arguments) = match self {
            Self::TooLong => ("updates-too-long", Vec::new()),
            Self::NotSigned => ("updates-not-signed", Vec::new()),
            Self::Signers(count) => ("updates-signers", vec![("count", Argument::Count(*count as u64))]),
            Self::OtherSigner => ("updates-other-signer", Vec::new()),
            Self::BadSignature => ("updates-bad-signature", Vec::new()),
            Self::WeakDigest => ("updates-weak-digest", Vec::new()),
            Self::Content => ("updates-content", Vec::new()),
            Self::OtherProgram => ("updates-other-program", Vec::new()),
            Self::Future(issued) => ("updates-future", vec![("issued", Argument::Text(issued.local().to_string()))]),
        };
        Sentence { id, arguments }
    }
}
