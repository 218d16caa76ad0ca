//! What a request head may say (RFC 9112, RFC 6455 §4.2.1). Pure: octets in, a decision out.

use order::Origin;

/// The longest head, in octets. Cookies are for a host, not for a port, so a browser sends us those of every other
/// program that serves 127.0.0.1.
pub(super) const LONGEST: usize = 32 * 1024;

/// The most header fields.
const MOST_FIELDS: usize = 100;

/// What the caller wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// A WebSocket.
    Socket {
        /// `Sec-WebSocket-Key`.
        key: String,
        /// Who asks.
        origin: Origin,
    },
    /// The local page.
    Page(PageRequest),
}

/// What the local page is asked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    /// The host and port as the browser has them in its address line; one of [`is_ours`].
    pub(super) host: String,
    /// The language of the address: `/?lang=kk`.
    pub(super) lang: Option<String>,
    /// `Accept-Language`.
    pub(super) accept_language: Option<String>,
    /// Whether only the head of the answer is wanted.
    pub(super) is_head: bool,
}

/// Why the caller gets neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No HTTP/1.1 request of a kind we know.
    Malformed,
    /// More than [`LONGEST`] octets or [`MOST_FIELDS`] fields.
    TooLarge,
    /// `Host` is missing, twice there, or not ours: a page of the internet whose name leads here (DNS rebinding).
    ForeignHost,
    /// Not a method of ours.
    Method,
    /// There is one page, and this is not it.
    NotFound,
    /// A WebSocket of another version than 13.
    SocketVersion,
    /// The caller is another user of this machine.
    AnotherUser,
    /// The system does not say who the caller is.
    UnknownUser,
}

/// Reads a head; `None` when it is not complete yet. Also gives its length.
pub(super) fn read(octets: &[u8], port: u16) -> Result<Option<(Request, usize)>, Refusal> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut head = httparse::Request::new(&mut fields);
    let length = match head.parse(octets) {
        Ok(httparse::Status::Complete(length)) if length <= LONGEST => length,
        Ok(httparse::Status::Partial) if octets.len() < LONGEST => return Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Err(Refusal::TooLarge),
        Err(_) => return Err(Refusal::Malformed),
    };
    let fields = Fields(head.headers);
    // Before anything else: what a foreign name asks for is none of its business.
    let host = fields.single("host").map_err(|_| Refusal::ForeignHost)?.ok_or(Refusal::ForeignHost)?;
    let host = std::str::from_utf8(host).ok().filter(|host| is_ours(host, port)).ok_or(Refusal::ForeignHost)?;
    let method = head.method.unwrap_or_default();
    let target = head.path.unwrap_or_default();
    if fields.has_word("upgrade", "websocket") && fields.has_word("connection", "upgrade") {
        if method != "GET" || head.version != Some(1) {
            return Err(Refusal::Malformed);
        }
        return socket(&fields).map(|request| Some((request, length)));
    }
    if !matches!(method, "GET" | "HEAD") {
        return Err(Refusal::Method);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != "/" {
        return Err(Refusal::NotFound);
    }
    let lang = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
    let accept_language =
        fields.single("accept-language").ok().flatten().and_then(|value| std::str::from_utf8(value).ok());
    let page = PageRequest {
        host: host.to_owned(),
        lang: lang.map(str::to_owned),
        accept_language: accept_language.map(str::to_owned),
        is_head: method == "HEAD",
    };
    Ok(Some((Request::Page(page), length)))
}

/// The handshake of RFC 6455 §4.2.1. Any path, no subprotocol, no extension (`ncalayer-protocol.md` 2.1).
fn socket(fields: &Fields<'_>) -> Result<Request, Refusal> {
    if fields.single("sec-websocket-version").map_err(|()| Refusal::Malformed)? != Some(b"13".as_slice()) {
        return Err(Refusal::SocketVersion);
    }
    let key = fields.single("sec-websocket-key").map_err(|()| Refusal::Malformed)?.ok_or(Refusal::Malformed)?;
    // Sixteen octets in base64.
    let is_key = |key: &&str| key.len() == 24 && key.ends_with("==");
    let key = std::str::from_utf8(key).ok().filter(is_key).ok_or(Refusal::Malformed)?;
    // Two origins are one too many to believe either.
    let origin = fields.single("origin").map_err(|()| Refusal::Malformed)?;
    Ok(Request::Socket { key: key.to_owned(), origin: Origin::from_header(origin) })
}

