//! Files that are unusual, and right.

use const_oid::ObjectIdentifier;
use pki::tlv::{self, element};

use super::{cipher::Cipher, hash::Hash, oids, test_files::*, *};
use crate::{CannotSign, OsEntropy, PrivateKey, Skipped};
use std::sync::Arc;

const TEXT: &str = "Qwerty12";

fn opened(file: &[u8]) -> Contents {
    open(file, &password(TEXT)).unwrap()
}

/// The common names of the certificates of the keys, in the order of the file.
fn holders(contents: &Contents) -> Vec<&str> {
    let certificates = contents.entries.iter().map(|entry| entry.certificate.as_ref());
    certificates.map(|own| own.map_or("-", |own| own.subject().common_name().unwrap())).collect()
}

#[test]
fn keys_and_certificates_come_in_any_order_and_number() {
    let ((first, first_certificate), (second, second_certificate)) = (key(1), key(2));
    let sealer = triple_des(TEXT);
    let keys = vec![shrouded(&second, &sealer, &named(&[2], "b")), shrouded(&first, &sealer, &named(&[1], "a"))];
    let certificates =
        vec![certificate(first_certificate.der(), &named(&[1], "a")), certificate(second_certificate.der(), &[])];
    let apart = [sealed_part(&certificates, &sealer), plain_part(&keys)];
    let together = [sealed_part(&[certificates.concat(), keys.concat()], &sealer)];
    for parts in [&apart[..], &together[..]] {
        let contents = opened(&file(parts, TEXT));
        assert_eq!(holders(&contents), ["TEST 2", "TEST 1"]);
        assert_eq!(contents.entries[0].alias, "b");
        assert!(contents.certificates.is_empty());
        assert!(contents.entries.iter().all(|entry| entry.signer().is_ok()));
    }
}

#[test]
fn a_certificate_is_found_by_its_public_key_whatever_the_attributes_say() {
    let ((first, first_certificate), (second, second_certificate)) = (key(1), key(2));
    let sealer = triple_des(TEXT);
    let bags = vec![
        shrouded(&first, &sealer, &named(&[7], "a")),
        shrouded(&second, &sealer, &named(&[8], "b")),
        certificate(first_certificate.der(), &named(&[8], "b")),
        certificate(second_certificate.der(), &named(&[7], "a")),
    ];
    assert_eq!(holders(&opened(&file(&[plain_part(&bags)], TEXT))), ["TEST 1", "TEST 2"]);
}

#[test]
fn a_key_without_a_certificate_is_listed_and_does_not_sign() {
    let (alone, certificate) = key(1);
    let contents = opened(&file(&[plain_part(&[shrouded(&alone, &triple_des(TEXT), &[])])], TEXT));
    let entry = &contents.entries[0];
    assert_eq!((entry.alias.as_str(), entry.certificate.is_none()), ("1", true));
    assert_eq!(entry.signer().err(), Some(CannotSign::NoCertificate));
    assert!(entry.signer_with(&certificate, Arc::new(OsEntropy)).is_ok(), "its certificate may come from elsewhere");
}

#[test]
fn of_two_certificates_of_one_key_the_file_says_which() {
    let ((own, first), (renewed, second)) = (key(1), renewed(1));
    assert_eq!(own.public_key(), renewed.public_key());
    assert_ne!(first, second);
    for (id, expected, other) in [(1, &first, &second), (2, &second, &first)] {
        let bags = vec![
            certificate(first.der(), &named(&[1], "a")),
            certificate(second.der(), &named(&[2], "b")),
            shrouded(&own, &triple_des(TEXT), &named(&[id], "a")),
        ];
        let contents = opened(&file(&[plain_part(&bags)], TEXT));
        assert_eq!(contents.entries[0].certificate.as_ref(), Some(expected));
        assert_eq!(contents.certificates, std::slice::from_ref(other));
    }
}

#[test]
fn a_key_whose_only_neighbour_is_of_an_authority_has_no_certificate() {
    let ((own, _), (_, authority)) = (key(1), key(2));
    let bags = vec![certificate(authority.der(), &[]), shrouded(&own, &triple_des(TEXT), &named(&[1], "a"))];
    let contents = opened(&file(&[plain_part(&bags)], TEXT));
    assert!(contents.entries[0].certificate.is_none());
    assert_eq!(contents.certificates, [authority]);
}

