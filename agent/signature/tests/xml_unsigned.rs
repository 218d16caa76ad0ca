//! A ds:Signature is no place for content that nobody signed: KeyInfo, ds:Object, and later signatures with either.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::person;
use pki::DigestAlgorithm::Streebog512;
use signature::xmldsig::{Form, Layout, Options, Problem, Remark, Report, digest_uri, sign, signature_uri, verify};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

fn report(document: &str) -> Report {
    verify(document.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn problems(document: &str) -> Vec<Problem> {
    let report = report(document);
    assert_eq!(report.problems, []);
    report.signatures.into_iter().flat_map(|signature| signature.problems).collect()
}

fn enveloped(document: &str) -> String {
    let (_, person) = person();
    let form = Form::enveloped(Layout::Compact);
    String::from_utf8(sign(&*person.signer().unwrap(), document.as_bytes(), &form).unwrap()).unwrap()
}

/// Where the element begins that `problem` has to name.
fn at(document: &str, element: &str) -> Vec<Problem> {
    vec![Problem::UnsignedContent(document.find(element).unwrap())]
}

/// A signature whose references name elements of its own ds:Object, as RFC 3275 §2.0 calls enveloping. What is signed is
/// written in its canonical form here.
fn enveloping(object: &str, named: &[(&str, &str)]) -> String {
    let (_, person) = person();
    let signer = person.signer().unwrap();
    let reference = |(id, canonical): &(&str, &str)| {
        let digest = STANDARD.encode(Streebog512.digest(canonical.as_bytes()));
        format!(
            "<ds:Reference URI=\"#{id}\"><ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>",
            digest_uri(Streebog512).unwrap()
        )
    };
    let references: String = named.iter().map(reference).collect();
    let signed_info = format!(
        "<ds:CanonicalizationMethod Algorithm=\"{C14N}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>{references}</ds:SignedInfo>",
        signature_uri(signer.algorithm()).unwrap()
    );
    let canonical = format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">{signed_info}");
    let value = STANDARD.encode(signer.sign_digest(&Streebog512.digest(canonical.as_bytes())).unwrap());
    let certificate = STANDARD.encode(person.certificate.der());
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo>{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         {object}</ds:Signature>"
    )
}

fn with_an_object() -> String {
    let canonical = format!("<ds:Object xmlns:ds=\"{DSIG}\" Id=\"o\"><Order>1000</Order></ds:Object>");
    enveloping("<ds:Object Id=\"o\"><Order>1000</Order></ds:Object>", &[("o", &canonical)])
}

#[test]
fn key_info_holds_keys_and_certificates_and_nothing_else() {
    let xml = enveloped("<doc><sum>1000</sum></doc>");
    assert!(report(&xml).is_good());
    let evil = "<evil xmlns=\"\"><Order>9000</Order></evil>";
    for mark in ["</ds:KeyInfo>", "</ds:X509Data>", "<ds:X509Data>"] {
        let changed = xml.replace(mark, &format!("{evil}{mark}"));
        assert_eq!(problems(&changed), at(&changed, "<evil"), "{mark}");
    }
    let in_certificate = xml.replace("</ds:X509Certificate>", &format!("{evil}</ds:X509Certificate>"));
    let expected = [at(&in_certificate, "<evil"), vec![Problem::CertificateMissing]].concat();
    assert_eq!(problems(&in_certificate), expected);
    for inside in [
        "<ds:RetrievalMethod URI=\"#x\"/>",
        "<ds:KeyName>a<evil/></ds:KeyName>",
        "<ds:KeyValue><evil/></ds:KeyValue>",
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus><evil/></ds:Modulus></ds:RSAKeyValue></ds:KeyValue>",
        "<ds:X509Data><ds:X509IssuerSerial><evil/></ds:X509IssuerSerial></ds:X509Data>",
        "<ds:SignatureValue/>",
        "<X509Data/>",
        "<ds:Object/>",
        "<ds:X509Data>I agree</ds:X509Data>",
        "<ds:KeyValue><![CDATA[I agree]]></ds:KeyValue>",
        "<ds:KeyInfo/>",
    ] {
        let changed = xml.replace("</ds:KeyInfo>", &format!("{inside}</ds:KeyInfo>"));
        let named = if inside.contains("<evil") { "<evil" } else { inside };
        assert_eq!(problems(&changed), at(&changed, named), "{inside}");
    }
    for text in ["I agree<ds:X509Data>", "&#73;<ds:X509Data>", "<![CDATA[I]]><ds:X509Data>"] {
        let changed = xml.replace("<ds:X509Data>", text);
        assert_eq!(problems(&changed), at(&changed, "<ds:KeyInfo>"), "{text}");
    }
    // A signature inside of KeyInfo is content as well.
    let nested = xml.replace("</ds:KeyInfo>", "<ds:Signature><Order/></ds:Signature></ds:KeyInfo>");
    assert!(problems(&nested).contains(&at(&nested, "<ds:Signature><Order/>")[0]));
}

#[test]
fn what_other_tools_write_into_key_info_is_accepted() {
    let xml = enveloped("<doc/>");
    let wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    for inside in [
        "<ds:KeyName>CN=X</ds:KeyName>",
        "\r\n<ds:KeyValue>\n<ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>\
         </ds:RSAKeyValue></ds:KeyValue>",
        "<ds:KeyValue><e:ECKeyValue xmlns:e=\"http://www.w3.org/2009/xmldsig11#\"><e:NamedCurve URI=\"urn:oid:1\"/>\
         <e:PublicKey>BA==</e:PublicKey></e:ECKeyValue></ds:KeyValue>",
        "<ds:X509Data><ds:X509SubjectName>CN=X</ds:X509SubjectName><ds:X509SKI>AA==</ds:X509SKI><ds:X509IssuerSerial>\
         <ds:X509IssuerName>CN=Y</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>\
         </ds:X509Data>",
        &format!(
            "<w:SecurityTokenReference xmlns:w=\"{wsse}\"><ds:X509Data><ds:X509IssuerSerial>\
             <ds:X509IssuerName>CN=Y</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber>\
             </ds:X509IssuerSerial></ds:X509Data></w:SecurityTokenReference>"
        ),
    ] {
        let changed = xml.replace("</ds:KeyInfo>", &format!("{inside}</ds:KeyInfo>"));
        assert_eq!(problems(&changed), [], "{inside}");
    }
}

#[test]
fn an_object_that_no_reference_names_is_not_accepted() {
    let xml = enveloped("<doc/>");
    for object in
        ["<ds:Object>I agree</ds:Object>", "<ds:Object/>", "<ds:Object Id=\"o\"><Order>9000</Order></ds:Object>"]
    {
        let changed = xml.replace("</ds:Signature>", &format!("{object}</ds:Signature>"));
        assert_eq!(problems(&changed), at(&changed, "<ds:Object"), "{object}");
        assert_eq!(report(&changed).signatures[0].remarks, [Remark::Object]);
    }
    // Properties that nobody signed are no better.
    let properties =
        format!("<q:QualifyingProperties xmlns:q=\"{XADES}\"><q:SignedProperties/></q:QualifyingProperties>");
    let changed = xml.replace("</ds:Signature>", &format!("<ds:Object>{properties}</ds:Object></ds:Signature>"));
    assert_eq!(problems(&changed), at(&changed, "<ds:Object"));
}

#[test]
fn an_object_that_a_reference_names_is_signed() {
    let xml = with_an_object();
    assert!(report(&xml).is_good(), "{:#?}", report(&xml));
    assert!(!report(&xml).signatures[0].covers_document());
    let other = xml.replace("1000", "9000");
    assert_eq!(problems(&other), [vec![Problem::DigestMismatch(0)], at(&other, "<ds:Object")].concat());
    // A second one.
    let more = xml.replace("</ds:Signature>", "<ds:Object>9000</ds:Object></ds:Signature>");
    assert_eq!(problems(&more), at(&more, "<ds:Object>9000"));
    // The element that is named, moved into an Object that is not.
    let canonical = format!("<Order xmlns:ds=\"{DSIG}\" Id=\"o\">1000</Order>");
    let moved = enveloping("<ds:Object><Order Id=\"o\">1000</Order></ds:Object>", &[("o", &canonical)]);
    assert_eq!(problems(&moved), at(&moved, "<ds:Object"));
}

#[test]
fn signed_properties_of_xades_are_signed_where_they_are_all_there_is() {
    let inside = "<q:SigningTime>2026-11-23T09:30:00Z</q:SigningTime></q:SignedProperties>";
    let canonical = format!("<q:SignedProperties xmlns:ds=\"{DSIG}\" xmlns:q=\"{XADES}\" Id=\"p\">{inside}");
    let object = format!(
        "<ds:Object>\n<q:QualifyingProperties xmlns:q=\"{XADES}\">\n<q:SignedProperties Id=\"p\">{inside}\
         </q:QualifyingProperties></ds:Object>"
    );
    let xml = enveloping(&object, &[("p", &canonical)]);
    assert!(report(&xml).is_good(), "{:#?}", report(&xml));
    for (mark, content) in [
        ("</ds:Object>", "<Order>9000</Order>"),
        ("</ds:Object>", "9000"),
        ("</q:QualifyingProperties>", "<q:UnsignedProperties><Order>9000</Order></q:UnsignedProperties>"),
        ("</q:QualifyingProperties>", "<![CDATA[9000]]>"),
        ("</q:QualifyingProperties>", "<q:SignedProperties/>"),
        ("</q:QualifyingProperties>", "<SignedProperties/>"),
    ] {
        let changed = xml.replace(mark, &format!("{content}{mark}"));
        assert_eq!(problems(&changed), at(&changed, "<ds:Object"), "{content}");
    }
}

#[test]
fn a_later_signature_brings_no_content_into_what_an_earlier_one_covers() {
    let once = enveloped("<doc><sum>1000</sum></doc>");
    let add = |later: &str| once.replace("</doc>", &format!("{later}</doc>"));
    // Its own maker signed it, whoever that is; the earlier signer did not.
    let later = add(&with_an_object());
    let found = report(&later);
    assert_eq!(found.signatures[0].problems, [Problem::LaterContent(1)]);
    assert!(found.signatures[1].is_good() && !found.is_good());
    // A good later signature with content in its KeyInfo.
    let twice = enveloped(&once);
    assert!(report(&twice).is_good());
    let place = twice.rfind("</ds:KeyInfo>").unwrap();
    let changed = format!("{}<evil/>{}", &twice[..place], &twice[place..]);
    assert_eq!(problems(&changed), [vec![Problem::LaterSignature(1)], at(&changed, "<evil")].concat());
}
