//! Lists of the miniature NCA, right and wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{issuer, now, services};
use nca_material::Oracle;
use pki::crl::{Crl, CrlError, CrlNumber, Entry, Verified};
use pki::revocation::{Freshness, Reason, Revocation};
use pki::{Certificate, Serial, VerifyError, oid, tlv};
use tanba_test_nca::TestNca;
use tanba_test_nca::services::{List, Listed, Services};

fn serial(number: u8) -> Serial {
    Serial::from_bytes(&[0x10, number]).unwrap()
}

fn listed(number: u8, reason: Reason) -> Listed {
    Listed::new(&serial(number), now().plus_days(-1), reason)
}

fn sign(services: &Services, list: &List) -> Vec<u8> {
    list.sign(&*services.nca().authority_signer().unwrap()).unwrap()
}

fn verified<'a>(services: &Services, der: &'a [u8]) -> Verified<'a> {
    Crl::from_der(der).unwrap().verify(issuer(services)).unwrap()
}

#[test]
fn the_register_comes_out_as_a_list_and_its_changes() {
    let services = services();
    let [first, second] = [1, 2].map(serial);
    services.revoke(&first, now(), Reason::CertificateHold);
    let (empty, changes) = (services.list().unwrap(), services.delta(now()).unwrap());
    let (empty, changes) = (verified(&services, &empty), verified(&services, &changes));
    assert_eq!((empty.find(&first), empty.crl().number()), (Ok(None), Some(CrlNumber::from(1))));
    assert!(matches!(changes.find(&first), Ok(Some(Entry::Revoked(_)))));
    assert_eq!((changes.crl().number(), changes.crl().base()), (Some(2.into()), Some(1.into())));
    assert_eq!(empty.is_continued_by(&changes), Ok(()));

    services.publish(now());
    services.release(&first);
    services.revoke(&second, now(), Reason::KeyCompromise);
    let (complete, newer) = (services.list().unwrap(), services.delta(now()).unwrap());
    let (complete, newer) = (verified(&services, &complete), verified(&services, &newer));
    assert!(matches!(complete.find(&first), Ok(Some(Entry::Revoked(_)))));
    assert_eq!(newer.find(&first), Ok(Some(Entry::Removed)));
    assert!(matches!(newer.find(&second), Ok(Some(Entry::Revoked(_)))));
    // Changes are changes to their own list, and old changes are none.
    assert_eq!(empty.is_continued_by(&newer), Err(CrlError::Base { base: 3.into() }));
    assert_eq!(complete.is_continued_by(&changes), Err(CrlError::Base { base: 1.into() }));
    assert_eq!(complete.is_continued_by(&newer), Ok(()));
}

#[test]
fn an_entry_tells_since_when_and_why() {
    let services = services();
    let mut compromised = listed(1, Reason::KeyCompromise);
    compromised.invalid_since = Some(now().plus_days(-9));
    let silent = Listed { reason: None, ..listed(2, Reason::Unspecified) };
    let list = sign(&services, &List::complete(7, now(), vec![compromised, silent]));
    let list = verified(&services, &list);
    let Ok(Some(Entry::Revoked(found))) = list.find(&serial(1)) else { panic!("not found") };
    assert_eq!(
        found,
        Revocation {
            since: now().plus_days(-1),
            invalid_since: Some(now().plus_days(-9)),
            reason: Some(Reason::KeyCompromise)
        }
    );
    assert!(found.counts_at(now().plus_days(-9)) && !found.counts_at(now().plus_days(-10)));
    let Ok(Some(Entry::Revoked(found))) = list.find(&serial(2)) else { panic!("not found") };
    assert_eq!((found.reason, found.counts_at(now().plus_days(-2))), (None, false));
    // A number is not found by a part of it.
    assert_eq!(list.find(&Serial::from_bytes(&[0x10]).unwrap()), Ok(None));
}

#[test]
fn only_changes_take_a_revocation_back() {
    let services = services();
    let entries = vec![listed(1, Reason::RemoveFromCrl)];
    let complete = sign(&services, &List::complete(7, now(), entries.clone()));
    assert_eq!(verified(&services, &complete).find(&serial(1)), Err(CrlError::Removal));
    let delta = sign(&services, &List::delta(8, 7, now(), entries.clone()));
    assert_eq!(verified(&services, &delta).find(&serial(1)), Ok(Some(Entry::Removed)));
    // Where an entry stands twice, the revocation counts, in either order.
    let twice = [entries, vec![listed(1, Reason::Superseded)]].concat();
    for entries in [twice.clone(), twice.into_iter().rev().collect()] {
        let delta = sign(&services, &List::delta(8, 7, now(), entries));
        assert!(matches!(verified(&services, &delta).find(&serial(1)), Ok(Some(Entry::Revoked(_)))));
    }
}

/// `[number] IMPLICIT BOOLEAN TRUE`, or another primitive field, in an issuingDistributionPoint.
fn scope(fields: &[&[u8]]) -> Option<Vec<u8>> {
    Some(tlv::element(tlv::SEQUENCE, fields))
}

