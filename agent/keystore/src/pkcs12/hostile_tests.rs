//! Files that are wrong, by accident or on purpose.

use std::time::{Duration, Instant};

use const_oid::ObjectIdentifier;
use pki::tlv::{self, element};
use proptest::prelude::*;

use super::{oids, test_files::*, *};
use crate::{CannotSign, OsEntropy};
use std::sync::Arc;

const TEXT: &str = "Qwerty12";

/// Opens; whatever comes, comes soon: half a second is the most, on a machine that has nothing else to do.
fn opened(file: &[u8]) -> Result<Contents, OpenError> {
    let begun = Instant::now();
    let result = open(file, &password(TEXT));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    result
}

fn refusal(file: &[u8]) -> OpenError {
    opened(file).unwrap_err()
}

fn asked(error: OpenError) -> u64 {
    match error {
        OpenError::TooManyIterations { asked, most } if most < asked => asked,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_key_file_is_its_own_error() {
    let (_, certificate) = key(1);
    let long = vec![b'a'; 5000];
    for file in [
        &b""[..],
        b"\0",
        b"hello",
        &long,
        b"-----BEGIN CERTIFICATE-----\n",
        &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2],
        b"PK\x03\x04",
        certificate.der(),
        // A PFX of version 2.
        &sequence(&[&number(2), &sequence(&[])]),
        &[0x30, 0xff, 0x02, 0x01, 0x03],
    ] {
        assert_eq!(refusal(file), OpenError::NotPkcs12, "{file:02x?}");
        assert!(!looks_like_pkcs12(file));
    }
}

#[test]
fn a_file_that_is_cut_off_is_its_own_error() {
    let (own, certificate) = key(1);
    let made = write_nca(&own, &certificate, &password(TEXT), &Counting::from(1)).unwrap();
    for len in 1..made.len() {
        assert_eq!(refusal(&made[..len]), OpenError::Truncated, "{len}");
    }
    let streamed = [&[0x30, 0x80][..], &made[4..], &[0, 0]].concat();
    assert!(opened(&streamed).is_ok());
    for len in 1..streamed.len() {
        assert_eq!(refusal(&streamed[..len]), OpenError::Truncated, "{len}");
    }
}

#[test]
fn billions_of_rounds_are_refused_before_the_first() {
    let billions = number(1 << 31);
    let huge = element(tlv::INTEGER, &[&[0x7f; 64]]);
    for (rounds, expected) in [(&billions, 1 << 31), (&huge, u64::MAX)] {
        let digest = sequence(&[&algorithm("1.3.14.3.2.26", &[tlv::NULL, 0]), &octets(&[0; 20])]);
        let mac = sequence(&[&digest, &octets(&SALT), rounds]);
        let content = sequence(&[&tlv::oid(&oids::DATA), &explicit(&octets(&sequence(&[])))]);
        let file = sequence(&[&number(3), &content, &mac]);
        assert_eq!(asked(refusal(&file)), expected);
        assert_eq!(asked(inspect(&file).unwrap_err()), expected);

        let pbe = algorithm("1.2.840.113549.1.12.1.3", &sequence(&[&octets(&SALT), rounds]));
        let kdf = algorithm("1.2.840.113549.1.5.12", &sequence(&[&octets(&SALT), rounds]));
        let aes = algorithm("2.16.840.1.101.3.4.1.42", &octets(&[0; 16]));
        let pbes2 = algorithm("1.2.840.113549.1.5.13", &sequence(&[&kdf, &aes]));
        for scheme in [pbe, pbes2] {
            let sealed = |_: &[u8]| (scheme.clone(), vec![0; 16]);
            let (own, _) = key(1);
            assert_eq!(asked(refusal(&bare_file(&[sealed_part(&[], &sealed)]))), expected);
            assert_eq!(asked(refusal(&file_of(&[shrouded(&own, &sealed, &[])]))), expected);
        }
    }
}

fn file_of(bags: &[Vec<u8>]) -> Vec<u8> {
    file(&[plain_part(bags)], TEXT)
}

#[test]
fn many_derivations_that_are_each_bearable_are_refused_together() {
    let (own, _) = key(1);
    let costly = |plain: &[u8]| {
        let parameters = sequence(&[&octets(&SALT), &number(500_000)]);
        let bmp = password(TEXT).to_bmp_string();
        let sealed = super::pbe::seal(super::cipher::Cipher::Rc2With40Bits, &bmp, &SALT, 500_000, plain);
        (algorithm("1.2.840.113549.1.12.1.6", &parameters), sealed.unwrap().to_vec())
    };
    let one = shrouded(&own, &costly, &[]);
    let begun = Instant::now();
    assert_eq!(asked(open(&file_of(&vec![one; 40]), &password(TEXT)).unwrap_err()), 500_000);
    // The most work that any file can cause: half a second on a machine that has nothing else to do.
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_negative_count_of_rounds_is_damage() {
    let (own, _) = key(1);
    let mut made = file_of(&[shrouded(&own, &triple_des(TEXT), &[])]);
    // The MAC's count is the file's last octet.
    assert!(made.ends_with(&number(ROUNDS)));
    *made.last_mut().unwrap() = 0xff;
    assert!(matches!(refusal(&made), OpenError::Malformed { part: "PFX", .. }));
}

#[test]
fn nesting_without_end_is_its_own_error() {
    let levels = 200_000;
    let head: Vec<u8> = vec![0x30, 0x80, 0x02, 0x01, 0x03];
    let indefinite = [&head[..], &[0x30, 0x80].repeat(levels)].concat();
    assert_eq!(refusal(&indefinite), OpenError::TooDeep);

    let mut definite = Vec::new();
    for _ in 0..40 {
        definite = sequence(&[&definite]);
    }
    let content = sequence(&[&tlv::oid(&oids::DATA), &explicit(&definite)]);
    assert_eq!(refusal(&sequence(&[&number(3), &content])), OpenError::TooDeep);
    assert_eq!(refusal(&bare_file(&[definite.clone()])), OpenError::TooDeep);
    let deep_plain = |_: &[u8]| triple_des(TEXT)(&definite);
    assert_eq!(refusal(&file(&[sealed_part(&[], &deep_plain)], TEXT)), OpenError::TooDeep);
}

#[test]
fn a_file_that_is_too_large_is_its_own_error() {
    let (own, certificate_of_own) = key(1);
    let mut made = write_nca(&own, &certificate_of_own, &password(TEXT), &Counting::from(1)).unwrap().to_vec();
    made.resize(MOST_OCTETS + 1, 0);
    assert_eq!(refusal(&made), OpenError::TooLarge { what: "octets", most: MOST_OCTETS });

    let many = vec![bag(&ObjectIdentifier::new_unwrap("1.2.3"), &[tlv::NULL, 0], &[]); 5000];
    assert!(matches!(refusal(&file_of(&many)), OpenError::TooLarge { what: "elements", .. }));
    let many = vec![bag(&oids::KEY_BAG, &own.to_pkcs8(), &[]); 65];
    assert_eq!(refusal(&file_of(&many)), OpenError::TooLarge { what: "keys", most: 64 });
    let many = vec![certificate(certificate_of_own.der(), &[]); 257];
    assert_eq!(refusal(&file_of(&many)), OpenError::TooLarge { what: "certificates", most: 256 });
}

#[test]
fn an_algorithm_that_is_not_known_is_named() {
    let unsupported = |oid: &str| OpenError::UnsupportedAlgorithm(ObjectIdentifier::new_unwrap(oid));
    let (own, _) = key(1);
    let parameters = sequence(&[&octets(&SALT), &number(ROUNDS)]);
    // 128-bit RC4; PBES2 with scrypt; PBES2 with an unknown cipher and an unknown PRF.
    let rc4 = |_: &[u8]| (algorithm("1.2.840.113549.1.12.1.1", &parameters), vec![0_u8; 16]);
    let scrypt = algorithm("1.3.6.1.4.1.11591.4.11", &[]);
    let pbkdf2 = algorithm("1.2.840.113549.1.5.12", &parameters);
    // HMAC with SHA-512/256.
    let prf = algorithm("1.2.840.113549.2.13", &[tlv::NULL, 0]);
    let odd_prf = algorithm("1.2.840.113549.1.5.12", &sequence(&[&octets(&SALT), &number(ROUNDS), &prf]));
    let aes = algorithm("2.16.840.1.101.3.4.1.42", &octets(&[0; 16]));
    let pbes2 = |kdf: &[u8], cipher: &[u8]| algorithm("1.2.840.113549.1.5.13", &sequence(&[kdf, cipher]));
    let odd_cipher = pbes2(&pbkdf2, &algorithm("1.2.3.4", &[]));
    for (sealer, oid) in [
        (&rc4 as Sealer<'_>, "1.2.840.113549.1.12.1.1"),
        (&|_: &[u8]| (pbes2(&scrypt, &aes), vec![0; 16]), "1.3.6.1.4.1.11591.4.11"),
        (&|_: &[u8]| (odd_cipher.clone(), vec![0; 16]), "1.2.3.4"),
        (&|_: &[u8]| (pbes2(&odd_prf, &aes), vec![0; 16]), "1.2.840.113549.2.13"),
    ] {
        assert_eq!(refusal(&file_of(&[shrouded(&own, sealer, &[])])), unsupported(oid));
        assert_eq!(refusal(&file(&[sealed_part(&[], sealer)], TEXT)), unsupported(oid));
    }
    // A MAC with MD5; the public-key integrity mode (SignedData).
    let empty = password(TEXT).to_bmp_string();
    let md5 = file_with(&[], super::hash::Hash::Sha1, "1.2.840.113549.2.5", &empty);
    assert_eq!(refusal(&md5), unsupported("1.2.840.113549.2.5"));
    assert_eq!(inspect(&md5), Err(unsupported("1.2.840.113549.2.5")));
    let signed = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
    let content = sequence(&[&tlv::oid(&signed), &explicit(&sequence(&[]))]);
    assert_eq!(refusal(&sequence(&[&number(3), &content])), unsupported("1.2.840.113549.1.7.2"));
}

#[test]
fn a_key_beside_the_certificate_of_another_is_its_own_error() {
    let ((first, _), (second, second_certificate)) = (key(1), key(2));
    let sealer = triple_des(TEXT);
    for attributes in [vec![], named(&[1], "a")] {
        let bags = [shrouded(&first, &sealer, &attributes), certificate(second_certificate.der(), &attributes)];
        assert_eq!(refusal(&file_of(&bags)), OpenError::KeyDoesNotMatchCertificate);
    }
    // Beside a key that is right, the other is one without a certificate.
    let bags = [
        shrouded(&first, &sealer, &named(&[1], "a")),
        certificate(second_certificate.der(), &named(&[1], "a")),
        shrouded(&second, &sealer, &named(&[2], "b")),
    ];
    let contents = opened(&file_of(&bags)).unwrap();
    assert!(contents.entries[0].certificate.is_none());
    assert_eq!(contents.entries[1].certificate.as_ref(), Some(&second_certificate));
    let refused = contents.entries[0].signer_with(&second_certificate, Arc::new(OsEntropy)).err();
    assert_eq!(refused, Some(CannotSign::KeyDoesNotMatchCertificate));
    let written = write_nca(&first, &second_certificate, &password(TEXT), &OsEntropy).err();
    assert_eq!(written, Some(WriteError::KeyDoesNotMatchCertificate));
}

#[test]
fn a_number_that_is_no_private_key_is_its_own_error() {
    let (own, _) = key(1);
    let info = own.to_pkcs8();
    let d = info.len() - 64;
    let mut order: Vec<u8> = (0..32).map(|_| 0xff).collect();
    let tail = "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275";
    order.splice(0..0, (0..32).rev().map(|at| u8::from_str_radix(&tail[2 * at..2 * at + 2], 16).unwrap()));
    for wrong in [vec![0; 64], vec![0xff; 64], order] {
        let info = [&info[..d], &wrong].concat();
        assert_eq!(refusal(&file_of(&[bag(&oids::KEY_BAG, &info, &[])])), OpenError::BrokenKey);
    }
    let short = sequence(&[&number(0)]);
    assert_eq!(refusal(&file_of(&[bag(&oids::KEY_BAG, &short, &[])])), OpenError::BrokenKey);
}

/// Files of every kind that is read, for spoiling.
fn samples() -> Vec<Vec<u8>> {
    let (own, own_certificate) = key(1);
    let pbes2 = pbes2(
        TEXT,
        Some((super::hash::Hash::Sha256, "1.2.840.113549.2.9")),
        super::cipher::Cipher::Aes256,
        "2.16.840.1.101.3.4.1.42",
    );
    let nested = sequence(&[&bag(&oids::KEY_BAG, &own.to_pkcs8(), &[])]);
    let parts = [
        plain_part(&[shrouded(&own, &pbes2, &named(&[1], "a")), bag(&oids::SAFE_CONTENTS_BAG, &nested, &[])]),
        sealed_part(&[certificate(own_certificate.der(), &named(&[1], "a"))], &pbes2),
    ];
    let nca = write_nca(&own, &own_certificate, &password(TEXT), &Counting::from(1)).unwrap().to_vec();
    let pbmac1 = file_with_pbmac1(&parts, TEXT);
    let bundle = Bundle { key: &own, certificate: Some(&own_certificate), chain: &[] };
    let few = Iterations::new(2).unwrap();
    let modern = write_modern(&bundle, &password(TEXT), few, &Counting::from(1)).unwrap().to_vec();
    vec![nca, file(&parts, TEXT), bare_file(&parts), pbmac1, modern]
}

#[test]
fn no_single_spoilt_octet_brings_the_reader_down() {
    for sample in samples() {
        for at in 0..sample.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut spoilt = sample.clone();
                spoilt[at] ^= flip;
                // Whether it opens or not is not the point: some octets are in no MAC, or in a name.
                let _ = open(&spoilt, &password(TEXT));
                let _ = inspect(&spoilt);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_spoilt_file_brings_the_reader_down(
        sample in 0_usize..5,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        insert in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        let mut spoilt = samples().swap_remove(sample);
        for (at, octet) in flips {
            let at = at.index(spoilt.len());
            spoilt[at] = octet;
        }
        let at = cut.index(spoilt.len());
        let begun = Instant::now();
        let _ = open(&spoilt[..at], &password(TEXT));
        spoilt.splice(at..at, insert);
        let _ = open(&spoilt, &password(TEXT));
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn no_spoilt_bag_behind_a_mac_that_is_right_brings_the_reader_down(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        info_flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in any::<prop::sample::Index>(),
    ) {
        let (own, own_certificate) = key(1);
        let spoil = |octets: &mut Vec<u8>, flips: &[(prop::sample::Index, u8)]| {
            for (at, octet) in flips {
                let at = at.index(octets.len());
                octets[at] = *octet;
            }
        };
        let mut info = own.to_pkcs8().to_vec();
        spoil(&mut info, &info_flips);
        let (algorithm, sealed) = triple_des(TEXT)(&info);
        let shrouded = bag(&oids::SHROUDED_KEY_BAG, &sequence(&[&algorithm, &octets(&sealed)]), &named(&[1], "a"));
        let nested = bag(&oids::SAFE_CONTENTS_BAG, &sequence(&[&bag(&oids::KEY_BAG, &info, &[])]), &[]);
        let mut bags = [shrouded, nested, certificate(own_certificate.der(), &named(&[1], "a"))].concat();
        // Whole, so that what is inside of the enciphered parts is reached; then spoilt, then cut off.
        let _ = opened(&file_of(std::slice::from_ref(&bags)));
        spoil(&mut bags, &flips);
        let _ = opened(&file(&[sealed_part(std::slice::from_ref(&bags), &triple_des(TEXT))], TEXT));
        bags.truncate(cut.index(bags.len()));
        let _ = opened(&file(&[plain_part(&[bags.clone()]), sealed_part(&[bags], &triple_des(TEXT))], TEXT));
    }

    #[test]
    fn no_octets_at_all_bring_the_reader_down(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open(&octets, &password(TEXT));
        let file = sequence(&[&number(3), &octets]);
        let _ = open(&file, &password(TEXT));
        let _ = open(&bare_file(std::slice::from_ref(&octets)), &password(TEXT));
        let _ = open(&file_of(&[octets]), &password(TEXT));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_rounds_soever_the_parts_ask_for_the_work_is_bounded(
        mac in rounds(), first in rounds(), second in rounds(), third in rounds(),
    ) {
        // Behind a MAC that is right, a key that does not decipher is one with a password of its own, and the next is
        // tried: the most work that a file can ask for.
        let sealed = |rounds: u64| {
            let parameters = sequence(&[&octets(&SALT), &number(rounds)]);
            let kdf = algorithm("1.2.840.113549.1.5.12", &parameters);
            let aes = algorithm("2.16.840.1.101.3.4.1.42", &octets(&[0; 16]));
            let pbes2 = algorithm("1.2.840.113549.1.5.13", &sequence(&[&kdf, &aes]));
            [pbes2, algorithm("1.2.840.113549.1.12.1.3", &parameters)]
        };
        let bags: Vec<Vec<u8>> = [first, second, third]
            .into_iter()
            .flat_map(sealed)
            .map(|scheme| bag(&oids::SHROUDED_KEY_BAG, &sequence(&[&scheme, &octets(&[0x5a; 64])]), &[]))
            .collect();
        let made = file(&[plain_part(&bags)], TEXT);
        let begun = Instant::now();
        prop_assert!(open(&made, &password(TEXT)).is_err());
        // The MAC's count is the file's last element; it does not fit any more.
        let mut claimed = made[4..made.len() - 3].to_vec();
        claimed.extend(number(mac));
        let _ = open(&sequence(&[&claimed]), &password(TEXT));
        prop_assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}

/// Counts of every size, most of them about the limit.
fn rounds() -> impl Strategy<Value = u64> {
    prop_oneof![1_u64..100, 100_000_u64..1_200_000, Just(1_000_000), Just(1 << 31), any::<u64>()]
}
