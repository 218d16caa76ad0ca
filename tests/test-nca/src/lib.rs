//! A miniature NCA for tests: a root and an issuing authority in the NCA's profile, and the people it issues keys to.
//!
//! There is one for each kind of key ([`TestNca::of`]): root, authority and people have keys of one algorithm, as with the
//! NCA. Without a word about it, that is the GOST of today.
//!
//! Certificates are written by [`pki::issue`] and key files by [`keystore::pkcs12`]; what is here is who they are for,
//! and, in [`services`], the OCSP responder, the lists, the time-stamp service, and the counter where certificates are
//! asked for.
//! Nobody in it exists: every name says ТЕСТ, and the numbers belong to no one.
//!
//! ```
//! use keystore::Password;
//! use test_nca::TestNca;
//! # use tanba_test_nca as test_nca;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let nca = TestNca::new(pki::Timestamp::from_unix(1_795_000_000))?;
//! let person = nca.person()?;
//! let signer = person.signer()?;
//! let file = person.key_file(&Password::new(test_nca::PASSWORD.to_owned())?)?;
//! # assert!(signer.certificate() == &person.certificate && file.len() > 1000);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod folder;
mod people;
mod seed;
pub mod services;

use std::sync::Arc;

use keystore::{
    CannotSign, Entropy, EntropyError, IssuingKey, OsEntropy, Password, PrivateKey,
    pkcs12::{self, WriteError},
};
use pki::{
    Certificate, Name, PublicKey, SignatureAlgorithm, Signer, SignerError, Timestamp,
    issue::{IssueError, Issuer, Profile, Template, Urls, issue},
    tlv::DerError,
};
use zeroize::Zeroizing;

pub use folder::{write_folder, write_served_folder};
pub use keystore::NewKey;
pub use people::{Holding, Person};
pub use seed::SeededEntropy;

/// The password of the key files where no other is asked for. The NCA's own test keys have the same.
pub const PASSWORD: &str = "Qwerty12";

/// Where the certificates say that the services are: nowhere, unless [`TestNca::with_services`] says otherwise.
const NOWHERE: &str = "http://test-nca.invalid";

/// The authority.
pub struct TestNca {
    root: Certificate,
    authority: Certificate,
    authority_key: PrivateKey,
    kind: NewKey,
    entropy: Arc<dyn Entropy>,
    services: String,
    now: Timestamp,
}

/// A key and what was issued for it.
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// Its private key.
    pub key: PrivateKey,
    entropy: Arc<dyn Entropy>,
}

