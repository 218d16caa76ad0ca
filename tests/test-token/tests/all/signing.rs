//! Keys and signatures, in every order of octets.

use base64::Engine as _;
use cryptoki_sys::*;
use nca_material::Oracle;
use pki::{DigestAlgorithm, ObjectIdentifier, PublicKey, SignatureAlgorithm, oid, tlv};
use tanba_test_token::{ByteOrder, Card, CardKey, NewKey, Parameters, PointOrder};

use crate::{
    raw::{Raw, ulong},
    world::{CKK_GOSTR3410_512, CKM_GOSTR3410_512, PIN, READ, certified, folder, logged_in, placed},
};

const GOST: [(NewKey, CK_MECHANISM_TYPE, DigestAlgorithm, SignatureAlgorithm); 3] = [
    (NewKey::Gost512, CKM_GOSTR3410_512, DigestAlgorithm::Streebog512, SignatureAlgorithm::Gost512),
    (NewKey::Gost256, CKM_GOSTR3410, DigestAlgorithm::Streebog256, SignatureAlgorithm::Gost256),
    (NewKey::Gost2004, CKM_GOSTR3410, DigestAlgorithm::Gost34311, SignatureAlgorithm::Gost2004),
];

fn reversed(octets: &[u8]) -> Vec<u8> {
    octets.iter().rev().copied().collect()
}

/// Undoes an order, written anew: what the library does must come out of it as `r_LE ‖ s_LE`.
fn to_nca(signature: &[u8], order: ByteOrder) -> Vec<u8> {
    let (first, second) = signature.split_at(signature.len() / 2);
    match order {
        ByteOrder::RsLe => signature.to_vec(),
        ByteOrder::SrLe => [second, first].concat(),
        ByteOrder::RsBe => [reversed(first), reversed(second)].concat(),
        ByteOrder::SrBe => [reversed(second), reversed(first)].concat(),
    }
}

#[test]
fn gost_signatures_come_out_in_the_order_that_the_card_is_told() {
    for (kind, mechanism, digest, algorithm) in GOST {
        for order in [ByteOrder::RsLe, ByteOrder::RsBe, ByteOrder::SrLe, ByteOrder::SrBe] {
            let (folder, key) = (folder(), CardKey::generate(kind).unwrap());
            let module = placed(&folder, Card::new("card").byte_order(order).key(key.clone()));
            let (raw, session, handle) = logged_in(module.driver());
            let digest = digest.digest("Құжат".as_bytes());
            let signature = raw.sign(session, mechanism, handle, &digest).unwrap();
            let verified = |signature: &[u8]| key.public_key().verify(&digest, signature, algorithm).is_ok();
            assert!(verified(&to_nca(&signature, order)), "{kind:?} {order:?}");
            assert_eq!(verified(&signature), order == ByteOrder::RsLe, "{kind:?} {order:?}");
        }
    }
}

#[test]
fn a_card_that_wants_the_digest_reversed_signs_the_reversed_one() {
    let (folder, key) = (folder(), CardKey::generate(NewKey::Gost512).unwrap());
    let module = placed(&folder, Card::new("card").with(|card| card.digest_reversed = true).key(key.clone()));
    let (raw, session, handle) = logged_in(module.driver());
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let verify = |signature: &[u8]| key.public_key().verify(&digest, signature, SignatureAlgorithm::Gost512);
    let signature = raw.sign(session, CKM_GOSTR3410_512, handle, &digest).unwrap();
    assert!(verify(&signature).is_err());
    let signature = raw.sign(session, CKM_GOSTR3410_512, handle, &reversed(&digest)).unwrap();
    assert!(verify(&signature).is_ok());
}

