//! Verifying PDF documents: whatever somebody else does to a signed document is found, and told for what it is.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod pdf;

use common::person;
use pdf::{Document, FORMS, Form, options, overwrite, signed_otherwise, two_pages, update};
use signature::cms::amend::{SameCertificate, add_signer};
use signature::cms::{External, sign_for_pdf};
use signature::pades::{Later, Options, Problem, Remark, Report, TIME_STAMP_ROOM, sign, verify};

fn signed(document: &Document, form: Form) -> Vec<u8> {
    let (_nca, person) = person();
    sign(&*person.signer().unwrap(), &document.write(form), &options()).unwrap()
}

fn place(document: &[u8], word: &str) -> usize {
    document.windows(word.len()).rposition(|octets| octets == word.as_bytes()).unwrap_or_else(|| panic!("no {word}"))
}

/// With `new` in the place of as many octets at the last `old`.
fn replaced(document: &[u8], old: &str, new: &[u8]) -> Vec<u8> {
    let at = place(document, old);
    let mut out = document.to_vec();
    out[at..at + new.len()].copy_from_slice(new);
    out
}

/// The byte range as it is written, and its numbers.
fn byte_range(document: &[u8]) -> (String, [usize; 4]) {
    let at = place(document, "/ByteRange [") + "/ByteRange ".len();
    let end = at + document[at..].iter().position(|octet| *octet == b']').unwrap() + 1;
    let text = String::from_utf8(document[at..end].to_vec()).unwrap();
    let numbers: Vec<usize> = text[1..text.len() - 1].split(' ').map(|number| number.parse().unwrap()).collect();
    (text, numbers.try_into().unwrap())
}

/// The problems of the only signature.
fn problems(document: &[u8]) -> Vec<Problem> {
    let report = verify(document).unwrap();
    assert!(!report.is_good());
    report.signatures.into_iter().next().unwrap().problems
}

#[test]
fn a_byte_range_that_leaves_out_anything_else_is_refused() {
    for form in FORMS {
        let document = signed(&two_pages(), form);
        let (text, [_, start, end, length]) = byte_range(&document);
        for (numbers, problem) in [
            ([1, start, end, length], Problem::Start),
            ([0, start - 1, end, length], Problem::Gap),
            ([0, start + 1, end, length], Problem::Gap),
            ([0, start, end - 1, length], Problem::Gap),
            ([0, start, end + 1, length - 1], Problem::Gap),
            // Nothing left out, parts over each other, parts the wrong way round.
            ([0, end, end, length], Problem::ByteRange),
            ([0, end + 9, end, length], Problem::ByteRange),
            ([0, start, 0, length], Problem::ByteRange),
            ([0, start, end, length + 1], Problem::BeyondEnd),
            ([0, start, end, 99_999_999], Problem::BeyondEnd),
            // The second part ends before its revision does.
            ([0, start, end, length - 200], Problem::Gap),
        ] {
            let [a, b, c, d] = numbers;
            let new = format!("{:<width$}", format!("[{a} {b} {c} {d}]"), width = text.len());
            // Behind the numbers there is room.
            let found = problems(&replaced(&document, &text, new.as_bytes()));
            let expected = if numbers[3] == length - 200 {
                matches!(found.as_slice(), [Problem::NotARevision(_) | Problem::NotInRevision, ..])
            } else {
                found.first() == Some(&problem)
            };
            assert!(expected, "{form:?} {new}: {found:?}");
        }
        for text_of_range in ["[0 1 2]", "[0 1 2 3 4]", "[0 -1 2 3]", "[0 1.5 2 3]", "[]", "(0 1 2 3)", "[0 1 (2) 3]"] {
            let new = format!("{text_of_range:<width$}", width = text.len());
            assert_eq!(problems(&replaced(&document, &text, new.as_bytes())), [Problem::ByteRange], "{new}");
        }
    }
}

