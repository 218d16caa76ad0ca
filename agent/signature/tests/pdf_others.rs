//! Other programs read what is signed here, and this reads what they sign: poppler, pyHanko, the independent verifier.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod pdf;

use std::ffi::OsString;

use common::person;
use nca_material::Oracle;
use pdf::keys::{Authority, Key, now};
use pdf::{FORMS, Folder, Form, font, lines, options, qpdf_accepts, run, said, stamp, two_pages};
use pki::Signer;
use pki::tsp::Response;
use signature::cms::amend::{add_stamps, stamp_data};
use signature::pades::{
    Corner, Later, Options, PageChoice, Place, Remark, Stamp, SubFilter, TIME_STAMP_ROOM, prepare, sign, verify,
};

fn pdfsig(folder: &Folder, document: &[u8]) -> String {
    let path = folder.write("for-pdfsig.pdf", document);
    // Trust is not the question, and there is no database of certificates here.
    let output = run("pdfsig", ["-nocert".as_ref(), path.as_os_str()]);
    said(&output)
}

#[test]
fn poppler_verifies_what_is_signed_with_rsa_and_ec() {
    let authority = Authority::new();
    let folder = Folder::new();
    for key in [authority.rsa(), authority.ec()] {
        for form in FORMS {
            let signed = sign(&key, &two_pages().write(form), &options()).unwrap();
            let said = pdfsig(&folder, &signed);
            let name = &key.name;
            assert!(said.contains("Signature Type: ETSI.CAdES.detached"), "{name} {form:?}: {said}");
            assert!(said.contains("Signature Validation: Signature is Valid."), "{name} {form:?}: {said}");
            assert!(said.contains("Total document signed"), "{name} {form:?}: {said}");
            assert!(said.contains(&format!("Signer Certificate Common Name: {name}")), "{name} {form:?}: {said}");
            let mut spoiled = signed;
            let at = spoiled.windows(8).position(|octets| octets == b"Contract").unwrap_or(12);
            spoiled[at] ^= 1;
            let said = pdfsig(&folder, &spoiled);
            assert!(said.contains("Digest Mismatch"), "{name} {form:?}: {said}");
        }
    }
}

#[test]
fn poppler_verifies_each_of_several_signatures() {
    let authority = Authority::new();
    let (rsa, ec) = (authority.rsa(), authority.ec());
    let folder = Folder::new();
    let mut document = two_pages().write(Form::Streams);
    for key in [&rsa, &ec, &rsa] {
        document = sign(key, &document, &options()).unwrap();
    }
    let said = pdfsig(&folder, &document);
    assert_eq!(said.matches("Signature is Valid.").count(), 3, "{said}");
    assert_eq!(said.matches("Total document signed").count(), 1, "{said}");
}

/// pyHanko has nothing to do with hybrid files.
const PLAIN: [Form; 2] = [Form::Table, Form::Streams];

/// A Python that has pyHanko; `None`, after saying so, where there is none.
fn hanko() -> Option<OsString> {
    let python = std::env::var_os("TANBA_PYHANKO");
    if python.is_none() {
        println!("NOT RUN: pyHanko is not here (TANBA_PYHANKO)");
    }
    python
}

const JUDGE: &str = r#"
import sys, json
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder(sys.argv[2])
with open(sys.argv[1], 'rb') as file:
    reader = PdfFileReader(file, strict=True)
    out = []
    for signature in reader.embedded_signatures:
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        status = validate_pdf_signature(signature, context, context)
        out.append({
            'field': signature.field_name, 'bottom_line': status.bottom_line, 'intact': status.intact,
            'valid': status.valid, 'coverage': status.coverage.name, 'docmdp': status.docmdp_ok,
            'level': status.modification_level.name if status.modification_level is not None else None,
            'stamp': status.timestamp_validity.valid if status.timestamp_validity else None,
        })
    print(json.dumps(out))
"#;

