//! What is wrong with a document, and where.

/// Why a document is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column} (byte {offset}): {kind}")]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// Octets before the place.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its character in the line, from 1.
    pub column: usize,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// More than [`super::MAX_LEN`] octets.
    #[error("a document of {0} bytes is too large")]
    TooLarge(usize),
    /// An encoding that is not read.
    #[error("the document is not in UTF-8; save it as UTF-8")]
    Encoding,
    /// Octets that are no UTF-8.
    #[error("this is not UTF-8")]
    NotUtf8,
    /// A character that XML does not have.
    #[error("this character may not stand in XML")]
    Character,
    /// Another version than 1.0.
    #[error("only version 1.0 of XML is read")]
    Version,
    /// A document type declaration.
    #[error("a document with a DOCTYPE is not accepted")]
    Doctype,
    /// A reference to an entity that is not predefined.
    #[error("only the predefined entities are accepted")]
    Entity,
    /// `&` without a whole reference after it, or a reference to no character.
    #[error("not a reference to a character")]
    Reference,
    /// Something else than what must stand here.
    #[error("expected {0}")]
    Expected(&'static str),
    /// An attribute stands twice.
    #[error("the attribute stands twice")]
    DuplicateAttribute,
    /// An end tag of another element than the open one.
    #[error("the end tag does not belong to the open element")]
    EndTag,
    /// The document ends too early.
    #[error("the document ends too early")]
    End,
    /// Text, or a further element, beside the document element.
    #[error("only comments and processing instructions may stand outside of the document element")]
    OutsideRoot,
    /// More than [`super::MAX_DEPTH`] elements inside of one another.
    #[error("the elements are nested too deeply")]
    TooDeep,
    /// More than [`super::MAX_ATTRIBUTES`] attributes.
    #[error("the element has too many attributes")]
    TooManyAttributes,
    /// More than [`super::MAX_NAMES`] prefixes or namespaces.
    #[error("the document has too many namespaces")]
    TooManyNamespaces,
    /// A namespace of more than [`super::MAX_NAMESPACE_LEN`] octets.
    #[error("the namespace is too long")]
    LongNamespace,
    /// `xml:base` values that join to more than [`super::MAX_NAMESPACE_LEN`] octets.
    #[error("the xml:base of the element is too long")]
    LongBase,
    /// A prefix that nothing declares.
    #[error("the prefix is not declared")]
    UnboundPrefix,
    /// A declaration that Namespaces in XML forbids.
    #[error("this namespace declaration is not allowed")]
    NamespaceDeclaration,
    /// A namespace that is no absolute URI: canonical XML does not exist for it (C14N 1.0 §1.3).
    #[error("a relative namespace has no canonical form")]
    RelativeNamespace,
}

/// A kind of error at an offset; the document makes an [`XmlError`] of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: XmlErrorKind,
    pub(crate) offset: usize,
}

impl XmlError {
    pub(crate) fn at(bytes: &[u8], Fault { kind, offset }: Fault) -> Self {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |position| position + 1);
        // Octets that continue a character of UTF-8 are not counted.
        let characters = before.iter().skip(line_start).filter(|byte| **byte & 0xC0 != 0x80).count();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Self { kind, offset, line, column: characters + 1 }
    }
}
