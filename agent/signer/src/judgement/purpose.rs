//! What a certificate's key is for (kz-crypto 8.3).

use pki::{Certificate, KeyUsage, ObjectIdentifier, oid};

/// The roles that the NCA writes beside the purposes, and alone into the certificates of information systems.
const NCA_ROLES: &str = "1.2.398.";

/// The key may make signatures at all, and is not a service's: a time stamp or an OCSP answer is no document.
pub(super) fn may_sign(certificate: &Certificate) -> bool {
    let usage = certificate
        .key_usage()
        .is_none_or(|usage| usage.contains(KeyUsage::DIGITAL_SIGNATURE) || usage.contains(KeyUsage::NON_REPUDIATION));
    let is_service = |purpose: &ObjectIdentifier| [oid::TIME_STAMPING, oid::OCSP_SIGNING].contains(purpose);
    usage && !certificate.extended_key_usage().iter().any(is_service)
}

/// The key is for signing documents. One for logging in signs whatever a site shows it, which may be a contract.
pub(super) fn is_for_signing(certificate: &Certificate) -> bool {
    let purposes = certificate.extended_key_usage();
    purposes.contains(&oid::EMAIL_PROTECTION)
        || purposes.iter().all(|purpose| purpose.to_string().starts_with(NCA_ROLES))
}
