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

pub use found::{Believed, Fault, Judged, Moment, Revocation, Source, Trouble};

use crate::{fitness::Measure, services::Services};
use asking::Asking;
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
        let (moment, stamp_not_believed) = self.moment(stamps, claimed);
        let at = moment.time().unwrap_or(self.measure.now);
        let mut judged = Judged {
            believed: Believed::Nobody(String::new()),
            moment,
            stamp_not_believed,
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
                judged.revocation = asking.revocation(certificate, path.issuer(), brought, moment, self.measure.now);
                if matches!(judged.revocation, Revocation::Revoked { .. }) {
                    judged.faults.push(Fault::Revoked);
                }
            }
        }
        (judged.troubles, judged.ocsp) = asking.into_found();
        judged
    }

    /// When the signature was made: what the earliest believed stamp proves, or else what the signer claims.
    fn moment(&self, stamps: &[&Stamp], claimed: Option<Timestamp>) -> (Moment, Option<String>) {
        let mut reason = None;
        let mut earliest: Option<Timestamp> = None;
        for stamp in stamps {
            match stamp.path(&self.measure.anchors) {
                Ok(path) if path.anchor.environment() == Environment::Production || self.measure.test_environment => {
                    earliest = Some(earliest.map_or(stamp.time, |time| time.min(stamp.time)));
                }
                Ok(_) => reason = Some("a test service made it".to_owned()),
                Err(error) => reason = Some(error.to_string()),
            }
        }
        match (earliest, claimed) {
            (Some(time), _) => (Moment::Stamped(time), None),
            (None, Some(time)) => (Moment::Claimed(time), reason),
            (None, None) => (Moment::Now, reason),
        }
    }
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
