//! The extensions of each profile, in the order of the NCA's certificates of that kind as recorded in 2022
//! (authorities) and 2026 (persons, employees).

use const_oid::ObjectIdentifier;

use super::{Profile, Template};
use crate::extensions::KeyUsage;
use crate::holder::Role;
use crate::key::PublicKey;
use crate::name::Name;
use crate::oid;
use crate::serial::Serial;
use crate::tlv;

/// What authorityKeyIdentifier says about the issuer.
pub(super) struct Authority<'a> {
    pub(super) identifier: &'a [u8],
    pub(super) issuer: &'a Name,
    pub(super) serial: &'a Serial,
}

/// What the key of a certificate's holder may be used for.
pub(super) fn leaf_usage(template: &Template, key: &PublicKey) -> KeyUsage {
    let purposes = match &template.profile {
        Profile::Person { purposes } | Profile::Organisation { purposes, .. } => purposes.as_slice(),
        Profile::Root | Profile::Authority | Profile::TimeStamping | Profile::OcspResponder => &[],
    };
    usage_for(purposes, key)
}

/// What a person's key may be used for (kz-crypto 8.3): GOST-2015 keys for everything, keys of the older kinds for
/// signing or, where they have another purpose, for logging in.
pub(crate) fn usage_for(purposes: &[ObjectIdentifier], key: &PublicKey) -> KeyUsage {
    match key {
        PublicKey::Gost512(_) | PublicKey::Gost256(_) => {
            KeyUsage::DIGITAL_SIGNATURE.and(KeyUsage::NON_REPUDIATION).and(KeyUsage::KEY_AGREEMENT)
        }
        PublicKey::Rsa { .. } if !purposes.contains(&oid::EMAIL_PROTECTION) => {
            KeyUsage::DIGITAL_SIGNATURE.and(KeyUsage::KEY_ENCIPHERMENT)
        }
        _ => KeyUsage::DIGITAL_SIGNATURE.and(KeyUsage::NON_REPUDIATION),
    }
}

/// The concatenated extensions of a certificate with that key identifier.
pub(super) fn extensions(
    template: &Template,
    leaf_usage: KeyUsage,
    identifier: &[u8; 20],
    authority: &Authority<'_>,
) -> Vec<u8> {
    let urls = &template.urls;
    let ca_usage = KeyUsage::KEY_CERT_SIGN.and(KeyUsage::CRL_SIGN);
    let subject_identifier = || plain(oid::SUBJECT_KEY_IDENTIFIER, &tlv::element(tlv::OCTET_STRING, &[identifier]));
    let policy = |oid| policies(oid, urls.cps.as_deref());
    let parts: Vec<Option<Vec<u8>>> = match &template.profile {
        Profile::Root | Profile::Authority => {
            let root = template.profile == Profile::Root;
            let yes = tlv::element(tlv::SEQUENCE, &[&[tlv::BOOLEAN, 1, 0xff]]);
            vec![
                Some(critical(oid::BASIC_CONSTRAINTS, &yes)),
                Some(critical(oid::KEY_USAGE, &ca_usage.to_der())),
                urls.crl.as_deref().map(|url| distribution_point(oid::CRL_DISTRIBUTION_POINTS, url)),
                Some(subject_identifier()),
                Some(full_authority_key_identifier(authority)),
                access(None, urls.ca_certificate.as_deref()),
                Some(policy(if root { oid::POLICY_ROOT } else { oid::POLICY_NCA })),
            ]
        }
        Profile::Person { purposes } => {
            let purposes = purposes.iter().copied().chain([Role::Person.oid()]);
            vec![
                Some(policy(oid::POLICY_NCA)),
                access(urls.ocsp.as_deref(), urls.ca_certificate.as_deref()),
                urls.crl.as_deref().map(|url| distribution_point(oid::CRL_DISTRIBUTION_POINTS, url)),
                urls.delta_crl.as_deref().map(|url| distribution_point(oid::FRESHEST_CRL, url)),
                Some(extended_key_usage(purposes)),
                Some(critical(oid::KEY_USAGE, &leaf_usage.to_der())),
                Some(subject_identifier()),
                Some(authority_key_identifier(authority)),
                Some(key_storage()),
            ]
        }
        Profile::Organisation { purposes, roles } => {
            let roles = [Role::Organisation].into_iter().chain(roles.iter().copied());
            let purposes = purposes.iter().copied().chain(roles.map(|role| role.oid()));
            vec![
                Some(extended_key_usage(purposes)),
                Some(policy(oid::POLICY_NCA)),
                access(urls.ocsp.as_deref(), urls.ca_certificate.as_deref()),
                urls.crl.as_deref().map(|url| distribution_point(oid::CRL_DISTRIBUTION_POINTS, url)),
                urls.delta_crl.as_deref().map(|url| distribution_point(oid::FRESHEST_CRL, url)),
                Some(critical(oid::KEY_USAGE, &leaf_usage.to_der())),
                Some(subject_identifier()),
                Some(authority_key_identifier(authority)),
                Some(key_storage()),
            ]
        }
        // As in the production certificate of 2025.
        Profile::TimeStamping => {
            let purpose = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::TIME_STAMPING)]);
            vec![
                Some(critical(oid::EXTENDED_KEY_USAGE, &purpose)),
                Some(policy(oid::POLICY_TSA)),
                access(urls.ocsp.as_deref(), urls.ca_certificate.as_deref()),
                urls.crl.as_deref().map(|url| distribution_point(oid::CRL_DISTRIBUTION_POINTS, url)),
                urls.delta_crl.as_deref().map(|url| distribution_point(oid::FRESHEST_CRL, url)),
                Some(critical(oid::KEY_USAGE, &KeyUsage::DIGITAL_SIGNATURE.to_der())),
                Some(subject_identifier()),
                Some(authority_key_identifier(authority)),
                Some(key_storage()),
            ]
        }
        // As in the certificate of the test responder of 2022.
        Profile::OcspResponder => vec![
            Some(plain(oid::KEY_USAGE, &KeyUsage::DIGITAL_SIGNATURE.to_der())),
            Some(plain(oid::OCSP_NO_CHECK, &[tlv::NULL, 0])),
            Some(extended_key_usage([oid::OCSP_SIGNING].into_iter())),
            Some(subject_identifier()),
            Some(authority_key_identifier(authority)),
            Some(key_storage()),
        ],
    };
    parts.into_iter().flatten().flatten().collect()
}

