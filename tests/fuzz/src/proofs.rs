//! What bytes prove: one line of text for each thing that a signature vouches for.

use pki::crl::Crl;
use pki::ocsp::{Question, Response};
use pki::request::CertificationRequest;
use pki::revocation::Freshness;
use pki::trust::{Authority, find_path};
use pki::tsp::{self, Stamp, Stamped};
use pki::{Certificate, Timestamp};
use sha2::{Digest, Sha256};
use signature::cms::{self, Check, External, Form};
use signature::{pades, xmldsig};

use crate::world::{NONCE, now, world};

fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
}

fn holder(certificate: Option<&Certificate>) -> String {
    certificate.map_or_else(|| "nobody".to_owned(), |certificate| hash(&[certificate.der()]))
}

/// Who signed, where nothing says which certificate of the key was meant.
fn key(certificate: Option<&Certificate>) -> String {
    certificate.map_or_else(|| "nobody".to_owned(), |certificate| format!("{:?}", certificate.public_key()))
}

/// A certificate below an authority that is believed.
pub fn certificate(bytes: &[u8]) -> Vec<String> {
    let Ok(certificate) = Certificate::from_pem_or_der(bytes) else { return Vec::new() };
    match find_path(&certificate, &[], &world().anchors) {
        Ok(_) => vec![format!("issued {}", hash(&[certificate.tbs()]))],
        Err(_) => Vec::new(),
    }
}

/// Who has a key, and what is asked for it.
pub fn request(bytes: &[u8]) -> Vec<String> {
    let Ok(request) = CertificationRequest::from_pem_or_der(bytes) else { return Vec::new() };
    match request.verify() {
        Ok(()) => vec![format!("asked {}", hash(&[request.info()]))],
        Err(_) => Vec::new(),
    }
}

/// Good signatures of a CMS in any form, over its content or over one of the world's.
pub fn cms(bytes: &[u8]) -> Vec<String> {
    let Ok(der) = cms::decode_any(bytes) else { return Vec::new() };
    let attached = cms::attached_content(&der).ok().flatten();
    let candidates: Vec<&[u8]> = match attached {
        Some(content) => vec![content],
        None => world().contents.iter().map(Vec::as_slice).collect(),
    };
    let mut proofs = Vec::new();
    for content in candidates {
        let external = attached.is_none().then_some(External::Content(content));
        let Ok(report) = cms::verify(&der, external) else { continue };
        assert_eq!(report.form == Form::Attached, attached.is_some());
        if report.is_good() {
            proofs.extend(of_report(&report, &hash(&[content])));
        }
    }
    proofs
}

/// The good signatures of a report, and their good time stamps.
pub fn of_report(report: &cms::Report, content: &str) -> Vec<String> {
    let signers = report.signers.iter().filter(|signer| signer.is_good());
    signers
        .flat_map(|signer| {
            let certificate = signer.certificate.as_ref();
            let who = if signer.signing_certificate == Check::Good { holder(certificate) } else { key(certificate) };
            let stamps = signer.stamps.iter().filter_map(|stamp| stamp.verdict.as_ref().ok());
            let stamps: Vec<_> = stamps.map(|stamp| format!("{content} stamped {}", of_stamp(stamp))).collect();
            let signed = format!("{content} of type {} by {who} at {:?}", report.content_type, signer.signing_time);
            std::iter::once(signed).chain(stamps)
        })
        .collect()
}

fn of_stamp(stamp: &Stamp) -> String {
    let Stamp { time, nanoseconds, accuracy, policy, serial, nonce, .. } = stamp;
    let who = holder(Some(&stamp.authority));
    format!("{time:?} {nanoseconds} {accuracy:?} {policy} {} {nonce:?} {who}", serial.to_hex())
}

/// Time stamps for one of the world's documents: from a token, or from the response of a service.
pub fn stamp(bytes: &[u8]) -> Vec<String> {
    let response = tsp::Response::from_der(bytes).and_then(tsp::Response::into_token);
    let tokens = [tsp::Token::from_der(bytes), response];
    let mut proofs = Vec::new();
    for token in tokens.into_iter().flatten() {
        for content in &world().contents {
            if let Ok(stamp) = token.verify_with(Stamped::Data(content), &[]) {
                proofs.push(format!("{} stamped {}", hash(&[content]), of_stamp(&stamp)));
            }
        }
        // What the NCA's own token in the tests is for is not there, only its digest.
        let imprint = token.info().imprint.clone();
        if let Ok(stamp) = token.verify_with(Stamped::Digest(&imprint), &[]) {
            proofs.push(format!("digest {imprint:?} stamped {}", of_stamp(&stamp)));
        }
    }
    proofs
}

