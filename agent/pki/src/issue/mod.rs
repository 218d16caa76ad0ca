//! Writing certificates in the NCA's GOST-2015 profile of 2023 and later (kz-crypto 8), whatever the keys; those of the
//! older kinds have the older key usages.
//!
//! For the test authority and the demo key: a certificate that comes out of here has the NCA's attribute order, string
//! types, extensions and their order, so that whatever reads the one reads the other. Nothing here makes a certificate
//! trusted; trust is a matter of [`crate::trust`].

pub(crate) mod profile;

use const_oid::ObjectIdentifier;

use self::profile::{Authority, extensions};
use crate::certificate::{Certificate, CertificateError};
use crate::holder::{Bin, Iin, Role};
use crate::key::{PublicKey, VerifyError};
use crate::name::{Name, NameBuilder};
use crate::oid;
use crate::serial::Serial;
use crate::signer::{BareSigner, SignerError};
use crate::time::Timestamp;
use crate::tlv::{self, DerError};

/// Who issues.
#[derive(Clone, Copy)]
pub enum Issuer<'a> {
    /// The subject itself: a root.
    Itself(&'a dyn BareSigner),
    /// An authority with a certificate.
    Authority {
        /// The authority's certificate.
        certificate: &'a Certificate,
        /// Its key.
        signer: &'a dyn BareSigner,
    },
}

/// The subject of a person's or an employee's certificate (kz-crypto 8.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// CN: surname and name.
    pub common_name: String,
    /// SURNAME.
    pub surname: String,
    /// The person's number, SERIALNUMBER.
    pub iin: Iin,
    /// The organisation's name and number, O and OU.
    pub organisation: Option<(String, Bin)>,
    /// The patronymic, GIVENNAME.
    pub given: Option<String>,
    /// E.
    pub email: Option<String>,
}

impl Subject {
    /// CN, SURNAME, SERIALNUMBER, C=KZ, O, OU, GIVENNAME, E in this order.
    pub fn to_name(&self) -> Result<Name, DerError> {
        let mut name = NameBuilder::new()
            .with(oid::COMMON_NAME, &self.common_name)
            .with(oid::SURNAME, &self.surname)
            .with(oid::SERIAL_NUMBER, &self.iin.to_attribute())
            .with(oid::COUNTRY, "KZ");
        if let Some((organisation, bin)) = &self.organisation {
            name = name.with(oid::ORGANISATION, organisation).with(oid::ORGANISATIONAL_UNIT, &bin.to_attribute());
        }
        if let Some(given) = &self.given {
            name = name.with(oid::GIVEN_NAME, given);
        }
        if let Some(email) = &self.email {
            name = name.with(oid::EMAIL, email);
        }
        name.build()
    }
}

/// Where the issuer's services are. What is `None` is left out of the certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urls {
    /// OCSP responder.
    pub ocsp: Option<String>,
    /// The issuer's certificate.
    pub ca_certificate: Option<String>,
    /// The CRL.
    pub crl: Option<String>,
    /// The delta CRL.
    pub delta_crl: Option<String>,
    /// The practice statement.
    pub cps: Option<String>,
}

/// Which of the NCA's profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// A self-signed root.
    Root,
    /// An authority below a root.
    Authority,
    /// A person for themselves.
    Person {
        /// `emailProtection`, `clientAuth`, and so on: standard purposes, before the role.
        purposes: Vec<ObjectIdentifier>,
    },
    /// A person in an organisation.
    Organisation {
        /// Standard purposes, before the roles.
        purposes: Vec<ObjectIdentifier>,
        /// Roles after [`Role::Organisation`], which is always written.
        roles: Vec<Role>,
    },
    /// A time-stamp service.
    TimeStamping,
    /// An OCSP responder.
    OcspResponder,
}

/// What a certificate shall say.
#[derive(Clone, Debug)]
pub struct Template {
    /// Whom it speaks of.
    pub subject: Name,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
    /// The profile.
    pub profile: Profile,
    /// The issuer's services.
    pub urls: Urls,
    /// `None`: made from the key identifier as the NCA does (kz-crypto 8.1).
    pub serial: Option<Serial>,
}

impl Template {
    /// A root. It names no services but its practice statement.
    pub fn root(subject: Name, not_before: Timestamp, not_after: Timestamp, urls: Urls) -> Self {
        Self { subject, not_before, not_after, profile: Profile::Root, urls, serial: None }
    }

