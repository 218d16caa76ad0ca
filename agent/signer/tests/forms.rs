//! Every form of signature from an order: XML, bare values, CMS in a CMS; and what is refused before a window opens.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use nca_material::Oracle;
use order::{
    Content, Document, FailureCode, Form, HashName, KeyFilter, KeyUse, Notice, Outcome, SignTask, Task, Xml, XmlLayout,
    XmlPlace,
};
use pki::SignatureAlgorithm;
use script::{
    Home, PASSWORD, Script, agree, attached, cancel, content, decide, does, failure, questions, refused, said, sign,
    sign_as, signatures,
};
use signature::{
    cms, raw,
    xmldsig::{self, Options},
};
use signer::window::{Argument, Closer, Event, FormView, Question, Sentence, Share, StampView, Warning, What};
use std::ffi::OsString;

fn xml(layout: XmlLayout) -> Form {
    Form::Xml(Xml { layout, signed: None, id_attribute: None, parent: None })
}

fn part(signed: &str, parent: Option<&str>) -> Form {
    Form::Xml(Xml {
        layout: XmlLayout::Lines,
        signed: Some(XmlPlace::XPath(signed.to_owned())),
        id_attribute: None,
        parent: parent.map(|name| XmlPlace::Element(name.to_owned())),
    })
}

fn form_of(seen: &script::Seen) -> FormView {
    match &seen.view.as_ref().unwrap().question {
        Question::Sign { form, .. } => *form,
        other => panic!("{other:?}"),
    }
}

#[test]
fn xml_is_signed_inside_in_both_layouts_and_an_independent_verifier_agrees() {
    let mut home = Home::with_known_key();
    let oracle = Oracle::find();
    for (layout, is_compact) in [(XmlLayout::Lines, false), (XmlLayout::Compact, true)] {
        let document = "<root><name>Айгүл</name></root>".as_bytes();
        let mut person = Script::new(vec![decide(0, PASSWORD)]);
        let done = home.carry_out(Task::Sign(sign_as(content(document), xml(layout))), &mut person);
        let made = &signatures(&done)[0];
        assert_eq!(form_of(&person.seen), FormView::Xml);
        let report = xmldsig::verify(made, &Options::default()).unwrap();
        assert!(report.is_good() && report.signatures[0].covers_document(), "{report:?}");
        if let Some(oracle) = &oracle {
            let file = oracle.write("signed.xml", made);
            let authority = oracle.write("ca.cer", home.authority.der());
            let arguments: [OsString; 5] =
                ["xml".into(), file.into(), "--json".into(), "--ca".into(), authority.into()];
            let (code, report) = oracle.run(arguments);
            assert_eq!(code, 0, "{report:#}");
            assert_eq!(report["signatures"][0]["layout"]["compact"], is_compact);
        }
    }
}

#[test]
fn an_element_is_signed_by_its_path_and_the_signature_goes_where_the_page_says() {
    let mut home = Home::with_known_key();
    let document = b"<r><a Id='one'>x</a><b>y</b><s/></r>";
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let task = sign_as(content(document), part("//a[@Id='one']", Some("s")));
    let done = home.carry_out(Task::Sign(task), &mut person);
    let made = String::from_utf8(signatures(&done)[0].clone()).unwrap();
    assert!(made.contains("<s><ds:Signature"), "{made}");
    let report = xmldsig::verify(made.as_bytes(), &Options::default()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.signatures[0].references[0].covers.as_ref().unwrap().path, "/r/a");
}

#[test]
fn an_unfinished_document_is_refused_without_a_window_in_the_recorded_words() {
    let mut home = Home::with_known_key();
    let (code, detail) =
        refused(&mut home, Task::Sign(sign_as(content(b"<root><name>Ivan</name> "), xml(XmlLayout::Lines))));
    assert_eq!(code, FailureCode::Malformed);
    assert_eq!(
        detail,
        "org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 25; XML document structures must start and end within \
         the same entity."
    );
}

