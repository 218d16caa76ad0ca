//! A token host with cards that have GOST keys, are pulled out, have a pad, are locked or full, and with a library that
//! misbehaves in one function.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use pkcs11::{
    numbers::{
        ECDSA, GOSTR3410, GOSTR3410_512, GOSTR3410_512_KEY_PAIR_GEN, GOSTR3410_KEY_PAIR_GEN, KEY_GOSTR3410,
        KEY_GOSTR3410_512,
    },
    wire::{self, FaultKind, FromHost, KeyKind, PublicHalf, Reply, Request, TokenId, Tries},
};
use test_token::{Card, CardConfig, CardKey, Fault, How, Module, NewKey, Pad, Parameters, PlacedModule};
use world::{Host, P256, fault, signature};

const PIN: &str = "1234";

/// A library with one card in its first slot, and a host for it.
struct World {
    // Before the folder goes.
    host: Host,
    placed: PlacedModule,
    token: TokenId,
    _folder: tempfile::TempDir,
}

impl World {
    fn of(card: Card) -> Self {
        Self::of_module(Module::new("module"), card)
    }

    fn of_module(module: Module, card: Card) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let placed = module.card(card).place(folder.path()).unwrap();
        let mut host = Host::of(placed.driver());
        assert!(matches!(host.hears(), FromHost::Ready { .. }));
        let token = host.token("Card").1.id;
        Self { host, placed, token, _folder: folder }
    }

    fn logs_in(&mut self, pin: &str) -> Reply {
        self.host.logs_in(0, &self.token, pin)
    }

    fn signs(&mut self, key: &[u8], mechanism: u64, data: &[u8]) -> Reply {
        self.host.signs(0, &self.token, key, mechanism, data)
    }

    fn tries(&mut self) -> Tries {
        self.host.token("Card").1.tries
    }

    /// Whether a signature is one of the card's key of this CKA_ID, whose verifier knows neither host nor library.
    fn is_of(&self, key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
        let keys = self.placed.card(0).unwrap().keys().unwrap();
        let (_, public) = keys.into_iter().find(|(id, _)| id == key).unwrap();
        public.verify(digest, signature, public.signature_algorithm().unwrap()).is_ok()
    }
}

fn card() -> Card {
    Card::new("card").label("Card").pin(PIN)
}

fn key(kind: NewKey) -> CardKey {
    CardKey::generate(kind).unwrap().id(b"key").label("Key")
}

fn card_that(change: impl FnOnce(&mut CardConfig)) -> Card {
    card().key(key(NewKey::P256)).with(change)
}

#[test]
fn gost_keys_of_all_kinds_are_listed_and_sign() {
    for (kind, key_type, mechanism, length) in [
        (NewKey::Gost512, KEY_GOSTR3410_512, GOSTR3410_512, 64),
        (NewKey::Gost256, KEY_GOSTR3410, GOSTR3410, 32),
        (NewKey::Gost2004, KEY_GOSTR3410, GOSTR3410, 32),
    ] {
        let mut world = World::of(card().key(key(kind)));
        assert!(world.host.token("Card").1.mechanisms.contains(&mechanism));
        assert_eq!(world.logs_in(PIN), Reply::Done);
        let [listed] = &world.host.keys(0)[..] else { panic!("one key") };
        let Some(PublicHalf::Gost { key_type: of, parameters, value }) = &listed.public else { panic!("{listed:?}") };
        assert_eq!((*of, value.len(), parameters[0]), (key_type, 2 * length, 6));
        let digest = vec![0x5a; length];
        let signed = signature(world.signs(b"key", mechanism, &digest));
        assert!(world.is_of(b"key", &digest, &signed), "{kind:?}");
        // A digest of another length.
        assert!(matches!(world.signs(b"key", mechanism, &digest[1..]), Reply::Failed(_)));
        assert_eq!(signature(world.signs(b"key", mechanism, &digest)).len(), 2 * length);
    }
}

