//! Signing: the update that holds the signature, and the signature in it.

use std::ops::Range;
use std::rc::Rc;

use pki::{DigestAlgorithm, Signer, Timestamp};

use super::fields::{self, Form, SignatureField};
use super::file::{Body, Budget, Dictionary, Document, Object, Reference, Update, current, write_hex};
use super::pages::{self, Page, PageChoice};
use super::permission::{self, Permission};
use super::report::Later;
use super::stamp::{self, Drawn, Stamp};
use super::verify::verify_one;
use super::{MAX_LEN, PdfError, text};
use crate::cms;

/// Octets that are kept for a CMS beside the certificate and the issuer's name: attributes, identifiers, and a signature
/// of up to 8192 bits.
const ROOM: usize = 2048;

/// Octets that a time stamp of the NCA takes in a CMS, with its certificate: enough for [`Options::extra_room`].
pub const TIME_STAMP_ROOM: usize = 16 << 10;

/// The most that is kept for a CMS.
const MAX_ROOM: usize = 1 << 20;

/// How a PDF is signed.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The signer's claim of the time, written into the signature dictionary.
    pub time: Timestamp,
    /// Why it is signed.
    pub reason: Option<&'a str>,
    /// Where it is signed.
    pub location: Option<&'a str>,
    /// The full name of a field that waits for a signature; a new field otherwise.
    pub field: Option<&'a str>,
    /// What is shown on a page. In an existing field it fills that field's rectangle.
    pub stamp: Option<Stamp<'a>>,
    /// Octets kept in the signature for what is added before [`Prepared::finish`]: [`TIME_STAMP_ROOM`], for example.
    pub extra_room: usize,
}

impl Options<'_> {
    /// An invisible signature in a new field, with nothing said about it but the time.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self { time, reason: None, location: None, field: None, stamp: None, extra_room: 0 }
    }
}

/// Signs a PDF: the result is `pdf` itself and an update behind it. It was verified before it is returned.
///
/// # Errors
/// [`PdfError`] for documents that cannot be read or must not be signed, for faults of the signer, and when what was
/// made does not verify.
pub fn sign(signer: &dyn Signer, pdf: &[u8], options: &Options<'_>) -> Result<Vec<u8>, PdfError> {
    let prepared = prepare(signer, pdf, options)?;
    let der = prepared.sign(signer)?;
    prepared.finish(&der)
}

/// A PDF with its update, in which only the signature is missing.
#[derive(Debug)]
pub struct Prepared {
    pdf: Vec<u8>,
    /// The hexadecimal string of /Contents, with its brackets.
    contents: Range<usize>,
}

impl Prepared {
    /// The two parts of the file that are signed, one after the other.
    #[must_use]
    pub fn signed_parts(&self) -> [&[u8]; 2] {
        [self.pdf.get(..self.contents.start).unwrap_or_default(), self.pdf.get(self.contents.end..).unwrap_or_default()]
    }

    /// The digest of what is signed.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Vec<u8> {
        let mut hasher = algorithm.hasher();
        for part in self.signed_parts() {
            hasher.update(part);
        }
        hasher.finish()
    }

    /// The CMS for this document, verified.
    ///
    /// # Errors
    /// [`PdfError::Cms`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, PdfError> {
        let algorithm = signer.algorithm().digest_algorithm().ok_or(cms::SignError::Algorithm)?;
        Ok(cms::sign_for_pdf(signer, &self.digest(algorithm))?)
    }

    /// Puts the CMS in its place: what [`Prepared::sign`] gave, with or without unsigned attributes added since. The
    /// whole file is verified before it is returned.
    ///
    /// # Errors
    /// [`PdfError::Room`] when it is larger than what was kept, [`PdfError::SelfCheck`] when it is not a signature of
    /// this document.
    pub fn finish(mut self, der: &[u8]) -> Result<Vec<u8>, PdfError> {
        let digits = self.contents.start + 1..self.contents.end - 1;
        let mut written = Vec::with_capacity(digits.len());
        write_hex(der, &mut written);
        let room = self.pdf.get_mut(digits.clone()).and_then(|place| place.get_mut(..written.len()));
        let Some(room) = room else {
            return Err(PdfError::Room { needed: der.len(), reserved: digits.len() / 2 });
        };
        room.copy_from_slice(&written);
        self_check(&self.pdf, self.contents)?;
        Ok(self.pdf)
    }
}

