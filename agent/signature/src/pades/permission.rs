//! What the author of a document allows to be changed after certifying it (ISO 32000-1, 12.8.2.2 and 12.8.4).

use super::fields::SignatureField;
use super::file::{Dictionary, Document, Object};
use super::{PdfError, text};

/// What may be changed after a signature that certifies the document (DocMDP).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Nothing; not even a further signature.
    Nothing,
    /// Filling in forms, and signing.
    FormsAndSignatures,
    /// That, and comments.
    Comments,
}

/// The stricter of two.
pub(super) fn stricter(one: Option<Permission>, other: Option<Permission>) -> Option<Permission> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The strictest of what the catalog's /Perms and the signatures themselves say; `None`: nobody forbids anything.
pub(super) fn of(document: &Document<'_>, fields: &[SignatureField]) -> Result<Option<Permission>, PdfError> {
    let mut strictest = of_catalog(document, fields)?;
    for field in fields {
        strictest = stricter(strictest, of_signature(document, field)?);
    }
    Ok(strictest)
}

/// What the catalog's /Perms says, as far as that is none of these fields' signature.
pub(super) fn of_catalog(document: &Document<'_>, fields: &[SignatureField]) -> Result<Option<Permission>, PdfError> {
    match certification(document)? {
        Some(certification) if !fields.iter().any(|field| field.value.as_deref() == Some(&certification)) => {
            match document.resolve(&certification)? {
                // A certification that does not say what it allows allows signatures.
                Object::Dictionary(signature) => {
                    Ok(transform(document, &signature)?.or(Some(Permission::FormsAndSignatures)))
                }
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// What a signature allows after itself. Those that are not the catalog's count too, and so do locks of signed fields
/// (ISO 32000-2, table 236): a reader that knows them would call the document changed.
pub(super) fn of_signature(document: &Document<'_>, field: &SignatureField) -> Result<Option<Permission>, PdfError> {
    let Some(value) = &field.value else { return Ok(None) };
    let mut found = match document.resolve(value)? {
        Object::Dictionary(signature) => transform(document, &signature)?,
        _ => None,
    };
    if found.is_none() && certification(document)?.as_ref() == Some(value) {
        found = Some(Permission::FormsAndSignatures);
    }
    match document.value(&field.dictionary, "Lock")? {
        Object::Dictionary(lock) => Ok(stricter(found, permission(document, &lock)?)),
        _ => Ok(found),
    }
}

/// The signature that certifies the document, as the catalog writes it.
fn certification(document: &Document<'_>) -> Result<Option<Object>, PdfError> {
    let (_, catalog) = document.catalog()?;
    Ok(match document.value(&catalog, "Perms")? {
        Object::Dictionary(permissions) => permissions.get("DocMDP").cloned(),
        _ => None,
    })
}

/// What the DocMDP transform of a signature says.
fn transform(document: &Document<'_>, signature: &Dictionary) -> Result<Option<Permission>, PdfError> {
    match parameters(document, signature, b"DocMDP")? {
        Some(parameters) => Ok(permission(document, &parameters)?.or(Some(Permission::FormsAndSignatures))),
        None => Ok(None),
    }
}

/// The parameters of the signature's first transform of that kind; empty where there are none.
fn parameters(document: &Document<'_>, signature: &Dictionary, method: &[u8]) -> Result<Option<Dictionary>, PdfError> {
    let Object::Array(references) = document.value(signature, "Reference")? else { return Ok(None) };
    for reference in references.iter().take(64) {
        let Object::Dictionary(reference) = document.resolve(reference)? else { continue };
        if document.value(&reference, "TransformMethod")?.as_name() == Some(method) {
            return Ok(Some(match document.value(&reference, "TransformParams")? {
                Object::Dictionary(parameters) => parameters,
                _ => Dictionary::new(),
            }));
        }
    }
    Ok(None)
}

/// An earlier signature locked the field of that name (FieldMDP, ISO 32000-1, 12.8.2.4).
pub(super) fn is_locked(document: &Document<'_>, fields: &[SignatureField], name: &str) -> Result<bool, PdfError> {
    for field in fields {
        let Some(value) = &field.value else { continue };
        let Object::Dictionary(signature) = document.resolve(value)? else { continue };
        let Some(lock) = parameters(document, &signature, b"FieldMDP")? else { continue };
        let mut is_named = false;
        if let Object::Array(names) = document.value(&lock, "Fields")? {
            for known in &names {
                is_named |= document.resolve(known)?.as_string().is_some_and(|known| text::read(known) == name);
            }
        }
        let is_locked = match document.value(&lock, "Action")?.as_name() {
            Some(b"All") => true,
            Some(b"Include") => is_named,
            Some(b"Exclude") => !is_named,
            _ => false,
        };
        if is_locked {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The /Reference of a signature in a field with that /Lock: what the field demands to be locked (table 232).
pub(super) fn of_lock(document: &Document<'_>, lock: &Dictionary) -> Result<Object, PdfError> {
    let mut parameters = Dictionary::new().with("Type", Object::name("TransformParams")).with("V", Object::name("1.2"));
    for key in ["Action", "Fields", "P"] {
        match document.value(lock, key)? {
            Object::Null => {}
            value => parameters.set(key, value),
        }
    }
    let reference = Dictionary::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name("FieldMDP"))
        .with("TransformParams", Object::Dictionary(parameters));
    Ok(Object::Array(vec![Object::Dictionary(reference)]))
}

fn permission(document: &Document<'_>, parameters: &Dictionary) -> Result<Option<Permission>, PdfError> {
    Ok(match document.value(parameters, "P")?.as_integer() {
        Some(1) => Some(Permission::Nothing),
        Some(2) => Some(Permission::FormsAndSignatures),
        Some(3) => Some(Permission::Comments),
        _ => None,
    })
}
