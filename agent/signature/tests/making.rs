//! What is made: byte for byte what others make, read by others, and nothing that does not verify.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Recorded, golden, golden_time, person, shared};
use pki::cms::DATA;
use pki::request::message::PKI_DATA;
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError, Timestamp, VerifyError, tlv};
use signature::cms::{
    Content, External, Problem, SignError, decode_any, digest_fits, sign, sign_as, verify, verify_as,
};

/// The last 128 octets of a CMS with one GOST-512 signer and no unsigned attributes.
fn recorded(der: &[u8]) -> Recorded {
    Recorded {
        certificate: Certificate::from_der(&golden("gost512.cer")).unwrap(),
        algorithm: SignatureAlgorithm::Gost512,
        signature: der[der.len() - 128..].to_vec(),
    }
}

#[test]
fn the_independent_program_makes_the_same_bytes() {
    let document = golden("document.txt");
    let attached = golden("attached.der");
    assert_eq!(sign(&recorded(&attached), Content::Attached(&document), golden_time()).unwrap(), attached);
    let detached = golden("detached.der");
    assert_eq!(sign(&recorded(&detached), Content::Detached(&document), golden_time()).unwrap(), detached);
    let digest = pki::DigestAlgorithm::Streebog512.digest(&document);
    assert_eq!(sign(&recorded(&detached), Content::DetachedDigest(&digest), golden_time()).unwrap(), detached);
    let late = golden("year-2050.der");
    let time = Timestamp::from_utc(2050, 2, 3, 4, 5, 6).unwrap();
    assert_eq!(sign(&recorded(&late), Content::Attached(&document), time).unwrap(), late);
}

/// Kalkan's files carry a time stamp as an unsigned attribute; without it they are what is made here.
fn without_time_stamp(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut content_info = tlv::whole(der, tlv::SEQUENCE).unwrap().children();
    let kind = content_info.read().unwrap().raw();
    let mut fields = content_info.read().unwrap().children().read().unwrap().children();
    let before: Vec<u8> = (0..4).flat_map(|_| fields.read().unwrap().raw().to_vec()).collect();
    let mut signer = fields.read().unwrap().children().read().unwrap().children();
    let parts: Vec<&[u8]> = (0..6).map(|_| signer.read().unwrap().raw()).collect();
    assert_eq!(signer.peek(), Some(tlv::context(1)));
    let signers = tlv::element(tlv::SET, &[&tlv::element(tlv::SEQUENCE, &parts)]);
    let signed_data = tlv::element(tlv::SEQUENCE, &[&before, &signers]);
    let signature = tlv::whole(parts[5], tlv::OCTET_STRING).unwrap().value().to_vec();
    (tlv::element(tlv::SEQUENCE, &[kind, &tlv::element(tlv::context(0), &[&signed_data])]), signature)
}

#[test]
fn kalkan_makes_the_same_bytes() {
    let Some(shared) = shared() else { return };
    let read = |name: &str| std::fs::read(shared.join("fixtures/nca/cms").join(name)).unwrap();
    let document = read("gost512-document.txt");
    for (name, content) in [
        ("gost512-attached-production-timestamp.der", Content::Attached(&document)),
        ("gost512-detached-production-timestamp.der", Content::Detached(&document)),
    ] {
        let theirs = read(name);
        let signer = verify(&theirs, Some(External::Content(&document))).unwrap().signers.remove(0);
        let (expected, signature) = without_time_stamp(&theirs);
        let certificate = signer.certificate.unwrap();
        let recorded = Recorded { certificate, algorithm: SignatureAlgorithm::Gost512, signature };
        assert_eq!(sign(&recorded, content, signer.signing_time.unwrap()).unwrap(), expected, "{name}");
    }
}

#[test]
fn signing_and_verifying_are_each_others_inverse() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    for length in [0, 1, 63, 64, 127, 128, 255, 256, 65_535, 65_536, 100_000] {
        let document = vec![b'x'; length];
        let attached = sign(&*signer, Content::Attached(&document), nca.now()).unwrap();
        assert!(verify(&attached, None).unwrap().is_good(), "{length}");
        // DER already: normalising changes nothing.
        assert_eq!(decode_any(&attached).unwrap(), attached);
        let detached = sign(&*signer, Content::Detached(&document), nca.now()).unwrap();
        let report = verify(&detached, Some(External::Content(&document))).unwrap();
        assert!(report.is_good(), "{length}");
        assert_eq!(report.signers[0].signing_time, Some(nca.now()));
        assert_eq!(report.signers[0].certificate.as_ref(), Some(&person.certificate));
        assert_eq!(report.certificates, std::slice::from_ref(&person.certificate));
    }
}

