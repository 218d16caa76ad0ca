//! The independent verifier of the shared material judges the XML that is signed here (see `oracle.rs`).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::ffi::OsString;

use common::documents::documents;
use common::person;
use nca_material::Oracle;
use pki::Certificate;
use serde_json::Value;
use signature::cms::to_base64;
use signature::xmldsig::{Form, Layout, Options, Problem, sign, sign_soap, verify};

fn judged(oracle: &Oracle, xml: &[u8], ca: &[&Certificate]) -> (i32, Value) {
    let mut arguments: Vec<OsString> = vec!["xml".into(), oracle.write("signed.xml", xml).into(), "--json".into()];
    arguments.push("--ca".into());
    for (index, certificate) in ca.iter().enumerate() {
        arguments.push(oracle.write(&format!("ca{index}.cer"), certificate.der()).into());
    }
    oracle.run(arguments)
}

#[test]
fn what_is_made_here_passes_the_independent_verifier() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let ca = [nca.root(), nca.authority()];
    let by_id = |layout| Form::from_xpaths(layout, "//*[@Id='part']", "//sign").unwrap();
    let inside = Form::from_xpaths(Layout::Lines, "//*[@Id='part']", "//*[@Id='part']").unwrap();
    let document = "<r xmlns='urn:r' xmlns:p='urn:p' xml:lang='kk'>\r\n<p:a Id='part' b='&#10;&lt;'>мәтін&#13;\r\n<![CDATA[<]]>\
                    <!-- c --><?pi x?></p:a><sign/></r>";
    for (form, compact) in [
        (Form::enveloped(Layout::Lines), false),
        (Form::enveloped(Layout::Compact), true),
        (by_id(Layout::Lines), false),
        (by_id(Layout::Compact), true),
        (inside, false),
    ] {
        let once = sign(&*signer, document.as_bytes(), &form).unwrap();
        let (code, report) = judged(&oracle, &once, &ca);
        assert_eq!(code, 0, "{form:?} {report:#}");
        assert_eq!(report["problems"], serde_json::json!([]));
        let signature = &report["signatures"][0];
        assert_eq!(signature["layout"]["compact"], compact, "{signature:#}");
        assert_eq!(signature["layout"]["carriageReturns"], false);
        assert_eq!(report["declaration"], "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>");
        // And once more, over what carries a signature.
        let twice = sign(&*signer, &once, &Form::enveloped(Layout::Lines)).unwrap();
        let (code, report) = judged(&oracle, &twice, &ca);
        assert_eq!((code, report["signatures"].as_array().unwrap().len()), (0, 2), "{report:#}");
    }
}

#[test]
fn a_soap_message_passes_with_its_certificate_given() {
    let Some(oracle) = Oracle::find() else { return };
    let (_, person) = person();
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    let message = format!("<s:Envelope xmlns:s='{soap}'><s:Header/><s:Body>мәтін</s:Body></s:Envelope>");
    let signed = sign_soap(&*person.signer().unwrap(), message.as_bytes()).unwrap();
    let certificate = oracle.write("signer.cer", person.certificate.der());
    let file = oracle.write("signed.xml", &signed);
    let (code, report) = oracle.run(["xml".into(), file, "--json".into(), "--cert".into(), certificate]);
    assert_eq!(code, 0, "{report:#}");
}

#[test]
fn a_security_token_beside_the_signature_is_found() {
    let (_, person) = person();
    let namespace = |name| format!("http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-{name}-1.0.xsd");
    let (wsse, wsu) = (namespace("secext"), namespace("utility"));
    let message = format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Header><wsse:Security xmlns:wsse='{wsse}' \
         xmlns:wsu='{wsu}'><wsse:BinarySecurityToken wsu:Id='token'>{}</wsse:BinarySecurityToken></wsse:Security>\
         </s:Header><s:Body wsu:Id='body' xmlns:wsu='{wsu}'>мәтін</s:Body></s:Envelope>",
        to_base64(person.certificate.der())
    );
    let signed = String::from_utf8(sign_soap(&*person.signer().unwrap(), message.as_bytes()).unwrap()).unwrap();
    // Nothing in KeyInfo is signed: it may as well name the token.
    let key_info = signed.find("<ds:KeyInfo>").unwrap()..signed.find("</ds:KeyInfo>").unwrap();
    let reference = format!(
        "<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse='{wsse}'><wsse:Reference URI='#token'/>\
         </wsse:SecurityTokenReference>"
    );
    let signed = signed.replace(&signed[key_info], &reference);
    let report = verify(signed.as_bytes(), &Options::default()).unwrap();
    assert!(report.is_good(), "{report:#?}");
    assert_eq!(report.signatures[0].certificate.as_ref(), Some(&person.certificate));
    let missing = verify(signed.replace("#token", "#other").as_bytes(), &Options::default()).unwrap();
    assert_eq!(missing.signatures[0].problems, [Problem::CertificateMissing]);
    let Some(oracle) = Oracle::find() else { return };
    let file = oracle.write("signed.xml", signed.as_bytes());
    let (code, report) = oracle.run(["xml".into(), file, "--json".into()]);
    assert_eq!((code, &report["signatures"][0]["keySource"]), (0, &Value::from("BinarySecurityToken")), "{report:#}");
}

#[test]
fn generated_documents_are_judged_alike() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let ca = [nca.root(), nca.authority()];
    for (number, document) in documents(6).into_iter().enumerate() {
        // Its parser refuses an identifier that stands twice, which generated documents have.
        let document = document.replace("xml:id", "xml:x");
        let layout = if number % 2 == 0 { Layout::Lines } else { Layout::Compact };
        let signed = sign(&*signer, document.as_bytes(), &Form::enveloped(layout)).unwrap();
        let (code, report) = judged(&oracle, &signed, &ca);
        assert_eq!(code, 0, "{document:?} {report:#}");
        let mut spoiled = signed;
        let place = spoiled.windows(4).position(|window| window == b"<ds:").unwrap();
        let insertion = b"<added/>";
        spoiled.splice(place..place, insertion.iter().copied());
        assert_eq!(judged(&oracle, &spoiled, &ca).0, 1);
        assert!(!verify(&spoiled, &Options::default()).unwrap().is_good());
    }
}
