//! The NCA's own lists, and what becomes of them when one octet is another.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{certificate, nca};
use nca_material::Oracle;
use pki::crl::{Crl, CrlError, CrlNumber, Entry};
use pki::locations::{Locations, may_fetch};
use pki::revocation::{Freshness, Reason, Revocation};
use pki::trust::Anchors;
use pki::{Certificate, Serial, Timestamp, VerifyError};

/// Certificates of the NCA's key files (kz-crypto 17.2): `gost512-individual-revoked`, `gost512-employee`,
/// `gost512-individual`.
const ON_HOLD: &str = "3acea55cbcdf38c861fb3f341854c53ec9ed6ecd";
const SUPERSEDED: &str = "130d7a4b878f28bf1b2b7a223bd7c03ce78c7481";
const VALID: &str = "6c425659bd2fc6dc587b871aede1857727cf8451";

fn serial(hex: &str) -> Serial {
    Serial::from_bytes(&hex::decode(hex).unwrap()).unwrap()
}

fn material() -> Option<(Vec<u8>, Certificate)> {
    let nca = nca()?;
    let list = std::fs::read(nca.join("crl/nca_gost2022_test.crl")).unwrap();
    Some((list, certificate(nca.join("ca/nca_gost2022_test.cer"))))
}

#[test]
fn the_ncas_list_is_verified_and_has_two_of_its_test_keys() {
    let Some((der, issuer)) = material() else { return };
    let list = Crl::from_der(&der).unwrap().verify((&issuer).into()).unwrap();
    assert_eq!((list.crl().number(), list.crl().base()), (Some(CrlNumber::from(166)), None));
    assert_eq!(list.crl().issuer(), issuer.subject());
    let revoked = |hex| match list.find(&serial(hex)).unwrap() {
        Some(Entry::Revoked(Revocation { since, reason, .. })) => Some((since.date().to_string(), reason)),
        None => None,
        Some(Entry::Removed) => panic!("a complete list takes nothing back"),
    };
    assert_eq!(revoked(ON_HOLD), Some(("08.05.2026".to_owned(), Some(Reason::CertificateHold))));
    assert_eq!(revoked(SUPERSEDED), Some(("02.06.2026".to_owned(), Some(Reason::Superseded))));
    assert_eq!(revoked(VALID), None);
    // The first entry and the last one.
    assert!(revoked("11878bbb2d0c22c0bb736d57935c80d54be605ff").is_some());
    assert!(revoked("2951545248a3c7bdf6ddb494335b4fc69e67128f").is_some());

    let made = Timestamp::from_utc(2026, 8, 11, 3, 49, 19).unwrap();
    let until = Timestamp::from_utc(2027, 2, 7, 3, 49, 19).unwrap();
    assert_eq!((list.crl().this_update(), list.crl().next_update()), (made, Some(until)));
    let at = |moment: Timestamp| list.is_fresh(&Freshness::at(moment));
    assert_eq!(at(made.plus_days(100)), Ok(()));
    assert_eq!(at(made.plus_seconds(-301)), Err(CrlError::FromTheFuture(made)));
    assert_eq!(at(until.plus_seconds(300)), Ok(()));
    assert_eq!(at(until.plus_seconds(301)), Err(CrlError::Stale(until)));
}

#[test]
fn a_list_is_its_own_authoritys_only() {
    let Some((der, issuer)) = material() else { return };
    let anchors = Anchors::production().with_nca_test();
    let mut found = 0;
    for anchor in anchors.iter() {
        let verified = Crl::from_der(&der).unwrap().verify(anchor.into());
        match anchor.name() == issuer.subject() {
            true => found += usize::from(verified.is_ok()),
            false => assert_eq!(verified.unwrap_err(), CrlError::Issuer),
        }
    }
    assert_eq!(found, 1);
}

