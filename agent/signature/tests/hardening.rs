//! Files that were made to deceive, and files with more in them than most.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{golden, parts, person};
use pki::{DigestAlgorithm, ObjectIdentifier, Signer, oid, tlv};
use signature::cms::stream::verify_stream;
use signature::cms::{Content, External, Problem, Remark, sign, verify};

fn id(oid: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(oid)
}

fn attribute(oid: &str, values: &[&[u8]]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&id(oid)), &tlv::element(tlv::SET, values)])
}

/// A signature over "text" with more signed attributes than are usual.
fn signed_with(signer: &dyn Signer, more: Vec<Vec<u8>>) -> Vec<u8> {
    let der = sign(signer, Content::Attached(b"text"), common::golden_time()).unwrap();
    let mut info = parts::elements(&parts::signers(&der)[0]);
    let set = tlv::set_of([parts::elements(&info[3]), more].concat());
    let signature = signer.sign_digest(&DigestAlgorithm::Streebog512.digest(&set)).unwrap();
    info[3] = [&[tlv::context(0)], &set[1..]].concat();
    info[5] = tlv::element(tlv::OCTET_STRING, &[&signature]);
    parts::with_signers(&der, &[tlv::element(tlv::SEQUENCE, &[&info.concat()])])
}

#[test]
fn signed_attributes_are_not_taken_for_a_document() {
    // Without its attributes, a signature is one over their DER: whoever takes them for the content would be told that
    // the signer signed that.
    let der = golden("attached.der");
    let mut info = parts::elements(&parts::signers(&der)[0]);
    let set = [&[tlv::SET], &info.remove(3)[1..]].concat();
    let info = tlv::element(tlv::SEQUENCE, &[&info.concat()]);
    let mut fields = parts::fields(&parts::with_signers(&der, &[info]));
    let kind = parts::elements(&fields[2]).remove(0);
    let inside = tlv::element(tlv::context(0), &[&tlv::element(tlv::OCTET_STRING, &[&set])]);
    fields[2] = tlv::element(tlv::SEQUENCE, &[&kind, &inside]);
    let forged = parts::cms(&fields);
    fields[2] = tlv::element(tlv::SEQUENCE, &[&kind]);
    let detached = parts::cms(&fields);
    for report in [
        verify(&forged, None).unwrap(),
        verify(&detached, Some(External::Content(&set))).unwrap(),
        verify_stream(&mut forged.as_slice(), None).unwrap().report,
        verify_stream(&mut detached.as_slice(), Some(&mut set.as_slice())).unwrap().report,
    ] {
        assert!(!report.is_good());
        // The signature itself fits, which is the trick.
        assert_eq!(report.signers[0].problems, [Problem::ContentIsAttributes]);
        assert_eq!(report.signers[0].remarks, [Remark::NoSignedAttributes]);
    }
    // A document that is some other SET is one.
    assert!(verify(&golden("without-attributes.der"), None).unwrap().is_good());
}

#[test]
fn algorithms_that_were_signed_are_held_against_those_that_are_written() {
    let protection = |digest: &ObjectIdentifier, signature: &ObjectIdentifier| {
        let signature = tlv::algorithm_null(signature);
        let signature = [&[tlv::context(1)], &signature[1..]].concat();
        tlv::element(tlv::SEQUENCE, &[&tlv::algorithm_null(digest), &signature])
    };
    let (_, person) = person();
    let signer = person.signer().unwrap();
    let problems = |values: &[&[u8]]| {
        let der = signed_with(&*signer, vec![attribute("1.2.840.113549.1.9.52", values)]);
        verify(&der, None).unwrap().signers.remove(0).problems
    };
    assert_eq!(problems(&[&protection(&oid::STREEBOG512, &oid::GOST512_SIGNATURE)]), []);
    let differs = [Problem::AlgorithmProtection];
    assert_eq!(problems(&[&protection(&oid::STREEBOG256, &oid::GOST512_SIGNATURE)]), differs);
    assert_eq!(problems(&[&protection(&oid::STREEBOG512, &oid::RSA_SHA256)]), differs);
    let kind = id("1.2.840.113549.1.9.52");
    assert_eq!(problems(&[&[tlv::NULL, 0]]), [Problem::AttributeMalformed(kind)]);
    assert_eq!(problems(&[&[tlv::NULL, 0], &[tlv::NULL, 0]]), [Problem::AttributeRepeated(kind)]);
}

