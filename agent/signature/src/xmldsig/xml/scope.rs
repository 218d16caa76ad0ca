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
    prefix_order: Order,
    uris: Vec<Cow<'a, str>>,
    uri_order: Order,
    /// Prefixes in the order in which open elements declared them.
    declared: Vec<PrefixId>,
}

/// The alphabetical order of numbered texts, kept as they are met: long namespaces are compared once and not with every
/// attribute.
struct Order {
    /// Numbers in the order of the texts.
    numbers: Vec<usize>,
    /// By number, its place in the order.
    ranks: Vec<usize>,
}

impl Order {
    fn rank(&self, number: usize) -> usize {
        self.ranks.get(number).copied().unwrap_or_default()
    }

    /// A text that is there, or the place that it would have.
    fn find<'t>(&self, wanted: &str, text: impl Fn(usize) -> &'t str) -> Result<usize, usize> {
        let place = self.numbers.binary_search_by(|number| text(*number).cmp(wanted))?;
        Ok(self.numbers.get(place).copied().unwrap_or_default())
    }

    /// Gives the next number to the text that has this place.
    fn insert(&mut self, place: usize) -> usize {
        let number = self.numbers.len();
        self.numbers.insert(place, number);
        self.ranks.iter_mut().filter(|rank| **rank >= place).for_each(|rank| *rank += 1);
        self.ranks.push(place);
        number
    }
}

struct Prefix<'a> {
    name: &'a str,
    /// What open elements declared it to be; the last counts.
    bound: Vec<UriId>,
}

impl<'a> Scope<'a> {
    pub(super) fn new() -> Self {
        let prefix = |name, uri| Prefix { name, bound: vec![uri] };
        // By the numbers of `UriId`, whose alphabetical order is 0, 3, 2, 1.
        let uris = ["", XML_NAMESPACE, XMLNS_NAMESPACE, DSIG_NAMESPACE].map(Cow::Borrowed).to_vec();
        Self {
            prefixes: vec![prefix("", UriId::NONE), prefix("xml", UriId::XML)],
            prefix_order: Order { numbers: vec![0, 1], ranks: vec![0, 1] },
            uris,
            uri_order: Order { numbers: vec![0, 3, 2, 1], ranks: vec![0, 3, 2, 1] },
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
        self.find_prefix(name).ok().map(PrefixId)
    }

    fn find_prefix(&self, name: &str) -> Result<usize, usize> {
        self.prefix_order.find(name, |number| self.prefixes.get(number).map_or("", |prefix| prefix.name))
    }

    /// Where a prefix has its place in the order of names.
    pub(crate) fn prefix_rank(&self, prefix: PrefixId) -> usize {
        self.prefix_order.rank(prefix.0)
    }

    /// Where a namespace has its place in the order of namespaces.
    pub(crate) fn uri_rank(&self, uri: UriId) -> usize {
        self.uri_order.rank(uri.0)
    }

    pub(crate) fn name(&self, prefix: PrefixId) -> &'a str {
        self.prefixes.get(prefix.0).map_or("", |prefix| prefix.name)
    }

    pub(crate) fn uri(&self, uri: UriId) -> &str {
        self.uris.get(uri.0).map_or("", AsRef::as_ref)
    }

    /// All prefixes that this document has declared so far.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = PrefixId> {
        (0..self.prefixes.len()).map(PrefixId)
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
        match self.find_prefix(name) {
            Ok(number) => Ok(PrefixId(number)),
            Err(_) if self.prefixes.len() >= MAX_NAMES => Err(XmlErrorKind::TooManyNamespaces),
            Err(place) => {
                self.prefixes.push(Prefix { name, bound: Vec::new() });
                Ok(PrefixId(self.prefix_order.insert(place)))
            }
        }
    }

    fn number_uri(&mut self, uri: Cow<'a, str>) -> Result<UriId, XmlErrorKind> {
        match self.uri_order.find(&uri, |number| self.uris.get(number).map_or("", AsRef::as_ref)) {
            Ok(number) => Ok(UriId(number)),
            Err(_) if self.uris.len() >= MAX_NAMES => Err(XmlErrorKind::TooManyNamespaces),
            Err(place) => {
                self.uris.push(uri);
                Ok(UriId(self.uri_order.insert(place)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_alphabet() {
        let mut scope = Scope::new();
        for (prefix, uri) in [("b", "urn:z"), ("c", "urn:a"), ("a", "http://www.w3.org/2000/09/"), ("B", "urn:z")] {
            scope.declare(prefix, Cow::Borrowed(uri)).unwrap();
        }
        let mut prefixes: Vec<_> = scope.prefixes().collect();
        prefixes.sort_by_key(|prefix| scope.prefix_rank(*prefix));
        let names: Vec<_> = prefixes.into_iter().map(|prefix| scope.name(prefix)).collect();
        assert_eq!(names, ["", "B", "a", "b", "c", "xml"]);
        let mut uris: Vec<_> = (0..scope.uris.len()).map(UriId).collect();
        uris.sort_by_key(|uri| scope.uri_rank(*uri));
        let texts: Vec<_> = uris.into_iter().map(|uri| scope.uri(uri)).collect();
        assert!(texts.is_sorted() && texts.len() == 7, "{texts:?}");
        assert_eq!(scope.uri(UriId::DSIG), DSIG_NAMESPACE);
    }
}
