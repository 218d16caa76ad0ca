//! OpenSSL and this room read each other: RSA and ECDSA, several signers, streams, time stamps, validation data.
//!
//! OpenSSL does not know the NCA's algorithms; for GOST there are the independent verifier and the NCA's own files.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use common::golden;
use pki::tsp::Response;
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, Signer, SignerError, Timestamp};
use signature::cms::amend::{
    SameCertificate, ValidationData, add_signer, add_stamps, add_validation_data, revocation_values, stamp_data,
};
use signature::cms::stream::{put_back, sign_attached, sign_detached, verify_stream, verify_stream_for};
use signature::cms::{Content, External, Remark, decode_any, encode, sign, to_pem, verify};
use tempfile::TempDir;

/// A folder in which OpenSSL runs.
struct OpenSsl(TempDir);

impl OpenSsl {
    /// `None`, after saying so, where it is not installed.
    fn find() -> Option<Self> {
        nca_material::openssl(["version"])?;
        Some(Self(tempfile::tempdir().unwrap()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs it with words that are file names when they begin with `@`; what it said when it refused.
    fn try_run(&self, words: &str) -> Result<Vec<u8>, String> {
        let words = words.split_whitespace().map(|word| match word.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None => word.into(),
        });
        let output = nca_material::openssl(words).unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(output.stdout) } else { Err(said) }
    }

    fn run(&self, words: &str) -> Vec<u8> {
        self.try_run(words).unwrap_or_else(|said| panic!("openssl {words}: {said}"))
    }

    /// An authority, and a signer below it.
    fn signer(&self, name: &str, key: &str) -> Key<'_> {
        if !self.path("ca.pem").exists() {
            self.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out @ca.key");
            self.run("req -x509 -new -key @ca.key -sha256 -days 3650 -subj /CN=CA -out @ca.pem");
        }
        self.write("usage", "keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\n");
        self.write("tsa-usage", "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n");
        let usage = if name == "tsa" { "tsa-usage" } else { "usage" };
        self.run(&format!("genpkey {key} -out @{name}.key"));
        self.run(&format!("req -new -key @{name}.key -subj /CN={name} -out @{name}.csr"));
        self.run(&format!(
            "x509 -req -in @{name}.csr -CA @ca.pem -CAkey @ca.key -CAcreateserial -sha256 -days 3000 \
             -extfile @{usage} -out @{name}.pem"
        ));
        let certificate = Certificate::from_pem_or_der(&self.read(&format!("{name}.pem"))).unwrap();
        let algorithm = certificate.public_key().signature_algorithm().unwrap();
        Key { openssl: self, name: name.to_owned(), certificate, algorithm }
    }

    fn rsa(&self) -> Key<'_> {
        self.signer("rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048")
    }

    fn ec(&self) -> Key<'_> {
        self.signer("ec", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256")
    }

    /// The content that OpenSSL took out of a CMS that it verified.
    fn verified(&self, name: &str, more: &str) -> Result<Vec<u8>, String> {
        self.try_run(&format!("cms -verify -binary -in @{name} -inform DER -CAfile @ca.pem -purpose any {more}"))
    }
}

/// A key that OpenSSL uses.
struct Key<'a> {
    openssl: &'a OpenSsl,
    name: String,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
}

impl Signer for Key<'_> {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.openssl.write("digest", digest);
        let hash = match self.algorithm.digest_algorithm() {
            Some(DigestAlgorithm::Sha256) => "sha256",
            Some(DigestAlgorithm::Sha384) => "sha384",
            other => panic!("{other:?}"),
        };
        let name = &self.name;
        Ok(self.openssl.run(&format!("pkeyutl -sign -inkey @{name}.key -in @digest -pkeyopt digest:{hash}")))
    }
}

/// Now, for OpenSSL judges certificates by the clock.
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_unix(since.as_secs() as i64)
}