#[test]
fn signed_attributes_that_are_not_known_are_signed_and_listed() {
    let (_, person) = person();
    let signer = person.signer().unwrap();
    let der = signed_with(&*signer, vec![attribute("1.2.3.4", &[&[tlv::NULL, 0]])]);
    let report = verify(&der, None).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert!(report.signers[0].signed_attributes.contains(&id("1.2.3.4")));
    let twice = vec![attribute("1.2.3.4", &[&[tlv::NULL, 0]]), attribute("1.2.3.4", &[&[tlv::INTEGER, 1, 1]])];
    let report = verify(&signed_with(&*signer, twice), None).unwrap();
    assert_eq!(report.signers[0].problems, [Problem::AttributeRepeated(id("1.2.3.4"))]);
}

#[test]
fn another_content_type_than_the_signed_one_is_noticed() {
    let tst_info = tlv::oid(&id("1.2.840.113549.1.9.16.1.4"));
    let mut fields = parts::fields(&golden("attached.der"));
    let content = parts::elements(&fields[2]).remove(1);
    fields[2] = tlv::element(tlv::SEQUENCE, &[&tst_info, &content]);
    fields[0] = vec![tlv::INTEGER, 1, 3];
    let report = verify(&parts::cms(&fields), None).unwrap();
    assert!(!report.is_good());
    assert_eq!(report.signers[0].problems, [Problem::ContentTypeDiffers]);
    // Without signed attributes nothing says what it was signed as (RFC 5652 §5.3).
    let mut fields = parts::fields(&golden("without-attributes.der"));
    fields[2] = tlv::element(tlv::SEQUENCE, &[&tst_info, &parts::elements(&fields[2])[1]]);
    fields[0] = vec![tlv::INTEGER, 1, 3];
    let report = verify(&parts::cms(&fields), None).unwrap();
    assert_eq!(report.signers[0].problems, [Problem::AttributesMissing]);
}

#[test]
fn countersignatures_and_archive_time_stamps_are_said_to_be_unchecked() {
    for kind in ["1.2.840.113549.1.9.6", "1.2.840.113549.1.9.16.2.48", "0.4.0.1733.2.4", "1.2.840.113549.1.9.16.2.25"] {
        let mut info = parts::elements(&parts::signers(&golden("attached.der"))[0]);
        info.push(tlv::element(tlv::context(1), &[&attribute(kind, &[&[tlv::NULL, 0]])]));
        let info = tlv::element(tlv::SEQUENCE, &[&info.concat()]);
        let report = verify(&parts::with_signers(&golden("attached.der"), &[info]), None).unwrap();
        assert!(report.is_good());
        assert_eq!(report.signers[0].remarks, [Remark::UncheckedUnsignedAttribute(id(kind))]);
    }
}

#[test]
fn every_signer_is_judged_on_its_own() {
    // One good, one of another content, one whose certificate is not inside.
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let good = golden("attached.der");
    let other = sign(&*signer, Content::Attached(b"other"), nca.now()).unwrap();
    let head = nca.head().unwrap();
    let stranger = sign(&*head.signer().unwrap(), Content::Attached(&golden("document.txt")), nca.now()).unwrap();
    let mut fields = parts::fields(&good);
    fields[3] = tlv::element(tlv::context(0), &[&parts::elements(&fields[3])[0], person.certificate.der()]);
    let infos = [&good, &other, &stranger].map(|der| parts::signers(der).remove(0));
    fields[4] = tlv::element(tlv::SET, &[&infos.concat()]);
    let report = verify(&parts::cms(&fields), None).unwrap();
    assert!(!report.is_good());
    let problems: Vec<_> = report.signers.iter().map(|signer| signer.problems.as_slice()).collect();
    let expected: [&[Problem]; 3] = [&[], &[Problem::DigestMismatch], &[Problem::CertificateMissing]];
    assert_eq!(problems, expected);
    assert_eq!(report.signers.iter().map(|signer| signer.is_good()).collect::<Vec<_>>(), [true, false, false]);
}
