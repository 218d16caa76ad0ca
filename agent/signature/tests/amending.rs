//! What is added to a CMS, and what stays as it was: byte for byte what others make of the same.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Recorded, golden, golden_time, parts, person, shared};
use nca_material::fixture;
use pki::request::message::PKI_DATA;
use pki::tsp::{Token, TspError};
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, Timestamp, VerifyError, oid, tlv};
use proptest::prelude::*;
use signature::cms::amend::{
    AmendError, SameCertificate, ValidationData, add_signer, add_stamps, add_validation_data, revocation_values,
    stamp_data,
};
use signature::cms::stream::verify_stream;
use signature::cms::{
    Check, CmsError, Content, ContentDigests, DecodeError, External, Problem, Remark, Report, SignError, TextForm,
    decode_any, digest_algorithms, encode, sign, sign_as, verify,
};

const STAMP: &str = "1.2.840.113549.1.9.16.2.14";

fn token(name: &str) -> Token {
    Token::from_der(&golden(name)).unwrap()
}

/// The two signers of two-signers.der, each with the signature that stands there.
fn recorded(der: &[u8]) -> Vec<Recorded> {
    let report = verify(der, None).unwrap();
    let signatures = stamp_data(der).unwrap();
    let one = |(signer, signature): (&signature::cms::SignerReport, &&[u8])| Recorded {
        certificate: signer.certificate.clone().unwrap(),
        algorithm: signer.signature_algorithm,
        signature: signature.to_vec(),
    };
    report.signers.iter().zip(&signatures).map(one).collect()
}

/// The CMS as it was before all signers but one came.
fn alone(der: &[u8], index: usize) -> Vec<u8> {
    let report = verify(der, None).unwrap();
    let signer = &report.signers[index];
    let mut fields = parts::fields(der);
    fields[1] = tlv::element(tlv::SET, &[&tlv::algorithm_null(&signer.digest_algorithm_oid)]);
    fields[3] = tlv::element(tlv::context(0), &[signer.certificate.as_ref().unwrap().der()]);
    fields[4] = tlv::element(tlv::SET, &[&parts::signers(der)[index]]);
    parts::cms(&fields)
}

#[test]
fn the_independent_program_makes_the_same_bytes_of_two_signers() {
    let both = golden("two-signers.der");
    let signers = recorded(&both);
    for (first, second) in [(0, 1), (1, 0)] {
        let one = alone(&both, first);
        assert!(verify(&one, None).unwrap().is_good());
        let added = add_signer(&one, &signers[second], None, SameCertificate::Refuse, golden_time()).unwrap();
        assert_eq!(added, both);
    }
}

#[test]
fn a_signer_is_added_and_everything_else_stays() {
    let (nca, person) = person();
    let (head, employee) = (nca.head().unwrap(), nca.employee().unwrap());
    let document = golden("document.txt");
    for (name, external) in [
        ("attached.der", None),
        ("detached.der", Some(External::Content(&document))),
        ("stamped.der", None),
        ("gost2004.der", None),
        ("with-chain.der", None),
        ("by-key-identifier.der", None),
        ("without-attributes.der", None),
    ] {
        let mut der = golden(name);
        for issued in [&person, &head, &employee] {
            let before = der.clone();
            let signer = issued.signer().unwrap();
            der = add_signer(&der, &*signer, external, SameCertificate::Refuse, nca.now()).unwrap();
            assert!(verify(&der, external).unwrap().is_good(), "{name}");
            let (old, new) = (parts::fields(&before), parts::fields(&der));
            assert_eq!((&old[0], &old[2]), (&new[0], &new[2]), "{name}: version and content");
            assert!(parts::signers(&before).iter().all(|signer| parts::signers(&der).contains(signer)), "{name}");
            assert_eq!(parts::signers(&der).len(), parts::signers(&before).len() + 1);
            assert!(parts::elements(&old[3]).iter().all(|certificate| parts::elements(&new[3]).contains(certificate)));
            assert!(parts::elements(&new[3]).contains(&issued.certificate.der().to_vec()));
            assert!(parts::signers(&der).is_sorted() && parts::elements(&new[3]).is_sorted(), "{name}: order of DER");
            assert!(parts::elements(&new[1]).is_sorted());
        }
        // Three of one algorithm announce it once.
        let announced = parts::elements(&parts::fields(&der)[1]);
        assert_eq!(announced.len(), if name == "gost2004.der" { 2 } else { 1 }, "{name}");
    }
}

