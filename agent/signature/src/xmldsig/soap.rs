//! Where in a SOAP message WS-Security has a signature.

use std::fmt::Write as _;

use pki::DigestAlgorithm;

use super::c14n::Version;
use super::locate::{identifier, unique};
use super::make::SignError;
use super::place::{Around, Place};
use super::subject::Identified;
use super::tree::{WSSE_NAMESPACE, WSU_NAMESPACE};
use super::xml::{Document, Event, Reader, is_nmtoken};

const ENVELOPES: [&str; 2] = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];

/// What WS-Security needs of an envelope.
struct Envelope {
    /// The prefix of SOAP's own elements.
    prefix: String,
    header: Option<Place>,
    /// wsse:Security in it.
    security: Option<Place>,
    body: Place,
    body_id: Option<String>,
    /// A prefix for the identifier, and whether it is declared already.
    identifier_prefix: (String, bool),
}

impl Envelope {
    fn of(message: &Document<'_>) -> Result<Self, SignError> {
        let mut reader = Reader::new(message);
        let mut prefix = None;
        let (mut header, mut security, mut body): (Option<Place>, Option<Place>, Option<Place>) = (None, None, None);
        let mut body_id = None;
        let mut identifier_prefix = (String::new(), false);
        let mut in_header = false;
        while let Some(event) = reader.next()? {
            match event {
                Event::Start(element) => {
                    let uri = reader.scope().uri(element.uri);
                    let is_soap = ENVELOPES.contains(&uri);
                    match (reader.depth(), element.local) {
                        (1, "Envelope") if is_soap => {
                            prefix = Some(element.name.strip_suffix(":Envelope").unwrap_or_default().to_owned());
                        }
                        (1, _) => return Err(SignError::NoEnvelope),
                        (2, "Header") if is_soap && header.is_none() => {
                            header = Some(Place::of(&element));
                            in_header = true;
                        }
                        (2, "Body") if is_soap && body.is_none() => {
                            body_id = identifier(&reader, None);
                            identifier_prefix = free_prefix(&reader);
                            body = Some(Place::of(&element));
                        }
                        (2, "Body") if is_soap => return Err(SignError::NoEnvelope),
                        (3, "Security") if uri == WSSE_NAMESPACE && in_header && security.is_none() => {
                            security = Some(Place::of(&element));
                        }
                        _ => {}
                    }
                }
                Event::End { start, content_end, end, .. } => {
                    in_header &= reader.depth() > 1;
                    for place in [&mut header, &mut security, &mut body].into_iter().flatten() {
                        if place.element.start == start {
                            place.close(content_end, end);
                        }
                    }
                }
                _ => {}
            }
        }
        let (prefix, body) = prefix.zip(body).ok_or(SignError::NoEnvelope)?;
        Ok(Self { prefix, header, security, body, body_id, identifier_prefix })
    }
}

/// A prefix that means WS-Security's identifiers here, or one that means nothing yet.
fn free_prefix(reader: &Reader<'_, '_>) -> (String, bool) {
    let scope = reader.scope();
    let meaning = |name: &str| scope.prefix(name).and_then(|prefix| scope.lookup(prefix)).map(|uri| scope.uri(uri));
    let names = std::iter::once("wsu".to_owned()).chain((1_u32..).map(|number| format!("wsu{number}")));
    for name in names {
        match meaning(&name) {
            Some(WSU_NAMESPACE) => return (name, true),
            Some(_) => {}
            None => return (name, false),
        }
    }
    (String::new(), false)
}

/// The message, with an identifier for its body where it has none. The identifier is made from the message, so that the
/// same message gets the same one.
pub(super) fn with_body_id(message: &Document<'_>) -> Result<String, SignError> {
    let envelope = Envelope::of(message)?;
    let text = message.text();
    if envelope.body_id.is_some() {
        return Ok(text.to_owned());
    }
    let place = envelope.body.element.start + 1 + envelope.body.name.len();
    let (before, behind) = text.split_at_checked(place).ok_or(SignError::NoEnvelope)?;
    let (prefix, declared) = envelope.identifier_prefix;
    let mut id = String::from("id-");
    for byte in DigestAlgorithm::Sha256.digest(text.as_bytes()).into_iter().take(16) {
        // Writing to a text does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    let declaration = if declared { String::new() } else { format!(" xmlns:{prefix}=\"{WSU_NAMESPACE}\"") };
    Ok(format!("{before}{declaration} {prefix}:Id=\"{id}\"{behind}"))
}

/// The body, and what stands around its signature.
pub(super) fn places(message: &Document<'_>) -> Result<(Identified, Around), SignError> {
    let envelope = Envelope::of(message)?;
    let id = envelope.body_id.filter(|id| is_nmtoken(id)).ok_or(SignError::NoId)?;
    unique(message, &id, None)?;
    let start = envelope.body.element.start;
    let body = Identified { id, id_attribute: None, start, enveloped: false, version: Version::Exclusive };
    if let Some(security) = envelope.security {
        return Ok((body, Around::as_it_is(message, &security)));
    }
    let prefix = envelope.prefix;
    let (must_understand, header) = if prefix.is_empty() {
        (String::new(), "Header".to_owned())
    } else {
        (format!(" {prefix}:mustUnderstand=\"1\""), format!("{prefix}:Header"))
    };
    let mut around = match &envelope.header {
        Some(header) => Around::as_it_is(message, header),
        None => Around::in_front_of(message, start),
    };
    if envelope.header.is_none() {
        around.wrap(&format!("<{header}>"), &format!("</{header}>"));
    }
    around.wrap(&format!("<wsse:Security xmlns:wsse=\"{WSSE_NAMESPACE}\"{must_understand}>"), "</wsse:Security>");
    Ok((body, around))
}