#[test]
fn the_independent_verifier_accepts_what_the_card_signs() {
    let Some(oracle) = Oracle::find() else { return };
    for (kind, mechanism, digest, _) in GOST.into_iter().filter(|(kind, ..)| *kind != NewKey::Gost256) {
        let (folder, (key, certificate)) = (folder(), certified(kind));
        // RFC 4491's order: the whole signature backwards.
        let module = placed(&folder, Card::new("card").byte_order(ByteOrder::SrBe).key(key));
        let (raw, session, handle) = logged_in(module.driver());
        let signature = raw.sign(session, mechanism, handle, &digest.digest(b"document")).unwrap();
        let base64 = base64::engine::general_purpose::STANDARD.encode(reversed(&signature));
        let certificate = oracle.write("certificate.cer", certificate.der());
        let document = oracle.write("document", b"document");
        let arguments = ["raw", "--no-validity", "--signature", &base64].map(Into::into);
        let files = ["--cert".into(), certificate.into_os_string(), "--data".into(), document.into_os_string()];
        let (code, report) = oracle.run(arguments.into_iter().chain(files).collect::<Vec<std::ffi::OsString>>());
        assert_eq!(code, 0, "{kind:?}: {report}");
    }
}

#[test]
fn rsa_and_ec_sign_what_the_standard_says() {
    for (kind, mechanism, algorithm) in [
        (NewKey::Rsa2048, CKM_RSA_PKCS, SignatureAlgorithm::RsaSha256),
        (NewKey::Rsa2048, CKM_SHA256_RSA_PKCS, SignatureAlgorithm::RsaSha256),
        (NewKey::P256, CKM_ECDSA, SignatureAlgorithm::EcdsaSha256),
        (NewKey::P384, CKM_ECDSA, SignatureAlgorithm::EcdsaSha384),
    ] {
        let (folder, key) = (folder(), CardKey::generate(kind).unwrap());
        let module = placed(&folder, Card::new("card").key(key.clone()));
        let (raw, session, handle) = logged_in(module.driver());
        let digest = algorithm.digest_algorithm().unwrap();
        let hashed = digest.digest(b"document");
        let digest_info = tlv::element(
            tlv::SEQUENCE,
            &[&tlv::algorithm_null(&digest.oid()), &tlv::element(tlv::OCTET_STRING, &[&hashed])],
        );
        let input = match mechanism {
            CKM_RSA_PKCS => digest_info.as_slice(),
            CKM_ECDSA => &hashed,
            _ => b"document",
        };
        let mut signature = raw.sign(session, mechanism, handle, input).unwrap();
        if mechanism == CKM_ECDSA {
            let (r, s) = signature.split_at(signature.len() / 2);
            signature = tlv::element(tlv::SEQUENCE, &[&integer(r), &integer(s)]);
        }
        key.public_key().verify(&hashed, &signature, algorithm).unwrap();
    }
}

fn integer(digits: &[u8]) -> Vec<u8> {
    let start = digits.iter().position(|digit| *digit != 0).unwrap();
    let sign: &[u8] = if digits[start] & 0x80 != 0 { &[0] } else { &[] };
    tlv::element(tlv::INTEGER, &[sign, &digits[start..]])
}

#[test]
fn a_public_key_is_written_and_named_as_the_card_is_told() {
    let key = CardKey::generate(NewKey::Gost512).unwrap();
    let PublicKey::Gost512(public) = key.public_key() else { panic!("a GOST key") };
    let octets = public.to_le_bytes();
    let (x, y) = (octets[..64].to_vec(), octets[64..].to_vec());
    for (order, value) in [
        (PointOrder::XyLe, [x.clone(), y.clone()].concat()),
        (PointOrder::XyBe, [reversed(&x), reversed(&y)].concat()),
        (PointOrder::YxBe, [reversed(&y), reversed(&x)].concat()),
    ] {
        for (naming, parameters) in [(Parameters::Kazakh, oid::GOST512_SET_A), (Parameters::Russian, russian())] {
            let folder = folder();
            let card = Card::new("card").parameters(naming).key(key.clone());
            let module = placed(&folder, card.with(|card| card.point_order = order));
            let raw = Raw::ready(module.driver());
            // Public keys show without the PIN.
            let session = raw.open(0, READ).unwrap();
            let [public] = raw.find(session, &[(CKA_CLASS, &ulong(CKO_PUBLIC_KEY))])[..] else { panic!("one") };
            assert_eq!(raw.attribute(session, public, CKA_KEY_TYPE).unwrap(), ulong(CKK_GOSTR3410_512));
            assert_eq!(raw.attribute(session, public, CKA_VALUE).unwrap(), value);
            assert_eq!(raw.attribute(session, public, CKA_GOSTR3410_PARAMS).unwrap(), tlv::oid(&parameters));
        }
    }
}

