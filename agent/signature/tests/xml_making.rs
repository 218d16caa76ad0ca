//! What is made of XML: byte for byte what others make, in their layouts, over the document's own octets.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Recorded, person, shared};
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError, pem};
use signature::xmldsig::{
    Form, Layout, Options, Problem, Report, Role, Selector, SignError, Signed, sign, sign_soap, verify,
};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>";

fn made(document: &str, form: &Form) -> Result<String, SignError> {
    let (_, person) = person();
    sign(&*person.signer().unwrap(), document.as_bytes(), form).map(|octets| String::from_utf8(octets).unwrap())
}

fn report(document: &str) -> Report {
    verify(document.as_bytes(), &Options::default()).unwrap()
}

/// Text between two marks.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    let start = text.find(before).unwrap() + before.len();
    &text[start..start + text[start..].find(behind).unwrap()]
}

/// What a file of the NCA's tools was before, and a signer that makes its signature again.
fn recorded(name: &str, algorithm: SignatureAlgorithm) -> Option<(String, Recorded)> {
    let path = shared()?.join("fixtures/nca/xml").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let base64 = |element: &str| {
        let digits = between(&text, &format!("<ds:{element}>"), &format!("</ds:{element}>")).replace("&#13;", "");
        pem::decode_base64(digits.as_bytes()).unwrap()
    };
    let certificate = Certificate::from_der(&base64("X509Certificate")).unwrap();
    let signature = base64("SignatureValue");
    Some((text.clone(), Recorded { certificate, algorithm, signature }))
}

#[test]
fn kalkan_makes_the_same_bytes() {
    let Some((theirs, signer)) = recorded("gost2004-enveloped.xml", SignatureAlgorithm::Gost2004) else { return };
    let ours = sign(&signer, b"<root><name>NCANode</name></root>", &Form::enveloped(Layout::Lines)).unwrap();
    // Its program wrote the declaration by another way.
    assert_eq!(String::from_utf8(ours).unwrap(), theirs.replace("encoding=\"utf-8\"", "encoding=\"UTF-8\""));
}

#[test]
fn the_recorded_digest_is_made() {
    // ncalayer-protocol 14.3, of another algorithm: the digest depends on the canonical form alone.
    let xml = made("<tag>data</tag>", &Form::enveloped(Layout::Lines)).unwrap();
    assert!(xml.starts_with(&format!("{DECLARATION}<tag>data<ds:Signature xmlns:ds=")), "{xml}");
    assert!(xml.ends_with("</ds:KeyInfo>\n</ds:Signature></tag>"));
    let digest = between(&xml, "<ds:DigestValue>", "</ds:DigestValue>");
    let expected = pki::DigestAlgorithm::Streebog512.digest(b"<tag>data</tag>");
    assert_eq!(pem::decode_base64(digest.as_bytes()).unwrap(), expected);
    assert!(digest.contains('\n') && !xml.contains('\r') && !xml.contains("&#"));
}

#[test]
fn the_layouts_are_lines_and_compact() {
    let lines = made("<a/>", &Form::enveloped(Layout::Lines)).unwrap();
    let inside = between(&lines, "#\">", "</ds:Signature>");
    for line in inside.lines().filter(|line| !line.starts_with('<')) {
        assert!(line.len() <= 76, "{line}");
    }
    let compact = made("<a/>", &Form::enveloped(Layout::Compact)).unwrap();
    assert!(!compact[DECLARATION.len()..].contains('\n') && !compact.contains("> <"));
    assert!(
        compact.starts_with(&format!("{DECLARATION}<a><ds:Signature ")) && compact.ends_with("</ds:Signature></a>")
    );
    for xml in [&lines, &compact] {
        let report = report(xml);
        assert!(report.is_good() && report.signatures[0].covers_document(), "{report:#?}");
        assert_eq!(report.signatures[0].references[0].covers.as_ref().unwrap().path, "/a");
    }
    // Both sign the same SignedInfo, but for the white space.
    assert_ne!(lines.replace('\n', ""), compact.replace('\n', ""), "signatures are randomised or over other octets");
}