#[test]
fn gost_keys_are_made_by_the_numbers_of_tc26() {
    const CURVE_512: &[u8] = b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x02\x01";
    const HASH_512: &[u8] = b"\x06\x08\x2a\x85\x03\x07\x01\x01\x02\x03";
    const CURVE_256: &[u8] = b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x01\x01";
    const HASH_256: &[u8] = b"\x06\x08\x2a\x85\x03\x07\x01\x01\x02\x02";
    let mut world = World::of(card().parameters(Parameters::Russian));
    world.logs_in(PIN);
    for (id, key_type, makes, signs, curve, hash, length) in [
        (&b"512"[..], KEY_GOSTR3410_512, GOSTR3410_512_KEY_PAIR_GEN, GOSTR3410_512, CURVE_512, HASH_512, 64),
        (b"256", KEY_GOSTR3410, GOSTR3410_KEY_PAIR_GEN, GOSTR3410, CURVE_256, HASH_256, 32),
    ] {
        let (parameters, digest_parameters) = (curve.to_vec().into(), hash.to_vec().into());
        let kind = KeyKind::Gost { key_type, mechanism: makes, parameters, digest_parameters };
        let token = world.token.clone();
        let half = world.host.made(0, &token, kind, id, "Made");
        let PublicHalf::Gost { parameters, value, .. } = half else { panic!("{half:?}") };
        assert_eq!((&parameters[..], value.len()), (curve, 2 * length));
        let digest = vec![1; length];
        let signed = signature(world.signs(id, signs, &digest));
        assert!(world.is_of(id, &digest, &signed));
    }
}

#[test]
fn a_card_that_was_pulled_out_is_gone_and_comes_back_without_its_login() {
    let mut world = World::of(card().key(key(NewKey::P256)));
    world.logs_in(PIN);
    let plugged = world.placed.card(0).unwrap();
    plugged.unplug().unwrap();
    // The library tells of it, unasked.
    assert_eq!(world.host.hears(), FromHost::SlotsChanged);
    assert_eq!(world.host.slots()[0].token, None);
    assert_eq!(fault(world.signs(b"key", ECDSA, &[1; 32])).kind, FaultKind::TokenGone);
    assert_eq!(fault(world.host.asks(Request::Keys { slot: 0 })).kind, FaultKind::TokenGone);
    assert_eq!(fault(world.logs_in(PIN)).kind, FaultKind::TokenGone);
    world.placed.card(0).unwrap().plug().unwrap();
    assert_eq!(world.host.keys(0).len(), 1);
    assert_eq!(fault(world.signs(b"key", ECDSA, &[1; 32])).kind, FaultKind::NotLoggedIn);
    assert_eq!(world.logs_in(PIN), Reply::Done);
    assert!(matches!(world.signs(b"key", ECDSA, &[1; 32]), Reply::Signature(_)));
}

#[test]
fn a_card_that_is_pulled_out_while_it_signs_or_asks_for_its_pin_is_gone() {
    for function in ["C_Sign", "C_SignInit", "C_FindObjects", "C_Login", "C_GetTokenInfo"] {
        let mut world = World::of(card().key(key(NewKey::P256)));
        if function != "C_Login" {
            world.logs_in(PIN);
        }
        let unplug = Fault::new(function, How::Unplug).times(1);
        world.placed.card(0).unwrap().change(|card| card.fault = vec![unplug]).unwrap();
        let reply = if function == "C_Login" { world.logs_in(PIN) } else { world.signs(b"key", ECDSA, &[1; 32]) };
        assert_eq!(fault(reply).kind, FaultKind::TokenGone, "{function}");
        world.placed.card(0).unwrap().plug().unwrap();
        assert_eq!(world.tries(), Tries::Unsaid);
        assert_eq!(world.logs_in(PIN), Reply::Done);
        assert!(matches!(world.signs(b"key", ECDSA, &[1; 32]), Reply::Signature(_)));
    }
}

#[test]
fn a_pin_that_is_typed_at_the_reader_is_asked_for_there() {
    let mut world = World::of(card_that(|card| card.pin_pad = true));
    assert!(world.host.token("Card").1.pin_pad);
    for (pad, kind) in [(Pad::Refuse, FaultKind::RefusedAtReader), (Pad::Wrong, FaultKind::WrongPin)] {
        world.placed.card(0).unwrap().change(|card| card.pad = pad).unwrap();
        assert_eq!(fault(world.logs_in("")).kind, kind);
    }
    world.placed.card(0).unwrap().change(|card| card.pad = Pad::Right).unwrap();
    assert_eq!(world.logs_in(""), Reply::Done);
    assert!(matches!(world.signs(b"key", ECDSA, &[1; 32]), Reply::Signature(_)));
}

#[test]
fn the_flags_of_the_pin_are_told_up_to_its_lock() {
    let mut world = World::of(card().key(key(NewKey::P256)).max_tries(3));
    let told: Vec<_> = (0..3)
        .map(|_| {
            assert_eq!(fault(world.logs_in("0000")).kind, FaultKind::WrongPin);
            world.tries()
        })
        .collect();
    assert_eq!(told, [Tries::Low, Tries::Last, Tries::None]);
    assert_eq!(fault(world.logs_in(PIN)).kind, FaultKind::PinLocked);
}