#[test]
fn a_signature_of_one_type_of_content_is_none_of_another() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let document = sign(&*signer, Content::Attached(b"text"), nca.now()).unwrap();
    let message = sign_as(PKI_DATA, &*signer, Content::Attached(b"text"), nca.now()).unwrap();
    assert!(verify_as(PKI_DATA, &message, None).unwrap().is_good());
    for (type_of_it, other, wanted) in [(DATA, &document, PKI_DATA), (PKI_DATA, &message, DATA)] {
        let report = verify_as(wanted, other, None).unwrap();
        assert!(!report.is_good());
        assert_eq!(report.problems, [Problem::OtherContent(type_of_it)]);
    }
    let types = message.windows(10).filter(|window| *window == pki::tlv::oid(&PKI_DATA)).count();
    assert_eq!(types, 2, "around the content, and among what is signed");
}

#[test]
fn another_reader_sees_the_same_structure() {
    use der::{Decode as _, Encode as _};
    let (nca, person) = person();
    let made = sign(&*person.signer().unwrap(), Content::Attached(b"text"), nca.now()).unwrap();
    let content_info = cms::content_info::ContentInfo::from_der(&made).unwrap();
    let signed_data = content_info.content.decode_as::<cms::signed_data::SignedData>().unwrap();
    assert_eq!(signed_data.version, cms::content_info::CmsVersion::V1);
    assert_eq!(signed_data.signer_infos.0.len(), 1);
    assert_eq!(signed_data.certificates.as_ref().unwrap().0.len(), 1);
    assert!(signed_data.crls.is_none());
    let signer = signed_data.signer_infos.0.get(0).unwrap();
    assert_eq!(signer.signed_attrs.as_ref().unwrap().len(), 4);
    assert!(signer.unsigned_attrs.is_none());
    // Its own encoding of what it read is what was made: canonical DER all through.
    assert_eq!(content_info.to_der().unwrap(), made);
    let again = cms::content_info::ContentInfo {
        content_type: content_info.content_type,
        content: der::Any::encode_from(&signed_data).unwrap(),
    };
    assert_eq!(again.to_der().unwrap(), made);
}

#[test]
fn a_digest_that_does_not_fit_is_signed_all_the_same_and_never_good() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    for digest in [&[][..], &[1, 2, 3], &[7; 32], &[7; 63], &[7; 65]] {
        assert!(!digest_fits(&*signer, digest));
        let made = sign(&*signer, Content::DetachedDigest(digest), nca.now()).unwrap();
        let report = verify(&made, Some(External::Digest(digest))).unwrap();
        assert!(!report.is_good());
        let problem = Problem::DigestLength { expected: 64, found: digest.len() };
        assert_eq!(report.signers[0].problems, [problem]);
        assert_eq!(report.signers[0].message_digest.as_deref(), Some(digest));
    }
    assert!(digest_fits(&*signer, &[7; 64]));
}

/// A signer that does something else than it should.
struct Faulty<'a> {
    good: &'a dyn Signer,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
    fault: fn(Vec<u8>) -> Result<Vec<u8>, SignerError>,
}

impl Signer for Faulty<'_> {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.good.sign_digest(digest).and_then(self.fault)
    }
}

#[test]
fn a_signature_that_does_not_verify_does_not_leave() {
    let (nca, person) = person();
    let other = nca.head().unwrap();
    let good = person.signer().unwrap();
    let made = |certificate: &Certificate, algorithm, fault| {
        let faulty = Faulty { good: &*good, certificate: certificate.clone(), algorithm, fault };
        sign(&faulty, Content::Attached(b"text"), nca.now())
    };
    let gost = SignatureAlgorithm::Gost512;
    let own = &person.certificate;
    assert!(made(own, gost, Ok).is_ok());
    assert_eq!(
        made(&other.certificate, gost, Ok),
        Err(SignError::SelfCheck(Problem::Signature(VerifyError::Mismatch)))
    );
    let flipped = |mut signature: Vec<u8>| {
        signature[17] ^= 1;
        Ok(signature)
    };
    assert_eq!(made(own, gost, flipped), Err(SignError::SelfCheck(Problem::Signature(VerifyError::Mismatch))));
    // The halves in the order and byte order of RFC 4491, as a token may return them.
    let reversed = |mut signature: Vec<u8>| {
        signature.reverse();
        Ok(signature)
    };
    assert_eq!(made(own, gost, reversed), Err(SignError::SelfCheck(Problem::Signature(VerifyError::Mismatch))));
    let short = |signature: Vec<u8>| Ok(signature[..64].to_vec());
    let length = VerifyError::SignatureLength { expected: 128, found: 64 };
    assert_eq!(made(own, gost, short), Err(SignError::SelfCheck(Problem::Signature(length))));
    assert_eq!(made(own, gost, |_| Err(SignerError::Gone)), Err(SignError::Signer(SignerError::Gone)));
    let unknown = SignatureAlgorithm::Other(pki::oid::RSA);
    assert_eq!(made(own, unknown, Ok), Err(SignError::Algorithm));
}
