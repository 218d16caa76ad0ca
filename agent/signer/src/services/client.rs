//! Asking a service: who, through which proxy, how long, how much.

use super::{ServiceError, date};
use pki::Timestamp;
use rustls::crypto::ring;
use settings::Proxy;
use std::collections::HashMap;
use std::fmt;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// A service: the NCA's, but for the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Time stamps (RFC 3161).
    TimeStamps,
    /// Whether one certificate is revoked (RFC 6960).
    Ocsp,
    /// Lists of revoked certificates (RFC 5280 §5).
    RevocationLists,
    /// Authorities' certificates.
    Certificates,
    /// The signed file that says which version of Tanba is the newest, wherever the settings say that it lies.
    VersionFile,
}

impl Service {
    /// What it is called, in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimeStamps => "TSP",
            Self::Ocsp => "OCSP",
            Self::RevocationLists => "CRL",
            Self::Certificates => "CA",
            Self::VersionFile => "version file",
        }
    }

    /// The most octets of an answer that are read. The NCA's own list has 21 MB (kz-crypto 11); tokens and OCSP answers
    /// have a few thousand octets.
    const fn most(self) -> u64 {
        match self {
            Self::TimeStamps | Self::Ocsp | Self::Certificates => 256 * 1024,
            Self::RevocationLists => 128 * 1024 * 1024,
            Self::VersionFile => LONGEST_VERSION_FILE,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The filter in front of pki.gov.kz sends a client without a name elsewhere (kz-crypto 16.9).
pub(super) const USER_AGENT: &str = concat!("Tanba/", env!("CARGO_PKG_VERSION"));
/// How often a service is asked that does not answer: networks lose a connection now and then.
const TRIES: u32 = 2;
/// The most octets of a version file: a signature of a few thousand, around a hundred.
pub const LONGEST_VERSION_FILE: u64 = 64 * 1024;
/// A long list may take longer than an answer, but not for ever.
const LIST_PATIENCE: u32 = 6;

/// Every list begins with the tag of a SEQUENCE; a page of a proxy does not.
const SEQUENCE: u8 = 0x30;

/// What came of fetching from an address. A list is long, and shared by all who need it.
pub type Fetched = Result<Arc<Vec<u8>>, ServiceError>;

/// The time that a server wrote above an answer, and what this computer's clock said then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Whose.
    pub host: String,
    /// The server's time; nothing vouches for it.
    pub theirs: Timestamp,
    /// This computer's.
    pub ours: Timestamp,
}

/// The services, as the settings have them. Connections stay open between requests.
#[derive(Debug)]
pub struct Services {
    agent: Agent,
    tsp: String,
    ocsp: Option<String>,
    also: Vec<String>,
    timeout: Duration,
    /// What was fetched from an address, and which addresses gave nothing: a file with many signatures asks once.
    known: Mutex<HashMap<String, Fetched>>,
    /// The first time that a server wrote above an answer.
    heard: Mutex<Option<Heard>>,
}

impl Services {
    /// The services of these settings.
    ///
    /// # Errors
    /// [`ServiceError::Proxy`].
    pub fn new(settings: &settings::Services) -> Result<Self, ServiceError> {
        let agent = Agent::config_builder()
            .user_agent(USER_AGENT)
            .proxy(proxy(&settings.proxy)?)
            .tls_config(tls(RootCerts::PlatformVerifier))
            .http_status_as_error(false)
            // A redirection would lead away from the hosts that may be asked.
            .max_redirects(0)
            .timeout_connect(Some(settings.timeout()))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            tsp: settings.tsp.clone(),
            ocsp: Some(settings.ocsp.clone()).filter(|address| !address.is_empty()),
            also: settings.also.clone(),
            timeout: settings.timeout(),
            known: Mutex::default(),
            heard: Mutex::default(),
        })
    }

    /// Asks the time-stamping authority.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, ServiceError> {
        let query = "application/timestamp-query";
        self.post(Service::TimeStamps, &self.tsp, query, "application/timestamp-reply", request)
    }

    /// The settings say whom to ask about every certificate.
    #[must_use]
    pub fn has_ocsp(&self) -> bool {
        self.ocsp.is_some()
    }

    /// Asks whether a certificate is revoked: whom the settings name, else the first of the certificate's own addresses
    /// that is the NCA's.
    ///
    /// # Errors
    /// [`ServiceError`]; [`ServiceError::NotAllowed`] when the certificate names only strangers.
    pub fn ocsp(&self, request: &[u8], named: &[String]) -> Result<Vec<u8>, ServiceError> {
        let url = match &self.ocsp {
            Some(url) => url,
            None => self.allowed(named)?,
        };
        // The first one that did not answer speaks for the next ones of this file.
        if let Some(Err(error)) = self.known(url) {
            return Err(error);
        }
        let content = "application/ocsp-request";
        let answer = self.post(Service::Ocsp, url, content, "application/ocsp-response", request);
        if let Err(error) = &answer {
            let _ = self.keep(url, Err(error.clone()));
        }
        answer
    }

    /// Fetches a list or an authority's certificate from the first address that is the NCA's.
    ///
    /// # Errors
    /// [`ServiceError`]; [`ServiceError::NotAllowed`] when all of them are strangers.
    pub fn fetch(&self, service: Service, named: &[String]) -> Fetched {
        let url = self.allowed(named)?;
        if let Some(known) = self.known(url) {
            return known;
        }
        let fetched = self
            .ask(service, url, |agent, patience| agent.get(url).config().timeout_global(Some(patience)).build().call());
        self.keep(url, fetched.map(Arc::new))
    }

    /// Fetches the version file from the address of the settings, which may be anybody's: whose word it is says its
    /// signature. Over `https` the system's authorities are believed.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub fn version_file(&self, url: &str) -> Result<Vec<u8>, ServiceError> {
        self.ask(Service::VersionFile, url, |agent, patience| {
            agent.get(url).config().timeout_global(Some(patience)).build().call()
        })
    }

    /// Looks whether a list can be had from the first address that is the NCA's: asks for it, and reads no more than its
    /// beginning, for it may be long. Gives the host.
    ///
    /// # Errors
    /// [`ServiceError`]; [`ServiceError::NotAllowed`] when all of them are strangers.
    pub fn touch(&self, named: &[String]) -> Result<String, ServiceError> {
        let service = Service::RevocationLists;
        let url = self.allowed(named)?;
        let answer = self.agent.get(url).config().timeout_global(Some(self.timeout)).build().call();
        let mut answer = answer.map_err(|error| fault(service, url, &error))?;
        self.hear(url, &answer);
        let status = answer.status().as_u16();
        let mut first = [0];
        let begun = answer.body_mut().as_reader().read_exact(&mut first);
        match (status, begun) {
            (200, Ok(())) if first == [SEQUENCE] => Ok(host(url)),
            (200, Err(error)) => Err(ServiceError::Unreachable { service, host: host(url), cause: error.to_string() }),
            _ => Err(ServiceError::Status { service, host: host(url), status }),
        }
    }

    /// The first time that a server wrote above an answer.
    #[must_use]
    pub fn heard(&self) -> Option<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hear(&self, url: &str, answer: &ureq::http::Response<ureq::Body>) {
        let date = answer.headers().get("date").and_then(|date| date.to_str().ok()).and_then(date::parse);
        if let Some(theirs) = date {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.get_or_insert_with(|| Heard { host: host(url), theirs, ours: now() });
        }
    }

    fn known(&self, url: &str) -> Option<Fetched> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(url).cloned()
    }

    fn keep(&self, url: &str, answer: Fetched) -> Fetched {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), answer.clone());
        answer
    }

    /// The first address that may be asked on a stranger's word.
    fn allowed<'a>(&self, named: &'a [String]) -> Result<&'a str, ServiceError> {
        let is_allowed = |url: &&String| {
            pki::locations::may_fetch(url) || (url.starts_with("http://") && self.also.contains(&host(url)))
        };
        let found = named.iter().find(is_allowed).map(String::as_str);
        found.ok_or_else(|| ServiceError::NotAllowed { url: named.first().cloned().unwrap_or_default() })
    }

    fn post(
        &self,
        service: Service,
        url: &str,
        content: &str,
        accept: &str,
        body: &[u8],
    ) -> Result<Vec<u8>, ServiceError> {
        self.ask(service, url, |agent, patience| {
            let request = agent.post(url).content_type(content).header("Accept", accept);
            request.config().timeout_global(Some(patience)).build().send(body)
        })
    }

    fn ask(
        &self,
        service: Service,
        url: &str,
        send: impl Fn(&Agent, Duration) -> Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Vec<u8>, ServiceError> {
        let patience = match service {
            Service::RevocationLists => self.timeout.saturating_mul(LIST_PATIENCE),
            _ => self.timeout,
        };
        let mut tries = 1;
        loop {
            let answer = send(&self.agent, patience).map_err(|error| fault(service, url, &error));
            let answer = answer.and_then(|response| {
                self.hear(url, &response);
                read(service, url, response)
            });
            match answer {
                // What took too long once takes too long again; the person is waiting.
                Err(ServiceError::Unreachable { .. }) if tries < TRIES => tries += 1,
                Err(ServiceError::Status { status: 500.., .. }) if tries < TRIES => tries += 1,
                answer => return answer,
            }
        }
    }
}

