//! A token host with SoftHSM's tokens, each of them a process and a folder of its own; what it signs is verified by
//! OpenSSL, and what it writes is read by OpenSC's tool.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use pkcs11::{
    numbers::{
        ECDSA, GOSTR3410, GOSTR3410_512, GOSTR3410_512_KEY_PAIR_GEN, KEY_GOSTR3410_512, RSA_PKCS, SHA256_RSA_PKCS,
    },
    wire::{FaultKind, KeyKind, PublicHalf, Reply, Request, TokenId, Tries},
};
use std::process::Command;
use test_token::softhsm::run;
use world::{Hosted as _, P256, PIN, SHA256_INFO, SoftHsm, ecdsa, fault, openssl_verifies, signature};

const RSA: KeyKind = KeyKind::Rsa { bits: 2048 };

fn p256() -> KeyKind {
    KeyKind::Ec { parameters: P256.to_vec().into() }
}

#[test]
fn every_token_is_listed_with_what_it_says_of_itself() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    softhsm.add("Work");
    softhsm.add("Жеке кілт");
    let mut host = softhsm.host();
    let slots = host.slots();
    // SoftHSM always has one more, which was not given out yet.
    assert_eq!(slots.len(), 3);
    for label in ["Work", "Жеке кілт"] {
        let (_, token) = host.token(label);
        assert_eq!((token.id.manufacturer.as_str(), token.id.model.as_str()), ("SoftHSM project", "SoftHSM v2"));
        assert_eq!(token.id.serial.len(), 16);
        assert!(token.pin_is_set && token.needs_login && !token.pin_pad && !token.write_protected);
        assert_eq!((token.tries, token.pin_length), (Tries::Unsaid, (4, 255)));
        for mechanism in [RSA_PKCS, SHA256_RSA_PKCS, ECDSA] {
            assert!(token.mechanisms.contains(&mechanism), "{mechanism:#x}");
        }
    }
    assert_ne!(host.token("Work").1.id.serial, host.token("Жеке кілт").1.id.serial);
    let (_, blank) = host.token("");
    assert!(!blank.pin_is_set);
}

#[test]
fn a_wrong_pin_is_told_and_the_right_one_opens() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    let wrong = fault(host.logs_in(slot, &token, "0000"));
    assert_eq!((wrong.kind, wrong.function.as_str(), wrong.code), (FaultKind::WrongPin, "C_Login", 0xa0));
    assert_eq!(host.token("Token").1.tries, Tries::Low);
    // Nobody's PIN is empty: it is not even given to the token.
    let empty = fault(host.logs_in(slot, &token, ""));
    assert_eq!((empty.kind, empty.code), (FaultKind::WrongPin, 0));
    assert_eq!(host.logs_in(slot, &token, PIN), Reply::Done);
    assert_eq!(host.token("Token").1.tries, Tries::Unsaid);
    // Who is logged in and says a PIN again is asked for the right one again.
    assert_eq!(fault(host.logs_in(slot, &token, "0000")).kind, FaultKind::WrongPin);
}

#[test]
fn a_login_is_for_the_token_that_was_named_and_for_no_other_slot() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    softhsm.add("One");
    softhsm.add("Two");
    let mut host = softhsm.host();
    let ((one, first), (two, second)) = (host.token("One"), host.token("Two"));
    // The wrong PIN costs the token that is in the slot nothing: it was another one's.
    let gone = fault(host.logs_in(one, &second.id, "0000"));
    assert_eq!((gone.kind, gone.code), (FaultKind::TokenGone, 0));
    assert_eq!(host.token("One").1.tries, Tries::Unsaid);
    assert_eq!(host.logs_in(one, &first.id, PIN), Reply::Done);
    assert_eq!(fault(host.makes(two, &second.id, p256(), b"k", "k")).kind, FaultKind::NotLoggedIn);
    assert_eq!(fault(host.logs_in(999, &first.id, PIN)).kind, FaultKind::TokenGone);
}

#[test]
fn a_private_key_shows_after_login_only_and_its_public_half_always() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    assert_eq!(host.logs_in(slot, &token, PIN), Reply::Done);
    let half = host.made(slot, &token, p256(), b"\x01\x02", "Менің кілтім");
    let [key] = &host.keys(slot)[..] else { panic!("one key") };
    assert_eq!((&key.id[..], key.label.as_str()), (&b"\x01\x02"[..], "Менің кілтім"));
    assert_eq!(key.public.as_ref(), Some(&half));
    let private = key.private.as_ref().unwrap();
    assert!(private.signs && !private.always_authenticate && private.key_type == 3);

    assert_eq!(host.asks(Request::LogOut { slot }), Reply::Done);
    let [key] = &host.keys(slot)[..] else { panic!("one key") };
    assert_eq!((key.public.as_ref(), key.private.as_ref()), (Some(&half), None));
    assert_eq!(fault(host.signs(slot, &token, b"\x01\x02", ECDSA, &[7; 32])).kind, FaultKind::NotLoggedIn);
    // To log out where nobody is logged in is done at once.
    assert_eq!(host.asks(Request::LogOut { slot }), Reply::Done);
}

