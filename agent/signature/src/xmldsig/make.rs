//! Making a signature.

use pki::{Signer, SignerError};

use super::algorithms::{ENVELOPED, digest_uri, signature_uri};
use super::c14n::{Comments, Part, Subset, canonicalize};
use super::layout::{KeyInfo, Layout, Parts};
use super::locate::{Located, locate};
use super::place::Around;
use super::report::Problem;
use super::selector::{Selector, SelectorError};
use super::subject::Subject;
use super::verify::{Options, digest_of, verify_one};
use super::xml::{Document, Event, Reader, XmlError};
use super::{soap, value};

/// What is signed, and where the signature goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The white space in the signature.
    pub layout: Layout,
    /// What is signed.
    pub signed: Signed,
    /// The element whose last child the signature becomes; `None`: the document element.
    pub parent: Option<Selector>,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The document (kz-crypto 14.2).
    Document,
    /// One element, by its identifier (kz-crypto 14.3).
    Element {
        /// Which one.
        selector: Selector,
        /// The attribute that identifies it; `None`: `Id`, or else `ID`, `id`, `wsu:Id` or `xml:id`.
        id_attribute: Option<String>,
    },
}

impl Form {
    /// The document, with the signature at its end.
    pub const fn enveloped(layout: Layout) -> Self {
        Self { layout, signed: Signed::Document, parent: None }
    }

    /// What signXml's two expressions mean: the element to be signed and the element that the signature goes into. Empty
    /// ones mean the document and the document element.
    pub fn from_xpaths(layout: Layout, signed: &str, parent: &str) -> Result<Self, SelectorError> {
        let selector = |xpath: &str| match xpath.trim() {
            "" => Ok(None),
            xpath => Selector::from_xpath(xpath).map(Some),
        };
        let signed =
            selector(signed)?.map_or(Signed::Document, |selector| Signed::Element { selector, id_attribute: None });
        Ok(Self { layout, signed, parent: selector(parent)? })
    }
}

/// Why no signature was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The document is not read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The signer's algorithm has no name in XML signatures.
    #[error("the signer's algorithm is not known")]
    Algorithm,
    /// No element is the one that was named.
    #[error("{0}: there is no such element")]
    NoElement(Role),
    /// Several elements are.
    #[error("{0}: there are several such elements")]
    SeveralElements(Role),
    /// The element to be signed has no identifier, or one that cannot stand in a reference.
    #[error("the element to be signed has no usable Id")]
    NoId,
    /// Several elements have its identifier: a reference to it would be refused.
    #[error("several elements have the Id {0}")]
    IdRepeated(String),
    /// Not a SOAP envelope with a body.
    #[error("the document is no SOAP envelope with a body")]
    NoEnvelope,
    /// The key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// What was made does not verify: a fault of the key store, the token or this program.
    #[error("the signature that was made does not verify: {0}")]
    SelfCheck(Problem),
}

/// What an element was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// That which is signed.
    Signed,
    /// That which the signature goes into.
    Parent,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Signed => "the element to be signed",
            Self::Parent => "the element for the signature",
        })
    }
}

/// Signs a document and verifies the signature before returning it. The result is the document's own octets with the
/// signature put in, and with the XML declaration of the NCA's tools at its beginning.
pub fn sign(signer: &dyn Signer, document: &[u8], form: &Form) -> Result<Vec<u8>, SignError> {
    let document = Document::new(document)?;
    let Located { subject, parent } = locate(&document, form)?;
    let around = Around::with_declaration(&document, &parent);
    Task { layout: form.layout, key_info: KeyInfo::X509Data, subject, around }.sign(signer, &document)
}

/// How much of what is hashed [`check`] gives back, in octets.
pub const LONGEST_BEGINNING: usize = 1 << 20;

/// What a signature would be over: canonical XML, so that whoever looks at it sees what is hashed, without comments and
/// without what stands beside a signed element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// The first [`LONGEST_BEGINNING`] octets at most, cut between letters.
    pub beginning: Vec<u8>,
    /// The length of all of it.
    pub length: u64,
    /// How much of the document it is.
    pub share: Share,
}

/// How much of a document a signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Share {
    /// All elements.
    Whole,
    /// One element that is not the document's own.
    Part {
        /// Where its start tag begins, in octets of the document as they came.
        start: usize,
        /// Where it ends.
        end: usize,
    },
}