/// The second path over the octets: the document is read as a stranger's, and this signature looked for in it.
fn self_check(pdf: &[u8], contents: Range<usize>) -> Result<(), PdfError> {
    let fault = |what: String| PdfError::SelfCheck(what);
    let own = verify_one(pdf, contents).map_err(|error| fault(error.to_string()))?;
    let own = own.ok_or_else(|| fault("the signature is not found again".to_owned()))?;
    if let Some(problem) = own.problems.first() {
        return Err(fault(problem.to_string()));
    }
    let within = own
        .cms
        .iter()
        .flat_map(|cms| cms.problems.iter().chain(cms.signers.iter().flat_map(|signer| &signer.problems)));
    if let Some(problem) = within.into_iter().next() {
        return Err(fault(problem.to_string()));
    }
    if own.is_good() && own.later == Later::Nothing {
        Ok(())
    } else {
        Err(fault("the signature does not cover the document".to_owned()))
    }
}

/// Puts everything into the document but the signature. The signer is asked for its certificate only, to know how much
/// room the signature takes.
///
/// # Errors
/// [`PdfError`] for documents that cannot be read or must not be signed, and for stamps that cannot be drawn.
pub fn prepare(signer: &dyn Signer, pdf: &[u8], options: &Options<'_>) -> Result<Prepared, PdfError> {
    let document = Document::open(pdf, &Rc::new(Budget::new()))?;
    refuse_unended(pdf)?;
    let (catalog_reference, mut catalog) = document.catalog()?;
    if document.value(&catalog, "NeedsRendering")? == Object::Boolean(true) {
        return Err(PdfError::DynamicXfa);
    }
    let form = fields::form(&document)?;
    let fields = form.as_ref().map_or(Ok(Vec::new()), |form| fields::signature_fields(&document, form))?;
    if permission::of(&document, &fields)? == Some(Permission::Nothing) {
        return Err(PdfError::ChangesForbidden);
    }

    let mut update = Update::of(&document);
    let signature = update.reserve();
    let (new_field, lock) = match options.field {
        Some(name) => (None, sign_field(&document, &fields, name, options, signature, &mut update)?),
        None => (Some(add_field(&document, form.as_ref(), options, signature, &mut update)?), None),
    };
    if extend_form(&document, &mut catalog, form, new_field, &mut update)? {
        update.put(catalog_reference, Body::Value(Object::Dictionary(catalog)));
    }

    let certificate = signer.certificate();
    let room = certificate.der().len() + certificate.issuer().der().len() + ROOM + options.extra_room.min(MAX_ROOM);
    let (body, byte_range, contents) = signature_dictionary(options, lock, room);
    update.put(signature, Body::Raw(body));
    let (mut pdf, place) = update.write(&document, &identifier(pdf, options.time), signature)?;
    if pdf.len() > MAX_LEN {
        return Err(PdfError::TooLarge(pdf.len()));
    }
    let contents = place + contents.start..place + contents.end;
    let numbers = format!("[0 {} {} {}]", contents.start, contents.end, pdf.len() - contents.end);
    let range = place + byte_range..place + byte_range + BYTE_RANGE.len();
    if let Some(room) = pdf.get_mut(range) {
        room.fill(b' ');
        room.iter_mut().zip(numbers.bytes()).for_each(|(place, octet)| *place = octet);
    }
    Ok(Prepared { pdf, contents })
}

/// Whoever signs an object that goes on behind the end of the file signs what others append. Looking at every object is
/// long work, and has a budget of its own.
fn refuse_unended(pdf: &[u8]) -> Result<(), PdfError> {
    match Document::open(pdf, &Rc::new(Budget::new()))?.unended()?.first() {
        Some(number) => Err(PdfError::Object { number: *number, what: "it goes on behind the end of the file" }),
        None => Ok(()),
    }
}

/// Room for the offsets of any file that is accepted.
const BYTE_RANGE: &[u8] = b"[0 000000000 000000000 000000000]";

