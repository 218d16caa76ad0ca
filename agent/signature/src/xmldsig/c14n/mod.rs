//! Canonical XML: the octets that a signature is over.
//!
//! Canonical XML 1.0 and 1.1 and exclusive canonicalisation 1.0, each with and without comments, of a whole document or
//! of one element with what is inside of it, in both cases without some elements (the signature itself). These are all
//! the node-sets that a signature of ours, or one that is accepted, can mean; a node-set that XPath could describe beyond
//! that, an attribute alone or an element without its parent's other content, does not exist here.
//!
//! For an element of its own this means: it carries the namespaces that are in scope (in exclusive form, those that it
//! visibly uses), and in inclusive form the `xml:` attributes of the elements around it: all of them in version 1.0,
//! `xml:lang` and `xml:space` in version 1.1, which leaves `xml:id` where it is and joins the values of `xml:base`.

mod base;
mod output;
mod walk;

pub use walk::{Part, Subset, canonicalize};

/// Which canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// Canonical XML 1.0.
    Inclusive10,
    /// Canonical XML 1.1.
    Inclusive11,
    /// Exclusive XML Canonicalization 1.0.
    Exclusive,
}

/// Whether comments are part of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comments {
    /// They are.
    With,
    /// They are not.
    Without,
}

/// A canonicalisation method with its parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The form.
    pub version: Version,
    /// Whether comments stay.
    pub comments: Comments,
    /// Exclusive form only: the prefixes that are treated as in the inclusive form (InclusiveNamespaces PrefixList); the
    /// default namespace is the empty one.
    pub inclusive_prefixes: Vec<String>,
}

impl Method {
    const URIS: [(&str, Version, Comments); 6] = [
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Version::Inclusive10, Comments::Without),
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", Version::Inclusive10, Comments::With),
        ("http://www.w3.org/2006/12/xml-c14n11", Version::Inclusive11, Comments::Without),
        ("http://www.w3.org/2006/12/xml-c14n11#WithComments", Version::Inclusive11, Comments::With),
        ("http://www.w3.org/2001/10/xml-exc-c14n#", Version::Exclusive, Comments::Without),
        ("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", Version::Exclusive, Comments::With),
    ];

    /// Without inclusive prefixes.
    pub const fn new(version: Version, comments: Comments) -> Self {
        Self { version, comments, inclusive_prefixes: Vec::new() }
    }

    /// The method of that algorithm URI, when it is one of the six.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let (_, version, comments) = Self::URIS.into_iter().find(|(known, ..)| *known == uri)?;
        Some(Self::new(version, comments))
    }

    /// Its algorithm URI.
    pub fn uri(&self) -> &'static str {
        let same =
            |(_, version, comments): &&(_, Version, Comments)| (*version, *comments) == (self.version, self.comments);
        Self::URIS.iter().find(same).map_or("", |(uri, ..)| uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_found_by_their_uris() {
        for (uri, ..) in Method::URIS {
            assert_eq!(Method::from_uri(uri).unwrap().uri(), uri);
        }
        assert_eq!(Method::from_uri("http://www.w3.org/TR/1999/REC-xslt-19991116"), None);
    }
}
