//! What is signed, in which form, and where the signature goes.

use crate::KeyFilter;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Documents to sign, all with one key under one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignTask {
    /// At least one; the signatures come back in this order.
    pub documents: Vec<Document>,
    /// The form of each signature.
    pub form: Form,
    /// Which keys fit.
    pub filter: KeyFilter,
    /// Where the signatures go.
    pub delivery: Delivery,
    /// A picture that the site wants shown: a PNG file as far as the page is to be believed.
    pub logo: Option<ByteBuf>,
}

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// The very octets that are hashed.
    Content(ByteBuf),
    /// A digest that the page computed: the person cannot see what it is of.
    Digest(ByteBuf),
    /// A finished CMS that one more signer is added to, DER; its document is inside, or given beside it.
    Cms(ByteBuf),
    /// A file of this computer that the page names by its path; read only after the person allowed it.
    File(String),
    /// A file that the person chooses. The page does not learn its path.
    Chosen,
    /// What is behind this address of the site's; fetched only after the person allowed it.
    Remote(String),
}

/// The form of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// CMS (RFC 5652, CAdES of ETSI EN 319 122-1).
    Cms(Cms),
    /// XMLDSig: the signature stands in the document.
    Xml(Xml),
    /// The bare signature value over the document.
    Raw,
}

/// A CMS signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cms {
    /// Whether the document travels inside the signature. A bare digest is always detached.
    pub content: Content,
    /// Whether a time stamp is added.
    pub time_stamp: TimeStamp,
}

/// Whether `encapContentInfo` carries the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// The document is inside the signature.
    Attached,
    /// The signature stands beside the document.
    Detached,
}

/// Whether a signature has a time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeStamp {
    /// None (CAdES-BES).
    None,
    /// Of the NCA's service (CAdES-T). Without it there is no signature.
    Signature,
}

/// An XML signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Xml {
    /// The white space in it.
    pub layout: XmlLayout,
    /// What is signed; `None`: the document.
    pub signed: Option<XmlPlace>,
    /// The attribute that identifies what is signed; `None`: the usual ones.
    pub id_attribute: Option<String>,
    /// What the signature becomes the last child of; `None`: the document element.
    pub parent: Option<XmlPlace>,
}

/// The white space in an XML signature (`ncalayer-protocol.md` 5.6, 10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum XmlLayout {
    /// A line for each element.
    Lines,
    /// None.
    Compact,
}

/// An element, as a page names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum XmlPlace {
    /// By XPath.
    XPath(String),
    /// The element of this name as it is written in the document, with its prefix.
    Element(String),
}

/// Where signatures go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// To the page.
    Page,
    /// To a file beside the document, or in this folder when it is not empty; the page learns the path.
    Folder(String),
    /// To the site itself, with the document; the page learns what the site answered.
    Upload {
        /// Where to.
        url: String,
        /// What the site knows the upload by; empty: nothing.
        token: String,
    },
}

impl Document {
    /// The octets that came with the request.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        match self {
            Self::Content(octets) | Self::Digest(octets) | Self::Cms(octets) => octets,
            Self::File(_) | Self::Chosen | Self::Remote(_) => &[],
        }
    }
}

impl SignTask {
    /// All octets that came with the request.
    #[must_use]
    pub fn octets(&self) -> u64 {
        let logo = self.logo.as_ref().map_or(0, |logo| logo.len());
        self.documents.iter().map(|document| document.octets().len() as u64).sum::<u64>() + logo as u64
    }

    /// Whether a document is only known by its digest.
    #[must_use]
    pub fn has_digest(&self) -> bool {
        self.documents.iter().any(|document| matches!(document, Document::Digest(_)))
    }

    /// Whether a file is named by its path.
    #[must_use]
    pub fn names_a_path(&self) -> bool {
        let by_document = self.documents.iter().any(|document| matches!(document, Document::File(_)));
        by_document || matches!(&self.delivery, Delivery::Folder(folder) if !folder.is_empty())
    }
}