#[test]
fn rsa_signs_a_digest_and_a_whole_message_as_openssl_verifies() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    let half = host.made(slot, &token, RSA, b"rsa", "RSA");
    assert!(matches!(&half, PublicHalf::Rsa { modulus, exponent } if modulus.len() == 256 && **exponent == [1, 0, 1]));
    let folder = softhsm.folder();

    let digest = [9; 32];
    let signed = signature(host.signs(slot, &token, b"rsa", RSA_PKCS, &[SHA256_INFO, &digest].concat()));
    assert!(openssl_verifies(folder, &half, &digest, &signed));
    assert!(!openssl_verifies(folder, &half, &[8; 32], &signed));

    let message = "Құжат".repeat(10_000);
    std::fs::write(folder.join("message"), &message).unwrap();
    let digest = run(Command::new("openssl").args(["dgst", "-sha256", "-binary"]).arg(folder.join("message")));
    let signed = signature(host.signs(slot, &token, b"rsa", SHA256_RSA_PKCS, message.as_bytes()));
    assert!(openssl_verifies(folder, &half, &digest, &signed));
}

#[test]
fn ecdsa_signs_a_digest_as_openssl_verifies() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    let half = host.made(slot, &token, p256(), b"ec", "EC");
    for digest in [[1; 32], [2; 32], [3; 32]] {
        let signed = signature(host.signs(slot, &token, b"ec", ECDSA, &digest));
        assert_eq!(signed.len(), 64);
        assert!(openssl_verifies(softhsm.folder(), &half, &digest, &ecdsa(&signed)));
    }
}

#[test]
fn what_a_token_cannot_do_is_told_by_its_kind() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"ec", "EC");
    let no_such = fault(host.signs(slot, &token, b"other", ECDSA, &[1; 32]));
    assert_eq!((no_such.kind, no_such.code), (FaultKind::NoSuchKey, 0));
    assert_eq!(fault(host.signs(slot, &token, b"", ECDSA, &[1; 32])).kind, FaultKind::NoSuchKey);
    // Numbers that this library does not know, among them one of 64 bits.
    for mechanism in [GOSTR3410, GOSTR3410_512, 1 << 40] {
        let fault = fault(host.signs(slot, &token, b"ec", mechanism, &[1; 32]));
        assert_eq!((fault.kind, fault.function.as_str()), (FaultKind::Unsupported, "C_SignInit"), "{mechanism:#x}");
    }
    let parameters = b"\x06\x07\x2a\x85\x03\x02\x02\x23\x01".to_vec().into();
    let digest_parameters = b"\x06\x07\x2a\x85\x03\x02\x02\x1e\x01".to_vec().into();
    let (key_type, mechanism) = (KEY_GOSTR3410_512, GOSTR3410_512_KEY_PAIR_GEN);
    let gost = KeyKind::Gost { key_type, mechanism, parameters, digest_parameters };
    assert_eq!(fault(host.makes(slot, &token, gost, b"gost", "GOST")).kind, FaultKind::Unsupported);
    // A second key of one name would be taken for the first one's other half.
    assert_eq!(fault(host.makes(slot, &token, p256(), b"ec", "EC")).kind, FaultKind::Other);
    // And after all that the key signs as before.
    assert_eq!(signature(host.signs(slot, &token, b"ec", ECDSA, &[1; 32])).len(), 64);
}

