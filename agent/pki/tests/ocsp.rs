//! The NCA's own OCSP response, and what becomes of it when one octet is another.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{certificate, nca};
use nca_material::Oracle;
use pki::ocsp::{Answer, CertStatus, OcspError, Question, Request, Responder, Response, ResponseStatus};
use pki::revocation::{Freshness, Reason, Revocation};
use pki::trust::{Anchors, Authority};
use pki::{Certificate, Serial, Timestamp, oid, tlv};

const NONCE: [u8; 8] = [0x15, 0x7b, 0x28, 0xfd, 0x1a, 0xc7, 0x76, 0x1e];

fn serial() -> Serial {
    Serial::from_bytes(&hex::decode("3a90343e720594c55204b19cb9a402422ef0e622").unwrap()).unwrap()
}

fn produced() -> Timestamp {
    Timestamp::from_utc(2022, 9, 2, 16, 59, 28).unwrap()
}

fn material() -> Option<(Vec<u8>, Certificate)> {
    let nca = nca()?;
    let response = std::fs::read(nca.join("ocsp/gost512-revoked.der")).unwrap();
    Some((response, certificate(nca.join("ca/nca_gost2022_test.cer"))))
}

fn ask(der: &[u8], serial: &Serial, issuer: Authority<'_>, now: Timestamp) -> Result<Answer, OcspError> {
    let question = Question { serial, issuer, nonce: Some(NONCE), freshness: Freshness::at(now) };
    Response::from_der(der)?.verify(&question)
}

#[test]
fn the_ncas_answer_of_2022_is_verified_and_says_revoked() {
    let Some((der, issuer)) = material() else { return };
    let answer = ask(&der, &serial(), (&issuer).into(), produced()).unwrap();
    let since = Timestamp::from_utc(2022, 7, 27, 10, 25, 30).unwrap();
    assert_eq!(
        answer.status,
        CertStatus::Revoked(Revocation { since, invalid_since: None, reason: Some(Reason::CertificateHold) })
    );
    assert_eq!((answer.this_update, answer.produced_at, answer.next_update), (produced(), produced(), None));
    let Responder::Appointed(responder) = &answer.responder else { panic!("{answer:?}") };
    assert_eq!(responder.subject().common_name(), Some("OCSP RESPONDER"));
    assert!(responder.extension(&oid::OCSP_NO_CHECK).is_some_and(|extension| !extension.critical));
    assert_eq!(Response::from_der(&der).unwrap().produced_at(), produced());
}

#[test]
fn an_anchor_of_which_only_name_and_key_are_known_can_be_the_issuer() {
    let Some((der, issuer)) = material() else { return };
    let anchors = Anchors::none().with_nca_test();
    let anchor = anchors.iter().find(|anchor| anchor.name() == issuer.subject()).unwrap();
    assert!(ask(&der, &serial(), anchor.into(), produced()).is_ok());
    // Every other authority's word is worth nothing here.
    for other in anchors.iter().filter(|other| *other != anchor) {
        assert_eq!(ask(&der, &serial(), other.into(), produced()), Err(OcspError::OtherCertificate));
    }
}

#[test]
fn an_answer_to_another_question_is_none() {
    let Some((der, issuer)) = material() else { return };
    let other = Serial::from_bytes(&[0x10]).unwrap();
    assert_eq!(ask(&der, &other, (&issuer).into(), produced()), Err(OcspError::OtherCertificate));
    let (serial, response) = (serial(), Response::from_der(&der).unwrap());
    let question = |nonce| {
        let freshness = Freshness::at(produced());
        response.verify(&Question { serial: &serial, issuer: (&issuer).into(), nonce, freshness })
    };
    assert_eq!(question(Some([0; 8])), Err(OcspError::Nonce));
    // One that was found, and not asked for just now, has somebody else's nonce.
    assert!(question(None).is_ok());
}

#[test]
fn an_answer_holds_for_its_time() {
    let Some((der, issuer)) = material() else { return };
    let at = |seconds| ask(&der, &serial(), (&issuer).into(), produced().plus_seconds(seconds)).map(|_| ());
    assert_eq!(at(3600 + 300), Ok(()));
    assert_eq!(at(3600 + 301), Err(OcspError::Stale(produced().plus_seconds(3600))));
    assert_eq!(at(-300), Ok(()));
    assert_eq!(at(-301), Err(OcspError::FromTheFuture(produced())));
}

