//! PBMAC1 (RFC 9579), where the MAC of RFC 7292 would stand. Files of other programs with it are in
//! `tests/pbmac1.rs`.

use pki::tlv::{self, element};

use super::{hash::Hash, inspect, oids, open, test_files::*};
use crate::OpenError;

const TEXT: &str = "Құпия-сөз1";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const PBMAC1: &str = "1.2.840.113549.1.5.14";
const HMAC_SHA_256: &str = "1.2.840.113549.2.9";

/// The PBKDF2 parameters of a MAC.
struct Derivation {
    iterations: Vec<u8>,
    key_length: Vec<u8>,
    prf: &'static str,
}

fn usual() -> Derivation {
    Derivation { iterations: number(ROUNDS), key_length: number(32), prf: HMAC_SHA_256 }
}

/// A file with a key in the clear and this MAC; the outer salt and count are what RFC 9579 says about them: nothing.
fn file(derivation: &Derivation, scheme: &str, mac_key: &[u8], hash: Hash) -> Vec<u8> {
    let (own, _) = key(1);
    let safe = sequence(&[&plain_part(&[bag(&oids::KEY_BAG, &own.to_pkcs8(), &[])])]);
    let prf = algorithm(derivation.prf, &[tlv::NULL, 0]);
    let kdf = sequence(&[&octets(&SALT), &derivation.iterations, &derivation.key_length, &prf]);
    let parameters = sequence(&[&algorithm(PBKDF2, &kdf), &algorithm(scheme, &[tlv::NULL, 0])]);
    let digest = sequence(&[&algorithm(PBMAC1, &parameters), &octets(&hash.hmac(mac_key, &safe))]);
    let mac = sequence(&[&digest, &octets(b"NOT USED"), &number(1)]);
    sequence(&[&number(3), &sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&safe))]), &mac])
}

fn mac_key(prf: Hash, len: usize) -> Vec<u8> {
    let mut key = vec![0; len];
    prf.pbkdf2(TEXT.as_bytes(), &SALT, ROUNDS as u32, &mut key);
    key
}

#[test]
fn pbmac1_is_checked_with_every_hash_for_either_use() {
    let hashes = [
        (Hash::Sha1, "1.2.840.113549.2.7"),
        (Hash::Sha224, "1.2.840.113549.2.8"),
        (Hash::Sha256, HMAC_SHA_256),
        (Hash::Sha384, "1.2.840.113549.2.10"),
        (Hash::Sha512, "1.2.840.113549.2.11"),
    ];
    for (prf, prf_oid) in hashes {
        for (hash, hash_oid) in hashes {
            for len in [20, 32, 64, 512] {
                let derivation = Derivation { prf: prf_oid, key_length: number(len as u64), ..usual() };
                let made = file(&derivation, hash_oid, &mac_key(prf, len), hash);
                inspect(&made).unwrap();
                assert_eq!(open(&made, &password(TEXT)).unwrap().entries.len(), 1, "{prf:?} {hash:?} {len}");
                assert_eq!(open(&made, &password("wrong")).unwrap_err(), OpenError::WrongPassword);
            }
        }
    }
}

#[test]
fn a_mac_of_other_parameters_than_stated_is_a_wrong_password() {
    // RFC 9579 A.4 and A.5: another count, another salt.
    let made = file(&usual(), HMAC_SHA_256, &mac_key(Hash::Sha256, 32), Hash::Sha256);
    assert!(open(&made, &password(TEXT)).is_ok());
    let count = Derivation { iterations: number(ROUNDS + 1), ..usual() };
    let salt = made.windows(SALT.len()).rposition(|octets| octets == SALT).unwrap();
    let mut salted = made.clone();
    salted[salt] ^= 1;
    for spoilt in [file(&count, HMAC_SHA_256, &mac_key(Hash::Sha256, 32), Hash::Sha256), salted] {
        assert_eq!(open(&spoilt, &password(TEXT)).unwrap_err(), OpenError::WrongPassword);
    }
}

#[test]
fn a_key_length_that_is_missing_or_out_of_bounds_is_refused() {
    // RFC 9579 A.6, and section 5 for the shortest.
    let huge = element(tlv::INTEGER, &[&[0x7f; 16]]);
    for key_length in [vec![], number(0), number(19), number(513), number(1 << 40), huge] {
        let made = file(&Derivation { key_length, ..usual() }, HMAC_SHA_256, &mac_key(Hash::Sha256, 32), Hash::Sha256);
        let refused = OpenError::Malformed { part: "PBMAC1 parameters", offset: 0 };
        assert_eq!(open(&made, &password(TEXT)).unwrap_err(), refused);
        assert_eq!(inspect(&made).unwrap_err(), refused);
    }
}

#[test]
fn too_many_rounds_of_pbmac1_are_refused_before_the_first() {
    for rounds in [1_000_001, 1 << 31, u64::MAX >> 1] {
        let made = file(&Derivation { iterations: number(rounds), ..usual() }, HMAC_SHA_256, &[], Hash::Sha256);
        let refused = OpenError::TooManyIterations { asked: rounds, most: 1_000_000 };
        assert_eq!(open(&made, &password(TEXT)).unwrap_err(), refused);
        assert_eq!(inspect(&made).unwrap_err(), refused);
    }
    // A long key costs its rounds several times over.
    let long = Derivation { iterations: number(900_000), key_length: number(512), ..usual() };
    let refused = open(&file(&long, HMAC_SHA_256, &[], Hash::Sha256), &password(TEXT)).unwrap_err();
    assert!(matches!(refused, OpenError::TooManyIterations { asked: 900_000, .. }));
}

#[test]
fn means_of_pbmac1_that_are_not_known_are_named() {
    let unknown = "1.2.840.113549.2.13";
    for made in [
        file(&usual(), unknown, &[], Hash::Sha256),
        file(&Derivation { prf: unknown, ..usual() }, HMAC_SHA_256, &[], Hash::Sha256),
    ] {
        let refused = open(&made, &password(TEXT)).unwrap_err();
        assert!(refused.to_string().contains("HMAC with SHA-512/256"), "{refused}");
    }
}