#[test]
fn a_list_is_about_what_it_says_it_is_about() {
    let services = services();
    let person = services.nca().person().unwrap().certificate;
    let place = |url: &str| {
        let name = tlv::element(tlv::context(0), &[&tlv::element(tlv::context_primitive(6), &[url.as_bytes()])]);
        tlv::element(tlv::context(0), &[&name])
    };
    let covers = |scope: Option<Vec<u8>>, certificate: &Certificate| {
        let list = sign(&services, &List { scope, ..List::complete(7, now(), Vec::new()) });
        let list = verified(&services, &list);
        (list.covers(certificate), list.is_about_all_reasons())
    };
    assert_eq!(covers(None, &person), (true, true));
    assert_eq!(covers(scope(&[&[0x81, 1, 0xff]]), &person), (true, true));
    assert_eq!(covers(scope(&[&[0x82, 1, 0xff]]), &person), (false, true));
    assert_eq!(covers(scope(&[&[0x83, 2, 1, 0x60]]), &person), (true, false));
    assert_eq!(covers(scope(&[&place("http://test-nca.invalid/crl/nca.crl")]), &person), (true, true));
    assert_eq!(covers(scope(&[&place("http://test-nca.invalid/crl/other.crl")]), &person), (false, true));
    // Another issuer's certificate.
    assert_eq!(covers(None, services.nca().authority()), (false, true));

    for foreign in [[0x84, 1, 0xff], [0x85, 1, 0xff]] {
        let list = sign(&services, &List { scope: scope(&[&foreign]), ..List::complete(7, now(), Vec::new()) });
        assert_eq!(Crl::from_der(&list).unwrap_err(), CrlError::Foreign);
    }
}

#[test]
fn an_unknown_critical_extension_makes_the_whole_list_unusable() {
    let services = services();
    let critical = |oid: &pki::ObjectIdentifier, flag: &[u8]| {
        tlv::element(tlv::SEQUENCE, &[&tlv::oid(oid), flag, &tlv::element(tlv::OCTET_STRING, &[&[5, 0]])])
    };
    let further = critical(&oid::KEY_STORAGE, &[tlv::BOOLEAN, 1, 0xff]);
    let list = sign(&services, &List { further: further.clone(), ..List::complete(7, now(), Vec::new()) });
    assert_eq!(Crl::from_der(&list).unwrap_err(), CrlError::UnknownCritical(oid::KEY_STORAGE));

    // Also in an entry about somebody else.
    let entries = vec![listed(1, Reason::Superseded), Listed { further, ..listed(2, Reason::Superseded) }];
    let list = sign(&services, &List::complete(7, now(), entries));
    assert_eq!(verified(&services, &list).find(&serial(1)), Err(CrlError::UnknownCritical(oid::KEY_STORAGE)));
    let entries = vec![Listed { further: critical(&oid::KEY_STORAGE, &[]), ..listed(2, Reason::Superseded) }];
    let list = sign(&services, &List::complete(7, now(), entries));
    assert_eq!(verified(&services, &list).find(&serial(1)), Ok(None));
}

#[test]
fn a_list_of_somebody_else_is_refused() {
    let services = services();
    let list = List::complete(7, now(), vec![listed(1, Reason::Superseded)]);
    // Of the same name, and with another key.
    let stranger = TestNca::seeded(now(), 5).unwrap();
    let theirs = list.sign(&*stranger.authority_signer().unwrap()).unwrap();
    assert_eq!(Crl::from_der(&theirs).unwrap().verify(issuer(&services)).unwrap_err(), CrlError::Issuer);
    // Even when it has the right key identifier.
    let mut theirs = theirs;
    let identifier = stranger.authority().subject_key_identifier().unwrap();
    let place = theirs.windows(20).position(|window| window == identifier).unwrap();
    theirs[place..place + 20].copy_from_slice(services.nca().authority().subject_key_identifier().unwrap());
    let refused = Crl::from_der(&theirs).unwrap().verify(issuer(&services)).unwrap_err();
    assert_eq!(refused, CrlError::Signature(VerifyError::Mismatch));
    // A person may not sign lists, whoever issued their certificate.
    let person = services.nca().person().unwrap();
    let theirs = list.sign(&*person.signer().unwrap()).unwrap();
    let refused = Crl::from_der(&theirs).unwrap().verify((&person.certificate).into()).unwrap_err();
    assert_eq!(refused, CrlError::Purpose);
}

#[test]
fn a_list_without_an_end_is_never_fresh() {
    let services = services();
    let list = sign(&services, &List { next_update: None, ..List::complete(7, now(), Vec::new()) });
    assert_eq!(verified(&services, &list).is_fresh(&Freshness::at(now())), Err(CrlError::NoNextUpdate));
}

#[test]
fn the_independent_verifier_and_openssl_read_the_lists() {
    let services = services();
    services.revoke(&serial(1), now(), Reason::CertificateHold);
    services.publish(now());
    services.release(&serial(1));
    services.revoke(&serial(2), now(), Reason::KeyCompromise);
    let Some(oracle) = Oracle::find() else { return };
    let ca = oracle.write("ca.cer", services.nca().authority().der());
    for (name, der, revoked) in
        [("complete.crl", services.list().unwrap(), "1001"), ("delta.crl", services.delta(now()).unwrap(), "1002")]
    {
        let list = oracle.write(name, &der);
        let arguments = ["crl".as_ref(), list.as_os_str(), "--ca".as_ref(), ca.as_os_str(), "--serial".as_ref()];
        let (code, report) = oracle.run(arguments.into_iter().chain([revoked.as_ref()]));
        assert_eq!((code, report["lookup"]["revoked"].as_bool()), (0, Some(true)), "{report:#}");
        let arguments = ["crl", "-inform", "DER", "-in", list.to_str().unwrap(), "-noout", "-text"];
        let Some(output) = nca_material::openssl(arguments) else { return };
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&format!("Serial Number: {revoked}")), "{text}");
        let is_delta = text.contains("Delta CRL Indicator: critical") && text.contains("Remove From CRL");
        assert_eq!(is_delta, name == "delta.crl", "{text}");
    }
}