fn hanko_judges(python: &OsString, authority: &Authority, document: &[u8]) -> serde_json::Value {
    let path = authority.write("judged.pdf", document);
    let arguments = ["-c".into(), JUDGE.into(), path.into_os_string(), authority.path("ca.pem").into_os_string()];
    let output = run(python.to_str().unwrap(), arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

#[test]
fn pyhanko_finds_nothing_wrong_with_several_signatures_and_a_stamp() {
    let Some(python) = hanko() else { return };
    let authority = Authority::new();
    let (rsa, ec) = (authority.rsa(), authority.ec());
    let (font, lines) = (font(), lines());
    for form in PLAIN {
        let mut document = two_pages().write(form);
        for key in [&rsa, &ec] {
            let stamp = Some(stamp(&font, &lines, Corner::BottomRight));
            document = sign(key, &document, &Options { stamp, time: now(), ..options() }).unwrap();
        }
        let judged = hanko_judges(&python, &authority, &document);
        let judged = judged.as_array().unwrap();
        assert_eq!(judged.len(), 2, "{form:?}");
        for (index, signature) in judged.iter().enumerate() {
            assert_eq!(signature["bottom_line"], true, "{form:?}: {judged:#?}");
            assert_eq!(signature["docmdp"], true, "{form:?}: {judged:#?}");
            let coverage = if index == 0 { "ENTIRE_REVISION" } else { "ENTIRE_FILE" };
            assert_eq!(signature["coverage"], coverage, "{form:?}: {judged:#?}");
        }
    }
}

#[test]
fn pyhanko_finds_the_lock_of_a_field_in_its_signature() {
    let Some(python) = hanko() else { return };
    let authority = Authority::new();
    let rsa = authority.rsa();
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Sum)]>>";
    let document = two_pages()
        .with(7, &format!("<</FT/Sig/T(Director)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R{lock}>>"))
        .with(8, "<</FT/Tx/T(Sum)/V(100)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>")
        .with(3, "<</Type/Page/Parent 2 0 R/Annots[7 0 R 8 0 R]>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R 8 0 R]>>>>")
        .write(Form::Table);
    let signed = sign(&rsa, &document, &Options { field: Some("Director"), time: now(), ..options() }).unwrap();
    let judged = hanko_judges(&python, &authority, &signed);
    assert_eq!(judged[0]["bottom_line"], true, "{judged:#}");
    // The value that was locked is changed.
    let changed = "<</FT/Tx/T(Sum)/V(999)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>";
    let judged = hanko_judges(&python, &authority, &pdf::update(&signed, &[(8, changed)]));
    assert_eq!(judged[0]["bottom_line"], false, "{judged:#}");
}

#[test]
fn a_time_stamp_goes_in_before_the_signature_is_placed() {
    let authority = Authority::new();
    let rsa = authority.rsa();
    let document = two_pages().write(Form::Table);
    let asked = Options { extra_room: TIME_STAMP_ROOM, time: now(), ..options() };
    let prepared = prepare(&rsa, &document, &asked).unwrap();
    let der = prepared.sign(&rsa).unwrap();
    let reply = authority.time_stamp(stamp_data(&der).unwrap()[0]);
    let token = Response::from_der(&reply).unwrap().into_token().unwrap();
    let signed = prepared.finish(&add_stamps(&der, &[(0, &token)]).unwrap()).unwrap();
    let report = verify(&signed).unwrap();
    assert!(report.is_good(), "{report:#?}");
    assert!(report.signatures[0].cms.as_ref().unwrap().signers[0].stamp_time().is_some());
    assert!(pdfsig(&Folder::new(), &signed).contains("Signature is Valid."));
    if let Some(python) = hanko() {
        let judged = hanko_judges(&python, &authority, &signed);
        assert_eq!(judged[0]["bottom_line"], true, "{judged:#}");
        assert_eq!(judged[0]["stamp"], true, "{judged:#}");
    }
}

