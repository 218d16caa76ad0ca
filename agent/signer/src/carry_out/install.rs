//! A certificate that a page brings is put to the key that waits for it (`importCertificate`).

use super::choice::{Asked, Decided, List, choose};
use super::errand::{End, Errand};
use super::forms::{alias_of, key_info};
use super::keys::{KeyFault, Plugged, password, shown};
use super::new_key::{of_usages, row};
use super::{Outcome, Room, status};
use crate::{
    applications::{Application, Applications, Place},
    fitness::{Measure, is_test},
    installing::{self, Doubt},
    key_file::KeyFileError,
    tokens::Tokens,
    window::{
        Busy, Detail, Fit, KeyKind, KeyRow, Looking, PasswordState, Place as Shown, Question, Reason, RowId, Sentence,
        Tries, Value,
    },
};
use keystore::{
    KeyFile, StoreError,
    pkcs11::{PinPlace, Snapshot, TokenId},
};
use order::{FailureCode, Task};
use pki::{
    Certificate,
    request::answer,
    trust::{Standing, judge},
};
use serde_bytes::ByteBuf;
use std::path::Path;

/// The one row.
const KEY: RowId = RowId(0);

/// The person puts the certificate to its key, and the page learns which one it was.
pub(super) fn install(errand: &mut Errand<'_, '_>, brought: &[ByteBuf]) -> Result<Outcome, End> {
    let certificates = certificates(brought)?;
    let applications = Applications::of(errand.room.places);
    let waiting = installing::waiting(&applications, &certificates, &errand.room.measure)
        .map_err(|_| End::failed(FailureCode::Signing, "the requests that wait cannot be read"))?;
    let Some((application, own)) = waiting else {
        return Err(End::failed(FailureCode::InvalidCertificate, "no key on this computer waits for this certificate"));
    };
    let measure = &errand.room.measure;
    let doubts = installing::doubts(&own, &certificates, Some(&application), measure);
    if !doubts.is_empty() {
        return Err(refused(errand, &doubts)?);
    }
    let question = Question::Install { details: details(&own, &certificates, measure) };
    let place = Waiting {
        place: application.place.clone(),
        is_test: is_test(&own, measure),
        tokens: errand.room.tokens,
        plugged: Plugged::default(),
    };
    let asked = |_: &Waiting<'_>| Asked { question, warnings: Vec::new(), logo: None };
    choose(errand, |_| place, asked, &mut |room, decided| put_in(room, decided, &application, &own).into())?;
    Ok(Outcome::Imported(Box::new(key_info(&alias_of(&own), &own))))
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

/// Where the key waits.
struct Waiting<'w> {
    place: Place,
    is_test: bool,
    tokens: &'w dyn Tokens,
    plugged: Plugged,
}

impl Waiting<'_> {
    fn of_token(&self, id: &TokenId) -> KeyRow {
        let held = self.plugged.all().iter().find(|held| held.seen.id == *id);
        let reason = match held {
            None => Some(Reason::TokenGone),
            Some(held) if !held.is_there => Some(Reason::TokenGone),
            Some(held) if !held.seen.pin.is_set => Some(Reason::PinNotSet),
            Some(held) if held.tries() == Tries::None => Some(Reason::PinLocked),
            Some(_) => None,
        };
        let at_reader = held.is_some_and(|held| held.seen.pin.place == PinPlace::Reader);
        let password = if at_reader { PasswordState::AtReader } else { PasswordState::Asked };
        let fit = reason.map_or(Fit::Fits, |reason| Fit::Unfit(vec![reason]));
        row(KEY, Shown::Token(shown(id, held)), fit, password)
    }
}

impl List for Waiting<'_> {
    fn rows(&self) -> Vec<KeyRow> {
        let mut row = match &self.place {
            Place::File(path) => {
                let fit = if path.is_file() { Fit::Fits } else { Fit::Unfit(vec![Reason::FileMissing]) };
                row(KEY, Shown::File(path.clone()), fit, PasswordState::Asked)
            }
            Place::Token { token, .. } => self.of_token(token),
        };
        row.kind = if self.is_test { KeyKind::Test } else { KeyKind::Real };
        vec![row]
    }

    fn looking(&self) -> Looking {
        match self.place {
            Place::File(_) => Looking::Done,
            Place::Token { .. } => self.plugged.looking,
        }
    }

    fn refresh(&mut self, snapshot: Snapshot) {
        self.plugged.take(snapshot);
    }

    /// The file was moved since.
    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        if let Place::File(own) = &mut self.place {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            crate::key_file::check(&path)?;
            *own = path;
        }
        Ok(KEY)
    }

    fn busy(&self, _: RowId) -> Busy {
        match self.rows().first().map(|row| row.password) {
            Some(PasswordState::AtReader) => Busy::AtReader,
            _ => Busy::Installing,
        }
    }
}

/// Writes the certificate in, sees whether the key signs with it, and remembers.
fn put_in(
    room: &mut Room<'_>,
    decided: Decided<'_, Waiting<'_>>,
    application: &Application,
    own: &Certificate,
) -> Result<(), KeyFault> {
    let Decided { list: waiting, secret: typed, is_stopped, .. } = decided;
    status::check(room, own, is_stopped).map_err(|fault| match fault {
        KeyFault::Revoked => KeyFault::RevokedAlready,
        fault => fault,
    })?;
    match waiting.place.clone() {
        Place::File(path) => {
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
        Place::Token { token: id, .. } => {
            let tokens = waiting.tokens;
            let held = waiting.plugged.of_mut(&id).filter(|held| held.is_there).ok_or_else(KeyFault::gone)?;
            let pin = held.pin(typed)?;
            let token = tokens.token(&held.shown()).ok_or_else(KeyFault::gone)?;
            if is_stopped() {
                return Err(KeyFault::Stopped);
            }
            installing::put_in(&*token, &pin, own).map_err(|error| {
                held.hear(&error);
                KeyFault::Token(error)
            })?;
            held.was_opened(&pin, room.pins, room.places);
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
