//! What was changed after a signature: the signed revision held against the document as it is.
//!
//! Harmless is only what adding a signature needs: the form's list, a page's list of annotations, an empty field that gets
//! its value, validation data, and what those point to. Everything else is a change, whatever it would look like.

use std::collections::{BTreeMap, HashSet};

use super::file::{Dictionary, Document, Entry, Object, Reference, current};
use super::report::Later;
use super::verify::is_blank;
use super::{PdfError, fields};

/// How many changed objects are named.
const MAX_NAMED: usize = 100;

/// What came after the octet at `end`. `document` is only compared with, and may be given up over that: what is left of
/// its budget says nothing about whether it can be verified.
pub(super) fn since(document: &Document<'_>, end: usize) -> Later {
    let is_space = is_blank(document.pdf().get(end..).unwrap_or_default());
    let compared = || {
        let old = document.revision(end)?;
        // What goes on behind the signed octets is not theirs, even where nothing but space follows: how a reader ends
        // it is up to the length of the file.
        let mut unended = old.unended()?;
        if !unended.is_empty() {
            unended.truncate(MAX_NAMED);
            return Ok(Later::Changes(unended));
        }
        if is_space { Ok(Later::OnlySpace) } else { Comparison::new(&old, document)?.judge() }
    };
    compared().unwrap_or(Later::Unknown)
}

struct Comparison<'d> {
    old: &'d Document<'d>,
    new: &'d Document<'d>,
    /// Objects that were not there.
    added: HashSet<u32>,
    /// Objects that say something else than before.
    changed: BTreeMap<u32, (Object, Object)>,
    catalog: u32,
    /// The form, where it is an object of its own.
    form: Option<u32>,
    /// What speaks about the document and is not shown with it.
    about: HashSet<u32>,
}

impl<'d> Comparison<'d> {
    /// Every object of `old` has to end in it.
    fn new(old: &'d Document<'d>, new: &'d Document<'d>) -> Result<Self, PdfError> {
        let (reference, catalog) = old.catalog()?;
        let about = [old.trailer().get("Info"), catalog.get("Metadata")].into_iter().flatten();
        let about = about.filter_map(Object::as_reference).map(|reference| reference.number).collect();
        let form = fields::form(old)?.and_then(|form| form.reference).map(|reference| reference.number);
        let mut comparison =
            Self { old, new, added: HashSet::new(), changed: BTreeMap::new(), catalog: reference.number, form, about };
        let numbers: HashSet<u32> = old.entries().keys().chain(new.entries().keys()).copied().collect();
        for number in numbers {
            comparison.compare(number)?;
        }
        Ok(comparison)
    }

