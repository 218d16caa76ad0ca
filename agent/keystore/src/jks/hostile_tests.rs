//! Stores that are wrong, by accident or on purpose.

use std::time::{Duration, Instant};

use const_oid::ObjectIdentifier;
use proptest::prelude::*;

use super::{test_files::*, *};
use crate::pkcs12::test_files::{key, password};

const TEXT: &str = "Qwerty12";

fn sample() -> Vec<u8> {
    let ((own, own_certificate), (_, friend)) = (key(1), key(2));
    let sealed = sealed(&own.to_pkcs8(), &password(TEXT));
    let entries = [
        key_entry("key", &sealed, &[certificate(own_certificate.der())]),
        trusted_entry("friend", &certificate(friend.der())),
    ];
    store(&entries, &password(TEXT))
}

/// Opens; whatever comes, comes soon.
fn opened(file: &[u8]) -> Result<Contents, OpenError> {
    let begun = Instant::now();
    let _ = inspect(file);
    let result = open(file, &password(TEXT));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    result
}

#[test]
fn a_store_that_is_cut_off_anywhere_is_its_own_error() {
    let made = sample();
    assert!(opened(&made).is_ok());
    for len in 0..made.len() {
        assert_eq!(opened(&made[..len]).unwrap_err(), OpenError::Truncated, "{len}");
        assert_eq!(inspect(&made[..len]), Err(OpenError::Truncated), "{len}");
    }
    // What follows it is no part of it.
    assert!(opened(&[&made[..], b"\r\n"].concat()).is_ok());
}

#[test]
fn counts_and_lengths_beyond_the_file_are_refused_at_once() {
    let made = sample();
    let put = |at: usize, number: u32| {
        let mut spoilt = made.clone();
        spoilt[at..at + 4].copy_from_slice(&number.to_be_bytes());
        spoilt
    };
    // Entries; the key's length; the certificates of its chain; the first certificate's length.
    let key_length = 12 + 4 + 2 + 3 + 8;
    let sealed = u32::from_be_bytes(made[key_length..key_length + 4].try_into().unwrap()) as usize;
    let chain = key_length + 4 + sealed;
    let length = chain + 4 + 7;
    for number in [1 << 31, u32::MAX, (1 << 31) - 1, 1 << 20] {
        let entries = OpenError::TooLarge { what: "entries", most: 320 };
        assert_eq!(opened(&put(8, number)).unwrap_err(), entries);
        assert_eq!(opened(&put(key_length, number)).unwrap_err(), OpenError::Truncated);
        let certificates = OpenError::TooLarge { what: "certificates", most: 256 };
        assert_eq!(opened(&put(chain, number)).unwrap_err(), certificates);
        assert_eq!(opened(&put(length, number)).unwrap_err(), OpenError::Truncated);
    }
    // Counts that are bearable, and more than there is: the digest is then read as an entry, which it is not.
    for count in [3, 320] {
        let refused = opened(&put(8, count)).unwrap_err();
        assert!(matches!(refused, OpenError::Malformed { part: "JKS", .. } | OpenError::Truncated), "{refused}");
    }
    // One less leaves the other entry out, and the digest does not fit.
    assert_eq!(opened(&put(8, 1)).unwrap_err(), OpenError::WrongPassword);
}

#[test]
fn more_keys_and_certificates_than_an_honest_store_has_are_refused() {
    let (own, own_certificate) = key(1);
    let bare = key_entry("a", &sealed(&own.to_pkcs8(), &password(TEXT)), &[]);
    let too_many = |count: usize| opened(&store(&vec![bare.clone(); count], &password(TEXT)));
    assert_eq!(too_many(64).unwrap().entries.len(), 64);
    assert_eq!(too_many(65).unwrap_err(), OpenError::TooLarge { what: "keys", most: 64 });
    let friend = trusted_entry("a", &certificate(own_certificate.der()));
    let refused = opened(&store(&vec![friend; 257], &password(TEXT))).unwrap_err();
    assert_eq!(refused, OpenError::TooLarge { what: "certificates", most: 256 });
    let mut large = sample();
    large.resize(MOST_OCTETS + 1, 0);
    assert_eq!(opened(&large).unwrap_err(), OpenError::TooLarge { what: "octets", most: MOST_OCTETS });
}

