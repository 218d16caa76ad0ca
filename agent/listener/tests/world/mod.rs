//! A real listener in a folder of its own, a signer whose decisions the test makes, and pages that talk to it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod watchers;

use futures_util::{SinkExt as _, StreamExt as _};
use order::wire::{self, FromSigner, ToSigner};
use order::{Order, Outcome, Signed, SiteChoice, Task};
use platform::trust::{Leaf, Store, TrustError, TrustStores};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use settings::{Places, Settings};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tanba_listener::{Listener, Setup, SignerCommand};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// No answer of a healthy listener takes this long on a busy machine.
pub const LONG: Duration = Duration::from_secs(60);

/// For the one patience that a test is about; the others stay as they are.
pub const SHORT: Duration = Duration::from_millis(300);

/// Waits for what must come.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, future).await.unwrap_or_else(|_| panic!("{what} does not come"))
}

/// A trust store that has nothing in it and takes nothing.
pub struct NoStores;

impl TrustStores for NoStores {
    fn status(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }

    fn install(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }

    fn remove(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }
}

/// The whole world of a test.
pub struct World {
    pub port: u16,
    pub folder: Arc<tempfile::TempDir>,
    pub signers: Signers,
    stop: Option<oneshot::Sender<()>>,
    serving: tokio::task::JoinHandle<()>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world whose listener is made a little differently.
    pub async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        Self::again(Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    /// A world in a folder that was used before.
    pub async fn again(folder: Arc<tempfile::TempDir>, change: impl FnOnce(&mut Setup)) -> Self {
        let places = Places::under(folder.path());
        places.create().unwrap();
        let signers = Signers::new().await;
        let mut setup = Setup::new(places, Settings::default(), 0, signers.command()).unwrap();
        setup.trust = Arc::new(NoStores);
        change(&mut setup);
        let listener = Listener::open(setup).unwrap();
        let port = listener.port();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(listener.serve(async move {
            let _ = stopped.await;
        }));
        Self { port, folder, signers, stop: Some(stop), serving }
    }

    /// Stops the listener and waits until it has.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        soon("the listener's end", &mut self.serving).await.unwrap();
    }

    /// A page of this origin, over plain WebSocket.
    pub async fn page(&self, origin: &str) -> Page<TcpStream> {
        Page::open(self.tcp().await, &self.handshake(&[("Origin", origin)])).await
    }

    /// A page of this origin, over TLS.
    pub async fn secure_page(&self, origin: &str) -> Page<tokio_rustls::client::TlsStream<TcpStream>> {
        Page::open(self.tls().await, &self.handshake(&[("Origin", origin)])).await
    }

