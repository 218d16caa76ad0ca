//! Making a request.

use const_oid::ObjectIdentifier;

use super::{CertificationRequest, WriteError};
use crate::certificate::Certificate;
use crate::extensions;
use crate::holder::Role;
use crate::issue::profile::{critical, extended_key_usage, plain, usage_for};
use crate::key::PublicKey;
use crate::name::Name;
use crate::oid;
use crate::signer::BareSigner;
use crate::tlv;

/// What a certificate is asked to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whom it shall speak of: [`crate::issue::Subject`] writes it in the NCA's order.
    pub subject: Name,
    /// The extended key usage, in its order: what for, then the roles.
    pub usages: Vec<ObjectIdentifier>,
    /// The address in subjectAltName.
    pub email: Option<String>,
}

impl Wanted {
    /// A person's certificate, for themselves where there are no roles, and else in an organisation. `purposes` are
    /// [`oid::EMAIL_PROTECTION`] for signing and [`oid::CLIENT_AUTH`] for logging in (kz-crypto 8.4).
    pub fn new(subject: Name, purposes: &[ObjectIdentifier], roles: &[Role], email: Option<String>) -> Self {
        let first = if roles.is_empty() { Role::Person } else { Role::Organisation };
        let roles = roles.iter().filter(|role| **role != Role::Organisation);
        let roles = [first].iter().chain(roles).map(Role::oid).collect::<Vec<_>>();
        Self { subject, usages: [purposes, &roles].concat(), email }
    }

    /// The same again for another key: subject, purposes and roles of a certificate. How its holder was identified is the
    /// authority's to say each time anew.
    pub fn again(certificate: &Certificate) -> Self {
        let said_by_authority = |usage: &ObjectIdentifier| {
            matches!(Role::from_oid(usage), Some(Role::IdentifiedInPerson | Role::IdentifiedRemotely))
        };
        let usages = certificate.extended_key_usage().iter().filter(|usage| !said_by_authority(usage));
        let email = certificate.extension(&oid::SUBJECT_ALT_NAME).and_then(|names| extensions::email(names.value));
        Self { subject: certificate.subject().clone(), usages: usages.copied().collect(), email }
    }

    /// SEQUENCE OF Extension: what for, the key usage of such a key (kz-crypto 8.3), the address.
    fn extensions(&self, key: &PublicKey) -> Result<Vec<u8>, WriteError> {
        let mut list = Vec::new();
        if !self.usages.is_empty() {
            list.extend(extended_key_usage(self.usages.iter().copied()));
        }
        list.extend(critical(oid::KEY_USAGE, &usage_for(&self.usages, key).to_der()));
        if let Some(email) = &self.email {
            if email.is_empty() || !email.bytes().all(|octet| octet.is_ascii_graphic()) {
                return Err(WriteError::Email);
            }
            let name = tlv::element(tlv::context_primitive(1), &[email.as_bytes()]);
            list.extend(plain(oid::SUBJECT_ALT_NAME, &tlv::element(tlv::SEQUENCE, &[&name])));
        }
        Ok(tlv::element(tlv::SEQUENCE, &[&list]))
    }
}

/// Makes a request for a certificate of `key`, signed by the same key, reads it back and checks its signature.
///
/// # Errors
/// [`WriteError`]; [`WriteError::Verify`] when `signer` is another key.
pub fn make(wanted: &Wanted, key: &PublicKey, signer: &dyn BareSigner) -> Result<CertificationRequest, WriteError> {
    let spki = key.to_spki_der().ok_or(WriteError::Key)?;
    let algorithm = signer.algorithm();
    let extensions = tlv::element(tlv::SET, &[&wanted.extensions(key)?]);
    let attribute = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::EXTENSION_REQUEST), &extensions]);
    let attributes = tlv::element(tlv::context(0), &[&attribute]);
    let info = tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 0], wanted.subject.der(), &spki, &attributes]);
    let signature = signer.sign(&info)?;
    let signature = tlv::element(tlv::BIT_STRING, &[&[0], &signature]);
    let request =
        CertificationRequest::from_der(&tlv::element(tlv::SEQUENCE, &[&info, &algorithm.to_der(), &signature]))?;
    request.verify()?;
    Ok(request)
}