const SIGN: &str = r#"
import sys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, fields
out, document, key, certificate, ca, sub_filter, certify = sys.argv[1:8]
signer = signers.SimpleSigner.load(key, certificate, ca_chain_files=(ca,))
with open(document, 'rb') as file:
    writer = IncrementalPdfFileWriter(file)
    metadata = signers.PdfSignatureMetadata(
        field_name=sys.argv[8], md_algorithm='sha256', reason='Себебі',
        subfilter={s.value: s for s in fields.SigSeedSubFilter}['/' + sub_filter],
        certify=certify != '', docmdp_permissions=fields.MDPPerm(int(certify or '2')))
    with open(out, 'wb') as target:
        signers.sign_pdf(writer, metadata, signer=signer, output=target)
"#;

struct Hanko<'a> {
    python: OsString,
    authority: &'a Authority,
    key: &'a Key<'a>,
}

impl Hanko<'_> {
    fn sign(&self, document: &[u8], sub_filter: &str, certify: &str, field: &str) -> Vec<u8> {
        let path = |name: &str| self.authority.path(name).into_os_string();
        let name = &self.key.name;
        let arguments = [
            "-c".into(),
            SIGN.into(),
            path("signed.pdf"),
            self.authority.write("document.pdf", document).into_os_string(),
            path(&format!("{name}.key")),
            path(&format!("{name}.pem")),
            path("ca.pem"),
            sub_filter.into(),
            certify.into(),
            field.into(),
        ];
        let output = run(self.python.to_str().unwrap(), arguments);
        assert!(output.status.success(), "{}", said(&output));
        std::fs::read(self.authority.path("signed.pdf")).unwrap()
    }
}

#[test]
fn what_pyhanko_signs_is_verified_here_and_signed_again() {
    let Some(python) = hanko() else { return };
    let authority = Authority::new();
    let key = authority.rsa();
    let hanko = Hanko { python, authority: &authority, key: &key };
    for form in PLAIN {
        for (sub_filter, kind) in
            [("adbe.pkcs7.detached", SubFilter::Pkcs7Detached), ("ETSI.CAdES.detached", SubFilter::CadesDetached)]
        {
            let theirs = hanko.sign(&two_pages().write(form), sub_filter, "", "Theirs");
            let report = verify(&theirs).unwrap();
            assert!(report.is_good(), "{form:?} {sub_filter}: {report:#?}");
            assert_eq!(report.signatures[0].sub_filter, Some(kind));
            assert_eq!(report.signatures[0].reason.as_deref(), Some("Себебі"));
            assert!(report.signatures[0].claimed_time.is_some());

            let ours = sign(&key, &theirs, &options()).unwrap();
            let report = verify(&ours).unwrap();
            assert!(report.is_good(), "{form:?} {sub_filter}: {report:#?}");
            assert_eq!(report.signatures[0].later, Later::OnlySignatures, "{form:?} {sub_filter}");
            assert_eq!(report.signatures[0].remarks, [Remark::Extended], "{form:?} {sub_filter}");
            let again = hanko.sign(&ours, sub_filter, "", "Again");
            let report = verify(&again).unwrap();
            assert!(report.is_good(), "{form:?} {sub_filter}: {report:#?}");
            assert_eq!(report.signatures[1].later, Later::OnlySignatures, "{form:?} {sub_filter}");
        }
    }
    // Certified by them.
    let document = two_pages().write(Form::Table);
    let open = hanko.sign(&document, "ETSI.CAdES.detached", "2", "Certified");
    let signed = sign(&key, &open, &options()).unwrap();
    assert!(verify(&signed).unwrap().is_good());
    let judged = hanko_judges(&hanko.python, &authority, &signed);
    assert_eq!(judged[0]["docmdp"], true, "{judged:#}");
    let closed = hanko.sign(&document, "ETSI.CAdES.detached", "1", "Certified");
    assert!(verify(&closed).unwrap().is_good());
    assert_eq!(sign(&key, &closed, &options()).unwrap_err(), signature::pades::PdfError::ChangesForbidden);
}

const STAMP: &str = r#"
import sys
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
out, document, key, certificate = sys.argv[1:5]
service = timestamps.DummyTimeStamper(load_cert_from_pemder(certificate), load_private_key_from_pemder(key, None))
with open(document, 'rb') as file, open(out, 'wb') as target:
    signers.PdfTimeStamper(service).timestamp_pdf(IncrementalPdfFileWriter(file), 'sha256', output=target)