#[test]
fn a_time_stamp_of_the_signer_before_is_kept() {
    let (nca, person) = person();
    let der = add_signer(&golden("stamped.der"), &*person.signer().unwrap(), None, SameCertificate::Refuse, nca.now());
    let report = verify(&der.unwrap(), None).unwrap();
    let stamped: Vec<_> = report.signers.iter().filter(|signer| signer.stamp_time().is_some()).collect();
    assert_eq!(stamped.len(), 1);
    assert_ne!(stamped[0].certificate.as_ref(), Some(&person.certificate));
}

#[test]
fn the_ncas_files_can_be_signed_once_more() {
    let Some(attached) = fixture("cms/gost512-attached-production-timestamp.der") else { return };
    let detached = fixture("cms/gost512-detached-production-timestamp.der").unwrap();
    let document = fixture("cms/gost512-document.txt").unwrap();
    let old = decode_any(&fixture("cms/gost2004.cms").unwrap()).unwrap();
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    for (der, external) in [(attached, None), (detached, Some(External::Content(&document))), (old, None)] {
        let added = add_signer(&der, &*signer, external, SameCertificate::Refuse, nca.now()).unwrap();
        let report = verify(&added, external).unwrap();
        assert!(report.is_good(), "{report:?}");
        assert_eq!(report.signers.len(), 2);
        assert!(parts::signers(&added).contains(&parts::signers(&der)[0]));
    }
}

#[test]
fn digests_of_a_content_that_went_by_are_enough_if_there_is_one_by_the_new_algorithm() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let document = golden("document.txt");
    // A detached one of 2004, so that the algorithms differ.
    let mut fields = parts::fields(&golden("gost2004.der"));
    fields[2] = tlv::element(tlv::SEQUENCE, &[&parts::elements(&fields[2])[0]]);
    let der = parts::cms(&fields);
    let theirs = digest_algorithms(&der).unwrap();
    assert_eq!(theirs, [DigestAlgorithm::Gost34311]);
    let ours = signer.algorithm().digest_algorithm().unwrap();
    let add = |external| add_signer(&der, &*signer, Some(external), SameCertificate::Refuse, nca.now());

    let both = ContentDigests::read(&mut document.as_slice(), &[theirs[0], ours]).unwrap();
    let added = add(External::Digests(&both)).unwrap();
    assert!(verify(&added, Some(External::Content(&document))).unwrap().is_good());
    let one = ContentDigests::read(&mut document.as_slice(), &theirs).unwrap();
    assert_eq!(add(External::Digests(&one)), Err(AmendError::DigestMissing(ours)));
    assert_eq!(add(External::Digest(one.get(theirs[0]).unwrap())), Err(AmendError::DigestMissing(ours)));

    // The one digest of a page does where all use its algorithm.
    let digest = ours.digest(&document);
    let der = golden("detached.der");
    let digest = Some(External::Digest(&digest));
    let added = add_signer(&der, &*signer, digest, SameCertificate::Refuse, nca.now()).unwrap();
    assert!(verify(&added, Some(External::Content(&document))).unwrap().is_good());
}

