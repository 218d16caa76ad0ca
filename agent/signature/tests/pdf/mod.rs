//! Small PDF documents, written here octet by octet, and what else the tests of PDF signatures share.
#![allow(dead_code, unreachable_pub)]

pub mod keys;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use miniz_oxide::deflate::compress_to_vec_zlib;
use pki::DigestAlgorithm;
use signature::pades::{Corner, Options, PageChoice, Place, Stamp, verify};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A cross-reference table.
    Table,
    /// A cross-reference stream, everything but streams in a compressed object stream.
    Streams,
    /// A table for old readers, and a stream that the others find the form in.
    Hybrid,
}

pub const FORMS: [Form; 3] = [Form::Table, Form::Streams, Form::Hybrid];

/// Objects by number, from 1 on.
#[derive(Clone, Debug)]
pub struct Document {
    pub objects: Vec<String>,
    pub trailer: String,
}

pub const CONTENT: &str = "BT /F1 24 Tf 72 700 Td (Contract) Tj ET";

/// Catalog, page tree, two pages, content and font. 1 is the catalog, 3 and 4 the pages.
pub fn two_pages() -> Document {
    let page = "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>".to_owned();
    Document {
        objects: vec![
            "<</Type/Catalog/Pages 2 0 R>>".into(),
            "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]>>".into(),
            page.clone(),
            page,
            format!("<</Length {}>>\nstream\n{CONTENT}\nendstream", CONTENT.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
        ],
        trailer: "/Root 1 0 R".into(),
    }
}

impl Document {
    #[must_use]
    pub fn with(mut self, number: usize, body: &str) -> Self {
        if self.objects.len() < number {
            self.objects.resize(number, "null".into());
        }
        self.objects[number - 1] = body.into();
        self
    }

    pub fn write(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Table => self.table(),
            Form::Streams => self.streams(),
            Form::Hybrid => self.hybrid(),
        }
    }

    fn table(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut rows = vec!["0000000000 65535 f\r\n".to_owned()];
        for (index, object) in self.objects.iter().enumerate() {
            rows.push(format!("{:010} 00000 n\r\n", out.len()));
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n{}", rows.len(), rows.concat()).as_bytes());
        out.extend(
            format!("trailer\n<</Size {}{}>>\nstartxref\n{start}\n%%EOF\n", rows.len(), self.trailer).as_bytes(),
        );
        out
    }

    fn streams(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let container = self.objects.len() + 1;
        let mut rows = vec![[0, 0, 65535]];
        let (mut index, mut bodies, mut within) = (String::new(), String::new(), 0);
        for (number, object) in (1..).zip(&self.objects) {
            if object.contains("stream\n") || object.contains("/ByteRange") {
                rows.push([1, out.len(), 0]);
                out.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
            } else {
                rows.push([2, container, within]);
                index.push_str(&format!("{number} {} ", bodies.len()));
                bodies.push_str(&format!("{object} "));
                within += 1;
            }
        }
        rows.push([1, out.len(), 0]);
        let packed = compress_to_vec_zlib(format!("{index}{bodies}").as_bytes(), 6);
        let head = format!("/Type/ObjStm/N {within}/First {}/Filter/FlateDecode", index.len());
        out.extend(stream(container, &head, &packed));
        rows.push([1, out.len(), 0]);
        let start = out.len();
        // As most programs write them: rows as differences to the row above.
        let plain: Vec<[u8; 6]> = rows.iter().map(row).collect();
        let mut predicted = Vec::new();
        let mut above = [0_u8; 6];
        for row in plain {
            predicted.push(2);
            predicted.extend(row.iter().zip(above).map(|(octet, up)| octet.wrapping_sub(up)));
            above = row;
        }
        let head = format!(
            "/Type/XRef/Size {}/W[1 3 2]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 6>>{}",
            rows.len(),
            self.trailer
        );
        out.extend(stream(container + 1, &head, &compress_to_vec_zlib(&predicted, 6)));
        out.extend(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        out
    }

    /// The last object is in an object stream that only the stream beside the table knows.
    fn hybrid(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let hidden = self.objects.len();
        let mut rows = vec!["0000000000 65535 f\r\n".to_owned()];
        for (number, object) in (1..hidden).zip(&self.objects) {
            rows.push(format!("{:010} 00000 n\r\n", out.len()));
            out.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
        }
        rows.push("0000000000 00000 f\r\n".to_owned());
        let index = format!("{hidden} 0 ");
        let container = out.len();
        let packed = compress_to_vec_zlib(format!("{index}{}", self.objects[hidden - 1]).as_bytes(), 6);
        let head = format!("/Type/ObjStm/N 1/First {}/Filter/FlateDecode", index.len());
        out.extend(stream(hidden + 1, &head, &packed));
        let beside = out.len();
        let table = [[2, hidden + 1, 0], [1, container, 0], [1, beside, 0]].iter().flat_map(row).collect::<Vec<u8>>();
        let head = format!("/Type/XRef/Size {}/W[1 3 2]/Index[{hidden} 3]", hidden + 3);
        out.extend(stream(hidden + 2, &head, &table));
        let start = out.len();
        out.extend(format!("xref\n0 {}\n{}", rows.len(), rows.concat()).as_bytes());
        let trailer = format!("/Size {}/XRefStm {beside}{}", hidden + 3, self.trailer);
        out.extend(format!("trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        out
    }
}

fn row([kind, second, third]: &[usize; 3]) -> [u8; 6] {
    let [.., a, b, c] = (*second as u32).to_be_bytes();
    let [d, e] = (*third as u16).to_be_bytes();
    [*kind as u8, a, b, c, d, e]
}

fn stream(number: usize, head: &str, octets: &[u8]) -> Vec<u8> {
    let mut out = format!("{number} 0 obj\n<<{head}/Length {}>>\nstream\n", octets.len()).into_bytes();
    out.extend(octets);
    out.extend(b"\nendstream\nendobj\n");
    out
}

/// Appends an update with these objects to a document whose last section is a table.
pub fn update(pdf: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf);
    let number = |word: &str| -> u32 {
        let rest = &text[text.rfind(word).unwrap() + word.len()..];
        rest.trim_start().split(|letter: char| !letter.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    let (previous, size) = (number("startxref"), number("/Size"));
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0).max(size);
    let mut out = pdf.to_vec();
    let mut rows = String::new();
    for (number, body) in objects {
        rows.push_str(&format!("{number} 1\n{:010} 00000 n\r\n", out.len()));
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let start = out.len();
    let trailer = format!("<</Size {size}/Root 1 0 R/Prev {previous}>>");
    out.extend(format!("xref\n{rows}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n").as_bytes());
    out
}

/// A document with one signature, changed by what nobody would sign with Tanba, and signed once more by another program:
/// `change` keeps the length, `cms` makes the signature of the digest.
pub fn signed_otherwise(
    mut signed: Vec<u8>,
    change: impl FnOnce(&mut Vec<u8>),
    algorithm: DigestAlgorithm,
    cms: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let [_, start, end, length] = verify(&signed).unwrap().signatures[0].byte_range.unwrap();
    assert_eq!(end + length, signed.len());
    change(&mut signed);
    assert_eq!(end + length, signed.len());
    let mut hasher = algorithm.hasher();
    hasher.update(&signed[..start]);
    hasher.update(&signed[end..]);
    let digits: String = cms(&hasher.finish()).iter().map(|octet| format!("{octet:02x}")).collect();
    signed[start + 1..end - 1].fill(b'0');
    signed[start + 1..][..digits.len()].copy_from_slice(digits.as_bytes());
    signed
}

/// Puts `new`, filled up with spaces, in the place of `old`, which stands once.
pub fn overwrite(document: &mut [u8], old: &str, new: &str) {
    let mut places = document.windows(old.len()).enumerate().filter(|(_, octets)| *octets == old.as_bytes());
    let (Some((at, _)), None) = (places.next(), places.next()) else { panic!("{old}") };
    document[at..at + old.len()].copy_from_slice(format!("{new:<width$}", width = old.len()).as_bytes());
}

/// The font that the project ships.
pub fn font() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../signer/ui/fonts/TanbaSans-Regular.ttf");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub const HEADING: &str = "ЭЦҚ қойылды · Подписано ЭЦП";

pub fn lines() -> Vec<String> {
    [
        "ӘБІЛҚАСЫМҰЛЫ ҒАНИ ӨТЕҢҰЛЫ",
        "ЖСН / ИИН: 9001••••••17",
        "«Үміт» ЖШС, һәм ұйымның бас директоры",
        "26.11.2026 14:30 (UTC+5)",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub fn stamp<'a>(font: &'a [u8], lines: &'a [String], corner: Corner) -> Stamp<'a> {
    Stamp { font, heading: HEADING, lines, page: PageChoice::First, place: Place::Corner(corner), width: 200 }
}

pub fn options<'a>() -> Options<'a> {
    Options::at(crate::common::golden_time())
}

/// Another program, which the tests need; what to install is in installer/setup/needs.sh.
pub fn run<I: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = I>) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program} does not start: {error}"))
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// `qpdf --check` has nothing to say against the document.
pub fn qpdf_accepts(path: &Path) {
    let output = run("qpdf", ["--check".as_ref(), path.as_os_str()]);
    let said = said(&output);
    assert!(output.status.success() && said.contains("No syntax or stream encoding errors found"), "{said}");
    assert!(!said.contains("WARNING"), "{said}");
}

/// A folder that vanishes, and files in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, octets).unwrap();
        path
    }
}
