//! What is not accepted: every octet that is signed, and every way to have one element signed and another one read.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::sync::LazyLock;

use common::documents::documents;
use common::person;
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError};
use proptest::prelude::*;
use signature::cms::Check;
use signature::xmldsig::xml::XmlErrorKind;
use signature::xmldsig::{Form, Layout, Options, Problem, Remark, Report, sign, sign_soap, verify};

fn report(document: &str) -> Report {
    verify(document.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn problems(document: &str) -> Vec<Problem> {
    let report = report(document);
    assert!(!report.is_good(), "{document}");
    report.problems.into_iter().chain(report.signatures.into_iter().flat_map(|signature| signature.problems)).collect()
}

fn signed(document: &str, form: &Form) -> String {
    let (_, person) = person();
    String::from_utf8(sign(&*person.signer().unwrap(), document.as_bytes(), form).unwrap()).unwrap()
}

fn enveloped(document: &str) -> String {
    signed(document, &Form::enveloped(Layout::Compact))
}

fn by_id() -> String {
    let form = Form::from_xpaths(Layout::Compact, "//body", "//sign").unwrap();
    signed("<doc><body Id=\"b1\"><sum>1000</sum></body><sign/></doc>", &form)
}

/// The ds:Signature, taken out.
fn signature(document: &str) -> &str {
    let end = document.rfind("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    &document[document.find("<ds:Signature").unwrap()..end]
}

#[test]
fn a_document_without_a_signature_is_not_good() {
    assert_eq!(problems("<a/>"), [Problem::NoSignature]);
    assert_eq!(problems("<a><Signature/></a>"), [Problem::NoSignature]);
}

#[test]
fn a_changed_document_is_bad_and_the_report_says_which_reference() {
    let xml = enveloped("<doc><sum>1000</sum></doc>").replace("1000", "9000");
    assert_eq!(problems(&xml), [Problem::DigestMismatch(0)]);
    let signature = &report(&xml).signatures[0];
    // The signature over SignedInfo itself still holds.
    assert_eq!((signature.signature, signature.references[0].digest), (Check::Good, Check::Bad));
}

#[test]
fn an_identifier_names_exactly_one_element() {
    let xml = by_id();
    assert!(report(&xml).is_good());
    let repeated = Problem::IdRepeated("b1".to_owned());
    for other in ["<body Id='b1'/>", "<x ID='b1'/>", "<x id='b1'/>", "<x xml:id='b1'/>"] {
        assert_eq!(problems(&xml.replace("<sign>", &format!("{other}<sign>"))), std::slice::from_ref(&repeated));
        // Inside of the signature just so, in an Object or in KeyInfo.
        let object = format!("<ds:Object>{other}</ds:Object></ds:Signature>");
        assert_eq!(problems(&xml.replace("</ds:Signature>", &object))[0], repeated);
        let key_info = format!("{other}</ds:KeyInfo>");
        assert_eq!(problems(&xml.replace("</ds:KeyInfo>", &key_info))[0], repeated);
    }
    assert_eq!(problems(&xml.replace("Id=\"b1\"", "")), [Problem::IdMissing("b1".to_owned())]);
}

#[test]
fn a_signed_element_that_was_moved_away_is_reported_where_it_is() {
    let xml = by_id();
    // The classic wrapping: the signed element goes where nobody looks, a forged one takes its place.
    let body = "<body Id=\"b1\"><sum>1000</sum></body>";
    let forged = "<body><sum>9000</sum></body>";
    let wrapped =
        xml.replace(body, forged).replace("</ds:Signature>", &format!("<ds:Object>{body}</ds:Object></ds:Signature>"));
    let report = report(&wrapped);
    // The octets are those that were signed; who reads /doc/body has to see that it is not what is covered.
    let covers = report.signatures[0].references[0].covers.clone().unwrap();
    assert_eq!(covers.path, "/doc/sign/ds:Signature/ds:Object/body");
    assert_eq!(&wrapped[covers.element.clone().unwrap()], body);
    assert!(!covers.is_document() && !report.signatures[0].covers_document());
    assert_eq!(report.signatures[0].remarks, [Remark::Object]);
    // And nobody signed that an Object is there.
    assert!(problems(&wrapped).contains(&Problem::UnsignedContent(wrapped.find("<ds:Object>").unwrap())));
}

#[test]
fn what_is_not_signed_has_no_place_in_a_signature() {
    let xml = enveloped("<doc/>");
    for (mark, inserted, place) in [
        ("<ds:SignedInfo>", "text<ds:SignedInfo>", "Signature"),
        ("</ds:Signature>", "<x/></ds:Signature>", "Signature"),
        ("</ds:Signature>", "<ds:KeyInfo/></ds:Signature>", "Signature"),
        ("<ds:KeyInfo>", "<ds:SignedInfo/><ds:KeyInfo>", "Signature"),
        ("</ds:SignatureValue>", "<x/></ds:SignatureValue>", "SignatureValue"),
        ("</ds:SignatureValue>", "!</ds:SignatureValue>", "SignatureValue"),
        ("</ds:SignedInfo>", "<x/></ds:SignedInfo>", "SignedInfo"),
        ("</ds:DigestValue>", "</ds:DigestValue><x/>", "Reference"),
    ] {
        assert_eq!(problems(&xml.replace(mark, inserted)), [Problem::Malformed(place)], "{inserted}");
    }
    // White space is no content.
    assert!(report(&xml.replace("<ds:KeyInfo>", "\r\n<ds:KeyInfo>\t")).is_good());
}

#[test]
fn only_plain_references_and_transforms_are_followed() {
    let xml = enveloped("<doc/>");
    for uri in [
        "http://example.kz/a.xml",
        "file:///etc/passwd",
        "#xpointer(/)",
        "#xpointer(id('b'))",
        "other.xml#b",
        "#",
        "#a%20b",
    ] {
        let changed = xml.replace("URI=\"\"", &format!("URI=\"{uri}\""));
        assert!(problems(&changed).contains(&Problem::Reference(uri.to_owned())), "{uri}");
    }
    assert!(problems(&xml.replace(" URI=\"\"", "")).contains(&Problem::Reference(String::new())));
    for transform in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ] {
        let added = format!("<ds:Transform Algorithm=\"{transform}\"/></ds:Transforms>");
        let changed = xml.replace("</ds:Transforms>", &added);
        assert!(problems(&changed).contains(&Problem::Transform(transform.to_owned())), "{transform}");
    }
    let unknown = xml.replace(
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001",
        "<ds:CanonicalizationMethod Algorithm=\"x",
    );
    assert!(matches!(problems(&unknown)[..], [Problem::Canonicalization(_)]));
    let method = "xmlsec:algorithms:gostr34102015-gostr34112015-";
    assert!(matches!(
        problems(&xml.replace(&format!("{method}512"), &format!("{method}256")))[..],
        [Problem::NotChecked(_)]
    ));
    assert!(matches!(problems(&xml.replace(&format!("{method}512"), "x"))[..], [Problem::UnknownSignature(_)]));
    let digest = xml.replace("algorithms:gostr34112015-512", "algorithms:gostr34112015-1");
    assert!(matches!(problems(&digest)[..], [Problem::UnknownDigest(_), Problem::Signature(_)]));
}

#[test]
fn an_earlier_signature_is_no_better_than_what_was_added_after_it() {
    let once = enveloped("<doc><sum>1000</sum></doc>");
    let junk =
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:Object>9000</ds:Object></ds:Signature>";
    let later = once.replace("</doc>", &format!("{junk}</doc>"));
    assert_eq!(problems(&later), [Problem::LaterSignature(1), Problem::Malformed("SignedInfo")]);
    // Two signatures, and one octet of the document changed afterwards.
    let twice = enveloped(&once);
    assert!(report(&twice).is_good());
    assert_eq!(problems(&twice.replace("1000", "9000")), [Problem::DigestMismatch(0), Problem::DigestMismatch(0)]);
    // The later one taken out again: the earlier one is as it was.
    let second = signature(&twice).split_at(signature(&twice).rfind("<ds:Signature ").unwrap()).1;
    let report = report(&twice.replace(second, ""));
    assert!(report.is_good() && report.signatures.len() == 1);
    // The earlier one taken out: the later one had signed it.
    let first = signature(&once);
    assert_eq!(problems(&twice.replace(first, "")), [Problem::DigestMismatch(0)]);
}

#[test]
fn a_signature_of_another_document_is_bad() {
    let (one, other) = (enveloped("<doc>one</doc>"), enveloped("<doc>other</doc>"));
    let swapped = one.replace(signature(&one), signature(&other));
    assert_eq!(problems(&swapped), [Problem::DigestMismatch(0)]);
    // Its value under another SignedInfo.
    let value = |xml: &str| {
        let start = xml.find("<ds:SignatureValue>").unwrap();
        xml[start..xml.find("</ds:SignatureValue>").unwrap()].to_owned()
    };
    let swapped = one.replace(&value(&one), &value(&other));
    assert_eq!(problems(&swapped), [Problem::Signature(pki::VerifyError::Mismatch)]);
}

#[test]
fn the_certificate_comes_from_key_info_and_nothing_else_is_believed() {
    let xml = enveloped("<doc/>");
    let start = xml.find("<ds:KeyInfo>").unwrap();
    let key_info = &xml[start..xml.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len()];
    assert_eq!(problems(&xml.replace(key_info, "")), [Problem::CertificateMissing]);
    let (nca, person) = person();
    let head = nca.head().unwrap().certificate;
    let base64 = |certificate: &pki::Certificate| {
        certificate.to_pem().lines().filter(|line| !line.starts_with('-')).collect::<String>()
    };
    let other = xml.replace(&base64(&person.certificate), &base64(&head));
    assert_eq!(problems(&other), [Problem::Signature(pki::VerifyError::Mismatch)]);
    // Several certificates: the one whose key fits is the signer's, wherever it stands.
    let chain = xml.replace(
        "<ds:X509Certificate>",
        &format!("<ds:X509Certificate>{}</ds:X509Certificate><ds:X509Certificate>", base64(nca.authority())),
    );
    let report = report(&chain);
    assert!(report.is_good());
    assert_eq!(report.signatures[0].certificate.as_ref(), Some(&person.certificate));
    assert_eq!(report.signatures[0].certificates.len(), 2);
    // By issuer and number only, with certificates at hand.
    let serial = person.certificate.serial().to_decimal();
    let by_number = xml.replace(
        key_info,
        &format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=X</ds:X509IssuerName>\
             <ds:X509SerialNumber>{serial}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></ds:KeyInfo>"
        ),
    );
    assert_eq!(problems(&by_number), [Problem::CertificateMissing]);
    let at_hand = [head, person.certificate.clone()];
    let options = Options { id_attribute: None, certificates: &at_hand };
    assert!(verify(by_number.as_bytes(), &options).unwrap().is_good());
}

#[test]
fn comments_are_never_covered_and_the_report_says_so() {
    let xml = enveloped("<doc>1<!-- a -->0</doc>");
    assert_eq!(report(&xml).remarks, [Remark::Comments]);
    assert!(report(&xml.replace("<!-- a -->", "<!-- b -->")).is_good());
    assert!(report(&enveloped("<doc>10</doc>")).remarks.is_empty());
}

#[test]
fn work_is_bounded() {
    let many = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>".repeat(33);
    assert_eq!(problems(&format!("<a>{many}</a>")), [Problem::TooManySignatures]);
    let long = by_id().replace("#b1", &format!("#{}", "b".repeat(5000)));
    assert_eq!(problems(&long), [Problem::Malformed("Signature")]);
    let form = Form::from_xpaths(Layout::Compact, "//*[@Id]", "").unwrap();
    let deep = signed(&format!("{}<a Id='1'/>{}", "<abcdefgh>".repeat(1000), "</abcdefgh>".repeat(1000)), &form);
    let path = report(&deep).signatures[0].references[0].covers.clone().unwrap().path;
    assert!(path.starts_with("/…/abcdefgh/") && path.ends_with("/abcdefgh/a") && path.len() < 4200);
    // A hundred thousand attributes that an element has from around it.
    let tag = |depth: usize| (0..100).map(|number| format!(" xml:a{depth}-{number}=''")).collect::<String>();
    let open: String = (0..1000).map(|depth| format!("<a{}>", tag(depth))).collect();
    let inherited = signed(&format!("{open}<b Id='1'/>{}", "</a>".repeat(1000)), &form);
    assert!(report(&inherited).is_good());
    let limit = |document: String| verify(document.as_bytes(), &Options::default()).unwrap_err().kind;
    assert_eq!(limit("<a>".repeat(200_000)), XmlErrorKind::TooDeep);
    let attributes: String = (0..200_000).map(|number| format!(" a{number}=''")).collect();
    assert_eq!(limit(format!("<a{attributes}/>")), XmlErrorKind::TooManyAttributes);
    let namespaces: String = (0..3000).map(|number| format!("<a xmlns:p{number}='urn:{number}'/>")).collect();
    assert_eq!(limit(format!("<a>{namespaces}</a>")), XmlErrorKind::TooManyNamespaces);
    assert_eq!(limit(format!("<a xmlns='urn:{}'/>", "x".repeat(9000))), XmlErrorKind::LongNamespace);
    assert_eq!(limit("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".to_owned()), XmlErrorKind::Doctype);
    assert_eq!(limit("<a>&b;</a>".to_owned()), XmlErrorKind::Entity);
}

static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| by_id().into_bytes());
static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| person().1.certificate);

