//! Verdicts over files that other code made, and over what was done to them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{golden, golden_time};
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, Timestamp, VerifyError, oid, tlv};
use proptest::prelude::*;
use signature::cms::{
    Check, CmsError, DecodeError, External, Form, Problem, Remark, Report, attached_content, decode_any, to_base64,
    to_pem, verify,
};

fn report(name: &str) -> Report {
    let der = decode_any(&golden(name)).unwrap();
    verify(&der, None).unwrap()
}

#[test]
fn an_attached_signature_is_good_and_tells_everything() {
    let report = report("attached.der");
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.form, Form::Attached);
    assert_eq!(report.remarks, []);
    let [signer] = &report.signers[..] else { panic!("one signer") };
    assert_eq!(signer.certificate, Some(Certificate::from_der(&golden("gost512.cer")).unwrap()));
    assert_eq!(signer.digest_algorithm, Some(DigestAlgorithm::Streebog512));
    assert_eq!(signer.signature_algorithm, SignatureAlgorithm::Gost512);
    assert_eq!(signer.signing_time, Some(golden_time()));
    assert_eq!(signer.message_digest, Some(DigestAlgorithm::Streebog512.digest(&golden("document.txt"))));
    assert_eq!((signer.digest, signer.signature, signer.signing_certificate), (Check::Good, Check::Good, Check::Good));
    let names: Vec<String> = signer.signed_attributes.iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.4"]
    );
    assert!(signer.unsigned_attributes.is_empty());
    assert_eq!(attached_content(&golden("attached.der")).unwrap().unwrap(), golden("document.txt"));
}

#[test]
fn a_detached_signature_needs_its_content_or_its_digest() {
    let (der, document) = (golden("detached.der"), golden("document.txt"));
    assert_eq!(attached_content(&der).unwrap(), None);
    let digest = DigestAlgorithm::Streebog512.digest(&document);
    let with = |external| verify(&der, external).unwrap();
    assert!(with(Some(External::Content(&document))).is_good());
    assert!(with(Some(External::Digest(&digest))).is_good());

    let nothing = with(None);
    assert!(!nothing.is_good());
    assert_eq!(nothing.form, Form::Detached);
    assert_eq!(nothing.problems, [Problem::ContentMissing]);
    // The signature itself was computed all the same.
    assert_eq!((nothing.signers[0].digest, nothing.signers[0].signature), (Check::NotChecked, Check::Good));

    for other in [External::Content(b"other"), External::Digest(&[0; 64]), External::Digest(&[])] {
        let wrong = with(Some(other));
        assert!(!wrong.is_good());
        assert_eq!(wrong.signers[0].problems, [Problem::DigestMismatch]);
        assert_eq!((wrong.signers[0].digest, wrong.signers[0].signature), (Check::Bad, Check::Good));
    }
}

#[test]
fn attached_content_is_held_against_what_is_given() {
    let (der, document) = (golden("attached.der"), golden("document.txt"));
    assert!(verify(&der, Some(External::Content(&document))).unwrap().is_good());
    let digest = DigestAlgorithm::Streebog512.digest(&document);
    assert!(verify(&der, Some(External::Digest(&digest))).unwrap().is_good());
    let differs = verify(&der, Some(External::Content(b"other"))).unwrap();
    assert_eq!(differs.problems, [Problem::ContentDiffers]);
    assert!(!differs.is_good());
    let differs = verify(&der, Some(External::Digest(&digest[1..]))).unwrap();
    assert_eq!(differs.signers[0].problems, [Problem::ContentDiffers]);
    assert!(!differs.is_good());
}