/// Why nothing was issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestNcaError {
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A name cannot be written.
    #[error("a name cannot be written: {0}")]
    Name(#[from] DerError),
    /// A number of a person or an organisation does not have twelve digits.
    #[error("{0} is not a number of twelve digits")]
    Number(&'static str),
    /// The certificate was not made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A key does not sign.
    #[error(transparent)]
    Sign(#[from] CannotSign),
    /// The algorithm of a key is not known.
    #[error("the algorithm of the key is not known")]
    Algorithm,
    /// A key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The key file was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file was not written.
    #[error("{0}")]
    File(String),
}

impl TestNca {
    /// An authority with new keys, whose present is `now`: it began five years before and ends five years after.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn new(now: Timestamp) -> Result<Self, TestNcaError> {
        Self::with_entropy(now, Arc::new(OsEntropy))
    }

    /// The same authority, with the same keys, for the same seed and the same present.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn seeded(now: Timestamp, seed: u64) -> Result<Self, TestNcaError> {
        Self::with_entropy(now, Arc::new(SeededEntropy::new(seed)))
    }

    /// An authority whose keys, serial numbers and salts come from `entropy`.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn with_entropy(now: Timestamp, entropy: Arc<dyn Entropy>) -> Result<Self, TestNcaError> {
        Self::of_with_entropy(NewKey::Gost512, now, entropy)
    }

    /// An authority with new keys of that kind, and so all to whom it issues.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn of(kind: NewKey, now: Timestamp) -> Result<Self, TestNcaError> {
        Self::of_with_entropy(kind, now, Arc::new(OsEntropy))
    }

    /// The same, with random bytes from `entropy`. RSA and EC keys do not come from it: they are others each time.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn of_with_entropy(kind: NewKey, now: Timestamp, entropy: Arc<dyn Entropy>) -> Result<Self, TestNcaError> {
        let (begin, end) = (now.plus_days(-1826), now.plus_days(1826));
        let urls = || urls(NOWHERE);
        let (root_key, authority_key) =
            (PrivateKey::generate(kind, &*entropy)?, PrivateKey::generate(kind, &*entropy)?);

        let root_signer = IssuingKey::new(&root_key, &*entropy)?;
        let template = Template::root(people::root_name(kind)?, begin, end, urls());
        let root = issue(&template, Issuer::Itself(&root_signer), &public(&root_key)?)?;

        let template = Template::authority(people::authority_name(kind)?, begin, end, urls());
        let issuer = Issuer::Authority { certificate: &root, signer: &root_signer };
        let authority = issue(&template, issuer, &public(&authority_key)?)?;
        Ok(Self { root, authority, authority_key, kind, entropy, services: NOWHERE.to_owned(), now })
    }

    /// Names the place of the services (OCSP, CRL, its own certificate) in what is issued from here on, without a slash
    /// at the end.
    #[must_use]
    pub fn with_services(self, base: &str) -> Self {
        Self { services: base.to_owned(), ..self }
    }

    /// The self-signed root.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.root
    }

    /// The authority below it, which issues.
    #[must_use]
    pub fn authority(&self) -> &Certificate {
        &self.authority
    }

    /// The kind of its keys and of those it issues for.
    #[must_use]
    pub fn kind(&self) -> NewKey {
        self.kind
    }

    /// The present that it was made for.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A person for themselves, for signing: since yesterday, for a year.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn person(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::signing(Person::Citizen), self.now.plus_days(-1), self.now.plus_days(364))
    }

    /// The first head of an organisation, for signing.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn head(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::signing(Person::Head), self.now.plus_days(-1), self.now.plus_days(364))
    }

    /// An employee of an organisation, for signing.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn employee(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::signing(Person::Employee), self.now.plus_days(-1), self.now.plus_days(364))
    }

    /// The person of [`TestNca::person`], for logging in only.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn auth(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::authentication(Person::Citizen), self.now.plus_days(-1), self.now.plus_days(364))
    }

    /// A person whose certificate ended a month ago.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn expired(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::signing(Person::Citizen), self.now.plus_days(-395), self.now.plus_days(-30))
    }

    /// A person whose certificate begins in a month.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn not_yet(&self) -> Result<Issued, TestNcaError> {
        self.issue(&Holding::signing(Person::Citizen), self.now.plus_days(30), self.now.plus_days(395))
    }

    /// Makes a key and issues a certificate for it.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn issue(&self, holding: &Holding, from: Timestamp, to: Timestamp) -> Result<Issued, TestNcaError> {
        let key = self.new_key()?;
        self.certify(key, holding.person.subject()?.to_name()?, holding.profile(), from, to)
    }

    /// A time-stamp service with that key, whose kind decides for which policies it can be: since yesterday, for a year.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn time_stamping(&self, key: PrivateKey) -> Result<Issued, TestNcaError> {
        let (from, to) = (self.now.plus_days(-1), self.now.plus_days(364));
        self.certify(key, people::time_stamping_name()?, Profile::TimeStamping, from, to)
    }

    /// An OCSP responder that the authority appoints: since yesterday, for a year.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn ocsp_responder(&self) -> Result<Issued, TestNcaError> {
        let (from, to) = (self.now.plus_days(-1), self.now.plus_days(364));
        self.certify(self.new_key()?, people::ocsp_responder_name()?, Profile::OcspResponder, from, to)
    }

    /// A new key of the kind that the authority itself has.
    ///
    /// # Errors
    /// [`TestNcaError::Entropy`].
    pub fn new_key(&self) -> Result<PrivateKey, TestNcaError> {
        self.new_key_of(self.kind)
    }

    /// A new key of that kind.
    ///
    /// # Errors
    /// [`TestNcaError::Entropy`].
    pub fn new_key_of(&self, kind: NewKey) -> Result<PrivateKey, TestNcaError> {
        Ok(PrivateKey::generate(kind, &*self.entropy)?)
    }

    /// Issues a certificate of any profile for a key.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn certify(
        &self,
        key: PrivateKey,
        subject: Name,
        profile: Profile,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Issued, TestNcaError> {
        let certificate = self.certify_public(&public(&key)?, subject, profile, from, to)?;
        Ok(Issued { certificate, key, entropy: Arc::clone(&self.entropy) })
    }

    /// The same for a key that somebody else has.
    ///
    /// # Errors
    /// [`TestNcaError`].
    pub fn certify_public(
        &self,
        key: &PublicKey,
        subject: Name,
        profile: Profile,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Certificate, TestNcaError> {
        let signer = IssuingKey::new(&self.authority_key, &*self.entropy)?;
        let urls = urls(&self.services);
        let template = Template { subject, not_before: from, not_after: to, profile, urls, serial: None };
        let issuer = Issuer::Authority { certificate: &self.authority, signer: &signer };
        Ok(issue(&template, issuer, key)?)
    }

    /// The authority's own key, which signs lists.
    ///
    /// # Errors
    /// [`TestNcaError::Sign`].
    pub fn authority_signer(&self) -> Result<Box<dyn Signer>, TestNcaError> {
        Ok(self.authority_key.signer(&self.authority, Arc::clone(&self.entropy))?)
    }

    /// Random octets from the authority's source.
    ///
    /// # Errors
    /// [`TestNcaError::Entropy`].
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], TestNcaError> {
        let mut octets = [0; N];
        self.entropy.fill(&mut octets)?;
        Ok(octets)
    }
}

impl Issued {
    /// The key file, of the layout of the NCA's.
    ///
    /// # Errors
    /// [`TestNcaError::Write`].
    pub fn key_file(&self, password: &Password) -> Result<Zeroizing<Vec<u8>>, TestNcaError> {
        Ok(pkcs12::write_nca(&self.key, &self.certificate, password, &*self.entropy)?)
    }

    /// The key, ready to sign.
    ///
    /// # Errors
    /// [`TestNcaError::Sign`].
    pub fn signer(&self) -> Result<Box<dyn Signer>, TestNcaError> {
        Ok(self.key.signer(&self.certificate, Arc::clone(&self.entropy))?)
    }

    /// The same with an algorithm other than the key's own: RSA with SHA-384 or SHA-512.
    ///
    /// # Errors
    /// [`TestNcaError::Sign`].
    pub fn signer_with_algorithm(&self, algorithm: SignatureAlgorithm) -> Result<Box<dyn Signer>, TestNcaError> {
        Ok(self.key.signer_with_algorithm(&self.certificate, algorithm, Arc::clone(&self.entropy))?)
    }
}

fn public(key: &PrivateKey) -> Result<PublicKey, TestNcaError> {
    key.public_key().ok_or(TestNcaError::Issue(IssueError::Key))
}

fn urls(base: &str) -> Urls {
    let at = |path: &str| Some(format!("{base}/{path}"));
    Urls {
        ocsp: at("ocsp/"),
        ca_certificate: at("cert/nca.cer"),
        crl: at("crl/nca.crl"),
        delta_crl: at("crl/nca_d.crl"),
        cps: at("cps"),
    }
}