#[test]
fn a_certificate_is_written_read_back_and_written_over() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"\x0a", "Key");
    let put = |host: &mut world::Host, certificate: &[u8], replaces: &[&Vec<u8>]| {
        let (id, label) = (b"\x0a".to_vec().into(), "Certificate".to_owned());
        let (certificate, subject) = (certificate.to_vec().into(), b"\x30\x00".to_vec().into());
        let replaces = replaces.iter().map(|der| (*der).clone().into()).collect();
        host.asks(Request::PutCertificate { slot, token: token.clone(), id, label, certificate, subject, replaces })
    };
    let (first, second) = (certificate(&softhsm, "First"), certificate(&softhsm, "Second"));
    for (der, replaces) in [(&first, &[][..]), (&first, &[&first]), (&second, &[&first])] {
        assert_eq!(put(&mut host, der, replaces), Reply::Done);
        let [key] = &host.keys(slot)[..] else { panic!("one key") };
        assert_eq!(key.certificate.as_ref().map(|value| value.as_slice()), Some(&der[..]));
        assert_eq!(key.label, "Key");
        assert!(key.private.is_some() && key.public.is_some());
        let read = softhsm.tool("Token", &["--read-object", "--type", "cert", "--id", "0a"]);
        assert_eq!(&read, der);
    }
    // It shows without the PIN.
    host.asks(Request::LogOut { slot });
    assert_eq!(host.keys(slot)[0].certificate.as_ref().map(|value| value.as_slice()), Some(&second[..]));
    let mut fresh = softhsm.host();
    assert_eq!(fresh.keys(slot)[0].certificate.as_ref().map(|value| value.as_slice()), Some(&second[..]));

    // One that is not named stays, whatever its CKA_ID: whose it is, the numbers say, and nobody looked at them here.
    host.logs_in(slot, &token, PIN);
    assert_eq!(put(&mut host, &first, &[]), Reply::Done);
    let certificates = |host: &mut world::Host| {
        let found = host.keys(slot).into_iter().filter_map(|key| Some(key.certificate?.into_vec()));
        let mut found: Vec<_> = found.collect();
        found.sort();
        found
    };
    let mut both = vec![first.clone(), second.clone()];
    both.sort();
    assert_eq!(certificates(&mut host), both);
    let id = || b"\x0a".to_vec().into();
    let certificates_of_key = vec![first.into()];
    let remove = Request::Remove { slot, token: token.clone(), id: id(), certificates: certificates_of_key };
    assert_eq!(host.asks(remove), Reply::Done);
    assert_eq!(certificates(&mut host), [second], "the key went with its own, and the other one's stays");
}

#[test]
fn a_pin_is_changed_by_whoever_knows_the_present_one() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    let set = || Request::SetPin { slot, token: token.clone() };
    let new = "87654321";
    for (pins, code) in [(["0000", new], 0xa0), ([PIN, "1"], 0xa2)] {
        let fault = fault(host.asks_with(set(), &pins));
        assert_eq!((fault.kind, fault.function.as_str(), fault.code), (FaultKind::WrongPin, "C_SetPIN", code));
    }
    for pins in [["", new], [PIN, ""], ["", ""]] {
        let fault = fault(host.asks_with(set(), &pins));
        assert_eq!((fault.kind, fault.code), (FaultKind::WrongPin, 0), "an empty one is given to no token");
    }
    assert_eq!(host.logs_in(slot, &token, PIN), Reply::Done);
    assert_eq!(host.asks_with(set(), &[PIN, new]), Reply::Done, "also by who is logged in");
    host.asks(Request::LogOut { slot });
    assert_eq!(fault(host.logs_in(slot, &token, PIN)).kind, FaultKind::WrongPin);
    assert_eq!(host.logs_in(slot, &token, new), Reply::Done);
}

fn certificate(softhsm: &SoftHsm, name: &str) -> Vec<u8> {
    let key = softhsm.folder().join("issuer.pem");
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9"]);
    run(command.args(["-outform", "DER", "-subj", &format!("/CN={name}"), "-keyout"]).arg(key))
}

#[test]
fn what_is_removed_is_gone_and_what_stands_beside_it_stays() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"one", "One");
    let kept = host.made(slot, &token, p256(), b"two", "Two");
    let remove = |host: &mut world::Host, id: &[u8]| {
        host.asks(Request::Remove { slot, token: token.clone(), id: id.to_vec().into(), certificates: Vec::new() })
    };
    host.asks(Request::LogOut { slot });
    assert_eq!(fault(remove(&mut host, b"one")).kind, FaultKind::NotLoggedIn);
    host.logs_in(slot, &token, PIN);
    assert_eq!(remove(&mut host, b"one"), Reply::Done);
    for nothing in [&b"one"[..], b""] {
        assert_eq!(fault(remove(&mut host, nothing)).kind, FaultKind::NoSuchKey);
    }
    let [key] = &host.keys(slot)[..] else { panic!("one key") };
    assert_eq!((&key.id[..], key.public.as_ref()), (&b"two"[..], Some(&kept)));
    let listed = String::from_utf8(softhsm.tool("Token", &["--list-objects"])).unwrap();
    assert!(listed.contains("Two") && !listed.contains("One"), "{listed}");
}

#[test]
fn keys_that_another_program_made_are_listed_and_sign() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    softhsm.add("Token");
    softhsm.tool("Token", &["--keypairgen", "--key-type", "EC:prime256v1", "--id", "beef", "--label", "Foreign"]);
    let mut host = softhsm.host();
    let (slot, token) = host.token("Token");
    host.logs_in(slot, &token.id, PIN);
    let [key] = &host.keys(slot)[..] else { panic!("one key") };
    assert_eq!((&key.id[..], key.label.as_str()), (&b"\xbe\xef"[..], "Foreign"));
    let signed = signature(host.signs(slot, &token.id, b"\xbe\xef", ECDSA, &[5; 32]));
    assert!(openssl_verifies(softhsm.folder(), key.public.as_ref().unwrap(), &[5; 32], &ecdsa(&signed)));
}