#[test]
fn what_other_producers_write_is_accepted_and_remarked() {
    for (name, remarks) in [
        ("gost2004.der", vec![]),
        ("gost2004-native-kalkan.der", vec![Remark::KeyAlgorithmAsSignature]),
        ("gost2004-without-ess.der", vec![Remark::NoSigningCertificate]),
        ("without-attributes.der", vec![Remark::NoSignedAttributes]),
        ("by-key-identifier.der", vec![]),
        ("ess-in-full.der", vec![]),
        ("ess-v1.der", vec![]),
        ("with-chain.der", vec![]),
        ("streamed.ber", vec![]),
        ("year-2050.der", vec![]),
    ] {
        let report = report(name);
        assert!(report.is_good(), "{name}: {report:?}");
        assert_eq!(report.signers[0].remarks, remarks, "{name}");
    }
    assert_eq!(report("gost2004.der").signers[0].signature_algorithm, SignatureAlgorithm::Gost2004);
    assert_eq!(report("with-chain.der").certificates.len(), 2);
    assert_eq!(report("year-2050.der").signers[0].signing_time, Timestamp::from_utc(2050, 2, 3, 4, 5, 6));
    assert_eq!(report("gost2004-without-ess.der").signers[0].signing_certificate, Check::NotChecked);
    assert_eq!(report("without-attributes.der").signers[0].signing_time, None);
}

#[test]
fn every_signer_of_several_counts() {
    let report = report("two-signers.der");
    assert!(report.is_good(), "{report:?}");
    let mut algorithms: Vec<_> = report.signers.iter().map(|signer| signer.signature_algorithm).collect();
    algorithms.sort_by_key(|algorithm| algorithm.oid());
    assert_eq!(algorithms, [SignatureAlgorithm::Gost2004, SignatureAlgorithm::Gost512]);

    // Spoil one of the two signatures: its last octet stands at the end, or before the other SignerInfo.
    let mut der = golden("two-signers.der");
    *der.last_mut().unwrap() ^= 1;
    let report = verify(&der, None).unwrap();
    assert!(!report.is_good());
    assert_eq!(report.signers.iter().filter(|signer| signer.is_good()).count(), 1);
    assert!(report.signers.iter().any(|signer| signer.problems == [Problem::Signature(VerifyError::Mismatch)]));
}

#[test]
fn an_rsa_signature_is_good_and_a_spoiled_one_is_not() {
    let of_rsa = report("rsa.der");
    assert!(of_rsa.is_good(), "{of_rsa:?}");
    assert_eq!(of_rsa.signers[0].signature_algorithm, SignatureAlgorithm::RsaSha256);
    let mut der = golden("rsa.der");
    *der.last_mut().unwrap() ^= 1;
    let report = verify(&der, None).unwrap();
    assert_eq!(report.signers[0].problems, [Problem::Signature(VerifyError::Mismatch)]);
    assert_eq!((report.signers[0].digest, report.signers[0].signature), (Check::Good, Check::Bad));
}

#[test]
fn a_signature_by_another_certificate_is_not_this_ones() {
    let report = report("ess-of-another.der");
    assert!(!report.is_good());
    assert_eq!(report.signers[0].problems, [Problem::SigningCertificateMismatch]);
    assert_eq!(report.signers[0].signature, Check::Good);
}

#[test]
fn without_the_certificate_nothing_can_be_checked() {
    let report = report("without-certificate.der");
    assert!(!report.is_good());
    assert_eq!(report.signers[0].problems, [Problem::CertificateMissing]);
    assert_eq!(report.signers[0].signature, Check::NotChecked);
}

/// Every octet of an attached CMS with signingCertificateV2 and no unsigned attributes means something: none of them
/// can change and leave the verdict good, also for somebody who does not know what the content should have been.
#[test]
fn flipping_any_byte_is_noticed() {
    let good = golden("attached.der");
    for position in 0..good.len() {
        for change in [1 << (position % 8), 0x20, 0xff] {
            let mut der = good.clone();
            der[position] ^= change;
            let verdict = verify(&der, None).is_ok_and(|report| report.is_good());
            assert!(!verdict, "byte {position} changed by {change:#04x}");
            // A longer form of a length is the same CMS again; everything else stays noticed.
            if let Ok(normalised) = decode_any(&der).map_err(drop)
                && normalised != good
                && normalised != der
            {
                let verdict = verify(&normalised, None).is_ok_and(|report| report.is_good());
                assert!(!verdict, "byte {position} changed by {change:#04x}, then normalised");
            }
        }
    }
}