#[test]
fn a_key_under_a_password_of_its_own_is_told_from_damage() {
    let ((first, first_certificate), (second, _)) = (key(1), key(2));
    let locked = |key: &PrivateKey, name: &str| shrouded(key, &triple_des("Other"), &named(&[9], name));
    let open_one = shrouded(&second, &triple_des(TEXT), &[]);
    let made = file(&[plain_part(&[locked(&first, "менің"), certificate(first_certificate.der(), &[])])], TEXT);
    let refused = open(&made, &password(TEXT)).unwrap_err();
    assert_eq!(refused, OpenError::KeyPasswordDiffers { alias: "менің".to_owned() });
    assert_eq!(open(&made, &password("Other")).unwrap_err(), OpenError::WrongPassword);
    let contents = open_with_key_password(&made, &password(TEXT), &password("Other")).unwrap();
    assert_eq!(holders(&contents), ["TEST 1"]);

    // Beside a key that opens, it is passed over.
    let contents = opened(&file(&[plain_part(&[locked(&first, "a"), open_one])], TEXT));
    assert_eq!((contents.entries.len(), contents.skipped), (1, vec![Skipped::LockedKey("a".to_owned())]));
}

#[test]
fn certificates_without_a_key_are_listed() {
    let (_, first) = key(1);
    let contents = opened(&file(&[plain_part(&[certificate(first.der(), &[])])], TEXT));
    assert!(contents.entries.is_empty());
    assert_eq!(contents.certificates, [first]);
    assert_eq!(open(&file(&[], TEXT), &password(TEXT)).unwrap_err(), OpenError::NoKey);
}

#[test]
fn a_chain_beside_the_key_is_kept_apart() {
    let ((own, own_certificate), (_, authority)) = (key(1), key(2));
    let sealer = triple_des(TEXT);
    let bags =
        vec![certificate(authority.der(), &[]), certificate(own_certificate.der(), &[]), shrouded(&own, &sealer, &[])];
    let contents = opened(&file(&[sealed_part(&bags, &sealer)], TEXT));
    assert_eq!(holders(&contents), ["TEST 1"]);
    assert_eq!(contents.certificates, [authority]);
}