proptest! {
    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), place: usize, length in 0_usize..40) {
        let _ = verify(&bytes, &Options::default());
        // Anything in the place of anything in a signed document.
        let mut xml = SIGNED.clone();
        let start = place % xml.len();
        xml.splice(start..(start + length).min(xml.len()), bytes);
        let _ = verify(&xml, &Options::default());
        let _ = sign(&Gone(CERTIFICATE.clone()), &xml, &Form::enveloped(Layout::Lines));
        let _ = sign_soap(&Gone(CERTIFICATE.clone()), &xml);
    }

    #[test]
    fn no_expression_makes_it_panic(xpath in "[a/@\\[\\]'\"=*()қ -]{0,20}") {
        if let Ok(form) = Form::from_xpaths(Layout::Lines, &xpath, &xpath) {
            let signed = sign(&Gone(CERTIFICATE.clone()), b"<a a='a'><a/></a>", &form);
            assert!(signed.is_err());
        }
    }
}

/// A signer whose token was taken out.
struct Gone(Certificate);

impl Signer for Gone {
    fn certificate(&self) -> &Certificate {
        &self.0
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Gost512
    }

    fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
        Err(SignerError::Gone)
    }
}

/// Kinds and places of what is wrong, in a document of one line.
#[test]
fn an_error_says_what_and_where() {
    use XmlErrorKind::*;
    for (xml, kind, offset) in [
        ("", End, 0),
        ("   ", End, 3),
        ("<a>", End, 3),
        ("<a", End, 2),
        ("<a b='", End, 6),
        ("<a><!-- ", End, 8),
        ("<a><![CDATA[ ]]", End, 15),
        ("<a/>text", OutsideRoot, 4),
        ("<a/><a/>", OutsideRoot, 4),
        ("&#32;<a/>", OutsideRoot, 0),
        ("<![CDATA[]]><a/>", OutsideRoot, 0),
        ("<a></b>", EndTag, 3),
        ("</a>", EndTag, 0),
        ("<a b='1' b='2'/>", DuplicateAttribute, 9),
        ("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", DuplicateAttribute, 42),
        ("<a xmlns='urn:x' xmlns='urn:y'/>", DuplicateAttribute, 3),
        ("<p:a/>", UnboundPrefix, 0),
        ("<a p:b=''/>", UnboundPrefix, 3),
        ("<a xmlns:p=''/>", NamespaceDeclaration, 3),
        ("<a xmlns:xml='urn:x'/>", NamespaceDeclaration, 3),
        ("<a xmlns:xmlns='urn:x'/>", NamespaceDeclaration, 3),
        ("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", NamespaceDeclaration, 3),
        ("<a>]]></a>", Expected("no ]]> in text"), 3),
        ("<a><!-- -- --></a>", Expected("no -- in a comment"), 10),
        ("<a b='<'/>", Expected("no < in an attribute"), 6),
        ("<a b=1/>", Expected("a quotation mark"), 5),
        ("<a b/>", Expected("="), 4),
        ("<a b='1'c='2'/>", Expected("white space, > or />"), 8),
        ("< a/>", Expected("a name"), 1),
        ("<1/>", Expected("a name"), 1),
        ("<a><?xml version='1.0'?></a>", Expected("another target than xml"), 5),
        (" <?xml version='1.0'?><a/>", Expected("another target than xml"), 3),
        ("<?xml encoding='utf-8'?><a/>", Expected("version"), 5),
        ("<?xml version='1.1'?><a/>", Version, 15),
        ("<?xml version='1.0' standalone='maybe'?><a/>", Expected("\"yes\" or \"no\""), 32),
        ("<a>&amp</a>", Reference, 3),
        ("<a>&</a>", Reference, 3),
        ("<a>&#xD800;</a>", Reference, 3),
        ("<a b='&#0;'/>", Reference, 6),
        ("<a>\u{B}</a>", Character, 3),
        ("<a>\u{FFFF}</a>", Character, 3),
        ("<a><!ELEMENT a></a>", Expected("markup"), 3),
    ] {
        let error = verify(xml.as_bytes(), &Options::default()).unwrap_err();
        assert_eq!((error.kind, error.offset), (kind, offset), "{xml}");
        assert_eq!((error.line, error.column), (1, offset + 1), "{xml}");
    }
}

#[test]
fn generated_documents_are_signed_and_a_changed_one_is_not_accepted() {
    for (number, document) in documents(200).into_iter().enumerate() {
        let xml = enveloped(&document);
        assert!(report(&xml).is_good(), "{document:?}");
        // One more white space in text, one more attribute, one less element: a canonical form has them all.
        let place = xml.find("<ds:Signature").unwrap();
        let inserted = ["x", " ", "<x/>", "<?p?>", "&#13;"][number % 5];
        let changed = format!("{}{inserted}{}", &xml[..place], &xml[place..]);
        assert_eq!(problems(&changed), [Problem::DigestMismatch(0)], "{document:?}");
    }
}
