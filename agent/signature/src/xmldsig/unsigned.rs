//! What in a ds:Signature is not signed, so that nothing may stand there that a reader of the document could take for a
//! part of it: KeyInfo holds keys and certificates, and an Object is signed.

use super::report::ReferenceReport;
use super::tree::{Node, Space, Tree};
use super::xml::{Element, Reader};
use crate::cms::Check;

/// XAdES.
const XADES_NAMESPACE: &str = "http://uri.etsi.org/01903/v1.3.2#";
/// More SignedProperties of an Object are content like any other.
const MAX_PROPERTIES: usize = 16;

/// A ds:Object: only as much as says whether it is signed, because it may be as long as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// Where it begins.
    pub(super) start: usize,
    depth: usize,
    /// Where the SignedProperties begin that its QualifyingProperties hold.
    properties: Vec<usize>,
    /// There is something beside them.
    other: bool,
}

impl Object {
    /// `depth` elements are around it.
    pub(super) fn new(element: &Element<'_>, depth: usize) -> Self {
        Self { start: element.start, depth, properties: Vec::new(), other: false }
    }

    /// An element inside of it, with `depth` elements around.
    pub(super) fn enter(&mut self, element: &Element<'_>, depth: usize, reader: &Reader<'_, '_>) {
        let is = |local| element.local == local && reader.scope().uri(element.uri) == XADES_NAMESPACE;
        match depth.saturating_sub(self.depth) {
            1 if is("QualifyingProperties") => {}
            2 if is("SignedProperties") && self.properties.len() < MAX_PROPERTIES => {
                self.properties.push(element.start)
            }
            1 | 2 => self.other = true,
            _ => {}
        }
    }

    /// Text inside of it, with `depth` elements around.
    pub(super) fn text(&mut self, raw: &str, depth: usize) {
        self.other |= depth.saturating_sub(self.depth) <= 2 && !is_space(raw);
    }

    /// A reference that holds names it, or all that the QualifyingProperties in it hold. A reference to another element
    /// inside does not do: that is how a signed element is moved to where nobody looks.
    pub(super) fn is_signed(&self, references: &[ReferenceReport]) -> bool {
        let named = |start: usize| {
            references.iter().filter(|reference| reference.digest == Check::Good).any(|reference| {
                // Without the signature nothing of what is in it is left.
                let covers = reference.covers.as_ref().filter(|covers| !covers.without_itself);
                covers.and_then(|covers| covers.element.as_ref()).is_some_and(|element| element.start == start)
            })
        };
        let has_properties = !self.other && !self.properties.is_empty();
        named(self.start) || (has_properties && self.properties.iter().all(|start| named(*start)))
    }
}

/// Where the first element of a KeyInfo begins that has no place there, or that holds text where elements belong.
pub(super) fn foreign_in(tree: &Tree<'_>, key_info: &Node<'_>) -> Option<usize> {
    if key_info.has_text() {
        return Some(key_info.start);
    }
    let mut open = vec![key_info];
    while let Some(node) = open.pop() {
        let kinds = inside_of(node);
        for child in tree.children(node) {
            if !kinds.contains(&(child.space, child.local)) || (!inside_of(child).is_empty() && child.has_text()) {
                return Some(child.start);
            }
            open.push(child);
        }
    }
    None
}

/// The elements that may stand in an element of a KeyInfo; none in one that holds text.
fn inside_of(node: &Node<'_>) -> &'static [(Space, &'static str)] {
    use Space::{Dsig, Dsig11, Wsse};
    match (node.space, node.local) {
        (Dsig, "KeyInfo") => {
            &[(Dsig, "KeyName"), (Dsig, "KeyValue"), (Dsig, "X509Data"), (Wsse, "SecurityTokenReference")]
        }
        (Dsig, "X509Data") => &[
            (Dsig, "X509IssuerSerial"),
            (Dsig, "X509SKI"),
            (Dsig, "X509SubjectName"),
            (Dsig, "X509Certificate"),
            (Dsig, "X509CRL"),
            (Dsig11, "X509Digest"),
        ],
        (Dsig, "X509IssuerSerial") => &[(Dsig, "X509IssuerName"), (Dsig, "X509SerialNumber")],
        (Dsig, "KeyValue") => &[(Dsig, "RSAKeyValue"), (Dsig11, "ECKeyValue")],
        (Dsig, "RSAKeyValue") => &[(Dsig, "Modulus"), (Dsig, "Exponent")],
        (Dsig11, "ECKeyValue") => &[(Dsig11, "NamedCurve"), (Dsig11, "PublicKey")],
        (Wsse, "SecurityTokenReference") => &[(Wsse, "Reference"), (Wsse, "KeyIdentifier"), (Dsig, "X509Data")],
        _ => &[],
    }
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}
