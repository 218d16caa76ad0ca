//! Objects that begin in what is signed and go on behind it: whoever appends the rest decides what they show, without any
//! object of the signed revision looking changed.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod pdf;

use common::person;
use pdf::{CONTENT, FORMS, Form, options, overwrite, signed_otherwise, two_pages};
use pki::Signer;
use signature::cms::sign_for_pdf;
use signature::pades::{Later, PdfError, Problem, prepare, sign, verify};

/// How the last object, behind `%%EOF`, stands there first and, as long, in the document that is attacked.
const OBJECTS: [(&str, &str); 8] = [
    // Its length goes far beyond the file.
    (
        "<</Length 00035>>stream\nBT /F1 20 Tf 50 200 Td (1) Tj ET   \nendstream\nendobj\n",
        "<</Length 26000>>stream\nBT /F1 20 Tf 50 200 Td (1) Tj ET   \n",
    ),
    // It has no length, a wrong one, or one that is said elsewhere, and no end.
    ("<</Length 00004>>stream\n1 w \nendstream\nendobj\n", "<</Lengtx 00004>>stream\n1 w \n"),
    ("<</Length 00004>>stream\n1 w \nendstream\nendobj\n", "<</Length 00002>>stream\n1 w \n"),
    ("<</Length 4%%%%%>>\n>>stream\n1 w \nendstream\nendobj\n", "<</Length 7 0 R%>>\n>>stream\n1 w \n"),
    // A word that ends it stands in it, and readers that look for one behind the length do not find it.
    ("<</Length 00016>>stream\n1 w endstream   \nendstream\nendobj\n", "<</Length 00016>>stream\n1 w endstream   \n"),
    // A string, an array, and a comment that take in whatever comes.
    ("(a)\nendobj\n", "(a \n"),
    ("[0 ]\nendobj\n", "[0  \n"),
    ("[0 ]%\nendobj\n", "[0 \n% "),
];

/// A document whose object 5, the content of its pages, stands behind its end.
fn shadow(object: &str) -> Vec<u8> {
    let plain = two_pages().with(7, "26000").write(Form::Table);
    let old = format!("5 0 obj\n<</Length {}>>", CONTENT.len());
    let at = plain.windows(old.len()).position(|octets| octets == old.as_bytes()).unwrap();
    let mut document = plain.clone();
    overwrite(&mut document, &format!("{at:010} 00000 n"), &format!("{:010} 00000 n", plain.len()));
    document.extend(format!("5 0 obj\n{object}").bytes());
    document
}

/// What somebody signed with a program that does not mind.
fn victims(signer: &dyn Signer, whole: &str, unended: &str) -> Vec<u8> {
    let signed = sign(signer, &shadow(whole), &options()).unwrap();
    let change = |document: &mut Vec<u8>| overwrite(document, whole, unended);
    let algorithm = signer.algorithm().digest_algorithm().unwrap();
    signed_otherwise(signed, change, algorithm, |digest| sign_for_pdf(signer, digest).unwrap())
}

#[test]
fn a_document_with_an_object_that_does_not_end_is_not_signed() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let refusal = PdfError::Object { number: 5, what: "it goes on behind the end of the file" };
    for (whole, unended) in OBJECTS {
        let document = shadow(whole);
        assert!(prepare(&*signer, &document, &options()).is_ok(), "{whole}");
        assert_eq!(prepare(&*signer, &shadow(unended), &options()).unwrap_err(), refusal, "{unended}");
        // Cut off anywhere.
        let from = document.len() - whole.len();
        for length in from - 8..document.len() - 1 {
            let refused = prepare(&*signer, &document[..length], &options());
            assert_eq!(refused.unwrap_err(), refusal, "{whole} {length}");
        }
        // The object is where there is no file.
        let (start, _) = document.split_at(from - "5 0 obj\n".len());
        assert_eq!(prepare(&*signer, start, &options()).unwrap_err(), refusal);
    }
}

#[test]
fn what_is_appended_to_an_object_that_was_signed_without_its_end_is_a_change() {
    let (nca, person) = person();
    let (signer, attacker) = (person.signer().unwrap(), nca.head().unwrap().signer().unwrap());
    // The signature's own octets make nonsense of an array, whatever follows.
    for (whole, unended) in &OBJECTS[..6] {
        let signed = victims(&*signer, whole, unended);
        let report = verify(&signed).unwrap();
        assert!(report.is_good() && report.signatures[0].later == Later::Nothing, "{unended}: {report:#?}");

        let number = "startxref\n";
        let text = String::from_utf8_lossy(&signed);
        let section = text[text.rfind(number).unwrap()..].to_owned();
        let mut changed = signed.clone();
        for more in [")]", "\n(I pay 1000000) Tj\n"] {
            changed.extend(more.bytes());
        }
        // As long as the length that was said.
        changed.resize(shadow(whole).len() - whole.len() + "<</Length 26000>>stream\n".len() + 26000, b' ');
        changed.extend(format!("\nendstream\nendobj\n{section}").bytes());
        for document in [&changed, &[&signed[..], b"\n \n"].concat()] {
            let report = verify(document).unwrap();
            assert_eq!(report.signatures[0].later, Later::Changes(vec![5]), "{unended}");
            assert_eq!(report.signatures[0].problems, [Problem::ChangedAfter], "{unended}");
            assert!(!report.is_good(), "{unended}");
        }
        // What the attacker signs, with Tanba where that is possible, is not covered by the first signature.
        if let Ok(again) = sign(&*attacker, &changed, &options()) {
            let report = verify(&again).unwrap();
            assert_eq!(report.signatures[0].later, Later::Changes(vec![5]), "{unended}");
            assert!(!report.signatures[0].is_good() && !report.is_good(), "{unended}");
            assert!(report.signatures[1].is_good(), "{unended}");
        }
    }
}

#[test]
fn streams_with_slightly_wrong_lengths_are_signed_again_and_again() {
    let (nca, person) = person();
    let people = [person.signer().unwrap(), nca.head().unwrap().signer().unwrap()];
    for form in FORMS {
        for length in ["0", "12", "(x)", "7 0 R", "99 0 R", "-1"] {
            let content = format!("<</Length {length}>>\nstream\n{CONTENT}\nendstream");
            let mut document = two_pages().with(5, &content).with(7, &CONTENT.len().to_string()).write(form);
            for signer in &people {
                document = sign(&**signer, &document, &options()).unwrap();
            }
            let report = verify(&document).unwrap();
            assert!(report.is_good(), "{form:?} {length}: {report:#?}");
        }
    }
}
