//! The register of revocations, and the answers of the services out of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use pki::{
    Certificate, ObjectIdentifier, Serial, Timestamp,
    issue::Profile,
    ocsp::{self, CertId},
    oid,
    revocation::Reason,
    trust::Authority,
    tsp::{self, Accuracy, Policy},
};

use super::{
    awkward::Awkward,
    counter::Counter,
    list::{List, Listed},
    ocsp::{OcspReply, ResponderForm, Said, ocsp_refusal},
    stamp::{Stamp, stamp_refusal, stamp_response},
};
use crate::{Issued, NewKey, TestNca, TestNcaError};

/// The services of an authority.
pub struct Services {
    nca: Arc<TestNca>,
    stranger: Arc<TestNca>,
    responder: Issued,
    stampers: Vec<(ObjectIdentifier, Issued)>,
    register: Mutex<Register>,
    counter: Counter,
}

/// By number: what was revoked, and how it was in the last complete list.
#[derive(Default)]
struct Register {
    revoked: BTreeMap<Vec<u8>, Listed>,
    published: BTreeMap<Vec<u8>, Listed>,
    number: u64,
    made: Option<Timestamp>,
}

impl Services {
    /// The services of `nca`, with an OCSP responder, a time-stamp service for the policy of GOST-2015, and an empty list
    /// with number 1. `stranger` is who answers in its place in [`Awkward::Stranger`].
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn new(nca: Arc<TestNca>, stranger: impl Into<Arc<TestNca>>) -> Result<Self, TestNcaError> {
        let responder = nca.ocsp_responder()?;
        let stampers = vec![(oid::TSA_GOST512, nca.time_stamping(nca.new_key_of(NewKey::Gost512)?)?)];
        let register = Register { number: 1, made: Some(nca.now()), ..Register::default() };
        let counter = Counter::new(Arc::clone(&nca));
        Ok(Self { nca, stranger: stranger.into(), responder, stampers, register: Mutex::new(register), counter })
    }

    /// The same with a counter whose operator issues at once whatever is asked for rightly.
    #[must_use]
    pub fn with_certificates_at_once(mut self) -> Self {
        self.counter = self.counter.issuing_at_once();
        self
    }

    /// Where certificates are asked for.
    #[must_use]
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// A time-stamp service for one more policy, with its own key ([`TestNca::time_stamping`]).
    #[must_use]
    pub fn with_time_stamping(mut self, policy: ObjectIdentifier, issued: Issued) -> Self {
        self.stampers.push((policy, issued));
        self
    }

    /// Time-stamp services for all of the NCA's policies, each with its kind of key (kz-crypto 5.4).
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn with_all_policies(mut self) -> Result<Self, TestNcaError> {
        for policy in [Policy::Gost2004, Policy::Rsa, Policy::Gost2004Gamma] {
            let kind = if policy == Policy::Rsa { NewKey::Rsa2048 } else { NewKey::Gost2004 };
            let issued = self.nca.time_stamping(self.nca.new_key_of(kind)?)?;
            self = self.with_time_stamping(policy.oid(), issued);
        }
        Ok(self)
    }

    /// The authority.
    #[must_use]
    pub fn nca(&self) -> &TestNca {
        &self.nca
    }

    /// Revokes a certificate, for OCSP at once, for the lists with the next one.
    pub fn revoke(&self, serial: &Serial, since: Timestamp, reason: Reason) {
        let listed = Listed::new(serial, since, reason);
        self.with_register(|register| register.revoked.insert(serial.bytes().to_vec(), listed));
    }

    /// The same of an entry that says more.
    pub(super) fn enlist(&self, listed: Listed) {
        self.with_register(|register| register.revoked.insert(listed.serial.bytes().to_vec(), listed));
    }

    /// Whether it is revoked, as the OCSP responder would say.
    pub(super) fn is_revoked(&self, serial: &Serial) -> bool {
        matches!(self.said(serial), Said::Revoked(..))
    }

    /// Takes a revocation back.
    pub fn release(&self, serial: &Serial) {
        self.with_register(|register| register.revoked.remove(serial.bytes()));
    }

    /// Makes the next complete list.
    pub fn publish(&self, now: Timestamp) {
        self.with_register(|register| {
            register.published = register.revoked.clone();
            register.number += 2;
            register.made = Some(now);
        });
    }

