//! What a hostile CMS can cost: no more than an honest one of its length, however its parts refer to each other.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{golden_time, parts, person};
use pki::cms::CmsError;
use pki::{Certificate, tlv};
use signature::cms::{Check, Content, Problem, sign, verify};

/// The certificate with an extension that makes it as long as certificates may be. Nobody signed that.
fn long(certificate: &Certificate, number: u8) -> Vec<u8> {
    let mut outer = parts::elements(certificate.der());
    let mut tbs = parts::elements(&outer[0]);
    let extensions = tbs.last_mut().unwrap();
    let mut list = parts::elements(&parts::elements(extensions)[0]);
    let unknown = tlv::oid(&pki::ObjectIdentifier::new_unwrap("1.2.3.4"));
    let padding = tlv::element(tlv::OCTET_STRING, &[&vec![number; 62_000]]);
    list.push(tlv::element(tlv::SEQUENCE, &[&unknown, &padding]));
    *extensions = tlv::element(tlv::context(3), &[&tlv::element(tlv::SEQUENCE, &[&list.concat()])]);
    outer[0] = tlv::element(tlv::SEQUENCE, &[&tbs.concat()]);
    tlv::element(tlv::SEQUENCE, &[&outer.concat()])
}

#[test]
fn few_certificates_of_one_issuer_and_number_are_looked_at_and_the_meant_one_is_found_among_them() {
    let (_, person) = person();
    let der = sign(&*person.signer().unwrap(), Content::Attached(b"text"), golden_time()).unwrap();
    let among = |others: u8| {
        let mut fields = parts::fields(&der);
        let mut certificates: Vec<Vec<u8>> = (0..others).map(|number| long(&person.certificate, number)).collect();
        certificates.push(person.certificate.der().to_vec());
        fields[3] = tlv::element(tlv::context(0), &[&certificates.concat()]);
        verify(&parts::cms(&fields), None).unwrap()
    };
    for others in 0..4 {
        let report = among(others);
        assert!(report.is_good(), "{others}: {report:?}");
        assert_eq!(report.signers[0].certificate.as_ref(), Some(&person.certificate));
    }
    // Each of 64 signers would hash each of 64 certificates: 260 MB for a file of 4 MB.
    assert_eq!(among(4).signers[0].signing_certificate, Check::Bad);
}

#[test]
fn a_signature_value_is_no_place_for_megabytes() {
    let (_, person) = person();
    let der = sign(&*person.signer().unwrap(), Content::Attached(b"text"), golden_time()).unwrap();
    let with_value = |length: usize| {
        let mut signer = parts::elements(&parts::signers(&der)[0]);
        *signer.last_mut().unwrap() = tlv::element(tlv::OCTET_STRING, &[&vec![7; length]]);
        parts::with_signers(&der, &[tlv::element(tlv::SEQUENCE, &[&signer.concat()])])
    };
    let report = verify(&with_value(1 << 14), None).unwrap();
    assert!(matches!(report.signers[0].problems[..], [Problem::Signature(_)]), "{report:?}");
    let refused = verify(&with_value((1 << 14) + 1), None).unwrap_err();
    assert!(matches!(refused, CmsError::Der(_)) && refused.to_string().contains("too long"), "{refused}");
}
