//! The NCA's services, asked side by side, and what their clocks say.

use super::keys;
use crate::doctor::{Detail, Finding, Kind, Network, World, kinds};
use crate::judgement::{Flaw, Judge, Revocation, SetAside, Trouble};
use crate::services::Services;
use keystore::{Entropy as _, OsEntropy};
use pki::{
    Certificate, Serial, Timestamp, Validity,
    locations::Locations,
    ocsp::{self, OcspError},
    trust::{Anchor, Authority, Environment},
    tsp,
};
use std::thread;
use std::time::Instant;

/// Whom certificates of the NCA name (kz-crypto 9.5), where no key is remembered that would.
const OCSP: &str = "http://ocsp.pki.gov.kz";
const DELTA_LIST: &str = "http://crl.pki.gov.kz/nca_d_gost_2022.crl";

/// The most keys that are asked about.
const MOST_ASKED: usize = 8;

/// What is stamped: it means nothing.
const NOTHING: &[u8] = b"tanba doctor";

/// A clock that is further off than this is wrong, in seconds: half of what a service takes for fresh.
const TOLERANCE: i64 = 60;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    if world.network == Network::LeftAlone {
        return vec![Finding::of(kinds::SERVICES_OFFLINE), Finding::of(kinds::CLOCK_UNKNOWN)];
    }
    let services = match Services::new(&world.settings().services) {
        Ok(services) => services,
        Err(_) => return vec![Finding::of(kinds::SERVICES_PROXY), Finding::of(kinds::CLOCK_UNKNOWN)],
    };
    let asking = Asking { world, services: &services, began: Instant::now() };
    let (mut found, list, stamp) = thread::scope(|scope| {
        let (list, stamp) = (scope.spawn(|| asking.list()), scope.spawn(|| asking.stamp()));
        let found = asking.status();
        (found, list.join(), stamp.join())
    });
    found.extend(list);
    let mut stamped = None;
    if let Ok((finding, time)) = stamp {
        found.push(finding);
        stamped = time;
    }
    found.push(clock(stamped, &services));
    found
}

struct Asking<'a> {
    world: &'a World,
    services: &'a Services,
    began: Instant,
}

