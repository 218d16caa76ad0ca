//! Which namespace a prefix means, element by element.
//!
//! Prefixes and namespaces are numbered as they are met, so that whoever compares them compares numbers.

use std::borrow::Cow;

use super::{MAX_NAMES, MAX_NAMESPACE_LEN, XmlErrorKind};

/// The namespace of the prefix `xml`.
pub(crate) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of XML signatures.
pub(crate) const DSIG_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// A prefix of this document; the empty one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PrefixId(usize);

/// A namespace of this document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UriId(usize);

impl PrefixId {
    /// No prefix.
    pub(crate) const EMPTY: Self = Self(0);
    const XML: Self = Self(1);

    /// Numbers run from 0.
    pub(crate) const fn index(self) -> usize {
        self.0
    }
}

impl UriId {
    /// No namespace.
    pub(crate) const NONE: Self = Self(0);
    /// [`XML_NAMESPACE`].
    pub(crate) const XML: Self = Self(1);
    const XMLNS: Self = Self(2);
    /// [`DSIG_NAMESPACE`].
    pub(crate) const DSIG: Self = Self(3);
}

pub(crate) struct Scope<'a> {
    prefixes: Vec<Prefix<'a>>,
    /// Numbers of prefixes in the order of their names.
    prefix_order: Vec<usize>,
    uris: Vec<Cow<'a, str>>,
    uri_order: Vec<usize>,
    /// Prefixes in the order in which open elements declared them.
    declared: Vec<PrefixId>,
}

struct Prefix<'a> {
    name: &'a str,
    /// What open elements declared it to be; the last counts.
    bound: Vec<UriId>,
}

impl<'a> Scope<'a> {
    pub(super) fn new() -> Self {
        let prefix = |name, uri| Prefix { name, bound: vec![uri] };
        let uris = ["", XML_NAMESPACE, XMLNS_NAMESPACE, DSIG_NAMESPACE].map(Cow::Borrowed).to_vec();
        let mut uri_order: Vec<usize> = (0..uris.len()).collect();
        uri_order.sort_by_key(|index| uris.get(*index));
        Self {
            prefixes: vec![prefix("", UriId::NONE), prefix("xml", UriId::XML)],
            prefix_order: vec![0, 1],
            uris,
            uri_order,
            declared: Vec::new(),
        }
    }

    /// What a prefix means here; `None` when nothing declares it. The empty prefix always means something.
    pub(crate) fn lookup(&self, prefix: PrefixId) -> Option<UriId> {
        self.prefixes.get(prefix.0)?.bound.last().copied()
    }

    pub(crate) fn prefix(&self, name: &str) -> Option<PrefixId> {
        if name.is_empty() {
            return Some(PrefixId::EMPTY);
        }
        let place = self.prefix_place(name).ok()?;
        self.prefix_order.get(place).copied().map(PrefixId)
    }

    fn prefix_place(&self, name: &str) -> Result<usize, usize> {
        let name_of = |index: &usize| self.prefixes.get(*index).map_or("", |prefix| prefix.name);
        self.prefix_order.binary_search_by(|index| name_of(index).cmp(name))
    }

    pub(crate) fn name(&self, prefix: PrefixId) -> &'a str {
        self.prefixes.get(prefix.0).map_or("", |prefix| prefix.name)
    }

    pub(crate) fn uri(&self, uri: UriId) -> &str {
        self.uris.get(uri.0).map_or("", AsRef::as_ref)
    }

    /// All prefixes that this document has declared so far, in the order of their names.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = PrefixId> {
        self.prefix_order.iter().copied().map(PrefixId)
    }

    /// What [`Scope::leave`] wants back.
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    /// Forgets what was declared since the mark.
    pub(super) fn leave(&mut self, mark: usize) {
        for prefix in self.declared.drain(mark.min(self.declared.len())..) {
            if let Some(prefix) = self.prefixes.get_mut(prefix.0) {
                prefix.bound.pop();
            }
        }
    }

    /// A declaration of the element that is being entered (Namespaces in XML §2.2, §3).
    pub(super) fn declare(&mut self, name: &'a str, uri: Cow<'a, str>) -> Result<PrefixId, XmlErrorKind> {
        if uri.len() > MAX_NAMESPACE_LEN {
            return Err(XmlErrorKind::LongNamespace);
        }
        let uri = self.number_uri(uri)?;
        let allowed = match name {
            "xmlns" => false,
            "xml" => uri == UriId::XML,
            "" => ![UriId::XML, UriId::XMLNS].contains(&uri),
            _ => ![UriId::XML, UriId::XMLNS, UriId::NONE].contains(&uri),
        };
        if !allowed {
            return Err(XmlErrorKind::NamespaceDeclaration);
        }
        let id = self.number_prefix(name)?;
        // Declaring the prefix xml as what it is changes nothing.
        if id != PrefixId::XML
            && let Some(prefix) = self.prefixes.get_mut(id.0)
        {
            prefix.bound.push(uri);
            self.declared.push(id);
        }
        Ok(id)
    }

    fn number_prefix(&mut self, name: &'a str) -> Result<PrefixId, XmlErrorKind> {
        if name.is_empty() {
            return Ok(PrefixId::EMPTY);
        }
        match self.prefix_place(name) {
            Ok(place) => Ok(PrefixId(self.prefix_order.get(place).copied().unwrap_or_default())),
            Err(_) if self.prefixes.len() >= MAX_NAMES => Err(XmlErrorKind::TooManyNamespaces),
            Err(place) => {
                let number = self.prefixes.len();
                self.prefixes.push(Prefix { name, bound: Vec::new() });
                self.prefix_order.insert(place, number);
                Ok(PrefixId(number))
            }
        }
    }

    fn number_uri(&mut self, uri: Cow<'a, str>) -> Result<UriId, XmlErrorKind> {
        let uri_of = |index: &usize| self.uris.get(*index).map_or("", AsRef::as_ref);
        match self.uri_order.binary_search_by(|index| uri_of(index).cmp(&uri)) {
            Ok(place) => Ok(UriId(self.uri_order.get(place).copied().unwrap_or_default())),
            Err(_) if self.uris.len() >= MAX_NAMES => Err(XmlErrorKind::TooManyNamespaces),
            Err(place) => {
                let number = self.uris.len();
                self.uris.push(uri);
                self.uri_order.insert(place, number);
                Ok(UriId(number))
            }
        }
    }
}