#[test]
fn nothing_is_added_to_what_does_not_verify() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let add = |der: &[u8], external| add_signer(der, &*signer, external, SameCertificate::Refuse, nca.now());
    let mut spoiled = golden("attached.der");
    *spoiled.last_mut().unwrap() ^= 1;
    let mismatch = Problem::Signature(VerifyError::Mismatch);
    assert_eq!(add(&spoiled, None), Err(AmendError::NotGood(mismatch)));
    assert_eq!(add(&golden("detached.der"), None), Err(AmendError::NotGood(Problem::ContentMissing)));
    let other = Some(External::Content(b"other".as_slice()));
    assert_eq!(add(&golden("detached.der"), other), Err(AmendError::NotGood(Problem::DigestMismatch)));
    assert_eq!(add(&golden("attached.der"), other), Err(AmendError::NotGood(Problem::ContentDiffers)));
    let other = golden("ess-of-another.der");
    assert_eq!(add(&other, None), Err(AmendError::NotGood(Problem::SigningCertificateMismatch)));
    let nobody = parts::with_signers(&golden("attached.der"), &[]);
    assert_eq!(add(&nobody, None), Err(AmendError::NotGood(Problem::NoSigner)));
    assert!(matches!(add(b"no CMS", None), Err(AmendError::Cms(CmsError::Der(_)))));
}

#[test]
fn nobody_adds_a_signature_to_what_is_no_document() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let der = sign_as(PKI_DATA, &*signer, Content::Attached(b"a request"), nca.now()).unwrap();
    let added = add_signer(&der, &*signer, None, SameCertificate::Allow, nca.now());
    assert_eq!(added, Err(AmendError::NoDocument(PKI_DATA)));
}

#[test]
fn the_same_certificate_signs_twice_only_when_that_is_wanted() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let der = sign(&*signer, Content::Attached(b"text"), nca.now()).unwrap();
    let add = |same| add_signer(&der, &*signer, None, same, nca.now());
    assert_eq!(add(SameCertificate::Refuse), Err(AmendError::AlreadySigned(0)));
    let twice = add(SameCertificate::Allow).unwrap();
    let report = verify(&twice, None).unwrap();
    assert!(report.is_good());
    assert_eq!((report.signers.len(), report.certificates.len()), (2, 1));
}

#[test]
fn a_signature_that_does_not_verify_is_not_added() {
    let (nca, person) = person();
    let good = person.signer().unwrap();
    let mut signature = good.sign_digest(&[7; 64]).unwrap();
    signature[5] ^= 1;
    let faulty =
        Recorded { certificate: person.certificate.clone(), algorithm: SignatureAlgorithm::Gost512, signature };
    let added = add_signer(&golden("attached.der"), &faulty, None, SameCertificate::Refuse, nca.now());
    let mismatch = Problem::Signature(VerifyError::Mismatch);
    assert_eq!(added, Err(AmendError::Sign(SignError::SelfCheck(mismatch))));
}

#[test]
fn a_full_file_takes_no_more_signers() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let signers = parts::signers(&golden("attached.der"));
    let full = parts::with_signers(&golden("attached.der"), &vec![signers[0].clone(); 64]);
    let added = add_signer(&full, &*signer, None, SameCertificate::Refuse, nca.now());
    assert_eq!(added, Err(AmendError::Cms(CmsError::TooMany("signers"))));
}

#[test]
fn the_independent_program_makes_the_same_bytes_of_a_time_stamp() {
    let der = golden("attached.der");
    assert_eq!(add_stamps(&der, &[(0, &token("attached.stamp"))]).unwrap(), golden("stamped.der"));
}

#[test]
fn kalkans_time_stamp_goes_back_to_where_it_was() {
    for name in ["gost512-attached-production-timestamp.der", "gost512-detached-production-timestamp.der"] {
        let Some(theirs) = fixture(&format!("cms/{name}")) else { return };
        let (signer, unsigned) = parts::without_unsigned(&parts::signers(&theirs)[0]);
        assert_eq!(unsigned.len(), 1);
        let token = Token::from_der(&parts::elements(&parts::elements(&unsigned[0])[1])[0]).unwrap();
        let before = parts::with_signers(&theirs, &[signer]);
        assert_eq!(verify(&before, None).unwrap().signers[0].stamps, []);
        assert_eq!(add_stamps(&before, &[(0, &token)]).unwrap(), theirs, "{name}");
    }
}

