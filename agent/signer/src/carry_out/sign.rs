//! Signing documents with one key, and showing one.

use super::choice::Asked;
use super::delivery;
use super::documents::{self, Kind, Subject};
use super::errand::{End, Errand};
use super::forms::{self, Form};
use super::key_window::{Chosen, check_filter, with_key};
use super::keys::{KeyFault, Purpose, Unlocked};
use super::{Outcome, Room, site, stamps, status};
use crate::fitness::CLIENT_AUTH;
use crate::local_path::LocalPath;
use crate::login_ticket::{self, LoginUse, OtherSite};
use crate::preview;
use crate::services::SiteUrl;
use crate::unseen::visible;
use crate::window::{Consent, KeyAct, Learns, Question, Warning};
use order::{Delivery, Document, FailureCode, KeyFilter, KeyInfo, KeyUse, NamedKey, Origin, SignTask, Signed};
use serde_bytes::ByteBuf;
use std::path::PathBuf;

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
        let (alias, certificate) = chosen.list.certificate(chosen.row)?;
        if (chosen.is_stopped)() {
            return Err(KeyFault::Stopped);
        }
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
    let other = other_site(errand, task, &subjects);
    if let Some(OtherSite { named, asks }) = other.clone() {
        errand.consent(Consent::OtherSite { named, asks })?;
    }
    if let Some(act) = documents::key_act(&subjects) {
        errand.consent(Consent::KeyAct(act))?;
    }
    // A digest that is signed with a key for logging in could be that of any site's ticket, also inside of a CMS. With other
    // keys portals sign the digests of long files every day: there the red sentence has to do.
    let is_digest = |subject: &Subject<'_>| subject.kind == Kind::Digest;
    let is_bare = matches!(form, Form::Raw) && !subjects.iter().all(Subject::is_readable)
        || login_use(&task.filter) == LoginUse::Login && subjects.iter().any(is_digest);
    if is_bare {
        errand.consent(Consent::BareSignature)?;
    }
    let asked = |lengths: &[usize]| {
        let longest = preview::length_for(subjects.len());
        let mut room = preview::ALL_DRAWABLE;
        let documents = subjects.iter().map(|subject| subject.view(longest, &mut room)).collect();
        let mut warnings = documents::warnings(&subjects, lengths);
        // First: it is the worst.
        warnings.splice(0..0, other.map(|OtherSite { named, asks }| Warning::OtherSite { named, asks }));
        Asked {
            question: Question::Sign { documents, form: form.view() },
            warnings,
            logo: task.logo.as_ref().map(|logo| logo.to_vec()),
        }
    };
    let origin = errand.origin();
    let signed = with_key(errand, Purpose::Sign, &task.filter, asked, &mut |room, chosen| {
        make(room, origin, task, &form, &subjects, chosen)
    })?;
    Ok(Outcome::Signed(signed))
}

/// Whether the key that is asked for is one for logging in.
fn login_use(filter: &KeyFilter) -> LoginUse {
    let is_login = filter.key_use == Some(KeyUse::Authentication)
        || filter.extended_key_usage.iter().any(|purpose| purpose == CLIENT_AUTH);
    if is_login { LoginUse::Login } else { LoginUse::Unsaid }
}