#[test]
fn openssl_verifies_what_is_made_here() {
    let Some(openssl) = OpenSsl::find() else { return };
    let document = golden("document.txt").repeat(500);
    openssl.write("document", &document);
    for key in [openssl.rsa(), openssl.ec(), openssl.signer("p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384")] {
        let name = &key.name;
        openssl.write("attached", sign(&key, Content::Attached(&document), now()).unwrap());
        assert_eq!(openssl.verified("attached", "").unwrap(), document, "{name}");
        let mut out = Vec::new();
        sign_attached(&key, &mut Cursor::new(&document), &mut out, now()).unwrap();
        openssl.write("attached", &out);
        assert_eq!(openssl.verified("attached", "-cades").unwrap(), document, "{name}");
        openssl.write("detached", sign_detached(&key, &mut document.as_slice(), now()).unwrap());
        assert_eq!(openssl.verified("detached", "-content @document").unwrap(), document, "{name}");
        openssl.write("other", "another document");
        assert!(openssl.verified("detached", "-content @other").is_err(), "{name}");
        openssl.write("pem", to_pem(&out));
        let pem = openssl.run("cms -verify -binary -in @pem -inform PEM -CAfile @ca.pem -purpose any");
        assert_eq!(pem, document, "{name}");
    }
}

#[test]
fn what_openssl_makes_is_verified_here_in_memory_and_going_by() {
    let Some(openssl) = OpenSsl::find() else { return };
    let (_rsa, _ec) = (openssl.rsa(), openssl.ec());
    let document = golden("document.txt").repeat(500);
    openssl.write("document", &document);
    for (more, is_detached, remarks) in [
        ("-signer @rsa.pem -inkey @rsa.key -nodetach -cades", false, &[][..]),
        ("-signer @rsa.pem -inkey @rsa.key -nodetach", false, &[Remark::NoSigningCertificate]),
        ("-signer @ec.pem -inkey @ec.key -nodetach -stream -cades", false, &[]),
        ("-signer @ec.pem -inkey @ec.key -cades", true, &[]),
        ("-signer @rsa.pem -inkey @rsa.key -nodetach -keyid -cades", false, &[]),
        ("-signer @rsa.pem -inkey @rsa.key -nodetach -noattr", false, &[Remark::NoSignedAttributes]),
        ("-signer @rsa.pem -inkey @rsa.key -signer @ec.pem -inkey @ec.key -nodetach -stream -cades", false, &[]),
        ("-signer @rsa.pem -inkey @rsa.key -md sha384 -nodetach -cades", false, &[]),
        ("-signer @rsa.pem -inkey @rsa.key -md sha512 -nodetach -certfile @ca.pem -cades", false, &[]),
    ] {
        for form in ["DER", "PEM"] {
            let command = format!("cms -sign -binary -in @document {more} -outform {form} -out @made");
            openssl.run(&command);
            let made = openssl.read("made");
            let external = is_detached.then_some(External::Content(&document));
            let report = verify(&decode_any(&made).unwrap(), external).unwrap();
            assert!(report.is_good(), "{command}: {report:?}");
            assert!(report.signers.iter().all(|signer| signer.remarks == remarks), "{command}: {report:?}");
            let mut content = document.as_slice();
            let content = is_detached.then_some(&mut content as &mut dyn std::io::Read);
            let found = verify_stream(&mut made.as_slice(), content).unwrap();
            assert_eq!(found.report, report, "{command}");
            assert_eq!(found.content.unwrap().content_len(), document.len() as u64, "{command}");
        }
    }
}

