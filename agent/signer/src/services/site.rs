//! The asking site's own server: documents that are fetched from it, signatures that are sent to it (`NURSign`).
//!
//! An address that a page names is asked only when it is `https` and its host belongs to the very site that asks: the
//! same registrable domain as the verified origin. So nothing goes where the page itself could not have sent it, and
//! TLS keeps it from servers inside: whoever lets a name of their own lead to an address of this network has no
//! certificate there. Redirections are not followed, no cookie is kept or sent.

use keystore::{Entropy as _, OsEntropy};
use order::{Origin, Uploaded, WebOrigin, registrable_domain};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use ureq::http::{Response, Uri};
use ureq::tls::{Certificate, RootCerts};
use ureq::{Agent, SendBody};

use super::ServiceError;
use super::client::{proxy, tls};
use crate::window::{Argument, Sentence};

/// The longest address; longer ones are no addresses of documents.
const LONGEST_URL: usize = 4096;

/// The most octets of a site's answer to an upload.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// The longest name that a site gives to what it was sent.
const LONGEST_ID: usize = 256;

/// A document is larger than an answer of a service, and people's lines are slow.
const PATIENCE: u32 = 12;

/// An address of the site that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteUrl {
    url: String,
    host: String,
}

impl SiteUrl {
    /// Reads an address, and holds it against the site that asks.
    ///
    /// # Errors
    /// [`SiteError::NotAnAddress`], [`SiteError::NoSite`], [`SiteError::OtherSite`].
    pub fn new(url: &str, origin: &Origin) -> Result<Self, SiteError> {
        let asking = match origin {
            Origin::Web(web) if is_safe(web) => web,
            _ => return Err(SiteError::NoSite),
        };
        let is_plain = url.len() <= LONGEST_URL && url.bytes().all(|b| b.is_ascii_graphic());
        let uri =
            Some(url).filter(|_| is_plain).and_then(|url| url.parse::<Uri>().ok()).ok_or(SiteError::NotAnAddress)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let host = authority.map(|authority| authority.host().to_ascii_lowercase()).unwrap_or_default();
        if uri.scheme_str() != Some("https") || host.is_empty() {
            return Err(SiteError::NotAnAddress);
        }
        if registrable_domain(&host) != asking.site() {
            return Err(SiteError::OtherSite { host, site: asking.site().to_owned() });
        }
        Ok(Self { url: url.to_owned(), host })
    }

    /// The address as the page wrote it: visible ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Its host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// Whether what the site says came from it: over TLS, or from this very computer.
fn is_safe(web: &WebOrigin) -> bool {
    matches!(web.scheme(), "https") || web.is_this_computer()
}

/// What is sent to a site.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// What the site knows the upload by; empty: nothing.
    pub token: &'a str,
    /// The document's file name, without a folder.
    pub name: &'a str,
    /// The document.
    pub document: &'a [u8],
    /// Its signature, a DER-encoded CMS.
    pub signature: &'a [u8],
}

/// What an upload passes once, unless it was shut before. Copies are the same gate.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicU8>);

impl Gate {
    const OPEN: u8 = 0;
    const PASSED: u8 = 1;
    const SHUT: u8 = 2;

    /// Shuts it; `false` when something passed already.
    pub fn shut(&self) -> bool {
        self.settle(Self::SHUT)
    }

    /// Whether something passed.
    #[must_use]
    pub fn was_passed(&self) -> bool {
        self.0.load(Ordering::SeqCst) == Self::PASSED
    }

    fn pass(&self) -> bool {
        self.settle(Self::PASSED)
    }

    /// Whether it is in this state from now on: it leaves the first one once.
    fn settle(&self, state: u8) -> bool {
        self.0.compare_exchange(Self::OPEN, state, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            || self.0.load(Ordering::SeqCst) == state
    }
}

/// The octets of an upload, behind its gate: they are first asked for when the connection stands.
struct Gated<'b> {
    gate: &'b Gate,
    body: &'b [u8],
}

