//! Octets from strangers: whatever is done to a document, there is an error or a report, soon, and never a good report of
//! a document that was changed.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod pdf;

use std::time::{Duration, Instant};

use common::person;
use pdf::{FORMS, Form, font, lines, options, stamp, two_pages};
use proptest::prelude::*;
use signature::pades::{Corner, Options, PdfError, sign, verify};

fn twice_signed(form: Form) -> Vec<u8> {
    let (nca, person) = person();
    let (font, lines) = (font(), lines());
    let stamp = Some(stamp(&font, &lines, Corner::TopRight));
    let text = "<</FT/Tx/T(a)/V(x)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>";
    let document = two_pages()
        .with(7, text)
        .with(3, "<</Type/Page/Parent 2 0 R/Annots[7 0 R]>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
        .write(form);
    let once = sign(&*person.signer().unwrap(), &document, &Options { stamp, ..options() }).unwrap();
    sign(&*nca.head().unwrap().signer().unwrap(), &once, &options()).unwrap()
}

#[test]
fn no_octet_of_a_signed_document_can_be_changed() {
    let (_nca, person) = person();
    for form in FORMS {
        let document = sign(&*person.signer().unwrap(), &two_pages().write(form), &options()).unwrap();
        let report = verify(&document).unwrap();
        let [_, start, end, _] = report.signatures[0].byte_range.unwrap();
        let digits = |document: &[u8]| document[start..end].to_ascii_lowercase();
        for at in 0..document.len() {
            let mut changed = document.clone();
            changed[at] ^= 1 << (at % 8);
            // A hexadecimal digit in the other case is the same digit.
            if (start..end).contains(&at) && digits(&changed) == digits(&document) {
                continue;
            }
            assert!(!verify(&changed).is_ok_and(|report| report.is_good()), "{form:?}: octet {at}");
        }
    }
}

#[test]
fn a_document_cut_off_anywhere_is_not_good_and_is_not_signed_over_a_broken_end() {
    for form in FORMS {
        let document = twice_signed(form);
        let report = verify(&document).unwrap();
        assert!(report.is_good());
        let ends: Vec<usize> = report
            .signatures
            .iter()
            .map(|signature| signature.byte_range.map(|[_, _, start, length]| start + length).unwrap())
            .collect();
        let near = ends.iter().flat_map(|end| end.saturating_sub(100)..(end + 100).min(document.len()));
        for length in (0..document.len()).step_by(5).chain(near) {
            let good = verify(&document[..length]).is_ok_and(|report| report.is_good());
            // Where the first signature's revision ends there is a whole document with one signature.
            assert_eq!(good, ends.contains(&length), "{form:?}: {length} of {}", document.len());
        }
    }
}

/// What is done to a document.
#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, u8),
    Remove(prop::sample::Index, u8),
    Repeat(prop::sample::Index, prop::sample::Index, u8),
    Insert(prop::sample::Index, &'static str),
}

const WORDS: &[&str] = &[
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "<",
    "/",
    "%",
    "0",
    "-1",
    "99999999999",
    " 1 0 R ",
    " 3 0 R ",
    " 7 0 R ",
    "obj",
    "endobj",
    "stream\n",
    "endstream",
    "xref\n0 1\n",
    "trailer",
    "startxref\n0\n",
    "startxref\n15\n",
    "/Prev 15",
    "/XRefStm 15",
    "/Kids[3 0 R]",
    "/Kids[2 0 R]",
    "/Parent 2 0 R",
    "/Length 9999",
    "/W[8 8 8]",
    "/W[0 8 0]",
    "/Index[0 99999999]",
    "/Size 99999999",
    "/N 99999999",
    "/First 99999",
    "/Filter/FlateDecode",
    "/Encrypt 1 0 R",
    "/ByteRange[0 1 2 3]",
    "/V 7 0 R",
    "/FT/Sig",
    "/Annots 3 0 R",
    "/MediaBox[0 0 0 0]",
    "/Rotate 91",
    "/Count 99",
    "/Predictor 15/Columns 65536/Colors 65536",
    "\0",
    "\r",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, octet)| Change::Set(at, octet)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>())
            .prop_map(|(from, to, count)| Change::Repeat(from, to, count)),
        (any::<prop::sample::Index>(), prop::sample::select(WORDS)).prop_map(|(at, word)| Change::Insert(at, word)),
    ]
}

