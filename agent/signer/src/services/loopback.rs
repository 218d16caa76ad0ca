//! A look through the door that sites come in by: TLS to this computer's own address.
//!
//! No certificate is believed or refused here. What was shown is given back, and the caller holds it against the one that
//! Tanba has: a program that looks into secure connections shows another.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, IpAddr, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, Stream};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// On this computer an answer comes at once; this long only one that hangs takes.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many octets tell whether it is an answer.
const HEAD: u64 = 64;

/// What was met at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// The certificate that was shown, DER; the other side has its key.
    pub certificate: Vec<u8>,
    /// The status of the answer to a request for the page; none: what came is no HTTP.
    pub status: Option<u16>,
}

/// Why nobody was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMet {
    /// Nobody listens.
    #[error("nobody listens")]
    Nobody,
    /// Whoever listens says nothing.
    #[error("no answer")]
    Silent,
    /// Whoever listens does not speak TLS.
    #[error("no TLS")]
    NoTls,
}

/// Meets whoever listens on this port of 127.0.0.1.
///
/// # Errors
/// [`NotMet`].
pub fn meet(port: u16) -> Result<Met, NotMet> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(|error| reason(&error))?;
    let prepared = stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
    prepared.map_err(|_| NotMet::Silent)?;
    let name = ServerName::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST.into()));
    let mut connection = client().and_then(|config| ClientConnection::new(config, name)).map_err(|_| NotMet::NoTls)?;
    let began = Instant::now();
    while connection.is_handshaking() {
        // Octet by octet it could go on for ever.
        if began.elapsed() > PATIENCE {
            return Err(NotMet::Silent);
        }
        connection.complete_io(&mut stream).map_err(|error| reason(&error))?;
    }
    let shown = connection.peer_certificates().and_then(<[_]>::first).ok_or(NotMet::NoTls)?;
    let certificate = shown.to_vec();
    let mut tls = Stream::new(&mut connection, &mut stream);
    let asked = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let mut head = Vec::new();
    let answered = tls.write_all(asked.as_bytes()).and_then(|()| tls.take(HEAD).read_to_end(&mut head));
    match answered {
        Err(error) if head.is_empty() && is_silence(&error) => Err(NotMet::Silent),
        // However it ended: what came counts.
        _ => Ok(Met { certificate, status: status(&head) }),
    }
}

fn reason(error: &io::Error) -> NotMet {
    match error.kind() {
        ErrorKind::ConnectionRefused => NotMet::Nobody,
        _ if is_silence(error) => NotMet::Silent,
        _ => NotMet::NoTls,
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// `HTTP/1.1 200 OK`.
fn status(head: &[u8]) -> Option<u16> {
    let head = std::str::from_utf8(head.get(..12)?).ok()?;
    head.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok()
}

fn client() -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(Looking(provider)));
    Ok(Arc::new(config.with_no_client_auth()))
}

/// Looks at any certificate, and has its key proven.
#[derive(Debug)]
struct Looking(Arc<CryptoProvider>);

impl ServerCertVerifier for Looking {
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
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    #[test]
    fn nobody_silence_and_another_language_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Accepts, as the system does for whoever hangs, and says nothing.
        assert_eq!(meet(port), Err(NotMet::Silent));
        thread::spawn(move || {
            // The connection of the first look stands in the queue before that of the second.
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.write_all(b"220 mail\r\n");
            }
        });
        assert_eq!(meet(port), Err(NotMet::NoTls));
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert_eq!(meet(free), Err(NotMet::Nobody));
    }

    #[test]
    fn a_status_is_read_and_rubbish_has_none() {
        assert_eq!(status(b"HTTP/1.1 403 Forbidden\r\n"), Some(403));
        for rubbish in [&b""[..], b"HTTP/1.1", b"HTTP/2 200 OK...", b"hello, who is it?", &[0xff; 20]] {
            assert_eq!(status(rubbish), None);
        }
    }
}
