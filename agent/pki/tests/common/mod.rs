//! What the integration tests share: keys out of a counter, and the NCA's test material where it is.
#![allow(dead_code, unreachable_pub)]

use std::path::PathBuf;

use gost::gost512::SecretKey;
use pki::BareSigner;
use pki::issue::{Issuer, Subject, Template, Urls, issue};
use pki::{Bin, Certificate, Iin, NameBuilder, PublicKey, SignatureAlgorithm, SignerError, Timestamp, oid};

/// A reproducible key; `number` from 1.
pub struct Key(SecretKey);

impl Key {
    pub fn new(number: u8) -> Self {
        Self(SecretKey::from_le_bytes(&[number; 64]).unwrap())
    }

    pub fn public(&self) -> PublicKey {
        PublicKey::Gost512(self.0.public_key())
    }
}

impl BareSigner for Key {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Gost512
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        let digest = digest.try_into().map_err(|_| SignerError::DigestLength { expected: 64, found: digest.len() })?;
        Ok(self.0.sign_digest(digest, &[0; 32]).to_vec())
    }
}

pub fn day(days: i64) -> Timestamp {
    Timestamp::from_utc(2026, 1, 1, 0, 0, 0).unwrap().plus_days(days)
}

pub fn authority_name(label: &str) -> pki::Name {
    NameBuilder::new().with(oid::COMMON_NAME, label).with(oid::COUNTRY, "KZ").build().unwrap()
}

pub fn subject() -> Subject {
    Subject {
        common_name: "ҮЛГІЛІ ҮМІТ".to_owned(),
        surname: "ҮЛГІЛІ".to_owned(),
        iin: Iin::new("000000000001").unwrap(),
        organisation: Some(("ЖШС \"Үлгі\"".to_owned(), Bin::new("000000000002").unwrap())),
        given: Some("ҮЛГІҰЛЫ".to_owned()),
        email: Some("umit@example.kz".to_owned()),
    }
}

pub fn root(key: &Key) -> Certificate {
    let template = Template::root(authority_name("ROOT"), day(0), day(3650), Urls::default());
    issue(&template, Issuer::Itself(key), &key.public()).unwrap()
}

pub fn authority(label: &str, above: &Certificate, above_key: &Key, key: &Key) -> Certificate {
    let template = Template::authority(authority_name(label), day(0), day(3000), Urls::default());
    issue(&template, Issuer::Authority { certificate: above, signer: above_key }, &key.public()).unwrap()
}

pub fn employee(above: &Certificate, above_key: &Key, key: &Key) -> Certificate {
    let template = Template::employee(subject().to_name().unwrap(), day(0), day(365), Urls::default());
    issue(&template, Issuer::Authority { certificate: above, signer: above_key }, &key.public()).unwrap()
}

/// `shared/fixtures/nca`, or `None` after saying that it is not here.
pub fn nca() -> Option<PathBuf> {
    nca_material::shared().map(|shared| shared.join("fixtures/nca"))
}

pub fn certificate(path: PathBuf) -> Certificate {
    Certificate::from_pem_or_der(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}
