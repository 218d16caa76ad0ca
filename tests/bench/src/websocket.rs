//! A client of the least kind: it opens a WebSocket, plain or over TLS, reads the greeting, and makes small calls.

use crate::Fault;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    sync::Arc,
    time::Duration,
};

const GREETING: &[u8] = br#"{"result":{"version":"1.4"}}"#;

/// FIN and the opcode of a text frame; the bit of a masked one (RFC 6455 §5.2).
const TEXT: u8 = 0x81;
const MASKED: u8 = 0x80;

/// A socket that was greeted.
pub(crate) enum Socket {
    /// `ws://`
    Plain(TcpStream),
    /// `wss://`
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(octets),
            Self::Tls(stream) => stream.write(octets),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

impl Socket {
    /// Lets an answer take so long from now on.
    pub(crate) fn wait_up_to(&mut self, patience: Duration) -> Result<(), Fault> {
        let tcp = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => &stream.sock,
        };
        Ok(tcp.set_read_timeout(Some(patience))?)
    }

    /// Sends one request and waits for one answer.
    pub(crate) fn call(&mut self, request: &str) -> Result<String, Fault> {
        self.write_all(&frame(TEXT, request.as_bytes()))?;
        self.flush()?;
        self.hear()
    }

    /// The next frame's payload, whatever kind of frame it is.
    pub(crate) fn hear(&mut self) -> Result<String, Fault> {
        let mut head = [0; 2];
        self.read_exact(&mut head)?;
        let length = match head[1] {
            126 => {
                let mut long = [0; 2];
                self.read_exact(&mut long)?;
                usize::from(u16::from_be_bytes(long))
            }
            127 => return Err("an answer that is too long for a cheap call".into()),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.read_exact(&mut payload)?;
        Ok(String::from_utf8(payload)?)
    }
}

/// A frame of a client. Its mask is zero, which no server can tell from another one.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => frame.push(MASKED | short),
        (_, Ok(medium)) => {
            frame.push(MASKED | 126);
            frame.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            frame.push(MASKED | 127);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// How a socket is opened.
#[derive(Clone)]
pub(crate) enum Scheme {
    /// `ws://`
    Ws,
    /// `wss://`
    Wss(Arc<ClientConfig>),
}

impl Scheme {
    /// `wss://`, whatever certificate is shown: the figures are about time and memory.
    pub(crate) fn wss() -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anyone(provider)))
            .with_no_client_auth();
        Ok(Self::Wss(Arc::new(config)))
    }
}

/// Opens a socket and reads up to the greeting.
pub(crate) fn open(scheme: &Scheme, port: u16) -> Result<Socket, Fault> {
    let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    tcp.set_read_timeout(Some(Duration::from_secs(5)))?;
    tcp.set_nodelay(true)?;
    match scheme {
        Scheme::Ws => {
            let mut tcp = tcp;
            upgrade(&mut tcp, port)?;
            Ok(Socket::Plain(tcp))
        }
        Scheme::Wss(config) => {
            let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
            let mut tls = StreamOwned::new(ClientConnection::new(Arc::clone(config), name)?, tcp);
            upgrade(&mut tls, port)?;
            Ok(Socket::Tls(Box::new(tls)))
        }
    }
}

fn upgrade(stream: &mut (impl Read + Write), port: u16) -> Result<(), Fault> {
    // RFC 6455 §4.1, with the key of its own example.
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )?;
    stream.flush()?;
    let mut answer = Vec::new();
    let mut block = [0; 1024];
    while !answer.windows(GREETING.len()).any(|window| window == GREETING) {
        let count = stream.read(&mut block)?;
        if count == 0 {
            return Err(format!("closed after {:?}", String::from_utf8_lossy(&answer)).into());
        }
        answer.extend_from_slice(block.get(..count).unwrap_or_default());
    }
    Ok(())
}

/// Believes every certificate; the key behind it is proven all the same.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
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
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