#[test]
fn signers_are_added_to_and_by_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    let (rsa, ec) = (openssl.rsa(), openssl.ec());
    let p384 = openssl.signer("p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384");
    let document = golden("document.txt");
    openssl.write("document", &document);
    // Theirs, then two of ours.
    for (how, external, more) in
        [("-nodetach", None, ""), ("", Some(External::Content(document.as_slice())), "-content @document")]
    {
        openssl.run(&format!(
            "cms -sign -binary -in @document -signer @rsa.pem -inkey @rsa.key -md sha512 {how} -outform DER -out @one"
        ));
        let one = openssl.read("one");
        let two = add_signer(&one, &ec, external, SameCertificate::Refuse, now()).unwrap();
        let three = add_signer(&two, &p384, external, SameCertificate::Refuse, now()).unwrap();
        openssl.write("three", &three);
        assert_eq!(openssl.verified("three", more).unwrap(), document);
        let report = verify(&three, external).unwrap();
        assert_eq!((report.signers.len(), report.certificates.len()), (3, 3));
        // Every one of the three counts for OpenSSL too: spoil them one after the other.
        for signature in stamp_data(&three).unwrap() {
            let mut spoiled = three.clone();
            let place = spoiled.windows(signature.len()).position(|window| window == signature).unwrap();
            spoiled[place + signature.len() / 2] ^= 1;
            openssl.write("spoiled", &spoiled);
            assert!(openssl.verified("spoiled", more).is_err());
            assert!(!verify(&spoiled, external).is_ok_and(|report| report.is_good()));
        }
    }
    // Ours, then theirs.
    openssl.write("ours", sign(&rsa, Content::Attached(&document), now()).unwrap());
    openssl.run(
        "cms -resign -binary -in @ours -inform DER -signer @ec.pem -inkey @ec.key -nodetach -outform DER -out @both",
    );
    let report = verify(&decode_any(&openssl.read("both")).unwrap(), None).unwrap();
    assert!(report.is_good() && report.signers.len() == 2, "{report:?}");
}

#[test]
fn openssl_verifies_a_signer_that_was_added_to_what_went_by() {
    let Some(openssl) = OpenSsl::find() else { return };
    let (_rsa, ec) = (openssl.rsa(), openssl.ec());
    let document = golden("document.txt").repeat(10_000);
    openssl.write("document", &document);
    for how in ["-outform DER", "-outform DER -stream", "-outform PEM -stream"] {
        openssl.run(&format!(
            "cms -sign -binary -in @document -signer @rsa.pem -inkey @rsa.key -md sha384 -nodetach {how} -out @one"
        ));
        let open = || fs::File::open(openssl.path("one")).unwrap();
        let found = verify_stream_for(&mut open(), None, &[DigestAlgorithm::Sha256]).unwrap();
        let digests = found.content.as_ref().map(External::Digests);
        let amended = add_signer(&found.detached, &ec, digests, SameCertificate::Refuse, now()).unwrap();
        let mut two = Vec::new();
        let written = put_back(&mut open(), &found, &amended, &mut two).unwrap();
        assert_eq!(written, two.len() as u64);
        openssl.write("two", &two);
        assert_eq!(openssl.verified("two", "").unwrap(), document, "{how}");
        assert_eq!(verify(&two, None).unwrap().signers.len(), 2);
    }
}

#[test]
fn a_time_stamp_of_openssl_goes_in_and_is_read() {
    let Some(openssl) = OpenSsl::find() else { return };
    let (rsa, tsa) = (openssl.rsa(), openssl.signer("tsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"));
    let folder = openssl.path("");
    openssl.write(
        "ts.cnf",
        format!(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = {0}serial\ncrypto_device = builtin\nsigner_digest = sha256\n\
             default_policy = 1.2.398.3.3.2.6.2\ndigests = sha256\naccuracy = secs:1, millisecs:500\n\
             ess_cert_id_alg = sha256\n",
            folder.display()
        ),
    );
    openssl.write("serial", "01");
    let der = sign(&rsa, Content::Attached(b"text"), now()).unwrap();
    openssl.write("signature", stamp_data(&der).unwrap()[0]);
    openssl.run("ts -query -data @signature -sha256 -cert -out @query");
    openssl.run("ts -reply -queryfile @query -config @ts.cnf -inkey @tsa.key -signer @tsa.pem -out @reply");
    let token = Response::from_der(&openssl.read("reply")).unwrap().into_token().unwrap();
    let stamped = add_stamps(&der, &[(0, &token)]).unwrap();
    let report = verify(&stamped, None).unwrap();
    assert!(report.is_good());
    let stamp = &report.signers[0].stamps[0];
    assert_eq!(stamp.authority(), Some(&tsa.certificate), "{stamp:?}");
    assert!((stamp.time().unwrap().as_unix() - now().as_unix()).abs() < 100);
    // OpenSSL still verifies the signature, and finds the token good for its octets.
    openssl.write("stamped", &stamped);
    assert_eq!(openssl.verified("stamped", "-cades").unwrap(), b"text");
    openssl.write("token", token.der());
    openssl.run("ts -verify -data @signature -in @token -token_in -CAfile @ca.pem");
}