/// The site that one of the documents would log in to, when it is not the one that asks.
fn other_site(errand: &Errand<'_, '_>, task: &SignTask, subjects: &[Subject<'_>]) -> Option<OtherSite> {
    let login = login_use(&task.filter);
    let seen = subjects.iter().filter(|subject| subject.kind != Kind::Digest);
    seen.map(Subject::signed).find_map(|document| login_ticket::other_site(document, login, errand.origin()))
}

/// The documents, from wherever they are. Whatever is wrong with what came along is said before anything is asked, and
/// what the page names elsewhere is touched only after the person allowed it.
fn gather<'t>(errand: &mut Errand<'_, '_>, task: &'t SignTask, form: &Form) -> Result<Vec<Subject<'t>>, End> {
    enum Place<'t> {
        Here(Subject<'t>),
        At(LocalPath),
        Chosen,
        There(SiteUrl),
    }
    let origin = errand.origin();
    let mut places = Vec::with_capacity(task.documents.len());
    for document in &task.documents {
        places.push(match (Subject::given(document)?, document) {
            (Some(mut subject), _) => {
                subject.check(form)?;
                Place::Here(subject)
            }
            (None, Document::File(path)) => Place::At(documents::local_path(path)?),
            (None, Document::Remote(url)) => Place::There(site::address(url, origin)?),
            (None, _) => Place::Chosen,
        });
    }
    let upload = site::target(&task.delivery, &task.documents, origin)?;
    let mut paths: Vec<LocalPath> = Vec::from_iter(named_key(&task.filter)?);
    paths.extend(places.iter().filter_map(|place| match place {
        Place::At(path) => Some(path.clone()),
        Place::Here(_) | Place::Chosen | Place::There(_) => None,
    }));
    let target = delivery::target(&task.delivery, &task.documents)?;
    errand.consent_to_read(&paths)?;
    if let Some(target) = target
        && !errand.may_name_paths()
    {
        errand.consent(Consent::WriteFile { path: visible(&target.shown(form)) })?;
    }
    if let Some(upload) = upload {
        errand.consent(Consent::Upload { url: upload.as_str().to_owned() })?;
    }
    let mut subjects = Vec::with_capacity(places.len());
    let mut room = documents::LONGEST_FILE;
    for place in places {
        let mut subject = match place {
            Place::Here(subject) => {
                subjects.push(subject);
                continue;
            }
            Place::At(path) => Subject::of_file(path.as_path(), documents::read(&path)?),
            Place::Chosen => {
                let path = errand.choose_file(Learns::Signature, "", PathBuf::new())?;
                let octets = documents::read_chosen(&path)?;
                Subject::of_file(&path, octets)
            }
            Place::There(url) => {
                errand.consent(Consent::Fetch { url: url.as_str().to_owned() })?;
                Subject::of_site(site::fetch(errand, url, room)?)
            }
        };
        // All together stand in memory at once.
        room = room
            .checked_sub(subject.octets.len() as u64)
            .ok_or_else(|| End::failed(FailureCode::TooLarge, "the documents are too large to be signed at once"))?;
        subject.check(form)?;
        subjects.push(subject);
    }
    Ok(subjects)
}

/// Signs every document with the chosen key.
fn make(
    room: &Room<'_>,
    origin: &Origin,
    task: &SignTask,
    form: &Form,
    subjects: &[Subject<'_>],
    chosen: Chosen<'_, '_>,
) -> Result<Signed, KeyFault> {
    let Chosen { list: keys, row, secret, is_stopped, .. } = chosen;
    let (_, judged) = keys.certificate(row)?;
    let Unlocked::Signer(signer) = keys.unlock(row, secret)? else { return Err(KeyFault::Changed) };
    let signer = signer.as_ref();
    let certificate = signer.certificate();
    // A store that signs with another one of the key's certificates: that one nobody chose.
    if *certificate != judged {
        return Err(KeyFault::Changed);
    }
    let alias = keys.certificate(row).map(|(alias, _)| alias).unwrap_or_default();
    status::refuse_blocked(room, certificate)?;
    if !task.filter.allow_revoked {
        status::check(room, certificate, is_stopped)?;
    }
    let mut signatures = Vec::with_capacity(subjects.len());
    for subject in subjects {
        if is_stopped() {
            return Err(KeyFault::Stopped);
        }
        signatures.push(form.make(subject, signer, room.now())?);
    }
    if documents::key_act(subjects) == Some(KeyAct::Revocation) {
        room.statuses.is_ending(certificate);
    }
    if form.is_stamped() {
        stamps::add(room, signer, &mut signatures, is_stopped)?;
    }
    let mut signed = Signed {
        signatures: Vec::new(),
        key: Box::new(forms::key_info(&alias, certificate)),
        signer_name: certificate.holder().name.clone(),
        digests: documents::digests(subjects),
        files: Vec::new(),
        uploaded: None,
    };
    // The last moment for a no: what is delivered cannot be taken back.
    if is_stopped() {
        return Err(KeyFault::Stopped);
    }
    match &task.delivery {
        Delivery::Page => signed.signatures = signatures.into_iter().map(ByteBuf::from).collect(),
        Delivery::Folder(folder) => signed.files = delivery::write(folder, form, subjects, &signatures)?,
        Delivery::Upload { url, token } => {
            let to = SiteUrl::new(url, origin).map_err(KeyFault::Site)?;
            signed.uploaded = Some(site::upload(room, to, token, subjects, signatures, is_stopped)?);
        }
    }
    Ok(signed)
}
