//! The elements of one ds:Signature, which are few and are looked at more than once.

use super::xml::{Attribute, Element, Reader, UriId, attribute_value, text_value};

/// The namespace of InclusiveNamespaces.
pub(super) const EXCLUSIVE_NAMESPACE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// What XMLDSig 1.1 added.
const DSIG11_NAMESPACE: &str = "http://www.w3.org/2009/xmldsig11#";
/// WS-Security.
pub(super) const WSSE_NAMESPACE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// WS-Security's identifiers.
pub(super) const WSU_NAMESPACE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// A Kalkan signature has 16 elements and some 5 kB.
const MAX_NODES: usize = 512;
const MAX_TEXT: usize = 4 << 20;
/// Attributes are algorithms, references and identifiers; they get into reports.
const MAX_ATTRIBUTE: usize = 4096;

/// The namespaces that matter inside of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Dsig,
    Dsig11,
    Exclusive,
    Wsse,
    Other,
}

impl Space {
    fn of(uri: UriId, name: &str) -> Self {
        match name {
            _ if uri == UriId::DSIG => Self::Dsig,
            DSIG11_NAMESPACE => Self::Dsig11,
            EXCLUSIVE_NAMESPACE => Self::Exclusive,
            WSSE_NAMESPACE => Self::Wsse,
            _ => Self::Other,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) space: Space,
    pub(super) local: &'a str,
    /// Those without a namespace, after normalisation.
    attributes: Vec<(&'a str, String)>,
    /// All text directly inside.
    pub(super) text: String,
    pub(super) children: Vec<usize>,
    /// Where the start tag begins.
    pub(super) start: usize,
}

impl Node<'_> {
    pub(super) fn is(&self, local: &str) -> bool {
        self.space == Space::Dsig && self.local == local
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has_text(&self) -> bool {
        !self.text.bytes().all(|byte| byte.is_ascii_whitespace())
    }
}

/// The elements of a signature in document order, the signature first. What is in ds:Object, and in a signature inside
/// of this one, is left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    open: Vec<usize>,
    text: usize,
    /// There was more than is kept.
    pub(super) overflows: bool,
}

impl<'a> Tree<'a> {
    pub(super) fn root(&self) -> Option<&Node<'a>> {
        self.nodes.first()
    }

    pub(super) fn children<'t>(&'t self, node: &'t Node<'a>) -> impl Iterator<Item = &'t Node<'a>> {
        node.children.iter().filter_map(|index| self.nodes.get(*index))
    }

    /// All elements inside of a node, in document order.
    pub(super) fn inside<'t>(&'t self, node: &Node<'a>) -> impl Iterator<Item = &'t Node<'a>> {
        let mut open: Vec<usize> = node.children.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let node = self.nodes.get(open.pop()?)?;
            open.extend(node.children.iter().rev());
            Some(node)
        })
    }

    /// Whether what is inside of the element that was just entered belongs here.
    pub(super) fn enter(&mut self, element: Element<'a>, reader: &Reader<'_, 'a>) {
        if self.nodes.len() == MAX_NODES {
            self.overflows = true;
            self.open.push(MAX_NODES);
            return;
        }
        let number = self.nodes.len();
        let plain = |attribute: &&Attribute<'a>| attribute.uri == UriId::NONE;
        let attributes = reader.attributes().iter().filter(plain);
        let attributes: Vec<_> =
            attributes.map(|attribute| (attribute.local, attribute_value(attribute.value).into_owned())).collect();
        self.overflows |= attributes.iter().any(|(_, value)| value.len() > MAX_ATTRIBUTE);
        self.nodes.push(Node {
            space: Space::of(element.uri, reader.scope().uri(element.uri)),
            local: element.local,
            attributes,
            text: String::new(),
            children: Vec::new(),
            start: element.start,
        });
        if let Some(parent) = self.open.last().and_then(|parent| self.nodes.get_mut(*parent)) {
            parent.children.push(number);
        }
        self.open.push(number);
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    pub(super) fn text(&mut self, raw: &str) {
        let value = text_value(raw);
        self.append(&value);
    }

    pub(super) fn cdata(&mut self, raw: &str) {
        // Line ends are white space to whoever reads the texts of a signature.
        self.append(raw);
    }

    fn append(&mut self, text: &str) {
        self.count(text.len());
        if !self.overflows
            && let Some(node) = self.open.last().and_then(|node| self.nodes.get_mut(*node))
        {
            node.text.push_str(text);
        }
    }

    fn count(&mut self, octets: usize) {
        self.text += octets;
        self.overflows |= self.text > MAX_TEXT;
    }
}