    /// The complete list.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn list(&self) -> Result<Vec<u8>, TestNcaError> {
        let (number, made, entries) = self.with_register(|register| {
            let made = register.made.unwrap_or(self.nca.now());
            (register.number, made, register.published.values().cloned().collect())
        });
        List::complete(number, made, entries).sign(&*self.nca.authority_signer()?)
    }

    /// The changes since then.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn delta(&self, now: Timestamp) -> Result<Vec<u8>, TestNcaError> {
        let (number, entries) = self.with_register(|register| {
            let added =
                register.revoked.iter().filter(|(serial, listed)| register.published.get(*serial) != Some(listed));
            let removed = register.published.iter().filter(|(serial, _)| !register.revoked.contains_key(*serial));
            let removed = removed.map(|(_, listed)| Listed::new(&listed.serial, now, Reason::RemoveFromCrl));
            (register.number, added.map(|(_, listed)| listed.clone()).chain(removed).collect())
        });
        List::delta(number + 1, number, now, entries).sign(&*self.nca.authority_signer()?)
    }

    /// The answer of the OCSP responder.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn ocsp(&self, request: &[u8], now: Timestamp, awkward: Option<Awkward>) -> Result<Vec<u8>, TestNcaError> {
        let Ok(request) = ocsp::Request::from_der(request) else { return Ok(ocsp_refusal(1)) };
        match awkward {
            Some(Awkward::Refusal) => return Ok(ocsp_refusal(3)),
            Some(Awkward::Garbage) => return Ok(b"<html>503</html>".to_vec()),
            _ => {}
        }
        let issuer = Authority::from(self.nca.authority());
        let mut answers = Vec::new();
        for id in request.certificates() {
            if !id.means(issuer, id.serial()) {
                return Ok(ocsp_refusal(6));
            }
            answers.push((id.clone(), self.said(id.serial())));
        }
        let mut reply = OcspReply::new(answers, request.nonce(), now);
        let responder = match awkward {
            Some(Awkward::Stranger) => Some(self.stranger.ocsp_responder()?),
            Some(Awkward::WrongPurpose) => Some(self.nca.person()?),
            Some(Awkward::Expired) => Some(self.service(Profile::OcspResponder, -400, -30)?),
            Some(Awkward::NotYetValid) => Some(self.service(Profile::OcspResponder, 30, 400)?),
            _ => None,
        };
        match awkward {
            Some(Awkward::WrongNonce) => reply.nonce = Some(vec![4, 8, 1, 1, 1, 1, 1, 1, 1, 1]),
            Some(Awkward::NoNonce) => reply.nonce = None,
            Some(Awkward::Stale) => (reply.this_update, reply.produced_at) = (now.plus_days(-1), now.plus_days(-1)),
            Some(Awkward::FromTheFuture) => {
                (reply.this_update, reply.produced_at) = (now.plus_days(1), now.plus_days(1));
            }
            Some(Awkward::Other) => {
                let serial = Serial::from_bytes(&self.nca.random::<8>()?);
                let hash = pki::DigestAlgorithm::Sha256;
                let id = serial.and_then(|serial| CertId::new(hash, issuer, &serial)).ok_or(TestNcaError::Algorithm)?;
                reply.answers = vec![(id, Said::Good)];
            }
            Some(Awkward::NeverIssued) => reply.answers.iter_mut().for_each(|(_, said)| *said = Said::never_issued()),
            Some(Awkward::Unusual) => {
                reply.responder = ResponderForm::KeyHash;
                reply.next_update = Some(now.plus_seconds(600));
            }
            _ => {}
        }
        reply.sign(&*responder.as_ref().unwrap_or(&self.responder).signer()?)
    }

    /// The answer of the time-stamp service.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn stamp(&self, request: &[u8], now: Timestamp, awkward: Option<Awkward>) -> Result<Vec<u8>, TestNcaError> {
        let Ok(request) = tsp::Request::from_der(request) else { return Ok(stamp_refusal(5)) };
        match awkward {
            Some(Awkward::Refusal) => return Ok(stamp_refusal(25)),
            Some(Awkward::Garbage) => return Ok(b"<html>503</html>".to_vec()),
            _ => {}
        }
        let policy = request.policy().unwrap_or(oid::TSA_GOST512);
        let Some((_, stamper)) = self.stampers.iter().find(|(known, _)| *known == policy) else {
            return Ok(stamp_refusal(15));
        };
        let mut stamp = Stamp::new(&request, self.nca.random()?, now);
        let other = match awkward {
            Some(Awkward::Stranger) => Some(self.stranger.time_stamping(self.stranger.new_key()?)?),
            Some(Awkward::WrongPurpose) => Some(self.nca.person()?),
            Some(Awkward::Expired) => Some(self.service(Profile::TimeStamping, -400, -30)?),
            Some(Awkward::NotYetValid) => Some(self.service(Profile::TimeStamping, 30, 400)?),
            _ => None,
        };
        match awkward {
            Some(Awkward::WrongNonce) => stamp.nonce = Some(vec![1; 8]),
            Some(Awkward::NoNonce) => stamp.nonce = None,
            Some(Awkward::Stale) => stamp.time = now.plus_seconds(-3600),
            Some(Awkward::FromTheFuture) => stamp.time = now.plus_days(1),
            Some(Awkward::Other) => {
                if let Some(first) = stamp.imprint.first_mut() {
                    *first ^= 1;
                }
            }
            Some(Awkward::NeverIssued) => stamp.policy = oid::TSA_GOST2004_GAMMA,
            Some(Awkward::Unusual) => {
                stamp.serial = vec![0x81, 2, 3, 4];
                stamp.fraction = Some("125");
                stamp.accuracy = Some(Accuracy { seconds: 1, millis: 500, micros: 0 });
            }
            _ => {}
        }
        Ok(stamp_response(&stamp.sign(&*other.as_ref().unwrap_or(stamper).signer()?)?))
    }

    /// The certificate of the time-stamp service for that policy.
    #[must_use]
    pub fn time_stamping(&self, policy: &ObjectIdentifier) -> Option<&Certificate> {
        self.stampers.iter().find(|(known, _)| known == policy).map(|(_, issued)| &issued.certificate)
    }

    /// A service whose certificate lies before or after the present.
    fn service(&self, profile: Profile, from: i64, to: i64) -> Result<Issued, TestNcaError> {
        let now = self.nca.now();
        let subject = self.responder.certificate.subject().clone();
        self.nca.certify(self.nca.new_key()?, subject, profile, now.plus_days(from), now.plus_days(to))
    }

    fn said(&self, serial: &Serial) -> Said {
        self.with_register(|register| match register.revoked.get(serial.bytes()) {
            Some(listed) => Said::Revoked(listed.since, listed.reason),
            None => Said::Good,
        })
    }

    fn with_register<T>(&self, use_it: impl FnOnce(&mut Register) -> T) -> T {
        use_it(&mut self.register.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
