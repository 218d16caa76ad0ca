//! Making a leaf and reading it again.

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{ExtendedKeyUsage, FromDer as _, GeneralName, X509Certificate};

/// How long a leaf lives: as long as browsers take from a public authority, so that no rule for those ever meets it.
const LIFE: Duration = Duration::days(397);

/// A clock a little behind ours must not find the leaf in its future.
const HEAD_START: Duration = Duration::hours(1);

/// How long before its end a leaf is replaced.
const RENEWAL: Duration = Duration::days(30);

/// The names of this computer to itself.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The random part of a leaf's name, in octets.
const NAME_OCTETS: usize = 4;

/// Why there is no leaf.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// The file is there and cannot be read or written.
    #[error("the local certificate's file cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// Another process of this user makes one, and does not come to an end.
    #[error("another process holds the local certificate's file")]
    Busy,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// What was read is no leaf of ours, or none could be made.
    #[error("the local certificate is unusable: {0}")]
    Unusable(String),
}

/// A certificate for this computer's own names, with its key.
pub struct Leaf {
    name: String,
    not_after: OffsetDateTime,
    pem: String,
    der: CertificateDer<'static>,
    certified: Arc<CertifiedKey>,
}

impl fmt::Debug for Leaf {
    /// Never prints the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf").field("name", &self.name).field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

impl Leaf {
    /// Makes a new leaf: P-256, `CA:FALSE`, server authentication only, for `localhost`, `127.0.0.1` and `::1`.
    ///
    /// # Errors
    /// [`LeafError::Random`].
    pub fn make(now: OffsetDateTime) -> Result<Self, LeafError> {
        // NSS keeps one nickname for each subject, so two leaves that share a subject could not be told apart there.
        let mut random = [0; NAME_OCTETS];
        getrandom::fill(&mut random).map_err(|error| LeafError::Random(error.to_string()))?;
        let name = format!("Tanba 127.0.0.1 {}", hex::encode(random));

        let made = || -> Result<(String, String), rcgen::Error> {
            let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, name.as_str());
            params.not_before = now - HEAD_START;
            params.not_after = now + LIFE;
            params.is_ca = IsCa::ExplicitNoCa;
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
            Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
        };
        let (certificate, key) = made().map_err(|error| LeafError::Unusable(error.to_string()))?;
        Self::read(&format!("{certificate}{key}"))
    }

    /// Reads a leaf that [`Leaf::as_pem`] wrote.
    ///
    /// # Errors
    /// [`LeafError::Unusable`] for a certificate that is good for more than ours: an authority, other names, or another
    /// use than a web server's. Nobody can slip one in to have it trusted.
    pub fn read(pem: &str) -> Result<Self, LeafError> {
        let unusable = |what: &str| LeafError::Unusable(what.to_owned());
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| unusable("no certificate in it"))?;
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| unusable("no key in it"))?;
        let key =
            rustls::crypto::ring::sign::any_ecdsa_type(&key).map_err(|_| unusable("its key is none of our kind"))?;
        let certified = CertifiedKey::new(vec![der.clone()], key);
        certified.keys_match().map_err(|_| unusable("key and certificate do not belong together"))?;

        let (rest, certificate) = X509Certificate::from_der(&der).map_err(|_| unusable("not an X.509 certificate"))?;
        if !rest.is_empty() {
            return Err(unusable("something behind the certificate"));
        }
        check(&certificate)?;
        let name = certificate.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
        let name = name.ok_or_else(|| unusable("no name"))?.to_owned();
        let not_after = certificate.validity().not_after.to_datetime();
        drop(certificate);
        Ok(Self { name, not_after, pem: pem.to_owned(), der, certified: Arc::new(certified) })
    }

    /// The certificate and its key, PEM: what is kept on disk.
    #[must_use]
    pub fn as_pem(&self) -> &str {
        &self.pem
    }

    /// The certificate, DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its name, different for each leaf, and the same as its subject's common name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment its validity ends.
    #[must_use]
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// The certificate as a trust store takes it.
    #[must_use]
    pub fn for_trust(&self) -> platform::trust::Leaf<'_> {
        platform::trust::Leaf { nickname: &self.name, der: &self.der }
    }

    /// Whether it is time for the next one: the end is near, or the clock stands before the beginning.
    #[must_use]
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        let remaining = self.not_after - now;
        remaining < RENEWAL || remaining > LIFE
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }
}

/// An `extKeyUsage` that names nothing.
const NO_USE: ExtendedKeyUsage<'static> = ExtendedKeyUsage {
    any: false,
    server_auth: false,
    client_auth: false,
    code_signing: false,
    email_protection: false,
    time_stamping: false,
    ocsp_signing: false,
    other: Vec::new(),
};

