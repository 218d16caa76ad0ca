//! A certificate that a page brings is put to the key that waits for it (`importCertificate`).

use super::choice::{Asked, Decided, choose};
use super::errand::{End, Errand};
use super::forms::{alias_of, key_info};
use super::keys::{KeyFault, Place as KeyPlace, password};
use super::new_key::of_usages;
use super::one_place::OnePlace;
use super::{Outcome, Room, status};
use crate::{
    applications::{Application, Applications, Place},
    fitness::{Measure, is_test},
    installing::{self, Doubt},
    key_file::KeyFileError,
    window::{Busy, Detail, Question, Sentence, Value},
};
use keystore::{KeyFile, StoreError};
use order::{FailureCode, Task};
use pki::{
    Certificate,
    request::answer,
    trust::{Standing, judge},
};
use serde_bytes::ByteBuf;

/// The person puts the certificate to its key, and the page learns which one it was.
pub(super) fn install(errand: &mut Errand<'_, '_>, brought: &[ByteBuf]) -> Result<Outcome, End> {
    let certificates = certificates(brought)?;
    let applications = Applications::of(errand.room.places);
    let measure = errand.room.measure();
    let waiting = installing::waiting(&applications, &certificates, &measure)
        .map_err(|_| End::failed(FailureCode::Signing, "the requests that wait cannot be read"))?;
    let Some((application, own)) = waiting else {
        return Err(End::failed(FailureCode::InvalidCertificate, "no key on this computer waits for this certificate"));
    };
    let doubts = installing::doubts(&own, &certificates, Some(&application), &measure);
    if !doubts.is_empty() {
        return Err(refused(errand, &doubts)?);
    }
    put_to_key(errand, &application, &own, &certificates, None)?;
    Ok(Outcome::Imported(Box::new(key_info(&alias_of(&own), &own))))
}

/// The window in which the person puts a certificate to the key that waits for it. `brought` came with it; `also` is said
/// of it besides.
pub(super) fn put_to_key(
    errand: &mut Errand<'_, '_>,
    application: &Application,
    own: &Certificate,
    brought: &[Certificate],
    also: impl Into<Option<Detail>>,
) -> Result<(), End> {
    let measure = &errand.room.measure();
    let details = details(own, brought, measure).into_iter().chain(also.into()).collect();
    let is_test = is_test(own, measure);
    let place = match &application.place {
        Place::File(path) => KeyPlace::File(path.clone()),
        Place::Token { token, .. } => KeyPlace::Token(token.clone()),
    };
    let place = OnePlace::new(place, is_test, errand.room.tokens, Busy::Installing);
    let asked = |_: &OnePlace<'_>| Asked { question: Question::Install { details }, warnings: Vec::new(), logo: None };
    choose(errand, |_| place, asked, &mut |room, decided| put_in(room, decided, application, own, brought).into())
}

/// All certificates that a page brings.
fn certificates(brought: &[ByteBuf]) -> Result<Vec<Certificate>, End> {
    let invalid = |detail: String| End::failed(FailureCode::InvalidCertificate, detail);
    if brought.is_empty() || brought.len() > Task::MOST_CERTIFICATES {
        return Err(invalid(format!("there must be 1 to {} certificates", Task::MOST_CERTIFICATES)));
    }
    let mut certificates = Vec::new();
    for (index, octets) in brought.iter().enumerate() {
        if octets.len() > Task::LONGEST_CERTIFICATE {
            return Err(invalid(format!("certificate[{index}] is too long")));
        }
        let found = answer::certificates(octets).map_err(|error| invalid(format!("certificate[{index}]: {error}")))?;
        certificates.extend(found);
        // Each of several blobs may have as many as one: together they may not have more.
        if certificates.len() > answer::MOST {
            return Err(invalid(format!("more than {} certificates", answer::MOST)));
        }
    }
    Ok(certificates)
}

/// What the certificate says.
fn details(own: &Certificate, brought: &[Certificate], measure: &Measure) -> Vec<Detail> {
    let holder = own.holder();
    let text = |label, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Detail { label, values: vec![Value::Text(value)] })
    };
    let issuer = own.issuer().common_name().map_or_else(|| own.issuer().to_dn_string(), str::to_owned);
    let standing = match judge(own, brought, &measure.anchors) {
        Standing::Production(_) => "window-standing-nca",
        Standing::Test(_) => "window-standing-test",
        Standing::Unknown => "window-standing-unknown",
    };
    let mut details: Vec<Detail> = [
        text("window-detail-name", Some(holder.name.clone())),
        text("window-detail-iin", holder.iin.map(|number| number.as_str().to_owned())),
        text("window-detail-organisation", holder.organisation.clone()),
        text("window-detail-bin", holder.bin.map(|number| number.as_str().to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect();
    details.extend(of_usages(own.extended_key_usage()));
    details.extend(text("window-detail-until", Some(own.not_after().date().to_string())));
    details.extend(text("window-detail-issuer", Some(issuer)));
    details.push(Detail { label: "window-detail-standing", values: vec![Value::Words(standing)] });
    details
}

/// A certificate that speaks against itself is not put in on a page's word: the person reads why, and what they can do.
fn refused(errand: &mut Errand<'_, '_>, doubts: &[Doubt]) -> Result<End, End> {
    let mut sentences = vec![Sentence::new("window-install-refused")];
    sentences.extend(doubts.iter().map(Doubt::sentence));
    sentences.push(Sentence::new("window-install-anyway"));
    errand.tell(sentences)?;
    Ok(End::failed(FailureCode::InvalidCertificate, "the certificate is not what was asked for, or not to be believed"))
}

/// Writes the certificate in, sees whether the key signs with it, and remembers.
fn put_in(
    room: &mut Room<'_>,
    decided: Decided<'_, OnePlace<'_>>,
    application: &Application,
    own: &Certificate,
    brought: &[Certificate],
) -> Result<(), KeyFault> {
    let Decided { list: waiting, secret: typed, is_stopped, .. } = decided;
    status::check_new(room, own, brought, is_stopped)?;
    match waiting.place().clone() {
        KeyPlace::File(path) => {
            let password = password(typed)?;
            if is_stopped() {
                return Err(KeyFault::Stopped);
            }
            installing::put_in(&KeyFile::at(&path), &password, own).map_err(of_file)?;
            if let Err(error) = room.known.remember(&path, vec![own.clone()]) {
                // The list is a convenience: the certificate is where it belongs.
                tracing::warn!(%error, "the key file could not be remembered");
            }
        }
        KeyPlace::Token(id) => {
            waiting.with_token(room, &id, typed, is_stopped, |token, pin| installing::put_in(token, pin, own))?;
        }
    }
    if let Err(error) = Applications::of(room.places).forget(application) {
        // It is found again, and the key has its certificate.
        tracing::warn!(%error, "the request could not be forgotten");
    }
    Ok(())
}

/// What a key file did not do.
fn of_file(error: StoreError) -> KeyFault {
    match error {
        StoreError::Open(_) | StoreError::Io(_) | StoreError::CannotSign(_) => KeyFileError::from(error).into(),
        error => KeyFault::NotPutIn(error),
    }
}
