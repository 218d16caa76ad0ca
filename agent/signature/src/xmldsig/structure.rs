//! What stands in a ds:Signature (XMLDSig §4), strictly: what is not signed has nowhere to stand but in KeyInfo and Object,
//! which [`super::unsigned`] looks at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::algorithms::ENVELOPED;
use super::c14n::{Method, Version};
use super::report::Problem;
use super::tree::{Node, Space, Tree};

/// The most references of a signature. NCALayer makes one.
pub const MAX_REFERENCES: usize = 16;
/// The most inclusive prefixes of a canonicalisation.
const MAX_PREFIXES: usize = 64;

/// A ds:Signature as it is written.
pub(super) struct Signature<'t> {
    /// Where SignedInfo begins.
    pub(super) signed_info: usize,
    pub(super) canonicalization: Result<Method, Problem>,
    pub(super) signature_method: &'t str,
    pub(super) references: Vec<Reference<'t>>,
    pub(super) value: Vec<u8>,
    pub(super) key_info: Option<&'t Node<'t>>,
    pub(super) has_object: bool,
}

/// A ds:Reference as it is written.
pub(super) struct Reference<'t> {
    pub(super) uri: Option<&'t str>,
    pub(super) transforms: Result<Transforms, Problem>,
    pub(super) digest_method: &'t str,
    pub(super) digest_value: Vec<u8>,
}

pub(super) struct Transforms {
    pub(super) enveloped: bool,
    /// Canonical XML 1.0 without comments where none is named (XMLDSig §4.4.3.2).
    pub(super) method: Method,
}

impl<'t> Signature<'t> {
    pub(super) fn read(tree: &'t Tree<'t>) -> Result<Self, Problem> {
        if tree.overflows {
            return Err(Problem::Malformed("Signature"));
        }
        let signature = tree.root().ok_or(Problem::Malformed("Signature"))?;
        let mut parts = Children::of(tree, signature, "Signature")?;
        let signed_info = parts.one("SignedInfo", "SignedInfo")?;
        let value = parts.one("SignatureValue", "SignatureValue")?;
        let key_info = parts.optional("KeyInfo");
        let mut has_object = false;
        while parts.optional("Object").is_some() {
            has_object = true;
        }
        parts.finish("Signature")?;

        let mut parts = Children::of(tree, signed_info, "SignedInfo")?;
        let canonicalization = parts.one("CanonicalizationMethod", "CanonicalizationMethod")?;
        let method = parts.one("SignatureMethod", "SignatureMethod")?;
        empty(method, "SignatureMethod")?;
        let mut references = Vec::new();
        while let Some(reference) = parts.optional("Reference") {
            if references.len() == MAX_REFERENCES {
                return Err(Problem::Malformed("Reference"));
            }
            references.push(Reference::read(tree, reference)?);
        }
        parts.finish("SignedInfo")?;
        if references.is_empty() {
            return Err(Problem::Malformed("Reference"));
        }
        Ok(Self {
            signed_info: signed_info.start,
            canonicalization: method_of(tree, canonicalization),
            signature_method: algorithm(method, "SignatureMethod")?,
            references,
            value: base64(value, "SignatureValue")?,
            key_info,
            has_object,
        })
    }
}

impl<'t> Reference<'t> {
    fn read(tree: &'t Tree<'t>, reference: &'t Node<'t>) -> Result<Self, Problem> {
        let mut parts = Children::of(tree, reference, "Reference")?;
        let transforms = parts.optional("Transforms");
        let digest_method = parts.one("DigestMethod", "DigestMethod")?;
        let digest_value = parts.one("DigestValue", "DigestValue")?;
        parts.finish("Reference")?;
        empty(digest_method, "DigestMethod")?;
        Ok(Self {
            uri: reference.attribute("URI"),
            transforms: Transforms::read(tree, transforms),
            digest_method: algorithm(digest_method, "DigestMethod")?,
            digest_value: base64(digest_value, "DigestValue")?,
        })
    }
}

