//! Reading XML: strictly, over the octets as they came, without a tree.
//!
//! A reader walks once over the document and hands out borrowed pieces with their offsets; whoever needs another look
//! walks again. Nothing recurses, and the memory it takes does not grow with the length of the document.
//!
//! Read is XML 1.0 (fifth edition) with namespaces, in UTF-8. Refused is what invites two readings of one document or
//! work without bound: a document type declaration and with it every entity but the five predefined ones, other
//! encodings, more than [`MAX_LEN`] octets, [`MAX_DEPTH`] nested elements, [`MAX_ATTRIBUTES`] attributes of one element,
//! [`MAX_NAMES`] prefixes or namespaces, and namespaces longer than [`MAX_NAMESPACE_LEN`].

mod chars;
mod document;
mod error;
mod reader;
mod scope;
mod token;

pub(crate) use chars::{attribute_value, is_nmtoken, reference, text_value};
pub use document::Document;
pub(crate) use error::Fault;
pub use error::{XmlError, XmlErrorKind};
pub(crate) use reader::{Attribute, Element, Event, Reader};
pub(crate) use scope::{DSIG_NAMESPACE, PrefixId, UriId};

/// The most octets of a document.
pub const MAX_LEN: usize = crate::cms::MAX_LEN;
/// The most elements inside of one another.
pub const MAX_DEPTH: usize = 1024;
/// The most attributes and namespace declarations of one element.
pub const MAX_ATTRIBUTES: usize = 1024;
/// The most different prefixes, and the most different namespaces, of a document.
pub const MAX_NAMES: usize = 1024;
/// The most octets of a namespace.
pub const MAX_NAMESPACE_LEN: usize = 8192;