#[test]
fn a_site_that_takes_white_space_between_elements_away_keeps_a_compact_signature() {
    let document = "<a>\n  <b>text</b>\n</a>";
    let strip = |xml: &str| {
        let signature = xml.find("<ds:").unwrap();
        xml[..signature].to_owned() + &xml[signature..].replace("\n", "")
    };
    let lines = made(document, &Form::enveloped(Layout::Lines)).unwrap();
    let compact = made(document, &Form::enveloped(Layout::Compact)).unwrap();
    assert!(report(&strip(&(compact[..compact.len() - 4].to_owned() + "</a>"))).is_good());
    assert!(!report(&strip(&lines)).is_good());
}

#[test]
fn the_documents_own_octets_stay() {
    let body = "<!-- before --><r  a='1'\r\n b = \"2\" xmlns:ds='urn:other'>\r\n<ds:x/>&#13;<![CDATA[<]]>\u{1F600}</r\n><!-- after -->\n";
    for front in [
        "",
        "\u{FEFF}",
        "<?xml version='1.0'?>\n\n",
        "\u{FEFF}<?xml version=\"1.0\" encoding='utf-8' standalone='yes' ?>",
    ] {
        let xml = made(&format!("{front}{body}"), &Form::enveloped(Layout::Lines)).unwrap();
        let signature = xml.find("<ds:Signature").unwrap();
        let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        assert_eq!(format!("{}{}", &xml[..signature], &xml[end..]), format!("{DECLARATION}{body}"));
        assert!(report(&xml).is_good());
    }
}

#[test]
fn an_element_is_signed_by_its_id() {
    let document = "<doc><a Id=\"part\"><x>1</x></a><b/></doc>";
    for (parent, path) in [("", "/doc"), ("/doc/b", "/doc/b"), ("//*[local-name()='b']", "/doc/b")] {
        let form = Form::from_xpaths(Layout::Lines, "//*[@Id='part']", parent).unwrap();
        let xml = made(document, &form).unwrap();
        assert!(xml.contains("<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"));
        let reference = between(&xml, "<ds:Reference ", "<ds:DigestMethod");
        let transform = "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments\"/>";
        assert_eq!(reference, format!("URI=\"#part\">\n<ds:Transforms>\n{transform}\n</ds:Transforms>\n"));
        let place = format!("<{}><ds:Signature ", path.rsplit('/').next().unwrap());
        assert_eq!(xml.contains(&place), path != "/doc", "{xml}");
        let report = report(&xml);
        assert!(report.is_good(), "{report:#?}");
        let covers = report.signatures[0].references[0].covers.clone().unwrap();
        assert!(!report.signatures[0].covers_document());
        assert_eq!((covers.path.as_str(), &xml[covers.element.unwrap()]), ("/doc/a", "<a Id=\"part\"><x>1</x></a>"));
    }
}

#[test]
fn kalkans_form_by_id_differs_only_in_line_ends() {
    let Some((theirs, signer)) = recorded("gost512-by-id.xml", SignatureAlgorithm::Gost512) else { return };
    let form = Form::from_xpaths(Layout::Lines, "//a", "/root").unwrap();
    let (_, person) = person();
    let ours = sign(&*person.signer().unwrap(), b"<root><a Id=\"part\"><x>1</x></a><b/></root>", &form).unwrap();
    let ours = String::from_utf8(ours).unwrap();
    let without = |text: &str| {
        let mut text = text.to_owned();
        for element in ["SignatureValue", "X509Certificate"] {
            let inside = between(&text, &format!("<ds:{element}>"), &format!("</ds:{element}>")).to_owned();
            text = text.replace(&inside, "");
        }
        text
    };
    assert_eq!(without(&ours), format!("{DECLARATION}{}", without(&theirs.replace("&#13;", ""))));
    assert_ne!(ours, theirs);
    // Over other line ends the recorded signature is none, and so does not leave.
    let refused = sign(&signer, b"<root><a Id=\"part\"><x>1</x></a><b/></root>", &form);
    assert_eq!(refused, Err(SignError::SelfCheck(Problem::Signature(pki::VerifyError::Mismatch))));
}

