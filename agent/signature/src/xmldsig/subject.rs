//! What a signature to be made is over, and by which methods.

use super::c14n::{Comments, Method, Part, Version};

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Document,
    Element(Identified),
}

/// An element that is signed by its identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identified {
    pub(super) id: String,
    /// The attribute of the identifier, where it is an unusual one.
    pub(super) id_attribute: Option<String>,
    /// Where the start tag begins.
    pub(super) start: usize,
    /// The signature goes inside of it.
    pub(super) enveloped: bool,
    /// The canonical form of the element.
    pub(super) version: Version,
}

impl Subject {
    pub(super) fn part(&self) -> Part {
        match self {
            Self::Document => Part::Document,
            Self::Element(element) => Part::Element(element.start),
        }
    }

    /// The last transform. References within the document have no comments, so "with comments" changes nothing; it is
    /// what the NCA's library writes (kz-crypto 14.2, 14.3).
    pub(super) fn method(&self) -> Method {
        match self {
            Self::Element(Identified { version: Version::Exclusive, .. }) => {
                Method::new(Version::Exclusive, Comments::Without)
            }
            _ => Method::new(Version::Inclusive10, Comments::With),
        }
    }

    /// The form of SignedInfo.
    pub(super) fn canonicalization(&self) -> Method {
        let version = match self {
            Self::Document => Version::Inclusive10,
            Self::Element(_) => Version::Exclusive,
        };
        Method::new(version, Comments::Without)
    }

    pub(super) fn is_enveloped(&self) -> bool {
        match self {
            Self::Document => true,
            Self::Element(element) => element.enveloped,
        }
    }

    /// The Reference's URI.
    pub(super) fn reference(&self) -> String {
        match self {
            Self::Document => String::new(),
            Self::Element(element) => format!("#{}", element.id),
        }
    }
}
