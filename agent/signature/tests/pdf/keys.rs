//! RSA and EC keys that OpenSSL holds and uses: other PDF programs know those algorithms, and the NCA's they do not.

use std::path::PathBuf;

use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, Signer, SignerError, Timestamp};

use super::{Folder, run, said};

/// A folder with an authority, in which OpenSSL runs.
pub struct Authority(Folder);

impl Authority {
    pub fn new() -> Self {
        let authority = Self(Folder::new());
        authority.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out @ca.key");
        authority.run("req -x509 -new -key @ca.key -sha256 -days 3650 -subj /CN=CA -out @ca.pem");
        authority.0.write("usage", b"keyUsage=critical,digitalSignature,nonRepudiation\n");
        authority.0.write("tsa-usage", b"extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n");
        authority
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    pub fn write(&self, name: &str, octets: &[u8]) -> PathBuf {
        self.0.write(name, octets)
    }

    /// Runs OpenSSL with words that are file names when they begin with `@`.
    pub fn run(&self, words: &str) -> Vec<u8> {
        let output = run(
            "openssl",
            words.split_whitespace().map(|word| match word.strip_prefix('@') {
                Some(name) => self.path(name).into_os_string(),
                None => word.into(),
            }),
        );
        assert!(output.status.success(), "openssl {words}: {}", said(&output));
        output.stdout
    }

    fn issue(&self, name: &str, key: &str, usage: &str) -> Key<'_> {
        self.run(&format!("genpkey {key} -out @{name}.key"));
        self.run(&format!("req -new -key @{name}.key -subj /CN={name} -out @{name}.csr"));
        self.run(&format!(
            "x509 -req -in @{name}.csr -CA @ca.pem -CAkey @ca.key -CAcreateserial -sha256 -days 3000 \
             -extfile @{usage} -out @{name}.pem"
        ));
        let certificate = Certificate::from_pem_or_der(&std::fs::read(self.path(&format!("{name}.pem"))).unwrap());
        let certificate = certificate.unwrap();
        let algorithm = certificate.public_key().signature_algorithm().unwrap();
        Key { authority: self, name: name.to_owned(), certificate, algorithm }
    }

    pub fn rsa(&self) -> Key<'_> {
        self.issue("rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "usage")
    }

    pub fn ec(&self) -> Key<'_> {
        self.issue("ec", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "usage")
    }

    pub fn tsa(&self) -> Key<'_> {
        self.issue("tsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "tsa-usage")
    }

    /// The reply of a time-stamp service over these octets.
    pub fn time_stamp(&self, signature: &[u8]) -> Vec<u8> {
        self.tsa();
        let serial = self.write("serial", b"01");
        let configuration = format!(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = {}\ncrypto_device = builtin\nsigner_digest = sha256\n\
             default_policy = 1.2.398.3.3.2.6.2\ndigests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n",
            serial.display()
        );
        self.write("ts.cnf", configuration.as_bytes());
        self.write("signature", signature);
        self.run("ts -query -data @signature -sha256 -cert -out @query");
        self.run("ts -reply -queryfile @query -config @ts.cnf -inkey @tsa.key -signer @tsa.pem -out @reply");
        std::fs::read(self.path("reply")).unwrap()
    }
}

/// A key that OpenSSL uses.
pub struct Key<'a> {
    authority: &'a Authority,
    pub name: String,
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
        assert_eq!(self.algorithm.digest_algorithm(), Some(DigestAlgorithm::Sha256));
        self.authority.write("digest", digest);
        let name = &self.name;
        Ok(self.authority.run(&format!("pkeyutl -sign -inkey @{name}.key -in @digest -pkeyopt digest:sha256")))
    }
}

/// Now, for other programs judge certificates by the clock.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_unix(since.as_secs() as i64)
}