/// Whether a document can be signed in that form, before anybody is asked for a key: it is read to its end, what is named
/// in it is found, and what would be signed has a canonical form, which is given back.
///
/// # Errors
/// What [`sign`] would say, but for what concerns the signer.
pub fn check(document: &[u8], form: &Form) -> Result<Hashed, SignError> {
    let document = Document::new(document)?;
    let Located { subject, .. } = locate(&document, form)?;
    let subset = Subset { part: subject.part(), without: &[], comments: Comments::Without };
    let mut beginning = Vec::new();
    let mut length = 0;
    canonicalize(&document, &subset, &subject.method(), &mut |octets| {
        length += octets.len() as u64;
        let room = LONGEST_BEGINNING.saturating_sub(beginning.len());
        beginning.extend_from_slice(octets.get(..room).unwrap_or(octets));
    })?;
    if let Err(error) = std::str::from_utf8(&beginning) {
        beginning.truncate(error.valid_up_to());
    }
    Ok(Hashed { beginning, length, share: share(&document, &subject)? })
}

fn share(document: &Document<'_>, subject: &Subject) -> Result<Share, SignError> {
    let Subject::Element(signed) = subject else { return Ok(Share::Whole) };
    let mut reader = Reader::new(document);
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(element) if reader.depth() == 1 && element.start == signed.start => return Ok(Share::Whole),
            Event::End { start, end, .. } if start == signed.start => return Ok(Share::Part { start, end }),
            _ => {}
        }
    }
    // It was found in this document, so this is not reached; it would say that there is more than what is signed.
    Ok(Share::Part { start: signed.start, end: signed.start })
}

/// Signs the body of a SOAP message in the form of WS-Security (kz-crypto 14.5): exclusive canonicalisation, the
/// signature in the header's wsse:Security, which is made where there is none, the certificate in a wsse:KeyIdentifier.
/// A body without an identifier gets a wsu:Id. Otherwise the result is the message's own octets.
pub fn sign_soap(signer: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let message = soap::with_body_id(&Document::new(message)?)?;
    let message = Document::new(message.as_bytes())?;
    let (body, around) = soap::places(&message)?;
    let subject = Subject::Element(body);
    Task { layout: Layout::Compact, key_info: KeyInfo::KeyIdentifier, subject, around }.sign(signer, &message)
}

/// A signature to be made.
pub(super) struct Task {
    pub(super) layout: Layout,
    pub(super) key_info: KeyInfo,
    pub(super) subject: Subject,
    pub(super) around: Around,
}

/// What was made, before it is verified.
pub(super) struct Made {
    pub(super) document: String,
    /// Where the signature begins.
    pub(super) start: usize,
    digest: Vec<u8>,
}

impl Task {
    fn sign(self, signer: &dyn Signer, document: &Document<'_>) -> Result<Vec<u8>, SignError> {
        let subject = self.subject.clone();
        let made = self.make(signer, document)?;
        made.self_check(signer, &subject)?;
        Ok(made.document.into_bytes())
    }

    pub(super) fn make(self, signer: &dyn Signer, document: &Document<'_>) -> Result<Made, SignError> {
        let algorithm = signer.algorithm();
        let digest_algorithm = algorithm.digest_algorithm().ok_or(SignError::Algorithm)?;
        let signature_method = signature_uri(algorithm).ok_or(SignError::Algorithm)?;
        let digest_method = digest_uri(digest_algorithm).ok_or(SignError::Algorithm)?;

        let subject = self.subject;
        let method = subject.method();
        let subset = Subset { part: subject.part(), without: &[], comments: Comments::Without };
        let digest = digest_of(document, &subset, &method, digest_algorithm)?;
        let reference = subject.reference();
        let transforms: &[&str] = if subject.is_enveloped() { &[ENVELOPED, method.uri()] } else { &[method.uri()] };
        let parts = Parts {
            layout: self.layout,
            canonicalization: subject.canonicalization().uri(),
            signature_method,
            reference: &reference,
            transforms,
            digest_method,
            digest: &digest,
            key_info: self.key_info,
            certificate: signer.certificate().der(),
        };
        let text = parts.text();
        let Around { before: mut out, behind } = self.around;
        let start = out.len();
        out.push_str(&text.text);
        out.push_str(&behind);

        // SignedInfo's canonical form depends on where it stands, so it is taken from there.
        let with_place = Document::new(out.as_bytes())?;
        let part = Part::Element(start + text.signed_info);
        let subset = Subset { part, without: &[], comments: Comments::With };
        let mut to_sign = Vec::new();
        canonicalize(&with_place, &subset, &subject.canonicalization(), &mut |piece| to_sign.extend_from_slice(piece))?;
        let value = signer.sign(&to_sign)?;
        let value = value::to_xml(value, signer.certificate().public_key(), algorithm).ok_or(SignError::Algorithm)?;
        out.insert_str(start + text.value, &self.layout.base64(&value));
        Ok(Made { document: out, start, digest })
    }
}