#[test]
fn a_signature_inside_of_what_it_signs_is_left_out_of_it() {
    let document = "<r xmlns='urn:r' xml:lang='kk'><a ID='x1'>1</a></r>";
    let form = Form::from_xpaths(Layout::Compact, "//a", "//a").unwrap();
    let xml = made(document, &form).unwrap();
    let covers = report(&xml).signatures[0].references[0].covers.clone().unwrap();
    assert!(report(&xml).is_good() && covers.without_itself);
    assert_eq!(covers.path, "/r/a");
    assert_eq!(xml.matches("<ds:Transform ").count(), 2);
}

#[test]
fn another_attribute_may_identify_the_element() {
    let document = "<r><a key='k-1'/><b/></r>";
    let signed = Signed::Element { selector: Selector::by_name("a"), id_attribute: Some("key".to_owned()) };
    let form = Form { layout: Layout::Lines, signed, parent: Some(Selector::by_name("b")) };
    let xml = made(document, &form).unwrap();
    let options = Options { id_attribute: Some("key"), certificates: &[] };
    assert!(verify(xml.as_bytes(), &options).unwrap().is_good());
    assert_eq!(report(&xml).signatures[0].problems, [Problem::IdMissing("k-1".to_owned())]);
}

#[test]
fn what_names_no_one_element_is_not_signed() {
    let document = "<r><a Id='1'/><a Id='2'/><b Id='2'/><c/><d Id='a b'/><e Id='9'/></r>";
    let form = |signed, parent| Form::from_xpaths(Layout::Lines, signed, parent).unwrap();
    for (signed, parent, error) in [
        ("//x", "", SignError::NoElement(Role::Signed)),
        ("//a", "", SignError::SeveralElements(Role::Signed)),
        ("//b", "", SignError::IdRepeated("2".to_owned())),
        ("//c", "", SignError::NoId),
        ("//d", "", SignError::NoId),
        ("//e", "//x", SignError::NoElement(Role::Parent)),
        ("", "//a", SignError::SeveralElements(Role::Parent)),
    ] {
        assert_eq!(made(document, &form(signed, parent)), Err(error), "{signed} {parent}");
    }
    assert!(made(document, &form("//e", "")).is_ok());
    assert!(Form::from_xpaths(Layout::Lines, "//a[1]", "").is_err());
}

#[test]
fn signatures_are_added_one_after_the_other() {
    let mut xml = "<doc><text>мәтін</text></doc>".to_owned();
    for count in 1..=4 {
        let layout = if count % 2 == 0 { Layout::Lines } else { Layout::Compact };
        xml = made(&xml, &Form::enveloped(layout)).unwrap();
        let report = report(&xml);
        assert!(report.is_good(), "{report:#?}");
        assert_eq!(report.signatures.len(), count);
        for (number, signature) in report.signatures.iter().enumerate() {
            let covers = signature.references[0].covers.as_ref().unwrap();
            // What came later is no part of it; what came earlier is.
            assert_eq!(covers.without_later, (number + 1..count).collect::<Vec<_>>());
        }
        assert_eq!(xml.matches("<?xml ").count(), 1);
    }
}

#[test]
fn xml_that_cannot_be_read_is_not_signed() {
    for document in ["", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "text", "<a>&nbsp;</a>", "<a xmlns='rel'/>"] {
        assert!(matches!(made(document, &Form::enveloped(Layout::Lines)), Err(SignError::Xml(_))), "{document}");
    }
    let SignError::Xml(error) = made("<tag>\n  <b></tag>", &Form::enveloped(Layout::Lines)).unwrap_err() else {
        panic!()
    };
    assert_eq!(error.to_string(), "line 2, column 6 (byte 11): the end tag does not belong to the open element");
}

