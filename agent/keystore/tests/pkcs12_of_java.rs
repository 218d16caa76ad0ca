//! PKCS#12 as Java's keytool writes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;

use tanba_keystore::{OpenError, Password, Skipped, pkcs12};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// Runs keytool; what it says on failure is the failure.
fn keytool(arguments: &[&str]) -> Option<()> {
    let output = nca_material::keytool(arguments)?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    Some(())
}

fn generate(store: &str, text: &str, alias: &str, options: &[&str]) -> Option<()> {
    let name = format!("CN={alias}");
    let command = ["-genkeypair", "-storetype", "PKCS12", "-keystore", store, "-storepass", text];
    let subject = ["-alias", alias, "-dname", &name];
    keytool(&[&command[..], &subject, options].concat())
}

const EC: [&str; 4] = ["-keyalg", "EC", "-groupname", "secp256r1"];
const RSA: [&str; 4] = ["-keyalg", "RSA", "-keysize", "2048"];

#[test]
fn every_protection_that_java_offers_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let protections = [
        // Cipher for keys and certificates, and the MAC.
        ("PBEWithSHA1AndDESede", "HmacPBESHA1"),
        ("PBEWithSHA1AndRC2_40", "HmacPBESHA224"),
        ("PBEWithSHA1AndRC2_128", "HmacPBESHA256"),
        ("PBEWithHmacSHA1AndAES_128", "HmacPBESHA384"),
        ("PBEWithHmacSHA224AndAES_256", "HmacPBESHA512"),
        ("PBEWithHmacSHA256AndAES_128", "HmacPBESHA256"),
        ("PBEWithHmacSHA384AndAES_256", "HmacPBESHA256"),
        ("PBEWithHmacSHA512AndAES_256", "NONE"),
    ];
    for (number, (cipher, mac)) in protections.into_iter().enumerate() {
        let store = folder.path().join(format!("{number}.p12"));
        let with = |name: &str, value: &str| format!("-J-Dkeystore.pkcs12.{name}={value}");
        let means = [
            with("keyProtectionAlgorithm", cipher),
            with("certProtectionAlgorithm", cipher),
            with("macAlgorithm", mac),
        ];
        let options: Vec<&str> = EC.into_iter().chain(means.iter().map(String::as_str)).collect();
        if generate(store.to_str().unwrap(), "Qwerty12", "кілт", &options).is_none() {
            return;
        }
        let bytes = fs::read(&store).unwrap();
        let contents = pkcs12::open(&bytes, &password("Qwerty12")).unwrap_or_else(|error| panic!("{cipher}: {error}"));
        let entry = &contents.entries[0];
        assert_eq!((contents.entries.len(), entry.alias.as_str()), (1, "кілт"));
        assert_eq!(entry.certificate.as_ref().unwrap().subject().common_name(), Some("кілт"));
        assert_eq!(pkcs12::open(&bytes, &password("qwerty12")).unwrap_err(), OpenError::WrongPassword, "{cipher}");
    }
}

#[test]
fn a_store_with_several_keys_a_secret_and_an_authority_is_sorted_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (store, other, certificate) = (at("several.p12"), at("other.p12"), at("other.cer"));
    let options = [&EC[..], &RSA, &EC];
    for (alias, options) in ["first", "second", "third"].into_iter().zip(options) {
        if generate(&store, "Qwerty12", alias, options).is_none() {
            return;
        }
    }
    generate(&other, "Qwerty12", "authority", &EC).unwrap();
    let access = ["-keystore", &store, "-storepass", "Qwerty12"];
    let export = ["-exportcert", "-keystore", &other, "-storepass", "Qwerty12", "-alias", "authority", "-file"];
    keytool(&[&export[..], &[&certificate]].concat()).unwrap();
    let import = ["-importcert", "-noprompt", "-alias", "authority", "-file", &certificate];
    keytool(&[&import[..], &access].concat()).unwrap();
    keytool(&[&["-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "128"][..], &access].concat()).unwrap();

    let contents = pkcs12::open(&fs::read(&store).unwrap(), &password("Qwerty12")).unwrap();
    let mut found: Vec<_> = contents
        .entries
        .iter()
        .map(|entry| {
            let own = entry.certificate.as_ref().unwrap();
            assert_eq!(own.subject().common_name(), Some(entry.alias.as_str()));
            (entry.alias.as_str(), entry.key.algorithm_name())
        })
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("first", "EC"), ("second", "RSA"), ("third", "EC")]);
    assert_eq!(contents.certificates.len(), 1);
    assert_eq!(contents.certificates[0].subject().common_name(), Some("authority"));
    assert_eq!(contents.skipped, [Skipped::Secret]);
}

#[test]
fn a_long_password_and_an_alias_of_any_letters_are_read() {
    // Java 17 takes no other passwords than ASCII for PKCS#12.
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("long.p12");
    let (text, alias) = ("aB3 ".repeat(25), "менің кілтім 𝄞");
    if generate(store.to_str().unwrap(), &text, alias, &EC).is_none() {
        return;
    }
    let contents = pkcs12::open(&fs::read(&store).unwrap(), &password(&text)).unwrap();
    assert_eq!(contents.entries[0].alias, alias);
    assert!(contents.entries[0].certificate.is_some());
}