#[test]
fn what_is_not_known_is_passed_over() {
    let (own, own_certificate) = key(1);
    let bags = vec![
        // crlBag, secretBag, a bag of tomorrow, a certificate of another kind, one that is none, one of ours.
        bag(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.4"), &sequence(&[]), &[]),
        bag(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5"), &[tlv::NULL, 0], &[]),
        bag(&ObjectIdentifier::new_unwrap("1.2.3.4"), &octets(&[1]), &[]),
        bag(
            &oids::CERT_BAG,
            &sequence(&[
                &tlv::oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.2")),
                &explicit(&element(tlv::IA5_STRING, &[b"sdsi"])),
            ]),
            &[],
        ),
        certificate(b"no certificate", &[]),
        shrouded(&own, &triple_des(TEXT), &element(tlv::SET, &[&number(1), &sequence(&[])])),
        certificate(own_certificate.der(), &element(tlv::SET, &[])),
    ];
    // EnvelopedData.
    let enveloped =
        sequence(&[&tlv::oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3")), &explicit(&sequence(&[]))]);
    let contents = opened(&file(&[enveloped, plain_part(&bags)], TEXT));
    assert_eq!(holders(&contents), ["TEST 1"]);
    let bag = |kind: &str| Skipped::Bag(ObjectIdentifier::new_unwrap(kind));
    let enveloped = Skipped::Part(ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3"));
    let skipped = [
        enveloped,
        Skipped::RevocationList,
        Skipped::Secret,
        bag("1.2.3.4"),
        Skipped::Certificate,
        Skipped::Certificate,
    ];
    assert_eq!(contents.skipped, skipped);
    assert!(contents.skipped.iter().all(|what| !what.to_string().is_empty()));
}

#[test]
fn a_key_in_the_clear_and_nested_bags_are_read() {
    let (own, own_certificate) = key(1);
    let mut contents = vec![
        bag(&oids::KEY_BAG, &own.to_pkcs8(), &named(&[1], "ключ 𝄞")),
        certificate(own_certificate.der(), &named(&[1], "")),
    ];
    for _ in 0..4 {
        contents = vec![bag(&oids::SAFE_CONTENTS_BAG, &sequence(&[&contents.concat()]), &[])];
    }
    let opened_contents = opened(&file(&[sealed_part(&contents, &triple_des(TEXT))], TEXT));
    assert_eq!(holders(&opened_contents), ["TEST 1"]);
    assert_eq!(opened_contents.entries[0].alias, "ключ 𝄞");

    contents = vec![bag(&oids::SAFE_CONTENTS_BAG, &sequence(&[&contents.concat()]), &[])];
    let deeper = file(&[sealed_part(&contents, &triple_des(TEXT))], TEXT);
    assert_eq!(open(&deeper, &password(TEXT)).unwrap_err(), OpenError::TooDeep);
}

#[test]
fn every_scheme_of_the_standard_is_deciphered() {
    let (own, own_certificate) = key(1);
    let bmp = password(TEXT).to_bmp_string();
    let sha256 = Some((Hash::Sha256, "1.2.840.113549.2.9"));
    let sealers: [Box<Seal>; 12] = [
        Box::new(pbe(3, Cipher::TripleDes3, &bmp)),
        Box::new(pbe(4, Cipher::TripleDes2, &bmp)),
        Box::new(pbe(5, Cipher::Rc2With128Bits, &bmp)),
        Box::new(pbe(6, Cipher::Rc2With40Bits, &bmp)),
        Box::new(pbes2(TEXT, None, Cipher::Aes256, "2.16.840.1.101.3.4.1.42")),
        Box::new(pbes2(TEXT, Some((Hash::Sha1, "1.2.840.113549.2.7")), Cipher::Aes128, "2.16.840.1.101.3.4.1.2")),
        Box::new(pbes2(TEXT, Some((Hash::Sha224, "1.2.840.113549.2.8")), Cipher::Aes256, "2.16.840.1.101.3.4.1.42")),
        Box::new(pbes2(TEXT, sha256, Cipher::Aes192, "2.16.840.1.101.3.4.1.22")),
        Box::new(pbes2(TEXT, sha256, Cipher::Aes256, "2.16.840.1.101.3.4.1.42")),
        Box::new(pbes2(TEXT, Some((Hash::Sha384, "1.2.840.113549.2.10")), Cipher::Aes256, "2.16.840.1.101.3.4.1.42")),
        Box::new(pbes2(TEXT, Some((Hash::Sha512, "1.2.840.113549.2.11")), Cipher::Aes256, "2.16.840.1.101.3.4.1.42")),
        Box::new(pbes2(TEXT, sha256, Cipher::TripleDes3, "1.2.840.113549.3.7")),
    ];
    for (number, sealer) in sealers.iter().enumerate() {
        let parts = [
            plain_part(&[shrouded(&own, sealer, &[])]),
            sealed_part(&[certificate(own_certificate.der(), &[])], sealer),
        ];
        assert_eq!(holders(&opened(&file(&parts, TEXT))), ["TEST 1"], "{number}");
        // Without a MAC too, where only the padding and the structure tell a wrong password.
        assert_eq!(holders(&opened(&bare_file(&parts))), ["TEST 1"], "{number}");
        assert_eq!(open(&bare_file(&parts), &password("wrong")).unwrap_err(), OpenError::WrongPassword, "{number}");
    }
}

#[test]
fn every_mac_with_sha_is_checked() {
    let (own, _) = key(1);
    let parts = [plain_part(&[shrouded(&own, &triple_des(TEXT), &[])])];
    for (hash, oid) in [
        (Hash::Sha1, "1.3.14.3.2.26"),
        (Hash::Sha224, "2.16.840.1.101.3.4.2.4"),
        (Hash::Sha256, "2.16.840.1.101.3.4.2.1"),
        (Hash::Sha384, "2.16.840.1.101.3.4.2.2"),
        (Hash::Sha512, "2.16.840.1.101.3.4.2.3"),
    ] {
        let made = file_with(&parts, hash, oid, &password(TEXT).to_bmp_string());
        assert_eq!(opened(&made).entries.len(), 1);
        assert_eq!(open(&made, &password("wrong")).unwrap_err(), OpenError::WrongPassword);
    }
}

#[test]
fn an_empty_password_is_taken_in_both_of_its_forms() {
    let (own, _) = key(1);
    for bmp in [&[0, 0][..], &[]] {
        let sealer = pbe(3, Cipher::TripleDes3, bmp);
        let parts = [plain_part(&[shrouded(&own, &sealer, &[])])];
        for made in [file_with(&parts, Hash::Sha1, "1.3.14.3.2.26", bmp), bare_file(&parts)] {
            assert_eq!(open(&made, &password("")).unwrap().entries.len(), 1);
            assert_eq!(open(&made, &password(" ")).unwrap_err(), OpenError::WrongPassword);
        }
        // One form for the MAC and the other for the key.
        let other: &[u8] = if bmp.is_empty() { &[0, 0] } else { &[] };
        let made = file_with(&parts, Hash::Sha1, "1.3.14.3.2.26", other);
        assert_eq!(open(&made, &password("")).unwrap().entries.len(), 1);
    }
}

#[test]
fn passwords_of_every_alphabet_open_what_they_closed() {
    let (own, own_certificate) = key(1);
    let hundred = "Аа1".repeat(33) + "ң";
    for text in ["Пароль1", "Құпия-сөз1", "𝄞𠀀🔑", "пробел в конце ", hundred.as_str(), "\0"]
    {
        let made = write_nca(&own, &own_certificate, &password(text), &Counting::from(1)).unwrap();
        assert_eq!(holders(&open(&made, &password(text)).unwrap()), ["TEST 1"], "{text:?}");
        let other = format!("{text}.");
        assert_eq!(open(&made, &password(&other)).unwrap_err(), OpenError::WrongPassword, "{text:?}");
    }
}

#[test]
fn streamed_files_are_read_as_they_are_meant() {
    let indefinite = |tag: u8, content: &[u8]| [&[tag, 0x80], content, &[0, 0]].concat();
    let pieces = |content: &[u8]| content.chunks(7).flat_map(octets).collect::<Vec<u8>>();
    let (own, own_certificate) = key(1);
    let sealer = triple_des(TEXT);

    // The enciphered content in pieces, and what is enciphered itself of indefinite length.
    let bags = [shrouded(&own, &sealer, &[]), certificate(own_certificate.der(), &[])].concat();
    let (algorithm, sealed) = sealer(&indefinite(tlv::SEQUENCE, &bags));
    let content = indefinite(tlv::context(0), &pieces(&sealed));
    let info = indefinite(tlv::SEQUENCE, &[tlv::oid(&oids::DATA), algorithm, content].concat());
    let data = indefinite(tlv::SEQUENCE, &[number(0), info].concat());
    let part = sequence(&[&tlv::oid(&oids::ENCRYPTED_DATA), &explicit(&data)]);
    assert_eq!(holders(&opened(&file(std::slice::from_ref(&part), TEXT))), ["TEST 1"]);

    // The AuthenticatedSafe in pieces of pieces: the MAC is over the octets without their headers.
    let safe = sequence(&[&part]);
    let whole = file(&[part], TEXT);
    let (before, after) = (find(&whole, &octets(&safe)), octets(&safe).len());
    let mac = &whole[before + after..];
    let nested = indefinite(0x24, &element(0x24, &[&pieces(&safe)]));
    let auth_safe = sequence(&[&tlv::oid(&oids::DATA), &indefinite(tlv::context(0), &nested)]);
    let streamed = indefinite(tlv::SEQUENCE, &[&number(3), &auth_safe[..], mac].concat());
    assert_eq!(holders(&opened(&streamed)), ["TEST 1"]);
}

fn find(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).position(|window| window == needle).unwrap()
}

#[test]
fn what_follows_the_file_is_let_be() {
    let (own, own_certificate) = key(1);
    let mut made = write_nca(&own, &own_certificate, &password(TEXT), &Counting::from(1)).unwrap().to_vec();
    made.extend_from_slice(b"\r\n");
    assert_eq!(holders(&opened(&made)), ["TEST 1"]);
}

#[test]
fn a_key_of_an_unknown_curve_is_listed_and_does_not_sign() {
    let (own, _) = key(1);
    let mut info = own.to_pkcs8().to_vec();
    // Set A of 512 bits becomes a set of tomorrow: the last arc of the curve, behind "06 0a".
    let curve = find(&info, &tlv::oid(&pki::oid::GOST512_SET_A));
    info[curve + 11] = 9;
    let contents = opened(&file(&[plain_part(&[bag(&oids::KEY_BAG, &info, &[])])], TEXT));
    let (_, certificate) = key(1);
    let refused = contents.entries[0].signer_with(&certificate, Arc::new(OsEntropy)).err();
    assert_eq!(refused, Some(CannotSign::Unsupported("other")));
    assert!(PrivateKey::from_pkcs8(&info).unwrap().public_key().is_none());
}
