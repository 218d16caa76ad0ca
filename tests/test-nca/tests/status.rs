//! Whether a certificate was revoked, out of what the services of the miniature NCA say.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NONCE, issuer, now, services};
use pki::crl::{Crl, CrlError, Verified};
use pki::ocsp::{OcspError, Request, Response, ResponseStatus};
use pki::revocation::{Freshness, Reason, Revocation};
use pki::status::{Answered, Evidence, Ground, Judgement, SetAside, Status, Why, judge};
use pki::{Certificate, Timestamp};
use tanba_test_nca::services::{Awkward, Services};

fn answered(services: &Services, certificate: &Certificate, awkward: Option<Awkward>) -> Answered {
    let request = Request::new(certificate.serial(), issuer(services), NONCE).unwrap();
    let response = services.ocsp(&request.to_der(), now(), awkward).unwrap();
    Answered { response: Response::from_der(&response).unwrap(), nonce: Some(NONCE) }
}

fn verified<'a>(services: &Services, der: &'a [u8]) -> Verified<'a> {
    Crl::from_der(der).unwrap().verify(issuer(services)).unwrap()
}

fn judged(services: &Services, person: &Certificate, ocsp: &[Answered], lists: &[Verified<'_>]) -> Judgement {
    judge(person, issuer(services), &Evidence { ocsp, lists }, Freshness::at(now()))
}

fn revoked(since: Timestamp, reason: Reason) -> Status {
    Status::Revoked(Revocation { since, invalid_since: None, reason: Some(reason) })
}

#[test]
fn without_evidence_nothing_is_known() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let judgement = judged(&services, &person, &[], &[]);
    assert_eq!(judgement, Judgement { status: Status::Unknown(Why::NoEvidence), ground: None, set_aside: vec![] });
}

#[test]
fn ocsp_decides_before_any_list() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    // The list has it on hold; since then it was released.
    services.revoke(person.serial(), now().plus_days(-2), Reason::CertificateHold);
    services.publish(now().plus_days(-1));
    let list = services.list().unwrap();
    let list = [verified(&services, &list)];
    services.release(person.serial());
    let good = judged(&services, &person, &[answered(&services, &person, None)], &list);
    assert_eq!(good.status, Status::Good);
    assert_eq!(good.ground, Some(Ground::Ocsp { produced_at: now(), this_update: now() }));

    // The other way round: revocation may be seen through OCSP only (kz-crypto 11).
    services.publish(now());
    services.revoke(person.serial(), now(), Reason::Superseded);
    let list = services.list().unwrap();
    let list = [verified(&services, &list)];
    let judgement = judged(&services, &person, &[answered(&services, &person, None)], &list);
    assert_eq!(judgement.status, revoked(now(), Reason::Superseded));
}

#[test]
fn a_list_decides_where_ocsp_does_not_answer() {
    let services = services();
    let [person, head] = [services.nca().person(), services.nca().head()].map(|issued| issued.unwrap().certificate);
    services.revoke(person.serial(), now().plus_days(-2), Reason::AffiliationChanged);
    services.publish(now());
    let list = services.list().unwrap();
    let list = [verified(&services, &list)];
    let expected = Some(Ground::List { number: Some(3.into()), this_update: now(), delta: None });
    let judgement = judged(&services, &person, &[], &list);
    assert_eq!(judgement.status, revoked(now().plus_days(-2), Reason::AffiliationChanged));
    assert_eq!(judgement.ground, expected);
    assert_eq!(judged(&services, &head, &[], &list).status, Status::Good);

    // Every answer that cannot be used leaves the decision to the list, and is told.
    for awkward in [Awkward::WrongNonce, Awkward::Stranger, Awkward::Stale, Awkward::Other, Awkward::WrongPurpose] {
        let judgement = judged(&services, &head, &[answered(&services, &head, Some(awkward))], &list);
        assert_eq!((judgement.status, judgement.ground), (Status::Good, expected), "{awkward:?}");
        assert!(matches!(judgement.set_aside[..], [SetAside::Ocsp(0, _)]));
        let alone = judged(&services, &head, &[answered(&services, &head, Some(awkward))], &[]);
        assert_eq!((alone.status, alone.ground), (Status::Unknown(Why::NoEvidence), None));
    }
    let refused = services.ocsp(&[], now(), None).unwrap();
    assert_eq!(Response::from_der(&refused), Err(OcspError::Refused(ResponseStatus::MalformedRequest)));
}

