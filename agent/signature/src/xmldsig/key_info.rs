//! Which certificate a KeyInfo means. Nothing in it is signed: what is found is a suggestion that the signature confirms.

use std::collections::HashMap;

use pki::{Certificate, pem};

use super::index::Target;
use super::structure::base64;
use super::tree::{Node, Space, Tree};
use super::verify::Options;
use super::xml::{Document, text_value};

/// The most certificates that are read.
const MAX_CERTIFICATES: usize = 16;

#[derive(Default)]
pub(super) struct Meant {
    /// Whose key may fit, the likeliest first.
    pub(super) candidates: Vec<Certificate>,
    /// All certificates in the document that it names.
    pub(super) inside: Vec<Certificate>,
    /// Where elements begin whose content is no certificate.
    pub(super) unreadable: Vec<usize>,
}

/// The identifier of the BinarySecurityToken that a wsse:SecurityTokenReference names.
pub(super) fn token_id<'t>(tree: &'t Tree<'_>, key_info: Option<&'t Node<'_>>) -> Option<&'t str> {
    let is_reference = |node: &&Node<'_>| node.space == Space::Wsse && node.local == "Reference";
    tree.inside(key_info?).find(is_reference)?.attribute("URI")?.strip_prefix('#')
}

pub(super) fn read(
    tree: &Tree<'_>,
    key_info: Option<&Node<'_>>,
    targets: &HashMap<String, Vec<Target>>,
    document: &Document<'_>,
    options: &Options<'_>,
) -> Meant {
    let mut meant = Meant::default();
    let Some(key_info) = key_info else { return meant };
    let mut serial = None;
    for node in tree.inside(key_info) {
        let is_identifier = node.space == Space::Wsse
            && node.local == "KeyIdentifier"
            && node.attribute("ValueType").is_some_and(|kind| kind.ends_with("#X509v3"));
        if node.is("X509Certificate") || is_identifier {
            if meant.inside.len() == MAX_CERTIFICATES {
                break;
            }
            let certificate = base64(node, "X509Certificate").ok().and_then(|der| Certificate::from_der(&der).ok());
            match certificate {
                Some(certificate) => meant.inside.push(certificate),
                None => meant.unreadable.push(node.start),
            }
        } else if node.is("X509SerialNumber") {
            serial = Some(node.text.trim().to_owned());
        }
    }
    if let Some([token]) = token_id(tree, Some(key_info)).and_then(|id| targets.get(id)).map(Vec::as_slice) {
        let content = document.text().get(token.content.clone()).unwrap_or_default();
        let certificate = pem::decode_base64(text_value(content).as_bytes());
        match certificate.ok().and_then(|der| Certificate::from_der(&der).ok()) {
            Some(certificate) => meant.inside.push(certificate),
            None => meant.unreadable.push(token.start),
        }
    }
    let by_serial = |certificate: &&Certificate| {
        serial.as_deref().is_some_and(|serial| certificate.serial().to_decimal() == serial)
    };
    meant.candidates.clone_from(&meant.inside);
    meant.candidates.extend(options.certificates.iter().filter(by_serial).cloned());
    meant
}
