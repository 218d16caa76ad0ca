//! Bringing evidence together: what came along, and what the services say.

use super::{Brought, Flaw, Revocation, SetAside, Source, Trouble};
use crate::services::{Service, Services};
use keystore::{Entropy as _, OsEntropy};
use pki::{
    Certificate, Timestamp,
    crl::{Crl, Verified},
    locations::Locations,
    ocsp,
    revocation::Freshness,
    status::{Answered, Evidence, Ground, Judgement, Status, Why, judge},
    trust::Authority,
};
use std::sync::Arc;

/// Issuers that are fetched one above the other.
const MOST_ISSUERS: usize = 3;
/// Pieces of evidence of one kind that are looked at.
const MOST_BROUGHT: usize = 16;

/// The times that evidence is held against.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// The present.
    pub(super) now: Timestamp,
    /// Evidence that came along must not be older.
    pub(super) signed: Timestamp,
    /// Something else than the signer's word proves that it was signed by then: a later revocation does no harm.
    pub(super) proven: Option<Timestamp>,
}

/// One certificate's evidence while it is brought together.
pub(super) struct Asking<'a> {
    services: Option<&'a Services>,
    troubles: Vec<Trouble>,
    fetched: Vec<Vec<u8>>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(services: Option<&'a Services>) -> Self {
        Self { services, troubles: Vec::new(), fetched: Vec::new() }
    }

    pub(super) fn into_found(self) -> (Vec<Trouble>, Vec<Vec<u8>>) {
        (self.troubles, self.fetched)
    }

    /// Fetches the issuers that a certificate names, one above the other, into `known`.
    pub(super) fn issuers(&mut self, certificate: &Certificate, known: &mut Vec<Certificate>) {
        let Some(services) = self.services else { return };
        let mut named = Locations::of(certificate).ca_issuers;
        for _ in 0..MOST_ISSUERS {
            if named.is_empty() {
                return;
            }
            let fetched = services.fetch(Service::Certificates, &named).map_err(Trouble::Service);
            let read = |octets: Arc<Vec<u8>>| Certificate::from_pem_or_der(&octets).map_err(unreadable);
            match fetched.and_then(read) {
                Ok(issuer) => {
                    named = Locations::of(&issuer).ca_issuers;
                    known.push(issuer);
                }
                Err(error) => return self.troubles.push(error),
            }
        }
    }

    /// Whether a certificate was revoked. What the services say now comes before what came along, and what came along is
    /// only looked at where they say nothing at all: a service that does not know a certificate has said something.
    pub(super) fn revocation(
        &mut self,
        certificate: &Certificate,
        issuer: Authority<'_>,
        brought: &Brought,
        times: Times,
    ) -> Revocation {
        let locations = Locations::of(certificate);
        let answered = self.ocsp(certificate, issuer, &locations);
        let evidence = Evidence { ocsp: &answered, lists: &[] };
        let mut judgement = judge(certificate, issuer, &evidence, Freshness::at(times.now));
        if matches!(judgement.ground, Some(Ground::Ocsp { .. })) {
            self.fetched.extend(answered.iter().map(|one| one.response.der().to_vec()));
        }
        let mut found = self.found(&judgement, times);
        if matches!(found, Revocation::Unknown(_)) {
            let lists = self.lists(&locations);
            let lists: Vec<&[u8]> = lists.iter().map(|list| list.as_slice()).collect();
            let verified = self.verified(&lists, issuer);
            if !verified.is_empty() {
                let evidence = Evidence { ocsp: &answered, lists: &verified };
                judgement = judge(certificate, issuer, &evidence, Freshness::at(times.now));
                found = self.found(&judgement, times);
            }
        }
        if judgement.status == Status::Unknown(Why::NoEvidence) {
            found = self.brought(certificate, issuer, brought, times).unwrap_or(found);
        }
        match found {
            Revocation::Unknown(_) if self.services.is_none() => Revocation::NotAsked,
            found => found,
        }
    }

    /// What OCSP alone says, now.
    pub(super) fn status(&mut self, certificate: &Certificate, issuer: Authority<'_>, now: Timestamp) -> Revocation {
        let answered = self.ocsp(certificate, issuer, &Locations::of(certificate));
        let evidence = Evidence { ocsp: &answered, lists: &[] };
        let judgement = judge(certificate, issuer, &evidence, Freshness::at(now));
        self.found(&judgement, Times { now, signed: now, proven: None })
    }

    fn ocsp(&mut self, certificate: &Certificate, issuer: Authority<'_>, locations: &Locations) -> Vec<Answered> {
        // A certificate that names no service is no trouble.
        let asks = |services: &&Services| services.has_ocsp() || !locations.ocsp.is_empty();
        let Some(services) = self.services.filter(asks) else { return Vec::new() };
        let mut nonce = [0; 8];
        if let Err(error) = OsEntropy.fill(&mut nonce) {
            self.troubles.push(Trouble::Evidence(SetAside::new(Flaw::NotAsked, error)));
            return Vec::new();
        }
        let asked = ocsp::Request::new(certificate.serial(), issuer, nonce)
            .map_err(evidence)
            .and_then(|request| services.ocsp(&request.to_der(), &locations.ocsp).map_err(Trouble::Service))
            .and_then(|octets| {
                let response = ocsp::Response::from_der(&octets).map_err(evidence)?;
                Ok(Answered { response, nonce: Some(nonce) })
            });
        match asked {
            Ok(answered) => vec![answered],
            Err(error) => {
                self.troubles.push(error);
                Vec::new()
            }
        }
    }

    /// The complete list and the changes to it.
    fn lists(&mut self, locations: &Locations) -> Vec<Arc<Vec<u8>>> {
        let Some(services) = self.services else { return Vec::new() };
        let mut lists = Vec::new();
        for named in [&locations.crl, &locations.delta_crl] {
            if named.is_empty() {
                continue;
            }
            match services.fetch(Service::RevocationLists, named) {
                Ok(list) => lists.push(list),
                Err(error) => self.troubles.push(Trouble::Service(error)),
            }
        }
        lists
    }

    fn verified<'l, L: AsRef<[u8]>>(&mut self, lists: &'l [L], issuer: Authority<'_>) -> Vec<Verified<'l>> {
        let mut verified = Vec::new();
        for list in lists.iter().take(MOST_BROUGHT) {
            match Crl::from_der(list.as_ref()).and_then(|list| list.verify(issuer)) {
                Ok(list) => verified.push(list),
                Err(error) => self.troubles.push(evidence(error)),
            }
        }
        verified
    }

    /// What came along is old news by now; it counts as of its own time, where that is not before the signature.
    fn brought(
        &mut self,
        certificate: &Certificate,
        issuer: Authority<'_>,
        brought: &Brought,
        times: Times,
    ) -> Option<Revocation> {
        let is_news = |time: Timestamp| {
            let latest = Freshness::at(times.now);
            time.plus_seconds(latest.longest_age.into()) >= times.signed
                && time <= times.now.plus_seconds(latest.skew.into())
        };
        let mut newest: Option<(Timestamp, Judgement)> = None;
        let mut take = |time: Timestamp, judgement: Judgement| {
            let says = !matches!(judgement.status, Status::Unknown(_));
            if says && newest.as_ref().is_none_or(|(known, _)| *known < time) {
                newest = Some((time, judgement));
            }
        };
        for octets in brought.ocsp.iter().take(MOST_BROUGHT) {
            let Ok(response) = ocsp::Response::from_der(octets) else { continue };
            let produced = response.produced_at();
            if !is_news(produced) {
                continue;
            }
            let answered = [Answered { response, nonce: None }];
            let evidence = Evidence { ocsp: &answered, lists: &[] };
            take(produced, judge(certificate, issuer, &evidence, Freshness::at(produced)));
        }
        let lists = self.verified(&brought.lists, issuer);
        for list in &lists {
            let made = list.crl().this_update();
            if is_news(made) {
                let evidence = Evidence { ocsp: &[], lists: std::slice::from_ref(list) };
                take(made, judge(certificate, issuer, &evidence, Freshness::at(made)));
            }
        }
        newest.map(|(_, judgement)| self.found(&judgement, times))
    }

    fn found(&mut self, judgement: &Judgement, times: Times) -> Revocation {
        self.troubles.extend(judgement.set_aside.iter().map(evidence));
        let (source, as_of) = match judgement.ground {
            Some(Ground::Ocsp { this_update, .. }) => (Source::Ocsp, this_update),
            Some(Ground::List { this_update, .. }) => (Source::List, this_update),
            None => return Revocation::Unknown(unknown(judgement.status)),
        };
        // Only a stamp proves that it was signed before it was revoked; the signer's clock does not.
        let status = times.proven.map_or(judgement.status, |time| judgement.status.at(time));
        match status {
            Status::Good => Revocation::Good { source, as_of },
            Status::Revoked(revoked) => Revocation::Revoked { source, since: revoked.since, reason: revoked.reason },
            status @ Status::Unknown(_) => Revocation::Unknown(unknown(status)),
        }
    }
}

fn evidence(why: impl Into<SetAside>) -> Trouble {
    Trouble::Evidence(why.into())
}

fn unreadable(error: impl ToString) -> Trouble {
    Trouble::Evidence(SetAside::new(Flaw::Unreadable, error))
}

fn unknown(status: Status) -> String {
    match status {
        Status::Unknown(why) => why.to_string(),
        Status::Good | Status::Revoked(_) => String::new(),
    }
}
