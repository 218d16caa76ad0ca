//! The time-stamp service of the miniature NCA, right and wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NONCE, anchors, now, services};
use nca_material::Oracle;
use pki::tsp::{Accuracy, Failure, Policy, Request, Response, ResponseStatus, Stamp, Stamped, Token, TspError};
use pki::{Validity, oid};
use tanba_test_nca::services::{Awkward, Ess, Services, Stamp as Template};

const DATA: &[u8] = b"the octets of a signature";

fn request() -> Request {
    Request::for_data(Policy::Gost512, DATA, NONCE)
}

fn ask(services: &Services, awkward: Option<Awkward>) -> Result<(Token, Stamp), TspError> {
    let request = request();
    request.accept(&services.stamp(&request.to_der(), now(), awkward).unwrap(), DATA)
}

#[test]
fn data_is_stamped_and_the_stamp_believed() {
    let services = services();
    let (token, stamp) = ask(&services, None).unwrap();
    assert_eq!((stamp.time, stamp.policy), (now(), oid::TSA_GOST512));
    assert_eq!(stamp.nonce.as_deref(), Some(&[0, 0x9a, 1, 2, 3, 4, 5, 6, 7][..]));
    assert_eq!(Some(&stamp.authority), services.time_stamping(&oid::TSA_GOST512));
    let anchors = anchors(services.nca());
    assert!(stamp.path(&anchors).is_ok());
    assert_eq!(Token::from_der(token.der()).unwrap().verify(DATA).unwrap(), stamp);
}

#[test]
fn every_awkward_answer_is_told_from_a_good_one() {
    let services = services();
    for (name, awkward) in Awkward::ALL {
        let answer = ask(&services, Some(awkward)).map(|(_, stamp)| stamp);
        match awkward {
            Awkward::WrongNonce | Awkward::NoNonce => assert_eq!(answer, Err(TspError::Nonce), "{name}"),
            // Its signature is good, and nobody believes it.
            Awkward::Stranger => {
                let (stamp, anchors) = (answer.unwrap(), anchors(services.nca()));
                assert!(matches!(stamp.path(&anchors), Err(TspError::Chain(_))), "{name}");
            }
            Awkward::WrongPurpose => assert_eq!(answer, Err(TspError::Purpose), "{name}"),
            Awkward::Expired => assert_eq!(answer, Err(TspError::NotValidThen(Validity::Expired)), "{name}"),
            Awkward::NotYetValid => assert_eq!(answer, Err(TspError::NotValidThen(Validity::NotYet)), "{name}"),
            Awkward::Refusal => {
                let Err(TspError::Refused { status, failure, text }) = answer else { panic!("{name}: {answer:?}") };
                assert_eq!((status, failure), (ResponseStatus::Rejection, Some(Failure::SystemFailure)));
                assert_eq!(text.as_deref(), Some("ТЕСТ: жоқ"));
            }
            Awkward::Garbage => assert!(matches!(answer, Err(TspError::Der(_))), "{name}"),
            // The time is the service's word: whoever has a clock compares.
            Awkward::Stale => assert_eq!(answer.unwrap().time, now().plus_seconds(-3600), "{name}"),
            Awkward::FromTheFuture => assert_eq!(answer.unwrap().time, now().plus_days(1), "{name}"),
            Awkward::Other => assert_eq!(answer, Err(TspError::Imprint), "{name}"),
            Awkward::NeverIssued => {
                let (asked, found) = (oid::TSA_GOST512, oid::TSA_GOST2004_GAMMA);
                assert_eq!(answer, Err(TspError::Policy { asked, found }), "{name}");
            }
            Awkward::Unusual => {
                let stamp = answer.unwrap();
                assert_eq!(stamp.serial.to_decimal(), "-2130574588");
                assert_eq!((stamp.time, stamp.nanoseconds), (now(), 125_000_000));
                assert_eq!(stamp.accuracy, Some(Accuracy { seconds: 1, millis: 500, micros: 0 }));
            }
        }
    }
}

#[test]
fn a_policy_without_a_key_is_refused_and_can_be_given_one() {
    let services = services();
    let request = Request::for_data(Policy::Gost2004, DATA, NONCE);
    let refused = Response::from_der(&services.stamp(&request.to_der(), now(), None).unwrap()).unwrap().into_token();
    assert!(matches!(refused, Err(TspError::Refused { failure: Some(Failure::UnacceptedPolicy), .. })));
    // Any signer that the authority certifies will do: the imprint need not fit its key.
    let issued = services.nca().time_stamping(services.nca().new_key().unwrap()).unwrap();
    let services = services.with_time_stamping(oid::TSA_GOST2004, issued);
    let response = services.stamp(&request.to_der(), now(), None).unwrap();
    let (_, stamp) = request.accept(&response, DATA).unwrap();
    assert_eq!(stamp.imprint_algorithm, pki::DigestAlgorithm::Gost34311);
    assert_eq!(stamp.policy, oid::TSA_GOST2004);

    let malformed = Response::from_der(&services.stamp(b"no request", now(), None).unwrap()).unwrap().into_token();
    assert!(matches!(malformed, Err(TspError::Refused { failure: Some(Failure::BadDataFormat), .. })));
}

