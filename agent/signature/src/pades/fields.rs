//! The signature fields of the document's form (ISO 32000-1, 12.7).

use std::collections::HashSet;
use std::rc::Rc;

use super::file::{Dictionary, Document, Object, Reference};
use super::{PdfError, text};

/// How deep fields stand within each other.
const MAX_DEPTH: usize = 32;

/// Fields of a form that are looked at.
const MAX_FIELDS: usize = 100_000;

/// Signatures of one document that are looked at. The limit stands here because each is a good deal of work for whoever
/// looks at them.
const MAX_SIGNATURES: usize = 64;

/// A signature field, signed or not.
#[derive(Clone, Debug)]
pub(super) struct SignatureField {
    /// Its full name, parts joined by dots.
    pub(super) name: String,
    pub(super) reference: Reference,
    pub(super) dictionary: Dictionary,
    /// Its value as it is written; `None` for a field that waits for a signature.
    pub(super) value: Option<Rc<Object>>,
}

/// The form: where it is, and what it says.
#[derive(Debug)]
pub(super) struct Form {
    /// `None`: it stands in the catalog itself.
    pub(super) reference: Option<Reference>,
    pub(super) dictionary: Dictionary,
}

pub(super) fn form(document: &Document<'_>) -> Result<Option<Form>, PdfError> {
    let (catalog_reference, catalog) = document.catalog()?;
    let Some(value) = catalog.get("AcroForm") else { return Ok(None) };
    match document.resolve(value)? {
        Object::Dictionary(dictionary) => Ok(Some(Form { reference: value.as_reference(), dictionary })),
        Object::Null => Ok(None),
        _ => Err(PdfError::Object { number: catalog_reference.number, what: "the form is no dictionary" }),
    }
}

/// All fields' names at the top, to keep clear of them, and all signature fields in their order.
pub(super) fn signature_fields(document: &Document<'_>, form: &Form) -> Result<Vec<SignatureField>, PdfError> {
    let Object::Array(roots) = document.value(&form.dictionary, "Fields")? else { return Ok(Vec::new()) };
    let mut walk = Walk { document, visited: HashSet::new(), found: Vec::new(), signatures: 0 };
    for root in roots {
        walk.field(&root, "", &Inherited::default(), 0)?;
    }
    Ok(walk.found)
}

/// The partial names of the fields at the top of the form.
pub(super) fn names_at_top(document: &Document<'_>, form: &Form) -> Result<HashSet<String>, PdfError> {
    let mut names = HashSet::new();
    if let Object::Array(roots) = document.value(&form.dictionary, "Fields")? {
        for root in roots {
            if let Object::Dictionary(field) = document.resolve(&root)?
                && let Some(name) = document.value(&field, "T")?.as_string()
            {
                names.insert(text::read(name));
            }
        }
    }
    Ok(names)
}

#[derive(Clone, Default)]
struct Inherited {
    kind: Option<Rc<[u8]>>,
    /// Shared: it may be large, and a field may have many kids.
    value: Option<Rc<Object>>,
}

struct Walk<'d> {
    document: &'d Document<'d>,
    visited: HashSet<Reference>,
    found: Vec<SignatureField>,
    signatures: usize,
}

impl Walk<'_> {
    fn field(&mut self, object: &Object, above: &str, inherited: &Inherited, depth: usize) -> Result<(), PdfError> {
        // A field is an indirect object (12.7.3.1).
        let Some(reference) = object.as_reference() else { return Ok(()) };
        if depth > MAX_DEPTH || self.visited.len() > MAX_FIELDS {
            return Err(PdfError::TooMany("form fields"));
        }
        if !self.visited.insert(reference) {
            return Err(PdfError::Object { number: reference.number, what: "the form has this field twice" });
        }
        let Object::Dictionary(field) = self.document.get(reference)? else { return Ok(()) };
        let mut inherited = inherited.clone();
        if let Object::Name(kind) = self.document.value(&field, "FT")? {
            inherited.kind = Some(kind.into());
        }
        if let Some(value) = field.get("V").filter(|value| **value != Object::Null) {
            inherited.value = Some(Rc::new(value.clone()));
        }
        let name = match self.document.value(&field, "T")?.as_string().map(text::read) {
            Some(own) if above.is_empty() => own,
            Some(own) => format!("{above}.{own}"),
            None => above.to_owned(),
        };
        // Bounded, since names add up on the way down.
        if name.len() > 1000 {
            return Err(PdfError::Object { number: reference.number, what: "the field's name is too long" });
        }
        let mut has_fields = false;
        if let Object::Array(kids) = self.document.value(&field, "Kids")? {
            for kid in &kids {
                // Kids without a name of their own are the places where this same field is shown.
                let is_field = matches!(self.document.resolve(kid)?, Object::Dictionary(kid) if kid.get("T").is_some());
                if is_field {
                    has_fields = true;
                    self.field(kid, &name, &inherited, depth + 1)?;
                }
            }
        }
        if !has_fields && inherited.kind.as_deref() == Some(b"Sig") {
            self.signatures += usize::from(inherited.value.is_some());
            if self.signatures > MAX_SIGNATURES {
                return Err(PdfError::TooMany("signatures"));
            }
            self.found.push(SignatureField { name, reference, dictionary: field, value: inherited.value });
        }
        Ok(())
    }
}
