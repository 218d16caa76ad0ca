//! The time-stamp service of the miniature NCA, right and wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NONCE, anchors, now, services};
use nca_material::Oracle;
use pki::tsp::{Accuracy, Failure, Policy, Request, Response, ResponseStatus, Stamp, Stamped, Token, TspError};
use pki::{SignatureAlgorithm, Validity, oid, tlv};
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
fn every_policy_of_the_nca_is_stamped_with_its_own_kind_of_key() {
    let services = services().with_all_policies().unwrap();
    let anchors = anchors(services.nca());
    for (policy, algorithm) in [
        (Policy::Gost512, SignatureAlgorithm::Gost512),
        (Policy::Gost2004, SignatureAlgorithm::Gost2004),
        (Policy::Gost2004Gamma, SignatureAlgorithm::Gost2004),
        (Policy::Rsa, SignatureAlgorithm::RsaSha256),
    ] {
        let request = Request::for_data(policy, DATA, NONCE);
        let response = services.stamp(&request.to_der(), now(), None).unwrap();
        let (token, stamp) = request.accept(&response, DATA).unwrap();
        assert_eq!((stamp.policy, stamp.signature_algorithm), (policy.oid(), algorithm));
        assert!(stamp.path(&anchors).is_ok(), "{policy:?}");
        let Some(oracle) = Oracle::find() else { continue };
        let (token, data) = (oracle.write("token.der", token.der()), oracle.write("data", DATA));
        let ca = oracle.write("ca.cer", services.nca().authority().der());
        let arguments = ["tsp".as_ref(), token.as_os_str(), "--data".as_ref(), data.as_os_str(), "--ca".as_ref()];
        let (code, report) = oracle.run(arguments.into_iter().chain([ca.as_os_str()]));
        assert_eq!(code, 0, "{policy:?} {report:#}");
    }
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
fn the_purpose_must_be_critical_and_alone() {
    let services = services();
    let mut stamper = services.nca().time_stamping(services.nca().new_key().unwrap()).unwrap();
    let template = Template::new(&request(), [7; 20], now());
    // The extension with its flag and its only purpose; who issued the certificate is not the token's question.
    let genuine = stamper.certificate.der().to_vec();
    let oid = [&[0x06, 0x03], oid::EXTENDED_KEY_USAGE.as_bytes()].concat();
    let place = genuine.windows(oid.len()).position(|window| window == oid).unwrap() + oid.len();
    let (flag, purpose) = (place + 2, place + 3 + 2 + 2 + 2 + oid::TIME_STAMPING.as_bytes().len() - 1);
    assert_eq!((genuine[flag], genuine[purpose]), (0xff, 8));
    for (place, octet) in [(flag, 0x00), (purpose, 9)] {
        let mut der = genuine.clone();
        der[place] = octet;
        stamper.certificate = pki::Certificate::from_der(&der).unwrap();
        let token = Token::from_der(&template.sign(&*stamper.signer().unwrap()).unwrap()).unwrap();
        assert_eq!(token.verify(DATA), Err(TspError::Purpose));
    }
    let purposes = vec![oid::TIME_STAMPING];
    let holding = tanba_test_nca::Holding { person: tanba_test_nca::Person::Citizen, purposes };
    let person = services.nca().issue(&holding, now(), now().plus_days(1)).unwrap();
    let token = Token::from_der(&template.sign(&*person.signer().unwrap()).unwrap()).unwrap();
    assert_eq!(token.verify(DATA), Err(TspError::Purpose));
}

/// The token with another list of signatures, made out of the one that it has.
fn with_signers(der: &[u8], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut content_info = tlv::whole(der, tlv::SEQUENCE).unwrap().children();
    let kind = content_info.read().unwrap();
    let mut fields = content_info.read().unwrap().children().read().unwrap().children();
    let before: Vec<u8> = (0..4).flat_map(|_| fields.read().unwrap().raw().to_vec()).collect();
    let signer = fields.read().unwrap().value().to_vec();
    let signed_data = tlv::element(tlv::SEQUENCE, &[&before, &tlv::element(tlv::SET, &[&change(&signer)])]);
    tlv::element(tlv::SEQUENCE, &[kind.raw(), &tlv::element(tlv::context(0), &[&signed_data])])
}

#[test]
fn a_token_has_one_signature_over_signed_attributes_in_their_order() {
    let services = services();
    let (token, _) = ask(&services, None).unwrap();
    let verdict = |change: &dyn Fn(&[u8]) -> Vec<u8>| {
        Token::from_der(&with_signers(token.der(), change)).and_then(|token| token.verify(DATA)).map(|_| ())
    };
    assert_eq!(verdict(&|signer| signer.to_vec()), Ok(()));
    let not_one = Err(TspError::Malformed("not exactly one signature"));
    assert_eq!(verdict(&|signer| [signer, signer].concat()), not_one);
    assert_eq!(verdict(&|_| Vec::new()), not_one);

    // The parts of the SignerInfo, and of its signed attributes.
    let parts = |signer: &[u8]| {
        let mut fields = tlv::whole(signer, tlv::SEQUENCE).unwrap().children();
        std::iter::from_fn(|| fields.read().ok().map(|part| part.raw().to_vec())).collect::<Vec<_>>()
    };
    let without_attributes = |signer: &[u8]| {
        let mut parts = parts(signer);
        parts.remove(3);
        tlv::element(tlv::SEQUENCE, &[&parts.concat()])
    };
    assert_eq!(verdict(&without_attributes), Err(TspError::Malformed("no signed attributes")));
    let backwards = |signer: &[u8]| {
        let mut parts = parts(signer);
        let mut attributes = tlv::whole(&parts[3], tlv::context(0)).unwrap().children();
        let mut list: Vec<_> = std::iter::from_fn(|| attributes.read().ok().map(|part| part.raw().to_vec())).collect();
        list.reverse();
        parts[3] = tlv::element(tlv::context(0), &[&list.concat()]);
        tlv::element(tlv::SEQUENCE, &[&parts.concat()])
    };
    assert_eq!(verdict(&backwards), Err(TspError::Malformed("order of the signed attributes")));
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
