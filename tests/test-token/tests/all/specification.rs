//! The command-line program, as tests in other languages use it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cryptoki_sys::*;
use keystore::Password;
use serde_json::{Value, json};
use test_nca::TestNca;

use crate::{
    raw::{Raw, ulong},
    world::{READ, folder, now},
};

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tanba-test-token")).args(arguments).output().unwrap()
}

#[test]
fn libraries_and_cards_come_out_of_a_file() {
    let folder = folder();
    let person = TestNca::new(now()).unwrap().person().unwrap();
    let password = Password::new("Qwerty12".to_owned()).unwrap();
    fs::write(folder.path().join("key.p12"), &*person.key_file(&password).unwrap()).unwrap();
    fs::write(folder.path().join("password"), "Qwerty12\n").unwrap();
    fs::write(folder.path().join("certificate.pem"), person.certificate.to_pem()).unwrap();
    let spec = json!({ "modules": [
        {
            "name": "one",
            "description": "First",
            "cards": [
                {
                    "name": "card-a",
                    "token": { "label": "A", "pin": "1111", "byte_order": "sr_be" },
                    "keys": [
                        { "p12": "key.p12", "password_file": "password", "label": "signing" },
                        { "kind": "p256", "id": "0102", "public_object": false },
                    ],
                },
                { "name": "card-b", "certificates": ["certificate.pem"] },
            ],
            "faults": [{ "in": "C_Login", "how": "error", "code": CKR_PIN_EXPIRED, "times": 1 }],
        },
        { "name": "two", "slot_events": false, "empty_readers": 2 },
    ] });
    let path = folder.path().join("spec.json");
    fs::write(&path, spec.to_string()).unwrap();
    let out = folder.path().join("out");
    let made = program(&["make", "--dir", out.to_str().unwrap(), "--spec", path.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();

    let raw = Raw::ready(Path::new(made["modules"][0]["library"].as_str().unwrap()));
    assert_eq!(raw.slots(true, None).1, 2);
    assert!(raw.token_info(0).unwrap().label.starts_with(b"A "));
    let session = raw.open(0, READ).unwrap();
    assert_eq!(raw.login(session, CKU_USER, Some("1111")), Err(CKR_PIN_EXPIRED));
    raw.login(session, CKU_USER, Some("1111")).unwrap();
    let keys = &made["modules"][0]["cards"][0]["keys"];
    assert_eq!((&keys[0]["label"], &keys[1]["id"]), (&json!("signing"), &json!("0102")));
    let key_of = |id: &[u8]| raw.find(session, &[(CKA_ID, id), (CKA_CLASS, &ulong(CKO_PRIVATE_KEY))]).len();
    assert_eq!(key_of(&[1, 2]), 1);
    let certificate = raw.find(session, &[(CKA_CLASS, &ulong(CKO_CERTIFICATE))])[0];
    assert_eq!(raw.attribute(session, certificate, CKA_VALUE).unwrap(), person.certificate.der());
    let id = raw.attribute(session, certificate, CKA_ID).unwrap();
    assert_eq!(key_of(&id), 1, "the key file's key has its certificate beside it");

    let other = Raw::ready(Path::new(made["modules"][1]["library"].as_str().unwrap()));
    assert_eq!(other.slots(false, None).1, 2);
    assert_eq!(other.slots(true, None).1, 0);

    let card = made["modules"][0]["cards"][1]["folder"].as_str().unwrap();
    assert!(program(&["unplug", card]).status.success());
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(1));
    assert!(!program(&["unplug", card]).status.success(), "it is out");
    assert!(program(&["plug", card]).status.success());
    assert_eq!(raw.wait(CKF_DONT_BLOCK), Ok(1));
}

#[test]
fn a_wrong_specification_is_refused_in_words() {
    let folder = folder();
    let path = folder.path().join("spec.json");
    for (spec, word) in [
        (json!({ "modules": [{ "name": "one", "slots": 2 }] }), "slots"),
        (json!({ "modules": [{ "name": "one", "cards": [{ "name": "a", "keys": [{}] }] }] }), "kind"),
        (json!({ "modules": [{ "name": "one", "cards": [{ "name": "a", "token": { "colour": 1 } }] }] }), "colour"),
    ] {
        fs::write(&path, spec.to_string()).unwrap();
        let refused = program(&["make", "--dir", folder.path().to_str().unwrap(), "--spec", path.to_str().unwrap()]);
        assert!(!refused.status.success());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(word), "{said}");
    }
}