#[test]
fn cutting_or_lengthening_is_noticed() {
    let good = golden("attached.der");
    for end in 0..good.len() {
        assert!(verify(&good[..end], None).is_err(), "cut at {end}");
        assert!(decode_any(&good[..end]).is_err() || end == 0, "cut at {end}");
    }
    assert!(verify(&[&good[..], &[0]].concat(), None).is_err());
    assert!(decode_any(&[&good[..], &[0]].concat()).is_err());
}

/// The elements of a SignedData, for putting it together again differently.
fn parts(der: &[u8]) -> Vec<Vec<u8>> {
    let mut content_info = tlv::whole(der, tlv::SEQUENCE).unwrap().children();
    content_info.read().unwrap();
    let mut fields = content_info.read().unwrap().children().read().unwrap().children();
    let mut parts = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.read().unwrap().raw().to_vec());
    }
    parts
}

fn together(parts: &[Vec<u8>]) -> Vec<u8> {
    let signed_data = tlv::element(tlv::SEQUENCE, &[&parts.concat()]);
    let kind = tlv::oid(&pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2"));
    tlv::element(tlv::SEQUENCE, &[&kind, &tlv::element(tlv::context(0), &[&signed_data])])
}

/// The elements of the SignerInfo.
fn signer_parts(set: &[u8]) -> Vec<Vec<u8>> {
    let mut fields = tlv::whole(set, tlv::SET).unwrap().children().read().unwrap().children();
    let mut parts = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.read().unwrap().raw().to_vec());
    }
    parts
}

fn with_signer(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut parts = parts(&golden("attached.der"));
    let mut signer = signer_parts(&parts[4]);
    change(&mut signer);
    parts[4] = tlv::element(tlv::SET, &[&tlv::element(tlv::SEQUENCE, &[&signer.concat()])]);
    together(&parts)
}

fn problems(der: &[u8]) -> Vec<Problem> {
    let report = verify(der, None).unwrap();
    assert!(!report.is_good());
    report.problems.iter().chain(report.signers.iter().flat_map(|signer| &signer.problems)).copied().collect()
}

#[test]
fn a_file_that_is_put_together_again_is_the_same() {
    assert_eq!(together(&parts(&golden("attached.der"))), golden("attached.der"));
    assert_eq!(with_signer(|_| {}), golden("attached.der"));
}

#[test]
fn nobody_having_signed_is_no_good_signature() {
    let mut parts = parts(&golden("attached.der"));
    parts[4] = vec![tlv::SET, 0];
    assert_eq!(problems(&together(&parts)), [Problem::NoSigner]);
}

#[test]
fn attributes_in_another_order_are_noticed() {
    // The set of attributes is signed in DER order; the octets as they stand are hashed, so a shuffled one fails twice.
    let der = with_signer(|signer| {
        let mut attributes = tlv::whole(&signer[3], tlv::context(0)).unwrap().children();
        let (first, second) = (attributes.read().unwrap().raw(), attributes.read().unwrap().raw());
        let rest = [attributes.read().unwrap().raw(), attributes.read().unwrap().raw()].concat();
        signer[3] = tlv::element(tlv::context(0), &[second, first, &rest]);
    });
    assert_eq!(problems(&der), [Problem::AttributesNotDer, Problem::Signature(VerifyError::Mismatch)]);
}

