//! The services over HTTP/1.1 on this machine.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /ocsp/` | OCSP |
//! | `POST /tsp/` | time stamp |
//! | `GET /crl/nca.crl`, `GET /crl/nca_d.crl` | lists |
//! | `GET /cert/nca.cer` | the authority's certificate |
//! | `POST /requests` | a number for a PKCS#10 request, DER or PEM |
//! | `POST /requests/NUMBER/issue` | the operator issues what was asked for |
//! | `GET /requests/NUMBER/certificate` | the certificate, with `?as=pkcs7` in a PKCS#7 with its issuers |
//! | `POST /renewals` | a number for a request that the present key signed, a CMS |
//! | `POST /revocations` | revokes what the statement in a CMS means, which its own key signed |
//!
//! With the name of one of [`Awkward::ALL`] before it, `POST /stale/ocsp/` for example, the answer is awkward. A request
//! without a User-Agent gets 303, as from the filter before the NCA's own services (kz-crypto 16).

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use pki::{Timestamp, ocsp, tsp};

use super::{answering::Services, awkward::Awkward, counter_http};

const LONGEST_HEAD: usize = 8 * 1024;
const LONGEST_BODY: usize = 64 * 1024;
const MOST_CONNECTIONS: usize = 32;
const MOST_UNREAD: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(5);

/// The moment that a service takes for the present.
type Clock = dyn Fn() -> Timestamp + Send + Sync;

/// A place on this machine where the services will be. Its address goes into the certificates before they are issued.
pub struct Place {
    listener: TcpListener,
    address: SocketAddr,
}

/// The services, until it is dropped.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes that port of 127.0.0.1; 0 for a free one.
    ///
    /// # Errors
    /// The port is not to be had.
    pub fn bind(port: u16) -> io::Result<Place> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        Ok(Place { listener, address })
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits for its end, which does not come by itself.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Place {
    /// Where it will be: for [`crate::TestNca::with_services`].
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins to answer.
    ///
    /// # Errors
    /// No thread is to be had.
    pub fn serve(
        self,
        services: Arc<Services>,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> io::Result<Server> {
        let Self { listener, address } = self;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let clock: Arc<Clock> = Arc::new(clock);
        let open = Arc::new(AtomicUsize::new(0));
        let thread = thread::Builder::new().name("test-nca".to_owned()).spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                if open.fetch_add(1, Ordering::SeqCst) >= MOST_CONNECTIONS {
                    open.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let (services, clock, counter) = (Arc::clone(&services), Arc::clone(&clock), Arc::clone(&open));
                let answering = move || {
                    // Whoever went away in between gets no answer.
                    let _ = converse(stream, &services, &*clock);
                    counter.fetch_sub(1, Ordering::SeqCst);
                };
                if thread::Builder::new().spawn(answering).is_err() {
                    open.fetch_sub(1, Ordering::SeqCst);
                }
            }
        })?;
        Ok(Server { address, stop, thread: Some(thread) })
    }
}

/// What is asked.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    content_type: String,
    user_agent: String,
    pub(super) body: Vec<u8>,
}

/// What is answered: status line, Content-Type, body.
pub(super) type Answer = (&'static str, &'static str, Vec<u8>);

/// One request and its answer.
fn converse(mut stream: TcpStream, services: &Services, clock: &Clock) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let now = clock();
    let (status, content_type, body) = match read(&mut stream)? {
        Ok(asked) => answer(&asked, services, now),
        Err(status) => (status, "text/plain", Vec::new()),
    };
    let location = if status.starts_with("303") { "Location: /\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status}\r\nDate: {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n{location}\
         Connection: close\r\n\r\n",
        date(now),
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    // What was sent and not read would make the system throw the answer away with the connection.
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut stream.take(MOST_UNREAD), &mut io::sink()).map(|_| ())
}