/// This computer's clock.
fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// TLS with these authorities. No provider is compiled into the client as its own.
pub(super) fn tls(roots: RootCerts) -> TlsConfig {
    let provider = Arc::new(ring::default_provider());
    TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build()
}

/// The proxy of the settings.
pub(super) fn proxy(settings: &Proxy) -> Result<Option<ureq::Proxy>, ServiceError> {
    match settings {
        Proxy::None => Ok(None),
        Proxy::System => Ok(ureq::Proxy::try_from_env()),
        // The error may quote the address, and the address may hold a password.
        Proxy::At(address) => ureq::Proxy::new(address)
            .map(Some)
            .map_err(|_| ServiceError::Proxy { cause: "services.proxy is no address of a proxy".to_owned() }),
    }
}

fn read(service: Service, url: &str, mut response: ureq::http::Response<ureq::Body>) -> Result<Vec<u8>, ServiceError> {
    let status = response.status().as_u16();
    if status != 200 {
        return Err(ServiceError::Status { service, host: host(url), status });
    }
    response.body_mut().with_config().limit(service.most()).read_to_vec().map_err(|error| fault(service, url, &error))
}

fn fault(service: Service, url: &str, error: &ureq::Error) -> ServiceError {
    let host = host(url);
    match error {
        ureq::Error::Timeout(_) => ServiceError::TooSlow { service, host },
        ureq::Error::BodyExceedsLimit(most) => ServiceError::TooLong { service, host, most: *most },
        other => {
            // It may quote the address, and the address may hold a password.
            let cause = other.to_string().replace(url, &host);
            ServiceError::Unreachable { service, host, cause }
        }
    }
}