#[test]
fn the_list_of_the_rsa_authority_reads() {
    let Some(nca) = nca() else { return };
    let der = std::fs::read(nca.join("crl/nca_rsa_test.crl")).unwrap();
    let list = Crl::from_der(&der).unwrap();
    assert_eq!(list.number(), Some(CrlNumber::from(9)));
    let gost = certificate(nca.join("ca/nca_gost_test_2019.crt"));
    assert_eq!(list.clone().verify((&gost).into()).unwrap_err(), CrlError::Issuer);
    let issuer = certificate(nca.join("ca/nca_rsa_test_2019.crt"));
    let list = match list.verify((&issuer).into()) {
        Ok(list) => list,
        // Where RSA cannot be computed, nothing is said either.
        Err(error) => return assert!(matches!(error, CrlError::Signature(VerifyError::Unsupported(_))), "{error}"),
    };
    let hold = list.find(&serial("474c38696d8677a2c8b6e40345a8b04168c0905c")).unwrap();
    let since = Timestamp::from_utc(2021, 4, 1, 6, 56, 52).unwrap();
    let reason = Some(Reason::CertificateHold);
    assert_eq!(hold, Some(Entry::Revoked(Revocation { since, invalid_since: None, reason })));
    // An entry without a reason.
    let silent = list.find(&serial("1f6de34f4f4bb353dd57ef15e4e6ddb8363f6d00")).unwrap();
    assert!(matches!(silent, Some(Entry::Revoked(Revocation { reason: None, .. }))));
}

#[test]
fn no_octet_of_a_list_can_be_another() {
    let Some((der, issuer)) = material() else { return };
    // The frame octet by octet, and of the entries every seventh octet.
    let places = (0..der.len()).filter(|place| *place < 300 || *place > der.len() - 250 || place % 7 == 0);
    for place in places {
        let mut spoiled = der.clone();
        spoiled[place] ^= 0x01;
        let verdict = Crl::from_der(&spoiled).and_then(|list| list.verify((&issuer).into()).map(|_| ()));
        assert!(verdict.is_err(), "octet {place} may be {:#04x}", spoiled[place]);
    }
    for end in (0..der.len()).step_by(11) {
        assert!(Crl::from_der(&der[..end]).is_err());
    }
}

#[test]
fn openssl_and_the_independent_verifier_find_the_same_entries() {
    let Some((der, issuer)) = material() else { return };
    let Some(oracle) = Oracle::find() else { return };
    let (file, ca) = (oracle.write("list.crl", &der), oracle.write("ca.cer", issuer.der()));
    let list = Crl::from_der(&der).unwrap().verify((&issuer).into()).unwrap();
    for (hex, listed) in [(ON_HOLD, true), (SUPERSEDED, true), (VALID, false)] {
        let arguments = ["crl".as_ref(), file.as_os_str(), "--ca".as_ref(), ca.as_os_str(), "--serial".as_ref()];
        let (code, report) = oracle.run(arguments.into_iter().chain([hex.as_ref()]));
        assert_eq!(code, 0, "{report:#}");
        assert_eq!(list.find(&serial(hex)).unwrap().is_some(), listed);
        assert_eq!(report["lookup"]["revoked"].as_bool(), Some(listed), "{report:#}");
    }
    let path = file.to_str().unwrap();
    let Some(output) = nca_material::openssl(["crl", "-inform", "DER", "-in", path, "-noout", "-text"]) else { return };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let serials: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("Serial Number: ")).collect();
    assert_eq!(serials.len(), 195);
    for hex in serials {
        assert!(matches!(list.find(&serial(hex)).unwrap(), Some(Entry::Revoked(_))), "{hex}");
    }
}

#[test]
fn the_places_in_the_ncas_certificates_are_its_own() {
    let Some(nca) = nca() else { return };
    // Two places in one URI, with a line break and "URL=" between them (kz-crypto 11).
    let authority = Locations::of(&certificate(nca.join("ca/prod_nca_gost_2015_2025.crt")));
    assert_eq!(authority.crl, ["http://crl.root.gov.kz/gost.crl", "http://crl1.root.gov.kz/gost.crl"]);
    assert_eq!(authority.ca_issuers, ["http://root.gov.kz/cert/root_gost.cer"]);
    let stamper = Locations::of(&certificate(nca.join("ca/prod_tsa_gost_2025_2028.cer")));
    assert_eq!(stamper.ocsp, ["http://ocsp.pki.gov.kz"]);
    assert_eq!(stamper.crl, ["http://crl.pki.gov.kz/nca_gost_2022.crl"]);
    assert_eq!(stamper.delta_crl, ["http://crl.pki.gov.kz/nca_d_gost_2022.crl"]);
    for file in std::fs::read_dir(nca.join("ca")).unwrap() {
        let named = Locations::of(&certificate(file.unwrap().path()));
        for place in [named.ocsp, named.ca_issuers, named.crl, named.delta_crl].concat() {
            assert!(may_fetch(&place), "{place}");
        }
    }
}