    /// An authority below a root.
    pub fn authority(subject: Name, not_before: Timestamp, not_after: Timestamp, urls: Urls) -> Self {
        Self { subject, not_before, not_after, profile: Profile::Authority, urls, serial: None }
    }

    /// A person's signature key.
    pub fn person(subject: Name, not_before: Timestamp, not_after: Timestamp, urls: Urls) -> Self {
        let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
        Self { subject, not_before, not_after, profile, urls, serial: None }
    }

    /// The signature key of an organisation's first head.
    pub fn head(subject: Name, not_before: Timestamp, not_after: Timestamp, urls: Urls) -> Self {
        let profile = Profile::Organisation { purposes: vec![oid::EMAIL_PROTECTION], roles: vec![Role::Head] };
        Self { subject, not_before, not_after, profile, urls, serial: None }
    }

    /// The signature key of an organisation's employee.
    pub fn employee(subject: Name, not_before: Timestamp, not_after: Timestamp, urls: Urls) -> Self {
        let profile = Profile::Organisation { purposes: vec![oid::EMAIL_PROTECTION], roles: vec![Role::Employee] };
        Self { subject, not_before, not_after, profile, urls, serial: None }
    }
}

/// Why no certificate was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// A key of an algorithm that is not known here.
    #[error("certificates are written for keys of known algorithms only")]
    Key,
    /// A root with another issuer, or something that is not a root and issues itself.
    #[error("a root, and nothing but a root, issues itself")]
    SelfIssued,
    /// The issuer's certificate has no subject key identifier.
    #[error("the issuer's certificate has no subject key identifier")]
    IssuerKeyIdentifier,
    /// The issuer's algorithm is not known.
    #[error("the issuer's signature algorithm is not known")]
    Algorithm,
    /// The issuer's key did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// What was made does not read back, for example because a name has a character that its string type has not.
    #[error("what was made is no certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// The signature does not fit the issuer's certificate.
    #[error("the issuer's key does not fit its certificate: {0}")]
    Verify(#[from] VerifyError),
}

/// Makes a certificate, reads it back and checks its signature.
pub fn issue(template: &Template, issuer: Issuer<'_>, subject_key: &PublicKey) -> Result<Certificate, IssueError> {
    let (signer, issuer_key) = match issuer {
        Issuer::Itself(signer) => (signer, subject_key),
        Issuer::Authority { certificate, signer } => (signer, certificate.public_key()),
    };
    let algorithm = signer.algorithm();
    algorithm.digest_algorithm().ok_or(IssueError::Algorithm)?;
    let tbs = tbs(template, issuer, subject_key)?;
    let signature = signer.sign(&tbs)?;
    let der =
        tlv::element(tlv::SEQUENCE, &[&tbs, &algorithm.to_der(), &tlv::element(tlv::BIT_STRING, &[&[0], &signature])]);
    let certificate = Certificate::from_der(&der)?;
    certificate.verify_signature(issuer_key)?;
    Ok(certificate)
}

/// The NCA's serial number: the key identifier with its top bits forced into 10–7f, so that it is positive and has
/// 20 octets (kz-crypto 8.1).
pub fn serial_from_key_identifier(identifier: &[u8; 20]) -> Serial {
    let mut number = *identifier;
    if let Some(first) = number.first_mut() {
        *first &= 0x7f;
        if *first < 0x10 {
            *first |= 0x10;
        }
    }
    Serial::from_array(number)
}