#[test]
fn what_cannot_be_signed_in_its_form_opens_no_window() {
    let mut home = Home::with_known_key();
    let digest = Document::Digest(vec![7; 64].into());
    for (document, form, expected) in [
        (content(b"text"), xml(XmlLayout::Lines), FailureCode::Malformed),
        (content(b"<a/>"), part("//b", None), FailureCode::Malformed),
        (content(b"<a/>"), part("//a[position()=1]", None), FailureCode::Malformed),
        (content(b"<a><b/></a>"), part("//b", None), FailureCode::Malformed),
        (digest, xml(XmlLayout::Lines), FailureCode::InvalidRequest),
        (Document::Cms(b"0\x03abc".to_vec().into()), attached(), FailureCode::Malformed),
        (Document::Cms(b"hello".to_vec().into()), attached(), FailureCode::Malformed),
    ] {
        let said = refused(&mut home, Task::Sign(sign_as(document, form)));
        assert_eq!(said.0, expected, "{}", said.1);
    }
    // One of many is enough.
    let mut task = sign_as(content(b"<a/>"), xml(XmlLayout::Lines));
    task.documents.push(content(b"<a>"));
    assert_eq!(refused(&mut home, Task::Sign(task)).0, FailureCode::Malformed);
}

#[test]
fn no_bare_value_is_made_over_the_heart_of_a_signature() {
    let mut home = Home::with_known_key();
    let info =
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:Reference URI=\"\"/></ds:SignedInfo>";
    let attributes = b"\x31\x0f\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x00";
    for document in [info.as_bytes(), attributes] {
        let said = refused(&mut home, Task::Sign(sign_as(content(document), Form::Raw)));
        assert_eq!(said.0, FailureCode::InvalidRequest, "{}", said.1);
    }
    // Invoices are signed so, and are read.
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let task = sign_as(content(b"<invoice><total>5</total></invoice>"), Form::Raw);
    signatures(&home.carry_out(Task::Sign(task), &mut person));
    assert_eq!(questions(&person.seen), ["sign"]);
}

/// What the window shows of the one document, and its lines as they are laid out: `+` before what is signed of a larger
/// document, `-` before what is not.
fn shown(home: &mut Home, document: &[u8], form: Form) -> (String, Vec<Warning>, Vec<String>) {
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(Task::Sign(sign_as(content(document), form)), &mut person);
    let view = person.seen.view.unwrap();
    let Question::Sign { documents, .. } = &view.question else { panic!() };
    let What::Xml(preview) = &documents[0].what else { panic!("{documents:?}") };
    let Closer::LaidOut(laid_out) = &documents[0].closer else { panic!("{documents:?}") };
    let mark = |share| match share {
        Share::Whole => "",
        Share::Signed => "+",
        Share::Beside => "-",
    };
    let lines = laid_out.lines.iter().map(|line| format!("{}{}", mark(line.share), line.text)).collect();
    (preview.text.clone(), view.warnings.clone(), lines)
}

#[test]
fn of_xml_the_window_shows_what_is_hashed() {
    let mut home = Home::with_known_key();
    let comment = "you only agree to the rules ".repeat(3300);
    let document = format!("<r><!--{comment}--><pay><![CDATA[1]]>&#48;0</pay></r><!--{comment}-->");
    let (text, warnings, lines) = shown(&mut home, document.as_bytes(), xml(XmlLayout::Lines));
    assert_eq!((text.as_str(), &warnings[..]), ("<r><pay>100</pay></r>", &[][..]));
    assert_eq!(lines, ["<r>", "  <pay>100</pay>", "</r>"]);
}

#[test]
fn of_a_signed_element_the_window_shows_that_element_and_says_so() {
    let mut home = Home::with_known_key();
    let document = b"<r><rules>harmless</rules><pay Id='one'>100</pay></r>";
    let (text, warnings, lines) = shown(&mut home, document, part("//pay", None));
    assert_eq!((text.as_str(), &warnings[..]), ("<pay Id=\"one\">100</pay>", &[Warning::PartOnly][..]));
    assert_eq!(lines, ["-<r>", "-  <rules>harmless</rules>", "+  <pay Id=\"one\">100</pay>", "-</r>"]);
}

#[test]
fn a_digest_with_a_key_for_logging_in_needs_a_yes_of_its_own_in_every_form() {
    let mut home = Home::with_known_key();
    let task = |key_use| {
        let filter = KeyFilter { key_use, ..KeyFilter::default() };
        Task::Sign(SignTask { filter, ..sign_as(Document::Digest(vec![7; 64].into()), attached()) })
    };
    for (key_use, expected) in
        [(Some(KeyUse::Authentication), "bare"), (Some(KeyUse::Signature), "sign"), (None, "sign")]
    {
        let mut no = Script::new(vec![cancel()]);
        assert_eq!(home.carry_out(task(key_use), &mut no).outcome, Outcome::Cancelled);
        assert_eq!(questions(&no.seen), [expected], "{key_use:?}");
    }
}