#[test]
fn removed_and_doubled_attributes_are_noticed() {
    let content_type = pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
    let message_digest = pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
    let without = |index: usize| {
        with_signer(|signer| {
            let mut attributes = tlv::whole(&signer[3], tlv::context(0)).unwrap().children();
            let mut list: Vec<_> = (0..4).map(|_| attributes.read().unwrap().raw()).collect();
            list.remove(index);
            signer[3] = tlv::element(tlv::context(0), &list);
        })
    };
    assert!(problems(&without(0)).contains(&Problem::AttributeMissing(content_type)));
    assert!(problems(&without(3)).contains(&Problem::AttributeMissing(message_digest)));
    assert_eq!(problems(&without(2)), [Problem::Signature(VerifyError::Mismatch)]);
    let doubled = with_signer(|signer| {
        let mut attributes = tlv::whole(&signer[3], tlv::context(0)).unwrap().children();
        let list: Vec<_> = (0..4).map(|_| attributes.read().unwrap().raw()).collect();
        signer[3] = tlv::element(tlv::context(0), &[list[0], list[1], list[2], list[3], list[3]]);
    });
    let found = problems(&doubled);
    assert!(found.contains(&Problem::AttributeRepeated(message_digest)));
    assert!(found.contains(&Problem::AttributesNotDer));
    let empty = with_signer(|signer| signer[3] = vec![tlv::context(0), 0]);
    assert!(problems(&empty).contains(&Problem::AttributesNotDer));
    // Taken away altogether, the signature would have to be over the content.
    let none = with_signer(|signer| drop(signer.remove(3)));
    assert_eq!(problems(&none), [Problem::Signature(VerifyError::Mismatch)]);
}

#[test]
fn algorithms_that_do_not_fit_are_noticed() {
    let signature = |oid| with_signer(|signer| signer[4] = tlv::algorithm_null(oid));
    assert_eq!(problems(&signature(&oid::GOST2004_SIGNATURE)), [Problem::AlgorithmMismatch(oid::GOST2004_SIGNATURE)]);
    let unknown = pki::ObjectIdentifier::new_unwrap("1.2.3");
    assert!(matches!(problems(&signature(&unknown))[..], [Problem::NotChecked(_) | Problem::Signature(_)]));
    // The key's identifier means the same; native Kalkan writes it for 2004 keys.
    assert!(verify(&signature(&oid::GOST512_KEY), None).unwrap().is_good());

    let digest = with_signer(|signer| signer[2] = tlv::algorithm_null(&oid::SHA512));
    let found = problems(&digest);
    assert!(found.contains(&Problem::DigestNotAnnounced(oid::SHA512)));
    assert!(found.contains(&Problem::DigestMismatch));
    assert!(found.contains(&Problem::AlgorithmMismatch(oid::GOST512_SIGNATURE)));
    let digest = with_signer(|signer| signer[2] = tlv::algorithm_null(&unknown));
    assert!(problems(&digest).contains(&Problem::UnknownDigest(unknown)));

    let parameters = with_signer(|signer| {
        let oid = tlv::oid(&oid::GOST512_SIGNATURE);
        signer[4] = tlv::element(tlv::SEQUENCE, &[&oid, &oid]);
    });
    assert_eq!(problems(&parameters), [Problem::AlgorithmParameters(oid::GOST512_SIGNATURE)]);
    // Absent parameters are as good as NULL.
    let absent = with_signer(|signer| {
        signer[4] = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::GOST512_SIGNATURE)]);
    });
    assert!(verify(&absent, None).unwrap().is_good());
}

#[test]
fn versions_that_do_not_fit_are_noticed() {
    let mut parts = parts(&golden("attached.der"));
    for version in [0, 2, 3, 4, 5, 6] {
        parts[0] = vec![tlv::INTEGER, 1, version];
        assert_eq!(problems(&together(&parts)), [Problem::Version(version.into())]);
    }
    let signer = with_signer(|signer| signer[0] = vec![tlv::INTEGER, 1, 3]);
    assert!(problems(&signer).contains(&Problem::Version(3)));
}

#[test]
fn unsigned_attributes_do_not_enter_the_verdict() {
    let time_stamp = pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
    let der = with_signer(|signer| {
        let attribute = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&time_stamp), &[tlv::SET, 2, tlv::NULL, 0]]);
        signer.push(tlv::element(tlv::context(1), &[&attribute]));
    });
    let report = verify(&der, None).unwrap();
    assert!(report.is_good());
    assert_eq!(report.signers[0].unsigned_attributes, [time_stamp]);
}

