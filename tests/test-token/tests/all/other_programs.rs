//! The card in the hands of OpenSC's pkcs11-tool, and its signatures in those of OpenSSL.

use std::{
    path::Path,
    process::{Command, Output},
};

use tanba_test_token::{Card, CardKey, NewKey};

use crate::world::{folder, placed};

/// Runs pkcs11-tool; `None`, after saying so, where it is not installed.
fn tool(library: &Path, arguments: &[&str]) -> Option<Output> {
    match Command::new("pkcs11-tool").arg("--module").arg(library).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("NOT RUN: pkcs11-tool (package opensc) is not here");
            None
        }
        Err(error) => panic!("pkcs11-tool does not start: {error}"),
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn pkcs11_tool_lists_the_card_and_its_keys() {
    let folder = folder();
    let card = Card::new("card").label("Карта").made_by("Tanba", "Two").serial("42").pin("4321");
    let key = |kind| CardKey::generate(kind).unwrap();
    let card = card.key(key(NewKey::Rsa2048).label("rsa")).key(key(NewKey::P256)).key(key(NewKey::Gost512));
    let module = placed(&folder, card);
    let Some(listed) = tool(module.driver(), &["-L"]) else { return };
    for part in ["Карта", "Tanba", "Two", "42", "login required", "PIN initialized", "library reader 0"] {
        assert!(said(&listed).contains(part), "{part}: {}", said(&listed));
    }
    let without_pin = said(&tool(module.driver(), &["-O"]).unwrap());
    assert_eq!(without_pin.matches("Public Key Object").count(), 3);
    assert!(!without_pin.contains("Private Key Object"));
    let with_pin = said(&tool(module.driver(), &["-O", "--login", "--pin", "4321"]).unwrap());
    assert_eq!(with_pin.matches("Private Key Object").count(), 3, "{with_pin}");
    assert_eq!(with_pin.matches("sensitive, always sensitive, never extractable").count(), 3);
}

#[test]
fn openssl_verifies_what_pkcs11_tool_had_signed() {
    for (kind, mechanism) in [(NewKey::Rsa2048, "SHA256-RSA-PKCS"), (NewKey::P256, "ECDSA"), (NewKey::P384, "ECDSA")] {
        let (folder, key) = (folder(), CardKey::generate(kind).unwrap());
        let module = placed(&folder, Card::new("card").key(key.clone().id(&[7])));
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(file("document"), "document").unwrap();
        std::fs::write(file("public.der"), key.public_key().to_spki_der().unwrap()).unwrap();
        let hash = if kind == NewKey::P384 { "-sha384" } else { "-sha256" };
        // What CKM_ECDSA signs is a digest.
        let arguments = ["dgst", hash, "-binary", "-out", &file("digest"), &file("document")];
        let Some(hashed) = nca_material::openssl(arguments) else { return };
        assert!(hashed.status.success());
        let input = if mechanism == "ECDSA" { file("digest") } else { file("document") };
        let arguments = [
            &["--login", "--pin", "12345678", "--sign", "--id", "07", "-m", mechanism][..],
            &["-i", &input, "-o", &file("signature"), "--signature-format", "openssl"],
        ];
        let Some(signed) = tool(module.driver(), &arguments.concat()) else { return };
        assert!(signed.status.success(), "{kind:?}: {}", said(&signed));
        let (public, signature, document) = (file("public.der"), file("signature"), file("document"));
        let key = ["-verify", &public, "-keyform", "DER"].map(String::from);
        let arguments = ["dgst", hash, "-signature", &signature].map(String::from).into_iter().chain(key);
        let verified = nca_material::openssl(arguments.chain([document])).unwrap();
        assert!(verified.status.success(), "{kind:?}: {}", said(&verified));
    }
}

#[test]
fn pkcs11_tool_makes_and_removes_a_key() {
    let folder = folder();
    let module = placed(&folder, Card::new("card"));
    let login = |arguments: &[&str]| tool(module.driver(), &[&["--login", "--pin", "12345678"], arguments].concat());
    for kind in ["EC:prime256v1", "rsa:2048"] {
        let Some(made) = login(&["--keypairgen", "--key-type", kind, "--id", "0a", "--label", "made"]) else { return };
        assert!(made.status.success(), "{}", said(&made));
        let keys = module.card(0).unwrap().keys().unwrap();
        assert_eq!(keys.iter().map(|(id, _)| id.as_slice()).collect::<Vec<_>>(), [[10]]);
        for class in ["privkey", "pubkey"] {
            let removed = login(&["--delete-object", "--type", class, "--id", "0a"]).unwrap();
            assert!(removed.status.success(), "{}", said(&removed));
        }
        assert!(module.card(0).unwrap().keys().unwrap().is_empty());
    }
}

#[test]
fn pkcs11_tool_writes_a_certificate() {
    let folder = folder();
    let module = placed(&folder, Card::new("card"));
    let certificate = crate::world::certified(NewKey::Rsa2048).1;
    let path = folder.path().join("certificate.der");
    std::fs::write(&path, certificate.der()).unwrap();
    let arguments =
        ["--login", "--pin", "12345678", "--write-object", path.to_str().unwrap(), "--type", "cert", "--id", "0b"];
    let Some(written) = tool(module.driver(), &arguments) else { return };
    assert!(written.status.success(), "{}", said(&written));
    assert_eq!(module.card(0).unwrap().certificates().unwrap(), [(vec![11], certificate)]);
}

#[test]
fn wrong_pins_of_pkcs11_tool_lock_the_card() {
    let folder = folder();
    let module = placed(&folder, Card::new("card").max_tries(2));
    let login = |pin| tool(module.driver(), &["-O", "--login", "--pin", pin]).map(|output| said(&output));
    let Some(first) = login("00000000") else { return };
    assert!(first.contains("CKR_PIN_INCORRECT"), "{first}");
    assert!(said(&tool(module.driver(), &["-L"]).unwrap()).contains("final user PIN try"));
    assert!(login("11111111").unwrap().contains("CKR_PIN_INCORRECT"));
    assert!(said(&tool(module.driver(), &["-L"]).unwrap()).contains("user PIN locked"));
    assert!(login("12345678").unwrap().contains("CKR_PIN_LOCKED"));
}
