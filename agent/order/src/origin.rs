//! Who asks: a verified web origin, the program that carries it, and what the listener knows about both.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest `Origin` header that is read; a real one is a scheme, a host of at most 253 octets and a port.
const LONGEST_ORIGIN: usize = 300;

/// Where a request comes from.
///
/// Only a door makes one, from what the browser itself says (the WebSocket `Origin` header, the extension's `sender`),
/// never from what a page says in a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// A page of this site (RFC 6454 tuple origin).
    Web(WebOrigin),
    /// A page whose origin the browser keeps opaque (`Origin: null`: a sandboxed frame, a `file:` page), or an
    /// `Origin` that is not one. The text is never shown as a site's name.
    Opaque,
    /// No `Origin` header: a program, not a page of a browser.
    Absent,
}

/// The tuple origin of a page: scheme, host, port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WebOrigin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// Reads the value of a WebSocket handshake's `Origin` header (RFC 6455 §4.1, RFC 6454 §7); `None` when there was
    /// no such header. What cannot be read as `scheme "://" host [":" port]` in ASCII is [`Origin::Opaque`].
    #[must_use]
    pub fn from_header(value: Option<&[u8]>) -> Self {
        let Some(value) = value else {
            return Self::Absent;
        };
        if value.len() > LONGEST_ORIGIN {
            return Self::Opaque;
        }
        std::str::from_utf8(value).ok().and_then(WebOrigin::parse).map_or(Self::Opaque, Self::Web)
    }

    /// The site as its own name for records and permissions: `https://egov.kz`, `null`, or `-` where there was none.
    #[must_use]
    pub fn as_record(&self) -> String {
        match self {
            Self::Web(web) => web.to_string(),
            Self::Opaque => "null".to_owned(),
            Self::Absent => "-".to_owned(),
        }
    }
}

impl WebOrigin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme_ok = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c));
        if !scheme_ok {
            return None;
        }
        // An IPv6 literal has colons of its own inside its brackets.
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (rest, None),
        };
        let port = match port {
            None => None,
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits.parse().ok()?),
            Some(_) => return None,
        };
        let name_ok = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b))
        };
        let literal_ok = |name: &str| {
            name.strip_prefix('[')
                .and_then(|n| n.strip_suffix(']'))
                .is_some_and(|n| n.parse::<std::net::Ipv6Addr>().is_ok())
        };
        (name_ok(host) || literal_ok(host)).then(|| Self { scheme: scheme.to_owned(), host: host.to_owned(), port })
    }

    /// The scheme in lower case: `https`, `http`, `chrome-extension`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The host as the browser wrote it: lower case, an international name in its `xn--` form, never decoded here, so
    /// that a look-alike letter cannot pass for a known site.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The registrable domain of the host: who has it has every name below it.
    #[must_use]
    pub fn site(&self) -> &str {
        crate::registrable_domain(&self.host)
    }

    /// The port when it is not the scheme's own.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether what the page sends and shows could have been changed on its way: anything but `https` (or an
    /// extension's own page), except a page of this very computer.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        let secure =
            matches!(self.scheme.as_str(), "https" | "chrome-extension" | "moz-extension" | "safari-web-extension");
        !secure && !self.is_this_computer()
    }

    /// Whether the page was served by this computer.
    #[must_use]
    pub fn is_this_computer(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The program at the other end of the connection, as the operating system names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Program {
    /// The executable's path, as far as the system tells it.
    pub path: String,
    /// The name a person knows: `Chromium`, `Firefox`, or the file name of an unknown program.
    pub name: String,
    /// Whether it is a browser that Tanba knows. Only then does the `Origin` header mean anything: any other program
    /// can claim any origin.
    pub is_known_browser: bool,
}

/// Who asks, as the door and the policy know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// The verified origin.
    pub origin: Origin,
    /// The calling program; `None` when the system does not say.
    pub program: Option<Program>,
    /// Whether this origin was never answered before from this program.
    pub first_time: bool,
    /// Whether this origin may name files of this computer by their paths.
    pub paths: PathPermission,
}

/// Whether a page may name files by their paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PathPermission {
    /// The person is asked, for each file.
    #[default]
    Ask,
    /// The person allowed it to this origin in this program; what is read is shown all the same.
    Allowed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(text: &str) -> WebOrigin {
        match Origin::from_header(Some(text.as_bytes())) {
            Origin::Web(web) => web,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_origin_header_becomes_scheme_host_and_port() {
        let site = web("https://cabinet.stat.gov.kz:8443");
        assert_eq!((site.scheme(), site.host(), site.port()), ("https", "cabinet.stat.gov.kz", Some(8443)));
        assert_eq!(site.to_string(), "https://cabinet.stat.gov.kz:8443");
        assert_eq!(web("http://[::1]:80").host(), "[::1]");
    }

    #[test]
    fn what_is_no_origin_is_opaque_and_never_a_name() {
        for text in [
            "null",
            "",
            "https://",
            "egov.kz",
            "https://egov.kz/path",
            "https://egov.kz\u{a0}",
            "https://ЕGOV.kz",
            "https://a b",
            "https://egov.kz:99999",
            "https://egov.kz:",
            "https://user@egov.kz",
        ] {
            assert_eq!(Origin::from_header(Some(text.as_bytes())), Origin::Opaque, "{text}");
        }
        assert_eq!(Origin::from_header(Some(&[b'a'; 301])), Origin::Opaque);
        assert_eq!(Origin::from_header(Some(&[0xff, 0xfe])), Origin::Opaque);
        assert_eq!(Origin::from_header(None), Origin::Absent);
    }

    #[test]
    fn plain_http_is_insecure_unless_it_is_this_computer() {
        assert!(web("http://egov.kz").is_insecure());
        assert!(!web("https://egov.kz").is_insecure());
        assert!(!web("http://localhost:8080").is_insecure());
    }
}