impl Read for Gated<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.gate.pass() { self.body.read(into) } else { Err(io::Error::from(io::ErrorKind::ConnectionAborted)) }
    }
}

/// The way to the servers of sites. Copies share their connections.
#[derive(Clone, Debug)]
pub struct Sites {
    agent: Agent,
    timeout: Duration,
}

impl Sites {
    /// Over TLS that the system's certificates vouch for.
    ///
    /// # Errors
    /// [`SiteError::Service`] when the settings' proxy is none.
    pub fn new(settings: &settings::Services) -> Result<Self, SiteError> {
        Self::believing(settings, RootCerts::PlatformVerifier)
    }

    /// The same, but these authorities alone are believed: DER certificates.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_authorities(settings: &settings::Services, authorities: &[&[u8]]) -> Result<Self, SiteError> {
        let certificates: Vec<_> = authorities.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        Self::believing(settings, RootCerts::new_with_certs(&certificates))
    }

    fn believing(settings: &settings::Services, roots: RootCerts) -> Result<Self, SiteError> {
        let agent = Agent::config_builder()
            .user_agent(super::client::USER_AGENT)
            .proxy(proxy(&settings.proxy)?)
            .tls_config(tls(roots))
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(settings.timeout()))
            .build()
            .new_agent();
        Ok(Self { agent, timeout: settings.timeout().saturating_mul(PATIENCE) })
    }

    /// Fetches a document of at most `most` octets.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn fetch(&self, from: &SiteUrl, most: u64) -> Result<Vec<u8>, SiteError> {
        let request = self.agent.get(&from.url).config().timeout_global(Some(self.timeout)).build();
        let octets = read(from, request.call(), most)?;
        if octets.is_empty() { Err(SiteError::Answer { host: from.host.clone() }) } else { Ok(octets) }
    }

    /// Sends a document and its signature, and gives what the site calls them. The original's own form of this request
    /// is not known (`ncalayer-protocol.md` 8.1); ours is `multipart/form-data` (RFC 7578) with the fields `token`, `file`
    /// and `signature`, as `docs/ncalayer-dialect.md` says.
    ///
    /// Nothing of them leaves through a gate that was shut.
    ///
    /// # Errors
    /// [`SiteError`].
    pub fn upload(&self, to: &SiteUrl, upload: &Upload<'_>, gate: &Gate) -> Result<Uploaded, SiteError> {
        let mut random = [0; 16];
        let no_random = |_| SiteError::Unreachable { host: to.host.clone(), cause: "no random numbers".to_owned() };
        OsEntropy.fill(&mut random).map_err(no_random)?;
        let boundary = format!("tanba-{}", hex::encode(random));
        let body = multipart(&boundary, upload);
        let request = self.agent.post(&to.url).content_type(format!("multipart/form-data; boundary={boundary}"));
        let request = request.header("Accept", "application/json").header("Content-Length", body.len().to_string());
        let request = request.config().timeout_global(Some(self.timeout)).build();
        let mut body = Gated { gate, body: body.as_slice() };
        let octets = read(to, request.send(SendBody::from_reader(&mut body)), LONGEST_ANSWER)?;
        uploaded(&octets, upload).ok_or_else(|| SiteError::Answer { host: to.host.clone() })
    }
}

fn read(url: &SiteUrl, answer: Result<Response<ureq::Body>, ureq::Error>, most: u64) -> Result<Vec<u8>, SiteError> {
    let host = || url.host.clone();
    let fault = |error: ureq::Error| match error {
        ureq::Error::Timeout(_) => SiteError::TooSlow { host: host() },
        ureq::Error::BodyExceedsLimit(_) => SiteError::TooLong { host: host(), most },
        other => SiteError::Unreachable { host: host(), cause: other.to_string() },
    };
    let mut answer = answer.map_err(fault)?;
    match answer.status().as_u16() {
        200..=299 => answer.body_mut().with_config().limit(most).read_to_vec().map_err(fault),
        status => Err(SiteError::Status { host: host(), status }),
    }
}