#[test]
fn a_bare_value_over_a_text_fits_the_text_and_needs_no_second_yes() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(Task::Sign(sign_as(content("Кіру: 42".as_bytes()), Form::Raw)), &mut person);
    assert_eq!((questions(&person.seen), form_of(&person.seen)), (vec!["sign"], FormView::Raw));
    let value = &signatures(&done)[0];
    let fits = |octets: &[u8]| {
        raw::verify(&home.certificate, SignatureAlgorithm::Gost512, raw::Content::Data(octets), value).is_ok()
    };
    assert!(fits("Кіру: 42".as_bytes()) && !fits("Кіру: 43".as_bytes()));
}

#[test]
fn a_bare_value_over_what_nobody_can_read_needs_a_yes_of_its_own_every_time() {
    let mut home = Home::with_known_key();
    for document in [content(b"\x31\x0b\xff\0\x01"), Document::Digest(vec![7; 64].into())] {
        let task = || Task::Sign(sign_as(document.clone(), Form::Raw));
        let mut no = Script::new(vec![cancel()]);
        assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
        assert_eq!(questions(&no.seen), ["bare"]);
        // "Always" is no answer to this.
        let mut always = Script::new(vec![does(|| Event::AgreeAlways), cancel()]);
        let done = home.carry_out(task(), &mut always);
        assert_eq!((done.outcome, done.site), (Outcome::Cancelled, None));
        for _ in 0..2 {
            let mut yes = Script::new(vec![agree(), decide(0, PASSWORD)]);
            assert_eq!(signatures(&home.carry_out(task(), &mut yes)).len(), 1);
            assert_eq!(questions(&yes.seen), ["bare", "sign"]);
        }
    }
}