#[test]
fn a_report_tells_what_the_time_stamp_says() {
    let report = verify(&golden("stamped.der"), None).unwrap();
    assert!(report.is_good());
    let signer = &report.signers[0];
    let [stamp] = &signer.stamps[..] else { panic!("one stamp") };
    assert!(stamp.is_good() && stamp.problem().is_none());
    let time = Timestamp::from_utc(2026, 11, 23, 9, 30, 5).unwrap();
    assert_eq!((stamp.time(), signer.stamp_time()), (Some(time), Some(time)));
    assert_eq!(stamp.authority(), Some(&Certificate::from_der(&golden("tsa.cer")).unwrap()));
    assert_eq!(stamp.verdict.as_ref().unwrap().policy, oid::TSA_GOST512);
    assert!(signer.remarks.is_empty());

    let Some(shared) = shared() else { return };
    let theirs = fixture("cms/gost512-attached-production-timestamp.der").unwrap();
    let report = verify(&theirs, None).unwrap();
    let stamp = &report.signers[0].stamps[0];
    assert_eq!(stamp.time().unwrap().date().to_string(), "20.07.2026");
    let tsa = std::fs::read(shared.join("fixtures/nca/ca/prod_tsa_gost_2025_2028.cer")).unwrap();
    assert_eq!(stamp.authority(), Some(&Certificate::from_der(&tsa).unwrap()));
    assert!(stamp.verdict.as_ref().unwrap().path(&pki::trust::Anchors::production()).is_ok());
}

#[test]
fn several_signers_and_several_stamps_are_kept_apart() {
    let both = golden("two-signers.der");
    let stamps = [token("two-signers-0.stamp"), token("two-signers-1.stamp")];
    let one = add_stamps(&both, &[(1, &stamps[1])]).unwrap();
    let all = add_stamps(&both, &[(1, &stamps[1]), (0, &stamps[0])]).unwrap();
    for (der, expected) in [(&one, 1), (&all, 2)] {
        let report = verify(der, None).unwrap();
        assert!(report.is_good());
        assert_eq!(report.signers.iter().filter(|signer| signer.stamp_time().is_some()).count(), expected);
        // Nothing but unsigned attributes and places changed.
        let (old, new) = (parts::fields(&both), parts::fields(der));
        assert_eq!(old[..4], new[..4]);
        let mut bare: Vec<_> = parts::signers(der).iter().map(|signer| parts::without_unsigned(signer).0).collect();
        bare.sort();
        assert_eq!(bare, parts::signers(&both));
        assert!(parts::signers(der).is_sorted());
    }
    // A second stamp of one signature stands beside the first.
    let twice = add_stamps(&golden("stamped.der"), &[(0, &token("attached-second.stamp"))]).unwrap();
    let signer = verify(&twice, None).unwrap().signers.remove(0);
    assert_eq!(signer.stamps.iter().filter(|stamp| stamp.is_good()).count(), 2);
    let (bare, attributes) = parts::without_unsigned(&parts::signers(&twice)[0]);
    assert_eq!(bare, parts::signers(&golden("attached.der"))[0]);
    assert!(attributes.len() == 2 && attributes.is_sorted());
    assert_eq!(parts::without_unsigned(&parts::signers(&golden("stamped.der"))[0]).1[0], {
        let first = golden("attached.stamp");
        attributes.iter().find(|attribute| attribute.ends_with(&first)).unwrap().clone()
    });
    // The same once more changes nothing.
    assert_eq!(add_stamps(&golden("stamped.der"), &[(0, &token("attached.stamp"))]).unwrap(), golden("stamped.der"));
}

#[test]
fn a_time_stamp_of_something_else_is_not_added() {
    let der = golden("attached.der");
    let other = token("two-signers-0.stamp");
    let refused = AmendError::Stamp { signer: 0, error: TspError::Imprint };
    assert_eq!(add_stamps(&der, &[(0, &other)]), Err(refused));
    assert_eq!(add_stamps(&der, &[(1, &other)]), Err(AmendError::NoSuchSigner(1)));
    // A token whose own signature is spoiled.
    let mut spoiled = golden("attached.stamp");
    *spoiled.last_mut().unwrap() ^= 1;
    let spoiled = Token::from_der(&spoiled).unwrap();
    let error = TspError::Signature(VerifyError::Mismatch);
    assert_eq!(add_stamps(&der, &[(0, &spoiled)]), Err(AmendError::Stamp { signer: 0, error }));
}