/// id-tc26-gost-3410-12-512-paramSetA.
fn russian() -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.2.1")
}

#[test]
fn keys_that_are_made_stay_and_take_a_certificate_and_go() {
    let folder = folder();
    let module = placed(&folder, Card::new("card"));
    let raw = Raw::ready(module.driver());
    let session = raw.open(0, crate::world::WRITE).unwrap();
    let yes = [1];
    let parameters = tlv::oid(&oid::GOST512_SET_A);
    let public = [
        (CKA_TOKEN, &yes[..]),
        (CKA_ID, b"1"),
        (CKA_LABEL, "Кілт".as_bytes()),
        (CKA_GOSTR3410_PARAMS, &parameters),
        (CKA_GOSTR3411_PARAMS, &tlv::oid(&oid::STREEBOG512)),
    ];
    let private = [(CKA_TOKEN, &yes[..]), (CKA_PRIVATE, &yes[..]), (CKA_ID, b"1"), (CKA_SIGN, &yes[..])];
    let make = || raw.generate(session, 0xD432_1005, &public, &private);
    assert_eq!(make(), Err(CKR_USER_NOT_LOGGED_IN));
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    make().unwrap();
    assert_eq!(raw.generate(session, 0xD432_1005, &public[..3], &private), Err(CKR_TEMPLATE_INCOMPLETE));
    let of_256 = [(CKA_TOKEN, &yes[..]), (CKA_GOSTR3410_PARAMS, &tlv::oid(&oid::GOST256_SET_A))];
    assert_eq!(raw.generate(session, 0xD432_1005, &of_256, &private), Err(CKR_ATTRIBUTE_VALUE_INVALID));

    // The card's own memory: the library forgets everything in between.
    raw.finalize().unwrap();
    let (raw, session, key) = logged_in(module.driver());
    assert_eq!(raw.attribute(session, key, CKA_LOCAL).unwrap(), yes);
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let signature = raw.sign(session, CKM_GOSTR3410_512, key, &digest).unwrap();
    let [(id, public_key)] = &module.card(0).unwrap().keys().unwrap()[..] else { panic!("one key") };
    assert_eq!(id, b"1");
    public_key.verify(&digest, &signature, SignatureAlgorithm::Gost512).unwrap();

    let certificate = certified(NewKey::Gost512).1;
    let class = ulong(CKO_CERTIFICATE);
    let mut template = vec![
        (CKA_CLASS, &class[..]),
        (CKA_TOKEN, &yes[..]),
        (CKA_CERTIFICATE_TYPE, &[0; 8][..]),
        (CKA_ID, b"1"),
        (CKA_VALUE, certificate.der()),
    ];
    assert_eq!(raw.create(session, &template), Err(CKR_TEMPLATE_INCOMPLETE));
    template.push((CKA_SUBJECT, certificate.subject().der()));
    let written = raw.create(session, &template).unwrap();
    assert_eq!(raw.attribute(session, written, CKA_VALUE).unwrap(), certificate.der());
    assert_eq!(module.card(0).unwrap().certificates().unwrap(), [(b"1".to_vec(), certificate.clone())]);

    raw.set_attribute(session, written, (CKA_LABEL, b"new")).unwrap();
    assert_eq!(raw.attribute(session, written, CKA_LABEL).unwrap(), b"new");
    assert_eq!(raw.set_attribute(session, written, (CKA_VALUE, b"")), Err(CKR_ATTRIBUTE_READ_ONLY));
    for object in raw.find(session, &[(CKA_ID, b"1")]) {
        raw.destroy(session, object).unwrap();
    }
    assert!(module.card(0).unwrap().keys().unwrap().is_empty());
    assert!(module.card(0).unwrap().certificates().unwrap().is_empty());
    assert_eq!(raw.attribute(session, written, CKA_LABEL), Err(CKR_OBJECT_HANDLE_INVALID));
}

