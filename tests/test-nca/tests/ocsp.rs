//! The OCSP responder of the miniature NCA, right and wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NONCE, ask, issuer, judge, now, services};
use nca_material::Oracle;
use pki::ocsp::{CertId, CertStatus, OcspError, Request, Responder, ResponseStatus};
use pki::revocation::{Reason, Revocation};

use pki::{DigestAlgorithm, Validity, VerifyError, oid};
use tanba_test_nca::services::{Awkward, OcspReply, ResponderForm, Said};

#[test]
fn a_certificate_is_good_until_it_is_revoked_and_after_it_is_released() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let answer = ask(&services, &person, None).unwrap();
    assert_eq!((answer.status, answer.produced_at), (CertStatus::Good, now()));
    assert!(matches!(answer.responder, Responder::Appointed(_)));

    let since = now().plus_seconds(-60);
    services.revoke(person.serial(), since, Reason::KeyCompromise);
    let revocation = Revocation { since, invalid_since: None, reason: Some(Reason::KeyCompromise) };
    assert_eq!(ask(&services, &person, None).unwrap().status, CertStatus::Revoked(revocation));
    services.release(person.serial());
    assert_eq!(ask(&services, &person, None).unwrap().status, CertStatus::Good);
}

#[test]
fn every_awkward_answer_is_told_from_a_good_one() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let tomorrow = now().plus_days(1);
    for (name, awkward) in Awkward::ALL {
        let answer = ask(&services, &person, Some(awkward));
        match awkward {
            Awkward::WrongNonce | Awkward::NoNonce => assert_eq!(answer, Err(OcspError::Nonce), "{name}"),
            Awkward::Stranger | Awkward::WrongPurpose => assert_eq!(answer, Err(OcspError::Responder), "{name}"),
            Awkward::Expired => assert_eq!(answer, Err(OcspError::ResponderValidity(Validity::Expired)), "{name}"),
            Awkward::NotYetValid => assert_eq!(answer, Err(OcspError::ResponderValidity(Validity::NotYet)), "{name}"),
            Awkward::Refusal => assert_eq!(answer, Err(OcspError::Refused(ResponseStatus::TryLater)), "{name}"),
            Awkward::Garbage => assert!(matches!(answer, Err(OcspError::Der(_))), "{name}"),
            Awkward::Stale => assert!(matches!(answer, Err(OcspError::Stale(_))), "{name}"),
            Awkward::FromTheFuture => assert_eq!(answer, Err(OcspError::FromTheFuture(tomorrow)), "{name}"),
            Awkward::Other => assert_eq!(answer, Err(OcspError::OtherCertificate), "{name}"),
            // "Revoked since 1970" (kz-crypto 10).
            Awkward::NeverIssued => assert_eq!(answer.unwrap().status, CertStatus::Unknown, "{name}"),
            Awkward::Unusual => {
                let answer = answer.unwrap();
                assert_eq!(answer.status, CertStatus::Good);
                assert_eq!(answer.next_update, Some(now().plus_seconds(600)));
            }
        }
    }
}

#[test]
fn a_request_about_another_authoritys_certificate_is_refused() {
    let services = services();
    let nca = tanba_test_nca::TestNca::seeded(now(), 3).unwrap();
    let request = Request::new(nca.person().unwrap().certificate.serial(), nca.authority().into(), NONCE).unwrap();
    let response = services.ocsp(&request.to_der(), now(), None).unwrap();
    assert_eq!(pki::ocsp::Response::from_der(&response), Err(OcspError::Refused(ResponseStatus::Unauthorized)));
    let response = services.ocsp(b"no request", now(), None).unwrap();
    assert_eq!(pki::ocsp::Response::from_der(&response), Err(OcspError::Refused(ResponseStatus::MalformedRequest)));
}

fn reply(services: &tanba_test_nca::services::Services, serial: &pki::Serial, hash: DigestAlgorithm) -> OcspReply {
    let id = CertId::new(hash, issuer(services), serial).unwrap();
    OcspReply::new(vec![(id, Said::Good)], Some(&[&[4, 8], &NONCE[..]].concat()), now())
}

#[test]
fn any_known_digest_may_name_the_certificate() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let responder = services.nca().ocsp_responder().unwrap().signer().unwrap();
    for hash in
        [DigestAlgorithm::Sha1, DigestAlgorithm::Sha512, DigestAlgorithm::Streebog512, DigestAlgorithm::Gost34311]
    {
        let response = reply(&services, person.serial(), hash).sign(&*responder).unwrap();
        assert_eq!(judge(&services, &person, &response).unwrap().status, CertStatus::Good, "{hash:?}");
    }
}