/// Whether a `Host` is this computer's own name with our port; without a port it would be 80 or 443.
fn is_ours(host: &str, port: u16) -> bool {
    let (name, given) = match host.rsplit_once(':') {
        Some((name, digits)) if !digits.ends_with(']') => (name, digits.parse().ok()),
        _ => (host, matches!(port, 80 | 443).then_some(port)),
    };
    given == Some(port) && (matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost"))
}

struct Fields<'a>(&'a [httparse::Header<'a>]);

impl<'a> Fields<'a> {
    fn all(&self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }

    /// A field that may be there once.
    fn single(&self, name: &'a str) -> Result<Option<&'a [u8]>, ()> {
        let mut all = self.all(name);
        match (all.next(), all.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(()),
        }
    }

    /// Whether a field that is a list has this word.
    fn has_word(&self, name: &'a str, word: &str) -> bool {
        self.all(name)
            .flat_map(|value| value.split(|octet| *octet == b','))
            .any(|item| item.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PORT: u16 = 13579;

    fn get(fields: &str) -> Result<Option<(Request, usize)>, Refusal> {
        read(format!("GET / HTTP/1.1\r\n{fields}\r\n\r\n").as_bytes(), PORT)
    }

    const UPGRADE: &str = "Host: 127.0.0.1:13579\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
                           Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    #[test]
    fn a_browsers_handshake_is_a_socket_with_its_origin() {
        let head = format!("{UPGRADE}\r\nOrigin: https://egov.kz");
        let Ok(Some((Request::Socket { key, origin }, length))) = get(&head) else { panic!("a socket") };
        assert_eq!(key, "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(origin.as_record(), "https://egov.kz");
        assert_eq!(length, head.len() + "GET / HTTP/1.1\r\n\r\n\r\n".len());
    }

    #[test]
    fn a_program_without_an_origin_gets_a_socket() {
        assert!(matches!(get(UPGRADE), Ok(Some((Request::Socket { origin: Origin::Absent, .. }, _)))));
    }

    #[test]
    fn our_own_names_are_ours_and_all_others_are_foreign() {
        for host in ["127.0.0.1:13579", "localhost:13579", "LocalHost:13579", "[::1]:13579"] {
            assert!(matches!(get(&format!("Host: {host}")), Ok(Some((Request::Page(_), _)))), "{host}");
        }
        for host in [
            "evil.kz:13579",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1.evil.kz:13579",
            "localhost.evil.kz:13579",
            "[::1]",
            "[::2]:13579",
            "127.0.0.2:13579",
            "0.0.0.0:13579",
            "user@127.0.0.1:13579",
            "127.0.0.1:13579\r\nHost: evil.kz",
            "127.0.0.1:13579:13579",
            "",
        ] {
            assert_eq!(get(&format!("Host: {host}")), Err(Refusal::ForeignHost), "{host}");
            assert_eq!(get(&UPGRADE.replace("127.0.0.1:13579", host)), Err(Refusal::ForeignHost), "{host}");
        }
        assert_eq!(get("Accept: */*"), Err(Refusal::ForeignHost));
    }

    #[test]
    fn a_standard_port_may_be_left_out() {
        assert!(is_ours("localhost", 443) && is_ours("[::1]", 80) && !is_ours("localhost", 13579));
    }

    #[test]
    fn a_handshake_that_is_none_is_refused() {
        for (from, to, refusal) in [
            ("Version: 13", "Version: 8", Refusal::SocketVersion),
            ("Sec-WebSocket-Version: 13\r\n", "", Refusal::SocketVersion),
            ("dGhlIHNhbXBsZSBub25jZQ==", "short", Refusal::Malformed),
            ("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", Refusal::Malformed),
            (
                "Upgrade: websocket",
                "Upgrade: websocket\r\nOrigin: https://a.kz\r\nOrigin: https://b.kz",
                Refusal::Malformed,
            ),
        ] {
            assert_eq!(get(&UPGRADE.replace(from, to)), Err(refusal), "{from} → {to}");
        }
        let post = format!("POST / HTTP/1.1\r\n{UPGRADE}\r\n\r\n");
        assert_eq!(read(post.as_bytes(), PORT), Err(Refusal::Malformed));
    }

    #[test]
    fn there_is_one_page_in_the_language_that_was_asked_for() {
        let head = b"GET /?x=1&lang=kk HTTP/1.1\r\nHost: localhost:13579\r\nAccept-Language: ru\r\n\r\n";
        let Ok(Some((Request::Page(page), _))) = read(head, PORT) else { panic!("a page") };
        assert_eq!((page.lang.as_deref(), page.accept_language.as_deref()), (Some("kk"), Some("ru")));
        for (line, refusal) in [
            ("GET /favicon.ico HTTP/1.1", Refusal::NotFound),
            ("GET /../etc HTTP/1.1", Refusal::NotFound),
            ("GET http://127.0.0.1/ HTTP/1.1", Refusal::NotFound),
            ("POST / HTTP/1.1", Refusal::Method),
            ("OPTIONS * HTTP/1.1", Refusal::Method),
        ] {
            let head = format!("{line}\r\nHost: 127.0.0.1:13579\r\n\r\n");
            assert_eq!(read(head.as_bytes(), PORT), Err(refusal), "{line}");
        }
    }

    #[test]
    fn a_head_without_an_end_is_waited_for_up_to_a_limit() {
        assert_eq!(read(b"GET / HTTP/1.1\r\nHost: 127", PORT), Ok(None));
        let long = format!("GET / HTTP/1.1\r\nCookie: {}", "x".repeat(LONGEST));
        assert_eq!(read(long.as_bytes(), PORT), Err(Refusal::TooLarge));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_FIELDS + 1));
        assert_eq!(read(many.as_bytes(), PORT), Err(Refusal::TooLarge));
        assert_eq!(read(b"\x00\x01\x02rubbish\r\n\r\n", PORT), Err(Refusal::Malformed));
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&octets, PORT);
        }

        #[test]
        fn no_fields_make_it_panic(fields in "[ -~\r\n]{0,200}") {
            let _ = get(&fields);
        }
    }
}