#[test]
fn a_bad_time_stamp_is_reported_and_leaves_the_signature_as_good_as_it_is() {
    let der_with = |values: &[&[u8]]| {
        let (signer, _) = parts::without_unsigned(&parts::signers(&golden("attached.der"))[0]);
        let oid = tlv::oid(&pki::ObjectIdentifier::new_unwrap(STAMP));
        let attribute = tlv::element(tlv::SEQUENCE, &[&oid, &tlv::element(tlv::SET, values)]);
        let mut fields = parts::elements(&signer);
        fields.push(tlv::element(tlv::context(1), &[&attribute]));
        parts::with_signers(&golden("attached.der"), &[tlv::element(tlv::SEQUENCE, &[&fields.concat()])])
    };
    let with = |values: &[&[u8]]| {
        let report = verify(&der_with(values), None).unwrap();
        assert!(report.is_good());
        report.signers.into_iter().next().unwrap()
    };
    let other = golden("two-signers-0.stamp");
    let signer = with(&[&other]);
    assert_eq!(signer.stamps[0].problem(), Some(&TspError::Imprint));
    // What it states can be told all the same.
    assert_eq!(signer.stamps[0].stated.as_ref().unwrap().serial.to_decimal(), "3");
    assert_eq!(signer.stamp_time(), None);
    let signer = with(&[&[tlv::NULL, 0]]);
    assert!(matches!(signer.stamps[0].problem(), Some(TspError::Cms(_) | TspError::Der(_))));
    assert_eq!(signer.stamps[0].stated, None);
    assert!(with(&[]).stamps.is_empty());
    // Whoever signs as well does not vouch for it.
    let (nca, person) = person();
    let bad = add_signer(
        &der_with(&[&[0x30, 0x84, 1]]),
        &*person.signer().unwrap(),
        None,
        SameCertificate::Refuse,
        nca.now(),
    );
    assert!(verify(&bad.unwrap(), None).unwrap().is_good());
    // Several values in one attribute.
    let signer = with(&[&golden("attached.stamp"), &other]);
    assert_eq!(signer.stamps.iter().map(|stamp| stamp.is_good()).collect::<Vec<_>>(), [true, false]);
    // Bytes that are no elements.
    let signer = with(&[&golden("attached.stamp"), &[0x30, 0x84, 1, 1, 1, 1]]);
    assert_eq!(signer.stamps.iter().map(|stamp| stamp.is_good()).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_signing_time_after_the_time_stamp_is_remarked() {
    let stamped = add_stamps(&golden("year-2050.der"), &[(0, &token("year-2050.stamp"))]).unwrap();
    let report = verify(&stamped, None).unwrap();
    assert!(report.is_good());
    assert_eq!(report.signers[0].remarks, [Remark::SigningTimeAfterStamp]);
    // A stamp of another signature says nothing about this one.
    let (signer, _) = parts::without_unsigned(&parts::signers(&golden("year-2050.der"))[0]);
    let unsigned = parts::elements(&parts::signers(&golden("stamped.der"))[0]).pop().unwrap();
    let signer = tlv::element(tlv::SEQUENCE, &[&parts::elements(&signer).concat(), &unsigned]);
    let report = verify(&parts::with_signers(&golden("year-2050.der"), &[signer]), None).unwrap();
    assert_eq!(report.signers[0].stamps[0].problem(), Some(&TspError::Imprint));
    assert!(report.signers[0].remarks.is_empty());
}

#[test]
fn unknown_unsigned_attributes_are_kept_and_remarked() {
    let unknown = pki::ObjectIdentifier::new_unwrap("1.2.3.4.5");
    let attribute = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&unknown), &[tlv::SET, 2, tlv::NULL, 0]]);
    let mut signer = parts::elements(&parts::signers(&golden("attached.der"))[0]);
    signer.push(tlv::element(tlv::context(1), &[&attribute]));
    let der = parts::with_signers(&golden("attached.der"), &[tlv::element(tlv::SEQUENCE, &[&signer.concat()])]);
    let report = verify(&der, None).unwrap();
    assert!(report.is_good());
    assert_eq!(report.signers[0].remarks, [Remark::UnknownUnsignedAttribute(unknown)]);
    let stamped = add_stamps(&der, &[(0, &token("attached.stamp"))]).unwrap();
    assert!(parts::without_unsigned(&parts::signers(&stamped)[0]).1.contains(&attribute));
    assert!(verify(&stamped, None).unwrap().signers[0].stamp_time().is_some());
}

