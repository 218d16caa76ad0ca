//! Where signatures go that the page does not get: into files beside the documents, or in a folder. Nothing is ever
//! written over.

use super::Outcome;
use super::documents::{self, Source, Subject};
use super::errand::{End, Errand};
use super::forms::Form;
use super::keys::KeyFault;
use crate::local_path::LocalPath;
use crate::new_file::Part;
use crate::unseen::visible;
use crate::window::Consent;
use order::{Delivery, Document, Failure, FailureCode};
use signature::cms;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The most names that are tried for one file: `contract.pdf (99).cms`.
const MOST_NAMES: u32 = 99;

/// Where files are written, as the page names it.
pub(super) enum Target {
    Folder(LocalPath),
    Beside(LocalPath),
}

impl Target {
    /// As it is shown.
    pub(super) fn shown(&self, form: &Form) -> String {
        match self {
            Self::Folder(folder) => folder.as_path().to_string_lossy().into_owned(),
            Self::Beside(file) => with_ending(file.as_path(), form.ending()).to_string_lossy().into_owned(),
        }
    }
}

/// Where this delivery writes; `None` for one that writes nothing.
pub(super) fn target(delivery: &Delivery, documents: &[Document]) -> Result<Option<Target>, Failure> {
    let Delivery::Folder(folder) = delivery else { return Ok(None) };
    if documents.iter().any(|document| !matches!(document, Document::File(_))) {
        // A document without a file has no name that its signature's could come from.
        let detail = "only signatures of files are written to files".to_owned();
        return Err(Failure { code: FailureCode::InvalidRequest, detail });
    }
    let first = documents.iter().find_map(|document| match document {
        Document::File(path) => Some(path.as_str()),
        _ => None,
    });
    if folder.is_empty() {
        return first.map(|path| documents::local_path(path).map(Target::Beside)).transpose();
    }
    documents::local_path(folder).map(|folder| Some(Target::Folder(folder)))
}

/// Writes each signature to a file of its own; their paths.
pub(super) fn write(
    folder: &str,
    form: &Form,
    subjects: &[Subject<'_>],
    signatures: &[Vec<u8>],
) -> Result<Vec<String>, KeyFault> {
    let mut files: Vec<PathBuf> = Vec::with_capacity(signatures.len());
    for (subject, signature) in subjects.iter().zip(signatures) {
        let Source::File(document) = &subject.source else { continue };
        let place = if folder.is_empty() {
            document.clone()
        } else {
            Path::new(folder).join(document.file_name().unwrap_or_default())
        };
        let permissions = fs::metadata(document).map(|one| one.permissions()).ok();
        match write_new(&with_ending(&place, form.ending()), signature, permissions) {
            Ok(path) => files.push(path),
            Err(error) => {
                // A page that is told of none must not leave some.
                for written in &files {
                    let _ = fs::remove_file(written);
                }
                return Err(KeyFault::NotWritten(error));
            }
        }
    }
    Ok(files.iter().map(|path| path.to_string_lossy().into_owned()).collect())
}

/// ezSigner's `saveCMS`: the document inside of a signature file, written to a file.
pub(super) fn extract(errand: &mut Errand<'_, '_>, path: &str, folder: &str) -> Result<Outcome, End> {
    let file = documents::local_path(path)?;
    let folder = if folder.is_empty() { None } else { Some(documents::local_path(folder)?) };
    errand.consent_to_read(std::slice::from_ref(&file))?;
    let name = document_name(file.as_path());
    let place = match &folder {
        Some(folder) => folder.as_path().join(name),
        None => file.as_path().with_file_name(name),
    };
    // Also where the site may name files: nothing else is shown of what happens here.
    errand.consent(Consent::WriteFile { path: visible(&place.to_string_lossy()) })?;
    let malformed = |detail: String| End::failed(FailureCode::Malformed, detail);
    let der = cms::decode_any(&documents::read(&file)?).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    let content = cms::attached_content(&der).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    let content = content.ok_or_else(|| malformed("the document is not inside of the CMS".to_owned()))?;
    let permissions = fs::metadata(file.as_path()).map(|one| one.permissions()).ok();
    match write_new(&place, content, permissions) {
        Ok(path) => Ok(Outcome::Saved(path.to_string_lossy().into_owned())),
        Err(error) => {
            let fault = KeyFault::NotWritten(error);
            tracing::info!(cause = %fault, "a document was not saved");
            errand.tell(vec![fault.sentence()])?;
            Err(End::failed(FailureCode::FileUnreadable, "the file could not be written"))
        }
    }
}

/// `contract.pdf.cms` → `contract.pdf`; a name without such an ending gets one, so that it is another name.
fn document_name(path: &Path) -> OsString {
    let is_signature = path.extension().is_some_and(|ending| {
        ["cms", "p7s", "p7m", "sig", "p7b"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    });
    match path.file_stem() {
        Some(stem) if is_signature => stem.to_owned(),
        _ => {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".document");
            name
        }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Writes a new file of this name, or of the next one that is free: `contract.pdf (2).cms`.
fn write_new(path: &Path, octets: &[u8], permissions: Option<fs::Permissions>) -> io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_owned();
    for number in 1..=MOST_NAMES {
        let mut name = stem.clone();
        if number > 1 {
            name.push(format!(" ({number})"));
        }
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        let candidate = path.with_file_name(name);
        // Also a link that leads nowhere has the name.
        if candidate.symlink_metadata().is_ok() {
            continue;
        }
        let (part, mut file) = Part::beside(&candidate)?;
        file.write_all(octets)?;
        // As private as what it is made from.
        if let Some(permissions) = permissions.clone() {
            file.set_permissions(permissions)?;
        }
        file.sync_all()?;
        match part.settle(&candidate) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            settled => return settled.map(|()| candidate),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}