#[test]
fn no_octet_of_an_answer_can_be_another() {
    let Some((der, issuer)) = material() else { return };
    for place in 0..der.len() {
        for flip in [0x01, 0x80] {
            let mut spoiled = der.clone();
            spoiled[place] ^= flip;
            let verdict = ask(&spoiled, &serial(), (&issuer).into(), produced());
            assert!(verdict.is_err(), "octet {place} may be {:#04x}: {verdict:?}", spoiled[place]);
        }
    }
    for end in 0..der.len() {
        assert!(Response::from_der(&der[..end]).is_err());
    }
}

/// The response with other certificates in it: the responder has not signed those.
fn with_certificates(der: &[u8], certificates: &[&[u8]]) -> Vec<u8> {
    let mut outer = tlv::whole(der, tlv::SEQUENCE).unwrap().children();
    let status = outer.read().unwrap().raw();
    let mut bytes = outer.read().unwrap().children().read().unwrap().children();
    let kind = bytes.read().unwrap().raw();
    let basic = bytes.read().unwrap().value();
    let mut fields = tlv::whole(basic, tlv::SEQUENCE).unwrap().children();
    let signed: Vec<&[u8]> = (0..3).map(|_| fields.read().unwrap().raw()).collect();
    let list = tlv::element(tlv::context(0), &[&tlv::element(tlv::SEQUENCE, certificates)]);
    let basic = tlv::element(tlv::SEQUENCE, &[&signed.concat(), &list]);
    let bytes = tlv::element(tlv::SEQUENCE, &[kind, &tlv::element(tlv::OCTET_STRING, &[&basic])]);
    tlv::element(tlv::SEQUENCE, &[status, &tlv::element(tlv::context(0), &[&bytes])])
}

#[test]
fn a_crowd_of_responders_costs_a_bounded_number_of_signatures() {
    let Some((der, issuer)) = material() else { return };
    let Responder::Appointed(own) = ask(&der, &serial(), (&issuer).into(), produced()).unwrap().responder else {
        panic!("the issuer does not answer itself")
    };
    // Of the responder's name and key, and not appointed.
    let mut forged = own.der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let among = |others: &[u8], count: usize| {
        let mut certificates = vec![others; count];
        certificates.push(own.der());
        let response = with_certificates(&der, &certificates);
        ask(&response, &serial(), (&issuer).into(), produced()).map(|_| ())
    };
    assert_eq!(among(&forged, 3), Ok(()));
    assert_eq!(among(&forged, 4), Err(OcspError::Responder));
    assert_eq!(among(&forged, 60), Err(OcspError::Responder));
    // Others' certificates are not tried and do not count.
    assert_eq!(among(issuer.der(), 60), Ok(()));
}

#[test]
fn a_refusal_is_told() {
    for (octet, status) in [
        (1, ResponseStatus::MalformedRequest),
        (2, ResponseStatus::InternalError),
        (3, ResponseStatus::TryLater),
        (5, ResponseStatus::SigRequired),
        (6, ResponseStatus::Unauthorized),
    ] {
        assert_eq!(Response::from_der(&[0x30, 3, 0x0a, 1, octet]), Err(OcspError::Refused(status)));
    }
    assert_eq!(OcspError::Refused(ResponseStatus::TryLater).to_string(), "the OCSP responder answered tryLater");
    // Successful, and nothing said; and numbers that do not exist.
    for octet in [0, 4, 7] {
        assert!(matches!(Response::from_der(&[0x30, 3, 0x0a, 1, octet]), Err(OcspError::Der(_))));
    }
}

#[test]
fn a_request_has_the_ncas_form() {
    let Some((_, issuer)) = material() else { return };
    let request = Request::new(&serial(), (&issuer).into(), NONCE).unwrap();
    let der = request.to_der();
    // The hashes are those that the NCA's own response has.
    let id = "4d49c7d498dd61ba9d6e509ef5dccb0a76c5724f0b2249e30ba0badd4521c9ea0420\
              afc31e0625b7a4d3f0d4f6cc6b9bbab667c3b1a9b10f8f9b4683ba2768b2f518";
    assert!(hex::encode(&der).contains(&format!("300d060960864801650304020105000420{id}0214{}", serial().to_hex())));

    let Some(oracle) = Oracle::find() else { return };
    let (request, ca) = (oracle.write("request.der", &der), oracle.write("ca.cer", issuer.der()));
    let (code, report) =
        oracle.run(["ocsp-request".as_ref(), request.as_os_str(), "--issuer".as_ref(), ca.as_os_str()]);
    assert_eq!((code, report["nonce"].as_str()), (0, Some("157b28fd1ac7761e")), "{report:#}");
    let Some(output) = nca_material::openssl(["ocsp", "-text", "-reqin", request.to_str().unwrap()]) else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Hash Algorithm: sha256") && text.contains("0408157B28FD1AC7761E"), "{text}");
}
