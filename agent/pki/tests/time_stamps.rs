//! The NCA's own time stamps, and what becomes of them when one octet is another.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{certificate, nca};
use pki::cms::{SignedData, attributes};
use pki::trust::{Anchors, Environment};
use pki::tsp::{Request, Response, Stamped, Token, TspError};
use pki::{DigestAlgorithm, SignatureAlgorithm, Timestamp, oid};

const TOKEN: &str = "1.2.840.113549.1.9.16.2.14";

/// The time stamp in the first signature of a CMS, and what it is for: the signature value.
fn stamped(cms: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let signed_data = SignedData::from_der(cms).unwrap();
    let signer = &signed_data.signers[0];
    let unsigned = attributes(signer.unsigned_attributes.unwrap()).unwrap();
    let (_, _, values) = unsigned.iter().find(|(oid, ..)| oid.to_string() == TOKEN).unwrap();
    (values.children().read().unwrap().raw().to_vec(), signer.signature.to_vec())
}

fn production() -> Option<(Vec<u8>, Vec<u8>)> {
    let nca = nca()?;
    Some(stamped(&std::fs::read(nca.join("cms/gost512-attached-production-timestamp.der")).unwrap()))
}

#[test]
fn the_production_stamp_of_2026_is_read_verified_and_believed() {
    let Some(nca) = nca() else { return };
    for file in ["gost512-attached-production-timestamp.der", "gost512-detached-production-timestamp.der"] {
        let (der, signature) = stamped(&std::fs::read(nca.join("cms").join(file)).unwrap());
        let token = Token::from_der(&der).unwrap();
        assert_eq!(token.der(), der);
        let stamp = token.verify(&signature).unwrap();
        assert_eq!(stamp.time.date().to_string(), "20.07.2026");
        assert_eq!(stamp.policy, oid::TSA_GOST512);
        assert_eq!(stamp.imprint_algorithm, DigestAlgorithm::Streebog512);
        assert_eq!(stamp.signature_algorithm, SignatureAlgorithm::Gost512);
        assert_eq!((stamp.accuracy, stamp.nanoseconds), (None, 0));
        assert_eq!(stamp.nonce.as_deref().map(<[u8]>::len), Some(8));
        assert_eq!(stamp.authority, certificate(nca.join("ca/prod_tsa_gost_2025_2028.cer")));
        let anchors = Anchors::production();
        assert_eq!(stamp.path(&anchors).unwrap().anchor.environment(), Environment::Production);
        assert!(matches!(stamp.path(&Anchors::none()), Err(TspError::Chain(_))));
        assert_eq!(token.verify(b"another signature"), Err(TspError::Imprint));
    }
}

#[test]
fn a_stamp_whose_digest_does_not_match_its_key_is_good_all_the_same() {
    // SHA-1 imprint, GOST-2004 service (kz-crypto 12.2, 17.3). What was stamped is not known, only its digest.
    let Some(nca) = nca() else { return };
    let response = Response::from_der(&std::fs::read(nca.join("tsp/response.der")).unwrap()).unwrap();
    let token = response.into_token().unwrap();
    let digest = token.info().imprint.clone();
    let stamp = token.verify_with(Stamped::Digest(&digest), &[]).unwrap();
    assert_eq!(stamp.imprint_algorithm, DigestAlgorithm::Sha1);
    assert_eq!(stamp.policy, oid::TSA_GOST2004);
    assert_eq!(stamp.time, Timestamp::from_utc(2022, 9, 18, 13, 20, 14).unwrap());
    assert_eq!(stamp.serial.to_hex(), "5e846dd75d861154db10f13c54dc1f8d33fe6adc");
    assert_eq!(stamp.nonce.as_deref(), Some(&[0x01, 0x83, 0x50, 0xc0, 0x22, 0xd7][..]));
    let anchors = Anchors::none().with_nca_test();
    assert_eq!(stamp.path(&anchors).unwrap().anchor.label(), "ҰКО 3.0 (GOST TEST)");
    assert!(matches!(stamp.path(&Anchors::production()), Err(TspError::Chain(_))));
}

