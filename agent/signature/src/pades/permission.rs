//! What the author of a document allows to be changed after certifying it (ISO 32000-1, 12.8.2.2 and 12.8.4).

use super::PdfError;
use super::fields::SignatureField;
use super::file::{Dictionary, Document, Object};

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

/// The strictest of what the catalog's /Perms and the signatures themselves say; `None`: nobody forbids anything.
///
/// Signatures that are not the catalog's count too, and so do locks of signed fields (ISO 32000-2, table 236): a reader
/// that knows them would call the document changed.
pub(super) fn of(document: &Document<'_>, fields: &[SignatureField]) -> Result<Option<Permission>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let mut strictest: Option<Permission> = None;
    let mut take = |found: Option<Permission>| {
        strictest = match (strictest, found) {
            (Some(known), Some(found)) => Some(known.min(found)),
            (known, found) => known.or(found),
        };
    };
    if let Object::Dictionary(permissions) = document.value(&catalog, "Perms")?
        && let Object::Dictionary(signature) = document.value(&permissions, "DocMDP")?
    {
        // A certification that does not say what it allows allows signatures.
        take(Some(transform(document, &signature)?.unwrap_or(Permission::FormsAndSignatures)));
    }
    for field in fields {
        let Some(value) = &field.value else { continue };
        if let Object::Dictionary(signature) = document.resolve(value)? {
            take(transform(document, &signature)?);
        }
        if let Object::Dictionary(lock) = document.value(&field.dictionary, "Lock")? {
            take(permission(document, &lock)?);
        }
    }
    Ok(strictest)
}

/// What the DocMDP transform of a signature says.
fn transform(document: &Document<'_>, signature: &Dictionary) -> Result<Option<Permission>, PdfError> {
    let Object::Array(references) = document.value(signature, "Reference")? else { return Ok(None) };
    for reference in references.iter().take(64) {
        let Object::Dictionary(reference) = document.resolve(reference)? else { continue };
        if document.value(&reference, "TransformMethod")?.as_name() != Some(b"DocMDP") {
            continue;
        }
        let found = match document.value(&reference, "TransformParams")? {
            Object::Dictionary(parameters) => permission(document, &parameters)?,
            _ => None,
        };
        return Ok(Some(found.unwrap_or(Permission::FormsAndSignatures)));
    }
    Ok(None)
}

fn permission(document: &Document<'_>, parameters: &Dictionary) -> Result<Option<Permission>, PdfError> {
    Ok(match document.value(parameters, "P")?.as_integer() {
        Some(1) => Some(Permission::Nothing),
        Some(2) => Some(Permission::FormsAndSignatures),
        Some(3) => Some(Permission::Comments),
        _ => None,
    })
}