impl Asking<'_> {
    /// Whether OCSP answers, and what it says of the remembered keys.
    fn status(&self) -> Vec<Finding> {
        let now = self.world.measure.now;
        let names = |one: &&Certificate| {
            one.validity_at(now) == Validity::Current
                && (self.services.has_ocsp() || !Locations::of(one).ocsp.is_empty())
        };
        let known: Vec<&Certificate> = self.world.certificates().into_iter().filter(names).take(MOST_ASKED).collect();
        if known.is_empty() {
            return vec![self.anybody()];
        }
        let judge = Judge { measure: &self.world.measure, services: Some(self.services) };
        let mut found = Vec::new();
        let mut heard: Option<Finding> = None;
        for certificate in known {
            let (status, troubles) = judge.status(certificate, &[]);
            match status {
                Revocation::Revoked { since, .. } => {
                    let since = Detail::plain(since.date());
                    found.push(keys::about(kinds::KEYS_REVOKED, certificate).with("since", since));
                    heard = Some(answers(kinds::OCSP_ANSWERS));
                }
                Revocation::Good { .. } => heard = Some(answers(kinds::OCSP_ANSWERS)),
                _ => {
                    if let (None, Some(trouble)) = (&heard, troubles.first()) {
                        heard = Some(fails(kinds::OCSP_FAILS, trouble));
                    }
                }
            }
        }
        // Keys of somebody else's authority, of whose status nobody can be asked.
        found.push(heard.unwrap_or_else(|| self.anybody()));
        found
    }

    /// Whether OCSP answers at all: about a number that was hardly ever given to anybody.
    fn anybody(&self) -> Finding {
        let environment = if self.world.measure.test_environment { Environment::Test } else { Environment::Production };
        let is_newest = |anchor: &&Anchor| anchor.environment() == environment;
        let anchors = self.world.measure.anchors.iter().filter(is_newest);
        let issuer = anchors.max_by_key(|anchor| anchor.period().map_or(i64::MAX, |(_, until)| until.as_unix()));
        let asked = issuer.zip(Serial::from_bytes(&[1])).ok_or(None).and_then(|(issuer, serial)| {
            let mut nonce = [0; 8];
            OsEntropy.fill(&mut nonce).map_err(|_| None)?;
            let request = ocsp::Request::new(&serial, Authority::from(issuer), nonce).map_err(|_| None)?;
            self.services.ocsp(&request.to_der(), &[OCSP.to_owned()]).map_err(Some)
        });
        match asked.map(|octets| ocsp::Response::from_der(&octets)) {
            // To say that it says nothing about that one is an answer.
            Ok(Ok(_) | Err(OcspError::Refused(_))) => answers(kinds::OCSP_ANSWERS),
            Ok(Err(error)) => fails(kinds::OCSP_FAILS, &Trouble::Evidence(error.into())),
            Err(Some(error)) => fails(kinds::OCSP_FAILS, &Trouble::Service(error)),
            Err(None) => {
                let nobody = SetAside::new(Flaw::NotAsked, "nobody to ask about");
                fails(kinds::OCSP_FAILS, &Trouble::Evidence(nobody))
            }
        }
    }

    /// Whether a list of revoked certificates can be had.
    fn list(&self) -> Finding {
        let of_key = |one: &Certificate| {
            let named = Locations::of(one);
            Some(if named.delta_crl.is_empty() { named.crl } else { named.delta_crl }).filter(|named| !named.is_empty())
        };
        let named = self.world.certificates().into_iter().find_map(of_key);
        match self.services.touch(&named.unwrap_or_else(|| vec![DELTA_LIST.to_owned()])) {
            Ok(_) => answers(kinds::CRL_ANSWERS),
            Err(error) => fails(kinds::CRL_FAILS, &Trouble::Service(error)),
        }
    }

    /// Whether the time-stamp service answers with a stamp that is believed, and what time that is.
    fn stamp(&self) -> (Finding, Option<Times>) {
        let mut nonce = [0; 8];
        if let Err(error) = OsEntropy.fill(&mut nonce) {
            let not_asked = SetAside::new(Flaw::NotAsked, error);
            return (fails(kinds::TSP_FAILS, &Trouble::Evidence(not_asked)), None);
        }
        let request = tsp::Request::for_data(tsp::Policy::Gost512, NOTHING, nonce);
        let octets = match self.services.time_stamp(&request.to_der()) {
            Ok(octets) => octets,
            Err(error) => return (fails(kinds::TSP_FAILS, &Trouble::Service(error)), None),
        };
        let ours = self.world.measure.now.plus_seconds(self.began.elapsed().as_secs().try_into().unwrap_or(0));
        let stamp = request.accept(&octets, NOTHING).map(|(_, stamp)| stamp);
        match stamp.and_then(|stamp| stamp.path(&self.world.measure.anchors).map(|_| stamp.time)) {
            Ok(theirs) => (answers(kinds::TSP_ANSWERS), Some(Times { theirs, ours, whose: "TSP".to_owned() })),
            Err(error) => (fails(kinds::TSP_FAILS, &Trouble::Evidence(error.into())), None),
        }
    }
}

fn answers(kind: Kind) -> Finding {
    Finding::of(kind)
}

fn fails(kind: Kind, trouble: &Trouble) -> Finding {
    let what = match trouble {
        Trouble::Service(error) => error.sentence(),
        Trouble::Evidence(one) => one.sentence(),
    };
    Finding::of(kind).with("what", Detail::Sentence(what)).because(trouble)
}

/// What two clocks said at one moment.
struct Times {
    theirs: Timestamp,
    ours: Timestamp,
    whose: String,
}

/// A time stamp's time is signed; what a server writes above its answer is better than nothing.
fn clock(stamped: Option<Times>, services: &Services) -> Finding {
    let heard = || services.heard().map(|heard| Times { theirs: heard.theirs, ours: heard.ours, whose: heard.host });
    let Some(Times { theirs, ours, whose }) = stamped.or_else(heard) else {
        return Finding::of(kinds::CLOCK_UNKNOWN);
    };
    let off = ours.as_unix().abs_diff(theirs.as_unix());
    let kind = if off > TOLERANCE.unsigned_abs() { kinds::CLOCK_WRONG } else { kinds::CLOCK_AGREES };
    Finding::of(kind)
        .with("ours", Detail::plain(ours.local()))
        .with("theirs", Detail::plain(theirs.local()))
        .with("whose", Detail::Plain(whose))
        .with("seconds", Detail::Count(off))
}
