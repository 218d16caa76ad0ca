//! What is fetched from the asking site, and what is sent to it.

use super::Room;
use super::beside::{Waited, wait_for};
use super::documents::Subject;
use super::errand::{End, Errand};
use super::keys::KeyFault;
use crate::services::{Gate, SiteError, SiteUrl, Upload};
use order::{Delivery, Document, Failure, FailureCode, Origin, Uploaded};

/// An address of the asking site's own.
pub(super) fn address(url: &str, origin: &Origin) -> Result<SiteUrl, Failure> {
    SiteUrl::new(url, origin).map_err(|error| Failure { code: FailureCode::InvalidRequest, detail: error.to_string() })
}

/// Where this delivery sends to; `None` for one that sends nothing.
pub(super) fn target(delivery: &Delivery, documents: &[Document], origin: &Origin) -> Result<Option<SiteUrl>, Failure> {
    let Delivery::Upload { url, .. } = delivery else { return Ok(None) };
    if documents.len() != 1 || documents.iter().any(|one| matches!(one, Document::Digest(_))) {
        let detail = "one document is sent to a site, with its signature".to_owned();
        return Err(Failure { code: FailureCode::InvalidRequest, detail });
    }
    address(url, origin).map(Some)
}

/// Fetches a document, once the person allowed it.
pub(super) fn fetch(errand: &mut Errand<'_, '_>, from: SiteUrl, most: u64) -> Result<Vec<u8>, End> {
    // No window is open, but the page may go meanwhile, and then nobody wants the document.
    let fetched = errand.room.sites.clone().map(|sites| {
        let person = &mut *errand.person;
        wait_for(None, &mut || person.is_withdrawn(), move |_| sites.fetch(&from, most))
    });
    let fetched = match fetched {
        Ok(Waited::Done(fetched)) => fetched,
        Ok(Waited::Stopped) => return Err(End::cancelled()),
        Ok(Waited::TooLong) => return Err(End::failed(FailureCode::Service, "fetching ended badly")),
        Err(error) => Err(error),
    };
    match fetched {
        Ok(octets) => Ok(octets),
        Err(error) => {
            tracing::info!(%error, "a document was not fetched");
            errand.tell(vec![error.sentence()])?;
            Err(End::failed(FailureCode::Service, error.to_string()))
        }
    }
}

/// Sends a document with its signature. A no counts until the first octet of them leaves; after that only the site's answer
/// ends this, or the limits of the way to it.
pub(super) fn upload(
    room: &Room<'_>,
    to: SiteUrl,
    token: &str,
    subjects: &[Subject<'_>],
    signatures: Vec<Vec<u8>>,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Uploaded, KeyFault> {
    let (Some(subject), Some(signature)) = (subjects.first(), signatures.into_iter().next()) else {
        return Err(KeyFault::Signing("there is nothing to send".to_owned()));
    };
    let sites = room.sites.clone().map_err(KeyFault::Site)?;
    let (token, name, document) = (token.to_owned(), subject.name(), subject.octets.to_vec());
    let gate = Gate::default();
    let waited = wait_for(None, &mut || is_stopped() && gate.shut(), {
        let gate = gate.clone();
        move |_| -> Result<Uploaded, SiteError> {
            sites.upload(&to, &Upload { token: &token, name: &name, document: &document, signature: &signature }, &gate)
        }
    });
    match waited {
        Waited::Done(Ok(uploaded)) => Ok(uploaded),
        Waited::Done(Err(error)) if gate.was_passed() => Err(KeyFault::Sent(error)),
        Waited::Done(Err(error)) => Err(KeyFault::Site(error)),
        Waited::Stopped => Err(KeyFault::Stopped),
        Waited::TooLong => Err(KeyFault::Signing("sending ended badly".to_owned())),
    }
}