#[test]
fn a_token_of_another_name_is_not_the_one_that_was_asked_for() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"ec", "EC");
    let other = TokenId { label: "Other".to_owned(), ..token.clone() };
    assert_eq!(fault(host.signs(slot, &other, b"ec", ECDSA, &[1; 32])).kind, FaultKind::TokenGone);
    assert_eq!(fault(host.makes(slot, &other, p256(), b"x", "x")).kind, FaultKind::TokenGone);
    let id = b"ec".to_vec().into();
    assert_eq!(
        fault(host.asks(Request::Remove { slot, token: other, id, certificates: Vec::new() })).kind,
        FaultKind::TokenGone
    );
    assert_eq!(host.keys(slot).len(), 1);
    assert_eq!(signature(host.signs(slot, &token, b"ec", ECDSA, &[1; 32])).len(), 64);
}

#[test]
fn a_token_that_was_given_out_anew_is_another_one() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"ec", "EC");
    softhsm.add_over("Token", "New name");
    let (same_slot, renamed) = host.token("New name");
    assert_eq!(same_slot, slot);
    assert_eq!(fault(host.signs(slot, &token, b"ec", ECDSA, &[1; 32])).kind, FaultKind::TokenGone);
    assert_eq!(host.keys(slot), []);
    // With the old name went its login.
    assert_eq!(fault(host.makes(slot, &renamed.id, p256(), b"ec", "EC")).kind, FaultKind::NotLoggedIn);
    assert_eq!(host.logs_in(slot, &renamed.id, PIN), Reply::Done);
    host.made(slot, &renamed.id, p256(), b"ec", "EC");
}

#[test]
fn a_pin_for_each_signature_is_taken_between_the_two_calls_and_a_wrong_one_stands_in_nobodys_way() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    softhsm.tool("Token", &["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--always-auth"]);
    let [key] = &host.keys(slot)[..] else { panic!("one key") };
    assert!(key.private.as_ref().unwrap().always_authenticate);
    let half = key.public.clone().unwrap();
    let sign = |host: &mut world::Host, pin: &str| {
        let (key, data) = (b"\x01".to_vec().into(), vec![4; 32].into());
        let request = Request::Sign { slot, token: token.clone(), key, mechanism: ECDSA, data, pin: true };
        host.asks_with(request, &[pin])
    };
    assert_eq!(fault(host.signs(slot, &token, b"\x01", ECDSA, &[4; 32])).kind, FaultKind::NotLoggedIn);
    host.logs_in(slot, &token, PIN);
    assert_eq!(fault(sign(&mut host, "0000")).kind, FaultKind::WrongPin);
    for _ in 0..2 {
        let signed = signature(sign(&mut host, PIN));
        assert!(openssl_verifies(softhsm.folder(), &half, &[4; 32], &ecdsa(&signed)));
    }
}

#[test]
fn the_end_of_the_input_ends_the_process() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    host.logs_in(slot, &token, PIN);
    host.made(slot, &token, p256(), b"ec", "EC");
    host.ends();
}

/// Whether a process has these octets in its memory; `None` where it cannot be looked into.
#[cfg(target_os = "linux")]
fn has_in_memory(process: u32, marked: &[u8]) -> Option<bool> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = std::fs::File::open(format!("/proc/{process}/mem")).ok()?;
    let mut looked = false;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (begin, end) = line.split_once(' ')?.0.split_once('-')?;
        let (begin, end) = (u64::from_str_radix(begin, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
        let mut part = vec![0; usize::try_from(end - begin).ok()?];
        // Some parts, such as those of the kernel, are for nobody to read.
        if memory.seek(SeekFrom::Start(begin)).is_ok() && memory.read_exact(&mut part).is_ok() {
            looked = true;
            if part.windows(marked.len()).any(|window| window == marked) {
                return Some(true);
            }
        }
    }
    looked.then_some(false)
}

#[cfg(target_os = "linux")]
#[test]
fn the_pin_stays_in_no_memory_of_ours() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    let process = host.child.id();
    match has_in_memory(process, b"SoftHSM project") {
        None => {
            return println!("NOT RUN: the memory of a process that is no longer dumpable is for root alone to read");
        }
        Some(found) => assert!(found, "what is there is found"),
    }
    for pin in ["marked-pin-of-nobody", PIN] {
        host.logs_in(slot, &token, pin);
        assert_eq!(has_in_memory(process, pin.as_bytes()), Some(false), "{pin}");
    }
    host.made(slot, &token, p256(), b"ec", "EC");
    assert_eq!(has_in_memory(process, PIN.as_bytes()), Some(false));
}
