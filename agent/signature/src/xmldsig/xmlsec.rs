//! RSA and ECDSA against xmlsec1: signatures made here with keys of OpenSSL, and signatures made there.
//!
//! Beside the code rather than under `tests`, because what is made is looked at before it is verified by ourselves.

use std::path::Path;
use std::process::{Command, Output};

use pki::{Certificate, SignatureAlgorithm, Signer, SignerError};

use super::layout::KeyInfo;
use super::locate::{Located, locate};
use super::make::Task;
use super::place::Around;
use super::xml::Document;
use super::{Form, Layout, Options, Problem, verify};
use crate::cms::Check;

/// Runs a program in a folder; `None`, after saying so, where it is not installed.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("NOT RUN: {program} is not here");
            None
        }
        Err(error) => panic!("{program} does not start: {error}"),
    }
}

fn succeeded(folder: &Path, program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = run(folder, program, arguments)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    Some(output.stdout)
}

/// A key of OpenSSL's making in a folder of its own.
struct OpenSsl {
    folder: tempfile::TempDir,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
    hash: &'static str,
}

impl OpenSsl {
    fn new(key: &[&str], algorithm: SignatureAlgorithm, hash: &'static str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let digest = format!("-{hash}");
        let mut arguments = vec!["req", "-x509", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem"];
        arguments.extend(["-days", "3650", "-subj", "/C=KZ/CN=TEST", digest.as_str()]);
        arguments.extend(key);
        succeeded(folder.path(), "openssl", &arguments)?;
        let certificate = Certificate::from_pem_or_der(&std::fs::read(folder.path().join("certificate.pem")).unwrap());
        Some(Self { certificate: certificate.unwrap(), folder, algorithm, hash })
    }

    fn all() -> Option<Vec<Self>> {
        use SignatureAlgorithm::{EcdsaSha256, EcdsaSha384, RsaSha256, RsaSha384, RsaSha512};
        [
            Self::new(&["-newkey", "rsa:2048"], RsaSha256, "sha256"),
            Self::new(&["-newkey", "rsa:2048"], RsaSha384, "sha384"),
            Self::new(&["-newkey", "rsa:2048"], RsaSha512, "sha512"),
            Self::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], EcdsaSha256, "sha256"),
            Self::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], EcdsaSha384, "sha384"),
        ]
        .into_iter()
        .collect()
    }

    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.folder.path().join(name), content).unwrap();
    }
}

impl Signer for OpenSsl {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.write("digest", digest);
        let option = format!("digest:{}", self.hash);
        let arguments = ["pkeyutl", "-sign", "-inkey", "key.pem", "-in", "digest", "-pkeyopt", option.as_str()];
        succeeded(self.folder.path(), "openssl", &arguments).ok_or(SignerError::Gone)
    }
}

const XMLSEC: [&str; 5] = ["--verify", "--trusted-pem", "certificate.pem", "--id-attr:Id", "a"];

/// Digests fit, and the signature does too or is said not to be checked.
fn is_good_as_far_as_it_is_computed(xml: &[u8]) -> bool {
    let report = verify(xml, &Options::default()).unwrap();
    let [signature] = report.signatures.as_slice() else { return false };
    let unchecked = matches!(signature.problems.as_slice(), [Problem::NotChecked(_)]);
    let digests = signature.references.iter().all(|reference| reference.digest == Check::Good);
    digests && (report.is_good() || (unchecked && signature.signature == Check::NotChecked))
}

#[test]
fn xmlsec_accepts_what_is_made_here_and_refuses_it_spoiled() {
    let document = "<r xmlns='urn:r' xml:lang='kk'><a Id='part' b='\n'>мәтін&#13;\r\n<!-- c --></a><b/></r>";
    let Some(signers) = OpenSsl::all() else { return };
    for signer in &signers {
        for form in [
            Form::enveloped(Layout::Lines),
            Form::enveloped(Layout::Compact),
            Form::from_xpaths(Layout::Lines, "//a", "//b").unwrap(),
        ] {
            let document = Document::new(document.as_bytes()).unwrap();
            let Located { subject, parent } = locate(&document, &form).unwrap();
            let around = Around::with_declaration(&document, &parent);
            let task = Task { layout: form.layout, key_info: KeyInfo::X509Data, subject, around };
            let made = task.make(signer, &document).unwrap().document;
            signer.write("signed.xml", made.as_bytes());
            let arguments = [&XMLSEC[..], &["signed.xml"]].concat();
            let Some(output) = run(signer.folder.path(), "xmlsec1", &arguments) else { return };
            assert!(output.status.success(), "{made}\n{}", String::from_utf8_lossy(&output.stderr));
            assert!(is_good_as_far_as_it_is_computed(made.as_bytes()));

            signer.write("signed.xml", made.replace("мәтін", "мәтІн").as_bytes());
            let refused = run(signer.folder.path(), "xmlsec1", &arguments).unwrap();
            assert!(!refused.status.success());
        }
    }
}

#[test]
fn what_xmlsec_signs_is_read_here() {
    let Some(signers) = OpenSsl::all() else { return };
    let canonicalizations = [
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
        ("http://www.w3.org/2006/12/xml-c14n11#WithComments", ""),
        (
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"#default p\"/>",
        ),
    ];
    for signer in &signers {
        let method = super::signature_uri(signer.algorithm).unwrap();
        let digest = super::digest_uri(signer.algorithm.digest_algorithm().unwrap()).unwrap();
        for (number, (c14n, parameter)) in canonicalizations.into_iter().enumerate() {
            let (uri, enveloped) = if number == 1 {
                ("#part", "")
            } else {
                ("", "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>")
            };
            let template = format!(
                "<?xml version='1.0' encoding='UTF-8'?><r xmlns='urn:r' xmlns:p='urn:p' xml:base='http://example.kz/' xml:lang='kk'>\r\n<a Id='part' \
                 xml:base='x'>мәтін</a><p:b>&#13;<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>\
                 <CanonicalizationMethod Algorithm=\"{c14n}\">{parameter}</CanonicalizationMethod>\
                 <SignatureMethod Algorithm=\"{method}\"/><Reference URI=\"{uri}\"><Transforms>{enveloped}\
                 <Transform Algorithm=\"{c14n}\">{parameter}</Transform></Transforms>\
                 <DigestMethod Algorithm=\"{digest}\"/><DigestValue/></Reference></SignedInfo><SignatureValue/>\
                 <KeyInfo><X509Data/></KeyInfo></Signature></p:b></r>"
            );
            signer.write("template.xml", template.as_bytes());
            let keys = "key.pem,certificate.pem";
            let arguments =
                ["--sign", "--privkey-pem", keys, "--id-attr:Id", "a", "--output", "out.xml", "template.xml"];
            let Some(output) = run(signer.folder.path(), "xmlsec1", &arguments) else { return };
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let made = std::fs::read_to_string(signer.folder.path().join("out.xml")).unwrap();
            assert!(is_good_as_far_as_it_is_computed(made.as_bytes()), "{made}");
            assert!(!is_good_as_far_as_it_is_computed(made.replace("мәтін", "мәтІн").as_bytes()));
        }
    }
}
