//! Signing documents with one key, and showing one.

use super::delivery;
use super::documents::{self, Subject};
use super::errand::{End, Errand};
use super::forms::{self, Form};
use super::key_window::{Asked, Chosen, check_filter, with_key};
use super::keys::{KeyFault, Purpose, Unlocked};
use super::{Outcome, Room, stamps, status};
use crate::local_path::LocalPath;
use crate::preview;
use crate::unseen::visible;
use crate::window::{Consent, Question};
use order::{Delivery, Document, FailureCode, KeyFilter, KeyInfo, NamedKey, SignTask, Signed};
use serde_bytes::ByteBuf;

/// The person shows the page a certificate.
pub(super) fn show_key(errand: &mut Errand<'_, '_>, filter: &KeyFilter) -> Result<Outcome, End> {
    check_filter(filter)?;
    let key = named_key(filter)?;
    errand.consent_to_read(&Vec::from_iter(key))?;
    shown_key(errand, filter).map(|key| Outcome::KeyShown(Box::new(key)))
}

/// The certificate that the person shows.
pub(super) fn shown_key(errand: &mut Errand<'_, '_>, filter: &KeyFilter) -> Result<KeyInfo, End> {
    let asked = |_: &[usize]| Asked { question: Question::ShowKey, warnings: Vec::new(), logo: None };
    with_key(errand, Purpose::Show, filter, asked, &mut |_, chosen| {
        let (alias, certificate) = chosen.keys.certificate(chosen.row)?;
        Ok(forms::key_info(&alias, &certificate))
    })
}

/// The file of the key that the page names.
pub(super) fn named_key(filter: &KeyFilter) -> Result<Option<LocalPath>, End> {
    let path = filter.named.as_ref().filter(|named| named.has_path());
    Ok(path.map(|named: &NamedKey| documents::local_path(&named.place)).transpose()?)
}

/// Signs documents with one key of the person's choice.
pub(super) fn sign(errand: &mut Errand<'_, '_>, task: &SignTask) -> Result<Outcome, End> {
    if task.documents.is_empty() {
        return Err(End::failed(FailureCode::InvalidRequest, "there is no document to sign"));
    }
    check_filter(&task.filter)?;
    let form = Form::of(&task.form)?;
    let subjects = gather(errand, task, &form)?;
    let is_bare = matches!(form, Form::Raw) && !subjects.iter().all(Subject::is_readable);
    if is_bare {
        errand.consent(Consent::BareSignature)?;
    }
    let asked = |lengths: &[usize]| {
        let longest = preview::length_for(subjects.len());
        let documents = subjects.iter().map(|subject| subject.view(longest)).collect();
        Asked {
            question: Question::Sign { documents, form: form.view() },
            warnings: documents::warnings(&subjects, lengths),
            logo: task.logo.as_ref().map(|logo| logo.to_vec()),
        }
    };
    let signed = with_key(errand, Purpose::Sign, &task.filter, asked, &mut |room, chosen| {
        make(room, task, &form, &subjects, chosen)
    })?;
    Ok(Outcome::Signed(signed))
}

/// The documents, from wherever they are. Whatever is wrong with what came along is said before anything is asked, and
/// what the page names elsewhere is touched only after the person allowed it.
fn gather<'t>(errand: &mut Errand<'_, '_>, task: &'t SignTask, form: &Form) -> Result<Vec<Subject<'t>>, End> {
    enum Place<'t> {
        Here(Subject<'t>),
        At(LocalPath),
    }
    let mut places = Vec::with_capacity(task.documents.len());
    for document in &task.documents {
        places.push(match (Subject::given(document)?, document) {
            (Some(subject), _) => {
                subject.check(form)?;
                Place::Here(subject)
            }
            (None, Document::File(path)) => Place::At(documents::local_path(path)?),
            (None, _) => return Err(End::failed(FailureCode::InvalidRequest, "this document cannot be had")),
        });
    }
    let mut paths: Vec<LocalPath> = Vec::from_iter(named_key(&task.filter)?);
    paths.extend(places.iter().filter_map(|place| match place {
        Place::At(path) => Some(path.clone()),
        Place::Here(_) => None,
    }));
    let target = delivery::target(&task.delivery, &task.documents)?;
    errand.consent_to_read(&paths)?;
    if let Some(target) = target
        && !errand.may_name_paths()
    {
        errand.consent(Consent::WriteFile { path: visible(&target.shown(form)) })?;
    }
    let mut subjects = Vec::with_capacity(places.len());
    let mut room = documents::LONGEST_FILE;
    for place in places {
        subjects.push(match place {
            Place::Here(subject) => subject,
            Place::At(path) => {
                let octets = documents::read(&path)?;
                // All together stand in memory at once.
                room = room.checked_sub(octets.len() as u64).ok_or_else(|| {
                    End::failed(FailureCode::TooLarge, "the files are too large to be signed at once")
                })?;
                let subject = Subject::of_file(path.as_path(), octets);
                subject.check(form)?;
                subject
            }
        });
    }
    Ok(subjects)
}

/// Signs every document with the chosen key.
fn make(
    room: &Room<'_>,
    task: &SignTask,
    form: &Form,
    subjects: &[Subject<'_>],
    chosen: Chosen<'_>,
) -> Result<Signed, KeyFault> {
    let Chosen { keys, row, password, is_stopped } = chosen;
    let Unlocked::Signer(signer) = keys.unlock(row, password)? else { return Err(KeyFault::Changed) };
    let signer = signer.as_ref();
    let certificate = signer.certificate();
    let alias = keys.certificate(row).map(|(alias, _)| alias).unwrap_or_default();
    if !task.filter.allow_revoked {
        status::check(room, certificate, is_stopped)?;
    }
    let mut signatures = Vec::with_capacity(subjects.len());
    for subject in subjects {
        if is_stopped() {
            return Err(KeyFault::Stopped);
        }
        signatures.push(form.make(subject, signer, room.measure.now)?);
    }
    if form.is_stamped() {
        stamps::add(room, signer, &mut signatures, is_stopped)?;
    }
    if is_stopped() {
        return Err(KeyFault::Stopped);
    }
    let mut signed = Signed {
        signatures: Vec::new(),
        key: Box::new(forms::key_info(&alias, certificate)),
        signer_name: certificate.holder().name.clone(),
        digests: documents::digests(subjects),
        files: Vec::new(),
        uploaded: None,
    };
    match &task.delivery {
        Delivery::Page => signed.signatures = signatures.into_iter().map(ByteBuf::from).collect(),
        Delivery::Folder(folder) => signed.files = delivery::write(folder, form, subjects, &signatures)?,
        Delivery::Upload { .. } => return Err(KeyFault::Signing("nothing is sent to the site".to_owned())),
    }
    Ok(signed)
}