fn tbs(template: &Template, issuer: Issuer<'_>, subject_key: &PublicKey) -> Result<Vec<u8>, IssueError> {
    let identifier = subject_key.key_identifier().ok_or(IssueError::Key)?;
    let spki = subject_key.to_spki_der().ok_or(IssueError::Key)?;
    let serial = template.serial.clone().unwrap_or_else(|| serial_from_key_identifier(&identifier));
    let (algorithm, issuer_name, authority) = match issuer {
        Issuer::Itself(signer) => {
            let own = Authority { identifier: &identifier, issuer: &template.subject, serial: &serial };
            (signer.algorithm(), &template.subject, own)
        }
        Issuer::Authority { certificate, signer } => {
            let identifier = certificate.subject_key_identifier().ok_or(IssueError::IssuerKeyIdentifier)?;
            let above = Authority { identifier, issuer: certificate.issuer(), serial: certificate.serial() };
            (signer.algorithm(), certificate.subject(), above)
        }
    };
    if matches!(issuer, Issuer::Itself(_)) != (template.profile == Profile::Root) {
        return Err(IssueError::SelfIssued);
    }
    let validity = tlv::element(tlv::SEQUENCE, &[&template.not_before.to_der(), &template.not_after.to_der()]);
    let usage = profile::leaf_usage(template, subject_key);
    let extensions = tlv::element(tlv::SEQUENCE, &[&extensions(template, usage, &identifier, &authority)]);
    Ok(tlv::element(
        tlv::SEQUENCE,
        &[
            &tlv::element(tlv::context(0), &[&[tlv::INTEGER, 1, 2]]),
            &tlv::element(tlv::INTEGER, &[serial.bytes()]),
            &algorithm.to_der(),
            issuer_name.der(),
            &validity,
            template.subject.der(),
            &spki,
            &tlv::element(tlv::context(3), &[&extensions]),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::SignatureAlgorithm;

    /// The signed part does not depend on the signer's key.
    struct Named;

    impl BareSigner for Named {
        fn algorithm(&self) -> SignatureAlgorithm {
            SignatureAlgorithm::Gost512
        }

        fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            Err(SignerError::Gone)
        }
    }

    fn urls(crl: Option<&str>, ca_certificate: Option<&str>, cps: &str) -> Urls {
        Urls {
            crl: crl.map(str::to_owned),
            ca_certificate: ca_certificate.map(str::to_owned),
            cps: Some(cps.to_owned()),
            ..Urls::default()
        }
    }

    /// `shared/fixtures/nca`, or `None` after saying that it is not here.
    fn nca() -> Option<std::path::PathBuf> {
        nca_material::shared().map(|shared| shared.join("fixtures/nca"))
    }

    #[test]
    fn what_is_signed_is_what_the_nca_signs() {
        let Some(nca) = nca() else { return };
        let read = |file: &str| Certificate::from_der(&std::fs::read(nca.join("ca").join(file)).unwrap()).unwrap();
        let (root, issuing) = (read("root_test_gost_2022.cer"), read("nca_gost2022_test.cer"));

        let again = Template::root(
            root.subject().clone(),
            root.not_before(),
            root.not_after(),
            urls(None, None, "http://root.gov.kz/cps"),
        );
        assert_eq!(tbs(&again, Issuer::Itself(&Named), root.public_key()).unwrap(), root.tbs());

        let again = Template::authority(
            issuing.subject().clone(),
            issuing.not_before(),
            issuing.not_after(),
            urls(
                Some("http://crl.root.gov.kz/gost_test_2022.crl"),
                Some("http://root.gov.kz/cert/root_test_gost_2022.cer"),
                // The space is the NCA's.
                " http://pki.gov.kz/cps",
            ),
        );
        let issuer = Issuer::Authority { certificate: &root, signer: &Named };
        assert_eq!(tbs(&again, issuer, issuing.public_key()).unwrap(), issuing.tbs());

        // The signer's certificate stands at byte 149 of the signed file.
        let cms = std::fs::read(nca.join("cms/gost512-attached-production-timestamp.der")).unwrap();
        let person = Certificate::from_der(tlv::Reader::at(&cms[149..], 149).read().unwrap().raw()).unwrap();
        let subject = Subject {
            common_name: "ТЕСТОВ ТЕСТ".to_owned(),
            surname: "ТЕСТОВ".to_owned(),
            iin: Iin::new("123456789011").unwrap(),
            organisation: None,
            given: Some("ТЕСТОВИЧ".to_owned()),
            email: None,
        };
        let services = Urls {
            ocsp: Some("http://test.pki.gov.kz/ocsp/".to_owned()),
            delta_crl: Some("http://test.pki.gov.kz/crl/nca_gost2022_d_test.crl".to_owned()),
            ..urls(
                Some("http://test.pki.gov.kz/crl/nca_gost2022_test.crl"),
                Some("http://test.pki.gov.kz/cert/nca_gost2022_test.cer"),
                "http://pki.gov.kz/cps",
            )
        };
        let again = Template::person(subject.to_name().unwrap(), person.not_before(), person.not_after(), services);
        let issuer = Issuer::Authority { certificate: &issuing, signer: &Named };
        assert_eq!(tbs(&again, issuer, person.public_key()).unwrap(), person.tbs());
    }
}