#[test]
fn what_no_version_of_the_format_has_is_damage() {
    let empty = |version| store_with(version, 0, &[], &password(TEXT));
    for version in [0, 3, u32::MAX] {
        assert_eq!(opened(&empty(version)).unwrap_err(), OpenError::Malformed { part: "JKS", offset: 4 });
    }
    // A symmetric key, which only JCEKS has; nothing that is known.
    for kind in [0, 3, u32::MAX] {
        let made = store(&[other_entry(kind)], &password(TEXT));
        assert_eq!(opened(&made).unwrap_err(), OpenError::Malformed { part: "JKS", offset: 12 });
    }
    assert_eq!(opened(b"\xce\xce\xce\xce\0\0\0\x02\0\0\0\0").unwrap_err(), OpenError::NotAKeyFile);
}

#[test]
fn a_key_that_is_enciphered_otherwise_or_not_at_all_is_told() {
    let (own, _) = key(1);
    let with = |sealed: &[u8]| opened(&store(&[key_entry("a", sealed, &[])], &password(TEXT))).unwrap_err();
    let jceks = "1.3.6.1.4.1.42.2.19.1";
    let unsupported = OpenError::UnsupportedAlgorithm(ObjectIdentifier::new_unwrap(jceks));
    assert_eq!(with(&encrypted(jceks, &[0; 60])), unsupported);
    let malformed = |error| matches!(error, OpenError::Malformed { part: "EncryptedPrivateKeyInfo", .. });
    for octets in [&[][..], &[0; 19], &[0; 39]] {
        assert!(malformed(with(&encrypted(PROTECTOR, octets))));
    }
    assert!(malformed(with(&[])) && malformed(with(&own.to_pkcs8())));
    // Enciphered as it should be, and no key.
    assert_eq!(with(&sealed(&[], &password(TEXT))), OpenError::BrokenKey);
    assert_eq!(with(&sealed(b"no key", &password(TEXT))), OpenError::BrokenKey);
}

#[test]
fn a_key_beside_the_certificate_of_another_is_its_own_error() {
    let ((own, _), (_, stranger)) = (key(1), key(2));
    let sealed = sealed(&own.to_pkcs8(), &password(TEXT));
    let made = store(&[key_entry("a", &sealed, &[certificate(stranger.der())])], &password(TEXT));
    assert_eq!(opened(&made).unwrap_err(), OpenError::KeyDoesNotMatchCertificate);
}

#[test]
fn the_largest_key_costs_no_more_than_any_file_may() {
    let info = vec![0x30; MOST_OCTETS - 1_000];
    let long = password(&"қ".repeat(Password::MAX_CHARS));
    let made = store(&[key_entry("a", &sealed(&info, &long), &[])], &long);
    let begun = Instant::now();
    assert_eq!(open(&made, &long).unwrap_err(), OpenError::BrokenKey);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn no_single_spoilt_octet_goes_unseen() {
    let made = sample();
    for at in 0..made.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut spoilt = made.clone();
            spoilt[at] ^= flip;
            assert!(opened(&spoilt).is_err(), "octet {at}");
        }
    }
}

proptest! {
    #[test]
    fn no_spoilt_store_brings_the_reader_down(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        insert in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        let mut spoilt = sample();
        spoilt.truncate(spoilt.len() - 20);
        for (at, octet) in flips {
            let at = at.index(spoilt.len());
            spoilt[at] = octet;
        }
        let at = cut.index(spoilt.len());
        spoilt.splice(at..at, insert);
        // With a digest that fits, so that everything behind it is reached too.
        let digest = protection::digest(&password(TEXT), &spoilt);
        spoilt.extend(digest);
        let _ = opened(&spoilt);
    }

    #[test]
    fn no_octets_at_all_bring_the_reader_down(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = opened(&octets);
        let _ = opened(&[&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2][..], &octets].concat());
        let _ = opened(&store(std::slice::from_ref(&octets), &password(TEXT)));
        let _ = opened(&store(&[key_entry("a", &octets, &[])], &password(TEXT)));
        let _ = opened(&store(&[key_entry("a", &encrypted(PROTECTOR, &octets), &[])], &password(TEXT)));
        let _ = opened(&store(&[key_entry("a", &sealed(&octets, &password(TEXT)), &[])], &password(TEXT)));
    }
}