    fn compare(&mut self, number: u32) -> Result<(), PdfError> {
        let (before, after) = (self.old.entry(number), self.new.entry(number));
        let same = match (before, after) {
            // In the same place of the same object stream.
            (Entry::InStream { stream, .. }, Entry::InStream { .. }) => {
                before == after && self.old.entry(stream) == self.new.entry(stream)
            }
            // At the same place, which the signature covers: every object of the old revision ends in it.
            _ => before == after,
        };
        if same {
            return Ok(());
        }
        if before == Entry::Free {
            self.added.insert(number);
            return Ok(());
        }
        let value = |document: &Document<'_>| -> Result<(Object, bool), PdfError> {
            let reference = current(document, number);
            Ok(match document.indirect(reference)? {
                Some(indirect) => (indirect.value, indirect.data.is_some()),
                None => (document.get(reference)?, false),
            })
        };
        let ((old, old_stream), (new, new_stream)) = (value(self.old)?, value(self.new)?);
        // Streams are not compared octet by octet: one that was written again is a change.
        let rewritten_stream = old_stream || new_stream;
        if rewritten_stream {
            self.changed.insert(number, (Object::Null, Object::Null));
        } else if old != new || generation(before) != generation(after) {
            self.changed.insert(number, (old, new));
        }
        Ok(())
    }

    fn judge(&self) -> Result<Later, PdfError> {
        let mut suspicious: Vec<u32> = Vec::new();
        for (number, (old, new)) in &self.changed {
            if !self.about.contains(number) && !self.is_harmless(*number, old, new)? {
                suspicious.push(*number);
            }
        }
        suspicious.truncate(MAX_NAMED);
        let entry = |document: &Document<'_>, key| document.trailer().get(key).cloned();
        let same = |key| entry(self.old, key) == entry(self.new, key);
        // Properties of a document that had none.
        let properties = entry(self.new, "Info").and_then(|info| info.as_reference());
        let gained_properties = properties.is_some_and(|info| self.added.contains(&info.number));
        let same_properties = same("Info") || (entry(self.old, "Info").is_none() && gained_properties);
        // Something was added that is no update, or one that replaces the whole tree.
        let is_update = self.old.section_start() != self.new.section_start();
        if !suspicious.is_empty() || !same("Root") || !same_properties || !is_update {
            return Ok(Later::Changes(suspicious));
        }
        // An object that was pointed to before it was there would appear out of nowhere.
        if self.is_awaited()? {
            return Ok(Later::Changes(self.added.iter().copied().take(MAX_NAMED).collect()));
        }
        Ok(Later::OnlySignatures)
    }

    fn is_harmless(&self, number: u32, old: &Object, new: &Object) -> Result<bool, PdfError> {
        Ok(match (old, new) {
            (Object::Array(old), Object::Array(new)) => self.gained_signatures(old, new)?,
            (Object::Dictionary(old), Object::Dictionary(new)) if number == self.catalog => {
                self.is_catalog_harmless(old, new)?
            }
            (Object::Dictionary(old), Object::Dictionary(new)) if Some(number) == self.form => {
                self.is_form_harmless(old, new)?
            }
            (Object::Dictionary(old), Object::Dictionary(new)) => {
                self.is_page_harmless(old, new)? || is_signing_harmless(old, new)
            }
            _ => false,
        })
    }

    fn is_catalog_harmless(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfError> {
        if !differ_only_in(old, new, &["AcroForm", "DSS", "Extensions"]) {
            return Ok(false);
        }
        let form = |dictionary: Option<&Object>| dictionary.and_then(Object::as_dictionary).cloned();
        Ok(match (old.get("AcroForm"), new.get("AcroForm")) {
            (old, new) if old == new => true,
            (None | Some(Object::Dictionary(_)), Some(Object::Dictionary(_))) => {
                let old = form(old.get("AcroForm")).unwrap_or_default();
                self.is_form_harmless(&old, &form(new.get("AcroForm")).unwrap_or_default())?
            }
            // A form that was not there, or one that moved out of the catalog.
            (before, Some(Object::Reference(reference))) if self.added.contains(&reference.number) => {
                match self.new.get(*reference)? {
                    Object::Dictionary(after) => self.is_form_harmless(&form(before).unwrap_or_default(), &after)?,
                    _ => false,
                }
            }
            _ => false,
        })
    }

    fn is_form_harmless(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfError> {
        // Where there was no form, its fonts and colours come with it.
        let is_new = old.iter().next().is_none();
        let keys = if is_new { &["Fields", "SigFlags", "DR", "DA"][..] } else { &["Fields", "SigFlags"] };
        if !differ_only_in(old, new, keys) {
            return Ok(false);
        }
        self.gained(old, new, "Fields")
    }

    fn is_page_harmless(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfError> {
        let is_page = |page: &Dictionary| page.get("Type").and_then(Object::as_name) == Some(b"Page");
        Ok(is_page(old) && differ_only_in(old, new, &["Annots"]) && self.gained(old, new, "Annots")?)
    }

    /// The list under `key` is what it was, with new signature fields at its end.
    fn gained(&self, old: &Dictionary, new: &Dictionary, key: &str) -> Result<bool, PdfError> {
        if old.get(key) == new.get(key) {
            return Ok(true);
        }
        let list = |document: &Document<'_>, dictionary| -> Result<Option<Vec<Object>>, PdfError> {
            Ok(match document.value(dictionary, key)? {
                Object::Array(list) => Some(list),
                Object::Null => Some(Vec::new()),
                _ => None,
            })
        };
        match (list(self.old, old)?, list(self.new, new)?) {
            (Some(old), Some(new)) => self.gained_signatures(&old, &new),
            _ => Ok(false),
        }
    }

    fn gained_signatures(&self, old: &[Object], new: &[Object]) -> Result<bool, PdfError> {
        let Some(more) = new.strip_prefix(old) else { return Ok(false) };
        for object in more {
            let Some(reference) = object.as_reference() else { return Ok(false) };
            if !self.added.contains(&reference.number) || !self.is_signature_field(reference)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A signed one: an empty field would be a way to lay a picture over the page without signing.
    fn is_signature_field(&self, reference: Reference) -> Result<bool, PdfError> {
        let Object::Dictionary(field) = self.new.get(reference)? else { return Ok(false) };
        let acts = field.get("A").is_some() || field.get("AA").is_some() || field.get("Kids").is_some();
        let is_signed = field.get("V").is_some_and(|value| *value != Object::Null);
        Ok(field.get("FT").and_then(Object::as_name) == Some(b"Sig") && is_signed && !acts)
    }

    /// Something in the signed revision points to an object that came only later.
    fn is_awaited(&self) -> Result<bool, PdfError> {
        for number in self.old.entries().keys() {
            let value = self.old.get(current(self.old, *number))?;
            if points_into(&value, &self.added) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

const fn generation(entry: Entry) -> u16 {
    match entry {
        Entry::InFile { generation, .. } => generation,
        Entry::Free | Entry::InStream { .. } => 0,
    }
}

/// A signature field that had no value and has one now, with what shows it.
fn is_signing_harmless(old: &Dictionary, new: &Dictionary) -> bool {
    let is_signature = old.get("FT").and_then(Object::as_name) == Some(b"Sig");
    is_signature && old.get("V").is_none() && differ_only_in(old, new, &["V", "AP", "M"])
}

fn differ_only_in(old: &Dictionary, new: &Dictionary, keys: &[&str]) -> bool {
    let within = |one: &Dictionary, other: &Dictionary| {
        one.iter().all(|(key, value)| {
            let Ok(key) = std::str::from_utf8(key) else { return false };
            keys.contains(&key) || other.get(key) == Some(value)
        })
    };
    within(old, new) && within(new, old)
}

fn points_into(object: &Object, numbers: &HashSet<u32>) -> bool {
    match object {
        Object::Reference(reference) => numbers.contains(&reference.number),
        Object::Array(elements) => elements.iter().any(|element| points_into(element, numbers)),
        Object::Dictionary(dictionary) => dictionary.iter().any(|(_, value)| points_into(value, numbers)),
        _ => false,
    }
}
