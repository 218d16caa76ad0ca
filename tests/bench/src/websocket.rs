//! A client of the least kind: it opens a WebSocket, plain or over TLS, and reads the greeting.

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

/// A socket that was greeted and is kept open.
pub(crate) enum Socket {
    /// `ws://`
    Plain(#[expect(dead_code, reason = "kept open")] TcpStream),
    /// `wss://`
    Tls(#[expect(dead_code, reason = "kept open")] Box<StreamOwned<ClientConnection, TcpStream>>),
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