#[test]
fn an_answer_to_another_request_is_not_accepted() {
    let Some(nca) = nca() else { return };
    let response = std::fs::read(nca.join("tsp/response.der")).unwrap();
    let token = Response::from_der(&response).unwrap().into_token().unwrap();
    let imprint = token.info().imprint.clone();
    // The request that this was the answer to, though with its nonce in eight octets.
    let nonce = [0, 0, 0x01, 0x83, 0x50, 0xc0, 0x22, 0xd7];
    let request = |policy, hash, imprint: &[u8], nonce| Request::new(policy, hash, imprint, nonce).unwrap();
    let sha1 = DigestAlgorithm::Sha1;
    assert_eq!(request(oid::TSA_GOST2004, sha1, &imprint, nonce).is_answered_by(&token), Ok(()));
    let asked = request(oid::TSA_GOST512, sha1, &imprint, nonce).is_answered_by(&token);
    assert_eq!(asked, Err(TspError::Policy { asked: oid::TSA_GOST512, found: oid::TSA_GOST2004 }));
    assert_eq!(request(oid::TSA_GOST2004, sha1, &imprint, [7; 8]).is_answered_by(&token), Err(TspError::Nonce));
    assert_eq!(request(oid::TSA_GOST2004, sha1, &[0; 20], nonce).is_answered_by(&token), Err(TspError::Imprint));
    let other = request(oid::TSA_GOST2004, DigestAlgorithm::Gost34311, &[0; 32], nonce);
    assert_eq!(other.accept(&response, b"data"), Err(TspError::Imprint));
}

#[test]
fn no_octet_of_a_stamp_can_be_another() {
    let Some((der, signature)) = production() else { return };
    assert!(Token::from_der(&der).unwrap().verify(&signature).is_ok());
    for place in 0..der.len() {
        for flip in [0x01, 0x80] {
            let mut spoiled = der.clone();
            spoiled[place] ^= flip;
            let verdict = Token::from_der(&spoiled).and_then(|token| token.verify(&signature));
            assert!(verdict.is_err(), "octet {place} may be {:#04x}", spoiled[place]);
        }
    }
}

#[test]
fn no_octet_of_a_response_can_be_another_but_the_grant_with_modifications() {
    let Some(nca) = nca() else { return };
    let der = std::fs::read(nca.join("tsp/response.der")).unwrap();
    let digest = Response::from_der(&der).unwrap().into_token().unwrap().info().imprint.clone();
    let tolerated: Vec<usize> = (0..der.len())
        .filter(|place| {
            let mut spoiled = der.clone();
            spoiled[*place] ^= 0x01;
            let verified = Response::from_der(&spoiled)
                .and_then(Response::into_token)
                .and_then(|token| token.verify_with(Stamped::Digest(&digest), &[]));
            verified.is_ok()
        })
        .collect();
    // The value of the status: granted becomes grantedWithMods, and the request is held against the token in any case.
    assert_eq!(tolerated, [8]);
}

#[test]
fn a_certificate_for_other_purposes_stamps_nothing() {
    // A signed document is no time stamp, however good its signature is.
    let Some(nca) = nca() else { return };
    let cms = std::fs::read(nca.join("cms/gost512-attached-production-timestamp.der")).unwrap();
    assert!(matches!(Token::from_der(&cms), Err(TspError::ContentType(_))));
}

#[test]
fn the_end_may_come_anywhere() {
    let Some((der, _)) = production() else { return };
    for end in 0..der.len() {
        assert!(Token::from_der(&der[..end]).is_err());
        assert!(Response::from_der(&der[..end]).is_err());
        assert!(Request::from_der(&der[..end]).is_err());
    }
}
