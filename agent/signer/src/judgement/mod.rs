//! Whether the certificate behind a signature is to be believed: below whom it stands, whether it was valid when it
//! signed, and whether it was revoked.
//!
//! The formats say whether a signature fits (`signature`), `pki` judges evidence; here the evidence is brought together:
//! what came along with the signature, and, where the network may be asked, what the NCA's services say now.
//!
//! - [`Judge`]: with whose word, at what time, and whether services may be asked.
//! - [`Judged`]: what was found, as data; [`Fault`] keeps a signature from being accepted, [`Revocation`] and [`Moment`]
//!   say what the rest rests on.

mod asking;
mod found;
mod purpose;
mod set_aside;

pub use found::{Believed, Fault, Judged, Moment, Revocation, Source, Trouble};
pub use set_aside::{Flaw, SetAside};

use crate::{fitness::Measure, services::Services};
use asking::{Asking, Times};
use pki::{
    Certificate, Timestamp, Validity,
    trust::{Environment, Path, Provenance, find_path},
    tsp::Stamp,
};

/// How far a signer's clock may be ahead of ours, in seconds.
const CLOCK_TOLERANCE: i64 = 300;

/// What came along with a signature. None of it is believed because of that.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// Certificates, in any order.
    pub certificates: Vec<Certificate>,
    /// OCSP responses, DER.
    pub ocsp: Vec<Vec<u8>>,
    /// Revocation lists, DER.
    pub lists: Vec<Vec<u8>>,
}

/// Judges certificates.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// Who is believed, and what time it is.
    pub measure: &'a Measure,
    /// The services; `None` when nobody may be asked.
    pub services: Option<&'a Services>,
}

