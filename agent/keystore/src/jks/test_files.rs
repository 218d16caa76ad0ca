//! Stores of every shape, made for the tests of this module.

use const_oid::ObjectIdentifier;
use pki::tlv::{self, element};
use sha1::{Digest, Sha1};

use super::protection;
use crate::Password;

pub(super) const PROTECTOR: &str = "1.3.6.1.4.1.42.2.17.1.1";

/// An entry with its number of kind, alias and date.
fn entry(kind: u32, alias: &[u8], rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(alias.len()).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &length, alias, &1_700_000_000_000_u64.to_be_bytes(), rest].concat()
}

fn counted(octets: &[u8]) -> Vec<u8> {
    [&u32::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
}

/// A certificate of version 2.
pub(super) fn certificate(der: &[u8]) -> Vec<u8> {
    [b"\0\x05X.509", counted(der).as_slice()].concat()
}

/// A key with these certificates; `sealed` is its EncryptedPrivateKeyInfo.
pub(super) fn key_entry(alias: &str, sealed: &[u8], chain: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(chain.len()).unwrap().to_be_bytes();
    entry(1, alias.as_bytes(), &[counted(sealed).as_slice(), &count, &chain.concat()].concat())
}

pub(super) fn trusted_entry(alias: &str, certificate: &[u8]) -> Vec<u8> {
    entry(2, alias.as_bytes(), certificate)
}

pub(super) fn other_entry(kind: u32) -> Vec<u8> {
    entry(kind, b"other", &[])
}

/// An EncryptedPrivateKeyInfo of this algorithm around these octets.
pub(super) fn encrypted(oid: &str, octets: &[u8]) -> Vec<u8> {
    let oid = tlv::oid(&ObjectIdentifier::new_unwrap(oid));
    let algorithm = element(tlv::SEQUENCE, &[&oid, &[tlv::NULL, 0]]);
    element(tlv::SEQUENCE, &[&algorithm, &element(tlv::OCTET_STRING, &[octets])])
}

/// Enciphers a PrivateKeyInfo.
pub(super) fn sealed(info: &[u8], password: &Password) -> Vec<u8> {
    let password = password.to_utf16();
    let salt = [0x5a; 20];
    let (mut ciphertext, mut value) = (Vec::new(), salt.to_vec());
    for chunk in info.chunks(20) {
        value = Sha1::new().chain_update(&*password).chain_update(&value).finalize().to_vec();
        ciphertext.extend(chunk.iter().zip(&value).map(|(octet, key)| octet ^ key));
    }
    let check = Sha1::new().chain_update(&*password).chain_update(info).finalize();
    encrypted(PROTECTOR, &[&salt[..], &ciphertext, &check].concat())
}

/// A store of version 2 that states `count` entries.
pub(super) fn store_of(count: u32, entries: &[Vec<u8>], password: &Password) -> Vec<u8> {
    store_with(2, count, entries, password)
}

pub(super) fn store(entries: &[Vec<u8>], password: &Password) -> Vec<u8> {
    store_of(u32::try_from(entries.len()).unwrap(), entries, password)
}

pub(super) fn store_with(version: u32, count: u32, entries: &[Vec<u8>], password: &Password) -> Vec<u8> {
    let numbers = [super::MAGIC, version.to_be_bytes(), count.to_be_bytes()].concat();
    let covered = [numbers, entries.concat()].concat();
    let digest = protection::digest(password, &covered);
    [covered.as_slice(), &digest].concat()
}
