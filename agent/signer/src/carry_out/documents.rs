//! What is to be signed: its octets at hand, looked at before anybody is asked for a key.

use super::forms::Form;
use super::hearts::heart_of_signature;
use super::key_acts;
use super::sax;
use crate::local_path::LocalPath;
use crate::preview;
use crate::window::{DocumentView, KeyAct, Warning, What};
use order::{Content, Document, Failure, FailureCode};
use pki::DigestAlgorithm;
use serde_bytes::ByteBuf;
use signature::{
    cms::{self, Check, Problem},
    xmldsig::{self, Hashed, Share, SignError, xml},
};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The most octets of a file that is read: what fits into a CMS.
pub(super) const LONGEST_FILE: u64 = cms::MAX_ATTACHED_LEN as u64;

/// What a document's octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The document.
    Content,
    /// A digest of one that nobody here has seen.
    Digest,
    /// A finished CMS, DER.
    Cms,
}

/// Where a document's octets came from.
#[derive(Debug)]
pub(super) enum Source {
    /// With the request.
    Request,
    /// From a file of this computer.
    File(PathBuf),
    /// From the site that asks.
    Site,
}

/// A document with its octets.
#[derive(Debug)]
pub(super) struct Subject<'o> {
    pub(super) octets: Cow<'o, [u8]>,
    pub(super) kind: Kind,
    pub(super) source: Source,
    /// What an XML signature is over, once that was found: not the octets as they came.
    hashed: Option<Hashed>,
}

impl<'o> Subject<'o> {
    /// A document that came with the request; `None` for one that is still elsewhere.
    pub(super) fn given(document: &'o Document) -> Result<Option<Self>, Failure> {
        let (octets, kind) = match document {
            Document::Content(octets) => (Cow::Borrowed(octets.as_slice()), Kind::Content),
            Document::Digest(octets) => (Cow::Borrowed(octets.as_slice()), Kind::Digest),
            Document::Cms(octets) => {
                let der = cms::decode_any(octets).map_err(|error| malformed(format!("not a CMS: {error}")))?;
                (Cow::Owned(der), Kind::Cms)
            }
            Document::File(_) | Document::Chosen | Document::Remote(_) => return Ok(None),
        };
        Ok(Some(Self { octets, kind, source: Source::Request, hashed: None }))
    }

    /// A document that was read from a file.
    pub(super) fn of_file(path: &Path, octets: Vec<u8>) -> Self {
        let source = Source::File(path.to_owned());
        Self { octets: Cow::Owned(octets), kind: Kind::Content, source, hashed: None }
    }

    /// A document that was fetched from the site.
    pub(super) fn of_site(octets: Vec<u8>) -> Self {
        Self { octets: Cow::Owned(octets), kind: Kind::Content, source: Source::Site, hashed: None }
    }

    /// Its file's name, for the site.
    pub(super) fn name(&self) -> String {
        match &self.source {
            Source::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Source::Request | Source::Site => "document".to_owned(),
        }
    }

    /// Whether it can be signed in this form at all. No window opens for what cannot.
    pub(super) fn check(&mut self, form: &Form) -> Result<(), Failure> {
        match (form, self.kind) {
            (Form::Cms(_), Kind::Cms) => check_cms(&self.octets),
            (Form::Raw, Kind::Content) => match heart_of_signature(&self.octets) {
                None => Ok(()),
                Some(heart) => Err(invalid(format!("{heart} is no document: no bare value is made over it"))),
            },
            (Form::Cms(_) | Form::Raw, Kind::Digest) => Ok(()),
            (Form::Cms(cms), Kind::Content) => match cms.content {
                Content::Attached if self.octets.len() > cms::MAX_ATTACHED_LEN => Err(too_large(self.octets.len())),
                Content::Attached | Content::Detached => Ok(()),
            },
            (Form::Xml(_), Kind::Content) if self.octets.len() > xml::MAX_LEN => Err(too_large(self.octets.len())),
            (Form::Xml(form), Kind::Content) => {
                let hashed = xmldsig::check(&self.octets, form).map_err(|error| match error {
                    SignError::Xml(error) => malformed(sax::exception(&self.octets, &error)),
                    other => malformed(other.to_string()),
                })?;
                self.hashed = Some(hashed);
                Ok(())
            }
            (Form::Xml(_), Kind::Digest | Kind::Cms) | (Form::Raw, Kind::Cms) => {
                Err(invalid("the form of the signature and the document do not go together"))
            }
        }
    }

    /// What the signature will be over: for a CMS, the document inside; for an XML signature, the beginning of the
    /// canonical form, which is longer than anybody looks.
    pub(super) fn signed(&self) -> &[u8] {
        match (self.kind, &self.hashed) {
            (Kind::Cms, _) => cms::attached_content(&self.octets).ok().flatten().unwrap_or_default(),
            (Kind::Content, Some(hashed)) => &hashed.beginning,
            (Kind::Content | Kind::Digest, _) => &self.octets,
        }
    }

    /// As a window shows it, with at most `longest` octets of its text; of what is drawn, at most `room` is kept.
    pub(super) fn view(&self, longest: usize, room: &mut usize) -> DocumentView {
        let signed = self.signed();
        let size = self.hashed.as_ref().map_or(signed.len() as u64, |hashed| hashed.length);
        let what = match self.kind {
            Kind::Digest => preview::of_digest(signed),
            Kind::Content | Kind::Cms => preview::of_content(signed, longest),
        };
        let what = match what {
            // Its end may be cut off.
            What::Text(preview) if self.hashed.is_some() => What::Xml(preview),
            what => what,
        };
        let closer = match &self.hashed {
            Some(hashed) => preview::closer_xml(&self.octets, hashed, longest),
            None => preview::closer(signed, &what, longest, room),
        };
        DocumentView { size, what, closer }
    }

