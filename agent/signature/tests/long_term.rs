//! The whole life of a signature: made, stamped, signed once more, stamped again, given what proves it, and judged years
//! later from the file alone.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::ffi::OsString;
use std::sync::Arc;

use common::{golden_time, parts};
use nca_material::Oracle;
use pki::crl::Crl;
use pki::ocsp::{self, Response};
use pki::revocation::{Freshness, Reason};
use pki::status::{Answered, Evidence, Status, judge};
use pki::trust::{Anchors, find_path};
use pki::tsp::{Policy, Request, Token};
use pki::{Certificate, Timestamp};
use signature::cms::amend::{
    SameCertificate, ValidationData, add_signer, add_stamps, add_validation_data, revocation_values, stamp_data,
};
use signature::cms::{Content, sign, verify};
use test_nca::TestNca;
use test_nca::services::Services;

const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

fn minutes(count: i64) -> Timestamp {
    golden_time().plus_seconds(60 * count)
}

fn stamp(services: &Services, signature: &[u8], now: Timestamp) -> Token {
    let request = Request::for_data(Policy::Gost512, signature, NONCE);
    let response = services.stamp(&request.to_der(), now, None).unwrap();
    request.accept(&response, signature).unwrap().0
}

fn ocsp_response(services: &Services, certificate: &Certificate, now: Timestamp) -> Vec<u8> {
    let issuer = services.nca().authority().into();
    let request = ocsp::Request::new(certificate.serial(), issuer, NONCE).unwrap();
    services.ocsp(&request.to_der(), now, None).unwrap()
}

#[test]
fn a_signature_is_judged_years_later_from_the_file_alone() {
    let nca = Arc::new(TestNca::seeded(golden_time(), 1).unwrap());
    let services = Services::new(Arc::clone(&nca), Arc::new(TestNca::seeded(golden_time(), 2).unwrap())).unwrap();
    let (person, head) = (nca.person().unwrap(), nca.head().unwrap());

    let der = sign(&*person.signer().unwrap(), Content::Attached(b"contract"), minutes(0)).unwrap();
    let first = stamp(&services, stamp_data(&der).unwrap()[0], minutes(1));
    let der = add_stamps(&der, &[(0, &first)]).unwrap();

    let der = add_signer(&der, &*head.signer().unwrap(), None, SameCertificate::Refuse, minutes(10)).unwrap();
    let report = verify(&der, None).unwrap();
    let unstamped = report.signers.iter().position(|signer| signer.stamps.is_empty()).unwrap();
    let second = stamp(&services, stamp_data(&der).unwrap()[unstamped], minutes(11));
    let der = add_stamps(&der, &[(unstamped, &second)]).unwrap();

    // The person's key is lost afterwards; what proves the signature is brought together after that.
    services.revoke(person.certificate.serial(), minutes(20), Reason::KeyCompromise);
    services.publish(minutes(25));
    let responses = [&person, &head].map(|issued| ocsp_response(&services, &issued.certificate, minutes(30)));
    let list = services.list().unwrap();
    let data = ValidationData {
        certificates: &[nca.authority().clone(), nca.root().clone()],
        ocsp_responses: &[&responses[0], &responses[1]],
        crls: &[&list],
    };
    let before = parts::signers(&der);
    let der = add_validation_data(&der, &data).unwrap();
    assert_eq!(parts::signers(&der), before);

    // Years later, with the root and nothing else.
    let mut anchors = Anchors::none();
    anchors.add_test(nca.root());
    let report = verify(&der, None).unwrap();
    assert!(report.is_good(), "{report:?}");
    let values = revocation_values(&der).unwrap();
    let answers: Vec<_> = values
        .ocsp_responses
        .iter()
        .map(|response| Answered { response: Response::from_der(response).unwrap(), nonce: None })
        .collect();
    let authority = nca.authority();
    let lists = [Crl::from_der(values.crls[0]).unwrap().verify(authority.into()).unwrap()];
    for signer in &report.signers {
        let certificate = signer.certificate.as_ref().unwrap();
        let path = find_path(certificate, &report.certificates, &anchors).unwrap();
        let stamped = signer.stamp_time().unwrap();
        assert_eq!(path.validity_at(stamped), pki::Validity::Current);
        assert_eq!(
            find_path(signer.stamps[0].authority().unwrap(), &report.certificates, &anchors)
                .unwrap()
                .certificates
                .len(),
            2
        );
        let is_person = *certificate == person.certificate;
        assert_eq!(stamped, minutes(if is_person { 1 } else { 11 }));
        assert_eq!(signer.signing_time, Some(minutes(if is_person { 0 } else { 10 })));
        for evidence in [Evidence { ocsp: &answers, lists: &[] }, Evidence { ocsp: &[], lists: &lists }] {
            let status = judge(certificate, authority.into(), &evidence, Freshness::at(minutes(31))).status;
            assert_eq!(matches!(status, Status::Revoked(_)), is_person, "{status:?}");
            assert_eq!(status.at(stamped), Status::Good);
        }
    }

    let Some(oracle) = Oracle::find() else { return };
    let file = oracle.write("contract.cms", &der);
    let mut arguments: Vec<OsString> = vec!["cms".into(), file.into(), "--json".into(), "--ca".into()];
    arguments.push(oracle.write("root.cer", nca.root().der()).into());
    let (_, report) = oracle.run(arguments);
    // The version is all it finds: see oracle.rs.
    let problems = report["problems"].as_array().unwrap();
    assert!(problems.len() == 1 && problems[0].to_string().contains("version is 5"), "{report:#}");
    let stamps =
        report["signers"].as_array().unwrap().iter().map(|signer| signer["timestamps"].as_array().unwrap().len());
    assert_eq!(stamps.collect::<Vec<_>>(), [1, 1]);
}