#[test]
fn a_certificate_that_cannot_be_read_beside_the_signers_is_remarked() {
    let mut parts = parts(&golden("attached.der"));
    let certificates = tlv::whole(&parts[3], tlv::context(0)).unwrap().value().to_vec();
    parts[3] = tlv::element(tlv::context(0), &[&certificates, &[tlv::SEQUENCE, 0]]);
    let report = verify(&together(&parts), None).unwrap();
    assert!(report.is_good());
    assert!(matches!(report.remarks[..], [Remark::UnreadableCertificate(_)]));
}

#[test]
fn crowds_are_refused() {
    let mut parts = parts(&golden("attached.der"));
    let (certificates, signers) = (parts[3].clone(), parts[4].clone());
    let certificate = tlv::whole(&certificates, tlv::context(0)).unwrap().value().to_vec();
    parts[3] = tlv::element(tlv::context(0), &[&certificate.repeat(65)]);
    assert_eq!(verify(&together(&parts), None), Err(CmsError::TooMany("certificates")));
    parts[3] = certificates;
    let signer = tlv::whole(&signers, tlv::SET).unwrap().value().to_vec();
    parts[4] = tlv::element(tlv::SET, &[&signer.repeat(65)]);
    assert_eq!(verify(&together(&parts), None), Err(CmsError::TooMany("signers")));
}

#[test]
fn other_kinds_of_cms_are_told_apart() {
    let data = pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
    let der = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&data), &tlv::element(tlv::context(0), &[&[tlv::NULL, 0]])]);
    assert_eq!(verify(&der, None), Err(CmsError::NotSignedData(data)));
    assert!(matches!(verify(&golden("ca.cer"), None), Err(CmsError::Der(_))));
    assert!(matches!(verify(b"", None), Err(CmsError::Der(_))));
}

#[test]
fn every_text_form_is_the_same_cms() {
    let der = golden("attached.der");
    let (pem, base64) = (to_pem(&der), to_base64(&der));
    assert!(pem.starts_with("-----BEGIN CMS-----\nMII") && pem.ends_with("\n-----END CMS-----\n"));
    assert!(pem.lines().all(|line| line.len() <= 64));
    assert!(!base64.contains('\n'));
    let windows = pem.replace('\n', "\r\n");
    let old = pem.replace("CMS", "PKCS7");
    let wrapped: String =
        base64.as_bytes().chunks(76).map(|line| format!("{}\r\n", str::from_utf8(line).unwrap())).collect();
    for text in [&pem, &base64, &windows, &old, &wrapped, &format!("\u{feff} {base64}\n")] {
        assert_eq!(decode_any(text.as_bytes()).unwrap(), der);
    }
    assert_eq!(decode_any(&der).unwrap(), der);
    // The streamed form is the same but for its signature.
    let streamed = decode_any(&golden("streamed.ber")).unwrap();
    assert_eq!(streamed[..streamed.len() - 128], der[..der.len() - 128]);
}

#[test]
fn what_is_no_cms_says_why() {
    assert!(matches!(decode_any(b"%PDF-1.7"), Err(DecodeError::Text(_))));
    assert!(matches!(decode_any(b""), Err(DecodeError::Ber(_))));
    assert!(matches!(
        decode_any(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        Err(DecodeError::Text(_))
    ));
    let deep = [[0x30, 0x80].repeat(40), [0, 0].repeat(40)].concat();
    assert!(matches!(decode_any(&deep), Err(DecodeError::Ber(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn spoiled_files_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let good = golden("two-signers.der");
        let mut der = good.clone();
        for (position, with) in changes {
            let position = position.index(der.len());
            der[position] = with;
        }
        if let Ok(report) = verify(&der, None) {
            prop_assert!(!report.is_good() || der == good);
        }
        let _ = decode_any(&der);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = verify(&bytes, Some(External::Digest(&[])));
        let _ = decode_any(&bytes);
        let in_place = [&golden("attached.der")[..19], &bytes].concat();
        let _ = verify(&in_place, None);
    }
}