impl Transforms {
    fn read(tree: &Tree<'_>, transforms: Option<&Node<'_>>) -> Result<Self, Problem> {
        let default = || Method::new(Version::Inclusive10, super::c14n::Comments::Without);
        let Some(transforms) = transforms else { return Ok(Self { enveloped: false, method: default() }) };
        let mut parts = Children::of(tree, transforms, "Transforms")?;
        let mut enveloped = false;
        let mut method = None;
        while let Some(transform) = parts.optional("Transform") {
            let uri = algorithm(transform, "Transform")?;
            match uri {
                ENVELOPED if !enveloped && method.is_none() => {
                    empty(transform, "Transform")?;
                    enveloped = true;
                }
                _ if method.is_none() && Method::from_uri(uri).is_some() => method = Some(method_of(tree, transform)?),
                _ => return Err(Problem::Transform(uri.to_owned())),
            }
        }
        parts.finish("Transforms")?;
        Ok(Self { enveloped, method: method.unwrap_or_else(default) })
    }
}

/// The canonicalisation that a CanonicalizationMethod or a Transform names.
fn method_of(tree: &Tree<'_>, node: &Node<'_>) -> Result<Method, Problem> {
    let uri = algorithm(node, "CanonicalizationMethod")?;
    let mut method = Method::from_uri(uri).ok_or_else(|| Problem::Canonicalization(uri.to_owned()))?;
    let malformed = Problem::Malformed("InclusiveNamespaces");
    let mut children = tree.children(node);
    let Some(list) = children.next() else { return Ok(method) };
    let is_list = list.space == Space::Exclusive && list.local == "InclusiveNamespaces";
    if !is_list || method.version != Version::Exclusive || children.next().is_some() || !list.children.is_empty() {
        return Err(malformed);
    }
    let prefixes = list.attribute("PrefixList").unwrap_or_default().split_ascii_whitespace();
    method.inclusive_prefixes =
        prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix }.to_owned()).collect();
    if method.inclusive_prefixes.len() > MAX_PREFIXES { Err(malformed) } else { Ok(method) }
}

fn algorithm<'t>(node: &'t Node<'_>, what: &'static str) -> Result<&'t str, Problem> {
    node.attribute("Algorithm").ok_or(Problem::Malformed(what))
}

fn empty(node: &Node<'_>, what: &'static str) -> Result<(), Problem> {
    if node.children.is_empty() && !node.has_text() { Ok(()) } else { Err(Problem::Malformed(what)) }
}

/// Base64 with white space anywhere, otherwise strict: one value has one text.
pub(super) fn base64(node: &Node<'_>, what: &'static str) -> Result<Vec<u8>, Problem> {
    if !node.children.is_empty() {
        return Err(Problem::Malformed(what));
    }
    let digits: Vec<u8> = node.text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).map_err(|_| Problem::Malformed(what))
}

/// The children of an element, which holds no text, in their order.
struct Children<'t> {
    nodes: std::iter::Peekable<std::vec::IntoIter<&'t Node<'t>>>,
}

impl<'t> Children<'t> {
    fn of(tree: &'t Tree<'t>, node: &'t Node<'t>, what: &'static str) -> Result<Self, Problem> {
        if node.has_text() {
            return Err(Problem::Malformed(what));
        }
        Ok(Self { nodes: tree.children(node).collect::<Vec<_>>().into_iter().peekable() })
    }

    fn optional(&mut self, local: &str) -> Option<&'t Node<'t>> {
        self.nodes.next_if(|node| node.is(local))
    }

    fn one(&mut self, local: &str, what: &'static str) -> Result<&'t Node<'t>, Problem> {
        self.optional(local).ok_or(Problem::Malformed(what))
    }

    fn finish(mut self, what: &'static str) -> Result<(), Problem> {
        if self.nodes.next().is_none() { Ok(()) } else { Err(Problem::Malformed(what)) }
    }
}