"#;

#[test]
fn a_time_stamp_of_pyhanko_over_the_document_is_verified() {
    let Some(python) = hanko() else { return };
    let authority = Authority::new();
    let (rsa, tsa) = (authority.rsa(), authority.tsa());
    let signed = sign(&rsa, &two_pages().write(Form::Streams), &options()).unwrap();
    let stamped = |document: &[u8]| {
        let document = authority.write("document.pdf", document);
        let paths = [authority.path("stamped.pdf"), document, authority.path("tsa.key"), authority.path("tsa.pem")];
        let arguments = ["-c".into(), STAMP.into()].into_iter().chain(paths.map(std::path::PathBuf::into_os_string));
        let output = run(python.to_str().unwrap(), arguments);
        assert!(output.status.success(), "{}", said(&output));
        std::fs::read(authority.path("stamped.pdf")).unwrap()
    };
    let document = stamped(&signed);
    let report = verify(&document).unwrap();
    assert!(report.is_good(), "{report:#?}");
    assert_eq!(report.signatures[0].later, Later::OnlySignatures);
    assert_eq!(report.signatures[1].sub_filter, Some(SubFilter::TimeStamp));
    let stamp = report.signatures[1].stamp.as_ref().unwrap();
    assert_eq!(stamp.authority(), Some(tsa.certificate()));
    let mut spoiled = document.clone();
    spoiled[12] ^= 1;
    assert!(!verify(&spoiled).unwrap().signatures[1].is_good());
    // A time stamp alone is nobody's signature.
    let report = verify(&stamped(&two_pages().write(Form::Table))).unwrap();
    assert!(report.signatures[0].is_good() && !report.is_good());
}

#[test]
fn the_independent_verifier_accepts_gost_signatures() {
    let Some(oracle) = Oracle::find() else { return };
    let (nca, citizen) = person();
    let ca = [nca.root(), nca.authority()];
    let people: Vec<Box<dyn Signer>> = vec![citizen.signer().unwrap(), nca.head().unwrap().signer().unwrap()];
    for form in FORMS {
        let mut document = two_pages().write(form);
        for signer in &people {
            document = sign(&**signer, &document, &options()).unwrap();
        }
        let judge = |document: &[u8]| {
            let path = oracle.write("signed.pdf", document);
            let mut arguments: Vec<OsString> = vec!["pdf".into(), path.into(), "--json".into()];
            arguments.extend(["--at".into(), "2026-11-23T09:30:00Z".into(), "--ca".into()]);
            for (index, certificate) in ca.iter().enumerate() {
                arguments.push(oracle.write(&format!("ca{index}.cer"), certificate.der()).into());
            }
            oracle.run(arguments)
        };
        let (code, report) = judge(&document);
        assert_eq!(code, 0, "{form:?}: {report:#}");
        assert_eq!(report["signatures"].as_array().unwrap().len(), 2, "{report:#}");
        assert_eq!(report["signatures"][1]["coversWholeFile"], true, "{report:#}");
        document[20] ^= 1;
        assert_eq!(judge(&document).0, 1, "{form:?}");
    }
}