#[test]
fn gost_keys_of_each_kind_are_made_by_the_names_that_the_card_knows() {
    let kazakh = [oid::GOST512_SET_A, oid::GOST256_SET_A, oid::GOST2004_SET_A];
    let russian = [russian(), id("1.2.643.7.1.2.1.1.1"), id("1.2.643.2.2.35.1")];
    for (naming, known, foreign) in [(Parameters::Kazakh, kazakh, russian), (Parameters::Russian, russian, kazakh)] {
        let folder = folder();
        let module = placed(&folder, crate::world::card("card").parameters(naming));
        let (raw, session, _) = logged_in(module.driver());
        let making = [0xD432_1005, CKM_GOSTR3410_KEY_PAIR_GEN, CKM_GOSTR3410_KEY_PAIR_GEN];
        for (((_, mechanism, digest, algorithm), making), (known, foreign)) in
            GOST.into_iter().zip(making).zip(known.into_iter().zip(foreign))
        {
            let make = |parameters| {
                let public = [(CKA_TOKEN, &[1][..]), (CKA_GOSTR3410_PARAMS, &tlv::oid(&parameters))];
                raw.generate(session, making, &public, &[(CKA_TOKEN, &[1])])
            };
            assert_eq!(make(foreign), Err(CKR_ATTRIBUTE_VALUE_INVALID));
            let (public, private) = make(known).unwrap();
            assert_eq!(raw.attribute(session, public, CKA_GOSTR3410_PARAMS).unwrap(), tlv::oid(&known));
            let spki = raw.attribute(session, private, CKA_PUBLIC_KEY_INFO).unwrap();
            let digest = digest.digest(b"document");
            let signature = raw.sign(session, mechanism, private, &digest).unwrap();
            PublicKey::from_spki_der(&spki).unwrap().verify(&digest, &signature, algorithm).unwrap();
        }
    }
}

fn id(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

#[test]
fn a_full_card_takes_nothing_more() {
    let folder = folder();
    let module = placed(&folder, crate::world::card("card").with(|card| card.max_objects = 3));
    let (raw, session, _) = logged_in(module.driver());
    let parameters = tlv::oid(&oid::P256);
    let public = [(CKA_TOKEN, &[1][..]), (CKA_EC_PARAMS, &parameters)];
    let made = raw.generate(session, CKM_EC_KEY_PAIR_GEN, &public, &[(CKA_TOKEN, &[1])]);
    assert_eq!(made, Err(CKR_DEVICE_MEMORY));
    assert_eq!(raw.find(session, &[]).len(), 2);
}

#[test]
fn the_safe_crate_reads_the_card_and_signs_with_it() {
    use cryptoki::{
        context::{CInitializeArgs, CInitializeFlags, Pkcs11},
        mechanism::{Mechanism, MechanismType, vendor_defined::VendorDefinedMechanism},
        object::{Attribute, ObjectClass},
        session::UserType,
        types::AuthPin,
    };
    let (folder, (key, certificate)) = (folder(), certified(NewKey::Gost512));
    let module = placed(&folder, Card::new("card").key(key.clone()));
    let library = Pkcs11::new(module.driver()).unwrap();
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slot = library.get_slots_with_token().unwrap()[0];
    assert_eq!(library.get_token_info(slot).unwrap().label(), "card");
    let session = library.open_ro_session(slot).unwrap();
    assert_eq!(session.find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)]).unwrap().len(), 1);
    session.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
    let found = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).unwrap();
    let kind = MechanismType::new_vendor_defined(CKM_GOSTR3410_512).unwrap();
    let mechanism = Mechanism::VendorDefined(VendorDefinedMechanism::new::<()>(kind, None));
    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let signature = session.sign(&mechanism, found[0], &digest).unwrap();
    certificate.public_key().verify(&digest, &signature, SignatureAlgorithm::Gost512).unwrap();
}