/// Whether a certificate says what ours say: this computer's names, a web server, and no authority.
fn check(certificate: &X509Certificate<'_>) -> Result<(), LeafError> {
    let unusable = |what: &str| LeafError::Unusable(what.to_owned());
    let malformed = |_| unusable("an extension does not parse");
    let constraints = certificate.basic_constraints().map_err(malformed)?;
    if constraints.is_none_or(|constraints| constraints.value.ca) {
        return Err(unusable("it does not say that it is no authority"));
    }
    let usage = certificate.extended_key_usage().map_err(malformed)?.ok_or_else(|| unusable("it is for any use"))?;
    let web_server = ExtendedKeyUsage { server_auth: true, ..NO_USE };
    if *usage.value != web_server {
        return Err(unusable("it is for another use than a web server's"));
    }
    let names = certificate.subject_alternative_name().map_err(malformed)?.ok_or_else(|| unusable("no names"))?;
    let is_local = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => *name == "localhost",
        GeneralName::IPAddress(octets) => {
            *octets == [127, 0, 0, 1] || *octets == std::net::Ipv6Addr::LOCALHOST.octets()
        }
        _ => false,
    };
    let names = &names.value.general_names;
    if names.len() != NAMES.len() || !names.iter().all(is_local) {
        return Err(unusable("it is for other names than this computer's own"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    #[test]
    fn a_leaf_is_a_web_server_of_this_computer_and_no_authority() {
        let leaf = Leaf::make(NOW).unwrap();
        let (_, certificate) = X509Certificate::from_der(leaf.der()).unwrap();
        let constraints = certificate.basic_constraints().unwrap().unwrap();
        assert!(!constraints.value.ca);
        let usage = certificate.extended_key_usage().unwrap().unwrap();
        assert!(usage.value.server_auth && !usage.value.any && !usage.value.client_auth);
        assert!(certificate.key_usage().unwrap().unwrap().value.digital_signature());
        assert!(!certificate.key_usage().unwrap().unwrap().value.key_cert_sign());
        assert_eq!(certificate.subject(), certificate.issuer());
        let mut names: Vec<_> = certificate
            .subject_alternative_name()
            .unwrap()
            .unwrap()
            .value
            .general_names
            .iter()
            .map(ToString::to_string)
            .collect();
        names.sort();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(leaf.not_after(), NOW + Duration::days(397));
        assert_eq!(certificate.validity().not_before.to_datetime(), NOW - Duration::hours(1));
    }

    #[test]
    fn no_two_leaves_share_a_name() {
        assert_ne!(Leaf::make(NOW).unwrap().name(), Leaf::make(NOW).unwrap().name());
    }

    #[test]
    fn a_leaf_is_read_as_it_was_written() {
        let leaf = Leaf::make(NOW).unwrap();
        let again = Leaf::read(leaf.as_pem()).unwrap();
        assert_eq!((again.der(), again.name(), again.not_after()), (leaf.der(), leaf.name(), leaf.not_after()));
    }

    #[test]
    fn a_leaf_is_due_a_month_before_its_end_and_when_the_clock_went_wrong() {
        let leaf = Leaf::make(NOW).unwrap();
        assert!(!leaf.is_due(NOW));
        assert!(!leaf.is_due(NOW + Duration::days(366)));
        assert!(leaf.is_due(NOW + Duration::days(368)));
        assert!(leaf.is_due(NOW + Duration::days(4000)));
        assert!(leaf.is_due(NOW - Duration::days(1)));
    }

    #[test]
    fn what_we_did_not_make_is_not_taken() {
        let foreign = |change: fn(&mut CertificateParams)| {
            let mut params = CertificateParams::new(NAMES.map(str::to_owned)).unwrap();
            params.is_ca = IsCa::ExplicitNoCa;
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            change(&mut params);
            let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
            format!("{}{}", params.self_signed(&key).unwrap().pem(), key.serialize_pem())
        };
        assert!(Leaf::read(&foreign(|_| {})).is_ok());
        let authority = foreign(|params| params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained));
        let silent = foreign(|params| params.is_ca = IsCa::NoCa);
        let bank = foreign(|params| {
            params.subject_alt_names.push(rcgen::SanType::DnsName("bank.kz".try_into().unwrap()));
        });
        let any_use = foreign(|params| params.extended_key_usages.clear());
        let client = foreign(|params| params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth));
        let mut strange_key = Leaf::make(NOW).unwrap().as_pem().to_owned();
        let key_at = strange_key.find("-----BEGIN PRIVATE").unwrap();
        strange_key.truncate(key_at);
        let other = Leaf::make(NOW).unwrap();
        strange_key.push_str(&other.as_pem()[other.as_pem().find("-----BEGIN PRIVATE").unwrap()..]);
        for pem in [authority.as_str(), &silent, &bank, &any_use, &client, &strange_key, "", "rubbish"] {
            assert!(matches!(Leaf::read(pem), Err(LeafError::Unusable(_))), "{pem}");
        }
    }
}