fn apply(document: &mut Vec<u8>, change: &Change) {
    if document.is_empty() {
        return;
    }
    let length = document.len();
    match change {
        Change::Set(at, octet) => document[at.index(length)] = *octet,
        Change::Remove(at, count) => {
            let at = at.index(length);
            document.drain(at..(at + usize::from(*count)).min(length));
        }
        Change::Repeat(from, to, count) => {
            let from = from.index(length);
            let part = document[from..(from + usize::from(*count)).min(length)].to_vec();
            let to = to.index(length);
            document.splice(to..to, part);
        }
        // Most of a word's place is kept, so that what comes behind it stays where it was said to be.
        Change::Insert(at, word) => {
            let at = at.index(length);
            document.splice(at..(at + word.len()).min(length), word.bytes());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn spoiled_documents_are_errors_or_reports(
        form in prop::sample::select(&FORMS[..]),
        changes in prop::collection::vec(change(), 1..6),
        is_signed in any::<bool>(),
    ) {
        thread_local! {
            static DOCUMENTS: [(Vec<u8>, Vec<u8>); 3] = FORMS.map(|form| (two_pages().write(form), twice_signed(form)));
        }
        let index = FORMS.iter().position(|known| *known == form).unwrap();
        let original = DOCUMENTS.with(|all| if is_signed { all[index].1.clone() } else { all[index].0.clone() });
        let mut document = original.clone();
        for change in &changes {
            apply(&mut document, change);
        }
        let begun = Instant::now();
        let report = verify(&document);
        // Not `prop_assert_eq`, which would print the documents.
        if let Ok(report) = &report && report.is_good() {
            // Only how the last signature is written down is covered by none: digits in the other case.
            let [_, start, end, _] = report.signatures.last().and_then(|last| last.byte_range).unwrap();
            prop_assert!(document.len() == original.len() || report.signatures.len() == 1);
            prop_assert!(document[..start] == original[..start] && document[end..] == original[end..document.len()]);
        }
        let (_nca, person) = person();
        let (font, lines) = (font(), lines());
        let stamp = Some(stamp(&font, &lines, Corner::BottomLeft));
        if let Ok(signed) = sign(&*person.signer().unwrap(), &document, &Options { stamp, ..options() }) {
            // Whatever a document it is, it stays what it was, and the new signature was verified.
            prop_assert!(signed.starts_with(&document));
        }
        prop_assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn random_octets_are_no_document(mut octets in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&octets).is_err());
        octets.splice(0..0, *b"%PDF-1.7\n");
        octets.extend(b"\nstartxref\n9\n%%EOF");
        prop_assert!(verify(&octets).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn spoiled_fonts_are_errors_or_stamps(changes in prop::collection::vec(change(), 1..4)) {
        let (_nca, person) = person();
        let mut font = font();
        for change in &changes {
            apply(&mut font, change);
        }
        let lines = lines();
        let stamp = Some(stamp(&font, &lines, Corner::BottomLeft));
        let document = two_pages().write(Form::Table);
        let _ = sign(&*person.signer().unwrap(), &document, &Options { stamp, ..options() });
    }
}

/// Refused, and within a time in which nobody would think that the program hangs.
fn refused_soon(document: &[u8]) -> PdfError {
    let begun = Instant::now();
    let error = verify(document).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}: {error}", begun.elapsed());
    error
}

#[test]
fn documents_made_to_tire_a_reader_out_are_refused_soon() {
    // Two updates that point to each other.
    let mut circle = b"%PDF-1.7\n".to_vec();
    let section = |prev: usize| format!("xref\n0 0\ntrailer\n<</Root 1 0 R/Size 1/Prev {prev}>>\n");
    let (first, second) = (circle.len(), circle.len() + section(10).len());
    circle.extend(section(second).bytes());
    circle.extend(section(first + 1).replace("/Prev 10", &format!("/Prev {first}")).bytes());
    circle.extend(format!("startxref\n{first}\n%%EOF\n").bytes());
    assert!(matches!(refused_soon(&circle), PdfError::Syntax { .. }));

    // A chain of updates without end.
    let mut chain = b"%PDF-1.7\n".to_vec();
    let mut previous = String::new();
    let mut last = 0;
    for _ in 0..3000 {
        last = chain.len();
        chain.extend(format!("xref\n0 0\ntrailer\n<</Root 1 0 R{previous}>>\n").bytes());
        previous = format!("/Prev {last}");
    }
    chain.extend(format!("startxref\n{last}\n%%EOF\n").bytes());
    assert_eq!(refused_soon(&chain), PdfError::TooMany("updates"));

    // A table that claims more than there is, a deep nest, a page tree in a circle.
    let huge = b"%PDF-1.7\nxref\n0 99999999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n";
    assert_eq!(refused_soon(huge), PdfError::TooMany("objects"));
    let mut deep = b"%PDF-1.7\nxref\n0 0\ntrailer\n".to_vec();
    deep.extend(b"<</A".repeat(1_000_000));
    deep.extend(b"\nstartxref\n9\n%%EOF\n");
    assert!(matches!(refused_soon(&deep), PdfError::Syntax { .. }));
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let pages = two_pages().with(2, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>").write(Form::Table);
    assert_eq!(sign(&*signer, &pages, &options()).unwrap_err(), PdfError::TooMany("pages"));
    // A form whose fields have themselves as kids.
    let fields = two_pages()
        .with(7, "<</T(a)/Kids[7 0 R]>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
        .write(Form::Streams);
    assert!(matches!(refused_soon(&fields), PdfError::Object { number: 7, .. }));

    // Fields that share a value of fifty megabytes, by reference and by inheritance: ten thousand, and as many as are
    // looked at.
    for count in [10_000, 60] {
        let kids: String = (20..20 + count).map(|number| format!("{number} 0 R ")).collect();
        for value in [format!("({})", "x".repeat(50 << 20)), format!("[{}]", "0 ".repeat(2 << 20))] {
            for inherited in [true, false] {
                let own = if inherited { "" } else { "/V 8 0 R" };
                let mut document = two_pages()
                    .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
                    .with(7, &format!("<</T(a)/FT/Sig/Kids[{kids}]/V {}>>", if inherited { &value } else { "8 0 R" }))
                    .with(8, if inherited { "null" } else { &value })
                    .with(19 + count, "null");
                for number in 20..20 + count {
                    document.objects[number - 1] = format!("<</T({number}){own}>>");
                }
                let begun = Instant::now();
                assert!(!verify(&document.write(Form::Table)).is_ok_and(|report| report.is_good()));
                assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
            }
        }
    }
    // Sections that all have the same large stream, as it is.
    let mut sections = b"%PDF-1.7\n".to_vec();
    let mut places = vec![0];
    for number in 1..500 {
        let previous = places[number - 1];
        places.push(sections.len());
        let prev = if previous > 0 { format!("/Prev {previous}") } else { String::new() };
        let head = format!("<</Type/XRef/W[1 4 2]/Index[0 0]/Size 9/Root 1 0 R/Length 60000000{prev}>>");
        sections.extend(format!("{number} 0 obj\n{head}\nstream\nendstream\nendobj\n").bytes());
    }
    sections.resize(62 << 20, b'\n');
    sections.extend(format!("startxref\n{}\n%%EOF\n", places.last().unwrap()).bytes());
    assert_eq!(refused_soon(&sections), PdfError::TooMany("compressed bytes"));

    // Two hundred megabytes of zeros where there should be a document.
    let mut zeros = b"%PDF-1.7\n".to_vec();
    zeros.resize(200 << 20, b'0');
    zeros.extend(b"\nstartxref\n9\n%%EOF\n");
    assert!(matches!(refused_soon(&zeros), PdfError::Syntax { .. }));
    zeros.resize((256 << 20) + 1, b'0');
    assert_eq!(refused_soon(&zeros), PdfError::TooLarge((256 << 20) + 1));
}
