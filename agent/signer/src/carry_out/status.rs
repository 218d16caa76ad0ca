//! Whether a key's certificate was revoked, asked before it signs.
//!
//! A revoked certificate signs nothing that anybody accepts, and its holder may not know yet that somebody else had it
//! revoked. What cannot be found out in a moment hinders nothing: the network may be away, and whoever verifies asks
//! again.

use super::Room;
use super::beside::{Waited, wait_for};
use super::keys::KeyFault;
use crate::judgement::{Judge, Revocation};
use crate::life::blocked::{self, Blocked};
use crate::services::Services;
use pki::{Certificate, DigestAlgorithm, Timestamp};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How long the person waits for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long an answer is remembered, in seconds: as long as it takes to sign a batch of documents that a portal asks for one
/// by one. docs/architecture.md weighs that.
const ANSWER_KEPT: i64 = 300;
/// How long it is remembered that there was none.
const SILENCE_KEPT: i64 = 60;
/// The most certificates that are remembered; nobody has as many keys.
const MOST: usize = 256;

/// What was heard lately about certificates.
#[derive(Debug, Default)]
pub struct Statuses(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    heard: HashMap<Vec<u8>, (Timestamp, Heard)>,
    /// Those whose revocation was asked for here: what is heard of them may be old a moment later.
    ending: HashSet<Vec<u8>>,
    /// When the list of blocked keys was written last, as of then.
    blocked: Option<SystemTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Good,
    Revoked,
    Nothing,
}

impl Statuses {
    fn of(&self, certificate: &[u8], now: Timestamp) -> Option<Heard> {
        let (since, status) = self.known().heard.get(certificate).copied()?;
        let kept = if status == Heard::Nothing { SILENCE_KEPT } else { ANSWER_KEPT };
        let age = now.as_unix().saturating_sub(since.as_unix());
        (0..kept).contains(&age).then_some(status)
    }

    fn keep(&self, certificate: Vec<u8>, now: Timestamp, status: Heard) {
        let mut known = self.known();
        if known.ending.contains(&certificate) {
            return;
        }
        if known.heard.len() >= MOST {
            known.heard.clear();
        }
        known.heard.insert(certificate, (now, status));
    }

    /// The person has just asked for its revocation: it is asked about each time from now on.
    pub(super) fn is_ending(&self, certificate: &Certificate) {
        let name = name_of(certificate);
        let mut known = self.known();
        known.heard.remove(&name);
        if known.ending.len() < MOST {
            known.ending.insert(name);
        }
    }

    /// A key was blocked or let sign again: what was heard before that counts no longer, for whoever lost a key and found it
    /// may have had it revoked meanwhile.
    fn follow(&self, data: &Path) {
        let written = std::fs::metadata(data.join(blocked::FILE)).and_then(|file| file.modified()).ok();
        let mut known = self.known();
        if known.blocked != written {
            known.heard.clear();
            known.blocked = written;
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a key that its owner blocked, be it a moment ago: the window may have been open for long.
///
/// # Errors
/// [`KeyFault::Blocked`], also where the list of blocked keys cannot be read.
pub(super) fn refuse_blocked(room: &Room<'_>, certificate: &Certificate) -> Result<(), KeyFault> {
    room.statuses.follow(room.places.data());
    match Blocked::load(room.places.data()) {
        Ok(blocked) if !blocked.has(certificate) => Ok(()),
        Ok(_) => Err(KeyFault::Blocked),
        Err(error) => {
            tracing::error!(%error, "which keys are blocked is not known; nothing is signed");
            Err(KeyFault::Blocked)
        }
    }
}

/// Refuses a key whose certificate is revoked.
///
/// # Errors
/// [`KeyFault::Revoked`]; [`KeyFault::Stopped`] when a no came meanwhile.
pub(super) fn check(
    room: &Room<'_>,
    certificate: &Certificate,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<(), KeyFault> {
    if !room.services.check_before_signing {
        return Ok(());
    }
    let name = name_of(certificate);
    let now = room.now();
    let status = match room.statuses.of(&name, now) {
        Some(status) => status,
        None => {
            let status = ask(room, certificate, &[], is_stopped)?;
            room.statuses.keep(name, now, status);
            status
        }
    };
    if status == Heard::Revoked { Err(KeyFault::Revoked) } else { Ok(()) }
}

/// Refuses a certificate that is revoked already when it is to be put to its key. `brought` came with it, and may stand between
/// it and whom is believed. It is always asked about, and anew: this is done once, and holds for as long as the key does.
///
/// # Errors
/// [`KeyFault::RevokedAlready`]; [`KeyFault::Stopped`] when a no came meanwhile.
pub(super) fn check_new(
    room: &Room<'_>,
    certificate: &Certificate,
    brought: &[Certificate],
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<(), KeyFault> {
    match ask(room, certificate, brought, is_stopped)? {
        Heard::Revoked => Err(KeyFault::RevokedAlready),
        Heard::Good | Heard::Nothing => Ok(()),
    }
}

fn name_of(certificate: &Certificate) -> Vec<u8> {
    DigestAlgorithm::Sha256.digest(certificate.der())
}

fn ask(
    room: &Room<'_>,
    certificate: &Certificate,
    issuers: &[Certificate],
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<Heard, KeyFault> {
    let (measure, certificate, issuers) = (room.measure(), certificate.clone(), issuers.to_vec());
    let mut settings = room.services.clone();
    settings.timeout_seconds = settings.timeout_seconds.min(PATIENCE.as_secs());
    let waited = wait_for(Some(PATIENCE), is_stopped, move |_| {
        let services = Services::new(&settings).inspect_err(|error| tracing::info!(%error, "no OCSP")).ok();
        Judge { measure: &measure, services: services.as_ref() }.status(&certificate, &issuers)
    });
    Ok(match waited {
        Waited::Done((Revocation::Good { .. }, _)) => Heard::Good,
        Waited::Done((Revocation::Revoked { .. }, _)) => Heard::Revoked,
        Waited::Done((status, troubles)) => {
            let troubles: Vec<_> = troubles.iter().map(ToString::to_string).collect();
            tracing::info!(?status, ?troubles, "whether the certificate was revoked is not known; it goes on");
            Heard::Nothing
        }
        Waited::TooLong => {
            tracing::info!("OCSP does not answer in time; it goes on");
            Heard::Nothing
        }
        Waited::Stopped => return Err(KeyFault::Stopped),
    })
}