    /// Whether a person can read what they sign.
    pub(super) fn is_readable(&self) -> bool {
        // How much of it is shown does not matter here.
        self.kind != Kind::Digest && matches!(preview::of_content(self.signed(), 1), What::Text(_) | What::Xml(_))
    }

    /// What the document asks an authority for, in the name of whoever signs it. Of an XML document both are looked at: what
    /// came, and what is signed, where no letter hides behind its number. A digest keeps its secret.
    pub(super) fn key_act(&self) -> Option<KeyAct> {
        match self.kind {
            Kind::Digest => None,
            Kind::Content => key_acts::find(&self.octets).or_else(|| key_acts::find(self.signed())),
            Kind::Cms => key_acts::find(self.signed()),
        }
    }

    /// Whether the signature is over one element and not over the document.
    fn is_part(&self) -> bool {
        self.hashed.as_ref().is_some_and(|hashed| matches!(hashed.share, Share::Part { .. }))
    }
}

/// A CMS that takes a further signer: whoever signs beside others vouches for nothing that does not hold.
fn check_cms(der: &[u8]) -> Result<(), Failure> {
    let report = cms::verify(der, None).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    if report.is_good() {
        return Ok(());
    }
    let problems = report.problems.iter().chain(report.signers.iter().flat_map(|signer| &signer.problems));
    let problems: Vec<&Problem> = problems.collect();
    let is_without_content = problems.contains(&&Problem::ContentMissing)
        || report.form == cms::Form::Detached && report.signers.iter().all(|one| one.digest == Check::NotChecked);
    Err(malformed(if is_without_content {
        "the document that the CMS is over did not come along, so its signatures cannot be checked and none is added; \
         send the CMS with the document inside"
            .to_owned()
    } else {
        let why = problems.first().map_or_else(|| "there is no signature".to_owned(), ToString::to_string);
        format!("a signature in the CMS does not hold, so none is added: {why}")
    }))
}

/// SHA-256 of each document, for the journal, where some did not come with the request.
pub(super) fn digests(subjects: &[Subject<'_>]) -> Vec<ByteBuf> {
    if subjects.iter().all(|subject| matches!(subject.source, Source::Request)) {
        return Vec::new();
    }
    subjects.iter().map(|subject| ByteBuf::from(DigestAlgorithm::Sha256.digest(&subject.octets))).collect()
}

/// What the documents ask an authority for; the worst of it.
pub(super) fn key_act(subjects: &[Subject<'_>]) -> Option<KeyAct> {
    let mut acts = subjects.iter().filter_map(Subject::key_act);
    let first = acts.next()?;
    Some(acts.find(|act| *act == KeyAct::Certificate).unwrap_or(first))
}

/// What is wrong with the request itself. `lengths` are the digest lengths that the keys which may answer sign: one that
/// does not fit is enough for a warning, because a needless one costs a look, a missing one a signature that nobody can
/// verify.
pub(super) fn warnings(subjects: &[Subject<'_>], lengths: &[usize]) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = key_act(subjects).map(Warning::KeyAct).into_iter().collect();
    if subjects.iter().any(Subject::is_part) {
        warnings.push(Warning::PartOnly);
    }
    let mut digests = subjects.iter().filter(|one| one.kind == Kind::Digest).map(|one| one.octets.len()).peekable();
    if digests.peek().is_some() {
        warnings.push(Warning::DigestOnly);
    }
    let odd = digests.find_map(|octets| {
        let expected = lengths.iter().find(|length| **length != octets)?;
        Some((octets as u64, *expected as u64))
    });
    if let Some((octets, expected)) = odd {
        warnings.push(Warning::WrongDigestLength { octets, expected });
    }
    warnings
}

/// A path of the page's, as far as its text goes.
pub(super) fn local_path(text: &str) -> Result<LocalPath, Failure> {
    LocalPath::parse(text).ok_or_else(|| Failure {
        code: FailureCode::FileUnreadable,
        detail: "only absolute paths of ordinary files of this computer are read".to_owned(),
    })
}

/// What is in a file, once the person allowed that it is read.
pub(super) fn read(path: &LocalPath) -> Result<Vec<u8>, Failure> {
    path.read(LONGEST_FILE).map_err(|error| unreadable(&error))
}

/// What is in the file that the person chose: an ordinary one, wherever it is.
pub(super) fn read_chosen(path: &Path) -> Result<Vec<u8>, Failure> {
    platform::files::read_chosen(path, LONGEST_FILE).map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Failure {
    tracing::info!(%error, "a file cannot be read");
    let (code, detail) = match error.kind() {
        std::io::ErrorKind::FileTooLarge => (FailureCode::TooLarge, "the file is too large to be signed"),
        _ => (FailureCode::FileUnreadable, "the file is not there, or cannot be read"),
    };
    Failure { code, detail: detail.to_owned() }
}

fn malformed(detail: impl Into<String>) -> Failure {
    Failure { code: FailureCode::Malformed, detail: detail.into() }
}

fn invalid(detail: impl Into<String>) -> Failure {
    Failure { code: FailureCode::InvalidRequest, detail: detail.into() }
}

fn too_large(octets: usize) -> Failure {
    Failure { code: FailureCode::TooLarge, detail: format!("a document of {octets} bytes is too large for this form") }
}