/// The signature dictionary (ISO 32000-1, table 252), where in it BYTE_RANGE stands, and where the string of /Contents.
fn signature_dictionary(options: &Options<'_>, lock: Option<Object>, room: usize) -> (Vec<u8>, usize, Range<usize>) {
    let mut said = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("M", Object::String(text::write_date(options.time)));
    for (key, value) in [("Reason", options.reason), ("Location", options.location)] {
        if let Some(value) = value {
            said.set(key, Object::String(text::write(value)));
        }
    }
    if let Some(lock) = lock {
        said.set("Reference", lock);
    }
    let mut body = said.to_bytes();
    body.truncate(body.len().saturating_sub(2));
    body.extend(b"/ByteRange ");
    let byte_range = body.len();
    body.extend(BYTE_RANGE);
    body.extend(b"/Contents ");
    let start = body.len();
    body.push(b'<');
    body.resize(body.len() + 2 * room, b'0');
    body.push(b'>');
    let contents = start..body.len();
    body.extend(b">>");
    (body, byte_range, contents)
}

/// Tells this revision from every other: its length, its end and the time (14.4).
fn identifier(pdf: &[u8], time: Timestamp) -> [u8; 16] {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    hasher.update(&(pdf.len() as u64).to_be_bytes());
    hasher.update(&time.as_unix().to_be_bytes());
    hasher.update(pdf.get(pdf.len().saturating_sub(64 << 10)..).unwrap_or_default());
    let mut identifier = [0; 16];
    identifier.iter_mut().zip(hasher.finish()).for_each(|(place, octet)| *place = octet);
    identifier
}

/// Printed with the page, and not to be moved.
const PRINT_AND_LOCKED: i64 = 4 | 128;

/// A new field that is its own widget, on its page.
fn add_field(
    document: &Document<'_>,
    form: Option<&Form>,
    options: &Options<'_>,
    signature: Reference,
    update: &mut Update,
) -> Result<Reference, PdfError> {
    let page = pages::find(document, options.stamp.map_or(PageChoice::First, |stamp| stamp.page))?;
    let names = form.map_or(Ok(Default::default()), |form| fields::names_at_top(document, form))?;
    let name = (1_usize..).map(|number| format!("Signature{number}")).find(|name| !names.contains(name));
    let mut field = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(text::write(&name.unwrap_or_default())))
        .with("V", Object::Reference(signature))
        .with("P", Object::Reference(page.reference))
        .with("F", Object::Integer(PRINT_AND_LOCKED));
    match &options.stamp {
        Some(stamp) => {
            let Drawn { appearance, rectangle } = stamp::draw(stamp, document, &page, update)?;
            field.set("Rect", rectangle);
            field.set("AP", appearance_dictionary(appearance));
        }
        None => field.set("Rect", Object::Array(vec![Object::Integer(0); 4])),
    }
    let field = update.add(Body::Value(Object::Dictionary(field)));
    annotate(document, page, field, update)?;
    Ok(field)
}

fn appearance_dictionary(appearance: Reference) -> Object {
    Object::Dictionary(Dictionary::new().with("N", Object::Reference(appearance)))
}

/// Adds the widget to the page's annotations.
fn annotate(document: &Document<'_>, page: Page, widget: Reference, update: &mut Update) -> Result<(), PdfError> {
    let Page { reference, mut dictionary, .. } = page;
    match (dictionary.get("Annots").cloned(), document.value(&dictionary, "Annots")?) {
        (Some(Object::Reference(array)), Object::Array(mut annotations)) => {
            annotations.push(Object::Reference(widget));
            update.put(current(document, array.number), Body::Value(Object::Array(annotations)));
        }
        (_, Object::Array(mut annotations)) => {
            annotations.push(Object::Reference(widget));
            dictionary.set("Annots", Object::Array(annotations));
            update.put(reference, Body::Value(Object::Dictionary(dictionary)));
        }
        (_, Object::Null) => {
            dictionary.set("Annots", Object::Array(vec![Object::Reference(widget)]));
            update.put(reference, Body::Value(Object::Dictionary(dictionary)));
        }
        _ => return Err(PdfError::Object { number: reference.number, what: "the page's annotations are no array" }),
    }
    Ok(())
}

