//! Which keys may answer a request, and why another may not.
//!
//! A key that does not fit is shown all the same, disabled and with its reasons: a person who sees their key and why it
//! is refused knows what to do; a person whose key has vanished does not.

use crate::{life::blocked::Blocked, window::Reason};
use order::{Chain, KeyFilter, KeyUse};
use pki::{
    Certificate, PublicKey, Timestamp, Validity,
    trust::{Anchors, Environment, Standing, find_path, judge},
};

/// `emailProtection`, the NCA's usage for signing (kz-crypto 8.4).
const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
/// `clientAuth`, the NCA's usage for authentication.
pub(crate) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// The arc of the roles that the NCA writes into certificates (kz-crypto 5.5).
const NCA_ROLES: &str = "1.2.398.";
/// Information systems of a legal entity: the registered children of this role match by prefix (kz-crypto 8.4).
const INFORMATION_SYSTEM: &str = "1.2.398.3.3.4.1.2.6";

/// What stands behind a judgement: who is believed, and what time it is.
#[derive(Clone, Debug)]
pub struct Measure {
    /// The authorities that count.
    pub anchors: Anchors,
    /// Whether test authorities count too.
    pub test_environment: bool,
    /// The moment of judgement.
    pub now: Timestamp,
    /// The keys that were lost or stolen, and sign nothing.
    pub blocked: Blocked,
}

/// Whether a certificate comes from a test authority, and therefore says TEST wherever it is shown.
#[must_use]
pub fn is_test(certificate: &Certificate, measure: &Measure) -> bool {
    matches!(judge(certificate, &[], &measure.anchors), Standing::Test(_))
}

/// Whether its key is of one of the GOST algorithms, which no browser knows.
#[must_use]
pub(crate) fn is_gost(certificate: &Certificate) -> bool {
    matches!(certificate.public_key(), PublicKey::Gost512(_) | PublicKey::Gost256(_) | PublicKey::Gost2004(_))
}

/// Every reason why this certificate's key does not answer the request; none means that it fits.
#[must_use]
pub fn reasons_against(certificate: &Certificate, filter: &KeyFilter, measure: &Measure) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if measure.blocked.has(certificate) {
        reasons.push(Reason::Blocked);
    }
    match certificate.validity_at(measure.now) {
        Validity::Current => {}
        Validity::Expired if filter.allow_expired => {}
        Validity::Expired => reasons.push(Reason::Expired),
        Validity::NotYet => reasons.push(Reason::NotYetValid),
    }
    let usages: Vec<String> = certificate.extended_key_usage().iter().map(ToString::to_string).collect();
    let has = |wanted: &str| has_usage(&usages, wanted);
    let for_use = match filter.key_use {
        None => true,
        Some(KeyUse::Signature) => has(EMAIL_PROTECTION),
        Some(KeyUse::Authentication) => has(CLIENT_AUTH),
    };
    let (roles, purposes): (Vec<_>, Vec<_>) =
        filter.extended_key_usage.iter().partition(|oid| oid.starts_with(NCA_ROLES));
    if !for_use || !purposes.iter().all(|wanted| has(wanted)) {
        reasons.push(Reason::WrongUse);
    }
    if !roles.iter().all(|wanted| has(wanted)) {
        reasons.push(Reason::WrongRole);
    }
    let holder = certificate.holder();
    if let Some(iin) = &filter.iin
        && holder.iin.as_ref().map(|own| own.as_str()) != Some(iin)
    {
        reasons.push(Reason::NotThisPerson);
    }
    if let Some(bin) = &filter.bin
        && holder.bin.as_ref().map(|own| own.as_str()) != Some(bin)
    {
        reasons.push(Reason::NotThisOrganisation);
    }
    if let Some(serial) = &filter.serial_number
        && !is_serial(certificate, serial)
    {
        reasons.push(Reason::OtherSerial);
    }
    let named: Vec<Certificate> = match &filter.chain {
        Chain::These(authorities) => authorities.iter().filter_map(|one| named_authority(one)).collect(),
        Chain::Nca | Chain::Any => Vec::new(),
    };
    // The page's own certificates may lead to a test authority, which then counts as one.
    match judge(certificate, &named, &measure.anchors) {
        Standing::Production(_) => {}
        // Also where the page does not care who issued the key: what a test key signs looks like a signature and is none.
        Standing::Test(_) if measure.test_environment => {}
        Standing::Test(_) => reasons.push(Reason::TestKey),
        Standing::Unknown if filter.chain == Chain::Nca => reasons.push(Reason::IssuerUnknown),
        Standing::Unknown => {}
    }
    if matches!(filter.chain, Chain::These(_)) && !is_below(certificate, &named) {
        reasons.push(Reason::IssuerUnknown);
    }
    if certificate.public_key().signature_algorithm().is_none() {
        reasons.push(Reason::AlgorithmNotYet);
    }
    reasons
}

/// Whether a certificate comes from one of the authorities that a page names.
fn is_below(certificate: &Certificate, authorities: &[Certificate]) -> bool {
    let mut anchors = Anchors::none();
    for authority in authorities {
        anchors.add(authority, Environment::Production);
    }
    find_path(certificate, authorities, &anchors).is_ok()
}

/// A certificate as pages write it: PEM, or its base64 alone.
pub(crate) fn named_authority(text: &str) -> Option<Certificate> {
    if let Ok(certificate) = Certificate::from_pem_or_der(text.as_bytes()) {
        return Some(certificate);
    }
    Certificate::from_der(&pki::pem::decode_base64(text.as_bytes()).ok()?).ok()
}

fn has_usage(own: &[String], wanted: &str) -> bool {
    own.iter().any(|oid| {
        oid == wanted
            || (wanted == INFORMATION_SYSTEM
                && oid.strip_prefix(INFORMATION_SYSTEM).is_some_and(|rest| rest.starts_with('.')))
    })
}

/// The page's number, read as decimal and as hexadecimal: the original's radix is not known.
fn is_serial(certificate: &Certificate, wanted: &str) -> bool {
    let wanted = wanted.trim();
    let hex = wanted.trim_start_matches("0x").trim_start_matches('0').to_ascii_lowercase();
    let serial = certificate.serial();
    serial.to_decimal() == wanted.trim_start_matches('0') || serial.to_hex() == hex
}