/// The host of an address, for people.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::thread;

    /// Serves answers one after the other, each in a connection of its own, and tells what was asked.
    fn serve(answers: Vec<Vec<u8>>) -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, asked) = mpsc::channel();
        thread::spawn(move || {
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                let _ = sender.send(question(&stream));
                let _ = (&stream).write_all(&answer);
            }
        });
        (address, asked)
    }

    fn question(stream: &TcpStream) -> (String, Vec<u8>) {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap() == 0 {
                break;
            }
        }
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        (head, body)
    }

    fn ok(body: &[u8]) -> Vec<u8> {
        let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        answer.extend(body);
        answer
    }

    fn services(tsp: &str) -> Services {
        let settings = settings::Services {
            proxy: Proxy::None,
            tsp: tsp.to_owned(),
            timeout_seconds: 1,
            also: vec![tsp.trim_start_matches("http://").to_owned()],
            ..settings::Services::default()
        };
        Services::new(&settings).unwrap()
    }

    #[test]
    fn a_service_gets_the_request_as_it_is_from_a_client_with_a_name() {
        let (address, asked) = serve(vec![ok(b"token")]);
        let services = services(&format!("http://{address}"));
        assert_eq!(services.time_stamp(b"\x30\x00query").unwrap(), b"token");
        let (head, body) = asked.recv().unwrap();
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("post / http/1.1"), "{head}");
        assert!(head.contains("content-type: application/timestamp-query"), "{head}");
        assert!(head.contains("user-agent: tanba/"), "{head}");
        assert_eq!(body, b"\x30\x00query");
    }

    #[test]
    fn a_proxy_of_the_settings_is_asked_instead_and_its_password_is_not_told() {
        let (address, asked) = serve(vec![ok(b"token")]);
        let settings = settings::Services {
            proxy: Proxy::At(format!("http://anna:secret@{address}")),
            tsp: "http://tsp.pki.gov.kz".to_owned(),
            ..settings::Services::default()
        };
        let services = Services::new(&settings).unwrap();
        let answer = services.time_stamp(b"query");
        let (head, _) = asked.recv().unwrap();
        assert!(head.contains("tsp.pki.gov.kz"), "{head}");
        assert!(!format!("{answer:?} {services:?}").contains("secret"));
    }

    #[test]
    fn a_broken_connection_and_a_busy_service_are_asked_once_more() {
        for first in [Vec::new(), b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_vec()] {
            let (address, _asked) = serve(vec![first, ok(b"token")]);
            assert_eq!(services(&format!("http://{address}")).time_stamp(b"query").unwrap(), b"token");
        }
    }

    #[test]
    fn what_goes_wrong_names_the_service_and_the_host() {
        let redirection =
            b"HTTP/1.1 303 See Other\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n".to_vec();
        let (address, _asked) = serve(vec![redirection]);
        let error = services(&format!("http://{address}")).time_stamp(b"query").unwrap_err();
        assert_eq!(error.to_string(), format!("TSP at {address} answered with HTTP status 303"));

        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = services(&format!("http://{free}")).time_stamp(b"query").unwrap_err();
        assert!(matches!(&error, ServiceError::Unreachable { host, .. } if *host == free.to_string()), "{error:?}");

        // Accepts connections and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent_address = silent.local_addr().unwrap();
        let error = services(&format!("http://{silent_address}")).time_stamp(b"query").unwrap_err();
        assert!(matches!(error, ServiceError::TooSlow { .. }), "{error:?}");
    }

    #[test]
    fn an_endless_answer_is_not_read_to_its_end() {
        let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        endless.resize(1024 * 1024, b'x');
        let (address, _asked) = serve(vec![endless]);
        let error = services(&format!("http://{address}")).time_stamp(b"query").unwrap_err();
        assert!(matches!(error, ServiceError::TooLong { .. }), "{error:?}");
    }

    #[test]
    fn of_a_list_only_the_beginning_is_read_and_a_proxys_page_is_none() {
        // It says that more will come, and nothing more comes.
        let list =
            b"HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 18:00:00 GMT\r\nContent-Length: 21000000\r\n\r\n0".to_vec();
        let (address, _asked) = serve(vec![list, ok(b"<html>log in first</html>"), ok(b"")]);
        let services = services(&format!("http://{address}"));
        let named = [format!("http://{address}/nca.crl")];
        assert_eq!(services.heard(), None);
        assert_eq!(services.touch(&named).unwrap(), address);
        let heard = services.heard().unwrap();
        assert_eq!((heard.host, heard.theirs.iso8601().to_string().as_str()), (address, "2026-11-27T18:00:00Z"));
        assert!(matches!(services.touch(&named), Err(ServiceError::Status { status: 200, .. })));
        assert!(services.touch(&named).is_err());
        assert!(matches!(services.touch(&["http://evil.example/".to_owned()]), Err(ServiceError::NotAllowed { .. })));
    }

    #[test]
    fn only_the_authority_and_whom_the_settings_name_are_asked_on_a_certificates_word() {
        let (address, asked) = serve(vec![ok(b"list")]);
        let services = services(&format!("http://{address}"));
        let stranger = format!("http://evil.example/?{address}");
        let refused = services.fetch(Service::RevocationLists, std::slice::from_ref(&stranger)).unwrap_err();
        assert!(matches!(refused, ServiceError::NotAllowed { url } if url == stranger));
        assert!(services.ocsp(b"query", &[]).is_err());
        let named = [stranger, format!("http://{address}/nca.crl")];
        assert_eq!(*services.fetch(Service::RevocationLists, &named).unwrap(), b"list");
        // The service above answers once: the second time nobody is asked.
        assert_eq!(*services.fetch(Service::RevocationLists, &named).unwrap(), b"list");
        assert!(asked.recv().unwrap().0.starts_with("GET /nca.crl"));
    }
}