/// Signs in a field that is there. Returns what the signature has to lock, when the field demands that.
fn sign_field(
    document: &Document<'_>,
    fields: &[SignatureField],
    name: &str,
    options: &Options<'_>,
    signature: Reference,
    update: &mut Update,
) -> Result<Option<Object>, PdfError> {
    let mut named = fields.iter().filter(|field| field.name == name);
    let (Some(field), None) = (named.next(), named.next()) else { return Err(PdfError::NoField(name.to_owned())) };
    if field.value.is_some() {
        return Err(PdfError::FieldSigned(name.to_owned()));
    }
    if permission::is_locked(document, fields, name)? {
        return Err(PdfError::FieldLocked(name.to_owned()));
    }
    let lock = match document.value(&field.dictionary, "Lock")? {
        Object::Dictionary(lock) => Some(permission::of_lock(document, &lock)?),
        _ => None,
    };
    let mut dictionary = field.dictionary.clone();
    dictionary.set("V", Object::Reference(signature));
    let kids = document.value(&dictionary, "Kids")?;
    match (&options.stamp, kids.as_array().and_then(|kids| kids.first()).and_then(Object::as_reference)) {
        (None, _) => {}
        (Some(stamp), None) => draw_into(document, &mut dictionary, stamp, update)?,
        // The field's one widget is an object of its own.
        (Some(stamp), Some(kid)) => {
            let Object::Dictionary(mut widget) = document.get(kid)? else {
                return Err(PdfError::Object { number: kid.number, what: "the field's widget is no dictionary" });
            };
            draw_into(document, &mut widget, stamp, update)?;
            update.put(kid, Body::Value(Object::Dictionary(widget)));
        }
    }
    update.put(field.reference, Body::Value(Object::Dictionary(dictionary)));
    Ok(lock)
}

fn draw_into(
    document: &Document<'_>,
    widget: &mut Dictionary,
    stamp: &Stamp<'_>,
    update: &mut Update,
) -> Result<(), PdfError> {
    let rotate = match document.value(widget, "P")? {
        Object::Dictionary(page) => document.value(&page, "Rotate")?.as_integer().unwrap_or(0),
        _ => 0,
    };
    let rectangle = document.value(widget, "Rect")?;
    let appearance = stamp::draw_within(stamp, &rectangle, (rotate.rem_euclid(360) / 90) as u8, update)?;
    widget.set("AP", appearance_dictionary(appearance));
    Ok(())
}

/// Has the form know the new field, and that there are signatures and only updates may follow (table 219). Returns
/// whether the catalog changed.
fn extend_form(
    document: &Document<'_>,
    catalog: &mut Dictionary,
    form: Option<Form>,
    new_field: Option<Reference>,
    update: &mut Update,
) -> Result<bool, PdfError> {
    const SIGNATURES_EXIST_AND_APPEND_ONLY: i64 = 3;
    let is_there = form.is_some();
    let Form { reference, mut dictionary } = form.unwrap_or(Form { reference: None, dictionary: Dictionary::new() });
    let flags = document.value(&dictionary, "SigFlags")?.as_integer().unwrap_or(0);
    dictionary.set("SigFlags", Object::Integer(flags | SIGNATURES_EXIST_AND_APPEND_ONLY));
    if let Some(field) = new_field {
        let fields = document.value(&dictionary, "Fields")?;
        let mut fields = fields.as_array().map(<[Object]>::to_vec).unwrap_or_default();
        fields.push(Object::Reference(field));
        match dictionary.get("Fields") {
            Some(Object::Reference(array)) => {
                update.put(current(document, array.number), Body::Value(Object::Array(fields)));
            }
            _ => dictionary.set("Fields", Object::Array(fields)),
        }
    }
    let dictionary = Object::Dictionary(dictionary);
    match reference {
        Some(reference) => {
            update.put(reference, Body::Value(dictionary));
            Ok(false)
        }
        None if is_there => {
            catalog.set("AcroForm", dictionary);
            Ok(true)
        }
        None => {
            let form = update.add(Body::Value(dictionary));
            catalog.set("AcroForm", Object::Reference(form));
            Ok(true)
        }
    }
}
