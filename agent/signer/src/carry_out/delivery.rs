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
        return first.map(|path| writable(path).map(Target::Beside)).transpose();
    }
    writable(folder).map(|folder| Some(Target::Folder(folder)))
}

/// A path of the page's that something may be written to, or beside.
fn writable(text: &str) -> Result<LocalPath, Failure> {
    Some(documents::local_path(text)?).filter(LocalPath::may_be_written).ok_or_else(not_there)
}

fn not_there() -> Failure {
    let detail = "nothing is written where settings and programs lie, nor under a program's name".to_owned();
    Failure { code: FailureCode::FileUnreadable, detail }
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
    let folder = if folder.is_empty() { None } else { Some(writable(folder)?) };
    let name = document_name(file.as_path());
    let place = match &folder {
        Some(folder) => folder.as_path().join(name),
        None => file.as_path().with_file_name(name),
    };
    // What comes out is the site's own choice: as a program, or where one looks for its settings, it would run.
    if !LocalPath::parse(&place.to_string_lossy()).is_some_and(|place| place.may_be_written()) || is_program(&place) {
        return Err(not_there().into());
    }
    // Also where the site may name files: nothing else is shown of what happens here.
    errand.ask_to_read(std::slice::from_ref(&file))?;
    errand.consent(Consent::WriteFile { path: visible(&place.to_string_lossy()) })?;
    let malformed = |detail: String| End::failed(FailureCode::Malformed, detail);
    let der = cms::decode_any(&documents::read(&file)?).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    let report = cms::verify(&der, None).map_err(|error| malformed(format!("not a CMS: {error}")))?;
    if !report.is_good() {
        return Err(malformed("a signature in the CMS does not hold, so nothing of it is saved".to_owned()));
    }
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

/// Whether a system, or a desktop, would run a file of this name.
fn is_program(path: &Path) -> bool {
    const ENDINGS: &[&str] = &[
        "action",
        "app",
        "appimage",
        "application",
        "bash",
        "bat",
        "cmd",
        "com",
        "command",
        "cpl",
        "csh",
        "desktop",
        "dll",
        "dylib",
        "elf",
        "exe",
        "fish",
        "gadget",
        "hta",
        "inf",
        "jar",
        "js",
        "jse",
        "ksh",
        "lnk",
        "mount",
        "msc",
        "msi",
        "msp",
        "path",
        "pif",
        "pl",
        "ps1",
        "psm1",
        "py",
        "pyw",
        "rb",
        "reg",
        "run",
        "scf",
        "scr",
        "service",
        "sh",
        "so",
        "socket",
        "target",
        "timer",
        "url",
        "vb",
        "vbe",
        "vbs",
        "workflow",
        "ws",
        "wsf",
        "wsh",
        "zsh",
    ];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Windows leaves out what stands at the end of a name.
    let ending = name.trim_end_matches([' ', '.']).rsplit_once('.').map(|(_, ending)| ending.to_owned());
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
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
    // A link on the way must lead nowhere that the page could not name either.
    let folder = LocalPath::real_parent(path)?;
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
        let shown = path.with_file_name(&name);
        let candidate = folder.join(name);
        // Also a link that leads nowhere has the name.
        if candidate.symlink_metadata().is_ok() {
            continue;
        }
        let (part, mut file) = Part::beside(&candidate)?;
        file.write_all(octets)?;
        // As private as what it is made from.
        if let Some(permissions) = permissions.clone() {
            file.set_permissions(not_executable(permissions))?;
        }
        file.sync_all()?;
        match part.settle(&candidate) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            settled => return settled.map(|()| shown),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// The same for everybody, but nobody runs it.
#[cfg(unix)]
fn not_executable(permissions: fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(permissions.mode() & 0o666)
}

/// Here a name says what is run.
#[cfg(not(unix))]
fn not_executable(permissions: fs::Permissions) -> fs::Permissions {
    permissions
}
