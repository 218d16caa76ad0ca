//! A program that takes the port in somebody else's name: this very test program, under another file name.

use crate::clinic::Agent;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// What the puppet is told through its environment.
const PORT: &str = "PUPPET_PORT";

/// Its authority's name.
pub(crate) const ISSUER: &str = "Puppet Antivirus Web Shield";

/// A program of this name in `folder`, which serves TLS with a certificate of [`ISSUER`]'s on 127.0.0.1 only. `more` stands
/// on its command line.
pub(crate) fn serve(folder: &Path, name: &str, port: u16, more: &[&str]) -> Agent {
    let program = folder.join(name);
    let here = std::env::current_exe().unwrap();
    if fs::hard_link(&here, &program).is_err() {
        fs::copy(&here, &program).unwrap();
    }
    let mut command = Command::new(program);
    command.args(["--exact", "puppet::stands_in_when_it_is_told_to", "--nocapture"]).args(more);
    Agent::of(command.env(PORT, port.to_string()).stderr(Stdio::null()))
}

/// Does nothing in an ordinary run of the tests.
#[test]
fn stands_in_when_it_is_told_to() {
    let Ok(port) = std::env::var(PORT) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port.parse().unwrap())).unwrap();
    println!("127.0.0.1");
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut connection = ServerConnection::new(Arc::new(config())).unwrap();
        let mut tls = Stream::new(&mut connection, &mut stream);
        let mut asked = [0; 1024];
        if tls.read(&mut asked).is_ok() {
            let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }
}

fn config() -> ServerConfig {
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.distinguished_name = rcgen::DistinguishedName::new();
    authority.distinguished_name.push(rcgen::DnType::CommonName, ISSUER);
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer = rcgen::Issuer::new(authority, rcgen::KeyPair::generate().unwrap());
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap()
}
