//! What becomes of each task, once a person has agreed.

use super::hand::{Hand, key_info, now, octets};
use crate::Fault;
use order::{
    Content, Delivery, Document, Failure, FailureCode, Form, HashName, Outcome, RawKey, Readable, SignTask,
    SignatureCheck, Signed, Task, TimeStamp, Uploaded, VerifyTask, XmlLayout, XmlPlace,
};
use pki::{Certificate, DigestAlgorithm};
use serde_bytes::ByteBuf;
use signature::cms::{self, External, amend};
use signature::raw;
use signature::xmldsig::{self, Layout, Selector};
use std::fs;
use std::path::{Path, PathBuf};

/// What a person chooses who is to choose a document, and what is behind every address.
const CHOSEN: &[u8] = b"a document of the script's own";

/// What a site calls an upload.
const UPLOAD: &str = "upload-1";

/// Whether a person is asked.
pub(super) fn needs_window(task: &Task) -> bool {
    match task {
        Task::Sign(_)
        | Task::ShowKey(_)
        | Task::Stamp { .. }
        | Task::ChooseFile(_)
        | Task::Extract { .. }
        | Task::Tell(_)
        | Task::NewKey(_) => true,
        // No key waits here.
        Task::Digest { .. } | Task::ImportCertificate { .. } => false,
        Task::Verify(_) => {
            task.names_a_path() || matches!(task, Task::Verify(VerifyTask::Raw { key: RawKey::Shown(_), .. }))
        }
    }
}

/// What is refused before a window opens: a document that is not what its form needs.
pub(super) fn refused(task: &Task) -> Option<Outcome> {
    let Task::Sign(SignTask { documents, form: Form::Xml(_), .. }) = task else {
        return None;
    };
    let read = |document: &Document| xmldsig::verify(document.octets(), &xmldsig::Options::default()).err();
    documents.iter().find_map(read).map(|error| malformed(&error))
}

/// As the parser that NCALayer has says it (`ncalayer-protocol.md` 4.4). Only the words of one fault were recorded.
fn malformed(error: &xmldsig::xml::XmlError) -> Outcome {
    let what = match error.kind {
        xmldsig::xml::XmlErrorKind::End => {
            "XML document structures must start and end within the same entity.".to_owned()
        }
        other => other.to_string(),
    };
    let (line, column) = (error.line, error.column);
    let detail = format!("org.xml.sax.SAXParseException; lineNumber: {line}; columnNumber: {column}; {what}");
    failed(FailureCode::Malformed, &detail)
}

/// Does it.
pub(super) fn carry_out(task: &Task, hand: &Hand) -> Outcome {
    let done = match task {
        Task::Sign(task) => sign(task, hand),
        Task::ShowKey(filter) => match &filter.named {
            Some(named) if named.has_path() && Path::new(&named.place) != hand.file() => {
                return failed(FailureCode::FileUnreadable, "there is no key file of this name");
            }
            _ => Ok(Outcome::KeyShown(hand.key_info())),
        },
        Task::Stamp { cms } => hand.stamp(cms).map(octets).map(Outcome::Stamped),
        Task::ChooseFile(_) => Ok(Outcome::FileChosen(hand.file().to_string_lossy().into_owned())),
        Task::Verify(task) => verify(task, hand),
        Task::Digest { algorithm, content } => Ok(Outcome::Digest(octets(function(*algorithm).digest(content)))),
        Task::Extract { path, folder } => extract(path, folder).map(Outcome::Saved),
        Task::Tell(_) => Ok(Outcome::Told),
        Task::NewKey(_) => return failed(FailureCode::Signing, "there is no place for another key"),
        Task::ImportCertificate { .. } => {
            return failed(FailureCode::InvalidCertificate, "no key on this computer waits for this certificate");
        }
    };
    done.unwrap_or_else(|fault| failed(FailureCode::Signing, &fault.to_string()))
}

pub(super) fn failed(code: FailureCode, detail: &str) -> Outcome {
    Outcome::Failed(Failure { code, detail: detail.to_owned() })
}

fn sign(task: &SignTask, hand: &Hand) -> Result<Outcome, Fault> {
    let mut signed = Signed {
        signatures: Vec::new(),
        key: hand.key_info(),
        signer_name: hand.key_info().subject_cn.clone(),
        digests: Vec::new(),
        files: Vec::new(),
        uploaded: None,
    };
    for document in &task.documents {
        let (content, path) = match document {
            Document::File(path) => match fs::read(path) {
                Ok(content) => (octets(content), Some(PathBuf::from(path))),
                Err(_) => return Ok(failed(FailureCode::FileUnreadable, "a file that was named cannot be read")),
            },
            Document::Chosen | Document::Remote(_) => (octets(CHOSEN), None),
            Document::Content(given) | Document::Digest(given) | Document::Cms(given) => (given.clone(), None),
        };
        if document.octets().is_empty() {
            signed.digests.push(octets(DigestAlgorithm::Sha256.digest(&content)));
        }
        let made = octets(one(task, document, &content, hand)?);
        match &task.delivery {
            Delivery::Page => signed.signatures.push(made),
            Delivery::Folder(folder) => signed.files.push(save(folder, path.as_deref(), &made)?),
            Delivery::Upload { .. } => {
                let size = content.len() as u64;
                signed.uploaded = Some(Uploaded { id: UPLOAD.to_owned(), name: "document.txt".to_owned(), size });
            }
        }
    }
    Ok(Outcome::Signed(signed))
}