pub(crate) fn plain(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tlv::OCTET_STRING, &[value])])
}

pub(crate) fn critical(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    let value = tlv::element(tlv::OCTET_STRING, &[value]);
    tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &[tlv::BOOLEAN, 1, 0xff], &value])
}

/// GeneralName uniformResourceIdentifier.
fn uri(url: &str) -> Vec<u8> {
    tlv::element(tlv::context_primitive(6), &[url.as_bytes()])
}

fn policies(policy: ObjectIdentifier, cps: Option<&str>) -> Vec<u8> {
    let qualifiers = cps.map(|cps| {
        let qualifier = [tlv::oid(&oid::QUALIFIER_CPS), tlv::element(tlv::IA5_STRING, &[cps.as_bytes()])].concat();
        tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&qualifier])])
    });
    let information = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&policy), &qualifiers.unwrap_or_default()]);
    plain(oid::CERTIFICATE_POLICIES, &tlv::element(tlv::SEQUENCE, &[&information]))
}

fn access(ocsp: Option<&str>, ca_certificate: Option<&str>) -> Option<Vec<u8>> {
    let description = |method, url| tlv::element(tlv::SEQUENCE, &[&tlv::oid(&method), &uri(url)]);
    let descriptions: Vec<u8> = [
        ocsp.map(|url| description(oid::ACCESS_OCSP, url)),
        ca_certificate.map(|url| description(oid::ACCESS_CA_ISSUERS, url)),
    ]
    .into_iter()
    .flatten()
    .flatten()
    .collect();
    (!descriptions.is_empty())
        .then(|| plain(oid::AUTHORITY_INFO_ACCESS, &tlv::element(tlv::SEQUENCE, &[&descriptions])))
}

/// CRLDistributionPoints with one fullName; freshestCRL has the same syntax.
fn distribution_point(extension: ObjectIdentifier, url: &str) -> Vec<u8> {
    let full_name = tlv::element(tlv::context(0), &[&uri(url)]);
    let point = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::context(0), &[&full_name])]);
    plain(extension, &tlv::element(tlv::SEQUENCE, &[&point]))
}

pub(crate) fn extended_key_usage(purposes: impl Iterator<Item = ObjectIdentifier>) -> Vec<u8> {
    let purposes: Vec<u8> = purposes.flat_map(|purpose| tlv::oid(&purpose)).collect();
    plain(oid::EXTENDED_KEY_USAGE, &tlv::element(tlv::SEQUENCE, &[&purposes]))
}

fn authority_key_identifier(authority: &Authority<'_>) -> Vec<u8> {
    let identifier = tlv::element(tlv::context_primitive(0), &[authority.identifier]);
    plain(oid::AUTHORITY_KEY_IDENTIFIER, &tlv::element(tlv::SEQUENCE, &[&identifier]))
}

/// Authorities name their issuer's certificate as well: its issuer and serial number.
fn full_authority_key_identifier(authority: &Authority<'_>) -> Vec<u8> {
    let identifier = tlv::element(tlv::context_primitive(0), &[authority.identifier]);
    let directory_name = tlv::element(tlv::context(4), &[authority.issuer.der()]);
    let issuer = tlv::element(tlv::context(1), &[&directory_name]);
    let serial = tlv::element(tlv::context_primitive(2), &[authority.serial.bytes()]);
    plain(oid::AUTHORITY_KEY_IDENTIFIER, &tlv::element(tlv::SEQUENCE, &[&identifier, &issuer, &serial]))
}

/// The key lives in a PKCS#12 file (kz-crypto 5.6).
fn key_storage() -> Vec<u8> {
    plain(oid::KEY_STORAGE, &tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::STORAGE_PKCS12)]))
}
