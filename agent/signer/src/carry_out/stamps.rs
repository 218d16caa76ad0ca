//! Time stamps of the NCA's service: for signatures that were just made, and for those of a finished CMS.

use super::beside::{Waited, wait_for};
use super::errand::{End, Errand};
use super::keys::KeyFault;
use super::{Outcome, Room};
use crate::services::Services;
use crate::stamping::{self, StampFault, Stamped};
use crate::unseen::visible;
use crate::window::Consent;
use order::FailureCode;
use pki::{Signer, tsp::Policy};
use serde_bytes::ByteBuf;
use signature::cms::{self, amend};

/// The most signatures of one CMS that are stamped.
const MOST_SIGNERS: usize = 64;

/// A signature value, and under which policy it is stamped.
struct Job {
    policy: Policy,
    value: Vec<u8>,
}

/// Adds a stamp to the signature of this signer in each CMS. Nothing leaves without.
pub(super) fn add(
    room: &Room<'_>,
    signer: &dyn Signer,
    signatures: &mut [Vec<u8>],
    is_stopped: &mut dyn FnMut() -> bool,
) -> Result<(), KeyFault> {
    let failed = |error: &dyn std::fmt::Display| KeyFault::Signing(error.to_string());
    let policy = Policy::of(signer.algorithm());
    let mut jobs = Vec::with_capacity(signatures.len());
    let mut places = Vec::with_capacity(signatures.len());
    for der in &*signatures {
        let place = stamping::index_of(der, signer.certificate());
        let values = amend::stamp_data(der).map_err(|error| failed(&error))?;
        let found = place.and_then(|place| Some((place, values.get(place)?)));
        let (place, value) = found.ok_or_else(|| failed(&"the new signature is not found again"))?;
        places.push(place);
        jobs.push(Job { policy, value: value.to_vec() });
    }
    let stamped = ask(room, jobs, is_stopped)?;
    for ((der, place), stamped) in signatures.iter_mut().zip(places).zip(stamped) {
        *der = amend::add_stamps(der, &[(place, &stamped.token)]).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// A stamp for each; all or none.
fn ask(room: &Room<'_>, jobs: Vec<Job>, is_stopped: &mut dyn FnMut() -> bool) -> Result<Vec<Stamped>, KeyFault> {
    let (mut measure, clock, settings) = (room.measure(), room.clock.clone(), room.services.clone());
    let waited = wait_for(None, is_stopped, move |leave| {
        let services = Services::new(&settings).map_err(StampFault::Service)?;
        let mut stamped = Vec::with_capacity(jobs.len());
        for job in jobs {
            // What is not finished is not used.
            if leave.is_wanted() {
                break;
            }
            // A batch may take longer than a stamp may be off.
            measure.now = clock.now();
            stamped.push(stamping::stamp(&measure, &services, job.policy, &job.value)?);
        }
        Ok::<_, StampFault>(stamped)
    });
    match waited {
        Waited::Done(Ok(stamped)) => {
            if let Some(why) = stamped.iter().find_map(|one| one.not_believed.as_ref()) {
                tracing::warn!(why, "the time stamp fits, but its service is not below an authority that is known");
            }
            Ok(stamped)
        }
        Waited::Done(Err(fault)) => Err(KeyFault::Stamp(fault)),
        Waited::Stopped => Err(KeyFault::Stopped),
        Waited::TooLong => Err(KeyFault::Signing("asking for a time stamp ended badly".to_owned())),
    }
}

/// `applyCAdEST`: a stamp for each signature of a finished CMS.
pub(super) fn stamp(errand: &mut Errand<'_, '_>, given: &[u8]) -> Result<Outcome, End> {
    let malformed = |error: &dyn std::fmt::Display| End::failed(FailureCode::Malformed, format!("not a CMS: {error}"));
    let der = cms::decode_any(given).map_err(|error| malformed(&error))?;
    // The document of a detached one is not needed: a stamp is over the signature's value.
    let report = cms::verify(&der, None).map_err(|error| malformed(&error))?;
    let values = amend::stamp_data(&der).map_err(|error| malformed(&error))?;
    if values.is_empty() {
        return Err(End::failed(FailureCode::Malformed, "there is no signature in the CMS"));
    }
    if values.len() > MOST_SIGNERS {
        return Err(End::failed(FailureCode::TooLarge, format!("more than {MOST_SIGNERS} signatures")));
    }
    let jobs = report.signers.iter().zip(&values);
    let jobs =
        jobs.map(|(signer, value)| Job { policy: Policy::of(signer.signature_algorithm), value: value.to_vec() });
    let jobs: Vec<_> = jobs.collect();
    let names = report.signers.iter().filter_map(|signer| signer.certificate.as_ref());
    let signers = names.map(|certificate| visible(&certificate.holder().name)).collect();
    errand.consent(Consent::Stamp { signers })?;
    let person = &mut *errand.person;
    match ask(errand.room, jobs, &mut || person.is_withdrawn()) {
        Ok(stamped) => {
            let tokens: Vec<_> = stamped.iter().enumerate().map(|(place, one)| (place, &one.token)).collect();
            let der = amend::add_stamps(&der, &tokens)
                .map_err(|error| End::failed(FailureCode::Malformed, error.to_string()))?;
            Ok(Outcome::Stamped(ByteBuf::from(der)))
        }
        Err(KeyFault::Stopped) => Err(End::cancelled()),
        Err(fault) => {
            tracing::info!(cause = %fault, "no time stamp was added");
            // The person agreed and is told what came of it; the page is told all the same when they look away.
            errand.tell(vec![fault.sentence()])?;
            Err(End::failed(FailureCode::Service, fault.to_string()))
        }
    }
}