#[test]
fn more_time_stamps_than_anyone_needs_are_refused() {
    let oid = tlv::oid(&pki::ObjectIdentifier::new_unwrap(STAMP));
    let values = vec![[tlv::NULL, 0].as_slice(); 65];
    let attribute = tlv::element(tlv::SEQUENCE, &[&oid, &tlv::element(tlv::SET, &values)]);
    let mut signer = parts::elements(&parts::signers(&golden("attached.der"))[0]);
    signer.push(tlv::element(tlv::context(1), &[&attribute]));
    let der = parts::with_signers(&golden("attached.der"), &[tlv::element(tlv::SEQUENCE, &[&signer.concat()])]);
    assert_eq!(verify(&der, None), Err(CmsError::TooMany("time stamps")));
}

#[test]
fn nothing_is_added_under_an_archive_time_stamp() {
    let archive = pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.48");
    let attribute = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&archive), &[tlv::SET, 2, tlv::NULL, 0]]);
    let mut signer = parts::elements(&parts::signers(&golden("attached.der"))[0]);
    signer.push(tlv::element(tlv::context(1), &[&attribute]));
    let der = parts::with_signers(&golden("attached.der"), &[tlv::element(tlv::SEQUENCE, &[&signer.concat()])]);
    let (nca, person) = person();
    let person = person.signer().unwrap();
    let archived = Err(AmendError::Archived);
    assert_eq!(add_signer(&der, &*person, None, SameCertificate::Refuse, nca.now()), archived);
    assert_eq!(add_stamps(&der, &[(0, &token("attached.stamp"))]), archived);
    assert_eq!(add_validation_data(&der, &ValidationData::default()), archived);
}

