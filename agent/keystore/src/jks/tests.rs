//! Stores that are right. Those of Java's own making are in `tests/jks.rs`.

use super::{test_files::*, *};
use crate::pkcs12::test_files::{key, password};

const TEXT: &str = "Құпия-сөз1 𝄞";

fn own_entry(number: u64, text: &str) -> Vec<u8> {
    let (own, own_certificate) = key(number);
    let (_, authority) = key(9);
    let sealed = sealed(&own.to_pkcs8(), &password(text));
    key_entry(&format!("key {number}"), &sealed, &[certificate(own_certificate.der()), certificate(authority.der())])
}

#[test]
fn keys_come_with_their_chains_and_a_shared_authority_once() {
    let (_, friend) = key(5);
    let entries = [own_entry(1, TEXT), trusted_entry("friend", &certificate(friend.der())), own_entry(2, TEXT)];
    let contents = open(&store(&entries, &password(TEXT)), &password(TEXT)).unwrap();
    let named: Vec<_> = contents.entries.iter().map(|entry| entry.alias.as_str()).collect();
    assert_eq!(named, ["key 1", "key 2"]);
    assert!(contents.entries.iter().all(|entry| entry.signer().is_ok() && entry.local_key_id.is_none()));
    assert_eq!(contents.certificates, [key(9).1, friend]);
    assert!(contents.skipped.is_empty());
}

#[test]
fn the_first_version_has_certificates_without_a_type() {
    let (own, own_certificate) = key(1);
    let untyped = certificate(own_certificate.der())[7..].to_vec();
    let entries = [key_entry("old", &sealed(&own.to_pkcs8(), &password(TEXT)), &[untyped])];
    let contents = open(&store_with(1, 1, &entries, &password(TEXT)), &password(TEXT)).unwrap();
    assert_eq!(contents.entries[0].certificate.as_ref(), Some(&own_certificate));
}

#[test]
fn certificates_that_cannot_be_read_are_passed_over() {
    let (own, own_certificate) = key(1);
    let sealed = sealed(&own.to_pkcs8(), &password(""));
    let pgp = [b"\0\x03PGP", &certificate(own_certificate.der())[7..]].concat();
    let chain = [certificate(own_certificate.der()), certificate(b"none"), pgp];
    let contents = open(&store(&[key_entry("a", &sealed, &chain)], &password("")), &password("")).unwrap();
    assert_eq!(contents.skipped, [Skipped::Certificate, Skipped::Certificate]);
    assert!(contents.entries[0].certificate.is_some());
}

#[test]
fn a_wrong_password_of_the_store_and_one_of_the_key_are_told_apart() {
    let made = store(&[own_entry(1, "the key's")], &password(TEXT));
    assert_eq!(open(&made, &password("the key's")).unwrap_err(), OpenError::WrongPassword);
    let differs = OpenError::KeyPasswordDiffers { alias: "key 1".to_owned() };
    assert_eq!(open(&made, &password(TEXT)).unwrap_err(), differs);
    assert!(differs.to_string().contains("key 1"));
    let wrong = open_with_key_password(&made, &password(TEXT), &password("other")).unwrap_err();
    assert_eq!(wrong, differs);
    let contents = open_with_key_password(&made, &password(TEXT), &password("the key's")).unwrap();
    assert!(contents.entries[0].signer().is_ok());

    // Beside a key that opens, the locked one is passed over.
    let both = store(&[own_entry(1, "the key's"), own_entry(2, TEXT)], &password(TEXT));
    let contents = open(&both, &password(TEXT)).unwrap();
    assert_eq!((contents.entries.len(), contents.entries[0].alias.as_str()), (1, "key 2"));
    assert_eq!(contents.skipped, [Skipped::LockedKey("key 1".to_owned())]);
}

#[test]
fn keys_without_certificates_and_certificates_without_keys_are_read() {
    let (own, own_certificate) = key(1);
    let bare = key_entry("bare", &sealed(&own.to_pkcs8(), &password(TEXT)), &[]);
    let friend = trusted_entry("friend", &certificate(key(2).1.der()));
    let contents = open(&store(&[bare, friend.clone()], &password(TEXT)), &password(TEXT)).unwrap();
    assert!(contents.entries[0].certificate.is_none());
    assert!(contents.entries[0].key.belongs_to(&own_certificate));
    let contents = open(&store(&[friend], &password(TEXT)), &password(TEXT)).unwrap();
    assert_eq!((contents.entries.len(), contents.certificates.len()), (0, 1));
    assert_eq!(open(&store(&[], &password(TEXT)), &password(TEXT)).unwrap_err(), OpenError::NoKey);
}