#[test]
fn another_card_in_the_slot_loses_no_try_to_a_pin_that_was_not_for_it() {
    let mut world = World::of(card().key(key(NewKey::P256)).max_tries(3));
    world.placed.card(0).unwrap().change(|card| card.serial = "4711".to_owned()).unwrap();
    assert_eq!(fault(world.logs_in("0000")).kind, FaultKind::TokenGone);
    assert_eq!(world.placed.card(0).unwrap().tries_left().unwrap(), 3);
}

#[test]
fn a_key_that_wants_its_pin_each_time_gets_it_each_time() {
    let mut world = World::of(card_that(|card| card.always_authenticate = true));
    world.logs_in(PIN);
    assert!(world.host.keys(0)[0].private.as_ref().unwrap().always_authenticate);
    let sign = |world: &mut World, pin: Option<&str>| {
        let (key, data, token) = (b"key".to_vec().into(), vec![4; 32].into(), world.token.clone());
        let request = Request::Sign { slot: 0, token, key, mechanism: ECDSA, data, pin: pin.is_some() };
        world.host.asks_with(request, pin.as_slice())
    };
    assert_eq!(fault(sign(&mut world, None)).kind, FaultKind::NotLoggedIn);
    world.logs_in(PIN);
    assert_eq!(fault(sign(&mut world, Some("0000"))).kind, FaultKind::WrongPin);
    for _ in 0..2 {
        assert!(matches!(sign(&mut world, Some(PIN)), Reply::Signature(_)));
    }
}

#[test]
fn a_card_that_takes_nothing_more_says_so() {
    let p256 = || KeyKind::Ec { parameters: P256.to_vec().into() };
    for card in [card_that(|card| card.write_protected = true), card_that(|card| card.max_objects = 2)] {
        let mut world = World::of(card);
        world.logs_in(PIN);
        let token = world.token.clone();
        assert_eq!(fault(world.host.makes(0, &token, p256(), b"new", "New")).kind, FaultKind::NoRoom);
    }
    let mut world = World::of(card_that(|card| card.pin_not_set = true));
    assert!(!world.host.token("Card").1.pin_is_set);
    assert_eq!(fault(world.logs_in(PIN)).kind, FaultKind::PinNotSet);
}

/// A certificate of that name, and its subject (`CN=name`, a UTF8String).
fn certificate(name: &str) -> (Vec<u8>, Vec<u8>) {
    let mut openssl = std::process::Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9"]);
    openssl.args(["-outform", "DER", "-subj", &format!("/CN={name}"), "-keyout", "/dev/null"]);
    let made = openssl.output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let framed = |tag: u8, content: Vec<u8>| [vec![tag, content.len() as u8], content].concat();
    let named = [b"\x06\x03\x55\x04\x03".to_vec(), framed(0x0c, name.as_bytes().to_vec())].concat();
    (made.stdout, framed(0x30, framed(0x31, framed(0x30, named))))
}

#[test]
fn a_certificate_takes_the_place_of_another_only_when_it_was_read_back() {
    const CKR_DEVICE_ERROR: u64 = 0x30;
    let (former, new) = (certificate("Former"), certificate("New"));
    type Named = (Vec<u8>, Vec<u8>);
    let put = |world: &mut World, (new, subject): &Named, replaces: &[&Named]| {
        let (slot, token, id, label) = (0, world.token.clone(), b"key".to_vec().into(), "Key".to_owned());
        let (certificate, subject) = (new.clone().into(), subject.clone().into());
        let replaces = replaces.iter().map(|(der, _)| der.clone().into()).collect();
        world.host.asks(Request::PutCertificate { slot, token, id, label, certificate, subject, replaces })
    };
    let holds = |world: &mut World, (certificate, _): &Named| {
        world.host.keys(0).into_iter().any(|key| key.certificate.is_some_and(|held| *held == *certificate))
    };
    // A private key, a public key, a certificate: a fourth object has no room.
    let mut full = World::of(card_that(|card| card.max_objects = 3));
    full.logs_in(PIN);
    assert_eq!(put(&mut full, &former, &[]), Reply::Done);
    assert_eq!(fault(put(&mut full, &new, &[&former])).kind, FaultKind::NoRoom);
    assert!(holds(&mut full, &former) && !holds(&mut full, &new));

    let mut world = World::of(card().key(key(NewKey::P256)));
    world.logs_in(PIN);
    assert_eq!(put(&mut world, &former, &[]), Reply::Done);
    // The write fails, or what was written cannot be found or read: the second look is the one behind the write.
    for (function, how, after) in [
        ("C_CreateObject", How::Error { code: CKR_DEVICE_ERROR }, 0),
        ("C_FindObjectsInit", How::Error { code: CKR_DEVICE_ERROR }, 1),
        ("C_FindObjects", How::Garbage, 2),
    ] {
        let unsure = certificate(function);
        world.placed.set_faults(&[Fault { after, ..Fault::new(function, how) }]).unwrap();
        fault(put(&mut world, &unsure, &[&former]));
        world.placed.set_faults(&[]).unwrap();
        assert!(holds(&mut world, &former), "{function}");
    }
    // The removal fails: the key has its new one nevertheless, and the next time the former one goes.
    world.placed.set_faults(&[Fault::new("C_DestroyObject", How::Error { code: CKR_DEVICE_ERROR })]).unwrap();
    assert_eq!(put(&mut world, &new, &[&former]), Reply::Done);
    world.placed.set_faults(&[]).unwrap();
    assert!(holds(&mut world, &former) && holds(&mut world, &new));
    assert_eq!(put(&mut world, &new, &[&former]), Reply::Done);
    assert!(!holds(&mut world, &former) && holds(&mut world, &new));
}