/// A moment as `Date` has it (RFC 9110 §5.6.7).
fn date(moment: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = |names: &[&'static str], index: usize| names.get(index).copied().unwrap_or_default();
    let weekday = usize::try_from(moment.as_unix().div_euclid(86_400).rem_euclid(7)).unwrap_or(0);
    // 2026-11-23T09:30:00Z
    let text = moment.iso8601().to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month = name(&MONTHS, part(5, 7).parse::<usize>().unwrap_or(1).saturating_sub(1));
    format!("{}, {} {month} {} {} GMT", name(&DAYS, weekday), part(8, 10), part(0, 4), part(11, 19))
}

/// A request, or the status that it deserves.
fn read(stream: &mut TcpStream) -> io::Result<Result<Asked, &'static str>> {
    let mut received = Vec::new();
    let end = loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if received.len() > LONGEST_HEAD {
            return Ok(Err("431 Request Header Fields Too Large"));
        }
        let mut piece = [0; 2048];
        match stream.read(&mut piece)? {
            0 => return Ok(Err("400 Bad Request")),
            count => received.extend(piece.iter().take(count)),
        }
    };
    let mut body = received.split_off(end);
    body.drain(..4);
    let Ok(head) = String::from_utf8(received) else { return Ok(Err("400 Bad Request")) };
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Ok(Err("400 Bad Request"));
    };
    let mut asked = Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        content_type: String::new(),
        user_agent: String::new(),
        body: Vec::new(),
    };
    let mut length = 0;
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { return Ok(Err("400 Bad Request")) };
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("content-length", value) => match value.parse::<usize>() {
                Ok(number) if number <= LONGEST_BODY => length = number,
                Ok(_) => return Ok(Err("413 Content Too Large")),
                Err(_) => return Ok(Err("400 Bad Request")),
            },
            ("transfer-encoding", _) => return Ok(Err("411 Length Required")),
            ("content-type", value) => asked.content_type = value.to_ascii_lowercase(),
            ("user-agent", value) => asked.user_agent = value.to_owned(),
            ("expect", _) => return Ok(Err("417 Expectation Failed")),
            _ => {}
        }
    }
    if body.len() < length {
        let missing = (length - body.len()).try_into().unwrap_or(0);
        stream.take(missing).read_to_end(&mut body)?;
    }
    if body.len() != length {
        return Ok(Err("400 Bad Request"));
    }
    asked.body = body;
    Ok(Ok(asked))
}

fn answer(asked: &Asked, services: &Services, now: Timestamp) -> Answer {
    if asked.user_agent.is_empty() {
        return ("303 See Other", "text/html", Vec::new());
    }
    if let Some(answer) = counter_http::answer(asked, services, now) {
        return answer;
    }
    let named = asked.path.trim_start_matches('/').split_once('/');
    let (awkward, path) = match named.and_then(|(name, rest)| Some((Awkward::named(name)?, rest))) {
        Some((awkward, rest)) => (Some(awkward), rest),
        None => (None, asked.path.trim_start_matches('/')),
    };
    let posted = |content_type: &str| asked.method == "POST" && asked.content_type == content_type;
    let made = match path.trim_end_matches('/') {
        "ocsp" if posted(ocsp::Request::CONTENT_TYPE) => {
            (ocsp::Response::CONTENT_TYPE, services.ocsp(&asked.body, now, awkward))
        }
        "tsp" if posted(tsp::Request::CONTENT_TYPE) => {
            (tsp::Response::CONTENT_TYPE, services.stamp(&asked.body, now, awkward))
        }
        "ocsp" | "tsp" if asked.method == "POST" => return ("415 Unsupported Media Type", "text/plain", Vec::new()),
        "crl/nca.crl" if asked.method == "GET" => ("application/pkix-crl", services.list()),
        "crl/nca_d.crl" if asked.method == "GET" => ("application/pkix-crl", services.delta(now)),
        "cert/nca.cer" if asked.method == "GET" => {
            ("application/pkix-cert", Ok(services.nca().authority().der().to_vec()))
        }
        "ocsp" | "tsp" | "crl/nca.crl" | "crl/nca_d.crl" | "cert/nca.cer" => {
            return ("405 Method Not Allowed", "text/plain", Vec::new());
        }
        _ => return ("404 Not Found", "text/plain", Vec::new()),
    };
    match made {
        (content_type, Ok(body)) => ("200 OK", content_type, body),
        (_, Err(error)) => ("500 Internal Server Error", "text/plain", error.to_string().into_bytes()),
    }
}