fn multipart(boundary: &str, upload: &Upload<'_>) -> Vec<u8> {
    let name = quoted(upload.name);
    let mut body = Vec::with_capacity(upload.document.len() + upload.signature.len() + 1024);
    let mut field = |head: &str, content: &[u8]| {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    if !upload.token.is_empty() {
        field("name=\"token\"", upload.token.as_bytes());
    }
    let file =
        |field: &str, name: &str, kind: &str| format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}");
    field(&file("file", &name, "application/octet-stream"), upload.document);
    field(&file("signature", &format!("{name}.cms"), "application/pkcs7-signature"), upload.signature);
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// A file name between quotes, as browsers write one (HTML, *multipart/form-data encoding algorithm*).
fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' => quoted.push_str("%22"),
            '\r' => quoted.push_str("%0D"),
            '\n' => quoted.push_str("%0A"),
            c if c.is_control() => quoted.push('_'),
            c => quoted.push(c),
        }
    }
    quoted
}

/// What the site answered: a JSON object with `file_id`, and `file_name` and `file_size` where it has them, by itself or
/// as `result`.
fn uploaded(octets: &[u8], upload: &Upload<'_>) -> Option<Uploaded> {
    let answer: serde_json::Value = serde_json::from_slice(octets).ok()?;
    let answer = answer.get("result").filter(|inner| inner.is_object()).unwrap_or(&answer);
    let text = |name: &str| match answer.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let bounded = |text: &String| !text.is_empty() && text.len() <= LONGEST_ID;
    Some(Uploaded {
        id: text("file_id").filter(bounded)?,
        name: text("file_name").filter(bounded).unwrap_or_else(|| upload.name.to_owned()),
        size: text("file_size").and_then(|size| size.parse().ok()).unwrap_or(upload.document.len() as u64),
    })
}

/// Why nothing came from a site, or went there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// No `https` address in visible ASCII.
    #[error("this is no https address")]
    NotAnAddress,
    /// Who asks is no site that is known to be what it says.
    #[error("only a site that is reached over https may name an address")]
    NoSite,
    /// The address is another site's.
    #[error("{host} does not belong to {site}, which asks")]
    OtherSite {
        /// The address's host.
        host: String,
        /// The registrable domain of the site that asks.
        site: String,
    },
    /// No connection, or it broke off, or its certificate is not believed.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable {
        /// Where.
        host: String,
        /// What the network says.
        cause: String,
    },
    /// It took too long.
    #[error("{host} does not answer in time")]
    TooSlow {
        /// Where.
        host: String,
    },
    /// It answered with another status than success.
    #[error("{host} answered with HTTP status {status}")]
    Status {
        /// Where.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is longer than what is read.
    #[error("{host} answered with more than {most} octets")]
    TooLong {
        /// Where.
        host: String,
        /// The most that is read.
        most: u64,
    },
    /// The answer is none.
    #[error("the answer of {host} is not understood")]
    Answer {
        /// Where.
        host: String,
    },
    /// The settings name a proxy that cannot be one.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl SiteError {
    /// The person's sentence, with the next step.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let (id, places) = match self {
            Self::NotAnAddress => ("site-no-address", Vec::new()),
            Self::NoSite => ("site-no-site", Vec::new()),
            Self::OtherSite { host, site } => ("site-other", vec![("host", host), ("site", site)]),
            Self::Unreachable { host, .. } => ("site-unreachable", vec![("host", host)]),
            Self::TooSlow { host } => ("site-slow", vec![("host", host)]),
            Self::Status { host, .. } | Self::TooLong { host, .. } | Self::Answer { host } => {
                ("site-strange", vec![("host", host)])
            }
            Self::Service(error) => return error.sentence(),
        };
        let arguments = places.into_iter().map(|(place, text)| (place, Argument::Text(text.clone()))).collect();
        Sentence { id, arguments }
    }
}

#[cfg(test)]
mod tests;
