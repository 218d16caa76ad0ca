//! A person puts the certificate that came to the key that waits for it.

use super::super::{
    Room,
    errand::{End, Errand},
    install,
};
use crate::{
    applications::{Application, Applications},
    installing::{self, Doubt},
    window::{Detail, Report, Sentence, Value, Warning},
};
use pki::{Certificate, request::answer};
use std::{io::ErrorKind, path::Path};

/// The longest that is read, in octets.
const LONGEST: u64 = answer::MAX_LEN as u64;

/// What a file brought: the request that it answers, the certificate of its key, and all that came with it.
struct Brought {
    application: Application,
    own: Certificate,
    certificates: Vec<Certificate>,
}

/// From the file to a key that signs.
pub(super) fn import(errand: &mut Errand<'_, '_>, file: Option<&Path>) -> Result<(), End> {
    let mut named = file.map(Path::to_owned);
    let mut warnings = Vec::new();
    let Brought { application, own, certificates } = loop {
        let path = match named.take() {
            Some(path) => path,
            None => errand.choose_certificate(std::mem::take(&mut warnings))?,
        };
        match read(errand.room, &path) {
            Ok(brought) => break brought,
            // They may have taken the wrong file, and choose again.
            Err(sentences) => warnings = sentences.into_iter().map(Warning::File).collect(),
        }
    };
    install::put_to_key(errand, &application, &own, &certificates, waiting_since(&application))?;
    errand.report(report(&application, &own));
    Ok(())
}

/// What is in a file, or what speaks against it.
fn read(room: &Room<'_>, path: &Path) -> Result<Brought, Vec<Sentence>> {
    let shown = || path.display().to_string();
    let no_certificate = || Sentence::new("keys-import-not-a-certificate").with("path", shown());
    let bytes = platform::files::read_chosen(path, LONGEST).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::InvalidInput => vec![Sentence::new("cli-file-missing").with("path", shown())],
        _ => vec![no_certificate()],
    })?;
    let certificates = answer::certificates(&bytes).map_err(|_| vec![no_certificate()])?;
    let waiting = installing::waiting(&Applications::of(room.places), &certificates, &room.measure())
        .map_err(|error| vec![Sentence::new("own-import-unreadable").with("what", error.to_string())])?;
    let (application, own) =
        waiting.ok_or_else(|| vec![Sentence::new("own-import-no-request").with("path", shown())])?;
    let doubts = installing::doubts(&own, &certificates, Some(&application), &room.measure());
    if !doubts.is_empty() {
        return Err(doubts.iter().map(Doubt::sentence).chain([Sentence::new("own-import-anyway")]).collect());
    }
    Ok(Brought { application, own, certificates })
}

/// Which of the person's requests it is the answer to.
fn waiting_since(application: &Application) -> Detail {
    let since = application.created.date().to_string();
    Detail { label: "own-detail-waits", values: vec![Value::Text(format!("{} · {since}", application.id))] }
}

fn report(application: &Application, own: &Certificate) -> Report {
    let said = |label, value: String| Detail { label, values: vec![Value::Text(value)] };
    Report {
        done: "own-import-done",
        details: vec![
            said("window-detail-name", own.holder().name.clone()),
            said("own-detail-key-place", application.place.label()),
            said("window-detail-until", own.not_after().date().to_string()),
        ],
        next: ["own-import-checked", "own-import-backup"].map(Sentence::new).to_vec(),
        file: None,
        go_on: None,
        undo: None,
    }
}