#[test]
fn changes_count_with_the_list_that_they_continue() {
    let services = services();
    let people = [services.nca().person(), services.nca().head(), services.nca().employee()];
    let [held, late, clean] = people.map(|issued| issued.unwrap().certificate);
    services.revoke(held.serial(), now().plus_days(-3), Reason::CertificateHold);
    services.publish(now().plus_days(-2));
    let (complete, old_changes) = (services.list().unwrap(), services.delta(now().plus_days(-1)).unwrap());
    services.release(held.serial());
    services.revoke(late.serial(), now(), Reason::KeyCompromise);
    let changes = services.delta(now()).unwrap();
    let [complete, old_changes, changes] = [&complete, &old_changes, &changes].map(|der| verified(&services, der));

    // In any order, the newest changes first.
    let lists = [old_changes.clone(), changes.clone(), complete.clone()];
    let judgement = judged(&services, &held, &[], &lists);
    assert_eq!(judgement.status, Status::Good, "released");
    let this_update = now().plus_days(-2);
    let ground = Ground::List { number: Some(3.into()), this_update, delta: Some(4.into()) };
    assert_eq!(judgement.ground, Some(ground));
    assert_eq!(judged(&services, &late, &[], &lists).status, revoked(now(), Reason::KeyCompromise));
    assert_eq!(judged(&services, &clean, &[], &lists).status, Status::Good);
    // Without the changes the list's word stands.
    let alone = judged(&services, &held, &[], &[complete]);
    assert_eq!(alone.status, revoked(now().plus_days(-3), Reason::CertificateHold));

    // Changes without their list: what they revoke is revoked, and nothing is good because of them.
    let changes = [changes];
    assert_eq!(judged(&services, &late, &[], &changes).status, revoked(now(), Reason::KeyCompromise));
    for certificate in [&held, &clean] {
        let judgement = judged(&services, certificate, &[], &changes);
        assert_eq!(judgement.status, Status::Unknown(Why::NoEvidence));
        assert_eq!(judgement.set_aside, [SetAside::List(0, CrlError::Base { base: 3.into() })]);
    }
}

#[test]
fn changes_to_another_list_do_not_count() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let first = services.list().unwrap();
    services.publish(now());
    services.revoke(person.serial(), now(), Reason::Superseded);
    let changes = services.delta(now()).unwrap();
    let lists = [verified(&services, &first), verified(&services, &changes)];
    let judgement = judged(&services, &person, &[], &lists);
    assert_eq!(judgement.status, Status::Good, "as the first list has it");
    assert_eq!(judgement.set_aside, [SetAside::List(1, CrlError::Base { base: 3.into() })]);
}

#[test]
fn a_certificate_that_the_responder_does_not_know_is_not_good_for_a_list_that_does_not_have_it() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let unknown = [answered(&services, &person, Some(Awkward::NeverIssued))];
    let list = services.list().unwrap();
    let lists = [verified(&services, &list)];
    assert_eq!(judged(&services, &person, &unknown, &[]).status, Status::Unknown(Why::NotKnown));
    assert_eq!(judged(&services, &person, &unknown, &lists).status, Status::Unknown(Why::NotKnown));
    services.revoke(person.serial(), now(), Reason::Superseded);
    services.publish(now());
    let list = services.list().unwrap();
    let lists = [verified(&services, &list)];
    assert_eq!(judged(&services, &person, &unknown, &lists).status, revoked(now(), Reason::Superseded));
}

#[test]
fn a_list_of_last_month_says_nothing() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    services.publish(now().plus_days(-30));
    let list = services.list().unwrap();
    let judgement = judged(&services, &person, &[], &[verified(&services, &list)]);
    assert_eq!(judgement.status, Status::Unknown(Why::NoEvidence));
    assert_eq!(judgement.set_aside, [SetAside::List(0, CrlError::Stale(now().plus_days(-23)))]);
}

#[test]
fn the_word_of_another_authority_is_passed_over() {
    let services = services();
    let others = common::services();
    let stranger = tanba_test_nca::TestNca::seeded(now(), 7).unwrap();
    let person = stranger.person().unwrap().certificate;
    let list = others.list().unwrap();
    let lists = [verified(&services, &list)];
    let evidence = Evidence { ocsp: &[], lists: &lists };
    let judgement = judge(&person, stranger.authority().into(), &evidence, Freshness::at(now()));
    assert_eq!(judgement.status, Status::Unknown(Why::NoEvidence));
}

#[test]
fn what_was_revoked_later_was_good_before() {
    let since = now();
    let status = revoked(since, Reason::CessationOfOperation);
    assert_eq!(status.at(since.plus_seconds(-1)), Status::Good);
    assert_eq!(status.at(since), status);
    // The key was in other hands before it became known.
    let revocation =
        Revocation { since, invalid_since: Some(since.plus_days(-9)), reason: Some(Reason::KeyCompromise) };
    let status = Status::Revoked(revocation);
    assert_eq!(status.at(since.plus_days(-9)), status);
    assert_eq!(status.at(since.plus_days(-10)), Status::Good);
    let unknown = Status::Unknown(Why::NoEvidence);
    assert_eq!(unknown.at(since), unknown);
}

#[test]
fn of_two_answers_the_newer_one_counts() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let good = answered(&services, &person, None);
    services.revoke(person.serial(), now(), Reason::Superseded);
    // At the same time: the worse one counts.
    let bad = answered(&services, &person, None);
    for both in [[good.clone(), bad.clone()], [bad, good]] {
        assert_eq!(judged(&services, &person, &both, &[]).status, revoked(now(), Reason::Superseded));
    }
}
