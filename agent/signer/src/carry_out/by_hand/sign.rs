//! A person signs a file of their own.

use super::super::{
    Outcome,
    errand::{End, Errand},
    sign,
};
use crate::window::{Detail, Report, Sentence, Value};
use order::{Cms, Content, Delivery, Document, FailureCode, Form, KeyFilter, SignTask, TimeStamp};
use std::path::{Path, PathBuf};

/// From the file to the signature beside it: a CMS with the file inside, which every Kazakh verifier takes.
pub(super) fn sign(errand: &mut Errand<'_, '_>, file: &Path) -> Result<(), End> {
    let path = file.to_str().ok_or_else(|| End::failed(FailureCode::FileUnreadable, "the file's name is not text"))?;
    let task = SignTask {
        documents: vec![Document::File(path.to_owned())],
        form: Form::Cms(Cms { content: Content::Attached, time_stamp: TimeStamp::None }),
        filter: KeyFilter::default(),
        delivery: Delivery::Folder(String::new()),
        logo: None,
    };
    let Outcome::Signed(signed) = sign::sign(errand, &task)? else { return Err(End::cancelled()) };
    let said = |label, value: String| Detail { label, values: vec![Value::Text(value)] };
    errand.report(Report {
        done: "own-sign-done",
        details: vec![said("window-detail-name", signed.signer_name)],
        next: vec![Sentence::new("own-sign-next")],
        file: signed.files.first().map(|file| ("own-sign-file", PathBuf::from(file))),
        go_on: None,
        undo: None,
    });
    Ok(())
}