impl Judge<'_> {
    /// What is to be thought of the certificate of a signature. `claimed` is what the signer's clock said, `stamps` the
    /// time stamps that were verified.
    #[must_use]
    pub fn judge(
        &self,
        certificate: &Certificate,
        brought: &Brought,
        stamps: &[&Stamp],
        claimed: Option<Timestamp>,
    ) -> Judged {
        let mut asking = Asking::new(self.services);
        let mut intermediates = brought.certificates.clone();
        if find_path(certificate, &intermediates, &self.measure.anchors).is_err() {
            asking.issuers(certificate, &mut intermediates);
        }
        let Time { moment, proven, not_believed } = self.time(&mut asking, brought, stamps, claimed);
        let at = moment.time().unwrap_or(self.measure.now);
        let mut judged = Judged {
            believed: Believed::Nobody(String::new()),
            moment,
            stamp_not_believed: not_believed,
            is_for_signing: purpose::is_for_signing(certificate),
            is_valid_now: true,
            revocation: Revocation::NoIssuer,
            faults: Vec::new(),
            troubles: Vec::new(),
            issuers: Vec::new(),
            ocsp: Vec::new(),
        };
        match find_path(certificate, &intermediates, &self.measure.anchors) {
            Err(error) => {
                judged.believed = Believed::Nobody(error.to_string());
                judged.faults.push(Fault::Unknown);
            }
            Ok(path) => {
                judged.believed = believed(&path);
                if path.anchor.environment() == Environment::Test && !self.measure.test_environment {
                    judged.faults.push(Fault::Test);
                }
                if at.as_unix() > self.measure.now.as_unix().saturating_add(CLOCK_TOLERANCE) {
                    judged.faults.push(Fault::Future);
                } else if path.validity_at(at) != Validity::Current {
                    judged.faults.push(Fault::NotValid);
                }
                judged.issuers = path.certificates.iter().skip(1).map(|issuer| (*issuer).clone()).collect();
                judged.is_valid_now = path.validity_at(self.measure.now) == Validity::Current;
                if !purpose::may_sign(certificate) {
                    judged.faults.push(Fault::WrongPurpose);
                }
                // Without a stamp, what came along counts only while it is fresh: the signer's clock could make it so.
                let signed = proven.unwrap_or(self.measure.now);
                let times = Times { now: self.measure.now, signed, proven };
                judged.revocation = asking.revocation(certificate, path.issuer(), brought, times);
                for (issuer, above) in path.links().skip(1) {
                    if matches!(asking.revocation(issuer, above, brought, times), Revocation::Revoked { .. }) {
                        judged.faults.push(Fault::IssuerRevoked);
                    }
                }
                if matches!(judged.revocation, Revocation::Revoked { .. }) {
                    judged.faults.push(Fault::Revoked);
                }
            }
        }
        (judged.troubles, judged.ocsp) = asking.into_found();
        judged
    }

    /// Whether a certificate is revoked now, as far as its issuer's OCSP service says. `issuers` may stand between it and whom
    /// is believed. Lists are not asked: who is about to
    /// sign waits for it.
    #[must_use]
    pub fn status(&self, certificate: &Certificate, issuers: &[Certificate]) -> (Revocation, Vec<Trouble>) {
        let mut asking = Asking::new(self.services);
        let status = match find_path(certificate, issuers, &self.measure.anchors) {
            Ok(path) => asking.status(certificate, path.issuer(), self.measure.now),
            Err(_) => Revocation::NoIssuer,
        };
        (status, asking.into_found().0)
    }

    /// What is to be thought of the service that made a time stamp over a whole document.
    #[must_use]
    pub fn service(&self, certificate: &Certificate, brought: &Brought, stamp: &Stamp) -> Judged {
        let mut judged = self.judge(certificate, brought, &[stamp], None);
        judged.faults.retain(|fault| *fault != Fault::WrongPurpose);
        judged.is_for_signing = true;
        judged
    }

    /// When the signature was made: what the earliest believed stamp proves, or else what the signer claims.
    fn time(&self, asking: &mut Asking<'_>, brought: &Brought, stamps: &[&Stamp], claimed: Option<Timestamp>) -> Time {
        let mut not_believed = None;
        let mut earliest: Option<(Timestamp, bool)> = None;
        for stamp in stamps {
            match self.believe(asking, brought, stamp) {
                Ok(proves) => {
                    let is_earlier = earliest.is_none_or(|(time, _)| stamp.time < time);
                    if is_earlier {
                        earliest = Some((stamp.time, proves));
                    }
                }
                Err(reason) => not_believed = Some(reason),
            }
        }
        match (earliest, claimed) {
            (Some((time, proves)), _) => {
                Time { moment: Moment::Stamped(time), proven: proves.then_some(time), not_believed: None }
            }
            (None, Some(time)) => Time { moment: Moment::Claimed(time), proven: None, not_believed },
            (None, None) => Time { moment: Moment::Now, proven: None, not_believed },
        }
    }

    /// Whether a stamp proves that a later revocation does no harm: only where it is known that its service's own
    /// certificate was not revoked. Whoever holds a service's key makes stamps of any time, so that a revoked service's
    /// are not believed at all.
    fn believe(&self, asking: &mut Asking<'_>, brought: &Brought, stamp: &Stamp) -> Result<bool, String> {
        let path = stamp.path(&self.measure.anchors).map_err(|error| error.to_string())?;
        if path.anchor.environment() == Environment::Test && !self.measure.test_environment {
            return Err("a test service made it".to_owned());
        }
        if stamp.signature_algorithm.is_weak() || stamp.imprint_algorithm.is_weak() {
            return Err("it is made with SHA-1, which can be forged".to_owned());
        }
        let times = Times { now: self.measure.now, signed: stamp.time, proven: None };
        match asking.revocation(&stamp.authority, path.issuer(), brought, times) {
            Revocation::Revoked { .. } => Err("the certificate of its service was revoked".to_owned()),
            Revocation::Good { .. } => Ok(true),
            Revocation::NotAsked | Revocation::NoIssuer | Revocation::Unknown(_) => Ok(false),
        }
    }
}

/// When a signature was made.
struct Time {
    moment: Moment,
    /// The same, where it makes a later revocation harmless.
    proven: Option<Timestamp>,
    /// Why a good stamp says nothing.
    not_believed: Option<String>,
}

fn believed(path: &Path<'_>) -> Believed {
    let anchor = path.anchor.label().to_owned();
    match path.anchor.environment() {
        Environment::Test => Believed::Test { anchor },
        Environment::Production => {
            Believed::Production { anchor, by_key_only: path.anchor.provenance() == Provenance::KeyOnly }
        }
    }
}
