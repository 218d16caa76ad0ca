//! A person gives up a key that was lost or stolen: it is blocked here at once, and asks for its own end while it is still
//! at hand.

use super::super::{
    Outcome, Room,
    choice::{Asked, Decided, choose},
    errand::{End, Errand, Reported},
    key_window::{Chosen, with_key},
    keys::{KeyFault, Place, Purpose, password},
    new_file_place,
    one_place::OnePlace,
};
use crate::{
    fitness::{is_gost, is_test},
    key_file, life,
    life::blocked::{Blocked, Why, fingerprint},
    new_file,
    window::{Busy, Detail, Entry, Faults, Field, Form, Line, Question, Report, Sentence, Value},
};
use keystore::UnlockedStore;
use order::{FailureCode, KeyFilter};
use pki::{Certificate, Validity};
use std::path::{Path, PathBuf};

const REASONS: [Why; 4] = [Why::Lost, Why::Stolen, Why::Copied, Why::Other];
const REASON_NAMES: &[&str] = &["own-why-lost", "own-why-stolen", "own-why-copied", "own-why-other"];

/// A key that was given up.
struct GivenUp {
    certificate: Certificate,
    place: Place,
    why: Why,
    /// It had been given up before.
    was_blocked: bool,
}

/// The form in the window: what happened.
#[must_use]
pub fn form(why: Why) -> Form {
    let chosen = REASONS.iter().position(|one| *one == why).unwrap_or_default();
    let entry = Entry::Choice { of: REASON_NAMES, chosen };
    Form { rows: vec![vec![Line { field: Field::Why, entry, only: None }]], check: |_| Faults::new() }
}

/// From the list of keys to a request for revocation.
pub(super) fn lost(errand: &mut Errand<'_, '_>, why: Why) -> Result<(), End> {
    let any = KeyFilter::default();
    let asked = |_: &[usize]| Asked { question: Question::Lost { form: form(why) }, warnings: Vec::new(), logo: None };
    let lost = with_key(errand, Purpose::Lose, &any, asked, &mut |room, chosen| give_up(room, chosen, why))?;
    loop {
        let can_ask = can_ask_for_revocation(errand.room, &lost);
        match errand.report(blocked(errand.room, &lost, can_ask)) {
            Reported::Closed => return Ok(()),
            Reported::Undo => return take_back(errand, &lost),
            Reported::GoOn => match ask_for_revocation(errand, &lost) {
                Ok(file) => {
                    errand.report(asked_for(&lost, file));
                    return Ok(());
                }
                Err(End::Back) => {}
                // The key is blocked for all that.
                Err(End::Outcome(end)) if *end == Outcome::Cancelled => return Ok(()),
                Err(end) => return Err(end),
            },
        }
    }
}

/// Blocks the chosen key. First of all: everything else can fail, and can be done again.
fn give_up(room: &Room<'_>, chosen: Chosen<'_, '_>, why: Why) -> Result<GivenUp, KeyFault> {
    let (_, certificate) = chosen.list.certificate(chosen.row)?;
    let place = chosen.list.place(chosen.row)?;
    let why = chosen.filled.choice(&Field::Why).and_then(|place| REASONS.get(place).copied()).unwrap_or(why);
    if (chosen.is_stopped)() {
        return Err(KeyFault::Stopped);
    }
    let mut list = Blocked::load(room.places.data()).map_err(KeyFault::NotBlocked)?;
    let is_new = list.block(&certificate, why, room.now()).map_err(KeyFault::NotBlocked)?;
    Ok(GivenUp { certificate, place, why, was_blocked: !is_new })
}

/// The key is at hand and its certificate counts: an authority would take its word.
fn can_ask_for_revocation(room: &Room<'_>, lost: &GivenUp) -> bool {
    let is_here = match &lost.place {
        // A certificate may be all that there is.
        Place::File(path) => key_file::check(path).is_ok(),
        Place::Token(id) => room.tokens.snapshot().tokens.iter().any(|seen| seen.id == *id),
    };
    let counts = room.trust.test_environment || !is_test(&lost.certificate, &room.trust);
    is_here && counts && lost.certificate.validity_at(room.now()) == Validity::Current
}

fn said(label: &'static str, value: String) -> Detail {
    Detail { label, values: vec![Value::Text(value)] }
}

fn details(lost: &GivenUp) -> Vec<Detail> {
    vec![
        said("window-detail-name", lost.certificate.holder().name.clone()),
        said("own-detail-serial", lost.certificate.serial().to_hex()),
        said("window-detail-until", lost.certificate.not_after().date().to_string()),
    ]
}