#[test]
fn the_certificate_must_be_a_signed_one() {
    let services = services();
    let stamper = services.nca().time_stamping(services.nca().new_key().unwrap()).unwrap();
    let token = |template: Template| Token::from_der(&template.sign(&*stamper.signer().unwrap()).unwrap()).unwrap();
    let template = Template::new(&request(), [7; 20], now());
    assert!(token(Template { ess: Ess::V2, ..template.clone() }).verify(DATA).is_ok());
    let missing = token(Template { ess: Ess::Missing, ..template.clone() }).verify(DATA);
    assert_eq!(missing, Err(TspError::Attribute(pki::cms::SIGNING_CERTIFICATE)));

    // Not inside: somebody else must have it.
    let bare = token(Template { with_certificate: false, ..template });
    assert_eq!(bare.verify(DATA), Err(TspError::CertificateMissing));
    let others = [services.nca().authority().clone(), stamper.certificate.clone()];
    assert_eq!(bare.verify_with(Stamped::Data(DATA), &others).unwrap().authority, stamper.certificate);
}

#[test]
fn no_octet_of_a_token_of_either_form_can_be_another() {
    let services = services();
    let stamper = services.nca().time_stamping(services.nca().new_key().unwrap()).unwrap();
    let template = Template { ess: Ess::V2, ..Template::new(&request(), [7; 20], now()) };
    let unusual = Template {
        ess: Ess::V1,
        fraction: Some("5"),
        accuracy: Some(Accuracy { seconds: 0, millis: 1, micros: 999 }),
        ..template.clone()
    };
    for template in [template, unusual] {
        let der = template.sign(&*stamper.signer().unwrap()).unwrap();
        assert!(Token::from_der(&der).unwrap().verify(DATA).is_ok());
        for place in 0..der.len() {
            let mut spoiled = der.clone();
            spoiled[place] ^= 0x01;
            let verdict = Token::from_der(&spoiled).and_then(|token| token.verify(DATA));
            assert!(verdict.is_err(), "octet {place} may be {:#04x}", spoiled[place]);
        }
    }
}

#[test]
fn the_independent_verifier_and_openssl_read_the_stamps() {
    let services = services();
    let Some(oracle) = Oracle::find() else { return };
    let asked = request().to_der();
    let (request, data) = (oracle.write("request.der", &asked), oracle.write("data", DATA));
    let (code, report) = oracle.run(["tsp-request".as_ref(), request.as_os_str(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(code, 0, "{report:#}");
    let ca = oracle.write("ca.cer", services.nca().authority().der());
    for (awkward, expected) in [
        (None, 0),
        (Some(Awkward::Unusual), 0),
        (Some(Awkward::WrongNonce), 1),
        (Some(Awkward::Other), 1),
        (Some(Awkward::WrongPurpose), 1),
        (Some(Awkward::Expired), 1),
        (Some(Awkward::Stranger), 1),
    ] {
        let response = oracle.write("response.der", &services.stamp(&asked, now(), awkward).unwrap());
        let (code, report) = oracle.run([
            "tsp".as_ref(),
            response.as_os_str(),
            "--data".as_ref(),
            data.as_os_str(),
            "--request".as_ref(),
            request.as_os_str(),
            "--ca".as_ref(),
            ca.as_os_str(),
        ]);
        assert_eq!(code, expected, "{awkward:?} {report:#}");
    }
    let Some(output) = nca_material::openssl(["ts", "-query", "-in", request.to_str().unwrap(), "-text"]) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    for line in ["1.2.398.3.3.2.6.4", "Nonce: 0x9A01020304050607", "Certificate required: yes"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let response = services.stamp(&asked, now(), Some(Awkward::Unusual)).unwrap();
    let response = oracle.write("response.der", &response);
    let output = nca_material::openssl(["ts", "-reply", "-in", response.to_str().unwrap(), "-text"]).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for line in ["Status: Granted.", "-7EFDFCFC", "Nov 23 09:00:00.125 2026 GMT", "0x01F4 millis"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