impl Made {
    /// The second path over the octets: what leaves was read, resolved, digested and verified again.
    fn self_check(&self, signer: &dyn Signer, subject: &Subject) -> Result<(), SignError> {
        let id_attribute = match subject {
            Subject::Document => None,
            Subject::Element(element) => element.id_attribute.as_deref(),
        };
        let options = Options { id_attribute, certificates: &[] };
        let document = Document::new(self.document.as_bytes())?;
        let report = verify_one(&document, self.start, &options)?.ok_or(SignError::SelfCheck(Problem::NoSignature))?;
        if let Some(problem) = report.problems.first() {
            return Err(SignError::SelfCheck(problem.clone()));
        }
        let covered = match report.references.as_slice() {
            [reference] => {
                reference.digest_value == self.digest && report.covers_document() == (*subject == Subject::Document)
            }
            _ => false,
        };
        if !(report.is_good() && covered) {
            return Err(SignError::SelfCheck(Problem::DigestMismatch(0)));
        }
        if report.certificate.as_ref() != Some(signer.certificate()) {
            return Err(SignError::SelfCheck(Problem::CertificateMissing));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pki::{Certificate, SignatureAlgorithm};

    use super::*;

    /// An RSA key as far as the text around its signature goes.
    struct Rsa(Certificate);

    impl Signer for Rsa {
        fn certificate(&self) -> &Certificate {
            &self.0
        }

        fn algorithm(&self) -> SignatureAlgorithm {
            SignatureAlgorithm::RsaSha256
        }

        fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            Ok(vec![0; 60])
        }
    }

    #[test]
    fn a_check_gives_what_is_hashed() {
        let document =
            "<?xml version='1.0'?><!-- a --><r xmlns='u:1'><a Id='1'><![CDATA[<x>]]>&#1170;</a><!-- b --></r>";
        let whole = check(document.as_bytes(), &Form::enveloped(Layout::Lines)).unwrap();
        let expected = "<r xmlns=\"u:1\"><a Id=\"1\">&lt;x&gt;Ғ</a></r>";
        assert_eq!(String::from_utf8(whole.beginning).unwrap(), expected);
        assert_eq!((whole.length, whole.share), (expected.len() as u64, Share::Whole));
        let part = check(document.as_bytes(), &Form::from_xpaths(Layout::Lines, "//*[@Id]", "").unwrap()).unwrap();
        let start = document.find("<a ").unwrap();
        assert_eq!(part.share, Share::Part { start, end: document.find("<!-- b").unwrap() });
        assert!(part.beginning.starts_with(b"<a xmlns=\"u:1\" Id=\"1\">"));
        let root = check(b"<r Id='1'/>", &Form::from_xpaths(Layout::Lines, "/r", "").unwrap()).unwrap();
        assert_eq!(root.share, Share::Whole);
    }

    #[test]
    fn a_check_of_a_long_document_gives_its_beginning_cut_between_letters() {
        let document = format!("<r>{}</r>", "ә".repeat(LONGEST_BEGINNING));
        let hashed = check(document.as_bytes(), &Form::enveloped(Layout::Lines)).unwrap();
        assert_eq!((hashed.beginning.len(), hashed.length), (LONGEST_BEGINNING - 1, document.len() as u64));
    }

    #[test]
    fn the_recorded_form_is_made() {
        // ncalayer-protocol 10.2, with the digest that was recorded; value and certificate are of no one.
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><tag>data<ds:Signature \
            xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n<ds:SignedInfo>\n<ds:CanonicalizationMethod \
            Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>\n<ds:SignatureMethod \
            Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\n<ds:Reference URI=\"\">\n<ds:Transforms>\n\
            <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\n<ds:Transform \
            Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments\"/>\n</ds:Transforms>\n\
            <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\n\
            <ds:DigestValue>soDZFGIUsZ1x0sK/7x1bJvtGeQsO0BKOVwAvKxC3RJY=</ds:DigestValue>\n</ds:Reference>\n\
            </ds:SignedInfo>\n<ds:SignatureValue>\nVALUE\n</ds:SignatureValue>\n<ds:KeyInfo>\n<ds:X509Data>\n\
            <ds:X509Certificate>\nCERTIFICATE\n</ds:X509Certificate>\n</ds:X509Data>\n</ds:KeyInfo>\n</ds:Signature></tag>";
        let nca = test_nca::TestNca::seeded(pki::Timestamp::from_unix(1_795_000_000), 1).unwrap();
        let signer = Rsa(nca.root().clone());
        for layout in [Layout::Lines, Layout::Compact] {
            let document = Document::new(b"<?xml version=\"1.0\"?>\n<tag>data</tag>").unwrap();
            let Located { subject, parent } = locate(&document, &Form::enveloped(layout)).unwrap();
            let around = Around::with_declaration(&document, &parent);
            let task = Task { layout, key_info: KeyInfo::X509Data, subject, around };
            let made = task.make(&signer, &document).unwrap().document;
            let expected = if layout == Layout::Lines { expected.to_owned() } else { expected.replace('\n', "") };
            let expected = expected.replace("VALUE", &layout.base64(&[0; 60]));
            assert_eq!(made, expected.replace("CERTIFICATE", &layout.base64(nca.root().der())));
        }
    }
}