#[test]
fn validation_data_is_used_by_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    let rsa = openssl.rsa();
    // The authority's list, with nobody in it, and its answer about this certificate.
    let folder = openssl.path("");
    openssl.write("ca.cnf", format!("[ca]\ndefault_ca = one\n[one]\ndatabase = {}index\n", folder.display()));
    let serial = rsa.certificate.serial().to_hex().to_uppercase();
    let serial = if serial.len() % 2 == 1 { format!("0{serial}") } else { serial };
    openssl.write("index", format!("V\t350101000000Z\t\t{serial}\tunknown\t/CN=rsa\n"));
    openssl.run("ca -gencrl -config @ca.cnf -keyfile @ca.key -cert @ca.pem -md sha256 -crldays 30 -out @crl.pem");
    openssl.run("crl -in @crl.pem -outform DER -out @crl");
    openssl.run("ocsp -issuer @ca.pem -cert @rsa.pem -reqout @request");
    openssl
        .run("ocsp -index @index -CA @ca.pem -rsigner @ca.pem -rkey @ca.key -reqin @request -ndays 3 -respout @ocsp");
    let (crl, ocsp) = (openssl.read("crl"), openssl.read("ocsp"));
    let chain = [Certificate::from_pem_or_der(&openssl.read("ca.pem")).unwrap()];

    let der = sign(&rsa, Content::Attached(b"text"), now()).unwrap();
    openssl.write("plain", &der);
    assert!(openssl.verified("plain", "-crl_check").unwrap_err().contains("unable to get certificate CRL"));
    let data = ValidationData { certificates: &chain, ocsp_responses: &[&ocsp], crls: &[&crl] };
    let with = add_validation_data(&der, &data).unwrap();
    assert!(verify(&with, None).unwrap().is_good());
    openssl.write("with", &with);
    assert_eq!(openssl.verified("with", "-cades").unwrap(), b"text");
    assert_eq!(openssl.verified("with", "-crl_check").unwrap(), b"text");
    let printed = String::from_utf8(openssl.run("cms -cmsout -print -noout -in @with -inform DER")).unwrap();
    assert!(printed.contains("d.other") && printed.contains("1.3.6.1.5.5.7.16.2"), "{printed}");
    let values = revocation_values(&with).unwrap();
    assert_eq!((values.crls.as_slice(), values.ocsp_responses[0].as_ref()), (&[crl.as_slice()][..], ocsp.as_slice()));

    // Revoked: OpenSSL finds that in the list that was put in.
    openssl.write("index", format!("R\t350101000000Z\t260101000000Z\t{serial}\tunknown\t/CN=rsa\n"));
    openssl.run("ca -gencrl -config @ca.cnf -keyfile @ca.key -cert @ca.pem -md sha256 -crldays 30 -out @crl.pem");
    openssl.run("crl -in @crl.pem -outform DER -out @crl");
    let crl = openssl.read("crl");
    let data = ValidationData { certificates: &chain, ocsp_responses: &[], crls: &[&crl] };
    openssl.write("revoked", add_validation_data(&der, &data).unwrap());
    assert!(openssl.verified("revoked", "-crl_check").unwrap_err().contains("certificate revoked"));
}

#[test]
fn openssl_reads_the_ncas_file_with_validation_data() {
    let Some(openssl) = OpenSsl::find() else { return };
    let fixture = |name: &str| nca_material::fixture(name);
    let Some(der) = fixture("cms/gost512-attached-production-timestamp.der") else { return };
    let (crl, ocsp) = (fixture("crl/nca_gost2022_test.crl").unwrap(), fixture("ocsp/gost512-revoked.der").unwrap());
    let data = ValidationData { certificates: &[], ocsp_responses: &[&ocsp], crls: &[&crl] };
    openssl.write("with", encode(&add_validation_data(&der, &data).unwrap(), signature::cms::TextForm::Pem));
    let printed = String::from_utf8(openssl.run("cms -cmsout -print -noout -in @with -inform PEM")).unwrap();
    assert!(printed.contains("version: 5") && printed.contains("id-smime-aa-timeStampToken"), "{printed}");
}