#[test]
fn the_authority_itself_may_answer_and_a_forger_of_its_name_may_not() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let authority = services.nca().authority_signer().unwrap();
    for (responder, with_certificate) in
        [(ResponderForm::Name, true), (ResponderForm::Name, false), (ResponderForm::KeyHash, false)]
    {
        let reply = reply(&services, person.serial(), DigestAlgorithm::Sha256);
        let response = OcspReply { responder, with_certificate, ..reply }.sign(&*authority).unwrap();
        assert_eq!(judge(&services, &person, &response).unwrap().responder, Responder::Issuer);
    }
    let forger = tanba_test_nca::TestNca::seeded(now(), 9).unwrap();
    for with_certificate in [true, false] {
        let reply = reply(&services, person.serial(), DigestAlgorithm::Sha256);
        let response = OcspReply { with_certificate, ..reply }.sign(&*forger.authority_signer().unwrap()).unwrap();
        let refused = judge(&services, &person, &response).unwrap_err();
        assert!(matches!(refused, OcspError::Responder | OcspError::Signature(VerifyError::Mismatch)), "{refused}");
    }
}

#[test]
fn two_answers_about_one_certificate_and_unknown_critical_extensions_are_refused() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let responder = services.nca().ocsp_responder().unwrap().signer().unwrap();
    let one = reply(&services, person.serial(), DigestAlgorithm::Sha256);
    let mut two = one.clone();
    two.answers.extend(two.answers.clone());
    assert_eq!(judge(&services, &person, &two.sign(&*responder).unwrap()), Err(OcspError::Ambiguous));
    let strange = OcspReply { unknown_critical: Some(vec![5, 0]), ..one };
    let refused = judge(&services, &person, &strange.sign(&*responder).unwrap());
    assert_eq!(refused, Err(OcspError::UnknownCritical(oid::KEY_STORAGE)));
}

#[test]
fn times_that_contradict_each_other_are_refused() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let responder = services.nca().ocsp_responder().unwrap().signer().unwrap();
    let one = reply(&services, person.serial(), DigestAlgorithm::Sha256);
    for contradiction in [
        OcspReply { produced_at: now().plus_seconds(-1000), ..one.clone() },
        OcspReply { next_update: Some(now().plus_seconds(-1)), ..one.clone() },
    ] {
        let response = contradiction.sign(&*responder).unwrap();
        assert_eq!(judge(&services, &person, &response), Err(OcspError::Times));
    }
    // An answer that says itself how long it holds may be older than an hour.
    let long = OcspReply { this_update: now().plus_days(-2), next_update: Some(now().plus_days(1)), ..one };
    assert!(judge(&services, &person, &long.sign(&*responder).unwrap()).is_ok());
}

#[test]
fn the_independent_verifier_and_openssl_read_what_is_answered() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    services.revoke(person.serial(), now(), Reason::Superseded);
    let request = Request::new(person.serial(), issuer(&services), NONCE).unwrap().to_der();
    let Some(oracle) = Oracle::find() else { return };
    let ca = oracle.write("ca.cer", services.nca().authority().der());
    let asked = oracle.write("request.der", &request);
    for (awkward, expected) in [
        (None, 0),
        (Some(Awkward::Unusual), 0),
        (Some(Awkward::WrongNonce), 1),
        (Some(Awkward::WrongPurpose), 1),
        (Some(Awkward::Stranger), 1),
        (Some(Awkward::Expired), 1),
        (Some(Awkward::Other), 1),
    ] {
        let response = oracle.write("response.der", &services.ocsp(&request, now(), awkward).unwrap());
        let (code, report) = oracle.run([
            "ocsp".as_ref(),
            response.as_os_str(),
            "--request".as_ref(),
            asked.as_os_str(),
            "--ca".as_ref(),
            ca.as_os_str(),
            "--at".as_ref(),
            "2026-11-23T09:00:00Z".as_ref(),
        ]);
        // For the verifier a response holds at the very moment of thisUpdate, which is what it is asked about.
        assert_eq!(code, expected, "{awkward:?} {report:#}");
    }
    let response = oracle.write("response.der", &services.ocsp(&request, now(), None).unwrap());
    let respin = ["ocsp", "-respin", response.to_str().unwrap(), "-text", "-noverify"];
    let Some(output) = nca_material::openssl(respin) else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    for line in ["Cert Status: revoked", "Revocation Reason: superseded (0x4)", "04089A01020304050607"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