/// What was done, and what the person has to do now.
fn blocked(room: &Room<'_>, lost: &GivenUp, can_ask: bool) -> Report {
    let has_ended = lost.certificate.validity_at(room.now()) == Validity::Expired;
    let next: &[&str] = if has_ended {
        &["lost-expired"]
    } else {
        &["own-lost-only-here", "own-lost-revoke", "own-lost-call", "own-lost-look", "own-lost-new"]
    };
    // What browsers were given they use without asking here.
    let copies = (!has_ended && !is_gost(&lost.certificate)).then(|| Sentence::new("lost-copies"));
    let offer = can_ask.then(|| Sentence::new("own-lost-offer"));
    Report {
        done: if lost.was_blocked { "own-lost-done-before" } else { "own-lost-done" },
        details: details(lost),
        next: next.iter().map(|id| Sentence::new(id)).chain(copies).chain(offer).collect(),
        file: None,
        go_on: can_ask.then_some("own-lost-go-on"),
        // What somebody else, or the same person on another day, blocked is not let go with one press.
        undo: (!lost.was_blocked).then_some("own-lost-undo"),
    }
}

/// The person found it, or took the wrong one.
fn take_back(errand: &mut Errand<'_, '_>, lost: &GivenUp) -> Result<(), End> {
    let unblocked =
        Blocked::load(errand.room.places.data()).and_then(|mut list| list.unblock(&[fingerprint(&lost.certificate)]));
    if let Err(error) = unblocked {
        errand.tell(vec![Sentence::new("own-lost-not-undone").with("what", error.to_string())])?;
        return Err(End::failed(FailureCode::Signing, error.to_string()));
    }
    let report = Report {
        done: "own-lost-undone",
        details: details(lost),
        next: vec![Sentence::new("own-lost-undone-next")],
        file: None,
        go_on: None,
        undo: None,
    };
    errand.report(report);
    Ok(())
}

/// The key signs that it shall count no more: the one thing that it signs now.
fn ask_for_revocation(errand: &mut Errand<'_, '_>, lost: &GivenUp) -> Result<PathBuf, End> {
    let name = &lost.certificate.holder().name;
    let serial: String = lost.certificate.serial().to_hex().chars().take(8).collect();
    let file = new_file_place::free(errand.room.places, &["REVOCATION", name, &serial], "cms");
    let is_test = is_test(&lost.certificate, &errand.room.trust);
    let place = OnePlace::new(lost.place.clone(), is_test, errand.room.tokens, Busy::Signing);
    let asked = |_: &OnePlace<'_>| Asked { question: Question::Revoke, warnings: Vec::new(), logo: None };
    choose(errand, |_| place, asked, &mut |room, decided| sign(room, decided, lost, &file).into())?;
    Ok(file)
}

fn sign(room: &Room<'_>, decided: Decided<'_, OnePlace<'_>>, lost: &GivenUp, file: &Path) -> Result<(), KeyFault> {
    let Decided { list: place, secret: typed, is_stopped, .. } = decided;
    let store: Box<dyn UnlockedStore> = match place.place().clone() {
        Place::File(path) => key_file::open(&path, &password(typed)?)?,
        Place::Token(id) => place.with_token(room, &id, typed, is_stopped, |token, pin| token.unlock(pin))?,
    };
    let key = store.list().iter().find(|key| key.certificate.as_ref() == Some(&lost.certificate));
    let key = key.ok_or(KeyFault::Changed)?;
    let signer = store.signer(&key.id).map_err(|error| match place.place() {
        Place::File(_) => key_file::KeyFileError::from(error).into(),
        Place::Token(_) => KeyFault::Token(error),
    })?;
    if is_stopped() {
        return Err(KeyFault::Stopped);
    }
    let request = life::revoke::request(signer.as_ref(), lost.why, room.now())
        .map_err(|error| KeyFault::Signing(error.to_string()))?;
    new_file::write_new(file, &request).map_err(KeyFault::NotWritten)
}

/// Where the request for revocation is.
fn asked_for(lost: &GivenUp, file: PathBuf) -> Report {
    Report {
        done: "own-revoke-done",
        details: details(lost),
        next: ["own-revoke-hand-in", "own-lost-call"].map(Sentence::new).to_vec(),
        file: Some(("own-revoke-file", file)),
        go_on: None,
        undo: None,
    }
}