    pub async fn tcp(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    pub async fn tls(&self) -> tokio_rustls::client::TlsStream<TcpStream> {
        tls(self.tcp().await).await.unwrap()
    }

    /// The head of a WebSocket handshake with these fields more.
    pub fn handshake(&self, more: &[(&str, &str)]) -> String {
        handshake(&format!("127.0.0.1:{}", self.port), more)
    }

    /// Sends a request over plain HTTP and reads the whole answer.
    pub async fn http(&self, head: &str) -> String {
        exchange(self.tcp().await, head).await
    }

    /// The journal's results, the first first.
    pub fn journal(&self) -> Vec<String> {
        self.journal_column("result")
    }

    pub fn journal_column(&self, column: &str) -> Vec<String> {
        let database = rusqlite::Connection::open(self.folder.path().join("state/journal.db")).unwrap();
        let mut query = database.prepare(&format!("SELECT {column} FROM decision ORDER BY number")).unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

pub fn handshake(host: &str, more: &[(&str, &str)]) -> String {
    let more: String = more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
    )
}

pub async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, head: &str) -> String {
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    soon("the answer's end", stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// TLS without judging the certificate: that is another test.
pub async fn tls(stream: TcpStream) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Credulous))
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

/// One socket of a page.
pub struct Page<S> {
    pub socket: WebSocketStream<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Page<S> {
    /// Shakes hands and takes the greeting.
    pub async fn open(mut stream: S, head: &str) -> Self {
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let end = loop {
            let read = soon("the handshake's answer", stream.read_buf(&mut answer)).await.unwrap();
            assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
        let beyond = answer.split_off(end);
        let config = WebSocketConfig::default().max_frame_size(None).max_message_size(None);
        let socket = WebSocketStream::from_partially_read(stream, beyond, Role::Client, Some(config)).await;
        let mut page = Self { socket };
        assert_eq!(page.hear().await, ncalayer::GREETING);
        page
    }

    pub async fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub async fn hear(&mut self) -> String {
        match soon("a frame", self.socket.next()).await {
            Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
            other => panic!("not a text: {other:?}"),
        }
    }

    pub async fn call(&mut self, text: &str) -> serde_json::Value {
        self.say(text).await;
        serde_json::from_str(&self.hear().await).unwrap()
    }

    /// Nothing comes for a moment.
    pub async fn hears_nothing(&mut self) {
        let heard = tokio::time::timeout(Duration::from_millis(150), self.socket.next()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    /// The close frame that ends the conversation.
    pub async fn hears_close(&mut self) -> CloseFrame {
        match soon("a close frame", self.socket.next()).await {
            Some(Ok(Message::Close(Some(frame)))) => frame,
            Some(Err(Error::ConnectionClosed)) | None => panic!("closed without a frame"),
            other => panic!("not a close frame: {other:?}"),
        }
    }
}

/// A `basics` request to sign this text.
pub fn sign(data: &str) -> String {
    serde_json::json!({
        "module": "kz.gov.pki.knca.basics",
        "method": "sign",
        "args": {"format": "cms", "data": data, "signingParams": {}, "signerParams": {"extKeyUsageOids": []}}
    })
    .to_string()
}

/// What a page hears when the person said no.
pub fn cancelled() -> serde_json::Value {
    serde_json::json!({"body": {}, "status": true})
}

/// The place where every signer that the listener starts asks what to do.
pub struct Signers {
    listener: TcpListener,
    /// Programs that were made for this test.
    log: Arc<Mutex<Vec<ToSigner>>>,
}

impl Signers {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { listener, log: Arc::default() }
    }

    /// The program that relays to here.
    pub fn command(&self) -> SignerCommand {
        SignerCommand { program: relay(), arguments: vec![self.listener.local_addr().unwrap().to_string().into()] }
    }

    /// The next signer that is started, before its first word.
    pub async fn silent(&self) -> Signer {
        let (pipe, _) = soon("a signer", self.listener.accept()).await.unwrap();
        Signer { pipe }
    }

    /// The next signer that is started, ready.
    pub async fn next(&self) -> Signer {
        let mut signer = self.silent().await;
        signer.say(FromSigner::Ready { version: wire::VERSION }).await;
        signer
    }

    /// No signer is started for a moment.
    pub async fn none(&self) {
        let started = tokio::time::timeout(Duration::from_millis(200), self.listener.accept()).await;
        assert!(started.is_err(), "a signer was started");
    }
}

/// The example that cargo builds beside the tests.
fn relay() -> PathBuf {
    let deps = std::env::current_exe().unwrap();
    let name = format!("relay_signer{}", std::env::consts::EXE_SUFFIX);
    let program = deps.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(program.exists(), "{} is missing: cargo build --examples", program.display());
    program
}

/// A running signer, as the test decides for it.
pub struct Signer {
    pipe: TcpStream,
}

impl Signer {
    pub async fn say(&mut self, word: FromSigner) {
        self.pipe.write_all(&wire::encode(&word).unwrap()).await.unwrap();
    }

    /// The next word; `None` when it is told to leave.
    pub async fn told(&mut self) -> Option<ToSigner> {
        soon("a word to the signer", async {
            let mut head = [0; 4];
            if self.pipe.read_exact(&mut head).await.is_err() {
                return None;
            }
            let mut body = vec![0; wire::body_length(head, wire::LONGEST_FRAME).unwrap()];
            self.pipe.read_exact(&mut body).await.unwrap();
            Some(wire::decode(&body).unwrap())
        })
        .await
    }

    /// The next order; how many wait is told in between.
    pub async fn order(&mut self) -> Order {
        loop {
            match self.told().await {
                Some(ToSigner::Order(order)) => return *order,
                Some(ToSigner::Waiting { .. }) => {}
                other => panic!("not an order: {other:?}"),
            }
        }
    }

    pub async fn finish(&mut self, id: u64, outcome: Outcome) {
        self.say(FromSigner::Done { id, outcome, site: None }).await;
    }

    pub async fn finish_with(&mut self, id: u64, outcome: Outcome, site: SiteChoice) {
        self.say(FromSigner::Done { id, outcome, site: Some(site) }).await;
    }
}

/// Signatures that are none: the documents themselves.
pub fn signed(order: &Order) -> Outcome {
    let Task::Sign(task) = &order.task else { panic!("nothing to sign") };
    Outcome::Signed(Signed {
        signatures: task.documents.iter().map(|document| document.octets().to_vec().into()).collect(),
        key: Box::new(order::KeyInfo { certificate: b"certificate".to_vec(), ..order::KeyInfo::default() }),
        digests: Vec::new(),
        files: Vec::new(),
        uploaded: None,
        signer_name: "ТЕСТОВ ТЕСТ".to_owned(),
    })
}

/// The text of the only document.
pub fn text(order: &Order) -> String {
    let Task::Sign(task) = &order.task else { panic!("nothing to sign") };
    String::from_utf8(task.documents[0].octets().to_vec()).unwrap()
}

/// Whether `::1` is an address of this computer.
pub fn has_ipv6() -> bool {
    let bound = std::net::TcpListener::bind("[::1]:0");
    !matches!(bound, Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable)
}