#[test]
fn the_signature_is_taken_from_the_place_that_is_left_out_and_nowhere_else() {
    let document = signed(&two_pages(), Form::Table);
    let at = place(&document, "/Contents <") + "/Contents ".len();
    let end = at + document[at..].iter().position(|octet| *octet == b'>').unwrap();
    // A literal string of as many octets.
    let mut literal = document.clone();
    literal[at..=end].fill(b'0');
    (literal[at], literal[end]) = (b'(', b')');
    assert_eq!(problems(&literal), [Problem::Gap]);
    // The real one under another name, a reference in its place.
    let mut elsewhere = document[..at].to_vec();
    elsewhere.extend(b"5 0 R/Contentz ");
    elsewhere.extend(&document[at..]);
    assert!(verify(&elsewhere).is_err() || !verify(&elsewhere).unwrap().is_good());
    // Something behind the CMS: nothing signs those octets, so nothing may stand there.
    let mut padded = document.clone();
    padded[end - 1] = b'1';
    assert_eq!(problems(&padded), [Problem::Padding]);
    let mut empty = document.clone();
    empty[at + 1..end].fill(b'0');
    assert_eq!(problems(&empty), [Problem::Contents]);
    let mut no_digits = document;
    no_digits[at + 9] = b'x';
    assert!(verify(&no_digits).is_err());
}

#[test]
fn a_signature_in_a_compressed_object_is_none() {
    let base = two_pages()
        .with(7, "<</FT/Sig/T(A)/V 8 0 R>>")
        .with(8, "<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>");
    assert_eq!(problems(&base.write(Form::Streams)), [Problem::NoDictionary]);
    assert_eq!(problems(&base.write(Form::Table)), [Problem::ByteRange]);
}

#[test]
fn kinds_that_are_not_supported_are_named() {
    let document = signed(&two_pages(), Form::Table);
    for name in ["adbe.x509.rsa_sha1 ", "adbe.pkcs7.sha1    ", "ETSI.CAdES.detacheX"] {
        let other = replaced(&document, "ETSI.CAdES.detached", name.as_bytes());
        assert_eq!(problems(&other), [Problem::SubFilter(name.trim().to_owned())]);
    }
    // As a time stamp it is none.
    let other = verify(&replaced(&document, "ETSI.CAdES.detached", b"ETSI.RFC3161       ")).unwrap();
    assert!(!other.is_good() && !other.signatures[0].stamp.as_ref().unwrap().is_good());
    // It is read as the older kind, and its octets are not the signed ones.
    let other = replaced(&document, "/ETSI.CAdES.detached", b"/adbe.pkcs7.detached");
    let report = verify(&other).unwrap();
    assert!(report.signatures[0].problems.is_empty() && !report.is_good());
}

/// A report in which the first signature fits; whether it is good is up to what came after it.
fn judged(document: &[u8]) -> Report {
    let report = verify(document).unwrap();
    let first = &report.signatures[0];
    assert!(first.cms.as_ref().unwrap().is_good(), "{report:#?}");
    let problem = match first.later {
        Later::Nothing | Later::OnlySpace | Later::OnlySignatures => None,
        Later::Changes(_) => Some(Problem::ChangedAfter),
        Later::Unknown => Some(Problem::UnknownAfter),
    };
    assert_eq!(first.problems, Vec::from_iter(problem));
    assert_eq!(first.is_good(), first.problems.is_empty());
    report
}