/// What a response says about the numbers of the world, of its authority or the NCA's.
pub fn ocsp(bytes: &[u8]) -> Vec<String> {
    let Ok(response) = Response::from_der(bytes) else { return Vec::new() };
    let then = Timestamp::from_utc(2022, 9, 2, 16, 59, 28).unwrap();
    let mut proofs = Vec::new();
    let authorities = std::iter::once(Authority::from(world().nca.authority()));
    for issuer in authorities.chain(world().anchors.iter().map(Authority::from)) {
        for serial in &world().serials() {
            for (nonce, time) in [(None, now()), (Some(NONCE), now()), (None, then)] {
                let question = Question { serial, issuer, nonce, freshness: Freshness::at(time) };
                if let Ok(answer) = response.verify(&question) {
                    let nonce = nonce.is_some();
                    proofs.push(format!("{} with nonce: {nonce}, at {time:?}: {answer:?}", serial.to_hex()));
                }
            }
        }
    }
    proofs
}

/// What a list says about the numbers of the world.
pub fn crl(bytes: &[u8]) -> Vec<String> {
    let authorities = std::iter::once(Authority::from(world().nca.authority()));
    let mut proofs = Vec::new();
    for issuer in authorities.chain(world().anchors.iter().map(Authority::from)) {
        let Ok(crl) = Crl::from_der(bytes) else { return Vec::new() };
        let Ok(verified) = crl.verify(issuer) else { continue };
        let crl = verified.crl();
        let head = format!("{:?} {:?} {:?} {:?}", crl.number(), crl.base(), crl.this_update(), crl.next_update());
        let found = world().serials().iter().map(|serial| verified.find(serial)).collect::<Vec<_>>();
        let covers = verified.covers(&world().person.certificate);
        proofs.push(format!("{head} {found:?} {covers} {}", verified.is_about_all_reasons()));
    }
    proofs
}

/// Good signatures of an XML document: the digests that they sign, and whether that is the document.
pub fn xml(bytes: &[u8]) -> Vec<String> {
    let Ok(report) = xmldsig::verify(bytes, &xmldsig::Options::default()) else { return Vec::new() };
    let good = report.signatures.iter().filter(|signature| signature.is_good());
    good.map(|signature| {
        let references = signature.references.iter().map(|reference| {
            let document = reference.covers.as_ref().is_some_and(xmldsig::Covers::is_document);
            format!("{:?} {:?} document: {document}", reference.digest_algorithm, reference.digest_value)
        });
        format!("{} by {}", references.collect::<Vec<_>>().join(", "), key(signature.certificate.as_ref()))
    })
    .collect()
}

/// Good signatures of a PDF, over the octets that their byte ranges name. What stands in the place of the signature may
/// only be the hexadecimal string.
pub fn pdf(bytes: &[u8]) -> Vec<String> {
    let Ok(report) = pades::verify(bytes) else { return Vec::new() };
    let mut proofs = Vec::new();
    for signature in report.signatures.iter().filter(|signature| signature.is_good()) {
        let [start, first, second, length] = signature.byte_range.unwrap();
        assert_eq!(start, 0);
        let end = second.checked_add(length).unwrap();
        let gap = bytes.get(first..second).unwrap();
        let hexadecimal = |octet: &u8| octet.is_ascii_hexdigit() || b"\0\t\n\x0c\r ".contains(octet);
        assert!(matches!(gap, [b'<', hex @ .., b'>'] if hex.iter().all(hexadecimal)), "something beside the value");
        if report.is_covered() && report.signatures.iter().all(|other| other.signed_end_is_at_most(end)) {
            assert!(bytes[end..].iter().all(|octet| b"\0\t\n\x0c\r ".contains(octet)), "unsigned octets at the end");
        }
        let signed = hash(&[&bytes[..first], &bytes[second..end]]);
        proofs.extend(of_report(signature.cms.as_ref().unwrap(), &signed));
    }
    proofs
}

trait SignedEnd {
    fn signed_end_is_at_most(&self, end: usize) -> bool;
}

impl SignedEnd for pades::SignatureReport {
    fn signed_end_is_at_most(&self, end: usize) -> bool {
        self.byte_range.is_some_and(|[_, _, start, length]| start.saturating_add(length) <= end)
    }
}