/// Words of the stamp that hold every letter that Kazakh has and Russian has not.
#[test]
fn a_stamp_can_be_read_and_searched_on_pages_turned_any_way() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let (font, folder) = (font(), Folder::new());
    let lines =
        ["Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ і".to_owned(), "ЖСН 9001••••••17".to_owned(), "№ ₸ «Ёж»".to_owned()];
    for turn in [0, 90, 180, 270] {
        let page = format!("<</Type/Page/Parent 2 0 R/Rotate {turn}/CropBox[50 60 500 700]>>");
        let document = two_pages().with(3, &page).write(Form::Streams);
        let stamp = Stamp { place: Place::At { x: 30, y: 40 }, ..stamp(&font, &lines, Corner::TopLeft) };
        let signed = sign(&*signer, &document, &Options { stamp: Some(stamp), ..options() }).unwrap();
        let path = folder.write("stamped.pdf", &signed);
        qpdf_accepts(&path);
        let text = said(&run(
            "pdftotext",
            ["-f".as_ref(), "1".as_ref(), "-l".as_ref(), "1".as_ref(), path.as_os_str(), "-".as_ref()],
        ));
        // Where words end is guessed by the program.
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        for line in lines.iter().map(String::as_str).chain([pdf::HEADING]) {
            assert!(dense(&text).contains(&dense(line)), "{turn}: {text}");
        }
        let fonts = said(&run("pdffonts", [path.as_os_str()]));
        let embedded = fonts.lines().find(|line| line.contains("+TanbaSans-Regular")).unwrap();
        assert!(embedded.contains("CID TrueType") && embedded.contains("yes yes yes"), "{fonts}");

        // At 72 dots to the inch a point is a dot: dark ones stand where the stamp was asked to be, and nowhere else.
        let out = folder.path("page");
        let arguments = ["-cropbox", "-gray", "-r", "72", "-f", "1", "-l", "1"].map(AsRef::<std::ffi::OsStr>::as_ref);
        let output = run("pdftoppm", arguments.into_iter().chain([path.as_os_str(), out.as_os_str()]));
        assert!(output.status.success(), "{}", said(&output));
        let picture = std::fs::read(folder.path("page-1.pgm")).unwrap();
        let (width, height, dots) = gray(&picture);
        let turned = turn % 180 != 0;
        assert_eq!((width, height), if turned { (640, 450) } else { (450, 640) }, "{turn}");
        let dark = (0..width * height).filter(|at| dots[*at] < 200);
        let (mut left, mut right, mut top, mut bottom, mut count) = (width, 0, height, 0, 0);
        for at in dark {
            let (x, y) = (at % width, at / width);
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
            count += 1;
        }
        assert!((29..=31).contains(&left) && (228..=231).contains(&right), "{turn}: {left} to {right}");
        assert!((height - 41..=height - 39).contains(&(bottom + 1)), "{turn}: {bottom}");
        assert!(bottom - top > 50 && count > 800, "{turn}: {top} to {bottom}, {count}");
        std::fs::remove_file(folder.path("page-1.pgm")).unwrap();
    }
}

/// Width, height and dots of a portable graymap.
fn gray(picture: &[u8]) -> (usize, usize, &[u8]) {
    let mut words = picture.splitn(4, |octet| octet.is_ascii_whitespace());
    let mut number = || std::str::from_utf8(words.next().unwrap()).unwrap().parse().unwrap_or(0);
    let (_kind, width, height) = (number(), number(), number());
    let dots = &picture[picture.len() - width * height..];
    (width, height, dots)
}

#[test]
fn stamps_keep_out_of_each_others_way_and_on_the_page() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let (font, lines) = (font(), lines());
    let mut document = two_pages().write(Form::Table);
    for _ in 0..12 {
        let stamp = Stamp { page: PageChoice::Last, ..stamp(&font, &lines, Corner::BottomLeft) };
        document = sign(&*signer, &document, &Options { stamp: Some(stamp), ..options() }).unwrap();
    }
    let text = String::from_utf8_lossy(&document);
    let mut places: Vec<Vec<f64>> = Vec::new();
    for found in text.match_indices("/Rect [") {
        let sides = text[found.0 + 7..].split(']').next().unwrap();
        places.push(sides.split(' ').map(|side| side.parse().unwrap()).collect());
    }
    assert_eq!(places.len(), 12);
    for (index, one) in places.iter().enumerate() {
        assert!(one[0] >= 0.0 && one[1] >= 0.0 && one[2] <= 595.0 && one[3] <= 842.0, "{one:?}");
        for other in &places[..index] {
            let apart = one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
            assert!(apart, "{one:?} {other:?}");
        }
    }
    let too_wide = Stamp { width: 600, ..stamp(&font, &lines, Corner::TopLeft) };
    let refused = sign(&*signer, &document, &Options { stamp: Some(too_wide), ..options() });
    assert_eq!(refused.unwrap_err(), signature::pades::PdfError::StampTooLarge);
}