/// An OCSPResponse, as far as its outside goes.
fn response(status: u8, inside: &[u8]) -> Vec<u8> {
    let basic = tlv::oid(&pki::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1"));
    let bytes = tlv::element(tlv::SEQUENCE, &[&basic, &tlv::element(tlv::OCTET_STRING, &[inside])]);
    tlv::element(tlv::SEQUENCE, &[&[0x0a, 1, status], &tlv::element(tlv::context(0), &[&bytes])])
}

fn crl() -> Vec<u8> {
    let signed = tlv::element(tlv::SEQUENCE, &[&[tlv::NULL, 0]]);
    tlv::element(tlv::SEQUENCE, &[&signed, &tlv::algorithm_null(&oid::GOST512_SIGNATURE), &[tlv::BIT_STRING, 1, 0]])
}

#[test]
fn validation_data_is_put_beside_the_signatures_and_read_back() {
    let [ca, tsa] = ["ca.cer", "tsa.cer"].map(|name| Certificate::from_der(&golden(name)).unwrap());
    let certificates = [ca, tsa];
    let (ocsp, crl) = (response(0, &[tlv::SEQUENCE, 0]), crl());
    for name in ["stamped.der", "two-signers.der", "by-key-identifier.der", "with-chain.der"] {
        let der = golden(name);
        let before = verify(&der, None).unwrap();
        let data = ValidationData { certificates: &certificates, ocsp_responses: &[&ocsp], crls: &[&crl] };
        let added = add_validation_data(&der, &data).unwrap();
        let after = verify(&added, None).unwrap();
        assert!(after.is_good(), "{name}: {after:?}");
        assert_eq!(after.signers, before.signers, "{name}");
        assert!(certificates.iter().all(|certificate| after.certificates.contains(certificate)), "{name}");
        let values = revocation_values(&added).unwrap();
        assert_eq!(
            (values.crls, values.ocsp_responses.as_slice()),
            (vec![crl.as_slice()], &[ocsp.as_slice().into()][..])
        );
        let (old, new) = (parts::fields(&der), parts::fields(&added));
        assert_eq!((&old[1..3], old.last()), (&new[1..3], new.last()), "{name}");
        assert_eq!(new[0], [tlv::INTEGER, 1, 5], "RFC 5652 §5.1");
        // Again it changes nothing.
        assert_eq!(add_validation_data(&added, &data).unwrap(), added, "{name}");

        // CRLs and certificates alone leave the version.
        let data = ValidationData { ocsp_responses: &[], ..data };
        let added = add_validation_data(&der, &data).unwrap();
        assert_eq!(parts::fields(&added)[0], old[0], "{name}");
        assert!(verify(&added, None).unwrap().is_good(), "{name}");
    }
    assert_eq!(add_validation_data(&golden("stamped.der"), &ValidationData::default()).unwrap(), golden("stamped.der"));
}

#[test]
fn a_list_of_the_size_of_the_ncas_is_put_in_and_read_back() {
    // 422 000 entries of five elements (kz-crypto 11).
    let entry = tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 1], &[tlv::SEQUENCE, 4, tlv::NULL, 0, tlv::NULL, 0]]);
    let entries = tlv::element(tlv::SEQUENCE, &[&entry.repeat(422_000)]);
    let crl = tlv::element(
        tlv::SEQUENCE,
        &[&entries, &tlv::algorithm_null(&oid::GOST512_SIGNATURE), &[tlv::BIT_STRING, 1, 0]],
    );
    let data = ValidationData { crls: &[&crl], ..ValidationData::default() };
    let der = add_validation_data(&golden("stamped.der"), &data).unwrap();
    for form in [TextForm::Der, TextForm::Pem] {
        let decoded = decode_any(&encode(&der, form)).unwrap();
        assert_eq!(decoded, der);
        assert!(verify(&decoded, None).unwrap().is_good());
        let found = verify_stream(&mut encode(&der, form).as_slice(), None).unwrap();
        assert!(found.report.is_good());
        assert_eq!(revocation_values(&found.detached).unwrap().crls, [crl.as_slice()]);
    }
    // As much of what is no CMS is refused.
    assert!(matches!(decode_any(&crl), Err(DecodeError::Ber(_))));
}

#[test]
fn what_is_no_ocsp_response_or_crl_is_not_put_in() {
    let der = golden("attached.der");
    let with = |ocsp: &[u8], crl: &[u8]| {
        let data = ValidationData { certificates: &[], ocsp_responses: &[ocsp], crls: &[crl] };
        add_validation_data(&der, &data)
    };
    let (good, crl) = (response(0, b""), crl());
    assert!(with(&good, &crl).is_ok());
    assert!(matches!(with(&response(6, b""), &crl), Err(AmendError::Ocsp { index: 0, .. })));
    assert!(matches!(with(&crl, &crl), Err(AmendError::Ocsp { index: 0, .. })));
    assert!(matches!(with(&good, &good), Err(AmendError::Crl { index: 0, .. })));
    assert!(matches!(with(&[&good[..], &[0]].concat(), &crl), Err(AmendError::Ocsp { index: 0, .. })));
    let many: Vec<Vec<u8>> = (0..65).map(|number| response(0, &[number])).collect();
    let many: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    let data = ValidationData { ocsp_responses: &many, ..ValidationData::default() };
    assert!(matches!(add_validation_data(&der, &data), Err(AmendError::Cms(CmsError::TooMany(_)))));
}