#[test]
fn a_digest_that_the_key_cannot_sign_is_said_in_the_window() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![agree(), decide(0, PASSWORD), cancel()]);
    let task = sign_as(Document::Digest(vec![7; 32].into()), Form::Raw);
    assert_eq!(home.carry_out(Task::Sign(task), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-digest-length"]);
}

#[test]
fn what_signed_is_told_with_the_signature_and_the_sites_picture_is_shown() {
    let mut home = Home::with_known_key();
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let logo = Some(b"\x89PNG".to_vec().into());
    let task = SignTask { logo, ..sign_as(content(b"x"), attached()) };
    let done = home.carry_out(Task::Sign(task), &mut person);
    let Outcome::Signed(signed) = done.outcome else { panic!("{done:?}") };
    assert_eq!(signed.key.certificate, home.certificate.der());
    assert_eq!(signed.key.alias, hex::encode(&signed.key.key_id));
    assert!(signed.digests.is_empty() && signed.files.is_empty());
    assert_eq!(person.seen.view.as_ref().unwrap().logo.as_deref(), Some(&b"\x89PNG"[..]));
    assert_eq!(form_of(&person.seen), FormView::Cms { stamp: StampView::None });
}

/// A CMS by somebody else over this document.
fn by_another(document: &[u8], is_detached: bool) -> Vec<u8> {
    let mut other = Home::with_known_key();
    let content = if is_detached { Content::Detached } else { Content::Attached };
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    signatures(&other.carry_out(sign(&[document], content), &mut person)).remove(0)
}

#[test]
fn a_finished_cms_gets_a_further_signer_who_sees_the_document_inside() {
    let mut home = Home::with_known_key();
    let first = by_another(b"contract", false);
    let mut person = Script::new(vec![decide(0, PASSWORD)]);
    let done = home.carry_out(Task::Sign(sign_as(Document::Cms(first.into()), attached())), &mut person);
    let both = signatures(&done).remove(0);
    let report = cms::verify(&both, None).unwrap();
    assert!(report.is_good() && report.signers.len() == 2, "{report:?}");
    let Question::Sign { documents, .. } = &person.seen.view.as_ref().unwrap().question else { panic!() };
    let What::Text(preview) = &documents[0].what else { panic!("{documents:?}") };
    assert_eq!((preview.text.as_str(), documents[0].size), ("contract", 8));

    // The same person does not sign twice, and hears it in the window.
    let mut again = Script::new(vec![decide(0, PASSWORD), cancel()]);
    home.carry_out(Task::Sign(sign_as(Document::Cms(both.into()), attached())), &mut again);
    assert_eq!(said(&again.seen.problems), ["error-already-signed"]);
}

#[test]
fn nobody_signs_beside_what_does_not_hold_or_cannot_be_checked() {
    let mut home = Home::with_known_key();
    let mut forged = by_another(b"contract", false);
    let place = forged.windows(8).position(|octets| octets == b"contract").unwrap();
    forged[place] = b'k';
    let (code, detail) = refused(&mut home, Task::Sign(sign_as(Document::Cms(forged.into()), attached())));
    assert!(code == FailureCode::Malformed && detail.contains("does not hold"), "{detail}");
    let detached = by_another(b"contract", true);
    let (code, detail) = refused(&mut home, Task::Sign(sign_as(Document::Cms(detached.into()), attached())));
    assert!(code == FailureCode::Malformed && detail.contains("did not come along"), "{detail}");
}

#[test]
fn texts_are_hashed_without_a_question() {
    let mut home = Home::new();
    for (algorithm, expected) in [
        (HashName::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (HashName::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        // With the substitution of the standard's own examples, which Kazakhstan uses.
        (HashName::Gost34311, "f3134348c44fb1b2a277729e2285ebb5cb5e0f29c975bc753b70497c06a4d51d"),
    ] {
        let mut nobody = Script::default();
        let done = home.carry_out(Task::Digest { algorithm, content: b"abc".to_vec().into() }, &mut nobody);
        let Outcome::Digest(digest) = done.outcome else { panic!("{done:?}") };
        assert_eq!(hex::encode(&digest), expected, "{algorithm:?}");
        assert!(nobody.seen.views.is_empty());
    }
}

#[test]
fn a_notice_is_told_however_it_is_closed() {
    let mut home = Home::new();
    for (step, notice) in
        [(agree(), Notice::Settings), (cancel(), Notice::Modules(vec!["kz.gov.pki.knca.basics".to_owned()]))]
    {
        let mut person = Script::new(vec![step]);
        assert_eq!(home.carry_out(Task::Tell(notice), &mut person).outcome, Outcome::Told);
        let Question::Notice(sentences) = &person.seen.view.unwrap().question else { panic!() };
        let texts = texts::Texts::new(texts::Locale::En);
        for Sentence { id, arguments } in sentences {
            let values: Vec<_> = arguments
                .iter()
                .map(|(place, value)| match value {
                    Argument::Text(text) => (*place, texts::Value::Text(text)),
                    Argument::Count(count) => (*place, texts::Value::Count(*count)),
                })
                .collect();
            let said = texts.format(id, &values);
            assert!(said.ends_with('.') && !said.contains('{'), "{said}");
        }
    }
}

#[test]
fn a_task_that_fails_without_a_window_says_why() {
    let mut home = Home::new();
    let mut nobody = Script::default();
    let done = home.carry_out(Task::Stamp { cms: b"no cms".to_vec().into() }, &mut nobody);
    assert_eq!(failure(&done).0, FailureCode::Malformed);
    assert!(nobody.seen.views.is_empty());
}

#[test]
fn what_asks_an_authority_for_a_key_in_the_persons_name_needs_a_yes_of_its_own_and_is_said_in_red() {
    use keystore::{IssuingKey, NewKey, OsEntropy, PrivateKey};
    use pki::{request, request::revocation::Statement, revocation::Reason};
    use signer::window::KeyAct;
    let mut home = Home::with_known_key();
    // The key is the page's, the name the person's.
    let key = PrivateKey::generate(NewKey::Gost512, &OsEntropy).unwrap();
    let issuing = IssuingKey::new(&key, &OsEntropy).unwrap();
    let wanted = request::Wanted::again(&home.certificate);
    let asked = request::make(&wanted, &key.public_key().unwrap(), &issuing).unwrap();
    let statement = Statement::about(&home.certificate, Reason::KeyCompromise).to_der();
    for (document, act) in [
        (asked.der().to_vec(), KeyAct::Certificate),
        (asked.to_pem().into_bytes(), KeyAct::Certificate),
        (statement, KeyAct::Revocation),
    ] {
        let task = || Task::Sign(sign_as(content(&document), attached()));
        let mut no = Script::new(vec![cancel()]);
        assert_eq!(home.carry_out(task(), &mut no).outcome, Outcome::Cancelled);
        assert_eq!(questions(&no.seen), ["key-act"]);
        let mut yes = Script::new(vec![agree(), decide(0, PASSWORD)]);
        assert_eq!(signatures(&home.carry_out(task(), &mut yes)).len(), 1);
        assert_eq!(questions(&yes.seen), ["key-act", "sign"]);
        assert_eq!(yes.seen.view.unwrap().warnings, [Warning::KeyAct(act)]);
    }
}
