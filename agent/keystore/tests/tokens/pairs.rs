//! Keys with their certificates.

use std::sync::OnceLock;

use pki::{
    Certificate, PublicKey, Timestamp,
    issue::{Issuer, Template, Urls, issue},
    name::NameBuilder,
    oid,
};
use tanba_keystore::{IssuingKey, NewKey, OsEntropy, PrivateKey};

/// A key with a certificate.
pub struct Pair {
    pub key: PrivateKey,
    pub certificate: Certificate,
}

/// The key of most tests.
pub fn gost() -> &'static Pair {
    static PAIR: OnceLock<Pair> = OnceLock::new();
    PAIR.get_or_init(|| pair(NewKey::Gost512))
}

pub fn pair(kind: NewKey) -> Pair {
    let key = PrivateKey::generate(kind, &OsEntropy).unwrap();
    let certificate = certificate_for(&key.public_key().unwrap());
    Pair { key, certificate }
}

/// A certificate as an authority gives it for a request.
pub fn certificate_for(public_key: &PublicKey) -> Certificate {
    let now = Timestamp::from_utc(2026, 11, 27, 9, 0, 0).unwrap();
    let name = |text: &str| NameBuilder::new().with(oid::COMMON_NAME, text).with(oid::COUNTRY, "KZ").build().unwrap();
    let authority = PrivateKey::generate_gost512(&OsEntropy).unwrap();
    let root = Template::root(name("ТЕСТ НУЦ"), now, now.plus_days(1), Urls::default());
    let issuing = IssuingKey::new(&authority, &OsEntropy).unwrap();
    let certificate = issue(&root, Issuer::Itself(&issuing), &authority.public_key().unwrap()).unwrap();
    let template = Template::person(name("ТЕСТОВ ТЕСТ"), now, now.plus_days(1), Urls::default());
    issue(&template, Issuer::Authority { certificate: &certificate, signer: &issuing }, public_key).unwrap()
}
