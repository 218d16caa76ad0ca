//! The forms of signatures: what each one needs of a document, and making it once the key is open.

use super::documents::{Kind, Subject};
use super::keys::KeyFault;
use crate::window::{FormView, StampView};
use order::{Content, Failure, FailureCode, KeyInfo, TimeStamp, Xml, XmlLayout, XmlPlace};
use pki::{Certificate, Signer, Timestamp};
use signature::{
    cms::{self, amend},
    raw,
    xmldsig::{self, Layout, Selector},
};

/// A form, understood.
#[derive(Debug)]
pub(super) enum Form {
    Cms(order::Cms),
    Xml(xmldsig::Form),
    Raw,
}

impl Form {
    /// What the page asks for.
    ///
    /// # Errors
    /// An expression that names an element and cannot be understood.
    pub(super) fn of(form: &order::Form) -> Result<Self, Failure> {
        Ok(match form {
            order::Form::Cms(cms) => Self::Cms(*cms),
            order::Form::Xml(xml) => Self::Xml(xml_form(xml)?),
            order::Form::Raw => Self::Raw,
        })
    }

    /// As a window shows it.
    pub(super) fn view(&self) -> FormView {
        match self {
            Self::Cms(order::Cms { time_stamp: TimeStamp::None, .. }) => FormView::Cms { stamp: StampView::None },
            Self::Cms(order::Cms { time_stamp: TimeStamp::Signature, .. }) => FormView::Cms { stamp: StampView::Added },
            Self::Xml(_) => FormView::Xml,
            Self::Raw => FormView::Raw,
        }
    }

    pub(super) fn is_stamped(&self) -> bool {
        matches!(self, Self::Cms(order::Cms { time_stamp: TimeStamp::Signature, .. }))
    }

    /// What a file of such a signature has behind the document's name.
    pub(super) fn ending(&self) -> &'static str {
        match self {
            Self::Cms(_) => ".cms",
            Self::Xml(_) => ".signed.xml",
            Self::Raw => ".sig",
        }
    }

    /// Makes one signature; it is verified before it is returned.
    pub(super) fn make(&self, subject: &Subject<'_>, signer: &dyn Signer, now: Timestamp) -> Result<Vec<u8>, KeyFault> {
        let octets: &[u8] = &subject.octets;
        match (self, subject.kind) {
            (Self::Cms(_), Kind::Cms) => {
                match amend::add_signer(octets, signer, None, amend::SameCertificate::Refuse, now) {
                    Err(amend::AmendError::AlreadySigned(_)) => Err(KeyFault::AlreadySigned),
                    made => made.map_err(amending),
                }
            }
            (Self::Cms(_), Kind::Digest) => {
                cms::sign(signer, cms::Content::DetachedDigest(octets), now).map_err(of_cms)
            }
            (Self::Cms(form), Kind::Content) => {
                let content = match form.content {
                    Content::Attached => cms::Content::Attached(octets),
                    Content::Detached => cms::Content::Detached(octets),
                };
                cms::sign(signer, content, now).map_err(of_cms)
            }
            (Self::Xml(form), _) => match xmldsig::sign(signer, octets, form) {
                Err(xmldsig::SignError::Signer(error)) => Err(KeyFault::Signer(error)),
                made => made.map_err(signing),
            },
            (Self::Raw, kind) => {
                let content =
                    if kind == Kind::Digest { raw::Content::Digest(octets) } else { raw::Content::Data(octets) };
                match raw::sign(signer, content) {
                    Err(raw::SignError::DigestLength { .. }) => Err(KeyFault::DigestLength),
                    Err(raw::SignError::Signer(error)) => Err(KeyFault::Signer(error)),
                    made => made.map_err(signing),
                }
            }
        }
    }
}

fn amending(error: amend::AmendError) -> KeyFault {
    match error {
        amend::AmendError::Sign(error) => of_cms(error),
        error => signing(error),
    }
}

fn of_cms(error: cms::SignError) -> KeyFault {
    match error {
        cms::SignError::Signer(error) => KeyFault::Signer(error),
        error => signing(error),
    }
}

fn signing(error: impl std::fmt::Display) -> KeyFault {
    KeyFault::Signing(error.to_string())
}

fn xml_form(xml: &Xml) -> Result<xmldsig::Form, Failure> {
    let selector = |place: &XmlPlace| match place {
        XmlPlace::Element(name) => Ok(Selector::by_name(name)),
        XmlPlace::XPath(expression) => Selector::from_xpath(expression)
            .map_err(|error| Failure { code: FailureCode::Malformed, detail: error.to_string() }),
    };
    let layout = match xml.layout {
        XmlLayout::Lines => Layout::Lines,
        XmlLayout::Compact => Layout::Compact,
    };
    let signed = match xml.signed.as_ref().map(selector).transpose()? {
        None => xmldsig::Signed::Document,
        Some(selector) => xmldsig::Signed::Element { selector, id_attribute: xml.id_attribute.clone() },
    };
    Ok(xmldsig::Form { layout, signed, parent: xml.parent.as_ref().map(selector).transpose()? })
}

/// What `getKeyInfo` tells a page of a certificate.
#[must_use]
pub fn key_info(alias: &str, certificate: &Certificate) -> KeyInfo {
    KeyInfo {
        alias: alias.to_owned(),
        key_id: certificate.subject_key_identifier().unwrap_or_default().to_vec(),
        algorithm: certificate.public_key().kalkan_name().to_owned(),
        subject_cn: certificate.subject().common_name().unwrap_or_default().to_owned(),
        subject_dn: certificate.subject().to_dn_string(),
        issuer_cn: certificate.issuer().common_name().unwrap_or_default().to_owned(),
        issuer_dn: certificate.issuer().to_dn_string(),
        serial_number: certificate.serial().bytes().to_vec(),
        not_before_ms: certificate.not_before().millis(),
        not_after_ms: certificate.not_after().millis(),
        authority_key_id: certificate.authority_key_identifier().unwrap_or_default().to_vec(),
        certificate: certificate.der().to_vec(),
    }
}

/// The name of a certificate's key in the NCA's key files: the subject key identifier in hexadecimal (kz-crypto 8.1).
pub(super) fn alias_of(certificate: &Certificate) -> String {
    certificate.subject_key_identifier().map(hex::encode).unwrap_or_default()
}