/// One signature.
fn one(task: &SignTask, document: &Document, content: &[u8], hand: &Hand) -> Result<Vec<u8>, Fault> {
    let signer = hand.signer();
    match &task.form {
        Form::Cms(form) => {
            let made = match (document, form.content) {
                (Document::Digest(_), _) => cms::sign(signer, cms::Content::DetachedDigest(content), now())?,
                (Document::Cms(_), _) => {
                    amend::add_signer(content, hand.other(), None, amend::SameCertificate::Refuse, now())?
                }
                (_, Content::Attached) => cms::sign(signer, cms::Content::Attached(content), now())?,
                (_, Content::Detached) => cms::sign(signer, cms::Content::Detached(content), now())?,
            };
            match form.time_stamp {
                TimeStamp::None => Ok(made),
                TimeStamp::Signature => hand.stamp(&made),
            }
        }
        Form::Xml(form) => {
            let layout = match form.layout {
                XmlLayout::Lines => Layout::Lines,
                XmlLayout::Compact => Layout::Compact,
            };
            let signed = match &form.signed {
                None => xmldsig::Signed::Document,
                Some(place) => {
                    xmldsig::Signed::Element { selector: selector(place)?, id_attribute: form.id_attribute.clone() }
                }
            };
            let parent = form.parent.as_ref().map(selector).transpose()?;
            Ok(xmldsig::sign(signer, content, &xmldsig::Form { layout, signed, parent })?)
        }
        Form::Raw => {
            let content = match document {
                Document::Digest(_) => raw::Content::Digest(content),
                _ => raw::Content::Data(content),
            };
            Ok(raw::sign(signer, content)?)
        }
    }
}

fn selector(place: &XmlPlace) -> Result<Selector, Fault> {
    match place {
        XmlPlace::XPath(expression) => Ok(Selector::from_xpath(expression)?),
        XmlPlace::Element(name) => Ok(Selector::by_name(name)),
    }
}

/// Writes a signature beside its document, or into the folder; gives its path.
fn save(folder: &str, document: Option<&Path>, made: &[u8]) -> Result<String, Fault> {
    let document = document.ok_or("there is no file that the signature could stand beside")?;
    let name = document.file_name().ok_or("a file without a name")?.to_string_lossy().into_owned();
    let folder = if folder.is_empty() { document.parent().unwrap_or(document) } else { Path::new(folder) };
    let path = folder.join(format!("{name}.cms"));
    fs::write(&path, made)?;
    Ok(path.to_string_lossy().into_owned())
}

fn function(name: HashName) -> DigestAlgorithm {
    match name {
        HashName::Sha1 => DigestAlgorithm::Sha1,
        HashName::Sha256 => DigestAlgorithm::Sha256,
        HashName::Gost34311 => DigestAlgorithm::Gost34311,
    }
}

fn read(readable: &Readable) -> Result<ByteBuf, Fault> {
    match readable {
        Readable::Given(given) => Ok(given.clone()),
        Readable::File(path) => Ok(octets(fs::read(path)?)),
    }
}

fn verify(task: &VerifyTask, hand: &Hand) -> Result<Outcome, Fault> {
    let checks = match task {
        VerifyTask::Cms { cms, document } => {
            let (der, document) = (read(cms)?, document.as_ref().map(read).transpose()?);
            let external = document.as_ref().map(|document| External::Content(document));
            let report = cms::verify(&der, external)?;
            // A document beside the one that is inside spoils all of them.
            let is_whole = report.problems.is_empty();
            report.signers.iter().map(|signer| check(is_whole && signer.is_good(), None)).collect()
        }
        VerifyTask::Xml { xml, id_attribute } => {
            let id_attribute = Some(id_attribute.as_str()).filter(|name| !name.is_empty());
            let report = match xmldsig::verify(xml, &xmldsig::Options { id_attribute, certificates: &[] }) {
                Ok(report) => report,
                Err(error) => return Ok(malformed(&error)),
            };
            report.signatures.iter().map(|signature| check(signature.is_good(), None)).collect()
        }
        VerifyTask::Raw { content, signature, key } => {
            let certificate = match key {
                RawKey::Certificate(der) => Certificate::from_der(der)?,
                RawKey::Shown(_) => hand.signer().certificate().clone(),
            };
            let algorithm = hand.signer().algorithm();
            let held = raw::verify(&certificate, algorithm, raw::Content::Data(content), signature);
            vec![check(held.is_ok(), Some(&certificate))]
        }
    };
    Ok(Outcome::Verified(checks))
}

fn check(is_good: bool, certificate: Option<&Certificate>) -> SignatureCheck {
    SignatureCheck {
        is_good,
        key: certificate.map(|certificate| Box::new(key_info("", certificate))),
        signed_at_ms: None,
        detail: if is_good { String::new() } else { "the signature does not fit".to_owned() },
    }
}

/// Takes the document out of a CMS file.
fn extract(path: &str, folder: &str) -> Result<String, Fault> {
    let cms = fs::read(path)?;
    let found = pki::cms::SignedData::from_der(&cms)?;
    let content = found.content.ok_or("the document is not inside")?;
    let path = Path::new(path);
    let folder = if folder.is_empty() { path.parent().unwrap_or(path) } else { Path::new(folder) };
    let saved = folder.join(path.file_stem().ok_or("a file without a name")?);
    fs::write(&saved, content)?;
    Ok(saved.to_string_lossy().into_owned())
}