#[test]
fn the_body_of_a_soap_message_is_signed_in_the_header() {
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    let wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    let wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    let (_, person) = person();
    let signer = person.signer().unwrap();
    for (message, path) in [
        (format!("<s:Envelope xmlns:s='{soap}'><s:Body><x/></s:Body></s:Envelope>"), "/s:Envelope/s:Body"),
        (format!("<s:Envelope xmlns:s='{soap}'><s:Header/><s:Body><x/></s:Body></s:Envelope>"), "/s:Envelope/s:Body"),
        (format!("<Envelope xmlns='{soap}'><Body Id='b'/></Envelope>"), "/Envelope/Body"),
        (
            format!(
                "<?xml version='1.0'?>\n<s:Envelope xmlns:s='{soap}' xmlns:wsu='urn:x'><s:Header><h/><w:Security \
                 xmlns:w='{wsse}'><w:T/></w:Security></s:Header>\n<s:Body a='1'>text</s:Body></s:Envelope>"
            ),
            "/s:Envelope/s:Body",
        ),
        (
            format!("<s:Envelope xmlns:s='{soap}' xmlns:u='{wsu}'><s:Body u:Id='body-1'>text</s:Body></s:Envelope>"),
            "/s:Envelope/s:Body",
        ),
    ] {
        let signed = String::from_utf8(sign_soap(&*signer, message.as_bytes()).unwrap()).unwrap();
        let report = report(&signed);
        assert!(report.is_good(), "{signed}\n{report:#?}");
        assert_eq!(report.signatures[0].certificate.as_ref(), Some(&person.certificate));
        let covers = report.signatures[0].references[0].covers.as_ref().unwrap();
        assert_eq!(covers.path, path);
        let security = signed.find("Security").unwrap();
        assert!(security < signed.find("<ds:Signature").unwrap() && signed.find("Header").unwrap() < security);
        assert_eq!(signed.starts_with("<?xml"), message.starts_with("<?xml"));
        // A second one goes beside the first.
        let twice = String::from_utf8(sign_soap(&*signer, signed.as_bytes()).unwrap()).unwrap();
        assert!(verify(twice.as_bytes(), &Options::default()).unwrap().is_good());
        assert_eq!(twice.matches(":Security>").count(), 1, "{twice}");
    }
    for message in
        ["<a/>".to_owned(), format!("<s:Envelope xmlns:s='{soap}'/>"), "<Envelope><Body/></Envelope>".to_owned()]
    {
        assert_eq!(sign_soap(&*signer, message.as_bytes()), Err(SignError::NoEnvelope));
    }
}

/// A signer whose signatures are spoiled on the way.
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
    let good = person.signer().unwrap();
    let other = nca.head().unwrap().certificate;
    let made = |certificate: &Certificate, algorithm, fault| {
        let faulty = Faulty { good: &*good, certificate: certificate.clone(), algorithm, fault };
        sign(&faulty, b"<a/>", &Form::enveloped(Layout::Lines)).map(drop)
    };
    let gost = SignatureAlgorithm::Gost512;
    let mismatch = Err(SignError::SelfCheck(Problem::Signature(pki::VerifyError::Mismatch)));
    assert_eq!(made(&person.certificate, gost, Ok), Ok(()));
    assert_eq!(made(&other, gost, Ok), mismatch);
    let reversed = |mut signature: Vec<u8>| {
        signature.reverse();
        Ok(signature)
    };
    assert_eq!(made(&person.certificate, gost, reversed), mismatch);
    assert_eq!(made(&person.certificate, gost, |_| Err(SignerError::Gone)), Err(SignError::Signer(SignerError::Gone)));
    let unknown = SignatureAlgorithm::Other(pki::oid::RSA);
    assert_eq!(made(&person.certificate, unknown, Ok), Err(SignError::Algorithm));
}