#[test]
fn a_library_that_rambles_in_every_function_is_understood() {
    let module = Module::new("noisy").fault(Fault::new("*", How::Noise { lines: 3 }));
    let mut world = World::of_module(module, card().key(key(NewKey::Gost512)));
    assert_eq!(world.logs_in(PIN), Reply::Done);
    assert_eq!(signature(world.signs(b"key", GOSTR3410_512, &[1; 64])).len(), 128);
}

#[test]
fn a_library_without_slot_events_is_served_without() {
    let module = Module::new("silent").with(|module| module.slot_events = false);
    let mut world = World::of_module(module, card().key(key(NewKey::P256)));
    world.placed.card(0).unwrap().unplug().unwrap();
    assert_eq!(world.host.slots()[0].token, None);
}

#[test]
fn whatever_a_function_gives_is_answered_with_words_of_ours() {
    for how in [How::Garbage, How::Absurd] {
        for function in [
            "C_GetSlotList",
            "C_GetSlotInfo",
            "C_GetTokenInfo",
            "C_GetMechanismList",
            "C_OpenSession",
            "C_GetSessionInfo",
            "C_FindObjectsInit",
            "C_FindObjects",
            "C_FindObjectsFinal",
            "C_GetAttributeValue",
            "C_SignInit",
            "C_Sign",
            "C_GenerateKeyPair",
            "C_CreateObject",
            "C_Logout",
        ] {
            let mut world = World::of(card().key(key(NewKey::P256)));
            world.logs_in(PIN);
            world.placed.set_faults(&[Fault::new(function, how.clone())]).unwrap();
            let (slot, token) = (0, world.token.clone());
            let octets = || b"new".to_vec().into();
            let (id, label) = (octets(), String::new());
            // Each of them is answered, or `asks` fails.
            world.host.asks(Request::Slots);
            world.host.asks(Request::Keys { slot });
            world.signs(b"key", ECDSA, &[1; 32]);
            world.host.makes(slot, &token, KeyKind::Ec { parameters: P256.to_vec().into() }, b"made", "");
            let (certificate, subject) = (octets(), octets());
            let put = Request::PutCertificate { slot, token, id, label, certificate, subject, replaces: Vec::new() };
            world.host.asks(put);
            world.host.asks(Request::LogOut { slot });
            world.placed.set_faults(&[]).unwrap();
            assert!(matches!(world.host.asks(Request::Slots), Reply::Slots(_)), "{function} {how:?}");
            assert_eq!(world.logs_in(PIN), Reply::Done, "{function} {how:?}");
            assert!(matches!(world.signs(b"key", ECDSA, &[1; 32]), Reply::Signature(_)), "{function} {how:?}");
        }
    }
}

#[test]
fn a_library_that_aborts_ends_its_host_and_nothing_is_said() {
    let mut world = World::of(card().key(key(NewKey::P256)));
    world.logs_in(PIN);
    world.placed.set_faults(&[Fault::new("C_Sign", How::Abort)]).unwrap();
    let (key, data) = (b"key".to_vec().into(), vec![1; 32].into());
    let request = Request::Sign { slot: 0, token: world.token.clone(), key, mechanism: ECDSA, data, pin: false };
    wire::write(&wire::Asked { number: 99, request }, world.host.to.as_mut().unwrap()).unwrap();
    assert!(world.host.is_silent());
}