#[test]
fn what_is_changed_after_signing_is_told() {
    let fields = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>";
    let base = two_pages()
        .with(1, fields)
        .with(3, "<</Type/Page/Parent 2 0 R/Contents[5 0 R 40 0 R]/Annots[7 0 R]>>")
        .with(7, "<</FT/Tx/T(Sum)/V(100)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>");
    let document = signed(&base, Form::Table);
    assert_eq!(judged(&document).signatures[0].later, Later::Nothing);
    let stream = "<</Length 0>>\nstream\n\nendstream";
    for (objects, expected) in [
        // Other content, another form value, a page that is no longer there, a comment laid over the page.
        (&[(5, stream)][..], &[5][..]),
        (&[(7, "<</FT/Tx/T(Sum)/V(999)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>")], &[7]),
        (&[(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>")], &[2]),
        (
            &[
                (4, "<</Type/Page/Parent 2 0 R/Annots[50 0 R]>>"),
                (50, "<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(x)>>"),
            ],
            &[4],
        ),
        (&[(6, "<</Type/Font/Subtype/Type1/BaseFont/Wingdings>>")], &[6]),
        (
            &[
                (1, "<</Type/Catalog/Pages 60 0 R/AcroForm<</Fields[7 0 R 9 0 R]/SigFlags 3>>>>"),
                (60, "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]>>"),
            ],
            &[1],
        ),
        (
            &[
                (1, "<</Type/Catalog/Pages 2 0 R/OpenAction 60 0 R/AcroForm<</Fields[7 0 R 9 0 R]/SigFlags 3>>>>"),
                (60, "<</S/JavaScript/JS(x)>>"),
            ],
            &[1],
        ),
        // The page points to an object that was not there when it was signed.
        (&[(40, stream)], &[40]),
    ] {
        let changed = update(&document, objects);
        let report = judged(&changed);
        assert_eq!(report.signatures[0].later, Later::Changes(expected.to_vec()), "{objects:?}");
        assert_eq!(report.signatures[0].remarks, [], "{objects:?}");
        assert!(!report.is_good() && !report.is_covered(), "{objects:?}");

        // A further signature covers the change, and is good itself; the first one does not become so by that.
        let (nca, person) = person();
        let again = sign(&*person.signer().unwrap(), &changed, &options()).unwrap();
        let report = judged(&again);
        assert!(matches!(report.signatures[0].later, Later::Changes(_)), "{report:#?}");
        let codes: Vec<_> = report.signatures[0].problems.iter().map(Problem::code).collect();
        assert_eq!(codes, ["changed-after"], "{objects:?}");
        assert!(report.signatures[1].is_good() && report.is_covered() && !report.is_good(), "{objects:?}");
        // Nor by a third.
        let once_more = sign(&*nca.head().unwrap().signer().unwrap(), &again, &options()).unwrap();
        let report = judged(&once_more);
        let good: Vec<_> = report.signatures.iter().map(|signature| signature.is_good()).collect();
        assert_eq!(good, [false, true, true], "{objects:?}");
        assert!(!report.is_good(), "{objects:?}");
    }
    // The same object written again says nothing new; nor do the document's properties.
    let same = update(&document, &[(7, "<</T(Sum)/FT/Tx/V(100)/Type/Annot/Subtype/Widget/Rect [0 0 9 9]>>")]);
    let report = judged(&same);
    assert_eq!(report.signatures[0].later, Later::OnlySignatures);
    assert_eq!(report.signatures[0].remarks, [Remark::Extended]);
}

#[test]
fn what_cannot_be_compared_is_taken_for_changed() {
    // An object that cannot be read, to which nothing points: signing does not need it, comparing does.
    let document = signed(&two_pages().with(7, "<</A/B/C>>"), Form::Table);
    assert!(judged(&document).is_good());
    let (_nca, person) = person();
    let again = sign(&*person.signer().unwrap(), &document, &options()).unwrap();
    let report = judged(&again);
    assert_eq!(report.signatures[0].later, Later::Unknown);
    assert_eq!(report.signatures[0].problems[0].code(), "changed-after");
    assert!(report.signatures[1].is_good() && !report.is_good());
}

#[test]
fn what_is_appended_without_being_an_update_is_told() {
    let document = signed(&two_pages(), Form::Table);
    let mut spaced = document.clone();
    spaced.extend(b" \r\n\0\n");
    let report = judged(&spaced);
    assert!(report.is_good() && report.signatures[0].later == Later::OnlySpace);
    assert_eq!(report.signatures[0].remarks, []);
    let mut extended = document.clone();
    extended.extend(b"5 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n");
    let report = judged(&extended);
    assert!(!report.is_good());
    assert_eq!(report.signatures[0].later, Later::Changes(Vec::new()));
    // A second trailer that leads round the signature.
    let mut other = document.clone();
    other.extend(b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n");
    assert!(verify(&other).is_err());
    // The whole document again, behind the signed one.
    let mut twice = document.clone();
    twice.extend(&document);
    let report = judged(&twice);
    assert!(!report.is_good());
}

#[test]
fn an_update_that_only_points_elsewhere_is_a_change() {
    // Prepared before signing: a second copy of the page's content, which nothing points to yet.
    let other = "5 0 obj <</Length 35>>\nstream\nBT /F1 24 Tf 72 700 Td (Debt) Tj ET\nendstream\nendobj";
    let hidden = format!("<</Length {}>>\nstream\n{other}\nendstream", other.len());
    let document = signed(&two_pages().with(7, &hidden), Form::Table);
    assert!(verify(&document).unwrap().is_good());
    let at = place(&document, "5 0 obj <<");
    let more = update(&document, &[])[document.len()..].to_vec();
    let more = String::from_utf8(more).unwrap().replacen("xref\n", &format!("xref\n5 1\n{at:010} 00000 n\r\n"), 1);
    let changed = [&document[..], more.as_bytes()].concat();
    let report = judged(&changed);
    assert_eq!(report.signatures[0].later, Later::Changes(vec![5]));
    assert!(!report.is_good());
}

#[test]
fn an_empty_field_with_a_picture_is_a_change() {
    let document = signed(&two_pages(), Form::Table);
    let laid_over = update(
        &document,
        &[
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>"),
            (9, "<</SigFlags 3/Fields[8 0 R 50 0 R]>>"),
            (3, "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>/Annots[8 0 R 50 0 R]>>"),
            (50, "<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 600 800]/AP<</N 5 0 R>>>>"),
        ],
    );
    let report = judged(&laid_over);
    assert_eq!(report.signatures[0].later, Later::Changes(vec![3, 9]));
    assert!(!report.is_good());
}

#[test]
fn a_signature_that_another_field_borrows_is_not_that_fields() {
    let base = two_pages();
    let document = signed(&base, Form::Table);
    // The signature dictionary has the first free number, its field the next.
    let borrowed = update(
        &document,
        &[
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[8 0 R 50 0 R]>>>>"),
            (50, "<</FT/Sig/T(Director)/V 7 0 R>>"),
        ],
    );
    let report = verify(&borrowed).unwrap();
    let fields: Vec<_> = report.signatures.iter().map(|found| (found.field.as_str(), &found.problems[..])).collect();
    assert_eq!(
        fields,
        [("Signature1", &[Problem::ChangedAfter][..]), ("Director", &[Problem::NotInRevision, Problem::ChangedAfter]),]
    );
    assert!(!report.is_good());
}

#[test]
fn a_change_that_the_certification_forbids_is_a_problem() {
    let transform = "<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 2>>>>";
    let base = two_pages()
        .with(7, &format!("<</Type/Sig/Reference[{transform}]>>"))
        .with(1, "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 7 0 R>>>>");
    let document = signed(&base, Form::Table);
    assert!(verify(&document).unwrap().is_good());
    let changed = update(&document, &[(5, "<</Length 0>>\nstream\n\nendstream")]);
    assert_eq!(problems(&changed), [Problem::ChangedAfter, Problem::ForbiddenChange]);
    // Forbidden only afterwards, which changes the catalog too.
    let open = signed(&two_pages(), Form::Table);
    let closed = update(
        &open,
        &[
            (50, &format!("<</Type/Sig/Reference[{}]>>", transform.replace("/P 2", "/P 1"))),
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/Perms<</DocMDP 50 0 R>>>>"),
        ],
    );
    assert!(!verify(&closed).unwrap().is_good());
}

#[test]
fn a_document_without_signatures_has_an_empty_report() {
    for form in FORMS {
        let report = verify(&two_pages().write(form)).unwrap();
        assert!(report.signatures.is_empty() && !report.is_good() && report.permission.is_none());
    }
}

#[test]
fn more_than_one_signer_in_the_place_of_one_is_a_problem_of_both_kinds() {
    let (nca, person) = person();
    let (signer, other) = (person.signer().unwrap(), nca.head().unwrap().signer().unwrap());
    for kind in ["/ETSI.CAdES.detached", "/adbe.pkcs7.detached"] {
        for count in [1, 2] {
            let room = Options { extra_room: TIME_STAMP_ROOM, ..options() };
            let document = sign(&*signer, &two_pages().write(Form::Table), &room).unwrap();
            let change = |document: &mut Vec<u8>| overwrite(document, "/ETSI.CAdES.detached", kind);
            let algorithm = signer.algorithm().digest_algorithm().unwrap();
            let document = signed_otherwise(document, change, algorithm, |digest| {
                let one = sign_for_pdf(&*signer, digest).unwrap();
                let external = Some(External::Digest(digest));
                let two = || add_signer(&one, &*other, external, SameCertificate::Refuse, nca.now()).unwrap();
                if count == 1 { one.clone() } else { two() }
            });
            let report = verify(&document).unwrap();
            let expected = if count == 1 { vec![] } else { vec![Problem::Signers(2)] };
            assert_eq!(report.signatures[0].problems, expected, "{kind}");
            assert!(report.signatures[0].cms.as_ref().unwrap().is_good(), "{kind}");
            assert_eq!(report.is_good(), count == 1, "{kind}");
        }
    }
}