#[test]
fn the_ncas_own_crl_and_ocsp_response_are_put_in_and_found_again() {
    let Some(der) = fixture("cms/gost512-attached-production-timestamp.der") else { return };
    let (crl, ocsp) = (fixture("crl/nca_gost2022_test.crl").unwrap(), fixture("ocsp/gost512-revoked.der").unwrap());
    let chain = ["ca/nca_gost2022_test.cer", "ca/root_test_gost_2022.cer"]
        .map(|name| Certificate::from_pem_or_der(&fixture(name).unwrap()).unwrap());
    let data = ValidationData { certificates: &chain, ocsp_responses: &[&ocsp], crls: &[&crl] };
    let added = add_validation_data(&der, &data).unwrap();
    let report = verify(&added, None).unwrap();
    assert!(report.is_good() && report.signers[0].stamps[0].is_good());
    let values = revocation_values(&added).unwrap();
    assert_eq!((values.crls[0], values.ocsp_responses[0].as_ref()), (crl.as_slice(), ocsp.as_slice()));
    // A signer and a stamp still go in.
    let (nca, person) = person();
    let again = add_signer(&added, &*person.signer().unwrap(), None, SameCertificate::Refuse, nca.now()).unwrap();
    assert_eq!(revocation_values(&again).unwrap(), values);
}

#[test]
fn revocation_values_of_the_extended_formats_are_read_too() {
    let (basic, crl) = ([tlv::SEQUENCE, 2, tlv::NULL, 0], crl());
    let list = |number, entry: &[u8]| tlv::element(tlv::context(number), &[&tlv::element(tlv::SEQUENCE, &[entry])]);
    let values = tlv::element(tlv::SEQUENCE, &[&list(0, &crl), &list(1, &basic)]);
    let oid = tlv::oid(&pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.24"));
    let attribute = tlv::element(tlv::SEQUENCE, &[&oid, &tlv::element(tlv::SET, &[&values])]);
    let mut signer = parts::elements(&parts::signers(&golden("attached.der"))[0]);
    signer.push(tlv::element(tlv::context(1), &[&attribute]));
    let der = parts::with_signers(&golden("attached.der"), &[tlv::element(tlv::SEQUENCE, &[&signer.concat()])]);
    let found = revocation_values(&der).unwrap();
    assert_eq!(found.crls, [crl.as_slice()]);
    assert_eq!(found.ocsp_responses, [response(0, &basic)]);
    assert_eq!(verify(&der, None).unwrap().signers[0].signing_certificate, Check::Good);
    assert_eq!(revocation_values(&golden("attached.der")).unwrap(), Default::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_added_to_spoiled_files_that_would_not_verify(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut der = golden("stamped.der");
        for (position, with) in changes {
            let position = position.index(der.len());
            der[position] = with;
        }
        let (nca, person) = person();
        let _ = revocation_values(&der);
        let _ = stamp_data(&der);
        if let Ok(added) = add_signer(&der, &*person.signer().unwrap(), None, SameCertificate::Refuse, nca.now()) {
            prop_assert!(verify(&der, None).unwrap().is_good() && verify(&added, None).unwrap().is_good());
        }
        if let Ok(added) = add_stamps(&der, &[(0, &token("attached-second.stamp"))]) {
            let is_stamped = |report: Report| report.signers[0].stamps.iter().any(|stamp| stamp.is_good());
            prop_assert_eq!(verify(&added, None).is_ok_and(is_stamped), verify(&der, None).is_ok());
        }
        let (ocsp, crl) = (response(0, b""), crl());
        let data = ValidationData { certificates: &[], ocsp_responses: &[&ocsp], crls: &[&crl] };
        if let Ok(added) = add_validation_data(&der, &data) {
            prop_assert_eq!(parts::signers(&added), parts::signers(&der));
            let is_good = |der: &[u8]| verify(der, None).map(|report| report.is_good()).ok();
            prop_assert_eq!(is_good(&added), is_good(&der));
        }
    }

    #[test]
    fn any_bytes_are_amended_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let in_place = [&golden("attached.der")[..19], &bytes].concat();
        for der in [&bytes, &in_place] {
            let _ = (stamp_data(der), revocation_values(der), add_stamps(der, &[(0, &token("attached.stamp"))]));
            let _ = add_validation_data(der, &ValidationData::default());
        }
    }
}
