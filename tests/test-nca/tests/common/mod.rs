//! What the tests of the services share.
#![allow(dead_code, unreachable_pub)]

use std::sync::Arc;

use pki::ocsp::{Answer, OcspError, Question, Request, Response};
use pki::revocation::Freshness;
use pki::trust::{Anchors, Authority};
use pki::{Certificate, Timestamp};
use tanba_test_nca::TestNca;
use tanba_test_nca::services::{Awkward, Services};

pub const NONCE: [u8; 8] = [0x9a, 1, 2, 3, 4, 5, 6, 7];

pub fn now() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap()
}

pub fn services() -> Services {
    let nca = Arc::new(TestNca::seeded(now(), 1).unwrap());
    Services::new(nca, Arc::new(TestNca::seeded(now(), 2).unwrap())).unwrap()
}

/// The root is believed, and the authority comes along.
pub fn anchors(nca: &TestNca) -> Anchors {
    let mut anchors = Anchors::none();
    anchors.add_test(nca.root());
    anchors.add_test(nca.authority());
    anchors
}

pub fn issuer(services: &Services) -> Authority<'_> {
    services.nca().authority().into()
}

/// Asks the responder about a certificate and judges its answer.
pub fn ask(services: &Services, certificate: &Certificate, awkward: Option<Awkward>) -> Result<Answer, OcspError> {
    let request = Request::new(certificate.serial(), issuer(services), NONCE).unwrap();
    let response = services.ocsp(&request.to_der(), now(), awkward).unwrap();
    judge(services, certificate, &response)
}

pub fn judge(services: &Services, certificate: &Certificate, response: &[u8]) -> Result<Answer, OcspError> {
    let (serial, issuer, freshness) = (certificate.serial(), issuer(services), Freshness::at(now()));
    Response::from_der(response)?.verify(&Question { serial, issuer, nonce: Some(NONCE), freshness })
}
